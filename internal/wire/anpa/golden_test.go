package anpa_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"golang.org/x/text/encoding/charmap"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
)

var kyodo = &wire.Profile{Name: "kyodo", Agency: "Kyodo", Location: time.FixedZone("JST", 9*3600), Language: "en"}

var ap = &wire.Profile{Name: "ap", Agency: "AP", Location: newYork, Language: "en"}

var newYork = func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return zone
}()

// result is what a transmission of several messages, or a refused one, gives.
type result struct {
	Stories  []*wire.Story
	Refusals []*wire.Refusal
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.anpa")
	if err != nil || len(files) == 0 {
		t.Fatal("no messages", err)
	}
	for _, file := range append(files, "../../../samples/kyodo-original.anpa") {
		name := strings.TrimSuffix(filepath.Base(file), ".anpa")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !anpa.Detect(data) {
				t.Error("not detected")
			}
			text, err := charmap.ISO8859_1.NewDecoder().Bytes(data)
			if err != nil {
				t.Fatal(err)
			}
			profile := kyodo
			if strings.HasPrefix(name, "ap-") {
				profile = ap
			}
			stories, refusals := anpa.Parse(&wire.Copy{Data: data, Profile: profile}, text)
			var got any = result{stories, refusals}
			if len(stories) == 1 && len(refusals) == 0 {
				got = stories[0]
			}
			testkit.GoldenJSON(t, filepath.Join("testdata", name+".json"), got)
		})
	}
}
