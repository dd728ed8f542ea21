package newsmlg2_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/newsmlg2"
)

// parse reads a newsItem with these attributes and this inside.
func parse(t *testing.T, attributes, inside string) (*wire.Story, error) {
	t.Helper()
	doc := "<newsItem " + attributes + ">" + inside + "<contentSet><inlineData>The ferry was early.</inlineData></contentSet></newsItem>"
	stories, refusals := newsmlg2.Parse(&wire.Copy{Profile: kyodo}, []byte(doc))
	if len(stories)+len(refusals) != 1 {
		t.Fatalf("%s: %v, %v", doc, stories, refusals)
	}
	if len(refusals) == 1 {
		return nil, refusals[0]
	}
	return stories[0], nil
}

func TestIdentity(t *testing.T) {
	for _, tt := range []struct {
		guid, version, id string
		want              int64
	}{
		{"urn:newsml:kyodo.example:20261123:KW1", "2", "urn:newsml:kyodo.example:20261123:KW1", 2},
		{"urn:newsml:kyodo.example:20261123:KW1:2", "2", "urn:newsml:kyodo.example:20261123:KW1", 2},
		{"urn:newsml:kyodo.example:20261123:KW1:12U", "12", "urn:newsml:kyodo.example:20261123:KW1", 12},
		{"urn:newsml:kyodo.example:20261123:KW1:4", "", "urn:newsml:kyodo.example:20261123:KW1", 4},
		{"urn:newsml:kyodo.example:20261123:KW1:4", "5", "urn:newsml:kyodo.example:20261123:KW1:4", 5},
		{"urn:newsml:kyodo.example:20261123:7", "7", "urn:newsml:kyodo.example:20261123:7", 7},
		{"tag:kyodo.example,2026:newsml_N17:12", "12", "tag:kyodo.example,2026:newsml_N17", 12},
		{"tag:kyodo.example,2026:newsml_N17:12", "13", "tag:kyodo.example,2026:newsml_N17:12", 13},
		{"tag:kyodo.example,2026:7", "7", "tag:kyodo.example,2026:7", 7},
		{"urn:example:story:7", "7", "urn:example:story:7", 7},
		{"KW1:12", "12", "KW1:12", 12},
		{"KW1", "", "KW1", 0},
		{"KW1", "-3", "KW1", 0},
		{"KW1", "99999999999999999999", "KW1", 0},
		{"", "1", "", 1},
	} {
		s, err := parse(t, fmt.Sprintf("guid=%q version=%q", tt.guid, tt.version), "")
		if err != nil {
			t.Fatal(err)
		}
		if s.ID != tt.id || s.Version != tt.want {
			t.Errorf("%s, %s: %q, %d", tt.guid, tt.version, s.ID, s.Version)
		}
	}
}

