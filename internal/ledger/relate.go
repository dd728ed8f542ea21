package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kawat/internal/wire"
)

// mostGenerations bounds how long a chain of translations of translations may be.
const mostGenerations = 32

// withOriginal gives a story that is about to be recorded with what became of its original, if it translates one, and
// sees to it that the original's kill finds it from now on. The story is not changed.
func (l *Ledger) withOriginal(ctx context.Context, s *wire.Story) (*wire.Story, error) {
	if s.OriginalID() == "" {
		return s, nil
	}
	if err := l.Note(ctx, s); err != nil {
		return nil, err
	}
	original, err := l.original(ctx, s)
	if err != nil || original == nil {
		return s, err
	}
	next, _ := wire.Follow(s, original.Story, l.orphans(s.Provider))
	return next, nil
}

// Note sees to it that a translation is found by its original's id.
func (l *Ledger) Note(ctx context.Context, s *wire.Story) error {
	if s.OriginalID() == "" {
		return nil
	}
	if err := l.families.join(ctx, s.Key(), s.OriginalID()); err != nil {
		return fmt.Errorf("note the original of story %s: %w", s.ID, err)
	}
	return nil
}

func (l *Ledger) orphans(provider string) wire.Status {
	if l.Orphans == nil {
		return wire.Withheld
	}
	return l.Orphans(provider)
}

// original gives the story that s translates, nil where it has not come or s translates none. Where several providers have
// delivered a story with that id and nobody has said whose it is, it is the one from the agency that s names as its
// source, else the first.
func (l *Ledger) original(ctx context.Context, s *wire.Story) (*wire.Record, error) {
	id := s.OriginalID()
	if id == "" {
		return nil, nil
	}
	if s.Translation.Provider != "" {
		return l.sibling(ctx, wire.Key{Provider: s.Translation.Provider, ID: id})
	}
	keys, err := l.Find(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("find the original of story %s: %w", s.ID, err)
	}
	keys = slices.DeleteFunc(keys, func(k wire.Key) bool { return k == s.Key() })
	if len(keys) == 0 {
		return nil, nil
	}
	for _, k := range keys {
		for _, source := range s.Attribution.Sources {
			if source.Role == wire.Origin && strings.EqualFold(source.Name, k.Provider) {
				return l.sibling(ctx, k)
			}
		}
	}
	return l.sibling(ctx, keys[0])
}

