package anpa_test

import (
	"fmt"
	"strings"
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
)

// TestSeveral: one bad message of ten leaves the other nine.
func TestSeveral(t *testing.T) {
	var data strings.Builder
	for n := 1; n <= 10; n++ {
		one := message(fmt.Sprintf("a%04d", n), "BC-Kites", "BC-Kites", fmt.Sprintf("\tText %d.", n), "AP-WF-11-23-26 1437GMT")
		if n == 7 {
			one = strings.Replace(one, "\x03", "", 1)
		}
		data.WriteString(one + "\r\n\x00\x16")
	}
	stories, refusals := anpa.Parse(&wire.Copy{Profile: ap}, []byte(data.String()))
	if len(stories) != 9 || len(refusals) != 1 || refusals[0].Code != wire.NotWellFormed || !strings.HasPrefix(refusals[0].Sentence, "Message 7: ") {
		t.Fatalf("%d stories, %v", len(stories), refusals)
	}
	for i, s := range stories {
		n := i + 1
		if n >= 7 {
			n++
		}
		if want := fmt.Sprintf("Text %d.", n); s.Body.Text != want || !strings.HasSuffix(s.ID, fmt.Sprintf(":a%04d", n)) {
			t.Errorf("%s: %q", s.ID, s.Body.Text)
		}
	}
}

// TestRefusals: nothing that was sent is passed over.
func TestRefusals(t *testing.T) {
	whole := message("a0001", "BC-Kites", "BC-Kites", "\tText.", "AP-WF-11-23-26 1437GMT")
	for _, tt := range []struct {
		name, data string
		stories    int
		code       wire.Code
		says       string
	}{
		{"no SOH", "BC-Kites", 0, wire.NotWellFormed, "no SOH"},
		{"no STX", "\x01a0001\x1fap", 0, wire.NotWellFormed, "STX"},
		{"no ETX", "\x01a0001\x1fap\x02Text", 0, wire.NotWellFormed, "before ETX"},
		{"long header", "\x01a0001\x1f" + strings.Repeat("x", 2000) + "\x02x\x03", 0, wire.NotWellFormed, "longer than"},
		{"many lines", "\x01a0001\x1fap\x02" + strings.Repeat("x\n", 50_001) + "\x03", 0, wire.TooLarge, "50001 lines"},
		{"too many", strings.Repeat("\x01", 1001), 0, wire.TooLarge, "1001"},
		{"text behind the end", whole + "\r\nMore of it", 1, wire.NotWellFormed, "More of it"},
		{"text before the first", "Some of it" + whole, 1, wire.NotWellFormed, "Some of it"},
		{"text between", whole + "lost" + whole, 2, wire.NotWellFormed, "Message 1: "},
	} {
		stories, refusals := anpa.Parse(&wire.Copy{Profile: ap}, []byte(tt.data))
		if len(stories) != tt.stories || len(refusals) != 1 || refusals[0].Code != tt.code || !strings.Contains(refusals[0].Sentence, tt.says) {
			t.Errorf("%s: %d stories, %v", tt.name, len(stories), refusals)
		}
	}
}

// TestBylines: AP's bylines stand in one field or in several, and nobody in them is lost.
func TestBylines(t *testing.T) {
	for _, fields := range []string{"^By MIO ARAKAWA and KEN MORI=", "^By MIO ARAKAWA=\r\n^By KEN MORI=", "^By MIO ARAKAWA=\r\n^and KEN MORI=\r\n^Associated Press Writers="} {
		s := only(t, ap, message("a0400", "BC-Kites", "BC-Kites", fields+"\r\n\tTOKYO (AP) _ Kites flew.", "AP-WF-11-23-26 1437GMT"))
		if len(s.Attribution.Credits) != 2 || s.Attribution.Credits[1].Role != wire.Reporter || s.Byline != "MIO ARAKAWA and KEN MORI" || s.Body.Text != "Kites flew." {
			t.Errorf("%q gives %q, %+v, %q", fields, s.Byline, s.Attribution.Credits, s.Body.Text)
		}
	}
}
