package credit

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"kawat/internal/wire"
)

// signalEntry is one language of signals.yaml.
type signalEntry struct {
	Language  string   `yaml:"language"`
	Kill      []string `yaml:"kill"`
	Withdrawn []string `yaml:"withdrawn"`
	Withhold  []string `yaml:"withhold"`
	Embargo   []string `yaml:"embargo"`
	From      []string `yaml:"from"`
	Advisory  []string `yaml:"advisory"`
	Update    []string `yaml:"update"`
	Take      []string `yaml:"take"`
	Please    []string `yaml:"please"`
	Asks      []string `yaml:"asks"`
	Cancelled []string `yaml:"cancelled"`
	First     []string `yaml:"first"`
	Flash     []string `yaml:"flash"`
	Corrected []string `yaml:"corrections"`
}

// Kind is what copy announces.
type Kind string

// What copy can announce, the gravest first.
const (
	Kill       Kind = "kill"       // the story must go
	Withdrawn  Kind = "withdrawn"  // it may have to: the words are those of ordinary news as well
	Withhold   Kind = "withhold"   // it is not to be used for now
	Embargo    Kind = "embargo"    // it is not to be used before a time
	Advisory   Kind = "advisory"   // it is for desks only
	Correction Kind = "correction" // it mends an earlier version
	Update     Kind = "update"     // it replaces an earlier version
	Take       Kind = "take"       // it goes on where another part ended

	please Kind = "please" // asks for a kill, in a note to editors
	from   Kind = "from"   // ends a line that begins with the time from which copy may be used
	asks   Kind = "asks"   // asks for a hold
	front  Kind = "first"  // may stand in front of a kill or a hold: "URGENT: …"

	// Of a flight or a concert the same word is news: it never does more than hold the story.
	cancelled Kind = "cancelled"
)

var rank = map[Kind]int{Kill: 8, Withdrawn: 7, Withhold: 6, Embargo: 5, Advisory: 4, Correction: 3, Update: 2, Take: 1}

// signalTerm is a word or phrase that announces something.
type signalTerm struct {
	kind      Kind
	language  string
	bracketed bool // believed in brackets or alone only
}

func (d *dictionary) addSignals(e *signalEntry) {
	for _, list := range []struct {
		kind  Kind
		words []string
	}{
		{Kill, e.Kill}, {Withdrawn, e.Withdrawn}, {Withhold, e.Withhold}, {Embargo, e.Embargo}, {Advisory, e.Advisory},
		{Update, e.Update}, {Take, e.Take}, {please, e.Please}, {asks, e.Asks}, {cancelled, e.Cancelled}, {Correction, e.Corrected},
	} {
		for _, w := range list.words {
			bare := strings.Trim(w, "()")
			d.signals.add(bare, signalTerm{list.kind, e.Language, bare != w})
		}
	}
	for _, w := range e.First {
		d.signalFirst.add(w, signalTerm{front, e.Language, false})
	}
	for _, w := range e.Flash {
		d.flashes.add(w, true)
	}
	for _, w := range e.From {
		d.signalEnds.addBackward(w, signalTerm{from, e.Language, false})
	}
}

// Announcement is what copy announces about itself; the zero Announcement is nothing.
type Announcement struct {
	Kind Kind
	// Words are those that announce it, as they stand, and Rule tells where: "headline:correction:id".
	Words, Rule string
	// Target is what a kill or a hold names: a transmission reference ("a0105") or a URN; "" where it names none, or
	// several.
	Target string
}

// Bounds of what is read, in bytes and paragraphs.
const (
	maxAnnounced  = 300  // of a line
	maxTargetText = 1500 // of the text in which a target is looked for
	firstLines    = 3    // paragraphs of the text that may announce something
	maxKillLine   = 80   // of a line further down that is nothing but a kill
	maxOpenings   = 3    // words in front of what is announced: "URGENT - ADVISORY - KILL"
)

