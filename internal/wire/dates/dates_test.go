package dates_test

import (
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
)

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestParse(t *testing.T) {
	tokyo := location(t, "Asia/Tokyo")
	for _, tt := range []struct{ in, want string }{
		// ISO 8601, basic and extended, and what is written like it.
		{"20190723T202119+0900", "2019-07-23T11:21:19Z"},
		{"20190723T202119Z", "2019-07-23T20:21:19Z"},
		{"20190723T202119", "2019-07-23T11:21:19Z"},
		{"20190121T102708", "2019-01-21T01:27:08Z"},
		{"20190723T202119.250-0330", "2019-07-23T23:51:19.25Z"},
		{"20190723T2021+0900", "2019-07-23T11:21:00Z"},
		{"20190723T2021", "2019-07-23T11:21:00Z"},
		{"20190723 202119", "2019-07-23T11:21:19Z"},
		{"20190723202119", "2019-07-23T11:21:19Z"},
		{"201907232021", "2019-07-23T11:21:00Z"},
		{"2019-07-23T20:21:19+09:00", "2019-07-23T11:21:19Z"},
		{"2019-07-23T20:21:19+0900", "2019-07-23T11:21:19Z"},
		{"2019-07-23T20:21:19+09", "2019-07-23T11:21:19Z"},
		{"2019-07-23T20:21+09:00", "2019-07-23T11:21:00Z"},
		{"2019-07-23t20:21:19z", "2019-07-23T20:21:19Z"},
		{"2019-07-23T20:21:19,5Z", "2019-07-23T20:21:19.5Z"},
		{"2019-07-23T20:21:19.123456789123Z", "2019-07-23T20:21:19.123456789Z"},
		{" 2019-07-23T20:21:19 ", "2019-07-23T11:21:19Z"},
		{"2019-07-23 20:21:19", "2019-07-23T11:21:19Z"},
		{"2022-07-11 18:33", "2022-07-11T09:33:00Z"},
		{"2022/07/11 18:33", "2022-07-11T09:33:00Z"},
		{"2022.07.11 18:33", "2022-07-11T09:33:00Z"},
		{"2019-07-23 20:21:19 GMT", "2019-07-23T20:21:19Z"},
		{"2019-07-23 20:21:19 +0000 UTC", ""},
		{"2019-07-23 20:21 UTC+7", "2019-07-23T13:21:00Z"},
		{"20190723", "2019-07-22T15:00:00Z"},
		{"2019-07-23", "2019-07-22T15:00:00Z"},
		{"2019-07-23Z", "2019-07-23T00:00:00Z"},
		{"2019-07-23-05:00", "2019-07-23T05:00:00Z"},
		{"2020-02-29T24:00:00Z", "2020-03-01T00:00:00Z"},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
		{"2017-01-01T08:59:60.9+09:00", "2017-01-01T00:00:00Z"},
		// Trailers of ANPA 1312 and IPTC 7901.
		{"KWS-21:37-09-12-18", "2018-12-09T12:37:00Z"},
		{"21:37-09-12-18", "2018-12-09T12:37:00Z"},
		{"AP-WF-12-09-18 2137GMT", "2018-12-09T21:37:00Z"},
		{"AP-NY-12-09-18 0737EST", "2018-12-09T12:37:00Z"},
		{"AP-NY-12-09-18 0737", "2018-12-08T22:37:00Z"},
		{"131137 GMT Nov 13", "2013-11-13T11:37:00Z"},
		{"101137 GMT Dez 18", "2018-12-10T11:37:00Z"},
		{"101137 MESZ Jul 18", "2018-07-10T09:37:00Z"},
		{"101137 Dez 18", "2018-12-10T02:37:00Z"},
		{"101137Z DEC 18", "2018-12-10T11:37:00Z"},
		{"311137 GMT déc 99", "1999-12-31T11:37:00Z"},
		{"010137 GMT août 2018", "2018-08-01T01:37:00Z"},
		// Mail and the web.
		{"Tue, 23 Jul 2019 20:21:19 +0900", "2019-07-23T11:21:19Z"},
		{"Tue, 23 Jul 2019 20:21:19 +0900 (JST)", "2019-07-23T11:21:19Z"},
		{"Tue, 23 Jul 2019 20:21:19 (WIB)", "2019-07-23T13:21:19Z"},
		{"Tue, 23 Jul 2019 20:21:19 GMT", "2019-07-23T20:21:19Z"},
		{"23 Jul 19 20:21 UT", "2019-07-23T20:21:00Z"},
		{"3 Jul 2019 8:05:00 EST", "2019-07-03T13:05:00Z"},
		{"Tue, 23 Jul 2019 20:21:19 EDT", "2019-07-24T00:21:19Z"},
		{"Tuesday, 23-Jul-19 20:21:19 GMT", "2019-07-23T20:21:19Z"},
		{"Tue Jul 23 20:21:19 2019", "2019-07-23T11:21:19Z"},
		{"Tue Jul 23 20:21:19 UTC 2019", "2019-07-23T20:21:19Z"},
		{"23 Jul 2019 20:21:19 GMT+0700", "2019-07-23T13:21:19Z"},
		{"23 Jul 2019 20:21:19 WIB", "2019-07-23T13:21:19Z"},
		{"23 Jul 2019 20:21:19 WITA", "2019-07-23T12:21:19Z"},
		{"23 Jul 2019 20:21:19 WIT", "2019-07-23T11:21:19Z"},
		{"23 Jul 2019 20:21:19 KST", "2019-07-23T11:21:19Z"},
		{"23 Jul 2019 20:21:19 MSK", "2019-07-23T17:21:19Z"},
		{"23 Jul 2019 20:21:19 CEST", "2019-07-23T18:21:19Z"},
		// Dates in words.
		{"Selasa, 23 Juli 2019 20.21 WIB", "2019-07-23T13:21:00Z"},
		{"23 Ogos 2019", "2019-08-22T15:00:00Z"},
		{"July 23, 2019", "2019-07-22T15:00:00Z"},
		{"Sept. 3, 2019 20:21", "2019-09-03T11:21:00Z"},
		{"1er février 2019", "2019-01-31T15:00:00Z"},
		{"23. März 2019 um 20:21", "2019-03-23T11:21:00Z"},
		{"23 de octubre de 2019", "2019-10-22T15:00:00Z"},
		{"23 de março de 2019", "2019-03-22T15:00:00Z"},
		{"23 luglio 2019", "2019-07-22T15:00:00Z"},
		{"23 июля 2019 г. 20:21 МСК", "2019-07-23T17:21:00Z"},
		{"23 يوليو 2019", "2019-07-22T15:00:00Z"},
		{"23 กรกฎาคม 2562", "2019-07-22T15:00:00Z"},
		{"23 ก.ค. 2562 20:21", "2019-07-23T11:21:00Z"},
		{"2019年7月23日20時21分", "2019-07-23T11:21:00Z"},
		{"2019年7月23日 20:21", "2019-07-23T11:21:00Z"},
		{"2019년 7월 23일 20시 21분", "2019-07-23T11:21:00Z"},
		// What nobody says.
		{"", ""}, {"yesterday", ""}, {"20190732", ""}, {"20190229", ""}, {"00000101T000000", ""}, {"99991231T235959-0100", ""},
		{strings.Repeat("2", 50), ""}, {"2019-07-23T20:21:19+09:00x", ""}, {"2019-07-23T25:00:00Z", ""}, {"2019-07-23T24:01:00Z", ""},
		{"2019-07-23T20:61:00Z", ""}, {"2019-07-23T20:21:61Z", ""}, {"2019-07/23", ""}, {"2019-07-23T20:21:19+9900", ""},
		{"2019-07-23 20:21 XYZ", ""}, {"2019-07-23 20:21 IST", ""}, {"23 Jul 2019 20:21 IST", ""}, {"07/08/2019", ""}, {"12-09-18 2137GMT", ""},
		{"Jul 23 20:21", ""}, {"13 Nov 20:21:00", ""}, {"31 Feb 2019", ""}, {"23 Brumaire 2019", ""}, {"1563880879", ""}, {"1563880879000", ""},
		{"23 Jul 2019 20:21 20:22", ""}, {"23 24 Jul 2019", ""}, {"23 Jul Aug 2019", ""}, {"23 กรกฎาคม 62", ""}, {"2019年13月23日", ""}, {"7月23日20時21分", ""},
		{"241137 GMT 18", ""}, {"321137 GMT Nov 13", ""}, {"132537 GMT Nov 13", ""}, {"KWS-25:37-09-12-18", ""}, {"KWS-21:37-09-13-18", ""},
		{"23 Jul 2019 20:21:19 (nowhere)", ""},
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

// TestNamesOfZones holds that a name which several countries use is read as the provider's country does.
func TestNamesOfZones(t *testing.T) {
	for _, tt := range []struct{ zone, in, want string }{
		{"Asia/Shanghai", "2019-07-23 20:21 CST", "2019-07-23T12:21:00Z"},
		{"America/Chicago", "2019-01-23 20:21 CST", "2019-01-24T02:21:00Z"},
		{"Europe/Paris", "2019-01-23 20:21 CST", "2019-01-24T02:21:00Z"},
		{"Asia/Kolkata", "23 Jul 2019 20:21 IST", "2019-07-23T14:51:00Z"},
		{"Asia/Jerusalem", "23 Jan 2019 20:21 IST", "2019-01-23T18:21:00Z"},
		{"Europe/Berlin", "20190723T202119", "2019-07-23T18:21:19Z"},
		{"Europe/Berlin", "20190123T202119", "2019-01-23T19:21:19Z"},
	} {
		got, ok := dates.Parse(tt.in, location(t, tt.zone))
		if !ok || got.Format(time.RFC3339) != tt.want {
			t.Errorf("Parse(%q) in %s = %v, %t; want %s", tt.in, tt.zone, got, ok, tt.want)
		}
	}
}

func TestRead(t *testing.T) {
	var s wire.Story
	if got := dates.Read(&s, "created", "20190723T202119Z", nil); got.Unix() != 1563913279 || len(s.Evidence) != 0 {
		t.Errorf("%v, %v", got, s.Evidence)
	}
	if got := dates.Read(&s, "created", " ", nil); !got.IsZero() || len(s.Evidence) != 0 {
		t.Errorf("%v, %v", got, s.Evidence)
	}
	if got := dates.Read(&s, "created", "soon", nil); !got.IsZero() || len(s.Evidence) != 1 || s.Evidence[0] != (wire.Evidence{Field: "created", Rule: dates.Unread, Text: "soon"}) {
		t.Errorf("%v, %v", got, s.Evidence)
	}
}

// FuzzParse holds that what is read is a time of the record: in UTC, the same for the same text, and written by RFC 3339 it
// is read as the same instant.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"20190723T202119+0900", "2022-07-11 18:33", "KWS-21:37-09-12-18", "AP-WF-12-09-18 2137GMT", "131137 GMT Nov 13", "101137 GMT Dez 18",
		"Tue, 23 Jul 2019 20:21:19 +0900 (JST)", "Tuesday, 23-Jul-19 20:21:19 GMT", "2016-12-31T23:59:60,9Z", "2019年7月23日20時21分", "23 ก.ค. 2562 20:21",
	} {
		f.Add(s)
	}
	zone := location(f, "Asia/Shanghai")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := dates.Parse(s, zone)
		if again, ok2 := dates.Parse(s, zone); ok != ok2 || !again.Equal(got) {
			t.Fatalf("%q is %v and %v", s, got, again)
		}
		if !ok {
			if !got.IsZero() {
				t.Fatalf("%q is not read, but gives %v", s, got)
			}
			return
		}
		if got.Location() != time.UTC || got.Year() < 1 || got.Year() > 9999 {
			t.Fatalf("%q gives %v", s, got)
		}
		if again, ok := dates.Parse(got.Format(time.RFC3339Nano), zone); !ok || !again.Equal(got) {
			t.Fatalf("%q gives %v, and that %v, %t", s, got, again, ok)
		}
		if standard, err := time.Parse(time.RFC3339Nano, s); err == nil && !standard.Equal(got) {
			t.Fatalf("%q gives %v, but is %v", s, got, standard)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	zone := location(b, "Asia/Tokyo")
	for _, s := range []string{"20190723T202119+0900", "2019-07-23T20:21:19Z", "20190121T102708", "KWS-21:37-09-12-18", "Tue, 23 Jul 2019 20:21:19 +0900", "131137 GMT Nov 13", "no time at all"} {
		b.Run(strings.ReplaceAll(s, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				dates.Parse(s, zone)
			}
		})
	}
}
