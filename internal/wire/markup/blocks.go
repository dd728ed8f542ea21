package markup

// openLeaf opens what text needs where there is none: a paragraph, a list item, a cell.
func (b *Builder) openLeaf() {
	switch t := b.top(); {
	case t.kind&list != 0:
		b.push("li", "", true)
	case t.kind&(table|section|row) != 0:
		b.openBlock("td", "")
		b.blocks[len(b.blocks)-1].auto = true
	default:
		b.push("p", "", true)
	}
}

// openBlock opens a block, and around it what it cannot be without. It is false for what cannot stand here at all.
func (b *Builder) openBlock(tag, attrs string) bool {
	if kinds[tag] == 0 {
		return false
	}
	t := b.top()
	switch tag {
	case "li":
		if t.kind&list == 0 {
			b.push("ul", "", true)
		}
	case "caption", "thead", "tbody", "tfoot":
		if t.kind&table == 0 {
			return false
		}
	case "tr":
		if t.kind&table != 0 {
			b.push("tbody", "", true)
		} else if t.kind&section == 0 {
			return false
		}
	case "td", "th":
		switch {
		case t.kind&(table|section|row) == 0:
			tag, attrs = "p", ""
		case t.kind&row == 0:
			if t.kind&table != 0 {
				b.push("tbody", "", true)
			}
			b.push("tr", "", true)
		}
	case "figcaption":
		if t.tag != "figure" {
			tag, attrs = "p", ""
		}
	default:
		if t.kind&flow == 0 && len(b.blocks) > 0 {
			b.openLeaf()
		}
	}
	b.push(tag, attrs, false)
	if tag == "td" || tag == "th" {
		b.writeBlocks() // an empty cell keeps the columns in their places
	}
	return true
}

func (b *Builder) push(tag, attrs string, auto bool) {
	b.closeInlines(0)
	b.blocks = append(b.blocks, block{tag: tag, attrs: attrs, kind: kinds[tag], auto: auto})
}

// endLeaf closes what takes text only, or was opened for want of something else, so that a block of this tag can follow.
func (b *Builder) endLeaf(tag string) {
	for t := b.top(); t.kind == leaf || t.auto; t = b.top() {
		if tag == "li" && t.kind == list || tag == "tr" && t.kind == section || (tag == "td" || tag == "th") && t.kind&(section|row) != 0 {
			break
		}
		b.closeBlocks(len(b.blocks) - 1)
	}
	b.space, b.breaks = true, 0
}

func (b *Builder) writeBlocks() {
	for i := range b.blocks {
		f := &b.blocks[i]
		if f.written {
			continue
		}
		f.written = true
		b.startTag(f.tag, f.attrs)
		b.part(f.tag)
		if i > 0 {
			b.blocks[i-1].filled = false
		}
	}
}

func (b *Builder) closeBlocks(n int) {
	for len(b.blocks) > n {
		b.closeInlines(0)
		t := b.top()
		b.blocks = b.blocks[:len(b.blocks)-1]
		if t.written {
			b.endTag(t.tag)
			if len(b.blocks) > 0 {
				b.blocks[len(b.blocks)-1].filled = false
			}
			b.part(t.tag)
		}
		b.space, b.breaks = true, 0
	}
}

func (b *Builder) writeInlines() {
	for ; b.written < len(b.inlines); b.written++ {
		b.startTag(b.inlines[b.written].tag, b.inlines[b.written].attrs)
	}
}

func (b *Builder) pushInline(tag, attrs string) {
	for _, in := range b.inlines {
		if in.tag == tag {
			return
		}
	}
	b.inlines = append(b.inlines, inline{tag: tag, attrs: attrs})
}

// closeInlines closes the inline elements that are written, down to n.
func (b *Builder) closeInlines(n int) {
	for ; b.written > n; b.written-- {
		b.endTag(b.inlines[b.written-1].tag)
	}
}

func (b *Builder) startTag(tag, attrs string) {
	b.html.WriteByte('<')
	b.html.WriteString(tag)
	b.html.WriteString(attrs)
	b.html.WriteByte('>')
}

func (b *Builder) endTag(tag string) {
	b.html.WriteString("</")
	b.html.WriteString(tag)
	b.html.WriteByte('>')
}

// part notes how the text before and after the edge of a block is parted: cells by a tab, rows and list items by a
// newline, all else by a blank line.
func (b *Builder) part(tag string) {
	gap := "\n\n"
	switch tag {
	case "td", "th":
		gap = "\t"
	case "tr", "thead", "tbody", "tfoot", "li":
		gap = "\n"
	}
	if b.gap == "" || b.gap == "\t" || gap == "\n\n" {
		b.gap = gap
	}
}

// top is the innermost block, to be looked at before the next one is opened.
func (b *Builder) top() *block {
	if len(b.blocks) == 0 {
		return &outside
	}
	return &b.blocks[len(b.blocks)-1]
}

// outside is where no block is open.
var outside block
