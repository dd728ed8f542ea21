package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"github.com/nats-io/nats.go"
	"golang.org/x/net/html"

	"kawat/internal/feed"
	"kawat/internal/ledger"
	"kawat/internal/render"
	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/samples"
)

// understood is what a reader made of an entry.
type understood struct {
	ID, Link, Title    string
	Published, Updated string // RFC 3339, to the millisecond
	Language           string
	Authors            []string
	Summary, Content   string
	Files              []enclosed
}

// enclosed is a file that goes with an entry.
type enclosed struct {
	URL, Type string
	Length    int64
}

// understoodFeed is a feed as a reader has it.
type understoodFeed struct {
	Coding      string
	Title, Self string
	Updated     string
	Entries     []understood
}

// A reader is a program of others that reads feeds. What it cannot see is listed with it: docs/feeds.md has the same.
type reader struct {
	name    string
	formats []feed.Format
	read    func(ctx context.Context, address, coding string) (*understoodFeed, error)
	// blind says what the reader cannot see in a format, by the names of understood's fields: it has no place for it,
	// or takes it for something else.
	blind map[feed.Format][]string
	// seconds says that the reader drops what is less than a second.
	seconds bool
	// cleans says that the reader brings the text to its own HTML.
	cleans bool
	// again says that the reader takes character references once more than there are: "&lt;" as a text becomes "<".
	again bool
	// markup says that the reader passes on RSS's description as the HTML that it is; others make it plain text.
	markup bool
	// allFiles says that the reader finds the files of Media RSS too.
	allFiles bool
}

var readers = []reader{
	{
		name: "gofeed", formats: []feed.Format{feed.RSS, feed.Atom, feed.JSON}, read: withGofeed,
		blind: map[feed.Format][]string{feed.RSS: {"Updated"}, feed.Atom: {"Language"}, feed.JSON: {"Language"}}, markup: true,
	},
	{
		name: "rss-parser", formats: []feed.Format{feed.RSS, feed.Atom}, read: program("node", "rss-parser.mjs"),
		blind: map[feed.Format][]string{feed.RSS: {"Updated", "Language", "Authors"}, feed.Atom: {"Updated", "Language", "Authors", "Files"}},
	},
	{
		name: "feed-parser", formats: []feed.Format{feed.RSS, feed.Atom}, read: program("node", "feed-parser.mjs"),
		blind: map[feed.Format][]string{feed.RSS: {"Updated", "Language"}, feed.Atom: {"Language"}}, again: true, allFiles: true,
	},
	{
		name: "feedparser", formats: []feed.Format{feed.RSS, feed.Atom}, read: program("/usr/bin/python3", "feedparser_reader.py"),
		blind: map[feed.Format][]string{feed.Atom: {"Language"}}, seconds: true, cleans: true, markup: true,
	},
	{
		name: "feedsmith", formats: []feed.Format{feed.JSON}, read: program("node", "feedsmith.mjs"),
	},
}

// program reads with a program of the folder readers, which prints lines of JSON: the coding, the feed, each entry.
func program(interpreter, name string) func(context.Context, string, string) (*understoodFeed, error) {
	return func(ctx context.Context, address, coding string) (*understoodFeed, error) {
		cmd := exec.CommandContext(ctx, interpreter, filepath.Join("readers", name), address, coding)
		var complaint bytes.Buffer
		cmd.Stderr = &complaint
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", name, err, complaint.String())
		}
		var f understoodFeed
		lines := bufio.NewScanner(bytes.NewReader(out))
		lines.Buffer(nil, 16<<20)
		for n := 0; lines.Scan(); n++ {
			if n < 2 {
				err = json.Unmarshal(lines.Bytes(), &f)
			} else {
				var e understood
				err = json.Unmarshal(lines.Bytes(), &e)
				f.Entries = append(f.Entries, e)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w: %s", name, err, lines.Bytes())
			}
		}
		return &f, lines.Err()
	}
}

