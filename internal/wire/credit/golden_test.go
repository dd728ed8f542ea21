package credit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/credit"
)

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
			testkit.GoldenJSON(t, strings.TrimSuffix(file, ".txt")+".json", got)
		})
	}
}
