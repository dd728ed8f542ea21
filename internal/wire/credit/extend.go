package credit

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"kawat/internal/wire/markup"
)

// extension is a desk's own file: a language's words, or agencies.
type extension struct {
	entry    *entry
	agencies []*agency
}

// inUse is the dictionary of every call, with the extensions that it was built of.
var inUse struct {
	atomic.Pointer[dictionary]
	sync.Mutex // for who changes it
	extensions []extension
}

// words gives the compiled dictionary. The data are part of the program: if they cannot be read, it cannot run.
func words() *dictionary {
	if d := inUse.Load(); d != nil {
		return d
	}
	inUse.Lock()
	defer inUse.Unlock()
	if d := inUse.Load(); d != nil {
		return d
	}
	d, err := load()
	if err != nil {
		panic("credit: " + err.Error())
	}
	inUse.Store(d)
	return d
}

// Extend adds a desk's own words to the dictionary. The YAML is a mapping of the schema of labels/*.yaml, whose words
// are added to the language's if there is one already, or a list of the schema of agencies.yaml. name is the file's, for
// errors, which say the line and the remedy; after an error nothing has changed. An extension is never taken back, and the
// record of copy that was read before stays as it is: call Extend at start, before copy is read. It may be called at
// any time, and takes effect for calls that begin later.
func Extend(name string, text []byte) error {
	m, err := readExtension(name, text)
	if err != nil {
		return err
	}
	inUse.Lock()
	defer inUse.Unlock()
	extensions := append(inUse.extensions[:len(inUse.extensions):len(inUse.extensions)], m)
	d, err := load(extensions...)
	if err != nil {
		return fmt.Errorf("%s: %w: put the words into the file of a language that there is", name, err)
	}
	inUse.extensions = extensions
	inUse.Store(d)
	return nil
}

// CheckExtension says whether Extend would take a file, with the same errors, and changes nothing.
func CheckExtension(name string, text []byte) error {
	_, err := readExtension(name, text)
	return err
}

// Bounds of a desk's file: of the file and of one word or phrase in bytes.
const (
	maxExtension = 1 << 20
	maxWord      = 120
)

var languageCode = regexp.MustCompile(`^[a-z]{2,3}$`)

func readExtension(name string, text []byte) (m extension, err error) {
	if len(text) > maxExtension {
		return m, fmt.Errorf("%s: it has more than %d bytes: a dictionary holds words, not copy", name, maxExtension)
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return m, plain(name, err, "indent with spaces, and put words with : or # in them in quotes")
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return m, fmt.Errorf("%s:1: it holds no words, or several documents: give one, with the keys of a language or a list of agencies", name)
	}
	body := file.Docs[0].Body
	at := func(word string) string { return place(name, body, word) }
	if _, ok := body.(*ast.SequenceNode); ok {
		if err := yaml.UnmarshalWithOptions(text, &m.agencies, yaml.Strict()); err != nil {
			return m, plain(name, err, "an agency has name, spellings, words and relay")
		}
		for _, a := range m.agencies {
			for _, s := range append(append([]string{}, a.Spellings...), a.Words...) {
				if bad := badTerm(s); bad != "" {
					return m, fmt.Errorf("%s: %q %s", at(s), s, bad)
				}
			}
			if len(a.Spellings)+len(a.Words) == 0 {
				return m, fmt.Errorf("%s: the agency %q has no spelling: give at least one under spellings", at(a.Name), a.Name)
			}
		}
		return m, nil
	}
	m.entry = new(entry)
	if err := yaml.UnmarshalWithOptions(text, m.entry, yaml.Strict()); err != nil {
		return m, plain(name, err, "the keys are those of a language: language, labels, clauses, saying, notice and so on")
	}
	if !languageCode.MatchString(m.entry.Language) {
		return m, fmt.Errorf("%s: %q is no language: write language: with its two or three letters, as id", at(m.entry.Language), m.entry.Language)
	}
	m.entry.Language = markup.Language(m.entry.Language)
	for i, n := range m.entry.Near {
		m.entry.Near[i] = markup.Language(n)
	}
	for node := range terms(body) {
		if bad := badTerm(node.Value); bad != "" {
			return m, fmt.Errorf("%s:%d: %q %s", name, node.Token.Position.Line, node.Value, bad)
		}
	}
	d := newDictionary()
	d.languages, d.near = []string{m.entry.Language}, make([]uint32, 1)
	var bad *badWord
	if err := d.add(m.entry); errors.As(err, &bad) {
		return m, fmt.Errorf("%s: %w", at(bad.word), bad)
	}
	return m, nil
}

// badTerm says why text cannot be a word or phrase of a dictionary; "" if it can.
func badTerm(s string) string {
	switch {
	case !strings.ContainsFunc(s, inWord):
		return "has no letter: write the word itself"
	case len(s) > maxWord:
		return fmt.Sprintf("has more than %d bytes: give the words with which it begins", maxWord)
	case s != squeeze(s):
		return "has spaces around it, or two together: write it with single ones"
	case strings.HasSuffix(s, ":"):
		return "ends in a colon: leave it out, since any colon is understood"
	}
	return ""
}

// terms gives the texts of lists.
func terms(n ast.Node) func(yield func(*ast.StringNode) bool) {
	return func(yield func(*ast.StringNode) bool) {
		for _, s := range ast.Filter(ast.SequenceType, n) {
			for _, v := range s.(*ast.SequenceNode).Values {
				if text, ok := v.(*ast.StringNode); ok && !yield(text) {
					return
				}
			}
		}
	}
}

// place gives the file and the line on which a word stands, the first if none.
func place(name string, n ast.Node, word string) string {
	for _, s := range ast.Filter(ast.StringType, n) {
		if text := s.(*ast.StringNode); text.Value == word {
			return fmt.Sprintf("%s:%d", name, text.Token.Position.Line)
		}
	}
	return name + ":1"
}

// plain puts what the YAML package says into one line with its place.
func plain(name string, err error, remedy string) error {
	var y yaml.Error
	if errors.As(err, &y) {
		line := 1
		if t := y.GetToken(); t != nil {
			line = t.Position.Line
		}
		return fmt.Errorf("%s:%d: %s: %s", name, line, y.GetMessage(), remedy)
	}
	return fmt.Errorf("%s: %w: %s", name, err, remedy)
}
