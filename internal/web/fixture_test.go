package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/wire"
)

var site = render.Site{Title: "Kawat Nusantara", BaseURL: "https://wire.example"}

// now is the time at which every test begins.
var now = at("2026-11-23T04:00:00Z")

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// shelf is Feeds and Stories out of maps.
type shelf struct {
	order     []string
	snapshots map[string]*feed.Snapshot
	stories   map[string]*feed.Entry
	renderer  *render.Renderer
	down      bool // the store of stories
	loading   bool
}

func (s *shelf) Snapshot(name string) *feed.Snapshot { return s.snapshots[name] }

func (s *shelf) Snapshots() []*feed.Snapshot {
	var all []*feed.Snapshot
	for _, name := range s.order {
		all = append(all, s.snapshots[name])
	}
	return all
}

func (s *shelf) Loaded() bool { return !s.loading }

func (s *shelf) Story(_ context.Context, token string) (*feed.Entry, error) {
	if s.down {
		return nil, errors.New("connection refused")
	}
	return s.stories[token], nil
}

func (s *shelf) add(t testing.TB, name, title, language string, entries ...*feed.Entry) {
	t.Helper()
	v := &feed.View{Def: feed.Def{Name: name, Title: title, Language: language, Size: 50}}
	for _, e := range entries {
		s.stories[e.Key().Token()] = e
		if e.Visible(now) {
			v.Entries = append(v.Entries, e)
			if e.Updated().After(v.Updated) {
				v.Updated = e.Updated()
			}
		}
	}
	if s.renderer == nil {
		s.renderer = render.New(site)
	}
	snapshot, err := s.renderer.Snapshot(v)
	if err != nil {
		t.Fatal(err)
	}
	s.order = append(s.order, name)
	s.snapshots[name] = snapshot
}

func entry(s *wire.Story, recorded string) *feed.Entry {
	return &feed.Entry{Record: wire.Record{Story: s, Sequence: 1, Recorded: at(recorded)}, First: at(recorded)}
}

func indonesian() *feed.Entry {
	e := entry(&wire.Story{
		ID: "urn:newsml:antaranews.com:20261123:4410021", Provider: "antara", Version: 2, Status: wire.Usable,
		Signal: wire.Correction, Urgency: 3, Language: "id", Genre: "Berita",
		Headline: "Jepang dan Rusia lanjutkan perundingan soal pasokan gas alam dari Sakhalin",
		Summary:  "Kedua negara sepakat bertemu lagi bulan depan untuk membahas harga dan jadwal pengiriman.",
		Dateline: wire.Dateline{Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"},
		Body: wire.Body{HTML: "<p>Pemerintah Jepang pada Senin menyatakan bahwa perundingan dengan Rusia mengenai pasokan " +
			"gas alam cair tetap berlanjut meskipun kedua pihak belum menyepakati harga untuk tahun depan.</p>" +
			"<p>“Pembicaraan berlangsung terbuka,” kata seorang pejabat kementerian yang mengetahui perundingan itu.</p>" +
			"<p>Menurut Tass, Moskow menyambut baik pertemuan tersebut dan menawarkan jadwal pengiriman yang baru.</p>"},
		Subjects: []wire.Subject{{Code: "medtop:11000000", Name: "politik"}, {Name: "energi"}},
		Keywords: []string{"gas alam"}, Note: "Memperbaiki nama menteri di paragraf kedua.",
		Attribution: wire.Attribution{
			Sources: []wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "TASS", Role: wire.Cited}},
			Credits: []wire.Credit{{Name: "Hanako Yamada", Role: wire.Reporter}, {Name: "Katriana", Role: wire.Translator},
				{Name: "Agus Salim", Role: wire.Editor}},
			CreditLine: "ANTARA/Kyodo",
		},
		Translation: &wire.Translation{Of: "https://english.kyodonews.example/gas", From: "en", To: "id", Method: "human"},
		Rights: wire.Rights{
			Holder: "ANTARA", Year: 2026, Notice: "Copyright © ANTARA 2026", AI: wire.AIReserved,
			Terms: "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web " +
				"ini tanpa izin tertulis dari Kantor Berita ANTARA.",
			Policy: "https://antara.example/ketentuan",
		},
		Related: []wire.Link{{Title: "Harga gas dunia naik", URL: "https://antara.example/harga"}, {Title: "Profil Sakhalin"}},
		Media:   []wire.Media{{URL: "https://antara.example/gas.jpg", Type: "image/jpeg", Caption: "Kapal pengangkut gas", Credit: "Kyodo"}},
	}, "2026-11-23T02:15:00Z")
	e.First = at("2026-11-23T01:05:00Z")
	return e
}

