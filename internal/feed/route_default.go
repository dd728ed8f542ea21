package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"kawat/internal/wire"
)

// AllName is the name of the default feed of every story.
const AllName = "all"

// everything is the default feed that is there from the start.
var everything = Def{Name: AllName, Title: "All stories", Size: DefaultSize}

// defaults are the feeds that a story is in when none are configured. They are made of the story itself, so that a
// new language or agency has its feed with its first story. A story whose language is not known is in no language's
// feed.
func defaults(s *wire.Story) []Def {
	in := []Def{everything}
	if tag, err := language.Parse(s.Language); err == nil && tag != language.Und {
		if name := "lang-" + strings.ToLower(tag.String()); ValidName(name) {
			in = append(in, Def{Name: name, Title: ownName(tag), Language: tag.String(), Size: DefaultSize})
		}
	}
	agencies := len(in)
next:
	for _, source := range s.Attribution.Sources {
		title := strings.Join(strings.Fields(source.Name), " ")
		if source.Role != wire.Origin || title == "" {
			continue
		}
		name := "agency-" + agencySlug(title)
		for _, d := range in[agencies:] {
			if d.Name == name {
				continue next
			}
		}
		in = append(in, Def{Name: name, Title: title, Size: DefaultSize})
	}
	return in
}

// spoken are languages whose speakers call them by another name than the one, or none, that CLDR has.
var spoken = map[string]string{
	"id": "Bahasa Indonesia", "ms": "Bahasa Melayu", "jv": "Basa Jawa", "su": "Basa Sunda", "sr-Latn": "Srpski",
}

// ownName is a language's name in itself, as a title; its tag where no name is known.
func ownName(tag language.Tag) string {
	if name, ok := spoken[tag.String()]; ok {
		return name
	}
	name := []rune(display.Self.Name(tag))
	if len(name) == 0 {
		return tag.String()
	}
	name[0] = unicode.ToTitle(name[0])
	return string(name)
}

// latin spells the Latin letters that have no decomposition.
var latin = strings.NewReplacer("æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "ł", "l", "þ", "th", "ß", "ss", "ı", "i")

// agencySlug is an agency's name as part of an address: ASCII letters and digits, other signs as '-'. What ASCII
// cannot spell is stood for by a short hash, so that two agencies never share a feed because of it. Case, accents and
// width do not matter.
func agencySlug(name string) string {
	// Room for the "agency-" before it and a hash of 8 behind it.
	const most = maxName - len("agency-") - len("-00000000")

	folded := latin.Replace(strings.ToLower(norm.NFKD.String(name)))
	var slug strings.Builder
	lost, letters, gap := false, false, false
	for _, r := range folded {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && slug.Len() > 0 {
				slug.WriteByte('-')
			}
			slug.WriteRune(r)
			gap = false
			letters = letters || r >= 'a'
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
			// An accent that was taken off its letter, or an apostrophe within a word.
		default:
			lost = lost || unicode.IsLetter(r)
			gap = true
		}
	}
	text := slug.String()
	if len(text) > most {
		text, lost = strings.TrimRight(text[:most], "-"), true
	}
	if letters && !lost {
		return text
	}
	sum := sha256.Sum256([]byte(folded))
	hash := hex.EncodeToString(sum[:4])
	if text == "" {
		return hash
	}
	return text + "-" + hash
}
