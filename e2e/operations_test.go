package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// fenced are the commands of a document, in their order: those that can be run, and those that need a host of their own.
func fenced(t *testing.T, name string) (run, host []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?ms)^```sh( host)?\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		if block[1] == "" {
			run = append(run, block[2])
		} else {
			host = append(host, block[2])
		}
	}
	return run, host
}

// TestOperationsCommands runs every command of docs/operations.md as it stands against a gateway of two services; of those that
// need root or systemd it checks the syntax.
func TestOperationsCommands(t *testing.T) {
	run, host := fenced(t, "operations.md")
	if len(run) < 15 || len(host) < 5 {
		t.Fatalf("%d and %d blocks of commands", len(run), len(host))
	}
	for _, block := range host {
		if out, err := exec.Command("bash", "-n", "-c", block).CombinedOutput(); err != nil {
			t.Errorf("%v: %s\n%s", err, out, block)
		}
	}

	s := prepareServices(t, "")
	operations := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	conf, err := os.ReadFile(s.config)
	if err == nil {
		err = os.WriteFile(s.config, fmt.Appendf(conf, "ingest: {operations: %q}\nproviders: [{name: antara}]\n", operations), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.startIngest(t)
	s.startPublish(t)
	s.waitReady(t)
	spare := testkit.StartNATS(t)

	// Something for the runbook to find: copy that is refused.
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := s.pusher(t).Push(ctx, ledger.Push{Provider: "antara", Data: []byte(" ")}); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 20*time.Second, func() error {
		resp, err := client.Get("http://" + operations + "/metrics")
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		scrape := new(strings.Builder)
		if err := resp.Write(scrape); err != nil {
			return err
		}
		for _, want := range []string{`kawat_quarantine_waiting{code="no-text"} 1`, "kawat_provider_last_copy_timestamp_seconds{"} {
			if resp.StatusCode != http.StatusOK || !strings.Contains(scrape.String(), want) {
				return fmt.Errorf("no %s", want)
			}
		}
		return nil
	})

	folder := t.TempDir()
	if err := os.Symlink(testkit.Build(t, "./cmd/kawat"), filepath.Join(folder, "kawat")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "story.txt"), plainCopy(1), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, block := range run {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", block)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "KAWAT_CONFIG="+s.config, "KAWAT_NATS_URL="+s.nats,
			"READERS="+s.base, "PUBLISH="+s.operations, "INGEST=http://"+operations, "SPARE="+spare.URL)
		out, err := cmd.CombinedOutput()
		cancel()
		if err != nil {
			t.Errorf("%v\n%s\n%s", err, block, out)
		}
		if strings.HasPrefix(block, "kawat push") { // what was pushed is there a moment later
			testkit.Eventually(t, 20*time.Second, func() error {
				return exactlyOnce(&s.gateway, "/feeds/all.rss", map[string]bool{"urn:kawat:antara:OPS-1": true})
			})
		}
	}
}
