package webfeed

import (
	"slices"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
)

// extension is what an entry says in other namespaces than its own, by gofeed's prefixes.
type extension ext.Extensions

func (x extension) values(prefix, name string) []string {
	var all []string
	for _, e := range x[prefix][name] {
		if v := markup.Clean(e.Value); v != "" {
			all = append(all, v)
		}
	}
	return all
}

func (x extension) value(prefix, name string) string {
	for _, v := range x.values(prefix, name) {
		return v
	}
	return ""
}

// deletedIn gives the deleted entries of a feed (RFC 6721), whatever prefix their namespace has.
func deletedIn(x extension) []ext.Extension {
	var all []ext.Extension
	for _, names := range x {
		all = append(all, names["deleted-entry"]...)
	}
	slices.SortStableFunc(all, func(a, b ext.Extension) int { return strings.Compare(a.Attrs["ref"], b.Attrs["ref"]) })
	return all
}

// draft says that an entry is a draft and not to be shown (RFC 5023, 13.1.1), whatever prefix its namespace has.
func (x extension) draft() bool {
	for _, names := range x {
		for _, control := range names["control"] {
			for _, d := range control.Children["draft"] {
				if strings.EqualFold(strings.TrimSpace(d.Value), "yes") {
					return true
				}
			}
		}
	}
	return false
}

// mediaIn takes what Media RSS says, also in groups.
func (e *entry) mediaIn(media map[string][]ext.Extension) {
	for _, group := range media["group"] {
		e.mediaIn(group.Children)
	}
	first := func(of map[string][]ext.Extension, name string) string {
		for _, x := range of[name] {
			return markup.Clean(x.Value)
		}
		return ""
	}
	for _, m := range media["content"] {
		one := wire.Media{URL: m.Attrs["url"], Type: m.Attrs["type"], Length: size(m.Attrs["fileSize"])}
		if one.Type == "" && m.Attrs["medium"] == "image" {
			one.Type = "image"
		}
		for _, of := range []map[string][]ext.Extension{m.Children, media} {
			set(&one.Credit, first(of, "credit"))
			set(&one.Caption, first(of, "description"))
			set(&one.Caption, first(of, "title"))
		}
		e.addMedia(one)
	}
	if len(e.media) == 0 {
		for _, m := range media["thumbnail"] {
			e.addMedia(wire.Media{URL: m.Attrs["url"], Type: "image"})
		}
	}
	for _, v := range media["keywords"] {
		for word := range strings.SplitSeq(v.Value, ",") {
			e.category("", word, "")
		}
	}
}

// addMedia adds a picture or other file, or what is new of one that is there. A type that is only the half of one is left
// out: a reader cannot use it.
func (e *entry) addMedia(m wire.Media) {
	if m.URL = markup.WebURL(m.URL, "http", "https"); m.URL == "" {
		return
	}
	if m.Type = strings.ToLower(markup.Clean(m.Type)); !strings.Contains(m.Type, "/") {
		m.Type = ""
	}
	m.Credit, m.Caption = markup.Clean(m.Credit), markup.Clean(m.Caption)
	for i := range e.media {
		if old := &e.media[i]; old.URL == m.URL {
			set(&old.Type, m.Type)
			set(&old.Credit, m.Credit)
			set(&old.Caption, m.Caption)
			old.Length = max(old.Length, m.Length)
			return
		}
	}
	e.media = append(e.media, m)
}

// vocabularies are IPTC's, by the addresses that feeds name them with.
var vocabularies = map[string]string{
	"http://cv.iptc.org/newscodes/mediatopic/":  "medtop:",
	"http://cv.iptc.org/newscodes/subjectcode/": "subj:",
}

// category takes a category: with a vocabulary it is a subject, without one a keyword.
func (e *entry) category(scheme, term, label string) {
	scheme, term, label = markup.Clean(scheme), markup.Clean(term), markup.Clean(label)
	switch prefix := vocabularies[scheme]; {
	case term == "":
	case prefix != "" && strings.Trim(term, "0123456789") == "":
		e.subjects = append(e.subjects, wire.Subject{Code: prefix + term, Name: label})
	case scheme != "":
		set(&label, term)
		e.subjects = append(e.subjects, wire.Subject{Name: label})
	default:
		e.keywords = append(e.keywords, term)
	}
}

