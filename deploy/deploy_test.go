// Package deploy_test tries the files of this folder on the real servers.
package deploy_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"

	"kawat/internal/testkit"
)

// folder is what deploy/prepare laid out.
type folder struct {
	t    testing.TB
	path string
}

// prepare lays out a folder for the servers.
func prepare(t testing.TB) *folder {
	t.Helper()
	f := &folder{t, t.TempDir()}
	f.prepare()
	return f
}

func (f *folder) prepare() {
	f.t.Helper()
	if out, err := exec.Command("./prepare", f.path).CombinedOutput(); err != nil {
		f.t.Fatalf("prepare: %v\n%s", err, out)
	}
}

// file is the path of a file in it.
func (f *folder) file(name string) string { return filepath.Join(f.path, name) }

// read gives a file in it, without the line's end.
func (f *folder) read(name string) string {
	f.t.Helper()
	return strings.TrimSpace(readFile(f.t, f.file(name)))
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// password is a user's at a server, nats or redis.
func (f *folder) password(server, user string) string {
	return f.read("passwords/" + server + "-" + user)
}

// tls is for clients of the servers.
func (f *folder) tls() *tls.Config {
	f.t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(f.read("tls/ca.pem"))) {
		f.t.Fatal("no certificate in tls/ca.pem")
	}
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}

// start starts a server in one of the folder's folders, as its configuration wants it.
func (f *folder) start(in string, env []string, program string, args ...string) *testkit.Process {
	f.t.Helper()
	return testkit.Start(f.t, env, "/usr/bin/env", append([]string{"-C", f.file(in), program}, args...)...)
}

// startNATS starts a nats-server on a port and in a store of the test's own, and waits until it takes logins.
func (f *folder) startNATS() (address string) {
	f.t.Helper()
	address = loopback(f.t)
	_, port, _ := net.SplitHostPort(address)
	server := f.start("nats", []string{"NATS_STORE=" + f.t.TempDir()}, natsServer(f.t), "-c", "one.conf", "-a", "127.0.0.1", "-p", port,
		"-m", fmt.Sprint(testkit.FreePort(f.t)))
	f.waitNATS(server, address)
	return address
}

func natsServer(t testing.TB) string { return testkit.Build(t, "github.com/nats-io/nats-server/v2") }

func (f *folder) waitNATS(server *testkit.Process, address string) {
	f.t.Helper()
	f.wait(server, func() error {
		nc, err := f.login(address, "operator")
		if err == nil {
			nc.Close()
		}
		return err
	})
}

// login connects as a user of NATS.
func (f *folder) login(address, user string, options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect("tls://"+address, append([]nats.Option{nats.Secure(f.tls()), nats.UserInfo(user, f.password("nats", user)),
		nats.Timeout(5 * time.Second)}, options...)...)
}

// startRedis starts a redis-server on a port of the test's own, and waits until it takes logins.
func (f *folder) startRedis() (address string, server *testkit.Process) {
	f.t.Helper()
	address = loopback(f.t)
	_, port, _ := net.SplitHostPort(address)
	server = f.start("redis", nil, program(f.t, "redis-server", "redis-server"), "one.conf", "--bind", "127.0.0.1", "--tls-port", port)
	f.waitRedis(server, address)
	return address, server
}

func (f *folder) waitRedis(server *testkit.Process, address string) {
	f.t.Helper()
	c := f.redis(address, "operator")
	f.wait(server, func() error { return c.Ping(f.t.Context()).Err() })
}

// wait waits until what holds, for as long as a program runs.
func (f *folder) wait(p *testkit.Process, what func() error) {
	f.t.Helper()
	testkit.Eventually(f.t, 30*time.Second, func() error {
		select {
		case <-p.Exited():
			f.t.Fatalf("it has ended:\n%s", p.Output())
		default:
		}
		return what()
	})
}

// redis is a client of a Redis as a user.
func (f *folder) redis(address, user string) *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: address, Username: user, Password: f.password("redis", user), TLSConfig: f.tls(), MaxRetries: -1})
	f.t.Cleanup(func() { c.Close() })
	return c
}

// program finds a program that scripts/needs installs.
func program(t testing.TB, name, bring string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: run `make needs`, or install Debian's package %s", name, bring)
	}
	return path
}

func loopback(t testing.TB) string { return fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t)) }

// credentials lays a service's files out as LoadCredential= does: its configuration, its passwords and the authority, in one folder.
// changed replaces text of the configuration, which must be there.
func (f *folder) credentials(service string, changed ...string) (config string) {
	f.t.Helper()
	dir := f.t.TempDir()
	text := readFile(f.t, filepath.Join("systemd", service+".yaml"))
	for i := 0; i < len(changed); i += 2 {
		if !strings.Contains(text, changed[i]) {
			f.t.Fatalf("systemd/%s.yaml has no %s", service, changed[i])
		}
		text = strings.ReplaceAll(text, changed[i], changed[i+1])
	}
	writeFile(f.t, filepath.Join(dir, service+".yaml"), text)
	writeFile(f.t, filepath.Join(dir, "ca.pem"), f.read("tls/ca.pem"))
	writeFile(f.t, filepath.Join(dir, "redis-password"), f.password("redis", service))
	if service == "ingest" {
		writeFile(f.t, filepath.Join(dir, "nats-password"), f.password("nats", service))
	}
	return filepath.Join(dir, service+".yaml")
}

// gateway is ingest and publish on servers that run, with the configuration of systemd/.
type gateway struct {
	*folder
	nats, cache        string
	readers, intern    string // addresses of publish
	ingest, publishing *testkit.Process
	store              *testkit.Process // Redis
	configs            map[string]string
}

// startGateway starts everything and waits until it is ready.
func startGateway(t testing.TB) *gateway {
	t.Helper()
	g := &gateway{folder: prepare(t), readers: loopback(t), intern: loopback(t)}
	g.nats = g.startNATS()
	g.cache, g.store = g.startRedis()
	ingestIntern := loopback(t)
	g.configs = map[string]string{
		"ingest":  g.credentials("ingest", "localhost:4222", g.nats, "localhost:6379", g.cache, "127.0.0.1:8082", ingestIntern),
		"publish": g.credentials("publish", "localhost:6379", g.cache, "127.0.0.1:8080", g.readers, "127.0.0.1:8081", g.intern),
	}
	g.ingest = testkit.Start(t, nil, testkit.Build(t, "./cmd/ingest"), "--config", g.configs["ingest"])
	g.publishing = testkit.Start(t, nil, testkit.Build(t, "./cmd/publish"), "--config", g.configs["publish"])
	for _, address := range []string{ingestIntern, g.intern} {
		testkit.Eventually(t, 30*time.Second, func() error {
			_, _, err := get(http.DefaultClient, "http://"+address+"/readyz", nil)
			return err
		})
	}
	return g
}
