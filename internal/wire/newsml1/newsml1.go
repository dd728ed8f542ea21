// Package newsml1 reads NewsML 1.0 to 1.2 (IPTC, 2000 to 2003; not to be confused with NewsML-G2).
package newsml1

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// maxItems is how many news items a message may have.
const maxItems = 1000

// Parse reads a NewsML document that is in UTF-8: a story for each NewsItem with text, a refusal for each one that
// cannot become a story. What an item does not say stays empty. Times without a zone are in the profile's.
//
// A kill needs no text. Errors of the document as a whole are one refusal and no story.
func Parse(c *wire.Copy, data []byte) ([]*wire.Story, []*wire.Refusal) {
	root, err := markup.ParseXML(data)
	if err != nil {
		return nil, []*wire.Refusal{wire.AsRefusal(err)}
	}
	var stories []*wire.Story
	var refusals []*wire.Refusal
	items := 0
	envelope := root.Child("NewsEnvelope")
	for n := range newsItems(root) {
		if items++; items > maxItems {
			return nil, []*wire.Refusal{wire.Refuse(wire.TooLarge, "The NewsML has more than %d news items: send fewer in a message.", maxItems)}
		}
		s, err := readItem(c, n, envelope)
		if err != nil {
			r := wire.AsRefusal(err)
			refusals = append(refusals, wire.Refuse(r.Code, "News item %d: %s", items, r.Sentence))
			continue
		}
		stories = append(stories, s)
	}
	if items == 0 {
		return nil, []*wire.Refusal{wire.Refuse(wire.NoText, "There is no NewsItem in the NewsML: send the item, not its catalog or topics alone.")}
	}
	if items == 1 && len(refusals) == 1 {
		refusals[0].Sentence = strings.TrimPrefix(refusals[0].Sentence, "News item 1: ")
	}
	return stories, refusals
}

// newsItems are the items of a document; for one that is a package with items in it (NewsML 1.2, section 5.9), those.
func newsItems(root *markup.Node) iter.Seq[*markup.Node] {
	return func(yield func(*markup.Node) bool) {
		for n := range root.Children("NewsItem") {
			if n.Find("NewsItem") == nil {
				if !yield(n) {
					return
				}
				continue
			}
			if mainText(n).hasText() && !yield(n) {
				return
			}
			for inner := range n.All("NewsItem") {
				if !yield(inner) {
					return
				}
			}
		}
	}
}

// readItem reads one NewsItem.
func readItem(c *wire.Copy, item, envelope *markup.Node) (*wire.Story, error) {
	s := new(wire.Story)
	s.ID, s.Version = identity(item.Child("Identification", "NewsIdentifier"))
	if err := manage(s, item.Child("NewsManagement"), c.Profile.Location); err != nil {
		return nil, err
	}
	if s.Urgency == 0 {
		s.Urgency = number(envelope.Child("Priority").Attr("FormalName"))
	}
	m := mainText(item)
	m.describe(s, c.Profile)
	if err := m.text(s, c); err != nil {
		return nil, err
	}
	pictures(s, item)
	m.others(s, item)
	s.Note = strings.TrimSpace(m.note(item.Child("NewsManagement")) + "\n" + s.Note)
	if s.Body.Text == "" && s.Status != wire.Canceled && !c.Headers.Kills() && !canDoWithoutText(s, item) {
		return nil, wire.Refuse(wire.NoText, "Item %.100q has no text of its own: send its text in a DataContent.", s.ID)
	}
	return s, nil
}

// canDoWithoutText says whether an item without a text is a story all the same: not where there is some other content.
func canDoWithoutText(s *wire.Story, item *markup.Node) bool {
	for content := range item.All("ContentItem") {
		if content.Attr("Href") != "" || !content.Child("DataContent").Blank() {
			return false
		}
	}
	if kind := item.Child("NewsManagement", "NewsItemType").Attr("FormalName"); s.Genre == "" && credit.IsFlash(kind) {
		s.Genre = markup.Clean(kind)
	}
	return running.WithoutText(s)
}

// identity is the item's id over all revisions, and its revision, 0 when it states none (NewsML 1.2, section 5.3). The
// public identifier ends in the revision; without it the id is put together as a public identifier is.
func identity(n *markup.Node) (id string, revision int64) {
	revision, _ = strconv.ParseInt(n.Child("RevisionId").Words(), 10, 64)
	revision = max(revision, 0)
	provider, date, item := n.Child("ProviderId").Words(), n.Child("DateId").Words(), n.Child("NewsItemId").Words()
	if provider != "" && date != "" && item != "" {
		id = "urn:newsml:" + provider + ":" + date + ":" + item
	}
	public := n.Child("PublicIdentifier").Words()
	if public == "" {
		return id, revision
	}
	// urn:newsml:provider:date:item:revision, the revision with a letter behind it for an update (U) or an addition (A).
	cut := strings.LastIndexByte(public, ':')
	if cut < 0 {
		return public, revision
	}
	stated, err := strconv.ParseInt(strings.TrimRight(public[cut+1:], "NUA"), 10, 64)
	if err != nil || public[:cut] != id && (strings.Count(public, ":") < 5 || stated != revision && revision != 0) {
		return public, revision
	}
	if revision == 0 {
		revision = max(stated, 0)
	}
	return strings.TrimSpace(public[:cut]), revision
}

// manage reads the NewsManagement: times, status, urgency, what this revision does.
func manage(s *wire.Story, n *markup.Node, zone *time.Location) error {
	s.Created = dates.Read(s, "created", n.Child("FirstCreated").Words(), zone)
	s.Revised = dates.Read(s, "revised", n.Child("ThisRevisionCreated").Words(), zone)
	s.Urgency = number(n.Child("Urgency").Attr("FormalName"))
	for i := range n.Children("Instruction") {
		switch strings.ToLower(i.Attr("FormalName")) {
		case "correction", "rectify":
			s.Signal = wire.Correction
		case "update":
			s.Signal = wire.Update
		case "kill", "delete", "cancel", "rescind", "withdraw":
			s.Signal, s.Status = wire.Kill, wire.Canceled
		}
	}
	switch stated := strings.TrimSpace(n.Child("Status").Attr("FormalName")); strings.ToLower(stated) {
	case "", "usable":
	case "canceled", "cancelled", "killed", "deleted", "withdrawn":
		s.Signal, s.Status = wire.Kill, wire.Canceled
	case "withheld":
		s.Status = wire.Withheld
	case "embargoed":
		return embargo(s, n.Child("StatusWillChange"), zone)
	default: // it may mean that the item must not be used
		if s.Status != wire.Canceled {
			s.Status = wire.Withheld
			s.AddEvidence("status", "unread:value", stated)
		}
	}
	return nil
}

// embargo reads until when an embargoed item is held. One that names no time is held until a revision frees it.
func embargo(s *wire.Story, change *markup.Node, zone *time.Location) error {
	if s.Status == wire.Canceled {
		return nil
	}
	v := change.Child("DateAndTime").Words()
	if v == "" || !strings.EqualFold(change.Child("FutureStatus").Attr("FormalName"), "usable") {
		s.Status = wire.Withheld
		s.AddEvidence("status", "embargo:no-time", "Embargoed")
		return nil
	}
	t, ok := dates.Parse(v, zone)
	if !ok {
		return wire.Refuse(wire.NotWellFormed, "The embargo ends at %.40q, which is not a time: write it as 20261123T090000+0700.", v)
	}
	s.Embargo = &t
	return nil
}

// number reads a priority or urgency, 1 to 9; 0 when it is none.
func number(s string) int {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 1 && n <= 9 {
		return n
	}
	return 0
}
