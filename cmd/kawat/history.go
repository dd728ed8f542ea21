package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kawat/internal/ledger"
	"kawat/internal/wire"
	"kawat/internal/wire/changes"
)

type historyCommand struct {
	natsFlags
	Provider string `placeholder:"NAME" help:"Who delivered the story; needed where several providers have stories of this id."`
	JSON     bool   `name:"json" help:"Print a line of JSON for each version, with its whole record and its changes."`
	ID       string `arg:"" help:"The story's id, as push and tail print it, or as readers see it in a feed."`
}

func (c *historyCommand) Help() string {
	return `Shows every version of a story, oldest first: when it was recorded and under which number on STORIES, by whom it was
sent, as which number on WIRE, and what it changed. [-Words in such brackets-] were taken out, {+words in these+} put in. Of a
text only the paragraphs that changed are shown, with one beside them. Other fields are shown by their names in the record,
old -> new. Times are in UTC.

  kawat history ANT-77
  kawat history ANT-77 --provider antara
  kawat history urn:kawat:antara:ANT-77            # the id that readers see
  kawat history ANT-77 --json | jq .changes`
}

// AfterApply is called by kong when the command line was read.
func (c *historyCommand) AfterApply() error {
	if c.Provider != "" {
		if err := checkProvider(c.Provider); err != nil {
			return err
		}
	}
	return c.natsFlags.check()
}

func (c *historyCommand) Run(s *streams) error {
	ctx := context.Background()
	archive, closeNATS, err := c.archive(ctx, s)
	if err != nil {
		return err
	}
	defer closeNATS()
	key, err := c.find(ctx, archive)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	var versions []version
	var before *wire.Story
	for record, err := range archive.History(ctx, key) {
		v := version{Record: record, unreadable: err}
		if err != nil && record.Sequence == 0 {
			return err
		}
		if err == nil {
			if before != nil {
				if v.changes, err = changes.Between(before, record.Story); err != nil {
					return err
				}
			}
			v.before, before = before, record.Story
		}
		versions = append(versions, v)
	}
	if c.JSON {
		for _, v := range versions {
			if err := v.writeJSON(out); err != nil {
				return err
			}
		}
		return out.Flush()
	}
	fmt.Fprintf(out, "%s from %s: %s on STORIES\n", key.ID, key.Provider, count(len(versions), "record"))
	for _, v := range versions {
		v.write(out)
	}
	return out.Flush()
}

// find gives the one story that is meant.
func (c *historyCommand) find(ctx context.Context, archive *ledger.Archive) (wire.Key, error) {
	id := c.ID
	keys, err := archive.Find(ctx, id)
	if err != nil {
		return wire.Key{}, err
	}
	if len(keys) == 0 {
		if key, err := readersKey(ctx, archive, id, c.Provider); err != nil || key.ID != "" {
			return key, err
		}
	}
	var names []string
	for _, key := range keys {
		if key.Provider == c.Provider || c.Provider == "" && len(keys) == 1 {
			return key, nil
		}
		names = append(names, key.Provider)
	}
	switch {
	case len(keys) == 0:
		return wire.Key{}, fmt.Errorf("no story %q was ever recorded: kawat tail --since 1 lists the ids of all that were", id)
	case c.Provider != "":
		return wire.Key{}, fmt.Errorf("%s has no story %q, but %s has: give --provider %s", c.Provider, id, strings.Join(names, ", "), names[0])
	}
	return wire.Key{}, fmt.Errorf("the providers %s each have a story %q: say which is meant with --provider", strings.Join(names, ", "), id)
}

// readersKey gives the story of which readers see this id (see wire.Key.URI), the zero Key where there is none; with provider
// only that one's.
func readersKey(ctx context.Context, archive *ledger.Archive, id, provider string) (wire.Key, error) {
	rest, ours := strings.CutPrefix(id, "urn:kawat:")
	if !ours {
		return wire.Key{}, nil
	}
	of, escaped, _ := strings.Cut(rest, ":")
	raw, err := url.PathUnescape(escaped)
	if err != nil || !wire.ValidProvider(of) || provider != "" && provider != of {
		return wire.Key{}, nil
	}
	standing, err := archive.Standing(ctx, wire.Key{Provider: of, ID: raw})
	if err != nil || standing == nil {
		return wire.Key{}, err
	}
	return standing.Key(), nil
}

// version is a record of the story with what it changed.
type version struct {
	wire.Record
	before     *wire.Story // nil for the first
	changes    changes.Changes
	unreadable error
}

func (v *version) writeJSON(w io.Writer) error {
	line := struct {
		Sequence   uint64           `json:"sequence"`
		Recorded   *time.Time       `json:"recorded,omitempty"`
		Changes    *changes.Changes `json:"changes,omitempty"`
		Record     jsontext.Value   `json:"record,omitempty"`
		Unreadable string           `json:"unreadable,omitempty"`
	}{Sequence: v.Sequence}
	if v.unreadable != nil {
		line.Unreadable = v.unreadable.Error()
	} else {
		line.Recorded, line.Record = &v.Recorded, v.JSON
		if v.before != nil {
			line.Changes = &v.changes
		}
	}
	data, err := json.Marshal(line, json.Deterministic(true))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", data)
	return err
}

