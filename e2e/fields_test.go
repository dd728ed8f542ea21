package e2e

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// A place is where a field of the record is in an item of each format. Its addresses are in the order of the columns of
// docs/feeds.md: XPaths from the item in RSS, Atom and NewsML-G2, JSON pointers from the item in JSON Feed and ninjs, in which "*"
// is any element of an array and "*[role=main]" one that has this member. Of several addresses, separated by ", ", each has the
// field. "= words" says what stands there instead of the record's own words.
type place struct {
	field   string
	value   string // what the record of everyField has there
	formats [5]string
}

var placeFormats = [5]feed.Format{feed.RSS, feed.Atom, feed.JSON, feed.NINJS, feed.NewsMLG2}

const none = "—"

// places are the record's fields in its own order.
var places = []place{
	{"id", "urn:test:every-field", [5]string{"guid", "id", "/id", "/uri", "@guid"}},
	{"provider", "lengkap", [5]string{"kawat:provider", "kawat:provider", "/_kawat/provider", "/altIds/*[role=provider]/value", "itemMeta/provider/@literal"}},
	{"version", "7301", [5]string{"kawat:version", "kawat:version", "/_kawat/version", "/version", "@version"}},
	{"status", "usable", [5]string{"kawat:status", "kawat:status", "/_kawat/status", "/pubStatus", "itemMeta/pubStatus/@qcode = stat:usable"}},
	{"signal", "correction", [5]string{"kawat:signal", "kawat:signal", "/_kawat/signal", "/genres/*/name", "itemMeta/signal/@qcode = sig:correction"}},
	{"urgency", "3", [5]string{"kawat:urgency", "kawat:urgency", "/_kawat/urgency", "/urgency", "contentMeta/urgency"}},
	{"language", "id", [5]string{"dc:language", "@xml:lang", "/language", "/language", "@xml:lang, contentMeta/language/@tag"}},
	{"headline", "Judul lengkap", [5]string{"title", "title", "/title", "/headlines/*[role=main]/value", "contentMeta/headline, itemMeta/title"}},
	{"slugline", "SLUG-LENGKAP", [5]string{"kawat:slugline", "kawat:slugline", "/_kawat/slugline", "/slugline", "contentMeta/slugline"}},
	{"byline", "Oleh Byline Lengkap", [5]string{"kawat:byline", "kawat:byline", "/_kawat/byline", "/by", "contentMeta/by"}},
	{"summary", "Ringkasan lengkap.", [5]string{"description", "summary", "/summary", "/descriptions/*[role=summary]/value", "contentMeta/description[@role='drol:summary']"}},
	{"dateline.text", "Dateline (TANDA)", [5]string{"kawat:dateline, content:encoded", "kawat:dateline, content", "/_kawat/dateline/text, /content_html, /content_text", "/descriptions/*[role=dateline]/value", "contentMeta/dateline"}},
	{"dateline.place", "Tempat Dateline", [5]string{"kawat:dateline/@place", "kawat:dateline/@place", "/_kawat/dateline/place", "/located", "contentMeta/located/name"}},
	{"dateline.agency", "Kantor Dateline", [5]string{"kawat:dateline/@agency", "kawat:dateline/@agency", "/_kawat/dateline/agency", none, none}},
	{"dateline.date", "21 Januari", [5]string{"kawat:dateline/@date", "kawat:dateline/@date", "/_kawat/dateline/date", none, none}},
	{"body.html", "Isi lengkap.", [5]string{"content:encoded", "content", "/content_html", "/bodies/*[role=main]/value", "contentSet/inlineXML/html/body/p"}},
	{"body.text", "Isi lengkap.", [5]string{none, none, "/content_text", "/bodies/*[role=text]/value", none}},
	{"created", "2026-11-21T01:02:03Z", [5]string{"dcterms:created", "dcterms:created", "/_kawat/created", "/firstCreated", "itemMeta/firstCreated"}},
	{"revised", "2026-11-21T04:05:06Z", [5]string{"kawat:revised", "kawat:revised", "/_kawat/revised", "/versionCreated", "itemMeta/versionCreated"}},
	{"embargo", "2026-11-21T07:08:09Z", [5]string{"kawat:embargo", "kawat:embargo", "/_kawat/embargo", "/embargoedUntil", "itemMeta/embargoed"}},
	{"expires", "2099-10-11T12:13:14Z", [5]string{"kawat:expires", "kawat:expires", "/_kawat/expires", "/expires", "itemMeta/expires"}},
	{"subjects.code", "medtop:20000131", [5]string{"kawat:subject/@code, category/@domain = http://cv.iptc.org/newscodes/mediatopic/", "kawat:subject/@code, category/@scheme = http://cv.iptc.org/newscodes/mediatopic/, category/@term = 20000131", "/_kawat/subjects/*/code", "/subjects/*[rel=about]/uri = http://cv.iptc.org/newscodes/mediatopic/20000131", "contentMeta/subject[@type='cpnat:abstract']/@qcode"}},
	{"subjects.name", "pokok bahasan", [5]string{"category, kawat:subject", "category/@label, kawat:subject", "/tags/*, /_kawat/subjects/*/name", "/subjects/*[rel=about]/name", "contentMeta/subject[@type='cpnat:abstract']/name"}},
	{"places", "Pulau Tempat", [5]string{"dcterms:spatial", "dcterms:spatial", "/_kawat/places/*", "/places/*/name", "contentMeta/subject[@type='cpnat:geoArea']/name"}},
	{"keywords", "kata kunci", [5]string{"category", "category/@term", "/tags/*", "/subjects/*[rel=keyword]/name", "contentMeta/keyword"}},
	{"genre", "Jenis Berita", [5]string{"kawat:genre", "kawat:genre", "/_kawat/genre", "/genres/*/name", "contentMeta/genre/name"}},
	{"note", "Catatan redaksi.", [5]string{"kawat:note", "kawat:note", "/_kawat/note", "/edNote", "itemMeta/edNote"}},
	{"attribution.sources.name", "Kantor Asal", [5]string{"dc:source, kawat:source[@role='origin']", "dc:source, kawat:source[@role='origin']", "/_kawat/attribution/sources/*[role=origin]/name", "/infoSources/*/name", "contentMeta/infoSource[@role='cpprole:origcont']/name"}},
	{"attribution.sources.role", "origin", [5]string{"kawat:source/@role", "kawat:source/@role", "/_kawat/attribution/sources/*/role", "/infoSources/*/role = http://cv.iptc.org/newscodes/contentprodpartyrole/origcont", "contentMeta/infoSource/@role = cpprole:origcont"}},
	{"attribution.credits, a reporter's name", "Rani Pewarta", [5]string{"dc:creator, kawat:credit[@role='reporter']", "author/name, kawat:credit[@role='reporter']", "/authors/*/name, /_kawat/attribution/credits/*[role=reporter]/name", "/infoSources/*/name", "contentMeta/creator/name"}},
	{"attribution.credits, another's name", "Katriana Penerjemah", [5]string{"dc:contributor = Katriana Penerjemah (translator), kawat:credit[@role='translator']", "contributor/name, kawat:credit[@role='translator']", "/_kawat/attribution/credits/*[role=translator]/name", "/infoSources/*[role=http://id.loc.gov/vocabulary/relators/trl]/name", "contentMeta/contributor[@role='marcrel:trl']/name"}},
	{"attribution.credits, another's role", "translator", [5]string{"kawat:credit/@role", "contributor/kawat:role, contributor/kawat:role/@relator = trl", "/_kawat/attribution/credits/*/role", "/infoSources/*/role = http://id.loc.gov/vocabulary/relators/trl", "contentMeta/contributor/@role = marcrel:trl"}},
	{"attribution.creditLine", "KREDIT/BARIS", [5]string{"kawat:creditLine", "kawat:creditLine", "/_kawat/attribution/creditLine", "/descriptions/*[role=creditLine]/value", "contentMeta/creditline"}},
	{"translation.of", "https://asli.example/berita", [5]string{"dcterms:isVersionOf, kawat:translation/@of", "link[@rel='via']/@href, kawat:translation/@of", "/_kawat/translation/of", "/associations/*[rel=translatedFrom]/uri", "itemMeta/link[@rel='irel:translatedFrom']/@href"}},
	{"translation.from", "en-GB", [5]string{"kawat:translation/@from", "link[@rel='via']/@hreflang, kawat:translation/@from", "/_kawat/translation/from", "/associations/*[rel=translatedFrom]/language", "itemMeta/link[@rel='irel:translatedFrom']/language/@tag, itemMeta/itemMetaExtProperty[@rel='kawat:translationFrom']/@value"}},
	{"translation.to", "id-ID", [5]string{"kawat:translation/@to", "kawat:translation/@to", "/_kawat/translation/to", none, "itemMeta/itemMetaExtProperty[@rel='kawat:translationTo']/@value"}},
	{"translation.method", "machine", [5]string{"kawat:translation/@method", "kawat:translation/@method", "/_kawat/translation/method", "/infoSources/*/literal", "itemMeta/itemMetaExtProperty[@rel='kawat:translationMethod']/@value"}},
	{"translations", "urn:test:every-field-in-english", [5]string{"kawat:alternate", "link[@rel='alternate'][@hreflang='en']/@href = PAGE", "/_kawat/alternates/*/id", "/associations/*[rel=alternate]/uri", "itemMeta/link[@rel='kawat:alternate']/@href = PAGE"}},
	{"rights.holder", "Pemegang Hak", [5]string{"dcterms:rightsHolder, dc:publisher", "dcterms:rightsHolder, dc:publisher", "/_kawat/rights/holder", "/copyrightHolder", "rightsInfo/copyrightHolder/name"}},
	{"rights.year", "2025", [5]string{"dcterms:dateCopyrighted", "dcterms:dateCopyrighted", "/_kawat/rights/year", "/rightsInfo/encodedRights", "rightsInfo/rightsInfoExtProperty[@rel='kawat:copyrightYear']/@value"}},
	{"rights.notice", "Hak cipta dilindungi", [5]string{"dc:rights", "rights", "/_kawat/rights/notice", "/copyrightNotice", "rightsInfo/copyrightNotice"}},
	{"rights.terms", "Dilarang mengutip tanpa izin.", [5]string{"kawat:terms", "kawat:terms", "/_kawat/rights/terms", "/usageTerms", "rightsInfo/usageTerms"}},
	{"rights.ai", "reserved", [5]string{"kawat:ai, rsl:content/rsl:license/rsl:prohibits = ai-all", "kawat:ai, rsl:content/rsl:license/rsl:prohibits = ai-all", "/_kawat/rights/ai", "/rightsInfo/encodedRights = tdm:mine", "rightsInfo/dataMining/@qcode = plus:DMI-PROHIBITED-SEECONSTRAINT"}},
	{"rights.policy", "https://hak.example/aturan", [5]string{"dcterms:license, rsl:content/rsl:terms", "dcterms:license, rsl:content/rsl:terms, link[@rel='license']/@href", "/_kawat/rights/policy", "/rightsInfo/encodedRights", "rightsInfo/usageTerms/@href"}},
	{"rights.territories.allow", "TL", [5]string{"kawat:territories/@allow", "kawat:territories/@allow", "/_kawat/rights/territories/allow/*", "/rightsInfo/encodedRights = http://cvx.iptc.org/iso3166-1a2/TL", "rightsInfo/rightsInfoExtProperty[@rel='kawat:territoryAllow']/@value"}},
	{"rights.territories.deny", "XK", [5]string{"kawat:territories/@deny", "kawat:territories/@deny", "/_kawat/rights/territories/deny/*", "/rightsInfo/encodedRights = http://cvx.iptc.org/iso3166-1a2/XK", "rightsInfo/rightsInfoExtProperty[@rel='kawat:territoryDeny']/@value"}},
	{"related.title", "Baca juga ini", [5]string{"kawat:related", "link[@rel='related']/@title", "/_kawat/related/*/title", "/associations/*[rel=seeAlso]/name", "itemMeta/link[@rel='irel:seeAlso']/title"}},
	{"related.url", "https://baca.example/juga", [5]string{"kawat:related/@href", "link[@rel='related']/@href", "/_kawat/related/*/url", "/associations/*[rel=seeAlso]/uri", "itemMeta/link[@rel='irel:seeAlso']/@href"}},
	{"media.url", "https://gambar.example/a.jpg", [5]string{"media:content/@url, enclosure/@url", "media:content/@url, link[@rel='enclosure']/@href", "/_kawat/media/*/url, /attachments/*/url, /image", "/associations/*/renditions/*/href", "itemMeta/link[@rel='irel:seeAlso']/@href"}},
	{"media.type", "image/jpeg", [5]string{"media:content/@type, enclosure/@type", "media:content/@type, link[@rel='enclosure']/@type", "/_kawat/media/*/type, /attachments/*/mime_type", "/associations/*/renditions/*/contentType", "itemMeta/link[@rel='irel:seeAlso']/@contenttype"}},
	{"media.length", "48211", [5]string{"media:content/@fileSize, enclosure/@length", "media:content/@fileSize, link[@rel='enclosure']/@length", "/_kawat/media/*/length, /attachments/*/size_in_bytes", "/associations/*/renditions/*/sizeInBytes", "itemMeta/link[@rel='irel:seeAlso']/@size"}},
	{"media.credit", "Juru Gambar", [5]string{"media:content/media:credit", "media:content/media:credit", "/_kawat/media/*/credit", "/associations/*/by", "itemMeta/link[@rel='irel:seeAlso']/creditline"}},
	{"media.caption", "Keterangan gambar", [5]string{"media:content/media:description", "media:content/media:description, link[@rel='enclosure']/@title", "/_kawat/media/*/caption, /attachments/*/title", "/associations/*/descriptions/*[role=caption]/value", "itemMeta/link[@rel='irel:seeAlso']/description"}},
}

