// Package testkit starts real servers and kawat's own programs for tests, on free loopback ports, and stops each by its
// process id when the test ends.
package testkit

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Process is a program that a test started.
type Process struct {
	t    testing.TB
	name string
	path string
	args []string
	env  []string

	mu     sync.Mutex
	cmd    *exec.Cmd
	exited chan struct{}
	output bytes.Buffer
}

// Start starts a program and kills it at the end of the test, where its output is shown if the test failed.
func Start(t testing.TB, env []string, path string, args ...string) *Process {
	t.Helper()
	p := &Process{t: t, name: filepath.Base(path), path: path, args: args, env: env}
	p.Restart()
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("output of %s:\n%s", p.name, tail(p.Output(), 8<<10))
		}
	})
	return p
}

func tail(s string, n int) string {
	if len(s) > n {
		return "…" + s[len(s)-n:]
	}
	return s
}

// Restart starts the program again with the same arguments; it must have ended.
func (p *Process) Restart() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	cmd := exec.Command(p.path, p.args...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdout, cmd.Stderr = (*lockedWriter)(p), (*lockedWriter)(p)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	exited, started := make(chan struct{}), make(chan error)
	go func() {
		// The kernel ends the child with the thread that started it, so that thread is kept until the child ends.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in cmd.ProcessState
		}
		close(exited)
	}()
	if err := <-started; err != nil {
		p.t.Fatalf("start %s: %v", p.path, err)
	}
	p.cmd, p.exited = cmd, exited
}

// lockedWriter keeps the program's output.
type lockedWriter Process

func (w *lockedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.output.Write(b)
}

// Output is what the program has printed so far, over all of its starts.
func (p *Process) Output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// Signal sends a signal: SIGTERM, SIGSTOP, SIGCONT.
func (p *Process) Signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// Kill ends the program as kill -9 does, and waits until it is gone.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.exited
}

// CPU is the processor time that the program has taken since it was started last, in steps of 10 ms (stat of proc(5)).
func (p *Process) CPU() time.Duration {
	p.t.Helper()
	p.mu.Lock()
	pid := p.cmd.Process.Pid
	p.mu.Unlock()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		p.t.Fatal(err)
	}
	// Behind the name, which is in brackets, fields 12 and 13 are user and system time in hundredths of a second.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	var ticks time.Duration
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			p.t.Fatalf("the processor time of %s: %v", p.name, err)
		}
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond
}

// PeakMemory is the most memory, in bytes, that the program has had at once since it was started last (VmHWM of proc(5)).
func (p *Process) PeakMemory() int64 {
	p.t.Helper()
	p.mu.Lock()
	pid := p.cmd.Process.Pid
	p.mu.Unlock()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	var kib int64
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		p.t.Fatalf("the peak memory of %s: %v", p.name, err)
	}
	return kib << 10
}

// Exited is closed when the program has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Stop asks the program to end and gives its exit code; it fails the test when that takes longer than a bound.
func (p *Process) Stop(bound time.Duration) int {
	p.t.Helper()
	p.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(bound):
		p.t.Fatalf("%s did not stop within %s of SIGTERM", p.name, bound)
	}
	return p.cmd.ProcessState.ExitCode()
}

// FreePort gives a loopback port that nothing listens on, and that no other test on this machine is given until this one
// ends. It lies below the ports that Linux gives to outgoing connections, which would otherwise take it before a server does.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := 12_000 + rand.IntN(20_000)
		// An address in the abstract name space is a lock between test programs that vanishes with its holder (unix(7)).
		lock, err := net.Listen("unix", fmt.Sprintf("@kawat-test-port-%d", port))
		if err != nil {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			lock.Close()
			continue
		}
		l.Close()
		t.Cleanup(func() { lock.Close() })
		return port
	}
	t.Fatal("no loopback port is free")
	return 0
}

// Eventually waits until what holds, looking often, and fails the test with its last complaint when that takes too long.
func Eventually(t testing.TB, bound time.Duration, what func() error) {
	t.Helper()
	deadline := time.Now().Add(bound)
	for {
		err := what()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %v", bound, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

var builds sync.Map // package and tags → *build

type build struct {
	once sync.Once
	path string
	err  error
}

// Build builds a program of this module, or of a module that it needs, and gives its path. It is built as `make build` and the images
// have it, and stays in the tree for all test binaries, this run's and the next's: Go links it anew only when something changed.
func Build(t testing.TB, pkg string, tags ...string) string {
	t.Helper()
	key := pkg + " " + strings.Join(tags, ",")
	v, _ := builds.LoadOrStore(key, new(build))
	b := v.(*build)
	b.once.Do(func() {
		b.path = filepath.Join(Root(t), ".cache", "programs", strings.Join(tags, "-"), filepath.Base(strings.TrimSuffix(pkg, "/v2")))
		b.err = buildProgram(Root(t), b.path, pkg, tags)
	})
	if b.err != nil {
		t.Fatal(b.err)
	}
	return b.path
}

func buildProgram(root, path, pkg string, tags []string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	// Test binaries run side by side.
	lock, err := os.Create(path + ".lock")
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s", "-o", path, "-tags", strings.Join(tags, ","), pkg)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

// Root is the folder of the module.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = parent
	}
}
