package credit

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// trie finds the longest of many terms at one place of a text, in time that grows with the term and not with their
// number. It is built once, made fast, and then read by any number of goroutines.
//
// A dictionary has tens of thousands of nodes and stays for as long as the process: as a few arrays without pointers they
// cost the garbage collector nothing.
type trie[V any] struct {
	root  [256]int32 // of the first byte; 0: none
	exact bool       // case counts

	// The edges and the values of a node begin where it says, and end where those of the next begin.
	nodes  []span
	edges  []edge
	values []V

	building []node[V] // until fix
}

type span struct{ edges, values int32 }

type node[V any] struct {
	edges  []edge
	values []V
}

type edge struct {
	label byte
	to    int32
}

// add enters a term. A term that is entered twice has two values.
func (t *trie[V]) add(term string, v V) {
	var key []byte
	for _, r := range term {
		key = appendFold(key, r, t.exact)
	}
	t.enter(key, v)
}

// addBackward enters a term that is to be found by its end.
func (t *trie[V]) addBackward(term string, v V) {
	key := []byte(fold(term))
	slices.Reverse(key)
	t.enter(key, v)
}

func (t *trie[V]) enter(key []byte, v V) {
	if len(key) == 0 {
		return
	}
	if len(t.building) == 0 {
		t.building = make([]node[V], 1)
	}
	at := &t.root[key[0]]
	for _, c := range key[1:] {
		n := t.grown(at)
		i := slices.IndexFunc(n.edges, func(e edge) bool { return e.label == c })
		if i < 0 {
			i = len(n.edges)
			n.edges = append(n.edges, edge{label: c})
		}
		at = &n.edges[i].to
	}
	n := t.grown(at)
	n.values = append(n.values, v)
}

// grown gives the node that at names, and makes it where there is none.
func (t *trie[V]) grown(at *int32) *node[V] {
	if *at == 0 {
		*at = int32(len(t.building))
		t.building = append(t.building, node[V]{})
	}
	return &t.building[*at]
}

// fix ends the building; without it nothing is found.
func (t *trie[V]) fix() {
	t.nodes = make([]span, 0, len(t.building)+1)
	for _, n := range t.building {
		t.nodes = append(t.nodes, span{int32(len(t.edges)), int32(len(t.values))})
		t.edges, t.values = append(t.edges, n.edges...), append(t.values, n.values...)
	}
	t.nodes = append(t.nodes, span{int32(len(t.edges)), int32(len(t.values))})
	t.building = nil
}

func (t *trie[V]) step(at int32, c byte) int32 {
	if at == 0 {
		return t.root[c]
	}
	for _, e := range t.edges[t.nodes[at].edges:t.nodes[at+1].edges] {
		if e.label == c {
			return e.to
		}
	}
	return 0
}

// of gives the values of a node, nil for one that only leads to others.
func (t *trie[V]) of(at int32) []V {
	if from, to := t.nodes[at].values, t.nodes[at+1].values; from < to {
		return t.values[from:to:to]
	}
	return nil
}

// longest finds the longest term that s begins with and that ends where a word ends. A space in a term answers to any
// run of spaces. The caller has seen to it that a word begins at s[0].
func (t *trie[V]) longest(s string) (n int, values []V) {
	at := int32(0)
	for i := 0; i < len(s); {
		if at, i = t.next(at, s, i); at == 0 {
			break
		}
		if vs := t.of(at); vs != nil && parts(s, i) {
			n, values = i, vs
		}
	}
	return n, values
}

// leads says whether any term begins with s.
func (t *trie[V]) leads(s string) bool {
	at := int32(0)
	for i := 0; i < len(s); {
		if at, i = t.next(at, s, i); at == 0 {
			return false
		}
	}
	return true
}

// next steps from node at over the character at byte i of s, or the run of spaces there; 0: to none.
func (t *trie[V]) next(at int32, s string, i int) (to int32, end int) {
	c := s[i]
	switch {
	case c == ' ' || c == '\t' || c == '\n':
		return t.step(at, ' '), skipSpace(s, i)
	case c < utf8.RuneSelf:
		if !t.exact && 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return t.step(at, c), i + 1
	}
	r, size := utf8.DecodeRuneInString(s[i:])
	if to = t.stepRune(at, r, false); unicode.IsSpace(r) {
		return to, skipSpace(s, i)
	}
	return to, i + size
}

// longestBefore finds the longest term that s ends with and that begins where a word begins, or where a capital is
// glued to the word before it; the terms were entered with addBackward.
func (t *trie[V]) longestBefore(s string) (start int, values []V) {
	at := int32(0)
	start = len(s)
	for i := len(s); i > 0; {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		if unicode.IsSpace(r) {
			at = t.step(at, ' ')
			for i > 0 && unicode.IsSpace(r) {
				i -= size
				r, size = utf8.DecodeLastRuneInString(s[:i])
			}
		} else {
			at = t.stepRune(at, r, true)
			i -= size
		}
		if at == 0 {
			break
		}
		if vs := t.of(at); vs != nil && (parts(s, i) || glued(s, i)) {
			start, values = i, vs
		}
	}
	return start, values
}

func (t *trie[V]) stepRune(at int32, r rune, backward bool) int32 {
	var room [64]byte
	key := appendFold(room[:0], r, t.exact)
	for i := range key {
		c := key[i]
		if backward {
			c = key[len(key)-1-i]
		}
		if at = t.step(at, c); at == 0 {
			return 0
		}
	}
	return at
}

func skipSpace(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsSpace(r) {
			break
		}
		i += size
	}
	return i
}
