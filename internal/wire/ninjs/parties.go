package ninjs

import (
	"slices"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/running"
)

// byline reads the byline, and who is named in it.
func (it item) byline() {
	for _, name := range []string{"by", "byline"} {
		if it.Byline == "" {
			it.Byline = it.text("byline", name)
		}
	}
	if it.Byline == "" {
		return
	}
	names := it.Byline
	for { // "Von Anna Lind, dpa", "Kim Bild/TT"
		cut := strings.LastIndexAny(names, ",/")
		if cut < 0 || !it.isAgency(strings.TrimSpace(names[cut+1:])) {
			break
		}
		names = strings.TrimSpace(names[:cut])
	}
	said, ok := running.Line(names)
	if !ok {
		said, _ = running.Line("By " + names) // the names alone
	}
	for _, c := range said.Attribution.Credits {
		if !it.isAgency(c.Name) {
			it.addCredit(c)
		}
	}
}

// isAgency says whether a name is that of an agency: many sign with it instead of a person.
func (it item) isAgency(name string) bool {
	if strings.EqualFold(name, it.get("copyrightholder").words()) || strings.EqualFold(name, it.copy.Profile.Agency) {
		return true
	}
	lower, upper := strings.ToLower(name), strings.ToUpper(name)
	return credit.Agency(lower) != lower || credit.Agency(upper) != upper
}

// parties reads who originated, wrote, translated, edited or distributed the story: the infosources, and the authors that
// Superdesk adds.
func (it item) parties() {
	for _, list := range [][2]string{{"infosources", ""}, {"infosource", ""}, {"authors", wire.Reporter}} {
		v := it.get(list[0])
		if v == nil {
			continue
		}
		it.lenient("attribution", v, '[', true)
		for _, p := range v.list() {
			name := nameOf(&p)
			if name == "" {
				continue
			}
			role := list[1]
			if stated := p.get("role", "rel").words(); stated != "" {
				role = roleOf(stated)
			}
			it.party(name, role, p.get("literal").words())
		}
	}
}

// party puts one party into the record. A role that is not known makes a contributor: no name is dropped.
func (it item) party(name, role, literal string) {
	switch role {
	case "":
		role = wire.Origin // NewsML-G2, infoSource: without a role it is the one that originated the information
		fallthrough
	case wire.Origin, wire.Cited, wire.Distributor:
		it.addSource(wire.Source{Name: credit.Agency(name), Role: role})
		return
	case wire.Translator:
		t := it.translation()
		if literal == "machine" {
			t.Method = "machine"
			return
		}
		if t.Method == "" {
			t.Method = "human"
		}
	}
	it.addCredit(wire.Credit{Name: name, Role: role})
}

// translation gives what is known of the translation that the story is, to be completed.
func (it item) translation() *wire.Translation {
	if it.Translation == nil {
		it.Translation = &wire.Translation{From: "und", To: it.Language}
		if it.Language == "" {
			it.Translation.To = "und"
		}
	}
	return it.Translation
}

// roleOf reads a role: an address or code of IPTC's Content Production Party Roles or of MARC's relators, or a plain word.
// Of both vocabularies the last part tells.
func roleOf(stated string) string {
	stated = strings.TrimRight(strings.ToLower(stated), "/")
	word := stated[strings.LastIndexAny(stated, ":/#")+1:]
	for role, words := range roleWords {
		if slices.Contains(words, word) {
			return role
		}
	}
	return wire.Contributor
}

var roleWords = map[string][]string{
	wire.Origin:      {"origcont", "contentsource", "origin", "originator", "source", "provider"},
	wire.Cited:       {"originfo", "cited", "interviewee", "spokesperson"},
	wire.Distributor: {"distributor", "dst"},
	wire.Reporter:    {"author", "correspondent", "reporter", "writer", "aut", "rpt", "jrn"},
	wire.Translator:  {"translator", "trl"},
	wire.Editor:      {"editor", "contenteditor", "edt", "subeditor"},
	wire.Uploader:    {"uploader"},
}

// maxParties is how many sources, and how many credits, a record has at most; copy that names more is no copy.
const maxParties = 100

func (it item) addSource(s wire.Source) {
	if len(it.Attribution.Sources) < maxParties && !slices.Contains(it.Attribution.Sources, s) {
		it.Attribution.Sources = append(it.Attribution.Sources, s)
	}
}

func (it item) addCredit(c wire.Credit) {
	if len(it.Attribution.Credits) < maxParties && !slices.Contains(it.Attribution.Credits, c) {
		it.Attribution.Credits = append(it.Attribution.Credits, c)
	}
}
