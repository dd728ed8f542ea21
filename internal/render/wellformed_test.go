package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"pgregory.net/rapid"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// nasty are texts that break a feed where they are passed on as they are.
var nasty = []string{
	"]]>", "a]]>b<![CDATA[c", "]]", "]]&gt;", "\x00", "\x01\x02\x0b\x0c\x1f wire codes \x7f",
	"\ufffe\uffff", "\xff\xfe\x80", "\xed\xa0\x80 a surrogate", "\xc0\xaf", "\u2028\u2029\u0085",
	"<script>alert(1)</script>", "</title></item></channel></rss>", "</entry></feed>", "&nosuch; &#0; &amp",
	`"'><x y="`, "<!-- -- -->", "<?xml version='1.1'?>", "line\r\nline\rline\n\tline", "{\"items\":[]}", "\\u0000",
	"https://a.example/\"><b>", "https://a.example/]]>\x00", "text/\"html", "text/<x>", "id\"", "x-]]>", "%zz", ":", "",
	"\U0001F5DE 新聞 الأخبار \u202e", "\ufeff",
}

// fill puts a text into every string of a value, however deep, and makes one element of every list.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		if v.Type().Elem() != reflect.TypeFor[time.Time]() {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), text)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), text)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	}
}

// filled are views whose stories hold the text everywhere: a usable one, a killed one, one that is reserved, and one
// whose roles are known.
func filled(text string) *feed.View {
	var entries []*feed.Entry
	for i := range 4 {
		s := new(wire.Story)
		fill(reflect.ValueOf(s).Elem(), text)
		s.Status = [...]wire.Status{wire.Usable, wire.Canceled, wire.Usable, wire.Usable}[i]
		switch i {
		case 2:
			s.Rights.AI = wire.AIReserved
		case 3:
			s.Attribution.Credits[0].Role, s.Attribution.Sources[0].Role = wire.Reporter, wire.Origin
			s.Media[0].URL, s.Related[0].URL = "https://a.example/"+text, "https://a.example/"+text
			s.Translation.Of, s.Rights.Policy = "https://a.example/"+text, "https://a.example/"+text
			s.Subjects[0].Code = "medtop:" + text
		}
		e := entry(s, uint64(i+1), "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z")
		s.ID += string(rune('a' + i))
		entries = append(entries, e)
	}
	v := view(entries...)
	v.Def.Title, v.Def.Language = text, text
	return v
}

func wellFormedXML(b []byte) error {
	d := xml.NewDecoder(bytes.NewReader(b))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// readable says what is wrong with a snapshot for the strictest of readers.
func readable(t testing.TB, s *feed.Snapshot) {
	t.Helper()
	for _, f := range feed.Formats {
		b := plain(t, s, f)
		if !utf8.Valid(b) {
			t.Errorf("%s is not UTF-8", f)
		}
		switch f {
		case feed.NINJS:
			var items []map[string]any
			if err := json.Unmarshal(b, &items); err != nil || len(items) != len(s.View.Entries) {
				t.Errorf("ninjs: %d items of %d, %v", len(items), len(s.View.Entries), err)
			}
			continue
		case feed.JSON:
			var items struct{ Items []map[string]any }
			if err := json.Unmarshal(b, &items); err != nil || items.Items == nil {
				t.Errorf("json: %v", err)
			}
		default:
			if err := wellFormedXML(b); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		}
		if f == feed.NewsMLG2 {
			continue // no format of gofeed's
		}
		got, err := gofeed.NewParser().Parse(bytes.NewReader(b))
		if err != nil {
			t.Errorf("gofeed cannot read %s: %v", f, err)
		} else if len(got.Items) != len(s.View.Entries) {
			t.Errorf("gofeed reads %d items of %d in %s", len(got.Items), len(s.View.Entries), f)
		}
	}
}

// xmllint runs libxml2's own reader over files. It is required: a parser of another make sees other faults.
func xmllint(t *testing.T, args ...string) {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is missing: apt-get install libxml2-utils")
	}
	if out, err := exec.Command(program, append([]string{"--noout", "--nonet"}, args...)...).CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}

// atomSchema is the RELAX NG schema of RFC 4287, where it is at hand.
func atomSchema(t *testing.T) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "schemas", "atom.rng")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return path
}

func TestEveryFormatIsWellFormed(t *testing.T) {
	views := []*feed.View{fixedView(), view()}
	for _, text := range nasty {
		views = append(views, filled(text))
	}
	views = append(views, filled(strings.Join(nasty, " ")))
	dir := t.TempDir()
	var all, atom []string
	for i, v := range views {
		s := snapshot(t, v)
		readable(t, s)
		for _, f := range []feed.Format{feed.RSS, feed.Atom} {
			file := filepath.Join(dir, string(rune('a'+i/26))+string(rune('a'+i%26))+"."+string(f))
			if err := os.WriteFile(file, plain(t, s, f), 0o600); err != nil {
				t.Fatal(err)
			}
			all = append(all, file)
			if f == feed.Atom {
				atom = append(atom, file)
			}
		}
	}
	xmllint(t, all...)
	if schema := atomSchema(t); schema != "" {
		xmllint(t, append([]string{"--relaxng", schema}, atom...)...)
	}
}

// Nothing that a reader is sent contains a character that XML 1.0 forbids, whatever the parser that reads it says.
func TestScrub(t *testing.T) {
	for _, text := range nasty {
		for _, r := range scrub(text) {
			if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
				t.Errorf("%q leaves %U", text, r)
			}
		}
	}
	for in, want := range map[string]string{
		"a\r\nb\rc": "a\nb\nc", "a\x00b": "ab", "a\xffb": "a\ufffdb", "漢\ufffe字": "漢字", "\U0010FFFD": "\U0010FFFD",
	} {
		if got := scrub(in); got != want {
			t.Errorf("%q gives %q", in, got)
		}
	}
}

// Text that is passed over as a whole has nothing to scrub, wherever in it that would stand.
func TestSpotless(t *testing.T) {
	for c := range 256 {
		for length := 1; length < 20; length++ {
			for at := range length {
				b := bytes.Repeat([]byte("a"), length)
				b[at] = byte(c)
				want := utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool { return !allowed(r) })
				if got := spotless(string(b)); got != want {
					t.Fatalf("%q is spotless: %v", b, got)
				}
			}
		}
	}
}

// A line is what it is without the short way to it.
func TestLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching("[a \t~\x7f\u00a0é]*")).Draw(t, "text")
		if got, want := line(s), strings.Join(strings.Fields(scrub(s)), " "); got != want {
			t.Fatalf("%q became %q, not %q", s, got, want)
		}
	})
}

func FuzzStory(f *testing.F) {
	for _, text := range nasty {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v := filled(text)
		first := snapshot(t, v)
		readable(t, first)
		second := snapshot(t, filled(text))
		for _, format := range feed.Formats {
			if !bytes.Equal(plain(t, first, format), plain(t, second, format)) {
				t.Errorf("%s differs between two replicas", format)
			}
		}
	})
}
