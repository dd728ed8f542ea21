package render

import (
	"strings"
	"time"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// content is what every format says of an entry, ready to be written: scrubbed, completed, and for a killed story
// without a word of it.
type content struct {
	id        string // the same in every format and over all versions
	page      string
	killed    bool
	title     string // plain text, one line, never empty
	summary   string // plain text, one line
	html      string
	text      string
	language  string   // a well-formed tag
	creators  []string // who wrote it: persons, or the byline
	publisher string   // the agency whose story it is; never empty
	published time.Time
	updated   time.Time
	// alternates are the story in other languages.
	alternates []Alternate
	// story is the scrubbed record. Of a killed story it says only whose it was and that it is killed.
	story *wire.Story
}

func contentOf(site Site, e *feed.Entry) *content {
	c := &content{
		id:        scrub(e.Key().URI()),
		page:      site.Story(e.Key()),
		killed:    e.Killed(),
		published: e.First,
		updated:   e.Updated(),
	}
	if c.published.IsZero() {
		c.published = c.updated
	}
	if c.killed {
		n := NoticeOf(e)
		c.title, c.summary, c.text, c.language = n.Title, n.Text, n.Text, n.Language
		c.html = "<p>" + escape(n.Text) + "</p>"
		c.story = &wire.Story{
			Provider: line(e.Provider), Version: e.Version, Status: e.Status, Signal: wire.Signal(line(string(e.Signal))),
			Attribution: wire.Attribution{Sources: []wire.Source{}, Credits: []wire.Credit{}},
			Rights:      wire.Rights{AI: wire.AIUnspecified},
		}
		c.publisher = Publisher(c.story)
		return c
	}
	s := Clean(e.Story)
	s.Note = NoteOf(e)
	c.story = s
	c.alternates = Alternates(site, e)
	c.language = s.Language
	c.title = Title(s)
	c.summary = s.Summary
	if c.summary == "" {
		c.summary = firstParagraph(s.Body.Text)
	}
	c.html = BodyHTML(s)
	c.text = s.Body.Text
	if d := datelineBefore(s); d != "" && c.text != "" {
		c.text = d + c.text
	}
	for _, credit := range s.Attribution.Credits {
		if credit.Role == wire.Reporter {
			c.creators = append(c.creators, credit.Name)
		}
	}
	if len(c.creators) == 0 && s.Byline != "" {
		c.creators = []string{s.Byline}
	}
	c.publisher = Publisher(s)
	return c
}

// Title is the story's headline in plain text, on one line. A story without one is known by its slugline, or by
// its first words.
func Title(s *wire.Story) string {
	for _, t := range []string{s.Headline, s.Slugline} {
		if t = line(t); t != "" {
			return t
		}
	}
	if t := firstParagraph(s.Body.Text); t != "" {
		return shorten(t, 100)
	}
	return Publisher(s)
}

// Publisher is the agency whose story it is: who holds the rights, else who signs the dateline, else who
// delivered it.
func Publisher(s *wire.Story) string {
	for _, name := range []string{s.Rights.Holder, s.Dateline.Agency, s.Provider} {
		if name = line(name); name != "" {
			return name
		}
	}
	return "—"
}

// BodyHTML is the text of a story that Clean made, as it is to be shown: with its dateline before the first words.
func BodyHTML(s *wire.Story) string {
	html := s.Body.HTML
	if html == "" {
		html = paragraphs(s.Body.Text)
	}
	d := datelineBefore(s)
	if d == "" || html == "" {
		return html
	}
	if rest, ok := strings.CutPrefix(html, "<p>"); ok {
		return "<p>" + escape(d) + rest
	}
	return "<p>" + escape(strings.TrimSpace(d)) + "</p>" + html
}

// datelineBefore is the dateline with what joins it to the first words, as print has it: Japanese, Chinese and
// Korean datelines close themselves or need a space, others take a dash.
func datelineBefore(s *wire.Story) string {
	d := s.Dateline.Text
	if d == "" {
		return ""
	}
	base, _, _ := strings.Cut(s.Language, "-")
	switch {
	case strings.HasSuffix(d, "】"), strings.HasSuffix(d, "〕"), strings.HasSuffix(d, "電"), strings.HasSuffix(d, "电"):
		return d
	case base == "ja", base == "zh", base == "ko":
		return d + " "
	case strings.HasSuffix(d, "-"), strings.HasSuffix(d, "–"), strings.HasSuffix(d, "—"):
		return d + " "
	}
	return d + " — "
}

// terms are what a feed as a whole has to know of an item's rights.
type terms struct {
	killed   bool
	notice   string
	reserved bool
	policy   string
}

func termsOf(e *feed.Entry) terms {
	if e.Killed() {
		return terms{killed: true}
	}
	r := cleanRights(e.Rights)
	return terms{notice: r.Notice, reserved: r.AI == wire.AIReserved, policy: r.Policy}
}

// channel is what a feed says of itself that follows from its stories.
type channel struct {
	title, language string
	// copyright is the notice that all of the stories carry, "" when they differ.
	copyright string
	reserved  bool
	// policy is the one that all of the reserved stories carry: another story's policy must not be taken for a
	// licence to one that has none.
	policy string
	// archive is the name of the archive document that this is, "" for the feed itself; older that of the one with the next
	// older stories, "" when there are none.
	archive, older string
	// next is the address at which a reader with a cursor goes on, "" where it is no such document.
	next string
}

func channelOf(v *feed.View, items []*item) *channel {
	ch := &channel{title: line(v.Def.Title), older: olderThan(v)}
	if ch.title == "" {
		ch.title = v.Def.Name
	}
	if v.Def.Language != "" {
		ch.language = languageTag(v.Def.Language)
	}
	seen := false
	for _, it := range items {
		t := it.rights
		if t.killed {
			continue
		}
		switch {
		case !seen:
			ch.copyright, seen = t.notice, true
		case ch.copyright != t.notice:
			ch.copyright = ""
		}
		switch {
		case !t.reserved:
		case !ch.reserved:
			ch.reserved, ch.policy = true, t.policy
		case ch.policy != t.policy:
			ch.policy = ""
		}
	}
	return ch
}
