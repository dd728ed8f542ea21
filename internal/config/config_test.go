package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// written makes a configuration file of text, and gives its path.
func written(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kawat.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBadFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			c, err := Load(file)
			var problems Problems
			if c != nil || !errors.As(err, &problems) {
				t.Fatalf("it loaded: %+v, %v", c, err)
			}
			got := err.Error() + "\n"
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			testkit.Golden(t, golden, []byte(got))
			if strings.Contains(got, "rahasia") {
				t.Error("a secret is in the message")
			}
			for _, p := range problems {
				if p.Line < 1 || p.Column < 1 || !strings.Contains(p.Text, ": ") {
					t.Errorf("%+v has no place, or no remedy", p)
				}
			}
		})
	}
}

func TestFileThatIsNotThere(t *testing.T) {
	_, err := Load("testdata/nowhere.yaml")
	want := "testdata/nowhere.yaml: it cannot be read (no such file or directory): give the path of a configuration file"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestFileThatIsTooLarge(t *testing.T) {
	_, err := Load(written(t, strings.Repeat("# kawat\n", maxFile/8+1)))
	if err == nil || !strings.Contains(err.Error(), "larger than such a file may be") {
		t.Error(err)
	}
}

func TestEmptyFilesAreTheDefault(t *testing.T) {
	for _, text := range []string{"", "# nothing yet\n", "---\n", "feeds:\nproviders:\ngateway:\n  title:\n"} {
		c, err := Load(written(t, text))
		if err != nil || !reflect.DeepEqual(c, Default()) {
			t.Errorf("%q: %+v, %v", text, c, err)
		}
	}
}

func TestExample(t *testing.T) {
	c, err := Load("../../kawat.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Providers) != 2 || c.Providers[0].Rights.AI != wire.AIReserved || c.Providers[1].Charset != "windows-1252" {
		t.Errorf("providers: %+v", c.Providers)
	}
	var got []string
	for _, d := range c.Feeds {
		got = append(got, fmt.Sprint(d.Name, " ", d.Size))
	}
	if want := "indonesia 100, kyodo-terjemahan 50, kilat 50, politik 50, open-to-ai 50, semua 50"; strings.Join(got, ", ") != want {
		t.Errorf("feeds: %v", got)
	}
	router, err := feed.Compile(c.Feeds)
	if err != nil {
		t.Fatal(err)
	}
	in, failed := router.Feeds(&wire.Story{Language: "id", Provider: "antara"})
	if len(in) != 3 || failed != nil {
		t.Errorf("a bare story is in %v, failed %v", in, failed)
	}
}

// Every key is in the example, at least as a comment: it is what desks copy from.
func TestExampleHasEveryKey(t *testing.T) {
	text, err := os.ReadFile("../../kawat.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct {
			return
		}
		for f := range typ.Fields() {
			if key := keyOf(f); key != "-" {
				if !strings.Contains(string(text), key+":") {
					t.Errorf("%s is not in the example", key)
				}
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[Config]())
}

func TestValuesAreCompleted(t *testing.T) {
	c, err := Load(written(t, `
gateway: {base_url: "http://[::1]:8080/"}
redis:
  addresses: ["a:1", "b:2"]
  master_name: kawat
  db: 3
providers:
  - {name: a, language: zh-hans, timezone: ""}
  - {name: b, language: in}
feeds:
  - name: id
    title: |
      Indonesia
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Gateway.BaseURL != "http://[::1]:8080" || c.Gateway.Title != "kawat" {
		t.Errorf("gateway: %+v", c.Gateway)
	}
	if c.Providers[0].Language != "zh-Hans" || c.Providers[1].Language != "id" {
		t.Errorf("providers: %+v", c.Providers)
	}
	if want := (feed.Def{Name: "id", Title: "Indonesia", Size: feed.DefaultSize}); c.Feeds[0] != want {
		t.Errorf("feeds: %+v", c.Feeds)
	}
}

func TestSecretsStayOutOfSight(t *testing.T) {
	path := written(t, "nats: {user: ingest, password_file: nats.txt}\nredis: {password_file: redis.txt}\n")
	for _, name := range []string{"nats.txt", "redis.txt"} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), name), []byte("rahasia\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.NATS.Password.Reveal() != "rahasia" || c.Redis.Password.Reveal() != "rahasia" {
		t.Errorf("the passwords are %q and %q", c.NATS.Password.Reveal(), c.Redis.Password.Reveal())
	}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("configuration", "config", c, "password", c.NATS.Password, "nats", c.NATS)
	slog.New(slog.NewTextHandler(&log, nil)).Info("configuration", "config", *c, "password", c.Redis.Password)
	outputs := []string{string(asJSON), string(asYAML), log.String()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		outputs = append(outputs, fmt.Sprintf(verb, c), fmt.Sprintf(verb, c.NATS), fmt.Sprintf(verb, c.Redis.Password))
	}
	for _, out := range outputs {
		if strings.Contains(out, "rahasia") || strings.Contains(out, fmt.Sprintf("%x", "rahasia")) {
			t.Errorf("the secret is in %s", out)
		}
	}
	if s := fmt.Sprint(Secret{}); s != "" {
		t.Errorf("no secret prints as %q", s)
	}
}

func TestValidInbox(t *testing.T) {
	for prefix, want := range map[string]bool{
		"_INBOX": true, "_INBOX_ingest": true, "answers.desk-2": true, "jawaban.meja_é": true,
		"": false, ".": false, "a.": false, ".a": false, "a..b": false, "a.>": false, "a.*.b": false, "a b": false, "a\tb": false, "a\x00": false, "a\n": false,
	} {
		if got := ValidInbox(prefix); got != want {
			t.Errorf("%q: %v", prefix, got)
		}
	}
}

func TestProfile(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	known := wire.Profile{Name: "kyodo", Agency: "Kyodo", Language: "en", Location: tokyo, Charset: "shift_jis",
		Rights: wire.Rights{Holder: "Kyodo News", Notice: "© Kyodo", AI: wire.AIUnspecified}}
	ready := func(name string) *wire.Profile {
		if name != "kyodo" {
			return nil
		}
		return &known
	}
	before := known
	c, err := Load(written(t, `
providers:
  - name: kyodo
    language: id
    rights: {ai: reserved}
  - name: pasifik
    agency: Pasifik
    timezone: Asia/Makassar
    charset: utf-8
`))
	if err != nil {
		t.Fatal(err)
	}
	kyodo := c.Profile("kyodo", ready)
	want := before
	want.Language, want.Rights.AI, want.MaxBytes = "id", wire.AIReserved, 4<<20
	if !reflect.DeepEqual(*kyodo, want) || !reflect.DeepEqual(known, before) {
		t.Errorf("kyodo: %+v, and the ready-made one is now %+v", *kyodo, known)
	}
	pasifik := c.Profile("pasifik", ready)
	if pasifik.Generic || pasifik.Agency != "Pasifik" || pasifik.Location.String() != "Asia/Makassar" ||
		pasifik.Charset != "utf-8" || pasifik.Rights.AI != wire.AIUnspecified {
		t.Errorf("pasifik: %+v", *pasifik)
	}
	if other := c.Profile("other", ready); !other.Generic || other.Name != "other" || other.Location != time.UTC {
		t.Errorf("other: %+v", *other)
	}
}

func TestIdentityAndLimits(t *testing.T) {
	ready := func(string) *wire.Profile { return nil }
	for text, want := range map[string]int64{"64KiB": 64 << 10, "16 MiB": 16 << 20, "\"100000\"": 100000, "64MiB": 64 << 20} {
		c, err := Load(written(t, "limits: {message: "+text+"}\nproviders:\n  - name: a\n    identity: '(?P<id>.+)/v(?P<version>\\d+)'\n"))
		if err != nil {
			t.Fatal(err)
		}
		p := c.Profile("a", ready)
		if id, version, ok := p.Identify("x/1/v12"); p.MaxBytes != want || id != "x/1" || version != 12 || !ok {
			t.Errorf("%s: %d bytes, %q, %d", text, p.MaxBytes, id, version)
		}
		if _, _, ok := p.Identify("x/1/v12b"); ok {
			t.Error("an id that does not match is parted")
		}
		if other := c.Profile("b", ready); other.Identity != nil || other.MaxBytes != want {
			t.Errorf("%+v", other)
		}
	}
	for _, text := range []string{
		"limits: {message: 63KiB}", "limits: {message: 65MiB}", "limits: {message: 4MB}", "limits: {message: -1}", "limits: {message: 4}", "limits: {message: 9223372036854775807MiB}",
		"providers: [{name: a, identity: '('}]", "providers: [{name: a, identity: '(?P<id>.+)'}]", "providers: [{name: a, identity: '" + strings.Repeat("x", 600) + "'}]",
	} {
		if c, err := Load(written(t, text)); err == nil {
			t.Errorf("%.50s was taken: %+v", text, c)
		}
	}
}

// Whatever a file says, loading it ends in a configuration or in problems that have a place.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "../../kawat.example.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	path := written(f, "")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(path)
		if (c == nil) == (err == nil) {
			t.Fatalf("%+v and %v", c, err)
		}
		var problems Problems
		if err != nil && (!errors.As(err, &problems) || len(problems) == 0) {
			t.Fatalf("%T: %v", err, err)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Text == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}
