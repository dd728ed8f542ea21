package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"kawat/internal/config"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// copyFlags are what a desk may say of copy outside of it.
type copyFlags struct {
	ID            string `name:"id" placeholder:"ID" help:"The story's id, the same for all of its versions; without it the copy's own, else one made of its first words."`
	Version       string `placeholder:"NUMBER" help:"The version, from 1. Without it the copy's own; else it replaces the version that stands."`
	Signal        string `placeholder:"SIGNAL" help:"What this does to the story: update, correction, kill, takedown (a kill for want of rights), withhold or reinstate."`
	Headline      string `placeholder:"TEXT" help:"The headline, for copy that has none."`
	Embargo       string `placeholder:"TIME" help:"Hold it back until this time, as 2026-11-23T09:00:00+07:00; none lifts the embargo of an earlier version."`
	TranslationOf string `placeholder:"ID" help:"The id of the story that this one translates."`
	ContentType   string `placeholder:"TYPE" help:"The copy's content type, for its charset: text/plain; charset=windows-1252. The format is seen from the copy itself."`
}

func (f *copyFlags) header() map[string]string {
	return map[string]string{
		wire.HeaderStoryID: f.ID, wire.HeaderVersion: f.Version, wire.HeaderSignal: f.Signal, wire.HeaderHeadline: f.Headline,
		wire.HeaderEmbargo: f.Embargo, wire.HeaderTranslationOf: f.TranslationOf, wire.HeaderContentType: f.ContentType,
	}
}

// headers are the flags as the gateway reads them. Its complaint is about a header; the desk typed a flag.
func (f *copyFlags) headers() (wire.Headers, error) {
	header := f.header()
	h, err := wire.ReadHeaders(func(name string) string { return header[name] })
	var r *wire.Refusal
	if errors.As(err, &r) {
		err = errors.New(flagNames.Replace(r.Sentence))
	}
	return h, err
}

var flagNames = strings.NewReplacer(wire.HeaderVersion, "--version", wire.HeaderSignal, "--signal", wire.HeaderEmbargo, "--embargo")

func (f *copyFlags) check() error {
	_, err := f.headers()
	return err
}

func checkProvider(name string) error {
	if !wire.ValidProvider(name) {
		return fmt.Errorf("--provider %q: give lower-case letters, digits, - and _", name)
	}
	return nil
}

// mostOf is the most bytes that the gateway takes of a provider in one message.
func mostOf(conf *config.Config, provider string) int64 {
	return cmp.Or(conf.Profile(provider, decode.Profile).MaxBytes, decode.MaxSize)
}

// readCopy reads a file of at most so many bytes, "-" is standard input. Its errors do not name the file, which the
// caller's message does.
func readCopy(in io.Reader, file string, most int64) ([]byte, error) {
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, plainly(err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, plainly(err)
	}
	return data, checkSize(int64(len(data)), most)
}

// checkFile says without opening a file whether it can be read, as far as that can be known.
func checkFile(file string, most int64) error {
	if file == "-" {
		return nil
	}
	info, err := os.Stat(file)
	if err != nil {
		return plainly(err)
	}
	if info.IsDir() {
		return plainly(syscall.EISDIR)
	}
	return checkSize(info.Size(), most)
}

func checkSize(size, most int64) error {
	if size > most {
		return wire.Refuse(wire.TooLarge, "It has more than %d bytes, the most that the gateway takes: send the story in parts, or its pictures by their address.",
			most)
	}
	return nil
}

// plainly says in a desk's words why a file cannot be read.
func plainly(err error) error {
	var pathError *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("it may not be read by this user")
	case errors.Is(err, syscall.EISDIR):
		return errors.New("it is a folder: name the files in it")
	case errors.As(err, &pathError):
		return pathError.Err
	}
	return err
}
