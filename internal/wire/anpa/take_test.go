package anpa_test

import (
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
)

// message is one in the manner of AP.
func message(number, keyword, field, text, trailer string) string {
	return "\x16\x16\x01" + number + "\x1fap---\r\nr i\x13\x11 " + keyword + "     11-23 0050\r\n\x02^" + field + "<\r\n" + text + "\r\n\x03" + trailer + "\x04"
}

func evidence(s *wire.Story, field string) (rules []string) {
	for _, e := range s.Evidence {
		if e.Field == field {
			rules = append(rules, e.Rule)
		}
	}
	return rules
}

// TestTakes holds what a message is to the story whose first take it names, and that it has an id of its own where it
// names none.
func TestTakes(t *testing.T) {
	const (
		own   = "urn:kawat:ap:anpa:20261123:a0400"
		first = "urn:kawat:ap:anpa:20261123:a0105"
		gmt   = "AP-WF-11-23-26 1437GMT"
	)
	for _, tt := range []struct {
		keyword, text, trailer string
		id                     string
		version                int64
		signal                 wire.Signal
		status                 wire.Status
		idRule                 string
	}{
		{"BC-Kites", "\tText.", gmt, own, 1, "", "", "derived:reference+date"},
		{"BC-Kites, 1st Ld-Writethru,a0105,0344", "\tText.", gmt, first, 2, wire.Update, "", "reference:first-take"},
		{"BC-Kites, 1st Ld-Writethru, a0105", "\tText.", gmt, first, 2, wire.Update, "", "reference:first-take"},
		{"BC-Kites, 1st Ld-Writethru,A0105", "\tText.", gmt, first, 2, wire.Update, "", "reference:first-take"},
		{"BC-Kites 12thLd-Writethru a0105", "\tText.", gmt, first, 13, wire.Update, "", "reference:first-take"},
		{"BC-Kites, 3rd Lead,a0105", "\tText.", gmt, first, 4, wire.Update, "", "reference:first-take"},
		{"BC-Kites, 2nd Ld", "\tText.", gmt, own, 0, wire.Update, "", "unnamed:first-take"},
		{"BC-Kites, Ld-Writethru,a0105", "\tText.", gmt, first, 0, wire.Update, "", "reference:first-take"},
		// An add must not stand in the place of its story.
		{"BC-Kites, 2nd Add,a0105", "\tText.", gmt, own, 0, "", "", "derived:reference+date"},
		{"BC-Kites, 2nd Add", "\tText.", gmt, own, 0, "", "", "derived:reference+date"},
		{"BC-Kites, 1st Ld,a0105,a0107", "\tText.", gmt, own, 0, wire.Update, "", "unnamed:first-take"},
		{"BC-Kites, CORRECTIVE,a0105", "\tText.", gmt, first, 0, wire.Correction, "", "reference:first-take"},
		{"BC-Kites, 1st Ld,a0105", "^Eds: CORRECTS the colour.<\r\n\tText.", gmt, first, 2, wire.Correction, "", "reference:first-take"},
		{"BC-Kites, URGENT", "\tText.", gmt, own, 1, "", "", "derived:reference+date"},
		{"BC-Airbus A3800, URGENT", "\tText.", gmt, own, 1, "", "", "derived:reference+date"},
		// The number is greater than the message's own: it was sent the day before.
		{"BC-Kites, 1st Ld,a0871", "\tText.", "AP-NY-11-23-26 0005EST", "urn:kawat:ap:anpa:20261122:a0871", 2, wire.Update, "", "reference:first-take"},
		{"BC-Kites, 1st Ld,a0871", "\tText.", "AP-NY-03-01-26 0005EST", "urn:kawat:ap:anpa:20260228:a0871", 2, wire.Update, "", "reference:first-take"},

		{"BC-Kites, BULLETIN KILL,a0105", "\tKill it.", gmt, first, 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites, MANDATORY KILL", "\tKill the story a0105, slugged BC-Kites.", gmt, first, 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites, KILL,a0105", "\tKill it.", gmt, first, 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites KILL a0105", "\tKill it.", gmt, first, 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites, WITHDRAWN,a0105", "\tKill it.", gmt, first, 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites, ADVISORY", "\tThe AP has withdrawn its story a0105 on kites.", gmt, first, 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites", "\tMANDATORY KILL. Kill the story a0105.", gmt, first, 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites, KILL", "\tKill the story a0105 of Nov. 21.", gmt, "urn:kawat:ap:anpa:20261121:a0105", 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites, KILL", "\tKill the story a0105, sent on Sunday, Nov. 22.", gmt, "urn:kawat:ap:anpa:20261122:a0105", 0, wire.Kill, wire.Canceled, "reference:first-take"},
		{"BC-Kites, KILL", "\tKill the story a0105 of Dec. 30.", gmt, "urn:kawat:ap:anpa:20251230:a0105", 0, wire.Kill, wire.Canceled, "reference:first-take"},
		// Of these nobody can be certain.
		{"BC-Kites, KILL", "\tKill the story a0105 of Octember 30.", gmt, own, 0, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"BC-Kites, KILL", "\tKill the story on kites.", gmt, own, 0, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"BC-Kites, KILL", "\tKill a0105. A substitute is a0107.", gmt, own, 0, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"BC-Kites, KILL", "\tA substitute will move as a0407.", gmt, own, 0, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"BC-Kites, KILL,a0400", "\tKill it.", gmt, own, 0, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"BC-Kites, KILL,b0105", "\tKill it.", gmt, own, 0, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"BC-Kites, KILL,a0105,a0106", "\tKill it.", gmt, own, 0, wire.Kill, wire.Canceled, "inferred:kill-without-target"},
		{"BC-Kites, KILL,a0105", "\tKill it.", "AP-WF-11-23-26 0237GMT", own, 0, wire.Kill, wire.Canceled, "inferred:kill-without-target"},

		{"BC-Kites, WITHHOLD,a0105", "\tWithhold it.", gmt, first, 0, wire.Update, wire.Withheld, "reference:first-take"},
		{"BC-Kites, ADVISORY", "\tThe story will move by noon.", gmt, own, 0, "", wire.Withheld, "derived:reference+date"},
		{"BC-KILL BILL-Premiere", "\tThe film opened.", gmt, own, 1, "", "", "derived:reference+date"},
		{"BC-Bulletin-Kill-Switch", "\tThe switch is sold.", gmt, own, 1, "", "", "derived:reference+date"},
	} {
		s := only(t, ap, message("a0400", "BC-Kites", tt.keyword, tt.text, tt.trailer))
		id := tt.id
		if id == own && tt.trailer != gmt {
			id = strings.Replace(own, "20261123", "2026"+tt.trailer[6:8]+tt.trailer[9:11], 1)
		}
		rules := evidence(s, "id")
		if s.ID != id || s.Version != tt.version || s.Signal != tt.signal || s.Status != tt.status || rules[len(rules)-1] != tt.idRule {
			t.Errorf("%s / %s\n gives %s, version %d, %q, %q, %v", tt.keyword, tt.text, s.ID, s.Version, s.Signal, s.Status, rules)
		}
	}
}

