package credit

import (
	"embed"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"

	"kawat/internal/wire"
)

//go:embed labels/*.yaml agencies.yaml datelines.yaml
var data embed.FS

// entry is what one language calls things: one file of labels/.
type entry struct {
	Language string `yaml:"language"`
	// Labels stand before a colon, by what they name: a role of wire.Credit, "source" or "related".
	Labels map[string][]string `yaml:"labels"`
	// Clauses name people without a colon: "Editing by {names}". A "byline" is believed in the story's own language
	// and above or below its text only.
	Clauses map[string][]string `yaml:"clauses"`
	// And joins two names; In stands between a name and the place it worked from; Particles are parts of names that
	// are written small.
	And       []string `yaml:"and"`
	In        []string `yaml:"in"`
	Particles []string `yaml:"particles"`
	Weekdays  []string `yaml:"weekdays"`
	// Saying tells that an agency is quoted. Before and After may have a few words between them and the agency's
	// name; RightBefore and RightAfter only words of Between.
	Saying struct {
		Before      []string `yaml:"before"`
		RightBefore []string `yaml:"rightBefore"`
		After       []string `yaml:"after"`
		RightAfter  []string `yaml:"rightAfter"`
		Between     []string `yaml:"between"`
	} `yaml:"saying"`
	// Lookalikes beside an agency's name make it a street, a building, a company.
	Lookalikes struct {
		Before []string `yaml:"before"`
		After  []string `yaml:"after"`
	} `yaml:"lookalikes"`
	// Copyright begins a notice; Reserved may end one.
	Copyright []string `yaml:"copyright"`
	Reserved  []string `yaml:"reserved"`
	// Notice is the wording of usage terms: how one opens, what forbids, what is protected (Self: this very copy),
	// and the uses by machines that it speaks of.
	Notice struct {
		Opens   []string `yaml:"opens"`
		Forbids []string `yaml:"forbids"`
		Self    []string `yaml:"self"`
		Work    []string `yaml:"work"`
		AI      []string `yaml:"ai"`
	} `yaml:"notice"`
	// SignOffs end copy, alone on the last line.
	SignOffs []string `yaml:"signOffs"`
	// Corrections begin the headline of a correction.
	Corrections []string `yaml:"corrections"`
	// Stopwords are frequent in this language and rare in the others.
	Stopwords []string `yaml:"stopwords"`
}

// term is one word or phrase of a language, and what it stands for there.
type term struct {
	role     string
	language string
}

const (
	source  = "source"
	related = "related"
	byline  = "byline"
)

type agency struct {
	Name      string   `yaml:"name"`
	Spellings []string `yaml:"spellings"`
	Words     []string `yaml:"words"`
	Relay     bool     `yaml:"relay"`
}

// spelling is one way of writing an agency's name.
type spelling struct {
	*agency
	word bool // also an ordinary word
}

// dictionary is all entries, compiled. It does not change after load.
type dictionary struct {
	labels     trie[term] // backward
	clauses    trie[term] // what stands before the names
	clauseEnds trie[term] // backward: what stands after the names
	saying     trie[term]
	lookBefore trie[term] // backward
	lookAfter  trie[term]
	copyright  trie[term]
	openings   trie[term]
	notice     trie[noticeTerm]
	correction trie[term]
	stopwords  map[string]uint32 // the languages that have the word, a bit each
	languages  []string
	and        map[string]bool
	in         map[string]bool
	particles  map[string]bool
	weekdays   map[string]bool
	signOffs   map[string]bool

	agencies    trie[spelling]
	agencyStart [256][256 / 8]byte // a bit for each two bytes that a spelling can begin with
	agencyNames map[string]*agency
	shapes      []shape
}

// words gives the compiled dictionary. The data are part of the program: if they cannot be read, it cannot run.
var words = sync.OnceValue(func() *dictionary {
	d, err := load()
	if err != nil {
		panic("credit: " + err.Error())
	}
	return d
})

func load() (*dictionary, error) {
	d := &dictionary{
		stopwords: map[string]uint32{}, and: map[string]bool{}, in: map[string]bool{},
		particles: map[string]bool{}, weekdays: map[string]bool{}, signOffs: map[string]bool{}, agencyNames: map[string]*agency{},
		agencies: trie[spelling]{exact: true},
	}
	files, err := data.ReadDir("labels")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		var e entry
		if err := read("labels/"+f.Name(), &e); err != nil {
			return nil, err
		}
		if err := d.add(&e); err != nil {
			return nil, fmt.Errorf("labels/%s: %w", f.Name(), err)
		}
	}
	var agencies []*agency
	if err := read("agencies.yaml", &agencies); err != nil {
		return nil, err
	}
	for _, a := range agencies {
		d.addAgency(a)
	}
	var shapes []string
	if err := read("datelines.yaml", &shapes); err != nil {
		return nil, err
	}
	for _, s := range shapes {
		sh, err := compileShape(s)
		if err != nil {
			return nil, fmt.Errorf("datelines.yaml: %w", err)
		}
		d.shapes = append(d.shapes, sh)
	}
	return d, nil
}

