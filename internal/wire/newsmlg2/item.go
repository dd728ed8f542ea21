package newsmlg2

import (
	"slices"
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// item is a newsItem that is being read into a story.
type item struct {
	*wire.Story
	copy    *wire.Copy
	node    *markup.Node
	catalog catalog
}

// readItem reads a newsItem. Its own metadata, which the desk maintains, stand before what the text within says.
func readItem(c *wire.Copy, n, header *markup.Node) (*wire.Story, error) {
	it := item{Story: new(wire.Story), copy: c, node: n, catalog: catalogOf(header, n)}
	it.identity()
	meta := n.Child("itemMeta")
	if err := it.manage(meta); err != nil {
		return nil, err
	}
	it.notes(meta)
	it.links(meta)
	it.content(n.Child("contentMeta"))
	it.rights()
	if err := it.text(); err != nil {
		return nil, err
	}
	it.provide()
	it.place()
	set(&it.Headline, meta.Child("title").Words())
	if it.Body.Text == "" && it.Status != wire.Canceled && !c.Headers.Kills() && !it.canDoWithoutText(meta) {
		return nil, it.withoutText(meta.Child("itemClass"))
	}
	return it.Story, nil
}

// canDoWithoutText says whether an item without a text is a story all the same.
func (it item) canDoWithoutText(meta *markup.Node) bool {
	if class := term(it.catalog.code(meta.Child("itemClass"), "qcode")); class != "" && class != "text" && class != "composite" {
		return false
	}
	for set := range it.node.Children("contentSet") {
		if !set.Blank() || set.Find("remoteContent") != nil {
			return false // there is something in it, which was taken out of it or could not be read
		}
	}
	for _, kind := range []string{term(it.catalog.code(meta.Child("role"), "qcode")), meta.Child("profile").Words()} {
		if it.Genre == "" && credit.IsFlash(kind) {
			it.Genre = markup.Clean(kind)
		}
	}
	return running.WithoutText(it.Story)
}

// withoutText is the refusal of an item that has no text, by what it is instead.
func (it item) withoutText(class *markup.Node) error {
	kind := it.catalog.code(class, "qcode")
	if t := term(kind); t != "" && t != "text" && t != "composite" {
		return wire.Refuse(wire.NoText, "The item %.100q is no text but of the class %.40q: send the text that it goes with, and name its address in a link there.", it.ID, kind)
	}
	return wire.Refuse(wire.NoText, "The item %.100q has no text of its own: send its text in contentSet, as inlineXML or inlineData.", it.ID)
}

// identity reads the item's id over all versions, and its version; 0 when it states none.
func (it item) identity() {
	it.ID = markup.Clean(it.node.Attr("guid"))
	stated := markup.Clean(it.node.Attr("version"))
	if v, err := strconv.ParseInt(stated, 10, 64); err == nil && v > 0 {
		it.Version = v
	} else if stated != "" {
		it.AddEvidence("version", "unread:version", stated)
	}
	cut := strings.LastIndexByte(it.ID, ':')
	if cut < 0 {
		return
	}
	last, err := strconv.ParseInt(strings.TrimRight(it.ID[cut+1:], "NUA"), 10, 64)
	if err != nil || last <= 0 || last != it.Version && it.Version != 0 || !versioned(it.ID[:cut], it.Version != 0) {
		return
	}
	it.ID, it.Version = strings.TrimSpace(it.ID[:cut]), last
}

// versioned says whether a number behind id is a version of it: always where it is urn:newsml:provider:date:item (RFC
// 3085, whose names end in the revision), else only where the item states the same version and id ends in what can name
// an item by itself. A number too many taken off would make two stories one.
func versioned(id string, stated bool) bool {
	if strings.HasPrefix(id, "urn:newsml:") {
		return strings.Count(id, ":") >= 4
	}
	name := id[strings.LastIndexByte(id, ':')+1:]
	return stated && name != id && !strings.Contains(name, ",") && strings.ContainsAny(name, "0123456789")
}

// manage reads what is to become of the item: times, publishing status, embargo, signal.
func (it item) manage(meta *markup.Node) error {
	zone := it.copy.Profile.Location
	it.Created = dates.Read(it.Story, "created", meta.Child("firstCreated").Words(), zone)
	it.Revised = dates.Read(it.Story, "revised", meta.Child("versionCreated").Words(), zone)
	if err := it.status(meta.Child("pubStatus")); err != nil {
		return err
	}
	for n := range meta.Children("expires") {
		if t := dates.Read(it.Story, "expires", n.Words(), zone); !t.IsZero() && (it.Expires == nil || t.Before(*it.Expires)) {
			it.Expires = &t
		}
	}
	for n := range meta.Children("signal") {
		switch t := term(it.catalog.code(n, "qcode")); {
		case strings.Contains(t, "kill") || strings.Contains(t, "cancel") || strings.Contains(t, "withdraw") || t == "retraction":
			it.Signal, it.Status = wire.Kill, wire.Canceled // IPTC has no such signal, but a sender who says so means it
		case it.Signal == wire.Kill:
		case strings.Contains(t, "correct"):
			it.Signal = wire.Correction
		case strings.Contains(t, "update") && it.Signal == wire.NoSignal:
			it.Signal = wire.Update
		}
	}
	if it.Status == wire.Canceled {
		it.Signal = wire.Kill
	}
	return it.embargo(meta.Child("embargoed"))
}

// status reads the pubStatus. One that is none of IPTC's might be a kill.
func (it item) status(n *markup.Node) error {
	code := it.catalog.code(n, "qcode")
	if code == "" {
		code = n.Words()
	}
	switch term(code) {
	case "", "usable":
	case "withheld":
		it.Status = wire.Withheld
	case "canceled", "cancelled", "killed", "deleted":
		it.Status = wire.Canceled
	default:
		return wire.Refuse(wire.NotWellFormed, "The pubStatus %.40q is none of stat:usable, stat:withheld and stat:canceled: say which of them it is.", code)
	}
	return nil
}

// embargo reads until when the item is held. An empty one holds it until a version without it comes (NewsML-G2
// specification, embargoed).
func (it item) embargo(n *markup.Node) error {
	if n == nil || it.Status == wire.Canceled {
		return nil
	}
	v := n.Words()
	if v == "" {
		it.Status = wire.Withheld
		it.AddEvidence("status", "embargo:no-time", "embargoed")
		return nil
	}
	t, ok := dates.Parse(v, it.copy.Profile.Location)
	if !ok {
		return wire.Refuse(wire.NotWellFormed, "The item is embargoed until %.40q, which is not a time: write it as 2026-11-23T09:00:00+07:00.", v)
	}
	it.Embargo = &t
	return nil
}

// notes reads the notes to editors. What a sender keeps from publication stays out of the record, as do the desk's
// signs and the block that says all notes again; the copy itself keeps them.
func (it item) notes(meta *markup.Node) {
	var notes []string
	leave := func(why string) {
		for _, e := range it.Evidence {
			if e.Field == "note" && e.Rule == "left-out:"+why {
				return
			}
		}
		it.AddEvidence("note", "left-out:"+why, "")
	}
	for n := range meta.Children("edNote") {
		note := lines(n)
		if note == "" {
			continue
		}
		switch {
		case n.Attr("pubconstraint") != "" || n.Attr("pubconstrainturi") != "":
			leave("not-for-publication")
		case hasRole(it.catalog.terms(n, "role"), "notepad", "closingline"):
			leave(term(n.Attr("role")))
		case !slices.Contains(notes, note):
			notes = append(notes, note)
		}
	}
	it.Note = strings.Join(notes, "\n")
}

// hasRole says whether one of the terms is one of the names.
func hasRole(terms []string, names ...string) bool {
	return slices.ContainsFunc(terms, func(t string) bool { return slices.Contains(names, t) })
}

// lines gives the text of a note or of usage terms. A line that is indented goes on with the one before it: that is how
// documents are laid out for reading; any other line break is the sender's, and stays.
func lines(n *markup.Node) string {
	var b strings.Builder
	plain(n, &b)
	var out []string
	for i, l := range strings.Split(b.String(), "\n") {
		words := markup.Clean(l)
		if words == "" {
			continue
		}
		if i > 0 && len(out) > 0 && strings.TrimLeft(l, " \t") != l {
			out[len(out)-1] += " " + words
		} else {
			out = append(out, words)
		}
	}
	return strings.Join(out, "\n")
}

func plain(n *markup.Node, b *strings.Builder) {
	if n == nil {
		return
	}
	b.WriteString(n.Text)
	for _, c := range n.Nodes {
		switch c.Name {
		case "br", "p", "li", "div":
			b.WriteByte('\n')
		}
		plain(c, b)
	}
}
