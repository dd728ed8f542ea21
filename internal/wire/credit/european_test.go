package credit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

func TestEuropeanDatelines(t *testing.T) {
	tests := []struct{ in, text, place, agency, date string }{
		{"PARIS, 5 fév 2026 (AFP) - A", "PARIS, 5 fév 2026 (AFP)", "PARIS", "AFP", "5 fév 2026"},
		{"Paris (ats afp) A", "Paris (ats afp)", "Paris", "Keystone-ATS", ""},
		{"Frankfurt/Main (dpa/lhe) - A", "Frankfurt/Main (dpa/lhe)", "Frankfurt/Main", "dpa", ""},
		{"Berlin/Potsdam (dpa) – A", "Berlin/Potsdam (dpa)", "Berlin/Potsdam", "dpa", ""},
		{"Wien (APA) - A", "Wien (APA)", "Wien", "APA", ""},
		{"МОСКВА, 21 января. /ТАСС/. A", "МОСКВА, 21 января. /ТАСС/", "МОСКВА", "TASS", "21 января"},
		{"МОСКВА, 21 января. /Корр. ТАСС Иван Петров/. A", "МОСКВА, 21 января. /Корр. ТАСС Иван Петров/", "МОСКВА", "TASS", "21 января"},
		{"МОСКВА, 5 фев — РИА Новости. A", "МОСКВА, 5 фев — РИА Новости", "МОСКВА", "RIA Novosti", "5 фев"},
		{"Москва. 5 февраля. ИНТЕРФАКС - A", "Москва. 5 февраля. ИНТЕРФАКС", "Москва", "Interfax", "5 февраля"},
		{"ROMA, 5 FEB (ANSA) - A", "ROMA, 5 FEB (ANSA)", "ROMA", "ANSA", "5 FEB"},
		{"(ANSA) - ROMA, 5 FEB - A", "(ANSA) - ROMA, 5 FEB", "ROMA", "ANSA", "5 FEB"},
		{"Oslo (NTB): A", "Oslo (NTB)", "Oslo", "NTB", ""},
		{"Valparaíso (Chile), 21 ene (EFE).- A", "Valparaíso (Chile), 21 ene (EFE)", "Valparaíso", "EFE", "21 ene"},
		{"MADRID, 5 Feb. (EUROPA PRESS) - A", "MADRID, 5 Feb. (EUROPA PRESS)", "MADRID", "Europa Press", "5 Feb."},
		{"Lisboa, 05 fev 2026 (Lusa) – A", "Lisboa, 05 fev 2026 (Lusa)", "Lisboa", "Lusa", "05 fev 2026"},
		{"KUALA LUMPUR, 5 Feb (Bernama) -- A", "KUALA LUMPUR, 5 Feb (Bernama)", "KUALA LUMPUR", "Bernama", "5 Feb"},
		{"HELSINKI (STT) A", "HELSINKI (STT)", "HELSINKI", "STT", ""}, // the provider's own
	}
	for _, tt := range tests {
		got, rest, ok := SplitDateline(tt.in, &wire.Profile{Agency: "STT"})
		want := wire.Dateline{Text: tt.text, Place: tt.place, Agency: tt.agency, Date: tt.date}
		if diff := cmp.Diff(want, got); diff != "" || !ok || rest != "A" {
			t.Errorf("%q: %t, rest %q (-want +got)\n%s", tt.in, ok, rest, diff)
		}
	}
	for _, in := range []string{
		"El ministro (EFE) - que volvió ayer - no habló.",
		"La compañía Iberia (Reuters) Informó ayer.",
		"Paris (AFP) Le maire est revenu.", // not in small letters, and not the provider's
		"Die Agentur (dpa) meldete es.",
		"Лодка, 5 метров — самая длинная.",
		"Oslo (NTB): ", "Москва. 5 лодок. Паром - один.",
		"O barco, 5 metros - o maior - voltou.",
	} {
		if d, rest, ok := SplitDateline(in, nil); ok && strings.TrimSpace(rest) != "" || !ok && rest != in {
			t.Errorf("%q: took %+v, rest %q", in, d, rest)
		}
	}
}

