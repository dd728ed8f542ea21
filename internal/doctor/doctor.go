// Package doctor examines what a gateway stands on: its configuration and the files that it names, NATS, Redis, the clocks, the
// disk, and the address under which readers reach it. It changes nothing.
package doctor

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"

	"kawat/internal/config"
)

// Level is how a finding is to be taken.
type Level string

// The levels. Problem: copy could be lost, or something does not work. Warning: it works, and should be otherwise. Unknown: it
// could not be told; the remedy says how to look.
const (
	OK      Level = "ok"
	Warning Level = "warning"
	Problem Level = "problem"
	Unknown Level = "unknown"
)

// Finding is what one check found: a line without control characters and without any secret.
type Finding struct {
	Level Level `json:"level"`
	// Check names what was looked at: "redis.memory".
	Check string `json:"check"`
	Found string `json:"found"`
	// Remedy is what to do, where not all is well: a command, or a line of a configuration.
	Remedy string `json:"remedy,omitzero"`
}

// Gateway is what is examined.
type Gateway struct {
	Config *config.Config
	// Service is the one that the configuration is for, where it is for one alone: "ingest" or "publish", which needs no NATS and
	// only reads Redis. "": both.
	Service string
	// NATS are the options of a connection: the login and TLS.
	NATS []nats.Option
	// Redis is how to reach it; nil: it is inside the gateway's process, where nobody else can see it.
	Redis *redis.UniversalOptions
	// Monitors are the addresses at which nats-servers are monitored over HTTP, as http://127.0.0.1:8222.
	Monitors []string
	// Data is the folder of a gateway in one process, which has its servers inside; "" where they are outside.
	Data string
	// Offline leaves out the address under which readers reach the gateway.
	Offline bool
	// Now is this machine's clock.
	Now func() time.Time
}

const (
	// patience is how long an answer of a server may take. One that takes longer ends its part.
	patience = 3 * time.Second
	// partTime is how long a part may take, and lastTime the comparison of NATS with Redis after it.
	partTime = 9 * time.Second
	lastTime = 4 * time.Second
)

// Examine looks at everything and gives its findings, always in the same order. It takes 13 seconds at most, however many servers
// hang.
func Examine(ctx context.Context, g Gateway) []Finding {
	part, cancel := context.WithTimeout(ctx, partTime)
	defer cancel()
	var files, readers, servers, monitors, stores, disk report
	wire, cache := &natsPart{Gateway: g, report: &servers}, &redisPart{Gateway: g, report: &stores}
	defer wire.close()
	defer cache.close()
	var parts sync.WaitGroup
	parts.Go(func() { files.files(g) })
	if !g.Offline && g.Service != "ingest" {
		parts.Go(func() { readers.readers(part, g) })
	}
	if g.Service != "publish" {
		parts.Go(func() { wire.examine(part) })
		parts.Go(func() { monitors.monitors(part, g) })
	}
	if g.Redis != nil {
		parts.Go(func() { cache.examine(part) })
	}
	if g.Data != "" {
		parts.Go(func() { disk.disk(g.Data) })
	}
	parts.Wait()
	var filling report
	if cache.client != nil && g.Service == "publish" {
		last, cancel := context.WithTimeout(ctx, lastTime)
		defer cancel()
		filling.filled(last, cache.client)
	} else if wire.stories != nil && cache.client != nil {
		last, cancel := context.WithTimeout(ctx, lastTime)
		defer cancel()
		filling.filling(last, wire.stories, cache.client)
	}
	return slices.Concat(files, readers, servers, monitors, stores, filling, disk)
}

// report collects the findings of one part.
type report []Finding

func (r *report) add(level Level, check, remedy, format string, args ...any) {
	*r = append(*r, Finding{level, check, plain(fmt.Sprintf(format, args...)), plain(remedy)})
}

func (r *report) ok(check, format string, args ...any) { r.add(OK, check, "", format, args...) }

func (r *report) warn(check, remedy, format string, args ...any) {
	r.add(Warning, check, remedy, format, args...)
}

func (r *report) problem(check, remedy, format string, args ...any) {
	r.add(Problem, check, remedy, format, args...)
}

func (r *report) unknown(check, remedy, format string, args ...any) {
	r.add(Unknown, check, remedy, "could not be told: "+format, args...)
}

// plain makes one line of a text, parts of which are servers' words.
func plain(s string) string {
	s = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// reason says why something did not work, for people.
func reason(err error) string {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) {
		return "no answer in time"
	}
	return err.Error()
}

// Bounds of a clock. An embargo is kept by the clock of the machine that publish runs on, and records have the time of the NATS
// server, so that two clocks that differ let a story out early or late by as much.
const (
	skewed    = 500 * time.Millisecond
	skewedFar = 5 * time.Second
)

// clock holds a server's clock against this machine's, as it was before and after the server was asked: what is between the two
// is no difference that could be told.
func (r *report) clock(check, server string, its, before, after time.Time) {
	off, way := time.Duration(0), "ahead of"
	switch {
	case its.After(after):
		off = its.Sub(after)
	case its.Before(before):
		off, way = before.Sub(its), "behind"
	}
	const remedy = "keep both by NTP: timedatectl set-ntp true; look with: timedatectl timesync-status, or chronyc tracking"
	shown := off.Round(100 * time.Millisecond)
	switch {
	case off > skewedFar:
		r.problem(check, remedy, "the clock of %s is %s %s this machine's: embargoes end early or late by as much", server, shown, way)
	case off > skewed:
		r.warn(check, remedy, "the clock of %s is %s %s this machine's: embargoes end early or late by as much", server, shown, way)
	default:
		r.ok(check, "the clock of %s is that of this machine, within half a second", server)
	}
}

// soon is how long before its end a certificate is warned of.
const soon = 30 * 24 * time.Hour

// certificate says how long a certificate is good for.
func (r *report) certificate(check, whose string, c *x509.Certificate, now time.Time) {
	remedy := "renew it"
	end := c.NotAfter.UTC().Format(time.DateOnly)
	switch left := c.NotAfter.Sub(now); {
	case now.Before(c.NotBefore):
		r.problem(check, "look at this machine's clock; else take the certificate that holds today", "%s is not valid before %s", whose,
			c.NotBefore.UTC().Format(time.DateOnly))
	case left <= 0:
		r.problem(check, remedy, "%s ended on %s", whose, end)
	case left < soon:
		r.warn(check, remedy, "%s ends on %s, in %d days", whose, end, int(left.Hours()/24))
	default:
		r.ok(check, "%s is good until %s", whose, end)
	}
}

// size writes a number of bytes for people.
func size(n uint64) string {
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB"}
	f, i := float64(n), 0
	for f >= 1024 && i < len(units)-1 {
		f /= 1024
		i++
	}
	if i == 0 || f == float64(int64(f)) {
		return fmt.Sprintf("%.0f %s", f, units[i])
	}
	return fmt.Sprintf("%.1f %s", f, units[i])
}

// percent is how much of a whole a part is.
func percent(part, whole uint64) int { return int(float64(part) / float64(whole) * 100) }

// full reports how full something is that copy needs: from 80 % on it is warned of, from 95 % on it is a problem.
func (r *report) full(check, remedy, what string, used, most uint64) {
	p := percent(used, most)
	say := fmt.Sprintf("%s: %s of %s used, %d %%", what, size(used), size(most), p)
	switch {
	case p >= 95:
		r.problem(check, remedy, "%s", say)
	case p >= 80:
		r.warn(check, remedy, "%s", say)
	default:
		r.ok(check, "%s", say)
	}
}
