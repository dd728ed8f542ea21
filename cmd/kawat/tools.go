package main

import (
	"fmt"

	"kawat/internal/app"
	"kawat/internal/config"
)

// loadConfig reads a configuration file, with the dictionaries that it names, or gives the defaults where there is none.
func loadConfig(path string) (*config.Config, error) {
	if path == "" {
		return config.Default(), nil
	}
	conf, err := config.Load(path)
	if err != nil {
		return nil, err
	}
	return conf, app.ExtendDictionary(conf)
}

type checkCommand struct {
	File string `arg:"" help:"The configuration file."`
}

func (c *checkCommand) Help() string {
	return `Reads the file as the services do, with the files that it names, and lists all that is wrong in it by line and column.
Nothing is started.

  kawat check kawat.yaml`
}

func (c *checkCommand) Run(s *streams) error {
	conf, err := config.Load(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, summary(c.File, conf))
	return nil
}

// summary says of a good configuration what is in it.
func summary(file string, conf *config.Config) string {
	feeds := count(len(conf.Feeds), "feed")
	if len(conf.Feeds) == 0 {
		feeds = "the default feeds (everything, one per language, one per agency)"
	}
	return fmt.Sprintf("%s is good: %s, %s", file, count(len(conf.Providers), "provider"), feeds)
}

// count says how many things there are.
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

type versionCommand struct{}

func (c *versionCommand) Run(s *streams) error {
	fmt.Fprintln(s.out, "kawat", app.Version())
	return nil
}
