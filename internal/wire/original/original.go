// Package original finds the story that a translation was probably made from, where the copy says only whose report it
// is ("Sumber: Kyodo") and names no id.
//
// It looks at what survives translation: numbers, names in Latin letters, countries and places, subjects, when it was filed and how
// long it is. What many of the possible originals share says little, what one of them has alone says much. It offers, with
// reasons that an editor can check; it is not knowledge, and links nothing.
package original

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"kawat/internal/wire"
)

// Likely is the score from which a candidate is probably the original. Of stories that merely came on the same day from
// the same agency none should reach it; another story about the same event may.
const Likely = 0.5

// Ahead is by how much the best candidate must lead for Best: an agency's second take of an event, or the same report in
// another language, has the same numbers and names, and nothing here tells which of them was translated.
const Ahead = 0.1

// Candidate is a story that may be the original.
type Candidate struct {
	wire.Record
	// Filed is when it was first heard of: as its provider says, or when it came, whichever is earlier.
	Filed time.Time
	// Score is from 0 (nothing speaks for it) to 1. Originals in a script without capitals cannot be compared by
	// names, and score less for it.
	Score float64
	// Reasons are why, in words, what says most first; also what speaks against it.
	Reasons []string
}

// Rank gives the possible originals of a translation, the best first. Left out are the translation itself, stories in its own
// language and canceled ones; of several versions of a story the one that stands counts. The order of possible does not
// matter. How much a number or a name says depends on how many of the possible have it, so give all that the agency filed in those
// days, and not a selection.
func Rank(translation wire.Record, possible []wire.Record) []Candidate {
	possible = eligible(translation, possible)
	prints := make([]print, len(possible))
	common := counts{len(possible), map[string]int{}}
	for i, r := range possible {
		prints[i] = printOf(r)
		common.add(prints[i])
	}
	own := printOf(translation)
	candidates := make([]Candidate, len(possible))
	for i, r := range possible {
		c := comparison{own: own, other: prints[i], common: common}
		candidates[i] = Candidate{Record: r, Filed: prints[i].filed, Score: c.score(), Reasons: c.reasons()}
	}
	slices.SortFunc(candidates, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), b.Filed.Compare(a.Filed),
			strings.Compare(a.Provider, b.Provider), strings.Compare(a.ID, b.ID))
	})
	return candidates
}

// Best is the candidate that Rank puts first, if its score is at least threshold and it leads the next one clearly; else
// nil. It is for those who accept that some links will be wrong: Likely is the least that makes sense as a threshold.
func Best(translation wire.Record, possible []wire.Record, threshold float64) *Candidate {
	candidates := Rank(translation, possible)
	if len(candidates) == 0 || candidates[0].Score < threshold ||
		len(candidates) > 1 && candidates[0].Score < candidates[1].Score+Ahead {
		return nil
	}
	return &candidates[0]
}

// eligible gives of each story the version that stands, if it can be the original at all.
func eligible(translation wire.Record, possible []wire.Record) []wire.Record {
	standing := map[wire.Key]wire.Record{}
	for _, r := range possible {
		if have, ok := standing[r.Key()]; !ok || r.Rank() > have.Rank() {
			standing[r.Key()] = r
		}
	}
	written := writtenIn(translation.Language)
	var fit []wire.Record
	for key, r := range standing {
		if key == translation.Key() || r.Status == wire.Canceled || written != "" && writtenIn(r.Language) == written {
			continue
		}
		fit = append(fit, r)
	}
	return fit
}

// writtenIn is a language with its script and without its country, "" when it is not known.
func writtenIn(tag string) string {
	t, err := language.Parse(tag)
	if err != nil || t == language.Und {
		return ""
	}
	base, _ := t.Base()
	script, _ := t.Script()
	return base.String() + "-" + script.String()
}

// filed is when a story was first heard of, the zero time when nothing says it.
func filed(r wire.Record) time.Time {
	var first time.Time
	for _, t := range []time.Time{r.Created, r.Received.At, r.Recorded} {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// print is what is compared of a story.
type print struct {
	record    wire.Record
	language  string // its base: "id"
	numbers   []number
	names     names
	countries []string // ISO 3166-1
	places    []string // folded, each under one spelling
	subjects  []string
	length    float64 // in letters of English
	filed     time.Time
}

func printOf(r wire.Record) print {
	base := ""
	if t, err := language.Parse(r.Language); err == nil && t != language.Und {
		b, _ := t.Base()
		base = b.String()
	}
	text := head(r.Headline + "\n" + r.Summary + "\n" + r.Body.Text)
	return print{
		record: r, language: base, filed: filed(r),
		numbers:   numbersIn(text, base),
		names:     namesOf(r.Story),
		countries: countriesIn(text, base),
		places:    placesOf(r.Story),
		subjects:  subjectsOf(r.Story),
		length:    lengthOf(r.Body.Text, base),
	}
}

// most is how much of a story is compared, in bytes: all of any usual one.
const most = 40_000

func head(text string) string {
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "")
	}
	return text
}

// subjectsOf are the story's subjects by code, without the scheme: media topics and the older subject codes have their
// upper levels in common.
func subjectsOf(s *wire.Story) []string {
	var codes []string
	for _, subject := range s.Subjects {
		code := subject.Code[strings.LastIndexByte(subject.Code, ':')+1:]
		if code != "" && !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// counts say how many of the possible originals have a thing.
type counts struct {
	stories int
	having  map[string]int
}

func (c counts) add(p print) {
	seen := map[string]bool{}
	note := func(kind, what string) {
		if key := kind + what; !seen[key] {
			seen[key] = true
			c.having[key]++
		}
	}
	for _, n := range p.numbers {
		note(aNumber, n.value)
	}
	for name := range p.names {
		note(aName, name)
	}
	for _, country := range p.countries {
		note(aCountry, country)
	}
	for _, place := range p.places {
		note(aPlace, place)
	}
	for _, subject := range p.subjects {
		note(aSubject, subject)
	}
}

const (
	aNumber  = "number "
	aName    = "name "
	aCountry = "country "
	aPlace   = "place "
	aSubject = "subject "
)

// rarity is 1 for what at most one of the possible originals has, and goes to 0 for what all have. Among a few of them it
// cannot go far: three stories tell little of what is usual.
func (c counts) rarity(kind, what string) float64 {
	having := c.having[kind+what]
	if having <= 1 {
		return 1
	}
	return max(0, 1-math.Log(float64(having))/math.Log(float64(max(c.stories, 8)+1)))
}
