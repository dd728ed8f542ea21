package iptc7901_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/iptc7901"
)

// profiles are of the agencies by whose names the files begin.
var profiles = map[string]*wire.Profile{
	"dpa":  {Name: "dpa", Agency: "dpa", Language: "de", Location: zone("Europe/Berlin")},
	"ats":  {Name: "ats", Agency: "Keystone-ATS", Language: "fr", Location: zone("Europe/Zurich")},
	"ansa": {Name: "ansa", Agency: "ANSA", Language: "it", Location: zone("Europe/Rome")},
	"apa":  {Name: "apa", Agency: "APA", Language: "de", Location: zone("Europe/Vienna")},
}

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// result is what a transmission of several messages, or a refused one, gives.
type result struct {
	Stories  []*wire.Story
	Refusals []*wire.Refusal
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.iptc")
	if err != nil || len(files) == 0 {
		t.Fatal("no messages", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".iptc")
		t.Run(name, func(t *testing.T) {
			text := read(t, file)
			agency, _, _ := strings.Cut(name, "-")
			stories, refusals := iptc7901.Parse(&wire.Copy{Data: text, Profile: profiles[agency]}, text)
			var got any = result{stories, refusals}
			if len(stories) == 1 && len(refusals) == 0 {
				got = stories[0]
			}
			testkit.GoldenJSON(t, filepath.Join("testdata", name+".json"), got)
			for _, s := range stories {
				if record, _ := s.Marshal(); strings.Contains(string(record), "@") || strings.Contains(string(record), "0000000") {
					t.Errorf("contacts in %s", record)
				}
			}
		})
	}
}

// read reads a file, in UTF-8 or Latin-1.
func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !iptc7901.Detect(data) {
		t.Errorf("%s is not detected", file)
	}
	if utf8.Valid(data) {
		return data
	}
	text, err := charmap.ISO8859_1.NewDecoder().Bytes(data)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
