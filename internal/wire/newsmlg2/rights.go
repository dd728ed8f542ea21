package newsmlg2

import (
	"slices"
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// rights reads the rightsInfo elements. Of several, what each says counts: none takes back what another reserves.
func (it item) rights() {
	var terms []string
	for info := range it.node.Children("rightsInfo") {
		set(&it.Rights.Holder, it.partyOf(info.Child("copyrightHolder")))
		if n := it.inLanguage(info, "copyrightNotice"); n != nil {
			set(&it.Rights.Notice, n.Words())
		}
		for n := range info.Children("usageTerms") {
			if t := lines(n); t != "" && !slices.Contains(terms, t) {
				terms = append(terms, t)
			}
		}
		for _, n := range info.Nodes {
			switch n.Name {
			case "usageTerms", "copyrightNotice", "link":
				set(&it.Rights.Policy, markup.WebURL(n.Attr("href"), "http", "https"))
			case "rightsInfoExtProperty":
				it.extension(n)
			case "dataMining":
				it.mining(it.catalog.code(n, "qcode"))
			case "rightsExpressionXML":
				if prohibitsMining(n) {
					it.reserve("rightsExpressionXML")
				}
			}
		}
	}
	it.Rights.Terms = strings.Join(terms, "\n")
	said, _ := running.Line(it.Rights.Notice)
	set(&it.Rights.Holder, said.Rights.Holder)
	if it.Rights.Year == 0 {
		it.Rights.Year = said.Rights.Year
	}
}

// extension reads what only kawat says in rightsInfo.
func (it item) extension(n *markup.Node) {
	value := markup.Clean(n.Attr("value"))
	switch n.Attr("rel") {
	case "kawat:copyrightYear":
		if year, err := strconv.Atoi(value); err == nil && year >= 1900 && year < 2100 {
			it.Rights.Year = year
		}
	case "kawat:territoryAllow":
		it.Rights.Territories.Allow = append(it.Rights.Territories.Allow, value)
	case "kawat:territoryDeny":
		it.Rights.Territories.Deny = append(it.Rights.Territories.Deny, value)
	}
}

// mining reads the dataMining property, a term of PLUS's vocabulary (NewsML-G2 2.34). Every prohibition is a
// reservation, whatever it excepts.
func (it item) mining(code string) {
	switch t := term(code); {
	case strings.Contains(t, "prohibited"):
		it.reserve("dataMining")
	case strings.Contains(t, "allowed") && it.Rights.AI == "":
		it.Rights.AI = wire.AIAllowed
	}
}

// reserve notes a reservation against AI and where it stands; the evidence makes it the item's own.
func (it item) reserve(field string) {
	if it.Rights.AI != wire.AIReserved {
		it.Rights.AI = wire.AIReserved
		it.AddEvidence("rights.ai", "field:"+field, "")
	}
}

// prohibitsMining says whether an ODRL or RightsML expression has a prohibition of an action by machines.
func prohibitsMining(expression *markup.Node) bool {
	for p := range expression.All("prohibition") {
		for action := range p.All("action") {
			values := []string{action.Words()}
			for _, a := range action.Attrs {
				values = append(values, a.Value)
			}
			for _, v := range values {
				switch term(v) {
				case "mine", "datamining", "textanddatamining", "aitraining", "train":
					return true
				}
			}
		}
	}
	return false
}
