package iptc7901_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/iptc7901"
)

// message is one in the manner of dpa, sent on 23 November 2026.
func message(number, above, text, hour string) string {
	return "\x01" + number + " 4 vm 50  dpa 0001\r\n\r\nLaternen/\r\n\x02" + above + " =\r\n\r\n" + text + "\r\n\r\n\x0323" + hour + " Nov 26\r\n\x7f\x04"
}

func only(t *testing.T, p *wire.Profile, data string) *wire.Story {
	t.Helper()
	stories, refusals := iptc7901.Parse(&wire.Copy{Profile: p}, []byte(data))
	if len(stories) != 1 || len(refusals) != 0 {
		t.Fatalf("%d stories, refusals %v", len(stories), refusals)
	}
	return stories[0]
}

// TestNamed holds which story a correction or a kill is of.
func TestNamed(t *testing.T) {
	const (
		own   = "urn:kawat:dpa:iptc7901:20261123:bdt0400"
		first = "urn:kawat:dpa:iptc7901:20261123:bdt0123"
	)
	for _, tt := range []struct {
		above, text, hour string
		id                string
		signal            wire.Signal
		status            wire.Status
		last              string // rule of the last evidence of the id
	}{
		{"Laternen", "Text.", "1200", own, "", "", "derived:reference+date"},
		{"(Berichtigung zu bdt0123: zehn Jahre)\r\nLaternen", "Text.", "1200", first, wire.Correction, "", "reference:earlier-version"},
		{"(Berichtigung: zehn Jahre)\r\nLaternen", "Text.", "1200", own, wire.Correction, "", "unnamed:earlier-version"},
		{"(Berichtigung zu bdt0123 und bdt0124: zehn)\r\nLaternen", "Text.", "1200", own, wire.Correction, "", "unnamed:earlier-version"},
		{"(Berichtigung zu bdt0123 vom 22.11.: zehn)\r\nLaternen", "Text.", "1200", "urn:kawat:dpa:iptc7901:20261122:bdt0123", wire.Correction, "", "reference:earlier-version"},
		{"(Berichtigung zu bdt0900: zehn)\r\nLaternen", "Text.", "0005", "urn:kawat:dpa:iptc7901:20261122:bdt0900", wire.Correction, "", "reference:earlier-version"},
		{"Laternen", "Bitte verwenden Sie die Meldung bdt0123 nicht.", "1200", first, wire.Kill, wire.Canceled, "reference:earlier-version"},
		{"Laternen", "Bitte verwenden Sie die Meldung bdt123 nicht.", "1200", first, wire.Kill, wire.Canceled, "reference:earlier-version"},
		{"Laternen", "Bitte verwenden Sie die Meldung bdt0123 («Neun Jahre») vom 22.11. nicht.", "1200", "urn:kawat:dpa:iptc7901:20261122:bdt0123", wire.Kill, wire.Canceled, "reference:earlier-version"},
		{"Laternen", "Die Meldung bdt0123 vom 21. November wird zurückgezogen.", "1200", "urn:kawat:dpa:iptc7901:20261121:bdt0123", wire.Kill, wire.Canceled, "reference:earlier-version"},
		{"Achtung: bdt0123 vom 21.11. ist zurückgezogen. Bitte nicht verwenden.", "", "1200", "urn:kawat:dpa:iptc7901:20261121:bdt0123", wire.Kill, wire.Canceled, "reference:earlier-version"},
		{"Laternen", "Bitte verwenden Sie die Meldung vom 22.11. mit der Nummer bdt0123 nicht.", "1200", own, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"Laternen", "Bitte verwenden Sie die Meldung bdt0123 nicht. Ersatz ist bdt0124.", "1200", own, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"Laternen", "Bitte verwenden Sie die Meldung über Laternen nicht.", "1200", own, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"Laternen", "Bitte verwenden Sie die Meldung lni0123 nicht.", "1200", own, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"(Zurückgezogen)\r\nLaternen", "Text.", "1200", own, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"Zurückgezogen: bdt0123 «Laternen»", "Text.", "1200", first, wire.Kill, wire.Canceled, "reference:earlier-version"},
		{"Zurückgezogen: Laternen", "Text.", "1200", own, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"Laternen: Zurückgezogener Antrag", "Text.", "1200", own, "", "", "derived:reference+date"},
		{"(ZURÜCKGEZOGEN: bdt0123)\r\nLaternen", "Text.", "1200", first, wire.Kill, wire.Canceled, "reference:earlier-version"},
		{"Laternen", "«Bitte verwenden Sie die Brücke nicht», sagte der Bürgermeister.", "1200", own, "", "", "derived:reference+date"},
		{"Handelsembargo aufgehoben", "Das Embargo endet.", "1200", own, "", "", "derived:reference+date"},
	} {
		s := only(t, profiles["dpa"], message("bdt0400", tt.above, tt.text, tt.hour))
		last := ""
		for _, e := range s.Evidence {
			if e.Field == "id" {
				last = e.Rule
			}
		}
		if s.ID != tt.id || s.Signal != tt.signal || s.Status != tt.status || last != tt.last {
			t.Errorf("%s / %s\n gives %s, %q, %q, %s", tt.above, tt.text, s.ID, s.Signal, s.Status, last)
		}
	}
}