// withheldFields are the gateway's own business: no reader gets them.
var withheldFields = []string{"evidence", "received", "desk", "inherited", "reinstated", "linked", "placed", "lifted", "awaits", "translation.provider",
	"translation.embargo", "translation.expires", "translation.original", "translations.provider"}

// everyField is a story that has something else in every field.
func everyField() *wire.Story {
	at := func(s string) time.Time {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			panic(err)
		}
		return t
	}
	embargo, expires := at("2026-11-21T07:08:09Z"), at("2099-10-11T12:13:14Z")
	return &wire.Story{
		ID: "urn:test:every-field", Provider: "lengkap", Version: 7301, Status: wire.Usable, Signal: wire.Correction, Urgency: 3, Language: "id",
		Headline: "Judul lengkap", Slugline: "SLUG-LENGKAP", Byline: "Oleh Byline Lengkap", Summary: "Ringkasan lengkap.",
		Dateline: wire.Dateline{Text: "Dateline (TANDA)", Place: "Tempat Dateline", Agency: "Kantor Dateline", Date: "21 Januari"},
		Body:     wire.Body{HTML: "<p>Isi lengkap.</p>", Text: "Isi lengkap."},
		Created:  at("2026-11-21T01:02:03Z"), Revised: at("2026-11-21T04:05:06Z"), Embargo: &embargo, Expires: &expires,
		Subjects: []wire.Subject{{Code: "medtop:20000131", Name: "pokok bahasan"}}, Places: []string{"Pulau Tempat"},
		Keywords: []string{"kata kunci"}, Genre: "Jenis Berita", Note: "Catatan redaksi.",
		Attribution: wire.Attribution{
			Sources:    []wire.Source{{Name: "Kantor Asal", Role: wire.Origin}},
			Credits:    []wire.Credit{{Name: "Rani Pewarta", Role: wire.Reporter}, {Name: "Katriana Penerjemah", Role: wire.Translator}},
			CreditLine: "KREDIT/BARIS",
		},
		Translation: &wire.Translation{Of: "https://asli.example/berita", From: "en-GB", To: "id-ID", Method: "machine"},
		Rights: wire.Rights{Holder: "Pemegang Hak", Year: 2025, Notice: "Hak cipta dilindungi", Terms: "Dilarang mengutip tanpa izin.",
			AI: wire.AIReserved, Policy: "https://hak.example/aturan", Territories: wire.Territories{Allow: []string{"TL"}, Deny: []string{"XK"}}},
		Related:  []wire.Link{{Title: "Baca juga ini", URL: "https://baca.example/juga"}},
		Media:    []wire.Media{{URL: "https://gambar.example/a.jpg", Type: "image/jpeg", Credit: "Juru Gambar", Caption: "Keterangan gambar", Length: 48211}},
		Evidence: []wire.Evidence{{Field: "headline", Rule: "label:rahasia", Text: "Bukti rahasia"}},
		Received: wire.Received{Format: "copytext", Sequence: 1, Digest: "sha256:rahasia"},
	}
}