func TestEuropeanCredits(t *testing.T) {
	c := func(pairs ...string) (out []wire.Credit) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, wire.Credit{Name: pairs[i], Role: pairs[i+1]})
		}
		return out
	}
	tests := []struct {
		language, tail string
		want           []wire.Credit
	}{
		{"es", "Por Ana Ruiz", c("Ana Ruiz", "reporter")},
		{"es", "Reportes de Ana Ruiz; Editado en español por Luis Gil", c("Ana Ruiz", "reporter", "Luis Gil", "editor")},
		{"es", "Traducción: A, B y C", c("A", "translator", "B", "translator", "C", "translator")},
		{"es", "Editado por: José Ortega y Gasset", c("José Ortega y Gasset", "editor")},
		{"es", "RuizEditor: Luis Gil", c("Ruiz", "contributor", "Luis Gil", "editor")},
		{"es", "Ana Ruiz contribuyó a este reporte.", c("Ana Ruiz", "contributor")},
		{"fr", "Par Anne Petit à Lyon", c("Anne Petit", "reporter")},
		{"fr", "(Reportage Anne Petit, édité par Luc Moulin)", c("Anne Petit", "reporter", "Luc Moulin", "editor")},
		{"fr", "Traduit par Anne Petit et Luc d'Arc", c("Anne Petit", "translator", "Luc d'Arc", "translator")},
		{"fr", "(Rédigé par Anne Petit, avec AFP)", c("Anne Petit", "reporter")},
		{"de", "Von Anna Weber und Jörg von Stein, dpa", c("Anna Weber", "reporter", "Jörg von Stein", "reporter")},
		{"de", "(Bericht von Anna Weber, redigiert von Karl Blau)", c("Anna Weber", "reporter", "Karl Blau", "editor")},
		{"de", "Übersetzung: Lena Fuchs", c("Lena Fuchs", "translator")},
		{"de", "Autorin: Anna Weber Redaktion: Karl Blau", c("Anna Weber", "reporter", "Karl Blau", "editor")},
		{"pt", "Reportagem de Ana Souza; Edição de Rui Costa e Silva", c("Ana Souza", "reporter", "Rui Costa e Silva", "editor")},
		{"pt", "Tradução: A e B", c("A", "translator", "B", "translator")},
		{"pt", "Edição: Juliana Prado", c("Juliana Prado", "editor")},
		{"ru", "Перевод: А и Б", c("А", "translator", "Б", "translator")},
		{"ru", "Автор: Иван Петров Редактор: Анна Белова", c("Иван Петров", "reporter", "Анна Белова", "editor")},
		{"ru", "Перевела Ольга Смирнова", c("Ольга Смирнова", "translator")},
		{"ms", "Oleh Siti binti Ahmad", c("Siti binti Ahmad", "reporter")},
		{"ms", "Terjemahan oleh Nurul Huda", c("Nurul Huda", "translator")},
		{"ms", "Wartawan: Siva a/l Raman/Azlan Shah", c("Siva a/l Raman", "reporter", "Azlan Shah", "reporter")},
		{"en", "By Jane Doe, AP Science Writer", c("Jane Doe", "reporter")},
		{"en", "By Xinhua writers Zhang San, Li Si", c("Zhang San", "reporter", "Li Si", "reporter")},
		{"en", "Associated Press writers Jane Doe in London and John Smith in Paris contributed to this report.", c("Jane Doe", "contributor", "John Smith", "contributor")},
		{"en", "Associated Press Writer John Smith in Paris contributed to this report.", c("John Smith", "contributor")},
		{"en", "(Wang Wu in Lhasa also contributed to the story; Video reporters: Zhang San, Li Si; Video editor: Zhao Liu.)",
			c("Wang Wu", "contributor", "Zhang San", "reporter", "Li Si", "reporter", "Zhao Liu", "editor")},
		{"en", "Editor: Ayu, Antara", c("Ayu", "editor", "Antara", "editor")}, // a given name
	}
	for _, tt := range tests {
		s, rest := extract(tt.language, opening, tt.tail)
		if diff := cmp.Diff(tt.want, s.Attribution.Credits); diff != "" || len(rest) != 1 {
			t.Errorf("%q: rest %q (-want +got)\n%s", tt.tail, rest[1:], diff)
		}
	}
}

