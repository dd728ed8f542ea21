package credit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// filed is a story of one agency, whose head and tail are as it puts them.
func filed(agency, language string, paragraphs ...string) (*wire.Story, []string) {
	s := &wire.Story{Language: language}
	return s, Extract(s, paragraphs, &wire.Profile{Name: strings.ToLower(agency), Agency: agency})
}

func TestFinnishCopy(t *testing.T) {
	const text = "Uusi lauttareitti avattiin maanantaina, kaupunki kertoi."
	for _, tt := range []struct {
		head, tail   string
		place, agent string
		credits      []wire.Credit
	}{
		{"Tampere, STT", "Matti Meikäläinen / STT", "Tampere", "STT", []wire.Credit{{Name: "Matti Meikäläinen", Role: "reporter"}}},
		{"Helsinki, STT–Lehtikuva", "Maija Meikäläinen/STT", "Helsinki", "STT", []wire.Credit{{Name: "Maija Meikäläinen", Role: "reporter"}}},
		{"Turku, STT", "STT / Maija Meikäläinen", "Turku", "STT", []wire.Credit{{Name: "Maija Meikäläinen", Role: "reporter"}}},
		{"New York, STT", "Teksti: Kim Ja-young", "New York", "STT", []wire.Credit{{Name: "Kim Ja-young", Role: "reporter"}}},
		{"", "Matti Meikäläinen ja Maija Meikäläinen / STT", "", "", []wire.Credit{
			{Name: "Matti Meikäläinen", Role: "reporter"}, {Name: "Maija Meikäläinen", Role: "reporter"}}},
	} {
		s, rest := filed("", "fi", tt.head, text, tt.tail)
		if diff := cmp.Diff(tt.credits, s.Attribution.Credits); diff != "" || !cmp.Equal(rest, []string{text}) {
			t.Errorf("%q, %q: rest %q (-want +got)\n%s", tt.head, tt.tail, rest, diff)
		}
		if s.Dateline.Place != tt.place || s.Dateline.Agency != tt.agent {
			t.Errorf("%q: dateline %+v", tt.head, s.Dateline)
		}
		if strings.HasSuffix(tt.tail, "STT") && !cmp.Equal(s.Attribution.Sources, []wire.Source{{Name: "STT", Role: wire.Origin}}) {
			t.Errorf("%q: sources %+v", tt.tail, s.Attribution.Sources)
		}
	}
	if s, rest := filed("STT", "fi", "Helsinki, STT. "+text); !cmp.Equal(rest, []string{text}) || s.Dateline != (wire.Dateline{Text: "Helsinki, STT", Place: "Helsinki", Agency: "STT"}) {
		t.Errorf("rest %q, %+v", rest, s.Dateline)
	}
	for _, line := range []string{
		"Tampere, STT ja Turku kertoivat asiasta maanantaina.", "Kaupunki / STT kertoi asiasta aamulla.", "Jane Doe, AP",
		"Helsinki, STT:n toimitus on muuttanut.", "STT / Kaupunki kertoi asiasta aamulla.", "Asiasta kertovat Helsinki, STT. Lisää tulossa.",
	} {
		s, rest := filed("STT", "fi", line, text, "Matti Meikäläinen / STT", text)
		if want := []string{line, text, "Matti Meikäläinen / STT", text}; !cmp.Equal(want, rest) || len(s.Attribution.Credits) > 0 || s.Dateline.Agency != "" {
			t.Errorf("%q: rest %q, %+v, %+v", line, rest, s.Dateline, s.Attribution)
		}
	}
}

