package decode

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// maxID is the longest id, in bytes, that a story may have.
const maxID = 1024

// finish completes what a format has read: the headers' word first, then the profile's, then what follows from both.
func finish(c *wire.Copy, s *wire.Story) error {
	clean(s)
	s.Provider = c.Profile.Name
	credit.Lifecycle(s.Headline, s.Slugline, s.Note, s.Body.Text).Put(s)
	if said := credit.Lifecycle("", "", "", s.Summary); said.Kind != "" { // what stands below the headline announces as well
		said.Rule = "summary" + strings.TrimPrefix(said.Rule, "body")
		said.Put(s)
	}
	identify(c.Profile, s)
	applyHeaders(&c.Headers, s)
	if err := checkTarget(&c.Headers, s); err != nil {
		return err
	}
	switch {
	case s.ID == "":
		return wire.Refuse(wire.NoIdentity, "Nothing in the copy says which story it is: send it with its id, or with the header %s.", wire.HeaderStoryID)
	case len(s.ID) > maxID:
		return wire.Refuse(wire.NoIdentity, "The story's id has %d bytes, more than the %d that are taken.", len(s.ID), maxID)
	case s.Version > wire.MaxVersion:
		return wire.Refuse(wire.NoIdentity, "The story's version, %d, is greater than %d.", s.Version, int64(wire.MaxVersion))
	case s.Status == wire.Canceled && inferred(s, "id"):
		return wire.Refuse(wire.NoIdentity, "This is a kill, but nothing in it says of which story: send it with the header %s (kawat push --id), so that no other story is killed and the right one is.", wire.HeaderStoryID)
	case s.Body.Text == "" && !running.WithoutText(s):
		return wire.Refuse(wire.NoText, "The story %.100q has no text: send its text, or a kill if that is what it is to be; a headline alone is taken of a flash that says that it is one.", s.ID)
	}
	applyProfile(c.Profile, s)
	if s.Headline == "" && s.Body.Text != "" {
		s.Headline = firstWords(s.Body.Text)
		s.AddEvidence("headline", "inferred:first-words", s.Headline)
	}
	translation(&c.Headers, s)
	creditLine(c.Profile, s)
	return nil
}

// identify parts an id that carries the version by the provider's own pattern. A version of its own that the copy states
// stays.
func identify(p *wire.Profile, s *wire.Story) {
	if inferred(s, "id") {
		return // made up here, and not by the provider
	}
	raw := s.ID
	if id, version, ok := p.Identify(raw); ok {
		s.ID = id
		if s.Version < 1 && version > 0 {
			s.Version = version
		}
		s.AddEvidence("id", "identity:"+p.Name, raw)
	}
}

// checkTarget sees to it that copy which kills or holds a story in running text means the story whose id it has: the
// notice may have an id of its own, and name its target in its words. A URN that it names is that story's id; a
// transmission reference must be part of the id. The desk's header is believed before both.
func checkTarget(h *wire.Headers, s *wire.Story) error {
	held, target := false, ""
	for _, e := range s.Evidence {
		switch e.Field {
		case "signal", "status":
			if kind := strings.Split(e.Rule, ":"); len(kind) == 3 {
				switch credit.Kind(kind[1]) {
				case credit.Kill, credit.Withdrawn, credit.Withhold:
					held = true
				}
			}
		case "signal.target":
			target = e.Text
		}
	}
	if !held || h.StoryID != "" {
		return nil
	}
	switch {
	case strings.HasPrefix(strings.ToLower(target), "urn:"):
		if s.ID != target {
			s.ID = target
			s.AddEvidence("id", "lifecycle:target", target)
		}
	case target != "" && !strings.Contains(strings.ToLower(s.ID), strings.ToLower(target)):
		return wire.Refuse(wire.NoIdentity, "This notice kills or holds %q, but no lasting id says which story that is: send it with the header %s (kawat push --id), so that no other story is killed and the right one is.", target, wire.HeaderStoryID)
	case inferred(s, "id") && s.Status != wire.Canceled:
		return wire.Refuse(wire.NoIdentity, "This copy seems to withdraw or to hold a story, but nothing in it says which: send it with the header %s (kawat push --id), and with %s: kill if it is one.", wire.HeaderStoryID, wire.HeaderSignal)
	}
	return nil
}