func read(name string, into any) error {
	b, err := data.ReadFile(name)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (d *dictionary) add(e *entry) error {
	bit := uint32(1) << len(d.languages)
	d.languages = append(d.languages, e.Language)
	for role, labels := range e.Labels {
		switch role {
		case wire.Reporter, wire.Translator, wire.Editor, wire.Contributor, wire.Uploader, source, related:
		default:
			return fmt.Errorf("no such role: %s", role)
		}
		for _, l := range labels {
			d.labels.addBackward(l, term{role, e.Language})
		}
	}
	for role, clauses := range e.Clauses {
		for _, c := range clauses {
			before, after, ok := strings.Cut(c, "{names}")
			before, after = strings.TrimSpace(before), strings.TrimSpace(after)
			if !ok || (before == "") == (after == "") {
				return fmt.Errorf("%q: give {names} at one end", c)
			}
			if before != "" {
				d.clauses.add(before, term{role, e.Language})
			} else {
				d.clauseEnds.addBackward(after, term{role, e.Language})
			}
		}
	}
	terms := func(t *trie[term], role string, list []string) {
		for _, w := range list {
			t.add(w, term{role, e.Language})
		}
	}
	terms(&d.saying, "before", e.Saying.Before)
	terms(&d.saying, "rightBefore", e.Saying.RightBefore)
	terms(&d.saying, "after", e.Saying.After)
	terms(&d.saying, "rightAfter", e.Saying.RightAfter)
	terms(&d.saying, "between", e.Saying.Between)
	terms(&d.saying, "between", e.Weekdays)
	terms(&d.lookAfter, "", e.Lookalikes.After)
	for _, w := range e.Lookalikes.Before {
		d.lookBefore.addBackward(w, term{"", e.Language})
	}
	terms(&d.copyright, "copyright", e.Copyright)
	terms(&d.copyright, "reserved", e.Reserved)
	terms(&d.openings, "", e.Notice.Opens)
	terms(&d.correction, "", e.Corrections)
	for _, n := range []struct {
		bits wording
		list []string
	}{
		{forbids, e.Notice.Forbids}, {self, e.Notice.Self},
		{work, e.Notice.Work}, {byMachine, e.Notice.AI},
	} {
		for _, w := range n.list {
			d.notice.add(w, noticeTerm{n.bits, e.Language})
		}
	}
	for _, w := range e.Stopwords {
		d.stopwords[fold(w)] |= bit
	}
	set := func(m map[string]bool, list []string) {
		for _, w := range list {
			m[fold(w)] = true
		}
	}
	set(d.and, e.And)
	set(d.in, e.In)
	set(d.particles, e.Particles)
	set(d.weekdays, e.Weekdays)
	set(d.signOffs, e.SignOffs)
	return nil
}

func (d *dictionary) startsAgency(s string) { d.agencyStart[s[0]][s[1]/8] |= 1 << (s[1] % 8) }

// mayStartAgency rules out most places of a text at which no agency's name begins.
func (d *dictionary) mayStartAgency(s string, i int) bool {
	return i+1 < len(s) && d.agencyStart[s[i]][s[i+1]/8]&(1<<(s[i+1]%8)) != 0
}

func (d *dictionary) addAgency(a *agency) {
	enter := func(s string, word bool) {
		d.agencies.add(s, spelling{a, word})
		d.startsAgency(s)
		d.startsAgency(norm.NFKD.String(s))
		if a.Name != "" {
			d.agencyNames[fold(s)] = a
		}
	}
	for _, s := range a.Spellings {
		enter(s, false)
		if up := strings.ToUpper(s); up != s && s[0] < utf8.RuneSelf {
			enter(up, false)
		}
	}
	for _, s := range a.Words {
		enter(s, true)
	}
	if a.Name != "" {
		d.agencyNames[fold(a.Name)] = a
	}
}

// Agency gives the name the record uses for a news agency, by any spelling of it, in any case: "共同通信" and "KYODO
// NEWS" are "Kyodo". A name that is not in the dictionary comes back as it is, without spaces around it.
func Agency(name string) string {
	name = squeeze(name)
	if a := words().agencyNames[fold(name)]; a != nil {
		return a.Name
	}
	return name
}
