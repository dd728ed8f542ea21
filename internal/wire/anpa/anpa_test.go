package anpa_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
)

func parse(t *testing.T, line, trailer string) *wire.Story {
	t.Helper()
	return only(t, kyodo, "\x01a0105KYODO\x1fkoko-\r\n"+line+"\r\n\x02x\r\nHeadline+\r\n     Text.\r\n\x03"+trailer+"\x04")
}

// only reads a transmission that has one message, and that one a story.
func only(t *testing.T, p *wire.Profile, data string) *wire.Story {
	t.Helper()
	stories, refusals := anpa.Parse(&wire.Copy{Profile: p}, []byte(data))
	if len(stories) != 1 || len(refusals) != 0 {
		t.Fatalf("%d stories, refusals %v", len(stories), refusals)
	}
	return stories[0]
}

func TestHeader(t *testing.T) {
	for _, tt := range []struct {
		line, keyword string
		urgency       int
		subject       string
	}{
		{"u s\x14\x12 BC-Soccer-Emperor's-Cup   09-12 0344", "BC-Soccer-Emperor's-Cup", 3, "medtop:15000000"},
		{"f f\x14\x12 BC-Yen   09-12 0010", "BC-Yen", 1, "medtop:04000000"},
		{"B I\x14\x12 BC-Summit,2nd Ld   09-12 0010", "BC-Summit,2nd Ld", 2, ""},
		{"r e BC-Kites 0010", "BC-Kites", 4, "medtop:01000000"},
		{"d p BC-Kites", "BC-Kites", 6, "medtop:11000000"},
		{"BC-Kites   09-12", "BC-Kites", 0, ""},
		{"", "", 0, ""},
	} {
		s := parse(t, tt.line, "KWS-21:37-09-12-18")
		subject := ""
		if len(s.Subjects) > 0 {
			subject = s.Subjects[0].Code
		}
		if s.Slugline != tt.keyword || s.Urgency != tt.urgency || subject != tt.subject {
			t.Errorf("%q gives %q, %d, %q", tt.line, s.Slugline, s.Urgency, subject)
		}
	}
}

func TestTrailer(t *testing.T) {
	for _, tt := range []struct{ trailer, sent, id string }{
		{"KWS-21:37-09-12-18", "2018-12-09T12:37:00Z", "urn:kawat:kyodo:anpa:20181209:a0105KYODO"},
		{"\r\nKWS-00:05-10-12-18\r\n", "2018-12-09T15:05:00Z", "urn:kawat:kyodo:anpa:20181210:a0105KYODO"},
		{"AP-NY-12-09-18 0737EST", "2018-12-09T12:37:00Z", "urn:kawat:kyodo:anpa:20181209:a0105KYODO"},
		{"AP-NY-12-09-18 0737XYZ", "", ""},
		{"KWS-25:37-09-12-18", "", ""},
		{"END", "", ""},
		{"", "", ""},
	} {
		s := parse(t, "u s\x14 x   09-12 0344", tt.trailer)
		sent := ""
		if !s.Created.IsZero() {
			sent = s.Created.Format(time.RFC3339)
		}
		if sent != tt.sent || s.ID != tt.id {
			t.Errorf("%q gives %q, %q", tt.trailer, sent, s.ID)
		}
	}
}

// TestSample holds what the wire's shape means, word by word.
func TestSample(t *testing.T) {
	data, err := os.ReadFile("../../../samples/kyodo-original.anpa")
	if err != nil {
		t.Fatal(err)
	}
	s := only(t, kyodo, string(data))
	if s.Headline != "Niigata, Vladivostok ports to share ferry-borne earthquake sensor data" {
		t.Errorf("headline %q", s.Headline)
	}
	if s.Dateline.Place != "TOKYO" || s.Dateline.Agency != "Kyodo" || s.Dateline.Date != "Nov. 23" {
		t.Errorf("dateline %+v", s.Dateline)
	}
	if n := strings.Count(s.Body.HTML, "<p>"); n != 8 || strings.Contains(s.Body.Text, "==") || !strings.HasPrefix(s.Body.Text, "The ports of") {
		t.Errorf("%d paragraphs: %s", n, s.Body.Text)
	}
}
