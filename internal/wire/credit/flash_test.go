package credit

import "testing"

func TestFlash(t *testing.T) {
	for _, tt := range []struct{ headline, slugline, genre, want string }{
		{"FLASH: Ferry sinks", "", "", "FLASH"},
		{"Alert - Ferry sinks", "", "", "Alert"},
		{"BREAKING NEWS | Ferry sinks", "", "", "BREAKING NEWS"},
		{"URGENT Ferry sinks off Java", "", "", "URGENT"},
		{"*** BULLETIN *** FERRY SINKS", "", "", "BULLETIN"},
		{"URGENT-Ferry sinks", "", "", "URGENT"},
		{"EILMELDUNG: Fähre gesunken", "", "", "EILMELDUNG"},
		{"ALERTE - Un ferry coule", "", "", "ALERTE"},
		{"URGENTE.- Naufraga un ferri", "", "", "URGENTE"},
		{"【速報】フェリー沈没", "", "", "速報"},
		{"速報　フェリー沈没", "", "", "速報"},
		{"快讯：渡轮沉没", "", "", "快讯"},
		{"[속보] 여객선 침몰", "", "", "속보"},
		{"عاجل: غرق عبارة", "", "", "عاجل"},
		{"عاجل.. غرق عبارة", "", "", "عاجل"},
		{"МОЛНИЯ: Паром затонул", "", "", "МОЛНИЯ"},
		{"KILAT: Feri karam", "", "", "KILAT"},
		{"ด่วน: เรือล่ม", "", "", "ด่วน"},
		{"Ferry sinks", "BC-Ferry, URGENT", "", "URGENT"},
		{"Ferry sinks", "BC-APNewsAlert", "", "APNewsAlert"},
		{"Ferry sinks", "", "Flash", "Flash"},
		{"Ferry sinks", "", "afprole:urgent", "afprole:urgent"},
		// News.
		{"Flash floods hit the port", "", "", ""},
		{"FLASH FLOODS HIT THE PORT", "", "", ""},
		{"FLASH-FLOOD WARNING FOR THE COAST", "", "", ""},
		{"Flash-flood warning for the coast", "", "", ""},
		{"Urgent repairs close the bridge", "", "", ""},
		{"Alert captain saves ferry", "", "", ""},
		{"Breaking records: a swimmer's year", "", "", ""},
		{"Ferry sinks", "FLASH-FLOOD", "", ""},
		{"Ferry sinks", "USA-ALERTS", "feature", ""},
		{"速報性を問う裁判", "", "", ""},
		{"突发事件应对法实施", "", "", ""},
		{"긴급조치 피해자 배상", "", "", ""},
		{"FLASH", "", "", ""}, // of what?
		{"", "", "", ""},
	} {
		if got := Flash(tt.headline, tt.slugline, tt.genre); got != tt.want {
			t.Errorf("%q, %q, %q: %q, want %q", tt.headline, tt.slugline, tt.genre, got, tt.want)
		}
	}
}
