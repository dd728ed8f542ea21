package original

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
	"kawat/samples"
)

// Among the other stories of its day a translation's original comes first; without it no story is likely.
func TestTheOriginalIsFirst(t *testing.T) {
	for _, b := range bundles(t) {
		t.Run(b.Name, func(t *testing.T) {
			for seed := range uint64(2) {
				for _, n := range []int{30, 120} {
					without := others(b.Original.Language, n, seed)
					got := Rank(b.translation(), append(slices.Clone(without), b.original()))
					if got[0].ID != "original" || got[0].Score < Likely {
						t.Fatalf("of %d others (seed %d) the first is %s\n%s", n, seed, got[0].ID, show(got[:3]))
					}
					if best := Best(b.translation(), append(slices.Clone(without), b.original()), Likely); best == nil || best.ID != "original" {
						t.Errorf("the best is %v", best)
					}
					if seed == 0 && n == 30 {
						t.Logf("\n%s", show(got[:2]))
					}
					if got := Rank(b.translation(), without); got[0].Score >= Likely {
						t.Errorf("without its original (seed %d) %s is likely:\n%s", seed, got[0].ID, show(got[:1]))
					} else if best := Best(b.translation(), without, Likely); best != nil {
						t.Errorf("without its original the best is %s", best.ID)
					}
				}
			}
		})
	}
}

// Alone, with little to compare it with, the original is likely all the same, and any other story is not.
func TestFewPossible(t *testing.T) {
	all := bundles(t)
	for i, b := range all {
		if got := Rank(b.translation(), []wire.Record{b.original()}); got[0].Score < Likely {
			t.Errorf("%s: alone it scores\n%s", b.Name, show(got))
		}
		for j, other := range all {
			if i == j || writtenIn(b.Translation.Language) == writtenIn(other.Original.Language) {
				continue
			}
			if got := Rank(b.translation(), []wire.Record{other.original()}); got[0].Score >= Likely {
				t.Errorf("%s: the original of %s is likely:\n%s", b.Name, other.Name, show(got))
			}
		}
	}
}

// The samples have one report as Kyodo files it, in three forms, and ANTARA's translation of it.
func TestSamples(t *testing.T) {
	var all []wire.Record
	for _, sample := range samples.All() {
		stories, _ := decode.Decode(&wire.Copy{Data: sample.Data, Profile: decode.Profile(sample.Provider)})
		for _, s := range stories {
			all = append(all, wire.Record{Story: s, Sequence: uint64(len(all) + 1), Recorded: noon})
		}
	}
	i := slices.IndexFunc(all, func(r wire.Record) bool {
		return r.Headline == "Pelabuhan Niigata dan Vladivostok berbagi data sensor gempa dari feri"
	})
	got := Rank(all[i], all)
	// Kyodo's Japanese report of the same event is shorter, and not what was translated.
	for n, c := range got {
		if (n < 3) != (c.Provider == "kyodo") || (n < 2) != (c.Score >= Likely) {
			t.Errorf("number %d is %s of %s with %.2f", n, c.ID, c.Provider, c.Score)
		}
	}
	// Which of its two English forms was translated nothing can tell.
	if best := Best(all[i], all, Likely); best != nil {
		t.Errorf("the best is %s", best.ID)
	}
}

// What speaks against an original takes from its score, and is said.
func TestAgainst(t *testing.T) {
	b := bundles(t)[0]
	fits := Rank(b.translation(), []wire.Record{b.original()})[0]
	for name, c := range map[string]struct {
		change func(translation, original *wire.Record)
		says   string
	}{
		"after": {func(_, o *wire.Record) { o.Recorded = o.Recorded.Add(5 * time.Hour) }, "but it was filed 4 hours after"},
		"a later version": {func(_, o *wire.Record) {
			o.Recorded, o.Version = o.Recorded.Add(90*time.Minute), 2
		}, "this version was filed 30 minutes after"},
		"days before": {func(_, o *wire.Record) { o.Recorded = o.Recorded.Add(-71 * time.Hour) }, "filed 3 days before"},
		"longer": {func(t, _ *wire.Record) { t.Body.Text += strings.Repeat("kata demi kata ", 400) },
			"but the translation would be much longer than it"},
		"another language": {func(t, _ *wire.Record) { t.Translation = &wire.Translation{From: "ja"} },
			"but the translation says that it was made from Japanese"},
	} {
		translation, original := b.translation(), b.original()
		c.change(&translation, &original)
		got := Rank(translation, []wire.Record{original})[0]
		if got.Score >= fits.Score || !slices.Contains(got.Reasons, c.says) {
			t.Errorf("%s: %.2f, without it %.2f; %q", name, got.Score, fits.Score, got.Reasons)
		}
	}
}

