package webfeed

import (
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// story makes the record of an entry.
func (e *entry) story(c *wire.Copy, feed *source) (*wire.Story, error) {
	s := &wire.Story{Headline: title(e.title)}
	e.identify(s, c.Profile)
	if feed.mended != "" {
		s.AddEvidence("received.format", "mended:not-well-formed", feed.mended)
	}
	own(s, e.more)
	if e.deleted || s.Status == wire.Canceled || s.Signal == wire.Kill || s.Signal == wire.Takedown {
		// What stands in the place of a story that was taken back is a notice, and no text of the story.
		if s.Status = wire.Canceled; s.Signal != wire.Takedown {
			s.Signal = wire.Kill
		}
		s.Revised = dates.Read(s, "revised", e.updated, c.Profile.Location)
		return s, nil
	}
	if e.more.draft() {
		s.Status = wire.Withheld
		s.AddEvidence("status", "field:draft", "yes")
	}
	e.times(s, c.Profile)
	s.Language = e.language
	set(&s.Language, e.more.value("dc", "language"))
	if s.Language == "" && feed.language != "" {
		s.Language = feed.language
		s.AddEvidence("language", inherited, feed.language)
	}
	e.subject(s)
	e.rightsOf(s, feed)
	e.attribute(s, feed)
	authors := s.Attribution.Credits
	if e.authored {
		s.Attribution.Credits = nil
	}
	if err := e.body(s, c); err != nil {
		return nil, err
	}
	if e.authored {
		putAuthors(s, authors)
	}
	e.contribute(s)
	return s, nil
}

// inherited is the rule of evidence for what the feed says of all of its entries.
const inherited = "inherited:feed"

// identify takes the entry's id. Without one it is the address of the entry's page, and without that it is made of title
// and date, so that the same entry is the same story the next time.
func (e *entry) identify(s *wire.Story, p *wire.Profile) {
	if s.ID = markup.Clean(e.id); s.ID != "" || e.deleted {
		return
	}
	if s.ID = markup.WebURL(e.link, "http", "https"); s.ID != "" {
		s.AddEvidence("id", "inferred:link", e.link)
		return
	}
	date := e.published
	set(&date, e.more.value("dc", "date"))
	words := markup.Clean(e.title)
	if words == "" {
		words = markup.Clean(e.html + e.text)
	}
	if words == "" {
		return // not even a text
	}
	sum := sha256.Sum256([]byte(p.Name + "\x00" + words + "\x00" + date))
	s.ID = "urn:kawat:" + url.PathEscape(p.Name) + ":" + hex.EncodeToString(sum[:16])
	s.AddEvidence("id", "inferred:title+date", markup.Clean(e.title+" "+date))
}

// times reads the entry's times.
func (e *entry) times(s *wire.Story, p *wire.Profile) {
	created, revised := e.more.value("dcterms", "created"), e.more.value("kawat", "revised")
	set(&created, e.published)
	set(&created, e.more.value("dc", "date"))
	set(&created, e.more.value("dcterms", "issued"))
	set(&revised, e.more.value("dcterms", "modified"))
	set(&revised, e.updated)
	set(&revised, e.more.value("atom", "updated"))
	s.Created = dates.Read(s, "created", created, p.Location)
	s.Revised = dates.Read(s, "revised", revised, p.Location)
	e.limits(s, p)
}

// subject takes what the story is about. What is a subject by its code is no keyword as well.
func (e *entry) subject(s *wire.Story) {
	e.keywords = append(e.keywords, e.more.values("dc", "subject")...)
	e.mediaIn(e.more["media"])
	s.Media = e.media
	named := func(name string) bool {
		return slices.ContainsFunc(s.Subjects, func(v wire.Subject) bool { return strings.EqualFold(v.Name, name) })
	}
	for _, v := range e.subjects {
		if !slices.Contains(s.Subjects, v) && (v.Code != "" || !named(v.Name)) {
			s.Subjects = append(s.Subjects, v)
		}
	}
	for _, word := range e.keywords {
		if !named(word) && !slices.Contains(s.Keywords, word) {
			s.Keywords = append(s.Keywords, word)
		}
	}
}

// rightsOf takes the entry's rights, else the feed's.
func (e *entry) rightsOf(s *wire.Story, feed *source) {
	dublinCore(s, e.more)
	set(&s.Rights.Policy, markup.WebURL(e.policy, "http", "https"))
	notice := e.rights
	set(&notice, e.more.value("dc", "rights"))
	set(&notice, e.more.value("media", "copyright"))
	if notice = markup.Text(notice); notice == "" {
		if notice = markup.Text(feed.rights); notice == "" {
			return
		}
		s.AddEvidence("rights.notice", inherited, markup.Clean(notice))
	}
	r := &s.Rights
	said, known := running.Line(markup.Clean(notice))
	if !known || said.Rights.Notice == "" && said.Rights.Terms == "" {
		copyright := copyrighted.MatchString(notice)
		if copyright {
			set(&r.Notice, markup.Clean(notice))
		}
		if !copyright || strings.Contains(notice, ". ") { // it says more than whose it is
			set(&r.Terms, markup.Clean(notice))
		}
		return
	}
	set(&r.Notice, said.Rights.Notice)
	set(&r.Holder, said.Rights.Holder)
	set(&r.Terms, said.Rights.Terms)
	if r.Year == 0 {
		r.Year = said.Rights.Year
	}
	if said.Rights.AI == wire.AIReserved && r.AI != wire.AIReserved {
		r.AI = wire.AIReserved
		s.AddEvidence("rights.ai", "terms:reservation", markup.Clean(notice))
	}
}

var copyrighted = regexp.MustCompile(`(?i)©|\(c\)|copyright`)

// attribute takes who wrote the story and whose it is.
func (e *entry) attribute(s *wire.Story, feed *source) {
	addSource(s, e.origin, wire.Origin)
	if t := s.Translation; t == nil && e.via.URL != "" && markup.Language(e.via.Title) != markup.Language(s.Language) {
		s.Translation = &wire.Translation{Of: e.via.URL, From: markup.Language(e.via.Title), To: markup.Language(s.Language)}
		s.AddEvidence("translation.of", "link:via", e.via.URL)
	}
	for _, r := range e.related {
		addRelated(s, r.Title, r.URL)
	}
	if len(s.Attribution.Credits) > 0 {
		return // the story's own words for it
	}
	e.authored = true
	authors, role := slices.Clone(e.authors), wire.Reporter
	for _, name := range e.more.values("dc", "creator") { // an RSS author is often a desk, and these are who wrote it
		if !slices.Contains(authors, name) {
			authors = append(authors, name)
		}
	}
	if len(authors) == 0 && len(feed.authors) > 0 {
		authors = feed.authors
		if feed.role != "" {
			role = feed.role
		}
		s.AddEvidence("attribution", inherited, strings.Join(authors, ", "))
	}
	var byline []string
	for _, name := range authors {
		name = markup.Clean(name)
		if said, ok := running.Line(name); ok && len(said.Attribution.Credits) > 0 {
			byline = append(byline, name)
			for _, v := range said.Attribution.Credits {
				addCredit(s, v.Name, v.Role)
			}
		} else if agency := credit.Agency(name); agency != name || isAgency(s, feed, agency) {
			addSource(s, agency, wire.Distributor)
		} else {
			if role == wire.Reporter {
				byline = append(byline, name)
			}
			for _, one := range several(name, s.Language) {
				addCredit(s, one, role)
			}
		}
	}
	set(&s.Byline, strings.Join(byline, ", "))
}

// putAuthors puts whom the feed's elements name in front of whom the text credits. Such an element does not say what somebody
// did: who has a role in the text has only that.
func putAuthors(s *wire.Story, authors []wire.Credit) {
	a := &s.Attribution
	authors = slices.DeleteFunc(authors, func(v wire.Credit) bool {
		return slices.ContainsFunc(a.Credits, func(known wire.Credit) bool { return strings.EqualFold(known.Name, v.Name) })
	})
	if len(authors) == 0 {
		return
	}
	const list = "attribution.credits["
	for i, ev := range s.Evidence {
		if at, ok := strings.CutPrefix(ev.Field, list); ok {
			if n, err := strconv.Atoi(strings.TrimSuffix(at, "]")); err == nil {
				s.Evidence[i].Field = list + strconv.Itoa(n+len(authors)) + "]"
			}
		}
	}
	a.Credits = append(authors, a.Credits...)
}

// several parts the names of an author element that names several people: "A, B and C".
func several(names, language string) []string {
	var all []string
	for _, v := range running.Byline(names, language) {
		if v.Role == wire.Reporter {
			all = append(all, v.Name)
		}
	}
	if len(all) < 2 { // one, written as it stands
		return []string{names}
	}
	return all
}

// contribute takes the contributors of whom nothing else is said.
func (e *entry) contribute(s *wire.Story) {
	for _, name := range e.more.values("dc", "contributor") {
		name, role, _ := strings.Cut(strings.TrimSuffix(name, ")"), " (")
		e.contributors = append(e.contributors, wire.Credit{Name: name, Role: role})
	}
	for _, v := range e.contributors {
		if !slices.ContainsFunc(s.Attribution.Credits, func(known wire.Credit) bool { return known.Name == v.Name }) {
			addCredit(s, v.Name, v.Role)
		}
	}
}

// isAgency says whether a name is no person's: that of the feed itself, of the story's holder or of one of its sources.
func isAgency(s *wire.Story, feed *source, name string) bool {
	return strings.EqualFold(name, markup.Clean(feed.title)) || name == s.Rights.Holder ||
		slices.ContainsFunc(s.Attribution.Sources, func(v wire.Source) bool { return v.Name == name })
}

// body takes the text, and a summary if there is one beside it.
func (e *entry) body(s *wire.Story, c *wire.Copy) error {
	var root *markup.Node
	switch {
	case strings.TrimSpace(e.text) != "":
		root = running.Paragraphs(e.text)
	case !hasTags.MatchString(e.html):
		root = running.Paragraphs(html.UnescapeString(e.html))
	default:
		var err error
		if root, err = markup.ParseHTML(e.html); err != nil {
			return err
		}
	}
	running.SetBody(s, c, running.Blocks(root))
	if summary := title(markup.Text(e.summary)); summary != "" && !strings.HasPrefix(markup.Clean(s.Body.Text), summary) {
		s.Summary = summary
	}
	return nil
}

// hasTags finds the elements of HTML that feeds write their texts and titles with. "Port < 5 km <wins>" has none.
var hasTags = regexp.MustCompile(`(?i)</?(?:p|br|div|span|b|i|em|strong|a|u|s|small|big|font|sub|sup|q|cite|code|img|ul|ol|li|h[1-6]|table|tr|td|blockquote|figure|section|article|html|body|pre|hr|center)\b[^<>]*>`)

// entity finds a character that is written as HTML does it, after the XML around it has been read.
var entity = regexp.MustCompile(`&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)

// title makes a line of text of a title, which may have HTML in it without saying so.
func title(s string) string {
	switch {
	case hasTags.MatchString(s):
		s = markup.Text(s)
	case entity.MatchString(s):
		s = html.UnescapeString(s)
	}
	return markup.Clean(s)
}
