package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Copy is one message as a desk or partner sent it: the bytes, what its headers say of it, and whom it came from.
type Copy struct {
	Data []byte
	// ContentType is the message's Content-Type header; it may be empty or wrong.
	ContentType string
	Headers     Headers
	Profile     *Profile
}

// Headers are what the sender may say of its copy outside of it. What a header says wins over the copy.
type Headers struct {
	StoryID       string     // Kawat-Story-Id
	Version       int64      // Kawat-Version; 0: not stated
	Signal        Signal     // Kawat-Signal
	Headline      string     // Kawat-Headline
	TranslationOf string     // Kawat-Translation-Of
	Embargo       *time.Time // Kawat-Embargo, RFC 3339
	Lifted        bool       // Kawat-Embargo: none
	Withhold      bool       // Kawat-Signal: withhold, or unpublish
}

// Kills says that the headers make a kill of the copy, which then needs no text.
func (h *Headers) Kills() bool { return h.Signal == Kill || h.Signal == Takedown }

// Names of the headers of a message on WIRE.
const (
	HeaderStoryID       = "Kawat-Story-Id"
	HeaderVersion       = "Kawat-Version"
	HeaderSignal        = "Kawat-Signal"
	HeaderHeadline      = "Kawat-Headline"
	HeaderTranslationOf = "Kawat-Translation-Of"
	HeaderEmbargo       = "Kawat-Embargo"
	HeaderContentType   = "Content-Type"
	// HeaderTrace is the trace that follows the copy (W3C Trace Context, section 3.2).
	HeaderTrace = "traceparent"
)

// ReadHeaders reads the headers of a message through get, which returns "" for a header that is not there. A header
// that cannot be read is a Refusal with code "bad-header": an embargo that is not understood must not be passed over.
func ReadHeaders(get func(name string) string) (Headers, error) {
	h := Headers{
		StoryID:       strings.TrimSpace(get(HeaderStoryID)),
		Headline:      strings.TrimSpace(get(HeaderHeadline)),
		TranslationOf: strings.TrimSpace(get(HeaderTranslationOf)),
	}
	if v := strings.TrimSpace(get(HeaderVersion)); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 1 || n > MaxVersion {
			return h, Refuse(BadHeader, "%s is %q: give a whole number from 1 to %d", HeaderVersion, v, int64(MaxVersion))
		}
		h.Version = n
	}
	switch s := Signal(strings.ToLower(strings.TrimSpace(get(HeaderSignal)))); s {
	case NoSignal, Update, Correction, Kill, Takedown, Reinstate:
		h.Signal = s
	case "withhold", "unpublish":
		h.Withhold = true
	default:
		return h, Refuse(BadHeader, "%s is %q: give update, correction, kill, takedown, withhold (or unpublish) or reinstate", HeaderSignal, string(s))
	}
	if v := strings.TrimSpace(get(HeaderEmbargo)); strings.EqualFold(v, "none") {
		h.Lifted = true
	} else if v != "" {
		t, err := time.Parse(time.RFC3339, v)
		if err != nil {
			return h, Refuse(BadHeader, "%s is %q: give a time with its zone, as 2026-11-23T09:00:00+07:00, or none to lift it", HeaderEmbargo, v)
		}
		t = t.UTC()
		h.Embargo = &t
	}
	return h, nil
}

// MaxVersion is the highest version a story may have; it stays exact in every store we use.
const MaxVersion = 1<<53 - 1

// Digest tells whether two messages are the same copy: the SHA-256 of the bytes, and of what the headers say when
// they say anything (the same text sent once as a story and once as a kill is not the same copy).
func (c *Copy) Digest() string {
	h := sha256.New()
	h.Write(c.Data)
	if c.Headers != (Headers{}) {
		embargo := ""
		if c.Headers.Embargo != nil {
			embargo = c.Headers.Embargo.Format(time.RFC3339Nano)
		}
		fmt.Fprintf(h, "\x00%q %d %q %q %q %q %t %t", c.Headers.StoryID, c.Headers.Version, c.Headers.Signal,
			c.Headers.Headline, c.Headers.TranslationOf, embargo, c.Headers.Lifted, c.Headers.Withhold)
	}
	var sum [sha256.Size]byte
	return string(hex.AppendEncode([]byte("sha256:"), h.Sum(sum[:0])))
}

// Profile is what is known of a provider beforehand: what its copy leaves out.
type Profile struct {
	Name     string // as in wire.in.<name>
	Agency   string // as in print: "Kyodo"
	Language string // BCP 47; "" when it sends several
	Location *time.Location
	Charset  string // IANA name; "" for UTF-8
	Rights   Rights // defaults for copy that states none
	// Identity parts ids that carry the version in a way of the provider's own: see IdentityPattern. nil: they do not.
	Identity *regexp.Regexp
	// MaxBytes is the most bytes that a message may have; 0: what decode takes by default.
	MaxBytes int64
	// Orphans is the status that the provider's translations take when their original is killed or withheld: Withheld (also
	// for ""), Canceled, or Usable to be marked only.
	Orphans Status
	// Generic says that nobody has described this provider: the record is marked so.
	Generic bool
}

// maxPattern is the most bytes that an identity's pattern may have.
const maxPattern = 500

// IdentityPattern compiles the pattern of a provider's ids: a regular expression (RE2) that a whole id matches, with the
// named groups "id", which stays the same over all versions, and "version", which is a whole number.
func IdentityPattern(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("it is longer than %d bytes", maxPattern)
	}
	whole, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return nil, err
	}
	if names := whole.SubexpNames(); !slices.Contains(names, "id") || !slices.Contains(names, "version") {
		return nil, errors.New("it needs the groups (?P<id>…) and (?P<version>…)")
	}
	return whole, nil
}

// Identify parts an id by the provider's pattern. ok is false where there is no pattern or the id is not of its kind.
func (p *Profile) Identify(raw string) (id string, version int64, ok bool) {
	if p.Identity == nil {
		return "", 0, false
	}
	found := p.Identity.FindStringSubmatch(raw)
	if found == nil {
		return "", 0, false
	}
	id = found[p.Identity.SubexpIndex("id")]
	version, err := strconv.ParseInt(found[p.Identity.SubexpIndex("version")], 10, 64)
	if err != nil || version < 0 || id == "" {
		return "", 0, false
	}
	return id, version, true
}
