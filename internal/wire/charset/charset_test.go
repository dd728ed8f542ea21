package charset_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"kawat/internal/wire"
	"kawat/internal/wire/charset"
)

// texts are invented news, a headline and a text each.
var texts = map[string][2]string{
	"ja": {"新潟港のフェリー、予定より早く到着", "新潟市は２３日、佐渡島からのフェリーが予定より一時間早く到着したと発表した。\n市の担当者は「乗客に問題はなかった」と話した。ドックの工事は来月に始まる。"},
	"zh": {"省政府宣布明年扩建港口", "省政府二十三日宣布，明年将扩建港口，新码头可以停靠十艘大型渡轮。\n当地居民对此表示欢迎，但也有人要求公布工程的费用。"},
	"tw": {"市政府宣布明年擴建港口", "市政府二十三日宣布，明年將擴建港口，新碼頭可以停靠十艘大型渡輪。\n當地居民對此表示歡迎，但也有人要求公布工程的費用。"},
	"ko": {"부산항 여객선 예정보다 일찍 도착", "부산시는 23일 여객선이 예정보다 한 시간 일찍 도착했다고 밝혔다.\n시 관계자는 \"승객에게는 문제가 없었다\"고 말했다. 새 부두 공사는 다음 달 시작된다."},
	"ru": {"Паром прибыл раньше расписания", "Паром из Находки прибыл на час раньше расписания, сообщили в порту.\nПассажиры не пострадали. Ремонт причала начнётся в декабре, заявил «Маяку» начальник порта."},
	"ar": {"وصول العبارة قبل موعدها بساعة", "أعلنت سلطات الميناء يوم الاثنين أن العبارة وصلت قبل موعدها بساعة، ولم يصب أحد بأذى.\nوقال مدير الميناء إن أعمال الصيانة ستبدأ في الشهر المقبل."},
	"fr": {"Le ferry arrive en avance à Sète", "Le ferry est arrivé une heure plus tôt que prévu, a annoncé la préfecture.\nLes passagers étaient très étonnés ; l'été dernier, la même ligne avait été fermée."},
	"de": {"Fähre kommt früher in Büsum an", "Die Fähre ist eine Stunde früher als geplant angekommen, teilte die Behörde mit.\nDie Fahrgäste hätten sich darüber gefreut. Für die Brücke müsse noch geprüft werden, was möglich sei."},
	"es": {"El ferri llegó antes de lo previsto", "El ferri llegó una hora antes de lo previsto, informó la capitanía.\n¿Qué pasará mañana? El año pasado la línea estaba cerrada."},
	"pt": {"Balsa chega antes da hora a São Luís", "A embarcação chegou uma hora antes da previsão, informou a administração.\nAs obras não começarão até março."},
}

var encodings = []struct {
	language, name string
	encoding       encoding.Encoding
}{
	{"ja", "Shift_JIS", japanese.ShiftJIS}, {"ja", "EUC-JP", japanese.EUCJP}, {"ja", "ISO-2022-JP", japanese.ISO2022JP},
	{"zh", "GB18030", simplifiedchinese.GB18030}, {"zh", "gb2312", simplifiedchinese.GBK}, {"tw", "Big5", traditionalchinese.Big5},
	{"ko", "EUC-KR", korean.EUCKR}, {"ru", "windows-1251", charmap.Windows1251}, {"ru", "KOI8-R", charmap.KOI8R}, {"ar", "windows-1256", charmap.Windows1256},
	{"fr", "ISO-8859-1", charmap.ISO8859_1}, {"fr", "windows-1252", charmap.Windows1252}, {"fr", "ISO-8859-15", charmap.ISO8859_15}, {"fr", "cp850", charmap.CodePage850},
	{"de", "ISO-8859-1", charmap.ISO8859_1}, {"de", "cp850", charmap.CodePage850}, {"es", "windows-1252", charmap.Windows1252}, {"es", "cp850", charmap.CodePage850},
	{"pt", "windows-1252", charmap.Windows1252}, {"pt", "cp850", charmap.CodePage850},
	{"zh", "UTF-8", unicode.UTF8}, {"ru", "UTF-8", unicode.UTF8}, {"fr", "UTF-8", unicode.UTF8}, {"ko", "UTF-8", unicode.UTF8},
}

