package markup

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kawat/internal/wire"
)

func TestParseXML(t *testing.T) {
	root, err := ParseXML([]byte("\ufeff<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>\n" +
		`<!DOCTYPE a SYSTEM "http://e.example/a.dtd" [<!ENTITY % x SYSTEM "x.dtd"> %x; <!ENTITY y "z">]>` +
		`<n:a xmlns:n="urn:n" xml:lang="ja"><!-- c --><b><c>one&nbsp;</c> two</b><b k="v"><d>th<br/>ree &amp;<![CDATA[<x>]]></d></b></n:a>` + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if root.Name != "a" || root.Attr("lang") != "ja" || root.Attr("n") != "" {
		t.Errorf("root is %q in %q", root.Name, root.Attr("lang"))
	}
	if got := root.Child("b", "d").Words(); got != "th ree &<x>" {
		t.Errorf("b/d is %q", got)
	}
	if got := root.Child("b").Words(); got != "one\u00a0 two" {
		t.Errorf("b is %q", got)
	}
	if root.Find("d") == nil || root.Find("e") != nil || root.Child("b", "e").Child("f").Words() != "" {
		t.Error("Find or Child is wrong about what is there")
	}
	count := 0
	for range root.All("b") {
		count++
	}
	if count != 2 {
		t.Errorf("%d elements b", count)
	}
}

func TestParseXMLRefuses(t *testing.T) {
	laughs := `<!DOCTYPE a [<!ENTITY l0 "ha"><!ENTITY l1 "&l0;&l0;&l0;&l0;&l0;&l0;&l0;&l0;"><!ENTITY l2 "&l1;&l1;&l1;&l1;">]>` + "\n<a>&l2;</a>"
	for _, tt := range []struct {
		name, in string
		code     wire.Code
		says     string
	}{
		{"nothing", "", wire.NotWellFormed, "no element"},
		{"cut off", "<a>\n<b>x</b>\n<c>y", wire.NotWellFormed, "breaks off on line 3"},
		{"misnested", "<a>\n<b></a>", wire.NotWellFormed, "line 2"},
		{"two roots", "<a></a>\n<b></b>", wire.NotWellFormed, "second document"},
		{"text behind", "<a></a>x", wire.NotWellFormed, "outside"},
		{"declared entity", laughs, wire.NotWellFormed, "line 2"},
		{"external entity", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, wire.NotWellFormed, "line 1"},
		{"control character", "<a>\x01</a>", wire.NotWellFormed, "line 1"},
		{"deep", strings.Repeat("<a>", 1e5), wire.TooLarge, "deep"},
		{"attributes", "<a" + strings.Repeat(" b=''", 1e3) + "/>", wire.TooLarge, "attributes"},
		{"long tag", "<a" + strings.Repeat(" b=''", 1e5) + "/>", wire.TooLarge, "longer"},
		{"long value", "<a b='" + strings.Repeat("x", 1e6) + "'/>", wire.TooLarge, "longer"},
		{"elements", "<a>" + strings.Repeat("<b/>", 3e5) + "</a>", wire.TooLarge, "elements"},
		{"comments", "<a>" + strings.Repeat("x<!---->", 3e5) + "</a>", wire.TooLarge, "elements"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := ParseXML([]byte(tt.in))
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			var r *wire.Refusal
			if !errors.As(err, &r) || r.Code != tt.code || !strings.Contains(r.Sentence, tt.says) {
				t.Errorf("got %v, want %s with %q", err, tt.code, tt.says)
			}
			if took > time.Minute {
				t.Errorf("took %v", took)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20 {
				t.Errorf("allocated %d MB", n>>20)
			}
		})
	}
}

func TestParseXMLLongText(t *testing.T) {
	text := strings.Repeat("x", 2<<20)
	root, err := ParseXML([]byte("<a><!-- " + text + " -->" + text + "</a>"))
	if err != nil || len(root.Words()) != len(text) {
		t.Fatal(err)
	}
}

func FuzzParseXML(f *testing.F) {
	for _, seed := range []string{
		"<a><b:c xmlns:b='x' b:d=\"1\" xmlns='y'/>\r\n&nbsp;&#x41;&#65;&lt;<?p q?></a >\n<!-- x -->", "<a>]]></a>", "<a b='<'/>", "<a b='&#0;'/>",
		"<?xml version='1.1'?><a/>", "<?xml-stylesheet?><a/>", "<a:/>", "<:a/>", "<a:b:c/>", "<a b=1/>", "<a b='1'c='2'/>", "<a><![CDATA[]]></a>",
		"<!DOCTYPE a [<!ENTITY b \"<c>\">]><a/>", "<!><a/>", "<a>\xff</a>", "<a>\x7f\u0085</a>", "<a>&#xd;&#13;</a>", "<a><!-- - -- --></a>", "<\u00e9/>", "<a></b></a>",
	} {
		f.Add([]byte(seed))
	}
	f.Add([]byte(`<?xml version="1.0"?><!DOCTYPE a><a b="c">&amp;<!-- x --><d/><![CDATA[y]]></a>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := ParseXML(data)
		if (root == nil) == (err == nil) {
			t.Fatalf("root %v, error %v", root, err)
		}
		if err != nil {
			if r := (*wire.Refusal)(nil); !errors.As(err, &r) {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		if plain, ok := parsePlain(data); ok {
			thorough, err := parseThorough(data)
			if err != nil || !cmp.Equal(plain, thorough, cmpopts.EquateEmpty()) {
				t.Fatalf("encoding/xml: %v, %v", err, cmp.Diff(thorough, plain))
			}
		}
		if w := root.Words(); w != Clean(w) {
			t.Errorf("Words gives %q", w)
		}
	})
}
