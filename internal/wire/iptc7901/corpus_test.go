package iptc7901_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/iptc7901"
)

// What the bytes of a real message say, read without this package.
var (
	firstLine = regexp.MustCompile(`^\x01([a-z]+)(\d+) (\d) ([a-z]+) \d+ `)
	topic     = regexp.MustCompile(`(?s)^[^\n]*\n\s*\n(.*?)/?\r?\n\x02`)
	topLines  = regexp.MustCompile(`(?s)\x02(.*?) =\r?\n`)
	filed     = regexp.MustCompile(`(?m)^([^(\n]+) \(([^)\n]+)\) - `)
	timeSent  = regexp.MustCompile(`\x03(\d\d)(\d\d)(\d\d) (\w{3}) (\d\d)`)
)

var monthNames = map[string]time.Month{"Sep": time.September, "Okt": time.October}

// TestCorpus compares what is read of real messages with what their bytes say.
func TestCorpus(t *testing.T) {
	const folder = "../../../../shared/corpus"
	files, _ := filepath.Glob(folder + "/iptc7901/*.iptc")
	if len(files) == 0 {
		t.Skip("the folder of real messages, " + folder + ", is not there")
	}
	dpa := profiles["dpa"]
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !iptc7901.Detect(data) {
				t.Error("not detected")
			}
			stories, refusals := iptc7901.Parse(&wire.Copy{Data: data, Profile: dpa}, data)
			if len(stories) != 1 || len(refusals) != 0 {
				t.Fatalf("%d stories, refusals %v", len(stories), refusals)
			}
			s := stories[0]

			head := firstLine.FindSubmatch(data)
			if priority := int(head[3][0] - '0'); s.Urgency != priority {
				t.Errorf("urgency %d, want %d", s.Urgency, priority)
			}
			at := timeSent.FindSubmatch(data)
			stamp := "20" + string(at[5]) + at2(monthNames[string(at[4])]) + string(at[1])
			if want := "urn:kawat:dpa:iptc7901:" + stamp + ":" + string(head[1]); !strings.HasPrefix(s.ID, want) || !bytes.Equal(head[2], []byte("0000")) {
				t.Errorf("id %s, want %s…", s.ID, want)
			}
			if want, _ := time.ParseInLocation("200601021504", stamp+string(at[2])+string(at[3]), dpa.Location); !s.Created.Equal(want) {
				t.Errorf("created %v, want %v", s.Created, want)
			}
			words := string(topic.FindSubmatch(data)[1])
			if s.Slugline != words || strings.Join(s.Keywords, "/") != words {
				t.Errorf("slugline %q, keywords %q, want %q", s.Slugline, s.Keywords, words)
			}
			above := strings.Join(strings.Fields(string(topLines.FindSubmatch(data)[1])), " ")
			if s.Headline == "" || !strings.Contains(above, s.Headline) {
				t.Errorf("headline %q is not in %q", s.Headline, above)
			}
			for _, rest := range []string{"(", "Von ", "="} {
				if strings.HasPrefix(s.Headline, rest) || strings.HasSuffix(s.Headline, rest) {
					t.Errorf("headline %q", s.Headline)
				}
			}
			body, _, _ := bytes.Cut(data, []byte("# Notizblock"))
			if place := filed.FindSubmatch(body); (place == nil) != (s.Dateline.Place == "") || place != nil && s.Dateline.Place != string(place[1]) {
				t.Errorf("dateline %+v, want %q", s.Dateline, place)
			}
			// Every word of the text stands in the body or above it, and none of the notes.
			record, _ := s.Marshal()
			for _, private := range regexp.MustCompile(`(?s)## (?:Kontakte|Ansprechpartner)(.*?)\n\n`).FindAllSubmatch(data, -1) {
				for _, word := range strings.Fields(string(private[1])) {
					if len(word) > 4 && strings.ContainsAny(word, "@0123456789") && strings.Contains(string(record), word) {
						t.Errorf("%q is not for publication", word)
					}
				}
			}
			for _, gone := range []string{"Notizblock", "## ", "dpa kre/su", "\x7f", " =", "nicht zur Veröffentlichung"} {
				if strings.Contains(s.Body.Text, gone) {
					t.Errorf("%q stands in the body", gone)
				}
			}
			body = regexp.MustCompile(`\nAnsprechpartner:\n(?:.+\n)+`).ReplaceAll(body, nil)
			_, main, _ := bytes.Cut(body, []byte(" =\n"))
			shown := strings.Join(strings.Fields(s.Dateline.Text+" - "+s.Summary+" "+s.Body.Text), " ")
			for _, word := range strings.Fields(string(main)) {
				if strings.Trim(word, "|+*-()") != "" && !strings.Contains(shown, word) {
					t.Errorf("%q of the text is lost", word)
				}
			}
		})
	}
}

func at2(m time.Month) string { return time.Date(2000, m, 1, 0, 0, 0, 0, time.UTC).Format("01") }
