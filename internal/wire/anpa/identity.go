package anpa

import (
	"strconv"
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
)

// identify sets the id, the version, the signal and the status of a message by what it is to its story.
func identify(s *wire.Story, c *wire.Copy, h *header, k *take, sent sending, trailer string) *wire.Refusal {
	urn := func(day time.Time, reference string) string {
		return "urn:kawat:" + c.Profile.Name + ":anpa:" + day.Format("20060102") + ":" + reference
	}
	if h.reference != "" && !sent.IsZero() {
		s.ID = urn(sent.Time, h.reference)
		s.AddEvidence("id", "derived:reference+date", h.reference+" "+markup.Clean(trailer))
	}
	first, day, certain := firstTake(h, k, sent)
	switch {
	case k.partial && !k.kill && !k.withhold && !k.correction:
		// Text that goes with another take is no version of it: it would put itself in the place of the whole story.
		s.AddEvidence("body", "keyword:further-take", k.words)
		if first != "" {
			s.AddEvidence("body", "reference:first-take", urn(day, first))
		}
		return nil
	case k.kill:
		s.Signal, s.Status = wire.Kill, wire.Canceled
		s.AddEvidence("signal", "keyword:kill", k.words)
		if !certain {
			s.AddEvidence("id", "inferred:kill-without-target", k.words)
		}
	case k.withhold:
		if !certain && c.Headers.StoryID == "" {
			return wire.Refuse(wire.NoIdentity, "%.80q withholds a story, but does not say for certain which: send it again with the header %s.", k.words, wire.HeaderStoryID)
		}
		s.Signal, s.Status = wire.Update, wire.Withheld
		s.AddEvidence("status", "keyword:withhold", k.words)
	case k.advisory:
		// It speaks to editors, of a story or of the wire: it is no version of any story, and not for readers.
		s.Status = wire.Withheld
		s.AddEvidence("status", "keyword:advisory", k.words)
		return nil
	case k.correction:
		s.Signal = wire.Correction
		s.AddEvidence("signal", "keyword:correction", k.words)
	case k.update:
		s.Signal = wire.Update
		s.AddEvidence("signal", "keyword:version", k.words)
	default:
		if s.ID != "" {
			// A first take that comes late must not win over its leads.
			s.Version = 1
		}
		return nil
	}
	if first == "" || k.kill && !certain {
		if s.Signal != wire.Kill {
			s.AddEvidence("id", "unnamed:first-take", k.words)
		}
		return nil
	}
	s.ID = urn(day, first)
	s.AddEvidence("id", "reference:first-take", k.first+" "+day.Format("2006-01-02"))
	if k.lead > 0 {
		s.Version = int64(k.lead) + 1
		s.AddEvidence("version", "keyword:lead", k.words)
	}
	return nil
}

// uncertainHours is for how long after midnight a kill whose trailer names a zone leaves it open of which day the
// first take is: the sender may count its messages by a day that ends later.
const uncertainHours = 6

// firstTake gives the reference and the day of the first take that a message names, "" if it names none. By default
// the day is that of the message; a number greater than the message's own was sent before midnight. certain says that
// it is as certain as a kill must be.
func firstTake(h *header, k *take, sent sending) (reference string, day time.Time, certain bool) {
	if k.first == "" || k.doubtful || sent.IsZero() || len(k.first) < 5 {
		return "", time.Time{}, false
	}
	service, number, source := k.first[:1], k.first[1:5], k.first[5:]
	day = sent.Time
	ownService, ownNumber, ownSource := parts(h.reference)
	sameService := strings.EqualFold(service, ownService)
	if sameService {
		service = ownService
	}
	if source == "" {
		source = ownSource
	}
	reference = service + number + source
	own, err := strconv.Atoi(ownNumber)
	of, _ := strconv.Atoi(number)
	certain = err == nil && sameService && of != own && !(sent.zoned && sent.Hour() < uncertainHours)
	switch {
	case k.day != "":
		if day, certain = dayOf(k.day, sent); !certain {
			return "", time.Time{}, false
		}
	case err == nil && sameService && of > own:
		day = day.AddDate(0, 0, -1)
	}
	return reference, day, certain
}

// parts parts a reference into the letters of its service, its number and its source.
func parts(reference string) (service, number, source string) {
	rest := strings.TrimLeft(reference, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	service = reference[:len(reference)-len(rest)]
	source = strings.TrimLeft(rest, "0123456789")
	return service, rest[:len(rest)-len(source)], source
}

// dayOf gives the last day with that name up to the day of sending: "Nov. 22".
func dayOf(name string, sent sending) (time.Time, bool) {
	for year := sent.Year(); year >= sent.Year()-1; year-- {
		day, ok := dates.Parse(name+", "+strconv.Itoa(year), sent.Location())
		if ok && !day.After(sent.Time) {
			return day.In(sent.Location()), true
		}
	}
	return time.Time{}, false
}
