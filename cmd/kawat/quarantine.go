package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os/user"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"kawat/internal/ledger"
	"kawat/internal/wire"
)

type quarantineCommand struct {
	List    quarantineListCommand    `cmd:"" help:"List the copy that could not be read and waits for somebody."`
	Show    quarantineShowCommand    `cmd:"" help:"Show quarantined copy: why it is there, its headers, its bytes."`
	Retry   quarantineRetryCommand   `cmd:"" help:"Push quarantined copy again, after what was wrong is mended."`
	Discard quarantineDiscardCommand `cmd:"" help:"Put quarantined copy aside for good, with a reason."`
}

// pickFlags pick quarantined copy by what it is.
type pickFlags struct {
	Provider string `placeholder:"NAME" help:"Only this provider's."`
	Code     string `placeholder:"CODE" help:"Only what was refused with this code, as bad-charset."`
}

func (f *pickFlags) check() error {
	if f.Provider != "" {
		return checkProvider(f.Provider)
	}
	return nil
}

func (f *pickFlags) match(q ledger.Quarantined) bool {
	return cmp.Or(f.Provider, q.Provider) == q.Provider && (f.Code == "" || f.Code == string(q.Code))
}

func (c *quarantineCommand) Help() string {
	return `Copy that the gateway cannot read, or that is too large, is in no feed. It waits here with the reason until somebody retries it,
after what was wrong is mended, or discards it.

  kawat quarantine list
  kawat quarantine show 12
  kawat quarantine retry 12 --reason "charset of pasifik mended"
  kawat quarantine discard 12 --reason "the desk has sent it again as ANT-78"`
}

type quarantineListCommand struct {
	natsFlags
	pickFlags
	Since instant `placeholder:"TIME" help:"Only what was refused at this time or later: a time with its zone, a date (in UTC), or how long ago (90m, 7d)."`
	All   bool    `help:"Also what was retried or discarded, with what became of it."`
	JSON  bool    `name:"json" help:"Print each as a line of JSON."`
}

func (c *quarantineListCommand) Help() string {
	return `Lines are: number on QUARANTINE, which show, retry and discard take, time of the refusal, provider, number on WIRE, code, bytes,
the reason. A message of several items has a line for each that could not be read. Times are in UTC.

  kawat quarantine list
  kawat quarantine list --provider kyodo --since 24h
  kawat quarantine list --all`
}

// AfterApply is called by kong when the command line was read.
func (c *quarantineListCommand) AfterApply() error {
	return cmp.Or(c.pickFlags.check(), c.natsFlags.check())
}

