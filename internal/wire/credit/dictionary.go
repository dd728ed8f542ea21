package credit

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"kawat/internal/wire"
)

//go:embed labels/*.yaml agencies.yaml datelines.yaml signals.yaml
var data embed.FS

// entry is what one language calls things: one file of labels/.
type entry struct {
	Language string `yaml:"language"`
	// Near are the languages that share most of this one's frequent words; where only these are found, it is theirs.
	Near []string `yaml:"near"`
	// Labels stand before a colon, by what they name: a role of wire.Credit, "source" or "related".
	Labels map[string][]string `yaml:"labels"`
	// Clauses name people without a colon: "Editing by {names}". A "byline" is believed in the story's own language
	// and above or below its text only, a "source" only of agencies.
	Clauses map[string][]string `yaml:"clauses"`
	// Bracketed are clauses that are believed in brackets only, since sentences open with the same words.
	Bracketed map[string][]string `yaml:"bracketed"`
	// And joins two names; In stands between a name and the place it worked from; Particles are parts of names that
	// are written small.
	And       []string `yaml:"and"`
	In        []string `yaml:"in"`
	Particles []string `yaml:"particles"`
	Weekdays  []string `yaml:"weekdays"`
	// Titles end what a reporter is for an agency: "AP Science Writer".
	Titles []string `yaml:"titles"`
	// Honorifics are written onto the end of a name; Whole are names that begin with the letter of "and"; Places are
	// cities that a dateline has right behind its reporter's name.
	Honorifics []string `yaml:"honorifics"`
	Whole      []string `yaml:"whole"`
	Places     []string `yaml:"places"`
	// Surnames begin a name; where a language lists them, a byline without a colon or brackets needs one.
	Surnames []string `yaml:"surnames"`
	// Saying tells that an agency is quoted. Before and After may have a few words between them and the agency's
	// name; RightBefore and RightAfter only words of Between.
	Saying struct {
		Before      []string `yaml:"before"`
		RightBefore []string `yaml:"rightBefore"`
		After       []string `yaml:"after"`
		RightAfter  []string `yaml:"rightAfter"`
		Between     []string `yaml:"between"`
		// Subject makes the agency the subject of a sentence, Final is the verb towards that sentence's end.
		Subject []string `yaml:"subject"`
		Final   []string `yaml:"final"`
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
	// Notes stand beside the story. Desks open what is meant for editors and is never shown; Readers open, in brackets,
	// what tells of a change; Blocks are lines below the text from which on nothing is for publication. House opens what an
	// agency says of itself below a story. Remarks open what an editor tells readers, also without brackets, and Hints do where
	// they tell of a correction. Corrected and Refiled are the words with which a note tells that, anywhere in it.
	Notes struct {
		Desks   []string `yaml:"desks"`
		Readers []string `yaml:"readers"`
		Blocks  []string `yaml:"blocks"`
		House   []string `yaml:"house"`
		Remarks []string `yaml:"remarks"`
		Hints   []string `yaml:"hints"`

		Corrected []string `yaml:"corrected"`
		Refiled   []string `yaml:"refiled"`
	} `yaml:"notes"`
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

// What labels and clauses may name.
var (
	labelRoles  = []string{wire.Reporter, wire.Translator, wire.Editor, wire.Contributor, wire.Uploader, source, related}
	clauseRoles = []string{byline, wire.Reporter, wire.Translator, wire.Editor, wire.Contributor, wire.Uploader, source}
)

// maxLanguages is how many languages have a bit of their own in the masks of stopwords.
const maxLanguages = 32

// badWord is a word of a dictionary that cannot be what it stands for.
type badWord struct{ word, text string }

func (b *badWord) Error() string { return fmt.Sprintf("%q %s", b.word, b.text) }

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
	labels         trie[term] // backward
	clauses        trie[term] // what stands before the names
	clauseEnds     trie[term] // backward: what stands after the names
	saying         trie[term]
	lookBefore     trie[term] // backward
	lookAfter      trie[term]
	copyright      trie[term]
	openings       trie[term]
	notice         trie[noticeTerm]
	signals        trie[signalTerm] // with the corrections
	signalEnds     trie[signalTerm] // backward: what stands after a time
	signalFirst    trie[signalTerm] // what may stand in front of a kill
	flashes        trie[bool]       // what copy is called that may be nothing but its headline
	notes          trie[term]
	told           trie[term]
	stopwords      map[string]uint32 // the languages that have the word, a bit each
	shortStopwords shortWords        // of them those that have a shortKey
	languages      []string
	near           []uint32 // by language: the bits of those near it
	and            map[string]bool
	in             map[string]bool
	particles      map[string]bool
	weekdays       map[string]bool
	signOffs       map[string]bool
	titles         map[string]bool

	script scriptWords

	agencies    trie[spelling]
	agencyStart [256][256 / 8]byte // a bit for each two bytes that a spelling can begin with
	agencyNames map[string]*agency
	shapes      []shape
}

func newDictionary() *dictionary {
	return &dictionary{
		stopwords: map[string]uint32{}, and: map[string]bool{}, in: map[string]bool{}, titles: map[string]bool{},
		particles: map[string]bool{}, weekdays: map[string]bool{}, signOffs: map[string]bool{}, agencyNames: map[string]*agency{},
		agencies: trie[spelling]{exact: true},
	}
}

// load compiles what is part of the program, and a desk's own words after it.
func load(more ...extension) (*dictionary, error) {
	d := newDictionary()
	files, err := data.ReadDir("labels")
	if err != nil {
		return nil, err
	}
	var entries []*entry
	for _, f := range files {
		e := new(entry)
		if err := read("labels/"+f.Name(), e); err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	var agencies []*agency
	if err := read("agencies.yaml", &agencies); err != nil {
		return nil, err
	}
	for _, m := range more {
		agencies = append(agencies, m.agencies...)
		if m.entry != nil {
			entries = append(entries, m.entry)
		}
	}
	for _, e := range entries {
		if !slices.Contains(d.languages, e.Language) {
			d.languages = append(d.languages, e.Language)
		}
	}
	if len(d.languages) > maxLanguages {
		return nil, fmt.Errorf("%d languages are more than the %d that can be told apart", len(d.languages), maxLanguages)
	}
	d.near = make([]uint32, len(d.languages))
	for _, e := range entries {
		if err := d.add(e); err != nil {
			return nil, err
		}
	}
	for _, a := range agencies {
		d.addAgency(a)
	}
	var signals []signalEntry
	if err := read("signals.yaml", &signals); err != nil {
		return nil, err
	}
	for i := range signals {
		d.addSignals(&signals[i])
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
	d.shortStopwords.fill(d.stopwords)
	w := &d.script
	for _, t := range []interface{ fix() }{
		&d.labels, &d.clauses, &d.clauseEnds, &d.saying, &d.lookBefore, &d.lookAfter, &d.copyright, &d.openings, &d.notice, &d.signals, &d.signalEnds, &d.signalFirst, &d.flashes, &d.notes, &d.told,
		&d.agencies, &w.bracketed, &w.and, &w.honorifics, &w.places, &w.subjects, &w.surnames,
	} {
		t.fix()
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
	at := slices.Index(d.languages, e.Language)
	bit := uint32(1) << at
	for _, n := range e.Near {
		if i := slices.Index(d.languages, n); i >= 0 {
			d.near[at] |= 1 << i
		}
	}
	for role, labels := range e.Labels {
		if !slices.Contains(labelRoles, role) {
			return &badWord{role, "is no role of a label: use one of " + strings.Join(labelRoles, ", ")}
		}
		for _, l := range labels {
			d.labels.addBackward(l, term{role, e.Language})
		}
	}
	for role, clauses := range e.Clauses {
		if !slices.Contains(clauseRoles, role) {
			return &badWord{role, "is no role of a clause: use one of " + strings.Join(clauseRoles, ", ")}
		}
		for _, c := range clauses {
			before, after, ok := strings.Cut(c, "{names}")
			before, after = strings.TrimSpace(before), strings.TrimSpace(after)
			if !ok || (before == "") == (after == "") {
				return &badWord{c, "does not say where the names stand: write {names} at its one end or its other"}
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
	for _, w := range e.Corrections {
		d.signals.add(w, signalTerm{kind: Correction, language: e.Language})
	}
	terms(&d.notes, "desks", e.Notes.Desks)
	terms(&d.notes, "readers", e.Notes.Readers)
	terms(&d.notes, "blocks", e.Notes.Blocks)
	terms(&d.notes, "house", e.Notes.House)
	terms(&d.notes, "remarks", e.Notes.Remarks)
	terms(&d.notes, "hints", e.Notes.Hints)
	terms(&d.told, string(Correction), e.Notes.Corrected)
	terms(&d.told, string(Update), e.Notes.Refiled)
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
	if err := d.addScript(e); err != nil {
		return err
	}
	set(d.and, e.And)
	set(d.in, e.In)
	set(d.particles, e.Particles)
	set(d.weekdays, e.Weekdays)
	set(d.signOffs, e.SignOffs)
	set(d.titles, e.Titles)
	return nil
}

func (d *dictionary) startsAgency(s string) {
	d.agencyStart[s[0]][s[1]/8] |= 1 << (s[1] % 8)
}

// mayStartAgency rules out most places of a text at which no agency's name begins.
func (d *dictionary) mayStartAgency(s string, i int) bool {
	return i+1 < len(s) && d.agencyStart[s[i]][s[i+1]/8]&(1<<(s[i+1]%8)) != 0
}

func (d *dictionary) addAgency(a *agency) {
	if known := d.agencyNames[fold(a.Name)]; known != nil { // a desk has more spellings of it
		a.Name, a.Relay = known.Name, known.Relay || a.Relay
	}
	enter := func(s string, word bool) {
		d.agencies.add(s, spelling{a, word})
		d.startsAgency(s)
		d.startsAgency(norm.NFKD.String(s))
		d.startsAgency(width.Widen.String(s)) // ＡＰ通信
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
	if a := folded(words().agencyNames, name); a != nil {
		return a.Name
	}
	return name
}
