package decode

import (
	"strings"
	"testing"

	"kawat/internal/wire"
)

func TestLanguage(t *testing.T) {
	const english = "The health minister said the new hospital would open in March. Building work had been delayed because of a lack of money, but it is now almost finished, he told reporters."
	const dutch = "De minister van Volksgezondheid zei dat het nieuwe ziekenhuis in maart opengaat. De bouw liep vertraging op door geldgebrek, maar is nu bijna klaar."
	for _, tt := range []struct {
		name, stated, profile, text, want, rule string
	}{
		{"stated", "en-GB", "", english, "en-GB", ""},
		{"stated wrongly", "id", "", english, "id", "clash:language"},
		{"by the profile", "", "en", english, "en", "profile:desk"},
		{"by the profile, wrongly", "", "id", english, "id", "profile:desk clash:language"},
		{"by its words", "", "", english, "en", "inferred:frequent-words"},
		{"by its words, in a language without labels", "", "", dutch, "nl", "inferred:frequent-words"},
		{"undetermined is not stated", "und", "", dutch, "nl", "inferred:frequent-words"},
		{"nothing tells", "", "", "1234 5678", "und", ""},
		{"a language nobody here knows", "jv", "", english, "jv", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &wire.Profile{Name: "desk", Language: tt.profile}
			data := strings.Replace(nitfCopy, "The ferry was early.", tt.text, 1)
			data = strings.Replace(data, "<nitf>", `<nitf xml:lang="`+tt.stated+`">`, 1)
			s := only(t, &wire.Copy{Data: []byte(data), Profile: p})
			if got := strings.Join(rules(s, "language"), " "); s.Language != tt.want || got != tt.rule {
				t.Errorf("%s, evidence %q", s.Language, got)
			}
		})
	}
}
