package decode_test

import (
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// TestLetterAboveCopy: a letter to the desk above the copy of a mail is neither headline nor summary, and its embargo is kept.
func TestLetterAboveCopy(t *testing.T) {
	const head = "From: desk@example.org\r\nSubject: Ferry returns\r\nMessage-ID: <1@example.org>\r\nContent-Type: text/plain\r\n\r\n"
	const copied = "JAKARTA, Feb 5 (ANTARA) - A ferry returned to the port on Monday.\r\n\r\nIt was early.\r\n"
	for letter, want := range map[string]wire.Status{
		"Dear colleagues,\r\n\r\nplease find our story below. Call me on 555-1234.\r\n\r\nJane\r\n\r\n":   wire.Usable,
		"Dear colleagues,\r\n\r\nplease find our story below. Embargoed until 6 a.m.\r\n\r\nJane\r\n\r\n": wire.Withheld,
	} {
		stories, refusals := decode.Decode(&wire.Copy{Data: []byte(head + letter + copied), Profile: &wire.Profile{Name: "antara", Agency: "ANTARA"},
			Headers: wire.Headers{StoryID: "A-1"}})
		if len(stories) != 1 {
			t.Fatalf("%q: %v", letter, refusals)
		}
		if s := stories[0]; s.Headline != "Ferry returns" || s.Summary != "" || s.Status != want || s.Body.Text != "A ferry returned to the port on Monday.\n\nIt was early." {
			t.Errorf("%q: headline %q, summary %q, status %q, text %q", letter, s.Headline, s.Summary, s.Status, s.Body.Text)
		}
	}
}
