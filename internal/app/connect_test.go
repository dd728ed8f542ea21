package app_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// startNATS starts a nats-server in this process and gives its address.
func startNATS(t *testing.T, o server.Options) string {
	t.Helper()
	o.Host, o.Port, o.NoSigs, o.NoLog = "127.0.0.1", server.RANDOM_PORT, true, true
	ns, err := server.NewServer(&o)
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
	if !ns.ReadyForConnections(10 * time.Second) {
		t.Fatal("the nats-server did not start")
	}
	return ns.ClientURL()
}

// file writes a file of the test's own and gives its path.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// connects tries to connect and wants an error that has this in it, or none for "".
func connects(t *testing.T, c config.NATS, want string) {
	t.Helper()
	nc, err := app.ConnectTool(c)
	if err == nil {
		nc.Close()
	}
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("error %v, want %q", err, want)
	}
}

// TestConnectToolLogin: a tool logs in with a password from a file, and a desk whose login is refused is not told that no
// server is there.
func TestConnectToolLogin(t *testing.T) {
	urls := []string{startNATS(t, server.Options{Username: "desk", Password: "open sesame"})}
	const refused = "refuses the login: give --nats-user and --password-file"
	for _, tt := range []struct {
		name  string
		login config.NATS
		err   string
	}{
		{"good", config.NATS{URLs: urls, User: "desk", PasswordFile: file(t, "open sesame\n")}, ""},
		{"wrong password", config.NATS{URLs: urls, User: "desk", PasswordFile: file(t, "sesame")}, refused},
		{"none", config.NATS{URLs: urls}, refused},
		{"no file", config.NATS{URLs: urls, User: "desk", PasswordFile: "missing"}, "the password of the NATS user: open missing"},
		{"empty file", config.NATS{URLs: urls, User: "desk", PasswordFile: file(t, "\n")}, "the password of the NATS user: it is empty"},
	} {
		t.Run(tt.name, func(t *testing.T) { connects(t, tt.login, tt.err) })
	}
}

// TestConnectToolAuthority: a tool knows the server by the authority that it is given, and says what to do where it does not.
func TestConnectToolAuthority(t *testing.T) {
	web := httptest.NewTLSServer(nil) // it has a certificate for 127.0.0.1 that it has signed itself
	t.Cleanup(web.Close)
	secured := startNATS(t, server.Options{TLS: true, TLSConfig: &tls.Config{Certificates: web.TLS.Certificates}})
	plain := startNATS(t, server.Options{})
	authority := &config.TLS{CAFile: file(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})))}
	for _, tt := range []struct {
		name, url string
		tls       *config.TLS
		err       string
	}{
		{"known", secured, authority, ""},
		{"known, by the address that says so", strings.Replace(secured, "nats:", "tls:", 1), authority, ""},
		{"unknown", secured, nil, "cannot be told from a stranger: give --nats-ca"},
		{"another name", strings.Replace(secured, "127.0.0.1", "localhost", 1), authority, "cannot be told from a stranger"},
		{"no TLS", plain, authority, "has no TLS: leave --nats-ca out"},
	} {
		t.Run(tt.name, func(t *testing.T) { connects(t, config.NATS{URLs: []string{tt.url}, TLS: tt.tls}, tt.err) })
	}
}

// TestInboxes: the gateway and its tools need no inboxes but those that their users may subscribe to.
func TestInboxes(t *testing.T) {
	ns, rs := testkit.StartNATS(t), testkit.StartRedis(t)
	ns.Reconfigure("jetstream {", `authorization { users: [
  { user: ingest, password: secret, permissions: { publish: ">", subscribe: ["_INBOX_ingest.>", "kawat.rebuild ingest"] } }
  { user: operator, password: secret, permissions: { publish: ["$JS.API.>", "wire.in.>", "wire.desk.*", "kawat.rebuild"], subscribe: ["answers.operator.>", "kawat.event.>"] } }
] }
jetstream {`)
	ns.Kill()
	ns.Restart()
	ns.WaitReady()

	password := file(t, "secret")
	operator := config.NATS{URLs: []string{ns.URL}, User: "operator", PasswordFile: password}
	nc, err := app.ConnectTool(operator)
	if err != nil {
		t.Fatal(err)
	}
	_, err = nc.SubscribeSync(nc.NewInbox())
	if err := errors.Join(err, nc.Flush()); err != nil {
		t.Fatal(err)
	}
	if err := nc.LastError(); !errors.Is(err, nats.ErrPermissionViolation) {
		t.Fatalf("the operator may subscribe to any inbox: %v", err)
	}
	nc.Close()

	conf, err := config.Load(file(t, fmt.Sprintf(`
nats: {urls: [%q], user: ingest, password_file: %q, inbox_prefix: _INBOX_ingest}
redis: {addresses: [%q]}
publish: {listen: "127.0.0.1:0", operations: "127.0.0.1:0"}
`, ns.URL, password, rs.Address)))
	if err != nil {
		t.Fatal(err)
	}
	gateway := app.New(app.Options{Config: conf, Ingest: true, Publish: true, Log: testkit.Log(t)})
	t.Cleanup(gateway.Stop)
	if err := gateway.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	operator.InboxPrefix = "answers.operator"
	if nc, err = app.ConnectTool(operator); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	pusher, err := ledger.NewPusher(nc)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := pusher.Push(ctx, ledger.Push{Provider: "antara", Data: []byte(ferry)}); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 20*time.Second, func() error {
		if s := gateway.Feeds().Snapshot("all"); s == nil || len(s.View.Entries) != 1 {
			return errors.New("the story is not in its feed")
		}
		return nil
	})
	archive, err := ledger.OpenArchive(ctx, nc, testkit.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	var export strings.Builder
	if n, err := archive.Export(ctx, &export, ledger.Span{}, func(int) {}); n != 1 || err != nil {
		t.Errorf("%d records exported, %v", n, err)
	}
	if err := ledger.Rebuild(ctx, nc, func(ledger.Progress) {}); err != nil {
		t.Errorf("rebuild: %v", err)
	}
	if err := nc.LastError(); err != nil {
		t.Errorf("the server refuses the operator something: %v", err)
	}
}
