package feed

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kawat/internal/wire"
)

// byAll is what Feeds is to give: every filter is asked.
func (r *Router) byAll(s *wire.Story) ([]Def, error) {
	var in []Def
	var failed []error
	for i, d := range r.defs {
		admitted, err := true, error(nil)
		if f := r.filters[i]; f != nil {
			admitted, err = f.admits(s)
		}
		if err != nil {
			failed = append(failed, &FilterError{Feed: d.Name, Err: err})
		}
		if admitted {
			in = append(in, d)
		}
	}
	return in, errors.Join(failed...)
}

// words are few, so that filters and stories meet; some begin others.
var words = []string{"", "id", "en", "kyodo", "Kyodo", "antara", "medtop:11", "medtop:11000000", "medtop:15", "subj:11", "Tokyo", "image/", "image/png"}

func drawnStory(t *rapid.T) *wire.Story {
	word := rapid.SampledFrom(words)
	some := func(name string) []string { return rapid.SliceOfN(word, 0, 3).Draw(t, name) }
	s := &wire.Story{ID: "1", Provider: word.Draw(t, "provider"), Language: word.Draw(t, "language"), Status: wire.Usable,
		Urgency: rapid.IntRange(0, 4).Draw(t, "urgency"), Genre: word.Draw(t, "genre"), Places: some("places")}
	for _, code := range some("codes") {
		s.Subjects = append(s.Subjects, wire.Subject{Code: code, Name: word.Draw(t, "subject")})
	}
	for _, name := range some("sources") {
		s.Attribution.Sources = append(s.Attribution.Sources, wire.Source{Name: name, Role: word.Draw(t, "role")})
	}
	for _, kind := range some("media") {
		s.Media = append(s.Media, wire.Media{Type: kind})
	}
	if rapid.Bool().Draw(t, "translated") {
		s.Translation = &wire.Translation{To: word.Draw(t, "to"), From: word.Draw(t, "from")}
	}
	return s
}

// drawnFilter is an expression as desks write them, and as they do not.
func drawnFilter(t *rapid.T, depth int, story string, texts, lists []string) string {
	quoted := func() string { return fmt.Sprintf("%q", rapid.SampledFrom(words).Draw(t, "word")) }
	one := func() string { return rapid.SampledFrom(texts).Draw(t, "text") }
	many := func() string { return rapid.SampledFrom(lists).Draw(t, "list") }
	deeper := func() string { return drawnFilter(t, depth-1, story, texts, lists) }
	kinds := 10
	if depth > 0 {
		kinds = 18
	}
	switch rapid.IntRange(0, kinds).Draw(t, "kind") {
	case 0, 1:
		return one() + " == " + quoted()
	case 2:
		return quoted() + " == " + one()
	case 3:
		return fmt.Sprintf("%s in [%s, %s]", one(), quoted(), quoted())
	case 4:
		return fmt.Sprintf("%s.startsWith(%s)", one(), quoted())
	case 5:
		return fmt.Sprintf("%s in %s", quoted(), many())
	case 6:
		return one() + " != " + quoted()
	case 7:
		return one() + " == " + one()
	case 8:
		return story + `.places[1] == "Tokyo"` // may fail
	case 9:
		return story + `.embargo > timestamp("2026-01-01T00:00:00Z")` // may fail
	case 10:
		return rapid.SampledFrom([]string{"true", "false", story + ".urgency <= 2", story + ".translation != null",
			"has(" + story + ".translation.to)", one() + " in []"}).Draw(t, "plain")
	case 11, 12:
		return "(" + deeper() + " && " + deeper() + ")"
	case 13:
		return "(" + deeper() + " || " + deeper() + ")"
	case 14:
		return "!(" + deeper() + ")"
	case 15:
		return "(" + deeper() + " ? " + deeper() + " : " + deeper() + ")"
	}
	of := rapid.SampledFrom([]string{"subjects:code", "attribution.sources:name", "media:type", "places:"}).Draw(t, "of")
	list, field, _ := strings.Cut(of, ":")
	// A name that hides another, story too, is CEL.
	x := rapid.SampledFrom([]string{"x", "y", "story"}).Draw(t, "variable")
	if field != "" {
		field = "." + field
	}
	macro := rapid.SampledFrom([]string{"exists", "exists", "exists", "all", "exists_one"}).Draw(t, "macro")
	inner := []string{x + field}
	innerLists := lists
	if x != "story" && story == "story" {
		for _, outer := range texts { // what is hidden does not have the field
			if !strings.HasPrefix(outer, x+".") && outer != x {
				inner = append(inner, outer)
			}
		}
	} else {
		innerLists = []string{`["id", "Tokyo"]`}
	}
	within := story
	if x == "story" {
		within = "hidden"
	}
	predicate := drawnPredicate(t, depth-1, inner, innerLists)
	if within == "hidden" || story != "story" {
		return fmt.Sprintf("(%s.%s.%s(%s, %s))", story, list, macro, x, predicate)
	}
	return fmt.Sprintf("(%s.%s.%s(%s, %s && %s))", story, list, macro, x, predicate, drawnFilter(t, 0, story, inner, innerLists))
}

