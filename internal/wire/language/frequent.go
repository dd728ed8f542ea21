package language

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"
)

//go:embed frequent.yaml
var frequentYAML []byte

// frequent is what frequent.yaml says, by words and letters.
type frequent struct {
	tags    []string
	words   map[string][]uint8 // the languages that have it, as indexes of tags
	letters map[rune][]uint8
}

var table = sync.OnceValue(func() *frequent {
	var file map[string]struct{ Words, Letters string }
	if err := yaml.UnmarshalWithOptions(frequentYAML, &file, yaml.Strict()); err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	f := &frequent{words: map[string][]uint8{}, letters: map[rune][]uint8{}}
	for tag := range file {
		f.tags = append(f.tags, tag)
	}
	slices.Sort(f.tags)
	for i, tag := range f.tags {
		for word := range strings.FieldsSeq(file[tag].Words) {
			if l := f.words[word]; !slices.Contains(l, uint8(i)) {
				f.words[word] = append(l, uint8(i))
			}
		}
		for _, r := range file[tag].Letters {
			f.letters[r] = append(f.letters[r], uint8(i))
		}
	}
	return f
})

// whole is what a word counts that one language has alone; a letter counts a sixth of it.
const whole = 60

// byWords tells the language of a text in Latin letters by its frequent words. points are those of the language and of the
// next that is not written alike, words is how many of its words were found.
func byWords(text string) (tag string, points, next, words int) {
	f := table()
	var sums, counts [32]int
	var room [24]byte
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) {
		if len(word) > len(room) {
			continue
		}
		key := room[:0]
		for _, r := range word {
			key = appendRune(key, unicode.ToLower(r))
			for _, i := range f.letters[unicode.ToLower(r)] {
				sums[i] += whole / 6 / len(f.letters[unicode.ToLower(r)])
			}
		}
		its := f.words[string(key)]
		for _, i := range its {
			sums[i] += whole / len(its)
			counts[i]++
		}
	}
	best := 0
	for i := range f.tags {
		if sums[i] > sums[best] {
			best = i
		}
	}
	for i := range f.tags {
		if i != best && !near(f.tags[i], f.tags[best]) {
			next = max(next, sums[i])
		}
	}
	return f.tags[best], sums[best], next, counts[best]
}

func appendRune(to []byte, r rune) []byte {
	if r < 0x80 {
		return append(to, byte(r))
	}
	return append(to, string(r)...)
}
