// Package nitf reads NITF 3.x (IPTC News Industry Text Format), on its own and as the text of NewsML.
package nitf

import (
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// Parse reads a NITF document, with or without namespace, that is in UTF-8. What the document does not say stays empty;
// errors are refusals.
func Parse(c *wire.Copy, data []byte) (*wire.Story, error) {
	root, err := markup.ParseXML(data)
	if err != nil {
		return nil, err
	}
	s := new(wire.Story)
	if err := Fill(s, c, root); err != nil {
		return nil, err
	}
	return s, nil
}

// Fill reads a nitf element into the fields of s that are still empty, and its body. So NewsML's own metadata, which
// the desk maintains, stand before those of the text within.
func Fill(s *wire.Story, c *wire.Copy, root *markup.Node) error {
	f := filler{Story: s, copy: c}
	set(&s.Language, root.Attr("lang"))
	set(&s.Language, root.Child("body").Attr("lang"))
	if err := f.docdata(root.Find("docdata")); err != nil {
		return err
	}
	tobject := root.Child("head", "tobject")
	f.subjects(tobject)
	set(&f.Genre, markup.Clean(tobject.Child("tobject.property").Attr("tobject.property.type")))
	f.head(root.Find("body.head"))
	set(&s.Headline, root.Child("head", "title").Words())
	blocks := f.content(root)
	if len(blocks) > 0 {
		running.SetBody(s, c, blocks)
	}
	return nil
}

// content gives the blocks of the text and of its tagline. A body may have several contents (NITF 3.6, body); those of
// notes above the text are none of them.
func (f filler) content(root *markup.Node) []*markup.Node {
	var contents []*markup.Node
	for n := range root.Child("body").Children("body.content") {
		contents = append(contents, n)
	}
	if len(contents) == 0 {
		if n := root.Find("body.content"); n != nil {
			contents = append(contents, n)
		}
	}
	var blocks []*markup.Node
	for _, content := range contents {
		for n := range content.All("media") {
			if m, ok := running.MediaOf(n); ok {
				f.Media = append(f.Media, m)
			}
		}
		f.notesWithin(content)
		blocks = append(blocks, running.Blocks(content)...)
	}
	if tagline := root.Find("tagline"); tagline != nil && len(contents) > 0 {
		blocks = append(blocks, &markup.Node{Name: "p", Nodes: tagline.Nodes})
	}
	return blocks
}

type filler struct {
	*wire.Story
	copy *wire.Copy
}

// docdata reads the management data.
func (f filler) docdata(d *markup.Node) error {
	if d == nil {
		return nil
	}
	f.identity(d)
	if n, err := strconv.Atoi(d.Child("urgency").Attr("ed-urg")); err == nil && n >= 1 && n <= 9 && f.Urgency == 0 {
		f.Urgency = n
	}
	zone := f.copy.Profile.Location
	if f.Created.IsZero() {
		f.Created = dates.Read(f.Story, "created", d.Child("date.issue").Attr("norm"), zone)
	}
	if v := d.Child("date.release").Attr("norm"); strings.TrimSpace(v) != "" && f.Embargo == nil {
		t, ok := dates.Parse(v, zone)
		if !ok {
			return wire.Refuse(wire.NotWellFormed, "The release time in date.release (%.40q) is not a time: an embargo must be understood, write it as 20261123T090000+0700.", v)
		}
		f.Embargo = &t
	}
	if f.Embargo == nil && strings.EqualFold(strings.TrimSpace(d.Attr("management-status")), "embargoed") {
		f.Status = wire.Withheld // until someone says when
		f.AddEvidence("status", "embargo:no-time", "embargoed")
	}
	if v := d.Child("date.expire").Attr("norm"); f.Expires == nil {
		if t := dates.Read(f.Story, "expires", v, zone); !t.IsZero() {
			f.Expires = &t
		}
	}
	if f.Note == "" {
		var notes []string
		for n := range d.Children("ed-msg") {
			notes = add(notes, markup.Clean(n.Attr("info")))
		}
		f.Note = strings.Join(notes, "\n")
	}
	if n := d.Child("doc.copyright"); n != nil {
		set(&f.Rights.Holder, markup.Clean(n.Attr("holder")))
		if year, err := strconv.Atoi(n.Attr("year")); err == nil && year >= 1900 && year < 2100 && f.Rights.Year == 0 {
			f.Rights.Year = year
		}
	}
	f.docRights(d)
	f.hops(d.Child("del-list"))
	for k := range d.Child("key-list").Children("keyword") {
		f.Keywords = add(f.Keywords, markup.Clean(k.Attr("key")))
	}
	f.about(d)
	return nil
}

// identity reads which document this is, which version, and what becomes of it.
func (f filler) identity(d *markup.Node) {
	status := d.Attr("management-status")
	id := documentID(d.Child("doc-id"))
	if other := d.Attr("management-doc-idref"); other != "" && statusOf(d.Attr("management-idref-status")) == wire.Canceled {
		// This document says of another that it is canceled: what it cancels is that story.
		id, status = markup.Clean(other), "canceled"
	} else if n := d.Child("correction"); n != nil {
		if f.Signal == wire.NoSignal {
			f.Signal = wire.Correction
		}
		set(&f.Note, markup.Clean(n.Attr("info")))
		if corrected := documentID(n); corrected != "" {
			id = corrected
		}
	}
	set(&f.ID, id)
	if f.Status == "" {
		if f.Status = statusOf(status); f.Status == wire.Canceled {
			f.Signal = wire.Kill
		}
	}
	key := d.Child("du-key")
	set(&f.Slugline, markup.Clean(key.Attr("key")))
	if v, err := strconv.ParseInt(key.Attr("version"), 10, 64); err == nil && v > 0 && f.Version == 0 {
		f.Version = v
	}
}

// documentID is an id-string, with the register that it is from unless it is unique in the world by itself.
func documentID(n *markup.Node) string {
	id := markup.Clean(n.Attr("id-string"))
	if source := markup.Clean(n.Attr("regsrc")); id != "" && source != "" && !strings.HasPrefix(id, "urn:") &&
		!strings.HasPrefix(id, "tag:") && !strings.Contains(id, "://") {
		return source + "/" + id
	}
	return id
}

// statusOf reads a management-status. What is embargoed is usable once its release time has come.
func statusOf(s string) wire.Status {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "usable", "embargoed":
		return wire.Usable
	case "withheld":
		return wire.Withheld
	case "canceled", "cancelled", "killed", "deleted":
		return wire.Canceled
	}
	return ""
}

