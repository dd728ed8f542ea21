package bench

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"strings"
)

// format makes copy of about 6 KB, no two alike, in one format. plain reads it into a struct with the fields that it has,
// as encoding/json or encoding/xml do, and does nothing else; plain copy is compared with the same story in ninjs.
type format struct {
	name, provider string
	story          func(n int) []byte
	plain          func([]byte) error
}

var formats = []format{
	{"copytext", "antara", plainStory, nil},
	{"ninjs", "antara", ninjsStory, plainNINJS},
	{"newsmlg2", "antara", newsmlg2Story, plainNewsMLG2},
	{"newsml1", "kyodo", newsmlStory, plainNewsML1},
	{"nitf", "kyodo", nitfStory, plainNITF},
	{"anpa", "kyodo", anpaStory, nil},
	{"iptc7901", "dpa", iptcStory, nil},
}

var (
	indonesian = strings.Fields("kapal feri itu menyeberang tepat waktu kata juru bicara pelabuhan dengan membawa obat buku sekolah dan dua ton " +
		"beras untuk warga pulau yang menunggu sejak pagi di dermaga timur karena ombak tinggi menunda pelayaran pertama pekan lalu")
	english = strings.Fields("the ferry made its crossing on time a spokesman for the port said and carried medicine school books two tons of " +
		"rice to islanders who had waited since morning at the eastern pier because high waves delayed the first sailing last week")
	german = strings.Fields("die Fähre kam pünktlich an sagte ein Sprecher des Hafens und brachte Medizin Schulbücher und zwei Tonnen Reis für " +
		"die Bewohner der Insel die seit dem Morgen am östlichen Kai gewartet hatten weil hohe Wellen die erste Fahrt verzögerten")
)

// paragraphs are about 5 KB of running text, different for each n; words come in an order that compresses as news does.
func paragraphs(n int, words []string) []string {
	r := rand.New(rand.NewPCG(uint64(n), 5))
	p := make([]string, 12)
	for i := range p {
		var text strings.Builder
		fmt.Fprintf(&text, "Pada %d-%d", n, i)
		for text.Len() < 400 {
			text.WriteString(" " + words[r.IntN(len(words))])
			if r.IntN(12) == 0 {
				text.WriteString(fmt.Sprintf(", %d.", r.IntN(1000)))
			}
		}
		p[i] = text.String() + "."
	}
	return p
}

func plainStory(n int) []byte {
	p := paragraphs(n, indonesian)
	return fmt.Appendf(nil, "Kapal feri nomor %d tiba\n\nTokyo (ANTARA) - Kapal feri nomor %d tiba di Muara Biru, lapor Tass.\n\n%s\n\n"+
		"Baca juga: Pelabuhan Muara Biru dibuka\n\n%s\n\n%s\n",
		n, n, strings.Join(p[:6], "\n\n"), strings.Join(p[6:], "\n\n"), strings.Join(tail, "\n"))
}

var tail = []string{
	"Sumber: Kyodo", "Penerjemah: Sekar Widuri", "Editor: Bima Ananta", "Copyright © ANTARA 2026", "",
	"Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini tanpa izin tertulis.",
}

// htmlStory is the same story as HTML.
func htmlStory(n int) string {
	var b strings.Builder
	p := paragraphs(n, indonesian)
	fmt.Fprintf(&b, "<p>Tokyo (ANTARA) - Kapal feri nomor %d tiba di <strong>Muara Biru</strong>, lapor Tass.</p>", n)
	for i, text := range p {
		if i == 6 {
			b.WriteString("<p>Baca juga: Pelabuhan Muara Biru dibuka</p>")
		}
		b.WriteString("<p>" + text + "</p>")
	}
	for _, line := range tail {
		if line != "" {
			b.WriteString("<p>" + line + "</p>")
		}
	}
	return b.String()
}

