package dates_test

import (
	"strings"
	"testing"
	"time"

	"kawat/internal/wire/dates"
)

func TestParse(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for _, tt := range []struct{ in, want string }{
		{"20190723T202119+0900", "2019-07-23T11:21:19Z"},
		{"20190723T202119Z", "2019-07-23T20:21:19Z"},
		{"20190723T202119", "2019-07-23T11:21:19Z"},
		{"20190723T202119.250-0330", "2019-07-23T23:51:19.25Z"},
		{"20190723T2021+0900", "2019-07-23T11:21:00Z"},
		{"2019-07-23T20:21:19+09:00", "2019-07-23T11:21:19Z"},
		{"2019-07-23T20:21:19+0900", "2019-07-23T11:21:19Z"},
		{" 2019-07-23T20:21:19 ", "2019-07-23T11:21:19Z"},
		{"2019-07-23 20:21:19", "2019-07-23T11:21:19Z"},
		{"20190723", "2019-07-22T15:00:00Z"},
		{"2019-07-23", "2019-07-22T15:00:00Z"},
		{"", ""}, {"yesterday", ""}, {"20190732", ""}, {"00000101T000000", ""}, {"99991231T235959-0100", ""}, {strings.Repeat("2", 50), ""},
	} {
		got, ok := dates.Parse(tt.in, tokyo)
		if ok != (tt.want != "") || ok && got.Format(time.RFC3339Nano) != tt.want {
			t.Errorf("Parse(%q) = %v, %t; want %s", tt.in, got, ok, tt.want)
		}
	}
	if got, _ := dates.Parse("20190723T202119", nil); got.Hour() != 20 {
		t.Errorf("without a zone it is %v", got)
	}
}