func (c *quarantineListCommand) Run(s *streams) error {
	ctx := context.Background()
	q, closeNATS, err := c.quarantine(ctx)
	if err != nil {
		return err
	}
	defer closeNATS()
	items, err := q.List(ctx)
	if err != nil {
		return err
	}
	again := map[uint64]uint64{} // number on WIRE -> on QUARANTINE
	for _, one := range items {
		again[one.WireSequence] = one.Sequence
	}
	out := bufio.NewWriter(s.out)
	for _, one := range items {
		if !c.match(one) || one.At.Before(c.Since.at) || one.Settled != nil && !c.All {
			continue
		}
		if c.JSON {
			if err := writeQuarantined(out, one); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(out, "%d\t%s\t%s\t%d\t%s\t%s\t%s", one.Sequence, one.At.Format(time.RFC3339), one.Provider, one.WireSequence, one.Code, size(one), one.Reason)
		if one.Settled != nil {
			fmt.Fprintf(out, "\t(%s)", became(one.Settled, again))
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// size is the copy's, as far as QUARANTINE knows it.
func size(q ledger.Quarantined) string {
	if q.Size < 0 {
		return "on WIRE"
	}
	return fmt.Sprint(q.Size)
}

// became says what became of copy. again says of numbers on WIRE under which numbers they are on QUARANTINE.
func became(s *ledger.Settled, again map[uint64]uint64) string {
	said := fmt.Sprintf("%s by %s at %s", s.How, s.By, s.At.Format(time.RFC3339))
	if s.How == ledger.Retried {
		said += fmt.Sprintf(" as %d on WIRE", s.WireSequence)
	}
	if s.Why != "" {
		said += ": " + s.Why
	}
	if n, refused := again[s.WireSequence]; refused && s.How == ledger.Retried {
		said += fmt.Sprintf("; refused again, see %d", n)
	}
	return said
}

// writeQuarantined writes a line of JSON.
func writeQuarantined(out *bufio.Writer, q ledger.Quarantined) error {
	type settled struct {
		How          string    `json:"how"`
		By           string    `json:"by"`
		At           time.Time `json:"at"`
		Why          string    `json:"why,omitzero"`
		WireSequence uint64    `json:"wireSequence,omitzero"`
	}
	line := struct {
		Sequence     uint64    `json:"sequence"`
		At           time.Time `json:"at"`
		Provider     string    `json:"provider"`
		Code         wire.Code `json:"code"`
		Reason       string    `json:"reason"`
		WireSubject  string    `json:"wireSubject"`
		WireSequence uint64    `json:"wireSequence"`
		RetryOf      uint64    `json:"retryOf,omitzero"`
		Bytes        int       `json:"bytes,omitzero"` // left out where it is on WIRE alone
		Settled      *settled  `json:"settled,omitempty"`
	}{q.Sequence, q.At, q.Provider, q.Code, q.Reason, q.WireSubject, q.WireSequence, q.RetryOf, max(q.Size, 0), nil}
	if s := q.Settled; s != nil {
		line.Settled = &settled{string(s.How), s.By, s.At, s.Why, s.WireSequence}
	}
	data, err := json.Marshal(line)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", data)
	return err
}

type quarantineShowCommand struct {
	natsFlags
	Raw      bool   `help:"Write the bytes and nothing else, as they came."`
	Sequence uint64 `arg:"" name:"seq" help:"Its number on QUARANTINE, as list prints it."`
}

func (c *quarantineShowCommand) Help() string {
	return `Below the copy's headers and the reason it shows the copy, with control characters as signs and bytes that are no UTF-8 as \x93.
With --raw the bytes can be tried with a mended configuration, without any server:

  kawat quarantine show 12
  kawat quarantine show 12 --raw | kawat decode --config kawat.yaml --provider pasifik -`
}

// AfterApply is called by kong when the command line was read.
func (c *quarantineShowCommand) AfterApply() error { return c.natsFlags.check() }

func (c *quarantineShowCommand) Run(s *streams) error {
	ctx := context.Background()
	q, closeNATS, err := c.quarantine(ctx)
	if err != nil {
		return err
	}
	defer closeNATS()
	held, err := q.Get(ctx, c.Sequence)
	if err != nil {
		return err
	}
	if c.Raw {
		_, err := s.out.Write(held.Data)
		return err
	}
	out := bufio.NewWriter(s.out)
	row := func(name, value string) { fmt.Fprintf(out, "%-12s %s\n", name, visible([]byte(value))) }
	row("quarantined", fmt.Sprintf("%d, at %s", held.Sequence, held.At.Format(time.RFC3339)))
	row("provider", held.Provider)
	row("on WIRE", fmt.Sprintf("%d, on %s", held.WireSequence, held.WireSubject))
	if held.RetryOf > 0 {
		row("retry of", fmt.Sprintf("%d on WIRE", held.RetryOf))
	}
	row("code", string(held.Code))
	row("reason", held.Reason)
	if held.Settled != nil {
		row("became", became(held.Settled, nil))
	}
	for _, name := range slices.Sorted(maps.Keys(held.Header)) {
		row("header", name+": "+strings.Join(held.Header[name], ", "))
	}
	row("bytes", fmt.Sprint(len(held.Data)))
	fmt.Fprintf(out, "\n%s", visible(held.Data))
	if len(held.Data) > 0 && held.Data[len(held.Data)-1] != '\n' {
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// visible is copy as a terminal can show it, whatever is in it.
func visible(data []byte) string {
	var b strings.Builder
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, data[0])
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r == '\r' && len(data) > 1 && data[1] == '\n': // the end of a line
		case r < ' ':
			b.WriteRune(0x2400 + r) // its picture
		case r == 0x7f:
			b.WriteRune(0x2421)
		case unicode.IsControl(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		data = data[n:]
	}
	return b.String()
}

// byFlag says who does something.
type byFlag struct {
	By string `env:"KAWAT_BY" placeholder:"NAME" help:"Who does it, for the record (default: the name of this user)."`
}

func (f *byFlag) name() (string, error) {
	if f.By != "" {
		return f.By, nil
	}
	u, err := user.Current()
	if err != nil {
		return "", errors.New("nobody knows who you are: give --by with your name")
	}
	return cmp.Or(u.Name, u.Username), nil
}

type quarantineRetryCommand struct {
	natsFlags
	pickFlags
	byFlag
	Reason    string   `placeholder:"TEXT" help:"Why it will go better now, for those who come after."`
	All       bool     `help:"All that waits."`
	Sequences []uint64 `arg:"" optional:"" name:"seq" help:"Numbers on QUARANTINE, as list prints them."`
}

func (c *quarantineRetryCommand) Help() string {
	return `Pushes the copy to WIRE again, with its bytes, headers and subject, for ingest to read anew: after its provider's profile was
mended and ingest restarted, or after kawat itself was mended. It is then no longer listed; who retried it, when and why is kept,
and list --all shows it. What cannot be read this time either comes to quarantine again under a new number. Try it first,
without a server: kawat quarantine show SEQ --raw | kawat decode --config kawat.yaml --provider NAME -

A message is pushed as a whole: of one with ten items of which one was refused, the nine others are duplicates then, which
changes nothing; where several were refused, one retry is for all of them. What has come for a story meanwhile stands above its
retry.

  kawat quarantine retry 12 15 --reason "charset of pasifik mended"
  kawat quarantine retry --provider pasifik --code bad-charset
  kawat quarantine retry --all`
}

// AfterApply is called by kong when the command line was read.
func (c *quarantineRetryCommand) AfterApply() error {
	picked := c.Provider != "" || c.Code != "" || c.All
	switch {
	case !picked && len(c.Sequences) == 0:
		return errors.New("say what to retry: numbers as kawat quarantine list prints them, --provider, --code, or --all")
	case picked && len(c.Sequences) > 0:
		return errors.New("give either numbers, or --provider, --code or --all")
	case c.All && (c.Provider != "" || c.Code != ""):
		return errors.New("--all is all that waits: give it alone, or --provider and --code without it")
	}
	return cmp.Or(c.pickFlags.check(), c.natsFlags.check())
}

func (c *quarantineRetryCommand) Run(s *streams) error {
	by, err := c.name()
	if err != nil {
		return err
	}
	return c.settle(ledger.Retried, c.Sequences, func(ctx context.Context, q *ledger.Quarantine, items []ledger.Quarantined) error {
		return c.retry(ctx, s, q, items, by)
	})
}

func (c *quarantineRetryCommand) retry(ctx context.Context, s *streams, q *ledger.Quarantine, items []ledger.Quarantined, by string) error {
	items = slices.DeleteFunc(items, func(one ledger.Quarantined) bool { return one.Settled != nil })
	done := 0
	for _, message := range ledger.ByMessage(items) {
		if !slices.ContainsFunc(message, func(one ledger.Quarantined) bool {
			return slices.Contains(c.Sequences, one.Sequence) || len(c.Sequences) == 0 && c.match(one)
		}) {
			continue
		}
		pushed, err := q.Retry(ctx, message, by, c.Reason)
		if err != nil {
			return fmt.Errorf("%d: %w (%s retried before it)", message[0].Sequence, err, count(done, "message"))
		}
		done++
		note := ""
		if pushed.Duplicate {
			note = "\t(somebody has retried it within the last two minutes; it was not pushed once more)"
		}
		fmt.Fprintf(s.out, "%s\t%d\t%s%s\n", pushed.Subject, pushed.Sequence, numbers(message), note)
	}
	if done == 0 {
		fmt.Fprintln(s.err, "kawat: nothing like that waits in quarantine")
	}
	return nil
}

// settle lists what is on QUARANTINE and has it settled, unless somebody has settled one of the numbers before: then nothing is.
func (f *natsFlags) settle(how ledger.Settlement, sequences []uint64, do func(context.Context, *ledger.Quarantine, []ledger.Quarantined) error) error {
	ctx := context.Background()
	q, closeNATS, err := f.quarantine(ctx)
	if err != nil {
		return err
	}
	defer closeNATS()
	items, err := q.List(ctx)
	if err != nil {
		return err
	}
	if err := waiting(items, sequences); err != nil {
		return fmt.Errorf("%w\nnothing was %s", err, how)
	}
	return do(ctx, q, items)
}

// waiting finds numbers that nobody can settle any more, before anything is done.
func waiting(items []ledger.Quarantined, sequences []uint64) error {
	var faults []error
	for _, sequence := range sequences {
		i := slices.IndexFunc(items, func(one ledger.Quarantined) bool { return one.Sequence == sequence })
		switch {
		case i < 0:
			faults = append(faults, fmt.Errorf("%d: there is no quarantined copy of this number: kawat quarantine list shows what there is", sequence))
		case items[i].Settled != nil:
			faults = append(faults, fmt.Errorf("%d: it was settled already: %s", sequence, became(items[i].Settled, nil)))
		}
	}
	return errors.Join(faults...)
}

// numbers are the items' on QUARANTINE.
func numbers(items []ledger.Quarantined) string {
	var all []string
	for _, one := range items {
		all = append(all, fmt.Sprint(one.Sequence))
	}
	return strings.Join(all, ",")
}

type quarantineDiscardCommand struct {
	natsFlags
	byFlag
	Reason    string   `required:"" placeholder:"TEXT" help:"Why nobody needs it, for those who come after."`
	Sequences []uint64 `arg:"" name:"seq" help:"Numbers on QUARANTINE, as list prints them."`
}

func (c *quarantineDiscardCommand) Help() string {
	return `The copy stays where it is, with a note who discarded it, when and why; it is only no longer listed. list --all shows it.

  kawat quarantine discard 12 --reason "the desk has sent it again as ANT-78"
  kawat quarantine discard 12 13 14 --by "Rani Puspita" --reason "tests of the new editing system"`
}

// AfterApply is called by kong when the command line was read.
func (c *quarantineDiscardCommand) AfterApply() error {
	if strings.TrimSpace(c.Reason) == "" {
		return errors.New("--reason: say why nobody needs it")
	}
	return c.natsFlags.check()
}

func (c *quarantineDiscardCommand) Run(s *streams) error {
	by, err := c.name()
	if err != nil {
		return err
	}
	return c.settle(ledger.Discarded, c.Sequences, func(ctx context.Context, q *ledger.Quarantine, _ []ledger.Quarantined) error {
		for i, sequence := range c.Sequences {
			if err := q.Discard(ctx, sequence, by, c.Reason); err != nil {
				return fmt.Errorf("%d: %w (%d of %d were discarded)", sequence, err, i, len(c.Sequences))
			}
			fmt.Fprintf(s.out, "%d\tdiscarded by %s\n", sequence, by)
		}
		return nil
	})
}
