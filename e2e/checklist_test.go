package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/net/html"

	"kawat/internal/feed"
	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// TestPromises holds a running gateway to what docs/feeds.md promises of its feeds, by what it answers over HTTP.
func TestPromises(t *testing.T) {
	t.Parallel()
	s := prepareServices(t, everything)
	s.startPublish(t)
	t.Run("NotReadyYet", s.notReadyYet)
	l := s.ledger(t)
	for _, story := range append(hostile(), everyField(), hostileEverywhere()) {
		if _, err := l.Record(t.Context(), []*wire.Story{story}); err != nil {
			t.Fatal(err)
		}
	}
	s.startIngest(t)
	s.waitReady(t)
	if _, err := s.pusher(t).Push(t.Context(), ledger.Push{Provider: "efe", Data: []byte(hostileHTML)}); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 60*time.Second, func() error {
		if err := allSettled(t, s.nats); err != nil {
			return err
		}
		f, err := s.read("/feeds/everything.rss")
		if want := len(s.held(t)); err == nil && len(f.Items) != want {
			err = fmt.Errorf("%d stories of %d", len(f.Items), want)
		}
		return err
	})
	t.Run("ValidBodies", s.validBodies)
	t.Run("SelfAndType", s.selfAndType)
	t.Run("SameIDs", s.sameIDs)
	t.Run("Dates", s.dates)
	t.Run("CleanHTML", s.cleanHTML)
	t.Run("Notices", s.notices)
	t.Run("Validators", s.validators)
	t.Run("CacheRules", s.cacheRules)
	t.Run("Errors", s.errors)
}

// hostileEverywhere has what breaks documents in each of its texts.
func hostileEverywhere() *wire.Story {
	const bad = "a\x00\x01\x0b\x1f]]>\ufffe\uffff\x7f\u0085\u2028<![CDATA[</item></entry></newsItem>&nosuch;&#0;\"'>z"
	s := everyField()
	s.ID, s.Received.Digest, s.Received.Sequence = "urn:test:hostile-everywhere", "sha256:hostile-everywhere", 2
	s.Headline, s.Slugline, s.Byline, s.Summary, s.Genre, s.Note = bad, bad, bad, bad, bad, bad
	s.Dateline = wire.Dateline{Text: bad, Place: bad, Agency: bad, Date: bad}
	s.Body.Text = bad // its HTML is made of it
	s.Body.HTML = ""
	s.Language = "x\"><b>"
	s.Subjects = []wire.Subject{{Code: bad, Name: bad}, {Code: "medtop:" + bad, Name: bad}}
	s.Places, s.Keywords = []string{bad}, []string{bad}
	s.Attribution = wire.Attribution{Sources: []wire.Source{{Name: bad, Role: bad}}, Credits: []wire.Credit{{Name: bad, Role: bad}, {Name: bad, Role: wire.Reporter}}, CreditLine: bad}
	s.Translation = &wire.Translation{Of: "https://a.example/" + bad, From: bad, To: bad, Method: bad}
	s.Rights = wire.Rights{Holder: bad, Notice: bad, Terms: bad, AI: wire.AIReserved, Policy: "https://a.example/" + bad, Territories: wire.Territories{Allow: []string{bad}, Deny: []string{bad}}}
	s.Related = []wire.Link{{Title: bad, URL: "javascript:alert(1)"}, {Title: bad, URL: "https://a.example/" + bad}}
	s.Media = []wire.Media{{URL: "https://a.example/x", Type: bad, Credit: bad, Caption: bad}, {URL: "file:///etc/passwd", Type: "image/png", Length: 1}}
	return s
}

// hostileHTML is a story whose HTML would do harm in a reader.
const hostileHTML = `{"uri": "urn:test:hostile-html", "version": "1", "type": "text", "language": "es", "headlines": [{"role": "main", "value": "Un faro"}],
	"bodies": [{"role": "main", "contentType": "text/html", "value": "<p onclick='x()' style='position:fixed'>El faro <a href='javascript:alert(1)'>vuelve</a> a <a href='/relativo'>encenderse</a> <a href='https://faro.example/a'>hoy</a>.</p><script>alert(2)</script><iframe src='https://mal.example/'></iframe><img src='data:image/png;base64,AAAA' onerror='x()'><form action='https://mal.example/'><input name='a'></form><object data='x'></object><style>p{}</style><p>El faro alumbra de nuevo.</p>"}]}`

