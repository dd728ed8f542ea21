package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kawat/internal/wire"
)

// g2Schemes are the vocabularies that items use, by the aliases of IPTC's own catalog where it has one. What no
// vocabulary has a word for is in ours.
var g2Schemes = map[string]string{
	"cpnat":     "http://cv.iptc.org/newscodes/cpnature/",
	"cpprole":   "http://cv.iptc.org/newscodes/contentprodpartyrole/",
	"drol":      "http://cv.iptc.org/newscodes/descriptionrole/",
	"genre":     "http://cv.iptc.org/newscodes/genre/",
	"hatarget":  "http://cv.iptc.org/newscodes/hopactiontarget/",
	"hopaction": "http://cv.iptc.org/newscodes/hopaction/",
	"irel":      "http://cv.iptc.org/newscodes/itemrelation/",
	"medtop":    "http://cv.iptc.org/newscodes/mediatopic/",
	"ninat":     "http://cv.iptc.org/newscodes/ninature/",
	"plus":      "http://ns.useplus.org/ldf/vocab/",
	"prodgenre": "http://cv.iptc.org/newscodes/productgenre/",
	"sig":       "http://cv.iptc.org/newscodes/signal/",
	"stat":      "http://cv.iptc.org/newscodes/pubstatusg2/",
	"subj":      "http://cv.iptc.org/newscodes/subjectcode/",
	"marcrel":   "http://id.loc.gov/vocabulary/relators/",
	"kawat":     nsKawat + ":",
}

// g2Codes collects the aliases that an item uses, so that its catalog has each of them and no other.
type g2Codes struct{ used map[string]bool }

// code writes a QCode.
func (c *g2Codes) code(alias, term string) string {
	if c.used == nil {
		c.used = make(map[string]bool)
	}
	c.used[alias] = true
	return alias + ":" + term
}

// coded is an element that is a QCode and nothing else.
func (c *g2Codes) coded(alias, term string) *g2Coded { return &g2Coded{QCode: c.code(alias, term)} }

// catalog declares the aliases that were used. It is part of the item and not an address, so that an item can be read
// without asking anybody.
func (c *g2Codes) catalog() g2Catalog {
	var list g2Catalog
	for _, alias := range slices.Sorted(maps.Keys(c.used)) {
		list.Schemes = append(list.Schemes, g2Scheme{Alias: alias, URI: g2Schemes[alias]})
	}
	return list
}

// concept identifies a subject: by QCode where its vocabulary is known, by URI, or else by the words of the sender, whose
// vocabulary has no address that we know.
func (c *g2Codes) concept(code string) (id g2ID) {
	alias, term, ok := strings.Cut(code, ":")
	switch {
	case code == "":
	case ok && g2Schemes[alias] != "" && term != "" && !strings.Contains(term, " "):
		id.QCode = c.code(alias, term)
	case WebAddress(code) == code:
		id.URI = g2Address(code)
	default:
		id.Literal = code
	}
	return id
}

// creditRole gives the roles of a person: IPTC's word, MARC's, ours.
func (c *g2Codes) creditRole(role string) string {
	var roles []string
	switch role {
	case wire.Reporter:
		roles = append(roles, c.code("cpprole", "author"))
	case wire.Editor:
		roles = append(roles, c.code("cpprole", "editor"))
	}
	if code := relators[role]; code != "" {
		return strings.Join(append(roles, c.code("marcrel", code)), " ")
	}
	return c.ownRole(role)
}

// sourceRole gives the roles of an agency.
func (c *g2Codes) sourceRole(role string) string {
	switch role {
	case wire.Origin:
		return c.code("cpprole", "origcont")
	case wire.Distributor:
		return c.code("cpprole", "distributor")
	case wire.Cited:
		return c.code("kawat", "cited") + " " + c.code("cpprole", "originfo")
	}
	return c.ownRole(role)
}

// ownRole gives a role that is in no vocabulary, "" if it cannot be written as a code.
func (c *g2Codes) ownRole(role string) string {
	if role == "" || strings.ContainsAny(role, " :") {
		return ""
	}
	return c.code("kawat", role)
}

// g2Address is a web address as XML Schema's anyURI wants it: what may not stand in one as it is, although browsers take
// it, is escaped.
func g2Address(address string) string {
	host := strings.Index(address, "://") + len("://")
	if host < len("://") {
		return address
	}
	if end := strings.IndexAny(address[host:], "/?#"); end >= 0 {
		host += end
	} else {
		return address
	}
	var b strings.Builder
	b.WriteString(address[:host])
	for rest := address[host:]; rest != ""; rest = rest[1:] {
		switch c := rest[0]; {
		case c == '[' || c == ']' || c == '%' && !escaped(rest):
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// escaped says whether s begins with a percent sign and two hexadecimal digits.
func escaped(s string) bool {
	return len(s) >= 3 && strings.Trim(s[1:3], "0123456789abcdefABCDEF") == ""
}
