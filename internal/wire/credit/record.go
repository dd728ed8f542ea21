package credit

import (
	"strconv"
	"strings"

	"kawat/internal/wire"
)

// put puts one finding into the story.
func (x *extraction) put(f *finding) {
	s := x.story
	if f.note != nil {
		x.putNote(f.note)
	}
	if r := f.revision; r != nil && (s.Version < 1 || s.Received.Unversioned) { // else a field states it
		s.Version, s.Received.Unversioned = r.version, false
		s.AddEvidence("version", "reference:dpa", r.text)
	}
	if f.byline != "" && s.Byline == "" {
		s.Byline = f.byline
		if len(f.credits) > 0 {
			s.AddEvidence("byline", f.credits[0].rule, f.credits[0].text)
		} else { // "By PA Reporters"
			s.AddEvidence("byline", f.sources[0].rule, f.sources[0].text)
		}
	}
	for _, c := range f.credits {
		if c.Role == source { // "A, with material from Reuters"
			x.addSource(sourceFound{c.Name, c.rule, c.text}, wire.Origin)
			continue
		}
		x.addCredit(c)
	}
	if f.address != "" {
		s.AddEvidence("body", "not-for-publication:address", f.address)
	}
	for _, o := range f.sources {
		role := wire.Origin
		if a := folded(x.d.agencyNames, o.name); a != nil && a.Relay {
			role = wire.Distributor
		}
		x.addSource(o, role)
	}
	for _, r := range f.related {
		n := len(s.Related)
		if r.Title == "" && n > 0 && s.Related[n-1].URL == "" { // the address stands on a line of its own
			s.Related[n-1].URL = r.URL
			s.AddEvidence(element("related", n-1)+".url", r.rule, r.text)
			continue
		}
		if r.Title == "" {
			r.Title = r.URL
		}
		if n == maxRelated {
			break
		}
		s.Related = append(s.Related, r.Link)
		s.AddEvidence(element("related", n), r.rule, r.text)
	}
	if n := f.notice; n != nil && s.Rights.Notice == "" {
		s.Rights.Notice = n.text
		s.AddEvidence("rights.notice", n.rule, n.text)
		if s.Rights.Holder == "" {
			s.Rights.Holder = n.holder
			s.AddEvidence("rights.holder", n.rule, n.text)
		}
		if s.Rights.Year == 0 && n.year != 0 {
			s.Rights.Year = n.year
			s.AddEvidence("rights.year", n.rule, n.text)
		}
	}
	if f.terms != "" {
		x.addTerms(f)
	}
}

// addTerms adds a paragraph of usage terms, and the reservation if it speaks of machines.
func (x *extraction) addTerms(f *finding) {
	r := &x.story.Rights
	rule := "notice:terms"
	if f.wording.has(byMachine) {
		rule = "notice:reservation"
	}
	if f.termsLanguage != "" {
		rule += ":" + f.termsLanguage
	}
	if !strings.Contains(r.Terms, f.terms) {
		if r.Terms != "" {
			r.Terms += "\n"
		}
		r.Terms += f.terms
		x.story.AddEvidence("rights.terms", rule, f.terms)
	}
	if f.wording.has(byMachine) && r.AI != wire.AIReserved {
		r.AI = wire.AIReserved
		x.story.AddEvidence("rights.ai", rule, f.terms)
	}
}

func (x *extraction) addCredit(c creditFound) {
	a := &x.story.Attribution
	for _, have := range a.Credits {
		if have == c.Credit {
			return
		}
	}
	if len(a.Credits) == maxCredits {
		return
	}
	x.story.AddEvidence(element("attribution.credits", len(a.Credits)), c.rule, c.text)
	a.Credits = append(a.Credits, c.Credit)
	if c.Role == wire.Translator && x.story.Translation == nil {
		to := x.story.Language
		if to == "" {
			to = "und"
		}
		x.story.Translation = &wire.Translation{From: "und", To: to, Method: "human"}
		x.story.AddEvidence("translation", c.rule, c.text)
	}
}

// element is the path of one element of a list in the record.
func element(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// Bounds of what copy may claim; copy that names more is no copy. What is beyond them is left out of the record.
const (
	maxCredits = 100
	maxSources = 100
	maxRelated = 100
	maxInLine  = 8 // notices in one line
)

func (x *extraction) addSource(s sourceFound, role string) {
	a := &x.story.Attribution
	for _, have := range a.Sources {
		if have.Name == s.name {
			return
		}
	}
	if len(a.Sources) == maxSources {
		return
	}
	x.story.AddEvidence(element("attribution.sources", len(a.Sources)), s.rule, s.text)
	a.Sources = append(a.Sources, wire.Source{Name: s.name, Role: role})
}
