package nitf_test

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
	"kawat/internal/wire/nitf"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var kyodo = &wire.Profile{Name: "kyodo", Agency: "Kyodo", Location: time.FixedZone("JST", 9*3600), Language: "en"}

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
			story, err := nitf.Parse(&wire.Copy{Data: data, Profile: kyodo}, data)
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(story, json.Deterministic(true), jsontext.WithIndent("  "))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, strings.TrimSuffix(file, ".xml")+".json", append(got, '\n'))
		})
	}
}

func compare(t *testing.T, golden string, got []byte) {
	t.Helper()
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
}
