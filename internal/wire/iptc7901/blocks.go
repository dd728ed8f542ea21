package iptc7901

import (
	"encoding/xml"
	"strconv"
	"strings"

	"kawat/internal/wire/markup"
)

// blocksOf parts the lines of a text into paragraphs, which empty or indented lines part, lists and tables.
func blocksOf(lines []string) []*markup.Node {
	blocks := make([]*markup.Node, 0, 24)
	for len(lines) > 0 {
		if lines[0] == "" {
			lines = lines[1:]
			continue
		}
		n := 1
		switch {
		case isRow(lines[0]):
			for n < len(lines) && isRow(lines[n]) {
				n++
			}
			blocks = append(blocks, table(lines[:n]))
		case columns(lines) > 1:
			n = columns(lines)
			blocks = append(blocks, block("pre", strings.Join(lines[:n], "\n")))
		default:
			dashed := isItem(lines[0], "-–•")
			listed := isItem(lines[0], "*+")
			for n < len(lines) && lines[n] != "" && !isRow(lines[n]) {
				if isItem(lines[n], "*+") {
					listed = true
				} else if isIndented(lines[n]) && !listed {
					break
				}
				n++
			}
			blocks = appendParagraph(blocks, lines[:n], dashed)
		}
		lines = lines[n:]
	}
	return blocks
}

// block is an element that has nothing but text in it, made at once: a story has hundreds.
func block(name, words string) *markup.Node {
	b := new(struct {
		element, text markup.Node
		nodes         [1]*markup.Node
	})
	b.text.Text = words
	b.nodes[0] = &b.text
	b.element = markup.Node{Name: name, Nodes: b.nodes[:]}
	return &b.element
}

// appendParagraph appends lines that stand together, as a paragraph, and as a list from the first of them that begins an
// item.
func appendParagraph(to []*markup.Node, lines []string, dashed bool) []*markup.Node {
	signs := "*+"
	if dashed {
		signs = "-–•"
	}
	var words, item strings.Builder
	var list *markup.Node
	end := func() {
		if text := markup.Clean(item.String()); text != "" {
			list.Nodes = append(list.Nodes, block("li", text))
		}
		item.Reset()
	}
	for _, line := range lines {
		switch {
		case isRule(line):
		case isItem(line, signs):
			if list == nil {
				list = &markup.Node{Name: "ul"}
			}
			end()
			line = strings.TrimSpace(line)
			item.WriteString(line[strings.IndexByte(line, ' ')+1:])
		case list != nil:
			item.WriteString(" " + strings.TrimSpace(line))
		default:
			if words.Len() > 0 {
				words.WriteByte(' ')
			}
			words.WriteString(strings.TrimSpace(line))
		}
	}
	if text := markup.Clean(words.String()); text != "" {
		to = append(to, block("p", text))
	}
	if list != nil {
		end()
		to = append(to, list)
	}
	return to
}

// isItem says whether a line begins an item of a list, with one of the signs and a space.
func isItem(line, signs string) bool {
	line = strings.TrimLeft(line, " ")
	for _, sign := range signs {
		if rest, ok := strings.CutPrefix(line, string(sign)+" "); ok && strings.TrimSpace(rest) != "" {
			return !isRule(line)
		}
	}
	return false
}

// isRule says whether a line only parts what stands above it from what stands below: "* * * *".
func isRule(line string) bool {
	return len(line) > 2 && strings.Trim(line, "*-_=. ") == "" && strings.Count(line, " ") < len(line)
}

func isIndented(line string) bool {
	return strings.HasPrefix(line, "   ") || strings.HasPrefix(line, "\t")
}

// isRow says whether a line is a row of a table with strokes between its cells.
func isRow(line string) bool { return strings.HasPrefix(line, "|") && strings.Count(line, "|") > 1 }

// table reads rows with strokes between their cells. A row with one cell is a head over all columns.
func table(lines []string) *markup.Node {
	rows := make([][]string, 0, len(lines))
	width := 0
	for _, line := range lines {
		cells := strings.Split(strings.TrimSuffix(strings.TrimSpace(line)[1:], "|"), "|")
		rows = append(rows, cells)
		width = max(width, len(cells))
	}
	t := &markup.Node{Name: "table"}
	for _, cells := range rows {
		row := &markup.Node{Name: "tr"}
		for _, words := range cells {
			cell := block("td", markup.Clean(words))
			if len(cells) == 1 && width > 1 {
				cell.Name = "th"
				cell.Attrs = []xml.Attr{{Name: xml.Name{Local: "colspan"}, Value: strconv.Itoa(width)}}
			}
			row.Nodes = append(row.Nodes, cell)
		}
		t.Nodes = append(t.Nodes, row)
	}
	return t
}

// columns says how many lines from the first on are set in columns, with at least three spaces or a tab between words;
// lines that are not count where the next is.
func columns(lines []string) int {
	n, set := 0, 0
	for n < len(lines) && lines[n] != "" && !isRow(lines[n]) {
		inner := strings.TrimSpace(lines[n])
		if strings.Contains(inner, "   ") || strings.Contains(inner, "\t") {
			set++
		} else if n > 0 || len(inner) > 60 {
			break
		}
		n++
	}
	if set < 2 {
		return 0
	}
	return n
}
