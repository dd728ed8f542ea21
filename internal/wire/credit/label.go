package credit

import (
	"strings"
	"unicode/utf8"

	"kawat/internal/wire"
)

// finding is what one line says beside the story.
type finding struct {
	before  string // text of the story that stands before it in the line
	credits []creditFound
	sources []sourceFound
	related []relatedFound
	notice  *notice
	after   string       // what follows a copyright notice in the line
	signOff *sourceFound // the agency that signs off
	// revision is what a last line of dpa's tells of the copy's version.
	revision *revision
	ended    bool   // so does the copy, with a word in brackets: "(SEGUE)"
	byline   string // the names of a byline as they stand
	address  string // of mail, not for publication
	// weak findings are believed only above or below the story's text.
	weak bool
	// blank is a label with nothing after it: what it names stands in the next line.
	blank *term
	note  *noteFound
	// terms are usage terms, set once it is known where the story ends.
	terms, termsLanguage string
	wording              wording
}

type creditFound struct {
	wire.Credit
	rule, text string
}

type sourceFound struct {
	name, rule, text string
}

type relatedFound struct {
	wire.Link
	rule, text string
}

// mark is a label and its colon in a line.
type mark struct {
	start, end int // of the label; end is after the colon
	terms      []term
	more       []term // of the other label in "Pewarta/Editor:"
}

// maxMarks is how many labels of one line are looked at.
const maxMarks = 64

// bullets may stand before a label.
const bullets = " \t-–—•*>·・#([【［（〔<＜〈«»“\"'|※◎◆◇■□●○▶▷►★☆▲△\u00a0\u3000"

// trimBullets cuts bullets off the beginning of a line.
func trimBullets(s string) string {
	if s == "" || plainWord[s[0]] {
		return s
	}
	return strings.TrimLeft(s, bullets)
}

// marks finds the labels of a line.
func (d *dictionary) marks(line string) (found []mark) {
	wide := strings.IndexByte(line, "："[0]) >= 0
	for i := 0; i < len(line) && len(found) < maxMarks; {
		at, size := nextColon(line[i:], wide)
		if at < 0 {
			break
		}
		at += i
		from := i
		i = at + size
		label := strings.TrimRight(line[from:at], " \t\u00a0\u3000")
		start, terms := d.labels.longestBefore(label)
		if len(terms) == 0 {
			continue
		}
		m := mark{start: from + start, end: i, terms: terms}
		if other := strings.TrimRight(label[:start], " "); other != "" {
			cut := strings.TrimRight(other, "/&·・、 ")
			if cut == other {
				word := other[strings.LastIndexByte(other, ' ')+1:]
				if folded(d.and, word) {
					cut = strings.TrimRight(other[:len(other)-len(word)], " ")
				}
			}
			if cut != other {
				if start, terms := d.labels.longestBefore(cut); len(terms) > 0 {
					m.start, m.more = from+start, terms
				}
			}
		}
		found = append(found, m)
	}
	return found
}

// nextColon finds a colon, of either width where there are wide ones.
func nextColon(s string, wide bool) (at, size int) {
	if !wide {
		return strings.IndexByte(s, ':'), 1
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ':':
			return i, 1
		case 0xEF: // ： ﹕
			if rest := s[i:]; strings.HasPrefix(rest, "：") || strings.HasPrefix(rest, "﹕") {
				return i, len("：")
			}
		}
	}
	return -1, 0
}

// choose takes of several meanings of a label the one in the story's language.
func choose(terms []term, language string) term {
	for _, t := range terms {
		if t.language == language {
			return t
		}
	}
	return terms[0]
}

