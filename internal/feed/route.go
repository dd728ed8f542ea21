package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kawat/internal/wire"
)

// MaxSize is the most stories a feed may show.
const MaxSize = 1000

// Router says which feeds a story is in. It is immutable, and safe for concurrent use.
//
// It judges a version by its own words only. That a killed story must stay in the feeds it was in, whatever its last
// version says, so that their readers learn of the kill, is for the one who asks: it adds the feeds of the version
// that stood before.
type Router struct {
	defs    []Def
	filters []*filter // beside defs; nil: admits every story
	index   *index
	digest  string
}

// DefError is what is wrong with one feed's definition.
type DefError struct {
	// Index is the definition's place in the list that Compile was given, from 0.
	Index int
	Name  string
	// Field is the part that is wrong: "name" or "filter".
	Field string
	// Line and Column are the place within the filter, from 1; both are 0 for other fields.
	Line, Column int
	// Reason is what is wrong and what to do.
	Reason string
}

func (e *DefError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("feed %q: %s: %s", e.Name, e.Field, e.Reason)
	}
	return fmt.Sprintf("feed %q: %s, line %d, column %d: %s", e.Name, e.Field, e.Line, e.Column, e.Reason)
}

// DefErrors is everything that Compile found wrong, in the order of the definitions.
type DefErrors []*DefError

func (e DefErrors) Error() string {
	lines := make([]string, len(e))
	for i, d := range e {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Compile makes a Router of feed definitions: names are checked, and filters type-checked against the story record.
// Its error is a DefErrors that holds every fault. Without definitions the router makes the default feeds: "all", one
// a language and one an agency whose reports come in.
func Compile(defs []Def) (*Router, error) {
	r := &Router{defs: slices.Clone(defs), filters: make([]*filter, len(defs))}
	var faults DefErrors
	taken := make(map[string]bool, len(defs))
	for i, d := range r.defs {
		switch {
		case !ValidName(d.Name):
			faults = append(faults, &DefError{Index: i, Name: d.Name, Field: "name", Reason: fmt.Sprintf(
				"%q cannot be part of an address: use 1 to %d of the characters a-z, 0-9 and -", d.Name, maxName)})
		case taken[d.Name]:
			faults = append(faults, &DefError{Index: i, Name: d.Name, Field: "name", Reason: fmt.Sprintf(
				"%q is the name of a feed above: give each feed its own", d.Name)})
		}
		taken[d.Name] = true
		if d.Filter == "" {
			continue
		}
		f, wrong := compileFilter(d.Filter)
		for _, w := range wrong {
			faults = append(faults, &DefError{i, d.Name, "filter", w.line, w.column, w.reason})
		}
		r.filters[i] = f
	}
	if len(faults) > 0 {
		return nil, faults
	}
	fixes := make([]fixed, len(r.filters))
	for i, f := range r.filters {
		if f != nil {
			fixes[i] = f.fixed
		}
	}
	r.index = newIndex(fixes)
	var err error
	if r.digest, err = digestOf(r.defs); err != nil {
		return nil, err
	}
	return r, nil
}

// FilterError is a filter that came to no verdict on a story; the story is not in that feed.
type FilterError struct {
	Feed string // the feed's name
	Err  error
}

func (e *FilterError) Error() string { return fmt.Sprintf("the filter of feed %q: %v", e.Feed, e.Err) }

func (e *FilterError) Unwrap() error { return e.Err }

// Feeds says which feeds the story is in, in the order of their definitions. The default feeds come as "all", the
// language's, then the agencies' in the order of the story's sources. A version that is withheld or killed is judged
// as any other.
//
// The error joins a *FilterError for each filter that failed on the story; the list is complete for all other feeds. A filter
// that is false of the story by what it fixes (see places) is not evaluated, so that it cannot cost too much there.
func (r *Router) Feeds(s *wire.Story) ([]Def, error) {
	if len(r.defs) == 0 {
		return defaults(s), nil
	}
	var in []Def
	var failed []error
	for _, i := range r.index.candidates(s) {
		d := r.defs[i]
		if f := r.filters[i]; f != nil {
			admitted, err := f.admits(s)
			if err != nil {
				failed = append(failed, &FilterError{Feed: d.Name, Err: err})
			}
			if !admitted {
				continue
			}
		}
		in = append(in, d)
	}
	return in, errors.Join(failed...)
}

// Static gives the feeds that there are before any story: the configured ones, in their order, or by default the feed of
// everything. The caller may keep it.
func (r *Router) Static() []Def {
	if len(r.defs) == 0 {
		return []Def{everything}
	}
	return slices.Clone(r.defs)
}

// Digest changes whenever a definition changes, and is the same in every process that has the same definitions, in
// whichever order: feeds that were filled under another digest have to be filled anew.
func (r *Router) Digest() string { return r.digest }

// digestRules is part of the digest: raise it when the same definitions come to admit other stories.
const digestRules = "feeds/1\n"

func digestOf(defs []Def) (string, error) {
	byName := slices.SortedFunc(slices.Values(defs), func(a, b Def) int { return strings.Compare(a.Name, b.Name) })
	text, err := json.Marshal(byName)
	if err != nil {
		return "", fmt.Errorf("digest of the feed definitions: %w", err)
	}
	sum := sha256.Sum256(append([]byte(digestRules), text...))
	return hex.EncodeToString(sum[:16]), nil
}

// maxName is the most bytes a feed's name may have.
const maxName = 64

// ValidName says whether name can name a feed: 1 to 64 of a-z, 0-9 and '-', since it is part of the feed's address.
func ValidName(name string) bool {
	if name == "" || len(name) > maxName {
		return false
	}
	for _, c := range []byte(name) {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return true
}
