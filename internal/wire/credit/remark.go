package credit

import (
	"strings"
	"unicode"
)

// saidInNote reads what a note announces: in the words with which its sentences begin, or else in those of a correction or a
// new filing further in: "This story has been refiled to fix a typo".
func (d *dictionary) saidInNote(note string) Announcement {
	if a := d.announcedInNote(note); a.Kind != "" {
		return a
	}
	return d.toldIn(note)
}

func (d *dictionary) toldIn(note string) Announcement {
	note = head(note, maxTargetText)
	for i := 0; i < len(note); {
		start, end := nextWord(note, i)
		if start == end {
			break
		}
		if n, terms := d.told.longest(note[start:]); n > 0 {
			kind := Kind(terms[0].role)
			return Announcement{Kind: kind, Words: note[start : start+n], Rule: "note:" + string(kind) + ":" + terms[0].language}
		}
		i = end
	}
	return Announcement{}
}

// remark reads what an editor tells the readers behind a label ("Editor's note: …"), or, behind a label of many meanings
// ("Hinweis: …"), what tells of a correction. One with an address or a telephone number in it is for desks. open says that a
// bracket before the label does not close at the line's end.
func (d *dictionary) remark(label, rest string, t term, open bool) *finding {
	if r := first(rest); rest != "" && !strings.ContainsRune(":：-–—)]】］）\u3000", r) {
		return nil
	}
	if strings.ContainsRune(")]】］）", first(rest)) {
		open = false // the label alone is in brackets: "【おことわり】…"
	}
	text := strings.Trim(rest, " \t:：-–—\u3000")
	if text = strings.TrimLeft(text, " )]】］）\u3000"); text == "" || open {
		return nil
	}
	text = strings.TrimRight(text, " )]】］）")
	said := d.saidInNote(text)
	if t.role == "hints" && said.Kind != Correction {
		return nil
	}
	f := &noteFound{label: label, rule: "note:" + t.role + ":" + t.language, text: text, said: said}
	f.readers = !hasAddress(text)
	return &finding{note: f, weak: true}
}

// hasAddress says whether a text tells how to reach somebody: by mail, or by figures in a row as long as a telephone number.
func hasAddress(s string) bool {
	figures := 0
	for _, r := range s {
		switch {
		case r == '@':
			return true
		case unicode.IsDigit(r):
			if figures++; figures == 8 {
				return true
			}
		case !strings.ContainsRune(" ()+-/", r):
			figures = 0
		}
	}
	return false
}

// goesOn says whether text stands below a unit.
func (x *extraction) goesOn(i int) bool {
	for _, u := range x.units[i+1:] {
		if u.found == nil && strings.TrimSpace(u.text) != "" {
			return true
		}
	}
	return false
}

// correctionBehind takes what stands between the dateline and the text for a note where it says what was corrected:
// "(AFP) - RECTIFICATIF: bien lire soixante". A correction that begins with such a word and goes on with its news is text.
func (x *extraction) correctionBehind(text string) bool {
	text = strings.TrimSpace(text)
	if len(text) > maxAnnounced {
		return false
	}
	f := x.d.note(text, x.language)
	if f == nil || f.note == nil || !f.note.readers {
		a := x.d.announcedIn(text, "body")
		if a.Kind != Correction || x.d.toldIn(text).Kind != Correction {
			return false
		}
		f = &finding{note: &noteFound{text: text, label: a.Words, readers: true, said: a,
			rule: "note:readers:" + a.Rule[strings.LastIndexByte(a.Rule, ':')+1:]}}
	}
	x.put(f)
	return true
}