// TestUnnumbered: messages that are not counted are told apart by what they are about.
func TestUnnumbered(t *testing.T) {
	one := only(t, profiles["dpa"], message("bdt0000", "Laternen", "Text.", "1200"))
	two := only(t, profiles["dpa"], message("bdt0000", "Drachen", "Text.", "1200"))
	again := only(t, profiles["dpa"], message("bdt0000", "Laternen", "Neuer Text.", "1300"))
	if one.ID == "" || one.ID == two.ID || one.ID != again.ID {
		t.Errorf("%s, %s, %s", one.ID, two.ID, again.ID)
	}
}

// TestEmbargo holds that copy waits for its hour, and that one whose hour is not understood is withheld.
func TestEmbargo(t *testing.T) {
	generic := &wire.Profile{Name: "dpa", Agency: "dpa", Location: time.UTC, Generic: true}
	for _, tt := range []struct {
		line    string
		profile *wire.Profile
		want    string
	}{
		{"Sperrfrist: 24. November 2026, 18.00 Uhr", profiles["dpa"], "2026-11-24T17:00:00Z"},
		{"Sperrfrist bis heute Abend (23.11.), 19.00 Uhr", profiles["dpa"], "2026-11-23T18:00:00Z"},
		{"Sperrfrist bis 2.1., 6 Uhr", profiles["dpa"], "2027-01-02T05:00:00Z"},
		{"Sous embargo jusqu'au 24 novembre 2026 à 18h00", profiles["ats"], "2026-11-24T17:00:00Z"},
		{"Embargo bis 24.11.26, 18:00 Uhr GMT", generic, "2026-11-24T18:00:00Z"},
		{"Embargo bis 24.11.26, 18:00 Uhr", generic, "withheld"},
		{"Sperrfrist bis morgen Abend", profiles["dpa"], "withheld"},
		{"Sperrfrist: 24. November 2026", profiles["dpa"], "withheld"},
		{"Sperrfrist 24.11., 18.00 Uhr, online 25.11., 6.00 Uhr", profiles["dpa"], "withheld"},
		{"Sperrfrist: 24.13.2026, 18.00 Uhr", profiles["dpa"], "withheld"},
	} {
		for _, data := range []string{
			message("bdt0400", "("+tt.line+")\r\nLaternen", "Text.", "1200"),
			message("bdt0400", "Laternen", "Text.\r\n\r\n# Notizblock\r\n\r\n## Redaktionelle Hinweise\r\n- "+tt.line, "1200"),
		} {
			s := only(t, tt.profile, data)
			got := string(s.Status)
			if s.Embargo != nil {
				got = s.Embargo.Format(time.RFC3339)
			}
			if got != tt.want {
				t.Errorf("%s gives %q", tt.line, got)
			}
		}
	}
}

