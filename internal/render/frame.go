package render

import (
	"bytes"
	"encoding/xml"
	"fmt"
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
