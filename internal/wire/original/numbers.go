package original

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// number is a number as it stands in a text.
type number struct {
	// value is it in digits, with a decimal point and nothing between the thousands.
	value string
	// bare is it without a word such as "million" behind it: the same word may not be known in the other language. ""
	// when there is none.
	bare string
}

// numbersIn gives the numbers of a text, each value once, in the order in which they come. Digits count in any script;
// numbers in words do not, but for the powers of ten behind digits: 1.2 million, 1,2 juta and 120万 are the same.
func numbersIn(text, language string) []number {
	var found []number
	for r := (&reader{[]rune(text), 0, language}); r.next(); {
		for _, n := range r.number() {
			if !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
	}
	return found
}

// reader goes through a text from number to number.
type reader struct {
	text     []rune
	at       int
	language string
}

// next goes to the next number. Digits after a Latin letter are part of a name (G20), but for decimal ones (M5.8).
func (r *reader) next() bool {
	for ; r.at < len(r.text); r.at++ {
		if digitOf(r.text[r.at]) < 0 {
			continue
		}
		if r.at == 0 || !unicode.Is(unicode.Latin, r.text[r.at-1]) {
			return true
		}
		begin := r.at
		if name := r.digits(); r.mark([]string{name}) == '.' {
			r.at = begin
			return true
		}
		r.at--
	}
	return false
}

// digits takes a run of digits.
func (r *reader) digits() string {
	var b []byte
	for ; r.at < len(r.text); r.at++ {
		d := digitOf(r.text[r.at])
		if d < 0 {
			break
		}
		b = append(b, byte('0'+d))
	}
	return string(b)
}

// digitOf is a digit's value in any script, -1 for what is none.
func digitOf(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r < 0x80 || !unicode.Is(unicode.Nd, r):
		return -1
	}
	// Decimal digits stand in rows of ten, 0 first (Unicode Standard, section 4.6).
	for _, row := range unicode.Nd.R16 {
		if r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10
		}
	}
	for _, row := range unicode.Nd.R32 {
		if r <= rune(row.Hi) {
			return int(r-rune(row.Lo)) % 10
		}
	}
	return -1
}

// number takes a number with what stands between its digits and behind them. What is no single number, as a date
// (23.11.2026), comes as its parts.
func (r *reader) number() []number {
	groups, marks := []string{r.digits()}, ""
	for {
		mark := r.mark(groups)
		if mark == 0 {
			break
		}
		r.at++
		groups, marks = append(groups, r.digits()), marks+string(mark)
	}
	whole, fraction, ok := r.parted(groups, marks)
	if !ok {
		var parts []number
		for _, g := range groups {
			if value := written(g, ""); value != "" {
				parts = append(parts, number{value: value})
			}
		}
		return parts
	}
	bare := written(whole, fraction)
	if bare == "" {
		return nil
	}
	value, scaled := r.scaled(bare)
	if !scaled {
		return []number{{value: bare}}
	}
	return []number{{value: value, bare: bare}}
}

// mark is what joins the digits so far to digits that follow: '.', ',', or ' ' for all that parts thousands only. 0:
// nothing does.
func (r *reader) mark(groups []string) rune {
	if r.at+1 >= len(r.text) || digitOf(r.text[r.at+1]) < 0 {
		return 0
	}
	switch m := r.text[r.at]; m {
	case '.', '٫', '．', '・': // the last as in M５・８
		return '.'
	case ',':
		return ','
	case '，': // between other digits than its own it parts a list
		if wide := r.text[r.at-1]; wide >= '０' && wide <= '９' {
			return ','
		}
	case ' ':
		if slices.Contains(spacing, r.language) && r.threeFollow() && len(groups[len(groups)-1]) <= 3 {
			return ' '
		}
	case '\u00a0', '\u2009', '\u202f', '\'', '’', '٬':
		if r.threeFollow() && len(groups[len(groups)-1]) <= 3 {
			return ' '
		}
	}
	return 0
}