// own takes what a feed of this gateway's says beyond all others, in its namespace: so a story that went through another
// gateway comes out as it was.
func own(s *wire.Story, x extension) {
	const kawat = "kawat"
	if len(x[kawat]) == 0 {
		return
	}
	if v, err := strconv.ParseInt(x.value(kawat, "version"), 10, 64); err == nil && v > 0 {
		s.Version = v
	}
	s.Status, s.Signal = statusOf(x.value(kawat, "status")), signalOf(x.value(kawat, "signal"))
	if n, err := strconv.Atoi(x.value(kawat, "urgency")); err == nil && n >= 1 && n <= 9 {
		s.Urgency = n
	}
	s.Slugline, s.Byline = x.value(kawat, "slugline"), x.value(kawat, "byline")
	for _, d := range x[kawat]["dateline"] {
		s.Dateline = wire.Dateline{Text: markup.Clean(d.Value), Place: markup.Clean(d.Attrs["place"]), Agency: markup.Clean(d.Attrs["agency"]), Date: markup.Clean(d.Attrs["date"])}
	}
	for _, v := range x[kawat]["source"] {
		addSource(s, v.Value, v.Attrs["role"])
	}
	for _, v := range x[kawat]["credit"] {
		addCredit(s, v.Value, v.Attrs["role"])
	}
	s.Attribution.CreditLine = x.value(kawat, "creditLine")
	for _, t := range x[kawat]["translation"] {
		s.Translation = &wire.Translation{Of: markup.Clean(t.Attrs["of"]), From: t.Attrs["from"], To: t.Attrs["to"], Method: markup.Clean(t.Attrs["method"])}
	}
	s.Rights.Terms = x.value(kawat, "terms")
	s.Rights.AI = aiOf(x.value(kawat, "ai"))
	for _, t := range x[kawat]["territories"] {
		s.Rights.Territories = wire.Territories{Allow: append([]string(nil), strings.Fields(t.Attrs["allow"])...), Deny: append([]string(nil), strings.Fields(t.Attrs["deny"])...)}
	}
	for _, v := range x[kawat]["subject"] {
		s.Subjects = append(s.Subjects, wire.Subject{Code: markup.Clean(v.Attrs["code"]), Name: markup.Clean(v.Value)})
	}
	s.Genre, s.Note = x.value(kawat, "genre"), x.value(kawat, "note")
	for _, v := range x[kawat]["related"] {
		addRelated(s, v.Value, v.Attrs["href"])
	}
}

// dublinCore takes the terms of Dublin Core and RSL.
func dublinCore(s *wire.Story, x extension) {
	set(&s.Rights.Holder, x.value("dcterms", "rightsHolder"))
	if year, err := strconv.Atoi(x.value("dcterms", "dateCopyrighted")); err == nil && year >= 1900 && year < 2100 && s.Rights.Year == 0 {
		s.Rights.Year = year
	}
	set(&s.Rights.Policy, markup.WebURL(x.value("dcterms", "license"), "http", "https"))
	s.Places = x.values("dcterms", "spatial")
	for _, name := range x.values("dc", "source") {
		addSource(s, name, wire.Origin)
	}
	for _, r := range x["rsl"]["content"] {
		for _, license := range r.Children["license"] {
			for _, p := range license.Children["prohibits"] {
				if use := strings.ToLower(p.Value); p.Attrs["type"] == "usage" && (strings.Contains(use, "ai") || strings.Contains(use, "all")) && s.Rights.AI == "" {
					s.Rights.AI = wire.AIReserved
					s.AddEvidence("rights.ai", "rsl:prohibits", markup.Clean(p.Value))
				}
			}
		}
	}
}

func addSource(s *wire.Story, name, role string) {
	if role != wire.Cited && role != wire.Distributor {
		role = wire.Origin
	}
	one := wire.Source{Name: credit.Agency(markup.Clean(name)), Role: role}
	if one.Name != "" && !slices.Contains(s.Attribution.Sources, one) {
		s.Attribution.Sources = append(s.Attribution.Sources, one)
	}
}

func addCredit(s *wire.Story, name, role string) {
	switch role {
	case wire.Reporter, wire.Translator, wire.Editor, wire.Uploader:
	default:
		role = wire.Contributor
	}
	one := wire.Credit{Name: markup.Clean(name), Role: role}
	if one.Name != "" && !slices.Contains(s.Attribution.Credits, one) {
		s.Attribution.Credits = append(s.Attribution.Credits, one)
	}
}

func addRelated(s *wire.Story, title, address string) {
	one := wire.Link{Title: markup.Clean(title), URL: markup.WebURL(address, "http", "https")}
	set(&one.Title, one.URL)
	if one.Title == "" {
		return
	}
	for _, r := range s.Related {
		if r == one || r.Title == one.Title && one.URL == "" {
			return
		}
	}
	s.Related = append(s.Related, one)
}

func statusOf(v string) wire.Status {
	switch status := wire.Status(v); status {
	case wire.Usable, wire.Withheld, wire.Canceled:
		return status
	}
	return ""
}

func signalOf(v string) wire.Signal {
	switch signal := wire.Signal(v); signal {
	case wire.Update, wire.Correction, wire.Kill, wire.Takedown, wire.Reinstate:
		return signal
	}
	return wire.NoSignal
}

func aiOf(v string) wire.AIUse {
	switch use := wire.AIUse(v); use {
	case wire.AIReserved, wire.AIAllowed, wire.AIUnspecified:
		return use
	}
	return ""
}

// size reads a number of bytes, 0 if it is none.
func size(v string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
	if err != nil || n < 0 || n > wire.MaxVersion {
		return 0
	}
	return n
}

// set fills a field that is empty.
func set(field *string, value string) {
	if *field == "" {
		*field = strings.TrimSpace(value)
	}
}