// TestEveryFieldHasItsPlace: every field of the record is, in every format, where docs/feeds.md says that it is.
func TestEveryFieldHasItsPlace(t *testing.T) {
	t.Parallel()
	translation := testkit.Story("urn:test:every-field-in-english", 1)
	translation.Provider, translation.Language, translation.Received.Sequence = "lengkap", "en", 2
	translation.Translation = &wire.Translation{Of: "urn:test:every-field", From: "id", To: "en", Method: "human"}
	s := startServicesHolding(t, everything, []*wire.Story{everyField(), translation})
	testkit.Eventually(t, 30*time.Second, func() error {
		return has(&s.gateway, "/feeds/everything.rss", 1, "urn:test:every-field", "Judul lengkap")
	})
	page := s.base + "/stories/" + translation.Key().Token()
	for column, f := range placeFormats {
		t.Run(string(f), func(t *testing.T) {
			body, err := s.fetch("/feeds/everything." + string(f))
			if err != nil {
				t.Fatal(err)
			}
			item := itemIn(t, f, body)
			readAgain(t, body)
			if strings.Contains(body, "rahasia") {
				t.Error("it says what is the gateway's own business")
			}
			for _, p := range places {
				if p.formats[column] == none {
					continue
				}
				for address := range strings.SplitSeq(p.formats[column], ", ") {
					address, want, other := strings.Cut(address, " = ")
					if !other {
						want = p.value
					}
					want = strings.ReplaceAll(want, "PAGE", page)
					found := item.at(steps(address))
					if !slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, want) }) {
						t.Errorf("%s: %s has %q, not %q", p.field, address, found, want)
					}
				}
			}
		})
	}
}

