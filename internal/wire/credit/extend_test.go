package credit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// restore gives the dictionary back as it was.
func restore(t *testing.T) {
	before, extensions := words(), inUse.extensions
	t.Cleanup(func() {
		inUse.Store(before)
		inUse.extensions = extensions
	})
}

func TestExtend(t *testing.T) {
	restore(t)
	const tail = "Panulis: Dewi Anggun"
	if _, rest := extract("id", opening, "Kapal tiba.", tail); len(rest) != 3 {
		t.Fatalf("it is known before: %q", rest)
	}
	for name, text := range map[string]string{
		"basa.yaml": "language: jw\nlabels:\n  reporter: [Panulis]\n  editor: [Panyunting naskah]\nclauses:\n  translator: [\"Dipunjarwakaken dening {names}\"]\n" +
			"and: [lan]\ncorrections: [Leresan]\nstopwords: [ingkang, saking, dhateng, punika, kaliyan]\n",
		"meja.yaml":   "language: ind\nlabels:\n  editor: [Penyelaras bahasa]\nsaying:\n  before: [seperti disiarkan]\n",
		"kantor.yaml": "- name: Warta Kita\n  spellings: [Warta Kita, WK]\n- name: Kyodo\n  spellings: [Kiodo]\n",
	} {
		if err := CheckExtension(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := Extend(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	s, rest := extract("jv", "Bandung (Warta Kita) - Kapal tiba, seperti disiarkan Kiodo.", "Panulis: Dewi Anggun lan Sekar Widuri",
		"Penyelaras bahasa: Bima Yo", "Dipunjarwakaken dening Citra Ro", "Sumber: WK")
	if want := []string{"Kapal tiba, seperti disiarkan Kiodo."}; !cmp.Equal(want, rest) {
		t.Error(cmp.Diff(want, rest))
	}
	want := wire.Attribution{
		Sources: []wire.Source{{Name: "Warta Kita", Role: "origin"}, {Name: "Kyodo", Role: "cited"}},
		Credits: []wire.Credit{{Name: "Dewi Anggun", Role: "reporter"}, {Name: "Sekar Widuri", Role: "reporter"}, {Name: "Bima Yo", Role: "editor"},
			{Name: "Citra Ro", Role: "translator"}},
	}
	if diff := cmp.Diff(want, s.Attribution); diff != "" || s.Dateline.Agency != "Warta Kita" {
		t.Error(diff, s.Dateline)
	}
	if a := Lifecycle("LERESAN: Kapal", "", "", ""); a.Rule != "headline:correction:jv" {
		t.Errorf("correction: %+v", a)
	}
	if language, _, _ := GuessLanguage("Kapal punika saking Semarang dhateng Karimunjawa"); language != "jv" {
		t.Errorf("the language is %q", language)
	}
	if Agency("kiodo") != "Kyodo" || Agency("OANA") != "OANA" {
		t.Error("agencies were not joined")
	}
	if s, _ := extract("id", opening, "Sumber: Xinhua-OANA"); s.Attribution.Sources[1].Role != wire.Distributor {
		t.Errorf("what was known has changed: %+v", s.Attribution)
	}
}

func TestExtensionIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "desk.yaml:1: it holds no words",
		"language: jv\n---\nlanguage: su\n": "desk.yaml:1: it holds no words, or several documents",
		"language: jv\nlables:\n  reporter: [A b]\n":                        "desk.yaml:2: unknown field \"lables\"",
		"labels:\n  reporter: [Panulis]\n":                                  "is no language: write language:",
		"language: Jawa\n":                                                  "desk.yaml:1: \"Jawa\" is no language",
		"language: jv\nlabels:\n  chef: [Panulis]\n":                        "desk.yaml:3: \"chef\" is no role of a label: use one of reporter",
		"language: jv\nclauses:\n  editor: [\"dening\"]\n":                  "desk.yaml:3: \"dening\" does not say where the names stand",
		"language: jv\nlabels:\n  editor:\n    - Bener\n    - \"Salah:\"\n": "desk.yaml:5: \"Salah:\" ends in a colon",
		"language: jv\nand: [\"--\"]\n":                                     "desk.yaml:2: \"--\" has no letter",
		"language: jv\nand: [\"a  b\"]\n":                                   "desk.yaml:2: \"a  b\" has spaces",
		"language: jv\nand: [" + strings.Repeat("a", 200) + "]\n":           "more than 120 bytes",
		"language: [jv\n":                                                   "desk.yaml:",
		"- name: Warta Kita\n  spelling: [WK]\n":                            "desk.yaml:2: unknown field \"spelling\"",
		"- name: Warta Kita\n":                                              "desk.yaml:1: the agency \"Warta Kita\" has no spelling",
		strings.Repeat("# words\n", 1<<18):                                  "more than 1048576 bytes",
	} {
		before := words()
		err := Extend("desk.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), ": ") {
			t.Errorf("%.60q: %v, want %q", text, err, want)
		}
		if check := CheckExtension("desk.yaml", []byte(text)); check == nil || err != nil && check.Error() != err.Error() {
			t.Errorf("%.60q: checked: %v", text, check)
		}
		if words() != before {
			t.Fatalf("%.60q: the dictionary was changed", text)
		}
	}
}
