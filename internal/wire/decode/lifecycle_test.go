package decode_test

import (
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// TestLifecycleInCopy: what copy announces about itself becomes of the story, and a kill or a hold that does not say of
// which story for certain is for the desk to look at.
func TestLifecycleInCopy(t *testing.T) {
	const dateline = "\n\nJAKARTA, Nov 23 (ANTARA) - The ferry left the port on Monday and has not been seen since the evening of that day.\n"
	const nitf = `<nitf><head><docdata><doc-id id-string="N-9"/></docdata></head><body><body.head><hedline><hl1>HEADLINE</hl1></hedline></body.head>` +
		`<body.content><p>The ferry left the port on Monday.</p></body.content></body></nitf>`
	document := func(headline string) string { return strings.Replace(nitf, "HEADLINE", headline, 1) }
	embargo := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	tests := []struct {
		name, data string
		headers    wire.Headers
		signal     wire.Signal
		status     wire.Status
		id         string // "": any
		refused    bool
	}{
		{name: "a kill without a target", data: "MANDATORY KILL" + dateline, refused: true},
		{name: "a kill by the desk's id", data: "MANDATORY KILL a0105" + dateline, headers: wire.Headers{StoryID: "ANT-77"}, signal: wire.Kill, status: wire.Canceled, id: "ANT-77"},
		{name: "a kill with a lasting id", data: document("MANDATORY KILL"), signal: wire.Kill, status: wire.Canceled, id: "N-9"},
		{name: "a kill of another story", data: document("MANDATORY KILL BC-Ferry, a0105"), refused: true},
		{name: "a kill of a URN", data: document("KILL NOTICE: urn:newsml:example.org:20261123:ferry"), signal: wire.Kill, status: wire.Canceled, id: "urn:newsml:example.org:20261123:ferry"},
		{name: "a kill in a note to editors", data: "A ferry leaves" + dateline + "\nEDITORS: Please kill the story, N-9.\n", headers: wire.Headers{StoryID: "N-9"}, signal: wire.Kill, status: wire.Canceled},
		{name: "the desk knows better of a kill's story, not of the kill", data: "MANDATORY KILL" + dateline, headers: wire.Headers{StoryID: "N-9", Signal: wire.Correction}, signal: wire.Kill, status: wire.Canceled},
		{name: "a kill below the headline", data: "Ferry leaves\n\nMANDATORY KILL" + dateline, headers: wire.Headers{StoryID: "N-9"}, signal: wire.Kill, status: wire.Canceled},
		{name: "a kill below a document's headline", data: strings.Replace(document("Ferry leaves"), "</hl1>", "</hl1><hl2>STORY WITHDRAWN</hl2>", 1), signal: wire.Kill, status: wire.Canceled, id: "N-9"},
		{name: "a hold below the headline", data: "Ferry leaves\n\nWITHHOLD" + dateline, headers: wire.Headers{StoryID: "N-9"}, status: wire.Withheld},
		{name: "a correction below the headline", data: "Feri berangkat\n\nRALAT" + dateline, signal: wire.Correction, status: wire.Usable},
		{name: "a kill further down", data: "Ferry leaves" + dateline + "\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nMANDATORY KILL\n\nFive.\n", headers: wire.Headers{StoryID: "N-9"}, signal: wire.Kill, status: wire.Canceled},
		{name: "a kill further down in wrapped copy", data: "Ferry leaves" + dateline + strings.Repeat("The ferry left the port in the evening of that day and\nhas not been seen since by any other ship of the line in\nthe strait, its owner said in the morning.\n\n", 4) +
			"The ferry left the port in the evening of that day and\nMANDATORY KILL\nhas not been seen since.\n", headers: wire.Headers{StoryID: "N-9"}, signal: wire.Kill, status: wire.Canceled},
		{name: "a kill in quotation marks", data: document("&quot;KILL&quot;"), status: wire.Withheld, id: "N-9"},
		{name: "a kill in quotation marks of nobody knows what", data: "\"KILL\"" + dateline, refused: true},
		{name: "a cancellation", data: document("BATAL: Feri"), status: wire.Withheld, id: "N-9"},
		{name: "news of a cancellation", data: "Pertandingan batal digelar" + dateline, status: wire.Usable},
		{name: "a rumour of a kill", data: document("WITHDRAWN: Ferry sinks"), status: wire.Withheld, id: "N-9"},
		{name: "a rumour of a kill of nobody knows what", data: "WITHDRAWN: Ferry sinks" + dateline, refused: true},
		{name: "a hold of nobody knows what", data: "WITHHOLD: Ferry sinks" + dateline, refused: true},
		{name: "a headline about a killing", data: document("Killed at sea: a captain's story"), status: wire.Usable},
		{name: "a switch", data: "KILL-SWITCH law passes" + dateline, status: wire.Usable},
		{name: "an embargo in words", data: "Ferry leaves\n\nEMBARGOED UNTIL 0600 GMT NOVEMBER 24" + dateline, status: wire.Withheld},
		{name: "an embargo in words, and when it ends", data: "Ferry leaves\n\nEMBARGOED UNTIL 0600 GMT NOVEMBER 24" + dateline, headers: wire.Headers{Embargo: &embargo}, status: wire.Usable},
		{name: "for desks only", data: document("ADVISORY"), status: wire.Withheld},
		{name: "a correction", data: document("CORRECTED-Ferry leaves"), signal: wire.Correction, status: wire.Usable},
		{name: "an update", data: document("UPDATE 2-Ferry leaves"), signal: wire.Update, status: wire.Usable},
		{name: "a correction whose headline the desk mends", data: "RALAT: Feri" + dateline, headers: wire.Headers{Headline: "Feri berangkat"}, signal: wire.Correction, status: wire.Usable},
	}
	for _, tt := range tests {
		stories, refusals := decode.Decode(&wire.Copy{Data: []byte(tt.data), Headers: tt.headers, Profile: decode.Profile("antara")})
		if tt.refused {
			if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.NoIdentity {
				t.Errorf("%s: %+v, %v", tt.name, stories, refusals)
			}
			continue
		}
		if len(stories) != 1 || len(refusals) != 0 {
			t.Errorf("%s: %v, %v", tt.name, stories, refusals)
			continue
		}
		s := stories[0]
		if s.Signal != tt.signal || s.Status != tt.status || tt.id != "" && s.ID != tt.id {
			t.Errorf("%s: signal %q, status %q, id %q; %+v", tt.name, s.Signal, s.Status, s.ID, s.Evidence)
		}
		if strings.Contains(s.Body.Text, "EMBARGOED") || strings.Contains(s.Body.Text, "EDITORS") {
			t.Errorf("%s: the note is in the text: %q", tt.name, s.Body.Text)
		}
	}
}
