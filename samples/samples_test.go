package samples_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
	"kawat/samples"
)

// unreadable is the one sample that must not become a story.
const unreadable = "unreadable.xml"

// TestAllListsEveryFile: no sample is forgotten in All, and none is listed twice.
func TestAllListsEveryFile(t *testing.T) {
	var have, listed []string
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".go" {
			have = append(have, e.Name())
		}
	}
	for _, s := range samples.All() {
		listed = append(listed, s.Name)
		data, err := os.ReadFile(s.Name)
		if err != nil {
			t.Errorf("%s is listed: %v", s.Name, err)
		}
		if diff := cmp.Diff(string(data), string(s.Data)); diff != "" {
			t.Errorf("%s: what is listed is not what is in the file (-file +listed):\n%s", s.Name, diff)
		}
		if s.About == "" || !wire.ValidProvider(s.Provider) {
			t.Errorf("%s: provider %q, about %q", s.Name, s.Provider, s.About)
		}
	}
	slices.Sort(listed)
	if diff := cmp.Diff(have, listed); diff != "" {
		t.Errorf("the files here are not those that All lists (-files +listed):\n%s", diff)
	}
}

// decoded decodes a sample as the gateway does.
func decoded(t *testing.T, s samples.Sample) ([]*wire.Story, []*wire.Refusal) {
	t.Helper()
	headers, err := wire.ReadHeaders(func(name string) string { return s.Header[name] })
	if err != nil {
		t.Fatal(err)
	}
	return decode.Decode(&wire.Copy{
		Data: s.Data, ContentType: s.Header[wire.HeaderContentType], Headers: headers, Profile: decode.Profile(s.Provider),
	})
}

// kinds says in which format and language each sample comes, and how many stories it is.
var kinds = map[string]struct {
	format, language string
	stories          int
}{
	"kyodo-original.newsml.xml": {"newsml1", "en", 1},
	"kyodo-original.anpa":       {"anpa", "en", 1},
	"kyodo-japanese.newsml.xml": {"newsml1", "ja", 1},
	"antara-translation.txt":    {"copytext", "id", 1},
	"antara-no-headline.txt":    {"copytext", "id", 1},
	"antara-english.txt":        {"copytext", "en", 1},
	"xinhua-chinese.txt":        {"copytext", "zh", 1},
	"yonhap-korean.txt":         {"copytext", "ko", 1},
	"afp-arabic.txt":            {"copytext", "ar", 1},
	"dpa-german.iptc":           {"iptc7901", "de", 1},
	"afp-french.newsml.xml":     {"newsmlg2", "fr", 1},
	"ap-english.anpa":           {"anpa", "en", 1},
	"efe-spanish.json":          {"ninjs", "es", 1},
	"lusa-portuguese.txt":       {"copytext", "pt", 1},
	"tass-russian.nitf.xml":     {"nitf", "ru", 1},
	"bernama-malay.rss.xml":     {"webfeed", "ms", 2},
	"thai-nnt.txt":              {"copytext", "th", 1},
	"vietnamese-desk.eml":       {"copytext", "vi", 1},
}

// TestDecode: each sample is stories that are complete enough to be read, and the unreadable one is one refusal.
func TestDecode(t *testing.T) {
	ids := map[string]string{}
	for _, s := range samples.All() {
		t.Run(s.Name, func(t *testing.T) {
			stories, refusals := decoded(t, s)
			if s.Name == unreadable {
				if len(stories) != 0 || len(refusals) != 1 || refusals[0].Code != wire.NotWellFormed {
					t.Errorf("%d stories, refusals %v; want one refusal, %s", len(stories), refusals, wire.NotWellFormed)
				}
				return
			}
			kind := kinds[s.Name]
			if len(stories) != kind.stories || len(refusals) != 0 {
				t.Fatalf("%d stories, refusals %v; want %d stories", len(stories), refusals, kind.stories)
			}
			for _, story := range stories {
				if other := ids[story.ID]; other != "" || story.ID == "" {
					t.Errorf("id %q, which %q has too", story.ID, other)
				}
				ids[story.ID] = s.Name
				if story.Received.Format != kind.format || story.Language != kind.language {
					t.Errorf("%s in %s; want %s in %s", story.Received.Format, story.Language, kind.format, kind.language)
				}
				if story.Status != wire.Usable || story.Provider != s.Provider {
					t.Errorf("status %q, provider %q", story.Status, story.Provider)
				}
				if story.Headline == "" || story.Body.Text == "" || story.Dateline.Place == "" || story.Rights.Holder == "" {
					t.Errorf("something is missing: headline %q, dateline %q, rights holder %q, %d bytes of text",
						story.Headline, story.Dateline.Text, story.Rights.Holder, len(story.Body.Text))
				}
			}
		})
	}
}

