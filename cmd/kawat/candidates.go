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

	"kawat/internal/ingest"
	"kawat/internal/wire"
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
	found, err := ingest.FindCandidates(ctx, archive, key, c.Days, func(provider string) *wire.Profile { return conf.Profile(provider, decode.Profile) })
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	if c.JSON {
		err = writeCandidates(out, found.Stories())
	} else {
		c.show(out, found)
	}
	return errors.Join(err, out.Flush())
}

func writeCandidates(out io.Writer, candidates []ingest.CandidateStory) error {
	for _, c := range candidates {
		text, err := json.Marshal(c)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\n", text)
	}
	return nil
}

func (c *candidatesCommand) show(out io.Writer, found *ingest.Candidates) {
	translation, candidates := found.Translation.Story, found.Ranked
	fmt.Fprintf(out, "%s\n", translation.Headline)
	if t := translation.Translation; t != nil && t.Of != "" {
		fmt.Fprintf(out, "says itself, or was told, that it translates %s.\n", t.Of)
	}
	stories := "stories"
	if found.Compared == 1 {
		stories = "story"
	}
	fmt.Fprintf(out, "Compared with %d %s of %s.\n\n", found.Compared, stories, strings.Join(found.Agencies, " and "))
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