// readAgain checks that a gateway which reads the feed has the story with its times.
func readAgain(t *testing.T, body string) {
	t.Helper()
	want := everyField()
	stories, refusals := decode.Decode(&wire.Copy{Data: []byte(body), Profile: decode.Profile("lengkap")})
	for _, s := range stories {
		if s.ID != want.ID {
			continue
		}
		for name, times := range map[string][2]*time.Time{
			"created": {&want.Created, &s.Created}, "revised": {&want.Revised, &s.Revised}, "embargo": {want.Embargo, s.Embargo}, "expires": {want.Expires, s.Expires},
		} {
			if times[1] == nil || !times[1].Equal(*times[0]) {
				t.Errorf("%s is %v, read again %v", name, times[0], times[1])
			}
		}
		return
	}
	t.Errorf("it is not read again: %v", refusals)
}

// TestFieldsAreDocumented: docs/feeds.md has a row for each field with the addresses at which the test above finds it, and every
// field of the record is among them.
func TestFieldsAreDocumented(t *testing.T) {
	doc := readFile(t, filepath.Join(testkit.Root(t), "docs", "feeds.md"))
	for _, p := range places {
		cells := []string{fieldCell(p.field)}
		for _, addresses := range p.formats {
			cells = append(cells, addressCell(addresses))
		}
		if row := "| " + strings.Join(cells, " | ") + " |"; !strings.Contains(doc, "\n"+row+"\n") {
			t.Errorf("docs/feeds.md lacks this row:\n%s", row)
		}
	}
	for _, field := range leaves(reflect.TypeFor[wire.Story](), "") {
		documented := func(name string) bool {
			return strings.HasPrefix(field, name) || strings.HasPrefix(name, field)
		}
		if !slices.ContainsFunc(places, func(p place) bool { return documented(strings.Split(p.field, ",")[0]) }) && !slices.ContainsFunc(withheldFields, documented) {
			t.Errorf("the record's field %s is in no row", field)
		}
	}
}

