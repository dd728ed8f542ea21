package render

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/ninjs"
)

// ninjsDocument is a feed as ninjs.
func ninjsDocument(t testing.TB, entries ...*feed.Entry) []byte {
	t.Helper()
	f := ninjsFormat{site}
	head, tail, err := f.frame(view(entries...), nil)
	if err != nil {
		t.Fatal(err)
	}
	var items [][]byte
	for _, e := range entries {
		item, err := f.item(contentOf(site, e))
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, item)
	}
	return slices.Concat(head, bytes.Join(items, []byte(f.separator())), tail)
}

// ninjsSchema is IPTC's schema of an item, nil where it is not at hand.
func ninjsSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "schemas", "ninjs-3.1.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	const id = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"
	// The schema refers to another one, for positions, which kawat never writes.
	for address, resource := range map[string]any{id: doc, "https://geojson.org/schema/GeoJSON.json": false} {
		if err := c.AddResource(address, resource); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type failing interface {
	Helper()
	Fatalf(format string, args ...any)
}

// validNINJS says whether a document is an array of items by the schema.
func validNINJS(t failing, schema *jsonschema.Schema, document []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("no JSON: %v\n%s", err, document)
	}
	items, ok := doc.([]any)
	if !ok {
		t.Fatalf("no array: %s", document)
	}
	for _, item := range items {
		if err := schema.Validate(item); err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
	}
}

func TestNINJSGolden(t *testing.T) {
	for name, entries := range map[string][]*feed.Entry{"dunia": fixedView().Entries, "kosong": nil} {
		testkit.Golden(t, filepath.Join("testdata", name+".ninjs"), ninjsDocument(t, entries...))
	}
}

func TestNINJSIsValid(t *testing.T) {
	schema := ninjsSchema(t)
	if schema == nil {
		t.Skip("the folder of schemas is not beside the project: ninjs is not validated")
	}
	validNINJS(t, schema, ninjsDocument(t, fixedView().Entries...))
	for _, text := range nasty {
		validNINJS(t, schema, ninjsDocument(t, filled(text).Entries...))
	}
	rapid.Check(t, func(r *rapid.T) {
		validNINJS(r, schema, ninjsDocument(t, entry(anyNINJSStory(r), 1, "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z")))
	})
}

// The schema does refuse what no item may have, so that the test above can fail.
func TestNINJSSchemaRefuses(t *testing.T) {
	schema := ninjsSchema(t)
	if schema == nil {
		t.Skip("the folder of schemas is not beside the project: ninjs is not validated")
	}
	for _, item := range []string{
		`{}`, `{"uri": "no uri at all"}`, `{"uri": "urn:x:1", "keywords": []}`, `{"uri": "urn:x:1", "version": 1}`,
		`{"uri": "urn:x:1", "associations": [{"uri": "urn:x:2"}]}`, `{"uri": "urn:x:1", "firstCreated": "2026-11-23"}`,
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(item))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(doc) == nil {
			t.Errorf("%s is valid", item)
		}
	}
}

func TestNINJSOfAKilledStory(t *testing.T) {
	for _, status := range []wire.Status{wire.Canceled, wire.Withheld} {
		e := killed()
		e.Status = status
		document := ninjsDocument(t, e)
		if strings.Contains(strings.ToLower(string(document)), "rahasia") {
			t.Errorf("of a %s story: %s", status, document)
		}
		stories, refusals := ninjs.Parse(newsroom, document)
		if len(stories) != 1 || len(refusals) != 0 {
			t.Fatalf("%d stories, %v", len(stories), refusals)
		}
		if s := stories[0]; s.ID != e.ID || s.Version != e.Version || s.Status != status || (s.Signal == wire.Kill) != (status == wire.Canceled) {
			t.Errorf("%q, version %d, is %s with signal %q", s.ID, s.Version, s.Status, s.Signal)
		}
	}
}

// newsroom is a newsroom that takes our ninjs, of which nothing else is known.
var newsroom = &wire.Copy{Profile: &wire.Profile{Name: "kawat", Location: time.UTC}}

// TestNINJSRoundTrip holds that what is written can be read again: the same story, but for what ninjs cannot hold.
func TestNINJSRoundTrip(t *testing.T) {
	for _, e := range []*feed.Entry{translated(), english(), japanese()} {
		ninjsReadAgain(t, e)
	}
	rapid.Check(t, func(r *rapid.T) {
		s := anyNINJSStory(r)
		s.Status = wire.Usable
		ninjsReadAgain(r, entry(s, 1, "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z"))
	})
}

func ninjsReadAgain(t failing, e *feed.Entry) {
	t.Helper()
	document := ninjsDocument(new(testing.T), e)
	stories, refusals := ninjs.Parse(newsroom, document)
	if len(stories) != 1 || len(refusals) != 0 {
		t.Fatalf("%d stories, %v\n%s", len(stories), refusals, document)
	}
	want, got := asNINJSHolds(e), stories[0]
	got.Evidence = nil
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("read again it differs (-written +read):\n%s\n%s", d, document)
	}
}

