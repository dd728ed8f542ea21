package credit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// What an editor tells the readers is the story's note; what is meant for desks leaves evidence only.
func TestRemarks(t *testing.T) {
	for _, tt := range []struct {
		language, line string
		note           string
		signal         wire.Signal
	}{
		{"id", "Catatan redaksi: Berita ini telah diperbaiki pada paragraf kedua.", "Berita ini telah diperbaiki pada paragraf kedua.", wire.Correction},
		{"id", "Catatan Redaksi: Penulis adalah peneliti di Kupang.", "Penulis adalah peneliti di Kupang.", ""},
		{"zh", "编者注：本文已更正渡轮的名称。", "本文已更正渡轮的名称。", wire.Correction},
		{"ja", "おことわり　フェリーの名称を訂正しました。", "フェリーの名称を訂正しました。", wire.Correction},
		{"ja", "【おことわり】写真は昨年のものです。", "写真は昨年のものです。", ""},
		{"ja", "編集注：写真は別途配信します。", "", ""},
		{"de", "Korrektur-Hinweis: Im zweiten Absatz wurde der Tag berichtigt.", "Im zweiten Absatz wurde der Tag berichtigt.", wire.Correction},
		{"de", "(Hinweis: Im zweiten Absatz wurde der Tag berichtigt)", "Im zweiten Absatz wurde der Tag berichtigt", wire.Correction},
		{"es", "Nota del editor: Se corrige el nombre del barco.", "Se corrige el nombre del barco.", wire.Correction},
		{"es", "Nota a los redactores: habrá fotos.", "", ""},
		{"es", "NOTA PARA EDITORES: habrá fotos.", "", ""},
		{"fr", "NOTE AUX REDACTIONS : photos à suivre.", "", ""},
		{"en", "Editor's note: The company pays for the prize.", "The company pays for the prize.", ""},
		{"en", "EDITOR’S NOTE — This story has been corrected.", "This story has been corrected.", wire.Correction},
		{"en", "Editor's note: call the desk at 020 0000 0000.", "", ""},
		{"en", "Editors' note: ask desk@example.org.", "", ""},
		{"en", "(This story has been corrected to say 60, not 16, passengers)", "This story has been corrected to say 60, not 16, passengers", wire.Correction},
		{"en", "(This story has been refiled to fix a typo)", "This story has been refiled to fix a typo", wire.Update},
		{"ko", "편집자 주: 배 이름을 정정합니다.", "배 이름을 정정합니다.", wire.Correction},
	} {
		for _, paragraphs := range [][]string{{opening, tt.line}, {tt.line, opening}} {
			s, rest := extract(tt.language, paragraphs...)
			if s.Note != tt.note || s.Signal != tt.signal || !cmp.Equal(rest, []string{body}) {
				t.Errorf("%q: note %q, signal %q, rest %q", paragraphs, s.Note, s.Signal, rest)
			}
			if len(s.Evidence) == 0 || strings.Contains(s.Note, "0000") {
				t.Errorf("%q: evidence %+v", tt.line, s.Evidence)
			}
		}
	}
	s, _ := extract("en", "(Corrects the spelling of Semau)", opening, "Editor's note: The company pays for the prize.")
	if want := "Corrects the spelling of Semau\nThe company pays for the prize."; s.Note != want || s.Signal != wire.Correction {
		t.Errorf("of two notes one is lost: %q, %q", s.Note, s.Signal)
	}
	for _, line := range []string{
		"Hinweis: Die Fähre fährt heute nicht.", "Hinweise gab es am Montag: Der Tag wurde berichtigt.", "Editor's notes were found in the drawer.",
		"Catatan redaksi surat kabar itu hilang.", "编者注意到，渡轮已经离港。", "おことわりしておくが、船は来ない。", "Nota del editor perdida en el mar.",
		"The toll was corrected on Monday.", "(The toll was corrected on Monday.) It fell.",
	} {
		s, rest := extract("", opening, line)
		if !cmp.Equal(rest, []string{body, line}) || s.Note != "" || s.Signal != "" {
			t.Errorf("%q: note %q, signal %q, rest %q", line, s.Note, s.Signal, rest)
		}
	}
}

// What stands between dateline and text and says what was corrected is a note; news that begins so stays news.
func TestCorrectionBehindDateline(t *testing.T) {
	const dateline, text = "Brest, 5 fév 2026 (AFP) - ", "Le premier ferry est arrivé au port."
	for line, note := range map[string]string{
		"RECTIFICATIF Dans notre dépêche de lundi, lire soixante.":   "RECTIFICATIF Dans notre dépêche de lundi, lire soixante.",
		"(RECTIFICATIF: lire soixante passagers)":                    "RECTIFICATIF: lire soixante passagers",
		"RECTIFICATIF - Le ferry est arrivé au port après une panne": "",
		"Le tribunal a demandé un rectificatif, et non une amende.":  "",
	} {
		s, rest := filed("AFP", "fr", dateline+line, text)
		want := []string{line, text}
		if note != "" {
			want = []string{text}
		}
		if !cmp.Equal(rest, want) || s.Note != note || (s.Signal == wire.Correction) != (note != "") || s.Dateline.Place != "Brest" {
			t.Errorf("%q: note %q, signal %q, rest %q", line, s.Note, s.Signal, rest)
		}
		if _, rest := filed("AFP", "fr", dateline+line); !cmp.Equal(rest, []string{line}) {
			t.Errorf("%q alone: rest %q", line, rest)
		}
	}
}

// A note may ask for a hold in the middle of a sentence; a kill that it asks for there holds the story.
func TestHoldWithinNote(t *testing.T) {
	for note, want := range map[string]Kind{
		"PA desk here, please do not use this story":                      Withhold,
		"Pictures to follow - please do not use the story until checked.": Withhold,
		"Second take, do not publish this story before the checks":        Withhold,
		"Adds quotes and asks, please do not publish until Monday":        Withhold,
		"Replaces earlier copy, please withdraw the story":                Withdrawn,
		"This story is embargoed until 0600 GMT.":                         Embargo,
		"Please kill the story.":                                          Kill,
		"NTB makulerer saken. Ny sak kommer.":                             Kill,
		"Corrects the spelling, adds quotes":                              Correction,
		"With pictures, please do not use this picture after Monday":      "",
		"With video, please do not publish pictures of children":          "",
		"On how a paper came to withhold the name and publish the story":  "",
		"NTB skriver om makuleringen av arkivet":                          "",
	} {
		if got := Lifecycle("", "", note, ""); got.Kind != want {
			t.Errorf("%q: %+v, want %q", note, got, want)
		}
	}
}
