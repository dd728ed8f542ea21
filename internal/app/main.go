package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/redis/go-redis/v9"

	"kawat/internal/config"
	"kawat/internal/wire/credit"
)

// service is the command line of ingest and of publish.
type service struct {
	Config   string           `required:"" type:"path" env:"KAWAT_CONFIG" placeholder:"FILE" help:"Configuration file; check it with: kawat check FILE."`
	LogLevel string           `env:"KAWAT_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"How much to log: debug, info, warn or error (default: ${default})."`
	LogJSON  bool             `name:"log-json" env:"KAWAT_LOG_JSON" help:"Log as JSON."`
	Version  kong.VersionFlag `help:"Print the version."`
}

// Main runs a service until SIGTERM, SIGINT or SIGHUP and gives its exit code: 0 after a stop that was asked for, 1 after a failure,
// 2 for a command line that cannot be read.
func Main(name, description string, o Options) int {
	var s service
	parser, err := kong.New(&s, kong.Name(name), kong.Description(description), kong.Vars{"version": name + " " + Version()})
	if err == nil {
		_, err = parser.Parse(os.Args[1:])
	}
	if err != nil {
		Complain(os.Stderr, name, err)
		fmt.Fprintf(os.Stderr, "Try `%s --help`.\n", name)
		return 2
	}
	spareCollector()
	ctx, stop := UntilStopped()
	defer stop()
	if err := s.run(ctx, name, o); err != nil {
		Complain(os.Stderr, name, err)
		return 1
	}
	return 0
}

// UntilStopped gives a context that ends with SIGTERM, with Ctrl-C, or when the terminal is closed (SIGHUP), which nohup has a
// program ignore.
func UntilStopped() (context.Context, context.CancelFunc) {
	signals := []os.Signal{syscall.SIGINT, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signal.NotifyContext(context.Background(), signals...)
}

// Complain prints an error for people; one of several lines has the program's name before each, so that each can be told
// from the log around it.
func Complain(w io.Writer, name string, err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(w, "%s: %s\n", name, line)
	}
}

func (s *service) run(ctx context.Context, name string, o Options) (err error) {
	if o.Log, o.Level, err = Log(os.Stderr, s.LogLevel, s.LogJSON); err != nil {
		return err
	}
	defer ToggleDebug(o.Log, o.Level)()
	if o.Config, err = config.Load(s.Config); err != nil {
		return err
	}
	if err := ExtendDictionary(o.Config); err != nil {
		return err
	}
	a := New(o)
	defer a.Stop()
	if err := a.Start(ctx); err != nil {
		if ctx.Err() != nil { // stopped while it waited for a server
			return nil
		}
		return err
	}
	select {
	case <-ctx.Done():
		o.Log.Info("stopping: finishing what is in hand", "service", name)
		return nil
	case err := <-a.Failed():
		return err
	}
}

// ExtendDictionary adds the words of the configuration's dictionaries to those that copy is read by. Call it once, before
// any copy is read.
func ExtendDictionary(conf *config.Config) error {
	for _, path := range conf.Dictionaries {
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("dictionaries: %w: give the path of a file with words", err)
		}
		if err := credit.Extend(path, text); err != nil {
			return err
		}
	}
	return nil
}

// Log makes the logger of a program: one line an event. What is logged can be changed by the level that it gives.
func Log(w io.Writer, level string, asJSON bool) (*slog.Logger, *slog.LevelVar, error) {
	l := new(slog.LevelVar)
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, nil, fmt.Errorf("--log-level: %w", err)
	}
	options := &slog.HandlerOptions{Level: l}
	log := slog.New(slog.NewTextHandler(w, options))
	if asJSON {
		log = slog.New(slog.NewJSONHandler(w, options))
	}
	redis.SetLogger(redisLog{log})
	return log, l, nil
}

// redisLog has go-redis say what it would print by itself, beside an error that the gateway reports as well.
type redisLog struct{ *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, args ...any) {
	l.DebugContext(ctx, "the client of Redis says", "text", fmt.Sprintf(format, args...))
}

// ToggleDebug changes the level to debug at a SIGUSR1, and from debug to info, until the function that it gives is called.
func ToggleDebug(log *slog.Logger, level *slog.LevelVar) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	go func() {
		for range signals {
			l := slog.LevelDebug
			if level.Level() == slog.LevelDebug {
				l = slog.LevelInfo
			}
			setLevel(log, level, l)
		}
	}()
	return func() {
		signal.Stop(signals)
		close(signals)
	}
}

// setLevel changes the level, and says so whatever the level is or was.
func setLevel(log *slog.Logger, level *slog.LevelVar, l slog.Level) {
	level.Set(min(l, slog.LevelInfo))
	log.Info("the log's level was changed", "level", strings.ToLower(l.String()))
	level.Set(l)
}

// number is the version that is being worked on; CHANGELOG.md says what is in it.
const number = "0.1.0"

// Version is the program's version, with the revision that it was built from where that is known.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return number + " (" + s.Value[:min(12, len(s.Value))] + ")"
			}
		}
	}
	return number
}
