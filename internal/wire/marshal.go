package wire

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Marshal gives the record as one line of JSON, the same bytes for the same story.
func (s *Story) Marshal() ([]byte, error) {
	// Body and evidence are nearly all of a record. They are written here, which takes a quarter of the time.
	rest := *s
	rest.Body, rest.Evidence = Body{}, nil
	line, err := json.Marshal(&rest, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	size := len(s.Body.HTML) + len(s.Body.Text)
	valid := utf8.ValidString(s.Body.HTML) && utf8.ValidString(s.Body.Text)
	for _, e := range s.Evidence {
		valid = valid && utf8.ValidString(e.Field) && utf8.ValidString(e.Rule) && utf8.ValidString(e.Text)
		size += len(e.Field) + len(e.Rule) + len(e.Text) + len(`{"field":"","rule":"","text":""},`)
	}
	if !valid {
		return nil, errors.New("the body or its evidence is not in UTF-8")
	}
	// Within a string their quotation marks would be escaped, so these are the members and nothing else.
	head, after, _ := bytes.Cut(line, []byte(`"body":{"html":"","text":""}`))
	middle, tail, _ := bytes.Cut(after, []byte(`"received":{`))
	out := make([]byte, 0, len(line)+size+size/32)
	out = append(append(out, head...), `"body":{"html":`...)
	out = append(appendQuoted(out, s.Body.HTML), `,"text":`...)
	out = append(appendQuoted(out, s.Body.Text), '}')
	out = append(out, middle...)
	for i, e := range s.Evidence {
		if i == 0 {
			out = append(out, `"evidence":[`...)
		}
		out = append(appendQuoted(append(out, `{"field":`...), e.Field), `,"rule":`...)
		out = append(appendQuoted(out, e.Rule), `,"text":`...)
		out = append(appendQuoted(out, e.Text), "},"...)
	}
	if len(s.Evidence) > 0 {
		out = append(out[:len(out)-1], "],"...)
	}
	return append(append(out, `"received":{`...), tail...), nil
}

// appendQuoted appends valid UTF-8 as a JSON string (RFC 8259, section 7), escaped where it must be and nowhere else.
func appendQuoted(to []byte, s string) []byte {
	const digits = "0123456789abcdef"
	to = append(to, '"')
	for {
		n := unescaped(s)
		to = append(to, s[:n]...)
		if n == len(s) {
			return append(to, '"')
		}
		c := s[n]
		s = s[n+1:]
		switch c {
		case '"', '\\':
			to = append(to, '\\', c)
		case '\b':
			to = append(to, `\b`...)
		case '\f':
			to = append(to, `\f`...)
		case '\n':
			to = append(to, `\n`...)
		case '\r':
			to = append(to, `\r`...)
		case '\t':
			to = append(to, `\t`...)
		default:
			to = append(to, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
}

// unescaped counts the bytes at the head of s that a JSON string holds as they are. It looks at eight at once: the high
// bits of the three words below are exact up to the first byte that has to be escaped.
func unescaped(s string) (n int) {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for ; n+8 <= len(s); n += 8 {
		v := uint64(s[n]) | uint64(s[n+1])<<8 | uint64(s[n+2])<<16 | uint64(s[n+3])<<24 |
			uint64(s[n+4])<<32 | uint64(s[n+5])<<40 | uint64(s[n+6])<<48 | uint64(s[n+7])<<56
		control := (v - ones*' ') &^ v
		quote := v ^ ones*'"'
		quote = (quote - ones) &^ quote
		slash := v ^ ones*'\\'
		slash = (slash - ones) &^ slash
		if (control|quote|slash)&high != 0 {
			break
		}
	}
	for n < len(s) && !escaped[s[n]] {
		n++
	}
	return n
}

// escaped are the bytes that a JSON string cannot hold as they are.
var escaped = func() (t [256]bool) {
	for c := range t {
		t[c] = c < ' ' || c == '"' || c == '\\'
	}
	return t
}()

// Unmarshal reads a record that Marshal wrote. Duplicate names and invalid UTF-8 are errors; names that a later
// kawat added are ignored.
func Unmarshal(data []byte) (*Story, error) {
	s := new(Story)
	if err := json.Unmarshal(data, s, jsontext.AllowDuplicateNames(false)); err != nil {
		return nil, err
	}
	return s, nil
}

// UnmarshalShown is Unmarshal for those who show the story: without its Evidence, which is not theirs and is two fifths of the
// work.
func UnmarshalShown(data []byte) (*Story, error) {
	s := new(struct {
		Story
		Evidence passedOver `json:"evidence"`
	})
	if err := json.Unmarshal(data, s, jsontext.AllowDuplicateNames(false)); err != nil {
		return nil, err
	}
	return &s.Story, nil
}

// passedOver takes any JSON value and keeps nothing of it.
type passedOver struct{}

func (*passedOver) UnmarshalJSONFrom(d *jsontext.Decoder) error { return d.SkipValue() }