// drawnPredicate is an expression that reads only what it is given.
func drawnPredicate(t *rapid.T, depth int, texts, lists []string) string {
	quoted := fmt.Sprintf("%q", rapid.SampledFrom(words).Draw(t, "word"))
	one := rapid.SampledFrom(texts).Draw(t, "text")
	switch kind := rapid.IntRange(0, 6).Draw(t, "kind"); {
	case kind == 1:
		return one + ".startsWith(" + quoted + ")"
	case kind == 2:
		return one + " in [" + quoted + "]"
	case kind == 3:
		return one + " in " + rapid.SampledFrom(lists).Draw(t, "list")
	case kind == 4 && depth > 0:
		return "(" + drawnPredicate(t, depth-1, texts, lists) + " || " + drawnPredicate(t, depth-1, texts, lists) + ")"
	case kind == 5 && depth > 0:
		return "(" + drawnPredicate(t, depth-1, texts, lists) + " && " + drawnPredicate(t, depth-1, texts, lists) + ")"
	}
	return one + " == " + quoted
}

// TestIndexIsExact: the feeds that the index finds, and the errors, are those of asking every filter.
func TestIndexIsExact(t *testing.T) {
	texts := []string{"story.provider", "story.language", "story.genre", "story.translation.to", "story.byline"}
	lists := []string{"story.places", "story.keywords"}
	listed, found := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var defs []Def
		for i := range rapid.IntRange(1, 12).Draw(t, "feeds") {
			defs = append(defs, Def{Name: fmt.Sprint("f", i), Filter: drawnFilter(t, 3, "story", texts, lists), Size: 10})
		}
		r, err := Compile(defs)
		if err != nil {
			t.Fatal(err)
		}
		listed += len(defs) - len(r.index.rest)
		for range 4 {
			s := drawnStory(t)
			want, wantFailed := r.byAll(s)
			got, failed := r.Feeds(s)
			if !slices.Equal(got, want) {
				t.Fatalf("the index finds %v, every filter %v of %+v", names(got), names(want), s)
			}
			if fmt.Sprint(failed) != fmt.Sprint(wantFailed) {
				t.Fatalf("failed by the index: %v; by every filter: %v", failed, wantFailed)
			}
			found += len(got)
		}
	})
	if listed == 0 || found == 0 {
		t.Errorf("%d filters were listed, %d stories found: this shows nothing", listed, found)
	}
}

