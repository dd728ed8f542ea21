package feed

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kawat/internal/wire"
)

func names(defs []Def) []string {
	out := make([]string, len(defs))
	for i, d := range defs {
		out[i] = d.Name
	}
	return out
}

func TestRouterKeepsTheOrderOfDefinitions(t *testing.T) {
	defs := []Def{
		{Name: "z-last-in-the-alphabet", Title: "Z", Size: 10},
		{Name: "english", Title: "English", Filter: `story.language == "en"`, Size: 10},
		{Name: "a", Title: "A", Filter: `story.provider == "antara"`, Size: 10},
	}
	r, err := Compile(defs)
	if err != nil {
		t.Fatal(err)
	}
	in, failed := r.Feeds(translated())
	if want := []string{"z-last-in-the-alphabet", "a"}; !slices.Equal(names(in), want) || failed != nil {
		t.Errorf("in %v, failed %v, want %v", names(in), failed, want)
	}
	if in[0] != defs[0] {
		t.Errorf("the definition came back as %+v", in[0])
	}
	defs[0].Title = "changed by its owner"
	static := r.Static()
	if static[0].Title != "Z" {
		t.Error("the router shares its definitions with the caller")
	}
	static[1].Name = "changed by a reader"
	if r.Static()[1].Name != "english" {
		t.Error("the router hands out its own definitions")
	}
}

func TestCompileReportsEveryFault(t *testing.T) {
	_, err := Compile([]Def{
		{Name: "good", Filter: `story.urgency <= 3`},
		{Name: "Bad Name"},
		{Name: "good"},
		{Name: "lang", Filter: `story.lang == "id" && story.tittle == "x"`},
		{Name: ""},
	})
	var faults DefErrors
	if !errors.As(err, &faults) {
		t.Fatalf("%T: %v", err, err)
	}
	var got []string
	for _, f := range faults {
		got = append(got, fmt.Sprintf("%d %s %d:%d", f.Index, f.Field, f.Line, f.Column))
	}
	if want := []string{"1 name 0:0", "2 name 0:0", "3 filter 1:6", "3 filter 1:28", "4 name 0:0"}; !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
	for _, says := range []string{`feed "lang": filter, line 1, column 6: undeclared field "lang"`, `feed "good": name: "good" is the name of a feed above`} {
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%q is not in:\n%v", says, err)
		}
	}
}

func TestDigestFollowsTheDefinitions(t *testing.T) {
	base := []Def{
		{Name: "a", Title: "A", Language: "id", Filter: `story.language == "id"`, Size: 50},
		{Name: "b", Title: "B", Size: 50},
	}
	digest := func(change func([]Def) []Def) string {
		t.Helper()
		r, err := Compile(change(slices.Clone(base)))
		if err != nil {
			t.Fatal(err)
		}
		return r.Digest()
	}
	same := func(d []Def) []Def { return d }
	if a, b := digest(same), digest(same); a != b {
		t.Errorf("the same definitions have digests %s and %s", a, b)
	}
	if a, b := digest(same), digest(func(d []Def) []Def { slices.Reverse(d); return d }); a != b {
		t.Errorf("the order of definitions changed the digest from %s to %s", a, b)
	}
	seen := map[string]string{digest(same): "unchanged"}
	for name, change := range map[string]func([]Def) []Def{
		"name":     func(d []Def) []Def { d[0].Name = "c"; return d },
		"title":    func(d []Def) []Def { d[0].Title = "C"; return d },
		"language": func(d []Def) []Def { d[0].Language = "en"; return d },
		"filter":   func(d []Def) []Def { d[0].Filter = `story.language == "en"`; return d },
		"size":     func(d []Def) []Def { d[1].Size = 51; return d },
		"fewer":    func(d []Def) []Def { return d[:1] },
		"none":     func([]Def) []Def { return nil },
	} {
		d := digest(change)
		if other, ok := seen[d]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[d] = name
	}
}

