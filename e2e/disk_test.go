package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// TestDiskFull: the disk under JetStream is full under load. Desks are told so, ingest says so, the feeds are served; with more
// room, and a nats-server started anew, nothing that was acknowledged is missing. Where no file system can be mounted
// JetStream's own limit is the disk.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	o := testkit.NATSOptions{Store: t.TempDir()}
	disk := syscall.Mount("tmpfs", o.Store, "tmpfs", 0, "size=4m") == nil
	if disk {
		t.Cleanup(func() {
			if err := syscall.Unmount(o.Store, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
	} else {
		t.Log("nothing can be mounted here: max_file_store is the disk")
		o.Most = "2MB"
	}
	server, store := testkit.StartNATSWith(t, o), testkit.StartRedis(t)
	both := on(server.Address(), store.Address)
	s := startServicesOn(t, both, both, server.URL,
		`feeds: [{name: everything, title: Everything of one provider, size: 1000, filter: 'story.provider == "antara"'}]`)
	n := newNewsroom(t, &s.gateway, seeded(t))
	stop, readers := n.work(2), n.readers()
	n.more(25)
	const alarm = "trying again until it works"
	before := strings.Count(s.ingest.Output(), alarm)
	// Copy of another provider fills the rest.
	js := onJetStream(t, server.URL)
	heavy := append(plainCopy(1), bytes.Repeat([]byte("Kapal itu membawa penumpang lagi. "), 1000)...)
	testkit.Eventually(t, 60*time.Second, func() error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := js.Publish(ctx, "wire.in.heavy", append(heavy, nats.NewInbox()...))
		var refused *jetstream.APIError
		if err == nil || !errors.As(err, &refused) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, nats.ErrNoResponders) {
			return errors.Join(errors.New("the disk is not full yet"), err)
		}
		t.Logf("a desk is told: %v", err)
		return nil
	})
	testkit.Eventually(t, 30*time.Second, func() error {
		if strings.Count(s.ingest.Output(), alarm) > before {
			return nil
		}
		// With nothing in hand ingest has nothing to say. Then WIRE takes no more, and every desk is told.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var refused *jetstream.APIError
		if _, err := js.Publish(ctx, "wire.in.heavy", append(plainCopy(2), nats.NewInbox()...)); !errors.As(err, &refused) {
			return fmt.Errorf("ingest says nothing, and WIRE goes on: %v", err)
		}
		return nil
	})
	if disk {
		if err := syscall.Mount("tmpfs", o.Store, "tmpfs", syscall.MS_REMOUNT, "size=512m"); err != nil {
			t.Fatal(err)
		}
		server.Kill()
		server.Restart()
	} else {
		server.Kill()
		server.Reconfigure(o.Most, "1GB")
		server.Restart()
	}
	n.more(20)
	stop()
	n.recovered()
	t.Logf("%d pieces of copy acknowledged, %d reads", n.count(), readers())
}

// TestPowerCut: the power fails right after copy was acknowledged. The disk of nats-server is a file with a file system of its own; what that file
// holds at some moment is what a disk holds when the power fails: nothing that was only in the machine's memory. Every
// message that was acknowledged by then is there. With the server's own sync_interval they are not, which shows that the
// test can fail.
func TestPowerCut(t *testing.T) {
	for _, interval := range []string{"always", "2m"} {
		t.Run(interval, func(t *testing.T) {
			t.Parallel()
			for range rounds(t, 1) {
				lost, acknowledged := powerCut(t, interval)
				t.Logf("%d of %d acknowledged messages lost", lost, acknowledged)
				if interval == "always" && lost > 0 {
					t.Errorf("%d of %d acknowledged messages lost", lost, acknowledged)
				}
				if interval != "always" && lost == 0 {
					t.Error("nothing is lost without syncing: this shows nothing")
				}
			}
		})
	}
}

func powerCut(t *testing.T, interval string) (lost, acknowledged int) {
	t.Helper()
	dir := t.TempDir()
	image, after := filepath.Join(dir, "disk"), filepath.Join(dir, "after")
	run := func(name string, args ...string) {
		t.Helper()
		if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			t.Skipf("no disk of its own can be made on this machine: %s: %v: %s", name, err, out)
		}
	}
	run("truncate", "--size", "96M", image)
	run("mkfs.ext4", "-q", "-F", image)
	mount := func(image, name string) string {
		t.Helper()
		at := filepath.Join(dir, name)
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		run("mount", "-o", "loop", image, at)
		return at
	}
	unmount := func(at string) {
		if out, err := exec.Command("umount", at).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	}
	at := mount(image, "before")
	server := testkit.StartNATSWith(t, testkit.NATSOptions{Sync: interval, Store: at})
	js := onJetStream(t, server.URL)
	stream := jetstream.StreamConfig{Name: ledger.WireStream, Subjects: []string{"wire.in.>"}, Storage: jetstream.FileStorage}
	if _, err := js.CreateStream(t.Context(), stream); err != nil {
		t.Fatal(err)
	}
	// The stream itself is on the disk; of its messages nothing is yet.
	syscall.Sync()
	const copies = 200
	for i := range copies {
		if _, err := js.Publish(t.Context(), "wire.in.antara", plainCopy(i)); err != nil {
			t.Fatal(err)
		}
	}
	server.Signal(syscall.SIGSTOP) // so that the file system does not change while it is copied
	run("cp", "--sparse=always", image, after)
	server.Kill()
	unmount(at)

	at = mount(after, "mounted")
	server = testkit.StartNATSWith(t, testkit.NATSOptions{Sync: interval, Store: at})
	js = onJetStream(t, server.URL)
	found := map[string]bool{}
	s, err := js.Stream(t.Context(), ledger.WireStream)
	if err == nil {
		for seq := s.CachedInfo().State.FirstSeq; seq > 0 && seq <= s.CachedInfo().State.LastSeq; seq++ {
			if m, err := s.GetMsg(t.Context(), seq); err == nil {
				found[string(m.Data)] = true
			}
		}
	}
	server.Kill()
	unmount(at)
	for i := range copies {
		if !found[string(plainCopy(i))] {
			lost++
		}
	}
	return lost, copies
}