func fieldCell(field string) string {
	name, rest, ok := strings.Cut(field, ", ")
	if ok {
		return "`" + name + "`, " + rest
	}
	return "`" + name + "`"
}

func addressCell(addresses string) string {
	if addresses == none {
		return none
	}
	var cells []string
	for address := range strings.SplitSeq(addresses, ", ") {
		address, says, ok := strings.Cut(address, " = ")
		switch {
		case ok && says == "PAGE":
			cells = append(cells, "`"+address+"` (the page)")
		case ok:
			cells = append(cells, "`"+address+"` (`"+says+"`)")
		default:
			cells = append(cells, "`"+address+"`")
		}
	}
	return strings.Join(cells, ", ")
}

// leaves are the fields of the record, by their names in JSON.
func leaves(t reflect.Type, prefix string) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return []string{strings.TrimSuffix(prefix, ".")}
	}
	var all []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		all = append(all, leaves(t.Field(i).Type, prefix+name+".")...)
	}
	return all
}

// A node is an element of XML or a value of JSON.
type node struct {
	name     string // with its prefix; "*" for an element of an array
	text     string // with that of all that is in it
	children []*node
}

// itemIn is the entry of everyField in a feed.
func itemIn(t *testing.T, f feed.Format, body string) *node {
	t.Helper()
	root := &node{}
	var list []string
	switch f {
	case feed.JSON, feed.NINJS:
		d := json.NewDecoder(strings.NewReader(body))
		d.UseNumber()
		var v any
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		root = nodeOf("", v)
		list = map[feed.Format][]string{feed.JSON: {"items", "*"}, feed.NINJS: {"*"}}[f]
	default:
		root = elementsOf(t, body)
		list = map[feed.Format][]string{feed.RSS: {"rss", "channel", "item"}, feed.Atom: {"feed", "entry"}, feed.NewsMLG2: {"newsMessage", "itemSet", "newsItem"}}[f]
	}
	for _, item := range root.nodes(list) {
		for _, id := range []string{"guid", "id", "uri", "@guid"} {
			if slices.Contains(item.at([]string{id}), "urn:test:every-field") {
				return item
			}
		}
	}
	t.Fatal("it is not in the feed")
	return nil
}

