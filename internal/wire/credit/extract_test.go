package credit

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

const (
	opening = "Tokyo (ANTARA) - Pelabuhan itu dibuka pada Senin."
	body    = "Pelabuhan itu dibuka pada Senin."
)

func extract(language string, paragraphs ...string) (*wire.Story, []string) {
	s := &wire.Story{Language: language}
	return s, Extract(s, paragraphs, &wire.Profile{Name: "antara", Agency: "ANTARA"})
}

func TestCredits(t *testing.T) {
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
		{"id", "Penerjemah: Sekar Widuri", c("Sekar Widuri", "translator")},
		{"id", "PENERJEMAH : Sekar Widuri", c("Sekar Widuri", "translator")},
		{"id", "Penerjemah： Sekar Widuri", c("Sekar Widuri", "translator")},
		{"id", "Ｅｄｉｔｏｒ：Tirta Wening", c("Tirta Wening", "editor")},
		{"id", "Pewarta: Laras SavitriEditor: Agus Salim", c("Laras Savitri", "reporter", "Agus Salim", "editor")},
		{"id", "SavitriEditor: Agus Salim", c("Savitri", "contributor", "Agus Salim", "editor")},
		{"id", "Pewarta: A Editor: B Copyright © ANTARA 2026", c("A", "reporter", "B", "editor")},
		{"id", "Pewarta: Ayu, Bima dan Citra", c("Ayu", "reporter", "Bima", "reporter", "Citra", "reporter")},
		{"id", "Pewarta: Ayu/Bima", c("Ayu", "reporter", "Bima", "reporter")},
		{"id", "Pewarta: Ayu Lestari, S.Kom", c("Ayu Lestari, S.Kom", "reporter")},
		{"id", "Pewarta/Editor: Ayu Lestari", c("Ayu Lestari", "reporter", "Ayu Lestari", "editor")},
		{"id", "Penerjemah dan Editor: Ayu Lestari", c("Ayu Lestari", "translator", "Ayu Lestari", "editor")},
		{"id", "Pewarta: Ayu | Editor: Bima | Uploader: Citra", c("Ayu", "reporter", "Bima", "editor", "Citra", "uploader")},
		{"id", "Editor:\nTirta Wening", c("Tirta Wening", "editor")},
		{"id", "Editor: -", nil},
		{"id", "Diterjemahkan oleh Sekar Widuri", c("Sekar Widuri", "translator")},
		{"id", "Diterjemahkan oleh: Sekar Widuri", c("Sekar Widuri", "translator")},
		{"id", "(Pewarta: Ayu)", c("Ayu", "reporter")},
		{"id", "- Editor: Ayu bin Seman", c("Ayu bin Seman", "editor")},
		{"id", "pewarta: laras", c("laras", "reporter")},
		{"en", "(Reporting by Ayu Tan; Editing by Bima Yo)", c("Ayu Tan", "reporter", "Bima Yo", "editor")},
		{"en", "Reporting by Ayu Tan in Tokyo and Bima Yo in Osaka; Editing by Citra Ro", c("Ayu Tan", "reporter", "Bima Yo", "reporter", "Citra Ro", "editor")},
		{"en", "Reporter: Ayu Tan; editing by Bima Yo", c("Ayu Tan", "reporter", "Bima Yo", "editor")},
		{"en", "Translated by Ayu Tan", c("Ayu Tan", "translator")},
		{"en", "Ayu Tan and Bima Yo contributed to this report.", c("Ayu Tan", "contributor", "Bima Yo", "contributor")},
		{"en", "Reporting and writing by Ayu Tan, additional reporting by Bima Yo", c("Ayu Tan", "reporter", "Bima Yo", "contributor")},
		{"en", "Editor: Ayu Tan and Bima Yo", c("Ayu Tan", "editor", "Bima Yo", "editor")},
		{"en", "By Ayu Tan", c("Ayu Tan", "reporter")},
		{"id", "Sebuah kalimat lain. Editor: Tirta Wening", c("Tirta Wening", "editor")},
		{"en", "One more sentence. (Editing by Bima Yo)", c("Bima Yo", "editor")},
	}
	for _, tt := range tests {
		s, rest := extract(tt.language, opening, tt.tail)
		if diff := cmp.Diff(tt.want, s.Attribution.Credits); diff != "" {
			t.Errorf("%q (-want +got)\n%s", tt.tail, diff)
		}
		for _, p := range rest {
			if strings.Contains(p, "Editor") || strings.Contains(p, "diting") {
				t.Errorf("%q: left %q in the text", tt.tail, p)
			}
		}
		for i := range s.Attribution.Credits {
			if !hasEvidence(s, "attribution.credits["+string(rune('0'+i))+"]", tt.tail) {
				t.Errorf("%q: credit %d without its words in evidence: %+v", tt.tail, i, s.Evidence)
			}
		}
	}
}