// TestKyodoKill: Kyodo's trailers are in its own time, by which it counts, so that its kills are certain at night as well.
func TestKyodoKill(t *testing.T) {
	s := only(t, kyodo, "\x01b0009KYODO\x1fkoko-\r\nu e\x14\x12 BC-Kites, BULLETIN KILL,b0003   24-11 0012\r\n\x02BC-Kites, BULLETIN KILL,b0003\r\nKites+\r\n     Kill it.\r\n\x03KWS-01:10-24-11-26\x04")
	if s.ID != "urn:kawat:kyodo:anpa:20261124:b0003KYODO" || s.Status != wire.Canceled {
		t.Errorf("%s, %s, %v", s.ID, s.Status, s.Evidence)
	}
}

// TestWithholdUnnamed: what is to be withheld must be known.
func TestWithholdUnnamed(t *testing.T) {
	c := &wire.Copy{Profile: ap}
	data := []byte(message("a0400", "BC-Kites", "BC-Kites, WITHHOLD", "\tWithhold it.", "AP-WF-11-23-26 1437GMT"))
	stories, refusals := anpa.Parse(c, data)
	if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.NoIdentity || !strings.Contains(refusals[0].Sentence, wire.HeaderStoryID) {
		t.Errorf("%v, %v", stories, refusals)
	}
	c.Headers.StoryID = "kites"
	if stories, refusals = anpa.Parse(c, data); len(refusals) != 0 || len(stories) != 1 || stories[0].Status != wire.Withheld {
		t.Errorf("with an id: %v, %v", stories, refusals)
	}
}