// get gets an address with headers, and as it is: without a coding that was not asked for.
func (g *gateway) get(t *testing.T, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, g.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func (s *services) notReadyYet(t *testing.T) {
	testkit.Eventually(t, 20*time.Second, func() error { _, _, err := status(s.base + "/feeds/everything.rss"); return err })
	for _, path := range formats {
		resp, body := s.get(t, http.MethodGet, path)
		if after, err := strconv.Atoi(resp.Header.Get("Retry-After")); resp.StatusCode != http.StatusServiceUnavailable || err != nil || after < 1 {
			t.Errorf("%s: %s, Retry-After %q: %s", path, resp.Status, resp.Header.Get("Retry-After"), body)
		}
	}
}

func (s *services) validBodies(t *testing.T) {
	dir, xmls, atoms, messages := t.TempDir(), []string{}, []string{}, []string{}
	for _, path := range formats {
		_, body := s.get(t, http.MethodGet, path)
		file := filepath.Join(dir, filepath.Base(path))
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, r := range body {
			if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFD || r == 0xFFFE || r == 0xFFFF {
				t.Fatalf("%s has %U", path, r)
			}
		}
		switch filepath.Ext(path) {
		case ".json", ".ninjs":
			if !json.Valid([]byte(body)) {
				t.Errorf("%s is no JSON", path)
			}
			continue
		case ".atom":
			atoms = append(atoms, file)
		case ".newsml":
			messages = append(messages, file)
		}
		xmls = append(xmls, file)
	}
	lint(t, nil, xmls)
	schemas := filepath.Join(testkit.Root(t), "..", "shared", "schemas")
	if _, err := os.Stat(schemas); errors.Is(err, fs.ErrNotExist) {
		return // they are not part of the project
	}
	lint(t, []string{"--relaxng", filepath.Join(schemas, "atom.rng")}, atoms)
	lint(t, []string{"--schema", filepath.Join(schemas, "NewsML-G2_2.35-Power.xsd")}, messages)
	_, body := s.get(t, http.MethodGet, "/feeds/everything.ninjs")
	validItems(t, filepath.Join(schemas, "ninjs-3.1.json"), body)
}

// validItems checks each item of a feed in ninjs by IPTC's schema.
func validItems(t *testing.T, schema, body string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(readFile(t, schema)))
	if err != nil {
		t.Fatal(err)
	}
	const id = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	// The schema refers to another one, for positions, which no item has.
	for address, resource := range map[string]any{id: doc, "https://geojson.org/schema/GeoJSON.json": false} {
		if err := c.AddResource(address, resource); err != nil {
			t.Fatal(err)
		}
	}
	compiled, err := c.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	items, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range items.([]any) {
		if err := compiled.Validate(item); err != nil {
			t.Error(err)
		}
	}
}

// lint has libxml2 read files, which knows XML better than a parser of the feeds' own language.
func lint(t *testing.T, options, files []string) {
	t.Helper()
	args := slices.Concat([]string{"--noout", "--nonet"}, options, files)
	if out, err := exec.Command("xmllint", args...).CombinedOutput(); err != nil {
		t.Errorf("xmllint %v: %v\n%s", options, err, out)
	}
}

func (s *services) selfAndType(t *testing.T) {
	for path, want := range map[string]string{
		".rss": "application/rss+xml", ".atom": "application/atom+xml", ".json": "application/feed+json", ".ninjs": "application/json",
		".newsml": "application/vnd.iptc.g2.newsmessage+xml",
	} {
		path = "/feeds/everything" + path
		resp, _ := s.get(t, http.MethodGet, path)
		media, parameters, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		if err != nil || media != want || parameters["charset"] != "utf-8" {
			t.Errorf("%s has the Content-Type %q", path, resp.Header.Get("Content-Type"))
		}
		self := 0
		for _, link := range strings.Split(strings.Join(resp.Header.Values("Link"), ", "), ", ") {
			if strings.Contains(link, `rel="self"`) {
				self++
				if want := "<" + s.base + path + `>; rel="self"`; link != want {
					t.Errorf("%s says %s, want %s", path, link, want)
				}
			}
		}
		if self != 1 {
			t.Errorf("%s has %d links to itself", path, self)
		}
	}
}