func hasEvidence(s *wire.Story, field, within string) bool {
	for _, e := range s.Evidence {
		if e.Field == field && e.Text != "" && strings.Contains(within, e.Text) {
			return true
		}
	}
	return false
}

// What looks like a credit within the text of a story, and is none.
func TestTextStays(t *testing.T) {
	for _, p := range []string{
		"Reporter: Apakah pelabuhan itu aman?",
		"Editor: Selamat pagi, silakan masuk ke ruang rapat.",
		"Reporting by journalists in the port has been restricted since May.",
		"By Monday, the port had reopened.",
		"By Dewi Anggun",
		"Sumber: Kementerian Perhubungan",
		"Menurut sumber: pelabuhan itu aman.",
		"(c) pihak ketiga tidak bertanggung jawab atas 2026 kapal.",
		"Copyright law will change in 2026, officials said.",
		"Dilarang keras mengambil konten situs web ini untuk AI tanpa izin.",
		"Antara",
		"Baca juga buku lain tentang pelabuhan.",
	} {
		s, rest := extract("en", opening, p, "Kapal pertama tiba pada siang hari.")
		if want := []string{body, p, "Kapal pertama tiba pada siang hari."}; !cmp.Equal(want, rest) {
			t.Errorf("%q: %s", p, cmp.Diff(want, rest))
		}
		if len(s.Attribution.Credits)+len(s.Attribution.Sources) > 0 || s.Rights.AI != wire.AIUnspecified {
			t.Errorf("%q: took %+v %+v", p, s.Attribution, s.Rights)
		}
	}
}

func TestOrigins(t *testing.T) {
	tests := []struct {
		tail string
		want []wire.Source
	}{
		{"Sumber: Kyodo", []wire.Source{{Name: "Kyodo", Role: "origin"}}},
		{"Sumber : KYODO NEWS", []wire.Source{{Name: "Kyodo", Role: "origin"}}},
		{"Sumber: Xinhua-OANA", []wire.Source{{Name: "Xinhua", Role: "origin"}, {Name: "OANA", Role: "distributor"}}},
		{"Sumber: Sputnik/RIA Novosti-OANA", []wire.Source{{Name: "Sputnik", Role: "origin"}, {Name: "RIA Novosti", Role: "origin"}, {Name: "OANA", Role: "distributor"}}},
		{"Sumber: Reuters dan AFP", []wire.Source{{Name: "Reuters", Role: "origin"}, {Name: "AFP", Role: "origin"}}},
		{"Sumber: Kementerian Laut dan Pantai", []wire.Source{{Name: "Kementerian Laut dan Pantai", Role: "origin"}}},
		{"Source: 共同通信", []wire.Source{{Name: "Kyodo", Role: "origin"}}},
		{"==Kyodo", []wire.Source{{Name: "Kyodo", Role: "origin"}}},
		{"Kapal tiba.==Kyodo", []wire.Source{{Name: "Kyodo", Role: "origin"}}},
		{"-- BERNAMA", []wire.Source{{Name: "Bernama", Role: "origin"}}},
		{"(Xinhua)", []wire.Source{{Name: "Xinhua", Role: "origin"}}},
	}
	for _, tt := range tests {
		s, rest := extract("id", opening, tt.tail)
		if diff := cmp.Diff(tt.want, s.Attribution.Sources); diff != "" {
			t.Errorf("%q (-want +got)\n%s", tt.tail, diff)
		}
		for _, p := range rest {
			if strings.Contains(p, "==") || p == tt.tail {
				t.Errorf("%q: left %q in the text", tt.tail, p)
			}
		}
	}
}

