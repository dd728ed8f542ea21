package main

import (
	"fmt"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/feed"
)

// loadConfig reads a configuration file, or gives the defaults where there is none.
func loadConfig(path string) (*config.Config, error) {
	if path == "" {
		return config.Default(), nil
	}
	return config.Load(path)
}

type checkCommand struct {
	File string `arg:"" type:"existingfile" help:"The configuration file."`
}

func (c *checkCommand) Run(s *streams) error {
	conf, err := config.Load(c.File)
	if err != nil {
		return err
	}
	if _, err := feed.Compile(conf.Feeds); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	feeds := fmt.Sprintf("%d feeds", len(conf.Feeds))
	if len(conf.Feeds) == 0 {
		feeds = "the default feeds (everything, one per language, one per agency)"
	}
	fmt.Fprintf(s.out, "%s is good: %d providers, %s\n", c.File, len(conf.Providers), feeds)
	return nil
}

type versionCommand struct{}

func (c *versionCommand) Run(s *streams) error {
	fmt.Fprintln(s.out, "kawat", app.Version())
	return nil
}