// labelled reads a line that has labels in it: credits, sources, related stories, also several in one line, the last
// of them followed by a copyright notice. It gives nil for a line of the story's text.
func (d *dictionary) labelled(line, language string) *finding {
	marks := d.marks(line)
	if len(marks) == 0 {
		return d.inBrackets(line, language)
	}
	f := new(finding)
	for len(marks) > 0 && !d.opensLabels(f, line, marks[0], language) {
		marks = marks[1:]
	}
	if len(marks) == 0 {
		return nil
	}
	people := 0
	for _, m := range marks {
		if choose(m.terms, language).role != related {
			people++
		}
	}
	for i := 0; i < len(marks); i++ {
		m := marks[i]
		t := choose(m.terms, language)
		// A title may have a colon after a word that is also a label; a tail that was run together has several.
		for t.role == related && i+1 < len(marks) && people < 2 && choose(marks[i+1].terms, language).role != related {
			marks = append(marks[:i+1], marks[i+2:]...)
		}
		end := len(line)
		if i+1 < len(marks) {
			end = marks[i+1].start
		}
		if value := line[m.end:end]; t.role != related || end == len(line) && people > 1 {
			if n, at := d.findNotice(value, language); at >= 0 {
				f.notice, f.after = &n, strings.TrimSpace(value[at+len(n.text):])
				if i+1 < len(marks) { // a label after a notice is part of the line's rest
					f.after = strings.TrimSpace(line[m.end+at+len(n.text):])
				}
				end = m.end + at
			}
		}
		if !d.takeValue(f, t, m, line, end, language) {
			return nil
		}
		if f.notice != nil {
			break
		}
	}
	return f
}

// inBrackets reads a line without a colon that begins with a label in brackets ("【関連記事】…"), or that is nothing but
// the label of related stories.
func (d *dictionary) inBrackets(line, language string) *finding {
	if c := line[0] | 0x20; 'a' <= c && c <= 'z' {
		return nil // no bracket, and a script that has capitals: the usual line of text
	}
	label, value := strings.TrimRight(trimBullets(line), " 】］〕]"), ""
	bracketed := false
	for _, b := range brackets {
		if rest, ok := strings.CutPrefix(line, b[0]); ok && b[0] != "(" && b[0] != "（" {
			if label, value, bracketed = strings.Cut(rest, b[1]); !bracketed {
				return nil
			}
			break
		}
	}
	if label = strings.TrimSpace(label); len(label) > maxName || len(line) > maxLine || !bracketed && hasCase(label) {
		return nil
	}
	start, terms := d.labels.longestBefore(label)
	if len(terms) == 0 || start > 0 {
		return nil
	}
	t := choose(terms, language)
	if !bracketed && t.role != related {
		return nil
	}
	m := mark{end: len(line) - len(value), terms: terms}
	f := new(finding)
	if !d.takeValue(f, t, m, line, len(line), language) {
		return nil
	}
	f.weak = f.weak || t.role != related
	return f
}

// opensLabels says whether m can be the first label of a line: nothing before it but bullets, or a whole sentence, or
// a name that it is glued to.
func (d *dictionary) opensLabels(f *finding, line string, m mark, language string) bool {
	prefix := line[:m.start]
	if trimBullets(prefix) == "" {
		return true
	}
	before := strings.TrimRight(prefix, bullets)
	switch {
	case before == "":
	case glued(line, m.start) && d.nameLike(squeeze(prefix)) == properName && len(prefix) <= maxName:
		// "SavitriEditor: Agus Salim": somebody without a role.
		f.credits = append(f.credits, creditFound{wire.Credit{Name: squeeze(prefix), Role: wire.Contributor},
			"inferred:glued-name", strings.TrimSpace(line)})
		return true
	case glued(line, m.start), endsSentence(before):
		t := choose(m.terms, language)
		value := line[m.end:]
		if t.role == source || t.role != related && strings.TrimSpace(value) == "" {
			if _, known := d.origins(value); !known {
				return false
			}
		}
		f.before = strings.TrimRight(line[:m.start], " \t([【［（-–—•*|")
		return true
	}
	return false
}

func endsSentence(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?”\"’»)…。！？」』）", r)
}