func TestCited(t *testing.T) {
	tests := []struct {
		in   string
		want string // comma-separated
	}{
		{"Kapal itu karam, lapor Tass.", "TASS"},
		{"Menurut Tass, kapal itu karam.", "TASS"},
		{"Menurut kantor berita resmi Rusia Tass, kapal itu karam.", "TASS"},
		{"Kantor berita Rusia, Tass, melaporkan kapal itu karam.", "TASS"},
		{"Seperti dikutip dari Kantor Berita Xinhua, kapal itu karam.", "Xinhua"},
		{"Demikian Anadolu dan tidak lebih.", "Anadolu"},
		{"Kapal itu karam, kata juru bicara kepada Reuters.", "Reuters"},
		{"Yonhap melaporkan bahwa kapal itu karam.", "Yonhap"},
		{"Yonhap pada Senin (23/11) melaporkan bahwa kapal itu karam.", "Yonhap"},
		{"The ferry sank, according to Russia's Tass news agency.", "TASS"},
		{"The ferry sank, Reuters reported.", "Reuters"},
		{"The ferry sank, the Associated Press reported on Monday.", "AP"},
		{"AFP, citing two officials, said the ferry sank.", "AFP"},
		{"The captain told Reuters that the ferry sank.", "Reuters"},
		{"The captain told Japan's Kyodo News that the ferry sank.", "Kyodo"},
		{"The captain told AP that the ferry sank.", "AP"},
		{"A Reuters poll showed that most expected it.", "Reuters"},
		{"Japan's Jiji Press said the ferry sank. Jiji Press said it again.", "Jiji"},
		{"Tass reported it first, and Interfax said so too.", "TASS,Interfax"},
		{"Xinhua News Agency said the ferry sank.", "Xinhua"},

		{"Kapal itu karam, lapor ANTARA.", ""}, // the provider itself
		{"Pelabuhan terletak antara dua kota, menurut peta.", ""},
		{"Antara dua kota itu, menurut peta, ada pelabuhan.", ""},
		{"Rumahnya di Jalan Reuters, menurut polisi.", ""},
		{"Menurut polisi, rumahnya di Jalan Reuters.", ""},
		{"According to police, the house is on Reuters Street.", ""},
		{"The house is in Reuters Plaza, police said.", ""},
		{"Beras AP 12.000 11.500", ""},
		{"Cabai merah AP, kata pedagang, naik.", ""},
		{"According to a spokesperson for Thomson Reuters, it sank.", ""},
		{"Menurut AP II, bandara dibuka.", ""},
		{"See www.reuters.com, it said.", ""},
		{"Reuters has an office here. The mayor said so.", ""},
		{"Wartawan Reuters hadir di sana.", ""},
		{"REUTERS/Dewi Anggun said", ""},
	}
	for _, tt := range tests {
		s, _ := extract("id", opening, tt.in)
		var got []string
		for _, src := range s.Attribution.Sources {
			if src.Role != wire.Cited {
				t.Errorf("%q: role %q", tt.in, src.Role)
			}
			got = append(got, src.Name)
		}
		if g := strings.Join(got, ","); g != tt.want {
			t.Errorf("%q: cited %q, want %q (%+v)", tt.in, g, tt.want, s.Evidence)
		}
	}
}

func TestSignOffs(t *testing.T) {
	for _, mark := range []string{"-0-", "(END)", "Enditem", "###", "==", "---", "MORE", "Kapal pergi. Enditem"} {
		if _, rest := extract("en", opening, "Kapal tiba.", mark); strings.Contains(strings.Join(rest[1:], ""), "nditem") || len(rest) > 3 ||
			len(rest) == 3 && rest[2] != "Kapal pergi." {
			t.Errorf("%q: left in the text: %q", mark, rest)
		}
		if _, rest := extract("en", opening, mark, "Kapal tiba."); len(rest) != 3 {
			t.Errorf("%q within the text: %q", mark, rest)
		}
	}
}

func TestOriginIsNotCited(t *testing.T) {
	s, _ := extract("id", opening, "Kapal itu karam, lapor Kyodo.", "Sumber: Kyodo")
	if want := []wire.Source{{Name: "Kyodo", Role: "origin"}}; !cmp.Equal(want, s.Attribution.Sources) {
		t.Error(cmp.Diff(want, s.Attribution.Sources))
	}
}