func TestEuropeanSources(t *testing.T) {
	for in, want := range map[string]string{
		"Según EFE, el ferri se hundió.":                      "EFE/cited",
		"El ferri se hundió, informó la agencia Kyodo.":       "Kyodo/cited",
		"Selon l'AFP, le ferry a coulé.":                      "AFP/cited",
		"Le ferry a coulé, a indiqué à Reuters la mairie.":    "Reuters/cited",
		"Le maire l'a dit à Reuters.":                         "Reuters/cited",
		"Wie Reuters berichtet, sank die Fähre.":              "Reuters/cited",
		"Laut Tass sank die Fähre.":                           "TASS/cited",
		"Xinhua zufolge sank die Fähre.":                      "Xinhua/cited",
		"O barco afundou, segundo a agência Xinhua.":          "Xinhua/cited",
		"O capitão disse à agência Reuters que voltará.":      "Reuters/cited",
		"Паром затонул, сообщает Рейтер.":                     "Reuters/cited",
		"По данным агентства Киодо, паром затонул.":           "Kyodo/cited",
		"Menurut agensi berita Xinhua, feri itu karam.":       "Xinhua/cited",
		"Con información de Reuters":                          "Reuters/origin",
		"(avec AFP)":                                          "AFP/origin",
		"Mit Material von Kyodo":                              "Kyodo/origin",
		"Com informações da Agência Brasil":                   "Agência Brasil/origin",
		"По материалам Рейтер":                                "Reuters/origin",
		"Fuente: Xinhua":                                      "Xinhua/origin",
		"Fonte: Reuters e AFP":                                "Reuters/origin,AFP/origin",
		"Источник: ТАСС":                                      "TASS/origin",
		"La Calle Reuters, según la policía, está cerrada.":   "",
		"La rue Reuters est fermée, selon la police.":         "",
		"Die Reuters-Straße ist gesperrt, meldete ein Radio.": "",
		"На улице Рейтер, сообщает полиция, тихо.":            "",
		"Kapal itu hilang di laut lepas dekat kantor AP.":     "",
		"Con Reuters en la puerta empezó el día.":             "",
		"Com Reuters e outros, o barco partiu.":               "",
	} {
		s, _ := extract("", opening, in)
		var got []string
		for _, src := range s.Attribution.Sources {
			got = append(got, src.Name+"/"+src.Role)
		}
		if g := strings.Join(got, ","); g != want {
			t.Errorf("%q: %q, want %q (%+v)", in, g, want, s.Evidence)
		}
	}
}

// Sentences that merely begin with such words, and lines that look like codes and notes.
func TestEuropeanTextStays(t *testing.T) {
	for _, p := range []string{
		"Por Dios, qué noche.", "Por la mañana volvió el silencio.", "Edición limitada: solo cien paraguas en la tienda.",
		"Fuente: el ministerio de puertos y barcas", "Según el alcalde: nadie sabe nada.",
		"Par ailleurs, le pont est fermé.", "Avec Reuters, la ville a gagné un voisin.", "Source de conflit : le pont reste fermé.",
		"Von Montag an fährt die Fähre wieder.", "Redaktion: Das Wasser ist kalt, sagen alle.", "Mit Informationen von gestern begann der Tag.",
		"Por isso, a fila acabou.", "Segundo tempo: o barco voltou.", "Com Reuters e outros, o barco partiu.",
		"Перевод денег: банк закрыт до утра.", "Редактор: часы отстают, сказал он.", "Источник в порту: паром пойдёт завтра.",
		"Oleh itu, muzium akan meneruskannya.", "Wartawan: Adakah pelabuhan itu selamat?",
		"Editors at the paper said the kit was dull.", "Corrects nothing, she said.", "(Adds up, she said.) He left.",
		"abc/def/ghi", "Correction: the ferry's course was changed twice.",
	} {
		s, rest := extract("", opening, p, "Kapal pertama tiba pada siang hari.")
		if want := []string{body, p, "Kapal pertama tiba pada siang hari."}; !cmp.Equal(want, rest) {
			t.Errorf("%q: %s", p, cmp.Diff(want, rest))
		}
		if len(s.Attribution.Credits) > 0 || s.Note != "" || s.Signal != "" || s.Status != "" {
			t.Errorf("%q: took %+v", p, s)
		}
	}
}

