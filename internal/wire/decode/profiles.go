package decode

import (
	_ "embed"
	"fmt"
	"regexp"
	"sync"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/goccy/go-yaml"

	"kawat/internal/wire"
	"kawat/internal/wire/charset"
)

//go:embed profiles.yaml
var profilesYAML []byte

// profile is a provider in profiles.yaml.
type profile struct {
	Agency   string `yaml:"agency"`
	Zone     string `yaml:"zone"`
	Language string `yaml:"language"`
	Charset  string `yaml:"charset"`
	Identity string `yaml:"identity"`
	Rights   struct {
		Holder string `yaml:"holder"`
		Notice string `yaml:"notice"`
		Terms  string `yaml:"terms"`
		AI     string `yaml:"ai"`
		Policy string `yaml:"policy"`
	} `yaml:"rights"`
}

var profiles = sync.OnceValue(func() map[string]wire.Profile {
	all, err := readProfiles(profilesYAML)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return all
})

func readProfiles(data []byte) (map[string]wire.Profile, error) {
	var file map[string]profile
	if err := yaml.UnmarshalWithOptions(data, &file, yaml.Strict()); err != nil {
		return nil, err
	}
	all := make(map[string]wire.Profile, len(file))
	for name, p := range file {
		zone, err := time.LoadLocation(p.Zone)
		if err != nil {
			return nil, fmt.Errorf("profile %s: %w", name, err)
		}
		if !charset.Known(p.Charset) {
			return nil, fmt.Errorf("profile %s: charset %q is not one that is read", name, p.Charset)
		}
		if !wire.ValidProvider(name) || p.Agency == "" {
			return nil, fmt.Errorf("profile %q: the name or the agency will not do", name)
		}
		var identity *regexp.Regexp
		if p.Identity != "" {
			if identity, err = wire.IdentityPattern(p.Identity); err != nil {
				return nil, fmt.Errorf("profile %s: %w", name, err)
			}
		}
		all[name] = wire.Profile{
			Name: name, Agency: p.Agency, Language: p.Language, Location: zone, Charset: p.Charset, Identity: identity,
			Rights: wire.Rights{
				Holder: p.Rights.Holder, Notice: p.Rights.Notice, Terms: p.Rights.Terms, AI: wire.AIUse(p.Rights.AI), Policy: p.Rights.Policy,
			},
		}
	}
	return all, nil
}

// Profile gives the ready-made profile of a provider, or for one that nobody has described a generic one: times are in
// UTC, the agency is the provider's name, nothing else is assumed. The caller may change what it gets.
func Profile(name string) *wire.Profile {
	p, ok := profiles()[name]
	if !ok {
		p = wire.Profile{Name: name, Agency: name, Location: time.UTC, Generic: true}
	}
	return &p
}
