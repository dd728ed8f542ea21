package anpa_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
)

func parse(t *testing.T, line, trailer string) *wire.Story {
	t.Helper()
	s, err := anpa.Parse(&wire.Copy{Profile: kyodo}, []byte("\x01a0105KYODO\x1fkoko-\r\n"+line+"\r\n\x02x\r\nHeadline+\r\n     Text.\r\n\x03"+trailer+"\x04"))
	if err != nil {
		t.Fatal(err)
	}
	return s
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
	s, err := anpa.Parse(&wire.Copy{Profile: kyodo}, data)
	if err != nil {
		t.Fatal(err)
	}
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

func TestDetect(t *testing.T) {
	for in, want := range map[string]bool{
		"\x01a0105KYODO\x1fkoko-\r\n":                     true,
		"\x16\x16\x16\x01a0105 \x1fap-\r\n":               true,
		"\x01a0105\r\nu s\x14\x12 x\r\n\x02":              true,
		"\x01dpa0123 4 pl 110  dpa 0000\r\n\r\n\x02a\x14": false,
		"a0105KYODO\x1fkoko-":                             false,
		"":                                                false,
		"\x16":                                            false,
	} {
		if got := anpa.Detect([]byte(in)); got != want {
			t.Errorf("Detect(%q) = %t", in, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range []string{"testdata/ap-manner.anpa", "testdata/kyodo-kill.anpa", "../../../samples/kyodo-original.anpa"} {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := anpa.Parse(&wire.Copy{Data: data, Profile: kyodo}, data)
		if (s == nil) == (err == nil) {
			t.Fatalf("story %v, error %v", s, err)
		}
		if r := (*wire.Refusal)(nil); err != nil && !errors.As(err, &r) {
			t.Fatalf("%v is no refusal", err)
		}
	})
}
