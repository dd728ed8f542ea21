package wire

import (
	"errors"
	"fmt"
)

// Code names why copy was refused; it is part of the subject on QUARANTINE and of metrics.
type Code string

const (
	BadHeader     Code = "bad-header"
	BadSubject    Code = "bad-subject"
	BadCharset    Code = "bad-charset"
	TooLarge      Code = "too-large"
	NotWellFormed Code = "not-well-formed"
	NoIdentity    Code = "no-identity"
	NoText        Code = "no-text"
	UnknownFormat Code = "unknown-format"
	// ParserFault is kawat's own fault: a parser panicked on the copy.
	ParserFault Code = "parser-fault"
)

// Codes are all of them.
var Codes = []Code{BadHeader, BadSubject, BadCharset, TooLarge, NotWellFormed, NoIdentity, NoText, UnknownFormat, ParserFault}

// Refusal is why copy cannot become a story: a code for programs and a sentence for the desk that sent it, which
// says what is wrong and what to do. Find one with errors.As.
type Refusal struct {
	Code     Code
	Sentence string
}

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Sentence }

// Refuse makes a Refusal.
func Refuse(code Code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Sentence: fmt.Sprintf(format, args...)}
}

// AsRefusal gives the refusal that err is; any other error is of copy that is not well-formed.
func AsRefusal(err error) *Refusal {
	var r *Refusal
	if !errors.As(err, &r) {
		r = Refuse(NotWellFormed, "The copy cannot be read: %v.", err)
	}
	return r
}
