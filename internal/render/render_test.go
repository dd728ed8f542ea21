package render

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

func snapshot(t testing.TB, v *feed.View) *feed.Snapshot {
	t.Helper()
	s, err := New(site).Snapshot(v)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGolden(t *testing.T) {
	for name, v := range map[string]*feed.View{"dunia": fixedView(), "kosong": view()} {
		v.Def.Name = name
		s := snapshot(t, v)
		for _, f := range feed.Formats {
			testkit.Golden(t, filepath.Join("testdata", name+"."+string(f)), plain(t, s, f))
		}
	}
}

func TestReadBack(t *testing.T) {
	v := fixedView()
	s := snapshot(t, v)
	authors := [][]string{{"antara"}, {"Hanako Yamada"}, {"By Ken Mori"}, {"共同通信"}}
	titles := []string{
		"PEMBATALAN: berita ini telah ditarik oleh penyedianya",
		"Jepang & Rusia lanjutkan perundingan soal \"gas alam\"", "Saitama <wins> Emperor's Cup", "ガス協議を継続",
	}
	for _, f := range []feed.Format{feed.RSS, feed.Atom, feed.JSON} {
		t.Run(string(f), func(t *testing.T) {
			got, err := gofeed.NewParser().Parse(bytes.NewReader(plain(t, s, f)))
			if err != nil {
				t.Fatal(err)
			}
			if got.Title != "Dunia" || got.FeedLink != site.Feed("dunia", f) || got.Link != "https://wire.example/" {
				t.Errorf("feed is %q at %q of %q", got.Title, got.FeedLink, got.Link)
			}
			if f != feed.JSON && !got.UpdatedParsed.Equal(at("2026-11-23T03:00:00Z")) {
				t.Errorf("feed updated %v", got.UpdatedParsed)
			}
			if len(got.Items) != len(v.Entries) {
				t.Fatalf("%d items", len(got.Items))
			}
			seen := map[string]bool{}
			for i, it := range got.Items {
				e := v.Entries[i]
				if it.GUID != e.Key().URI() || seen[it.GUID] {
					t.Errorf("item %d has id %q", i, it.GUID)
				}
				seen[it.GUID] = true
				if it.Title != titles[i] {
					t.Errorf("item %d has title %q", i, it.Title)
				}
				if it.Link != site.Story(e.Key()) {
					t.Errorf("item %d has link %q", i, it.Link)
				}
				if !it.PublishedParsed.Equal(e.First) {
					t.Errorf("item %d published %v", i, it.PublishedParsed)
				}
				if f != feed.RSS && !it.UpdatedParsed.Equal(e.Updated()) {
					t.Errorf("item %d updated %v", i, it.UpdatedParsed)
				}
				var names []string
				for _, a := range it.Authors {
					names = append(names, a.Name)
				}
				// In RSS only persons are creators: the agency is the publisher.
				if f == feed.RSS && (i == 0 || i == 3) {
					names = []string{it.DublinCoreExt.Publisher[0]}
				}
				if d := cmp.Diff(authors[i], names); d != "" {
					t.Errorf("item %d authors:\n%s", i, d)
				}
			}
			if it := got.Items[1]; !strings.HasPrefix(it.Content, "<p>Tokyo (ANTARA) — Pemerintah") ||
				!strings.HasSuffix(it.Content, "<strong>Moskow</strong> menyambut baik.</p>") {
				t.Errorf("content is %q", it.Content)
			}
			if it := got.Items[3]; !strings.HasPrefix(it.Content, "<p>【東京共同】政府は") {
				t.Errorf("content is %q", it.Content)
			}
		})
	}
}

// A killed story leaves no word of itself in any format, and its entry keeps its id.
func TestKilledIsGone(t *testing.T) {
	for _, status := range []wire.Status{wire.Canceled, wire.Withheld} {
		e := killed()
		e.Status = status
		s := snapshot(t, view(e))
		for _, f := range feed.Formats {
			body := strings.ToLower(string(plain(t, s, f)))
			if i := strings.Index(body, "rahasia"); i >= 0 {
				t.Errorf("%s of a %s story says %q", f, status, body[i:min(len(body), i+30)])
			}
			if !strings.Contains(body, e.ID) {
				t.Errorf("%s of a %s story lost its id", f, status)
			}
		}
		if s.Reserved || s.Policy != "" {
			t.Errorf("a %s story keeps its terms", status)
		}
		if !bytes.Contains(plain(t, s, feed.Atom),
			[]byte(`<at:deleted-entry ref="`+e.ID+`" when="2026-11-23T03:00:00Z">`)) {
			t.Error("no tombstone in Atom")
		}
	}
}

func TestNoticesAreWhole(t *testing.T) {
	for language, words := range notices {
		for i, w := range words {
			if w == "" || w != line(w) {
				t.Errorf("notice %d in %s is %q", i, language, w)
			}
		}
	}
	for language := range notices {
		for i, w := range ownNotices[language] {
			if w == "" || w != line(w) || w == notices[language][i] {
				t.Errorf("the desk's notice %d in %s is %q", i, language, w)
			}
		}
	}
	kill, hold := &wire.Decision{Action: wire.OrderKill}, &wire.Decision{Action: wire.OrderWithhold}
	for _, tt := range []struct {
		s    wire.Story
		want string
	}{
		{wire.Story{Status: wire.Canceled, Desk: kill}, ownNotices["en"][0]},
		{wire.Story{Status: wire.Canceled, Desk: hold}, notices["en"][0]}, // killed by its provider after the desk held it
		{wire.Story{Status: wire.Canceled, Signal: wire.Takedown, Desk: kill}, takedowns["en"][0]},
		{wire.Story{Status: wire.Canceled}, notices["en"][0]},
		{wire.Story{Status: wire.Withheld, Desk: hold, Received: wire.Received{Status: wire.Usable}}, ownNotices["en"][2]},
		{wire.Story{Status: wire.Withheld, Received: wire.Received{Status: wire.Usable}}, ownNotices["en"][2]}, // for its original
		{wire.Story{Status: wire.Withheld, Desk: hold}, notices["en"][2]},
	} {
		if n := NoticeOf(entry(&tt.s, 1, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")); n.Title != tt.want {
			t.Errorf("%+v: %q, want %q", tt.s, n.Title, tt.want)
		}
	}
	for language, of := range map[string]map[string][2]string{"takedowns": takedowns, "fates": fates} {
		for l := range notices {
			for _, w := range of[l] {
				if w == "" || w != line(w) || of[l] == ([2]string{}) {
					t.Errorf("%s has no words in %s", language, l)
				}
			}
		}
	}
	takedown := NoticeOf(entry(&wire.Story{Language: "id", Status: wire.Canceled, Signal: wire.Takedown}, 1, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))
	if !strings.HasPrefix(takedown.Title, "PENURUNAN") {
		t.Errorf("a takedown's notice is %q", takedown.Title)
	}
	if n := NoticeOf(entry(&wire.Story{Language: "eo", Status: wire.Canceled}, 1, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")); n.Language != "en" {
		t.Errorf("a notice in %q", n.Language)
	}
}

func TestFeedTerms(t *testing.T) {
	open := func() *feed.Entry { return english() }
	for name, c := range map[string]struct {
		entries   []*feed.Entry
		reserved  bool
		policy    string
		copyright string
	}{
		"none":                     {nil, false, "", ""},
		"open":                     {[]*feed.Entry{open()}, false, "", ""},
		"one reserved":             {[]*feed.Entry{translated()}, true, "https://antara.example/ketentuan", "Copyright © ANTARA 2026"},
		"reserved among open":      {[]*feed.Entry{open(), translated()}, true, "https://antara.example/ketentuan", ""},
		"two policies":             {[]*feed.Entry{translated(), japanese()}, true, "", ""},
		"killed says nothing":      {[]*feed.Entry{killed(), translated()}, true, "https://antara.example/ketentuan", "Copyright © ANTARA 2026"},
		"differing, then agreeing": {[]*feed.Entry{translated(), japanese(), translated()}, true, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := snapshot(t, view(c.entries...))
			if s.Reserved != c.reserved || s.Policy != c.policy {
				t.Errorf("reserved %v under %q", s.Reserved, s.Policy)
			}
			if got := bytes.Contains(plain(t, s, feed.RSS), []byte("<copyright>")); got != (c.copyright != "") {
				t.Errorf("copyright is there: %v", got)
			}
		})
	}
}

// What JSON Feed requires is there, and what the record says of its origin is whole.
func TestJSONFeedSaysItAll(t *testing.T) {
	var got struct {
		Version string
		Items   []struct {
			ID          string
			Attachments []struct {
				Size int64 `json:"size_in_bytes"`
			}
			Kawat struct {
				Attribution wire.Attribution
				Translation *wire.Translation
				Rights      wire.Rights
			} `json:"_kawat"`
		}
	}
	s := snapshot(t, view(translated()))
	if err := json.Unmarshal(plain(t, s, feed.JSON), &got); err != nil {
		t.Fatal(err)
	}
	it, want := got.Items[0], translated()
	if d := cmp.Diff(want.Attribution, it.Kawat.Attribution); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want.Translation, it.Kawat.Translation); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(want.Rights, it.Kawat.Rights); d != "" {
		t.Error(d)
	}
	if got.Version != "https://jsonfeed.org/version/1.1" || it.Attachments[0].Size != 48211 {
		t.Errorf("%+v", got)
	}
}

func TestTitleOfStoryWithout(t *testing.T) {
	for want, s := range map[string]*wire.Story{
		"SLUG":         {Slugline: "SLUG", Body: wire.Body{Text: "Words."}},
		"First words.": {Body: wire.Body{Text: "First\nwords.\n\nMore."}},
		"kyodo":        {Provider: "kyodo"},
		"—":            {},
	} {
		if got := Title(s); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	long := Title(&wire.Story{Body: wire.Body{Text: strings.Repeat("word ", 100)}})
	if len([]rune(long)) > 100 || !strings.HasSuffix(long, "word…") {
		t.Errorf("%q", long)
	}
}

func TestTimes(t *testing.T) {
	jakarta := time.FixedZone("WIB", 7*3600)
	when := time.Date(2026, 11, 3, 6, 4, 5, 120_000_000, jakarta)
	if got := rfc822(when); got != "Mon, 02 Nov 2026 23:04:05 GMT" {
		t.Error(got)
	}
	if got := rfc3339(when); got != "2026-11-02T23:04:05.12Z" {
		t.Error(got)
	}
	if rfc822(time.Time{}) != "" || rfc3339(time.Time{}) != "" {
		t.Error("no time was written as a time")
	}
}

func TestWebAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://kyodo.example/a?b=c#d": "https://kyodo.example/a?b=c#d",
		" http://kyodo.example ":        "http://kyodo.example",
		"https://kyodo.example/日本":      "https://kyodo.example/%E6%97%A5%E6%9C%AC",
		"javascript:alert(1)":           "",
		"//kyodo.example/a":             "",
		"https:opaque":                  "",
		"https://a.example/\r\nX: y":    "",
		"https://u:p@a.example/":        "",
		"urn:newsml:kyodo":              "",
		"":                              "",
	} {
		if got := WebAddress(in); got != want {
			t.Errorf("%q gives %q, not %q", in, got, want)
		}
	}
}
