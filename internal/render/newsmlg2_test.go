package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// newsml is a feed in NewsML-G2.
func newsml(t testing.TB, v *feed.View) []byte {
	t.Helper()
	f := newsmlg2Format{site}
	items := make([]*item, 0, len(v.Entries))
	var written [][]byte
	for _, e := range v.Entries {
		c := contentOf(site, e)
		b, err := f.item(c)
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, b)
		items = append(items, &item{rights: termsOf(e)})
	}
	head, tail, err := f.frame(v, channelOf(v, items))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Join(append(append([][]byte{head}, written...), tail), nil)
}

// newsmlSchema is IPTC's schema, where it is at hand.
func newsmlSchema(t *testing.T) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "schemas", "NewsML-G2_2.35-Power.xsd")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the schema is not there: ", path)
	}
	return path
}

// validate has libxml2 hold documents against the schema, all at once: starting it and reading the schema costs more.
func validate(t *testing.T, documents ...[]byte) {
	t.Helper()
	schema := newsmlSchema(t)
	dir := t.TempDir()
	var files []string
	for i, d := range documents {
		file := filepath.Join(dir, fmt.Sprintf("%04d.xml", i))
		if err := os.WriteFile(file, d, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	xmllint(t, append([]string{"--schema", schema}, files...)...)
}

func TestNewsMLGolden(t *testing.T) {
	var documents [][]byte
	for name, v := range map[string]*feed.View{"dunia": fixedView(), "kosong": view()} {
		v.Def.Name = name
		b := newsml(t, v)
		testkit.Golden(t, filepath.Join("testdata", name+".newsml"), b)
		documents = append(documents, b)
	}
	validate(t, documents...)
}

// TestNewsMLOfAnything holds that whatever a story holds, the feed is valid by IPTC's schema, reads as XML, and says the
// same again.
func TestNewsMLOfAnything(t *testing.T) {
	var documents [][]byte
	for _, text := range append([]string{strings.Join(nasty, " ")}, nasty...) {
		for _, html := range []string{text, "<p>" + text + "</p>", "<p>a</p></body></html>" + text, `<p><a href="x" href="y">a</a></p>`, "<x:y/>", `<p xmlns="urn:x">a</p>`, "<p>a</p></div><div><p>b</p>"} {
			v := filled(text)
			for _, e := range v.Entries {
				e.Body.HTML = html
			}
			b := newsml(t, v)
			if err := wellFormedXML(b); err != nil {
				t.Fatalf("%q: %v", html, err)
			}
			if again := newsml(t, v); !bytes.Equal(b, again) {
				t.Errorf("%q differs when it is written again", text)
			}
			documents = append(documents, b)
		}
	}
	validate(t, documents...)
}

// TestNewsMLOfStories does so for stories as they may come, with every field there or not.
func TestNewsMLOfStories(t *testing.T) {
	var documents [][]byte
	rapid.Check(t, func(r *rapid.T) {
		var entries []*feed.Entry
		for i := range rapid.IntRange(0, 3).Draw(r, "stories") {
			entries = append(entries, entry(anyStory(r), uint64(i+1), "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z"))
		}
		documents = append(documents, newsml(t, view(entries...)))
	})
	validate(t, documents...)
}

// TestNewsMLCodesAreDeclared holds that an item's catalog has every alias that the item uses, and no other.
func TestNewsMLCodesAreDeclared(t *testing.T) {
	documents := [][]byte{newsml(t, fixedView()), newsml(t, view())}
	for _, text := range nasty {
		documents = append(documents, newsml(t, filled(text)))
	}
	for _, b := range documents {
		d := xml.NewDecoder(bytes.NewReader(b))
		declared, used := map[string]bool{}, map[string]bool{}
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			switch n := token.(type) {
			case xml.StartElement:
				for _, a := range n.Attr {
					switch name := a.Name.Local; {
					case n.Name.Local == "scheme" && name == "alias":
						declared[a.Value] = true
					case n.Name.Space == nsG2 && (name == "qcode" || name == "role" || name == "rel" || name == "type" || name == "target"):
						for code := range strings.FieldsSeq(a.Value) {
							alias, _, _ := strings.Cut(code, ":")
							used[alias] = true
						}
					}
				}
			case xml.EndElement:
				if n.Name.Local == "newsItem" || n.Name.Local == "packageItem" {
					if fmt.Sprint(declared) != fmt.Sprint(used) {
						t.Errorf("declared %v, used %v", declared, used)
					}
					declared, used = map[string]bool{}, map[string]bool{}
				}
			}
		}
	}
}

// TestNewsMLKilledIsGone holds that a story that may not be used leaves no word of itself.
func TestNewsMLKilledIsGone(t *testing.T) {
	for _, status := range []wire.Status{wire.Canceled, wire.Withheld} {
		e := killed()
		e.Status = status
		b := newsml(t, view(e))
		if i := bytes.Index(bytes.ToLower(b), []byte("rahasia")); i >= 0 {
			t.Errorf("a %s story says %q", status, b[i:min(len(b), i+30)])
		}
		for _, want := range []string{`guid="` + e.ID + `"`, `version="3"`, `<pubStatus qcode="stat:` + string(status) + `">`} {
			if !bytes.Contains(b, []byte(want)) {
				t.Errorf("a %s story lacks %s", status, want)
			}
		}
	}
}

// anyStory draws a story whose words say nothing about it beside what its fields say.
func anyStory(r *rapid.T) *wire.Story {
	word := rapid.StringMatching(`[bdfgklmn][aeiou][bdfgklmn][aeiou]{1,2}(&|<|>|"|')?`)
	// Scripts, and what XML, HTML and JSON must escape.
	words := func(label string, atLeast int) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(word, rapid.SampledFrom([]string{"新聞", "الأخبار", "ข่าว", "]]>", "&amp;", "a\u0301"})), atLeast, 6).Draw(r, label), " ")
	}
	name := func(label string) string {
		return rapid.StringMatching(`[BDFGK][aeiou][bdfgk]{1,3} [BDFGK][aeiou][bdfgk]{1,4}`).Draw(r, label)
	}
	web := func(label string) string {
		return "https://" + rapid.StringMatching(`[a-z]{3,8}\.example/[a-z0-9]{1,6}(\?a=[0-9]&b=[0-9])?`).Draw(r, label)
	}
	some := func(label string) int { return rapid.IntRange(0, 3).Draw(r, label) }
	s := &wire.Story{
		ID:       rapid.OneOf(rapid.StringMatching(`urn:newsml:[a-z]{3,6}\.example:2026[01][0-9]{3}:[A-Z0-9]{1,8}`), rapid.StringMatching(`tag:[a-z]{3,6}\.example,2026:[0-9]{1,5}`), rapid.StringMatching(`[A-Z]{2}-[0-9]{1,4}`)).Draw(r, "id"),
		Provider: rapid.StringMatching(`[a-z]{3,8}`).Draw(r, "provider"), Version: rapid.Int64Range(1, 20).Draw(r, "version"),
		Status: wire.Usable, Signal: rapid.SampledFrom([]wire.Signal{"", wire.Update, wire.Correction}).Draw(r, "signal"),
		Urgency: rapid.IntRange(0, 9).Draw(r, "urgency"), Language: rapid.SampledFrom([]string{"id", "en-GB", "ja", "zh-Hant", "und"}).Draw(r, "language"),
		Headline: words("headline", 1), Slugline: words("slugline", 0), Summary: words("summary", 0), Genre: words("genre", 0), Note: words("note", 0),
		Attribution: wire.Attribution{Sources: []wire.Source{}, Credits: []wire.Credit{}, CreditLine: words("credit line", 0)},
		Rights: wire.Rights{
			Holder: name("holder"), Year: rapid.IntRange(1900, 2099).Draw(r, "year"), Notice: words("notice", 0), Terms: words("terms", 0),
			AI: rapid.SampledFrom([]wire.AIUse{wire.AIReserved, wire.AIAllowed, wire.AIUnspecified}).Draw(r, "ai"),
		},
	}
	if rapid.Bool().Draw(r, "policy") {
		s.Rights.Policy = web("policy address")
	}
	for range 1 + some("paragraphs") {
		p := words("paragraph", 3)
		s.Body.Text += p + "\n\n"
		s.Body.HTML += "<p>" + escape(p) + " <em>koro</em></p>"
	}
	s.Body.Text = strings.ReplaceAll(strings.TrimSpace(s.Body.Text), "\n\n", " koro\n\n") + " koro"
	if rapid.Bool().Draw(r, "dateline") {
		s.Dateline = wire.Dateline{Text: "Koro (ANTARA)", Place: "Koro", Agency: "ANTARA"}
	}
	if rapid.Bool().Draw(r, "times") {
		s.Created, s.Revised = at("2026-11-23T01:02:03Z"), at("2026-11-23T04:05:06.789Z")
		embargo, expires := at("2026-11-23T05:00:00Z"), at("2026-12-31T23:59:59.5Z")
		s.Embargo, s.Expires = &embargo, &expires
	}
	if rapid.Bool().Draw(r, "translation") {
		s.Translation = &wire.Translation{
			Of:   rapid.OneOf(rapid.Just(""), rapid.StringMatching(`urn:[a-z]{3}:[0-9]{3}`), rapid.Just(web("original"))).Draw(r, "of"),
			From: rapid.SampledFrom([]string{"en", "ja", "und"}).Draw(r, "from"), To: s.Language, Method: rapid.SampledFrom([]string{"human", "machine"}).Draw(r, "method"),
		}
	}
	for i := range 1 + some("sources") { // a record has one origin at least
		s.Attribution.Sources = append(s.Attribution.Sources, wire.Source{
			Name: name("source") + fmt.Sprint(i), Role: []string{wire.Origin, wire.Distributor, wire.Cited, wire.Origin}[i],
		})
	}
	roles := rapid.SampledFrom([]string{wire.Translator, wire.Reporter, wire.Editor, wire.Uploader, wire.Contributor})
	for i := range some("credits") {
		s.Attribution.Credits = append(s.Attribution.Credits, wire.Credit{Name: name("credit") + fmt.Sprint(i), Role: roles.Draw(r, "role")})
	}
	for range some("subjects") {
		s.Subjects = append(s.Subjects, rapid.SampledFrom([]wire.Subject{
			{Code: "medtop:20000002", Name: words("topic", 1)}, {Code: "subj:11000000"}, {Name: words("topic", 1)},
			{Code: "house:7", Name: "rumah"}, {Code: web("topic address")}, {Code: "medtop:two words"},
		}).Draw(r, "subject"))
	}
	for range some("lists") {
		s.Places, s.Keywords = append(s.Places, name("place")), append(s.Keywords, words("keyword", 1))
		s.Rights.Territories.Allow = append(s.Rights.Territories.Allow, "ID")
		s.Related = append(s.Related, wire.Link{Title: words("related", 1)}, wire.Link{Title: words("related", 0), URL: web("related address")})
		s.Media = append(s.Media, wire.Media{
			URL: web("media"), Type: rapid.SampledFrom([]string{"", "image/jpeg", "video/mp4"}).Draw(r, "type"),
			Credit: words("media credit", 0), Caption: words("caption", 0), Length: rapid.Int64Range(0, 1e9).Draw(r, "length"),
		})
	}
	return s
}
