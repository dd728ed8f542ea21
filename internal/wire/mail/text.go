package mail

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
)

// note says in the record that something in the mail was not taken for copy; the first words of it do.
func (m *Message) note(what, words string) {
	words = strings.ToValidUTF8(strings.TrimSpace(words), "")
	if len(words) > 200 {
		words = strings.ToValidUTF8(words[:200], "") + "…"
	}
	m.notes = append(m.notes, wire.Evidence{Field: "body", Rule: "mail:" + what, Text: words})
}

// own gives the mail's own text without the mails quoted in it, the signature, and what mail systems put below.
func (m *Message) own(text string, parameters map[string]string) []byte {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if strings.EqualFold(parameters["format"], "flowed") {
		text = flow(text, strings.EqualFold(parameters["delsp"], "yes"))
	}
	text = m.unforwarded(text)
	text = m.withoutLetter(m.unquoted(text))
	text = m.withoutClosing(text)
	for _, tail := range []struct {
		what  string
		begin *regexp.Regexp
		most  int // bytes that it may have; 0: any number
	}{
		{"signature", signature, 0},
		{"signature", dashes, 600},
		{"footer", list, 0},
		{"footer", device, 120},
		{"footer", confidential, 2000},
	} {
		if at := tail.begin.FindStringIndex(text); at != nil && (tail.most == 0 || len(text)-at[0] <= tail.most) {
			m.note(tail.what, text[at[0]:])
			text = text[:at[0]]
		}
	}
	return []byte(strings.Trim(text, "\n"))
}

// withoutLetter parts the letter to the desk with which a mail begins from the copy below it, which begins with its
// dateline: what may be its headline is the mail's subject as well.
func (m *Message) withoutLetter(text string) string {
	if !greeting.MatchString(text) {
		return text
	}
	for at := 0; at < min(len(text), maxLetter); {
		line, _, _ := strings.Cut(text[at:], "\n")
		if _, _, ok := credit.SplitDateline(strings.TrimSpace(line), nil); ok && at > 0 {
			m.letter = text[:at]
			m.note("covering", m.letter)
			return text[at:]
		}
		at += len(line) + 1
	}
	return text
}

// withoutClosing takes off how a letter ends: closing words alone on their line, and a few short lines of who wrote it. Where
// one of these says who wrote or edited the copy, or whose it is, all of it stays.
func (m *Message) withoutClosing(text string) string {
	at := closing.FindStringIndex(text)
	if at == nil || len(text)-at[0] > maxClosing || strings.TrimSpace(text[:at[0]]) == "" {
		return text
	}
	for line := range strings.Lines(text[at[1]:]) {
		line = strings.TrimSpace(line)
		if utf8.RuneCountInString(line) > 80 || credits.MatchString(line) && !strings.ContainsAny(line, "@/") || announces(line) {
			return text
		}
	}
	m.note("signature", text[at[0]:])
	return text[:at[0]]
}

// maxClosing is the longest end of a letter, in bytes.
const maxClosing = 600

// maxLetter is the longest letter above copy, in bytes.
const maxLetter = 2000

