package original

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// comparison is a translation beside a possible original.
type comparison struct {
	own, other print
	common     counts
}

// shared is something that both have, and how much it says: 0..1 for each.
type shared struct {
	shown  string
	weight float64
}

// How much each kind can do at most. They are joined as if each could err by itself: none makes certain, and several that
// agree nearly do.
const (
	numbersCan   = 0.72
	namesCan     = 0.72
	countriesCan = 0.30
	placeCan     = 0.20
	subjectsCan  = 0.15
)

// score joins what speaks for the original, and takes from it what speaks against.
func (c comparison) score() float64 {
	doubt := 1.0
	for _, part := range []float64{
		numbersCan * c.numbers().strength,
		namesCan * c.names().strength,
		countriesCan * c.countries().strength,
		placeCan * c.places().strength,
		subjectsCan * c.subjects().strength,
	} {
		doubt *= 1 - part
	}
	inTime, _ := c.time()
	inLength, _ := c.length()
	inLanguage, _ := c.language()
	return (1 - doubt) * inTime * inLength * inLanguage
}

// finding is what both have of one kind, what says most first.
type finding struct {
	both     []shared
	strength float64 // 0..1
}

// find weighs what both have. enough is the weight at which more of it hardly adds; most is the weight of all that the
// poorer of the two has: an original that has a twentieth of the translation's numbers is none.
func find(both []shared, enough, most float64) finding {
	sum := 0.0
	for _, s := range both {
		sum += s.weight
	}
	slices.SortFunc(both, func(a, b shared) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.shown, b.shown))
	})
	if sum == 0 {
		return finding{both: both}
	}
	return finding{both, (1 - math.Exp(-sum/enough)) * math.Sqrt(min(1, sum/max(sum, most)))}
}

func (c comparison) numbers() finding {
	weigh := func(n number) float64 { return n.says() * c.common.rarity(aNumber, n.value) }
	values, bares := map[string]bool{}, map[string]bool{}
	mine, its := 0.0, 0.0
	for _, n := range c.other.numbers {
		its += weigh(n)
		values[n.value] = true
		if n.bare != "" {
			bares[n.bare] = true
		}
	}
	var both []shared
	for _, n := range c.own.numbers {
		mine += weigh(n)
		if values[n.value] || bares[n.value] || n.bare != "" && values[n.bare] {
			both = append(both, shared{n.shown(), weigh(n)})
		}
	}
	return find(both, 1.6, min(mine, its))
}

func (c comparison) names() finding {
	weigh := func(key string, n name) float64 { return n.says() * c.common.rarity(aName, key) }
	all := func(of names) (sum float64) {
		for _, key := range of.sure() {
			sum += weigh(key, of[key])
		}
		return sum
	}
	var both []shared
	for _, key := range c.own.names.common(c.other.names) {
		both = append(both, shared{c.own.names[key].shown, weigh(key, c.own.names[key])})
	}
	return find(both, 2, min(all(c.own.names), all(c.other.names)))
}

func (c comparison) countries() finding {
	return c.same(aCountry, c.own.countries, c.other.countries, 1.2, countryName)
}

func (c comparison) places() finding {
	return c.same(aPlace, c.own.places, c.other.places, 0.5, func(place string) string {
		return placeName(place, c.own.record.Story, c.other.record.Story)
	})
}

func (c comparison) subjects() finding {
	names := map[string]string{}
	for _, subject := range append(slices.Clone(c.other.record.Subjects), c.own.record.Subjects...) {
		if subject.Name != "" {
			names[subject.Code[strings.LastIndexByte(subject.Code, ':')+1:]] = subject.Name
		}
	}
	return c.same(aSubject, c.own.subjects, c.other.subjects, 1, func(code string) string { return cmp.Or(names[code], code) })
}

func (c comparison) same(kind string, own, other []string, enough float64, show func(string) string) finding {
	mine, its := 0.0, 0.0
	for _, what := range other {
		its += c.common.rarity(kind, what)
	}
	var both []shared
	for _, what := range own {
		mine += c.common.rarity(kind, what)
		if slices.Contains(other, what) {
			both = append(both, shared{show(what), c.common.rarity(kind, what)})
		}
	}
	return find(both, enough, min(mine, its))
}

// early is how much later than its translation an original may seem to be filed: clocks differ.
const early = 15 * time.Minute

