package newsml1_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/newsml1"
)

var update = flag.Bool("update", false, "rewrite the golden files")

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
	samples, err := filepath.Glob("../../../samples/kyodo-*.newsml.xml")
	if err != nil || len(samples) == 0 {
		t.Fatal("no samples", err)
	}
	for _, file := range append(files, samples...) {
		name := strings.TrimSuffix(filepath.Base(file), ".xml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var o outcome
			o.Stories, o.Refusals = newsml1.Parse(&wire.Copy{Data: data, Profile: kyodo}, data)
			got, err := json.Marshal(o, json.Deterministic(true), jsontext.WithIndent("  "))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			golden := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
}
