package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kawat/internal/testkit"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kawat": main})
}

// TestScripts tries the command line as its users meet it. In the scripts kawat is this test binary; $SAMPLES is the folder
// of the samples, $EXAMPLE the example configuration, and $LISTEN, $NATS and $OPERATIONS are free loopback addresses of the script's own.
func TestScripts(t *testing.T) {
	root := testkit.Root(t)
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			// The race detector otherwise sleeps for a second at the end of each of a script's many programs.
			env.Setenv("GORACE", "atexit_sleep_ms=10")
			env.Setenv("SAMPLES", filepath.Join(root, "samples"))
			env.Setenv("EXAMPLE", filepath.Join(root, "kawat.example.yaml"))
			for _, name := range []string{"LISTEN", "NATS", "OPERATIONS"} {
				env.Setenv(name, fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t)))
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await": await, "exits": exits, "save": save, "terminate": terminate,
		},
	})
}

// exits CODE PROGRAM ARGUMENTS... runs a program that must end with this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENTS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("it ended with %d, want %d", got, want)
	}
}

// await FILE-OR-ADDRESS REGEXP waits until a file, or what is served under a web address, matches.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await FILE-OR-ADDRESS REGEXP")
	}
	pattern, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	read := func() ([]byte, error) { return os.ReadFile(ts.MkAbs(args[0])) }
	if strings.HasPrefix(args[0], "http://") {
		read = func() ([]byte, error) { return fetch(args[0]) }
	}
	const bound = 20 * time.Second
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		text, err := read()
		if err == nil && pattern.Match(text) {
			return
		}
		if time.Since(begin) > bound {
			log, _ := os.ReadFile(ts.MkAbs("log.txt"))
			ts.Fatalf("%s did not match within %s (error: %v):\n%s\nlog.txt:\n%s", args[0], bound, err, text, log)
		}
	}
}

// save ADDRESS FILE writes what is served under a web address to a file.
func save(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: save ADDRESS FILE")
	}
	data, err := fetch(args[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), data, 0o644))
}

func fetch(url string) ([]byte, error) {
	client := http.Client{Timeout: 5 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return io.ReadAll(resp.Body)
}

// terminate sends SIGTERM, as a service manager does, to every program that runs in the script's background.
func terminate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: terminate")
	}
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	}
}
