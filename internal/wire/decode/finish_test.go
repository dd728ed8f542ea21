package decode

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// nitfWith is a NITF document with more in it.
func nitfWith(docdata, head, body string) []byte {
	return []byte(`<nitf><head><docdata><doc-id id-string="ferry-1"/>` + docdata + `</docdata></head><body><body.head>` + head +
		`</body.head><body.content><p>The ferry was early, and the captain of the port said that this had not been seen since the winter before last.</p>` + body + `</body.content></body></nitf>`)
}

func rules(s *wire.Story, field string) []string {
	var found []string
	for _, e := range s.Evidence {
		if e.Field == field {
			found = append(found, e.Rule)
		}
	}
	return found
}

func TestHeadersWin(t *testing.T) {
	embargo := time.Date(2026, 11, 24, 6, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	s := only(t, &wire.Copy{
		Data: nitfWith(`<du-key version="3"/><date.release norm="20270101T000000Z"/>`, "<hedline><hl1>Theirs</hl1></hedline>", ""),
		Headers: wire.Headers{StoryID: "ours", Version: 7, Signal: wire.Correction, Headline: "Ours\nfor once", TranslationOf: "urn:x:1",
			Embargo: &embargo},
		Profile: Profile("antara"),
	})
	if s.ID != "ours" || s.Version != 7 || s.Received.Unversioned || s.Signal != wire.Correction || s.Headline != "Ours for once" {
		t.Errorf("record is %+v", s)
	}
	if !s.Embargo.Equal(embargo) || s.Embargo.Location() != time.UTC {
		t.Errorf("embargo %v", s.Embargo)
	}
	if want := (&wire.Translation{Of: "urn:x:1", From: "und", To: "id", Method: "human"}); !cmp.Equal(s.Translation, want) {
		t.Errorf("translation %+v", s.Translation)
	}
	for field, header := range map[string]string{
		"id": wire.HeaderStoryID, "version": wire.HeaderVersion, "signal": wire.HeaderSignal, "headline": wire.HeaderHeadline,
		"embargo": wire.HeaderEmbargo, "translation.of": wire.HeaderTranslationOf,
	} {
		if got := rules(s, field); !slices.Equal(got, []string{"header:" + header}) {
			t.Errorf("evidence for %s is %v", field, got)
		}
	}
	// Plain copy applies some headers itself; they are not said twice.
	s = only(t, &wire.Copy{Data: []byte(plainCopy), Headers: wire.Headers{StoryID: "ours", Headline: "Ours"}, Profile: Profile("desk")})
	if s.ID != "ours" || s.Headline != "Ours" || len(rules(s, "id")) != 1 || len(rules(s, "headline")) != 1 {
		t.Errorf("id %v, headline %v", rules(s, "id"), rules(s, "headline"))
	}
}

func TestVersions(t *testing.T) {
	for _, tt := range []struct {
		name        string
		data        []byte
		header      int64
		version     int64
		unversioned bool
	}{
		{"stated", nitfWith(`<du-key version="3"/>`, "", ""), 0, 3, false},
		{"not stated", nitfWith("", "", ""), 0, 1, true},
		{"stated as nought", nitfWith(`<du-key version="0"/>`, "", ""), 0, 1, true},
		{"stated in the header", nitfWith("", "", ""), 4, 4, false},
		{"newsml", sample(t, "kyodo-original.newsml.xml"), 0, 1, false},
		{"anpa", sample(t, "kyodo-original.anpa"), 0, 1, false},
		{"plain", []byte(plainCopy), 0, 1, true},
		{"plain with the header", []byte(plainCopy), 2, 2, false},
	} {
		s := only(t, &wire.Copy{Data: tt.data, Headers: wire.Headers{Version: tt.header}, Profile: Profile("kyodo")})
		if s.Version != tt.version || s.Received.Unversioned != tt.unversioned {
			t.Errorf("%s: version %d, unversioned %t", tt.name, s.Version, s.Received.Unversioned)
		}
	}
}

func TestKill(t *testing.T) {
	for name, c := range map[string]*wire.Copy{
		"by header":           {Data: nitfWith(`<date.release norm="20270101T000000Z"/>`, "", ""), Headers: wire.Headers{Signal: wire.Kill}},
		"by header, no text":  {Data: []byte(`<nitf><head><docdata><doc-id id-string="ferry-1"/></docdata></head></nitf>`), Headers: wire.Headers{Signal: wire.Kill}},
		"by status":           {Data: []byte(`<nitf><head><docdata management-status="canceled"><doc-id id-string="ferry-1"/></docdata></head></nitf>`)},
		"against the headers": {Data: []byte(`<nitf><head><docdata management-status="canceled"><doc-id id-string="ferry-1"/></docdata></head></nitf>`), Headers: wire.Headers{Signal: wire.Update}},
		"of plain copy":       {Data: []byte("Kill."), Headers: wire.Headers{Signal: wire.Kill, StoryID: "ferry-1"}},
		"of newsml": {Data: []byte(`<NewsML><NewsItem><Identification><NewsIdentifier><PublicIdentifier>ferry-1</PublicIdentifier></NewsIdentifier></Identification></NewsItem></NewsML>`),
			Headers: wire.Headers{Signal: wire.Kill}},
	} {
		c.Profile = Profile("kyodo")
		s := only(t, c)
		if s.ID != "ferry-1" || s.Signal != wire.Kill || s.Status != wire.Canceled || s.Embargo != nil {
			t.Errorf("%s: id %q, signal %q, status %q, embargo %v", name, s.ID, s.Signal, s.Status, s.Embargo)
		}
	}
}

func TestProfileFills(t *testing.T) {
	s := only(t, &wire.Copy{Data: nitfWith("", "", ""), Profile: Profile("antara")})
	if s.Provider != "antara" || s.Language != "id" || s.Rights.Holder != "ANTARA" || s.Rights.AI != wire.AIUnspecified {
		t.Errorf("record is %+v", s)
	}
	if want := []wire.Source{{Name: "ANTARA", Role: wire.Origin}}; !cmp.Equal(s.Attribution.Sources, want) || s.Attribution.CreditLine != "ANTARA" {
		t.Errorf("attribution is %+v", s.Attribution)
	}
	for _, field := range []string{"language", "rights.holder", "attribution.sources[0]"} {
		if got := rules(s, field); len(got) == 0 || got[0] != "profile:antara" {
			t.Errorf("evidence for %s is %v", field, got)
		}
	}
	if got := rules(s, "headline"); !slices.Equal(got, []string{"inferred:first-words"}) || !strings.HasSuffix(s.Headline, "winter…") {
		t.Errorf("headline %q by %v", s.Headline, got)
	}

	s = only(t, &wire.Copy{Data: nitfWith("", "", ""), Profile: Profile("somebody")})
	if got := rules(s, "provider"); !slices.Equal(got, []string{"profile:generic"}) {
		t.Errorf("evidence for the provider is %v", got)
	}
	if s.Language != "en" || !slices.Equal(rules(s, "language"), []string{"inferred:frequent-words"}) {
		t.Errorf("language %q by %v", s.Language, rules(s, "language"))
	}
}

func TestCreditLine(t *testing.T) {
	s := only(t, &wire.Copy{
		Data:    nitfWith("", "", "<p>Sumber: Kyodo</p><p>Penerjemah: Sekar Widuri</p>"),
		Profile: Profile("antara"),
	})
	if s.Attribution.CreditLine != "ANTARA/Kyodo" {
		t.Errorf("credit line %q", s.Attribution.CreditLine)
	}
	if want := (&wire.Translation{From: "und", To: "id", Method: "human"}); !cmp.Equal(s.Translation, want) {
		t.Errorf("translation %+v", s.Translation)
	}
}

// TestRights holds that the copy's own rights win, and that nobody else's holder is put beside them.
func TestRights(t *testing.T) {
	profile := Profile("antara")
	profile.Rights = wire.Rights{Holder: "ANTARA", Notice: "© ANTARA", Terms: "Ask first.", AI: wire.AIReserved, Policy: "https://antara.example/p",
		Territories: wire.Territories{Allow: []string{"ID"}}}
	allowed := *profile
	allowed.Rights.AI = wire.AIAllowed
	for _, tt := range []struct {
		name    string
		data    []byte
		profile *wire.Profile
		want    wire.Rights
	}{
		{"silent", nitfWith("", "", ""), profile, profile.Rights},
		{"own holder", nitfWith(`<doc.copyright year="2026" holder="Port of Otaru"/>`, "", ""), profile, wire.Rights{Holder: "Port of Otaru", Year: 2026,
			Terms: "Ask first.", AI: wire.AIReserved, Policy: "https://antara.example/p", Territories: wire.Territories{Allow: []string{"ID"}}}},
		{"own reservation", nitfWith(`<doc.rights limitations="Use for training artificial intelligence is prohibited."/>`, "", ""), &allowed,
			wire.Rights{Holder: "ANTARA", Notice: "© ANTARA", Terms: "Use for training artificial intelligence is prohibited.", AI: wire.AIReserved,
				Policy: "https://antara.example/p", Territories: wire.Territories{Allow: []string{"ID"}}}},
		{"nobody says anything", nitfWith("", "", ""), Profile("somebody"), wire.Rights{AI: wire.AIUnspecified}},
	} {
		s := only(t, &wire.Copy{Data: tt.data, Profile: tt.profile})
		if diff := cmp.Diff(tt.want, s.Rights); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if s.Rights.AI != wire.AIUnspecified && len(rules(s, "rights.ai")) != 1 {
			t.Errorf("%s: evidence for rights.ai is %v", tt.name, rules(s, "rights.ai"))
		}
	}
}

func TestProfiles(t *testing.T) {
	kyodo, antara, other := Profile("kyodo"), Profile("antara"), Profile("other")
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	if kyodo.Agency != "Kyodo" || noon.In(kyodo.Location).Hour() != 21 || kyodo.Generic {
		t.Errorf("kyodo is %+v", kyodo)
	}
	if antara.Agency != "ANTARA" || noon.In(antara.Location).Hour() != 19 || antara.Language != "id" || antara.Rights.Holder != "ANTARA" {
		t.Errorf("antara is %+v", antara)
	}
	if !other.Generic || other.Name != "other" || other.Location != time.UTC {
		t.Errorf("other is %+v", other)
	}
	kyodo.Agency = "changed"
	if Profile("kyodo").Agency != "Kyodo" {
		t.Error("a profile can be changed for all")
	}
	for name, file := range map[string]string{
		"unknown key":     "x: {agency: X, zone: UTC, langauge: en}",
		"unknown zone":    "x: {agency: X, zone: Asia/Tokio}",
		"unknown charset": "x: {agency: X, zone: UTC, charset: latin-77}",
		"no agency":       "x: {zone: UTC}",
		"bad name":        "X.y: {agency: X, zone: UTC}",
	} {
		if _, err := readProfiles([]byte(file)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestOriginOfUnknownProvider: of a provider that nobody has described the dateline tells whose report it is.
func TestOriginOfUnknownProvider(t *testing.T) {
	for text, want := range map[string]string{
		"Paus terdampar\n\nLISBOA (Lusa) - Seekor paus terdampar pada Senin.": "Lusa",
		"Paus terdampar\n\nSeekor paus terdampar pada Senin.":                 "desk",
	} {
		s := only(t, &wire.Copy{Data: []byte(text), Profile: Profile("desk")})
		if got := s.Attribution.Sources; len(got) != 1 || got[0] != (wire.Source{Name: want, Role: wire.Origin}) || s.Attribution.CreditLine != want {
			t.Errorf("%q: %v, %q", text, got, s.Attribution.CreditLine)
		}
	}
}
