// Package credit reads what agency copy says about itself in running text: datelines, bylines, credits, sources,
// agencies quoted, related stories, sign-offs, copyright notices and reservations against AI.
//
// What things are called is data: labels/ has a file a language, agencies.yaml the agencies and their spellings,
// datelines.yaml the shapes of datelines. All functions may be called from any number of goroutines.
package credit

import (
	"strings"
	"unicode"

	"kawat/internal/wire"
)

// unit is a line of copy, or a whole paragraph where none of its lines says anything beside the story.
type unit struct {
	paragraph int
	text      string
	found     *finding
}

// Extract takes what copy says about itself out of its paragraphs and puts it into the story; it gives back the
// paragraphs that are the story's text, in order, the first without its dateline. The paragraphs are those of the
// body, with bylines above and credits and notices below it if there are any, but without headlines; a paragraph may
// hold several lines.
//
// It fills Dateline, Byline, Attribution, Translation (where somebody is credited with it), Rights.Notice, Holder, Year,
// Terms and AI, and Related. What the story has already stands: a format that has a field of its own for something
// sets it first. Each value that is taken adds Evidence with the words as they stand. Story.Language, where known,
// decides which of two languages a label is of. Rights.AI is never left empty: it is the profile's where the copy is
// silent, and "unspecified" where both are. The profile may be nil.
func Extract(story *wire.Story, paragraphs []string, profile *wire.Profile) (rest []string) {
	x := extraction{d: words(), story: story, profile: profile}
	x.language, _, _ = strings.Cut(story.Language, "-")
	x.read(paragraphs)
	x.judge()
	rest = x.take()
	x.cite(rest)
	x.citeFinal(rest)
	if story.Rights.AI == "" {
		story.Rights.AI = wire.AIUnspecified
		if profile != nil && profile.Rights.AI != "" {
			story.Rights.AI = profile.Rights.AI
		}
	}
	return rest
}

// Opens says whether a line says something beside the story or begins to: a label, a byline, a sign-off, a notice.
// Formats whose lines are wrapped ask it before they join a line to the one above.
func Opens(line string) bool { return words().read(line, "") != nil }

type extraction struct {
	d        *dictionary
	story    *wire.Story
	profile  *wire.Profile
	language string
	units    []unit
	related  int // links found
}

// read parts paragraphs into units and reads each by itself.
func (x *extraction) read(paragraphs []string) {
	x.units = make([]unit, 0, len(paragraphs)+8)
	for i, p := range paragraphs {
		if !strings.Contains(p, "\n") {
			x.units = append(x.units, unit{i, p, x.few(x.d.read(p, x.language))})
			continue
		}
		from := len(x.units)
		said := false
		if strings.HasPrefix(p, "(") && len(p) <= maxLine {
			if f := x.d.read(squeeze(p), x.language); f != nil {
				x.units = append(x.units, unit{i, p, f})
				continue
			}
		}
		for line := range strings.SplitSeq(p, "\n") {
			f := x.d.read(line, x.language)
			if n := len(x.units); f == nil && n > from && x.units[n-1].runsOn(line) {
				u := &x.units[n-1]
				if whole := x.d.read(squeeze(u.text+" "+line), x.language); whole != nil && whole.note != nil {
					u.text, u.found = u.text+"\n"+line, whole
					continue
				}
			}
			said = said || f != nil
			x.units = append(x.units, unit{i, line, x.few(f)})
		}
		if !said {
			x.units = append(x.units[:from], unit{paragraph: i, text: p})
		}
	}
	x.cutBlock()
	x.correctionAbove()
	x.initialsBelow()
	for i := range x.units[:max(0, len(x.units)-1)] {
		f := x.units[i].found
		switch {
		case f == nil:
		case f.blank != nil:
			x.fill(i+1, *f.blank)
		case len(f.related) > 0:
			x.address(i+1, f.related[len(f.related)-1])
		}
	}
}

// runsOn says whether a unit is a note to desks that stops in the middle of a sentence, which goes on in the line below.
func (u *unit) runsOn(line string) bool {
	return u.found != nil && u.found.note != nil && strings.HasPrefix(u.found.note.rule, "note:desks:") && len(u.text) <= maxLine &&
		!endsSentence(strings.TrimSpace(u.text)) && unicode.IsLower(first(strings.TrimSpace(line)))
}

