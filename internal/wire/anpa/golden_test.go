package anpa_test

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
	"golang.org/x/text/encoding/charmap"

	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var kyodo = &wire.Profile{Name: "kyodo", Agency: "Kyodo", Location: time.FixedZone("JST", 9*3600), Language: "en"}

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
			c := &wire.Copy{Data: data, Profile: kyodo}
			if strings.Contains(name, "kill") {
				if _, err := anpa.Parse(c, text); err == nil || !strings.Contains(err.Error(), wire.HeaderStoryID) {
					t.Errorf("a kill without its target gives %v", err)
				}
				c.Headers.StoryID = "kites"
			}
			story, err := anpa.Parse(c, text)
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
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
}