// Lifecycle finds what copy announces about itself in its headline, its slugline, its editor's note and at the head of
// its text: a kill, a hold, a correction, an update. Of several the gravest counts.
//
// News speaks of kills and corrections too ("Kill switch law passes", "Correction of share prices goes on"), so the words
// must stand as a wire puts them: alone on the line, in a field of the slug, in brackets, before a colon or a dash, or in
// capitals before words that are not. A kill counts in capitals only (in scripts that have them); what might be one as
// well as news is Withdrawn, which holds a story back and cancels nothing.
func Lifecycle(headline, slugline, note, text string) Announcement {
	d := words()
	best := d.announcedInSlug(slugline)
	take := func(a Announcement) {
		if rank[a.Kind] > rank[best.Kind] {
			best = a
		}
	}
	take(d.announcedIn(headline, "headline"))
	take(d.announcedBehind(headline))
	take(d.announcedInNote(note))
	rest := text
	for range firstLines {
		var line string
		line, rest, _ = strings.Cut(strings.TrimLeft(rest, "\n"), "\n")
		take(d.announcedIn(line, "body"))
	}
	if rank[best.Kind] < rank[Kill] {
		take(d.killBelow(rest))
	}
	if best.Kind == "" {
		return d.correctedBelow(text)
	}
	if rank[best.Kind] < rank[Withhold] {
		return best
	}
	best.Target = target(headline + "\n" + slugline + "\n" + note + "\n" + head(text, maxTargetText))
	if best.Kind == Withdrawn && best.Target != "" && inCapitals(best.Words) && !d.ofEvents(best.Words) {
		best.Kind, best.Rule = Kill, strings.Replace(best.Rule, string(Withdrawn), string(Kill), 1)
	}
	return best
}

// killBelow finds a kill in the text below its first lines: there only the wire's own words for it are believed, in
// capitals and alone on their line.
func (d *dictionary) killBelow(text string) Announcement {
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line = strings.TrimSpace(line); len(line) > maxKillLine || !inCapitals(line) {
			continue
		}
		line = bare(line)
		if n, t := d.signalAt(line); n == len(line) && t.kind == Kill {
			return Announcement{Kind: Kill, Words: line, Rule: "body:" + string(Kill) + ":" + t.language}
		}
	}
	return Announcement{}
}

// corrected is how English copy says in its text that it was corrected.
var corrected = regexp.MustCompile(`(?i)^[(\[*_–—\s-]*(?:(?:this|the)\s(?:story|article|report|item|version|headline|dispatch)\s(?:(?:has|have)\sbeen|was|is)\scorrected\b|this\s(?:story|version|item)\scorrects\b|(?:this|an?\s(?:earlier|previous))\s(?:version|story)[^.]{0,80}?\sha(?:s|ve)\sbeen\scorrected\b|an?\s(?:earlier|previous)\sversion\sof\sthis\s(?:story|article|report)\s(?:incorrectly|wrongly|erroneously|mistakenly|misstated|misspelled|misidentified|gave\sthe\swrong|had\sthe\swrong)\b)`)

// correctedBelow finds what tells below a story that it was corrected: in one of the last two paragraphs.
func (d *dictionary) correctedBelow(text string) (a Announcement) {
	text = strings.TrimSpace(text)
	for range 2 {
		at := strings.LastIndexByte(text, '\n')
		if at < 0 {
			return a // the text itself
		}
		line := strings.TrimSpace(head(text[at+1:], maxAnnounced))
		if said := corrected.FindString(line); said != "" {
			return Announcement{Kind: Correction, Words: strings.TrimLeft(said, lineOpenings), Rule: "text:" + string(Correction) + ":en"}
		}
		line = strings.TrimLeft(line, lineOpenings)
		if n, t := d.signalAt(line); n > 0 && t.kind == Correction && strings.ContainsRune(":：", first(strings.TrimLeft(line[n:], " \u00a0"))) {
			return Announcement{Kind: Correction, Words: line[:n], Rule: "text:" + string(Correction) + ":" + t.language}
		}
		text = strings.TrimSpace(text[:at])
	}
	return a
}

// IsKillLine says whether a line is nothing but the wire's own words for a kill, in capitals: it is no part of a paragraph.
func IsKillLine(line string) bool { return words().killBelow(line).Kind != "" }

// lineOpenings may stand in front of what a line announces, and with their like behind it.
const lineOpenings = " \t([【［（〈*※!▲■◆●★☆+-–—=_"

// bare is a line without the signs around its words.
func bare(line string) string { return strings.Trim(line, lineOpenings+"#.:：)]】］）〉") }

// ofEvents says whether words are those of a cancellation, of which news may speak in the same way.
func (d *dictionary) ofEvents(words string) bool {
	_, t := d.signalAt(words)
	return t.kind == cancelled
}

