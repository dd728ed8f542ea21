package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"kawat/internal/config"
	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/decode"
)

// TestDictionaries: words that a desk has put into files beside its configuration are those that its copy is read by.
func TestDictionaries(t *testing.T) {
	folder, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kawat.yaml")
	text := "dictionaries: [" + filepath.Join(folder, "words/jawa.yaml") + ", " + filepath.Join(folder, "words/agencies.yaml") + "]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	conf, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	c := &wire.Copy{
		Data: []byte("LERESAN: Prau Semau\n\nBandung (WK) - Prau Semau mangkat kaping pindho saben dina saka dermaga lawas.\n\n" +
			"Panulis: Dewi Anggun lan Sekar Widuri\nPanyunting naskah: Bima Langit\n"),
		Profile: conf.Profile("meja", decode.Profile),
	}
	stories, _ := decode.Decode(c)
	if len(stories) != 1 || len(stories[0].Attribution.Credits) != 0 {
		t.Fatalf("before: %+v", stories)
	}
	for _, file := range conf.Dictionaries {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := credit.Extend(file, text); err != nil {
			t.Fatal(err)
		}
	}
	stories, refusals := decode.Decode(c)
	if len(stories) != 1 {
		t.Fatal(refusals)
	}
	s := stories[0]
	if len(s.Attribution.Credits) != 3 || s.Attribution.Credits[1] != (wire.Credit{Name: "Sekar Widuri", Role: wire.Reporter}) ||
		s.Dateline.Agency != "Warta Kita" || s.Signal != wire.Correction {
		t.Errorf("%+v", s)
	}
}