// ids are those of a feed's entries, in their order.
func (s *services) ids(t *testing.T, f feed.Format) []string {
	t.Helper()
	_, body := s.get(t, http.MethodGet, "/feeds/everything."+string(f))
	var ids []string
	switch f {
	case feed.NewsMLG2:
		for _, item := range elementsOf(t, body).nodes([]string{"newsMessage", "itemSet", "newsItem"}) {
			ids = append(ids, item.at([]string{"@guid"})...)
		}
	case feed.NINJS:
		var items []struct{ URI string }
		if err := json.Unmarshal([]byte(body), &items); err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			ids = append(ids, item.URI)
		}
	default:
		parsed, err := parseFeed(body)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range parsed.Items {
			ids = append(ids, item.GUID)
		}
	}
	return ids
}

func (s *services) sameIDs(t *testing.T) {
	var want []string
	for _, e := range s.held(t) {
		want = append(want, e.Key().URI())
	}
	for _, f := range feed.Formats {
		if diff := cmp.Diff(want, s.ids(t, f)); diff != "" {
			t.Errorf("%s (-recorded +served):\n%s", f, diff)
		}
	}
	if sorted := slices.Sorted(slices.Values(want)); len(slices.Compact(sorted)) != len(want) {
		t.Error("an id is there twice")
	}
	_, body := s.get(t, http.MethodGet, formats[0])
	for _, guid := range elementsOf(t, body).nodes([]string{"rss", "channel", "item", "guid"}) {
		if permalink := guid.at([]string{"@isPermaLink"}); !slices.Equal(permalink, []string{"false"}) {
			t.Errorf("%s: isPermaLink is %q", guid.text, permalink)
		}
	}
}

func (s *services) dates(t *testing.T) {
	entries := s.held(t)
	newest := entries[0].Updated().UTC()
	_, body := s.get(t, http.MethodGet, "/feeds/everything.rss")
	channel := elementsOf(t, body).nodes([]string{"rss", "channel"})[0]
	if got, want := channel.at([]string{"lastBuildDate"}), newest.Format(http.TimeFormat); !slices.Equal(got, []string{want}) {
		t.Errorf("lastBuildDate is %q, want %s", got, want)
	}
	for i, item := range channel.nodes([]string{"item"}) {
		if got, want := item.at([]string{"pubDate"}), entries[i].First.UTC().Format(http.TimeFormat); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: pubDate is %q, want %s", entries[i].ID, got, want)
		}
	}
	_, body = s.get(t, http.MethodGet, "/feeds/everything.atom")
	document := elementsOf(t, body).nodes([]string{"feed"})[0]
	at := func(n *node, name string) time.Time {
		got := n.at([]string{name})
		if len(got) != 1 {
			t.Fatalf("%d times %s", len(got), name)
		}
		when, err := time.Parse(time.RFC3339, got[0])
		if err != nil {
			t.Error(err)
		}
		return when
	}
	if got := at(document, "updated"); !got.Equal(newest.Truncate(time.Millisecond)) {
		t.Errorf("the feed was updated %s, its newest entry %s", got, newest)
	}
	for i, item := range document.nodes([]string{"entry"}) {
		published, updated := at(item, "published"), at(item, "updated")
		if e := entries[i]; !published.Equal(e.First.Truncate(time.Millisecond)) || !updated.Equal(e.Updated().Truncate(time.Millisecond)) {
			t.Errorf("%s: %s and %s, recorded %s and %s", e.ID, published, updated, e.First, e.Updated())
		}
	}
}

// harmless are the addresses that an attribute may have.
var harmless = regexp.MustCompile(`^https?://`)

