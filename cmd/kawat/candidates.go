package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json"

	"kawat/internal/config"
	"kawat/internal/ledger"
	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/decode"
	"kawat/internal/wire/original"
)

type candidatesCommand struct {
	natsFlags
	Provider string `placeholder:"NAME" help:"Who delivered the translation; needed where several providers have stories of this id."`
	Days     int    `default:"3" placeholder:"N" help:"How many days before the translation to look at (default: ${default})."`
	Config   string `type:"path" env:"KAWAT_CONFIG" placeholder:"FILE" help:"Configuration file of the gateway, for what it says of the providers."`
	JSON     bool   `name:"json" help:"Print a line of JSON for each candidate."`
	ID       string `arg:"" help:"The translation's id, as push and tail print it, or as readers see it in a feed."`
}

func (c *candidatesCommand) Help() string {
	return `For a story that says whose report it is ("Sumber: Kyodo") and names no id: shows from which of that agency's stories it may
have been made, the likeliest first. What counts are numbers, names in Latin letters, countries and places, subjects, the times and the lengths of
both; what many of the agency's stories share counts little. Lines are: score (0 to 1), id, provider, language, when it was filed, headline;
below each stands why.

From ` + likelyText + ` on a candidate is marked as likely: then no story of another event came so near when this was tried. Two takes of the same event
cannot be told apart by it. Between scripts names cannot be compared, and the scores are lower. Nothing is linked: look at the
reasons, then say so with kawat link.

  kawat candidates urn:kawat:antara:95440a31f66af0c6962edb9c4957bb45
  kawat candidates ANT-77 --provider antara --days 10`
}

var likelyText = fmt.Sprintf("%.2f", original.Likely)

// AfterApply is called by kong when the command line was read.
func (c *candidatesCommand) AfterApply() error {
	if c.Provider != "" {
		if err := checkProvider(c.Provider); err != nil {
			return err
		}
	}
	if c.Days < 1 || c.Days > 366 {
		return fmt.Errorf("--days is %d: give a number from 1 to 366", c.Days)
	}
	return c.natsFlags.check()
}

// What is shown of the candidates: at most so many, and none that hardly anything speaks for.
const (
	candidatesShown = 5
	leastScore      = 0.1
)

func (c *candidatesCommand) Run(s *streams) error {
	conf, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	ctx := context.Background()
	archive, closeNATS, err := c.archive(ctx, s)
	if err != nil {
		return err
	}
	defer closeNATS()
	key, err := (&historyCommand{Provider: c.Provider, ID: c.ID}).find(ctx, archive)
	if err != nil {
		return err
	}
	translation, err := firstFiled(ctx, archive, key)
	if err != nil {
		return err
	}
	agencies := agenciesOf(translation.Story, conf)
	if len(agencies) == 0 {
		return errors.New("this story names no other agency as its source: if you know its original, say so with kawat link")
	}
	possible, err := c.possible(ctx, archive, *translation, agencies, conf)
	if err != nil {
		return err
	}
	candidates, err := best(ctx, archive, original.Rank(*translation, possible))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	if c.JSON {
		err = writeCandidates(out, candidates)
	} else {
		c.show(out, translation.Story, agencies, candidates, len(possible))
	}
	return errors.Join(err, out.Flush())
}

