package wire

import (
	"crypto/sha256"
	"encoding/base32"
	"net/url"
	"strings"
)

// Key is what names one story in the gateway: two providers may use the same id for different stories, and one
// must never be able to overwrite or kill the other's.
type Key struct {
	Provider string
	ID       string
}

var tokenEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Token is the key as 26 letters and digits: 128 bits of its SHA-256. It is the story's name in Redis and its address on
// the web, so that no id, however strange, can break either.
func (k Key) Token() string { return token(k.Provider + "\x00" + k.ID) }

// IDToken is an id alone in the same form: the last token of the story's subject on STORIES, where the provider stands
// before it, so that stories can be found by their id whoever delivered them.
func IDToken(id string) string { return token(id) }

func token(name string) string {
	sum := sha256.Sum256([]byte(name))
	return tokenEncoding.EncodeToString(sum[:16])
}

// URI is the story's identity as readers see it, the same in every format and over all versions: the provider's
// id where that is an absolute URI or URN, else a URN of ours around it.
func (k Key) URI() string {
	if u, err := url.Parse(k.ID); err == nil && u.IsAbs() && (u.Opaque != "" || u.Host != "") &&
		!strings.ContainsAny(k.ID, " <>\"{}|\\^`") {
		return k.ID
	}
	return "urn:kawat:" + url.PathEscape(k.Provider) + ":" + url.PathEscape(k.ID)
}

// ValidProvider says whether name can name a provider: one lower-case token of letters, digits, '-' and '_', at most
// 64 bytes, since it becomes a token of NATS subjects.
func ValidProvider(name string) bool {
	if name == "" || len(name) > 64 {
		return false
	}
	for _, r := range name {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return false
		}
	}
	return true
}