// correctionAbove takes a line that tells of a correction ("Rectificatif: lire soixante.") for a note where the text with
// its dateline follows: within a story such a line is its text.
func (x *extraction) correctionAbove() {
	var line *unit
	for i := range x.units {
		u := &x.units[i]
		if u.found != nil || strings.TrimSpace(u.text) == "" {
			continue
		}
		if line == nil {
			line = u
			continue
		}
		a := x.d.announcedIn(line.text, "headline")
		if a.Kind != Correction || len(line.text) > maxAnnounced {
			return
		}
		if _, ok := x.d.dateline(u.text, x.profile); ok {
			text := strings.TrimSpace(line.text)
			line.found = &finding{note: &noteFound{text: text, label: a.Words, readers: true, said: a,
				rule: "note:readers:" + a.Rule[strings.LastIndexByte(a.Rule, ':')+1:]}}
		}
		return
	}
}

// cutBlock leaves out what stands below the mark of a block of notes, telephone numbers and all, but not what it says of
// rights. A mark above the story is the mark of nothing.
func (x *extraction) cutBlock() {
	text, cut := false, false
	for i := range x.units {
		u := &x.units[i]
		f := u.found
		if cut {
			if f != nil && (f.notice != nil || f.signOff != nil) {
				continue
			}
			if u.found = x.d.termsAlone(u.text); u.found == nil {
				u.found = new(finding)
			}
			continue
		}
		text = text || f == nil && strings.TrimSpace(u.text) != "" || f != nil && f.before != ""
		cut = text && f != nil && f.note != nil && f.note.block
	}
}

// few keeps findings small in copy that is nothing but related links: those that have no room in the record leave no
// more than that their lines are no text.
func (x *extraction) few(f *finding) *finding {
	if f == nil || len(f.related) == 0 || f.before != "" || len(f.credits)+len(f.sources) > 0 || f.notice != nil {
		return f
	}
	if x.related += len(f.related); x.related > 2*maxRelated {
		return &nothing
	}
	return f
}

// nothing is said by a line that is no text either. It is never changed.
var nothing finding

// fill reads the lines below a label that has nothing after it.
func (x *extraction) fill(i int, t term) {
	rule := "label:" + t.role + ":" + t.language
	for last := min(len(x.units), i+8); i < last; i++ {
		u := &x.units[i]
		text := strings.TrimSpace(u.text)
		if u.found != nil || text == "" {
			return
		}
		switch t.role {
		case related:
			if len(text) > 200 || endsSentence(text) && !strings.HasPrefix(text, "http") {
				return
			}
			u.found = &finding{related: []relatedFound{{splitURL(trimBullets(text)), rule, text}}}
			continue
		case source:
			if names, known := x.d.origins(text); known {
				u.found = &finding{}
				for _, n := range names {
					u.found.sources = append(u.found.sources, sourceFound{n, rule, text})
				}
			}
		default:
			if credits, like := x.d.people(text, t, "label", text); like == properName && len(credits) > 0 {
				u.found = &finding{credits: credits}
			}
		}
		return
	}
}

// address reads the line below a related story where that is nothing but the story's address.
func (x *extraction) address(i int, r relatedFound) {
	u := &x.units[i]
	text := strings.TrimSpace(u.text)
	if link := splitURL(text); u.found == nil && r.URL == "" && link.URL == text && text != "" {
		u.found = &finding{related: []relatedFound{{link, r.rule, text}}}
	}
}

