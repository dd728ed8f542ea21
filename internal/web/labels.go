package web

import (
	"embed"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

//go:embed labels/*.yaml
var labelFiles embed.FS

// labels are what a story's page says itself, in one language. The languages are those of the notices (render.NoticeOf).
type labels struct {
	Tag    string        `yaml:"-"` // BCP 47
	tongue display.Namer // languages, in this one
	human  func(time.Time) string

	// Who did what; the copy's own credits are shown as they are.
	Reported, Translated, Edited, Filed string
	Contributed                         string // who worked on it as well
	PassedOn                            string `yaml:"passedOn"`
	PublishedBy                         string `yaml:"publishedBy"`
	// From which language into which: {from}, {to}.
	Into      string
	FromTo    string `yaml:"fromTo"`
	ByMachine string `yaml:"byMachine"`

	// What changed, and what that means for who has used the story.
	Correction, Update, Reinstated string
	CorrectionText                 string `yaml:"correctionText"`
	UpdateText                     string `yaml:"updateText"`
	ReinstatedText                 string `yaml:"reinstatedText"`
	OriginalCorrected              string `yaml:"originalCorrected"`
	OriginalWithdrawn              string `yaml:"originalWithdrawn"`

	// The form.
	Published, Updated, Version, Urgency, Language string
	OfNine                                         string `yaml:"ofNine"` // an urgency {n} of 9
	AlsoIn                                         string `yaml:"alsoIn"` // other languages
	IsOriginal                                     string `yaml:"isOriginal"`
	Original                                       string // leads to the story that this one translates

	EditorsNote      string `yaml:"editorsNote"`
	WhereFrom        string `yaml:"whereFrom"`
	Quotes, Reserved string
	Reservation      string // the same at length
	Files, Related   string

	// The rail, and the notice.
	CreditAndRights               string `yaml:"creditAndRights"`
	CreditAs                      string `yaml:"creditAs"`
	Rights, Holder, Terms, Policy string
	OnlyIn                        string `yaml:"onlyIn"` // territories
	NotIn                         string `yaml:"notIn"`
	StoryAs                       string `yaml:"storyAs"` // the other formats
	PlainText                     string `yaml:"plainText"`
	InTheFeeds                    string `yaml:"inTheFeeds"`
	More                          string // {n} more feeds
	Identity, Provider            string
	TranslationOf                 string `yaml:"translationOf"`
}

// inEnglish is what pages that are in no story's language say.
func inEnglish() *labels { return labelsIn("en") }

// labelsIn are those of a story's language, or the English ones.
func labelsIn(tag string) *labels {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if l := allLabels()[primary]; l != nil {
		return l
	}
	return allLabels()["en"]
}

var allLabels = sync.OnceValue(func() map[string]*labels {
	all, err := readLabels(labelFiles)
	if err != nil {
		panic(err) // they are part of the program
	}
	return all
})

func readLabels(files embed.FS) (map[string]*labels, error) {
	found, err := files.ReadDir("labels")
	if err != nil {
		return nil, err
	}
	all := map[string]*labels{}
	for _, f := range found {
		tag := strings.TrimSuffix(f.Name(), ".yaml")
		text, err := files.ReadFile(path.Join("labels", f.Name()))
		if err != nil {
			return nil, err
		}
		l := &labels{Tag: tag, tongue: display.Tags(language.Make(tag)), human: numeric}
		if tag == "en" {
			l.human = human
		}
		if err := yaml.UnmarshalWithOptions(text, l, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("labels/%s: %w", f.Name(), err)
		}
		all[tag] = l
	}
	return all, nil
}

// Tongue is a language's name, "" when it is not known.
func (l *labels) Tongue(tag string) string {
	t, err := language.Parse(tag)
	if err != nil || t == language.Und {
		return ""
	}
	if name := l.tongue.Name(t); name != "" {
		return name
	}
	return display.English.Tags().Name(t)
}

// numeric is a time for readers of any language: the names of months would need grammar.
func numeric(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// Human is a time as readers see it.
func (l *labels) Human(t time.Time) string { return l.human(t) }

// Nth puts a number into a label.
func (l *labels) Nth(label string, n int) string {
	return strings.ReplaceAll(label, "{n}", strconv.Itoa(n))
}

// translated says from which language into which, as far as it is known.
func (l *labels) translated(from, to string) string {
	from, to = l.Tongue(from), l.Tongue(to)
	switch {
	case to == "":
		return ""
	case from == "":
		return strings.ReplaceAll(l.Into, "{to}", to)
	}
	return strings.NewReplacer("{from}", from, "{to}", to).Replace(l.FromTo)
}