// Some stories cannot be the original at all; of the versions of one the one that stands counts.
func TestLeftOut(t *testing.T) {
	b := bundles(t)[0]
	translation := b.translation()
	change := func(f func(*wire.Record)) wire.Record {
		r := b.original()
		f(&r)
		return r
	}
	for name, r := range map[string]wire.Record{
		"itself":          translation,
		"in its language": change(func(r *wire.Record) { r.Language = "id-ID" }),
		"canceled":        change(func(r *wire.Record) { r.Status = wire.Canceled }),
	} {
		if got := Rank(translation, []wire.Record{r}); len(got) != 0 {
			t.Errorf("%s: %s", name, show(got))
		}
	}
	second := change(func(r *wire.Record) { r.Version, r.Sequence = 2, 9 })
	if got := Rank(translation, []wire.Record{second, b.original()}); len(got) != 1 || got[0].Version != 2 {
		t.Errorf("of two versions: %s", show(got))
	}
	killed := change(func(r *wire.Record) { r.Version, r.Sequence, r.Status = 2, 9, wire.Canceled })
	if got := Rank(translation, []wire.Record{killed, b.original()}); len(got) != 0 {
		t.Errorf("of a killed story: %s", show(got))
	}
	if got := Rank(translation, nil); len(got) != 0 || Best(translation, nil, 0) != nil {
		t.Error("of nothing something")
	}
	// Two that are alike: nothing tells which.
	twin := change(func(r *wire.Record) { r.ID = "twin" })
	if best := Best(translation, []wire.Record{twin, b.original()}, Likely); best != nil {
		t.Errorf("of twins the best is %s", best.ID)
	}
	if best := Best(translation, []wire.Record{b.original()}, 0.99); best != nil {
		t.Errorf("%.2f is over 0.99", best.Score)
	}
}

// The order in which the possible originals are given changes nothing, and scores are from 0 to 1.
func TestOrderDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, b := range bundles(t) {
		possible := append(others(b.Original.Language, 40, 99), b.original(), b.translation())
		want := Rank(b.translation(), possible)
		for range 5 {
			random.Shuffle(len(possible), func(i, j int) { possible[i], possible[j] = possible[j], possible[i] })
			if diff := cmp.Diff(want, Rank(b.translation(), possible)); diff != "" {
				t.Fatalf("%s: another order gives (-want +got):\n%s", b.Name, diff)
			}
		}
		for _, c := range want {
			if !(c.Score >= 0 && c.Score <= 1) {
				t.Errorf("%s: %s scores %f", b.Name, c.ID, c.Score)
			}
		}
	}
}

func FuzzRank(f *testing.F) {
	for _, b := range bundles(f) {
		f.Add(b.Translation.Text, b.Translation.Language, b.Original.Text, b.Original.Language, b.Original.Place)
	}
	f.Add("1.234,5 ١٬٢٣٤٫٥ 1億2000万 23.11.2026", "id", "９．８００ G20 1 234 567", "fr", "東京")
	f.Fuzz(func(t *testing.T, text, language, other, otherLanguage, place string) {
		translation := report{language, "Jakarta", "Judul", text}.record("antara", "a", noon)
		possible := []wire.Record{
			report{otherLanguage, place, "Headline", other}.record("kyodo", "b", noon),
			report{"en", "TOKYO", "Headline", text + other}.record("kyodo", "c", noon),
			report{otherLanguage, place, other, text}.record("kyodo", "d", noon),
		}
		got := Rank(translation, possible)
		slices.Reverse(possible)
		if diff := cmp.Diff(got, Rank(translation, possible)); diff != "" {
			t.Fatalf("another order gives:\n%s", diff)
		}
		for _, c := range got {
			if !(c.Score >= 0 && c.Score <= 1) {
				t.Errorf("%s scores %f", c.ID, c.Score)
			}
			if c.Score > 0.3 && len(c.Reasons) == 0 {
				t.Errorf("%s scores %f without a reason", c.ID, c.Score)
			}
		}
	})
}

func show(candidates []Candidate) string {
	var b strings.Builder
	for _, c := range candidates {
		fmt.Fprintf(&b, "%.2f %s: %s\n", c.Score, c.ID, strings.Join(c.Reasons, "; "))
	}
	return b.String()
}
