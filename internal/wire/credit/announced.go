package credit

import (
	"regexp"
	"strings"
	"unicode"
)

// announcedInSlug reads the fields of a slugline, which commas part: "BC-Ferry, 1st Ld-Writethru,a0105". Its first field
// names the topic, and a topic may be a withdrawal.
func (d *dictionary) announcedInSlug(slugline string) (best Announcement) {
	if slugline == "" || len(slugline) > maxAnnounced {
		return best
	}
	for i, field := range strings.Split(slugline, ",") {
		field = strings.TrimSpace(field)
		if len(field) > 3 && field[2] == '-' && (field[:2] == "BC" || field[:2] == "AM" || field[:2] == "PM") {
			field = field[3:]
		}
		n, t := d.signalAt(field)
		if n == 0 || t.kind == please || t.kind == asks {
			continue
		}
		said := field[:n]
		alone := strings.Trim(field[n:], " .-") == ""
		kind := t.kind
		switch kind {
		case Kill:
			if !inCapitals(said) {
				continue
			}
		case Withdrawn:
			if i == 0 || !alone || !inCapitals(said) {
				continue
			}
			kind = Kill
		case cancelled: // a keyword as well
			if i == 0 || !alone || !inCapitals(said) || inCapitals(slugline) {
				continue
			}
			kind = Withdrawn
		case Withhold, Embargo, Advisory:
			if !alone || i == 0 && !inCapitals(said) {
				continue
			}
		default:
			if !alone && i == 0 && !(inCapitals(said) && strings.HasPrefix(field[n:], "-")) || alone && i == 0 && t.bracketed {
				continue
			}
		}
		if rank[kind] > rank[best.Kind] {
			best = Announcement{Kind: kind, Words: said, Rule: "slugline:" + string(kind) + ":" + t.language}
		}
	}
	return best
}

// announcedInNote reads a note to editors: it speaks of the copy, so each of its sentences may begin with such words in
// any case.
func (d *dictionary) announcedInNote(note string) (best Announcement) {
	note = head(note, maxTargetText)
	for at := 0; at < len(note); {
		start, _ := nextWord(note, at)
		if start >= len(note) {
			break
		}
		if n, t := d.signalAt(note[start:]); n > 0 {
			kind := t.kind
			switch kind {
			case Embargo:
				if rest := note[start+n:]; t.bracketed && !strings.ContainsRune(".:;)", first(strings.TrimSpace(rest)+".")) && !givesTime(rest) {
					kind = "" // "Embargo on rice: updates"
				}
			case please:
				kind = Kill
			case asks:
				kind = Withhold
			case Kill, Withdrawn, cancelled:
				if kind = Withdrawn; inCapitals(note[start:start+n]) && t.kind != cancelled {
					kind = Kill
				}
			}
			if rank[kind] > rank[best.Kind] {
				best = Announcement{Kind: kind, Words: note[start : start+n], Rule: "note:" + string(kind) + ":" + t.language}
			}
		}
		stop := strings.IndexAny(note[start:], ".!?:;\n")
		if stop < 0 {
			break
		}
		at = start + stop + 1
	}
	if rank[best.Kind] < rank[Withhold] {
		if a := d.announcedWithin(note); rank[a.Kind] > rank[best.Kind] {
			best = a
		}
	}
	if rank[best.Kind] >= rank[Withhold] {
		best.Target = target(note)
	}
	return best
}

// announcedWithin reads what a note asks for in the middle of a sentence: "This story is embargoed until 0600 GMT.", "PA desk
// here, please do not use this story". There a kill is a hold only: who is asked to withdraw what may be its news.
func (d *dictionary) announcedWithin(note string) (best Announcement) {
	for at := 0; at < len(note); {
		start, end := nextWord(note, at)
		if start == end {
			break
		}
		at = end
		n, t := d.signalAt(note[start:])
		if n == 0 {
			continue
		}
		said, rest := note[start:start+n], note[start+n:]
		var kind Kind
		switch {
		case t.kind == Embargo && (!t.bracketed || givesTime(rest)):
			kind = Embargo
		case t.kind == please:
			kind = Withdrawn
		case t.kind == asks && asksForStory(said, rest):
			kind = Withhold
		}
		if rank[kind] > rank[best.Kind] {
			best = Announcement{Kind: kind, Words: said, Rule: "note:" + string(kind) + ":" + t.language}
		}
	}
	return best
}

// asksForStory says whether English words that ask for a hold are about the story, and not about one of its pictures.
func asksForStory(said, rest string) bool {
	if last := strings.ToLower(said[strings.LastIndexByte(said, ' ')+1:]); last == "story" {
		return !strings.HasPrefix(rest, "'s") && !strings.HasPrefix(rest, "’s")
	} else if last != "this" && last != "publish" && last != "withhold" {
		return true
	}
	rest = strings.ToLower(strings.TrimLeft(rest, " "))
	word := rest[:strings.IndexAny(rest+" ", " .,;:!")]
	switch word {
	case "", "story", "copy", "article", "item", "until", "till", "before", "yet":
		return true
	}
	return false
}

// behind is what a headline may end in: a few words in brackets, or behind a dash.
var behind = regexp.MustCompile(`[(（\[［【]([^()（）\[\]［］【】]{2,60})[)）\]］】]\s*$|\s[-–—]{1,2}\s?([\p{Lu} ]{3,40})$`)

// announcedBehind reads the end of a headline: "Ferry sinks (KILL)", "Un ferri naufraga (CORRECCIÓN)", "여객선 침몰(종합2보)". What
// takes a story back is believed in capitals, in scripts that have them, and a cancellation is always news.
func (d *dictionary) announcedBehind(headline string) (a Announcement) {
	headline = strings.TrimSpace(headline)
	if !strings.ContainsAny(head(headline, maxAnnounced), ")）]］】-–—") || len(headline) > maxAnnounced {
		return a
	}
	found := behind.FindStringSubmatchIndex(headline)
	if found == nil || found[0] == 0 {
		return a
	}
	dashed := found[2] < 0
	var line string
	if dashed {
		line = strings.TrimSpace(headline[found[4]:found[5]])
		if n, _ := d.signalAt(line); n < len(line) || inCapitals(headline) {
			return a
		}
	} else {
		line = "(" + headline[found[2]:found[3]] + ")"
	}
	a = d.announcedAt(line, "headline", false)
	cased := strings.ContainsFunc(a.Words, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) })
	switch _, t := d.signalAt(a.Words); {
	case a.Kind == "", t.kind == cancelled, rank[a.Kind] >= rank[Withhold] && cased && !inCapitals(a.Words):
		return Announcement{}
	case t.kind == Withdrawn && a.Kind == Kill: // less than in front
		a.Kind, a.Rule = Withdrawn, strings.Replace(a.Rule, string(Kill), string(Withdrawn), 1)
	}
	return a
}

// slugLike says whether the first word of s is a slug or a reference: "BC-Ferry-Accident", "a0105".
func slugLike(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	return strings.ContainsAny(strings.Trim(word, ".,:;!-–—"), "-/0123456789")
}
