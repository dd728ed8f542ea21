package original

import (
	"strings"
	"testing"

	"kawat/internal/wire"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ language, text, want string }{
		{"en", "1,234.5 and 7.1 and 12,800", "1234.5 7.1 12800"},
		{"id", "1.234,5 dan 7,1 dan 12.800", "1234.5 7.1 12800"},
		{"en", "1.234 against 1,234", "1.234 1234"},
		{"id", "1.234 dan 1,234", "1234 1.234"},
		{"", "1.234 1,234", "1234"},
		{"en", "1,234,567", "1234567"},
		{"de", "1.234.567,89", "1234567.89"},
		{"fr", "1 234 567 et 12 345 et 2026 300", "1234567 12345 2026 300"},
		{"en", "in 2026 300 people", "2026 300"},
		{"ru", "9 800 тонн", "9800"},
		{"id", "Senin (23/11) 23.11.2026", "23 11 2026"},
		{"en", "3.50 0.5 007", "3.5 0.5 7"},
		{"en", "1.2 million, 7-2, 40km, G20, CR400 and F-16", "1200000 7 2 40 16"},
		{"id", "1,2 juta; 120 ribu; 47,6 miliar", "1200000 120000 47600000000"},
		{"zh", "476亿元、1.28万张、430万", "47600000000 12800 4300000"},
		{"ja", "１億２０００万円、４１万２０００台、９．５％、M５・８", "120000000 412000 9.5 5.8"},
		{"ja", "1億2345", "100002345"},
		{"ko", "1만2천 명", "12000"},
		{"ar", "٣٤٢ و١٫٢ مليون و١٬٢٣٤", "342 1200000 1234"},
		{"th", "๒๕ คน 3 ล้าน", "25 3"},
		{"th", "3ล้านบาท", "3000000"},
		{"en", "12345678901234567890 and 0.1234567", "0 1234567"},
		{"en", "$1.78 2.3% 79.14", "1.78 2.3 79.14"},
		{"en", "1,2,3", "1 2 3"},
		{"en", "42.", "42"},
	} {
		var got []string
		for _, n := range numbersIn(c.text, c.language) {
			got = append(got, n.value)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %q: %q, want %q", c.language, c.text, got, c.want)
		}
	}
	for value, want := range map[string]string{"4300000": "4.3 million", "47600000000": "47.6 billion", "1150": "1150", "2.5": "2.5"} {
		if got := (number{value: value}).shown(); got != want {
			t.Errorf("%s is shown as %s", value, got)
		}
	}
}

func TestNames(t *testing.T) {
	s := &wire.Story{
		Provider: "antara", Byline: "Rani Puspita", Dateline: wire.Dateline{Agency: "ANTARA"},
		Attribution: wire.Attribution{Sources: []wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "TASS", Role: wire.Cited}}},
		Body: wire.Body{Text: "Menurut Gubernur Sato’s, G20 dan NATO pada April bertemu Müller.\n\n\"Kami\" kata Kyodo. Ito pergi. " +
			"共同OPEC会議 dan ANTARA serta A dan iPhone"},
	}
	got := namesOf(s)
	sure := strings.Join(got.sure(), " ")
	if want := "g20 gubernur muller nato opec puspita rani sato tass"; sure != want {
		t.Errorf("sure are %q, want %q", sure, want)
	}
	if n, ok := got["ito"]; !ok || n.sure {
		t.Error("a word at the head of a sentence may be a name, and is not surely one")
	}
}

func TestPlaces(t *testing.T) {
	for spelling, want := range map[string]string{
		"TOKYO": "tokyo", "東京": "tokyo", "طوكيو": "tokyo", "Moskow": "moscow", "Москва": "moscow", "Brasília": "brasilia",
		"BISLIG, Philippines": "bislig", "Hà Nội": "hanoi",
	} {
		if got := placesOf(&wire.Story{Dateline: wire.Dateline{Place: spelling}}); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %s", spelling, got, want)
		}
	}
	if got := placesOf(&wire.Story{Dateline: wire.Dateline{Place: "TOKYO"}, Places: []string{"Tokyo", "Osaka"}}); len(got) != 2 {
		t.Errorf("%q", got)
	}
	// No spelling may be two places'.
	seen := map[string]string{}
	for spelling, place := range spellings() {
		if other, ok := seen[spelling]; ok && other != place {
			t.Errorf("%s is %s and %s", spelling, place, other)
		}
		seen[spelling] = place
	}
}

func TestCountries(t *testing.T) {
	for _, c := range []struct{ language, text, want string }{
		{"id", "antara Jepang dan Rusia", "JP RU"},
		{"en", "Japan's talks with Russia; a woman in the oman", "JP RU"},
		{"en", "Oman", "OM"},
		{"ja", "日本海とロシア", "JP RU"},
		{"ar", "في النرويج واليابان", "JP NO"},
		{"zh", "缅甸边境", "MM"},
		{"", "Japan", ""},
		{"xx", "Japan", ""},
	} {
		if got := strings.Join(countriesIn(c.text, c.language), " "); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.language, c.text, got, c.want)
		}
	}
}
