// Package wire is kawat's domain: the story record, who is credited in it, whose rights it carries, and which
// of two versions of a story stands. It does no input or output and knows no infrastructure.
package wire

import "time"

// Story is one version of a story: the canonical record that STORIES keeps and every feed is made of. Names
// follow IPTC's where IPTC has one (ninjs, NewsML-G2).
//
// A Story is a value; whoever shares one between goroutines does not change it.
type Story struct {
	// ID is the provider's identity of the story, the same for all of its versions. It is unique within a
	// provider, not between providers: see Key.
	ID string `json:"id"`
	// Provider is the name of who delivered the copy to us, as in wire.in.<provider>.
	Provider string `json:"provider"`
	// Version is the provider's version, from 1. Copy that states none takes the version that stands.
	Version int64 `json:"version"`
	// Status says whether the story may be used (IPTC pubStatus).
	Status Status `json:"status"`
	// Signal says what this version does to the one before it; empty for a first version.
	Signal Signal `json:"signal"`
	// Urgency is 1 (most urgent) to 9; 0 when the copy states none.
	Urgency int `json:"urgency,omitzero"`
	// Language is a BCP 47 tag, "und" when it is not known.
	Language string `json:"language"`

	Headline string   `json:"headline"`
	Slugline string   `json:"slugline,omitzero"`
	Byline   string   `json:"byline,omitzero"`
	Summary  string   `json:"summary,omitzero"`
	Dateline Dateline `json:"dateline,omitzero"`
	Body     Body     `json:"body"`

	// Created and Revised are the provider's times, in UTC; zero when the copy states none.
	Created time.Time `json:"created,omitzero"`
	Revised time.Time `json:"revised,omitzero"`
	// Embargo is the instant before which nothing of this version may be shown; nil: none.
	Embargo *time.Time `json:"embargo"`
	// Lifted says that the sender has lifted the embargo that an earlier version had.
	Lifted bool `json:"lifted,omitzero"`
	// Expires is the instant from which this version is no longer shown; nil: never.
	Expires *time.Time `json:"expires"`

	Subjects []Subject `json:"subjects,omitempty"`
	Places   []string  `json:"places,omitempty"`
	Keywords []string  `json:"keywords,omitempty"`
	Genre    string    `json:"genre,omitzero"`
	// Note is the editor's note that goes with the story to its readers (ninjs edNote).
	Note string `json:"note,omitzero"`

	Attribution Attribution `json:"attribution"`
	// Translation is nil when the story is not a translation.
	Translation *Translation `json:"translation"`
	// Translations are the stories that translate this one and may be used, in the order of their languages.
	Translations []Counterpart `json:"translations,omitempty"`
	Rights       Rights        `json:"rights"`
	Related      []Link        `json:"related,omitempty"`
	Media        []Media       `json:"media,omitempty"`
	// Evidence says for each field that was taken from running text, or inferred, from which words and by
	// which rule.
	Evidence []Evidence `json:"evidence,omitempty"`
	Received Received   `json:"received"`

	// Desk is the desk's last word on the story: it stands above the copy's, over all later versions too. nil: none.
	Desk *Decision `json:"desk,omitempty"`
	// Awaits is, of a killed story, the last embargo that copy stated which came since: it holds the story should it be
	// brought back. nil: none.
	Awaits *time.Time `json:"awaits,omitempty"`
	// Inherited are the fields that this version does not state and has from an earlier one, with that one's version:
	// "embargo", "expires", "translation.of".
	Inherited map[string]int64 `json:"inherited,omitempty"`
	// Reinstated is where on WIRE the story was last brought back after a kill, 0: never. What came before it, kills too,
	// is stale.
	Reinstated uint64 `json:"reinstated,omitzero"`
	// Linked is the desk's last order on WIRE that named the story's original, or took the link away; 0: the copy says it.
	Linked uint64 `json:"linked,omitzero"`
	// Placed is the instant whose place in the feeds this record keeps, since it changes nothing that readers must see
	// anew; zero: it takes the place of its own time.
	Placed time.Time `json:"placed,omitzero"`
}

// Status is IPTC's pubStatus.
type Status string

const (
	Usable   Status = "usable"
	Withheld Status = "withheld"
	// Canceled is final: no late or repeated copy brings the story back.
	Canceled Status = "canceled"
)

// Signal says what a version does to the story.
type Signal string

const (
	NoSignal   Signal = ""
	Update     Signal = "update"
	Correction Signal = "correction"
	Kill       Signal = "kill"
	// Takedown is a kill for want of rights, not of truth: it has its own notice.
	Takedown Signal = "takedown"
	// Reinstate brings a killed story back; no other signal does.
	Reinstate Signal = "reinstate"
)

// Dateline is where, when and by which agency the copy was filed, as the copy says it: "Tokyo (ANTARA)".
type Dateline struct {
	Text   string `json:"text,omitzero"`
	Place  string `json:"place,omitzero"`
	Agency string `json:"agency,omitzero"`
	Date   string `json:"date,omitzero"`
}

// Body is the story's text without dateline, credits and notices. HTML is sanitised and well-formed (a sequence
// of block elements); Text is the same words with a blank line between paragraphs.
type Body struct {
	HTML string `json:"html"`
	Text string `json:"text"`
}

