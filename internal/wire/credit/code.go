package credit

import (
	"regexp"
	"strconv"
	"strings"
)

// revision is a version that copy states in its last line.
type revision struct {
	text    string
	version int64
}

// dpaReference is the number by which dpa-infocom names a story, and behind the stroke its version.
var dpaReference = regexp.MustCompile(`\bdpa:[0-9]{6}-[0-9]{1,4}-[0-9]{1,9}/([1-9][0-9]{0,3})$`)

// revisionIn reads the version in the end of a line: "© dpa-infocom, dpa:230101-99-123456/2".
func revisionIn(line string) *revision {
	if line = strings.TrimRight(line, ". "); !strings.Contains(line, "dpa:") {
		return nil
	}
	at := dpaReference.FindStringSubmatchIndex(line)
	if at == nil {
		return nil
	}
	version, _ := strconv.ParseInt(line[at[2]:], 10, 64)
	return &revision{line[at[0]:], version}
}

// isDpaLine says whether nothing but the agency's name stands before such a number.
func isDpaLine(before string) bool {
	name := strings.Trim(before, " ,")
	return name == "" || name == "dpa" || name == "dpa-infocom" || name == "dpa-infocom GmbH"
}

// codes reads a last line for machines and desks: the initials of who worked on copy ("abc/def/ghi", "ABC // DEF"), or an
// agency's name before them ("dpa kre/su yysw a3 sck"). They are no words of the story.
func (d *dictionary) codes(line string) *finding {
	if strings.HasPrefix(line, "<org idsrc=") && strings.HasSuffix(line, "</org>") { // AFP's, of the companies in the news
		return &finding{weak: true, note: &noteFound{label: line, rule: "wire-code"}}
	}
	if len(line) > maxName {
		return nil
	}
	if line[0] >= 0xD8 && arabicInitials(line) || line[0] == '(' && d.bracketedInitials(line) {
		return &finding{weak: true, note: &noteFound{label: line, rule: "wire-code"}}
	}
	if r := revisionIn(line); r != nil && isDpaLine(line[:len(line)-len(r.text)]) {
		return &finding{weak: true, revision: r, note: &noteFound{label: line, rule: "wire-code"}}
	}
	if c := line[0]; !('a' <= c && c <= 'z') && !strings.Contains(line, "//") {
		return nil
	}
	fields := strings.Fields(line)
	if len(fields) == 0 || len(fields) > 10 {
		return nil
	}
	if a := folded(d.agencyNames, fields[0]); a != nil && len(fields) >= 3 && all(fields, lowerCode) {
		return &finding{signOff: &sourceFound{a.Name, "sign-off", line}, weak: true}
	}
	initials := len(fields) == 1 && strings.Contains(line, "/") && lowerCode(line) && all(strings.FieldsFunc(line, isStroke), twoToFour) ||
		len(fields) == 3 && fields[1] == "//" && all([]string{fields[0], fields[2]}, capitalCode)
	if !initials {
		return nil
	}
	return &finding{weak: true, note: &noteFound{label: line, rule: "wire-code"}}
}

func isStroke(r rune) bool { return r == '/' || r == '-' }

func twoToFour(s string) bool { return len(s) >= 2 && len(s) <= 4 }

func lowerCode(s string) bool {
	return len(s) <= 20 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789/-") == "" && strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz")
}

func capitalCode(s string) bool {
	return len(s) >= 2 && len(s) <= 6 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func all(fields []string, is func(string) bool) bool {
	for _, f := range fields {
		if !is(f) {
			return false
		}
	}
	return len(fields) > 0
}

// bracketedInitials says whether a line is initials in brackets, behind an agency's name or without: "(SDA/kre/su)".
func (d *dictionary) bracketedInitials(line string) bool {
	inner, closed := strings.CutSuffix(strings.TrimRight(line[1:], "."), ")")
	parts := strings.Split(inner, "/")
	if !closed || len(parts) < 2 {
		return false
	}
	if folded(d.agencyNames, parts[0]) != nil {
		parts = parts[1:]
	}
	return all(parts, func(s string) bool { return lowerCode(s) && twoToFour(s) })
}

// arabicInitials says whether a line is initials of Arabic letters: "س ص/ع ف", "سام/ب ق".
func arabicInitials(line string) bool {
	parts := strings.Split(line, "/")
	if len(parts) < 2 || len(parts) > 5 {
		return false
	}
	apart := false
	for _, part := range parts {
		letters := 0
		for _, r := range part {
			if r == ' ' {
				continue
			}
			if letters++; r < 'ء' || r > 'ي' {
				return false
			}
		}
		if letters == 0 || letters > 3 {
			return false
		}
		apart = apart || letters == 1 || strings.Contains(strings.TrimSpace(part), " ") || len(parts) > 2
	}
	return apart // "نعم/لا" is a word beside another
}

// initialsBelow takes lines of initials in capitals below an agency's sign-off for what they are: "-- BERNAMA" and "AB CD EF",
// "(ANSA)" and "YJ4-ABC". Elsewhere such a line may be a result or a table.
func (x *extraction) initialsBelow() {
	signed := false
	for i := range x.units {
		u := &x.units[i]
		text := strings.TrimSpace(u.text)
		switch f := u.found; {
		case f != nil:
			signed = f.signOff != nil || f.ended || signed && f.before == ""
		case text == "":
		case signed && len(text) <= maxName && all(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || isStroke(r) }), capitalInitials):
			u.found = &finding{weak: true, note: &noteFound{label: text, rule: "wire-code"}}
		default:
			signed = false
		}
	}
}

func capitalInitials(s string) bool {
	return len(s) <= 4 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" && s[0] > '9'
}
