package newsmlg2

import (
	"strings"

	"kawat/internal/wire/markup"
)

// schemes are the vocabularies that the record names by a prefix, by their addresses: the same prefix whatever alias a
// sender's catalog has for one (NewsML-G2 specification, QCodes). Prefixes are those of IPTC's own catalog.
var schemes = map[string]string{
	"cv.iptc.org/newscodes/mediatopic/":           "medtop",
	"cv.iptc.org/newscodes/subjectcode/":          "subj",
	"cv.iptc.org/newscodes/genre/":                "genre",
	"cv.iptc.org/newscodes/productgenre/":         "prodgenre",
	"cv.iptc.org/newscodes/pubstatusg2/":          "stat",
	"cv.iptc.org/newscodes/ninature/":             "ninat",
	"cv.iptc.org/newscodes/cpnature/":             "cpnat",
	"cv.iptc.org/newscodes/signal/":               "sig",
	"cv.iptc.org/newscodes/itemrelation/":         "irel",
	"cv.iptc.org/newscodes/descriptionrole/":      "drol",
	"cv.iptc.org/newscodes/contentprodpartyrole/": "cpprole",
	"cv.iptc.org/newscodes/contributorrole/":      "ctrol",
	"cv.iptc.org/newscodes/creatorrole/":          "crol",
	"cv.iptc.org/newscodes/infosourcerole/":       "isrol",
	"cvx.iptc.org/iso3166-1a2/":                   "iso3166-1a2",
	"id.loc.gov/vocabulary/relators/":             "marcrel",
	"ns.useplus.org/ldf/vocab/":                   "plus",
}

// catalog are the aliases that an item declares itself. Catalogs that it only refers to are never fetched: their aliases
// are taken for what they usually are.
type catalog map[string]string

// catalogOf reads the catalog elements of a message's header and of an item.
func catalogOf(parents ...*markup.Node) catalog {
	var c catalog
	for _, p := range parents {
		for list := range p.Children("catalog") {
			for s := range list.Children("scheme") {
				if c == nil {
					c = make(catalog)
				}
				if alias := s.Attr("alias"); alias != "" {
					c[alias] = s.Attr("uri")
				}
			}
		}
	}
	return c
}

// code reads a coded value: the QCode in an attribute, or the URI in its sibling ("role" and "roleuri"; "qcode" and
// "uri"). A vocabulary that the record knows gets its usual prefix, others stay as they are.
func (c catalog) code(n *markup.Node, attr string) string {
	if q := markup.Clean(n.Attr(attr)); q != "" {
		return c.usual(q)
	}
	sibling := attr + "uri"
	if attr == "qcode" {
		sibling = "uri"
	}
	return ofURI(markup.Clean(n.Attr(sibling)))
}

// usual gives a QCode with the usual prefix of its vocabulary.
func (c catalog) usual(q string) string {
	alias, value, ok := strings.Cut(q, ":")
	if !ok || value == "" {
		return q
	}
	if prefix := schemes[address(c[alias])]; prefix != "" {
		return prefix + ":" + value
	}
	if prefix := schemes["cv.iptc.org/newscodes/"+strings.ToLower(alias)+"/"]; prefix != "" {
		return prefix + ":" + value // the vocabulary by its full name: mediatopic:20000002
	}
	return q
}

// ofURI gives the QCode of a concept's URI if it is of a vocabulary that the record knows, else the URI.
func ofURI(uri string) string {
	a := address(uri)
	cut := strings.LastIndexAny(a, "/#") + 1
	if prefix := schemes[a[:cut]]; prefix != "" && a[cut:] != "" {
		return prefix + ":" + a[cut:]
	}
	return uri
}

// address is a URI without http or https, which senders mix up.
func address(uri string) string {
	return strings.TrimPrefix(strings.TrimPrefix(uri, "https://"), "http://")
}

// terms gives the codes in a list of QCodes or URIs ("role") without their vocabularies, in lower case: what a role is
// called tells more than from which of many overlapping vocabularies it is.
func (c catalog) terms(n *markup.Node, attr string) []string {
	var out []string
	for _, list := range []string{n.Attr(attr), n.Attr(attr + "uri")} {
		for code := range strings.FieldsSeq(list) {
			out = append(out, term(code))
		}
	}
	return out
}

// term is a code without its vocabulary, in lower case.
func term(code string) string {
	return strings.ToLower(code[strings.LastIndexAny(code, ":/#")+1:])
}

// literalOnly says that a literal is but a name for an assertion elsewhere in the item.
func literalOnly(item *markup.Node, literal string) bool {
	for a := range item.Children("assert") {
		if a.Attr("literal") == literal {
			return true
		}
	}
	return false
}
