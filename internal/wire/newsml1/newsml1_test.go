package newsml1_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/newsml1"
)

func TestIdentity(t *testing.T) {
	const parts = "<ProviderId>kyodonews.jp</ProviderId><DateId>20190723</DateId><NewsItemId>20161021KW___0003800010</NewsItemId>"
	const id = "urn:newsml:kyodonews.jp:20190723:20161021KW___0003800010"
	for _, tt := range []struct {
		in, id  string
		version int64
	}{
		{parts + "<RevisionId>1</RevisionId><PublicIdentifier>" + id + ":1</PublicIdentifier>", id, 1},
		{parts + "<RevisionId Update='U'>12</RevisionId><PublicIdentifier>" + id + ":12U</PublicIdentifier>", id, 12},
		{parts + "<RevisionId>3</RevisionId>", id, 3},
		{parts, id, 0},
		{parts + "<PublicIdentifier>" + id + ":4</PublicIdentifier>", id, 4},
		{"<PublicIdentifier>" + id + ":5</PublicIdentifier>", id, 5},
		{"<PublicIdentifier>" + id + "</PublicIdentifier>", id, 0},
		{"<RevisionId>2</RevisionId><PublicIdentifier>" + id + "</PublicIdentifier>", id, 2},
		{"<RevisionId>2</RevisionId><PublicIdentifier>urn:newsml:x.example:20190723:77</PublicIdentifier>", "urn:newsml:x.example:20190723:77", 2},
		{"<RevisionId>-2</RevisionId><PublicIdentifier>ferry</PublicIdentifier>", "ferry", 0},
		{"<RevisionId>many</RevisionId><PublicIdentifier>a:b:c:d:e:</PublicIdentifier>", "a:b:c:d:e:", 0},
		{"", "", 0},
	} {
		doc := "<NewsML><NewsItem><Identification><NewsIdentifier>" + tt.in + "</NewsIdentifier></Identification>" +
			"<NewsManagement><Status FormalName='Canceled'/></NewsManagement></NewsItem></NewsML>"
		stories, refusals := newsml1.Parse(&wire.Copy{Profile: kyodo}, []byte(doc))
		if len(stories) != 1 {
			t.Fatalf("%s: %v", tt.in, refusals)
		}
		if s := stories[0]; s.ID != tt.id || s.Version != tt.version {
			t.Errorf("%s\n gives %q, %d", tt.in, s.ID, s.Version)
		}
	}
}

func TestManagement(t *testing.T) {
	for _, tt := range []struct {
		in      string
		status  wire.Status
		signal  wire.Signal
		urgency int
		embargo string
	}{
		{"<Status FormalName='Usable'/>", "", "", 8, ""},
		{"<Urgency FormalName='2'/><Status FormalName='Usable'/><Instruction FormalName='Update'/>", "", wire.Update, 2, ""},
		{"<Urgency FormalName='high'/><Instruction FormalName='Correction'/>", "", wire.Correction, 8, ""},
		{"<Status FormalName='Withheld'/>", wire.Withheld, "", 8, ""},
		{"<Status FormalName='CANCELED'/><Instruction FormalName='Update'/>", wire.Canceled, wire.Kill, 8, ""},
		{"<Status FormalName='Killed'/>", wire.Canceled, wire.Kill, 8, ""},
		{"<Status FormalName='Usable'/><Instruction FormalName='Rescind'/>", wire.Canceled, wire.Kill, 8, ""},
		{"<Status FormalName='Hold'/>", wire.Withheld, "", 8, ""},
		{"<Status FormalName='Embargoed'/>", wire.Withheld, "", 8, ""},
		{"<Status FormalName='Embargoed'/><StatusWillChange><FutureStatus FormalName='Usable'/><DateAndTime>20261124T050000+0900</DateAndTime></StatusWillChange>",
			"", "", 8, "2026-11-23T20:00:00Z"},
		{"<Status FormalName='Embargoed'/><StatusWillChange><FutureStatus FormalName='Canceled'/><DateAndTime>20261124T050000+0900</DateAndTime></StatusWillChange>",
			wire.Withheld, "", 8, ""},
	} {
		doc := "<NewsML><NewsEnvelope><Priority FormalName='8'/></NewsEnvelope><NewsItem><NewsManagement>" + tt.in + "</NewsManagement>" +
			"<NewsComponent><ContentItem><DataContent>x</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
		stories, refusals := newsml1.Parse(&wire.Copy{Profile: kyodo}, []byte(doc))
		if len(stories) != 1 {
			t.Fatalf("%s: %v", tt.in, refusals)
		}
		s, embargo := stories[0], ""
		if s.Embargo != nil {
			embargo = s.Embargo.Format("2006-01-02T15:04:05Z07:00")
		}
		if s.Status != tt.status || s.Signal != tt.signal || s.Urgency != tt.urgency || embargo != tt.embargo {
			t.Errorf("%s\n gives %q, %q, %d, %s", tt.in, s.Status, s.Signal, s.Urgency, embargo)
		}
	}
}