// TestTail: what stands below the text, beside it and for editors' eyes only is in the record or nowhere, and not in the text.
func TestTail(t *testing.T) {
	// Words that only lines have which are no part of the text.
	outside := map[string][]string{
		"afp-arabic.txt":        {"ترجـمة", "تحرير", "اقرأ أيضاً", "©"},
		"xinhua-chinese.txt":    {"（完）", "相关阅读", "编辑", "来源", "记者张若水"},
		"yonhap-korean.txt":     {"(끝)", "기자 =", "관련기사", "example.com", "저작권자"},
		"dpa-german.iptc":       {"Notizblock", "Bildangebot", "bestimmt", "example", "Redaktion", "okf/wei", "KORR", "Foto", "Einmal in der Stunde", "(dpa"},
		"afp-french.newsml.xml": {"mdl/clr/sp", "À lire aussi", "(AFP)", "DUMOULIN", "Actualise"},
		"ap-english.anpa":       {"Photo", "Eds:", "By MINA", "Writers", "___", "AP-WF", "(AP)", "XLB101", "``", " _ "},
		"efe-spanish.json":      {"amq/rmb/jcs", "Lea también", "(EFE)", "Por Amaranta"},
		"lusa-portuguese.txt":   {"AYL", "Fim", "Leia também", "(Lusa)", "©", "É proibida"},
		"tass-russian.nitf.xml": {"/ТАСС/", "Читайте также", "Редактор", "Корреспондент", "Фото и видео"},
		"bernama-malay.rss.xml": {"-- BERNAMA", "Wartawan", "Penyunting", "Terjemahan", "Sumber", "Baca juga", "Hak cipta", "(Bernama"},
		"thai-nnt.txt":          {"ผู้สื่อข่าว", "เรียบเรียง", "ที่มา", "อ่านเพิ่มเติม", "ห้ามคัดลอก", "©"},
		"vietnamese-desk.eml":   {"Phóng viên:", "Biên tập:", "Xem thêm", "Nghiêm cấm", "(TTXVN)", "Điện thoại", "©"},
	}
	// Of each story who is credited, which agencies it comes from or cites, and the titles that it points to.
	type tail struct {
		Credits, Sources, Related []string
		CreditLine                string
		AI                        wire.AIUse
	}
	want := map[string][]tail{
		"dpa-german.iptc": {{
			[]string{"reporter Mina Okafor", "reporter Jürgen Weiß"}, []string{"cited Kyodo", "cited TASS", "origin dpa"}, nil, "dpa", wire.AIUnspecified,
		}},
		"afp-french.newsml.xml": {{
			[]string{"reporter Marguerite DUMOULIN-LACAZE", "translator Clémence Larrivoire", "editor Simon Peyrelongue"},
			[]string{"origin AFP", "cited Kyodo", "cited TASS"},
			[]string{"Les parapluies de l'hiver", "À Lausanne, la bibliothèque qui prête des bottes"}, "AFP", wire.AIReserved,
		}},
		"ap-english.anpa": {{
			[]string{"reporter MINA OKAFOR", "reporter TAKUMI SATO"}, []string{"cited Kyodo", "origin AP"}, nil, "AP", wire.AIUnspecified,
		}},
		"efe-spanish.json": {{
			[]string{"editor Ramiro Belmonte", "reporter Amaranta Quiñenao"}, []string{"origin EFE", "cited Kyodo", "cited TASS"},
			[]string{"Los pescadores del Cabo Manso cambian el diésel por velas", "Seis puertos que viven de las olas"}, "EFE", wire.AIReserved,
		}},
		"tass-russian.nitf.xml": {{
			[]string{"reporter Платон Загорецкий", "editor Аглая Верещук"}, []string{"cited Kyodo", "cited Xinhua", "origin TASS"},
			[]string{"Рыбаки Находки сами построили приливный маяк"}, "TASS", wire.AIReserved,
		}},
		"lusa-portuguese.txt": {{
			nil, []string{"cited Kyodo", "cited TASS", "origin Lusa"}, []string{"Biblioteca de Ílhavo empresta binóculos para ver aves"}, "Lusa", wire.AIReserved,
		}},
		"thai-nnt.txt": {{
			[]string{"reporter สมชาย ใจดี", "reporter มานี มีนา", "editor ปิติ ชูใจ"}, []string{"origin NNT", "cited Kyodo"},
			[]string{"เรือหนังสือแวะห้าหมู่บ้าน"}, "NNT", wire.AIUnspecified,
		}},
		"vietnamese-desk.eml": {{
			[]string{"reporter Nguyễn Văn Khoáng", "reporter Trần Thị Yên Ba", "editor Lê Hải Đường"}, []string{"cited Kyodo", "cited TASS", "origin VNA"},
			[]string{"Làng giấy bên hồ nhận học trò từ sáu tỉnh"}, "VNA", wire.AIReserved,
		}},
		"bernama-malay.rss.xml": {{
			[]string{"reporter Nurhaliza Kamarul", "editor Azhar Bidin"}, []string{"origin Bernama"},
			[]string{"Pelajar sekolah teknik uji buluh sebagai tiang lampu"}, "Bernama", wire.AIReserved,
		}, {
			[]string{"translator Siti Raudhah Kassim", "editor Azhar Bidin"}, []string{"origin Kyodo", "cited TASS"}, nil,
			"Bernama/Kyodo", wire.AIUnspecified,
		}},
	}
	for _, s := range samples.All() {
		t.Run(s.Name, func(t *testing.T) {
			stories, _ := decoded(t, s)
			var got []tail
			for _, story := range stories {
				for _, words := range outside[s.Name] {
					if strings.Contains(story.Body.Text, words) || strings.Contains(story.Body.HTML, words) {
						t.Errorf("%q is in the text:\n%s", words, story.Body.Text)
					}
				}
				this := tail{CreditLine: story.Attribution.CreditLine, AI: story.Rights.AI}
				for _, c := range story.Attribution.Credits {
					this.Credits = append(this.Credits, string(c.Role)+" "+c.Name)
				}
				for _, source := range story.Attribution.Sources {
					this.Sources = append(this.Sources, string(source.Role)+" "+source.Name)
				}
				for _, link := range story.Related {
					this.Related = append(this.Related, link.Title)
				}
				got = append(got, this)
			}
			if w, ok := want[s.Name]; ok {
				if diff := cmp.Diff(w, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		})
	}
}

// TestTranslation: the example that the documents follow says all that they say of it.
func TestTranslation(t *testing.T) {
	all := samples.All()
	i := slices.IndexFunc(all, func(s samples.Sample) bool { return s.Name == "antara-translation.txt" })
	if i < 0 {
		t.Fatal("the sample is not listed")
	}
	stories, refusals := decoded(t, all[i])
	if len(stories) != 1 {
		t.Fatalf("%d stories, refusals %v", len(stories), refusals)
	}
	story := stories[0]
	type said struct {
		Headline, Language  string
		Dateline            wire.Dateline
		Attribution         wire.Attribution
		Translation         *wire.Translation
		Related             []wire.Link
		Holder, Notice      string
		Year                int
		AI                  wire.AIUse
		TermsBeginAndEndsIn bool
	}
	const begin, end = "Dilarang keras mengambil konten", "tanpa izin tertulis dari Kantor Berita ANTARA."
	terms := story.Rights.Terms
	got := said{
		story.Headline, story.Language, story.Dateline, story.Attribution, story.Translation, story.Related,
		story.Rights.Holder, story.Rights.Notice, story.Rights.Year, story.Rights.AI,
		len(terms) > len(begin)+len(end) && terms[:len(begin)] == begin && terms[len(terms)-len(end):] == end,
	}
	want := said{
		Headline: "Pelabuhan Niigata dan Vladivostok berbagi data sensor gempa dari feri",
		Language: "id",
		Dateline: wire.Dateline{Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"},
		Attribution: wire.Attribution{
			Sources:    []wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "TASS", Role: wire.Cited}},
			Credits:    []wire.Credit{{Name: "Sekar Widuri", Role: wire.Translator}, {Name: "Bima Langit Ananta", Role: wire.Editor}},
			CreditLine: "ANTARA/Kyodo",
		},
		Translation: &wire.Translation{From: "und", To: "id", Method: "human"},
		Related: []wire.Link{
			{Title: "Sekolah di pesisir Niigata berlatih evakuasi tsunami dengan perahu"},
			{Title: "Jepang uji alat pengukur gempa di pelampung nelayan"},
			{Title: "Feri Niigata-Sado tambah jadwal pelayaran musim dingin"},
		},
		Holder: "ANTARA", Notice: "Copyright © ANTARA 2026", Year: 2026, AI: wire.AIReserved, TermsBeginAndEndsIn: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
