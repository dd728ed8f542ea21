package main

import (
	"cmp"
	"fmt"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

type decodeCommand struct {
	Config   string `type:"path" env:"KAWAT_CONFIG" placeholder:"FILE" help:"Configuration file, for its providers and dictionaries."`
	Provider string `default:"unknown" placeholder:"NAME" help:"Who sends it; kawat knows some agencies, and the configuration's (default: ${default})."`
	copyFlags
	Files []string `arg:"" name:"file" help:"Files to decode, - for standard input."`
}

func (c *decodeCommand) Help() string {
	return `Prints each story as one line of JSON: the record as the gateway would keep it, with the evidence for every field that
was taken from running text. A file that cannot be read is told why on standard error, and the exit code is 1.

  kawat decode --provider antara story.txt | jq .attribution`
}

// AfterApply is called by kong when the command line was read.
func (c *decodeCommand) AfterApply() error {
	return cmp.Or(checkProvider(c.Provider), c.copyFlags.check())
}

func (c *decodeCommand) Run(s *streams) error {
	conf, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	failed := false
	complain := func(file string, err error) {
		failed = true
		app.Complain(s.err, "kawat", fmt.Errorf("%s: %w", file, err))
	}
	for _, file := range c.Files {
		data, err := readCopy(s.in, file, mostOf(conf, c.Provider))
		if err != nil {
			complain(file, err)
			continue
		}
		stories, refusals, err := decodeCopy(data, c.Provider, &c.copyFlags, conf)
		if err != nil {
			return err
		}
		for _, story := range stories {
			line, err := story.Marshal()
			if err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s\n", line)
		}
		for _, r := range refusals {
			complain(file, r)
		}
	}
	if failed {
		return errSaid
	}
	return nil
}

// decodeCopy does what ingest does with a message.
func decodeCopy(data []byte, provider string, flags *copyFlags, conf *config.Config) ([]*wire.Story, []*wire.Refusal, error) {
	headers, err := flags.headers()
	if err != nil {
		return nil, nil, err
	}
	stories, refusals := decode.Decode(&wire.Copy{
		Data: data, ContentType: flags.ContentType, Headers: headers, Profile: conf.Profile(provider, decode.Profile),
	})
	return stories, refusals, nil
}
