package nitf_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/nitf"
	"kawat/internal/wire/running"
)

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

// TestNotes: a note that is not for publication (type npa) is in no field, wherever it stands, and what it announces
// counts; one for editors is no part of the text.
func TestNotes(t *testing.T) {
	const npa = `<note type="npa"><body.content><p>Embargoed until 0600 GMT. Call the desk, 555-1234.</p></body.content></note>`
	s, err := nitf.Parse(&wire.Copy{Profile: kyodo}, []byte(`<nitf><body><body.head>`+npa+`</body.head><body.content><p>The ferry was early.</p>`+npa+
		`<block><note noteclass="editorsnote"><body.content><p>Adds the port.</p></body.content></note><note><body.content><p>The port is new.</p></body.content></note></block></body.content></body></nitf>`))
	if err != nil {
		t.Fatal(err)
	}
	if s.Body.Text != "The ferry was early.\n\nThe port is new." || s.Note != "Adds the port." || s.Status != wire.Withheld {
		t.Errorf("text %q, note %q, status %q", s.Body.Text, s.Note, s.Status)
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
		running.SetBody(&s, &wire.Copy{Profile: kyodo}, running.Blocks(root))
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
