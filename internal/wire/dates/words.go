package dates

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// trailer reads the time in the trailers of ANPA 1312, behind the name of who sends it: HH:MM-DD-MM-YY as Kyodo has it
// (KWS-21:37-09-12-18), and MM-DD-YY HHMM with a zone as AP has it (AP-WF-12-09-18 2137GMT).
func (f *fields) trailer(s string) bool {
	*f = fields{}
	sender := false
	for i := 0; i < len(s) && !isDigit(s[i]); i++ {
		if c := s[i]; c == ' ' || c == ',' || c == ':' {
			return false
		}
		if s[i] == '-' && i+1 < len(s) && isDigit(s[i+1]) {
			s, sender = s[i+1:], true
			break
		}
	}
	if len(s) < 13 || !isDigit(s[0]) {
		return false
	}
	if s[2] == ':' {
		rest, ok := f.clock(s, ':')
		return ok && len(rest) == 9 && rest[0] == '-' && f.dashed(rest[1:], &f.day, &f.month)
	}
	if !sender || s[8] != ' ' || !f.dashed(s[:8], &f.month, &f.day) {
		return false
	}
	rest, ok := f.clock(s[9:], ':')
	return ok && (rest == "" || f.inZone(strings.TrimLeft(rest, " ")))
}

// dashed reads two numbers and a year, two digits each with dashes between them.
func (f *fields) dashed(s string, one, two *int) bool {
	var ok [3]bool
	*one, s, ok[0] = digits(s, 2)
	*two, s, ok[1] = digits(strings.TrimPrefix(s, "-"), 2)
	f.year, s, ok[2] = digits(strings.TrimPrefix(s, "-"), 2)
	f.year = century(f.year)
	return ok == [3]bool{true, true, true} && s == ""
}

// words reads times with a month's name: those of mail and the web, of IPTC 7901's trailers (DDHHMM, zone, month, year)
// and of running text. Their parts may stand in any order that leaves no doubt.
func (f *fields) words(s string) bool {
	*f = fields{}
	if head, rest, ok := strings.Cut(s, ","); ok && strings.IndexFunc(head, notLetter) < 0 && months[fold(head)] == 0 {
		s = rest // the name of the day, which says nothing new
	}
	s, comment, _ := strings.Cut(s, "(") // mail's comment, which names the zone again
	clock := false
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\u00a0' }) {
		if len(part) > 3 && isDigit(part[0]) && part[1] == ':' {
			part = "0" + part
		}
		switch c := part[0]; {
		case c == '+' || c == '-':
			if f.zoned && (f.zone != "GMT" && f.zone != "UTC") || !f.inZone(part) {
				return false
			}
		case !isDigit(c):
			if !f.word(part) {
				return false
			}
		case len(part) > 4 && (part[2] == ':' || part[2] == '.' && isDigit(part[4])):
			rest, ok := f.clock(part, part[2])
			if !ok || clock || rest != "" && !f.inZone(rest) {
				return false
			}
			clock = true
		case len(part) > 5 && strings.Count(part, "-") == 2: // 13-Nov-13
			for piece := range strings.SplitSeq(part, "-") {
				if piece == "" || isDigit(piece[0]) && !f.number(piece) || !isDigit(piece[0]) && !f.word(piece) {
					return false
				}
			}
		case len(part) >= 6 && f.day == 0:
			var ok bool
			if f.day, part, ok = digits(part, 2); !ok || clock {
				return false
			}
			if part, ok = f.clock(part, ':'); !ok || f.second != 0 || part != "" && !f.inZone(part) {
				return false
			}
			clock = true
		default:
			if !f.number(part) {
				return false
			}
		}
	}
	if name, _, ok := strings.Cut(comment, ")"); ok && !f.zoned && !f.inZone(name) {
		return false
	}
	return f.year > 0 && f.month > 0 && f.day > 0
}

// units reads dates as Chinese, Japanese and Korean write them, with the unit behind each number: 2019年7月23日 20時21分.
func (f *fields) units(s string) bool {
	*f = fields{}
	for s != "" {
		if s[0] == ' ' {
			s = s[1:]
			continue
		}
		end := 0
		for end < len(s) && isDigit(s[end]) {
			end++
		}
		if end == 2 && strings.HasPrefix(s[end:], ":") && f.day > 0 && f.hour == 0 {
			rest, ok := f.clock(s, ':')
			return ok && (rest == "" || f.inZone(strings.TrimLeft(rest, " ")))
		}
		value, rest, _ := digits(s, min(end, 4))
		r, size := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
		s = strings.TrimLeft(rest, " ")[size:]
		var into *int
		switch r {
		case '年', '년':
			into = &f.year
		case '月', '월':
			into = &f.month
		case '日', '일', '号', '號':
			into = &f.day
		case '時', '时', '시', '点':
			into = &f.hour
		case '分', '분':
			into = &f.minute
		case '秒', '초':
			into = &f.second
		}
		if into == nil || *into != 0 || end == 0 || end > 4 {
			return false
		}
		*into = value
	}
	return f.year > 99 && f.month > 0 && f.day > 0
}

// number reads a day, or else a year.
func (f *fields) number(s string) bool {
	end := 0
	for end < len(s) && isDigit(s[end]) {
		end++
	}
	value, tail, _ := digits(s, min(end, 4))
	switch tail {
	case "", ".", "st", "nd", "rd", "th", "er", "º", "°":
	default:
		return false
	}
	switch {
	case end <= 2 && f.day == 0 && value > 0:
		f.day = value
	case f.year == 0 && tail == "" && end == 4 && value > 0:
		f.year = value
		if f.month > thaiMonth {
			f.year -= 543 // the Buddhist era
		}
	case f.year == 0 && tail == "" && end == 2 && f.month > 0:
		f.year = century(value)
		if f.month > thaiMonth {
			return false // of which era, nobody says
		}
	default:
		return false
	}
	if f.year > 0 && f.month > thaiMonth {
		f.month -= thaiMonth
	}
	return true
}

// word reads a month, a zone, or a word that only joins others.
func (f *fields) word(s string) bool {
	name := fold(strings.TrimSuffix(s, "."))
	if month := months[name]; month > 0 && f.month == 0 {
		f.month = month
		return month < thaiMonth || f.year == 0
	}
	if joining[name] {
		return true
	}
	return !f.zoned && f.inZone(s)
}

func notLetter(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '.' && r != ' '
}

// accents are the letters of months' names that are sent with and without their accents.
var accents = strings.NewReplacer("é", "e", "è", "e", "û", "u", "ä", "a", "ç", "c")

// fold gives a name in the form in which months has it.
func fold(s string) string { return accents.Replace(strings.ToLower(s)) }
