// Package embedded runs a nats-server and a Redis (miniredis) inside this process, for the gateway in one command. The
// nats-server keeps its streams on disk and syncs every write; the Redis is empty at every start, as a cache may be.
package embedded

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// MaxPayload is the largest message that the embedded nats-server takes. A record holds its text twice, as HTML and plain,
// so that it is larger than its copy; the server itself advises against more than this.
const MaxPayload = 8 << 20

// Servers are the two servers. Stop ends them.
type Servers struct {
	nats     *server.Server
	redis    *miniredis.Miniredis
	password string
	lock     *os.File
}

// Start starts a nats-server that listens on natsAddress ("host:port") and keeps its streams under dataDir, and a
// miniredis on a free loopback port. A port in use is an error that says so.
func Start(natsAddress, dataDir string, log *slog.Logger) (*Servers, error) {
	host, portText, err := net.SplitHostPort(natsAddress)
	if err != nil {
		return nil, fmt.Errorf("--nats %q: give an address as 127.0.0.1:4222: %w", natsAddress, err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil || port < 0 || port > 65535 {
		return nil, fmt.Errorf("--nats %q: %q is not a port", natsAddress, portText)
	}
	if err := CanListen("--nats", natsAddress); err != nil {
		return nil, err
	}
	if port == 0 {
		port = server.RANDOM_PORT
	}
	store := filepath.Join(dataDir, "nats")
	if err := os.MkdirAll(store, 0o750); err != nil {
		return nil, fmt.Errorf("--data: %w", err)
	}
	lock, err := lockFolder(dataDir)
	if err != nil {
		return nil, err
	}
	ns, err := server.NewServer(&server.Options{
		ServerName: "kawat", Host: host, Port: port,
		JetStream: true, StoreDir: store, SyncAlways: true, MaxPayload: MaxPayload,
		NoSigs: true, NoLog: true,
	})
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("embedded nats-server: %w", err)
	}
	ns.SetLogger(&serverLog{log.With("server", "nats")}, false, false)
	ns.Start()
	if !ns.ReadyForConnections(30 * time.Second) {
		ns.Shutdown()
		lock.Close()
		return nil, fmt.Errorf("embedded nats-server did not start on %s within 30 s", natsAddress)
	}
	redis := miniredis.NewMiniRedis()
	password := rand.Text()
	redis.RequireAuth(password) // the port is on loopback, but other users may be on this machine
	if err := redis.StartAddr("127.0.0.1:0"); err != nil {
		ns.Shutdown()
		lock.Close()
		return nil, fmt.Errorf("embedded Redis: %w", err)
	}
	return &Servers{nats: ns, redis: redis, password: password, lock: lock}, nil
}

// lockFolder keeps a second gateway from opening the same streams.
func lockFolder(dataDir string) (*os.File, error) {
	path := filepath.Join(dataDir, "lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, fmt.Errorf("--data: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("--data: another gateway is using %s: stop it, or give another folder with --data", dataDir)
	}
	return f, nil
}

// NATSURL is where clients reach the nats-server.
func (s *Servers) NATSURL() string { return s.nats.ClientURL() }

// InProcess is the option of a NATS connection that stays inside this process.
func (s *Servers) InProcess() nats.Option { return nats.InProcessServer(s.nats) }

// RedisAddress is where the Redis listens.
func (s *Servers) RedisAddress() string { return s.redis.Addr() }

// RedisPassword is what the Redis asks for; it is new at every start.
func (s *Servers) RedisPassword() string { return s.password }

// Stop ends both servers; the nats-server's files are whole on disk when it returns.
func (s *Servers) Stop() {
	s.redis.Close()
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
	s.lock.Close()
}

// CanListen says whether an address is free.
func CanListen(flag, address string) error {
	l, err := Listen(flag, address)
	if err != nil {
		return err
	}
	return l.Close()
}

// Listen listens on an address; the error names the flag, or the key of the configuration, that it came from, and what to do.
func Listen(flag, address string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, fmt.Errorf("%s %q: give an address with its port, as 127.0.0.1:8080", flag, address)
	}
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s: the port of %s is in use by another program: stop it, or give another address with %s", flag, address, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", flag, address, err)
	}
	return l, nil
}

// serverLog gives the nats-server's notices to slog.
type serverLog struct{ log *slog.Logger }

func (l *serverLog) Noticef(format string, v ...any) { l.log.Debug(fmt.Sprintf(format, v...)) }
func (l *serverLog) Warnf(format string, v ...any)   { l.log.Warn(fmt.Sprintf(format, v...)) }
func (l *serverLog) Errorf(format string, v ...any)  { l.log.Error(fmt.Sprintf(format, v...)) }
func (l *serverLog) Fatalf(format string, v ...any)  { l.log.Error(fmt.Sprintf(format, v...)) }
func (l *serverLog) Debugf(format string, v ...any)  {}
func (l *serverLog) Tracef(format string, v ...any)  {}