// TestRelease holds that an advance waits for its hour, and that one whose hour is not understood is withheld.
func TestRelease(t *testing.T) {
	for _, tt := range []struct{ keyword, text, want string }{
		{"BC-Kites", "^For release 6 p.m. EST Sunday, Nov. 29, and thereafter<\r\n\tText.", "2026-11-29T23:00:00Z"},
		{"BC-Kites,ADV29", "^For release Sunday, Nov. 29<\r\n\tText.", "2026-11-29T05:00:00Z"},
		{"BC-Kites,ADV02", "^$adv02\r\n^For release Jan. 2<\r\n\tText.", "2027-01-02T05:00:00Z"},
		{"BC-Kites", "\tEMBARGOED UNTIL 12:01 a.m. GMT, Dec. 3, 2026.\r\n\tText.", "2026-12-03T00:01:00Z"},
		{"BC-Kites", "^Eds: Embargoed until 9 a.m., Nov. 30.<\r\n\tText.", "2026-11-30T14:00:00Z"},
		{"BC-Kites", "^Eds: Embargoed until noon, Nov. 30.<\r\n\tText.", "withheld"},
		{"BC-Kites", "^For release Sunday AMs, Nov. 29<\r\n\tText.", "withheld"},
		{"BC-Kites", "^For release Nov. 28 and Nov. 29<\r\n\tText.", "withheld"},
		{"BC-Kites", "^For release 6 p.m. ET, Nov. 29<\r\n\tText.", "withheld"},
		{"BC-Kites", "^For release 1800 GMT Nov. 29<\r\n\tText.", "withheld"},
		{"BC-Kites", "^For release later<\r\n\tText.", "withheld"},
		{"BC-Kites, ADV29", "\tText.", "withheld"},
		{"BC-Kites", "^Ministers lift the steel trade barrier<\r\n\tThe embargo on steel ended.", ""},
		{"BC-Kites", "\tThe film is set for release Nov. 29.", ""},
	} {
		s := only(t, ap, message("a0400", "BC-Kites", tt.keyword, tt.text, "AP-WF-11-23-26 1437GMT"))
		got := string(s.Status)
		if s.Embargo != nil {
			got = s.Embargo.Format(time.RFC3339)
		}
		if got != tt.want {
			t.Errorf("%s / %s gives %q", tt.keyword, tt.text, got)
		}
		if strings.Contains(s.Body.Text, "EMBARGOED") {
			t.Errorf("in the body: %s", s.Body.Text)
		}
	}
}

// TestReleaseByWhoseClock: an hour without a zone is not understood where nothing says by whose clock the sender lives.
func TestReleaseByWhoseClock(t *testing.T) {
	generic := &wire.Profile{Name: "wire", Agency: "wire", Location: time.UTC, Generic: true}
	for _, tt := range []struct{ line, trailer, want string }{
		{"For release 6 p.m., Nov. 29", "AP-WF-11-23-26 1437GMT", "withheld"},
		{"For release 6 p.m., Nov. 29", "AP-NY-11-23-26 0937EST", "2026-11-29T23:00:00Z"},
		{"For release 6 p.m. EST, Nov. 29", "AP-WF-11-23-26 1437GMT", "2026-11-29T23:00:00Z"},
		{"For release Nov. 29", "AP-WF-11-23-26 1437GMT", "withheld"},
	} {
		s := only(t, generic, message("a0400", "BC-Kites", "BC-Kites", "^"+tt.line+"<\r\n\tText.", tt.trailer))
		got := string(s.Status)
		if s.Embargo != nil {
			got = s.Embargo.Format(time.RFC3339)
		}
		if got != tt.want {
			t.Errorf("%s, %s gives %q", tt.line, tt.trailer, got)
		}
	}
}

// TestNotes: notes to editors never stand in the body, and contacts nowhere in the record.
func TestNotes(t *testing.T) {
	s := only(t, ap, message("a0400", "BC-Kites", "BC-Kites", "^Eds: UPDATES throughout.<\r\n\tText.\r\n\tEds: Questions to the desk, 212-555-0143.\r\n\t(Eds: With BC-Ferries.)\r\n\tMore text.", "AP-WF-11-23-26 1437GMT<"))
	if s.Body.Text != "Text.\n\nMore text." || s.Note != "UPDATES throughout.\nWith BC-Ferries." {
		t.Errorf("body %q, note %q", s.Body.Text, s.Note)
	}
	if record, _ := s.Marshal(); strings.Contains(string(record), "0143") {
		t.Errorf("a telephone number in %s", record)
	}
}
