package ninjs

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// rights reads the copyright, the usage terms, and rights expressions.
func (it item) rights() {
	r := &it.Rights
	var said wire.Rights
	if r.Notice = it.text("rights.notice", "copyrightnotice"); r.Notice != "" {
		line, _ := running.Line(r.Notice)
		said = line.Rights
	}
	r.Holder, r.Year = said.Holder, said.Year
	if r.Year == 0 {
		r.Year = yearIn(r.Notice)
	}
	if holder := it.text("rights.holder", "copyrightholder"); holder != "" {
		r.Holder = holder
	}
	if v := it.get("usageterms"); v != nil {
		if r.Terms = markup.Scrub(v.raw()); r.Terms == "" {
			r.Terms = it.text("rights.terms", "usageterms")
		}
	}
	if terms := said.Terms; terms != "" && !strings.Contains(r.Terms, terms) {
		r.Terms = strings.TrimSpace(r.Terms + "\n" + terms)
	}
	if said.AI == wire.AIReserved {
		r.AI = wire.AIReserved
		it.AddEvidence("rights.ai", "notice:reservation", r.Notice)
	}
	info := it.get("rightsinfo")
	if info == nil {
		return
	}
	if info.kind != '{' {
		it.lenient("rights.policy", info, '{', info.words() != "")
		r.Policy = markup.WebURL(info.words(), "http", "https")
		return
	}
	r.Policy = markup.WebURL(info.get("linkedrights").words(), "http", "https")
	it.encodedRights(info.get("encodedrights"))
}

// yearIn is the last year that stands in a copyright notice, 0 where none does.
func yearIn(notice string) int {
	last := 0
	for word := range strings.FieldsFuncSeq(notice, func(r rune) bool { return r < '0' || r > '9' }) {
		if year, err := strconv.Atoi(word); err == nil && len(word) == 4 && year >= 1900 && year < 2100 {
			last = year
		}
	}
	return last
}

// encodedRights reads a rights expression in ODRL: whether it forbids or allows machines to mine the story, and where it
// may be published. What cannot be read reserves the story if it speaks of mining at all.
func (it item) encodedRights(v *value) {
	if v == nil {
		return
	}
	policy := *v
	if v.kind == '"' {
		var err error
		if policy, err = readJSON([]byte(v.text)); err != nil || policy.kind != '{' {
			it.AddEvidence("rights.policy", unread, clip(markup.Clean(v.text), 200))
			if speaksOfMining(v.text) {
				it.reserve(v.text)
			}
			return
		}
	}
	if uid := odrl(&policy, "uid", "policyid").words(); it.Rights.Policy == "" && !it.within(uid) {
		it.Rights.Policy = markup.WebURL(uid, "http", "https")
	}
	if year, err := strconv.Atoi(policy.get("dcterms:datecopyrighted").words()); err == nil && it.Rights.Year == 0 && year >= 1900 && year < 2100 {
		it.Rights.Year = year
	}
	for _, rule := range odrl(&policy, "permission", "permissions").list() {
		if subject := ruleText(&rule); speaksOfMining(subject) {
			if it.Rights.AI == "" {
				it.Rights.AI = wire.AIAllowed
			}
		} else {
			it.territories(&rule, &it.Rights.Territories.Allow, &it.Rights.Territories.Deny)
		}
	}
	for _, rule := range odrl(&policy, "prohibition", "prohibitions").list() {
		if subject := ruleText(&rule); speaksOfMining(subject) {
			it.reserve(subject)
		} else {
			it.territories(&rule, &it.Rights.Territories.Deny, &it.Rights.Territories.Allow)
		}
	}
}

func (it item) reserve(words string) {
	if it.Rights.AI != wire.AIReserved {
		it.Rights.AI = wire.AIReserved
		it.AddEvidence("rights.ai", "odrl:prohibition", clip(markup.Clean(words), 200))
	}
}

// odrl gives a member of an ODRL object under one of its names, with or without the prefix of JSON-LD.
func odrl(v *value, names ...string) *value {
	for _, name := range names {
		if m := v.get(name, "odrl:"+name, "@"+name); m != nil {
			return m
		}
	}
	return nil
}

// ruleText is what a rule is about: its actions, and what they are limited to.
func ruleText(rule *value) string {
	var b strings.Builder
	var gather func(v *value)
	gather = func(v *value) {
		if v.kind == '"' {
			b.WriteString(v.text)
			b.WriteByte(' ')
		}
		for i := range v.members {
			gather(&v.members[i].value)
		}
		for i := range v.values {
			gather(&v.values[i])
		}
	}
	for _, name := range []string{"action", "actions", "constraint", "constraints"} {
		if v := odrl(rule, name); v != nil {
			gather(v)
		}
	}
	return b.String()
}

// speaksOfMining says whether a rule is about crawling, mining, or the training and use of AI.
func speaksOfMining(text string) bool {
	for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		switch word {
		case "tdm", "tdmrep", "mine", "mining", "datamining", "textanddatamining", "ai", "genai", "train", "training", "crawl", "crawling", "scrape",
			"scraping", "index", "aitraining", "machinelearning", "generativeai", "trainai":
			return true
		}
	}
	return false
}

// territories reads where a rule holds: within the places that it names, or without them.
func (it item) territories(rule *value, within, without *[]string) {
	for _, c := range odrl(rule, "constraint", "constraints").list() {
		operand := strings.ToLower(odrl(&c, "leftoperand", "name").words())
		if !strings.HasSuffix(operand, "spatial") {
			continue
		}
		into := within
		operator := odrl(&c, "operator").words()
		switch strings.ToLower(operator[strings.LastIndexAny(operator, ":/#")+1:]) {
		case "neq", "isnoneof", "isnotpartof":
			into = without
		}
		for _, place := range odrl(&c, "rightoperand").list() {
			words := place.words()
			if v := place.get("@id", "@value"); v != nil {
				words = v.words()
			}
			if code := country(words); code != "" && len(*into) < maxCountries && !slices.Contains(*into, code) {
				*into = append(*into, code)
			}
		}
	}
}

// maxCountries is more than there are.
const maxCountries = 300

// country gives the two letters of a country (ISO 3166-1) for a code or an address that ends in one.
func country(words string) string {
	code := strings.ToUpper(strings.TrimSpace(words[strings.LastIndexAny(words, ":/#")+1:]))
	if region, err := language.ParseRegion(code); err == nil && region.IsCountry() {
		return region.String()
	}
	return code
}