func ninjsStory(n int) []byte {
	body, err := json.Marshal(htmlStory(n)) // as most senders do, with its tags escaped
	if err != nil {
		panic(err)
	}
	return fmt.Appendf(nil, `{"standard":{"name":"ninjs","version":"3.1"},"uri":"urn:newsml:antara.example:20261123:bench%08d","version":"1",`+
		`"type":"text","pubStatus":"usable","language":"id","urgency":4,"versionCreated":"2026-11-23T10:21:19+07:00","contentCreated":"2026-11-23T10:21:19+07:00",`+
		`"headlines":[{"role":"main","value":"Kapal feri nomor %d tiba"}],"subjects":[{"uri":"http://cv.iptc.org/newscodes/mediatopic/20000563","name":"feri"}],`+
		`"copyrightHolder":"ANTARA","bodies":[{"role":"main","contentType":"text/html","value":%s}]}`, n, n, body)
}

func newsmlg2Story(n int) []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:antara.example:20261123:bench%08d" version="1" standard="NewsML-G2" standardversion="2.35" conformance="power" xml:lang="id">
<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_42.xml"/>
<rightsInfo><copyrightHolder literal="ANTARA"><name>ANTARA</name></copyrightHolder></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider literal="ANTARA"/><versionCreated>2026-11-23T10:21:19+07:00</versionCreated><firstCreated>2026-11-23T10:21:19+07:00</firstCreated>
<pubStatus qcode="stat:usable"/></itemMeta>
<contentMeta><urgency>4</urgency><contentCreated>2026-11-23T10:21:19+07:00</contentCreated><located literal="Tokyo"><name>Tokyo</name></located><language tag="id"/>
<subject type="cpnat:abstract" qcode="medtop:20000563"><name xml:lang="id">feri</name></subject><headline>Kapal feri nomor %d tiba</headline></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>%s</body></html></inlineXML></contentSet>
</newsItem>
`, n, n, htmlStory(n))
}

func newsmlStory(n int) []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE NewsML SYSTEM "NewsML_1.0.dtd" [<!ENTITY %% nskset SYSTEM "nskset.ent"> %%nskset;]>
<NewsML><NewsEnvelope><DateAndTime>20261123T102119+0900</DateAndTime></NewsEnvelope>
<NewsItem><Identification><NewsIdentifier><ProviderId>kyodonews.jp</ProviderId><DateId>20261123</DateId>
<NewsItemId>bench%08d</NewsItemId><RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>urn:newsml:kyodonews.jp:20261123:bench%08d:1</PublicIdentifier></NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>20261123T102119+0900</FirstCreated>
<ThisRevisionCreated>20261123T102119+0900</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>
<NewsComponent><NewsLines><HeadLine>Ferry number %d arrives</HeadLine><DateLine>TOKYO, Nov. 23</DateLine><CreditLine>Kyodo</CreditLine></NewsLines>
<AdministrativeMetadata><Provider><Party FormalName="KYODONEWS" Scheme="NskParty"/></Provider></AdministrativeMetadata>
<DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata>
<ContentItem><DataContent><nitf><body><body.content>
%s</body.content></body></nitf></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>
`, n, n, n, kyodoParagraphs(n))
}

func kyodoParagraphs(n int) string {
	var body strings.Builder
	for _, p := range paragraphs(n, english) {
		fmt.Fprintf(&body, "<p>     %s</p>\n", p)
	}
	return body.String() + "<p>==Kyodo</p>\n"
}

