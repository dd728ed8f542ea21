package feed

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"kawat/internal/wire"
)

// translated is Kyodo's story as ANTARA translated it.
func translated() *wire.Story {
	embargo := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	return &wire.Story{
		ID: "kyodo-1", Provider: "antara", Version: 2, Status: wire.Usable, Signal: wire.Correction, Urgency: 3,
		Language: "id", Headline: "Jepang dan Indonesia sepakat", Embargo: &embargo,
		Body:     wire.Body{Text: strings.Repeat("Kedua negara sepakat bekerja sama. ", 40)},
		Created:  time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC),
		Subjects: []wire.Subject{{Code: "medtop:11000000", Name: "politics"}},
		Places:   []string{"Tokyo"},
		Attribution: wire.Attribution{Sources: []wire.Source{
			{Name: "Kyodo", Role: wire.Origin}, {Name: "TASS", Role: wire.Cited},
		}},
		Translation: &wire.Translation{From: "en", To: "id", Method: "human"},
		Rights:      wire.Rights{Holder: "ANTARA", Year: 2026, AI: wire.AIReserved},
		Received:    wire.Received{Format: "copytext", Sequence: 42},
	}
}

// bare says as little as a story may.
func bare() *wire.Story {
	return &wire.Story{ID: "1", Provider: "kyodo", Version: 1, Status: wire.Usable, Language: "en",
		Rights: wire.Rights{AI: wire.AIUnspecified}}
}

func TestFilterVerdicts(t *testing.T) {
	tests := []struct {
		filter           string
		translated, bare bool
	}{
		{`true`, true, true},
		{`story.language == "id" && story.attribution.sources.exists(s, s.name == "Kyodo")`, true, false},
		{`story.urgency <= 3`, true, true},
		{`story.urgency in [1, 2, 3]`, true, false},
		{`story.version > 1`, true, false},
		{`story.subjects.exists(x, x.code.startsWith("medtop:11"))`, true, false},
		{`story.subjects.all(x, x.code.startsWith("medtop:11"))`, true, true},
		{`story.translation != null && story.translation.to == "id"`, true, false},
		{`story.translation == null`, false, true},
		{`story.translation != null`, true, false},
		{`story.translation.to == "id"`, true, false},
		{`story.translation.method == ""`, false, true},
		{`has(story.translation)`, true, false},
		{`has(story.translation.to)`, true, false},
		{`(story.translation == null ? story.language : story.translation.from) == "en"`, true, true},
		{`story.rights.ai != "reserved"`, false, true},
		{`story.rights.ai == "reserved" && story.rights.year == 2026`, true, false},
		{`story.status == "usable" && story.signal == "correction"`, true, false},
		{`story.provider in ["kyodo", "antara"]`, true, true},
		{`"Tokyo" in story.places`, true, false},
		{`story.places.size() == 0`, false, true},
		{`story.embargo == null`, false, true},
		{`story.embargo != null && story.embargo > timestamp("2026-11-23T01:59:59Z")`, true, false},
		{`story.created == null`, false, true},
		{`story.created != null && story.created.getFullYear() == 2026`, true, false},
		{`story.expires == null`, true, true},
		{`story.dateline.place == ""`, true, true},
		{`story.body.text.contains("bekerja sama")`, true, false},
		{`story.headline.matches("(?i)JEPANG")`, true, false},
		{`story.received.sequence > 41u`, true, false},
		{`story.media.exists(m, m.type.startsWith("image/"))`, false, false},
	}
	for _, tt := range tests {
		f, wrong := compileFilter(tt.filter)
		if len(wrong) > 0 {
			t.Errorf("%s: %+v", tt.filter, wrong)
			continue
		}
		for _, c := range []struct {
			name  string
			story *wire.Story
			want  bool
		}{{"translated", translated(), tt.translated}, {"bare", bare(), tt.bare}} {
			if got, err := f.admits(c.story); err != nil || got != c.want {
				t.Errorf("%s: %s story: %v, %v; want %v", tt.filter, c.name, got, err, c.want)
			}
		}
	}
}

