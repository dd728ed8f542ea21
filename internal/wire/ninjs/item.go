package ninjs

import (
	"strconv"
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// Rules of evidence for what is not as the schema has it.
const (
	otherType = "lenient:type" // the value is of another type, and was read all the same
	unread    = "unread:value" // the value could not be read
)

// item is one item that is being read.
type item struct {
	*wire.Story
	copy *wire.Copy
	*value
}

// readItem reads one item.
func readItem(c *wire.Copy, v *value) (*wire.Story, error) {
	if v.kind != '{' {
		return nil, wire.Refuse(wire.NotWellFormed, "It is %s where an item should be: send each item as an object.", v.what())
	}
	it := item{&wire.Story{Evidence: make([]wire.Evidence, 0, 24)}, c, v}
	if err := it.unambiguous(); err != nil {
		return nil, err
	}
	it.identity()
	it.status()
	if err := it.times(); err != nil {
		return nil, err
	}
	it.Urgency = it.urgency()
	if stated := it.text("language", "language"); stated != "" {
		if it.Language = markup.Language(stated); it.Language == "" {
			it.AddEvidence("language", unread, clip(stated, 100))
		}
	}
	it.Slugline = it.text("slugline", "slugline")
	if it.Note = markup.Scrub(it.get("ednote").raw()); it.Note == "" { // its lines matter
		it.Note = it.text("note", "ednote")
	}
	it.headline()
	it.descriptions()
	it.about()
	it.parties()
	it.byline()
	it.rights()
	if err := it.body(); err != nil {
		return nil, err
	}
	if it.Dateline.Place == "" && it.Dateline.Text == "" {
		it.Dateline.Place = it.text("dateline.place", "located")
	}
	it.linked()
	if it.Body.Text == "" && it.Status != wire.Canceled && !c.Headers.Kills() && !it.canDoWithoutText() {
		return nil, it.withoutText()
	}
	return it.Story, nil
}

// unambiguous refuses an item in which a name that decides about publication stands twice with two values.
func (it item) unambiguous() error {
	for _, name := range []string{"uri", "version", "pubstatus", "embargoed", "embargoeduntil", "embargo"} {
		var first *value
		for i := range it.members {
			if m := &it.members[i]; m.name == name {
				if first != nil && !same(first, &m.value) {
					return wire.Refuse(wire.NotWellFormed, "It says %s twice, and not the same: send it once.", name)
				}
				first = &m.value
			}
		}
	}
	return nil
}

// text gives a property as a plain field, and says so in the evidence where it is no string.
func (it item) text(field, name string) string {
	v := it.get(name)
	if v == nil {
		return ""
	}
	words := v.words()
	it.lenient(field, v, '"', words != "")
	return words
}

// lenient notes a value that is not of the kind it should be.
func (it item) lenient(field string, v *value, kind byte, read bool) {
	const enough = 100 // notes tell nothing more
	if byte(v.kind) == kind || kind == '[' && v.kind == 'n' || len(it.Evidence) > enough {
		return
	}
	rule := otherType
	if !read {
		rule = unread
	}
	it.AddEvidence(field, rule, v.what())
}

// identity reads the story's id and its version; 0 when the item states none.
func (it item) identity() {
	it.ID = it.text("id", "uri")
	if stated := it.text("version", "version"); stated != "" {
		v, err := strconv.ParseInt(stated, 10, 64)
		if err != nil || v < 0 {
			it.AddEvidence("version", unread, clip(stated, 100))
			v = 0
		}
		it.Version = v
	}
	if id, version, ok := splitVersion(it.ID, it.Version); ok {
		it.ID, it.Version = strings.TrimSpace(id), version
	}
}

// splitVersion parts the version from an id that ends in it. Ids that end in a number by themselves must stay whole, or
// two stories become one: what is cut off is the revision of a NewsML URN (RFC 3085), or else the very version that the
// item states, behind what is an id already.
func splitVersion(id string, stated int64) (string, int64, bool) {
	cut := strings.LastIndexByte(id, ':')
	if cut < 0 {
		return "", 0, false
	}
	before, tail := id[:cut], id[cut+1:]
	if strings.HasPrefix(id, "urn:newsml:") {
		v, err := strconv.ParseInt(strings.TrimRight(tail, "NUA"), 10, 64)
		return before, v, err == nil && strings.Count(id, ":") == 5 && v > 0 && (stated == 0 || stated == v)
	}
	if stated == 0 || tail != strconv.FormatInt(stated, 10) || strings.HasPrefix(id, "tag:") && strings.Count(id, ":") < 3 {
		return "", 0, false
	}
	last := before[strings.LastIndexAny(before, ":/")+1:]
	digits := 0
	for i := range len(last) {
		if last[i] >= '0' && last[i] <= '9' {
			digits++
		}
	}
	return before, stated, digits >= 4
}

// status reads the pubStatus. One that is not known holds the story: it may mean that it must not be used.
func (it item) status() {
	v := it.get("pubstatus")
	if v == nil {
		return
	}
	stated := strings.ToLower(v.words())
	switch stated[strings.LastIndexAny(stated, ":/")+1:] {
	case "usable":
		it.Status = wire.Usable
	case "":
		if v.kind != '"' {
			it.Status = wire.Withheld
			it.AddEvidence("status", unread, v.what())
		}
	case "canceled", "cancelled", "killed", "recalled", "deleted":
		it.Status, it.Signal = wire.Canceled, wire.Kill
	case "withheld":
		it.Status = wire.Withheld
	default:
		it.Status = wire.Withheld
		it.AddEvidence("status", unread, v.what())
	}
}

// times reads the times. An embargo that cannot be understood refuses the item; a kill waits for none.
func (it item) times() error {
	it.Created = it.time("created", "firstcreated")
	if it.Created.IsZero() {
		it.Created = it.time("created", "contentcreated")
	}
	it.Revised = it.time("revised", "versioncreated")
	if t := it.time("expires", "expires"); !t.IsZero() {
		it.Expires = &t
	}
	if it.Status == wire.Canceled {
		return nil
	}
	until, held, err := it.embargo(it.copy.Profile.Location)
	if err != nil {
		return err
	}
	if held && it.Status != wire.Withheld {
		it.Status = wire.Withheld
		it.AddEvidence("status", "embargo:no-time", "embargoed")
	}
	if !until.IsZero() {
		it.Embargo = &until
	}
	return nil
}

func (it item) time(field, name string) time.Time {
	return dates.Read(it.Story, field, it.text(field, name), it.copy.Profile.Location)
}

// embargo reads until when an item is embargoed, or that it is without saying until when. The later of two counts.
func (v *value) embargo(zone *time.Location) (until time.Time, held bool, err error) {
	for _, name := range [...]string{"embargoed", "embargoeduntil", "embargo", "embargoed_until"} { // the last two are in no schema
		e := v.get(name)
		if e == nil || e.kind == 'f' {
			continue
		}
		if e.kind == 't' {
			held = true
			continue
		}
		stated := e.words()
		if stated == "" && e.kind == '"' {
			continue
		}
		t, ok := dates.Parse(stated, zone)
		if !ok || e.kind != '"' {
			return until, held, wire.Refuse(wire.NotWellFormed, "The embargo ends at %.40q, which is not a time: an embargo must be understood, write it as 2026-11-23T09:00:00+07:00.", e.what())
		}
		if t.After(until) {
			until = t
		}
	}
	return until, held && until.IsZero(), nil
}

// urgency reads 1 to 9; 0 when the item states none.
func (it item) urgency() int {
	v := it.get("urgency")
	if v == nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSuffix(v.words(), ".0"))
	ok := err == nil && n >= 1 && n <= 9
	if !ok && v.words() != "0" && v.words() != "" || v.kind != '0' {
		it.lenient("urgency", v, 0, ok)
	}
	if !ok {
		return 0
	}
	return n
}