// takeValue reads what stands after a label, up to byte end of the line; it says false when that cannot be what the label names.
func (d *dictionary) takeValue(f *finding, t term, m mark, line string, end int, language string) bool {
	value := strings.TrimSpace(line[m.end:end])
	text := strings.TrimRight(line[m.start:end], " \t\n,;|/")
	rule := "label:" + t.role + ":" + t.language
	switch t.role {
	case related:
		value = strings.TrimRight(value, " \t)]】］）|*")
		link := splitURL(value)
		if link == (wire.Link{}) {
			f.blank = &t
			return true
		}
		f.related = append(f.related, relatedFound{link, rule, text})
		return true
	case source:
		names, known := d.origins(strings.Trim(value, bullets+")]】］）."))
		if len(value) > 200 {
			return false
		}
		if !known && strings.ContainsAny(value, "。！？") || !known && !hasCase(value) && (strings.Count(value, " ") > 5 || len(value) > 60 && strings.ContainsFunc(value, unspaced)) {
			return false // a headline may begin so
		}
		if len(names) == 0 {
			f.blank = &t
			return true
		}
		f.weak = f.weak || !known
		for _, n := range names {
			f.sources = append(f.sources, sourceFound{n, rule, text})
		}
		return true
	}
	if value == "" {
		f.blank = &t
		return true
	}
	credits, like := d.people(value, t, "label", text)
	if like == noName {
		return false
	}
	if d.openAfter(value) {
		return false
	}
	f.weak = f.weak || like == smallName || !hasCase(value)
	for _, c := range credits {
		if m.more != nil {
			also := c
			also.Role = choose(m.more, language).role
			also.rule = "label:" + also.Role + ":" + t.language
			f.credits = append(f.credits, also)
		}
		f.credits = append(f.credits, c)
	}
	return true
}

// people reads the names of a credit, which may hold further clauses: "A; editing by B".
func (d *dictionary) people(value string, t term, kind, text string) (credits []creditFound, like likeness) {
	if len(value) > maxName*maxNames {
		return nil, noName
	}
	like = properName
	take := func(part string, t term) {
		names, l := d.names(part, t.language)
		like = min(like, l)
		for _, n := range names {
			credits = append(credits, creditFound{wire.Credit{Name: n, Role: t.role}, kind + ":" + t.role + ":" + t.language, text})
		}
	}
	from := 0
	for i := 0; i < len(value); {
		start, end := nextWord(value, i)
		if start == end {
			break
		}
		n, terms := d.clauses.longest(value[start:])
		if more, others := d.script.bracketed.longest(value[start:]); more > n && start > 0 {
			n, terms = more, others
		}
		if n > 0 && terms[0].role == source {
			if f := d.sourceClause(choose(terms, t.language), value[start+n:], text); f != nil {
				take(value[from:start], t)
				for _, s := range f.sources {
					credits = append(credits, creditFound{wire.Credit{Name: s.name, Role: source}, s.rule, text})
				}
				return credits, like
			}
		} else if n > 0 && terms[0].role != byline {
			take(value[from:start], t)
			t, kind = choose(terms, t.language), "clause"
			from, end = start+n, start+n
		}
		i = end
	}
	take(value[from:], t)
	return credits, like
}

// splitURL parts an address from the title of a related story.
func splitURL(s string) wire.Link {
	s = squeeze(s)
	at := strings.Index(s, "http://")
	if secure := strings.Index(s, "https://"); secure >= 0 && (at < 0 || secure < at) {
		at = secure
	}
	if at < 0 {
		return wire.Link{Title: s}
	}
	url, after, _ := strings.Cut(s[at:], " ")
	title := strings.TrimSpace(strings.TrimRight(s[:at], " (<[-–—:|") + " " + strings.TrimSpace(after))
	return wire.Link{Title: title, URL: strings.TrimRight(url, ")>].,;")}
}