// Put puts what was announced into the story, with evidence, unless the story says something graver already.
func (a Announcement) Put(s *wire.Story) {
	signal, status := wire.NoSignal, wire.Status("")
	switch a.Kind {
	case Kill:
		signal, status = wire.Kill, wire.Canceled
	case Withdrawn, Withhold, Advisory:
		status = wire.Withheld
	case Embargo:
		if s.Embargo == nil { // until someone says when
			status = wire.Withheld
		}
	case Correction:
		signal = wire.Correction
	case Update:
		signal = wire.Update
	case Take:
		for _, e := range s.Evidence {
			if e.Rule == a.Rule {
				return
			}
		}
		s.AddEvidence("signal", a.Rule, a.Words)
		return
	}
	if s.Status == wire.Canceled || s.Signal == wire.Kill {
		return
	}
	if strings.HasPrefix(a.Rule, "text:") && s.Signal != wire.NoSignal {
		return // what the format says of this version is better than what stays in the text of each
	}
	said := false
	if signal != wire.NoSignal && (signal == wire.Kill || s.Signal == wire.NoSignal || s.Signal == wire.Update && signal == wire.Correction) {
		s.Signal, said = signal, true
		s.AddEvidence("signal", a.Rule, a.Words)
	}
	if status == wire.Canceled || status != "" && s.Status != wire.Withheld {
		s.Status = status
		if !said {
			said = true
			s.AddEvidence("status", a.Rule, a.Words)
		}
	}
	if said && a.Target != "" {
		s.AddEvidence("signal.target", a.Rule, a.Target)
	}
}

// signalAt finds the longest term that s begins with. "#" in a term answers to a number: "UPDATE 2", "2nd Ld", "2. ".
func (d *dictionary) signalAt(s string) (n int, t signalTerm) {
	n, terms := d.signals.longest(s)
	if i := strings.IndexAny(head(s, 40), "0123456789"); i >= 0 {
		j := i
		for j < len(s) && '0' <= s[j] && s[j] <= '9' && j-i < 2 {
			j++
		}
		end := j
		for _, ordinal := range [...]string{"ST", "ND", "RD", "TH", "ER", "EME", "ÈME", "E", "º", "ª", "."} {
			if len(s) >= j+len(ordinal) && strings.EqualFold(s[j:j+len(ordinal)], ordinal) && (i == 0 || parts(s, j+len(ordinal))) {
				end = j + len(ordinal)
				break
			}
		}
		if end < len(s) && s[end] == '.' { // "2ND. LEAD"
			end++
		}
		if d.signals.leads(s[:i]) {
			if m, numbered := d.signals.longest(s[:i] + "#" + head(s[end:], 60)); m > max(i, n-(end-i)+1) {
				n, terms = m-1+end-i, numbered
			}
		}
	}
	if n == 0 {
		return 0, t
	}
	return n, terms[0]
}

// announcedIn reads the beginning of a line.
func (d *dictionary) announcedIn(line, where string) (a Announcement) {
	if line = strings.TrimSpace(head(line, maxAnnounced)); line == "" {
		return a
	}
	if said, language := d.usableFrom(line); said != "" {
		return Announcement{Kind: Embargo, Words: said, Rule: where + ":" + string(Embargo) + ":" + language}
	}
	if a = d.announcedAt(line, where, false); rank[a.Kind] >= rank[Withhold] {
		return a
	}
	if k := d.killBelow(line); k.Kind != "" { // "--- MANDATORY KILL ---"
		k.Rule = where + strings.TrimPrefix(k.Rule, "body")
		return k
	}
	s := line
	for range maxOpenings { // "URGENT: KILL", "Advisory - kill"
		s = strings.TrimLeft(s, lineOpenings)
		n, _ := d.signalFirst.longest(s)
		if n == 0 {
			break
		}
		rest := strings.TrimLeft(s[n:], " \u00a0\u3000")
		if !strings.ContainsRune(":：-–—/|,)]】］）", first(rest)) {
			break
		}
		s = strings.TrimLeft(rest, " \u00a0\u3000:：-–—/|,)]】］）")
		if b := d.announcedAt(s, where, true); rank[b.Kind] >= rank[Withhold] && b.Kind != Embargo {
			b.Words = strings.TrimLeft(line[:len(line)-len(s)+strings.Index(s, b.Words)+len(b.Words)], lineOpenings)
			return b
		}
	}
	if rank[a.Kind] < rank[Embargo] {
		if strings.Contains(line, "请") || strings.Contains(line, "請") {
			if said := releasedAfter.FindString(line); said != "" {
				return Announcement{Kind: Embargo, Words: said, Rule: where + ":" + string(Embargo) + ":zh"}
			}
		}
		if said, language := d.withdrawnStory(line); said != "" {
			return Announcement{Kind: Withdrawn, Words: said, Rule: where + ":" + string(Withdrawn) + ":" + language}
		}
	}
	return a
}

