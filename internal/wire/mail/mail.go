// Package mail opens mail (RFC 5322, MIME) with which desks send copy: it finds the copy in it and brings it out of its
// transfer encoding. What the copy is, and reading it, is for others.
//
// net/mail and mime/multipart do what is needed here; the mail libraries beside them add mailboxes and writing.
package mail

import (
	"bytes"
	"slices"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/dates"
)

// Message is a mail, opened.
type Message struct {
	Subject string
	// ID is the Message-ID without its angle brackets. It names the mail and not the story: a correction has another.
	ID string
	// Date is the Date header.
	Date string
	// Parts is the copy, in the order of the mail; there is at least one.
	Parts []Part
	// notes say what in the mail was not taken for copy.
	notes []wire.Evidence
	// letter stood above the copy, for the desk.
	letter string
}

// Part is a piece of copy out of a mail.
type Part struct {
	// ContentType is what the mail calls the part, perhaps wrongly. The mail's own text is brought into UTF-8 here, an
	// attachment is as it was.
	ContentType string
	// File is the name of an attachment; "" for the mail's own text.
	File string
	Data []byte
}

// Fill completes a story that was read from a part with what the mail says: evidence of what was not copy in it; the
// subject, where the copy has no headline of its own; the date, where it has none; the Message-ID, where nothing at all
// says which story it is. A subject that announces a kill or a correction is never passed over.
func (m *Message) Fill(s *wire.Story, p *wire.Profile) {
	s.Evidence = append(s.Evidence, m.notes...)
	credit.Lifecycle("", "", m.letter, "").Put(s) // a letter above the copy speaks of it
	if m.Subject != "" && (s.Headline == "" || made(s, "headline") || announces(m.Subject) && !announces(s.Headline)) {
		s.Headline = m.Subject
		s.Evidence = slices.DeleteFunc(s.Evidence, func(e wire.Evidence) bool { // of the headline that it takes the place of
			return e.Field == "headline" && strings.HasPrefix(e.Rule, "inferred:")
		})
		s.AddEvidence("headline", "header:Subject", m.Subject)
	}
	if s.Created.IsZero() {
		if s.Created = dates.Read(s, "created", m.Date, p.Location); !s.Created.IsZero() {
			s.AddEvidence("created", "header:Date", m.Date)
		}
	}
	if s.ID == "" && m.ID != "" {
		s.ID = "mid:" + m.ID // RFC 2392
		s.AddEvidence("id", "inferred:message-id", m.ID)
	}
}

// announces says whether a line takes a story back or mends it.
func announces(line string) bool { return credit.Lifecycle(line, "", "", "").Kind != "" }

// made says that a field was made up from other words.
func made(s *wire.Story, field string) bool {
	found := false
	for _, e := range s.Evidence {
		if e.Field == field {
			found = strings.HasPrefix(e.Rule, "inferred:")
		}
	}
	return found
}

// Detect says whether data is a mail: it begins with well-formed header lines, at least two of which only mail has. Plain
// copy may begin with lines like "By: …" or "Date: …" too.
func Detect(data []byte) bool {
	const most = 16 << 10 // bytes of header that are looked at
	head := afterFrom(data[:min(len(data), most)])
	seen := map[string]bool{}
	for first := true; ; first = false {
		line, rest, whole := bytes.Cut(head, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			break
		}
		if !whole && len(data) > most {
			break // a long header, so far in order
		}
		if line[0] != ' ' && line[0] != '\t' {
			name, value, ok := strings.Cut(string(line[:min(len(line), 200)]), ":")
			if !ok || !isFieldName(name) {
				return false
			}
			if name = strings.ToLower(name); ours[name] && (name != "from" || strings.Contains(value, "@")) {
				seen[name] = true
			}
		} else if first {
			return false
		}
		if !whole {
			break
		}
		head = rest
	}
	return len(seen) >= 2 && (seen["from"] || seen["message-id"] || seen["mime-version"] || seen["received"] || seen["return-path"])
}

// ours are header fields of mail.
var ours = map[string]bool{
	"from": true, "to": true, "subject": true, "date": true, "mime-version": true, "received": true, "message-id": true,
	"return-path": true, "delivered-to": true, "reply-to": true, "dkim-signature": true,
}

func isFieldName(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return s != "" && len(s) <= 76
}

// afterFrom passes over the line that parts mails in a mailbox file.
func afterFrom(data []byte) []byte {
	if bytes.HasPrefix(data, []byte("From ")) {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	return data
}
