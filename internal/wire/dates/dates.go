// Package dates reads the times that wire copy states, in all the forms that are sent: those of ISO 8601 and RFC 3339, of
// mail and the web (RFC 5322, 850 and their forerunners, asctime), the trailers of ANPA 1312 and IPTC 7901, and dates in
// words in the languages of the copy.
package dates

import (
	"strings"
	"time"

	"kawat/internal/wire"
)

// maxLength is the most bytes that a time is written in.
const maxLength = 64

// Parse reads a time and gives it in UTC. A time without a zone is in zone (nil: UTC), a date is its first instant
// there. A zone's name is understood as that of zone where zone has it at that time (CST is China's for an agency in
// Beijing), else as mail has it. Two-digit years are 1969 to 2068, as in POSIX. 24:00 is the midnight at the end of the
// day, a leap second the instant after it. Numbers of seconds are no times: what counts them knows so, and need not ask.
//
// It never makes up what the text does not say: a time without a year, a day that does not exist, a zone that is not
// known or a month that could be a day are not read.
func Parse(s string, zone *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) < len("20060102") || len(s) > maxLength {
		return time.Time{}, false
	}
	if zone == nil {
		zone = time.UTC
	}
	var f fields
	if f.iso(s) || f.trailer(s) || f.words(s) || f.units(s) {
		return f.instant(zone)
	}
	return time.Time{}, false
}

// Unread is the rule of evidence that notes a time that could not be read.
const Unread = "unread:time"

// Read reads the time that copy states for a field of the story ("created"), in the zone of the provider where it names
// none. A time that cannot be read stays zero and is noted in the story's evidence; an empty one is only zero.
func Read(s *wire.Story, field, value string, zone *time.Location) time.Time {
	if strings.TrimSpace(value) == "" {
		return time.Time{}
	}
	t, ok := Parse(value, zone)
	if !ok {
		s.AddEvidence(field, Unread, value)
	}
	return t
}

// fields are the parts of a time as they are written.
type fields struct {
	year, month, day     int
	hour, minute, second int
	nano                 int
	zone                 string // the name of a zone, or ""
	offset               int    // seconds east of UTC, where there is no name
	zoned                bool   // the text says the zone, by name or offset
}

// instant gives the time that the fields say, if there is one.
func (f *fields) instant(zone *time.Location) (time.Time, bool) {
	switch {
	case f.month < 1 || f.month > 12 || f.day < 1 || f.day > daysIn(f.month, f.year):
		return time.Time{}, false
	case f.hour > 24 || f.minute > 59 || f.second > 60, f.hour == 24 && f.minute+f.second+f.nano > 0:
		return time.Time{}, false
	case f.second == 60:
		f.nano = 0 // what is left of a leap second is no part of the next
	}
	in := zone
	if f.zoned {
		in = time.UTC
	}
	t := time.Date(f.year, time.Month(f.month), f.day, f.hour, f.minute, f.second, f.nano, in)
	if f.zone != "" {
		local := time.Date(f.year, time.Month(f.month), f.day, f.hour, f.minute, f.second, f.nano, zone)
		if name, _ := local.Zone(); name == f.zone {
			t, f.offset = local, 0
		} else if f.offset = zones[f.zone]; f.offset == unknownZone {
			return time.Time{}, false
		}
	}
	t = t.UTC().Add(-time.Duration(f.offset) * time.Second)
	// The record's times are written by RFC 3339, which has four digits for a year.
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, false
	}
	return t, true
}

func daysIn(month, year int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// century completes a year of two digits.
func century(year int) int {
	if year < 69 {
		return 2000 + year
	}
	return 1900 + year
}