func encode(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestText holds that copy in each charset comes out as it was written, a headline alone too: with a declaration, by the
// profile only, with nothing, and with a declaration of any other charset.
func TestText(t *testing.T) {
	for _, tt := range encodings {
		charmapped := strings.NewReplacer("«", "\"", "»", "\"")
		for size, text := range map[string]string{
			"headline": texts[tt.language][0],
			"story":    texts[tt.language][0] + "\n\n" + texts[tt.language][1],
			"archive":  strings.Repeat("0 1\n", 5000) + strings.Repeat(texts[tt.language][1]+"\n", 200),
		} {
			if tt.name == "KOI8-R" {
				text = charmapped.Replace(text)
			}
			data := encode(t, tt.encoding, text)
			check := func(name, wantFound string, claims ...charset.Claim) {
				t.Helper()
				got, found, err := charset.Text(data, claims...)
				if err != nil || string(got) != text {
					t.Errorf("%s %s in %s, %s: %q (%s), %v", tt.language, size, tt.name, name, got, found, err)
				} else if wantFound != "*" && found != wantFound {
					t.Errorf("%s %s in %s, %s: found %q, want %q", tt.language, size, tt.name, name, found, wantFound)
				}
			}
			declared := charset.Claim{Charset: tt.name, Because: "the XML declaration says so"}
			check("declared", "", declared)
			check("by the profile", "", charset.Claim{Charset: tt.name, Because: "the profile says so", Assumed: true})
			check("with nothing", "*")
			for _, other := range encodings {
				if other.language != tt.language && other.name != tt.name && !(size == "headline" && tt.name == "cp850") {
					wrong := charset.Claim{Charset: other.name, Because: "the XML declaration says so"}
					check("declared as "+other.name, "*", wrong)
					check("declared as "+other.name+", profile right", "*", wrong, charset.Claim{Charset: tt.name, Assumed: true})
				}
			}
		}
	}
}

// TestGarbage holds that bytes which are no text in any charset are refused. A few of thousands look like words; none passes
// without a note.
func TestGarbage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	read := 0
	const tries = 3000
	for i := range tries {
		data := make([]byte, 20+random.IntN(300))
		for j := range data {
			data[j] = byte(32 + random.IntN(224))
		}
		if i%2 == 0 {
			data = append([]byte("Words in ASCII around it: "), data...)
		}
		claims := []charset.Claim{{Charset: encodings[i%len(encodings)].name}}[:i/2%2]
		text, found, err := charset.Text(data, claims...)
		if err == nil {
			if read++; found == "" {
				t.Errorf("%q was read as it was claimed: %q", data, text)
			}
			continue
		}
		if r := (*wire.Refusal)(nil); !errors.As(err, &r) || r.Code != wire.BadCharset {
			t.Fatalf("%v", err)
		}
	}
	if read > tries/500 {
		t.Errorf("%d of %d were read", read, tries)
	}
}

func TestRefuses(t *testing.T) {
	for _, tt := range []struct {
		data, charset, says string
	}{
		{"caf\xe9", "utf-7", "utf-7"},
		{"cafe", "utf-7", "utf-7"},
		{"cafe", "iso-2022-kr", "iso-2022-kr"},
		{"a\n\xe9", "", "Line 2"},
		{"\xff\xfe\xff", "euc-jp", "euc-jp"},
		{"\x81\x20", "windows-1252", "windows-1252"},
	} {
		text, found, err := charset.Text([]byte(tt.data), charset.Claim{Charset: tt.charset, Because: "x"})
		if err == nil && tt.data != "caf\xe9" || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q as %s: %q, %q, %v", tt.data, tt.charset, text, found, err)
		}
	}
}

func TestMarked(t *testing.T) {
	const text = "Fähre früher\n新潟"
	for name, tt := range map[string]struct {
		data []byte
		ok   bool
	}{
		"UTF-8":             {[]byte("\xef\xbb\xbf" + text), true},
		"little":            {encode(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), text), true},
		"big":               {encode(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), text), true},
		"little, no mark":   {encode(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), text), true},
		"big, no mark":      {encode(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), text), true},
		"UTF-8 without one": {[]byte(text), false},
	} {
		got, ok, err := charset.Marked(tt.data)
		if err != nil || ok != tt.ok || string(got) != text {
			t.Errorf("%s: %q, %t, %v", name, got, ok, err)
		}
	}
	for _, data := range []string{"\xef\xbb\xbf\xff", "\xff\xfea", "\xff\xfe\x00\xd8a\x00"} {
		if text, ok, err := charset.Marked([]byte(data)); err == nil || !ok {
			t.Errorf("%q: %q, %t", data, text, ok)
		}
	}
}

