package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"kawat/internal/feed"
	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/newsmlg2"
)

// asRead is the record as it comes back from NewsML-G2. Everything that the format does not bring back as it was stands
// here and nowhere else; all other fields come back the same.
func asRead(e *feed.Entry) *wire.Story {
	s := Clean(e.Story)
	s.ID = e.Key().URI()    // an id that is no URI is wrapped in one
	s.Provider = ""         // says decode: whose connection it came over
	s.Status = ""           // usable, which nothing need say
	s.Headline = Title(s)   // a story is never without a title
	if s.Revised.IsZero() { // an item has the time of its version; where the provider gave none, ours
		s.Revised = e.Updated()
	}
	s.Revised, s.Created = s.Revised.Truncate(time.Millisecond), s.Created.Truncate(time.Millisecond)
	if len(s.Attribution.Sources) == 0 { // whoever provides it is the origin
		s.Attribution.Sources = []wire.Source{{Name: credit.Agency(Publisher(s)), Role: wire.Origin}}
	}
	if t := s.Translation; t != nil && t.Of != "" && t.Of == WebAddress(t.Of) {
		t.Of = g2Address(t.Of)
	}
	for i := range s.Related {
		s.Related[i].URL = g2Address(s.Related[i].URL)
	}
	for i := range s.Media {
		s.Media[i].URL = g2Address(s.Media[i].URL)
	}
	s.Rights.Policy = g2Address(s.Rights.Policy)
	s.Evidence = nil
	return s
}

// back reads the stories of a feed.
func back(t testing.TB, v *feed.View) []*wire.Story {
	t.Helper()
	b := newsml(t, v)
	c := &wire.Copy{Data: b, Profile: &wire.Profile{Name: "partner", Agency: "Partner", Location: time.UTC}}
	stories, refusals := newsmlg2.Parse(c, b)
	if len(refusals) > 0 || len(stories) != len(v.Entries) {
		t.Fatalf("%d stories of %d, %v\n%s", len(stories), len(v.Entries), refusals, b)
	}
	for _, s := range stories {
		s.Evidence = nil
		s.Body.Text = strings.TrimSpace(s.Body.Text)
	}
	return stories
}

func TestNewsMLReadsBack(t *testing.T) {
	distributed := english()
	distributed.Attribution.Sources = append(distributed.Attribution.Sources, wire.Source{Name: "Xinhua", Role: wire.Distributor})
	distributed.Attribution.Credits = []wire.Credit{{Name: "Ken Mori", Role: wire.Reporter}}
	machine := translated()
	machine.Translation = &wire.Translation{Of: "urn:newsml:kyodo.example:20261123:KW1", From: "und", To: "id", Method: "machine"}
	machine.Rights.AI, machine.Rights.Territories.Allow = wire.AIAllowed, []string{"ID", "MY"}
	machine.Note = "Baris pertama.\nBaris kedua."
	machine.Rights.Terms = "Hanya untuk pelanggan.\nFor subscribers only."
	for _, e := range []*feed.Entry{translated(), distributed, machine} {
		got := back(t, view(e))[0]
		if diff := cmp.Diff(asRead(e), got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", e.ID, diff)
		}
	}
}

// TestNewsMLInferredBack holds what is read out of words where a record has them without the parts.
func TestNewsMLInferredBack(t *testing.T) {
	e := english() // a byline, and nobody credited
	got := back(t, view(e))[0]
	want := asRead(e)
	want.Attribution.Credits = []wire.Credit{{Name: "Ken Mori", Role: wire.Reporter}}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	e = japanese()
	got = back(t, view(e))[0]
	want = asRead(e)
	want.Dateline, want.Rights.Notice = got.Dateline, "無断転載禁止"
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Dateline.Text != "【東京共同】" {
		t.Errorf("the dateline is %+v", got.Dateline)
	}
}

// TestNewsMLKillReadsBack holds that a kill that is passed on kills the same story, and nothing else of it comes along.
func TestNewsMLKillReadsBack(t *testing.T) {
	e := killed()
	got := back(t, view(e))[0]
	if got.ID != e.ID || got.Version != e.Version || got.Status != wire.Canceled || got.Signal != wire.Kill {
		t.Errorf("read %+v", got)
	}
	e.Status, e.Signal = wire.Withheld, ""
	if got = back(t, view(e))[0]; got.ID != e.ID || got.Status != wire.Withheld || got.Signal != "" {
		t.Errorf("read %+v", got)
	}
}

// TestNewsMLOfAnyStoryReadsBack does so for stories as they may come.
func TestNewsMLOfAnyStoryReadsBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		e := entry(anyStory(r), 1, "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z")
		e.Body = markup.Body(e.Body.HTML) // as a record has it
		want := asRead(e)
		v := view(e)
		b := newsml(t, v)
		c := &wire.Copy{Data: b, Profile: &wire.Profile{Name: "partner", Agency: "Partner", Location: time.UTC}}
		stories, refusals := newsmlg2.Parse(c, b)
		if len(stories) != 1 {
			r.Fatalf("%v\n%s", refusals, b)
		}
		got := stories[0]
		got.Evidence = nil
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			r.Fatalf("(-want +got):\n%s\n%s", diff, bytes.TrimSpace(b))
		}
	})
}