func TestRelated(t *testing.T) {
	s, rest := extract("id", opening,
		"Baca juga: Kapal baru tiba", "Kalimat lain.", "Lihat juga : Judul: dengan titik dua https://example.com/a?b=1",
		"Read also: Ferry sinks\nhttps://example.com/c", "Kalimat terakhir. Baca juga: Pelabuhan lama",
		"Baca juga: Satu Baca juga: Dua Pewarta: Ayu Editor: Bima", "Baca juga:\nTiga", "Related news: Profil Editor: Bima")
	want := []wire.Link{{Title: "Kapal baru tiba"}, {Title: "Judul: dengan titik dua", URL: "https://example.com/a?b=1"},
		{Title: "Ferry sinks", URL: ""}, {Title: "Pelabuhan lama"}, {Title: "Satu"}, {Title: "Dua"}, {Title: "Tiga"},
		{Title: "Profil Editor: Bima"}}
	want[2].URL = "https://example.com/c"
	if diff := cmp.Diff(want, s.Related); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{body, "Kalimat lain.", "Kalimat terakhir."}, rest); diff != "" {
		t.Error(diff)
	}
}

func TestRights(t *testing.T) {
	const (
		indonesian = "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini tanpa izin tertulis dari Kantor Berita ANTARA."
		english    = "It is strictly prohibited to take content, crawl or automatically index this website for AI without written permission from ANTARA News Agency."
		plain      = "This material may not be published, broadcast, rewritten or redistributed without permission."
	)
	tests := []struct {
		tail []string
		want wire.Rights
	}{
		{[]string{"Copyright © ANTARA 2026"}, wire.Rights{Notice: "Copyright © ANTARA 2026", Holder: "ANTARA", Year: 2026, AI: "unspecified"}},
		{[]string{"COPYRIGHT © ANTARA 2026"}, wire.Rights{Notice: "COPYRIGHT © ANTARA 2026", Holder: "ANTARA", Year: 2026, AI: "unspecified"}},
		{[]string{"Hak Cipta © ANTARA 2026"}, wire.Rights{Notice: "Hak Cipta © ANTARA 2026", Holder: "ANTARA", Year: 2026, AI: "unspecified"}},
		{[]string{"(c) 2026 Kyodo"}, wire.Rights{Notice: "(c) 2026 Kyodo", Holder: "Kyodo", Year: 2026, AI: "unspecified"}},
		{[]string{"© Kyodo News"}, wire.Rights{Notice: "© Kyodo News", Holder: "Kyodo News", AI: "unspecified"}},
		{[]string{"Copyright 2024-2026 by The Associated Press. All rights reserved."}, wire.Rights{
			Notice: "Copyright 2024-2026 by The Associated Press. All rights reserved.", Holder: "The Associated Press", Year: 2026, AI: "unspecified"}},
		{[]string{"Editor: Bima Copyright © ANTARA 2026", indonesian}, wire.Rights{
			Notice: "Copyright © ANTARA 2026", Holder: "ANTARA", Year: 2026, Terms: indonesian, AI: "reserved"}},
		{[]string{"Copyright © ANTARA 2026 " + indonesian}, wire.Rights{
			Notice: "Copyright © ANTARA 2026", Holder: "ANTARA", Year: 2026, Terms: indonesian, AI: "reserved"}},
		{[]string{indonesian}, wire.Rights{Terms: indonesian, AI: "reserved"}},
		{[]string{indonesian, "Editor: Bima"}, wire.Rights{Terms: indonesian, AI: "reserved"}},
		{[]string{english}, wire.Rights{Terms: english, AI: "reserved"}},
		{[]string{"Editor: Bima", "", english, plain}, wire.Rights{Terms: english + "\n" + plain, AI: "reserved"}},
		{[]string{"Copyright 2026 The Associated Press. All rights reserved. " + plain}, wire.Rights{
			Notice: "Copyright 2026 The Associated Press. All rights reserved.", Holder: "The Associated Press", Year: 2026, Terms: plain, AI: "unspecified"}},
	}
	for _, tt := range tests {
		s, rest := extract("id", append([]string{opening, "Kapal tiba."}, tt.tail...)...)
		if diff := cmp.Diff(tt.want, s.Rights); diff != "" {
			t.Errorf("%q (-want +got)\n%s", tt.tail, diff)
		}
		if len(rest) != 2 {
			t.Errorf("%q: left in the text: %q", tt.tail, rest[2:])
		}
	}
}