func TestWhatFiltersFix(t *testing.T) {
	tests := []struct{ filter, fixes string }{
		{`story.language == "id"`, "story.language: id"},
		{`"id" == story.language && story.urgency <= 3`, "story.language: id"},
		{`story.provider in ["kyodo", "antara"]`, "story.provider: kyodo antara"},
		{`story.provider == "kyodo" || story.provider == "antara" && story.urgency > 0`, "story.provider: kyodo antara"},
		{`story.translation != null && story.translation.to == "id" &&
			story.attribution.sources.exists(s, s.name == "Kyodo" && s.role == "origin")`,
			"story.attribution.sources[].name: Kyodo; story.translation.to: id"},
		{`story.subjects.exists(x, x.code.startsWith("medtop:11") || x.code.startsWith("subj:11"))`,
			"story.subjects[].code: medtop:11… subj:11…"},
		{`"Niigata" in story.places`, "story.places[]: Niigata"},
		{`story.places.exists(p, p in ["Tokyo", "Osaka"])`, "story.places[]: Tokyo Osaka"},
		{`story.media.exists(m, m.type.startsWith("image/"))`, "story.media[].type: image/…"},
		{`story.subjects.exists(x, story.provider == "kyodo")`, "story.provider: kyodo"},
		{`story.provider in []`, "story.provider:"},
		// What is asked of something else, or of nothing in particular, fixes nothing.
		{`true`, ""},
		{`story.urgency <= 3`, ""},
		{`story.rights.ai != "reserved"`, ""},
		{`!(story.language == "id")`, ""},
		{`story.language == "id" || story.urgency == 1`, ""},
		{`story.language == story.translation.to`, ""},
		{`story.subjects.all(x, x.code == "medtop:11000000")`, ""},
		{`story.subjects.exists_one(x, x.code == "medtop:11000000")`, ""},
		{`story.places.exists(story, story == "Tokyo")`, ""},
		{`has(story.translation.to)`, ""},
		{`dyn(story).language == "id"`, ""},
	}
	for _, tt := range tests {
		f, wrong := compileFilter(tt.filter)
		if len(wrong) > 0 {
			t.Errorf("%s: %+v", tt.filter, wrong)
			continue
		}
		var fixes []string
		for at, texts := range f.fixed {
			line := places[at].name + ":"
			for _, x := range texts {
				line += " " + x.text
				if x.prefix {
					line += "…"
				}
			}
			fixes = append(fixes, line)
		}
		slices.Sort(fixes)
		if got := strings.Join(fixes, "; "); got != tt.fixes {
			t.Errorf("%s fixes %q, want %q", tt.filter, got, tt.fixes)
		}
	}
}

// BenchmarkRouteOfMany asks which of 10,000 feeds a story is in: every filter fixes provider, language, subject or source.
func BenchmarkRouteOfMany(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, err := Compile(manyFeeds(10_000))
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	s := translated()
	if in, _ := r.Feeds(s); len(in) == 0 {
		b.Fatal("the story is in no feed")
	}
	for name, route := range map[string]func(*wire.Story) ([]Def, error){"indexed": r.Feeds, "every-filter": r.byAll} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				route(s)
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/10_000, "B-held/feed")
		})
	}
}

// manyFeeds are feeds as a gateway with many customers has them: of a provider, in a language, on a subject, from a source.
func manyFeeds(n int) []Def {
	providers := []string{"antara", "kyodo", "xinhua", "tass", "reuters", "ap", "afp", "dpa", "efe", "ansa", "bernama", "yonhap"}
	languages := []string{"id", "en", "ja", "zh", "ru", "es", "fr", "de"}
	sources := []string{"Kyodo", "ANTARA", "Xinhua", "TASS", "Reuters", "AP", "AFP", "dpa", "EFE", "ANSA"}
	defs := make([]Def, n)
	for i := range defs {
		defs[i] = Def{Name: fmt.Sprint("feed-", i), Title: "Customer", Size: DefaultSize, Filter: fmt.Sprintf(
			`story.provider == %q && story.language == %q && story.subjects.exists(x, x.code.startsWith("medtop:%02d"))`+
				` && story.attribution.sources.exists(s, s.name == %q && s.role == "origin")`,
			providers[i%12], languages[i/12%8], 1+i/96%17, sources[i/1632%10])}
	}
	return defs
}
