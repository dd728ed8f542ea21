// Package config reads the gateway's one configuration file: YAML, strict, and validated as a whole before anything
// starts. What it returns can be used as it is; what is wrong is reported all together, with line and column.
package config

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// Config is the configuration, complete: what the file leaves out has its default, except where a comment says so.
// Who changes it does so before others have it.
type Config struct {
	Gateway Gateway
	NATS    NATS
	Redis   Redis
	Ingest  Ingest
	Publish Publish
	Limits  Limits
	// Traces is nil when nothing is traced.
	Traces *Traces
	// Translations is what is done for translations that name no original.
	Translations Translations
	Providers    []Provider
	// Dictionaries are the paths of files with a desk's own words for credits, sources, notices and agencies: see
	// credit.Extend, which would take them as they were when they were checked.
	Dictionaries []string
	// Feeds are empty when the default feeds apply: see feed.Compile, which has accepted them.
	Feeds []feed.Def
}

// Gateway is how the gateway presents itself to its readers.
type Gateway struct {
	Title string
	// BaseURL is the address under which readers reach publish, absolute, without a slash at its end.
	BaseURL string `yaml:"base_url"`
}

// NATS is how to reach NATS, and how safely to keep what is written there.
type NATS struct {
	// URLs are the servers of one cluster; the schemes are nats, tls, ws and wss.
	URLs []string
	// User and Password are both empty when there is no such login.
	User         string
	Password     Secret `yaml:"-"`
	PasswordFile string `yaml:"password_file"`
	// CredentialsFile is the path of a NATS credentials file (JWT and seed), instead of user and password.
	CredentialsFile string `yaml:"credentials_file"`
	// TLS is nil when the file has none; a URL with the scheme tls asks for TLS by itself.
	TLS *TLS
	// InboxPrefix is what the subjects begin with on which answers come, without a dot at its end: see ValidInbox. Empty for
	// NATS' own, _INBOX.
	InboxPrefix string `yaml:"inbox_prefix"`
	// Replicas of each stream in the JetStream cluster: 1, 3 or 5.
	Replicas int
}

// Redis is how to reach Redis. One address is one server, several are a Cluster, and with MasterName they are
// Sentinels; the fields stand beside those of go-redis's UniversalOptions.
type Redis struct {
	Addresses    []string // host:port
	MasterName   string   `yaml:"master_name"`
	User         string
	Password     Secret `yaml:"-"`
	PasswordFile string `yaml:"password_file"`
	DB           int    // always 0 for a Cluster, which has no other
	// SentinelUser and SentinelPassword log in to the Sentinels themselves; both are empty when they ask for no login.
	SentinelUser         string `yaml:"sentinel_user"`
	SentinelPassword     Secret `yaml:"-"`
	SentinelPasswordFile string `yaml:"sentinel_password_file"`
	TLS                  *TLS   // nil: no TLS
}

// Ingest is what the service ingest listens on.
type Ingest struct {
	// Operations is the address of its /healthz, /readyz and /metrics; "" for none. In one process with publish it is not
	// used: publish's has all.
	Operations string
}

// Publish is where the service publish listens; host:port, where an empty host is every interface.
type Publish struct {
	Listen string
	// Operations is the address of /healthz, /readyz and /metrics, which readers must not reach.
	Operations string
}

// Provider describes one who delivers copy. What it leaves empty is taken from the provider's ready-made profile.
type Provider struct {
	Name     string // as in wire.in.<name>
	Agency   string
	Language string // BCP 47
	Timezone string // IANA
	Charset  string // IANA
	// Identity is the pattern of ids that carry the version: see wire.IdentityPattern.
	Identity string
	Rights   Rights
	// OriginalKilled is what becomes of the provider's translations when their original is killed or withheld: "hold" until
	// the desk decides (also for ""), "kill" or "warn".
	OriginalKilled string `yaml:"original_killed"`
	// Pattern is Identity, compiled.
	Pattern *regexp.Regexp `yaml:"-"`
}

// Translations says what is done for translations that name no original.
type Translations struct {
	// Candidates has their originals looked for, and told of on kawat.event.candidates.<provider>.
	Candidates bool
	// LinkFrom is the score from which the likeliest is linked without an editor, 0.5 to 1; 0 for never.
	LinkFrom float64 `yaml:"link_from"`
}

// Traces says where the spans go that follow copy through the gateway.
type Traces struct {
	// Endpoint is the address of a collector that takes OTLP over HTTP; without a path, /v1/traces there.
	Endpoint string
	// Sample is how many traces of all are kept, above 0 to 1; 1 where the file does not say.
	Sample float64
}

// Limits bound what is taken in.
type Limits struct {
	// Message is the most bytes that a message may have, as text: 4MiB.
	Message string
	// MessageBytes is the same as a number.
	MessageBytes int64 `yaml:"-"`
}

// Rights are the provider's defaults for copy that states none.
type Rights struct {
	Holder string
	Notice string
	Terms  string
	AI     wire.AIUse
	Policy string // the address of a licence or policy document
}

// Default is the configuration of an empty file: everything on this host, and the default feeds.
func Default() *Config {
	return &Config{
		Gateway: Gateway{Title: "kawat", BaseURL: "http://127.0.0.1:8080"},
		NATS:    NATS{URLs: []string{"nats://127.0.0.1:4222"}, Replicas: 1},
		Redis:   Redis{Addresses: []string{"127.0.0.1:6379"}},
		Publish: Publish{Listen: "127.0.0.1:8080", Operations: "127.0.0.1:8081"},
		Limits:  Limits{Message: "4MiB", MessageBytes: 4 << 20},
	}
}

// maxFile is the most bytes a configuration file may have.
const maxFile = 8 << 20

// Load reads and checks the file at path, and the files with secrets and certificates that it names; paths in it
// that are not absolute begin at its own folder. The error is a Problems.
func Load(path string) (*Config, error) {
	data, err := readBounded(path, maxFile)
	if err != nil {
		return nil, Problems{{File: path, Text: reason(err) + ": give the path of a configuration file"}}
	}
	r := &reader{file: path, lines: splitLines(data), at: map[string]place{}, unread: map[string]bool{}}
	c := Default()
	r.read(data, c)
	r.check(c)
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return nil, r.problems
	}
	return c, nil
}

var errTooLarge = errors.New("it is larger than such a file may be")

// readBounded reads a file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, errTooLarge
	}
	return data, nil
}

// reason says why a file cannot be read, without its path, which the message has already.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	return "it cannot be read (" + err.Error() + ")"
}