// kindOf is the type of an item, as the schema has it in words that a desk reads.
func (v *value) kindOf() string {
	kind := strings.ToLower(v.get("type").words())
	if kind == "" && (v.get("eventdetails") != nil || v.get("plannedcoverage") != nil) {
		return "event"
	}
	return kind
}

// canDoWithoutText says whether an item without a text is a story all the same.
func (it item) canDoWithoutText() bool {
	if kind := it.kindOf(); kind != "" && kind != "text" {
		return false
	}
	for _, p := range it.parts("body", "bodies", "body") {
		if strings.TrimSpace(p.value) != "" {
			return false // what is in it was taken out of it, or could not be read
		}
	}
	if profile := it.get("profile").words(); it.Genre == "" && credit.IsFlash(profile) {
		it.Genre = markup.Clean(profile)
	}
	return running.WithoutText(it.Story)
}

// withoutText refuses an item of which nothing is there to be read.
func (it item) withoutText() error {
	kind := it.kindOf()
	switch kind {
	case "", "text":
		return wire.Refuse(wire.NoText, "Item %.100q has no text of its own: send its text in bodies (ninjs 1: body_text or body_xhtml).", it.ID)
	case "picture", "graphic", "audio", "video", "animation", "icon":
		return wire.Refuse(wire.NoText, "Item %.100q is of type %s and has no text: send it as an association of the story that it goes with.", it.ID, kind)
	}
	return wire.Refuse(wire.NoText, "Item %.100q is of type %.40s and has no text of its own: send the stories in it, each with its text.", it.ID, kind)
}