// time weighs when the two were filed: translations come after their originals, mostly within hours. A version after the
// first may be newer than what was translated.
func (c comparison) time() (weight float64, sentence string) {
	if c.own.filed.IsZero() || c.other.filed.IsZero() {
		return 0.95, ""
	}
	before := c.own.filed.Sub(c.other.filed)
	switch {
	case before < -early && c.other.record.Version > 1:
		return 0.8, "this version was filed " + spoken(-before) + " after"
	case before < -early:
		return 0.5, "but it was filed " + spoken(-before) + " after"
	case before < time.Minute:
		return 1, "filed at the same time"
	}
	// From 6 hours on it falls slowly: features are translated days later.
	late := max(0, before-6*time.Hour).Hours()
	return 0.7 + 0.3*math.Exp(-late/36), "filed " + spoken(before) + " before"
}

func spoken(d time.Duration) string {
	switch {
	case d < 100*time.Minute:
		return count(int(d.Round(time.Minute).Minutes()), "minute")
	case d < 48*time.Hour:
		return count(int(d.Round(time.Hour).Hours()), "hour")
	}
	return count(int(d.Round(24*time.Hour).Hours()/24), "day")
}

func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// letters is how many letters a language needs for what English says with one.
var letters = map[string]float64{
	"id": 1.07, "ms": 1.07, "es": 1.12, "fr": 1.15, "pt": 1.08, "it": 1.13, "de": 1.13, "nl": 1.1, "ru": 1.05, "uk": 1.0,
	"vi": 1.05, "th": 0.95, "ar": 0.82, "he": 0.75, "fa": 0.9, "hi": 0.98, "ja": 0.45, "zh": 0.29, "ko": 0.48, "tr": 1.0,
}

// lengthOf is how long a text would be in English, in letters.
func lengthOf(text, language string) float64 {
	n := 0
	for range text {
		n++
	}
	if per := letters[language]; per > 0 {
		return float64(n) / per
	}
	return float64(n)
}

// length weighs how long the two are. Translations are often shortened, and seldom much longer.
func (c comparison) length() (weight float64, sentence string) {
	if c.own.length == 0 || c.other.length == 0 {
		return 0.95, ""
	}
	times := c.own.length / c.other.length
	switch {
	case times > 3:
		return 0.6, "but the translation would be much longer than it"
	case times > 1.6:
		return 0.85, ""
	case times < 0.2:
		return 0.7, "but the translation would be only a small part of it"
	case times < 0.5:
		return 0.9, ""
	}
	return 1, "their lengths fit"
}

// language weighs what the translation says of the language it was made from.
func (c comparison) language() (weight float64, sentence string) {
	said := c.own.record.Translation
	if said == nil || writtenIn(said.From) == "" || writtenIn(c.other.record.Language) == "" {
		return 1, ""
	}
	a, _ := language.Make(said.From).Base()
	b, _ := language.Make(c.other.record.Language).Base()
	if a != b {
		return 0.6, "but the translation says that it was made from " + tongue(said.From)
	}
	return 1, ""
}

// tongue is a language's name in English.
func tongue(tag string) string { return display.English.Tags().Name(language.Make(tag)) }

// reasons are why the score is what it is.
func (c comparison) reasons() []string {
	type reason struct {
		sentence string
		strength float64
	}
	var found []reason
	for _, kind := range []struct {
		finding
		can                     float64
		before, after, severals string
	}{
		{c.numbers(), numbersCan, "the number ", " is in both", "numbers "},
		{c.names(), namesCan, "name: ", "", "names: "},
		{c.countries(), countriesCan, "", " is named in both", ""},
		{c.places(), placeCan, "", " is the place of both", ""},
		{c.subjects(), subjectsCan, "the subject of both is ", "", "subjects of both are "},
	} {
		var shown []string
		for _, s := range kind.both {
			if s.weight >= 0.1 && len(shown) < 6 {
				shown = append(shown, s.shown)
			}
		}
		if len(shown) == 0 {
			continue
		}
		before, after := kind.before, kind.after
		if len(shown) > 1 {
			before, after = kind.severals, strings.NewReplacer(" is ", " are ").Replace(kind.after)
		}
		found = append(found, reason{before + list(shown) + after, kind.can * kind.strength})
	}
	slices.SortStableFunc(found, func(a, b reason) int { return cmp.Compare(b.strength, a.strength) })
	var sentences []string
	for _, r := range found {
		sentences = append(sentences, r.sentence)
	}
	for _, weigh := range []func() (float64, string){c.time, c.length, c.language} {
		if _, sentence := weigh(); sentence != "" {
			sentences = append(sentences, sentence)
		}
	}
	if capitals(c.own.language) && !capitals(c.other.language) || !capitals(c.own.language) && capitals(c.other.language) {
		sentences = append(sentences, fmt.Sprintf("names cannot be compared between %s and %s: this score says less",
			tongue(c.own.language), tongue(c.other.language)))
	}
	return sentences
}

// list is "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
