package web

import (
	"html/template"
	"net/http"
	"strings"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/wire"
)

// storyPage is what templates/story.html shows.
type storyPage struct {
	Site    render.Site
	Entry   *feed.Entry
	Story   *wire.Story // cleaned
	Title   string
	Address string
	Body    template.HTML
	Chain   []step
	Cited   []string
	Others  []render.Alternate
	Linked  any // JSON-LD
}

// step is one hand that the story went through, from the first report to us.
type step struct {
	Label  string
	Agency string
	People []string
	Detail string
}

func (s *server) story(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if !isToken(token) {
		refuse(w, r, notFound)
		return
	}
	e, err := s.Stories.Story(r.Context(), token)
	switch {
	case err != nil:
		s.Log.Error("a story could not be looked up", "token", token, "error", err)
		refuse(w, r, noStore)
	case e == nil || !e.Visible(s.Now()):
		refuse(w, r, notFound)
	case e.Killed():
		s.page(w, r, http.StatusGone, "notice.html", struct {
			Site   render.Site
			Notice render.Notice
		}{s.Site, render.NoticeOf(e)})
	default:
		e, _ = e.At(s.Now())
		p := storyPageOf(s.Site, e)
		if p.Reserved() {
			h := w.Header()
			h["Tdm-Reservation"] = reserved
			h["Content-Usage"] = contentUsage
			if policy := p.Story.Rights.Policy; policy != "" {
				h.Set("Tdm-Policy", policy)
				h.Set("Link", "<"+policy+`>; rel="license"`)
			}
		}
		s.page(w, r, http.StatusOK, "story.html", p)
	}
}

// isToken says whether t has the form of wire.Key.Token: nothing else is worth asking the store for.
func isToken(t string) bool {
	return len(t) == 26 && strings.Trim(t, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

func storyPageOf(site render.Site, e *feed.Entry) *storyPage {
	s := render.Clean(e.Story)
	p := &storyPage{
		Site:    site,
		Entry:   e,
		Story:   s,
		Title:   render.Title(s),
		Address: site.Story(e.Key()),
		Body:    template.HTML(render.BodyHTML(s)), // sanitised when it was taken in
		Chain:   chain(s),
		Cited:   sources(s, wire.Cited),
		Others:  render.Alternates(site, e),
	}
	s.Note = render.NoteOf(e)
	p.Linked = linkedData(p)
	return p
}

// Pictures are the story's pictures.
func (p *storyPage) Pictures() []wire.Media { return pictures(p.Story) }

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

// Reserved says that the rights are reserved against AI.
func (p *storyPage) Reserved() bool { return p.Story.Rights.AI == wire.AIReserved }

// chain is who did what, in the order in which it was done.
func chain(s *wire.Story) []step {
	origin := sources(s, wire.Origin)
	publisher := render.Publisher(s)
	report := step{Label: "Reported", Agency: strings.Join(origin, ", "), People: credits(s, wire.Reporter)}
	if len(report.People) == 0 && s.Byline != "" {
		report.People = []string{s.Byline}
	}
	if report.Agency == "" && s.Translation == nil {
		report.Agency = publisher
	}
	if s.Translation != nil {
		report.Detail = tongue(s.Translation.From)
	}
	steps := []step{report}
	if t := s.Translation; t != nil {
		detail := "into " + tongue(t.To)
		switch {
		case tongue(t.To) == "":
			detail = ""
		case tongue(t.From) != "":
			detail = tongue(t.From) + " to " + tongue(t.To)
		}
		if t.Method == "machine" {
			detail = strings.TrimSpace(detail + " by machine")
		}
		steps = append(steps, step{Label: "Translated", People: credits(s, wire.Translator), Detail: detail})
	}
	steps = append(steps,
		step{Label: "Edited", People: credits(s, wire.Editor)},
		step{Label: "With", People: credits(s, wire.Contributor)},
		step{Label: "Passed on", Agency: strings.Join(sources(s, wire.Distributor), ", ")},
		step{Label: "Filed", People: credits(s, wire.Uploader)},
	)
	if publisher != report.Agency {
		steps = append(steps, step{Label: "Published", Agency: publisher})
	}
	var told []step
	for _, st := range steps {
		if st.Agency != "" || len(st.People) > 0 || st.Detail != "" {
			told = append(told, st)
		}
	}
	return told
}

func sources(s *wire.Story, role string) []string {
	var names []string
	for _, v := range s.Attribution.Sources {
		if v.Role == role {
			names = append(names, v.Name)
		}
	}
	return names
}

func credits(s *wire.Story, role string) []string {
	var names []string
	for _, v := range s.Attribution.Credits {
		if v.Role == role {
			names = append(names, v.Name)
		}
	}
	return names
}
