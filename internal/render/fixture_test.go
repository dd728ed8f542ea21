package render

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

var site = Site{Title: "Kawat Nusantara", BaseURL: "https://wire.example"}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

func entry(s *wire.Story, sequence uint64, first, recorded string) *feed.Entry {
	return &feed.Entry{
		Record: wire.Record{Story: s, Sequence: sequence, Recorded: at(recorded)},
		First:  at(first),
	}
}

// translated is a Kyodo story that ANTARA put into Indonesian: every part of the record that a feed shows is there.
func translated() *feed.Entry {
	return entry(&wire.Story{
		ID: "urn:newsml:antaranews.com:20261123:4410021", Provider: "antara", Version: 2,
		Status: wire.Usable, Signal: wire.Correction, Urgency: 3, Language: "id",
		Headline: "Jepang & Rusia lanjutkan perundingan soal \"gas alam\"",
		Slugline: "JEPANG-RUSIA-GAS", Byline: "Oleh Dewi Lestari",
		Dateline: wire.Dateline{Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"},
		Body: wire.Body{
			HTML: "<p>Pemerintah Jepang pada Senin menyatakan perundingan &amp; pembelian gas berlanjut.</p>" +
				"<p>Menurut Tass, <strong>Moskow</strong> menyambut baik.</p>",
			Text: "Pemerintah Jepang pada Senin menyatakan perundingan & pembelian gas berlanjut.\n\n" +
				"Menurut Tass, Moskow menyambut baik.",
		},
		Created: at("2026-11-23T01:00:00Z"), Revised: at("2026-11-23T02:10:00Z"),
		Subjects: []wire.Subject{{Code: "medtop:11000000", Name: "politik"}, {Name: "energi"}},
		Places:   []string{"Tokyo", "Moskow"}, Keywords: []string{"gas alam", "Sakhalin"}, Genre: "Berita",
		Note: "Memperbaiki nama menteri di paragraf kedua.",
		Attribution: wire.Attribution{
			Sources: []wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "TASS", Role: wire.Cited}},
			Credits: []wire.Credit{
				{Name: "Hanako Yamada", Role: wire.Reporter}, {Name: "Katriana", Role: wire.Translator},
				{Name: "Agus Salim", Role: wire.Editor}, {Name: "Rina", Role: wire.Uploader},
			},
			CreditLine: "ANTARA/Kyodo",
		},
		Translation: &wire.Translation{
			Of: "https://english.kyodonews.example/20261123-gas", From: "en", To: "id", Method: "human",
		},
		Rights: wire.Rights{
			Holder: "ANTARA", Year: 2026, Notice: "Copyright © ANTARA 2026",
			Terms: "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI.",
			AI:    wire.AIReserved, Policy: "https://antara.example/ketentuan",
			Territories: wire.Territories{Deny: []string{"XK"}},
		},
		Related: []wire.Link{
			{Title: "Harga gas naik", URL: "https://antara.example/harga-gas"}, {Title: "Profil Sakhalin"},
		},
		Media: []wire.Media{
			{URL: "https://antara.example/gas.jpg", Type: "image/jpeg", Credit: "Kyodo", Caption: "Kapal gas", Length: 48211},
			{URL: "https://antara.example/peta.png", Type: "image/png"},
		},
	}, 41, "2026-11-23T01:05:00Z", "2026-11-23T02:15:30.125Z")
}

func english() *feed.Entry {
	return entry(&wire.Story{
		ID: "20261123-0007", Provider: "kyodo", Version: 1, Status: wire.Usable, Urgency: 4, Language: "en",
		Headline: "Saitama <wins> Emperor's Cup", Byline: "By Ken Mori",
		Dateline: wire.Dateline{Text: "SAITAMA, Japan, Nov. 23 Kyodo", Place: "SAITAMA", Agency: "Kyodo", Date: "Nov. 23"},
		Body: wire.Body{
			HTML: "<p>Saitama won the final 2-1 on Monday.</p>",
			Text: "Saitama won the final 2-1 on Monday.",
		},
		Summary:     "Saitama beat Osaka 2-1.",
		Attribution: wire.Attribution{Sources: []wire.Source{{Name: "Kyodo", Role: wire.Origin}}},
		Rights:      wire.Rights{Holder: "Kyodo News", AI: wire.AIUnspecified},
	}, 40, "2026-11-23T02:00:00Z", "2026-11-23T02:00:00Z")
}

