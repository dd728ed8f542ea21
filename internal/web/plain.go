package web

import (
	"fmt"
	"strings"

	"kawat/internal/feed"
	"kawat/internal/render"
)

// plainText is a story as text that can be pasted into any system: the copy, then everything that must not be lost with
// it, one thing a line, under English labels that programs can look for. Of a killed story it is the notice.
func plainText(site render.Site, e *feed.Entry) []byte {
	var b strings.Builder
	if e.Killed() {
		n := render.NoticeOf(e)
		fmt.Fprintf(&b, "%s\n\n%s\n\n-- \n", n.Title, n.Text)
		fmt.Fprintf(&b, "Identity: %s, version %d, %s\n", render.Clean(e.Story).Key().URI(), e.Version, human(e.Updated()))
	} else {
		writePlain(&b, storyPageOf(site, e, inEnglish()))
	}
	return []byte(b.String())
}

func writePlain(b *strings.Builder, p *storyPage) {
	s := p.Story
	say := func(label, value string) {
		if value != "" {
			fmt.Fprintf(b, "%s: %s\n", label, value)
		}
	}
	paragraph := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	if s.Slugline != p.Title {
		paragraph(s.Slugline)
	}
	paragraph(p.Title)
	for _, c := range p.Changes {
		paragraph(fmt.Sprintf("%s, %s. %s", strings.ToUpper(c.Label), human(c.At), c.Sentence))
	}
	paragraph(s.Note)
	paragraph(s.Summary)
	paragraph(render.BodyText(s))
	b.WriteString("-- \n") // as below a mail: what follows belongs to the copy and is none of it
	for _, st := range p.Chain {
		who := strings.Join(append(given(st.Agency), st.People...), ", ")
		if st.Detail != "" {
			who = strings.TrimSpace(who + " (" + st.Detail + ")")
		}
		say(st.Label, who)
	}
	say("Quotes", strings.Join(p.Cited, ", "))
	say("Credit as", s.Attribution.CreditLine)
	if t := s.Translation; t != nil {
		say("Translation of", t.Of)
	}
	say("Original", p.Original)
	say("Rights", p.Rights())
	say("Holder", p.Holder())
	say("Only in", strings.Join(s.Rights.Territories.Allow, ", "))
	say("Not in", strings.Join(s.Rights.Territories.Deny, ", "))
	say("Terms", s.Rights.Terms)
	say("Policy", s.Rights.Policy)
	if p.Reserved() {
		b.WriteString(p.Words.Reservation + "\n")
	}
	for _, m := range s.Media {
		say("Media", strings.Join(append(append(given(m.URL), given(m.Caption)...), given(m.Credit)...), ", "))
	}
	for _, l := range s.Related {
		say("Related", strings.Join(append(given(l.Title), given(l.URL)...), ", "))
	}
	say("Published", human(p.Published()))
	if updated := human(p.Entry.Updated()); updated != human(p.Published()) {
		say("Updated", updated)
	}
	say("Identity", fmt.Sprintf("%s, version %d", s.Key().URI(), s.Version))
	say("Address", p.Address)
}

// given is a list of s, without it when it is empty.
func given(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
