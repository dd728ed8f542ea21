package render

import (
	"fmt"
	"strings"

	"kawat/internal/feed"
)

// nsHistory is the namespace of RFC 5005.
const nsHistory = "http://purl.org/syndication/history/1.0"

// ArchiveFormats are those in which there are archives: ninjs and NewsML-G2 have no place for links to other documents.
var ArchiveFormats = []feed.Format{feed.RSS, feed.Atom, feed.JSON}

// BeforePrefix begins the name, in addresses, of whatever archive document now comes below a position.
const BeforePrefix = "before-"

// archiveEdition is raised whenever the same stories give other bytes than before, in whatever coding, so that no archive
// document changes under its address and no document under its entity tag.
const archiveEdition = 2

// Archive is the address of an archive document of a feed.
func (s Site) Archive(name, archive string, f feed.Format) string {
	return strings.TrimRight(s.BaseURL, "/") + "/feeds/" + name + "/archive/" + archive + "." + string(f)
}

// Imprint implements feed.ArchiveRenderer.
func (r *Renderer) Imprint(def feed.Def) string {
	return fmt.Sprintf("%d %q", archiveEdition, []string{r.site.Title, r.site.BaseURL, def.Name, def.Title, def.Language})
}

// Archive implements feed.ArchiveRenderer. Nothing of it is kept here.
func (r *Renderer) Archive(a *feed.Archive) (*feed.Snapshot, error) {
	d := &documents{renderer: r, view: a.View, items: make([]*item, len(a.View.Entries)), readers: new(readers)}
	for i, e := range a.View.Entries {
		d.items[i] = &item{version: versionOf(e), rights: termsOf(e)}
	}
	d.channel = channelOf(a.View, d.items)
	d.channel.archive, d.channel.older = a.Name, a.Previous
	return &feed.Snapshot{View: a.View, Reserved: d.channel.reserved, Policy: d.channel.policy, Documents: d}, nil
}

// olderThan is the name of the archive document below a view, "" when there is none.
func olderThan(v *feed.View) string {
	if v.Below == nil {
		return ""
	}
	return BeforePrefix + v.Below.String()
}

// related is a link of RFC 5005.
type related struct{ rel, href string }

// history are the links between a feed and its archives: self always, current in an archive, prev-archive where there are older
// stories.
func (ch *channel) history(site Site, v *feed.View, f feed.Format) []related {
	name := v.Def.Name
	links := []related{{"self", site.Feed(name, f)}}
	if ch.archive != "" {
		links = []related{{"self", site.Archive(name, ch.archive, f)}, {"current", site.Feed(name, f)}}
	}
	if ch.older != "" {
		links = append(links, related{"prev-archive", site.Archive(name, ch.older, f)})
	}
	return links
}

// marked is an element without content, and the namespace that it is of; both nil where it is not to stand.
func (ch *channel) marked() (namespace string, archive *struct{}) {
	if ch.archive == "" {
		return "", nil
	}
	return nsHistory, new(struct{})
}
