package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kawat/internal/ledger"
	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/original"
)

// Candidates are the stories that a translation may have been made from.
type Candidates struct {
	// Translation is the story, with the time at which its first version was recorded.
	Translation wire.Record
	// Agencies are those whose report it says it is, Compared how many of their stories it was compared with.
	Agencies []string
	Compared int
	// Ranked are the candidates, the likeliest first, none of them canceled.
	Ranked []original.Candidate
}

// ErrNoAgency says that a story names no agency but its own as its source.
var ErrNoAgency = errors.New("this story names no other agency as its source: if you know its original, say so with kawat link")

// Most candidates that are given, and the least score of one that anything speaks for.
const (
	mostCandidates = 5
	leastScore     = 0.1
)

// FindCandidates compares a story with its agency's stories of the days before it was recorded, and half a day after.
func FindCandidates(ctx context.Context, archive *ledger.Archive, key wire.Key, days int, profile func(string) *wire.Profile) (*Candidates, error) {
	translation, err := firstFiled(ctx, archive, key)
	if err != nil {
		return nil, err
	}
	found := &Candidates{Translation: *translation, Agencies: agenciesOf(translation.Story, profile)}
	if len(found.Agencies) == 0 {
		return nil, ErrNoAgency
	}
	possible, err := possibleOriginals(ctx, archive, found, days, profile)
	if err != nil {
		return nil, err
	}
	found.Compared = len(possible)
	for _, candidate := range original.Rank(found.Translation, possible) {
		if len(found.Ranked) == mostCandidates || candidate.Score < leastScore {
			break
		}
		now, err := archive.Standing(ctx, candidate.Key())
		if err != nil {
			return nil, err
		}
		if now != nil && now.Status != wire.Canceled {
			found.Ranked = append(found.Ranked, candidate)
		}
	}
	return found, nil
}

// firstFiled is the version of a story that stands, with the time at which its first one was recorded.
func firstFiled(ctx context.Context, archive *ledger.Archive, key wire.Key) (*wire.Record, error) {
	standing, err := archive.Standing(ctx, key)
	if err != nil {
		return nil, err
	}
	if standing == nil {
		return nil, fmt.Errorf("there is no story %q of %s", key.ID, key.Provider)
	}
	for first, err := range archive.History(ctx, key) {
		if err == nil {
			standing.Recorded = first.Recorded
			break
		}
	}
	return standing, nil
}

// agenciesOf are the agencies whose report a story says it is, but for the one that delivered it.
func agenciesOf(story *wire.Story, profile func(string) *wire.Profile) []string {
	own := credit.Agency(profile(story.Provider).Agency)
	var agencies []string
	for _, source := range story.Attribution.Sources {
		if name := credit.Agency(source.Name); source.Role == wire.Origin && name != own {
			agencies = append(agencies, name)
		}
	}
	return agencies
}

// possibleOriginals gives the agencies' stories of the days before the translation: those that they delivered, and those that
// others passed on untranslated. Of each story it gives the version that stands, with the time at which the first one was
// recorded.
func possibleOriginals(ctx context.Context, archive *ledger.Archive, found *Candidates, days int, profile func(string) *wire.Profile) ([]wire.Record, error) {
	wanted, deliver := map[string]bool{}, map[string]bool{}
	for _, agency := range found.Agencies {
		wanted[agency] = true
	}
	from := func(s *wire.Story) bool {
		is, known := deliver[s.Provider]
		if !known {
			is = wanted[credit.Agency(profile(s.Provider).Agency)]
			deliver[s.Provider] = is
		}
		if is || s.Translation != nil {
			return is
		}
		for _, source := range s.Attribution.Sources {
			if source.Role == wire.Origin && wanted[credit.Agency(source.Name)] {
				return true
			}
		}
		return false
	}
	// An original may come a little later than its translation, by a slower wire.
	const later = 12 * time.Hour
	at := found.Translation.Recorded
	standing := map[wire.Key]wire.Record{}
	err := archive.Recent(ctx, at.Add(-time.Duration(days)*24*time.Hour), at.Add(later), func(r wire.Record) error {
		if !from(r.Story) {
			return nil
		}
		r.JSON = nil // three days of records are many
		have, ok := standing[r.Key()]
		if ok && r.Rank() < have.Rank() {
			return nil
		}
		if ok {
			r.Recorded = have.Recorded
		}
		standing[r.Key()] = r
		return nil
	})
	var possible []wire.Record
	for _, r := range standing {
		possible = append(possible, r)
	}
	return possible, err
}

