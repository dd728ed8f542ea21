package web

import (
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/wire"
)

// storyPage is what templates/story.html shows, and the plain text too.
type storyPage struct {
	Site    render.Site
	Words   *labels
	Entry   *feed.Entry
	Story   *wire.Story // cleaned
	Title   string
	Address string
	Body    template.HTML
	Chain   []step
	Cited   []string
	Changes []change
	// Others are the story in other languages.
	Others []other
	// Original is the page of the story that this one translates, "" where we have none.
	Original string
	Formats  []address
	// Feeds are some of the feeds that the story is in, and MoreFeeds how many more there are.
	Feeds     []feedCard
	MoreFeeds int
	Linked    any // JSON-LD
}

type other struct {
	render.Alternate
	Original bool
}

// noticePage is what templates/notice.html shows: whose story it was and when it went, and not a word of it.
type noticePage struct {
	Site   render.Site
	Words  *labels
	Notice render.Notice
	Entry  *feed.Entry
}

// storyFormats are the formats, beside HTML, that a single story is served in; the URL is the address's extension, and the name
// of plain text is a label.
var storyFormats = []address{
	{Name: "ninjs 3.1", Type: "application/json", URL: ".json"},
	{Name: "NewsML-G2", Type: "application/vnd.iptc.g2.newsitem+xml", URL: ".xml"},
	{Type: "text/plain", URL: ".txt"},
}

// writeStory writes a story, or its notice, in the format of an extension.
func writeStory(site render.Site, e *feed.Entry, extension string) (body []byte, contentType string, err error) {
	switch extension {
	case ".json":
		return render.Single(site, e, feed.NINJS)
	case ".xml":
		return render.Single(site, e, feed.NewsMLG2)
	}
	return plainText(site, e), "text/plain; charset=utf-8", nil
}

func (s *server) story(w http.ResponseWriter, r *http.Request) {
	token, extension := r.PathValue("token"), ""
	if i := strings.IndexByte(token, '.'); i >= 0 {
		token, extension = token[:i], token[i:]
	}
	known := slices.ContainsFunc(storyFormats, func(f address) bool { return f.URL == extension })
	if !isToken(token) || extension != "" && !known {
		refuse(w, r, notFound)
		return
	}
	e, err := s.Stories.Story(r.Context(), token)
	switch {
	case err != nil:
		s.cannot(r, "a story could not be looked up", err)
		refuse(w, r, noStore)
	case e == nil || !e.Visible(s.Now()):
		refuse(w, r, notFound)
	case e.Killed():
		s.storyAs(w, r, http.StatusGone, e, extension)
	default:
		e, _ = e.At(s.Now())
		h := w.Header()
		switch rights := &e.Rights; rights.AI {
		case wire.AIAllowed: // which is more than the whole site may say
			h.Set("Tdm-Reservation", "0")
		case wire.AIReserved:
			h["Tdm-Reservation"] = reserved
			h["Content-Usage"] = contentUsage
			if policy := render.WebAddress(rights.Policy); policy != "" {
				h.Set("Tdm-Policy", policy)
				h.Set("Link", "<"+policy+`>; rel="license"`)
			}
		}
		s.storyAs(w, r, http.StatusOK, e, extension)
	}
}

