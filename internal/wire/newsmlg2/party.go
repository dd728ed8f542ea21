package newsmlg2

import (
	"slices"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// maxParties is how many persons, and how many agencies, are kept of an item.
const maxParties = 100

// creditRoles are what roles of creators and contributors are called: in IPTC's vocabularies (content production party,
// creator, contributor), in MARC's relators (id.loc.gov/vocabulary/relators), and in the record.
var creditRoles = map[string]string{
	"reporter": wire.Reporter, "rpt": wire.Reporter, "author": wire.Reporter, "aut": wire.Reporter, "writer": wire.Reporter,
	"correspondent": wire.Reporter, "journalist": wire.Reporter, "jrn": wire.Reporter,
	"translator": wire.Translator, "trl": wire.Translator,
	"editor": wire.Editor, "edt": wire.Editor, "contenteditor": wire.Editor, "edit": wire.Editor,
	"uploader": wire.Uploader,
}

// sourceRoles are the same for agencies. One that provided information is an origin as well: it is to be credited.
var sourceRoles = map[string]string{
	"cited": wire.Cited, "distributor": wire.Distributor, "aggregator": wire.Distributor, "publisher": wire.Distributor,
}

// parties reads who made the text, and where it comes from.
func (it item) parties(meta *markup.Node) {
	var open []string // creators of whom it is not said what they did
	for _, n := range meta.Nodes {
		switch n.Name {
		case "infoSource":
			it.source(it.partyOf(n), it.roleOf(n, sourceRoles, wire.Origin))
		case "creator", "contributor":
			name := it.partyOf(n)
			role := it.roleOf(n, creditRoles, "")
			switch {
			case name == "":
			case role == "" && (running.IsAgency(name) || strings.HasPrefix(term(it.catalog.code(n, "type")), "organi") || n.Child("organisationDetails") != nil):
				it.source(credit.Agency(name), wire.Origin)
			case role == "" && n.Name == "creator":
				open = append(open, name)
			case role == "":
				it.credit(name, wire.Contributor)
			default:
				it.credit(name, role)
			}
		}
	}
	it.writers(open)
	it.hops()
	it.originate(meta)
}

// writers are those whom the byline names, else the creators; a creator whom the byline leaves out has contributed.
func (it item) writers(open []string) {
	role := wire.Reporter
	reported := func(c wire.Credit) bool { return c.Role == wire.Reporter }
	if it.Byline != "" && !slices.ContainsFunc(it.Attribution.Credits, reported) {
		others := it.Attribution.Credits
		it.Attribution.Credits = nil
		for _, c := range append(running.Byline(it.Byline, it.Language), others...) {
			it.credit(c.Name, c.Role)
		}
	}
	if slices.ContainsFunc(it.Attribution.Credits, reported) {
		role = wire.Contributor
	}
	for _, name := range open {
		if isLogin(name) {
			it.credit(name, wire.Contributor)
			continue
		}
		it.credit(name, role)
	}
}

// isLogin says whether a name is how a desk's system knows somebody (arakawa.mio): that is no name to sign a story with.
func isLogin(name string) bool {
	return !strings.Contains(name, " ") && strings.ContainsAny(name, ".@_") && name == strings.ToLower(name)
}

// credit adds a person. Who is credited already has not contributed besides.
func (it item) credit(name, role string) {
	for i, c := range it.Attribution.Credits {
		if strings.EqualFold(c.Name, name) && (c.Role == role || role == wire.Contributor) {
			return
		}
		if strings.EqualFold(c.Name, name) && c.Role == wire.Contributor {
			it.Attribution.Credits[i].Role = role
			return
		}
	}
	if len(it.Attribution.Credits) < maxParties {
		it.Attribution.Credits = append(it.Attribution.Credits, wire.Credit{Name: name, Role: role})
	}
}

// source adds an agency, each once.
func (it item) source(name, role string) {
	if name = credit.Agency(name); name == "" || len(it.Attribution.Sources) == maxParties {
		return
	}
	for _, s := range it.Attribution.Sources {
		if s.Name == name {
			return
		}
	}
	it.Attribution.Sources = append(it.Attribution.Sources, wire.Source{Name: name, Role: role})
}

// hops reads the chain that the content came by: who created it, and who passed it on (NewsML-G2 specification,
// hopHistory). A party without a name is known by its code.
func (it item) hops() {
	for hop := range it.node.Child("hopHistory").Children("hop") {
		party := hop.Child("party")
		name := it.partyOf(party)
		if code := it.catalog.code(party, "qcode"); name == "" && code != "" && !strings.Contains(code, "//") {
			name = code[strings.LastIndexByte(code, ':')+1:]
		}
		role := wire.Distributor
		for action := range hop.Children("action") {
			target := term(it.catalog.code(action, "target"))
			if term(it.catalog.code(action, "qcode")) == "created" && (target == "" || target == "content") {
				role = wire.Origin
			}
		}
		it.source(name, role)
	}
}

// originate says whose report it is where no information source does: whom the credit line names.
func (it item) originate(meta *markup.Node) {
	it.Attribution.CreditLine = it.inLanguage(meta, "creditline").Words()
	if line := it.Attribution.CreditLine; line != "" && !it.hasOrigin() {
		for name := range strings.SplitSeq(line, "/") {
			it.source(markup.Clean(name), wire.Origin)
		}
	}
}

func (it item) hasOrigin() bool {
	return slices.ContainsFunc(it.Attribution.Sources, func(s wire.Source) bool { return s.Role == wire.Origin })
}

// provide says whose report it is where neither the item nor its text does: whose who provides it.
func (it item) provide() {
	if it.hasOrigin() {
		return
	}
	provider := it.node.Child("itemMeta", "provider")
	name := it.partyOf(provider)
	if code := it.catalog.code(provider, "qcode"); name == "" {
		// A code names the provider where it is an agency's name (nprov:AFP); others are for machines.
		if name = code[strings.LastIndexByte(code, ':')+1:]; !running.IsAgency(name) {
			return
		}
	}
	it.source(name, wire.Origin)
}

// partyOf is the name of a person or an agency: its name, else a literal that stands for one.
func (it item) partyOf(n *markup.Node) string {
	name := it.nameOf(n)
	if literal := markup.Clean(n.Attr("literal")); name == "" && literal != "" && !literalOnly(it.node, literal) {
		name = literal
	}
	return name
}

// roleOf gives the record's word for the first role that has one, else the default; a role that it has no word for is
// a contribution.
func (it item) roleOf(n *markup.Node, words map[string]string, without string) string {
	roles := it.catalog.terms(n, "role")
	for _, r := range roles {
		if w := words[r]; w != "" {
			return w
		}
	}
	if len(roles) > 0 && without == "" {
		return wire.Contributor
	}
	return without
}
