package iptc7901_test

import (
	"strings"
	"testing"

	"kawat/internal/wire/anpa"
	"kawat/internal/wire/iptc7901"
)

// TestDetect holds the two families apart that begin with the same control code.
func TestDetect(t *testing.T) {
	for _, tt := range []struct {
		in            string
		anpa, iptc    bool
		whoseIsTheOne string
	}{
		{"\x16\x16\x01a0105\x1fap---\r\nr i\x13\x11 BC-Kites     11-23 0050\r\n\x02", true, false, "AP"},
		{"\x16\x16\x01V4644\x1f-----\r\nr e\x13\x11 AP-Kites     02-09 0121\r\n\x02", true, false, "AP"},
		{"\x00\x00\x16\x16\x01a0105 \x1fap-\r\n", true, false, "AP"},
		{"\x01a0105KYODO\x1fkoko-\r\nu s\x14\x12 BC-Cup   09-12 0344\r\n\x02", true, false, "Kyodo"},
		{"\x01a0105\r\nu s\x14\x12 x\r\n\x02", true, false, "one without a selector"},
		{"\x01bdt0000 3 vm 831  dpa 0000\n\nKites/\n\x02(Eil \x07)", false, true, "dpa"},
		{"\x01bdt0123 2 pl 41  dpa 0456\r\n\r\nKites/\r\n\x02Kites fly\x14", false, true, "dpa, with a code in the text"},
		{"\x01spe0000 3 sp 331  dpa-spe 0000\n\n", false, true, "dpa"},
		{"\x7f\x7f\x7f\r\n\x7f\x01ats0088 4 pol 70  ats 0088\r\n", false, true, "ATS"},
		{"\x01ats 0088 4 pol 70\r\n", false, true, "ATS"},
		{"\x01ans0412 4 cro 60 ansa\r\n", false, true, "ANSA"},
		{"\x01APA0412 5 CI 0060\r\n", false, true, "APA"},
		{"\x01", false, false, "nobody's"},
		{"\x01\x02\x03\x04", false, false, "nobody's"},
		{"\x01hello there this is a line\r\n\x02", false, false, "nobody's"},
		{"\x01bdt0123 9x\r\n", false, false, "nobody's"},
		{"bdt0123 4 pl 110  dpa 0000\r\n", false, false, "one without SOH"},
		{"a0105KYODO\x1fkoko-", false, false, "one without SOH"},
		{"", false, false, "nobody's"}, {"\x16", false, false, "nobody's"}, {"\x7f\x7f", false, false, "nobody's"},
		{"<?xml version='1.0'?><nitf/>", false, false, "NITF"},
		{strings.Repeat("\x16", 600) + "\x01bdt0123 4 pl 110", false, false, "filler"},
	} {
		a, i := anpa.Detect([]byte(tt.in)), iptc7901.Detect([]byte(tt.in))
		if a != tt.anpa || i != tt.iptc {
			t.Errorf("%s: %.40q is ANPA: %t, IPTC 7901: %t", tt.whoseIsTheOne, tt.in, a, i)
		}
	}
}
