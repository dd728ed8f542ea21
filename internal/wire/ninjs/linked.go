package ninjs

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// maxLinked is how many media, and how many related stories, a story may have.
const maxLinked = 100

// linked reads what goes with the story: its own renditions, and its associations.
func (it item) linked() {
	if m, ok := it.mediaOf(); ok && m.Type != "" && !strings.HasPrefix(m.Type, "text/") && !strings.HasPrefix(m.Type, "application/") {
		it.addMedia(m)
	}
	v := it.get("associations")
	if v == nil {
		return
	}
	switch v.kind {
	case '{': // ninjs 1: by name
		for i := range v.members {
			it.association(v.members[i].name, &v.members[i].value)
		}
	case '[':
		for i := range v.values {
			it.association(v.values[i].get("name").words(), &v.values[i])
		}
	default:
		it.lenient("related", v, '[', false)
	}
}

// association reads one associated item: the original of a translation, a picture, a related story.
func (it item) association(name string, v *value) {
	if v.kind != '{' {
		if v.kind != 'n' {
			it.lenient("related", v, '{', false)
		}
		return
	}
	a := item{new(wire.Story), it.copy, v}
	a.identity()
	a.status()
	rel := strings.ToLower(v.get("rel").words())
	switch strings.ReplaceAll(rel[strings.LastIndexAny(rel, ":/#")+1:], "-", "") {
	case "alternate":
		return // the same story in another language is no story related to it
	case "translatedfrom", "istranslationof", "translationof":
		t := it.translation()
		if !it.within(a.get("uri").words()) {
			t.Of = a.ID
		}
		if from := markup.Language(v.get("language").words()); from != "" {
			t.From = from
		}
		return
	}
	if a.Status != "" && a.Status != wire.Usable {
		it.AddEvidence("related", "left-out:"+string(a.Status), a.ID)
		return
	}
	until, held, err := v.embargo(it.copy.Profile.Location)
	if err != nil || held || it.future(until) {
		it.AddEvidence("related", "left-out:embargo", a.ID)
		return
	}
	a.headline()
	kind := a.kindOf()
	m, ok := a.mediaOf()
	switch {
	case ok && kind != "text" && kind != "composite":
		it.addMedia(m)
		if terms := a.text("media", "usageterms"); terms != "" {
			it.AddEvidence("media["+strconv.Itoa(len(it.Media)-1)+"]", "stated:terms", terms) // the record has no place for them
		}
	case isMedia(kind):
		it.AddEvidence("media", "left-out:no-address", a.ID)
	default:
		it.related(name, a)
	}
}

// future says whether an associated item's embargo ends later than the story's own. The record holds one embargo only, so
// that such an item cannot go with it, unless the story's version is from after that time.
func (it item) future(until time.Time) bool {
	switch {
	case until.IsZero(), it.Embargo != nil && !until.After(*it.Embargo):
		return false
	}
	return it.Revised.IsZero() || until.After(it.Revised)
}

func isMedia(kind string) bool {
	switch kind {
	case "picture", "graphic", "audio", "video", "animation", "icon":
		return true
	}
	return false
}

// rendition is one file of an item.
type rendition struct {
	name, href, contentType string
	size, width             int64
}

func (v *value) renditions() []rendition {
	var all []rendition
	add := func(name string, r *value) {
		f := rendition{name: strings.ToLower(name), href: markup.WebURL(r.get("href").words(), "http", "https"),
			contentType: strings.ToLower(r.get("contenttype", "mimetype").words()), size: r.get("sizeinbytes").count(), width: r.get("width").count()}
		if f.href != "" {
			all = append(all, f)
		}
	}
	if r := v.get("renditions"); r != nil {
		for i := range r.members { // ninjs 1: by name
			add(r.members[i].name, &r.members[i].value)
		}
		for i := range r.values {
			add(r.values[i].get("name").words(), &r.values[i])
		}
	}
	return all
}

// count reads a whole number that is not negative; 0 where there is none.
func (v *value) count() int64 {
	if v == nil {
		return 0
	}
	n, err := strconv.ParseInt(v.words(), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// mediaOf gives an item's best rendition as the record has it; it fails where none has an address on the web. Best is what
// the sender calls main, else what is widest.
func (it item) mediaOf() (wire.Media, bool) {
	rank := func(r rendition) int {
		switch {
		case r.contentType == "text/html":
			return 5
		case strings.HasPrefix(r.contentType, "text/"), strings.HasPrefix(r.contentType, "application/"):
			return 4 // the text again, unless nothing says what the item is
		case r.name == "main" || r.name == "original" || r.name == "baseimage":
			return 0
		case strings.Contains(r.name, "thumb"), strings.Contains(r.name, "watermark"), strings.Contains(strings.ToLower(r.href), "watermark"):
			return 2
		}
		return 1
	}
	all := it.renditions()
	if kind := map[string]string{"video": "video/", "audio": "audio/"}[it.kindOf()]; kind != "" && slices.ContainsFunc(all, func(r rendition) bool { return strings.HasPrefix(r.contentType, kind) }) {
		all = slices.DeleteFunc(all, func(r rendition) bool { return !strings.HasPrefix(r.contentType, kind) }) // not the still that announces it
	}
	slices.SortStableFunc(all, func(a, b rendition) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		return int(min(max(b.width-a.width, -1), 1))
	})
	if len(all) == 0 || rank(all[0]) == 5 || rank(all[0]) == 4 && it.get("type") != nil {
		return wire.Media{}, false
	}
	m := wire.Media{URL: all[0].href, Type: all[0].contentType, Length: all[0].size}
	if isMedia(it.kindOf()) || it.get("type") == nil {
		m.Caption, m.Credit = summary(it.parts("media", "descriptions", "description")).line(), it.credit()
	}
	return m, true
}

// credit is whom a picture is credited to: who made it and the line to be printed, each once; else who holds the rights.
func (it item) credit() string {
	line := it.get("creditline").words()
	for _, p := range it.parts("media", "descriptions", "description") {
		if p.plainRole() == "creditline" && line == "" {
			line = p.line()
		}
	}
	by := it.get("by", "byline").words()
	switch {
	case by == "" || strings.Contains(line, by):
	case line == "" || strings.Contains(by, line):
		line = by
	default:
		line = by + "/" + line
	}
	for _, name := range []string{"copyrightholder", "copyrightnotice"} {
		if line == "" {
			line = it.get(name).words()
		}
	}
	return line
}

func (it item) addMedia(m wire.Media) {
	if len(it.Media) < maxLinked && !slices.ContainsFunc(it.Media, func(have wire.Media) bool { return have.URL == m.URL }) {
		it.Media = append(it.Media, m)
	}
}

// within says whether an identifier is one within this item, which names nothing outside of it.
func (it item) within(id string) bool {
	uri := it.get("uri").words()
	return uri != "" && strings.HasPrefix(id, uri+"#")
}

// related reads a related story. Its address is that of a page if it has one; an identifier within this item is none.
func (it item) related(name string, a item) {
	l := wire.Link{Title: a.Headline}
	for _, r := range a.renditions() {
		if strings.HasPrefix(r.contentType, "text/html") && l.URL == "" {
			l.URL = r.href
		}
	}
	if id := a.get("uri").words(); l.URL == "" && !it.within(id) {
		l.URL = markup.WebURL(id, "http", "https")
	}
	if l.Title == "" {
		l.Title = markup.Clean(name)
	}
	if l.Title != "" && len(it.Related) < maxLinked && !slices.Contains(it.Related, l) {
		it.Related = append(it.Related, l)
	}
}