func (v *version) write(w io.Writer) {
	if v.unreadable != nil {
		fmt.Fprintf(w, "\n#%d cannot be read: %v\n", v.Sequence, v.unreadable)
		return
	}
	fmt.Fprintf(w, "\n#%d  %s  version %d, %s\n", v.Sequence, v.Recorded.Format(time.RFC3339), v.Version, statusOf(v.Story))
	if plain := v.plainly(); plain != "" {
		fmt.Fprintf(w, "  %s\n", plain)
	}
	row := func(name, value string) { fmt.Fprintf(w, "  %-10s %s\n", name, value) }
	if d := v.Desk; d != nil && (v.before == nil || v.before.Desk == nil || v.before.Desk.Sequence != d.Sequence) {
		row("order", strings.TrimSuffix(fmt.Sprintf("%s, by %s, as %d on WIRE at %s: %s", d.Action, d.By, d.Sequence, d.At.Format(time.RFC3339), d.Reason), ": "))
	}
	r := v.Received
	if v.before != nil && v.before.Received.Sequence == r.Sequence && v.before.Received.Digest == r.Digest {
		row("sent by", "nobody: the copy is the one before; an order, or its original or translations, changed the record")
	} else {
		row("sent by", fmt.Sprintf("%s, in %s, as %d on WIRE at %s", v.Provider, r.Format, r.Sequence, r.At.Format(time.RFC3339)))
		row("digest", r.Digest)
	}
	for _, e := range v.Evidence {
		if e.Field == "version" {
			row("note", e.Rule+": "+e.Text)
		}
	}
	if v.before == nil {
		row("headline", v.Headline)
		v.writeFirst(row)
		return
	}
	if v.changes.None() {
		row("changed", "nothing that readers see")
	}
	if v.changes.Headline != nil {
		row("headline", marked(v.changes.Headline))
	}
	writeText(row, v.changes.Text)
	if v.changes.Markup {
		row("text", "the same words under other markup")
	}
	for _, f := range v.changes.Fields {
		row(f.Name, cmp.Or(f.Old, "(none)")+" -> "+cmp.Or(f.New, "(none)"))
	}
}

// statusOf is a version's status, with its signal.
func statusOf(s *wire.Story) string {
	if s.Signal == wire.NoSignal {
		return string(s.Status)
	}
	return string(s.Status) + "/" + string(s.Signal)
}

// plainly says what a version means for the ones before it.
func (v *version) plainly() string {
	killed := v.before != nil && v.before.Status == wire.Canceled
	switch {
	case v.Status == wire.Canceled && !killed:
		return "KILLED: from here on the story must not be used; readers have a notice in its place."
	case v.Status == wire.Canceled:
		return "It stays killed."
	case v.Status == wire.Withheld:
		return "WITHHELD: the story is not to be used for now; readers have a notice in its place."
	case killed:
		return "BACK: the story may be used again."
	case v.Signal == wire.Correction:
		return "CORRECTION: what was published before had an error."
	case v.before != nil && v.before.Status == wire.Withheld:
		return "RELEASED: the story may be used."
	}
	return ""
}

// writeFirst shows the beginning of the first version's text.
func (v *version) writeFirst(row func(name, value string)) {
	paragraphs := strings.Split(v.Body.Text, "\n\n")
	row("text", paragraphs[0])
	if more := len(paragraphs) - 1; more > 0 {
		row("", "… "+count(more, "more paragraph"))
	}
}

// writeText shows the paragraphs that changed, with one beside them.
func writeText(row func(name, value string), text []changes.Line) {
	name := "text"
	say := func(value string) {
		row(name, value)
		name = ""
	}
	removed := 0
	for _, l := range text {
		if len(l) == 1 && l[0].Kind == changes.Removed {
			removed++
		}
	}
	if removed == len(text) && removed > 0 {
		say(fmt.Sprintf("all of it was taken out (%s)", count(removed, "paragraph")))
		return
	}
	skipped := 0
	for i, l := range text {
		beside := i > 0 && text[i-1].Changed() || i+1 < len(text) && text[i+1].Changed()
		if !l.Changed() && !beside {
			skipped++
			continue
		}
		if skipped > 0 {
			say("… " + count(skipped, "paragraph") + " unchanged")
			skipped = 0
		}
		say(marked(l))
	}
	if skipped > 0 {
		say("… " + count(skipped, "paragraph") + " unchanged")
	}
}

// marked shows what was taken out and put in as wdiff does, which needs no colours and survives a mail.
func marked(l changes.Line) string {
	var b strings.Builder
	for _, p := range l {
		switch p.Kind {
		case changes.Removed:
			b.WriteString("[-" + p.Text + "-]")
		case changes.Added:
			b.WriteString("{+" + p.Text + "+}")
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}