func TestNotes(t *testing.T) {
	const end = "Kapal pertama tiba pada siang hari."
	tests := []struct {
		paragraphs []string
		note       string
		signal     wire.Signal
		status     wire.Status
		rest       int // paragraphs besides the opening
	}{
		{[]string{opening, "Eds: Pictures to follow, call 020 0000.", end}, "", "", "", 1},
		{[]string{"Eds: CORRECTS spelling of Semau.", opening}, "CORRECTS spelling of Semau.", wire.Correction, "", 0},
		{[]string{"Eds: Corrects the\nspelling of Semau.", opening}, "Corrects the spelling of Semau.", wire.Correction, "", 0},
		{[]string{"Eds: Adds Photos", opening}, "", wire.Update, "", 0},
		{[]string{opening, "Editors: Ayu Tan and Bima Yo"}, "", "", "", 0},
		{[]string{opening, "EDITORS: Please kill the story"}, "", wire.Kill, wire.Canceled, 0},
		{[]string{opening, end, "(Corrects spelling in para 3)"}, "Corrects spelling in para 3", wire.Correction, "", 1},
		{[]string{"(This story has been refiled to fix a typo)", opening}, "This story has been refiled to fix a typo", wire.Update, "", 0},
		{[]string{opening, end, "# Notizblock", "- Autorin: Anna Weber, 069 0000", "Geheim.", "© Beispieldienst", "Dilarang keras mengambil konten situs web ini untuk AI tanpa izin."}, "", "", "", 1},
		{[]string{"Notizblock", opening, end}, "", "", "", 1}, // above the story it is the mark of nothing
		{[]string{"SPERRFRIST: 5. Februar 18.00 Uhr", opening}, "", "", wire.Withheld, 0},
		{[]string{opening, "Nota a los editores: no publicar hasta las 18.00."}, "", "", wire.Withheld, 0},
		{[]string{opening, "Nota a los editores: No publicar."}, "", "", wire.Withheld, 0},
	}
	for _, tt := range tests {
		s, rest := extract("", tt.paragraphs...)
		if s.Note != tt.note || s.Signal != tt.signal || s.Status != tt.status || len(rest) != tt.rest+1 || rest[0] != body {
			t.Errorf("%q: note %q, signal %q, status %q, rest %q", tt.paragraphs, s.Note, s.Signal, s.Status, rest)
		}
		for _, e := range s.Evidence {
			if strings.Contains(e.Text, "0000") {
				t.Errorf("%q: a telephone number is in the record: %+v", tt.paragraphs, e)
			}
		}
	}
	s, _ := extract("de", opening, end, "# Notizblock", "- Autorin: Anna Weber", "© Beispieldienst")
	if len(s.Attribution.Credits) > 0 || s.Rights.Holder != "Beispieldienst" {
		t.Errorf("below the mark: %+v %+v", s.Attribution, s.Rights)
	}
}

func TestNearLanguages(t *testing.T) {
	for in, want := range map[string]string{
		"Feri itu akan berlayar pada Senin dan tidak akan kembali karena cuaca, kata petugas":                    "id",
		"Feri itu akan belayar pada Isnin dan tidak akan kembali kerana cuaca, kata beliau":                      "ms",
		"El ferri salió ayer del puerto y no volverá hasta el lunes, según dijo la empresa":                      "es",
		"O barco saiu ontem do porto e não voltará até segunda-feira, segundo disse a empresa, que não explicou": "pt",
		"Le ferry a quitté le port et ne reviendra pas, selon la mairie":                                         "fr",
		"Die Fähre hat den Hafen verlassen und kommt nicht zurück, sagte der Hafenmeister":                       "de",
		"Паром вышел из порта и не вернётся до понедельника, сообщил он":                                         "ru",
	} {
		if got, _, _ := GuessLanguage(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// A note takes no line of the story with it.
func TestNotesTakeNoText(t *testing.T) {
	for _, p := range []string{"(Corrects spelling)\nA ferry sank.", "Eds: With photos\nA ferry sank.", "abc/def\nA ferry sank.", "SPERRFRIST: 5. Februar\nA ferry sank."} {
		if _, rest := extract("en", p, "It was found."); len(rest) != 2 || !strings.HasSuffix(rest[0], "A ferry sank.") {
			t.Errorf("%q: rest %q", p, rest)
		}
	}
}
