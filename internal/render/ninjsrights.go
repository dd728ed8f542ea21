package render

import (
	"net/url"
	"strconv"
	"strings"

	"kawat/internal/wire"
)

// ninjsRights is a rights expression: the address of one, or one in itself, never both.
type ninjsRights struct {
	LangID        string `json:"langId"`
	LinkedRights  string `json:"linkedRights,omitempty"`
	EncodedRights string `json:"encodedRights,omitempty"`
}

// odrlPolicy is a policy in ODRL 2.2, as JSON-LD (W3C, ODRL Information Model 2.2; the action tdm:mine is that of W3C's TDM
// Reservation Protocol).
type odrlPolicy struct {
	Context     []any      `json:"@context"`
	Type        string     `json:"@type"`
	UID         string     `json:"uid"`
	Copyrighted string     `json:"dcterms:dateCopyrighted,omitempty"`
	Permission  []odrlRule `json:"permission,omitempty"`
	Prohibition []odrlRule `json:"prohibition,omitempty"`
}

type odrlRule struct {
	Target     string           `json:"target"`
	Action     string           `json:"action"`
	Constraint []odrlConstraint `json:"constraint,omitempty"`
}

type odrlConstraint struct {
	LeftOperand  string   `json:"leftOperand"`
	Operator     string   `json:"operator"`
	RightOperand []string `json:"rightOperand"`
}

var odrlContext = []any{
	"http://www.w3.org/ns/odrl.jsonld",
	map[string]string{"tdm": "http://www.w3.org/ns/tdmrep#", "dcterms": "http://purl.org/dc/terms/"},
}

const (
	odrlLanguage = "http://www.w3.org/ns/odrl/2/"
	odrlMine     = "tdm:mine"
	odrlCountry  = "http://cvx.iptc.org/iso3166-1a2/"
)

// ninjsRightsOf says in ODRL what the rights say to machines, nil where they say nothing: whether AI may use the story, where
// it may be published, and the year that the copyright notice leaves out.
func ninjsRightsOf(c *content) *ninjsRights {
	r := c.story.Rights
	p := odrlPolicy{Context: odrlContext, Type: "Set", UID: r.Policy}
	if p.UID == "" {
		p.UID = c.id + "#rights"
	}
	if year := strconv.Itoa(r.Year); r.Year != 0 && !strings.Contains(r.Notice, year) {
		p.Copyrighted = year
	}
	switch r.AI {
	case wire.AIReserved:
		p.Prohibition = append(p.Prohibition, odrlRule{Target: c.id, Action: odrlMine})
	case wire.AIAllowed:
		p.Permission = append(p.Permission, odrlRule{Target: c.id, Action: odrlMine})
	}
	if places := r.Territories.Allow; len(places) > 0 {
		p.Permission = append(p.Permission, odrlWithin(c.id, places))
	}
	if places := r.Territories.Deny; len(places) > 0 {
		p.Prohibition = append(p.Prohibition, odrlWithin(c.id, places))
	}
	if p.Copyrighted == "" && len(p.Permission)+len(p.Prohibition) == 0 {
		if r.Policy == "" {
			return nil
		}
		return &ninjsRights{LangID: odrlLanguage, LinkedRights: r.Policy}
	}
	b, err := marshalJSON(p)
	if err != nil {
		panic(err) // strings can be written
	}
	return &ninjsRights{LangID: odrlLanguage, EncodedRights: string(b)}
}

// odrlWithin is the rule about distributing a story within countries.
func odrlWithin(target string, countries []string) odrlRule {
	c := odrlConstraint{LeftOperand: "spatial", Operator: "isAnyOf"}
	for _, code := range countries {
		c.RightOperand = append(c.RightOperand, odrlCountry+url.PathEscape(code))
	}
	return odrlRule{Target: target, Action: "distribute", Constraint: []odrlConstraint{c}}
}
