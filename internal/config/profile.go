package config

import (
	"time"

	"kawat/internal/wire"
)

// Profile is what is known of a provider: its ready-made profile with what the configuration says of it on top, part
// by part. ready finds the ready-made one and may return nil or a generic one; what it returns is not changed. A
// provider that the configuration describes is no longer generic.
func (c *Config) Profile(name string, ready func(name string) *wire.Profile) *wire.Profile {
	profile := wire.Profile{Name: name, Location: time.UTC, Rights: wire.Rights{AI: wire.AIUnspecified}, Generic: true}
	if known := ready(name); known != nil {
		profile = *known
	}
	profile.MaxBytes = c.Limits.MessageBytes
	for i := range c.Providers {
		if p := &c.Providers[i]; p.Name == name {
			p.over(&profile)
		}
	}
	return &profile
}

// orphans are the values of original_killed, and the status that a translation takes by them.
var orphans = map[string]wire.Status{"": "", "hold": wire.Withheld, "kill": wire.Canceled, "warn": wire.Usable}

// over puts what the configuration says over a profile.
func (p *Provider) over(profile *wire.Profile) {
	profile.Name, profile.Generic = p.Name, false
	for _, part := range []struct {
		stated string
		into   *string
	}{
		{p.Agency, &profile.Agency},
		{p.Language, &profile.Language},
		{p.Charset, &profile.Charset},
		{p.Rights.Holder, &profile.Rights.Holder},
		{p.Rights.Notice, &profile.Rights.Notice},
		{p.Rights.Terms, &profile.Rights.Terms},
		{string(p.Rights.AI), (*string)(&profile.Rights.AI)},
		{p.Rights.Policy, &profile.Rights.Policy},
	} {
		if part.stated != "" {
			*part.into = part.stated
		}
	}
	if p.OriginalKilled != "" {
		profile.Orphans = orphans[p.OriginalKilled]
	}
	if p.Pattern != nil {
		profile.Identity = p.Pattern
	}
	if p.Timezone != "" {
		// Load has found the zone before.
		if location, err := time.LoadLocation(p.Timezone); err == nil {
			profile.Location = location
		}
	}
}