func (s *services) cleanHTML(t *testing.T) {
	_, body := s.get(t, http.MethodGet, "/feeds/everything.json")
	var doc struct {
		Items []struct {
			ID    string `json:"id"`
			URL   string `json:"url"`
			Title string `json:"title"`
			HTML  string `json:"content_html"`
		}
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	for _, item := range doc.Items {
		if !harmless.MatchString(item.URL) || item.Title == "" || item.Title != folded(item.Title) {
			t.Errorf("%s: %q at %q", item.ID, item.Title, item.URL)
		}
		root, err := html.Parse(strings.NewReader(item.HTML))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if slices.Contains([]string{"script", "style", "iframe", "object", "embed", "form", "input", "link", "meta", "base", "svg"}, n.Data) {
				t.Errorf("%s has a <%s>", item.ID, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || slices.Contains([]string{"href", "src"}, a.Key) && !harmless.MatchString(a.Val) {
					t.Errorf("%s has %s=%q", item.ID, a.Key, a.Val)
				}
			}
		}
		if item.ID == "urn:test:hostile-html" && (!strings.Contains(item.HTML, `href="https://faro.example/a"`) || !strings.Contains(item.HTML, "alumbra de nuevo")) {
			t.Errorf("what is harmless is gone too: %s", item.HTML)
		}
	}
}

func (s *services) notices(t *testing.T) {
	for _, path := range formats {
		resp, body := s.get(t, http.MethodGet, path)
		if resp.StatusCode != http.StatusOK || strings.Contains(body, "Rahasia") || !strings.Contains(body, "urn:test:killed") || !strings.Contains(body, "urn:test:withheld") {
			t.Errorf("%s has a word of a killed story, or no notice", path)
		}
	}
	_, body := s.get(t, http.MethodGet, "/feeds/everything.atom")
	tombstones := elementsOf(t, body).nodes([]string{"feed", "at:deleted-entry"})
	if len(tombstones) != 2 {
		t.Errorf("%d tombstones", len(tombstones))
	}
	for _, stone := range tombstones {
		if len(stone.at([]string{"@ref"})) != 1 || len(stone.at([]string{"@when"})) != 1 || len(stone.at([]string{"at:comment"})) != 1 {
			t.Errorf("a tombstone is %+v", stone.children)
		}
	}
	killed := wire.Key{Provider: "antara", ID: "urn:test:killed"}
	if resp, page := s.get(t, http.MethodGet, "/stories/"+killed.Token()); resp.StatusCode != http.StatusGone || strings.Contains(page, "Rahasia") {
		t.Errorf("its page: %s", resp.Status)
	}
}

func (s *services) validators(t *testing.T) {
	for _, path := range formats {
		tags := map[string]string{}
		for _, coding := range []string{"identity", "gzip"} {
			accept := []string{"Accept-Encoding", coding}
			var whole *http.Response
			// A date that another change might still get is not given yet.
			testkit.Eventually(t, 20*time.Second, func() error {
				whole, _ = s.get(t, http.MethodGet, path, accept...)
				if whole.Header.Get("Last-Modified") == "" {
					return errors.New("there is no Last-Modified")
				}
				return nil
			})
			etag := whole.Header.Get("ETag")
			if len(etag) < 10 || etag[0] != '"' || tags[etag] != "" {
				t.Errorf("%s in %s has the ETag %s, as in %s", path, coding, etag, tags[etag])
			}
			tags[etag] = coding
			head, body := s.get(t, http.MethodHead, path, accept...)
			sameHeaders(t, path+" HEAD", whole, head, "Content-Length", "Content-Type", "Content-Encoding")
			if head.StatusCode != http.StatusOK || body != "" {
				t.Errorf("HEAD %s: %s and %d bytes", path, head.Status, len(body))
			}
			const past, future = "Thu, 01 Jan 1998 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
			for _, ask := range []struct {
				name   string
				header []string
				status int
			}{
				{"the tag", []string{"If-None-Match", etag}, http.StatusNotModified},
				{"a list", []string{"If-None-Match", `"other", ` + etag + `, "more"`}, http.StatusNotModified},
				{"a weak tag", []string{"If-None-Match", "W/" + etag}, http.StatusNotModified},
				{"any", []string{"If-None-Match", "*"}, http.StatusNotModified},
				{"another tag", []string{"If-None-Match", `"other"`}, http.StatusOK},
				{"another tag and a late date", []string{"If-None-Match", `"other"`, "If-Modified-Since", future}, http.StatusOK},
				{"the tag and an early date", []string{"If-None-Match", etag, "If-Modified-Since", past}, http.StatusNotModified},
				{"the date", []string{"If-Modified-Since", whole.Header.Get("Last-Modified")}, http.StatusNotModified},
				{"an early date", []string{"If-Modified-Since", past}, http.StatusOK},
			} {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					resp, body := s.get(t, method, path, append(slices.Clone(accept), ask.header...)...)
					if resp.StatusCode != ask.status || ask.status == http.StatusNotModified && body != "" {
						t.Errorf("%s %s in %s by %s: %s and %d bytes", method, path, coding, ask.name, resp.Status, len(body))
					}
					sameHeaders(t, path+" by "+ask.name, whole, resp)
				}
			}
		}
	}
}

