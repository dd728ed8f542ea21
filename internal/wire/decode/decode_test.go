package decode

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"kawat/internal/wire"
)

const (
	plainCopy = "TOKYO (Kyodo) -- The ferry was early.\n\nNobody had expected it.\n\nSource: Kyodo\n"
	nitfCopy  = `<nitf><head><docdata><doc-id id-string="ferry-1"/></docdata></head><body><body.head><hedline><hl1>Ferry early</hl1></hedline></body.head>` +
		`<body.content><p>The ferry was early.</p></body.content></body></nitf>`
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// only decodes copy that is one story.
func only(t *testing.T, c *wire.Copy) *wire.Story {
	t.Helper()
	stories, refusals := Decode(c)
	if len(stories) != 1 || len(refusals) != 0 {
		t.Fatalf("%d stories, refusals %v", len(stories), refusals)
	}
	return stories[0]
}

// TestDecodeSniffs holds that the format is found in the copy, whatever the content type says.
func TestDecodeSniffs(t *testing.T) {
	anpaCopy := sample(t, "kyodo-original.anpa")
	for _, tt := range []struct {
		name   string
		data   []byte
		format string
	}{
		{"newsml", sample(t, "kyodo-original.newsml.xml"), "newsml1"},
		{"newsml without declaration", []byte("\n <!-- x --><!DOCTYPE NewsML [<!ENTITY a '>'>]><NewsML><NewsItem><Identification><NewsIdentifier><PublicIdentifier>x</PublicIdentifier>" +
			"</NewsIdentifier></Identification><NewsComponent><ContentItem><DataContent>x</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"), "newsml1"},
		{"nitf", []byte(nitfCopy), "nitf"},
		{"nitf with prefix", []byte(`<n:nitf xmlns:n="urn:x"><n:head><n:docdata><n:doc-id id-string="1"/></n:docdata></n:head><n:body><n:body.content><n:p>x</n:p></n:body.content></n:body></n:nitf>`), "nitf"},
		{"anpa", anpaCopy, "anpa"},
		{"anpa with SYN", append([]byte("\x16\x16"), anpaCopy...), "anpa"},
		{"ninjs 1", []byte(`{"uri": "a", "headline": "Ferry early", "body_text": "The ferry was early."}`), "ninjs"},
		{"ninjs 3 in an array", []byte(`[{"uri": "a", "headlines": [{"value": "Ferry early"}], "bodies": [{"contentType": "text/plain", "value": "The ferry was early."}]}]`), "ninjs"},
		{"ninjs in a collection", []byte(`{"item": [{"uri": "a", "headline": "Ferry early", "body_text": "The ferry was early."}]}`), "ninjs"},
		{"newsItem", []byte(`<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="a"><contentSet><inlineData contenttype="text/plain">The ferry was early.</inlineData></contentSet></newsItem>`), "newsmlg2"},
		{"newsMessage with a prefix", []byte(`<n:newsMessage xmlns:n="http://iptc.org/std/nar/2006-10-01/"><n:itemSet><n:newsItem guid="a"><n:contentSet><n:inlineData contenttype="text/plain">The ferry was early.</n:inlineData></n:contentSet></n:newsItem></n:itemSet></n:newsMessage>`), "newsmlg2"},
		{"iptc 7901", []byte("\x01dpa0123 4 pl 110  dpa 0000\r\n\r\nFerry/\r\n\x02The ferry was early =\r\n\r\nBerlin (dpa) - The ferry was early.\r\n\x03231037 Nov 26\r\n\x04"), "iptc7901"},
		{"iptc 7901 with DEL", []byte("\x7f\x7f\x7f\x01dpa0123 4 pl 110  dpa 0000\r\n\r\nFerry/\r\n\x02The ferry was early =\r\n\r\nBerlin (dpa) - The ferry was early.\r\n\x03231037 Nov 26\r\n\x04"), "iptc7901"},
		{"mail with plain copy", []byte("From: desk@antara.example\r\nSubject: Ferry early\r\nDate: Mon, 23 Nov 2026 09:00:00 +0700\r\nMessage-ID: <a@antara.example>\r\n\r\nTokyo (ANTARA) - The ferry was early.\r\n\r\nEditor: Bima Ananta\r\n"), "copytext"},
		{"mail with ninjs", []byte("From: desk@antara.example\r\nSubject: Ferry early\r\nMIME-Version: 1.0\r\nContent-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\neyJ1cmkiOiAiYSIsICJoZWFkbGluZSI6ICJGZXJyeSBlYXJseSIsICJib2R5X3RleHQiOiAiVGhl\r\nIGZlcnJ5IHdhcyBlYXJseS4ifQ==\r\n"), "ninjs"},
		{"rss", []byte(`<rss version="2.0"><channel><title>x</title><item><guid>a</guid><title>Ferry early</title><description>The ferry was early.</description></item></channel></rss>`), "webfeed"},
		{"atom", []byte(`<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>x</title><entry><id>a</id><title>Ferry early</title><content>The ferry was early.</content></entry></feed>`), "webfeed"},
		{"json feed", []byte(`{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"id": "a", "title": "Ferry early", "content_text": "The ferry was early."}]}`), "webfeed"},
		{"plain", []byte(plainCopy), "copytext"},
		{"plain that begins with a bracket", []byte("[Tokyo] The ferry was early.\n\nNobody had expected it."), "copytext"},
		{"plain that begins with a brace", []byte("{Tokyo} The ferry was early.\n\nNobody had expected it."), "copytext"},
		{"plain that begins with a less-than sign", []byte("< 3 ferries were early.\n\nNobody had expected it."), "copytext"},
		{"plain with line noise", []byte("The ferry\x13 was early.\n\nNobody had expected it."), "copytext"},
	} {
		for _, contentType := range []string{"", "text/plain", "application/xml; charset=Shift_JIS", "application/json", "image/png"} {
			t.Run(tt.name+" as "+contentType, func(t *testing.T) {
				s := only(t, &wire.Copy{Data: tt.data, ContentType: contentType, Profile: Profile("kyodo")})
				if s.Received.Format != tt.format {
					t.Errorf("read as %s", s.Received.Format)
				}
			})
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	anpaCopy := string(sample(t, "kyodo-original.anpa"))
	item := `<NewsItem><Identification><NewsIdentifier><PublicIdentifier>x</PublicIdentifier></NewsIdentifier></Identification>` +
		`<NewsComponent><ContentItem><DataContent>x</DataContent></ContentItem></NewsComponent></NewsItem>`
	for _, tt := range []struct {
		name, data string
		headers    wire.Headers
		code       wire.Code
		says       string
	}{
		{name: "cut off", data: string(sample(t, "unreadable.xml")), code: wire.NotWellFormed, says: "line 89"},
		{name: "too large", data: strings.Repeat("x", MaxSize+1), code: wire.TooLarge, says: "4194305 bytes"},
		{name: "empty", data: "", code: wire.NoText, says: "empty"},
		{name: "blank", data: " \r\n\t\n", code: wire.NoText, says: "empty"},
		{name: "NewsML without items", data: "<NewsML/>", code: wire.NoText, says: "NewsItem"},
		{name: "NITF without text", data: `<nitf><head><docdata><doc-id id-string="a"/></docdata></head><body/></nitf>`, code: wire.NoText, says: `"a"`},
		{name: "NITF without id", data: `<nitf><body><body.content><p>x</p></body.content></body></nitf>`, code: wire.NoIdentity, says: wire.HeaderStoryID},
		{name: "ANPA without date", data: strings.Replace(anpaCopy, "KWS-16:42-23-11-26", "", 1), code: wire.NoIdentity, says: wire.HeaderStoryID},
		{name: "long id", data: nitfCopy, headers: wire.Headers{StoryID: strings.Repeat("x", 2000)}, code: wire.NoIdentity, says: "2000 bytes"},
		{name: "great version", data: strings.Replace(nitfCopy, "<doc-id", `<du-key version="9007199254740992"/><doc-id`, 1), code: wire.NoIdentity, says: "9007199254740991"},
		{name: "ANPA cut off", data: anpaCopy[:len(anpaCopy)/2], code: wire.NotWellFormed, says: "before ETX"},
		{name: "ANPA without text", data: anpaCopy[:40], code: wire.NotWellFormed, says: "STX"},
		{name: "feed without entries", data: "<feed xmlns='http://www.w3.org/2005/Atom'/>", code: wire.NoText, says: `no entries`},
		{name: "unknown XML", data: "<html><body>x</body></html>", code: wire.UnknownFormat, says: `"html"`},
		{name: "XML without a root", data: "<?xml version='1.0'?><!-- x", code: wire.NotWellFormed, says: "first element"},
		{name: "JSON", data: ` {"title": "x"}`, code: wire.UnknownFormat, says: "JSON"},
		{name: "ninjs cut off", data: `{"uri": "a", "headline": "x`, code: wire.NotWellFormed, says: "JSON"},
		{name: "JSON array", data: `[1, 2]`, code: wire.UnknownFormat, says: "JSON"},
		{name: "PDF", data: "%PDF-1.7\n%\xe2\xe3\xcf\xd3", code: wire.UnknownFormat, says: "no text"},
		{name: "PNG", data: "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", code: wire.UnknownFormat, says: "no text"},
		{name: "gzip", data: "\x1f\x8b\x08\x00\x00\x00", code: wire.UnknownFormat, says: "no text"},
		{name: "unknown charset", data: "The \x81\x8d was open.\n\nIt was full.", code: wire.BadCharset, says: "Line 1"},
		{name: "not what XML says", data: "<?xml version='1.0' encoding='UTF-8'?><nitf>\n\xe9</nitf>", code: wire.BadCharset, says: "Line 2"},
		{name: "charset that is not read", data: "<?xml version='1.0' encoding='UTF-7'?><nitf/>", code: wire.BadCharset, says: "UTF-7"},
		{name: "charset that hides", data: "<?xml version='1.0' encoding='ISO-2022-KR'?><nitf/>", code: wire.BadCharset, says: "ISO-2022-KR"},
		{name: "not in the charset", data: "<?xml version='1.0' encoding='EUC-JP'?><nitf>\xff\xfe\xff</nitf>", code: wire.BadCharset, says: "EUC-JP"},
		{name: "odd UTF-16", data: "\xff\xfea\x00b", code: wire.BadCharset, says: "UTF-16"},
		{name: "one id for two stories", data: "<NewsML>" + item + item + "</NewsML>", headers: wire.Headers{StoryID: "x"}, code: wire.BadHeader, says: "has 2"},
		{name: "control character in XML", data: "<nitf>\x01</nitf>", code: wire.NotWellFormed, says: "line 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stories, refusals := Decode(&wire.Copy{Data: []byte(tt.data), Headers: tt.headers, Profile: Profile("desk")})
			if len(stories) != 0 || len(refusals) != 1 {
				t.Fatalf("%d stories, refusals %v", len(stories), refusals)
			}
			if r := refusals[0]; r.Code != tt.code || !strings.Contains(r.Sentence, tt.says) {
				t.Errorf("got %v, want %s with %q", r, tt.code, tt.says)
			}
		})
	}
}

// TestDecodeHostile holds that the bounds are kept, and in time.
func TestDecodeHostile(t *testing.T) {
	const rest = 3 << 20
	const dearest = 64 << 20 // of memory at once
	for name, data := range map[string]string{
		"entities":      `<!DOCTYPE nitf [<!ENTITY a "` + strings.Repeat("x", 1000) + `"><!ENTITY b "` + strings.Repeat("&a;", 1000) + `">]><nitf>` + strings.Repeat("&b;", 1000) + "</nitf>",
		"doctype":       "<!DOCTYPE nitf [" + strings.Repeat("<!ENTITY a 'x'>", rest/16),
		"brackets":      "<!DOCTYPE nitf " + strings.Repeat("[<", rest/2),
		"nesting":       "<nitf>" + strings.Repeat("<block>", rest/7),
		"attributes":    "<nitf " + strings.Repeat("a='' ", 1e5) + "/>",
		"elements":      "<NewsML>" + strings.Repeat("<NewsItem/>", rest/11) + "</NewsML>",
		"items":         "<NewsML>" + strings.Repeat("<NewsItem/>", 1e5) + "</NewsML>",
		"words":         "<nitf><body><body.content><p>" + strings.Repeat("word ", rest/5) + "</p></body.content></body></nitf>",
		"paragraphs":    "<nitf><body><body.content>" + strings.Repeat("<p>x</p>", 8e4) + "</body.content></body></nitf>",
		"keywords":      "<nitf><head><docdata><key-list>" + strings.Repeat("<keyword key='x'/>", 1e5) + "</key-list></docdata></head></nitf>",
		"comments":      strings.Repeat("<!-- -->", rest/8) + "<nitf/>",
		"plain":         strings.Repeat("word ", rest/5),
		"plain lines":   strings.Repeat("word\n\n", rest/6),
		"one long word": strings.Repeat("x", rest),
		"anpa":          "\x01a0001\x1fx-\r\nu s\x14 x 09-12 1\r\n\x02x\r\nh+\r\n" + strings.Repeat("     x\r\n", rest/8) + "\x03KWS-21:37-09-12-18\x04",
		"anpa header":   "\x01a0001\x1f" + strings.Repeat("- ", rest/2) + "\x02x\x03KWS-21:37-09-12-18\x04",
		"anpa trailer":  "\x01a0001\x1fx\r\n\x02x\x03" + strings.Repeat("-", rest) + "\x04",
		"json":          "[" + strings.Repeat("[", rest),
		"json items":    `[` + strings.Repeat(`{"uri":"a"},`, rest/12) + `{}]`,
		"json nesting":  strings.Repeat(`{"associations":[`, rest/17),
		"json names":    `{"uri":"a",` + strings.Repeat(`"x":1,`, rest/6) + `"body_text":"x"}`,
		"json text":     `{"uri":"a","body_text":"` + strings.Repeat(`word `, rest/5) + `"}`,
		"html nesting":  `{"uri":"a","body_xhtml":"` + strings.Repeat(`<div>`, rest/5) + `"}`,
		"html tags":     `{"uri":"a","body_xhtml":"` + strings.Repeat(`<b><i>x`, rest/7) + `"}`,
		"html table":    `{"uri":"a","body_xhtml":"` + strings.Repeat(`<table><td>`, rest/11) + `"}`,
		"newsitems":     `<newsMessage><itemSet>` + strings.Repeat(`<newsItem guid='a'/>`, rest/20) + `</itemSet></newsMessage>`,
		"subjects":      `<newsItem guid='a'><contentMeta>` + strings.Repeat(`<subject qcode='medtop:1'/>`, rest/27) + `</contentMeta></newsItem>`,
		"rss":           `<rss version="2.0"><channel>` + strings.Repeat(`<item><guid>a</guid></item>`, rest/27) + `</channel></rss>`,
		"rss nesting":   `<rss version="2.0"><channel>` + strings.Repeat(`<item>`, rest/6),
		"atom":          `<feed xmlns="http://www.w3.org/2005/Atom">` + strings.Repeat(`<entry/>`, rest/8) + `</feed>`,
		"iptc 7901":     "\x01dpa0123 4 pl 110  dpa 0000\r\n\r\n" + strings.Repeat("a/", rest/2) + "\r\n\x02x\x03231037 Nov 26\r\n\x04",
		"iptc messages": strings.Repeat("\x01dpa0123 4 pl 110  dpa 0000\r\n\r\na/\r\n\x02x\x03231037 Nov 26\r\n\x04", rest/60),
		"mail":          "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", rest/9) + "--b--",
		"mail headers":  "From: a@b.example\r\nSubject: x\r\n" + strings.Repeat("X: y\r\n", rest/6) + "\r\nx",
		"labels":        strings.Repeat("Editor: ", rest/8),
		"related":       strings.Repeat("Baca juga: A\n", rest/13),
		"notices":       strings.Repeat("© 2026 Kyodo. All rights reserved. ", rest/36),
		"agencies":      strings.Repeat("lapor Tass, ", rest/12),
		"datelines":     strings.Repeat("TOKYO (Kyodo) -- ", rest/17),
		"brackets text": strings.Repeat("(", rest),
		"han":           strings.Repeat("記者翻訳編集", rest/18),
		"combining":     "a" + strings.Repeat("\u0301", rest/2),
		"latin":         strings.Repeat("caf\xe9 ", rest/5),
		"high bytes":    strings.Repeat("\x81\x40", rest/2),
	} {
		t.Run(name, func(t *testing.T) {
			c := &wire.Copy{Data: []byte(data), Profile: Profile("kyodo")}
			peak := watchHeap()
			start := time.Now()
			stories, refusals := Decode(c)
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
			if most := peak(); most > dearest {
				t.Errorf("took %d MB of memory", most>>20)
			}
			if len(stories)+len(refusals) == 0 {
				t.Error("nothing came of it")
			}
			t.Logf("%v: %d stories, %.200v", time.Since(start), len(stories), refusals[:min(len(refusals), 1)])
		})
	}
}

// watchHeap gives a function that says by how much the heap has grown at most since, garbage not counted: the collector
// works as soon as there is any.
func watchHeap() (most func() uint64) {
	percent := debug.SetGCPercent(20)
	live := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before, peak := live(), uint64(0)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				peak = max(peak, live())
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		debug.SetGCPercent(percent)
		return max(peak, before) - before
	}
}

