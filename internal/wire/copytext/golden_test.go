package copytext_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/copytext"
)

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
			testkit.GoldenJSON(t, filepath.Join("testdata", name+".json"), story)
		})
	}
}