// TestSeveralTexts holds that a summary or a note for editors is not taken for the story, and that what is left out is noted.
func TestSeveralTexts(t *testing.T) {
	const text = "<NewsComponent>%s<ContentItem><DataContent><p>%s</p></DataContent></ContentItem></NewsComponent>"
	role := func(name string) string { return "<Role FormalName='" + name + "'/>" }
	for _, tt := range []struct {
		in, body string
		left     int
	}{
		{fmt.Sprintf(text, role("Summary"), "A ferry.") + fmt.Sprintf(text, "", "The ferry was early."), "The ferry was early.", 1},
		{fmt.Sprintf(text, role("EditorialNote"), "Call us.") + fmt.Sprintf(text, role("Supplement"), "The ferry was early."), "The ferry was early.", 1},
		{fmt.Sprintf(text, "", "The ferry was early.") + fmt.Sprintf(text, "", "It was painted blue."), "The ferry was early.", 1},
		{fmt.Sprintf(text, role("Abstract"), "A ferry."), "A ferry.", 0},
	} {
		doc := "<NewsML><NewsItem><NewsComponent>" + tt.in + "</NewsComponent></NewsItem></NewsML>"
		stories, refusals := newsml1.Parse(&wire.Copy{Profile: kyodo}, []byte(doc))
		if len(stories) != 1 {
			t.Fatalf("%s: %v", tt.in, refusals)
		}
		left := 0
		for _, e := range stories[0].Evidence {
			if e.Rule == "left-out:component" {
				left++
			}
		}
		if s := stories[0]; s.Body.Text != tt.body || left != tt.left {
			t.Errorf("%s\n gives %q, evidence %v", tt.in, s.Body.Text, s.Evidence)
		}
	}
}

// TestNotes holds that lines and properties for editors are their note.
func TestNotes(t *testing.T) {
	const doc = "<NewsML><NewsItem><NewsManagement><Property FormalName='EditorialNote' Value='Embargoed until 0600 GMT'/><Property FormalName='Desk' Value='x'/></NewsManagement>" +
		"<NewsComponent><NewsLines><NewsLine><NewsLineType FormalName='AdvisoryLine'/><NewsLineText>ATTENTION - Corrects the name ///</NewsLineText></NewsLine></NewsLines>" +
		"<ContentItem><DataContent>The ferry was early.</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
	stories, refusals := newsml1.Parse(&wire.Copy{Profile: kyodo}, []byte(doc))
	if len(stories) != 1 || stories[0].Note != "ATTENTION - Corrects the name ///\nEmbargoed until 0600 GMT" {
		t.Errorf("%+v, %v", stories, refusals)
	}
}

// TestItems holds that a bad item does not take the good ones with it.
func TestItems(t *testing.T) {
	data, err := os.ReadFile("testdata/kyodo-items.xml")
	if err != nil {
		t.Fatal(err)
	}
	stories, refusals := newsml1.Parse(&wire.Copy{Profile: kyodo}, data)
	if len(stories) != 3 || len(refusals) != 2 {
		t.Errorf("%d stories, refusals %v", len(stories), refusals)
	}
}

// TestOneBadItem holds that of ten items nine are stories where one is bad.
func TestOneBadItem(t *testing.T) {
	var doc strings.Builder
	doc.WriteString("<NewsML>")
	for i := range 10 {
		manage := ""
		if i == 4 {
			manage = "<NewsManagement><Status FormalName='Embargoed'/><StatusWillChange><FutureStatus FormalName='Usable'/><DateAndTime>later</DateAndTime></StatusWillChange></NewsManagement>"
		}
		fmt.Fprintf(&doc, "<NewsItem>%s<NewsComponent><ContentItem><DataContent>Ferry %d was early.</DataContent></ContentItem></NewsComponent></NewsItem>", manage, i)
	}
	doc.WriteString("</NewsML>")
	stories, refusals := newsml1.Parse(&wire.Copy{Profile: kyodo}, []byte(doc.String()))
	if len(stories) != 9 || len(refusals) != 1 || !strings.HasPrefix(refusals[0].Sentence, "News item 5: ") {
		t.Errorf("%d stories, %v", len(stories), refusals)
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "../../../samples/kyodo-original.newsml.xml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &wire.Copy{Data: data, Profile: kyodo}
		stories, refusals := newsml1.Parse(c, data)
		if len(stories)+len(refusals) == 0 {
			t.Error("neither a story nor a refusal")
		}
		again, _ := newsml1.Parse(c, data)
		for i, s := range stories {
			if s.Body.Text == "" && s.Status != wire.Canceled && s.Status != wire.Withheld {
				t.Error("a story without text")
			}
			if safe := markup.Body(s.Body.HTML); safe != s.Body {
				t.Errorf("the body is not as the policy has it:\n%+q\n%+q", s.Body, safe)
			}
			if _, err := s.Marshal(); err != nil { // which takes valid UTF-8 only
				t.Error(err)
			}
			if diff := cmp.Diff(s, again[i]); diff != "" {
				t.Errorf("read twice:\n%s", diff)
			}
		}
	})
}
