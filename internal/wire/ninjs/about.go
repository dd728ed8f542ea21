package ninjs

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// about reads what the story is about: subjects, places, keywords, genre.
func (it item) about() {
	for _, v := range it.concepts("subjects", "subjects", "subject") {
		s := subjectOf(&v)
		switch {
		case s == (wire.Subject{}):
		case strings.EqualFold(v.get("rel").words(), "keyword"):
			it.Keywords = append(it.Keywords, s.Name)
		default:
			it.Subjects = append(it.Subjects, s)
		}
	}
	for _, v := range it.concepts("places", "places", "place") {
		if name := nameOf(&v); name != "" {
			it.Places = append(it.Places, name)
		}
	}
	if v := it.get("keywords"); v != nil {
		if v.kind == '"' {
			for word := range strings.FieldsFuncSeq(v.words(), func(r rune) bool { return strings.ContainsRune(",;、", r) }) {
				it.keyword(word)
			}
		} else {
			for _, word := range v.list() {
				it.keyword(word.words())
			}
		}
	}
	for _, v := range it.concepts("genre", "genres", "genre") {
		if signal := signalOf(&v); signal != wire.NoSignal {
			if it.Signal == wire.NoSignal {
				it.Signal = signal
			}
		} else if name := nameOf(&v); it.Genre == "" {
			it.Genre = markup.Clean(strings.TrimPrefix(name, "http://cv.iptc.org/newscodes/genre/"))
		}
	}
}

func (it item) keyword(word string) {
	if word = markup.Clean(word); word != "" {
		it.Keywords = append(it.Keywords, word)
	}
}

// concepts gives the elements of a list that ninjs 1 names in the singular.
func (it item) concepts(field, plural, single string) []value {
	v := it.get(plural, single)
	if v == nil {
		return nil
	}
	it.lenient(field, v, '[', true)
	for _, e := range v.list() {
		if e.kind != '{' && v.kind == '[' {
			it.lenient(field, &e, '{', e.words() != "")
		}
	}
	return v.list()
}

// nameOf names a concept.
func nameOf(v *value) string {
	if v.kind != '{' {
		return v.words()
	}
	for _, name := range []string{"name", "literal", "code", "uri"} {
		if words := v.get(name).words(); words != "" {
			return words
		}
	}
	return ""
}

// vocabularies are IPTC's by their addresses, each with the prefix that the record has for it.
var vocabularies = map[string]string{
	"cv.iptc.org/newscodes/mediatopic/":  "medtop:",
	"cv.iptc.org/newscodes/subjectcode/": "subj:",
}

// subjectOf reads a subject. Its code is that of an IPTC vocabulary where it has one, else as the sender writes it.
func subjectOf(v *value) wire.Subject {
	s := wire.Subject{Name: v.get("name").words()}
	if v.kind != '{' {
		return wire.Subject{Name: v.words()}
	}
	s.Code = v.get("uri").words()
	literal := v.get("literal").words()
	if literal == "" {
		literal = v.get("code").words()
		if scheme := v.get("scheme").words(); s.Code == "" && strings.Contains(scheme, "://") && literal != "" {
			s.Code = strings.TrimRight(scheme, "/") + "/" + literal
		}
	}
	_, address, _ := strings.Cut(s.Code, "://")
	for prefix, short := range vocabularies {
		if code, ok := strings.CutPrefix(address, prefix); ok && code != "" {
			s.Code = short + code
			return s
		}
	}
	digits := len(literal) == 8 && strings.Trim(literal, "0123456789") == ""
	switch {
	case digits && literal >= "20000000": // the Media Topics that no older vocabulary has
		s.Code = "medtop:" + literal
	case digits:
		s.Code = "subj:" + literal
	case s.Code == "" && literal != s.Name:
		s.Code = literal
	}
	return s
}

// signalOf reads a concept of IPTC's signal vocabulary, which says what a version does to the one before it. ninjs has no
// place of its own for it.
func signalOf(v *value) wire.Signal {
	_, address, _ := strings.Cut(v.get("uri").words(), "://")
	switch address {
	case "cv.iptc.org/newscodes/signal/correction":
		return wire.Correction
	case "cv.iptc.org/newscodes/signal/update":
		return wire.Update
	}
	return wire.NoSignal
}