func TestProfilesReservation(t *testing.T) {
	s := &wire.Story{}
	Extract(s, []string{"Kapal tiba."}, &wire.Profile{Rights: wire.Rights{AI: wire.AIReserved}})
	if s.Rights.AI != wire.AIReserved {
		t.Errorf("ai is %q", s.Rights.AI)
	}
}

// A format with fields of its own for these things sets them first, and they stand.
func TestWhatTheStoryHasStands(t *testing.T) {
	s := &wire.Story{
		Language: "en",
		Byline:   "Dewi Anggun",
		Dateline: wire.Dateline{Text: "TOKYO, Nov. 23"},
		Rights:   wire.Rights{Notice: "(c) Kyodo", Holder: "Kyodo", Year: 2025, AI: wire.AIAllowed},
		Attribution: wire.Attribution{
			Sources: []wire.Source{{Name: "Kyodo", Role: wire.Distributor}},
			Credits: []wire.Credit{{Name: "Dewi Anggun", Role: wire.Reporter}},
		},
	}
	want := *s
	want.Dateline.Place, want.Dateline.Agency, want.Dateline.Date = "TOKYO", "Kyodo", "Nov. 23"
	rest := Extract(s, []string{"By Dewi Anggun", "TOKYO, Nov. 23 Kyodo - A ferry sailed.", "==Kyodo", "Copyright © ANTARA 2026"}, nil)
	if !cmp.Equal([]string{"A ferry sailed."}, rest) {
		t.Errorf("rest is %q", rest)
	}
	got := *s
	got.Evidence = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAgency(t *testing.T) {
	for in, want := range map[string]string{"共同通信": "Kyodo", " KYODO  NEWS ": "Kyodo", "ИТАР-ТАСС": "TASS", "연합뉴스": "Yonhap",
		"Warta Kita": "Warta Kita", "": ""} {
		if got := Agency(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestCorrectionInHeadline(t *testing.T) {
	for _, h := range []string{"RALAT: Feri tiba", "Ralat - Feri tiba", "(Koreksi) Feri tiba", "CORRECTED-Ferry arrives",
		"CORRECTION: Ferry", "RALAT Feri tiba", "Ralat"} {
		if Lifecycle(h, "", "", "").Kind != Correction {
			t.Errorf("%q is no correction", h)
		}
	}
	for _, h := range []string{"Koreksi harga beras berlanjut", "KOREKSI HARGA BERAS", "Feri: ralat", "", "Correction officers strike"} {
		if a := Lifecycle(h, "", "", ""); a.Kind == Correction {
			t.Errorf("%q was taken for a correction by %q", h, a.Words)
		}
	}
}

func TestGuessLanguage(t *testing.T) {
	for in, want := range map[string]string{
		"Feri itu akan berlayar dari Niigata ke Sado pada Senin dan tidak akan kembali": "id",
		"The ferry will sail from Niigata to Sado on Monday and will not return":        "en",
		"": "", "12 34": "",
	} {
		if got, _, _ := GuessLanguage(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestNextAgency holds that looking at eight bytes together finds what looking at each does.
func TestNextAgency(t *testing.T) {
	d := words()
	for _, text := range []string{
		"Kata juru bicara (ANTARA), menurut Reuters/AFP dan dpa-AFX; 5AP XAP AP", "共同通信によるとTASSが ロイター通信AP通信", "dpa", "a", "", "AP",
		"........AP.......Tass........AFP", "xxxxxxxAP AAAAAAAAP 1234567AFP", "É. AFP éAFP «Тасс» Тасс, ТАСС.", "\x80\xffAP\xe5\x85AP", strings.Repeat("AP, Kyodo dpa ", 20),
	} {
		for from := range len(text) {
			want := len(text)
			for i := from; i < len(text); i++ {
				if d.mayStartAgency(text, i) && d.startsWord(text, i) {
					want = i
					break
				}
			}
			if got := d.nextAgency(text, from); got != want {
				t.Fatalf("%q from %d: %d, want %d", text, from, got, want)
			}
		}
	}
}
