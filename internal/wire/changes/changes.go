// Package changes tells what a version of a story changed against the one before it: for people who have to answer for a
// correction, and for the record of it.
package changes

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"kawat/internal/wire"
)

// Changes are what a version changed. What is empty did not change.
type Changes struct {
	Headline Line   `json:"headline,omitempty"`
	Text     []Line `json:"text,omitempty"` // all paragraphs of both versions, in their order, if any of them changed
	// Markup says that the text has the same words under other markup.
	Markup bool    `json:"markup,omitzero"`
	Fields []Field `json:"fields,omitempty"` // by name
}

// Field is a field of the record other than headline and text, named as in the record. Lists are a field as a whole.
type Field struct {
	Name string `json:"name"`
	Old  string `json:"old"` // "" where there was none
	New  string `json:"new"` // "" where there is none any more
}

// None says that readers see no difference.
func (c Changes) None() bool {
	return c.Headline == nil && c.Text == nil && !c.Markup && len(c.Fields) == 0
}

// Between compares a version with the one before it. How a version came to us, its evidence, number and signal and the
// desk's orders are not compared, which say what it is and not what is in it.
func Between(before, after *wire.Story) (Changes, error) {
	var c Changes
	if before.Headline != after.Headline {
		c.Headline = Words(before.Headline, after.Headline)
	}
	if before.Body.Text != after.Body.Text {
		c.Text = Paragraphs(before.Body.Text, after.Body.Text)
	}
	c.Markup = c.Text == nil && before.Body.HTML != after.Body.HTML
	was, err := fields(before)
	if err != nil {
		return c, err
	}
	is, err := fields(after)
	if err != nil {
		return c, err
	}
	names := slices.Sorted(maps.Keys(was))
	for name := range is {
		if _, ok := was[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if was[name] != is[name] {
			c.Fields = append(c.Fields, Field{Name: name, Old: was[name], New: is[name]})
		}
	}
	return c, nil
}

// apart are the fields that are no content, or are compared word by word.
var apart = []string{"id", "provider", "version", "signal", "headline", "body", "evidence", "received", "desk"}

// fields gives a story's fields as people read them, by the names that they have in its JSON, so that one that is new in
// the record is compared without being known here.
func fields(s *wire.Story) (map[string]string, error) {
	line, err := s.Marshal()
	if err != nil {
		return nil, err
	}
	var record map[string]any
	if err := json.Unmarshal(line, &record); err != nil {
		return nil, err
	}
	for _, name := range apart {
		delete(record, name)
	}
	flat := map[string]string{}
	flatten(flat, "", record)
	return flat, nil
}

func flatten(to map[string]string, prefix string, object map[string]any) {
	for name, v := range object {
		if inner, ok := v.(map[string]any); ok {
			flatten(to, prefix+name+".", inner)
		} else if shown := show(v); shown != "" {
			to[prefix+name] = shown
		}
	}
}

// show gives a value on one line: a list with commas, and an object as its first field with the others in brackets, as
// "Sari Wulandari (translator)".
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, show(one))
		}
		return strings.Join(all, ", ")
	case map[string]any:
		var all []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if shown := show(v[name]); shown != "" {
				all = append(all, shown)
			}
		}
		if len(all) < 2 {
			return strings.Join(all, "")
		}
		return all[0] + " (" + strings.Join(all[1:], ", ") + ")"
	}
	return fmt.Sprint(v)
}
