package iptc7901

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/dates"
)

// sending is when a message was sent, as the sender's clock had it.
type sending struct {
	time.Time
	zoned bool // the trailer names a zone, which need not be the one by which messages are counted
}

// sentAt gives the time of the trailer as it stands there: "251037 Sep 24", "101137 GMT Dez 18".
func sentAt(trailer string, at time.Time, zone *time.Location) sending {
	if at.IsZero() {
		return sending{}
	}
	if fields := strings.Fields(trailer); len(fields) == 4 {
		if shown, ok := dates.Parse(fields[0]+" "+fields[2]+" "+fields[3], time.UTC); ok {
			return sending{at.In(time.FixedZone("", int(shown.Sub(at).Seconds()))), true}
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	return sending{at.In(zone), false}
}

// announce keeps the gravest of what the message announces.
func (t *text) announce(a credit.Announcement, words string) {
	if t.said.Kind == "" || grave[a.Kind] > grave[t.said.Kind] {
		t.said, t.words = a, words
	}
}

var grave = map[credit.Kind]int{credit.Kill: 8, credit.Withhold: 7, credit.Withdrawn: 6, credit.Embargo: 5, credit.Advisory: 4, credit.Correction: 3, credit.Update: 2, credit.Take: 1}

// announced reads what headline and text announce.
func (t *text) announced() {
	var lead []string
	for _, n := range t.blocks[:min(len(t.blocks), 3)] {
		if n.Name == "p" {
			lead = append(lead, n.Nodes[0].Text)
		}
	}
	if a := credit.Lifecycle(t.headline, "", strings.Join(t.note, "\n"), strings.Join(lead, "\n")); a.Kind != "" {
		t.announce(a, a.Words)
	}
	t.killing = append(t.killing, t.headline)
	if mark, _, ok := strings.Cut(t.headline, ":"); ok && len(mark) < 40 { // "Zurückgezogen: Neun Jahre für 1204 Laternen"
		if a := ownMark(mark); a.Kind == credit.Kill {
			t.announce(a, mark)
		}
	}
	for _, words := range append([]string{t.headline}, lead...) {
		if !mayPlease(words) {
			continue
		}
		if m := pleaseKill.FindStringIndex(words[:min(len(words), maxSaid)]); m != nil {
			t.announce(credit.Announcement{Kind: credit.Kill, Words: words[m[0]:m[1]], Rule: "text:please-kill"}, words[m[0]:m[1]])
			t.killing = append(t.killing, words[m[0]:sentenceEnd(words, m[1])])
		}
	}
	switch t.said.Kind {
	case credit.Kill, credit.Withhold, credit.Withdrawn:
		// A second story that the text names, a substitute perhaps, leaves it open which one is meant.
		t.names = append(t.names, t.headline)
		t.names = append(t.names, lead...)
	}
}

// ownMark reads a mark that the agency has set beside the headline. There what might be news of a withdrawal elsewhere is
// the withdrawal of this story.
func ownMark(words string) credit.Announcement {
	a := credit.Lifecycle("("+words+")", "", "", "")
	if a.Kind == credit.Withdrawn {
		a.Kind = credit.Kill
	}
	a.Rule = strings.Replace(a.Rule, "headline:", "mark:", 1)
	return a
}

// sentenceEnd gives where the sentence ends that goes on at a byte of s. The stop behind a figure ends none: "vom 23.11."
func sentenceEnd(s string, at int) int {
	for i := at; i < len(s); i++ {
		if (s[i] == '.' || s[i] == '!' || s[i] == '?') && (i == 0 || s[i-1] < '0' || s[i-1] > '9') {
			return i
		}
	}
	return len(s)
}

// maxSaid is the longest paragraph, in bytes, in which a request or the number of a story is looked for.
const maxSaid = 2000

// mayPlease says whether pleaseKill, which takes its time, can find anything.
func mayPlease(words string) bool {
	words = strings.ToLower(words)
	for _, sign := range [...]string{"bitte", "zurück", "prière", "merci de", "veuillez", "annul", "retirée", "prega", "ritirat"} {
		if strings.Contains(words, sign) {
			return true
		}
	}
	return false
}

// pleaseKill finds the words with which an agency asks not to use what it sent: only where it speaks of its own copy.
var pleaseKill = regexp.MustCompile(`(?i)\bbitte\s+(?:verwenden|benutzen|veröffentlichen|nutzen)\s+sie\b[^.!?]{0,80}\b(?:meldung|bericht|text|korr-bericht|beitrag|zusammenfassung|artikel)\b.{0,160}?\bnicht\b` +
	`|\b(?:meldung|bericht|text|beitrag|zusammenfassung)\b.{0,160}?\b(?:wird|ist|wurde|werden|sind)\s+(?:hiermit\s+)?zurückgezogen\b` +
	`|\b[a-z]{1,4}\d{4}\b[^!?]{0,40}?\b(?:wird|ist|wurde)\s+(?:hiermit\s+)?zurückgezogen\b` +
	`|\bwir\s+ziehen\b.{0,160}?\b(?:meldung|bericht|text|beitrag)\b.{0,160}?\bzurück\b` +
	`|\b(?:prière\s+de|merci\s+de|veuillez)\s+ne\s+pas\s+(?:utiliser|publier|diffuser|tenir\s+compte\s+de)\b.{0,80}?\b(?:dépêche|depeche|information|article|texte)\b` +
	`|\b(?:dépêche|depeche)\b.{0,120}?\best\s+(?:annulée|annulee|retirée)\b` +
	`|\b(?:si\s+prega\s+di|preghiamo\s+di|pregasi)\s+(?:non\s+(?:utilizzare|usare|pubblicare)|annullare)\b.{0,80}?\b(?:notizia|lancio|servizio|testo)\b` +
	`|\b(?:notizia|lancio)\b.{0,120}?\b(?:è|va|viene)\s+(?:da\s+considerarsi\s+)?(?:annullat[ao]|ritirat[ao])\b`)

// identify sets the id, the signal and the status of a message by what it is to its story.
func identify(s *wire.Story, c *wire.Copy, h *header, t *text, sent sending) *wire.Refusal {
	urn := func(day time.Time, reference string) string {
		return "urn:kawat:" + c.Profile.Name + ":iptc7901:" + day.Format("20060102") + ":" + reference
	}
	if !sent.IsZero() && h.source != "" {
		if h.unnumbered() {
			sum := sha256.Sum256([]byte(h.slugline + "\x00" + t.headline))
			s.ID = urn(sent.Time, h.source+":"+hex.EncodeToString(sum[:8]))
			s.AddEvidence("id", "inferred:keywords+headline", h.slugline+" "+t.headline)
		} else {
			s.ID = urn(sent.Time, h.source+h.number)
			s.AddEvidence("id", "derived:reference+date", h.source+h.number+" "+sent.Format("2006-01-02"))
		}
	}
	reference, day, certain := namedStory(h, t, sent)
	switch t.said.Kind {
	case credit.Kill:
		s.Signal, s.Status = wire.Kill, wire.Canceled
		s.AddEvidence("signal", t.said.Rule, t.words)
		if !certain {
			s.AddEvidence("id", "inferred:kill-without-target", t.words)
			return nil
		}
	case credit.Withhold, credit.Withdrawn:
		if !certain && c.Headers.StoryID == "" {
			return wire.Refuse(wire.NoIdentity, "%.80q withholds a story, but does not say for certain which: send it again with the header %s.", t.words, wire.HeaderStoryID)
		}
		s.Signal, s.Status = wire.Update, wire.Withheld
		s.AddEvidence("status", t.said.Rule, t.words)
	case credit.Embargo:
		s.Status = wire.Withheld
		s.AddEvidence("status", t.said.Rule, t.words)
		return nil
	case credit.Correction:
		s.Signal = wire.Correction
		s.AddEvidence("signal", t.said.Rule, t.words)
	case credit.Update, credit.Take:
		s.Signal = wire.Update
		s.AddEvidence("signal", t.said.Rule, t.words)
	default:
		return nil
	}
	if reference == "" {
		s.AddEvidence("id", "unnamed:earlier-version", t.words)
		return nil
	}
	s.ID = urn(day, reference)
	s.AddEvidence("id", "reference:earlier-version", reference+" "+day.Format("2006-01-02"))
	return nil
}

// uncertainHours is for how long after midnight a kill whose trailer names a zone leaves it open of which day its
// story is.
const uncertainHours = 6

// namedStory gives the number and the day of the story that a message names, "" if it names none or several. By default
// the day is that of the message; a number greater than the message's own was sent before midnight. certain says that it
// is as certain as a kill must be.
func namedStory(h *header, t *text, sent sending) (reference string, day time.Time, certain bool) {
	if sent.IsZero() || h.source == "" {
		return "", time.Time{}, false
	}
	number, stated := "", ""
	among := t.names
	if t.said.Kind != credit.Correction && t.said.Kind != credit.Update {
		among = append(slices.Clone(t.killing), t.names...)
	}
	for i, words := range among {
		if len(words) > maxSaid {
			if i < len(among)-len(t.names) || t.said.Kind == credit.Kill {
				return "", time.Time{}, false // which other stories it names is not looked up
			}
			continue
		}
		for _, m := range numbered.FindAllStringSubmatch(words, 20) {
			if width := len(h.number); len(m[2]) < width { // "ats088" is ats0088
				m[2] = strings.Repeat("0", width-len(m[2])) + m[2]
			}
			day := m[3] + m[4]
			switch {
			case !strings.EqualFold(m[1], h.source) || strings.Trim(m[2], "0") == "":
			case number != "" && number != m[2]:
				return "", time.Time{}, false
			case number == "" && len(among) > len(t.names) && i >= len(t.killing):
				return "", time.Time{}, false // it is named, but not as the one to kill
			default:
				if number = m[2]; day == "" {
					continue
				}
				if stated != "" && stated != day {
					return "", time.Time{}, false
				}
				stated = day
			}
		}
	}
	if number == "" {
		return "", time.Time{}, false
	}
	if stated == "" && slices.ContainsFunc(t.killing, stating.MatchString) {
		return "", time.Time{}, false // a day is stated, of which story is not clear
	}
	day = sent.Time
	own, _ := strconv.Atoi(h.number)
	of, _ := strconv.Atoi(number)
	certain = own > 0 && of != own && !(sent.zoned && sent.Hour() < uncertainHours)
	switch {
	case stated != "":
		if day, certain = dayOf(stated, sent); !certain {
			return "", time.Time{}, false
		}
	case own > 0 && of > own:
		day = day.AddDate(0, 0, -1)
	}
	return h.source + number, day, certain
}

// numbered finds the number of a message and the day that its sentence may state behind it: "bdt0123 («Kites») vom 24.9.",
// "ats045 du 24 septembre".
var (
	numbered = regexp.MustCompile(`\b([A-Za-z]{2,8})[ -]?(\d{3,4})\b(?:[^.!?]{0,160}?\s` + ofDay + `)?`)
	stating  = regexp.MustCompile(`\s` + ofDay)
)

const ofDay = `(?:vom|du|del|of|from)\s(?:(\d{1,2}\.\s?\d{1,2}\.(?:\d{4}|\d{2})?)|(\d{1,2}\.?\s(?i:j[aä]n|f[eé][bv]|m[aä]r|a[pv]r|ma[iyg]|ju[inl]|giu|lug|a[uo][gû]|ago|se[pt]|o[ck]t|ott|nov|d[eéi][cz])[a-zûé]*(?:\s\d{4})?))`

// dayOf gives the last day with that name up to the day of sending: "24.9.", "24. September".
func dayOf(name string, sent sending) (time.Time, bool) {
	var d, m, y int
	if parts := strings.Split(strings.ReplaceAll(name, " ", ""), "."); len(parts) == 3 {
		d, _ = strconv.Atoi(parts[0])
		m, _ = strconv.Atoi(parts[1])
		if y, _ = strconv.Atoi(parts[2]); y > 0 && y < 100 {
			y += 2000
		}
		name = time.Month(max(1, min(m, 12))).String()
		if m < 1 || m > 12 {
			return time.Time{}, false
		}
		name = strconv.Itoa(d) + " " + name
		if y > 0 {
			day, ok := dates.Parse(name+" "+strconv.Itoa(y), sent.Location())
			return day.In(sent.Location()), ok
		}
	}
	for year := sent.Year(); year >= sent.Year()-1; year-- {
		day, ok := dates.Parse(name+" "+strconv.Itoa(year), sent.Location())
		if ok && !day.After(sent.Time) {
			return day.In(sent.Location()), true
		}
	}
	return time.Time{}, false
}