func TestManagement(t *testing.T) {
	for _, tt := range []struct {
		in      string
		status  wire.Status
		signal  wire.Signal
		embargo string
		refused string // a word of the refusal
	}{
		{in: ""},
		{in: "<pubStatus qcode='stat:usable'/>"},
		{in: "<pubStatus qcode='xy:withheld'/>", status: wire.Withheld},
		{in: "<pubStatus>canceled</pubStatus>", status: wire.Canceled, signal: wire.Kill},
		{in: "<pubStatus uri='https://cv.iptc.org/newscodes/pubstatusg2/canceled'/><signal qcode='sig:correction'/>", status: wire.Canceled, signal: wire.Kill},
		{in: "<pubStatus qcode='stat:embargoed'/>", refused: "stat:embargoed"},
		{in: "<signal qcode='sig:correction'/><signal qcode='sig:update'/>", signal: wire.Correction},
		{in: "<signal qcode='sig:update'/><signal qcode='sig:correction'/>", signal: wire.Correction},
		{in: "<signal qcode='house:kill'/><signal qcode='sig:update'/>", status: wire.Canceled, signal: wire.Kill},
		{in: "<embargoed>some day</embargoed><signal qcode='house:kill'/>", status: wire.Canceled, signal: wire.Kill},
		{in: "<link rel='irel:previousVersion' residref='x'/>", signal: wire.Update},
		{in: "<embargoed> </embargoed>", status: wire.Withheld},
		{in: "<embargoed>2026-11-24T05:00:00</embargoed>", embargo: "2026-11-23T20:00:00Z"},
		{in: "<embargoed>2026-11-24T05:00:00Z</embargoed>", embargo: "2026-11-24T05:00:00Z"},
		{in: "<embargoed>2026-11</embargoed>", refused: "2026-11"},
		{in: "<embargoed>soon</embargoed>", refused: "soon"},
	} {
		s, err := parse(t, "guid='a' version='2'", "<itemMeta>"+tt.in+"</itemMeta>")
		if tt.refused != "" {
			var r *wire.Refusal
			if !errors.As(err, &r) || r.Code != wire.NotWellFormed || !strings.Contains(r.Sentence, tt.refused) {
				t.Errorf("%s gives %v", tt.in, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		embargo := ""
		if s.Embargo != nil {
			embargo = s.Embargo.Format("2006-01-02T15:04:05Z07:00")
		}
		if s.Status != tt.status || s.Signal != tt.signal || embargo != tt.embargo {
			t.Errorf("%s gives %q, %q, %s", tt.in, s.Status, s.Signal, embargo)
		}
	}
}

func TestDataMining(t *testing.T) {
	for in, want := range map[string]wire.AIUse{
		"<dataMining uri='http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED'/>":   wire.AIReserved,
		"<dataMining qcode='plus:DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING'/>": wire.AIReserved,
		"<dataMining qcode='plus:DMI-PROHIBITED-GENAIMLTRAINING'/>":            wire.AIReserved,
		"<dataMining qcode='plus:DMI-ALLOWED'/>":                               wire.AIAllowed,
		"<dataMining qcode='plus:DMI-UNSPECIFIED'/>":                           wire.AIUnspecified,
		"": wire.AIUnspecified,
		"<dataMining qcode='plus:DMI-ALLOWED'/></rightsInfo><rightsInfo><dataMining qcode='plus:DMI-PROHIBITED'/>": wire.AIReserved,
		"<dataMining qcode='plus:DMI-PROHIBITED'/></rightsInfo><rightsInfo><dataMining qcode='plus:DMI-ALLOWED'/>": wire.AIReserved,
	} {
		s, err := parse(t, "guid='a'", "<rightsInfo>"+in+"</rightsInfo>")
		if err != nil || s.Rights.AI != want {
			t.Errorf("%s gives %v, %v", in, s, err)
		}
	}
}

// TestPeople holds who did what, whatever vocabulary says so.
func TestPeople(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []wire.Credit
	}{
		{"<creator><name>Mio Arakawa</name></creator>", []wire.Credit{{Name: "Mio Arakawa", Role: wire.Reporter}}},
		{"<creator literal='Mio Arakawa'/>", []wire.Credit{{Name: "Mio Arakawa", Role: wire.Reporter}}},
		{"<creator><name>arakawa.mio</name></creator>", []wire.Credit{{Name: "arakawa.mio", Role: wire.Contributor}}},
		{"<creator><name>Mio Arakawa</name></creator><by>By Ken Oda, Kyodo</by>",
			[]wire.Credit{{Name: "Ken Oda", Role: wire.Reporter}, {Name: "Mio Arakawa", Role: wire.Contributor}}},
		{"<creator><name>Ken Oda</name></creator><by>Ken Oda</by>", []wire.Credit{{Name: "Ken Oda", Role: wire.Reporter}}},
		{"<contributor role='house:x ctrol:editor'><name>Ken Oda</name></contributor>", []wire.Credit{{Name: "Ken Oda", Role: wire.Editor}}},
		{"<contributor role='house:x'><name>Ken Oda</name></contributor>", []wire.Credit{{Name: "Ken Oda", Role: wire.Contributor}}},
		{"<contributor roleuri='https://id.loc.gov/vocabulary/relators/trl'><name>Ken Oda</name></contributor>", []wire.Credit{{Name: "Ken Oda", Role: wire.Translator}}},
		{"<creator role='cpprole:editor'><name>Ken Oda</name></creator><contributor><name>ken oda</name></contributor>", []wire.Credit{{Name: "Ken Oda", Role: wire.Editor}}},
		{"<contributor><name>Ken Oda</name></contributor><contributor role='marcrel:edt'><name>Ken Oda</name></contributor>", []wire.Credit{{Name: "Ken Oda", Role: wire.Editor}}},
	} {
		s, err := parse(t, "guid='a' xml:lang='en'", "<contentMeta>"+tt.in+"</contentMeta>")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, s.Attribution.Credits); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.in, diff)
		}
	}
}

