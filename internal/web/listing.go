package web

import (
	"slices"
	"strings"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/wire"
)

// listing is what the site says of one feed in its lists: what its definition says, and what its stories have in common.
type listing struct {
	view *feed.View // what it was made of

	Name, Title string
	Language    string // BCP 47; "" when there are several
	Tongue      string // the language's name in English
	Agency      string // whose reports all of its stories are; "" when there are several
	Stories     int
	Updated     time.Time
	// reserved says that a story's rights are reserved against AI; policy is the one that all such stories have.
	reserved bool
	policy   string
}

func listingOf(v *feed.View) *listing {
	l := &listing{view: v, Name: v.Def.Name, Title: strings.Join(strings.Fields(v.Def.Title), " "), Language: v.Def.Language, Updated: v.Updated}
	if l.Title == "" {
		l.Title = l.Name
	}
	var shared []string
	language := ""
	for _, e := range v.Entries {
		if e.Killed() {
			continue
		}
		l.Stories++
		from := reporters(e.Story)
		if l.Stories == 1 {
			shared, language = from, e.Language
		}
		shared = slices.DeleteFunc(shared, func(name string) bool { return !slices.Contains(from, name) })
		if e.Language != language {
			language = ""
		}
		policy := render.WebAddress(e.Rights.Policy)
		switch {
		case e.Rights.AI != wire.AIReserved:
		case !l.reserved:
			l.reserved, l.policy = true, policy
		case l.policy != policy:
			l.policy = ""
		}
	}
	switch {
	case l.Name == feed.AllName: // whatever it happens to hold, it is for everything
	case v.Def.Filter == "" && strings.HasPrefix(l.Name, "agency-"): // the gateway's own, and named for the agency
		l.Agency = l.Title
	case slices.Contains(shared, l.Title):
		l.Agency = l.Title
	case len(shared) > 0:
		l.Agency = shared[0]
	}
	if l.Language == "" && l.Name != feed.AllName && tongue(language) != "" {
		l.Language = language
	}
	l.Tongue = tongue(l.Language)
	return l
}

// reporters are the agencies whose report a story is.
func reporters(s *wire.Story) []string {
	var names []string
	for _, name := range sources(s, wire.Origin) {
		if name = strings.Join(strings.Fields(name), " "); name != "" {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		names = []string{render.Publisher(s)}
	}
	return names
}

// newsline is one story in a list of headlines.
type newsline struct {
	Title    string
	Language string
	Address  string
	Source   string
	Killed   bool
	Changed  string // "Correction", "Update" and the like, "" for neither
	Released time.Time
}

func newslineOf(site render.Site, e *feed.Entry) newsline {
	n := newsline{
		Title: render.Title(e.Story), Language: e.Language, Address: site.Story(e.Key()), Released: e.Updated(),
		Killed: e.Killed(), Source: render.Publisher(e.Story),
	}
	if n.Killed {
		notice := render.NoticeOf(e)
		n.Title, n.Language, n.Source = notice.Title, notice.Language, e.Provider
		return n
	}
	if line := strings.Join(strings.Fields(e.Attribution.CreditLine), " "); line != "" {
		n.Source = line
	}
	if all, _ := changesOf(e, inEnglish()); len(all) > 0 {
		n.Changed = all[0].Label
	}
	return n
}

func newslinesOf(site render.Site, entries []*feed.Entry) []newsline {
	var lines []newsline
	for _, e := range entries {
		lines = append(lines, newslineOf(site, e))
	}
	return lines
}

// newestOf are the newest stories of some feeds, each once.
func newestOf(views []*feed.View, most int) []*feed.Entry {
	var top []*feed.Entry
	for _, v := range views {
		for _, e := range v.Entries[:min(most, len(v.Entries))] {
			if len(top) == most && !e.Updated().After(top[most-1].Updated()) {
				break // this feed's next ones are older still
			}
			if slices.ContainsFunc(top, func(o *feed.Entry) bool { return o.Key() == e.Key() }) {
				continue
			}
			at, _ := slices.BinarySearchFunc(top, e, newerFirst)
			top = slices.Insert(top, at, e)
			top = top[:min(len(top), most)]
		}
	}
	return top
}

// newerFirst orders stories as feeds do.
func newerFirst(a, b *feed.Entry) int {
	if c := b.Updated().Compare(a.Updated()); c != 0 {
		return c
	}
	return strings.Compare(a.Key().URI(), b.Key().URI())
}
