package nitf_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/nitf"
)

func TestParseTime(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for _, tt := range []struct{ in, want string }{
		{"20190723T202119+0900", "2019-07-23T11:21:19Z"},
		{"20190723T202119Z", "2019-07-23T20:21:19Z"},
		{"20190723T202119", "2019-07-23T11:21:19Z"},
		{"20190723T202119.250-0330", "2019-07-23T23:51:19.25Z"},
		{"20190723T2021+0900", "2019-07-23T11:21:00Z"},
		{"2019-07-23T20:21:19+09:00", "2019-07-23T11:21:19Z"},
		{"2019-07-23T20:21:19+0900", "2019-07-23T11:21:19Z"},
		{" 2019-07-23T20:21:19 ", "2019-07-23T11:21:19Z"},
		{"2019-07-23 20:21:19", "2019-07-23T11:21:19Z"},
		{"20190723", "2019-07-22T15:00:00Z"},
		{"2019-07-23", "2019-07-22T15:00:00Z"},
		{"", ""}, {"yesterday", ""}, {"20190732", ""}, {"00000101T000000", ""}, {"99991231T235959-0100", ""}, {strings.Repeat("2", 50), ""},
	} {
		got, ok := nitf.ParseTime(tt.in, tokyo)
		if ok != (tt.want != "") || ok && got.Format(time.RFC3339Nano) != tt.want {
			t.Errorf("ParseTime(%q) = %v, %t; want %s", tt.in, got, ok, tt.want)
		}
	}
	if got, _ := nitf.ParseTime("20190723T202119", nil); got.Hour() != 20 {
		t.Errorf("without a zone it is %v", got)
	}
}

func TestIdentity(t *testing.T) {
	for _, tt := range []struct {
		docdata, id string
		version     int64
		status      wire.Status
		signal      wire.Signal
	}{
		{`<docdata/>`, "", 0, "", ""},
		{`<docdata management-status="usable"><doc-id id-string="7"/></docdata>`, "7", 0, wire.Usable, ""},
		{`<docdata><doc-id id-string="7" regsrc="AP"/><du-key version="4"/></docdata>`, "AP/7", 4, "", ""},
		{`<docdata><doc-id id-string="tag:x.example,2026:7" regsrc="x"/><du-key version="-4"/></docdata>`, "tag:x.example,2026:7", 0, "", ""},
		{`<docdata management-status="embargoed"><doc-id id-string="7"/></docdata>`, "7", 0, wire.Withheld, ""},
		{`<docdata management-status="embargoed"><doc-id id-string="7"/><date.release norm="20261124T060000Z"/></docdata>`, "7", 0, wire.Usable, ""},
		{`<docdata management-status="Canceled"><doc-id id-string="7"/></docdata>`, "7", 0, wire.Canceled, wire.Kill},
		{`<docdata><doc-id id-string="8"/><correction id-string="7"/></docdata>`, "7", 0, "", wire.Correction},
		{`<docdata management-doc-idref="7" management-idref-status="canceled"><doc-id id-string="8"/></docdata>`, "7", 0, wire.Canceled, wire.Kill},
	} {
		s, err := nitf.Parse(&wire.Copy{Profile: kyodo}, []byte("<nitf><head>"+tt.docdata+"</head></nitf>"))
		if err != nil {
			t.Fatal(err)
		}
		if s.ID != tt.id || s.Version != tt.version || s.Status != tt.status || s.Signal != tt.signal {
			t.Errorf("%s gives %q, %d, %q, %q", tt.docdata, s.ID, s.Version, s.Status, s.Signal)
		}
	}
}

func TestReleaseMustBeUnderstood(t *testing.T) {
	_, err := nitf.Parse(&wire.Copy{Profile: kyodo}, []byte(`<nitf><head><docdata><date.release norm="tomorrow"/></docdata></head></nitf>`))
	var r *wire.Refusal
	if !errors.As(err, &r) || r.Code != wire.NotWellFormed || !strings.Contains(r.Sentence, "tomorrow") {
		t.Errorf("got %v", err)
	}
}

// TestTakenOut holds that taking words out of marked-up paragraphs leaves the rest of them as it is.
func TestTakenOut(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"<p><b>TOKYO</b> (<em>Kyodo</em>) -- The <em>ferry</em> was early.</p>", "<p>The <em>ferry</em> was early.</p>"},
		{"<p>  TOKYO,\n Nov. 23 (Kyodo) -- <a href='https://e.example/'>The ferry</a> was early.</p>", `<p><a href="https://e.example/">The ferry</a> was early.</p>`},
		{"<p>The ferry was early.</p><p>The <em>port</em> was not.<br/>Editor: Ken Oda</p>", "<p>The ferry was early.</p><p>The port was not.</p>"},
		{"<p>Editor: Ken Oda</p><ul><li>One</li></ul><p>Two.</p><p>==Kyodo</p><hr/>", "<ul><li>One</li></ul><p>Two.</p>"},
		{"<p>One.</p><p/><p>&nbsp;</p><p>==Kyodo</p>", "<p>One.</p>"},
		{"Words outside of <em>any</em> block.<p>One.</p>Last words.", "<p>Words outside of <em>any</em> block.</p><p>One.</p><p>Last words.</p>"},
	} {
		root, err := markup.ParseXML([]byte("<body.content>" + tt.in + "</body.content>"))
		if err != nil {
			t.Fatal(err)
		}
		var s wire.Story
		nitf.SetBody(&s, &wire.Copy{Profile: kyodo}, nitf.Blocks(root))
		if s.Body.HTML != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, s.Body.HTML, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"full", "plain", "cancel-other"} {
		data, err := os.ReadFile("testdata/" + name + ".xml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("<nitf><body><body.content><table><td>a<li>b<caption>c</caption></li></td>x</table><figcaption/><media><media-reference source='http://e.example/a'/></media></body.content></body></nitf>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := nitf.Parse(&wire.Copy{Data: data, Profile: kyodo}, data)
		if (s == nil) == (err == nil) {
			t.Fatalf("story %v, error %v", s, err)
		}
		if err != nil {
			if r := (*wire.Refusal)(nil); !errors.As(err, &r) {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		if safe := markup.Body(s.Body.HTML); safe != s.Body {
			t.Errorf("the body is not as the policy has it:\n%+q\n%+q", s.Body, safe)
		}
	})
}
