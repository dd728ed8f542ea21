package dates

import "strings"

// iso reads ISO 8601, basic, extended and mixed, RFC 3339, and what is written like them: 2022-07-11 18:33, 2022/07/11,
// 20220711183300, 2022-07-11T18:33:00 GMT.
func (f *fields) iso(s string) bool {
	var ok bool
	if f.year, s, ok = digits(s, 4); !ok || s == "" {
		return false
	}
	separator := s[0]
	if separator == '-' || separator == '/' || separator == '.' {
		s = s[1:]
	} else {
		separator = 0
	}
	if f.month, s, ok = digits(s, 2); !ok {
		return false
	}
	if separator != 0 {
		if s == "" || s[0] != separator {
			return false
		}
		s = s[1:]
	}
	if f.day, s, ok = digits(s, 2); !ok {
		return false
	}
	if s == "" {
		return true
	}
	switch c := s[0]; {
	case c == 'T' || c == 't':
		s = s[1:]
	case c == ' ':
		s = strings.TrimLeft(s, " ")
	case isDigit(c) && separator == 0: // 20220711183300
	case c == 'Z' || c == 'z' || c == '+' || c == '-':
		return f.inZone(s) // a date of XML Schema
	default:
		return false
	}
	if s, ok = f.clock(s, ':'); !ok {
		return false
	}
	return s == "" || f.inZone(strings.TrimLeft(s, " "))
}

// clock reads hours and minutes, seconds if there are any, and a fraction of them, and gives what is behind. separator may
// stand between them.
func (f *fields) clock(s string, separator byte) (rest string, ok bool) {
	if f.hour, s, ok = digits(s, 2); !ok {
		return s, false
	}
	parted := s != "" && s[0] == separator
	if parted {
		s = s[1:]
	}
	if f.minute, s, ok = digits(s, 2); !ok {
		return s, false
	}
	f.second, f.nano = 0, 0
	switch {
	case s == "":
		return "", true
	case parted && s[0] == separator:
		s = s[1:]
	case parted || !isDigit(s[0]):
		return s, true
	}
	if f.second, s, ok = digits(s, 2); !ok {
		return s, false
	}
	if len(s) < 2 || s[0] != '.' && s[0] != ',' || !isDigit(s[1]) {
		return s, true
	}
	s = s[1:]
	for unit := 100_000_000; s != "" && isDigit(s[0]); s = s[1:] {
		f.nano += int(s[0]-'0') * unit
		unit /= 10 // past nanoseconds nothing counts
	}
	return s, true
}

// inZone reads a zone that is all of s: Z, an offset (+09, +0900, +09:00, also behind UTC or GMT), or a name.
func (f *fields) inZone(s string) bool {
	if s == "" {
		return false
	}
	if len(s) > 3 && (s[:3] == "UTC" || s[:3] == "GMT") && (s[3] == '+' || s[3] == '-') {
		s = s[3:]
		if len(s) == 2 { // UTC+7
			s = s[:1] + "0" + s[1:]
		}
	}
	f.zone, f.offset, f.zoned = "", 0, true
	if s == "Z" || s == "z" {
		return true
	}
	if s[0] != '+' && s[0] != '-' {
		f.zone = strings.ToUpper(s)
		_, known := zones[f.zone]
		return known
	}
	hours, rest, ok := digits(s[1:], 2)
	if !ok {
		return false
	}
	minutes := 0
	if rest != "" {
		minutes, rest, ok = digits(strings.TrimPrefix(rest, ":"), 2)
	}
	if !ok || rest != "" || hours > 23 || minutes > 59 {
		return false
	}
	f.offset = hours*3600 + minutes*60
	if s[0] == '-' {
		f.offset = -f.offset
	}
	return true
}

// digits reads a number of exactly n digits at the head of s, and gives what is behind.
func digits(s string, n int) (value int, rest string, ok bool) {
	if len(s) < n {
		return 0, s, false
	}
	for i := range n {
		if !isDigit(s[i]) {
			return 0, s, false
		}
		value = 10*value + int(s[i]-'0')
	}
	return value, s[n:], true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
