package iptc7901

import (
	"regexp"
	"slices"
	"strings"

	"kawat/internal/wire/credit"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
)

// cutNotes parts the text from the notes to editors below it ("# Notizblock"), and from what is not for publication.
func cutNotes(lines []string) (text, notes []string) {
	for i, line := range lines {
		if title, ok := strings.CutPrefix(line, "# "); ok && (notebooks[strings.ToLower(strings.TrimSpace(title))] || opensSection(lines[i+1:])) || isPrivate(line) {
			return trimmed(lines[:i]), lines[i:]
		}
	}
	return lines, nil
}

var notebooks = map[string]bool{"notizblock": true, "notebook": true, "notepad": true, "bloc-notes": true, "taccuino": true, "notas": true}

func opensSection(lines []string) bool {
	lines = trimmed(lines)
	return len(lines) > 0 && strings.HasPrefix(lines[0], "## ")
}

// isPrivate says whether a line says that what follows is not for publication.
func isPrivate(line string) bool {
	if !strings.Contains(line, "ubl") && !strings.Contains(line, "ffentlich") && !strings.Contains(line, "UBL") {
		return false
	}
	line = strings.ToLower(line)
	for _, words := range [...]string{"nicht zur veröffentlichung bestimmt", "is not for publication", "not intended for publication", "not for publication:",
		"pas destinées à la publication", "pas destinés à la publication", "ne sont pas destinées à être publiées", "non destinate alla pubblicazione",
		"non sono destinate alla pubblicazione", "no destinada a la publicación", "niet voor publicatie bestemd"} {
		if strings.Contains(line, words) {
			return true
		}
	}
	return false
}

// section is what a section of the notes is about.
type section int

const (
	unknown section = iota
	correction
	editors
	links
	places
	contacts
)

var sections = map[string]section{
	"berichtigung": correction, "korrektur": correction, "correction": correction, "rectification": correction, "rectificatif": correction, "rettifica": correction,
	"redaktionelle hinweise": editors, "redaktioneller hinweis": editors, "hinweis": editors, "hinweise": editors, "note to editors": editors,
	"notes to editors": editors, "note à la rédaction": editors, "nota per le redazioni": editors, "copyright": editors,
	"internet": links, "links": links, "liens": links, "orte": places, "locations": places, "location": places, "lieux": places,
	"kontakte": contacts, "ansprechpartner": contacts, "editorial contacts": contacts, "contacts": contacts, "contatti": contacts, "service": contacts,
}

// maxNotes is how many notes of one message are kept, or left out with their words as evidence.
const maxNotes = 200

// notes reads the notes below the text. Corrections, notes to editors and addresses on the web go with the story; places,
// contacts and what is not for publication are left out, and so is every note that says whom to call. What a note says of
// rights comes back, to be read with the text.
func (t *text) notes(lines []string) (rights []string) {
	about, private := unknown, false
	var item strings.Builder
	end := func() {
		words := markup.Clean(item.String())
		item.Reset()
		switch {
		case words == "":
		case private || about == contacts:
			t.leave("not-for-publication", "")
		case about != contacts && isNotice(words):
			rights = append(rights, words)
		case holds(words):
			t.embargo = append(t.embargo, words)
		case len(t.note)+len(t.left) >= maxNotes:
			t.leave("notes:too-many", "")
		case hasContact(words):
			t.leave("contact:not-for-publication", "")
		case about == correction:
			t.names = append(t.names, words)
			t.note = append(t.note, words)
			t.announce(credit.Announcement{Kind: credit.Correction, Words: "Berichtigung", Rule: "notes:correction"}, words)
		case about == editors, about == links:
			t.note = append(t.note, linked(words))
		case about == places:
			t.leave("notes:places", words)
		default:
			t.leave("notes:left-out", words)
		}
	}
	for _, line := range lines {
		switch {
		case isPrivate(line):
			end()
			private = true
			t.leave("not-for-publication", "")
		case line == "", isRule(line), strings.HasPrefix(line, "# "):
			end()
		case strings.HasPrefix(line, "## "):
			end()
			about = sections[strings.ToLower(strings.TrimSpace(strings.TrimLeft(line, "# ")))]
		case isCodes(line):
			end()
			t.leave("sign-off", line)
		case isItem(line, "-–"):
			end()
			item.WriteString(strings.TrimSpace(line[strings.IndexByte(line, ' ')+1:]))
		default:
			item.WriteString(" " + strings.TrimSpace(line))
		}
	}
	end()
	return rights
}

// leave notes that something was left out; where its words are not kept, once is enough.
func (t *text) leave(rule, words string) {
	if words == "" && slices.Contains(t.left, left{rule, ""}) {
		return
	}
	t.left = append(t.left, left{rule, words})
}

// isCodes says whether a line below the text is nothing but the agency's name and the marks of who worked on it: "dpa
// kre/su yysw a3 mda".
func isCodes(line string) bool {
	if len(line) > 60 || strings.ContainsAny(line, ".:;!?@()[]\"«»") || strings.HasPrefix(line, " ") {
		return false
	}
	fields := strings.Fields(line)
	if len(fields) < 2 || len(fields) > 10 || credit.Agency(fields[0]) == fields[0] && fields[0] != "dpa" {
		return false
	}
	for _, f := range fields {
		if strings.ToLower(f) != f || len(f) > 14 {
			return false
		}
	}
	return true
}

// isTime says whether a line of the text is nothing but the time of sending.
func isTime(line string) bool {
	line = strings.TrimSpace(line)
	if len(line) < 10 || len(line) > 30 || !isNumber(line[:6]) || line[6] != ' ' {
		return false
	}
	_, ok := dates.Parse(line, nil)
	return ok
}

// isNotice says whether a note to editors is of rights: a copyright notice, or who distributes the copy.
func isNotice(words string) bool {
	for _, opening := range [...]string{"(c)", "©", "copyright", "distributed by", "all rights reserved", "alle rechte vorbehalten"} {
		if len(words) >= len(opening) && strings.EqualFold(words[:len(opening)], opening) {
			return true
		}
	}
	return false
}

// hasContact says whether words tell whom to call or to write to.
func hasContact(words string) bool { return contact.MatchString(words) }

var contact = regexp.MustCompile(`\w@\w|(?i)\btel\b|\+\d{2}|\b0\d{2,5}\s?[-/ ]\s?\d{3,}|\b\d{3}[- ]\d{4}\b`)

// linked writes a link in a note, "[title](address)", as title and address.
func linked(words string) string {
	title, address, ok := strings.Cut(strings.TrimPrefix(words, "["), "](")
	if !ok || !strings.HasPrefix(words, "[") {
		return words
	}
	return strings.TrimSpace(title) + ": " + strings.TrimSuffix(address, ")")
}
