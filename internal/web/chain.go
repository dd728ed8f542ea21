package web

import (
	"strings"

	"kawat/internal/render"
	"kawat/internal/wire"
)

// step is one hand that the story went through, from the first report to us.
type step struct {
	Label  string
	Agency string
	People []string
	Detail string
	// Address is the page of the story as it was at this step, "" where we have none.
	Address string
}

// chain is who did what, in the order in which it was done.
func chain(s *wire.Story, w *labels) []step {
	origin := sources(s, wire.Origin)
	publisher := render.Publisher(s)
	report := step{Label: w.Reported, Agency: strings.Join(origin, ", "), People: credits(s, wire.Reporter)}
	if len(report.People) == 0 && s.Byline != "" {
		report.People = []string{s.Byline}
	}
	if report.Agency == "" && s.Translation == nil {
		report.Agency = publisher
	}
	if s.Translation != nil {
		report.Detail = w.Tongue(s.Translation.From)
	}
	steps := []step{report}
	if t := s.Translation; t != nil {
		detail := w.translated(t.From, t.To)
		if t.Method == "machine" {
			detail = strings.TrimSpace(detail + " " + w.ByMachine)
		}
		steps = append(steps, step{Label: w.Translated, People: credits(s, wire.Translator), Detail: detail})
	}
	steps = append(steps,
		step{Label: w.Edited, People: credits(s, wire.Editor)},
		step{Label: w.Contributed, People: credits(s, wire.Contributor)},
		step{Label: w.PassedOn, Agency: strings.Join(sources(s, wire.Distributor), ", ")},
		step{Label: w.Filed, People: credits(s, wire.Uploader)},
	)
	if publisher != report.Agency {
		steps = append(steps, step{Label: w.PublishedBy, Agency: publisher})
	}
	steps = append(steps, others(s, w)...)
	var told []step
	for _, st := range steps {
		if st.Agency != "" || len(st.People) > 0 || st.Detail != "" {
			told = append(told, st)
		}
	}
	return told
}

// others are those who are credited in a way that has no step of its own here: a credit is shown whatever its role is
// called, and a translator also where the record has no translation.
func others(s *wire.Story, w *labels) []step {
	var steps []step
	for _, v := range s.Attribution.Sources {
		switch v.Role {
		case wire.Origin, wire.Cited, wire.Distributor:
		default:
			steps = append(steps, step{Label: named(v.Role, w), Agency: v.Name})
		}
	}
	for _, v := range s.Attribution.Credits {
		switch v.Role {
		case wire.Reporter, wire.Editor, wire.Contributor, wire.Uploader:
		case wire.Translator:
			if s.Translation == nil {
				steps = append(steps, step{Label: w.Translated, People: []string{v.Name}})
			}
		default:
			steps = append(steps, step{Label: named(v.Role, w), People: []string{v.Name}})
		}
	}
	return steps
}

// named is a role as a label.
func named(role string, w *labels) string {
	if role == "" {
		return w.Contributed
	}
	return strings.ToUpper(role[:1]) + role[1:]
}

func sources(s *wire.Story, role string) []string {
	var names []string
	for _, v := range s.Attribution.Sources {
		if v.Role == role {
			names = append(names, v.Name)
		}
	}
	return names
}

func credits(s *wire.Story, role string) []string {
	var names []string
	for _, v := range s.Attribution.Credits {
		if v.Role == role {
			names = append(names, v.Name)
		}
	}
	return names
}
