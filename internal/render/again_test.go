package render

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"kawat/internal/feed"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
	"kawat/samples"
)

// again has a story written in a format and read as copy of the same provider, as often as asked, and gives what was
// written each time.
func again(t *testing.T, f format, s *wire.Story, times int) (written []string) {
	t.Helper()
	p := decode.Profile(s.Provider)
	for range times {
		e := entry(s, 1, "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z")
		var document []byte
		if f.name() == feed.NINJS {
			document = ninjsDocument(t, e)
		} else {
			document = newsml(t, view(e))
		}
		written = append(written, string(document))
		stories, refusals := decode.Decode(&wire.Copy{Data: document, Profile: p})
		if len(stories) != 1 || len(refusals) != 0 {
			t.Fatalf("%d stories, %v of\n%s", len(stories), refusals, document)
		}
		s = stories[0]
	}
	return written
}

// TestSamplesReadAgain holds that copy in whatever format, written in ninjs or NewsML-G2 and read as copy again, is the same
// story: every credit, source, notice and right in it, and that it stays so.
func TestSamplesReadAgain(t *testing.T) {
	for _, sample := range samples.All() {
		stories, _ := decode.Decode(&wire.Copy{Data: sample.Data, Profile: decode.Profile(sample.Provider)})
		for _, s := range stories {
			if s.Status != wire.Usable {
				continue
			}
			s.Created, s.Revised = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
			for _, f := range []format{ninjsFormat{site}, newsmlg2Format{site}} {
				t.Run(filepath.Base(sample.Name)+"."+string(f.name()), func(t *testing.T) {
					w := again(t, f, s, 3)
					if w[1] != w[0] {
						t.Error("read again it is another story (-first +again)\n", cmp.Diff(strings.Split(w[0], "\n"), strings.Split(w[1], "\n")))
					}
					if w[2] != w[1] {
						t.Error("it changes with each reading\n", cmp.Diff(strings.Split(w[1], "\n"), strings.Split(w[2], "\n")))
					}
				})
			}
		}
	}
}

// TestFlashReadsAgain: of a flash, whose text is its headline, neither is lost between gateways, in any format.
func TestFlashReadsAgain(t *testing.T) {
	for _, headline := range []string{
		"Ferry sinks off Java", "FLASH: Ferry sinks off Java", "*** BULLETIN *** FERRY SINKS", "【速報】フェリー沈没", "[속보] 여객선 침몰",
		"عاجل: غرق عبارة", "МОЛНИЯ: Паром затонул", "快讯：渡轮沉没", "EILMELDUNG - Fähre gesunken",
	} {
		item, err := json.Marshal(map[string]any{"uri": "urn:x:1", "urgency": 1, "headline": headline, "pubStatus": "usable", "version": "1", "versionCreated": "2026-11-23T01:00:00Z", "firstCreated": "2026-11-23T01:00:00Z"})
		if err != nil {
			t.Fatal(err)
		}
		stories, refusals := decode.Decode(&wire.Copy{Data: item, Profile: decode.Profile("antara")})
		if len(stories) != 1 {
			t.Fatal(refusals)
		}
		for _, f := range []format{ninjsFormat{site}, newsmlg2Format{site}} {
			if w := again(t, f, stories[0], 2); w[1] != w[0] {
				t.Error("read again it is another story (-first +again)\n", cmp.Diff(strings.Split(w[0], "\n"), strings.Split(w[1], "\n")))
			}
		}
		shown := snapshot(t, view(entry(stories[0], 1, "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z")))
		for _, f := range []feed.Format{feed.RSS, feed.Atom, feed.JSON} {
			back, refusals := decode.Decode(&wire.Copy{Data: plain(t, shown, f), Profile: decode.Profile("antara")})
			if len(back) != 1 || back[0].Headline != stories[0].Headline || back[0].Body.Text != stories[0].Body.Text {
				t.Errorf("%s of %q: %+v, %v", f, headline, back, refusals)
			}
		}
	}
}

// FuzzReadAgain: whatever copy is, what is written of it is read again as a story that is then written the same way.
func FuzzReadAgain(f *testing.F) {
	for _, sample := range samples.All() {
		f.Add(sample.Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		stories, _ := decode.Decode(&wire.Copy{Data: data, Profile: decode.Profile("antara")})
		for _, s := range stories[:min(len(stories), 2)] {
			if s.Status != wire.Usable {
				continue
			}
			for _, f := range []format{ninjsFormat{site}, newsmlg2Format{site}} {
				if w := again(t, f, s, 3); w[2] != w[1] {
					t.Error("it changes with each reading\n", cmp.Diff(strings.Split(w[1], "\n"), strings.Split(w[2], "\n")))
				}
			}
		}
	})
}