// Subject is a topic, by preference an IPTC media topic ("medtop:11000000").
type Subject struct {
	Code string `json:"code,omitzero"`
	Name string `json:"name,omitzero"`
}

// Attribution says where the story comes from and who worked on it.
type Attribution struct {
	Sources []Source `json:"sources"`
	Credits []Credit `json:"credits"`
	// CreditLine is how the story is to be credited in print: "ANTARA/Kyodo".
	CreditLine string `json:"creditLine,omitzero"`
}

// Source is an agency or other body that the story comes from or quotes.
type Source struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

// Roles of a Source.
const (
	Origin      = "origin"      // whose report it is
	Cited       = "cited"       // quoted in the text as having reported something
	Distributor = "distributor" // passed it on
)

// Credit is a person who worked on the story.
type Credit struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

// Roles of a Credit.
const (
	Reporter    = "reporter"
	Translator  = "translator"
	Editor      = "editor"
	Contributor = "contributor"
	Uploader    = "uploader"
)

// Translation says that the story was put into its language from another.
type Translation struct {
	// Of is the ID of the original where the copy or the desk names it, else empty.
	Of string `json:"of"`
	// Provider is who delivered the original to us; "" until it has come.
	Provider string `json:"provider,omitzero"`
	// Embargo is the one of the original, which is kept for what was made of it too; nil: none.
	Embargo *time.Time `json:"embargo,omitzero"`
	// Expires is when the original is no longer shown, and so not linked to either; nil: never.
	Expires *time.Time `json:"expires,omitzero"`
	// From and To are BCP 47 tags; From is "und" when the copy does not say.
	From string `json:"from"`
	To   string `json:"to"`
	// Method is "human", "machine" or "" when nothing says which.
	Method string `json:"method"`
	// Original is what became of the original since; nil: nothing that the translation's readers have to know.
	Original *Fate `json:"original,omitempty"`
}

// Rights are the story's own rights, completed by the provider's defaults where the copy is silent.
type Rights struct {
	Holder string `json:"holder,omitzero"`
	Year   int    `json:"year,omitzero"`
	// Notice is the copyright notice as it is to be shown: "Copyright © ANTARA 2026".
	Notice string `json:"notice,omitzero"`
	// Terms are the usage terms, verbatim.
	Terms string `json:"terms,omitzero"`
	// AI says whether crawling, mining or training is reserved.
	AI AIUse `json:"ai"`
	// Policy is the address of a licence or policy document.
	Policy      string      `json:"policy,omitzero"`
	Territories Territories `json:"territories,omitzero"`
}

// AIUse is the reservation of rights against AI and text-and-data mining (article 4 of directive (EU) 2019/790,
// W3C TDMRep).
type AIUse string

const (
	AIReserved    AIUse = "reserved"
	AIAllowed     AIUse = "allowed"
	AIUnspecified AIUse = "unspecified"
)

// Territories limit where a story may be published; ISO 3166-1 alpha-2 codes.
type Territories struct {
	Allow []string `json:"allow,omitempty"`
	Deny  []string `json:"deny,omitempty"`
}

// Link points to a related story ("Baca juga", "Read also"). URL may be empty.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Media is a picture or other file that goes with the story, by address.
type Media struct {
	URL     string `json:"url"`
	Type    string `json:"type,omitzero"`
	Credit  string `json:"credit,omitzero"`
	Caption string `json:"caption,omitzero"`
	// Length is the file's size in bytes, 0 when it is not known.
	Length int64 `json:"length,omitzero"`
}

// Evidence is why the record says what it says about one field.
type Evidence struct {
	// Field is the field's path in the record: "attribution.credits[0]".
	Field string `json:"field"`
	// Rule names what found it: "label:translator:id". A rule that begins with "inferred:" made the value up
	// from other words; one that begins with "header:" took it from the message's header.
	Rule string `json:"rule"`
	// Text is the words it was taken from.
	Text string `json:"text"`
}

// Received is how the copy came to us.
type Received struct {
	// Format is the format it was in: "copytext", "newsml1", "anpa" and so on.
	Format string `json:"format"`
	// Sequence is the copy's sequence on WIRE; 0 for copy that was never there (kawat decode).
	Sequence uint64 `json:"sequence,omitzero"`
	// Digest tells whether two messages are the same copy: see Copy.Digest.
	Digest string `json:"digest"`
	// At is the server's time of the copy on WIRE.
	At time.Time `json:"at,omitzero"`
	// Unversioned says that the copy stated no version and took the one that stood.
	Unversioned bool `json:"unversioned,omitzero"`
	// Status is the copy's own, where the story's is another: the desk's decision or the original's fate has changed it.
	Status Status `json:"status,omitzero"`
	// Trace is the trace that follows the copy, as a traceparent (W3C Trace Context); "" for none. It is no part of the record.
	Trace string `json:"-"`
}

// AddEvidence appends an evidence line.
func (s *Story) AddEvidence(field, rule, text string) {
	s.Evidence = append(s.Evidence, Evidence{Field: field, Rule: rule, Text: text})
}

// Key is the story's identity within the gateway.
func (s *Story) Key() Key { return Key{Provider: s.Provider, ID: s.ID} }
