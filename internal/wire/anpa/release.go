package anpa

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
)

// release reads until when an advance is to be held. One that does not say it so that it is understood is withheld.
func release(s *wire.Story, c *wire.Copy, h *header, k *take, t *text, sent sending) {
	if len(t.release) == 0 && !k.advance && h.priority != 'a' && h.priority != 's' || s.Status == wire.Canceled {
		return
	}
	zone := c.Profile.Location
	if c.Profile.Generic || zone == nil {
		// Trailers in GMT do not tell by whose clock the sender lives; others do.
		if zone = sent.Location(); !sent.zoned || sent.Format("-07") == "+00" {
			zone = nil
		}
	}
	var until time.Time
	for _, line := range t.release {
		at, ok := releaseAt(line, zone, sent)
		if !ok {
			until = time.Time{}
			break
		}
		if at.After(until) {
			until = at
		}
	}
	words := strings.Join(t.release, " ")
	if until.IsZero() {
		s.Status = wire.Withheld
		s.AddEvidence("status", "release:not-understood", strings.TrimSpace(words+" "+k.words))
		return
	}
	until = until.UTC()
	s.Embargo = &until
	s.AddEvidence("embargo", "release", words)
}

// holds says whether a line above the text, or a note to editors, says that the copy is to be held.
func holds(words string) bool {
	words = strings.ToLower(words)
	for _, said := range [...]string{"for release", "embargo", "hold for", "release at", "release on", "not for publication before", "not for publication until"} {
		if strings.Contains(words, said) {
			return true
		}
	}
	return strings.HasPrefix(words, "adv ") || strings.HasPrefix(words, "adv.")
}

// opensRelease says whether a paragraph at the head of the text says that the copy is to be held.
func opensRelease(words string) bool {
	words = strings.TrimLeft(words, "(*-– ")
	for _, opening := range [...]string{"for release", "hold for", "embargoed", "embargo:", "embargo -", "under embargo", "strictly embargoed", "adv for", "adv. for",
		"advance for", "not for release", "not for publication before", "not for publication until", "not for use before", "not for use until"} {
		if hasPrefixFold(words, opening) {
			return true
		}
	}
	return false
}

// Of a line that says when: the day, and the hour if there is one.
var (
	releaseDay  = regexp.MustCompile(`(?i)\b((?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*)\.?\s(\d{1,2})\b(?:,\s(\d{4})\b)?`)
	releaseHour = regexp.MustCompile(`(?i)\b(\d{1,2})(?::(\d\d))?\s?([ap])\.?m\b\.?(?:\s([A-Z]{2,5})\b)?`)
	// Hours in other forms are better not understood than understood wrongly.
	otherHour = regexp.MustCompile(`(?i)\b(?:noon|midnight|\d{3,4}\s?(?:GMT|UTC|[ECMP][SD]?T)|\d{1,2}:\d\d|AMs|PMs)\b`)
)

// releaseAt reads a line like "For release 6 p.m. EST Sunday, Nov. 24, and thereafter". A day without an hour begins at
// midnight in zone; where zone is nil, the line must name one.
func releaseAt(line string, zone *time.Location, sent sending) (time.Time, bool) {
	days := releaseDay.FindAllStringSubmatch(line, -1)
	if len(days) != 1 {
		return time.Time{}, false
	}
	clock := ""
	rest := strings.Replace(line, days[0][0], "", 1)
	if m := releaseHour.FindStringSubmatch(rest); m != nil {
		hour, _ := strconv.Atoi(m[1])
		if hour < 1 || hour > 12 {
			return time.Time{}, false
		}
		hour %= 12
		if strings.EqualFold(m[3], "p") {
			hour += 12
		}
		minute := m[2]
		if minute == "" {
			minute = "00"
		}
		clock = " " + strings.Repeat("0", 2-len(strconv.Itoa(hour))) + strconv.Itoa(hour) + ":" + minute
		if zone := m[4]; zone != "" && zone == strings.ToUpper(zone) {
			clock += " " + zone
		}
		rest = strings.Replace(rest, m[0], "", 1)
	}
	if otherHour.MatchString(rest) || zone == nil && strings.Count(clock, " ") < 2 {
		return time.Time{}, false
	}
	year, err := strconv.Atoi(days[0][3])
	if err == nil {
		return dates.Parse(days[0][2]+" "+days[0][1]+" "+strconv.Itoa(year)+clock, zone)
	}
	if sent.IsZero() {
		return time.Time{}, false
	}
	for year := sent.Year() - 1; year <= sent.Year()+1; year++ {
		at, ok := dates.Parse(days[0][2]+" "+days[0][1]+" "+strconv.Itoa(year)+clock, zone)
		if ok && at.After(sent.AddDate(0, -1, 0)) {
			return at, true
		}
	}
	return time.Time{}, false
}
