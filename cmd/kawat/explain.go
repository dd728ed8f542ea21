package main

import (
	"cmp"
	"fmt"
	"os"

	"kawat/internal/explain"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

type explainCommand struct {
	Config   string `type:"path" env:"KAWAT_CONFIG" placeholder:"FILE" help:"Configuration file, for its providers and dictionaries."`
	Provider string `default:"unknown" placeholder:"NAME" help:"Who sends it; kawat knows some agencies, and the configuration's (default: ${default})."`
	HTML     bool   `name:"html" help:"Write an HTML page instead, to open in a browser or to send to whom it concerns."`
	Colour   string `default:"auto" enum:"auto,always,never" placeholder:"WHEN" help:"Mark by colours: auto (on a terminal, unless NO_COLOR is set), always or never, which marks by brackets."`
	copyFlags
	File string `arg:"" help:"The file to explain, - for standard input."`
}

func (c *explainCommand) Help() string {
	return `Shows the copy with every span that says something in the record marked and named, and below it each field with its
value, the rule that found it, and the words that it was taken from. What is faint is in no story's text.

  kawat explain --provider antara story.txt
  kawat explain --provider kyodo --html story.xml > why.html`
}

// AfterApply is called by kong when the command line was read.
func (c *explainCommand) AfterApply() error {
	return cmp.Or(checkProvider(c.Provider), c.copyFlags.check())
}

func (c *explainCommand) Run(s *streams) error {
	conf, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	data, err := readCopy(s.in, c.File, mostOf(conf, c.Provider))
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	headers, err := c.headers()
	if err != nil {
		return err
	}
	copy := &wire.Copy{Data: data, ContentType: c.ContentType, Headers: headers, Profile: conf.Profile(c.Provider, decode.Profile)}
	text, err := decode.Text(copy)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	stories, refusals := decode.Decode(copy)
	shown := explain.New(text, stories, refusals)
	if c.HTML {
		err = shown.Page(s.out, "What kawat reads in "+c.File)
	} else {
		err = shown.Terminal(s.out, c.coloured(s))
	}
	if err == nil && len(stories) == 0 {
		err = errSaid
	}
	return err
}

// coloured says whether to write in colour.
func (c *explainCommand) coloured(s *streams) bool {
	if c.Colour != "auto" {
		return c.Colour == "always"
	}
	file, ok := s.out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
