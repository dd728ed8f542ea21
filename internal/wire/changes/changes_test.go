package changes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/changes"
)

// marked shows a line with its changes between brackets.
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

func TestWords(t *testing.T) {
	for _, test := range []struct{ before, after, want string }{
		{"", "", ""},
		{"", "Feri", "{+Feri+}"},
		{"Kapal feri mulai berlayar", "Kapal feri batal berlayar", "Kapal feri [-mulai-]{+batal+} berlayar"},
		{"The ferry sank off Bitung on Monday morning", "The ship capsized off Bitung on Monday morning", "The [-ferry sank-]{+ship capsized+} off Bitung on Monday morning"},
		{"It carried 1.250 people.", "It carried 1.350 people.", "It carried [-1.250-]{+1.350+} people."},
		{"At 9:30 it left.", "At 9.30, it left.", "At [-9:30-]{+9.30,+} it left."},
		{"Tiga orang hilang", "Tiga orang hilang, dua selamat", "Tiga orang hilang{+, dua selamat+}"},
		{"新潟港とウラジオストクを結ぶ", "新潟港と釜山を結ぶ", "新潟港と[-ウラジオストク-]{+釜山+}を結ぶ"},
		{"Kapal feri tiba", "Nothing of the kind at all", "[-Kapal feri tiba-]{+Nothing of the kind at all+}"},
	} {
		if got := marked(changes.Words(test.before, test.after)); got != test.want {
			t.Errorf("%q and %q: %s, want %s", test.before, test.after, got, test.want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	const before = "Kapal feri mulai berlayar dari Bitung.\n\nKapal itu membawa 120 orang.\n\nCuaca cerah.\n\nTiket habis."
	for name, test := range map[string]struct{ after, want string }{
		"a word":       {strings.Replace(before, "120", "210", 1), "Kapal feri mulai berlayar dari Bitung.|Kapal itu membawa [-120-]{+210+} orang.|Cuaca cerah.|Tiket habis."},
		"one removed":  {strings.Replace(before, "Cuaca cerah.\n\n", "", 1), "Kapal feri mulai berlayar dari Bitung.|Kapal itu membawa 120 orang.|[-Cuaca cerah.-]|Tiket habis."},
		"one added":    {before + "\n\nBupati hadir.", "Kapal feri mulai berlayar dari Bitung.|Kapal itu membawa 120 orang.|Cuaca cerah.|Tiket habis.|{+Bupati hadir.+}"},
		"all gone":     {"", "[-Kapal feri mulai berlayar dari Bitung.-]|[-Kapal itu membawa 120 orang.-]|[-Cuaca cerah.-]|[-Tiket habis.-]"},
		"another text": {"Something else.", "[-Kapal feri mulai berlayar dari Bitung.-]|[-Kapal itu membawa 120 orang.-]|[-Cuaca cerah.-]|[-Tiket habis.-]|{+Something else.+}"},
		"one added and one changed": {strings.Replace(before, "Kapal itu membawa 120", "Bupati hadir pula.\n\nKapal itu membawa 130", 1),
			"Kapal feri mulai berlayar dari Bitung.|{+Bupati hadir pula.+}|Kapal itu membawa [-120-]{+130+} orang.|Cuaca cerah.|Tiket habis."},
	} {
		var got []string
		for _, l := range changes.Paragraphs(before, test.after) {
			got = append(got, marked(l))
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "|")); diff != "" {
			t.Errorf("%s (-want +got)%s", name, diff)
		}
	}
}

func TestBetween(t *testing.T) {
	before := testkit.Story("a", 1)
	same, err := changes.Between(before, testkit.Story("a", 1))
	if err != nil || !same.None() {
		t.Errorf("the same story: %+v %v", same, err)
	}

	after := testkit.Story("a", 1)
	embargo := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	after.Version, after.Signal, after.Received.Digest = 2, wire.Correction, "sha256:other"
	after.Headline = "Berita a, versi 2"
	after.Attribution.Credits = append(after.Attribution.Credits, wire.Credit{Name: "Dimas Prakoso", Role: wire.Editor})
	after.Embargo, after.Rights.Year, after.Translation = &embargo, 2027, nil
	after.Body.HTML = "<h2>Versi 1 dari berita a.</h2>"
	got, err := changes.Between(before, after)
	if err != nil {
		t.Fatal(err)
	}
	want := []changes.Field{
		{Name: "attribution.credits", Old: "Sari Wulandari (translator)", New: "Sari Wulandari (translator), Dimas Prakoso (editor)"},
		{Name: "embargo", New: "2026-11-23T09:00:00Z"},
		{Name: "rights.year", Old: "2026", New: "2027"},
		{Name: "translation.from", Old: "und"},
		{Name: "translation.method", Old: "human"},
		{Name: "translation.to", Old: "id"},
	}
	if diff := cmp.Diff(want, got.Fields); diff != "" {
		t.Error("fields (-want +got)", diff)
	}
	if marked(got.Headline) != "Berita a, versi [-1-]{+2+}" || got.Text != nil || !got.Markup || got.None() {
		t.Errorf("%+v", got)
	}
}

// TestLarge: texts beyond what is compared word by word are still told apart at once.
func TestLarge(t *testing.T) {
	a := strings.Repeat("Kapal feri mulai berlayar. ", 20_000)
	b := strings.Repeat("Kapal feri batal berlayar! ", 20_000)
	begin := time.Now()
	got := changes.Paragraphs(a+"\n\nTamat.", b+"\n\nTamat.")
	if time.Since(begin) > 10*time.Second {
		t.Errorf("it took %s", time.Since(begin))
	}
	if len(got) < 2 || got[len(got)-1].Changed() {
		t.Errorf("%d paragraphs", len(got))
	}
}

// FuzzWords: the pieces are the old text without what was added, and the new one without what was removed.
func FuzzWords(f *testing.F) {
	f.Add("Kapal feri mulai berlayar", "Kapal feri batal berlayar.")
	f.Add("a\n\nb c d\n\ne", "a\n\nb x d\n\nf\n\ne")
	f.Add("新潟港と", "1.250 \xff é")
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before)*len(after) > 1<<20 {
			return
		}
		text := func(l changes.Line, without changes.Kind) (s string) {
			for _, p := range l {
				if p.Kind != without {
					s += p.Text
				}
			}
			return s
		}
		line := changes.Words(before, after)
		if text(line, changes.Added) != before || text(line, changes.Removed) != after {
			t.Errorf("%q and %q: %+v", before, after, line)
		}
		var old, new []string
		for _, l := range changes.Paragraphs(before, after) {
			if len(l) != 1 || l[0].Kind != changes.Added {
				old = append(old, text(l, changes.Added))
			}
			if len(l) != 1 || l[0].Kind != changes.Removed {
				new = append(new, text(l, changes.Removed))
			}
		}
		if strings.Join(old, "\n\n") != before || strings.Join(new, "\n\n") != after {
			t.Errorf("%q and %q: %q, %q", before, after, old, new)
		}
	})
}
