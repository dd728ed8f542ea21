package copytext

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

func parse(t *testing.T, text string, headers wire.Headers) *wire.Story {
	t.Helper()
	c := &wire.Copy{Data: []byte(text), Headers: headers, Profile: &wire.Profile{Name: "antara", Agency: "ANTARA", Language: "id"}}
	s, err := Parse(c, text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return s
}

func evidence(s *wire.Story, field string) wire.Evidence {
	for _, e := range s.Evidence {
		if e.Field == field {
			return e
		}
	}
	return wire.Evidence{}
}

func TestHeadline(t *testing.T) {
	const text = "Pelabuhan itu dibuka kembali setelah tiga hari. Kapal pertama tiba siang."
	long := strings.Repeat("kapal feri ", 20)
	tests := []struct {
		name, copy, header, headline, rule, body string
	}{
		{"above the dateline", "Pelabuhan dibuka\n\nTokyo (ANTARA) - " + text, "", "Pelabuhan dibuka", "position:above-text", text},
		{"right above", "Pelabuhan dibuka\nTokyo (ANTARA) - " + text, "", "Pelabuhan dibuka", "position:above-text", text},
		{"with a stop", "Pelabuhan dibuka.\n\nTokyo (ANTARA) - " + text, "", "Pelabuhan dibuka.", "position:above-text", text},
		{"none", "Tokyo (ANTARA) - " + text, "", "Pelabuhan itu dibuka kembali setelah tiga hari", "inferred:first-sentence", text},
		{"header", "Tokyo (ANTARA) - " + text, "Dari meja", "Dari meja", "header:Kawat-Headline", text},
		{"header and above", "Pelabuhan dibuka\n\nTokyo (ANTARA) - " + text, "Dari meja", "Dari meja", "header:Kawat-Headline", text},
		{"below a notice", "RALAT\n\nPelabuhan dibuka\n\nTokyo (ANTARA) - " + text, "", "Pelabuhan dibuka", "position:above-text", text},
		{"no dateline", "Pelabuhan dibuka\n\n" + text, "", "Pelabuhan dibuka", "position:above-text", text},
		{"text only", text, "", "Pelabuhan itu dibuka kembali setelah tiga hari", "inferred:first-sentence", text},
		{"one line", "Pelabuhan dibuka", "", "Pelabuhan dibuka", "inferred:first-sentence", "Pelabuhan dibuka"},
		{"line and credit", "Pelabuhan dibuka\nEditor: Bima", "", "Pelabuhan dibuka", "inferred:first-sentence", "Pelabuhan dibuka"},
		{"byline between", "Pelabuhan dibuka\nOleh Laras Kinasih\nTokyo (ANTARA) - " + text, "", "Pelabuhan dibuka", "position:above-text", text},
		{"slugline", "JEPANG-PELABUHAN\nPelabuhan dibuka\nTokyo (ANTARA) - " + text, "", "Pelabuhan dibuka", "position:above-text", text},
		{"long", "Tokyo (ANTARA) - " + long, "", strings.TrimSpace(long[:98]) + "…", "inferred:first-sentence", strings.TrimSpace(long)},
		{"number", "Tokyo (ANTARA) - Kapal No. 2 dari PT. Laut tiba pada Dec. 9 di sini. Lalu pergi.", "", "Kapal No. 2 dari PT. Laut tiba pada Dec. 9 di sini",
			"inferred:first-sentence", "Kapal No. 2 dari PT. Laut tiba pada Dec. 9 di sini. Lalu pergi."},
		{"short word", "Tokyo (ANTARA) - Polisi menemukan itu di PC. Sudah.", "", "Polisi menemukan itu di PC. Sudah", "inferred:first-sentence",
			"Polisi menemukan itu di PC. Sudah."},
		{"small word", "TOKYO (Kyodo) -- The captain found it. The ferry had sailed.", "", "The captain found it", "inferred:first-sentence",
			"The captain found it. The ferry had sailed."},
		{"quoted", "Tokyo (ANTARA) - \"Kami siap.\" Ia pergi.", "", "\"Kami siap.\"", "inferred:first-sentence", "\"Kami siap.\" Ia pergi."},
	}
	for _, tt := range tests {
		s := parse(t, tt.copy, wire.Headers{Headline: tt.header})
		if s.Headline != tt.headline || evidence(s, "headline").Rule != tt.rule || s.Body.Text != tt.body {
			t.Errorf("%s: headline %q by %q, body %q", tt.name, s.Headline, evidence(s, "headline").Rule, s.Body.Text)
		}
	}
	s := parse(t, "JEPANG-PELABUHAN\nPelabuhan dibuka\nKapal pertama tiba siang\nTokyo (ANTARA) - "+text, wire.Headers{})
	if s.Slugline != "JEPANG-PELABUHAN" || s.Summary != "Kapal pertama tiba siang" {
		t.Errorf("slugline %q, summary %q", s.Slugline, s.Summary)
	}
}

func TestIdentity(t *testing.T) {
	const original = "Pelabuhan dibuka\n\nTokyo (ANTARA) - Pelabuhan itu dibuka kembali pada Senin setelah tiga hari ditutup karena badai salju besar.\n\nKapal tiba.\n\nEditor: Bima"
	id := parse(t, original, wire.Headers{}).ID
	if !strings.HasPrefix(id, "urn:kawat:antara:") {
		t.Errorf("id is %q", id)
	}
	same := map[string]string{
		"tail":     strings.Replace(original, "Bima", "Citra", 1),
		"typo":     strings.Replace(original, "salju", "sajlu", 1),
		"headline": strings.Replace(original, "Pelabuhan dibuka", "RALAT: Pelabuhan dibuka lagi", 1),
		"case":     strings.Replace(original, "Pelabuhan itu", "PELABUHAN itu", 1),
		"width":    strings.Replace(original, "itu dibuka", "ｉｔｕ dibuka", 1),
		"lines":    strings.ReplaceAll(original, "\n", "\r\n"),
		"quotes":   strings.Replace(original, "itu dibuka", "itu \"dibuka\"", 1),
		"no head":  strings.TrimPrefix(original, "Pelabuhan dibuka\n\n"),
	}
	for name, text := range same {
		if got := parse(t, text, wire.Headers{}).ID; got != id {
			t.Errorf("%s: another id", name)
		}
	}
	other := map[string]string{
		"place": strings.Replace(original, "Tokyo", "Osaka", 1),
		"words": strings.Replace(original, "itu dibuka", "itu ditutup", 1),
	}
	for name, text := range other {
		if got := parse(t, text, wire.Headers{}).ID; got == id {
			t.Errorf("%s: the same id", name)
		}
	}
	s := parse(t, original, wire.Headers{StoryID: " a/b 1 "})
	if s.ID != "a/b 1" || evidence(s, "id").Rule != "header:Kawat-Story-Id" {
		t.Errorf("id %q, %+v", s.ID, evidence(s, "id"))
	}
	zh := func(text string) string { return parse(t, text, wire.Headers{}).ID }
	if zh("渡轮在港口停靠三天后于星期一重新开航并且载客过海去往对岸的城市和村庄") !=
		zh("渡轮在港口停靠三天后于星期一重新开航并且载客过海去往对岸的城市与村庄") {
		t.Error("a typo far into Chinese text makes another story")
	}
}

func TestRefused(t *testing.T) {
	for _, text := range []string{"", " \r\n\t\n", "\ufeff", "\x00\x01", "Editor: Bima\nCopyright © ANTARA 2026", "Tokyo (ANTARA) -", "==Kyodo"} {
		s, err := Parse(&wire.Copy{}, text)
		var refusal *wire.Refusal
		if s != nil || !errors.As(err, &refusal) || refusal.Code != wire.NoText {
			t.Errorf("%q: %+v, %v", text, s, err)
		}
	}
	s, err := Parse(&wire.Copy{Headers: wire.Headers{Signal: wire.Kill, StoryID: "a"}}, "")
	if err != nil || s.ID != "a" || s.Status != wire.Usable {
		t.Errorf("a kill without text: %+v, %v", s, err)
	}
}

func TestParagraphs(t *testing.T) {
	const first = "Tokyo (ANTARA) - Kapal satu tiba."
	tests := []struct {
		name, copy string
		want       []string
	}{
		{"blank lines", first + "\n\nDua.\n\nTiga.", []string{"Kapal satu tiba.", "Dua.", "Tiga."}},
		{"single lines", first + "\nDua.\nTiga.", []string{"Kapal satu tiba.", "Dua.", "Tiga."}},
		{"old Mac", first + "\rDua.\rTiga.", []string{"Kapal satu tiba.", "Dua.", "Tiga."}},
		{"Windows", first + "\r\nDua.\r\n\r\nTiga.", []string{"Kapal satu tiba.", "Dua.", "Tiga."}},
		{"separators", first + "\u2029Dua.\u2028Tiga.", []string{"Kapal satu tiba.", "Dua.", "Tiga."}},
		{"wrapped", "Tokyo (ANTARA) - Kapal pertama yang membawa sensor gempa itu\ntiba di pelabuhan pada Senin siang dan menurunkan muatannya\ndi dermaga utara.\n" +
			"     Kapal kedua menyusul sehari kemudian dengan muatan yang sama\nbanyaknya, kata petugas.\n\nBaca juga: Kapal pertama yang membawa sensor gempa itu tiba juga\nEditor: Bima",
			[]string{"Kapal pertama yang membawa sensor gempa itu tiba di pelabuhan pada Senin siang dan menurunkan muatannya di dermaga utara.",
				"Kapal kedua menyusul sehari kemudian dengan muatan yang sama banyaknya, kata petugas."}},
	}
	for _, tt := range tests {
		s := parse(t, tt.copy, wire.Headers{})
		if diff := cmp.Diff(tt.want, strings.Split(s.Body.Text, "\n\n")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.name, diff)
		}
	}
	s := parse(t, "Tokyo (ANTARA) - A < B & \"C\" > D.\n\nE\u0000\ufffe\xff.", wire.Headers{})
	if want := "<p>A &lt; B &amp; \"C\" &gt; D.</p><p>E\ufffd.</p>"; s.Body.HTML != want {
		t.Errorf("body is %q", s.Body.HTML)
	}
}

