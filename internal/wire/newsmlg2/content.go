package newsmlg2

import (
	"cmp"
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// content reads the contentMeta: what the text is called, what it is about, who made it.
func (it item) content(meta *markup.Node) {
	if meta == nil {
		meta = new(markup.Node)
	}
	if n, err := strconv.Atoi(meta.Child("urgency").Words()); err == nil && n >= 1 && n <= 9 {
		it.Urgency = n
	}
	zone := it.copy.Profile.Location
	if it.Created.IsZero() {
		it.Created = dates.Read(it.Story, "created", meta.Child("contentCreated").Words(), zone)
	}
	if it.Revised.IsZero() {
		it.Revised = dates.Read(it.Story, "revised", meta.Child("contentModified").Words(), zone)
	}
	it.language(meta)
	it.Headline = it.inLanguage(meta, "headline").Words()
	it.Slugline = it.inLanguage(meta, "slugline").Words()
	it.Byline = it.inLanguage(meta, "by").Words()
	it.Summary = it.summary(meta)
	if line := it.inLanguage(meta, "dateline").Words(); line != "" {
		it.Dateline = running.Dateline(line, it.copy.Profile)
	}
	for n := range meta.Children("genre") {
		set(&it.Genre, it.nameOf(n))
		if it.Genre == "" {
			it.Genre = markup.Clean(term(it.catalog.code(n, "qcode")))
		}
	}
	for n := range meta.Children("keyword") {
		if word := n.Words(); word != "" {
			it.Keywords = append(it.Keywords, word)
		}
	}
	for n := range meta.Children("subject") {
		it.subject(n)
	}
	it.parties(meta)
}

// language reads which language the text is in: as the metadata say, else as the content or the item is marked.
func (it item) language(meta *markup.Node) {
	for n := range meta.Children("language") {
		set(&it.Language, markup.Clean(n.Attr("tag")))
	}
	for n := range it.node.Children("contentSet") {
		for c := range n.Children("inlineXML") {
			set(&it.Language, markup.Clean(c.Attr("lang")))
			for _, inner := range c.Nodes {
				set(&it.Language, markup.Clean(inner.Attr("lang")))
			}
		}
	}
	set(&it.Language, markup.Clean(it.node.Attr("lang")))
}

// inLanguage finds a line (a headline, say) in the text's language, else the first one. Of several in it the one with
// the first rank is meant.
func (it item) inLanguage(meta *markup.Node, name string) *markup.Node {
	var best *markup.Node
	var bestRank [2]int
	for n := range meta.Children(name) {
		if n.Blank() {
			continue
		}
		rank := [2]int{0, 1 << 30}
		if lang := n.Attr("lang"); lang != "" && markup.Language(lang) != markup.Language(it.Language) {
			rank[0] = 1
		}
		if r, err := strconv.Atoi(n.Attr("rank")); err == nil && r >= 0 {
			rank[1] = r
		}
		if best == nil || cmp.Or(cmp.Compare(rank[0], bestRank[0]), cmp.Compare(rank[1], bestRank[1])) < 0 {
			best, bestRank = n, rank
		}
	}
	return best
}

// nameOf is a concept's name in the text's language, else its first.
func (it item) nameOf(n *markup.Node) string { return it.inLanguage(n, "name").Words() }

// summary reads the description that sums the story up. A caption does not.
func (it item) summary(meta *markup.Node) string {
	best, bestRank := "", len(summaries)
	for n := range meta.Children("description") {
		words := n.Words()
		rank := summaries[""]
		if roles := it.catalog.terms(n, "role"); len(roles) > 0 {
			known := false
			if rank, known = summaries[roles[0]]; !known {
				continue
			}
		}
		if words != "" && rank < bestRank {
			best, bestRank = words, rank
		}
	}
	return best
}

// summaries are the roles of a description that is a summary, the best first.
var summaries = map[string]int{"summary": 0, "abstract": 1, "teaser": 2, "synopsis": 3, "": 4}

// subject reads a subject: a place, or a topic. A literal that only points to an assertion is no code.
func (it item) subject(n *markup.Node) {
	name := it.nameOf(n)
	code := it.catalog.code(n, "qcode")
	if literal := markup.Clean(n.Attr("literal")); code == "" && !literalOnly(it.node, literal) {
		code = literal
	}
	switch kind := term(it.catalog.code(n, "type")); {
	case (kind == "geoarea" || kind == "poi") && name != "":
		it.Places = append(it.Places, name)
	case name != "" || code != "":
		it.Subjects = append(it.Subjects, wire.Subject{Code: code, Name: name})
	}
}

// place says where the text was made, where neither the dateline nor the text does. A dateline may say more than the
// place ("SAPPORO, Japan"): then the place that is named by itself is meant.
func (it item) place() {
	place := &it.Dateline.Place
	for n := range it.node.Child("contentMeta").Children("located") {
		name := it.nameOf(n)
		if name != "" && (*place == "" || strings.HasPrefix(strings.ToLower(*place), strings.ToLower(name))) {
			*place = name
			return
		}
	}
}
