package webfeed

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// TestAuthors: everybody whom an entry names is credited, whichever elements name them, and a draft is shown to nobody.
func TestAuthors(t *testing.T) {
	const head, tail = `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:app="http://www.w3.org/2007/app"><channel><title>F</title><language>en</language>` +
		`<item><title>Ferry returns</title><guid>g1</guid><description>A ferry returned to the port on Monday.</description>`, `</item></channel></rss>`
	for _, tt := range []struct {
		in     string
		want   []string
		status wire.Status
	}{
		{`<dc:creator>Jane Doe</dc:creator><dc:creator>Kim Lee</dc:creator>`, []string{"Jane Doe", "Kim Lee"}, ""},
		{`<author>desk@example.org (John Smith)</author><dc:creator>Jane Doe</dc:creator><dc:creator>John Smith</dc:creator>`, []string{"John Smith", "Jane Doe"}, ""},
		{`<dc:creator>Jane Doe, Kim Lee and Tom Brown</dc:creator>`, []string{"Jane Doe", "Kim Lee", "Tom Brown"}, ""},
		{`<dc:creator>Desk of the Islands</dc:creator><app:control><app:draft>yes</app:draft></app:control>`, []string{"Desk of the Islands"}, wire.Withheld},
		{`<app:control><app:draft>no</app:draft></app:control>`, nil, ""},
	} {
		stories, refusals := Parse(&wire.Copy{Profile: &wire.Profile{Name: "x"}}, []byte(head+tt.in+tail))
		if len(stories) != 1 {
			t.Fatalf("%s: %d stories, %v", tt.in, len(stories), refusals)
		}
		var got []string
		for _, c := range stories[0].Attribution.Credits {
			got = append(got, c.Name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || stories[0].Status != tt.status {
			t.Errorf("%s: status %q, credits (-want +got)\n%s", tt.in, stories[0].Status, diff)
		}
	}
}

// TestAuthorWithARole: somebody whom the feed's element names and the text credits is credited once, as the text has it, and
// the evidence points at whom it is of.
func TestAuthorWithARole(t *testing.T) {
	const head, tail = `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>F</title><language>id</language>` +
		`<item><title>Feri kembali</title><guid>g1</guid>`, `</item></channel></rss>`
	const text = `<description>&lt;p&gt;Feri itu kembali ke pelabuhan pada Senin.&lt;/p&gt;&lt;p&gt;Penerjemah: Sekar Widuri&lt;br&gt;Editor: Bima Langit&lt;/p&gt;</description>`
	translator, editor := wire.Credit{Name: "Sekar Widuri", Role: wire.Translator}, wire.Credit{Name: "Bima Langit", Role: wire.Editor}
	for _, tt := range []struct {
		in   string
		want []wire.Credit
	}{
		{`<dc:creator>Sekar Widuri</dc:creator>` + text, []wire.Credit{translator, editor}},
		{`<dc:creator>SEKAR WIDURI</dc:creator><dc:creator>Mio Arakawa</dc:creator>` + text, []wire.Credit{{Name: "Mio Arakawa", Role: wire.Reporter}, translator, editor}},
		{`<dc:creator>Bima Langit</dc:creator>` + strings.Replace(text, "Editor:", "Pewarta/Editor:", 1), []wire.Credit{translator, {Name: "Bima Langit", Role: wire.Reporter}, editor}},
	} {
		stories, refusals := Parse(&wire.Copy{Profile: &wire.Profile{Name: "x"}}, []byte(head+tt.in+tail))
		if len(stories) != 1 {
			t.Fatalf("%s: %d stories, %v", tt.in, len(stories), refusals)
		}
		s := stories[0]
		if diff := cmp.Diff(tt.want, s.Attribution.Credits, cmp.Transformer("", func(c wire.Credit) string { return c.Role + " " + c.Name })); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.in, diff)
		}
		for i, c := range s.Attribution.Credits {
			for _, ev := range s.Evidence {
				if ev.Field == "attribution.credits["+strconv.Itoa(i)+"]" && !strings.Contains(ev.Text, c.Name) {
					t.Errorf("%s: %+v for %+v", tt.in, ev, c)
				}
			}
		}
	}
}