func TestLanguage(t *testing.T) {
	const english = "TOKYO (Kyodo) -- The ferry that was built for the port has sailed from it, and it will be back by May."
	const indonesian = "Tokyo (ANTARA) - Feri yang dibuat untuk pelabuhan itu telah berlayar dari sana dan akan kembali pada Mei."
	for _, tt := range []struct{ profile, text, want string }{
		{"", english, "en"}, {"", indonesian, "id"}, {"id", english, "en"}, {"id-ID", indonesian, "id-ID"},
		{"", "Silta suljettiin\n\nTampere (STT). Silta suljettiin maanantaina, kertoo kaupunki, kun korjaukset ovat valmiit ja tarkastus on tehty.", "fi"},
		{"id", "Tokyo (ANTARA) - Niigata 5, Sado 3.", "id"}, {"", "Niigata 5, Sado 3.", "und"}, {"ja", "【東京共同】渡船", "ja"},
	} {
		s, err := Parse(&wire.Copy{Profile: &wire.Profile{Language: tt.profile}}, tt.text)
		if err != nil || s.Language != tt.want {
			t.Errorf("%q, %q: %q, %v", tt.profile, tt.text, s.Language, err)
		}
		if taken := evidence(s, "language").Rule != ""; taken != (tt.want != tt.profile && tt.want != "und") {
			t.Errorf("%q, %q: evidence %+v", tt.profile, tt.text, evidence(s, "language"))
		}
	}
}

