package newsmlg2_test

import (
	"encoding/xml"
	"os"
	"strings"
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/newsmlg2"
)

// longer is the story in xhtml.xml with as many paragraphs as make it ten kilobytes, no two alike.
func longer(b *testing.B) []byte {
	b.Helper()
	data, err := os.ReadFile("testdata/xhtml.xml")
	if err != nil {
		b.Fatal(err)
	}
	doc, before := string(data), "<h2>Kraniche rasten</h2>"
	var more strings.Builder
	words := strings.Fields("Das Moor hebt sich im Herbst langsam und die Kraniche rasten im flachen Wasser wo sie nachts schlafen")
	for i := 0; len(doc)+more.Len() < 10<<10; i++ {
		more.WriteString("<p>")
		for j := range 55 {
			more.WriteString(words[(i*i+j*(i+3))%len(words)])
			more.WriteByte(' ')
		}
		more.WriteString("<em>dort</em>.</p>\n")
	}
	return []byte(strings.Replace(doc, before, more.String()+before, 1))
}

// plainItem is what encoding/xml makes of the same document, with all that a story is made of and no more.
type plainItem struct {
	Items []struct {
		GUID      string `xml:"guid,attr"`
		Version   int64  `xml:"version,attr"`
		Language  string `xml:"lang,attr"`
		Notice    string `xml:"rightsInfo>copyrightNotice"`
		Terms     string `xml:"rightsInfo>usageTerms"`
		Provider  string `xml:"itemMeta>provider>name"`
		Created   string `xml:"itemMeta>versionCreated"`
		PubStatus struct {
			QCode string `xml:"qcode,attr"`
		} `xml:"itemMeta>pubStatus"`
		Notes []struct {
			Role string `xml:"role,attr"`
			Text string `xml:",chardata"`
		} `xml:"itemMeta>edNote"`
		Links []struct {
			Rel   string `xml:"rel,attr"`
			Href  string `xml:"href,attr"`
			Title string `xml:"title"`
		} `xml:"itemMeta>link"`
		Urgency  int      `xml:"contentMeta>urgency"`
		Creators []string `xml:"contentMeta>creator>name"`
		Subjects []struct {
			QCode string `xml:"qcode,attr"`
			Name  string `xml:"name"`
		} `xml:"contentMeta>subject"`
		Keywords  []string `xml:"contentMeta>keyword"`
		Headlines []string `xml:"contentMeta>headline"`
		Dateline  string   `xml:"contentMeta>dateline"`
		By        string   `xml:"contentMeta>by"`
		Sections  []struct {
			Paragraphs []struct {
				Text     string `xml:",chardata"`
				Emphasis []struct {
					Text string `xml:",chardata"`
				} `xml:",any"`
			} `xml:"p"`
		} `xml:"contentSet>inlineXML>html>body>section"`
	} `xml:"itemSet>newsItem"`
}

// BenchmarkParse reads a story of ten kilobytes with its credits, its dateline and its sanitised text; Unmarshal is the
// yardstick: the standard library reads the same document into a struct. Parse is to take no more than twice as long.
func BenchmarkParse(b *testing.B) {
	data := longer(b)
	b.Run("Parse", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if stories, refusals := newsmlg2.Parse(&wire.Copy{Data: data, Profile: kyodo}, data); len(stories) != 1 {
				b.Fatal(refusals)
			}
		}
	})
	b.Run("Unmarshal", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			var m plainItem
			if err := xml.Unmarshal(data, &m); err != nil || len(m.Items) != 1 || len(m.Items[0].Sections[0].Paragraphs) < 10 {
				b.Fatal(err)
			}
		}
	})
}
