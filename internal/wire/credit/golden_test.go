package credit_test

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
	"kawat/internal/wire/credit"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden extracts from name.txt, whose name begins with its language, and compares what was taken and what is left
// with name.json.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			language, _, _ := strings.Cut(name, "-")
			var got struct {
				Rest  []string    `json:"rest"`
				Story *wire.Story `json:"story"`
			}
			got.Story = &wire.Story{Language: language}
			got.Rest = credit.Extract(got.Story, strings.Split(strings.TrimSpace(string(b)), "\n\n"), nil)
			out, err := json.Marshal(got, json.Deterministic(true), jsontext.WithIndent("  "))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, '\n')
			golden := strings.TrimSuffix(file, ".txt") + ".json"
			if *update {
				if err := os.WriteFile(golden, out, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(out)); diff != "" {
				t.Errorf("differs from %s (-want +got):\n%s", golden, diff)
			}
		})
	}
}
