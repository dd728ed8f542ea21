package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"kawat/internal/feed"
)

// One story by itself says what its item in a feed says, and is valid by IPTC's schemas.
func TestSingle(t *testing.T) {
	schema := ninjsSchema(t)
	var newsItems [][]byte
	for _, e := range []*feed.Entry{translated(), english(), japanese(), killed()} {
		b, contentType, err := Single(site, e, feed.NINJS)
		if err != nil || contentType != "application/json; charset=utf-8" || !json.Valid(b) {
			t.Fatalf("%s: %v, %s", b, err, contentType)
		}
		if !bytes.Contains(ninjsDocument(t, e), bytes.TrimSpace(b)) {
			t.Errorf("it is not what the feed says: %s", b)
		}
		if schema != nil {
			validNINJS(t, schema, []byte("["+string(b)+"]"))
		}

		b, contentType, err = Single(site, e, feed.NewsMLG2)
		if err != nil || contentType != "application/vnd.iptc.g2.newsitem+xml; charset=utf-8" {
			t.Fatalf("%v, %s", err, contentType)
		}
		var root struct {
			XMLName xml.Name `xml:"http://iptc.org/std/nar/2006-10-01/ newsItem"`
			GUID    string   `xml:"guid,attr"`
		}
		if err := xml.Unmarshal(b, &root); err != nil || root.GUID != e.Key().URI() {
			t.Errorf("%v: %s", err, b)
		}
		if e.Killed() && strings.Contains(strings.ToLower(string(b)), "rahasia") {
			t.Errorf("a killed story's words: %s", b)
		}
		newsItems = append(newsItems, b)
	}
	if _, _, err := Single(site, english(), feed.RSS); err == nil {
		t.Error("RSS has no document of one story")
	}
	validate(t, newsItems...)
}
