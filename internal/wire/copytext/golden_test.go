package copytext_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/copytext"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// profiles are the providers whose names golden files begin with.
var profiles = map[string]*wire.Profile{
	"antara": {Name: "antara", Agency: "ANTARA", Rights: wire.Rights{Holder: "ANTARA"}},
	"kyodo":  {Name: "kyodo", Agency: "Kyodo", Language: "en"},
	"desk":   {Name: "desk", Generic: true},
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	samples, err := filepath.Glob("../../../samples/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, samples...) {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		provider, _, _ := strings.Cut(name, "-")
		profile := profiles[provider]
		if profile == nil {
			continue // a sample of another format's
		}
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			story, err := copytext.Parse(&wire.Copy{Data: b, Profile: profile}, string(b))
			if err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(story, json.Deterministic(true), jsontext.WithIndent("  "))
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
				t.Errorf("record differs from %s (-want +got):\n%s", golden, diff)
			}
		})
	}
}
