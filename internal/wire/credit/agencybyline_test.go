package credit

import (
	"slices"
	"strings"
	"testing"

	"kawat/internal/wire"
)

// TestAgencyByline: the reporter in Kyodo's brackets is credited, and the brackets are no text; but not an agency, nor whose
// a picture is.
func TestAgencyByline(t *testing.T) {
	const first, second = "新潟市は5日、フェリーの運航を再開すると発表した。", "市によると、地震の影響はない。"
	for _, tt := range []struct {
		in   []string
		who  string
		text string
	}{
		{[]string{"（共同＝山田太郎）", first, second}, "山田太郎", first + "|" + second},
		{[]string{"（共同＝山田太郎）" + first, second}, "山田太郎", first + "|" + second},
		{[]string{first, second + "（共同＝山田太郎）"}, "山田太郎", first + "|" + second},
		{[]string{first + "（共同＝山田太郎）", second}, "山田太郎", first + "|" + second},
		{[]string{first, second, "（共同＝山田太郎、佐藤花子）"}, "山田太郎|佐藤花子", first + "|" + second},
		{[]string{first, second, "(共同=山田太郎記者)"}, "山田太郎", first + "|" + second},
		{[]string{first, second + "（ワシントン共同＝山田太郎）"}, "山田太郎", first + "|" + second},
		{[]string{"（ワシントン共同＝山田太郎）" + first, second}, "山田太郎", first + "|" + second},
		{[]string{"【ワシントン共同＝山田太郎】" + first, second}, "山田太郎", first + "|" + second},
		{[]string{first, second + "（共同＝代表撮影）"}, "", first + "|" + second + "（共同＝代表撮影）"},
		{[]string{first, second + "（市長＝山田太郎）"}, "", first + "|" + second + "（市長＝山田太郎）"},
		{[]string{first, second + "（共同＝2月5日）"}, "", first + "|" + second + "（共同＝2月5日）"},
		{[]string{first, "市長（共同＝山田太郎）は述べた。"}, "", first + "|" + "市長（共同＝山田太郎）は述べた。"},
	} {
		s := &wire.Story{Language: "ja"}
		rest := strings.Join(Extract(s, tt.in, &wire.Profile{Agency: "Kyodo"}), "|")
		var who []string
		for i, c := range s.Attribution.Credits {
			who = append(who, c.Name)
			if c.Role != wire.Reporter || !slices.ContainsFunc(s.Evidence, func(e wire.Evidence) bool {
				return e.Field == element("attribution.credits", i) && strings.Contains(e.Text, c.Name)
			}) {
				t.Errorf("%q: %+v, %+v", tt.in, c, s.Evidence)
			}
		}
		if got := strings.Join(who, "|"); got != tt.who || rest != tt.text {
			t.Errorf("%q: credits %q, text %q, dateline %+v", tt.in, got, rest, s.Dateline)
		}
	}
	if s := new(wire.Story); len(Extract(s, []string{"(도쿄 교도=연합뉴스) 니가타시는 5일 발표했다."}, nil)) != 1 || len(s.Attribution.Credits) != 0 {
		t.Errorf("an agency is credited as a person: %+v", s.Attribution)
	}
}
