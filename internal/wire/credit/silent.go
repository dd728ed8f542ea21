package credit

import (
	"strings"
	"unicode/utf8"
)

// Marks that show a direction, and the stroke that widens an Arabic word, say nothing.
func isSilent(r rune) bool {
	switch {
	case r == '\u0640', r == '\u061c', r == '\u200e', r == '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	}
	return false
}

// voiced gives s without silent marks; ok is false where it has none.
func voiced(s string) (bare string, ok bool) {
	if isASCII(s) {
		return s, false
	}
	if strings.IndexByte(s, 0xD9) < 0 && strings.IndexByte(s, 0xE2) < 0 && strings.IndexByte(s, 0xD8) < 0 {
		return s, false
	}
	if !strings.ContainsFunc(s, isSilent) {
		return s, false
	}
	return strings.Map(func(r rune) rune {
		if isSilent(r) {
			return -1
		}
		return r
	}, s), true
}

// unvoiced gives the byte of s at which n bytes of it that are no silent marks have passed, and the marks behind them.
func unvoiced(s string, n int) int {
	for i, r := range s {
		if isSilent(r) {
			continue
		}
		if n <= 0 {
			return i
		}
		n -= utf8.RuneLen(r)
	}
	return len(s)
}