// sameHeaders compares the headers that a 304 and HEAD have like the whole answer.
func sameHeaders(t *testing.T, what string, want, got *http.Response, more ...string) {
	t.Helper()
	for _, name := range append([]string{"ETag", "Last-Modified", "Cache-Control", "Vary", "Link"}, more...) {
		if diff := cmp.Diff(want.Header.Values(name), got.Header.Values(name)); diff != "" {
			t.Errorf("%s, %s:\n%s", what, name, diff)
		}
	}
}

func (s *services) cacheRules(t *testing.T) {
	for _, path := range formats {
		resp, _ := s.get(t, http.MethodGet, path)
		rules := map[string]int{}
		for rule := range strings.SplitSeq(resp.Header.Get("Cache-Control"), ", ") {
			name, value, _ := strings.Cut(rule, "=")
			rules[name], _ = strconv.Atoi(value) // 0 for a rule without a value
		}
		_, public := rules["public"]
		if age, stale := rules["max-age"], rules["stale-if-error"]; !public || age < 1 || age > 60 || stale < 1 || stale > 300 {
			t.Errorf("%s may be kept %q", path, resp.Header.Get("Cache-Control"))
		}
		if !strings.Contains(resp.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s varies by %q", path, resp.Header.Get("Vary"))
		}
	}
}

func (s *services) errors(t *testing.T) {
	for _, ask := range []struct {
		method, path, accept, contentType string
		status                            int
	}{
		{http.MethodGet, "/feeds/nothing.rss", "*/*", "text/plain", http.StatusNotFound},
		{http.MethodGet, "/feeds/everything.docx", "application/json", "application/problem+json", http.StatusNotFound},
		{http.MethodGet, "/stories/nothing", "application/feed+json", "application/problem+json", http.StatusNotFound},
		{http.MethodGet, "/nothing/at/all", "text/html", "text/html", http.StatusNotFound},
		{http.MethodPost, "/feeds/everything.rss", "*/*", "text/plain", http.StatusMethodNotAllowed},
	} {
		resp, body := s.get(t, ask.method, ask.path, "Accept", ask.accept)
		media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
		if resp.StatusCode != ask.status || media != ask.contentType || len(body) < 20 || strings.Contains(body, "goroutine") || strings.Contains(body, ".go:") {
			t.Errorf("%s %s: %s, %s: %s", ask.method, ask.path, resp.Status, media, body)
		}
		if !strings.Contains(resp.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s %s may be kept: %q", ask.method, ask.path, resp.Header.Get("Cache-Control"))
		}
		if ask.contentType == "application/problem+json" && !json.Valid([]byte(body)) {
			t.Errorf("%s: %s", ask.path, body)
		}
	}
}

// promised names a test in docs/feeds.md: its room, its name, and the part of it.
var promised = regexp.MustCompile("`(\\w+)\\.((?:Test|Fuzz)\\w+)(?:/(\\w+))?`")

// TestPromisesHaveTests: every test that docs/feeds.md names for a promise is there, and every promise names one.
func TestPromisesHaveTests(t *testing.T) {
	root := testkit.Root(t)
	_, section, ok := strings.Cut(readFile(t, filepath.Join(root, "docs", "feeds.md")), "\n## What is promised, and the test of it\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if !ok {
		t.Fatal("docs/feeds.md has no such section")
	}
	tests := testsOf(t, root)
	rows := 0
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promise") {
			continue
		}
		rows++
		named := promised.FindAllStringSubmatch(line, -1)
		if len(named) == 0 {
			t.Errorf("no test is named: %s", line)
		}
		for _, name := range named {
			if parts, ok := tests[name[1]+"."+name[2]]; !ok || name[3] != "" && !slices.Contains(parts, name[3]) {
				t.Errorf("there is no test %s", name[0])
			}
		}
	}
	if rows < 10 {
		t.Errorf("%d promises", rows)
	}
}

// testsOf are all tests of the project, by the name of their folder and their own, each with the names of its parts.
func testsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != root):
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil {
				continue
			}
			parts := []string{}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 {
					if run, ok := call.Fun.(*ast.SelectorExpr); ok && run.Sel.Name == "Run" {
						if name, ok := call.Args[0].(*ast.BasicLit); ok {
							parts = append(parts, strings.Trim(name.Value, `"`))
						}
					}
				}
				return true
			})
			all[filepath.Base(filepath.Dir(path))+"."+f.Name.Name] = parts
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