// CandidateDays is how many days before a translation its original is looked for, unless somebody says otherwise.
const CandidateDays = 3

// CandidateEvent is what is told of a translation that names no original, on kawat.event.candidates.<provider>.
type CandidateEvent struct {
	Provider   string           `json:"provider"`
	ID         string           `json:"id"`
	Headline   string           `json:"headline"`
	Candidates []CandidateStory `json:"candidates"`
	// Linked says that the first was linked, since its score was high enough by the configuration.
	Linked bool `json:"linked"`
}

// CandidateStory is one candidate as programs read it.
type CandidateStory struct {
	Score float64 `json:"score"`
	// Likely says that the score is one that stories of another event hardly have.
	Likely   bool      `json:"likely"`
	ID       string    `json:"id"`
	Provider string    `json:"provider"`
	Language string    `json:"language"`
	Filed    time.Time `json:"filed"`
	Headline string    `json:"headline"`
	Reasons  []string  `json:"reasons"`
}

// Stories are the candidates as programs read them.
func (c *Candidates) Stories() []CandidateStory {
	stories := make([]CandidateStory, len(c.Ranked))
	for i, r := range c.Ranked {
		stories[i] = CandidateStory{r.Score, r.Score >= original.Likely, r.ID, r.Provider, r.Language, r.Filed, r.Headline, r.Reasons}
	}
	return stories
}

// Sure gives the first candidate where its score reaches a threshold and the second is well behind, else nil.
func (c *Candidates) Sure(threshold float64) *original.Candidate {
	if len(c.Ranked) == 0 || c.Ranked[0].Score < threshold || len(c.Ranked) > 1 && c.Ranked[0].Score < c.Ranked[1].Score+original.Ahead {
		return nil
	}
	return &c.Ranked[0]
}

// unlinkedMost is how many translations may wait for their candidates: they are a help, and must not hold up the wire.
const unlinkedMost = 256

// unlinked notes translations that name no original, for suggest.
func (in *Ingest) noteUnlinked(outcomes []ledger.Outcome) {
	if in.unlinked == nil {
		return
	}
	for _, o := range outcomes {
		s := o.Record.Story
		if o.Verdict != wire.Newer || s.Translation == nil || s.Translation.Of != "" || s.Linked > 0 || s.Status != wire.Usable {
			continue
		}
		select {
		case in.unlinked <- s.Key():
		default:
			in.Log.Warn("no candidates are looked for, too many translations wait for theirs", "provider", s.Provider, "id", s.ID)
		}
	}
}

// suggest tells of the candidates of translations that name no original, and links what is sure by the configuration, until the
// context ends.
func (in *Ingest) suggest(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case key := <-in.unlinked:
			if err := in.suggestFor(ctx, key); err != nil && !errors.Is(err, ErrNoAgency) && ctx.Err() == nil {
				in.Log.Warn("candidates cannot be looked for", "provider", key.Provider, "id", key.ID, "error", err)
			}
		}
	}
}

func (in *Ingest) suggestFor(ctx context.Context, key wire.Key) error {
	found, err := FindCandidates(ctx, &in.Ledger.Archive, key, CandidateDays, in.Profile)
	if err != nil {
		return err
	}
	event := CandidateEvent{Provider: key.Provider, ID: key.ID, Headline: found.Translation.Headline, Candidates: found.Stories()}
	if sure := found.Sure(in.LinkFrom); in.LinkFrom > 0 && sure != nil && found.Translation.OriginalID() == "" {
		order := &wire.Order{Action: wire.OrderLink, ID: key.ID, Original: sure.ID, OriginalProvider: sure.Provider, By: "kawat",
			Reason: fmt.Sprintf("its score as a candidate is %.2f, %.2f are enough by the configuration", sure.Score, in.LinkFrom), Given: time.Now().UTC()}
		if _, err := in.Ledger.Order(ctx, key.Provider, order); err != nil {
			return err
		}
		event.Linked = true
	}
	in.Log.Info("candidates for a translation", "provider", key.Provider, "id", key.ID, "candidates", len(event.Candidates), "linked", event.Linked)
	return in.Ledger.Tell("candidates", key.Provider, event)
}