// inferred says that a field was made up from other words.
func inferred(s *wire.Story, field string) bool {
	found := false
	for _, e := range s.Evidence {
		if e.Field == field {
			found = strings.HasPrefix(e.Rule, "inferred:") // a header's word comes later, and wins
		}
	}
	return found
}

// announcedEmbargo says that a story is withheld since its text speaks of an embargo.
func announcedEmbargo(s *wire.Story) bool {
	for _, e := range s.Evidence {
		if e.Field == "status" && s.Status == wire.Withheld {
			return strings.Contains(e.Rule, ":"+string(credit.Embargo)+":")
		}
	}
	return false
}

// applyHeaders lets the message's headers win over the copy.
func applyHeaders(h *wire.Headers, s *wire.Story) {
	say := func(field, header, value string) {
		for _, e := range s.Evidence {
			if e.Field == field && e.Rule == "header:"+header {
				return
			}
		}
		s.AddEvidence(field, "header:"+header, value)
	}
	if id := markup.Clean(h.StoryID); id != "" {
		s.ID = id
		say("id", wire.HeaderStoryID, id)
	}
	if headline := markup.Clean(h.Headline); headline != "" {
		s.Headline = headline
		say("headline", wire.HeaderHeadline, headline)
	}
	if h.Version > 0 {
		s.Version, s.Received.Unversioned = h.Version, false
		say("version", wire.HeaderVersion, "")
	} else if s.Version < 1 {
		s.Version, s.Received.Unversioned = 1, true
	}
	if h.Signal != wire.NoSignal {
		s.Signal = h.Signal
		say("signal", wire.HeaderSignal, string(h.Signal))
	}
	if h.Withhold && s.Status != wire.Canceled {
		s.Status = wire.Withheld
		say("status", wire.HeaderSignal, string(wire.Withheld))
	}
	if h.Lifted {
		s.Embargo, s.Lifted = nil, true
		say("embargo", wire.HeaderEmbargo, "none")
	}
	if (h.Lifted || h.Embargo != nil) && !h.Withhold && announcedEmbargo(s) {
		s.Status = wire.Usable // it was withheld only until someone said when
	}
	if h.Embargo != nil {
		until := h.Embargo.UTC()
		s.Embargo = &until
		say("embargo", wire.HeaderEmbargo, until.Format("2006-01-02T15:04:05Z"))
	}
	switch {
	case s.Signal == wire.Kill || s.Signal == wire.Takedown || s.Status == wire.Canceled:
		// Whoever of the two says it: a kill too many can be mended, one too few cannot. It waits for no embargo.
		if s.Status, s.Embargo = wire.Canceled, nil; s.Signal != wire.Takedown {
			s.Signal = wire.Kill
		}
	case s.Status == "":
		s.Status = wire.Usable
	}
}

// applyProfile fills what the copy leaves out with what is known of the provider.
func applyProfile(p *wire.Profile, s *wire.Story) {
	rule := "profile:" + p.Name
	if p.Generic {
		rule = "profile:generic"
		s.AddEvidence("provider", rule, p.Name)
	}
	setLanguage(s, p, rule)
	applyRights(&p.Rights, s, rule)
	for _, source := range s.Attribution.Sources {
		if source.Role == wire.Origin {
			return
		}
	}
	name, words := agencyOf(p, s), ""
	if name == "" {
		return
	}
	if name != p.Agency {
		rule, words = "inferred:dateline-agency", s.Dateline.Text
	}
	s.Attribution.Sources = append(s.Attribution.Sources, wire.Source{Name: name, Role: wire.Origin})
	s.AddEvidence("attribution.sources["+strconv.Itoa(len(s.Attribution.Sources)-1)+"]", rule, words)
}

