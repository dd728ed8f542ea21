package ninjs

import (
	"strings"

	"kawat/internal/wire/markup"
)

// readHTML reads a body in HTML. Most agencies send what is XML as well, of few elements; read as that it takes a third of
// the time. Where a browser might see it in another way, it is read as a browser does.
func readHTML(s string) (*markup.Node, error) {
	if root := plainHTML(s); root != nil {
		return root, nil
	}
	return markup.ParseHTML(s)
}

// plainHTML gives HTML that means the same in XML, nil where that is not certain.
func plainHTML(s string) *markup.Node {
	if strings.Contains(s, "<!") || strings.Contains(s, "<?") || strings.Contains(s, "&#") || strings.Contains(s, "/>") || strings.ContainsAny(s, "\r\x00") {
		return nil
	}
	root, err := markup.ParseXML([]byte("<div>" + s + "</div>"))
	if err != nil || !isPlain(root, false) {
		return nil
	}
	return root
}

// isPlain says whether elements stand only where a browser leaves them, none of them of a kind that it treats by itself.
func isPlain(n *markup.Node, inLine bool) bool {
	for _, c := range n.Nodes {
		inner := true
		switch c.Name {
		case "":
			continue
		case "p", "h2", "h3", "h4":
			if inLine {
				return false
			}
		case "div", "section", "article", "blockquote", "ul", "ol":
			if inLine {
				return false
			}
			inner = false
		case "li":
			if n.Name != "ul" && n.Name != "ol" {
				return false
			}
		case "em", "strong", "sub", "sup", "span":
		default:
			return false
		}
		if !isPlain(c, inner) {
			return false
		}
	}
	return true
}
