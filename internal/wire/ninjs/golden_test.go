package ninjs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/ninjs"
)

var desk = &wire.Profile{Name: "desk", Agency: "Desk", Location: time.FixedZone("WIB", 7*3600)}

// outcome is what comes of a message.
type outcome struct {
	Stories  []*wire.Story
	Refusals []*wire.Refusal
}

func documents(t testing.TB) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/*.json")
	if err != nil || len(all) == 0 {
		t.Fatal("no documents", err)
	}
	var files []string
	for _, file := range all {
		if !strings.HasSuffix(file, ".story.json") {
			files = append(files, file)
		}
	}
	return files
}

func parse(data []byte) outcome {
	var o outcome
	o.Stories, o.Refusals = ninjs.Parse(&wire.Copy{Data: data, Profile: desk}, data)
	return o
}

func TestGolden(t *testing.T) {
	for _, file := range documents(t) {
		name := strings.TrimSuffix(file, ".json")
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !ninjs.Detect(data) {
				t.Error("it is not taken for ninjs")
			}
			testkit.GoldenJSON(t, name+".story.json", parse(data))
		})
	}
}
