package config

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong in the configuration.
type Problem struct {
	File string
	// Line and Column are where it is in the file, from 1; both are 0 for the file as a whole.
	Line, Column int
	// Key is the path of the key: "feeds[2].filter"; empty for the file as a whole.
	Key string
	// Text is what is wrong and what to do.
	Text string
}

func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if p.Key != "" {
		b.WriteString(": " + p.Key)
	}
	return b.String() + ": " + p.Text
}

// Problems is everything that is wrong in the configuration, in the order of the file.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// nearest finds the known key that was most likely meant; "" when none is near.
func nearest(key string, known []string) string {
	best, limit := "", 1+len(key)/3
	for _, k := range known {
		if d := distance(key, k); d <= limit && (best == "" || d < distance(key, best)) {
			best = k
		}
	}
	if best != "" || len(key) < 3 {
		return best
	}
	for _, k := range known {
		if strings.HasPrefix(k, key) || strings.HasPrefix(key, k) {
			return k
		}
	}
	return ""
}

// distance is how many letters have to be put in, taken out or changed to make b of a (Levenshtein's).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
