package newsmlg2_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/newsmlg2"
)

var kyodo = &wire.Profile{Name: "kyodo", Agency: "Kyodo", Location: time.FixedZone("JST", 9*3600), Language: "en"}

// outcome is what comes of a message.
type outcome struct {
	Stories  []*wire.Story
	Refusals []*wire.Refusal
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var o outcome
			o.Stories, o.Refusals = newsmlg2.Parse(&wire.Copy{Data: data, Profile: kyodo}, data)
			testkit.GoldenJSON(t, strings.TrimSuffix(file, ".xml")+".json", o)
		})
	}
}
