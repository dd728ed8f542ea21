package decode

import (
	"strings"
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
)

// TestReadyProfiles holds that every agency of the file is one of the dictionary's, under the dictionary's name: otherwise a
// dateline and the profile would name one agency twice.
func TestReadyProfiles(t *testing.T) {
	for _, name := range []string{
		"kyodo", "antara", "xinhua", "tass", "reuters", "ap", "afp", "dpa", "efe", "ansa", "bernama", "yonhap", "pa", "sda", "stt", "ntb",
	} {
		p := Profile(name)
		if p.Generic || p.Rights.Holder == "" || p.Location == nil {
			t.Errorf("%s: %+v", name, p)
		}
		if known := credit.Agency(strings.ToUpper(p.Agency)); known != p.Agency {
			t.Errorf("%s: the dictionary calls %s %s", name, p.Agency, known)
		}
	}
	if p := Profile("somebody"); !p.Generic || p.Agency != "somebody" {
		t.Errorf("%+v", p)
	}
}

func TestIdentity(t *testing.T) {
	p := Profile("desk")
	var err error
	if p.Identity, err = wire.IdentityPattern(`(?P<id>desk/\d+)/rev(?P<version>\d+)`); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		id, header string
		want       string
		version    int64
	}{
		{"desk/7/rev3", "", "desk/7", 3},
		{"desk/7", "", "desk/7", 1},
		{"desk/7/rev3", "ours", "ours", 3},
	} {
		s := only(t, &wire.Copy{Data: []byte(strings.Replace(nitfCopy, "ferry-1", tt.id, 1)), Headers: wire.Headers{StoryID: tt.header}, Profile: p})
		if s.ID != tt.want || s.Version != tt.version {
			t.Errorf("%s is %s, version %d", tt.id, s.ID, s.Version)
		}
	}
	s := only(t, &wire.Copy{Data: []byte(strings.Replace(nitfCopy, "ferry-1", "urn:newsml:kyodonews.jp:20261123:KW1:4", 1)), Profile: Profile("kyodo")})
	if s.ID != "urn:newsml:kyodonews.jp:20261123:KW1" || s.Version != 4 {
		t.Errorf("%s, version %d", s.ID, s.Version)
	}
}

func TestMaxBytes(t *testing.T) {
	p := Profile("desk")
	p.MaxBytes = 100
	if _, refusals := Decode(&wire.Copy{Data: []byte(strings.Repeat("x", 101)), Profile: p}); len(refusals) != 1 || refusals[0].Code != wire.TooLarge {
		t.Errorf("%v", refusals)
	}
}