func (r *reader) threeFollow() bool {
	n := 0
	for i := r.at + 1; i < len(r.text) && digitOf(r.text[i]) >= 0; i++ {
		n++
	}
	return n == 3
}

// parted says which of the groups are the whole number and which the decimals. A mark that stands twice parts thousands,
// and of two marks the last is the decimal one; for a single one before three digits the language decides.
func (r *reader) parted(groups []string, marks string) (whole, fraction string, ok bool) {
	if marks == "" {
		return groups[0], "", true
	}
	last := marks[len(marks)-1]
	decimal := strings.IndexByte(marks, last) == len(marks)-1 && last != ' '
	if len(marks) == 1 && decimal && len(groups[1]) == 3 && len(groups[0]) <= 3 && groups[0] != "0" {
		decimal = (last == ',') == slices.Contains(decimalComma, r.language) && r.language != ""
	}
	thousands := groups[1:]
	if decimal {
		fraction, thousands = groups[len(groups)-1], groups[1:len(groups)-1]
	}
	for i, g := range thousands {
		if len(g) != 3 || marks[i] != marks[0] {
			return "", "", false
		}
	}
	if len(thousands) > 0 && len(groups[0]) > 3 || len(fraction) > 6 {
		return "", "", false
	}
	return groups[0] + strings.Join(thousands, ""), fraction, true
}

var (
	// decimalComma are the languages that write 1.234,5 or 1 234,5; the others write 1,234.5 (CLDR, by the country that
	// most of their copy comes from).
	decimalComma = []string{"id", "de", "es", "fr", "it", "pt", "nl", "ru", "uk", "be", "bg", "vi", "tr", "pl", "cs", "sk",
		"da", "no", "nb", "sv", "fi", "hu", "ro", "el", "sr", "hr", "sl", "ca", "az", "kk", "uz", "ka", "hy"}
	// spacing are those that part thousands with a space.
	spacing = []string{"fr", "ru", "uk", "be", "bg", "pl", "cs", "sk", "no", "nb", "sv", "fi", "hu", "kk", "uz"}
)

// digitsMost is how long a number may be: what is longer is a code.
const digitsMost = 15

// written is a number in digits, without what changes nothing: 007, 7.10. "" when it is too long.
func written(whole, fraction string) string {
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if len(whole)+len(fraction) > digitsMost {
		return ""
	}
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return whole + fraction
}

// scaled applies the power of ten that stands behind a number, and in East Asian copy further digits: 1億2000万.
func (r *reader) scaled(bare string) (value string, ok bool) {
	sum, part, least := 0.0, bare, math.Inf(1)
	for {
		power, length := r.power()
		if power == 0 || power >= least {
			break
		}
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			break
		}
		sum, least, ok = sum+n*power, power, true
		r.at += length
		// What follows goes on with the number only if a smaller unit stands behind it, or if the unit was a sign.
		if r.at >= len(r.text) || digitOf(r.text[r.at]) < 0 {
			break
		}
		if part = written(r.digits(), ""); part == "" {
			break
		}
		if power, _ := r.power(); power == 0 {
			if n, err := strconv.ParseFloat(part, 64); err == nil && n < least {
				sum += n
			}
			break
		}
	}
	if !ok || sum >= 1e15 {
		return bare, false
	}
	// Twelve digits keep out what binary fractions add.
	text := strconv.FormatFloat(sum, 'g', 12, 64)
	if rounded, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.FormatFloat(rounded, 'f', -1, 64), true
	}
	return bare, false
}

