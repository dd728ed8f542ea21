package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"kawat/internal/app"
)

// TestConnectToolLogin: a tool logs in with a password from a file, and a desk whose login is refused is not told that no
// server is there.
func TestConnectToolLogin(t *testing.T) {
	ns, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, NoLog: true, Username: "desk", Password: "open sesame",
	})
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
	if !ns.ReadyForConnections(10 * time.Second) {
		t.Fatal("the nats-server did not start")
	}
	file := func(name, password string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(password), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const refused = "refuses the login: give --nats-user and --password-file"
	for _, tt := range []struct {
		name  string
		login app.Login
		err   string
	}{
		{"good", app.Login{User: "desk", PasswordFile: file("good", "open sesame\n")}, ""},
		{"wrong password", app.Login{User: "desk", PasswordFile: file("wrong", "sesame")}, refused},
		{"none", app.Login{}, refused},
		{"no file", app.Login{User: "desk", PasswordFile: "missing"}, "the password of the NATS user: open missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			nc, err := app.ConnectTool(ns.ClientURL(), tt.login)
			if err == nil {
				nc.Close()
			}
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}
