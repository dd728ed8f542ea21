package ninjs_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/ninjs"
)

func TestDetect(t *testing.T) {
	for doc, want := range map[string]bool{
		`{"uri":"urn:x:1"}`:                         true,
		` [ {"version":"1","URI":"urn:x:1"} ]`:      true,
		`{"items":[{"pubStatus":"usable"}]}`:        true,
		`{"item":{"body_text":"x"}}`:                true,
		`{"data":{"items":[{"item":{"uri":"x"}}]}}`: true,
		`{"headlines":[`:                            true,
		`{"version":"https://jsonfeed.org/version/1.1","title":"A","items":[{"id":"1","url":"https://a.example/"}]}`: false,
		`{"items":[{"id":"1","url":"https://a.example/"}],"version":"https://jsonfeed.org/version/1.1"}`:             false,
		`[]`: false, `{}`: false, ``: false, `"uri"`: false, `[["uri"]]`: false, `{"type":"FeatureCollection"}`: false,
		strings.Repeat("[", 50) + `{"uri":1}`: false,
	} {
		if ninjs.Detect([]byte(doc)) != want {
			t.Errorf("%s: not %v", doc, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	for _, tt := range []struct {
		uri, version, id string
		number           int64
	}{
		{"urn:newsml:desk.example:20261123:ferry:12", `"12"`, "urn:newsml:desk.example:20261123:ferry", 12},
		{"urn:newsml:desk.example:20261123:ferry:12U", ``, "urn:newsml:desk.example:20261123:ferry", 12},
		{"urn:newsml:desk.example:20261123:ferry:12", `"13"`, "urn:newsml:desk.example:20261123:ferry:12", 13},
		{"urn:newsml:desk.example:20261123:7", `"7"`, "urn:newsml:desk.example:20261123:7", 7},
		{"urn:desk.example:0003800010:3", `"3"`, "urn:desk.example:0003800010", 3},
		{"urn:desk.example:0003800010:3", ``, "urn:desk.example:0003800010:3", 0},
		{"urn:desk.example:story:3", `"3"`, "urn:desk.example:story:3", 3},
		{"tag:desk.example,2026:3", `"3"`, "tag:desk.example,2026:3", 3},
		{"https://desk.example:8080/20261123:3", `"3"`, "https://desk.example:8080/20261123", 3},
		{"http://desk.example/1", `"0"`, "http://desk.example/1", 0},
		{"http://desk.example/1", `4`, "http://desk.example/1", 4},
		{"http://desk.example/1", `"final"`, "http://desk.example/1", 0},
		{"http://desk.example/1", `"-1"`, "http://desk.example/1", 0},
		{"http://desk.example/1", `null`, "http://desk.example/1", 0},
	} {
		doc := `{"uri":"` + tt.uri + `","pubstatus":"canceled"`
		if tt.version != "" {
			doc += `,"version":` + tt.version
		}
		o := parse([]byte(doc + "}"))
		if len(o.Stories) != 1 {
			t.Fatal(doc, o.Refusals)
		}
		if s := o.Stories[0]; s.ID != tt.id || s.Version != tt.number {
			t.Errorf("%s}\n gives %q, %d", doc, s.ID, s.Version)
		}
	}
}

func TestStatusAndEmbargo(t *testing.T) {
	for _, tt := range []struct {
		in      string
		status  wire.Status
		signal  wire.Signal
		embargo string
		refused bool
	}{
		{``, "", "", "", false},
		{`"pubstatus":"usable"`, wire.Usable, "", "", false},
		{`"pubStatus":null`, "", "", "", false},
		{`"pubStatus":""`, "", "", "", false},
		{`"PubStatus":"stat:Canceled"`, wire.Canceled, wire.Kill, "", false},
		{`"pubstatus":"http://cv.iptc.org/newscodes/pubstatusg2/canceled"`, wire.Canceled, wire.Kill, "", false},
		{`"pubstatus":"withheld"`, wire.Withheld, "", "", false},
		{`"pubstatus":"stopped"`, wire.Withheld, "", "", false},
		{`"pubstatus":true`, wire.Withheld, "", "", false},
		{`"pubstatus":{}`, wire.Withheld, "", "", false},
		{`"embargoed":"2026-11-24T05:00:00+07:00"`, "", "", "2026-11-23T22:00:00Z", false},
		{`"embargoedUntil":"2026-11-24T05:00:00"`, "", "", "2026-11-23T22:00:00Z", false}, // in the desk's zone
		{`"embargoed":"2026-11-24T05:00:00Z","embargoeduntil":"2026-11-24T04:00:00Z"`, "", "", "2026-11-24T05:00:00Z", false},
		{`"embargo":"2026-11-24T05:00:00Z"`, "", "", "2026-11-24T05:00:00Z", false},
		{`"embargoed_until":"2026-11-24T05:00:00Z"`, "", "", "2026-11-24T05:00:00Z", false},
		{`"embargoed":"","embargoedUntil":null`, "", "", "", false},
		{`"embargoed":false`, "", "", "", false},
		{`"embargoed":true`, wire.Withheld, "", "", false},
		{`"embargoed":true,"embargoeduntil":"2026-11-24T05:00:00Z"`, "", "", "2026-11-24T05:00:00Z", false},
		{`"embargoed":"tomorrow"`, "", "", "", true},
		{`"embargoed":20261124`, "", "", "", true},
		{`"embargoed":{"until":"2026-11-24"}`, "", "", "", true},
		{`"embargoed":["2026-11-24T05:00:00Z"]`, "", "", "", true},
		{`"embargoed":"2026-11-24T05:00:00Z","Embargoed":"2026-11-25T05:00:00Z"`, "", "", "", true},
		{`"pubstatus":"usable","pubStatus":"canceled"`, "", "", "", true},
		{`"pubstatus":"usable","pubStatus":"usable"`, wire.Usable, "", "", false},
		{`"pubstatus":"canceled","embargoed":"tomorrow"`, wire.Canceled, wire.Kill, "", false},
	} {
		doc := `{"uri":"urn:x:1","body_text":"The text."`
		if tt.in != "" {
			doc += "," + tt.in
		}
		o := parse([]byte(doc + "}"))
		if tt.refused {
			if len(o.Stories) != 0 || len(o.Refusals) != 1 || o.Refusals[0].Code != wire.NotWellFormed {
				t.Errorf("%s is not refused: %v", tt.in, o.Refusals)
			}
			continue
		}
		if len(o.Stories) != 1 {
			t.Errorf("%s: %v", tt.in, o.Refusals)
			continue
		}
		s, embargo := o.Stories[0], ""
		if s.Embargo != nil {
			embargo = s.Embargo.Format("2006-01-02T15:04:05Z07:00")
		}
		if s.Status != tt.status || s.Signal != tt.signal || embargo != tt.embargo {
			t.Errorf("%s gives %q, %q, %s", tt.in, s.Status, s.Signal, embargo)
		}
	}
}

func TestRights(t *testing.T) {
	policy := func(p string) string {
		b, _ := json.Marshal(p)
		return `"rightsinfo":{"encodedrights":` + string(b) + `}`
	}
	for _, tt := range []struct {
		in   string
		want wire.Rights
	}{
		{``, wire.Rights{AI: wire.AIUnspecified}},
		{`"rightsInfo":{"linkedRights":"https://desk.example/terms"}`, wire.Rights{AI: wire.AIUnspecified, Policy: "https://desk.example/terms"}},
		{`"rightsInfo":{"linkedRights":"javascript:alert(1)"}`, wire.Rights{AI: wire.AIUnspecified}},
		{policy(`{"prohibition":[{"action":"tdm:mine"}]}`), wire.Rights{AI: wire.AIReserved}},
		{policy(`{"policyid":"https://desk.example/p","prohibitions":[{"action":"http://www.w3.org/ns/odrl/2/commercialize"}]}`), wire.Rights{AI: wire.AIUnspecified, Policy: "https://desk.example/p"}},
		{policy(`{"odrl:prohibition":{"odrl:action":{"rdf:value":{"@id":"odrl:use"},"refinement":[{"rightOperand":"genai training"}]}}}`), wire.Rights{AI: wire.AIReserved}},
		{policy(`{"permission":{"action":["tdm:mine"]}}`), wire.Rights{AI: wire.AIAllowed}},
		{policy(`{"permission":{"action":"tdm:mine"},"prohibition":{"action":"tdm:mine"}}`), wire.Rights{AI: wire.AIReserved}},
		{policy(`<o:Policy><o:prohibition><o:action name="tdm:mine"/>`), wire.Rights{AI: wire.AIReserved}},
		{policy(`<o:Policy><o:prohibition><o:action name="odrl:print"/>`), wire.Rights{AI: wire.AIUnspecified}},
		{`"rightsinfo":{"encodedrights":{"prohibition":[{"action":"tdm:mine"}]}}`, wire.Rights{AI: wire.AIReserved}},
		{policy(`{"prohibition":[{"action":"distribute","constraint":{"leftOperand":"http://www.w3.org/ns/odrl/2/spatial","operator":"http://www.w3.org/ns/odrl/2/eq","rightOperand":{"@id":"http://cvx.iptc.org/iso3166-1a3/JPN"}}}]}`),
			wire.Rights{AI: wire.AIUnspecified, Territories: wire.Territories{Deny: []string{"JP"}}}},
		{policy(`{"permission":[{"action":"distribute","constraint":[{"leftOperand":"spatial","operator":"isNoneOf","rightOperand":["jp","urn:iso:3166:KOR"]},{"leftOperand":"dateTime","operator":"lt","rightOperand":"2027"}]}]}`),
			wire.Rights{AI: wire.AIUnspecified, Territories: wire.Territories{Deny: []string{"JP", "KR"}}}},
		{`"copyrightnotice":"(c) Desk and others, 2026"`, wire.Rights{AI: wire.AIUnspecified, Notice: "(c) Desk and others, 2026", Holder: "Desk and others", Year: 2026}},
		{`"copyrightnotice":"Copyright © ANTARA 2026. Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini."`,
			wire.Rights{AI: wire.AIReserved, Holder: "ANTARA", Year: 2026,
				Notice: "Copyright © ANTARA 2026. Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini.",
				Terms:  "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini."}},
	} {
		doc := `{"uri":"urn:x:1","body_text":"The text."`
		if tt.in != "" {
			doc += "," + tt.in
		}
		o := parse([]byte(doc + "}"))
		if len(o.Stories) != 1 {
			t.Errorf("%s: %v", tt.in, o.Refusals)
		} else if d := cmp.Diff(tt.want, o.Stories[0].Rights); d != "" {
			t.Errorf("%s:\n%s", tt.in, d)
		}
	}
}

// What is no ninjs, or beyond the bounds, is refused as a whole.
func TestRefused(t *testing.T) {
	many := make([]string, 1001)
	for i := range many {
		many[i] = fmt.Sprintf(`{"uri":"urn:x:%d","body_text":"x"}`, i)
	}
	for doc, want := range map[string]wire.Code{
		``:                                      wire.NotWellFormed,
		`{"uri":"urn:x:1","body_text":"x"`:      wire.NotWellFormed,
		`{"uri":"urn:x:1","body_text":"x"} {}`:  wire.NotWellFormed,
		"{\"uri\":\"urn:x:1\",\"by\":\"\xe9\"}": wire.BadCharset,
		`[]`:                                    wire.NoText,
		`{"items":[]}`:                          wire.NoText,
		`{}`:                                    wire.NoText,
		`7`:                                     wire.NotWellFormed,
		`{"uri":"urn:x:1"}`:                     wire.NoText,
		`{"uri":"urn:x:1","type":"planning","bodies":[{"value":" "}]}`:                                               wire.NoText,
		`{"uri":"urn:x:1","body_text":"x","extra":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`:      wire.TooLarge,
		`{"uri":"urn:x:1","body_text":"x","extra":[` + strings.TrimSuffix(strings.Repeat("1,", 300_000), ",") + `]}`: wire.TooLarge,
		`[` + strings.Join(many, ",") + `]`: wire.TooLarge,
	} {
		o := parse([]byte(doc))
		if len(o.Stories) != 0 || len(o.Refusals) != 1 || o.Refusals[0].Code != want {
			t.Errorf("%.60s: %d stories, %v", doc, len(o.Stories), o.Refusals)
		}
	}
	if o := parse([]byte(`[` + strings.Join(many[1:], ",") + `]`)); len(o.Stories) != 1000 {
		t.Errorf("%d stories of 1000, %v", len(o.Stories), o.Refusals)
	}
}

// Plain text keeps its paragraphs, however the sender parts them.
func TestPlainText(t *testing.T) {
	long := strings.Repeat("Kapal itu berlayar. ", 8)
	for in, want := range map[string]string{
		"One.\n\nTwo.":                    "One.\n\nTwo.",
		"The ferry\nreturned.\r\n   Two.": "The ferry returned.\n\nTwo.",
		long + "\nTwo.\nThree.":           strings.TrimSpace(long) + "\n\nTwo.\n\nThree.",
		"Broken at\na width.\nYes":        "Broken at a width. Yes",
		"One.\nEditor: Agus Salim":        "One.",
	} {
		doc, _ := json.Marshal(map[string]any{"uri": "urn:x:1", "body_text": in})
		if o := parse(doc); len(o.Stories) != 1 || o.Stories[0].Body.Text != want {
			t.Errorf("%q gives %q", in, o.Stories[0].Body.Text)
		}
	}
}

// A message as large as is taken costs no more than its size, whatever there is many of in it.
func TestLargeItems(t *testing.T) {
	for _, many := range []string{
		`"infosources":[%s]~{"name":"a%d"}`, `"authors":[%s]~{"name":"B%d","role":"editor"}`, `"subjects":[%s]~"s%d"`, `"keywords":[%s]~"k%d"`,
		`"associations":[%s]~{"type":"picture","renditions":[{"href":"http://a.example/%d"}]}`, `"associations":[%s]~{"headline":"h%d"}`,
		`"headlines":[%s]~{"value":"h%d"}`, `"bodies":[%s]~{"role":"r%d"}`, `"renditions":[%s]~{"href":"http://a.example/%d"}`,
		`"rightsinfo":{"encodedrights":{"prohibition":[{"constraint":[{"leftoperand":"spatial","rightoperand":[%s]}]}]}}~"c%d"`, `%s~"x%d":1`,
	} {
		frame, element, _ := strings.Cut(many, "~")
		var b strings.Builder
		for i := range 40_000 {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, element, i)
		}
		doc := `{"uri":"urn:x:1","body_text":"The text.",` + fmt.Sprintf(frame, b.String()) + `}`
		begun := time.Now()
		o := parse([]byte(doc))
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("%s: %d bytes took %v", frame, len(doc), took)
		}
		if len(o.Stories) != 1 {
			t.Errorf("%s: %v", frame, o.Refusals)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range documents(f) {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, again := parse(data), parse(data)
		if d := cmp.Diff(o, again); d != "" {
			t.Error("twice the same is not the same", d)
		}
		if len(o.Stories)+len(o.Refusals) == 0 {
			t.Error("neither a story nor a refusal")
		}
		for _, s := range o.Stories {
			if s.Body.Text == "" && s.Status != wire.Canceled && s.Status != wire.Withheld {
				t.Error("a story without text")
			}
			if s.Status == wire.Canceled && s.Signal != wire.Kill {
				t.Error("a kill without its signal")
			}
			if s.Rights.Terms != markup.Scrub(s.Rights.Terms) {
				t.Errorf("terms are %q", s.Rights.Terms)
			}
			rights := s.Rights
			rights.Terms = ""
			s.Rights = rights
			s.Body = wire.Body{}
			s.Evidence = nil
			record, err := s.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			plain(t, record)
		}
		for _, r := range o.Refusals {
			if !utf8.ValidString(r.Sentence) || r.Sentence == "" {
				t.Errorf("a refusal says %q", r.Sentence)
			}
		}
	})
}

// plain holds that every string of a record can stand in a plain field of any format.
func plain(t *testing.T, record []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(record, &v); err != nil {
		t.Fatal(err)
	}
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case string:
			if v != markup.Clean(v) {
				t.Errorf("a field is %q", v)
			}
		case []any:
			for _, e := range v {
				visit(e)
			}
		case map[string]any:
			for name, e := range v {
				if note, ok := e.(string); ok && name == "note" && note == markup.Scrub(note) {
					continue // its lines matter
				}
				visit(e)
			}
		}
	}
	visit(v)
}
