package config

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
)

// Secret is a password that was read from a file. However it is printed, logged or marshalled, it comes out as
// "[secret]", or as nothing when there is none; only Reveal gives it away.
type Secret struct{ text string }

// Reveal gives the secret itself, for the client that logs in with it.
func (s Secret) Reveal() string { return s.text }

func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return "[secret]"
}

// Format covers every verb of package fmt, those that would look inside included.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, s.String()) }

// LogValue is how slog sees the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText is how JSON and YAML see the secret.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// maxSecret is the most bytes a file with a secret may have.
const maxSecret = 4 << 10

// ReadSecret reads a file that holds a secret and nothing else; a line end behind it does not count.
func ReadSecret(path string) (Secret, error) {
	data, err := readBounded(path, maxSecret)
	if err != nil {
		return Secret{}, err
	}
	data = bytes.TrimRight(data, "\r\n")
	switch {
	case len(data) == 0:
		return Secret{}, errors.New("it is empty")
	case bytes.ContainsAny(data, "\r\n\x00"):
		return Secret{}, errors.New("it has more than one line")
	}
	return Secret{string(data)}, nil
}