func TestGarbled(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Le cafÃ© Ã©tait ouvert", "cafÃ©"},
		{"They donâ€™t", "donâ€™t"},
		{"Moscow ÐŸÐ°Ñ€Ð¾Ð¼", "ÐŸÐ°Ñ€Ð¾Ð¼"},
		{"æ–°æ½Ÿ", "æ–°æ½Ÿ"},
		{"Le café était ouvert, à la « fête »", ""},
		{"MÃE, IRMÃ, São João, ação, Île", ""},
		{"L’été, « né »", ""},
		{"Fähre, Köln, Größe, Œuvre, Ångström", ""},
		{"新潟港のフェリー", ""}, {"Паром", ""}, {"plain", ""}, {"", ""}, {"Ã", ""},
	} {
		if got := charset.Garbled([]byte(tt.text)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
		}
	}
	for language, text := range texts {
		if got := charset.Garbled([]byte(text[0] + text[1])); got != "" {
			t.Errorf("%s: %q", language, got)
		}
		twice, err := charmap.Windows1252.NewDecoder().Bytes([]byte(text[0] + text[1]))
		if err != nil {
			t.Fatal(err)
		}
		if charset.Garbled(twice) == "" {
			t.Errorf("%s is not seen to be garbled: %s", language, twice)
		}
	}
}

func TestKnown(t *testing.T) {
	for _, name := range []string{"", "utf-8", "UTF8", "us-ascii", "UTF-16", "Shift_JIS", "CP850", "windows-1256", "latin1", "gb2312", "GBK", "x-sjis", "cp437"} {
		if !charset.Known(name) {
			t.Errorf("%s is not known", name)
		}
	}
	for _, name := range []string{"utf-7", "iso-2022-kr", "x-user-defined", "replacement", "klingon", "hz-gb-2312"} {
		if charset.Known(name) {
			t.Errorf("%s is known", name)
		}
	}
}

// FuzzText holds that what is read is UTF-8 without a character that stands for another, the same each time, and that
// UTF-8 stays as it is.
func FuzzText(f *testing.F) {
	for _, tt := range encodings {
		f.Add(encode(f, tt.encoding, strings.NewReplacer("«", "", "»", "").Replace(texts[tt.language][0])), tt.name)
		f.Add(encode(f, tt.encoding, strings.NewReplacer("«", "", "»", "").Replace(texts[tt.language][1])), "")
	}
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		claims := []charset.Claim{{Charset: name, Because: "it is said"}}
		text, found, err := charset.Text(data, claims...)
		text2, found2, err2 := charset.Text(data, claims...)
		if !bytes.Equal(text, text2) || found != found2 || (err == nil) != (err2 == nil) {
			t.Fatal("not the same twice")
		}
		if (text == nil) == (err == nil) && len(data) > 0 {
			t.Fatalf("text %q and %v", text, err)
		}
		if r := (*wire.Refusal)(nil); err != nil && !errors.As(err, &r) {
			t.Fatalf("%v is no refusal", err)
		}
		if !utf8.Valid(text) || !utf8.Valid(data) && bytes.ContainsRune(text, utf8.RuneError) {
			t.Fatalf("%q", text)
		}
		charset.Garbled(text)
		if text, ok, err := charset.Marked(data); err == nil && ok && !utf8.Valid(text) {
			t.Fatalf("%q", text)
		}
	})
}

func BenchmarkText(b *testing.B) {
	for _, tt := range encodings {
		if tt.language == "es" || tt.language == "pt" {
			continue
		}
		text := strings.NewReplacer("«", "", "»", "").Replace(strings.Repeat(texts[tt.language][1]+"\n", 10))
		data := encode(b, tt.encoding, text)
		for _, claims := range [][]charset.Claim{{{Charset: tt.name}}, nil} {
			b.Run(fmt.Sprintf("%s/%d_claims", tt.name, len(claims)), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					if _, _, err := charset.Text(data, claims...); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkGarbled(b *testing.B) {
	for _, language := range []string{"fr", "de", "ru", "ja"} {
		text := []byte(strings.Repeat(texts[language][1]+"\n", 20))
		b.Run(language, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				charset.Garbled(text)
			}
		})
	}
}