func TestDefaultFeeds(t *testing.T) {
	r, err := Compile(nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := r.Static(); len(d) != 1 || d[0].Name != AllName || r.Digest() == "" {
		t.Errorf("static %v, digest %q", r.Static(), r.Digest())
	}
	origins := func(names ...string) (sources []wire.Source) {
		for _, n := range names {
			sources = append(sources, wire.Source{Name: n, Role: wire.Origin})
		}
		return append(sources, wire.Source{Name: "TASS", Role: wire.Cited})
	}
	tests := []struct {
		language string
		sources  []wire.Source
		want     []Def
	}{
		{"id", origins("Kyodo"), []Def{
			{Name: "all", Title: "All stories", Size: DefaultSize},
			{Name: "lang-id", Title: "Bahasa Indonesia", Language: "id", Size: DefaultSize},
			{Name: "agency-kyodo", Title: "Kyodo", Size: DefaultSize}}},
		{"zh-Hant", origins("中央通訊社", "Agência Brasil", "AGENCIA  BRASIL"), []Def{
			{Name: "all", Title: "All stories", Size: DefaultSize},
			{Name: "lang-zh-hant", Title: "繁體中文", Language: "zh-Hant", Size: DefaultSize},
			{Name: "agency-00241105", Title: "中央通訊社", Size: DefaultSize},
			{Name: "agency-agencia-brasil", Title: "Agência Brasil", Size: DefaultSize}}},
		{"und", nil, []Def{{Name: "all", Title: "All stories", Size: DefaultSize}}},
		{"not a tag", origins(" "), []Def{{Name: "all", Title: "All stories", Size: DefaultSize}}},
	}
	for _, tt := range tests {
		in, failed := r.Feeds(&wire.Story{Language: tt.language, Attribution: wire.Attribution{Sources: tt.sources}})
		if !slices.Equal(in, tt.want) || failed != nil {
			t.Errorf("%s %v is in\n%+v, want\n%+v (failed %v)", tt.language, tt.sources, in, tt.want, failed)
		}
		for _, d := range in {
			if !ValidName(d.Name) {
				t.Errorf("%q cannot name a feed", d.Name)
			}
		}
	}
}

func TestLanguagesInTheirOwnWords(t *testing.T) {
	for tag, want := range map[string]string{
		"id": "Bahasa Indonesia", "in": "Bahasa Indonesia", "fr": "Français", "ru": "Русский", "ja": "日本語", "ar": "العربية",
		"pt-BR": "Português", "jv": "Basa Jawa", "qaa": "qaa",
	} {
		in := defaults(&wire.Story{Language: tag})
		if len(in) != 2 || in[1].Title != want {
			t.Errorf("%s: %+v, want the title %q", tag, in, want)
		}
	}
}

func TestAgencySlug(t *testing.T) {
	for name, want := range map[string]string{
		"Kyodo": "kyodo", "dpa": "dpa", "Agence France-Presse": "agence-france-presse", "ＴＡＳＳ": "tass",
		"Česká tisková kancelář (ČTK)": "ceska-tiskova-kancelar-ctk", "Ritzaus Bureau A/S": "ritzaus-bureau-a-s",
		"Notimérica": "notimerica", "Kyodo's": "kyodos", "Łódź Prasa": "lodz-prasa", "MTI.": "mti",
		"ТАСС": "45199ce7", "共同通信 Kyodo": "kyodo-2109cd34", "24/7": "24-7-4d897477",
	} {
		if got := agencySlug(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if agencySlug("ТАСС") != agencySlug("Тасс") {
		t.Error("case parts an agency from itself")
	}
	if agencySlug("新华社") == agencySlug("共同通信") {
		t.Error("two agencies share a feed")
	}
	long := strings.Repeat("very long agency ", 20)
	if a, b := agencySlug(long+"one"), agencySlug(long+"two"); a == b || !ValidName("agency-"+a) {
		t.Errorf("%q and %q", a, b)
	}
}

func FuzzAgencySlug(f *testing.F) {
	for _, s := range []string{"Kyodo", "新华社", "Česká", "", "\xff\xfe", "---", "ﬃ", "İstanbul", strings.Repeat("a-", 60)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		slug := agencySlug(name)
		if !ValidName("agency-"+slug) || strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") {
			t.Errorf("%q gives %q", name, slug)
		}
	})
}

// No filter, however it is written, may bring the gateway down or hold up the wire.
func FuzzFilter(f *testing.F) {
	for _, s := range []string{
		`story.language == "id" && story.attribution.sources.exists(s, s.name == "Kyodo")`,
		`story.translation != null && story.translation.to == "id"`,
		`story.keywords.map(k, k + k).exists(k, k.matches("(a+)+b"))`,
		`dyn(story).translation.to == dyn(story.translation).of`, `[story, 1, null][0].embargo == null`,
		`wire.Translation{to: "id"} == story.translation`, `type(story) == wire.Story`, `story == null`,
		`has(story.translation.to) ? true : story.created < story.revised`,
	} {
		f.Add(s)
	}
	copies := []*wire.Story{translated(), bare()}
	f.Fuzz(func(t *testing.T, expression string) {
		filter, wrong := compileFilter(expression)
		if filter == nil {
			for _, w := range wrong {
				if w.line < 1 || w.column < 1 || w.reason == "" {
					t.Errorf("%q: %+v", expression, w)
				}
			}
			if len(wrong) == 0 {
				t.Errorf("%q: neither a filter nor a fault", expression)
			}
			return
		}
		for _, s := range copies {
			if admitted, err := filter.admits(s); err != nil && admitted {
				t.Errorf("%q admits a story and fails", expression)
			}
		}
	})
}

func BenchmarkRoute(b *testing.B) {
	for _, n := range []int{0, 1, 100} {
		defs := make([]Def, n)
		for i := range defs {
			defs[i] = Def{Name: fmt.Sprint("feed-", i), Size: DefaultSize, Filter: fmt.Sprintf(
				`story.language == "id" && story.urgency <= %d && story.attribution.sources.exists(s, s.name == "Kyodo")`, 1+(i+2)%9)}
		}
		r, err := Compile(defs)
		if err != nil {
			b.Fatal(err)
		}
		s := translated()
		b.Run(fmt.Sprint("feeds=", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Feeds(s)
			}
		})
	}
}
