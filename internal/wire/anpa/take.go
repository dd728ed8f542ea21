package anpa

import (
	"regexp"
	"strings"

	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
)

// take is what a message is to the story that it is of: its first take, a later lead, an add, a correction, a kill.
type take struct {
	lead       int // "2nd Ld": 2
	update     bool
	partial    bool // an add, an insert, a substitution: text that goes with an earlier take
	correction bool
	kill       bool
	withhold   bool
	advisory   bool
	advance    bool // "ADV24": to be held until that day
	urgency    int
	words      string // by which it says so
	first      string // the number of the first take, as it is named: "a0105"
	doubtful   bool   // more than one is named
	day        string // the day of the first take, where a kill says it: "Nov. 22"
}

// readTake reads the words for the version in the keyword (ANPA 1312, version and reference): "1st Ld-Writethru,a0105",
// in AP's header also "1stLd-Writethru a0105", and what headline, notes and text announce.
func readTake(h *header, t *text) take {
	var k take
	k.keyword(h.keyword)
	k.keyword(t.keyword)
	slug, lead := t.keyword, t.firstWords()
	if slug == "" {
		slug = h.keyword
	}
	a := credit.Lifecycle(t.headline, slug, strings.Join(t.notes, "\n"), lead)
	switch a.Kind {
	case credit.Kill:
		k.kill = true
	case credit.Withdrawn, credit.Withhold:
		advisory := credit.Lifecycle("", slug, "", "").Kind == credit.Advisory
		k.kill = k.kill || advisory && a.Kind == credit.Withdrawn && withdraws.MatchString(t.headline+" "+lead)
		k.withhold = !k.kill
	case credit.Embargo:
		k.advance = true
	case credit.Advisory:
		// One that tells to kill is a kill: of which story is for the desk to say, where it does not.
		k.kill = k.kill || withdraws.MatchString(t.headline+" "+lead)
		k.advisory = !k.kill
	case credit.Correction:
		k.correction = true
	case credit.Update:
		k.update = true
	case credit.Take:
		k.partial, k.update = true, true
	}
	k.kill = k.kill || announcesKill(lead) || announcesKill(t.headline)
	if k.words == "" && strings.HasPrefix(a.Rule, "slugline:") {
		k.words = slug
	}
	k.say(a.Words)
	if (k.kill || k.withhold) && k.first == "" && !k.doubtful {
		k.target(t)
	}
	return k
}

func (k *take) say(words string) {
	if k.words == "" {
		k.words = words
	}
}

// keyword reads the fields of a keyword behind the slug.
func (k *take) keyword(keyword string) {
	if keyword == "" {
		return
	}
	said := announcesKill(keyword)
	k.kill = k.kill || said
	if advance.MatchString(keyword) {
		k.advance, said = true, true
	}
	for field := range strings.SplitSeq(keyword, ",") {
		field = strings.Trim(field, " ()")
		slug := field == "" || strings.HasPrefix(keyword, field)
		if urgency := phrases[field]; urgency > 0 {
			k.urgency, said = urgency, true
			continue
		}
		before := ""
		for i, word := range strings.Fields(field) {
			word = strings.Trim(word, "()")
			switch n, rest := ordinal(word); {
			case slug && i == 0 && n == 0:
			case n > 0 && rest != "":
				said = k.version(n, rest) || said
			case isReference(word):
				if !slug || said {
					k.name(word)
				}
			case word == "KILL" && strings.HasSuffix(strings.TrimRight(field, "0123456789abcdefghijklmnopqrstuvwxyz "), "KILL"):
				k.kill, said = true, true
			default:
				n, _ := ordinal(before)
				said = k.version(n, word) || said
			}
			before = word
		}
	}
	if said {
		k.say(keyword)
	}
}

// version reads a word for the version, with the number before it; it is false for other words.
func (k *take) version(n int, word string) bool {
	word = strings.ToLower(word)
	kind, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "-")
	switch {
	case n > 0 && (kind == "ld" || kind == "lead"):
		k.lead, k.update = n, true
	case n > 0 && (kind == "add" || kind == "insert" || kind == "sub" || kind == "take"):
		k.partial, k.update = true, true
	case strings.HasSuffix(word, "writethru"):
		k.update = true
	default:
		return false
	}
	return true
}

// phrases are the words that fill a field of the keyword and say how urgent it is.
var phrases = map[string]int{"URGENT": 3, "BULLETIN": 2, "FLASH": 1, "NEWSALERT": 2}

// advance finds the mark of an advance in a keyword: "ADV24", "Adv 24-25".
var advance = regexp.MustCompile(`(?i)(?:^|[-, ])adv\.?\s?\d{1,2}\b`)

func (k *take) name(reference string) {
	if k.first != "" && !strings.EqualFold(k.first, reference) {
		k.doubtful = true
	}
	k.first = reference
}

// announcesKill finds the words that head a kill. They are believed in capitals only: a slug may be of a killing.
func announcesKill(s string) bool {
	return strings.Contains(s, "BULLETIN KILL") || strings.Contains(s, "MANDATORY KILL")
}

// withdraws finds in an advisory that it takes a story back.
var withdraws = regexp.MustCompile(`(?i)\b(?:kill|kills|killed|withdraw|withdraws|withdrawn|withdrawing)\b`)

// Of a kill's text: the number in the sentence that says what to kill, the day that may follow it, and any number.
var (
	target  = regexp.MustCompile(`(?i)\b(?:kill|kills|killed|killing|withdraw|withdraws|withdrawn|withhold)\b[^.]*?\b([a-z]\d{4})\b`)
	ofDay   = regexp.MustCompile(`\b[A-Za-z]\d{4}\b,?\s(?:of|sent|moved|filed|dated)\s(?:on\s)?(?:[A-Z][a-z]+day,\s)?([A-Z][a-z]{2,8}\.?\s\d{1,2})\b`)
	numbers = regexp.MustCompile(`\b[A-Za-z]\d{4}\b`)
)

// target finds in a kill's text which story is to be killed. It is believed only where no other is named.
func (k *take) target(t *text) {
	var said strings.Builder
	for _, n := range t.blocks {
		said.WriteString(n.Words() + " ")
	}
	words := strings.Join(append(t.notes, t.headline, strings.Join(t.summary, " "), said.String()), " ")
	m := target.FindStringSubmatch(words)
	if m == nil {
		return
	}
	for _, other := range numbers.FindAllString(words, -1) {
		if !strings.EqualFold(other, m[1]) {
			k.doubtful = true
			return
		}
	}
	k.first = m[1]
	if m := ofDay.FindStringSubmatch(words); m != nil {
		k.day = markup.Clean(m[1])
	}
}

// ordinal reads "2nd" at the head of a word; rest is what is glued to it ("1stLd-Writethru").
func ordinal(word string) (n int, rest string) {
	end := 0
	for end < len(word) && end < 2 && word[end] >= '0' && word[end] <= '9' {
		n = 10*n + int(word[end]-'0')
		end++
	}
	if end == 0 || len(word) < end+2 {
		return 0, ""
	}
	switch strings.ToLower(word[end : end+2]) {
	case "st", "nd", "rd", "th":
		return n, word[end+2:]
	}
	return 0, ""
}

// isReference says whether a word is the number of a message: the letter of its service and four digits, with or
// without the source behind them.
func isReference(word string) bool {
	return len(word) >= 5 && (word[0] >= 'a' && word[0] <= 'z' || word[0] >= 'A' && word[0] <= 'Z') && isNumber(word[1:5]) &&
		(len(word) == 5 || word[5] < '0' || word[5] > '9')
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
