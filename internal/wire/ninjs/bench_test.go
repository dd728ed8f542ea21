package ninjs_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/ninjs"
)

// sixKilobytes is a story as agencies send it, its text in both ways.
func sixKilobytes(b *testing.B) []byte {
	var html strings.Builder
	html.WriteString("<p>Niigata (ANTARA) — Sebuah feri dengan 312 orang kembali ke pelabuhan setelah alarm berbunyi, kata penjaga pantai.</p>")
	for i := 0; html.Len() < 4900; i++ {
		fmt.Fprintf(&html, "<p>Penumpang dari dek %d turun dengan tertib, dan petugas memeriksa ruang mesin sampai malam, kata juru bicara pelabuhan kepada wartawan.</p>", i)
	}
	html.WriteString("<p>Pewarta: Dewi Lestari</p><p>Editor: Agus Salim</p>")
	data, err := json.Marshal(map[string]any{
		"uri": "urn:newsml:desk.example:20261123:441", "type": "text", "version": "2", "versionCreated": "2026-11-23T09:10:00+07:00", "pubStatus": "usable",
		"urgency": 4, "language": "id", "headlines": []any{map[string]any{"role": "main", "value": "Feri kembali ke pelabuhan"}}, "slugline": "JEPANG-FERI",
		"bodies":   []any{map[string]any{"role": "main", "contentType": "text/html", "value": html.String()}},
		"subjects": []any{map[string]any{"uri": "http://cv.iptc.org/newscodes/mediatopic/20000139", "name": "kecelakaan"}, map[string]any{"name": "transportasi", "rel": "about"}},
		"places":   []any{map[string]any{"name": "Niigata"}}, "copyrightHolder": "Desk", "copyrightNotice": "Copyright © Desk 2026", "usageTerms": "Hanya untuk pelanggan.",
		"by": "Dewi Lestari", "infoSources": []any{map[string]any{"name": "Kyodo", "role": "http://cv.iptc.org/newscodes/contentprodpartyrole/origcont"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return data
}

func BenchmarkParse(b *testing.B) {
	data := sixKilobytes(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if stories, _ := ninjs.Parse(&wire.Copy{Data: data, Profile: desk}, data); len(stories) != 1 {
			b.Fatal("no story")
		}
	}
}

// BenchmarkUnmarshal is the yardstick: the standard library reads the same into a plain struct, and nothing more.
func BenchmarkUnmarshal(b *testing.B) {
	type named struct{ Name, URI, Rel, Role string }
	type text struct{ Role, ContentType, Value string }
	data := sixKilobytes(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		var item struct {
			URI, Type, Version, VersionCreated, PubStatus, Language, Slugline, CopyrightHolder, CopyrightNotice, UsageTerms, By string
			Urgency                                                                                                             int
			Headlines, Bodies, Descriptions                                                                                     []text
			Subjects, Places, InfoSources                                                                                       []named
		}
		if err := json.Unmarshal(data, &item); err != nil || item.Bodies[0].Value == "" {
			b.Fatal("no story")
		}
	}
}
