package anpa_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
)

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
			testkit.GoldenJSON(t, filepath.Join("testdata", name+".json"), story)
		})
	}
}