func japanese() *feed.Entry {
	return entry(&wire.Story{
		ID: "tag:kyodo.example,2026:jp/88", Provider: "kyodo", Version: 1, Status: wire.Usable, Language: "ja",
		Headline: "ガス協議を継続", Dateline: wire.Dateline{Text: "【東京共同】", Place: "東京", Agency: "共同"},
		Body:   wire.Body{HTML: "<p>政府は月曜日、協議を続けると発表した。</p>", Text: "政府は月曜日、協議を続けると発表した。"},
		Rights: wire.Rights{Holder: "共同通信", Notice: "無断転載禁止", AI: wire.AIReserved, Policy: "https://kyodo.example/ai"},
	}, 39, "2026-11-23T01:50:00Z", "2026-11-23T01:50:00Z")
}

// killed still holds every word that must not be shown, as the version that was killed did.
func killed() *feed.Entry {
	e := entry(&wire.Story{
		ID: "urn:newsml:antaranews.com:20261122:4400001", Provider: "antara", Version: 3, Status: wire.Canceled,
		Signal: wire.Kill, Urgency: 1, Language: "id", Headline: "Rahasiajudul", Slugline: "Rahasiaslug",
		Byline: "Rahasiabyline", Summary: "Rahasiaringkas", Genre: "Rahasiagenre", Note: "Rahasiacatatan",
		Dateline:    wire.Dateline{Text: "Rahasiadateline", Place: "Rahasiatempat", Agency: "Rahasiaagen", Date: "Rahasiatanggal"},
		Body:        wire.Body{HTML: "<p>Rahasiaisi</p>", Text: "Rahasiaisi"},
		Subjects:    []wire.Subject{{Code: "medtop:Rahasiakode", Name: "Rahasiatopik"}},
		Places:      []string{"Rahasialokasi"},
		Keywords:    []string{"Rahasiakunci"},
		Attribution: wire.Attribution{Sources: []wire.Source{{Name: "Rahasiasumber", Role: wire.Origin}}, Credits: []wire.Credit{{Name: "Rahasianama", Role: wire.Editor}}, CreditLine: "Rahasiakredit"},
		Translation: &wire.Translation{Of: "https://rahasiaasal.example/", From: "en", To: "id"},
		Rights:      wire.Rights{Holder: "Rahasiapemegang", Notice: "Rahasianotis", Terms: "Rahasiaketentuan", AI: wire.AIReserved, Policy: "https://rahasiakebijakan.example/"},
		Related:     []wire.Link{{Title: "Rahasiaterkait", URL: "https://rahasiaterkait.example/"}},
		Media:       []wire.Media{{URL: "https://rahasiagambar.example/a.jpg", Type: "image/jpeg", Length: 5, Caption: "Rahasiaketerangan"}},
	}, 42, "2026-11-22T23:00:00Z", "2026-11-23T03:00:00Z")
	return e
}

func view(entries ...*feed.Entry) *feed.View {
	v := &feed.View{
		Def:     feed.Def{Name: "dunia", Title: "Dunia", Language: "id", Size: feed.DefaultSize},
		Entries: entries,
	}
	for _, e := range entries {
		if e.Updated().After(v.Updated) {
			v.Updated = e.Updated()
		}
	}
	return v
}

func fixedView() *feed.View { return view(killed(), translated(), english(), japanese()) }

// document is a snapshot's document, whose body is there whenever it is asked for.
func document(t testing.TB, s *feed.Snapshot, f feed.Format, c feed.Coding) (d *feed.Document, body []byte) {
	t.Helper()
	d, err := s.Document(f, c)
	if err != nil || d == nil {
		t.Fatalf("no %s in %s: %v", f, c, err)
	}
	return d, bodyOfDocument(t, d)
}

func bodyOfDocument(t testing.TB, d *feed.Document) []byte {
	t.Helper()
	b, err := d.Body()
	if err != nil {
		t.Fatal(err)
	}
	body := slices.Concat(b.Pieces...)
	if len(b.Length) != 1 || b.Length[0] != strconv.Itoa(len(body)) {
		t.Fatalf("%d bytes under the length %q", len(body), b.Length)
	}
	return body
}

// plain are the plain bytes of a snapshot in a format.
func plain(t testing.TB, s *feed.Snapshot, f feed.Format) []byte {
	t.Helper()
	_, body := document(t, s, f, feed.Identity)
	return body
}

func etag(t testing.TB, s *feed.Snapshot, f feed.Format) string {
	t.Helper()
	d, _ := document(t, s, f, feed.Identity)
	return d.ETag
}
