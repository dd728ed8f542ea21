package ninjs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestReadPlain: what senders usually send is read in the quick way, and what is not JSON, or more than usual, is not.
func TestReadPlain(t *testing.T) {
	for _, s := range []string{
		`{"headline":"Feri \"Muara\" tiba","version":3,"ok":[true,false,null,-1.5e+3,0,{}],"emoji":"\ud83d\ude00é\u003cp\u003e\\\\"}`,
		" [ ] \r\n", `""`, `"\\"`, "\"\x7f東京\"",
	} {
		if _, ok := readPlain([]byte(s)); !ok {
			t.Errorf("%s is not read", s)
		}
	}
	for _, s := range []string{
		"", " ", "\x00", `"`, `"\"`, `"\`, `"\u12`, `"\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\x"`, "\"a\nb\"", `{"a":1,}`, `{"a" 1}`, `{a:1}`, `{,}`, `[1,]`, `[1 2]`,
		`[,1]`, "01", "-", "1.", "1e", "+1", "tru", "nulll", "{} {}", "[", `{"a":`, strings.Repeat("[", maxDepth+2) + strings.Repeat("]", maxDepth+2),
		"[" + strings.Repeat("0,", maxValues) + "0]",
	} {
		if v, ok := readPlain([]byte(s)); ok {
			t.Errorf("%.40q is read as %+v", s, v)
		}
	}
}

// FuzzReadPlain: what is read in the quick way is read so in the thorough way.
func FuzzReadPlain(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(` {"A\u0042":[-0.5E-7,{"\ud83d\ude00":"\\\"\/\b"},true , null],"A\u0042":""}` + "\n"))
	f.Add([]byte(`{"standard":{"name":"ninjs"},"Uri":"a"`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","uri":"a"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if plainlyItem(data) && utf8.Valid(data) && !detect(data, 0) {
			t.Fatal("taken for an item")
		}
		v, ok := readPlain(data)
		if !ok || !utf8.Valid(data) {
			return
		}
		thorough, err := readThorough(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(thorough, v, cmp.AllowUnexported(value{}, member{}), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}