func nodeOf(name string, v any) *node {
	n := &node{name: name}
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			n.children = append(n.children, nodeOf(name, member))
		}
	case []any:
		for _, element := range v {
			n.children = append(n.children, nodeOf("*", element))
		}
	case nil:
	default:
		n.text = fmt.Sprint(v)
	}
	return n
}

func elementsOf(t *testing.T, body string) *node {
	t.Helper()
	root := &node{}
	open := []*node{root}
	named := func(n xml.Name) string { return strings.TrimPrefix(n.Space+":"+n.Local, ":") }
	for d := xml.NewDecoder(strings.NewReader(body)); ; {
		token, err := d.RawToken() // with the prefixes as they are written
		if errors.Is(err, io.EOF) {
			return root
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{name: named(token.Name)}
			for _, a := range token.Attr {
				n.children = append(n.children, &node{name: "@" + named(a.Name), text: a.Value})
			}
			parent := open[len(open)-1]
			parent.children = append(parent.children, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			for _, n := range open {
				n.text += string(token)
			}
		}
	}
}

// steps parts an address at its slashes, not at those in brackets.
func steps(address string) []string {
	var all []string
	depth, from := 0, 0
	address = strings.TrimPrefix(address, "/")
	for i, c := range address {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == '/' && depth == 0:
			all = append(all, address[from:i])
			from = i + 1
		}
	}
	return append(all, address[from:])
}

// nodes finds what is at an address: names, each with conditions on what is in it.
func (n *node) nodes(address []string) []*node {
	if len(address) == 0 {
		return []*node{n}
	}
	name, conditions, _ := strings.Cut(address[0], "[")
	var all []*node
	for _, c := range n.children {
		if c.name == name && c.meets(conditions) {
			all = append(all, c.nodes(address[1:])...)
		}
	}
	return all
}

// meets takes what stands in brackets: "role=main]", "@rel='alternate'][@hreflang='en']".
func (n *node) meets(conditions string) bool {
	for condition := range strings.SplitSeq(strings.TrimSuffix(conditions, "]"), "][") {
		name, value, ok := strings.Cut(condition, "=")
		if ok && !slices.Contains(n.at([]string{name}), strings.Trim(value, "'")) {
			return false
		}
	}
	return true
}

// at gives the texts at an address.
func (n *node) at(address []string) []string {
	var all []string
	for _, found := range n.nodes(address) {
		all = append(all, found.text)
	}
	return all
}
