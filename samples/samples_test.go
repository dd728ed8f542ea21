package samples_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
	"kawat/samples"
)

// unreadable is the one sample that must not become a story.
const unreadable = "unreadable.xml"

// TestAllListsEveryFile: no sample is forgotten in All, and none is listed twice.
func TestAllListsEveryFile(t *testing.T) {
	var have, listed []string
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".go" {
			have = append(have, e.Name())
		}
	}
	for _, s := range samples.All() {
		listed = append(listed, s.Name)
		data, err := os.ReadFile(s.Name)
		if err != nil {
			t.Errorf("%s is listed: %v", s.Name, err)
		}
		if diff := cmp.Diff(string(data), string(s.Data)); diff != "" {
			t.Errorf("%s: what is listed is not what is in the file (-file +listed):\n%s", s.Name, diff)
		}
		if s.About == "" || !wire.ValidProvider(s.Provider) {
			t.Errorf("%s: provider %q, about %q", s.Name, s.Provider, s.About)
		}
	}
	slices.Sort(listed)
	if diff := cmp.Diff(have, listed); diff != "" {
		t.Errorf("the files here are not those that All lists (-files +listed):\n%s", diff)
	}
}

// decoded decodes a sample as the gateway does.
func decoded(t *testing.T, s samples.Sample) ([]*wire.Story, []*wire.Refusal) {
	t.Helper()
	headers, err := wire.ReadHeaders(func(name string) string { return s.Header[name] })
	if err != nil {
		t.Fatal(err)
	}
	return decode.Decode(&wire.Copy{
		Data: s.Data, ContentType: s.Header[wire.HeaderContentType], Headers: headers, Profile: decode.Profile(s.Provider),
	})
}

// TestDecode: each sample is one story, complete enough to be read, and the unreadable one is one refusal.
func TestDecode(t *testing.T) {
	ids := map[string]string{}
	for _, s := range samples.All() {
		t.Run(s.Name, func(t *testing.T) {
			stories, refusals := decoded(t, s)
			if s.Name == unreadable {
				if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.NotWellFormed {
					t.Errorf("%d stories, refusals %v; want one refusal, %s", len(stories), refusals, wire.NotWellFormed)
				}
				return
			}
			if len(stories) != 1 || len(refusals) != 0 {
				t.Fatalf("%d stories, refusals %v; want one story", len(stories), refusals)
			}
			story := stories[0]
			if other := ids[story.ID]; other != "" || story.ID == "" {
				t.Errorf("id %q, which %q has too", story.ID, other)
			}
			ids[story.ID] = s.Name
			if story.Status != wire.Usable || story.Provider != s.Provider {
				t.Errorf("status %q, provider %q", story.Status, story.Provider)
			}
			if story.Headline == "" || story.Body.Text == "" || story.Dateline.Place == "" || story.Language == "und" || story.Rights.Holder == "" {
				t.Errorf("something is missing: headline %q, dateline %q, language %q, rights holder %q, %d bytes of text",
					story.Headline, story.Dateline.Text, story.Language, story.Rights.Holder, len(story.Body.Text))
			}
		})
	}
}

// TestTranslation: the example that the documents follow says all that they say of it.
func TestTranslation(t *testing.T) {
	all := samples.All()
	i := slices.IndexFunc(all, func(s samples.Sample) bool { return s.Name == "antara-translation.txt" })
	if i < 0 {
		t.Fatal("the sample is not listed")
	}
	stories, refusals := decoded(t, all[i])
	if len(stories) != 1 {
		t.Fatalf("%d stories, refusals %v", len(stories), refusals)
	}
	story := stories[0]
	type said struct {
		Headline, Language  string
		Dateline            wire.Dateline
		Attribution         wire.Attribution
		Translation         *wire.Translation
		Related             []wire.Link
		Holder, Notice      string
		Year                int
		AI                  wire.AIUse
		TermsBeginAndEndsIn bool
	}
	const begin, end = "Dilarang keras mengambil konten", "tanpa izin tertulis dari Kantor Berita ANTARA."
	terms := story.Rights.Terms
	got := said{
		story.Headline, story.Language, story.Dateline, story.Attribution, story.Translation, story.Related,
		story.Rights.Holder, story.Rights.Notice, story.Rights.Year, story.Rights.AI,
		len(terms) > len(begin)+len(end) && terms[:len(begin)] == begin && terms[len(terms)-len(end):] == end,
	}
	want := said{
		Headline: "Pelabuhan Niigata dan Vladivostok berbagi data sensor gempa dari feri",
		Language: "id",
		Dateline: wire.Dateline{Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"},
		Attribution: wire.Attribution{
			Sources:    []wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "TASS", Role: wire.Cited}},
			Credits:    []wire.Credit{{Name: "Sekar Widuri", Role: wire.Translator}, {Name: "Bima Langit Ananta", Role: wire.Editor}},
			CreditLine: "ANTARA/Kyodo",
		},
		Translation: &wire.Translation{From: "und", To: "id", Method: "human"},
		Related: []wire.Link{
			{Title: "Sekolah di pesisir Niigata berlatih evakuasi tsunami dengan perahu"},
			{Title: "Jepang uji alat pengukur gempa di pelampung nelayan"},
			{Title: "Feri Niigata-Sado tambah jadwal pelayaran musim dingin"},
		},
		Holder: "ANTARA", Notice: "Copyright © ANTARA 2026", Year: 2026, AI: wire.AIReserved, TermsBeginAndEndsIn: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
