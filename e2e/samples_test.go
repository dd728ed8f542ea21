package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
	"kawat/samples"
)

func readFile(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestSamples: every sample, pushed as a desk pushes, is read back from every feed in every format with all that it says
// of attribution, translation and rights; on real servers and on the embedded ones alike.
func TestSamples(t *testing.T) {
	t.Run("services", func(t *testing.T) { pushAndRead(t, &startServices(t, "").gateway) })
	t.Run("embedded", func(t *testing.T) { pushAndRead(t, &startEmbedded(t, "").gateway) })
}

func pushAndRead(t *testing.T, g *gateway) {
	kawat := testkit.Build(t, "./cmd/kawat")
	readable := map[string]*wire.Story{}
	for _, sample := range samples.All() {
		stories, _ := decode.Decode(&wire.Copy{Data: sample.Data, Profile: decode.Profile(sample.Provider)})
		for _, story := range stories {
			readable[story.ID] = story
		}
		file := filepath.Join(testkit.Root(t), "samples", sample.Name)
		out, err := exec.Command(kawat, "push", "--nats", g.nats, "--provider", sample.Provider, file).CombinedOutput()
		if err != nil {
			t.Fatalf("push %s: %v\n%s", sample.Name, err, out)
		}
		// One at a time, so that their order in the feeds is theirs.
		testkit.Eventually(t, 20*time.Second, func() error { return allSettled(t, g.nats) })
	}
	testkit.Eventually(t, 20*time.Second, func() error {
		f, err := g.read("/feeds/all.rss")
		if err == nil && len(f.Items) != len(readable) {
			err = fmt.Errorf("%d stories in the feed, want %d", len(f.Items), len(readable))
		}
		return err
	})
	for _, feed := range []string{
		"all", "agency-antara", "agency-kyodo", "lang-ar", "lang-de", "lang-en", "lang-es", "lang-fr", "lang-id", "lang-ja", "lang-ko",
		"lang-ms", "lang-pt", "lang-ru", "lang-th", "lang-vi", "lang-zh",
	} {
		for _, format := range []string{"rss", "atom", "json"} {
			t.Run(feed+"."+format, func(t *testing.T) { golden(t, g, feed, format) })
		}
	}
	t.Run("all.ninjs", func(t *testing.T) { inNINJS(t, g, readable) })
	t.Run("all.newsml", func(t *testing.T) { inNewsML(t, g, readable) })
	quarantined(t, g)
}

// reading is what a reader has of a story, without what differs from run to run.
type reading struct {
	ID, Title, Link                 string
	Description, Content            string
	Authors                         []string
	Categories                      []string                    `json:",omitempty"`
	Extensions                      map[string][]map[string]any `json:",omitempty"`
	Kawat                           any                         `json:",omitempty"`
	DublinCore                      *ext.DublinCoreExtension    `json:",omitempty"`
	PublishedIsUpdated              bool
	Language, ExternalURL, Copright string `json:",omitempty"`
}

func golden(t *testing.T, g *gateway, feed, format string) {
	path := "/feeds/" + feed + "." + format
	body, err := g.fetch(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := gofeed.NewParser().ParseString(body)
	if err != nil {
		t.Fatal(err)
	}
	extensions := map[string]json.RawMessage{} // JSON Feed's, which gofeed leaves out
	if format == "json" {
		extensions = kawatExtensions(t, body)
	}
	type page struct {
		Title, Language, FeedLink string
		Items                     []reading
	}
	got := page{Title: f.Title, Language: f.Language, FeedLink: f.FeedLink}
	for _, item := range f.Items {
		r := reading{
			ID: item.GUID, Title: item.Title, Link: item.Link, Description: item.Description, Content: item.Content,
			Categories: item.Categories, Extensions: flatten(item.Extensions), DublinCore: item.DublinCoreExt,
			PublishedIsUpdated: item.PublishedParsed != nil && item.UpdatedParsed != nil && item.PublishedParsed.Equal(*item.UpdatedParsed),
		}
		for _, a := range item.Authors {
			r.Authors = append(r.Authors, a.Name)
		}
		if e, ok := extensions[item.GUID]; ok {
			if err := json.Unmarshal(e, &r.Kawat); err != nil {
				t.Fatal(err)
			}
		}
		got.Items = append(got.Items, r)
	}
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	have := strings.ReplaceAll(text.String(), g.base, "http://gateway")
	testkit.Golden(t, filepath.Join("testdata", feed+"."+format+".golden.json"), []byte(have))
}

// flatten makes the extensions of an entry comparable: by name, each with its attributes and text. Times differ from run to
// run and are left out.
func flatten(all ext.Extensions) map[string][]map[string]any {
	flat := map[string][]map[string]any{}
	for space, elements := range all {
		for name, list := range elements {
			for _, e := range list {
				if name == "updated" {
					continue
				}
				flat[space+":"+name] = append(flat[space+":"+name], element(e))
			}
		}
	}
	return flat
}

func element(e ext.Extension) map[string]any {
	m := map[string]any{}
	for k, v := range e.Attrs {
		m["@"+k] = v
	}
	if v := strings.TrimSpace(e.Value); v != "" {
		m["text"] = v
	}
	for name, children := range e.Children {
		var list []any
		for _, c := range children {
			list = append(list, element(c))
		}
		m[name] = list
	}
	return m
}

func kawatExtensions(t *testing.T, body string) map[string]json.RawMessage {
	var doc struct {
		Items []struct {
			ID    string          `json:"id"`
			Kawat json.RawMessage `json:"_kawat"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	m := map[string]json.RawMessage{}
	for _, item := range doc.Items {
		m[item.ID] = item.Kawat
	}
	return m
}

// quarantined checks that what cannot be read was kept whole, with its reason.
func quarantined(t *testing.T, g *gateway) {
	nc, err := nats.Connect(g.nats)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, _ := jetstream.New(nc)
	stream, err := js.Stream(t.Context(), ledger.QuarantineStream)
	if err != nil {
		t.Fatal(err)
	}
	msg, err := stream.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	all := samples.All()
	i := slices.IndexFunc(all, func(s samples.Sample) bool { return strings.HasPrefix(s.Name, "unreadable") })
	if !bytes.Equal(msg.Data, all[i].Data) {
		t.Error("what is on QUARANTINE is not what was pushed")
	}
	if code, reason := msg.Header.Get("Kawat-Code"), msg.Header.Get("Kawat-Reason"); code != "not-well-formed" || len(reason) < 20 {
		t.Errorf("quarantined as %q: %q", code, reason)
	}
}

// TestSameBytesAfterRestart: stopped and started again on the same folder, the gateway serves the same bytes.
func TestSameBytesAfterRestart(t *testing.T) {
	g := startEmbedded(t, "", "--samples")
	paths := []string{"/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/feeds/all.ninjs", "/feeds/all.newsml", "/feeds/lang-id.rss", "/feeds/agency-kyodo.atom", "/"}
	testkit.Eventually(t, 20*time.Second, func() error {
		if !strings.Contains(g.Output(), "kawat runs.") {
			return fmt.Errorf("it does not say that it runs: %s", g.Output())
		}
		f, err := g.read("/feeds/all.rss")
		if err == nil && len(f.Items) < 5 {
			err = fmt.Errorf("%d stories", len(f.Items))
		}
		return err
	})
	before := map[string]string{}
	read := func() error {
		for _, path := range paths {
			body, err := g.fetch(path)
			if err != nil {
				return err
			}
			if was, ok := before[path]; ok && was != body {
				return fmt.Errorf("%s differs after the restart:\n%s", path, cmp.Diff(was, body))
			}
			before[path] = body
		}
		return nil
	}
	if err := read(); err != nil {
		t.Fatal(err)
	}
	if code := g.Stop(20 * time.Second); code != 0 {
		t.Errorf("it ended with %d on SIGTERM", code)
	}
	g.Restart()
	g.waitReady(t)
	testkit.Eventually(t, 20*time.Second, read)
}