// storyAs sends a story, or with the status 410 its notice: as a page, or in the format of an extension. Of all these the
// page is what search engines are to list.
func (s *server) storyAs(w http.ResponseWriter, r *http.Request, status int, e *feed.Entry, extension string) {
	switch {
	case extension != "":
		b, contentType, err := writeStory(s.Site, e, extension)
		if err != nil {
			s.Log.Error("a story could not be written", "path", r.URL.Path, "error", err)
			refuse(w, r, broken)
			return
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Add("Link", "<"+s.Site.Story(e.Key())+`>; rel="canonical"`)
		send(w, r, status, b)
	case status == http.StatusGone:
		notice := render.NoticeOf(e)
		s.page(w, r, status, "notice.html", noticePage{s.Site, labelsIn(notice.Language), notice, e})
	default:
		p := storyPageOf(s.Site, e, labelsIn(e.Language))
		p.Feeds, p.MoreFeeds = s.feedsOf(e)
		s.page(w, r, status, "story.html", p)
	}
}

// feedsNamed is how many of its feeds a story's page names.
const feedsNamed = 6

// feedsOf are the feeds of a story that are published now.
func (s *server) feedsOf(e *feed.Entry) (cards []feedCard, more int) {
	x := s.index()
	for _, name := range e.Feeds {
		switch l := x.byName[name]; {
		case l == nil:
		case len(cards) == feedsNamed:
			more++
		default:
			cards = append(cards, cardOf(s.Site, l))
		}
	}
	return cards, more
}

// isToken says whether t has the form of wire.Key.Token: nothing else is worth asking the store for.
func isToken(t string) bool {
	return len(t) == 26 && strings.Trim(t, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func storyPageOf(site render.Site, e *feed.Entry, w *labels) *storyPage {
	s := render.Clean(e.Story)
	p := &storyPage{
		Site:    site,
		Words:   w,
		Entry:   e,
		Story:   s,
		Title:   render.Title(s),
		Address: site.Story(e.Key()),
		Body:    copyOf(s),
		Chain:   chain(s, w),
		Cited:   sources(s, wire.Cited),
	}
	p.Changes, s.Note = changesOf(e, w)
	if k, ok := render.OriginalOf(e); ok {
		p.Original = site.Story(k)
	}
	if len(p.Chain) > 0 && p.Chain[0].Label == w.Reported {
		p.Chain[0].Address = p.Original
	}
	for _, a := range render.Alternates(site, e) {
		p.Others = append(p.Others, other{a, a.Address == p.Original})
	}
	for _, f := range storyFormats {
		if f.URL == ".txt" {
			f.Name = w.PlainText
		}
		p.Formats = append(p.Formats, address{Name: f.Name, Type: f.Type, URL: p.Address + f.URL})
	}
	p.Linked = linkedData(p)
	return p
}

// copyOf is the story's text, which was sanitised when it was taken in, with its dateline marked.
func copyOf(s *wire.Story) template.HTML {
	html := render.BodyHTML(s)
	if dateline := template.HTMLEscapeString(s.Dateline.Text); dateline != "" {
		if rest, ok := strings.CutPrefix(html, "<p>"+dateline); ok {
			html = `<p><span class="dateline">` + dateline + "</span>" + rest
		}
	}
	return template.HTML(html)
}

// Pictures are the story's pictures.
func (p *storyPage) Pictures() []wire.Media { return pictures(p.Story) }

// Files are what goes with the story and is no picture.
func (p *storyPage) Files() []wire.Media {
	var out []wire.Media
	for _, m := range p.Story.Media {
		if !strings.HasPrefix(m.Type, "image/") {
			out = append(out, m)
		}
	}
	return out
}

func pictures(s *wire.Story) []wire.Media {
	var out []wire.Media
	for _, m := range s.Media {
		if strings.HasPrefix(m.Type, "image/") {
			out = append(out, m)
		}
	}
	return out
}

// Published is when the story first appeared.
func (p *storyPage) Published() time.Time {
	if p.Entry.First.IsZero() {
		return p.Entry.Updated()
	}
	return p.Entry.First
}

// Rights is the notice to show, or at least whose the rights are.
func (p *storyPage) Rights() string {
	if p.Story.Rights.Notice != "" {
		return p.Story.Rights.Notice
	}
	return p.Story.Rights.Holder
}

// Holder is whose the rights are, where the notice does not say so.
func (p *storyPage) Holder() string {
	if strings.Contains(p.Rights(), p.Story.Rights.Holder) {
		return ""
	}
	return p.Story.Rights.Holder
}

// Reserved says that the rights are reserved against AI.
func (p *storyPage) Reserved() bool { return p.Story.Rights.AI == wire.AIReserved }