func nitfStory(n int) []byte {
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<nitf><head><title>Ferry number %d arrives</title><docdata management-status="usable"><doc-id id-string="bench%08d"/><urgency ed-urg="4"/>
<date.issue norm="20261123T102119+0900"/><du-key key="Ferry" version="1"/><key-list><keyword key="ferry"/></key-list></docdata></head>
<body><body.head><hedline><hl1>Ferry number %d arrives</hl1></hedline><dateline><location>TOKYO</location>, <story.date>Nov. 23</story.date></dateline></body.head>
<body.content>
%s</body.content></body></nitf>
`, n, n, n, kyodoParagraphs(n))
}

func anpaStory(n int) []byte {
	var body strings.Builder
	for i, p := range paragraphs(n, english) {
		if i == 0 {
			p = "TOKYO, Nov. 23 Kyodo - " + p
		}
		fmt.Fprintf(&body, "     %s\r\n", p)
	}
	return fmt.Appendf(nil, "\x01a%04dKYODO \x1f koko-\r\nu s \x14\x12BC-Ferry-%d   23-11 0344\r\n\x02BC-Ferry-%d\r\nFerry number %d arrives+\r\n%s     ==Kyodo\r\n\x03KWS-21:37-23-11-26\x04",
		n%10000, n, n, n, body.String())
}

func iptcStory(n int) []byte {
	return fmt.Appendf(nil, "\x01dpa%04d 4 vm 850  dpa 0000\r\n\r\nFähre/Hafen/Japan/\r\n\x02Fähre Nummer %d ist da =\r\n\r\nTokio (dpa) - Die Fähre Nummer %d ist in Muara Biru angekommen.\r\n%s\r\ndpa kre/su yysw a3 sck\r\n\x03231021 Nov 26\r\n\x04",
		n%10000, n, n, "   "+strings.Join(paragraphs(n, german), "\r\n   "))
}

func plainNINJS(data []byte) error {
	var item struct {
		URI, Version, Type, PubStatus, Language, VersionCreated, ContentCreated, CopyrightHolder string
		Urgency                                                                                  int
		Headlines                                                                                []struct{ Role, Value string }
		Subjects                                                                                 []struct{ URI, Name string }
		Bodies                                                                                   []struct{ Role, ContentType, Value string }
	}
	return json.Unmarshal(data, &item)
}

func plainNewsMLG2(data []byte) error {
	var item struct {
		GUID    string `xml:"guid,attr"`
		Version string `xml:"version,attr"`
		Rights  struct {
			Holder string `xml:"copyrightHolder>name"`
		} `xml:"rightsInfo"`
		Meta struct {
			Provider struct {
				Literal string `xml:"literal,attr"`
			} `xml:"provider"`
			VersionCreated string `xml:"versionCreated"`
			FirstCreated   string `xml:"firstCreated"`
			Status         struct {
				QCode string `xml:"qcode,attr"`
			} `xml:"pubStatus"`
		} `xml:"itemMeta"`
		Content struct {
			Urgency  int    `xml:"urgency"`
			Created  string `xml:"contentCreated"`
			Located  string `xml:"located>name"`
			Subjects []struct {
				QCode string `xml:"qcode,attr"`
				Name  string `xml:"name"`
			} `xml:"subject"`
			Headline string `xml:"headline"`
		} `xml:"contentMeta"`
		Paragraphs []string `xml:"contentSet>inlineXML>html>body>p"`
	}
	return xml.Unmarshal(data, &item)
}

func plainNewsML1(data []byte) error {
	var doc struct {
		Items []struct {
			ID       string `xml:"Identification>NewsIdentifier>PublicIdentifier"`
			Revision string `xml:"Identification>NewsIdentifier>RevisionId"`
			Created  string `xml:"NewsManagement>FirstCreated"`
			Revised  string `xml:"NewsManagement>ThisRevisionCreated"`
			Headline string `xml:"NewsComponent>NewsLines>HeadLine"`
			Dateline string `xml:"NewsComponent>NewsLines>DateLine"`
			Credit   string `xml:"NewsComponent>NewsLines>CreditLine"`
			Language struct {
				Name string `xml:"FormalName,attr"`
			} `xml:"NewsComponent>DescriptiveMetadata>Language"`
			Paragraphs []string `xml:"NewsComponent>ContentItem>DataContent>nitf>body>body.content>p"`
		} `xml:"NewsItem"`
	}
	d := xml.NewDecoder(strings.NewReader(string(data)))
	return d.Decode(&doc)
}

func plainNITF(data []byte) error {
	var doc struct {
		Title string `xml:"head>title"`
		Data  struct {
			ID struct {
				String string `xml:"id-string,attr"`
			} `xml:"doc-id"`
			Urgency struct {
				Value string `xml:"ed-urg,attr"`
			} `xml:"urgency"`
			Issue struct {
				Norm string `xml:"norm,attr"`
			} `xml:"date.issue"`
		} `xml:"head>docdata"`
		Headline   string   `xml:"body>body.head>hedline>hl1"`
		Location   string   `xml:"body>body.head>dateline>location"`
		Paragraphs []string `xml:"body>body.content>p"`
	}
	return xml.Unmarshal(data, &doc)
}