// quotes may stand around a word that is announced: "KILL".
const quotes = "\"'“”„‟«»‘’‚「」『』"

// announcedAt reads what a line begins with; opened says that a word such as "Urgent" stands in front of it.
func (d *dictionary) announcedAt(line, where string, opened bool) (a Announcement) {
	s := strings.TrimLeft(line, " \t([【［（〈＜<*※!▲■◆●★☆+")
	bare := strings.TrimLeft(s, quotes)
	quoted := len(bare) < len(s)
	s = bare
	n, t := d.signalAt(s)
	if n == 0 {
		return a
	}
	said, rest := s[:n], s[n:]
	if quoted { // around the word, and not around more
		unquoted := strings.TrimLeft(rest, quotes)
		if len(unquoted) == len(rest) {
			return a
		}
		rest = unquoted
	}
	gap := rest
	rest = strings.TrimLeft(rest, " \u00a0\u3000")
	sh := stand{
		bracketed: strings.IndexAny(line, "([【［（〈＜<") == 0,
		alone:     strings.Trim(rest, " \t.!:：)]】］）〉＞>*-–—=_▲■◆●★☆+") == "",
		before:    strings.ContainsRune(":：=＝)]】］）〉＞>/|*★☆+", first(rest)),
		colon:     strings.ContainsRune(":：", first(rest)),
		cased:     strings.ContainsFunc(said, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) }),
		capitals:  inCapitals(said),
		slug:      slugLike(rest),
		headline:  where == "headline",
		sentence:  endsSentence(line),
		time:      t.kind == Embargo && givesTime(rest),
		opened:    opened,
		stopped:   strings.HasPrefix(rest, ". "),
		quoted:    quoted,
		phrase:    strings.Contains(said, " "),
	}
	sh.marked = sh.capitals && !inCapitals(line)
	if r := first(rest); strings.ContainsRune("-–—", r) {
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, "-–— "))
		word := rest[utf8.RuneLen(r):]
		word = word[:strings.IndexAny(word+" ", " :,")]
		// "CORRECTED-Ferry", but not "correction-facility" or "KILL-SWITCH".
		sh.before = sh.before || len(gap) > len(rest) && next != 0 || sh.capitals && !inCapitals(word) || r != '-'
	}
	kind := sh.judge(t)
	if kind == "" {
		return a
	}
	return Announcement{Kind: kind, Words: said, Rule: where + ":" + string(kind) + ":" + t.language}
}

// releasedAfter is how Chinese copy says within a line from when it may be used: "请于2月6日18时后播发".
var releasedAfter = regexp.MustCompile(`[请請][于於在][^。！？\n]{1,60}?[后後](?:再|方可|方能|可|统一|統一)?(?:播发|播發|刊发|刊發|刊播|刊用|发稿|發稿|播出|见报|見報)`)

// stand is how words stand at the beginning of a line.
type stand struct {
	bracketed bool // in brackets that begin the line
	alone     bool // with nothing after them
	before    bool // before a colon, a dash, an equals sign or a closing bracket
	colon     bool // before a colon
	cased     bool // in a script that has capitals
	capitals  bool
	marked    bool // in capitals, and the line is not
	slug      bool // before what looks like a slug or a transmission reference
	headline  bool
	sentence  bool // the line ends as a sentence does
	time      bool // before a time of day or a date
	opened    bool // behind a word such as "Urgent"
	stopped   bool // before a full stop: "WITHDRAWN. Ferry sinks"
	quoted    bool // in quotation marks
	phrase    bool // of more than one word
}