func TestFilterFaults(t *testing.T) {
	tests := []struct {
		filter       string
		line, column int
		says         string
	}{
		{`story.lang == "id"`, 1, 6, `undeclared field "lang": the story record's fields are listed in docs/configuration.md`},
		{"story.language == 'id' &&\n  story.rights.ia == 'reserved'", 2, 15, `undeclared field "ia"`},
		{`language == "id"`, 1, 1, `undeclared name "language": a filter begins with story`},
		{`story.urgency == "3"`, 1, 15, `"==" does not work on (int, string)`},
		{`story.headline`, 1, 1, `this is a string: a filter must come to true or false`},
		{`story.language = "id"`, 1, 16, `not a whole expression`},
		{`story.language == "id`, 1, 19, `not a whole expression`},
		{`story.subjects.exists(x, x.kode == "a")`, 1, 27, `undeclared field "kode"`},
		{`story.translation.for == "id"`, 1, 18, `undeclared field "for"`},
		{`story.status == 1`, 1, 14, `does not work on (string, int)`},
	}
	for _, tt := range tests {
		_, wrong := compileFilter(tt.filter)
		if len(wrong) == 0 {
			t.Errorf("%s: no fault found", tt.filter)
			continue
		}
		if w := wrong[0]; w.line != tt.line || w.column != tt.column || !strings.Contains(w.reason, tt.says) {
			t.Errorf("%s: %d:%d: %s; want %d:%d: %s", tt.filter, w.line, w.column, w.reason, tt.line, tt.column, tt.says)
		}
	}
}

func TestFilterWithoutVerdictDoesNotAdmit(t *testing.T) {
	r, err := Compile([]Def{
		{Name: "late", Filter: `story.embargo > timestamp("2026-01-01T00:00:00Z")`},
		{Name: "first", Filter: `story.places[0] == "Tokyo"`},
		{Name: "every"},
	})
	if err != nil {
		t.Fatal(err)
	}
	in, failed := r.Feeds(bare())
	if len(in) != 1 || in[0].Name != "every" {
		t.Errorf("a story without embargo and places is in %v", in)
	}
	for _, name := range []string{`the filter of feed "late": no such overload`, `the filter of feed "first": index out of bounds`} {
		if failed == nil || !strings.Contains(failed.Error(), name) {
			t.Errorf("%q is not in %v", name, failed)
		}
	}
	if in, failed = r.Feeds(translated()); len(in) != 3 || failed != nil {
		t.Errorf("a story with both is in %v, failed: %v", in, failed)
	}
}

func TestFilterCannotHang(t *testing.T) {
	s := translated()
	for i := range 2000 {
		s.Keywords = append(s.Keywords, fmt.Sprint("keyword ", i))
	}
	r, err := Compile([]Def{{Name: "nested", Filter: `story.keywords.all(a, story.keywords.all(b, ` +
		`story.keywords.all(c, story.keywords.all(d, a + b + c + d != ""))))`}})
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	in, failed := r.Feeds(s)
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %v to give up", took)
	}
	var which *FilterError
	if len(in) != 0 || !errors.As(failed, &which) || which.Feed != "nested" || !strings.Contains(which.Error(), "cost limit") {
		t.Errorf("in %v, failed: %v", in, failed)
	}
}

func TestFilterReadsAWholeStory(t *testing.T) {
	s := translated()
	s.Body.Text = strings.Repeat("kata ", 200_000)
	f, wrong := compileFilter(`story.body.text.contains("perdamaian") || story.body.text.matches("(?i)gencatan")`)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if _, err := f.admits(s); err != nil {
		t.Errorf("a megabyte of text costs too much to search: %v", err)
	}
}

// Every part of the record that may be missing is known to the filters, and everything in it has a name there.
func TestFilterKnowsTheRecord(t *testing.T) {
	env, err := filterEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[reflect.Type]bool{}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Slice:
			walk(typ.Elem())
			return
		case reflect.Pointer:
			if typ.Elem() != reflect.TypeFor[time.Time]() {
				if _, ok := absent[typeName(typ.Elem())]; !ok {
					t.Errorf("%v may be nil in the record, and is not in absent", typ)
				}
			}
			walk(typ.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if seen[typ] || typ == reflect.TypeFor[time.Time]() {
			return
		}
		seen[typ] = true
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "-" { // the record does not have it
				continue
			}
			if _, ok := env.CELTypeProvider().FindStructFieldType(typeName(typ), name); !ok {
				t.Errorf("filters do not know %v.%s as %q", typ, f.Name, name)
			}
			walk(f.Type)
		}
	}
	walk(reflect.TypeFor[wire.Story]())
}

func TestRouterIsSafeForConcurrentUse(t *testing.T) {
	r, err := Compile([]Def{
		{Name: "id", Filter: `story.language == "id"`},
		{Name: "kyodo", Filter: `story.attribution.sources.exists(s, s.name == "Kyodo")`},
		{Name: "here", Filter: `story.translation == null`},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := translated()
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			for range 200 {
				if in, failed := r.Feeds(s); len(in) != 2 || failed != nil {
					t.Errorf("in %v, failed %v", in, failed)
					return
				}
			}
		})
	}
	done.Wait()
}