func TestOrigins(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want []wire.Source
	}{
		{"<itemMeta><provider qcode='nprov:AFP'/></itemMeta>", []wire.Source{{Name: "AFP", Role: wire.Origin}}},
		{"<itemMeta><provider qcode='prov:17'/></itemMeta>", nil},
		{"<itemMeta><provider><name>Otaru Press</name></provider></itemMeta><contentMeta><creditline>Kyodo News/TASS</creditline></contentMeta>",
			[]wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "TASS", Role: wire.Origin}}},
		{"<contentMeta><infoSource role='isrol:distributor'><name>Xinhua</name></infoSource><creditline>Kyodo</creditline></contentMeta>",
			[]wire.Source{{Name: "Xinhua", Role: wire.Distributor}, {Name: "Kyodo", Role: wire.Origin}}},
		{"<contentMeta><creator type='cpnat:organisation'><name>Otaru Press</name></creator></contentMeta>", []wire.Source{{Name: "Otaru Press", Role: wire.Origin}}},
		{"<contentMeta><creator><name>新华社</name></creator></contentMeta>", []wire.Source{{Name: "Xinhua", Role: wire.Origin}}},
		{"<hopHistory><hop><party><name>Otaru Press</name></party></hop><hop><party qcode='agency:reuters'/></hop></hopHistory><contentMeta><infoSource><name>Kyodo</name></infoSource></contentMeta>",
			[]wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "Otaru Press", Role: wire.Distributor}, {Name: "Reuters", Role: wire.Distributor}}},
	} {
		s, err := parse(t, "guid='a' xml:lang='en'", tt.in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, s.Attribution.Sources); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.in, diff)
		}
	}
}

// TestOneBadItem holds that a bad item does not take the good ones with it.
func TestOneBadItem(t *testing.T) {
	var doc strings.Builder
	doc.WriteString("<newsMessage><itemSet>")
	for i := range 10 {
		embargo := ""
		if i == 4 {
			embargo = "<itemMeta><embargoed>later</embargoed></itemMeta>"
		}
		fmt.Fprintf(&doc, "<newsItem guid='tag:kyodo.example,2026:%d'>%s<contentSet><inlineData>Ferry %d was early.</inlineData></contentSet></newsItem>", i, embargo, i)
	}
	doc.WriteString("</itemSet></newsMessage>")
	stories, refusals := newsmlg2.Parse(&wire.Copy{Profile: kyodo}, []byte(doc.String()))
	if len(stories) != 9 || len(refusals) != 1 || !strings.HasPrefix(refusals[0].Sentence, "Item 5: ") {
		t.Errorf("%d stories, %v", len(stories), refusals)
	}
}

// TestNoStory holds that what is no news is refused alone, and passed over beside news.
func TestNoStory(t *testing.T) {
	const news = "<newsItem guid='a'><contentSet><inlineData>The ferry was early.</inlineData></contentSet></newsItem>"
	for doc, want := range map[string]string{
		"<knowledgeItem/>":                              "no story",
		"<newsMessage/>":                                "no newsItem",
		"<newsMessage><itemSet/></newsMessage>":         "no newsItem",
		"<itemSet><planningItem/></itemSet>":            "no story",
		"<contentSet/>":                                 "contentSet",
		"<itemSet><conceptItem/>" + news + "</itemSet>": "",
		"<itemSet>" + news + "<packageItem><groupSet><group><itemRef residref='a'/></group></groupSet></packageItem></itemSet>": "",
		"<newsItem><contentSet><inlineXML><results><score>3</score></results></inlineXML></contentSet></newsItem>":              "no text",
		"<newsItem><contentSet><inlineData encoding='encd:base64'>AAAA</inlineData></contentSet></newsItem>":                    "no text",
	} {
		stories, refusals := newsmlg2.Parse(&wire.Copy{Profile: kyodo}, []byte(doc))
		if want == "" {
			if len(stories) != 1 || len(refusals) != 0 {
				t.Errorf("%s: %v, %v", doc, stories, refusals)
			}
			continue
		}
		if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.NoText || !strings.Contains(refusals[0].Sentence, want) {
			t.Errorf("%s: %v, %v", doc, stories, refusals)
		}
	}
}