func withGofeed(ctx context.Context, address, coding string) (*understoodFeed, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if coding == "identity" { // else Go asks for gzip by itself, and unpacks it
		req.Header.Set("Accept-Encoding", coding)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	parsed, err := gofeed.NewParser().Parse(resp.Body)
	if err != nil {
		return nil, err
	}
	f := &understoodFeed{Coding: "identity", Title: parsed.Title, Self: parsed.FeedLink, Updated: parsed.Updated}
	if resp.Uncompressed {
		f.Coding = "gzip"
	}
	for _, item := range parsed.Items {
		e := understood{ID: item.GUID, Link: item.Link, Title: item.Title, Published: item.Published, Updated: item.Updated,
			Summary: item.Description, Content: item.Content}
		if item.DublinCoreExt != nil && len(item.DublinCoreExt.Language) > 0 {
			e.Language = item.DublinCoreExt.Language[0]
		}
		for _, a := range item.Authors {
			e.Authors = append(e.Authors, a.Name)
		}
		if item.DublinCoreExt != nil && len(item.DublinCoreExt.Creator) > 0 { // of these its authors are the first only
			e.Authors = item.DublinCoreExt.Creator
		}
		for _, file := range item.Enclosures {
			var length int64
			if file.Length != "" {
				if _, err := fmt.Sscan(file.Length, &length); err != nil {
					return nil, err
				}
			}
			e.Files = append(e.Files, enclosed{file.URL, file.Type, length})
		}
		f.Entries = append(f.Entries, e)
	}
	return f, nil
}

// hostile are stories that only a reader which reads exactly gets right.
func hostile() []*wire.Story {
	var all []*wire.Story
	add := func(id string, change func(*wire.Story)) {
		s := testkit.Story("urn:test:"+id, 1)
		s.Received.Sequence = uint64(len(all) + 1)
		change(s)
		s.Received.Digest = "sha256:" + id
		all = append(all, s)
	}
	told := func(s *wire.Story, headline, text string) {
		s.Headline = headline
		s.Body.Text = text
		s.Body.HTML = "<p>" + html.EscapeString(text) + "</p>"
	}
	add("markup", func(s *wire.Story) {
		told(s, `Kapal <b>"Muara"</b> & 5 < 6 > 4 <script>alert(1)</script>`, `Rumus 5 < 6 & "tujuh" > 'lima' tidak <b>berubah</b>.`)
	})
	add("entities", func(s *wire.Story) {
		told(s, "Tulis &lt;br&gt; dan &amp;amp; begitu saja", "Tulis &lt;br&gt; dan &amp;amp; begitu saja.")
	})
	add("cdata", func(s *wire.Story) { told(s, "a]]>b<![CDATA[c", "Isi ]]> tetap ]]&gt; isi <![CDATA[utuh]]>.") })
	add("arabic", func(s *wire.Story) {
		told(s, "الميناء يفتح أبوابه (MUARA-7) من جديد", "قال المتحدث إن الميناء \u202bفتح\u202c أبوابه عام 2026.")
		s.Language = "ar"
	})
	add("hebrew", func(s *wire.Story) {
		told(s, "נמל \u200f(A1)\u200f נפתח", "הנמל נפתח מחדש.")
		s.Language = "he"
	})
	add("chinese", func(s *wire.Story) {
		told(s, "「纸桥」通过第一千人㐀𠀀", "横跨湖面的纸桥\u3000迎来第一千人。𠮷野家。")
		s.Language = "zh"
	})
	add("emoji", func(s *wire.Story) {
		told(s, "Ombak 🌊 dan keluarga 👩‍👩‍👧‍👦 🇮🇩", "Mereka bersorak 🎉🏽 di dermaga.")
	})
	add("combining", func(s *wire.Story) {
		told(s, "Cafe\u0301 no\u0302ng Ǹ ﬁ", "ก็ และ कर्नाटक tetap ditulis.")
	})
	add("long", func(s *wire.Story) {
		told(s, strings.TrimSpace(strings.Repeat("panjang sekali ", 150)), strings.TrimSpace(strings.Repeat("Kalimat yang panjang sekali. ", 8000)))
	})
	add("credits", func(s *wire.Story) {
		told(s, "Tiga pewarta", "Tiga pewarta menulisnya.")
		s.Byline = "Oleh tiga pewarta"
		s.Attribution.Credits = []wire.Credit{
			{Name: "Rani Puspita", Role: wire.Reporter}, {Name: "Ken O'Mori, Jr.", Role: wire.Reporter}, {Name: "王 & 李", Role: wire.Reporter},
			{Name: "Katriana", Role: wire.Translator}, {Name: "Dimas Prakoso", Role: wire.Editor}, {Name: "Rina", Role: wire.Uploader},
		}
	})
	add("byline", func(s *wire.Story) {
		told(s, "Hanya dengan byline", "Byline saja.")
		s.Byline, s.Attribution.Credits = "Oleh Dewi Lestari", nil
	})
	add("enclosures", func(s *wire.Story) {
		told(s, "Dengan gambar dan suara", "Gambar dan suara.")
		s.Media = []wire.Media{
			{URL: "https://media.example/a.jpg?x=1&y=%C3%A9", Type: "image/jpeg", Length: 48211, Caption: "Kapal <gas> & ombak", Credit: "Kyodo"},
			{URL: "https://media.example/b.mp3", Type: "audio/mpeg", Length: 1 << 33},
			{URL: "https://media.example/c.png", Type: "image/png"},
		}
	})
	add("nameless", func(s *wire.Story) {
		told(s, "", "Berita tanpa judul tetap mempunyai kata pertama.")
		s.Slugline = "TANPA-JUDUL"
	})
	add("wordless", func(s *wire.Story) { told(s, "", "Berita tanpa judul dan tanpa slug tetap mempunyai kata pertama.") })
	add("headline-only", func(s *wire.Story) { s.Headline, s.Body = "KILAT: hanya judul", wire.Body{} })
	add("tables", func(s *wire.Story) {
		s.Headline = "Klasemen"
		s.Body.HTML = `<h2>Klasemen</h2><table><tr><td>1</td><td>Muara</td></tr></table><ul><li>a &amp; b</li></ul><blockquote><p>“Ya”</p></blockquote><p>x<br/>y</p>`
		s.Body.Text = "Klasemen\n\n1 Muara\n\na & b\n\n“Ya”\n\nx\ny"
	})
	add("dateline", func(s *wire.Story) {
		told(s, "Dengan dateline", "Perundingan berlanjut.")
		s.Dateline = wire.Dateline{Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"}
	})
	add("translated", func(s *wire.Story) {
		told(s, "Terjemahan dari aslinya", "Diterjemahkan.")
		s.Translation = &wire.Translation{Of: "https://english.example/asal?a=1&b=2", From: "en", To: "id", Method: "human"}
	})
	add("corrected", func(s *wire.Story) { told(s, "Belum diralat", "Sebelas kapal.") })
	add("corrected", func(s *wire.Story) {
		told(s, "Sudah diralat", "Dua belas kapal.")
		s.Version, s.Signal, s.Note = 2, wire.Correction, "Memperbaiki jumlah kapal."
	})
	add("killed", func(s *wire.Story) { told(s, "Rahasia yang dibatalkan", "Rahasia.") })
	add("killed", func(s *wire.Story) { s.Version, s.Status, s.Signal = 2, wire.Canceled, wire.Kill })
	add("withheld", func(s *wire.Story) { told(s, "Rahasia yang ditahan", "Rahasia."); s.Status = wire.Withheld })
	add("id with <marks> & \"more\"", func(s *wire.Story) { told(s, "Id yang bukan URI", "Id yang aneh.") })
	return all
}

// startServicesHolding starts the services over a STORIES that has stories on it already, each recorded by itself.
func startServicesHolding(t *testing.T, feeds string, stories []*wire.Story) *services {
	t.Helper()
	s := prepareServices(t, feeds)
	l := s.ledger(t)
	for _, story := range stories {
		outcomes, err := l.Record(t.Context(), []*wire.Story{story})
		if err != nil || outcomes[0].Refusal != nil || outcomes[0].Verdict != wire.Newer {
			t.Fatalf("%s is not recorded: %v, %+v", story.ID, err, outcomes)
		}
	}
	s.startIngest(t)
	s.startPublish(t)
	s.waitReady(t)
	return s
}

// ledger opens the gateway's streams.
func (g *gateway) ledger(t *testing.T) *ledger.Ledger {
	t.Helper()
	nc, err := nats.Connect(g.nats)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	l, err := ledger.Open(t.Context(), nc, 1, testkit.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// held gives what STORIES holds as feeds show it: of each story the newest record, newest release first.
func (g *gateway) held(t *testing.T) []*feed.Entry {
	t.Helper()
	l := g.ledger(t)
	last, err := l.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	newest := map[wire.Key]*feed.Entry{}
	err = l.Replay(t.Context(), 1, last, 1, func(_ context.Context, records []wire.Record) error {
		for _, r := range records {
			if e := newest[r.Key()]; e != nil {
				e.Record = r
			} else {
				newest[r.Key()] = &feed.Entry{Record: r, First: r.Release()}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var entries []*feed.Entry
	for _, e := range newest {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b *feed.Entry) int { return b.Updated().Compare(a.Updated()) })
	return entries
}

// wanted is what a reader is to understand of an entry, by the record alone.
func (r *reader) wanted(base string, e *feed.Entry, f feed.Format) understood {
	const layout = "2006-01-02T15:04:05.000Z"
	w := understood{
		ID: e.Key().URI(), Link: base + "/stories/" + e.Token(), Language: e.Language,
		Published: e.First.UTC().Format(layout), Updated: e.Updated().UTC().Format(layout),
	}
	if f == feed.RSS {
		w.Published = e.First.UTC().Truncate(time.Second).Format(layout)
	}
	if e.Killed() {
		n := render.NoticeOf(e)
		w.Title, w.Summary, w.Content, w.Language = n.Title, n.Text, n.Text, n.Language
		if f != feed.RSS { // which needs no author
			w.Authors = []string{e.Provider}
		}
		return w
	}
	if w.Title = folded(e.Headline); w.Title == "" {
		w.Title = render.Title(e.Story)
	}
	if w.Summary = folded(e.Summary); w.Summary == "" {
		first, _, _ := strings.Cut(e.Body.Text, "\n\n")
		w.Summary = folded(first)
	}
	w.Content = e.Body.Text
	for _, c := range e.Attribution.Credits {
		if c.Role == wire.Reporter {
			w.Authors = append(w.Authors, c.Name)
		}
	}
	if len(w.Authors) == 0 && e.Byline != "" {
		w.Authors = []string{e.Byline}
	}
	if len(w.Authors) == 0 && f != feed.RSS {
		w.Authors = []string{render.Publisher(e.Story)}
	}
	for _, m := range e.Media {
		switch {
		case r.allFiles:
			w.Files = append(w.Files, enclosed{m.URL, m.Type, m.Length})
		case f == feed.RSS && (len(w.Files) > 0 || m.Length == 0 || m.Type == ""):
		case f == feed.JSON && m.Type == "":
		default:
			w.Files = append(w.Files, enclosed{m.URL, m.Type, m.Length})
		}
	}
	return w
}

// folded is a text with every run of white space as one space.
func folded(s string) string { return strings.Join(strings.Fields(s), " ") }

// letters is a text without its white space, by which two ways to set the same words are compared.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// textOf is the text of HTML.
func textOf(t *testing.T, markup string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(markup))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

// TestReaders: five programs of others, in three languages, read the feeds over HTTP, and each understands of every story what
// the record says: the samples, hostile ones, corrected, killed and withheld ones.
func TestReaders(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(filepath.Join("readers", "node_modules", ".installed")); errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the readers are not installed: run scripts/needs")
	}
	s := startServicesHolding(t, everything, hostile())
	p := s.pusher(t)
	for _, sample := range samples.All() {
		if _, err := p.Push(t.Context(), ledger.Push{Provider: sample.Provider, Data: sample.Data, Header: sample.Header}); err != nil {
			t.Fatal(err)
		}
	}
	testkit.Eventually(t, 60*time.Second, func() error { return allSettled(t, s.nats) })
	entries := s.held(t)
	testkit.Eventually(t, 60*time.Second, func() error {
		f, err := s.read("/feeds/everything.rss")
		if err == nil && len(f.Items) != len(entries) {
			err = fmt.Errorf("%d stories of %d", len(f.Items), len(entries))
		}
		return err
	})
	for _, r := range readers {
		for _, f := range r.formats {
			for _, coding := range []string{"gzip", "identity"} {
				t.Run(fmt.Sprintf("%s/%s/%s", r.name, f, coding), func(t *testing.T) { r.understands(t, &s.gateway, f, coding, entries) })
			}
		}
	}
}

func (r *reader) understands(t *testing.T, g *gateway, f feed.Format, coding string, entries []*feed.Entry) {
	address := g.base + "/feeds/everything." + string(f)
	got, err := r.read(t.Context(), address, coding)
	if err != nil {
		t.Fatal(err)
	}
	if got.Coding != coding || got.Title != "Everything" || got.Self != address {
		t.Errorf("coding %q, title %q, self %q", got.Coding, got.Title, got.Self)
	}
	var ids, want []string
	for _, e := range got.Entries {
		ids = append(ids, e.ID)
	}
	for _, e := range entries {
		want = append(want, e.Key().URI())
	}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Fatalf("-recorded +read:\n%s", diff)
	}
	for i, e := range entries {
		r.same(t, f, r.wanted(g.base, e, f), got.Entries[i], e)
	}
}

// same compares what a reader understood with what the record says.
func (r *reader) same(t *testing.T, f feed.Format, want, got understood, e *feed.Entry) {
	t.Helper()
	if r.blindTo(f, "Authors") && len(want.Authors) > 1 {
		want.Authors = want.Authors[:1]
	}
	check := func(field string, want, got any) {
		if diff := cmp.Diff(want, got); diff != "" && (field == "Authors" || !r.blindTo(f, field)) {
			t.Errorf("%s of %s (-recorded +read):\n%s", field, e.ID, diff)
		}
	}
	markup := strings.TrimPrefix(e.Body.HTML, "<p>")
	if r.again {
		want.Title, markup = html.UnescapeString(want.Title), html.UnescapeString(markup)
		if f != feed.RSS { // whose description is HTML, and so comes out right
			want.Summary = html.UnescapeString(want.Summary)
		}
		if !e.Killed() {
			want.Content = textOf(t, html.UnescapeString(e.Body.HTML))
		}
	}
	check("Link", want.Link, got.Link)
	check("Title", want.Title, folded(got.Title))
	check("Published", r.instant(t, want.Published), r.instant(t, got.Published))
	if !r.blindTo(f, "Updated") {
		check("Updated", r.instant(t, want.Updated), r.instant(t, got.Updated))
	}
	check("Language", want.Language, got.Language)
	check("Authors", strings.Join(want.Authors, "; "), strings.Join(got.Authors, "; "))
	if r.markup && f == feed.RSS {
		got.Summary = textOf(t, got.Summary)
	}
	check("Summary", letters(want.Summary), letters(got.Summary))
	if !slices.Equal(want.Files, got.Files) {
		check("Files", want.Files, got.Files)
	}
	text := letters(textOf(t, got.Content))
	if !strings.HasSuffix(text, letters(want.Content)) || !strings.HasPrefix(text, letters(e.Dateline.Text)) && !e.Killed() {
		t.Errorf("the text of %s is %.300q, recorded %.300q", e.ID, text, want.Content)
	}
	if !r.cleans && !e.Killed() && !strings.HasSuffix(got.Content, markup) {
		t.Errorf("the HTML of %s is %.300q, recorded %.300q", e.ID, got.Content, markup)
	}
}

func (r *reader) blindTo(f feed.Format, field string) bool { return slices.Contains(r.blind[f], field) }

// instant reads a time in the forms in which readers pass it on.
func (r *reader) instant(t *testing.T, s string) time.Time {
	t.Helper()
	for _, layout := range []string{time.RFC3339Nano, "Mon, 02 Jan 2006 15:04:05 MST"} {
		if at, err := time.Parse(layout, s); err == nil {
			if r.seconds {
				at = at.Truncate(time.Second)
			}
			return at.UTC()
		}
	}
	t.Errorf("no time: %q", s)
	return time.Time{}
}