// What agencies end their copy with is no part of the story, in paragraphs of its own as well as in lines of one.
func TestClosings(t *testing.T) {
	for _, tt := range []struct{ agency, language, text, tail string }{
		{"EFE", "es", "La ruta se abrirá hoy, indicó el alcalde.", " EFE|abc/def/ghi|(foto) (vídeo)"},
		{"EFE", "es", "La ruta se abrirá hoy, indicó el alcalde.", "EFE|abc-def/ghi|(foto)(vídeo)(audio)"},
		{"EFE", "es", "“La ruta se abrirá hoy”.", "|EFE|abc/def"},
		{"AFP", "fr", "La ligne sera ouverte lundi.", "|abc/def/gh"},
		{"AFP", "ar", "وأضاف أن السفن ستعمل كل يوم.", "|س ص/ع ف"},
		{"AFP", "ar", "وأضاف أن السفن ستعمل كل يوم.", "|سام/ب ق"},
		{"AFP", "ar", "وأضاف أن السفن ستعمل كل يوم.", "|سص/عف/بق"},
		{"PA Media", "en", "The line opens next week, he said.", "|end"},
		{"PA Media", "en", "The line opens next week, he said.", "|mfl"},
		{"ANSA", "it", "La linea sarà aperta domani.", " (ANSA).|NNNN"},
		{"ANSA", "it", "La linea sarà aperta domani.", "(SEGUE).|YJ4-ABC|05-FEB-26 10:11 NNN"},
		{"ANSA", "it", "La linea sarà aperta domani.", "|(ANSA).|ABC"},
		{"Bernama", "en", "The line opens next week, he said.", "|-- BERNAMA|AB CD EF"},
		{"Bernama", "ms", "Laluan itu akan dibuka minggu depan.", "|-- BERNAMA|NZ NZ"},
		{"Yonhap", "ko", "여객선은 다음 주부터 운항한다.", "|abc@yna.co.kr|▶제보는 카카오톡 okjebo"},
		{"Yonhap", "ko", "여객선은 다음 주부터 운항한다.", " abc@yna.co.kr|(끝)|▶ 제보는 카톡 okjebo"},
		{"Yonhap", "ko", "여객선은 다음 주부터 운항한다.", "|abc@yna.co.kr, def@yna.co.kr"},
		{"Yonhap", "ko", "여객선은 다음 주부터 운항한다.", "|▶제보는 카카오톡 okjebo <저작권자(c) 연합뉴스, 무단 전재-재배포 금지> 2026/02/05 10:00 송고"},
		{"dpa", "de", "Sie war seit Freitag nicht gefahren.", "|dpa kre/su yysw a3 sck"},
		{"Keystone-ATS", "de", "Sie war seit Freitag nicht gefahren.", "|(SDA/kre/su)"},
		{"Keystone-ATS", "fr", "Il avait été arrêté vendredi.", "|ats/abc/def"},
		{"Reuters", "en", "The line opens next week, he said.", "|Our Standards: The Thomson Reuters Trust Principles."},
	} {
		for _, between := range []string{"|", "\n"} {
			whole := tt.text + tt.text + strings.ReplaceAll(tt.tail, "|", between)
			_, rest := filed(tt.agency, tt.language, strings.Split("- "+tt.text+"|"+whole, "|")...)
			if want := []string{"- " + tt.text, tt.text + tt.text}; !cmp.Equal(want, rest) {
				t.Errorf("%q: rest %q", whole, rest)
			}
		}
	}
}

// News that has such words, or such signs, in the middle or at its end.
func TestClosingsOfNews(t *testing.T) {
	for _, tt := range []struct{ language, text string }{
		{"es", "El presidente habló con EFE"}, {"es", "Lo dijo a la agencia EFE."}, {"es", "El premio fue para Foto Vídeo S.A. Efe"},
		{"es", "(foto de familia) (vídeo casero)"}, {"en", "It went to Smith & Co. AP"}, {"en", "The stock is listed as PLC. (AFP rose 2 percent)"},
		{"en", "Readers may write to the port at port@example.org"}, {"en", "Write to us. port@example.org"},
		{"en", "AB CD EF"}, {"en", "GER-AUT"}, {"en", "USA 3, JPN 1"}, {"en", "MFL trains stopped."}, {"en", "Our standards: the port is safe."},
		{"ar", "نعم/لا"}, {"ar", "قال نعم/ثم لا"}, {"de", "(und/oder auch nicht)"}, {"de", "(A/B)"}, {"it", "Il film si chiama Segue."},
		{"ko", "여객선 문의는 abc@yna.co.kr"}, {"ko", "제보는 계속됐다."},
	} {
		if _, rest := filed("", tt.language, "- A ferry came.", tt.text); !cmp.Equal(rest, []string{"- A ferry came.", tt.text}) {
			t.Errorf("%q: rest %q", tt.text, rest)
		}
	}
	// Within the text none of it is what it looks like at the end.
	for _, line := range []string{"EFE", "س ص/ع ف", "(kre/su)", "-- BERNAMA\nAB CD EF", "mfl", "(SEGUE)", "La ruta se abrirá. EFE", "여객선은 운항한다. abc@yna.co.kr",
		"Our Standards: The Thomson Reuters Trust Principles."} {
		if _, rest := filed("", "", "- A ferry came.", line, "It went away again."); !cmp.Equal(rest, []string{"- A ferry came.", line, "It went away again."}) {
			t.Errorf("%q: rest %q", line, rest)
		}
	}
}