// agencyOf is the agency that a story comes from. Of a provider that nobody has described only its own name is known: then
// the one that signs the dateline is more likely it.
func agencyOf(p *wire.Profile, s *wire.Story) string {
	if p.Generic && s.Dateline.Agency != "" {
		return s.Dateline.Agency
	}
	return p.Agency
}

// applyRights fills what the copy's own statement of rights leaves open. A holder and a notice go together: those of
// the profile stand only where the copy names nobody.
func applyRights(p *wire.Rights, s *wire.Story, rule string) {
	r := &s.Rights
	fill := func(field string, into *string, value string) {
		if *into == "" && value != "" {
			*into = value
			s.AddEvidence("rights."+field, rule, "")
		}
	}
	if r.Holder == "" && r.Notice == "" {
		fill("holder", &r.Holder, p.Holder)
		fill("notice", &r.Notice, p.Notice)
	}
	own := r.Terms
	fill("terms", &r.Terms, p.Terms)
	fill("policy", &r.Policy, p.Policy)
	if len(r.Territories.Allow)+len(r.Territories.Deny) == 0 && len(p.Territories.Allow)+len(p.Territories.Deny) > 0 {
		r.Territories = p.Territories
		s.AddEvidence("rights.territories", rule, "")
	}
	for _, e := range s.Evidence {
		if e.Field == "rights.ai" {
			return // the copy's own running text says it
		}
	}
	if credit.Reserves(own) {
		r.AI = wire.AIReserved
		s.AddEvidence("rights.ai", "terms:reservation", own)
		return
	}
	if (r.AI == "" || r.AI == wire.AIUnspecified || r.AI == p.AI) && p.AI != "" && p.AI != wire.AIUnspecified {
		r.AI = p.AI
		s.AddEvidence("rights.ai", rule, "")
	}
	if r.AI == "" {
		r.AI = wire.AIUnspecified
	}
}

// translation completes what is known of a translation: a header or a translator's credit says that it is one.
func translation(h *wire.Headers, s *wire.Story) {
	of := markup.Clean(h.TranslationOf)
	translator := false
	for _, c := range s.Attribution.Credits {
		translator = translator || c.Role == wire.Translator
	}
	if s.Translation == nil {
		if of == "" && !translator {
			return
		}
		s.Translation = new(wire.Translation)
	}
	t := s.Translation
	if of != "" {
		t.Of = of
		s.AddEvidence("translation.of", "header:"+wire.HeaderTranslationOf, of)
	}
	if t.From = markup.Language(t.From); t.From == "" {
		t.From = "und"
	}
	if t.To = markup.Language(t.To); t.To == "" || t.To == "und" {
		t.To = s.Language
	}
	if t.Method == "" {
		t.Method = "human" // desks translate; a machine's work says so itself
	}
}

// creditLine says how the story is to be credited: by who delivered it, and by those whose report it is.
func creditLine(p *wire.Profile, s *wire.Story) {
	a := &s.Attribution
	agency := agencyOf(p, s)
	if a.CreditLine != "" || agency == "" {
		return
	}
	a.CreditLine = agency
	for _, source := range a.Sources {
		if source.Role == wire.Origin && source.Name != agency {
			a.CreditLine += "/" + source.Name
		}
	}
	s.AddEvidence("attribution.creditLine", "inferred:agency-and-origin", a.CreditLine)
}

// firstWords makes a headline of a text without one: its first paragraph, cut at a word.
func firstWords(text string) string {
	const most = 100 // runes
	text, _, _ = strings.Cut(text, "\n")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	n, cut, hard := 0, 0, 0
	for i, r := range text {
		if n == most {
			hard = i
			break
		}
		if r == ' ' {
			cut = i
		}
		n++
	}
	if cut == 0 {
		cut = hard // a script without spaces
	}
	return strings.TrimRight(text[:cut], " ,;:-–—") + "…"
}