func english() *feed.Entry {
	return entry(&wire.Story{
		ID: "20261123-0007", Provider: "kyodo", Version: 1, Status: wire.Usable, Language: "en",
		Headline: "Saitama wins the Emperor's Cup", Byline: "Ken Mori",
		Dateline: wire.Dateline{Text: "SAITAMA, Japan, Nov. 23 Kyodo"},
		Body:     wire.Body{HTML: "<p>Saitama won the final 2-1 on Monday.</p>", Text: "Saitama won the final 2-1 on Monday."},
		Rights:   wire.Rights{Holder: "Kyodo News", AI: wire.AIUnspecified},
	}, "2026-11-23T02:00:00Z")
}

func arabic() *feed.Entry {
	return entry(&wire.Story{
		ID: "ar-1", Provider: "wafa", Version: 1, Status: wire.Usable, Language: "ar", Headline: "محادثات حول الغاز",
		Body:        wire.Body{HTML: "<p>أعلنت الحكومة استمرار المحادثات.</p>"},
		Attribution: wire.Attribution{Credits: []wire.Credit{{Name: "سلمى", Role: wire.Editor}}},
	}, "2026-11-23T01:00:00Z")
}

func killed() *feed.Entry {
	return entry(&wire.Story{
		ID: "k-1", Provider: "antara", Version: 3, Status: wire.Canceled, Signal: wire.Kill, Language: "id",
		Headline: "Rahasiajudul", Summary: "Rahasiaringkas", Byline: "Rahasianama", Slugline: "Rahasiaslug", Note: "Rahasiacatatan",
		Body:     wire.Body{HTML: "<p>Rahasiaisi</p>", Text: "Rahasiaisi"},
		Dateline: wire.Dateline{Text: "Rahasiatempat"}, Keywords: []string{"Rahasiakunci"},
		Attribution: wire.Attribution{Credits: []wire.Credit{{Name: "Rahasiaorang", Role: wire.Editor}}, CreditLine: "Rahasiakredit"},
		Rights:      wire.Rights{Holder: "Rahasiapemegang", Terms: "Rahasiaketentuan", AI: wire.AIReserved, Policy: "https://rahasia.example/"},
		Media:       []wire.Media{{URL: "https://rahasia.example/a.jpg", Type: "image/jpeg"}},
		Related:     []wire.Link{{Title: "Rahasiaterkait", URL: "https://rahasia.example/b"}},
	}, "2026-11-23T03:00:00Z")
}

func withheld() *feed.Entry {
	e := killed()
	e.Story.ID, e.Story.Status, e.Story.Language = "k-2", wire.Withheld, "en"
	return e
}

func embargoed() *feed.Entry {
	e := english()
	until := now.Add(time.Hour)
	e.Story.ID, e.Story.Headline, e.Story.Embargo = "e-1", "Embargoedheadline", &until
	return e
}

func expired() *feed.Entry {
	e := english()
	end := now
	e.Story.ID, e.Story.Expires = "x-1", &end
	return e
}

// newsroom is a site with a translated story, an English one, an Arabic one, killed, withheld, embargoed and expired
// ones; and a feed that never held a story.
func newsroom(t testing.TB) *shelf {
	s := &shelf{snapshots: map[string]*feed.Snapshot{}, stories: map[string]*feed.Entry{}}
	s.add(t, "dunia", "Dunia", "id", killed(), withheld(), indonesian(), embargoed(), expired())
	s.add(t, "world.sport", "World sport", "", english(), arabic())
	s.add(t, "kosong", "Kosong", "id")
	return s
}

func handler(s *shelf, clock time.Time) http.Handler {
	return New(Config{
		Site: site, Feeds: s, Stories: s, Now: func() time.Time { return clock }, Log: slog.New(slog.DiscardHandler),
	})
}

// get asks for a path; header are names and values in turn.
func get(h http.Handler, method, path string, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// document is a feed's document: its entity tag and its bytes.
func document(t testing.TB, s *shelf, name string, f feed.Format, c feed.Coding) (etag string, body []byte) {
	t.Helper()
	d, err := s.snapshots[name].Document(f, c)
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.Body()
	if err != nil {
		t.Fatal(err)
	}
	return d.ETag, slices.Concat(b.Pieces...)
}