// asNINJSHolds is a story as ninjs can hold it: the whole list of what it cannot, and of what comes back another way.
func asNINJSHolds(e *feed.Entry) *wire.Story {
	s := Clean(e.Story)
	s.ID = e.Key().URI()                                          // an id that is no URI becomes one
	s.Provider, s.Received = "", wire.Received{}                  // the next gateway's own business; provider is in altIds
	s.Headline = Title(s)                                         // a story without a headline gets one
	s.Created = orElse(s.Created, e.First)                        // a feed must say when
	s.Revised = orElse(s.Revised, e.Updated())                    //
	s.Language = orElse(s.Language, "und")                        //
	s.Created, s.Revised = milli(s.Created), milli(s.Revised)     // times to the millisecond
	s.Embargo, s.Expires = milliOf(s.Embargo), milliOf(s.Expires) //
	if s.Urgency < 1 || s.Urgency > 9 {
		s.Urgency = 0
	}
	if s.Signal != wire.Correction && s.Signal != wire.Update {
		s.Signal = wire.NoSignal // a kill is its pubStatus
	}
	// The dateline's agency and date are read from its text again.
	if said, _ := ninjs.Parse(newsroom, []byte(`[{"uri":"urn:x:1","located":`+quoted(s.Dateline.Place)+`,"body_text":"x","description_dateline":`+quoted(s.Dateline.Text)+`}]`)); len(said) == 1 {
		s.Dateline = said[0].Dateline
	}
	for i, p := range s.Attribution.Sources {
		if p.Role != wire.Origin && p.Role != wire.Cited && p.Role != wire.Distributor {
			s.Attribution.Sources[i].Role = wire.Cited
		}
	}
	if s.Byline != "" { // whom it names is credited, if nobody was
		if said, _ := ninjs.Parse(newsroom, []byte(`[{"uri":"urn:x:1","body_text":"x","copyrightholder":`+quoted(s.Rights.Holder)+`,"byline":`+quoted(s.Byline)+`}]`)); len(said) == 1 {
			for _, c := range said[0].Attribution.Credits {
				if !slices.Contains(s.Attribution.Credits, c) {
					s.Attribution.Credits = append(s.Attribution.Credits, c)
				}
			}
		}
	}
	if t := s.Translation; t != nil {
		t.To = s.Language // the language of the story is what it was translated to
		if t.Of != "" {
			t.Of = wire.Key{ID: t.Of}.URI()
		}
		if t.Method != "machine" { // human is what a named translator is, and nothing else says so
			t.Method = ""
			if slices.ContainsFunc(s.Attribution.Credits, func(c wire.Credit) bool { return c.Role == wire.Translator }) {
				t.Method = "human"
			}
		}
	}
	if s.Rights.AI == "" {
		s.Rights.AI = wire.AIUnspecified
	}
	return s
}

