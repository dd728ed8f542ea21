package running

import (
	"strconv"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
)

// WithoutText says whether a story that came without a text can do without: a kill and a hold need none, and the text of
// a flash is its headline. Everything else is likelier a text that was lost on the way.
func WithoutText(s *wire.Story) bool {
	announced := credit.Lifecycle(s.Headline, s.Slugline, s.Note, "")
	switch announced.Kind {
	case credit.Kill, credit.Withdrawn, credit.Withhold, credit.Embargo, credit.Advisory:
		announced.Put(s)
	case credit.Correction, credit.Update, credit.Take:
		return s.Status == wire.Canceled || s.Status == wire.Withheld
	}
	if s.Status == wire.Canceled || s.Status == wire.Withheld {
		return true
	}
	if s.Headline == "" || s.Signal != wire.NoSignal {
		return false // a correction without a text would take that of the version before
	}
	for _, e := range s.Evidence {
		if e.Field == "body" {
			return false // there is one, which could not be read
		}
	}
	said := credit.Flash(s.Headline, s.Slugline, s.Genre)
	if said == "" && (s.Urgency == 1 || s.Urgency == 2) && s.Version <= 1 && len(s.Media) == 0 {
		said = "urgency " + strconv.Itoa(s.Urgency)
	}
	if said == "" {
		return false
	}
	s.Body = Body([]*markup.Node{{Name: "p", Nodes: []*markup.Node{{Text: s.Headline}}}})
	s.AddEvidence("body", "inferred:flash", said)
	return true
}