func TestCorrection(t *testing.T) {
	s := parse(t, "RALAT: Pelabuhan dibuka\n\nTokyo (ANTARA) - Kapal tiba.", wire.Headers{Headline: "Pelabuhan dibuka"})
	if s.Signal != wire.Correction || evidence(s, "signal").Text != "RALAT" || s.Headline != "Pelabuhan dibuka" {
		t.Errorf("signal %q, evidence %+v", s.Signal, evidence(s, "signal"))
	}
	if s = parse(t, "Koreksi harga berlanjut\n\nTokyo (ANTARA) - Kapal tiba.", wire.Headers{}); s.Signal != wire.NoSignal {
		t.Error("news of a price correction was taken for a correction")
	}
}

func TestVersion(t *testing.T) {
	if s := parse(t, "Kapal tiba.", wire.Headers{}); s.Version != 1 || !s.Received.Unversioned {
		t.Errorf("version %d, unversioned %t", s.Version, s.Received.Unversioned)
	}
	if s := parse(t, "Kapal tiba.", wire.Headers{Version: 3}); s.Received.Unversioned {
		t.Error("unversioned although the headers state a version")
	}
}

// FuzzParse: any text gives a story or a refusal and never both, the same each time, in characters that XML 1.0 allows
// and with a body that is a sequence of paragraphs.
func FuzzParse(f *testing.F) {
	f.Add("Judul\n\nTokyo (ANTARA) - Feri tiba.\n\nSumber: Kyodo\nPenerjemah: A\nEditor: B\nCopyright © ANTARA 2026", "", "")
	f.Add("A-B\nC\r\n\r\nTOKYO, Nov. 23 Kyodo - x\n==Kyodo", "id", "headline")
	f.Add("\xff\x00\ufffe\u2028", "\x00", "\x0b")
	f.Add("渡轮。渡轮", "", "")
	f.Fuzz(func(t *testing.T, text, id, headline string) {
		c := &wire.Copy{Data: []byte(text), Headers: wire.Headers{StoryID: id, Headline: headline}, Profile: &wire.Profile{Name: "desk", Agency: "ANTARA"}}
		s, err := Parse(c, text)
		if (s == nil) == (err == nil) {
			t.Fatalf("story %v, error %v", s, err)
		}
		if err != nil {
			return
		}
		again, err := Parse(c, text)
		if err != nil || !cmp.Equal(s, again) {
			t.Fatal("the same copy gave another story")
		}
		if s.ID == "" || s.Headline == "" || s.Body.Text == "" || s.Language == "" || s.Rights.AI == "" {
			t.Fatalf("a story without what it must have: %+v", s)
		}
		all := s.ID + s.Headline + s.Slugline + s.Summary + s.Byline + s.Body.HTML + s.Body.Text + s.Dateline.Text + s.Rights.Notice + s.Rights.Terms
		for _, c := range s.Attribution.Credits {
			all += c.Name
			for p := range strings.SplitSeq(s.Body.Text, "\n\n") {
				if strings.EqualFold(p, c.Role+": "+c.Name) && strings.HasSuffix(s.Body.Text, p) {
					t.Fatalf("credit %q was left in the text", p)
				}
			}
		}
		for _, e := range s.Evidence {
			all += e.Text
		}
		if !utf8.ValidString(all) {
			t.Fatal("not UTF-8")
		}
		for _, r := range all {
			if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
				t.Fatalf("%U is in the story", r)
			}
		}
		if strings.Count(s.Body.HTML, "<p>") != strings.Count(s.Body.HTML, "</p>") ||
			strings.Count(s.Body.HTML, "<") != 2*strings.Count(s.Body.HTML, "<p>") {
			t.Fatalf("body %q", s.Body.HTML)
		}
		if strings.HasSuffix(s.Body.Text, "==Kyodo") {
			t.Fatal("a sign-off was left in the text")
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var copy strings.Builder
	copy.WriteString("Pelabuhan Niigata dan Vladivostok berbagi data sensor gempa dari feri\n\nTokyo (ANTARA) - ")
	for copy.Len() < 4600 {
		copy.WriteString("Pelabuhan Niigata dan Vladivostok pada Senin sepakat berbagi data dari sensor gempa yang dibawa sebuah kapal feri, kata pejabat Pemerintah Kota Niigata kepada wartawan.\n\nMenurut Tass, hasilnya akan terbit di kedua kota: di Niigata dan di Vladivostok.\n\n")
	}
	copy.WriteString("Sumber: Kyodo\n\nBaca juga: Satu\n\nPenerjemah: Sekar Widuri\nEditor: Bima Langit\nCopyright © ANTARA 2026\n\nDilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini tanpa izin tertulis dari Kantor Berita ANTARA.\n")
	text := copy.String()
	c := &wire.Copy{Data: []byte(text), Profile: &wire.Profile{Name: "antara", Agency: "ANTARA"}}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(c, text); err != nil {
			b.Fatal(err)
		}
	}
}

// However copy is made, the work grows with its length only: a MiB of it is read in a second or so, not in hours.
func TestWorkIsBounded(t *testing.T) {
	const size = 1 << 20
	for _, piece := range []string{"a", ":", "© ", "©. ", "(c)", "Editor: ", "Editor: A ", "Baca juga: ", "Reuters ", "lapor Tass. ", "==", "( ", "\n", "A\n",
		"Copyright © ANTARA 2026 ", "dilarang konten ", " ", "共同", "Tokyo (ANTARA) - ", "Reporting by A; ", "a\u0300", "https://a ", "Baca juga: a\n",
		"Editor: A\n", "Dilarang keras konten ini\n", "Baris yang cukup panjang untuk disebut terpotong oleh lebar\n", "\u00a0", ", ", "A, ", "2026-"} {
		text := strings.Repeat(piece, size/len(piece))
		start := time.Now()
		_, _ = Parse(&wire.Copy{Profile: &wire.Profile{Name: "desk", Agency: "ANTARA"}}, text)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%q: %v", piece, took)
		}
	}
}