// dpa-infocom's last line states the version where no field does, and is no part of the holder.
func TestRevisionBelow(t *testing.T) {
	for line, notice := range map[string]string{
		"© dpa-infocom, dpa:230101-99-123456/2": "© dpa-infocom", "dpa-infocom, dpa:230101-99-123456/2": "", "dpa:230101-99-123456/2": "",
	} {
		s, rest := filed("dpa", "de", "Stralsund (dpa) - Die Fähre fährt.", line)
		if s.Version != 2 || s.Rights.Notice != notice || len(rest) != 1 || strings.Contains(s.Rights.Holder, ":") {
			t.Errorf("%q: version %d, %+v, rest %q", line, s.Version, s.Rights, rest)
		}
		stated := &wire.Story{Version: 5}
		if Extract(stated, []string{"Die Fähre fährt.", line}, nil); stated.Version != 5 {
			t.Errorf("%q: version %d", line, stated.Version)
		}
		unstated := &wire.Story{Version: 1, Received: wire.Received{Unversioned: true}}
		if Extract(unstated, []string{"Die Fähre fährt.", line}, nil); unstated.Version != 2 || unstated.Received.Unversioned {
			t.Errorf("%q: %+v", line, unstated)
		}
	}
	for _, line := range []string{"Die Meldung trägt die Nummer dpa:230101-99-123456/2", "dpa:230101-99-123456/0", "Mehr bei dpa: 23 von 99."} {
		if s, rest := filed("dpa", "de", "Die Fähre fährt.", line); s.Version != 0 || len(rest) != 2 {
			t.Errorf("%q: version %d, rest %q", line, s.Version, rest)
		}
	}
	if s, _ := filed("NTB", "no", "Oslo (NTB): Fergen går.", "(©NTB)"); s.Rights.Notice != "©NTB" || s.Rights.Holder != "NTB" {
		t.Errorf("%+v", s.Rights)
	}
}

// Lines around a story that are for machines or clients, and bylines of an agency's that name nobody.
func TestAround(t *testing.T) {
	for _, tt := range []struct {
		agency, language, head, tail string
		sources, byline              string
	}{
		{"Reuters", "en", "", "((jane.doe@example.org; +44 20 7000 0000; Reuters Messaging: jane.doe@example.net))", "", ""},
		{"AFP", "fr", "", `abc/def|<org idsrc="isin" value="FR0000000000">COMPAGNIE</org>`, "", ""},
		{"AP", "en", "", "___|Follow AP's coverage at https://example.org/ferries", "", ""},
		{"PA Media", "en", "By PA Reporters", "ends", "PA Media", "PA Reporters"},
		{"AFP", "en", "By AFP", "", "AFP", "AFP"},
		{"AP", "en", "By The Associated Press", "", "AP", "The Associated Press"},
	} {
		paragraphs := append([]string{tt.head, "A ferry sailed, he said."}, strings.Split(tt.tail, "|")...)
		s, rest := filed(tt.agency, tt.language, paragraphs...)
		if !cmp.Equal(rest, []string{"A ferry sailed, he said."}) || len(s.Attribution.Credits) > 0 || s.Byline != tt.byline ||
			tt.sources != "" && !cmp.Equal(s.Attribution.Sources, []wire.Source{{Name: tt.sources, Role: wire.Origin}}) {
			t.Errorf("%q: rest %q, %q, %+v", paragraphs, rest, s.Byline, s.Attribution)
		}
		for _, e := range s.Evidence {
			if strings.Contains(e.Text, "7000") {
				t.Errorf("a telephone number is in the record: %+v", e)
			}
		}
	}
	if s, _ := filed("ANTARA", "en", "By Antara", "A ferry sailed, he said."); len(s.Attribution.Credits) != 1 {
		t.Errorf("%+v", s.Attribution)
	}
	for _, line := range []string{"((A ferry sailed.) It came back.)", "By AP and others the news was sent.", "Follow AP's lead, he said, and laughed.", "<org chart>"} {
		if _, rest := filed("AP", "en", "A ferry sailed, he said.", line); len(rest) != 2 || rest[1] != line {
			t.Errorf("%q: rest %q", line, rest)
		}
	}
}