func quoted(s string) string {
	b, err := marshalJSON(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func orElse[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}

func milli(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func milliOf(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := milli(*t)
	return &u
}

// anyNINJSStory draws a story whose every field may be there: with words that are invented, but shaped as a desk's.
func anyNINJSStory(r *rapid.T) *wire.Story {
	word := rapid.SampledFrom(strings.Fields("Kapal gas Sakhalin pasar naik warga Jumat 新潟 港 ночь Łódź “kutipan” <b> & ¡olé! a'b 100%"))
	words := func(label string, least, most int) string {
		return strings.Join(rapid.SliceOfN(word, least, most).Draw(r, label), " ")
	}
	maybe := func(label string, most int) string { return words(label, 0, most) }
	name := func(label string) string {
		return rapid.SampledFrom([]string{"Sari Wulandari", "Ken Mori", "佐藤 花子", "Oya Ünal"}).Draw(r, label)
	}
	instant := func(label string) time.Time {
		if rapid.Bool().Draw(r, label+"?") {
			return time.Time{}
		}
		return time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(r, label)).UTC()
	}
	until := func(label string) *time.Time {
		if t := instant(label); !t.IsZero() {
			return &t
		}
		return nil
	}
	list := func(label string) []string {
		return rapid.SliceOfN(rapid.SampledFrom([]string{"Tokyo", "Moskow", "東京"}), 0, 3).Draw(r, label)
	}
	n := func(label string) int { return rapid.IntRange(0, 3).Draw(r, label) }

	s := &wire.Story{
		ID:       rapid.SampledFrom([]string{"urn:newsml:desk.example:20261123:441", "20261123-0007", "http://desk.example/a?b=c", "tag:desk.example,2026:7", "x y"}).Draw(r, "id"),
		Provider: "antara", Version: rapid.Int64Range(1, wire.MaxVersion).Draw(r, "version"),
		Status:   rapid.SampledFrom([]wire.Status{wire.Usable, wire.Canceled, wire.Withheld}).Draw(r, "status"),
		Signal:   rapid.SampledFrom([]wire.Signal{"", wire.Update, wire.Correction}).Draw(r, "signal"),
		Urgency:  rapid.IntRange(0, 9).Draw(r, "urgency"),
		Language: rapid.SampledFrom([]string{"id", "en-GB", "ja", "und"}).Draw(r, "language"),
		Headline: maybe("headline", 8), Slugline: maybe("slugline", 2), Summary: maybe("summary", 8),
		Created: instant("created"), Revised: instant("revised"), Embargo: until("embargo"), Expires: until("expires"),
		Places: list("places"), Genre: maybe("genre", 2), Note: maybe("note", 5),
	}
	s.Byline = rapid.SampledFrom([]string{"", "Oleh Dewi Lestari", "By Ken Mori"}).Draw(r, "byline")
	s.Dateline = rapid.SampledFrom([]wire.Dateline{
		{}, {Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"}, {Text: "【東京共同】", Place: "東京", Agency: "Kyodo"}, {Place: "Niigata"},
		{Text: "Pelabuhan Niigata, Senin", Place: "Niigata"}, {Text: "SAITAMA, Japan, Nov. 23 (Kyodo)", Place: "SAITAMA, Japan", Agency: "Kyodo", Date: "Nov. 23"},
	}).Draw(r, "dateline")
	var html, text []string
	for i := range 1 + n("paragraphs") {
		p := fmt.Sprintf("Alinea %d: %s.", i+1, words("paragraph", 1, 12))
		html, text = append(html, "<p>"+escape(p)+"</p>"), append(text, p)
	}
	s.Body = wire.Body{HTML: strings.Join(html, ""), Text: strings.Join(text, "\n\n")}
	for range n("subjects") {
		s.Subjects = append(s.Subjects, rapid.SampledFrom([]wire.Subject{
			{Code: "medtop:11000000", Name: "politik"}, {Code: "subj:04000000"}, {Name: "energi"}, {Code: "antara-7", Name: "gas"},
			{Code: "https://desk.example/topics/gas", Name: "gas"},
		}).Draw(r, "subject"))
	}
	for range n("keywords") {
		s.Keywords = append(s.Keywords, words("keyword", 1, 2))
	}
	for _, role := range []string{wire.Origin, wire.Cited, wire.Distributor} {
		if n(role) > 0 {
			s.Attribution.Sources = append(s.Attribution.Sources, wire.Source{Name: rapid.SampledFrom([]string{"Kyodo", "TASS", "Kantor Berita Contoh"}).Draw(r, "source"), Role: role})
		}
	}
	for _, role := range []string{wire.Reporter, wire.Translator, wire.Editor, wire.Contributor, wire.Uploader} {
		if n(role) > 0 {
			s.Attribution.Credits = append(s.Attribution.Credits, wire.Credit{Name: name("name"), Role: role})
		}
	}
	s.Attribution.CreditLine = maybe("credit line", 2)
	translator := slices.ContainsFunc(s.Attribution.Credits, func(c wire.Credit) bool { return c.Role == wire.Translator })
	if translator || rapid.Bool().Draw(r, "translated") {
		s.Translation = &wire.Translation{
			Of:   rapid.SampledFrom([]string{"", "urn:newsml:kyodo.example:20261123:9", "20261123-0009"}).Draw(r, "of"),
			From: rapid.SampledFrom([]string{"und", "en", "ja"}).Draw(r, "from"), To: s.Language,
			Method: rapid.SampledFrom([]string{"", "human", "machine"}).Draw(r, "method"),
		}
	}
	s.Rights = wire.Rights{
		Holder: rapid.SampledFrom([]string{"", "ANTARA", "Kantor Berita Contoh"}).Draw(r, "holder"),
		Terms:  maybe("terms", 6), AI: rapid.SampledFrom([]wire.AIUse{wire.AIReserved, wire.AIAllowed, wire.AIUnspecified}).Draw(r, "ai"),
		Policy: rapid.SampledFrom([]string{"", "https://desk.example/terms"}).Draw(r, "policy"),
		Year:   rapid.SampledFrom([]int{0, 2026}).Draw(r, "year"),
	}
	if s.Rights.Year != 0 && s.Rights.Holder != "" && rapid.Bool().Draw(r, "notice") {
		s.Rights.Notice = "Copyright © " + s.Rights.Holder + " 2026"
	}
	if n("allow") == 0 {
		s.Rights.Territories.Allow = []string{"ID", "MY"}
	}
	if n("deny") == 0 {
		s.Rights.Territories.Deny = []string{"JP"}
	}
	for i := range n("related") {
		s.Related = append(s.Related, wire.Link{Title: fmt.Sprintf("Terkait %d %s", i, maybe("title", 3)), URL: rapid.SampledFrom([]string{"", "https://desk.example/related"}).Draw(r, "url")})
	}
	for i := range n("media") {
		s.Media = append(s.Media, wire.Media{
			URL: fmt.Sprintf("https://desk.example/media/%d", i), Type: rapid.SampledFrom([]string{"", "image/jpeg", "video/mp4", "audio/mpeg", "application/pdf"}).Draw(r, "type"),
			Credit: maybe("credit", 2), Caption: maybe("caption", 4), Length: rapid.Int64Range(0, 1e9).Draw(r, "length"),
		})
	}
	return s
}