// power is the power of ten that stands here, with its length; 0 when there is none.
func (r *reader) power() (power float64, length int) {
	rest := r.text[r.at:min(len(r.text), r.at+24)]
	for _, sign := range powerSigns {
		if hasPrefix(rest, sign.sign) {
			return sign.power, len(sign.sign)
		}
	}
	space := 0
	if len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\u00a0' || rest[0] == '\u202f' || rest[0] == '-') {
		space = 1
	}
	end := space
	for end < len(rest) && (unicode.IsLetter(rest[end]) || unicode.Is(unicode.Mn, rest[end])) {
		end++
	}
	if p := powerWords[strings.ToLower(string(rest[space:end]))]; p != 0 {
		return p, end
	}
	return 0, 0
}

func hasPrefix(text, prefix []rune) bool {
	return len(text) >= len(prefix) && slices.Equal(text[:len(prefix)], prefix)
}

// powerSigns stand right behind the digits, in scripts without spaces; longer ones first.
var powerSigns = []struct {
	sign  []rune
	power float64
}{
	{[]rune("พันล้าน"), 1e9}, {[]rune("ล้าน"), 1e6}, {[]rune("แสน"), 1e5}, {[]rune("หมื่น"), 1e4},
	{[]rune("万"), 1e4}, {[]rune("萬"), 1e4}, {[]rune("만"), 1e4},
	{[]rune("億"), 1e8}, {[]rune("亿"), 1e8}, {[]rune("억"), 1e8},
	{[]rune("兆"), 1e12}, {[]rune("조"), 1e12}, {[]rune("千"), 1e3}, {[]rune("천"), 1e3},
}

var powerWords = map[string]float64{
	"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "lakh": 1e5, "crore": 1e7,
	"ribu": 1e3, "juta": 1e6, "miliar": 1e9, "milyar": 1e9, "triliun": 1e12, "bilion": 1e9, "trilion": 1e12,
	"tausend": 1e3, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9, "billionen": 1e12, "mio": 1e6, "mrd": 1e9,
	"mille": 1e3, "millions": 1e6, "milliard": 1e9, "milliards": 1e9,
	"mil": 1e3, "millón": 1e6, "millones": 1e6, "milhão": 1e6, "milhões": 1e6, "milioni": 1e6, "milione": 1e6, "miliardi": 1e9,
	"bilhão": 1e9, "bilhões": 1e9, "mila": 1e3,
	"тысяча": 1e3, "тысячи": 1e3, "тысяч": 1e3, "тыс": 1e3, "миллион": 1e6, "миллиона": 1e6, "миллионов": 1e6, "млн": 1e6,
	"миллиард": 1e9, "миллиарда": 1e9, "миллиардов": 1e9, "млрд": 1e9, "триллион": 1e12, "триллиона": 1e12, "триллионов": 1e12,
	"ألف": 1e3, "آلاف": 1e3, "ألفا": 1e3, "مليون": 1e6, "مليونا": 1e6, "ملايين": 1e6, "مليار": 1e9, "مليارا": 1e9,
	"مليارات": 1e9, "تريليون": 1e12,
	"nghìn": 1e3, "ngàn": 1e3, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9,
	"bin": 1e3, "milyon": 1e6, "लाख": 1e5, "करोड़": 1e7,
}

// shown is a number for people: 4.3 million, 1150.
func (n number) shown() string {
	v, err := strconv.ParseFloat(n.value, 64)
	if err != nil {
		return n.value
	}
	for _, unit := range []struct {
		name  string
		least float64
	}{{" trillion", 1e12}, {" billion", 1e9}, {" million", 1e6}} {
		if v >= unit.least {
			return strconv.FormatFloat(v/unit.least, 'g', 9, 64) + unit.name
		}
	}
	return n.value
}

// says is how much a number tells by itself: small ones are everywhere, days and years stand in every story.
func (n number) says() float64 {
	v, err := strconv.ParseFloat(n.value, 64)
	switch {
	case err != nil:
		return 0
	case strings.Contains(n.value, "."):
		return 1
	case v < 10:
		return 0.2
	case v <= 31:
		return 0.4
	case v < 100, v >= 1900 && v <= 2100, v == 100, v == 1000:
		return 0.6
	}
	return 1
}
