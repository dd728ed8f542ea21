package wire

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestURI(t *testing.T) {
	tests := []struct{ id, want string }{
		{"urn:newsml:kyodonews.jp:20190723:20161021KW___0003800010", "urn:newsml:kyodonews.jp:20190723:20161021KW___0003800010"},
		{"tag:example.org,2026:77", "tag:example.org,2026:77"},
		{"https://www.example.org/berita/77", "https://www.example.org/berita/77"},
		{"ANT-77", "urn:kawat:antara:ANT-77"},
		{"nomor 77/a", "urn:kawat:antara:nomor%2077%2Fa"},
		{"/berita/77", "urn:kawat:antara:%2Fberita%2F77"},
		{"urn:x:a<b", "urn:kawat:antara:urn:x:a%3Cb"},
	}
	for _, test := range tests {
		if got := (Key{Provider: "antara", ID: test.id}).URI(); got != test.want {
			t.Errorf("%q: %s, want %s", test.id, got, test.want)
		}
	}
}

// TestToken: the token is safe in subjects, keys and addresses, and one provider's id is not another's.
func TestToken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Key{rapid.String().Draw(t, "provider"), rapid.String().Draw(t, "id")}
		token := a.Token()
		if len(token) != 26 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("%v: token %q", a, token)
		}
		b := Key{a.Provider + "x", a.ID}
		if b.Token() == token {
			t.Fatalf("%v and %v share a token", a, b)
		}
	})
}

func TestReadHeaders(t *testing.T) {
	headers := func(pairs ...string) func(string) string {
		return func(name string) string {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1]
				}
			}
			return ""
		}
	}
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	got, err := ReadHeaders(headers(HeaderStoryID, " ANT-77 ", HeaderVersion, "3", HeaderSignal, "Kill", HeaderEmbargo, "2026-11-23T09:00:00+07:00"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Headers{StoryID: "ANT-77", Version: 3, Signal: Kill, Embargo: &at}, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range [][]string{
		{HeaderVersion, "0"}, {HeaderVersion, "x"}, {HeaderVersion, "9007199254740992"}, {HeaderSignal, "delete"},
		{HeaderEmbargo, "tomorrow"}, {HeaderEmbargo, "2026-11-23 09:00"},
	} {
		var refusal *Refusal
		if _, err := ReadHeaders(headers(bad...)); !errors.As(err, &refusal) || refusal.Code != BadHeader || !strings.Contains(refusal.Sentence, bad[0]) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// TestDigest: the same bytes under other headers are other copy; without headers the digest is that of the bytes.
func TestDigest(t *testing.T) {
	plain := Copy{Data: []byte("abc")}
	if got, want := plain.Digest(), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	at := time.Unix(0, 0)
	seen := map[string]string{plain.Digest(): "no headers"}
	for name, h := range map[string]Headers{
		"id": {StoryID: "a"}, "headline": {Headline: "a"}, "of": {TranslationOf: "a"}, "version": {Version: 1}, "signal": {Signal: Kill}, "embargo": {Embargo: &at},
	} {
		d := (&Copy{Data: plain.Data, Headers: h}).Digest()
		if other, ok := seen[d]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[d] = name
	}
}

// TestAnyOrderOfArrival: whatever the order in which copies of a story are judged, the same one stands in the end, as long
// as no two texts share a version; and where they do, it is the one that was sent later.
func TestAnyOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "copies")
		copies := make([]Story, n)
		for i := range copies {
			c := Story{ID: "a", Provider: "antara", Version: rapid.Int64Range(1, 4).Draw(t, "version"), Status: Usable}
			c.Received = Received{Sequence: uint64(i + 1), Digest: fmt.Sprint("d", i)}
			if rapid.IntRange(0, 5).Draw(t, "kill") == 0 {
				c.Status, c.Signal = Canceled, Kill
			}
			copies[i] = c
		}
		settle := func(order []int) *Story {
			var standing *Story
			for _, i := range order {
				c := copies[i]
				if v := Judge(standing, &c); v == Newer || v == Conflict {
					standing = &c
				} else if completed, changed := Complete(standing, &c); changed {
					standing = completed
				}
			}
			return standing
		}
		inOrder := make([]int, n)
		for i := range inOrder {
			inOrder[i] = i
		}
		want := settle(inOrder)
		seed := rapid.Uint64().Draw(t, "seed")
		order := rand.New(rand.NewPCG(seed, 1)).Perm(n)
		order = append(order, order[:rapid.IntRange(0, n).Draw(t, "again")]...)
		if got := settle(order); got.Received.Sequence != want.Received.Sequence || got.Version != want.Version || got.Status != want.Status {
			t.Fatalf("order %v: version %d of copy %d stands, want %d of %d of %+v", order, got.Version, got.Received.Sequence, want.Version, want.Received.Sequence, copies)
		}
	})
}

// TestRank: ranks order records as Judge does.
func TestRank(t *testing.T) {
	record := func(status Status, version int64, sequence uint64) string {
		return Record{Story: &Story{Status: status, Version: version}, Sequence: sequence}.Rank()
	}
	ascending := []string{
		record(Usable, 1, 5), record(Usable, 1, 6), record(Usable, 2, 1), record(Usable, 10, 2), record(Usable, MaxVersion, 3),
		record(Canceled, 1, 4), record(Canceled, 2, 1),
	}
	for i := 1; i < len(ascending); i++ {
		if ascending[i-1] >= ascending[i] {
			t.Errorf("rank %d, %s, is not below %s", i-1, ascending[i-1], ascending[i])
		}
	}
}

func TestRelease(t *testing.T) {
	recorded := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	later, earlier := recorded.Add(time.Hour), recorded.Add(-time.Hour)
	for _, test := range []struct {
		name  string
		story Story
		want  time.Time
	}{
		{"no embargo", Story{Status: Usable}, recorded},
		{"an embargo ahead", Story{Status: Usable, Embargo: &later}, later},
		{"an embargo that is over", Story{Status: Usable, Embargo: &earlier}, recorded},
		{"a kill is not held back", Story{Status: Canceled, Embargo: &later}, recorded},
	} {
		if got := Release(&test.story, recorded); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// FuzzUnmarshal: a record that can be read is written and read again the same.
func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`{"id":"a","provider":"antara","version":1,"status":"usable","language":"id","body":{"html":"<p>x</p>","text":"x"},"embargo":null,"translation":{"of":"b","from":"und","to":"id","method":"human"}}`))
	f.Add([]byte(`{"id":"a","embargo":"2026-11-23T09:00:00+07:00","attribution":{"sources":[{"name":"Kyodo","role":"origin"}],"credits":null}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Unmarshal(data)
		if err != nil {
			return
		}
		first, err := s.Marshal()
		if err != nil {
			return // a time that JSON cannot hold: no decoder makes one
		}
		again, err := Unmarshal(first)
		if err != nil {
			t.Fatalf("what Marshal wrote cannot be read: %v", err)
		}
		second, err := again.Marshal()
		if err != nil || string(first) != string(second) {
			t.Fatalf("%s\n%s\n%v", first, second, err)
		}
	})
}
