package config

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// check finds what is wrong with the values, completes them, and reads the files that they name.
func (r *reader) check(c *Config) {
	r.gateway(&c.Gateway)
	r.nats(&c.NATS)
	r.redis(&c.Redis)
	r.ingest(&c.Ingest)
	r.translations(&c.Translations)
	r.publish(&c.Publish)
	r.limits(&c.Limits)
	r.traces(c.Traces)
	r.providers(c.Providers)
	r.dictionaries(c.Dictionaries)
	r.feeds(c.Feeds)
}

// wrong reports a problem with a key's value: at the value, or where it ought to be. It says nothing of what could
// not be read in the first place.
func (r *reader) wrong(key, format string, args ...any) {
	at, found := place{1, 1}, false
	for above := key; ; above = above[:max(strings.LastIndexAny(above, ".["), 0)] {
		if r.unread[above] {
			return
		}
		if !found {
			if p, ok := r.at[above]; ok {
				at, found = p, true
			}
		}
		if above == "" {
			break
		}
	}
	r.problem(at, key, format, args...)
}

func (r *reader) gateway(g *Gateway) {
	r.line("gateway.title", g.Title)
	g.BaseURL = strings.TrimRight(g.BaseURL, "/")
	u, ok := webAddress(g.BaseURL)
	switch {
	case !ok || u.RawQuery != "" || u.Fragment != "":
		r.wrong("gateway.base_url", "this is not the address of a site: "+
			"write it whole, without login, query or fragment, as https://wire.example.org")
	case u.Path != "":
		// RFC 9309, section 2.3, and the TDM Reservation Protocol look there and nowhere else.
		r.wrong("gateway.base_url", "the site needs a host name of its own: crawlers look for its reservations of rights (robots.txt, "+
			"tdmrep.json) at the root of a host only; leave the path out")
	}
}

// webAddress parses an absolute http or https address. What it refuses may hold a login, so nobody prints it.
func webAddress(s string) (*url.URL, bool) {
	u, err := url.Parse(s)
	return u, err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}

func (r *reader) nats(n *NATS) {
	if len(n.URLs) == 0 {
		r.wrong("nats.urls", "there is no server: give at least one, as nats://127.0.0.1:4222")
	}
	for i, s := range n.URLs {
		key := fmt.Sprintf("nats.urls[%d]", i)
		u, err := url.Parse(s)
		switch {
		case err != nil || u.Hostname() == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme):
			r.wrong(key, "this is not the address of a NATS server: write it as nats://host:4222 or tls://host:4222")
		case u.User != nil:
			r.wrong(key, "there is a login in this address: move it to nats.user and nats.password_file")
		}
	}
	r.login("nats.", n.User, &n.PasswordFile, &n.Password, true)
	if n.CredentialsFile != "" {
		if n.User != "" || n.PasswordFile != "" {
			r.wrong("nats.credentials_file", "there is a user or password_file as well: keep one way to log in")
		}
		r.named("nats.credentials_file", &n.CredentialsFile, func(path string) error {
			_, err := readBounded(path, maxRoots)
			return err
		})
	}
	r.tls("nats.tls", n.TLS)
	if n.InboxPrefix != "" && !ValidInbox(n.InboxPrefix) {
		r.wrong("nats.inbox_prefix", "this is no subject that others can begin with: write words without spaces, * and >, with dots between them, as _INBOX_ingest")
	}
	if n.Replicas != 1 && n.Replicas != 3 && n.Replicas != 5 {
		r.wrong("nats.replicas", "%d replicas have no clear majority or are too many: give 1, 3 or 5", n.Replicas)
	}
}

// inboxes matches NATS subjects without wildcards: tokens, none of them empty, with dots between them (NATS documentation,
// "Subject-Based Messaging").
var inboxes = regexp.MustCompile(`^[^.*>\s\pC]+(\.[^.*>\s\pC]+)*$`)

// ValidInbox says whether the subjects on which answers come can begin with that and a dot.
func ValidInbox(prefix string) bool { return inboxes.MatchString(prefix) }

func (r *reader) redis(c *Redis) {
	if len(c.Addresses) == 0 {
		r.wrong("redis.addresses", "there is no server: give at least one, as 127.0.0.1:6379")
	}
	for i, a := range c.Addresses {
		r.address(fmt.Sprintf("redis.addresses[%d]", i), a, 1, "write it as 127.0.0.1:6379, without redis:// or login")
	}
	r.login("redis.", c.User, &c.PasswordFile, &c.Password, false)
	r.login("redis.sentinel_", c.SentinelUser, &c.SentinelPasswordFile, &c.SentinelPassword, false)
	if c.MasterName == "" && (c.SentinelUser != "" || c.SentinelPasswordFile != "") {
		r.wrong("redis.sentinel_password_file", "there is a login to Sentinels, and no Sentinels: give redis.master_name, "+
			"or use redis.password_file for Redis itself")
	}
	switch {
	case c.DB < 0:
		r.wrong("redis.db", "%d is not the number of a database: give 0 or more", c.DB)
	case c.DB > 0 && len(c.Addresses) > 1 && c.MasterName == "":
		r.wrong("redis.db", "several addresses are a Redis Cluster, which has database 0 only: "+
			"take db out, or give master_name if they are Sentinels")
	}
	r.tls("redis.tls", c.TLS)
}