// judge decides what stands where it cannot be what it looks like: weak findings within the story's text become text,
// and lines that forbid become usage terms below credits or at the end.
func (x *extraction) judge() {
	first, last := len(x.units), -1
	for i := range x.units {
		if f := x.units[i].found; f == nil || f.before != "" {
			first = i
			break
		}
	}
	closing := false
	for i := first; i < len(x.units); i++ {
		u := &x.units[i]
		switch {
		case u.found != nil:
			closing = u.found.closes() || closing && u.found.terms != ""
		case closing:
			if w, language := x.d.wordingOf(u.text); isTerms(w) {
				u.found = &finding{terms: strings.TrimSpace(u.text), wording: w, termsLanguage: language}
				continue
			}
			closing = strings.TrimSpace(u.text) == ""
		}
	}
	for i := len(x.units) - 1; i > first; i-- {
		u := &x.units[i]
		if u.found != nil {
			if u.found.before != "" {
				last = i
				break
			}
			continue
		}
		if strings.TrimSpace(u.text) == "" {
			continue
		}
		if u.found = x.d.termsAlone(u.text); u.found == nil {
			last = i
			break
		}
	}
	for i := first; i < last; i++ {
		if f := x.units[i].found; f != nil && f.weak {
			x.units[i].found = nil
		}
	}
}

// closes says whether a finding is of the kind that stands below a story.
func (f *finding) closes() bool {
	return len(f.credits) > 0 || len(f.sources) > 0 || f.notice != nil || f.signOff != nil
}

// take puts the findings into the story and gives the text that remains.
func (x *extraction) take() (rest []string) {
	rest = make([]string, 0, len(x.units))
	inParagraph := -1
	var signOff *sourceFound
	at, filed := 0, false
	text := func(paragraph int, s string) {
		if s = strings.Trim(s, "\n"); strings.TrimSpace(s) == "" {
			return
		}
		if inParagraph < 0 {
			whole := s
			if s = x.dateline(s); s == "" {
				return
			}
			if len(s) < len(whole) && !filed && x.goesOn(at) {
				filed = true
				if x.correctionBehind(s) {
					return
				}
			}
		}
		if inParagraph == paragraph {
			rest[len(rest)-1] += "\n" + s
		} else {
			rest = append(rest, s)
		}
		inParagraph = paragraph
	}
	for i, u := range x.units {
		f := u.found
		at = i
		if f == nil {
			text(u.paragraph, u.text)
			continue
		}
		if f.before != "" {
			text(u.paragraph, f.before)
		}
		for range maxInLine {
			x.put(f)
			if f.signOff != nil {
				signOff = f.signOff
			}
			if f = x.after(f.after, func(s string) { text(u.paragraph, s) }); f == nil {
				break
			}
		}
	}
	if signOff != nil && len(x.story.Attribution.Sources) == 0 {
		x.addSource(*signOff, wire.Origin)
	}
	return rest
}

// after reads what follows a copyright notice in its line: terms, or more credits, or text after all.
func (x *extraction) after(s string, text func(string)) *finding {
	if s == "" {
		return nil
	}
	if w, language := x.d.wordingOf(s); isTerms(w) {
		return &finding{terms: s, wording: w, termsLanguage: language}
	}
	if f := x.d.read(s, x.language); f != nil && f.before == "" && len(f.after) < len(s) {
		return f
	}
	text(s)
	return nil
}

// dateline takes the dateline off the first paragraph. A dateline that the story has already is completed only.
func (x *extraction) dateline(s string) string {
	f, ok := x.d.dateline(s, x.profile)
	if !ok {
		return s
	}
	words := strings.TrimSpace(s[:f.end])
	set := func(field string, into *string, value string) {
		if *into == "" && value != "" {
			*into = value
			rule := f.rule
			if f.guessed && field == "place" {
				rule = "inferred:" + rule
			}
			x.story.AddEvidence("dateline."+field, rule, words)
		}
	}
	set("text", &x.story.Dateline.Text, f.Text)
	set("place", &x.story.Dateline.Place, f.Place)
	set("agency", &x.story.Dateline.Agency, f.Agency)
	set("date", &x.story.Dateline.Date, f.Date)
	if f.origin != "" {
		x.addSource(sourceFound{f.origin, f.rule, words}, wire.Origin)
	}
	language, _, _ := scriptLanguage(s)
	credits, _ := x.d.people(f.names, term{wire.Reporter, language}, "", words)
	for _, c := range credits {
		c.rule = f.rule
		if f.guessed {
			c.rule = "inferred:" + c.rule
		}
		x.addCredit(c)
	}
	return s[f.end:]
}
