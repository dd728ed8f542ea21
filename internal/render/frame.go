package render

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"kawat/internal/feed"
)

// description is what a feed says it is.
func description(site Site, ch *channel) string {
	if site.Title == "" || site.Title == ch.title {
		return ch.title
	}
	return ch.title + " — " + site.Title
}

// xmlFrame writes a feed without items and cuts it where they belong, before its closing tags.
func xmlFrame(doc any, closing string) (head, tail []byte, err error) {
	b, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, nil, err
	}
	head, ok := bytes.CutSuffix(b, []byte(closing))
	if !ok {
		return nil, nil, fmt.Errorf("render: the frame of a feed does not end in %q", closing)
	}
	return append(append([]byte(xml.Header), head...), '\n'), []byte(closing[1:] + "\n"), nil
}

// xmlItem writes one item of a feed, as a line of its own.
func xmlItem(v any) ([]byte, error) {
	b, err := xml.MarshalIndent(v, " ", " ")
	return append(b, '\n'), err
}

// headOf cuts what stands before the items into the lines that change with each revision, which have the time of the update or
// the address of the older stories, and what lies between them, which need not be packed again.
func headOf(head []byte, v *feed.View) (parts []*part) {
	clock, older := []byte(v.Updated.UTC().Format("15:04:05")), []byte(olderThan(v))
	from, at, changing := 0, 0, false
	for line := range bytes.Lines(head) {
		changes := bytes.Contains(line, clock) || len(older) > 0 && bytes.Contains(line, older)
		if changes != changing && at > from {
			parts = append(parts, partOf(head[from:at:at]))
			from = at
		}
		at, changing = at+len(line), changes
	}
	if at > from {
		parts = append(parts, partOf(head[from:at:at]))
	}
	return parts
}