// judge says what words of a kind are where they stand so; "" for news.
func (h stand) judge(t signalTerm) Kind {
	apart := h.alone || h.before || h.bracketed || h.marked
	if t.bracketed && !h.bracketed && !h.alone && !h.time && !(t.kind == Embargo && h.marked && h.before) {
		return ""
	}
	switch t.kind {
	case Kill:
		switch {
		case h.capitals && (apart || h.slug), !h.cased && (h.alone || h.before || h.bracketed):
			return Kill
		case h.alone || h.before || h.bracketed:
			return Withdrawn // "Story killed: how a newsroom …"
		}
	case please:
		return Withdrawn // "This story has been withdrawn."
	case asks:
		return Withhold // "Please do not use this story."
	case cancelled:
		if h.capitals && h.alone || h.bracketed && h.before || h.marked && h.before || h.opened && (h.alone || h.before) {
			return Withdrawn
		}
	case Withdrawn:
		switch {
		case h.quoted && h.capitals && (h.alone || h.before), h.opened && (h.alone || h.before || h.marked):
			if h.capitals && h.alone && !h.quoted {
				return Kill
			}
			return Withdrawn
		case h.capitals && (h.alone || h.bracketed && h.before), !h.cased && h.headline && h.alone && !h.quoted:
			return Kill
		case !h.cased && (h.alone || h.headline && h.colon && !h.quoted), h.bracketed && h.before, h.marked && (h.before || h.stopped), h.capitals && h.slug:
			return Withdrawn
		}
	case Withhold:
		if h.bracketed || h.marked || h.capitals && (h.alone || h.before || h.slug) || !h.cased && (h.alone || h.before) ||
			h.phrase && h.alone {
			return Withhold
		}
	case Embargo:
		if h.capitals || h.bracketed || h.before || h.alone || h.time || !h.cased || !h.sentence && !h.headline {
			return Embargo
		}
	case Advisory:
		if h.bracketed || h.alone && h.capitals || h.marked {
			return Advisory
		}
	default: // in the text, a word before a colon begins many a sentence
		if h.headline && apart || h.bracketed || h.marked || (h.capitals || !h.cased) && (h.alone || h.before) {
			return t.kind
		}
	}
	return ""
}

// Times as notes give them behind an embargo: "0600 GMT", "06.00 WIB", "6 a.m.", "18 Uhr", "6 February", "2月6日". A mere
// number is none: "Embargo: 5 things to know".
var (
	clockTime = regexp.MustCompile(`(?i)^[^.!?;]{0,40}?(?:\b\d{1,2}[.:h]\d{2}\b|\b\d{3,4}\s?(?:GMT|UTC|hrs|hours)\b|\b\d{1,2}\s?(?:a\.?m\b|p\.?m\b|uhr\b|h\b|GMT\b|UTC\b|[時时시點点])|\b\d{4}-\d\d-\d\d|\d{1,2}[月월])`)
	dayTime   = regexp.MustCompile(`(?i)^\W{0,4}(?:\p{L}+,?\s)?(?:\d{1,2}\.?\s(?:de\s)?(?:` + months + `)|(?:` + months + `)\p{L}*\.?\s\d{1,2}\b)`)
)

// months are the first letters of the months' names where Latin and Cyrillic letters are written.
const months = `jan|ene|gen|янв|feb|fév|fev|peb|фев|mar|mär|mac|мар|apr|abr|avr|апр|may|mai|mei|maj|mag|мая|jun|juin|giu|июн|jul|juil|lug|июл|aug|ago|août|agu|ogo|авг|sep|set|сен|oct|okt|out|ott|окт|nov|ноя|dec|dez|déc|dic|dis|des|дек`

// givesTime says whether what stands behind the word for an embargo tells until when.
func givesTime(rest string) bool {
	rest = head(rest, 80)
	return clockTime.MatchString(rest) || dayTime.MatchString(rest)
}

// usableFrom reads a line that begins with a time and ends in words for what is allowed from then on, or forbidden until
// then: "【2月6日午前6時解禁】", "※ 2월 6일 오전 6시 이후 보도 가능".
func (d *dictionary) usableFrom(line string) (said, language string) {
	said = strings.Trim(line, " \t()[]<>【】［］（）〈〉*※.。:：")
	for _, asked := range [...]string{"本稿", "此稿", "请于", "請於", "请在", "請在"} {
		said = strings.TrimPrefix(said, asked)
	}
	if digit := first(said); len(said) > maxName || !unicode.IsDigit(digit) {
		return "", ""
	}
	start, terms := d.signalEnds.longestBefore(said)
	if len(terms) == 0 || !givesTime(said[:start]) {
		return "", ""
	}
	return said, terms[0].language
}

// Transmission references are a service's letters and a number: "a0105", "V0123", "bdt0412".
var targets = regexp.MustCompile(`urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[^\s"'<>()\[\]]+|\b[A-Za-z]{1,3}[0-9]{4}\b`)

// target is the one story that a kill names; "" where it names none, or several.
func target(text string) string {
	one := ""
	for _, found := range targets.FindAllString(text, 20) {
		found = strings.TrimRight(found, ".,;:!")
		if one != "" && !strings.EqualFold(one, found) {
			return ""
		}
		one = found
	}
	return one
}
