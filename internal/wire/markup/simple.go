package markup

import (
	"strings"

	"golang.org/x/net/html"

	"kawat/internal/wire"
)

// simple reads the plain HTML that most copy is made of, without building a tree: known tags, properly nested in a
// way that a browser reads as it is written, attributes in quotes. It leaves everything else to thorough (false); where
// it does read, the two agree.
func simple(s string) (wire.Body, bool) {
	var b Builder
	b.html.Grow(len(s) + len(s)/8)
	b.text.Grow(len(s))
	var stack [16]openTag
	depth := 0
	for len(s) > 0 {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			i = len(s)
		}
		if i > 0 {
			if !b.plainText(s[:i], stack[:depth]) {
				return wire.Body{}, false
			}
			if s = s[i:]; s == "" {
				break
			}
		}
		t, rest, ok := readTag(s)
		if !ok {
			return wire.Body{}, false
		}
		s = rest
		switch {
		case t.end:
			if depth == 0 || stack[depth-1].name != t.name {
				return wire.Body{}, false
			}
			depth--
			b.Close(stack[depth].mark)
		case t.name == "br":
			if depth > 0 && kinds[stack[depth-1].name]&list != 0 {
				return wire.Body{}, false
			}
			b.Break()
		case depth == len(stack) || !fits(t.name, stack[:depth]):
			return wire.Body{}, false
		default:
			o := openTag{name: t.name}
			if t.name == "a" {
				o.mark = b.Link(t.href)
			} else {
				o.mark = b.Open(t.name)
			}
			stack[depth] = o
			depth++
		}
	}
	return b.Body(), depth == 0
}

type openTag struct {
	name string
	mark Mark
}

// plainText writes text between tags. Text right in a list, and a NUL anywhere, are not simple.
func (b *Builder) plainText(s string, stack []openTag) bool {
	if n := len(stack); n > 0 && kinds[stack[n-1].name]&list != 0 && strings.TrimSpace(s) != "" {
		return false
	}
	if strings.IndexByte(s, 0) >= 0 {
		return false
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	b.Text(s)
	return true
}

// fits says whether a browser leaves an element where it stands.
func fits(name string, stack []openTag) bool {
	parent := ""
	if n := len(stack); n > 0 {
		parent = stack[n-1].name
	}
	if name == "a" || inlineTags[name] {
		for _, o := range stack {
			if o.name == name {
				return false
			}
		}
		return kinds[parent]&list == 0
	}
	if name == "li" {
		return kinds[parent]&list != 0
	}
	return parent == "" || parent == "li" || parent == "blockquote"
}

type tag struct {
	name string
	href string
	end  bool
}

// readTag reads the tag at the head of s.
func readTag(s string) (t tag, rest string, ok bool) {
	s = s[1:]
	if strings.HasPrefix(s, "/") {
		t.end = true
		s = s[1:]
	}
	n := 0
	for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || s[n] >= '0' && s[n] <= '9') {
		n++
	}
	switch t.name = s[:n]; t.name {
	case "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "em", "strong", "b", "i", "sub", "sup", "code", "a":
	case "br":
		if t.end {
			return t, "", false
		}
	default:
		return t, "", false
	}
	s = s[n:]
	for seen := false; ; {
		space := strings.TrimLeft(s, " \n\t")
		if strings.HasPrefix(space, ">") {
			return t, space[1:], true
		}
		if t.name == "br" && strings.HasPrefix(space, "/>") {
			return t, space[2:], true
		}
		if len(space) == len(s) || t.end {
			return t, "", false
		}
		name, value, after, ok := readAttr(space)
		if !ok {
			return t, "", false
		}
		if name == "href" {
			if seen {
				return t, "", false
			}
			t.href, seen = value, true
		}
		s = after
	}
}

// readAttr reads an attribute in double quotes.
func readAttr(s string) (name, value, rest string, ok bool) {
	n := 0
	for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || s[n] == '-') {
		n++
	}
	if n == 0 || !strings.HasPrefix(s[n:], `="`) {
		return "", "", "", false
	}
	name, s = s[:n], s[n+2:]
	end := strings.IndexByte(s, '"')
	if end < 0 {
		return "", "", "", false
	}
	value, rest = s[:end], s[end+1:]
	// An entity in an attribute ends by other rules than one in text; only the common one is read here.
	value = strings.ReplaceAll(value, "&amp;", "\x00")
	if strings.ContainsAny(value, "&\r") || strings.Count(value, "\x00") != strings.Count(s[:end], "&amp;") {
		return "", "", "", false
	}
	return name, strings.ReplaceAll(value, "\x00", "&"), rest, true
}