func TestDecodeCharsets(t *testing.T) {
	japaneseXML := func(label string) string {
		return `<?xml version="1.0" encoding="` + label + `"?><nitf xml:lang="ja"><head><docdata><doc-id id-string="1"/></docdata></head>` +
			`<body><body.head><hedline><hl1>新潟で会見</hl1></hedline></body.head><body.content><p>市長が会見した。</p></body.content></body></nitf>`
	}
	latin := strings.NewReplacer("新潟で会見", "Café open", "市長が会見した。", "“Déjà vu”")
	encode := func(e encoding.Encoding, s string) []byte {
		b, err := e.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	profile := func(charset string) *wire.Profile {
		p := Profile("kyodo")
		p.Charset = charset
		return p
	}
	anpaCopy := "\x01a0001KYODO\x1fkoko-\r\nu s\x14\x12 BC-Cafe   23-11 0003\r\n\x02BC-Cafe\r\nCafé open+\r\n     The café.\r\n\x03KWS-21:37-23-11-26\x04"
	for _, tt := range []struct {
		name     string
		data     []byte
		profile  *wire.Profile
		headline string
	}{
		{"UTF-8 with a mark", append([]byte("\xef\xbb\xbf"), japaneseXML("utf-8")...), profile(""), "新潟で会見"},
		{"UTF-16", encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), japaneseXML("UTF-16")), profile(""), "新潟で会見"},
		{"Shift_JIS", encode(japanese.ShiftJIS, japaneseXML("Shift_JIS")), profile(""), "新潟で会見"},
		{"EUC-JP", encode(japanese.EUCJP, japaneseXML("euc-jp")), profile(""), "新潟で会見"},
		{"ISO-2022-JP", encode(japanese.ISO2022JP, japaneseXML("ISO-2022-JP")), profile(""), "新潟で会見"},
		{"windows-1252", encode(charmap.Windows1252, latin.Replace(japaneseXML("windows-1252"))), profile(""), "Café open"},
		{"windows-1252 called Latin-1", encode(charmap.Windows1252, latin.Replace(japaneseXML("ISO-8859-1"))), profile(""), "Café open"},
		{"CP850", encode(charmap.CodePage850, strings.ReplaceAll(strings.ReplaceAll(latin.Replace(japaneseXML("cp850")), "“", ""), "”", "")), profile(""), "Café open"},
		{"XML by profile", encode(japanese.ShiftJIS, strings.Replace(japaneseXML("x"), ` encoding="x"`, "", 1)), profile("shift_jis"), "新潟で会見"},
		{"plain by profile", encode(japanese.ShiftJIS, "新潟で会見\n\n【新潟共同】市長が会見した。"), profile("Shift_JIS"), "新潟で会見"},
		{"plain with escapes", encode(japanese.ISO2022JP, "新潟で会見\n\n【新潟共同】市長が会見した。"), profile("iso-2022-jp"), "新潟で会見"},
		{"plain UTF-8 against the profile", []byte("新潟で会見\n\n【新潟共同】市長が会見した。"), profile("shift_jis"), "新潟で会見"},
		{"ANPA in Latin-1", encode(charmap.ISO8859_1, anpaCopy), profile(""), "Café open"},
		{"ANPA in UTF-8", []byte(anpaCopy), profile(""), "Café open"},
		{"ANPA by profile", encode(charmap.CodePage850, anpaCopy), profile("cp850"), "Café open"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if s := only(t, &wire.Copy{Data: tt.data, Profile: tt.profile}); s.Headline != tt.headline {
				t.Errorf("headline %q", s.Headline)
			}
		})
	}
}

func TestDecodeChangesNothing(t *testing.T) {
	data := sample(t, "kyodo-original.newsml.xml")
	p := Profile("kyodo")
	p.Rights.Territories.Allow = []string{"JP"}
	before, profile := bytes.Clone(data), *p
	c := &wire.Copy{Data: data, Profile: p}
	one, two := only(t, c), only(t, c)
	a, _ := one.Marshal()
	b, _ := two.Marshal()
	if !bytes.Equal(a, b) {
		t.Error("the same copy gives different records")
	}
	if !bytes.Equal(data, before) || p.Agency != profile.Agency || p.Rights.Holder != profile.Rights.Holder {
		t.Error("the copy was changed")
	}
}
