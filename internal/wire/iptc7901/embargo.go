package iptc7901

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
)

// holds says whether a line in brackets, or a note to editors, says that the copy is to be held. An embargo on trade is
// news; those lines speak of the copy.
func holds(words string) bool {
	words = strings.ToLower(words)
	return strings.Contains(words, "sperrfrist") || strings.Contains(words, "embargo") || strings.Contains(words, "gesperrt bis")
}

// embargo sets until when the copy is to be held. Where that is not understood, it is withheld.
func embargo(s *wire.Story, c *wire.Copy, lines []string, sent sending) {
	if len(lines) == 0 || s.Status == wire.Canceled {
		return
	}
	var until time.Time
	for _, line := range lines {
		at, ok := heldUntil(line, c.Profile, sent)
		if !ok {
			until = time.Time{}
			break
		}
		if at.After(until) {
			until = at
		}
	}
	words := strings.Join(lines, " ")
	if until.IsZero() {
		s.Status = wire.Withheld
		s.AddEvidence("status", "embargo:not-understood", words)
		return
	}
	s.Embargo = &until
	s.AddEvidence("embargo", "embargo", words)
}

// Of a line that says until when: the day in figures or with its month's name, the hour, the zone.
var (
	embargoDay  = regexp.MustCompile(`\b(\d{1,2})\.\s?(\d{1,2})\.(\d{4}|\d{2})?`)
	embargoDate = regexp.MustCompile(`\b(\d{1,2})(?:\.|er)?\s([A-Za-zäûéç]{3,9})\.?(?:\s(\d{4}))?`)
	embargoHour = regexp.MustCompile(`\b(\d{1,2})(?:[.:h](\d{2})(?:\s?(?:Uhr|h|heures|ore))?|\s?(?:Uhr|h|heures))(?:\s(MEZ|MESZ|CET|CEST|GMT|UTC)\b)?`)
)

// heldUntil reads a line like "Sperrfrist: 24. September 2024, 18.00 Uhr". Both day and hour must be there, once.
func heldUntil(line string, p *wire.Profile, sent sending) (time.Time, bool) {
	rest, name, year := line, "", ""
	if days := embargoDay.FindAllStringSubmatch(line, -1); len(days) == 1 {
		month, _ := strconv.Atoi(days[0][2])
		if month < 1 || month > 12 {
			return time.Time{}, false
		}
		name, year = days[0][1]+" "+time.Month(month).String(), days[0][3]
		rest = strings.Replace(line, days[0][0], " ", 1)
	} else if len(days) > 1 {
		return time.Time{}, false
	} else {
		for _, m := range embargoDate.FindAllStringSubmatch(line, -1) {
			if _, ok := dates.Parse(m[1]+" "+m[2]+" 2000", nil); !ok {
				continue
			}
			if name != "" {
				return time.Time{}, false
			}
			name, year = m[1]+" "+m[2], m[3]
			rest = strings.Replace(line, m[0], " ", 1)
		}
	}
	hours := embargoHour.FindAllStringSubmatch(rest, -1)
	if name == "" || len(hours) != 1 {
		return time.Time{}, false
	}
	minute := hours[0][2]
	if minute == "" {
		minute = "00"
	}
	clock := " " + strings.Repeat("0", 2-len(hours[0][1])) + hours[0][1] + ":" + minute
	switch zone := hours[0][3]; {
	case zone != "":
		clock += " " + zone
	case p.Generic || p.Location == nil:
		return time.Time{}, false // nobody knows by whose clock
	}
	if len(year) == 2 {
		year = "20" + year
	}
	if year != "" {
		return dates.Parse(name+" "+year+clock, p.Location)
	}
	if sent.IsZero() {
		return time.Time{}, false
	}
	for y := sent.Year(); y <= sent.Year()+1; y++ {
		at, ok := dates.Parse(name+" "+strconv.Itoa(y)+clock, p.Location)
		if ok && at.After(sent.AddDate(0, -1, 0)) {
			return at, true
		}
	}
	return time.Time{}, false
}