// relateAll lets the families of stories that were recorded follow.
func (l *Ledger) relateAll(ctx context.Context, stories []*wire.Story, outcomes []Outcome) error {
	var late []int
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for i := range outcomes {
		o, s := &outcomes[i], stories[i]
		if o.Refusal != nil {
			continue
		}
		if o.Verdict == wire.Stale && s.Signal == wire.Correction && o.Record.Status != wire.Canceled && s.Received.Sequence > o.Record.Reinstated {
			late = append(late, i)
		}
		if o.Record.OriginalID() != "" || l.concerns(o.Record.Story) {
			group.Go(func() error { return l.relate(gctx, o) })
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, i := range late {
		if err := l.mark(ctx, stories[i], &outcomes[i]); err != nil {
			return err
		}
	}
	return nil
}

// mark notes on the translations of a story that it was corrected, by a version that a newer one came before.
func (l *Ledger) mark(ctx context.Context, correction *wire.Story, o *Outcome) error {
	keys, err := l.families.of(ctx, correction.ID)
	if err != nil {
		return fmt.Errorf("look up the translations of story %s: %w", correction.ID, err)
	}
	for _, key := range keys {
		next, _, err := l.amend(ctx, key, func(t *wire.Record) (*wire.Story, bool, error) {
			next, marked := wire.Mark(t.Story, correction)
			return next, marked, nil
		})
		if err != nil {
			return err
		}
		if next != nil { // also where it was marked already: it may not have come to the cache
			o.Family = append(o.Family, *next)
		}
	}
	return nil
}

// concerns says whether what stands for a story may matter to its translations. It never misses a kill or a correction.
func (l *Ledger) concerns(s *wire.Story) bool {
	return s.Status != wire.Usable || s.Signal == wire.Correction || s.Desk != nil || s.Reinstated > 0 || l.families.mayHave(s.ID)
}

// relate lets a story follow its original, and its translations follow it, down the chain. It comes after the story was
// recorded: the original may have changed while that was done.
func (l *Ledger) relate(ctx context.Context, o *Outcome) error {
	if err := l.date(ctx, &o.Record); err != nil {
		return err
	}
	var changed kin
	own, first := o.Record.Key(), o.Record
	if err := l.ascend(ctx, &o.Record, &changed); err != nil {
		return err
	}
	changed.passes(first, o.Record)
	if err := l.descend(ctx, o.Record, &changed, 0); err != nil {
		return err
	}
	for key, record := range changed.standing {
		if key == own {
			changed.passes(o.Record, record)
			o.Record = record
		} else {
			o.Family = append(o.Family, record)
		}
	}
	o.Passed = append(o.Passed, changed.passed...)
	return nil
}

// kin are the records of stories that may have changed with their family: those that stand, and those that were written on the way
// and were changed again.
type kin struct {
	standing map[wire.Key]wire.Record
	passed   []wire.Record
}

// has notes what stands for a story, and says whether something was noted for it before.
func (k *kin) has(r wire.Record) (seen bool) {
	if k.standing == nil {
		k.standing = map[wire.Key]wire.Record{}
	}
	before, seen := k.standing[r.Key()]
	if seen {
		k.passes(before, r)
	}
	k.standing[r.Key()] = r
	return seen
}

// passes notes that another record stands above the one that stood until now.
func (k *kin) passes(before, now wire.Record) {
	if before.Sequence != now.Sequence {
		k.passed = append(k.passed, before)
	}
}

// ascend lets a translation follow its original, and the original name it among its translations.
func (l *Ledger) ascend(ctx context.Context, t *wire.Record, changed *kin) error {
	if t.OriginalID() == "" {
		return nil
	}
	original, err := l.original(ctx, t.Story)
	if err != nil || original == nil {
		return err
	}
	next, _, err := l.follows(ctx, t, original)
	if err != nil {
		return err
	}
	*t = *next
	return l.pair(ctx, original.Key(), *t, changed)
}

// follows amends a translation by its original's state. It gives what stands for the translation then, and whether that was
// changed.
func (l *Ledger) follows(ctx context.Context, t, original *wire.Record) (*wire.Record, bool, error) {
	if _, changes := wire.Follow(t.Story, original.Story, l.orphans(t.Provider)); !changes {
		return t, false, nil
	}
	next, changed, err := l.amend(ctx, t.Key(), func(t *wire.Record) (*wire.Story, bool, error) {
		original, err := l.original(ctx, t.Story)
		if err != nil || original == nil {
			return nil, false, err
		}
		next, follows := wire.Follow(t.Story, original.Story, l.orphans(t.Provider))
		return next, follows, nil
	})
	if next == nil { // it cannot be read any more
		next = t
	}
	return next, changed, err
}

// sibling is Standing for a story of the same family. One whose record cannot be read is passed over, so that it does not
// hold up all others.
func (l *Ledger) sibling(ctx context.Context, key wire.Key) (*wire.Record, error) {
	record, err := l.Standing(ctx, key)
	var unreadable *wire.Refusal
	if errors.As(err, &unreadable) {
		l.log.Error("a story of the family is passed over", "provider", key.Provider, "id", key.ID, "error", err)
		return nil, nil
	}
	return record, err
}

// pair lets an original name a translation among its own, or no longer.
func (l *Ledger) pair(ctx context.Context, original wire.Key, t wire.Record, changed *kin) error {
	for {
		next, _, err := l.amend(ctx, original, func(o *wire.Record) (*wire.Story, bool, error) {
			next, paired := wire.Pair(o.Story, t.Story, t.Release())
			return next, paired, nil
		})
		if err != nil || next == nil {
			return err
		}
		changed.has(*next)
		// The translation may have changed since it was read, and whoever did that may have looked at the original too early.
		now, err := l.sibling(ctx, t.Key())
		if err != nil || now == nil || now.Sequence == t.Sequence {
			return err
		}
		t = *now
	}
}

// descend lets the translations of a story follow it, and theirs.
func (l *Ledger) descend(ctx context.Context, original wire.Record, changed *kin, generation int) error {
	if generation > mostGenerations || !l.concerns(original.Story) {
		return nil
	}
	keys, err := l.families.of(ctx, original.ID)
	if err != nil {
		return fmt.Errorf("look up the translations of story %s: %w", original.ID, err)
	}
	for _, key := range keys {
		if key == original.Key() {
			continue
		}
		t, err := l.sibling(ctx, key)
		if err != nil {
			return err
		}
		if t == nil { // it is noted before it is recorded; then it looks at its original again
			continue
		}
		t, _, err = l.follows(ctx, t, &original)
		if err != nil {
			return err
		}
		// Also where it has followed already: whoever did that may have died before it came to the cache, or further down.
		if seen := changed.has(*t); !seen {
			if err := l.descend(ctx, *t, changed, generation+1); err != nil {
				return err
			}
		}
		if t.OriginalID() == original.ID && (t.Translation.Provider == original.Provider) {
			if err := l.pair(ctx, original.Key(), *t, changed); err != nil {
				return err
			}
		}
	}
	return nil
}