func (r *reader) ingest(in *Ingest) {
	if in.Operations != "" {
		r.address("ingest.operations", in.Operations, 0, "write it as 127.0.0.1:8082")
	}
}

func (r *reader) translations(t *Translations) {
	switch {
	case t.LinkFrom != 0 && (t.LinkFrom < 0.5 || t.LinkFrom > 1):
		r.wrong("translations.link_from", "%v is no score to link by: give 0.5, from which a candidate is likely, to 1; or leave it out, and editors link", t.LinkFrom)
	case t.LinkFrom != 0 && !t.Candidates:
		r.wrong("translations.link_from", "nothing is linked where nothing is looked for: set translations.candidates to true")
	}
}

func (r *reader) publish(p *Publish) {
	r.address("publish.listen", p.Listen, 0, "write it as 127.0.0.1:8080, or as :8080 for every interface")
	r.address("publish.operations", p.Operations, 0, "write it as 127.0.0.1:8081")
	if _, port, err := net.SplitHostPort(p.Listen); err == nil && port != "0" && p.Listen == p.Operations {
		r.wrong("publish.operations", "readers come to this address too: give operations a port of its own")
	}
}

func (r *reader) traces(t *Traces) {
	if t == nil {
		return
	}
	u, ok := webAddress(t.Endpoint)
	switch {
	case t.Endpoint == "":
		r.wrong("traces.endpoint", "there is no collector: give the address of one that takes OTLP over HTTP, as http://127.0.0.1:4318; "+
			"or take traces out, and nothing is traced")
	case !ok || u.RawQuery != "" || u.Fragment != "":
		r.wrong("traces.endpoint", "this is not the address of a collector: write it whole, without login, query or fragment, as http://127.0.0.1:4318")
	case strings.Trim(u.Path, "/") == "":
		t.Endpoint = strings.TrimRight(t.Endpoint, "/") + "/v1/traces"
	}
	if _, said := r.at["traces.sample"]; !said {
		t.Sample = 1
	}
	if !(t.Sample > 0 && t.Sample <= 1) {
		r.wrong("traces.sample", "%v is no part of all traces: give more than 0, up to 1 for all; or take traces out, and nothing is traced", t.Sample)
	}
}

// address checks host:port. It does not repeat what it refuses, which may hold a login.
func (r *reader) address(key, address string, lowest int, remedy string) {
	host, port, err := net.SplitHostPort(address)
	number, notNumber := strconv.Atoi(port)
	if err != nil || notNumber != nil || number < lowest || number > 65535 || strings.ContainsAny(host, "@/") ||
		host == "" && lowest > 0 {
		r.wrong(key, "this is not an address with a port: %s", remedy)
	}
}

// login checks a user and reads its password; keys is what their keys begin with.
func (r *reader) login(keys, user string, file *string, password *Secret, needsUser bool) {
	switch key := keys + "password_file"; {
	case *file != "":
		if user == "" && needsUser {
			r.wrong(key, "there is a password and no user: give %suser as well", keys)
		}
		r.named(key, file, func(path string) (err error) {
			*password, err = ReadSecret(path)
			return err
		})
	case user != "":
		r.wrong(key, "there is a user and no password: give the path of a file that holds it")
	}
}

func (r *reader) tls(section string, t *TLS) {
	if t == nil {
		return
	}
	if t.CAFile != "" {
		r.named(section+".ca_file", &t.CAFile, func(string) error { _, err := t.roots(); return err })
	}
	switch {
	case t.CertFile != "" && t.KeyFile == "":
		r.wrong(section+".key_file", "there is a cert_file without it: give both or neither")
	case t.CertFile == "" && t.KeyFile != "":
		r.wrong(section+".cert_file", "there is a key_file without it: give both or neither")
	case t.CertFile != "":
		t.KeyFile = r.beside(t.KeyFile)
		r.named(section+".cert_file", &t.CertFile, func(string) error { _, err := t.certificates(); return err })
	}
}

// beside makes a path of one that begins at the configuration's own folder.
func (r *reader) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(r.file), path)
}

// named completes the path of a file that the configuration names, and tries it.
func (r *reader) named(key string, path *string, try func(path string) error) {
	written := *path
	*path = r.beside(written)
	if err := try(*path); err != nil {
		r.wrong(key, "%s: %s; a path that is not absolute begins at the folder of this file", written, reason(err))
	}
}

// line checks text that is shown on one line.
func (r *reader) line(key, text string) {
	switch {
	case strings.TrimSpace(text) == "":
		r.wrong(key, "there is no text: readers see it in their list of feeds")
	case strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }):
		r.wrong(key, "there is a line end or control character in it: write it on one line")
	}
}
