package credit

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

func TestSplitDateline(t *testing.T) {
	tests := []struct {
		in   string
		want wire.Dateline
		rest string
	}{
		{"Tokyo (ANTARA) - Feri", wire.Dateline{Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"}, "Feri"},
		{"TOKYO (Kyodo) -- A", wire.Dateline{Text: "TOKYO (Kyodo)", Place: "TOKYO", Agency: "Kyodo"}, "A"},
		{"SAITAMA, Japan, Dec. 9 Kyodo - A", wire.Dateline{Text: "SAITAMA, Japan, Dec. 9 Kyodo", Place: "SAITAMA, Japan", Agency: "Kyodo", Date: "Dec. 9"}, "A"},
		{"BEIJING, July 23 (Kyodo) -- A", wire.Dateline{Text: "BEIJING, July 23 (Kyodo)", Place: "BEIJING", Agency: "Kyodo", Date: "July 23"}, "A"},
		{"LONDON, Jan 3 (Reuters) - A", wire.Dateline{Text: "LONDON, Jan 3 (Reuters)", Place: "LONDON", Agency: "Reuters", Date: "Jan 3"}, "A"},
		{"NEW YORK (AP) — A", wire.Dateline{Text: "NEW YORK (AP)", Place: "NEW YORK", Agency: "AP"}, "A"},
		{"NEW YORK (AP) _ A", wire.Dateline{Text: "NEW YORK (AP)", Place: "NEW YORK", Agency: "AP"}, "A"},
		{"PARIS (AFP) – A", wire.Dateline{Text: "PARIS (AFP)", Place: "PARIS", Agency: "AFP"}, "A"},
		{"BERGEN (NTB-Kari Nordmann): A", wire.Dateline{Text: "BERGEN (NTB-Kari Nordmann)", Place: "BERGEN", Agency: "NTB"}, "A"},
		{"PERM, November 23. /TASS Correspondent Ivan Ivanov/. A", wire.Dateline{Text: "PERM, November 23. /TASS Correspondent Ivan Ivanov/", Place: "PERM", Agency: "TASS", Date: "November 23"}, "A"},
		{"FRANKFURT (dpa-AFX) - A", wire.Dateline{Text: "FRANKFURT (dpa-AFX)", Place: "FRANKFURT", Agency: "dpa-AFX"}, "A"},
		{"Paris (ats afp) - A", wire.Dateline{Text: "Paris (ats afp)", Place: "Paris", Agency: "Keystone-ATS"}, "A"},
		{"Berlin (dpa) - A", wire.Dateline{Text: "Berlin (dpa)", Place: "Berlin", Agency: "dpa"}, "A"},
		{"BEIJING, Feb. 5 (Xinhua) -- A", wire.Dateline{Text: "BEIJING, Feb. 5 (Xinhua)", Place: "BEIJING", Agency: "Xinhua", Date: "Feb. 5"}, "A"},
		{"MOSCOW, January 21. /TASS/. A", wire.Dateline{Text: "MOSCOW, January 21. /TASS/", Place: "MOSCOW", Agency: "TASS", Date: "January 21"}, "A"},
		{"KUALA LUMPUR, 5 Feb (Bernama) -- A", wire.Dateline{Text: "KUALA LUMPUR, 5 Feb (Bernama)", Place: "KUALA LUMPUR", Agency: "Bernama", Date: "5 Feb"}, "A"},
		{"Jakarta, 23/11 (ANTARA) - A", wire.Dateline{Text: "Jakarta, 23/11 (ANTARA)", Place: "Jakarta", Agency: "ANTARA", Date: "23/11"}, "A"},
		{"Jakarta, Senin (Antara) - A", wire.Dateline{Text: "Jakarta, Senin (Antara)", Place: "Jakarta", Agency: "ANTARA", Date: "Senin"}, "A"},
		{"Jakarta（ANTARA）—A", wire.Dateline{Text: "Jakarta（ANTARA）", Place: "Jakarta", Agency: "ANTARA"}, "A"},
		{"Tokyo (ANTARA/Kyodo) - A", wire.Dateline{Text: "Tokyo (ANTARA/Kyodo)", Place: "Tokyo", Agency: "ANTARA"}, "A"},
		{"Jakarta (ANTARA/JACX) - A", wire.Dateline{Text: "Jakarta (ANTARA/JACX)", Place: "Jakarta", Agency: "ANTARA"}, "A"},
		{"WASHINGTON/PARIS (Reuters) - A", wire.Dateline{Text: "WASHINGTON/PARIS (Reuters)", Place: "WASHINGTON/PARIS", Agency: "Reuters"}, "A"},
		{"Nueva Delhi, 21 ene (EFE).- A", wire.Dateline{Text: "Nueva Delhi, 21 ene (EFE)", Place: "Nueva Delhi", Agency: "EFE", Date: "21 ene"}, "A"},
		{"  Tokyo (ANTARA) -  A", wire.Dateline{Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"}, "A"},
		{"Tokyo\u00a0(ANTARA)\u00a0- A", wire.Dateline{Text: "Tokyo\u00a0(ANTARA)", Place: "Tokyo", Agency: "ANTARA"}, "A"},
		{"(Reuters) - A", wire.Dateline{Text: "(Reuters)", Agency: "Reuters"}, "A"},
		{"TOKYO, Nov. 23", wire.Dateline{Text: "TOKYO, Nov. 23", Place: "TOKYO", Date: "Nov. 23"}, ""},
		{"TOKYO, Nov. 23 — A", wire.Dateline{Text: "TOKYO, Nov. 23", Place: "TOKYO", Date: "Nov. 23"}, "A"},
		{"Bandung (Warta Kita) - A", wire.Dateline{Text: "Bandung (Warta Kita)", Place: "Bandung", Agency: "Warta Kita"}, "A"}, // the profile's
		{"【東京共同】新潟市は", wire.Dateline{Text: "【東京共同】", Place: "東京", Agency: "Kyodo"}, "新潟市は"},
		{"(東京 共同) 新潟市は", wire.Dateline{Text: "(東京 共同)", Place: "東京", Agency: "Kyodo"}, "新潟市は"},
		{"新华社北京2月5日电（记者甲乙）渡轮", wire.Dateline{Text: "新华社北京2月5日电（记者甲乙）", Place: "北京", Agency: "Xinhua", Date: "2月5日"}, "渡轮"},
		{"(서울=연합뉴스) 가나다 기자 = 서울시는", wire.Dateline{Text: "(서울=연합뉴스) 가나다 기자", Place: "서울", Agency: "Yonhap"}, "서울시는"},
	}
	profile := &wire.Profile{Agency: "Warta Kita"}
	for _, tt := range tests {
		got, rest, ok := SplitDateline(tt.in, profile)
		if !ok {
			t.Errorf("%q: no dateline", tt.in)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || rest != tt.rest {
			t.Errorf("%q: rest %q (-want +got)\n%s", tt.in, rest, diff)
		}
	}
}

func TestNoDateline(t *testing.T) {
	for _, in := range []string{
		"",
		" ",
		"Feri itu - yang pertama di kota ini - mulai berlayar.",
		"Hujan deras (ANTARA) - kata petugas - turun sejak pagi.",
		"Badan Antariksa Nasional (NASA) - lembaga itu - mengirim pesawat.",
		"Sejumlah wartawan kantor berita Tokyo (ANTARA) menunggu di dermaga.",
		"Menteri itu berbicara kepada kantor berita (ANTARA) - lalu pergi.",
		"The well-known Reuters - an agency - was founded in 1851.",
		"Pada Senin, 23 November 2026 - pelabuhan dibuka.",
		"Senin, 23 November 2026",
		"TOKYO, Nov. 23-25 festival draws crowds",
		"Harga beras (AP) naik - turun",
		"- (",
		"(((((((",
	} {
		if d, rest, ok := SplitDateline(in, nil); ok || rest != in {
			t.Errorf("%q: took %+v, rest %q", in, d, rest)
		}
	}
}

func TestShapesAreRead(t *testing.T) {
	for _, bad := range []string{"{place", "{town} -", "{dash} {place}"} {
		if _, err := compileShape(bad); err == nil {
			t.Errorf("%q was taken for a shape", bad)
		}
	}
}

// TestReportersInDatelines: each is credited by name, and no post is taken for one.
func TestReportersInDatelines(t *testing.T) {
	for in, want := range map[string]string{
		"BERGEN (NTB-Kari Nordmann): Tre ble skadd.":                         "Kari Nordmann;",
		"PERM, November 23. /TASS Correspondent Ivan Ivanov/. A ferry sank.": "Ivan Ivanov;",
		"(서울·수원=연합뉴스) 홍길동 기자 김철수 통신원 = 배가 가라앉았다.":                            "홍길동;김철수;",
		"(워싱턴=연합뉴스) 홍길동 특파원 김철수 기자 = 배가 가라앉았다.":                              "홍길동;김철수;",
		"(서울=연합뉴스) 홍길동 선임기자 = 배가 가라앉았다.":                                     "홍길동;",
	} {
		got := ""
		f, _ := words().dateline(in, nil)
		names, _ := words().names(f.names, "ko")
		for _, name := range names {
			got += name + ";"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
