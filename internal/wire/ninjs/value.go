package ninjs

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// Bounds of a message; one beyond them is refused as too large.
const (
	maxDepth  = 64
	maxValues = 250_000
)

// value is a JSON value.
type value struct {
	kind    jsontext.Kind
	text    string // of a string; of a number as it is written
	members []member
	values  []value // of an array
}

// member is a member of an object. Its name is in lower case: ninjs 1 and 2 write names so, and 3 in camel case.
type member struct {
	name  string
	value value
}

// readJSON reads one JSON document that is in UTF-8. A name may come twice in an object: agencies send several
// renditions under one.
func readJSON(data []byte) (value, error) {
	if !utf8.Valid(data) {
		return value{}, wire.Refuse(wire.BadCharset, "The JSON is not in UTF-8: send it in UTF-8, as JSON requires.")
	}
	if v, ok := readPlain(data); ok {
		return v, nil
	}
	return readThorough(data)
}

// readThorough reads any JSON, or says what is wrong with it.
func readThorough(data []byte) (value, error) {
	d := decoder(data)
	r := jsonReader{d: d}
	v, err := r.value()
	if err == nil {
		if _, err = d.ReadToken(); err == io.EOF { // or something follows
			return v, nil
		}
	}
	if r.refusal != nil {
		return value{}, r.refusal
	}
	at := min(d.InputOffset(), int64(len(data)))
	line := 1 + bytes.Count(data[:at], []byte("\n"))
	return value{}, wire.Refuse(wire.NotWellFormed, "The JSON cannot be read on line %d, at byte %d: the file is not whole, or no JSON; send it again.", line, at)
}

// decoder reads names that come twice. A half of a surrogate pair in an escape becomes U+FFFD: a headline cut within an
// emoji is no reason to lose the story.
func decoder(data []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

type jsonReader struct {
	d       *jsontext.Decoder
	count   int
	depth   int
	refusal *wire.Refusal
}

var errBound = errors.New("beyond a bound")

func (r *jsonReader) value() (value, error) {
	if r.count++; r.count > maxValues || r.depth > maxDepth {
		r.refusal = wire.Refuse(wire.TooLarge, "The JSON has more than %d values, or more than %d of them within one another: send fewer items in a message.", maxValues, maxDepth)
		return value{}, errBound
	}
	t, err := r.d.ReadToken()
	if err != nil {
		return value{}, err
	}
	v := value{kind: t.Kind()}
	switch v.kind {
	case '"', '0':
		v.text = t.String()
	case '{':
		return v, r.object(&v)
	case '[':
		r.depth++
		for r.d.PeekKind() != ']' {
			e, err := r.value()
			if err != nil {
				return v, err
			}
			v.values = append(v.values, e)
		}
		r.depth--
		_, err = r.d.ReadToken()
	}
	return v, err
}

func (r *jsonReader) object(v *value) error {
	r.depth++
	for r.d.PeekKind() != '}' {
		t, err := r.d.ReadToken()
		if err != nil {
			return err
		}
		m := member{name: strings.ToLower(t.String())}
		if m.value, err = r.value(); err != nil {
			return err
		}
		v.members = append(v.members, m)
	}
	r.depth--
	_, err := r.d.ReadToken()
	return err
}

// get gives a member of an object, the last one of the name, nil where there is none or it is null.
func (v *value) get(names ...string) *value {
	for _, name := range names {
		for i := len(v.members) - 1; i >= 0; i-- {
			if m := &v.members[i]; m.name == name && m.value.kind != 'n' {
				return &m.value
			}
		}
	}
	return nil
}

// list gives the elements of an array. A value that stands where an array should is its only element.
func (v *value) list() []value {
	switch {
	case v == nil:
		return nil
	case v.kind == '[':
		return v.values
	}
	return []value{*v}
}

// words gives a value as a plain field. Where it is no string its words are found as well as they can be: a number as
// it is written, an object's value, name or text, the elements of an array with commas between them.
func (v *value) words() string {
	if v == nil {
		return ""
	}
	switch v.kind {
	case '"', '0':
		return markup.Clean(v.text)
	case '{':
		return v.get("value", "name", "text", "literal").words()
	case '[':
		var all []string
		for i := range v.values {
			if w := v.values[i].words(); w != "" {
				all = append(all, w)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

// raw gives a string as it is.
func (v *value) raw() string {
	if v == nil || v.kind != '"' {
		return ""
	}
	return v.text
}

// what says what kind of value it is, for evidence.
func (v *value) what() string {
	switch v.kind {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"', '0':
		return clip(markup.Clean(v.text), 100)
	case 't', 'f':
		return v.kind.String()
	}
	return "null"
}

// clip cuts a text to at most n bytes, between characters.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n])
}

// same says whether two values say the same.
func same(a, b *value) bool {
	return a.kind == b.kind && a.text == b.text && len(a.members) == 0 && len(b.members) == 0 && len(a.values) == 0 && len(b.values) == 0
}