// TestHeader holds that what stands above the text in it is read, and stays where no field says it.
func TestHeader(t *testing.T) {
	const meta = "<contentMeta><headline>Ferry early</headline><description role='drol:summary'>It came at six.</description></contentMeta>"
	for header, want := range map[string]string{
		"<h1>Ferry early</h1><p>It came at six.</p><time>23.11.</time>": "<p>The ferry was early.</p>",
		"<h1>Ferry early</h1><p>Nobody expected it.</p>":                "<p>Nobody expected it.</p><p>The ferry was early.</p>",
		"<h1>Another headline</h1>":                                     "<h2>Another headline</h2><p>The ferry was early.</p>",
	} {
		doc := "<newsItem guid='a'>" + meta + "<contentSet><inlineXML><html><body><article><header>" + header + "</header><p>The ferry was early.</p></article></body></html></inlineXML></contentSet></newsItem>"
		stories, refusals := newsmlg2.Parse(&wire.Copy{Profile: kyodo}, []byte(doc))
		if len(stories) != 1 || stories[0].Body.HTML != want {
			t.Errorf("%s: %v, %v", header, stories[0].Body.HTML, refusals)
		}
	}
}

func TestTooManyItems(t *testing.T) {
	doc := "<newsMessage><itemSet>" + strings.Repeat("<newsItem/>", 1001) + "</itemSet></newsMessage>"
	stories, refusals := newsmlg2.Parse(&wire.Copy{Profile: kyodo}, []byte(doc))
	if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.TooLarge {
		t.Errorf("%d stories, %v", len(stories), refusals)
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
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
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &wire.Copy{Data: data, Profile: kyodo}
		stories, refusals := newsmlg2.Parse(c, data)
		if len(stories)+len(refusals) == 0 {
			t.Fatal("neither a story nor a refusal")
		}
		for _, r := range refusals {
			if r.Code == "" || r.Sentence == "" || markup.Scrub(r.Sentence) != r.Sentence {
				t.Errorf("the refusal is %q", r)
			}
		}
		again, _ := newsmlg2.Parse(c, data)
		for i, s := range stories {
			if s.Body.Text == "" && s.Status != wire.Canceled && s.Status != wire.Withheld {
				t.Error("a story without text")
			}
			if s.Version < 0 || s.Urgency < 0 || s.Urgency > 9 || (s.Signal == wire.Kill) != (s.Status == wire.Canceled) {
				t.Errorf("version %d, urgency %d, status %q, signal %q", s.Version, s.Urgency, s.Status, s.Signal)
			}
			if diff := cmp.Diff(s, again[i]); diff != "" {
				t.Errorf("read twice:\n%s", diff)
			}
			safe(t, reflect.ValueOf(s).Elem(), "story")
			if err := wellFormed(s.Body.HTML); err != nil {
				t.Errorf("%v: %q", err, s.Body.HTML)
			}
		}
	})
}

// safe checks that every text of a record can stand in XML. White space is for decode to fold.
func safe(t *testing.T, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); strings.Join(strings.Fields(markup.Scrub(s)), " ") != strings.Join(strings.Fields(s), " ") {
			t.Errorf("%s is %q", path, s)
		}
	case reflect.Struct:
		if v.Type().PkgPath() == "time" {
			return
		}
		for i := range v.NumField() {
			safe(t, v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case reflect.Slice:
		for i := range v.Len() {
			safe(t, v.Index(i), path)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			safe(t, v.Elem(), path)
		}
	}
}

func wellFormed(html string) error {
	d := xml.NewDecoder(bytes.NewReader([]byte("<x>" + html + "</x>")))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
