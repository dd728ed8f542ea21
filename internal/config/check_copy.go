package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a zone's name means the same on a host without zone files

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/language"

	"kawat/internal/feed"
	"kawat/internal/wire"
	"kawat/internal/wire/credit"
)

// Bounds of limits.message. A server takes no larger message than NATS can carry.
const (
	leastMessage = 64 << 10
	mostMessage  = 64 << 20
)

// limits reads a size as desks write one: bytes, or KiB and MiB.
func (r *reader) limits(l *Limits) {
	digits, unit := strings.TrimSpace(l.Message), int64(1)
	for _, u := range []struct {
		name  string
		bytes int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}} {
		if before, ok := strings.CutSuffix(digits, u.name); ok {
			digits, unit = strings.TrimSpace(before), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < leastMessage/unit || n > mostMessage/unit {
		r.wrong("limits.message", "%q is no size that a message may have: give 64KiB to 64MiB, as 4MiB", l.Message)
		return
	}
	l.MessageBytes = n * unit
}

func (r *reader) providers(providers []Provider) {
	first := map[string]int{}
	for i := range providers {
		p, key := &providers[i], fmt.Sprintf("providers[%d]", i)
		switch before, twice := first[p.Name]; {
		case !wire.ValidProvider(p.Name):
			r.wrong(key+".name", "%q cannot be part of the subject wire.in.<name>: "+
				"use 1 to 64 of the characters a-z, 0-9, - and _", p.Name)
		case twice:
			r.wrong(key+".name", "%q is described in providers[%d] already: put both together", p.Name, before)
		default:
			first[p.Name] = i
		}
		r.language(key+".language", &p.Language)
		if _, err := time.LoadLocation(p.Timezone); err != nil || p.Timezone == "Local" {
			r.wrong(key+".timezone", "%q is no time zone: give its IANA name, as Asia/Jakarta", p.Timezone)
		}
		if p.Charset != "" && !knownCharset(p.Charset) {
			r.wrong(key+".charset", "%q is no charset that can be read: give its IANA name, as UTF-8, Shift_JIS or "+
				"windows-1251", p.Charset)
		}
		if p.Identity != "" {
			var err error
			if p.Pattern, err = wire.IdentityPattern(p.Identity); err != nil {
				r.wrong(key+".identity", "this is no pattern of ids (%v): write it as (?P<id>.+):(?P<version>[0-9]+)", err)
			}
		}
		if _, ok := orphans[p.OriginalKilled]; !ok {
			r.wrong(key+".original_killed", "%q is not known: give hold, kill or warn", p.OriginalKilled)
		}
		ai := []wire.AIUse{"", wire.AIReserved, wire.AIAllowed, wire.AIUnspecified}
		if !slices.Contains(ai, p.Rights.AI) {
			r.wrong(key+".rights.ai", "%q is not known: give reserved, allowed or unspecified", p.Rights.AI)
		}
		if _, ok := webAddress(p.Rights.Policy); !ok && p.Rights.Policy != "" {
			r.wrong(key+".rights.policy", "this is no address of a document: write it whole, as https://example.org/terms")
		}
	}
}

// maxDictionary is the most bytes that a dictionary may have, and maxDictionaries how many there may be.
const (
	maxDictionary   = 1 << 20
	maxDictionaries = 16
)

// dictionaries completes the paths of the files and checks what they say.
func (r *reader) dictionaries(files []string) {
	if len(files) > maxDictionaries {
		r.wrong("dictionaries", "there are %d files: put their words together, into at most %d", len(files), maxDictionaries)
		return
	}
	first := map[string]int{}
	for i := range files {
		key := fmt.Sprintf("dictionaries[%d]", i)
		written := files[i]
		r.named(key, &files[i], func(path string) error {
			text, err := readBounded(path, maxDictionary)
			if err != nil {
				return err
			}
			if err := credit.CheckExtension(written, text); err != nil {
				r.wrong(key, "%v", err)
			}
			return nil
		})
		if before, twice := first[files[i]]; twice {
			r.wrong(key, "%s is dictionaries[%d] already: name it once", written, before)
		}
		first[files[i]] = i
	}
}

// languageTag is how a tag looks; package language reads "id_ID" and more as well.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// language checks a BCP 47 tag and writes it in its usual form.
func (r *reader) language(key string, tag *string) {
	if *tag == "" {
		return
	}
	parsed, err := language.Parse(*tag)
	if err != nil || parsed == language.Und || !languageTag.MatchString(*tag) {
		r.wrong(key, "%q is no language: give its BCP 47 tag, as id, en-GB or zh-Hans", *tag)
		return
	}
	*tag = parsed.String()
}

// knownCharset says whether copy can be read in a charset: those of the web's index, without its stand-ins for what
// it refuses and without UTF-16, which copy announces itself, and two code pages of desks' older machines.
func knownCharset(name string) bool {
	if e, err := htmlindex.Get(name); err == nil {
		canonical, err := htmlindex.Name(e)
		return err == nil && !slices.Contains([]string{"replacement", "x-user-defined", "utf-16le", "utf-16be"}, canonical)
	}
	e, err := ianaindex.IANA.Encoding(name)
	if err != nil || e == nil {
		return false
	}
	canonical, err := ianaindex.IANA.Name(e)
	return err == nil && (canonical == "IBM850" || canonical == "IBM437")
}

func (r *reader) feeds(defs []feed.Def) {
	for i := range defs {
		d, key := &defs[i], fmt.Sprintf("feeds[%d]", i)
		r.line(key+".title", d.Title)
		r.language(key+".language", &d.Language)
		if _, given := r.at[key+".size"]; !given {
			d.Size = feed.DefaultSize
		}
		if d.Size < 1 || d.Size > feed.MaxSize {
			r.wrong(key+".size", "a feed cannot show %d stories: give 1 to %d", d.Size, feed.MaxSize)
		}
	}
	_, err := feed.Compile(defs)
	var faults feed.DefErrors
	if errors.As(err, &faults) {
		for _, f := range faults {
			key := fmt.Sprintf("feeds[%d].%s", f.Index, f.Field)
			if at, ok := r.at[key]; ok && f.Line > 0 {
				r.problem(r.within(at, defs[f.Index].Filter, f.Line, f.Column), key, "%s", f.Reason)
			} else {
				r.wrong(key, "%s", f.Reason)
			}
		}
	} else if err != nil {
		r.wrong("feeds", "%v", err)
	}
}

// within finds a line and column of a text in the file, where the text stands as it is: plain, in quotes, or as a
// block of lines. Otherwise (escapes, folded lines) the place is where the text begins.
func (r *reader) within(at place, text string, line, column int) place {
	wanted := strings.Split(text, "\n")
	if line > len(wanted) || at.line > len(r.lines) {
		return at
	}
	here := r.lines[at.line-1]
	if len(wanted) == 1 {
		for _, quote := range []int{0, 1} {
			if from := at.column - 1 + quote; from <= len(here) && strings.HasPrefix(here[from:], text) {
				return place{at.line, at.column + quote + column - 1}
			}
		}
	}
	// The lines of a block follow the sign | behind the key.
	if n := at.line + line - 1; strings.HasSuffix(strings.TrimRight(here, "-+ "), "|") && n < len(r.lines) {
		if before, _, ok := strings.Cut(r.lines[n], wanted[line-1]); ok && strings.TrimSpace(before) == "" {
			return place{n + 1, len(before) + column}
		}
	}
	return at
}
