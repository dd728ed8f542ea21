package changes

import "strings"

// Paragraphs compares two texts paragraph by paragraph, which stand apart by blank lines, and those that are likely the
// same paragraph word by word. One that was moved is removed and added.
func Paragraphs(before, after string) []Line {
	a, b := paragraphs(before), paragraphs(after)
	var lines []Line
	next := pair{}
	for _, p := range append(common(a, b), pair{len(a), len(b)}) {
		lines = append(lines, gap(a[next.a:p.a], b[next.b:p.b])...)
		if p.a < len(a) {
			lines = append(lines, Line{{Kept, a[p.a]}})
		}
		next = pair{p.a + 1, p.b + 1}
	}
	return lines
}

func paragraphs(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n\n")
}

// leastAlike is how many of their words two paragraphs must share, from 0 to 1, to be taken for the same.
const leastAlike = 0.4

// gap compares paragraphs of which none is the same in both versions: those that are alike go together.
func gap(a, b []string) []Line {
	var lines []Line
	next := pair{}
	for _, p := range append(alike(a, b), pair{len(a), len(b)}) {
		for _, text := range a[next.a:p.a] {
			lines = append(lines, Line{{Removed, text}})
		}
		for _, text := range b[next.b:p.b] {
			lines = append(lines, Line{{Added, text}})
		}
		if p.a < len(a) {
			lines = append(lines, Words(a[p.a], b[p.b]))
		}
		next = pair{p.a + 1, p.b + 1}
	}
	return lines
}

// alike pairs the paragraphs of two versions that share the most words, without crossing.
func alike(a, b []string) []pair {
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > mostCells/64 { // each cell compares two paragraphs
		return nil
	}
	bags := func(texts []string) (all []map[string]int) {
		for _, t := range texts {
			all = append(all, bag(t))
		}
		return all
	}
	as, bs := bags(a), bags(b)
	return best(len(a), len(b), func(i, j int) float64 {
		if s := similarity(as[i], bs[j]); s >= leastAlike {
			return s
		}
		return 0
	})
}

// bag counts the words of a text.
func bag(text string) map[string]int {
	words := map[string]int{}
	for _, w := range split(text) {
		if strings.TrimSpace(w) != "" {
			words[w]++
		}
	}
	return words
}

// similarity is Dice's coefficient: twice the words that both have, by all words.
func similarity(a, b map[string]int) float64 {
	shared, all := 0, 0
	for w, n := range a {
		shared += min(n, b[w])
		all += n
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(shared) / float64(all)
}

// pair are positions in two lists.
type pair struct{ a, b int }

// mostCells bounds the memory that a comparison takes: 4 bytes for each. What is larger in between equal ends is not
// compared but replaced as a whole.
const mostCells = 1 << 23

// common gives a longest common subsequence of two lists.
func common(a, b []string) []pair {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var pairs []pair
	for i := range head {
		pairs = append(pairs, pair{i, i})
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(x)*len(y) <= mostCells {
		for _, p := range best(len(x), len(y), func(i, j int) float64 {
			if x[i] == y[j] {
				return 1
			}
			return 0
		}) {
			pairs = append(pairs, pair{p.a + head, p.b + head})
		}
	}
	for i := range tail {
		pairs = append(pairs, pair{len(a) - tail + i, len(b) - tail + i})
	}
	return pairs
}

// best pairs n things with m others in their order, so that the sum of what each pair is worth is the greatest. What is worth
// nothing is not paired.
func best(n, m int, worth func(i, j int) float64) []pair {
	if n == 0 || m == 0 {
		return nil
	}
	sums := make([]float32, (n+1)*(m+1)) // of what comes from i, j on
	at := func(i, j int) *float32 { return &sums[i*(m+1)+j] }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			sum := max(*at(i+1, j), *at(i, j+1))
			if w := worth(i, j); w > 0 {
				sum = max(sum, *at(i+1, j+1)+float32(w))
			}
			*at(i, j) = sum
		}
	}
	var pairs []pair
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case *at(i, j) == *at(i+1, j):
			i++
		case *at(i, j) == *at(i, j+1):
			j++
		default:
			pairs = append(pairs, pair{i, j})
			i, j = i+1, j+1
		}
	}
	return pairs
}