var (
	greeting = regexp.MustCompile(`(?i)^\s*(?:dear|hi|hello|good (?:morning|afternoon|evening)|yth\.?|kepada yth\.?|salam|rekan|rekan-rekan|halo|selamat (?:pagi|siang|sore|malam)|sehr geehrte|liebe|bonjour|chers?|estimad[oa]s?|hola|prezad[oa]s?|gentili)\b[^\n]{0,60}[,!.]?[ \t]*\n`)
	closing  = regexp.MustCompile(`(?mi)^[ \t]*(?:(?:(?:kind|best|warm|many) |with (?:kind|best|warm) )?regards|best wishes|yours (?:sincerely|faithfully)|sincerely|many thanks|` +
		`(?:mit (?:freundlichen|besten|herzlichen) |viele |beste |freundliche )grüße?n?|(?:bien )?cordialement|(?:un )?cordial saludo|(?:atentos |cordiales )?saludos(?: cordiales)?|atentamente|` +
		`cordiali saluti|distinti saluti|atenciosamente|cumprimentos|(?:hormat kami|salam(?: hormat| hangat)?|terima kasih|sekian,? terima kasih)|с уважением|(?:med )?vennlig hilsen|ystävällisin terveisin)[,.!]?[ \t]*$`)
	credits   = regexp.MustCompile(`(?i)[:：]\s*\pL|©|\(c\)|copyright`)
	signature = regexp.MustCompile(`(?m)^-- $`) // RFC 3676, 4.3
	dashes    = regexp.MustCompile(`(?m)^--$`)  // the same, after a program has taken spaces off the ends of lines
	list      = regexp.MustCompile(`(?m)^_{40,}\n.*(?:mailing list|@)`)
	device    = regexp.MustCompile(`(?mi)^(?:sent from my |get outlook for |dikirim dari |von meinem |envoyé de mon |enviado desde mi |inviato da )`)
	// confidential begins the notice that offices put below all of their mails.
	confidential = regexp.MustCompile(`(?mi)^(?:this (?:e-?mail|message)\b.*\b(?:confidential|intended|privileged)|` +
		`diese e-?mail\b.*\bvertraulich|ce (?:message|courriel)\b.*\bconfidentiel|este (?:mensaje|correo)\b.*\bconfidencial|` +
		`(?:e-?mail|pesan) ini\b.*\brahasia|confidentiality notice\b)`)
	original = regexp.MustCompile(`(?mi)^(?:-{2,} ?(?:original message|ursprüngliche nachricht|message d'origine|mensaje original|pesan asli) ?-{2,}|` +
		`-{5,} ?forwarded message ?-{5,}|begin forwarded message:|_{20,}\nfrom: .*)$`)
	wrote = regexp.MustCompile(`(?i)(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|menulis|написал\pL*|さんは書きました)\s*.{0,60}:$`)
)

// unforwarded parts what a mail says from the mail that it passes on below. With words of its own above, these are the
// copy; without, the mail that it passes on is.
func (m *Message) unforwarded(text string) string {
	at := original.FindStringIndex(text)
	if at == nil {
		return text
	}
	if above := strings.TrimSpace(text[:at[0]]); above != "" {
		m.note("quoted", text[at[0]:])
		return text[:at[0]]
	}
	// Its header lines stand above an empty line.
	_, below, ok := strings.Cut(strings.TrimLeft(text[at[1]:], "\n"), "\n\n")
	if !ok {
		return text
	}
	m.note("forwarded", text[at[0]:len(text)-len(below)])
	return below
}

// unquoted takes out the lines of other mails that a program has marked with ">", and the line that introduces them.
func (m *Message) unquoted(text string) string {
	if !strings.Contains(text, "\n>") && !strings.HasPrefix(text, ">") {
		return text
	}
	lines := strings.Split(text, "\n")
	kept, taken := lines[:0:0], []string(nil)
	for _, line := range lines {
		if !strings.HasPrefix(line, ">") {
			kept = append(kept, line)
			continue
		}
		if len(taken) == 0 {
			last := len(kept) - 1
			for last >= 0 && strings.TrimSpace(kept[last]) == "" {
				last--
			}
			if last >= 0 && wrote.MatchString(strings.TrimSpace(kept[last])) {
				taken = append(taken, kept[last])
				kept = kept[:last]
			}
		}
		taken = append(taken, line)
	}
	own := strings.Join(kept, "\n")
	if strings.TrimSpace(own) == "" {
		return text // nothing but quotation: then it is what was sent
	}
	m.note("quoted", strings.Join(taken, "\n"))
	return own
}

// flow joins the lines of text that was broken to be joined (RFC 3676): those that end in a space.
func flow(text string, deleteSpace bool) string {
	var b strings.Builder
	open := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		depth := len(line) - len(strings.TrimLeft(line, ">"))
		if depth == 0 {
			line = strings.TrimPrefix(line, " ") // stuffed
		}
		soft := depth == 0 && strings.HasSuffix(line, " ") && line != "-- "
		if open && (depth > 0 || line == "-- ") {
			b.WriteByte('\n')
		}
		if soft && deleteSpace {
			line = line[:len(line)-1]
		}
		b.WriteString(line)
		if open = soft; !open {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