// head reads what stands above the text.
func (f filler) head(h *markup.Node) {
	if h == nil {
		return
	}
	set(&f.Headline, h.Child("hedline", "hl1").Words())
	f.bylines(h)
	f.source(h.Child("distributor").Words(), wire.Distributor)
	if n := h.Child("dateline"); n != nil {
		place, date := n.Child("location").Words(), n.Child("story.date").Words()
		if place != "" && date != "" {
			set(&f.Dateline.Text, place+", "+date)
		}
		set(&f.Dateline.Text, n.Words())
		set(&f.Dateline.Place, place)
		set(&f.Dateline.Date, date)
	}
	if n := h.Child("abstract"); n != nil {
		set(&f.Summary, markup.Clean(running.Body(running.Blocks(n)).Text))
	}
	for n := range h.Child("hedline").Children("hl2") {
		if words := n.Words(); f.Summary != "" && words != "" && !strings.Contains(f.Summary, words) {
			f.Summary = words + " — " + f.Summary // a second line of the headline, above the abstract
			continue
		}
		set(&f.Summary, n.Words())
	}
	f.notes(h)
	f.rights(h.Child("rights"))
}

// rights reads the statement of rights above the text. It is terms unless it tells its parts.
func (f filler) rights(n *markup.Node) {
	if n == nil {
		return
	}
	set(&f.Rights.Holder, n.Find("rights.owner").Words())
	set(&f.Rights.Holder, n.Find("copyrite.holder").Words())
	if year, err := strconv.Atoi(n.Find("copyrite.year").Words()); err == nil && year >= 1900 && year < 2100 && f.Rights.Year == 0 {
		f.Rights.Year = year
	}
	var terms []string
	for _, part := range []string{"rights.limitations", "rights.geography", "rights.type"} {
		for c := range n.All(part) {
			terms = add(terms, c.Words())
		}
	}
	if len(terms) == 0 && n.Find("rights.owner") == nil && n.Find("rights.agent") == nil {
		terms = add(terms, n.Words())
	}
	set(&f.Rights.Terms, strings.Join(terms, "\n"))
}

// set fills a field that is empty.
func set(field *string, value string) {
	if *field == "" {
		*field = strings.TrimSpace(value)
	}
}

// add appends a word, unless it is empty.
func add(to []string, word string) []string {
	if word == "" {
		return to
	}
	return append(to, word)
}
