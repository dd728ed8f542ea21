package language

import (
	"strings"
	"unicode"
)

// scripts counts the letters of a text by their scripts.
type scripts struct {
	letters, latin, han, kana, hangul, thai, arabic, cyrillic, greek, hebrew, devanagari int

	persian, ukrainian, otherCyrillic, vietnamese int // letters that one language has alone
}

func survey(text string) scripts {
	var s scripts
	for _, r := range text {
		switch {
		case r < 0x80:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				s.letters++
				s.latin++
			}
			continue
		case !unicode.IsLetter(r):
			continue
		}
		s.letters++
		switch {
		case r < 0x250 || r >= 0x1E00 && r < 0x1F00:
			s.latin++
			if r >= 0x1EA0 && r < 0x1F00 || r == 'ơ' || r == 'ư' {
				s.vietnamese++
			}
		case r >= 0x370 && r < 0x400:
			s.greek++
		case r >= 0x400 && r < 0x530:
			s.cyrillic++
			if strings.ContainsRune("іїєґІЇЄҐ", r) {
				s.ukrainian++
			} else if strings.ContainsRune("јљњћђџўқғңөұүһәЈЉЊЋЂЏЎҚҒҢӨҰҮҺӘ", r) {
				s.otherCyrillic++
			}
		case r >= 0x590 && r < 0x600:
			s.hebrew++
		case r >= 0x600 && r < 0x780 || r >= 0xFB50 && r < 0xFF00 && r != 0xFEFF:
			s.arabic++
			if strings.ContainsRune("پچژگیک", r) {
				s.persian++
			}
		case r >= 0x900 && r < 0x980:
			s.devanagari++
		case r >= 0xE00 && r < 0xE80:
			s.thai++
		case r >= 0x3040 && r < 0x3100:
			s.kana++
		case r >= 0xAC00 && r < 0xD7A4:
			s.hangul++
		case r >= 0x3400 && r < 0xA000 || r >= 0x20000 && r < 0x40000:
			s.han++
		}
	}
	return s
}

// byScript tells the language of a text whose script, or whose letters, only one has.
func (s scripts) byScript() string {
	mostly := func(n int) bool { return 2*n > s.letters }
	switch {
	case mostly(s.kana + s.han):
		// Japanese has particles in kana in every sentence; Chinese has kana in names only.
		if 12*s.kana > s.han {
			return "ja"
		}
		return "zh"
	case mostly(s.hangul):
		return "ko"
	case mostly(s.thai):
		return "th"
	case mostly(s.arabic):
		if 20*s.persian > s.arabic {
			return "fa"
		}
		return "ar"
	case mostly(s.cyrillic):
		switch {
		case 50*s.otherCyrillic > s.cyrillic:
			return ""
		case 50*s.ukrainian > s.cyrillic:
			return "uk"
		}
		return "ru"
	case mostly(s.greek):
		return "el"
	case mostly(s.hebrew):
		return "he"
	case mostly(s.devanagari):
		return "hi"
	case mostly(s.latin) && 25*s.vietnamese > s.latin:
		return "vi"
	}
	return ""
}
