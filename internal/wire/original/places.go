package original

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kawat/internal/wire"
)

//go:embed places.yaml
var placesYAML []byte

// spellings gives for a place's folded spelling the one that stands for it: 東京 is tokyo.
var spellings = sync.OnceValue(func() map[string]string {
	var rows [][]string
	if err := yaml.UnmarshalWithOptions(placesYAML, &rows, yaml.Strict()); err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	all := map[string]string{}
	for _, row := range rows {
		for _, spelling := range row {
			all[fold(spelling)] = fold(row[0])
		}
	}
	return all
})

// placesOf are the place of the dateline and those that the story names as its own, each under one spelling.
func placesOf(s *wire.Story) []string {
	var places []string
	for _, place := range append([]string{s.Dateline.Place}, s.Places...) {
		place, _, _ = strings.Cut(place, ",")
		place = fold(strings.TrimSpace(place))
		if known, ok := spellings()[place]; ok {
			place = known
		}
		if place != "" && !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	return places
}

// country is a country's name in one language.
type country struct{ code, name string }

var (
	countryNames sync.Map // language → []country
	regions      = sync.OnceValue(func() []language.Region {
		var all []language.Region
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				if r, err := language.ParseRegion(string([]rune{a, b})); err == nil && r.IsCountry() && r.Canonicalize() == r {
					all = append(all, r)
				}
			}
		}
		return all
	})
)

// countriesIn gives the countries that a text names, by CLDR's names for them in the text's language.
func countriesIn(text, tag string) []string {
	known, ok := countryNames.Load(tag)
	if !ok {
		known, _ = countryNames.LoadOrStore(tag, countriesBy(tag))
	}
	var codes []string
	for _, c := range known.([]country) {
		if says(text, c.name) {
			codes = append(codes, c.code)
		}
	}
	return codes
}

func countriesBy(tag string) []country {
	parsed, err := language.Parse(tag)
	if err != nil || tag == "" {
		return nil
	}
	namer := display.Regions(parsed)
	if namer == nil {
		return nil
	}
	var all []country
	for _, r := range regions() {
		if name := namer.Name(r); utf8.RuneCountInString(name) > 1 && !strings.ContainsRune(name, '(') {
			all = append(all, country{r.String(), name})
		}
	}
	return all
}

// says says whether a text has a name in it: as whole words in Latin letters, anywhere in scripts that put other letters
// right before and after it.
func says(text, name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	words := unicode.Is(unicode.Latin, first)
	for rest := text; ; {
		i := strings.Index(rest, name)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(rest[:i])
		after, _ := utf8.DecodeRuneInString(rest[i+len(name):])
		if !words || !unicode.IsLetter(before) && !unicode.IsLetter(after) {
			return true
		}
		rest = rest[i+len(name):]
	}
}

// countryName is a country's name in English, for reasons.
func countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	return display.English.Regions().Name(region)
}

// placeName is how a place is shown in reasons: as the copy has it, if one of them has it in Latin letters.
func placeName(folded string, stories ...*wire.Story) string {
	shown := folded
	for _, s := range stories {
		for _, place := range append([]string{s.Dateline.Place}, s.Places...) {
			place, _, _ = strings.Cut(place, ",")
			if place = strings.TrimSpace(place); fold(place) == folded && place != strings.ToUpper(place) {
				return place
			}
		}
	}
	first, size := utf8.DecodeRuneInString(shown)
	return string(unicode.ToTitle(first)) + shown[size:]
}