// firstFiled is the version of a story that stands, with the time at which its first one was recorded.
func firstFiled(ctx context.Context, archive *ledger.Archive, key wire.Key) (*wire.Record, error) {
	standing, err := archive.Standing(ctx, key)
	if err != nil {
		return nil, err
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
func agenciesOf(story *wire.Story, conf *config.Config) []string {
	own := credit.Agency(conf.Profile(story.Provider, decode.Profile).Agency)
	var agencies []string
	for _, source := range story.Attribution.Sources {
		if name := credit.Agency(source.Name); source.Role == wire.Origin && name != own {
			agencies = append(agencies, name)
		}
	}
	return agencies
}

// possible gives the agencies' stories of the days before the translation: those that they delivered, and those that others
// passed on untranslated. Of each story it gives the version that stands, with the time at which the first one was recorded.
func (c *candidatesCommand) possible(ctx context.Context, archive *ledger.Archive, translation wire.Record, agencies []string, conf *config.Config) ([]wire.Record, error) {
	wanted, deliver := map[string]bool{}, map[string]bool{}
	for _, agency := range agencies {
		wanted[agency] = true
	}
	from := func(s *wire.Story) bool {
		is, known := deliver[s.Provider]
		if !known {
			is = wanted[credit.Agency(conf.Profile(s.Provider, decode.Profile).Agency)]
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
	since := translation.Recorded.Add(-time.Duration(c.Days) * 24 * time.Hour)
	standing := map[wire.Key]wire.Record{}
	err := archive.Recent(ctx, since, translation.Recorded.Add(later), func(r wire.Record) error {
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

// best gives those that are worth showing and were not canceled since.
func best(ctx context.Context, archive *ledger.Archive, ranked []original.Candidate) ([]original.Candidate, error) {
	var kept []original.Candidate
	for _, candidate := range ranked {
		if len(kept) == candidatesShown || candidate.Score < leastScore {
			break
		}
		now, err := archive.Standing(ctx, candidate.Key())
		if err != nil {
			return nil, err
		}
		if now != nil && now.Status != wire.Canceled {
			kept = append(kept, candidate)
		}
	}
	return kept, nil
}

func writeCandidates(out io.Writer, candidates []original.Candidate) error {
	type line struct {
		Score    float64   `json:"score"`
		Likely   bool      `json:"likely"`
		ID       string    `json:"id"`
		Provider string    `json:"provider"`
		Language string    `json:"language"`
		Filed    time.Time `json:"filed"`
		Headline string    `json:"headline"`
		Reasons  []string  `json:"reasons"`
	}
	for _, c := range candidates {
		text, err := json.Marshal(line{c.Score, c.Score >= original.Likely, c.ID, c.Provider, c.Language, c.Filed, c.Headline, c.Reasons})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", text)
	}
	return nil
}

func (c *candidatesCommand) show(out io.Writer, translation *wire.Story, agencies []string, candidates []original.Candidate, of int) {
	fmt.Fprintf(out, "%s\n", translation.Headline)
	if t := translation.Translation; t != nil && t.Of != "" {
		fmt.Fprintf(out, "says itself, or was told, that it translates %s.\n", t.Of)
	}
	stories := "stories"
	if of == 1 {
		stories = "story"
	}
	fmt.Fprintf(out, "Compared with %d %s of %s.\n\n", of, stories, strings.Join(agencies, " and "))
	if len(candidates) == 0 {
		fmt.Fprintf(out, "Nothing speaks for any of them. With a greater --days more are compared; the original may also be one that never came here.\n")
		return
	}
	for _, candidate := range candidates {
		mark := ""
		if candidate.Score >= original.Likely {
			mark = "likely"
		}
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintf(w, "%.2f\t%s\t%s\t%s\t%s\t%s\t%s\n", candidate.Score, mark, candidate.ID, candidate.Provider, candidate.Language,
			candidate.Filed.Format(time.RFC3339), candidate.Headline)
		w.Flush()
		for _, reason := range candidate.Reasons {
			fmt.Fprintf(out, "      %s\n", reason)
		}
	}
	if len(candidates) > 1 && candidates[1].Score >= original.Likely && candidates[0].Score < candidates[1].Score+original.Ahead {
		fmt.Fprintf(out, "\nHardly anything tells the first from the second: compare their texts.\n")
	}
	provider := ""
	if c.Provider != "" {
		provider = " --provider " + c.Provider
	}
	fmt.Fprintf(out, "\nIf the first is the original:\n  kawat link%s %s %s\n", provider, quoted(translation.ID), quoted(candidates[0].ID))
}

// quoted writes a word as a shell reads it.
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@%+=,", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