// TestNotes: rights that stand in notes to editors are kept, contacts are not.
func TestNotes(t *testing.T) {
	s := only(t, profiles["dpa"], message("bdt0400", "Lanterns\r\nBy Mina Okafor, The Celle Courier", "Celle (dpa) - The lanterns were lit.\r\n\r\n# Notebook\r\n\r\n## Note to editors\r\n"+
		"- (c) 2026 The Celle Courier\r\n- Adapted for print.\r\n- Questions: +49 511 0000\r\n\r\n* * * *\r\nThe following information is not intended for publication\r\n\r\n"+
		"## Editorial contacts\r\n- Editing by: Ole Brandt\r\n- Tel: +49-30-000; <desk@dpa.example>\r\n\r\ndpa cou obr", "1200"))
	record, _ := s.Marshal()
	if s.Rights.Holder != "The Celle Courier" || s.Rights.Year != 2026 || s.Note != "Adapted for print." || s.Body.Text != "The lanterns were lit." {
		t.Errorf("rights %+v, note %q, body %q", s.Rights, s.Note, s.Body.Text)
	}
	for _, private := range []string{"Brandt", "+49", "desk@", "Questions"} {
		if strings.Contains(string(record), private) {
			t.Errorf("%q in %s", private, record)
		}
	}
}

// TestSeveral: one bad message of ten leaves the other nine.
func TestSeveral(t *testing.T) {
	var data strings.Builder
	for n := 1; n <= 10; n++ {
		one := message(fmt.Sprintf("bdt%04d", n), "Laternen", fmt.Sprintf("Text %d.", n), "1200")
		if n == 7 {
			one = strings.Replace(one, "\x03", "", 1)
		}
		data.WriteString(one + "\r\n\x7f\x7f")
	}
	stories, refusals := iptc7901.Parse(&wire.Copy{Profile: profiles["dpa"]}, []byte(data.String()))
	if len(stories) != 9 || len(refusals) != 1 || refusals[0].Code != wire.NotWellFormed || !strings.HasPrefix(refusals[0].Sentence, "Message 7: ") {
		t.Fatalf("%d stories, %v", len(stories), refusals)
	}
	for i, s := range stories {
		n := i + 1
		if n >= 7 {
			n++
		}
		if want := fmt.Sprintf("Text %d.", n); s.Body.Text != want || !strings.HasSuffix(s.ID, fmt.Sprintf("%04d", n)) {
			t.Errorf("%s: %q", s.ID, s.Body.Text)
		}
	}
}

// TestRefusals: nothing that was sent is passed over.
func TestRefusals(t *testing.T) {
	whole := message("bdt0400", "Laternen", "Text.", "1200")
	for _, tt := range []struct {
		name, data string
		stories    int
		code       wire.Code
		says       string
	}{
		{"no SOH", "bdt0400", 0, wire.NotWellFormed, "no SOH"},
		{"no STX", "\x01bdt0400 4 pl 1", 0, wire.NotWellFormed, "STX"},
		{"no ETX", "\x01bdt0400 4 pl 1\n\x02Text", 0, wire.NotWellFormed, "before ETX"},
		{"long trailer", "\x01bdt0400 4 pl 1\n\x02Text\x03" + strings.Repeat("x", 3000), 0, wire.NotWellFormed, "longer than"},
		{"many lines", "\x01bdt0400 4 pl 1\n\x02" + strings.Repeat("x\n", 50_001) + "\x03", 0, wire.TooLarge, "50001 lines"},
		{"too many", strings.Repeat("\x01", 1001), 0, wire.TooLarge, "1001"},
		{"text behind the end", whole + "\r\nMehr", 1, wire.NotWellFormed, "Mehr"},
		{"text between", whole + "verloren" + whole, 2, wire.NotWellFormed, "Message 1: "},
		{"a hold of nobody knows what", message("bdt0400", "(NICHT VERWENDEN)\r\nLaternen", "Text.", "1200"), 0, wire.NoIdentity, wire.HeaderStoryID},
	} {
		stories, refusals := iptc7901.Parse(&wire.Copy{Profile: profiles["dpa"]}, []byte(tt.data))
		if len(stories) != tt.stories || len(refusals) != 1 || refusals[0].Code != tt.code || !strings.Contains(refusals[0].Sentence, tt.says) {
			t.Errorf("%s: %d stories, %v", tt.name, len(stories), refusals)
		}
	}
}
