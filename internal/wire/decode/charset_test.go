package decode

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"kawat/internal/wire"
)

// TestCharsetEvidence holds that the record says where a statement about the charset was not believed.
func TestCharsetEvidence(t *testing.T) {
	const russian = "НАХОДКА, 23 ноября. Паром прибыл раньше расписания.\n\nПассажиры не пострадали."
	xml := func(label string) string {
		return `<?xml version="1.0" encoding="` + label + `"?>` + strings.Replace(nitfCopy, "The ferry was early.", "Le bac était arrivé à Sète.", 1)
	}
	cyrillic, err := charmap.Windows1251.NewEncoder().String(russian)
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.Windows1252.NewEncoder().String(xml("UTF-8"))
	if err != nil {
		t.Fatal(err)
	}
	shifted, err := japanese.ShiftJIS.NewEncoder().String("新潟で会見\n\n【新潟共同】市長が会見した。")
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(xml("UTF-16"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, data, contentType, charset, evidence, text string
	}{
		{"nothing said", cyrillic, "", "", "detected:windows-1251 ", "Паром прибыл"},
		{"said rightly", cyrillic, "text/plain; charset=windows-1251", "", "", "Паром прибыл"},
		{"said wrongly", cyrillic, "text/plain; charset=koi8-r", "", "detected:windows-1251 koi8-r", "Паром прибыл"},
		{"profile right", cyrillic, "text/plain", "windows-1251", "", "Паром прибыл"},
		{"profile right, message wrong", shifted, "text/plain; charset=utf-8", "shift_jis", "detected:shift_jis utf-8", "市長が会見した"},
		{"Latin-1 called UTF-8", latin, "", "", "detected:windows-1252 UTF-8", "était arrivé"},
		{"UTF-8 called Latin-1", xml("ISO-8859-1"), "", "", "detected:utf-8 ISO-8859-1", "était arrivé"},
		{"UTF-16 without a mark", wide, "", "", "", "était arrivé"},
		{"garbled before it came", strings.ReplaceAll(nitfCopy, "early", "dÃ©jÃ\u00a0 lÃ\u00a0"), "", "", "suspect:mojibake dÃ©jÃ", "dÃ©jÃ"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := Profile("desk")
			p.Charset = tt.charset
			s := only(t, &wire.Copy{Data: []byte(tt.data), ContentType: tt.contentType, Profile: p})
			got := ""
			for _, e := range s.Evidence {
				if e.Field == "charset" {
					got += e.Rule + " " + e.Text
				}
			}
			if got != tt.evidence || !strings.Contains(s.Body.Text, tt.text) {
				t.Errorf("evidence %q, want %q, text %q", got, tt.evidence, s.Body.Text)
			}
		})
	}
}
