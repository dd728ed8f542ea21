// Package dates reads the times that wire copy states, in all the forms that are sent.
package dates

import (
	"strings"
	"time"

	"kawat/internal/wire"
)

// layouts are the forms of ISO 8601 that NITF and NewsML 1.x allow, basic and extended, and the mixtures that are sent.
// A fraction of a second is read with each of them.
var layouts = []string{
	"20060102T150405Z0700", "20060102T150405Z07:00", "20060102T150405", "20060102T1504Z0700", "20060102T1504",
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04", "2006-01-02 15:04:05", "20060102", "2006-01-02",
}

// Parse reads a time and gives it in UTC. A time without a zone is in zone (nil: UTC), a date is its first instant
// there. It never makes up what the text does not say.
func Parse(s string, zone *time.Location) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) < len("20060102") || len(s) > 40 {
		return time.Time{}, false
	}
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range layouts {
		t, err := time.ParseInLocation(layout, s, zone)
		// The record's times are written by RFC 3339, which has four digits for a year, also in UTC.
		if err == nil && t.UTC().Year() > 0 && t.UTC().Year() < 10000 {
			return t.UTC(), true
		}
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
