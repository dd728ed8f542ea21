package deploy_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// get gives what an address answers; an answer other than 200 is an error too.
func get(client *http.Client, address string, header http.Header) (*http.Response, string, error) {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	request.Header = header
	response, err := client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s: %s", address, response.Status, body)
	}
	return response, string(body), err
}

// story is invented copy.
func story(headline string) string {
	return headline + "\n\nJAKARTA, Nov. 23 (ANTARA) -- " + headline + " on Monday, the harbour master said.\n\nNobody was hurt.\n"
}

// kawat runs a tool as a user of NATS.
func (g *gateway) kawat(user, in string, args ...string) (string, error) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, testkit.Build(g.t, "./cmd/kawat"), args...)
	cmd.Env = append(os.Environ(), "KAWAT_NATS_URL=tls://"+g.nats, "KAWAT_NATS_USER="+user,
		"KAWAT_NATS_PASSWORD_FILE="+g.file("passwords/nats-"+user), "KAWAT_NATS_CA="+g.file("tls/ca.pem"), "KAWAT_BY=Siti")
	cmd.Stdin = strings.NewReader(in)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("kawat %s as %s: %w: %s%s", strings.Join(args, " "), user, err, &complaint, &out)
	}
	return out.String(), nil
}

// must is kawat for what has to work.
func (g *gateway) must(user, in string, args ...string) string {
	g.t.Helper()
	out, err := g.kawat(user, in, args...)
	if err != nil {
		g.t.Fatal(err)
	}
	return out
}

// shows waits until the feed all has words, or has them no more.
func (g *gateway) shows(words string, want bool) {
	g.t.Helper()
	testkit.Eventually(g.t, 30*time.Second, func() error {
		_, body, err := get(http.DefaultClient, "http://"+g.readers+"/feeds/all.atom", nil)
		if err == nil && strings.Contains(body, words) != want {
			err = fmt.Errorf("the feed has %q: want %t\n%s", words, want, body)
		}
		return err
	})
}

// TestWhole: with the files of this folder copy is pushed by a provider and served to readers, and every tool does its work for
// the user that it is meant for.
func TestWhole(t *testing.T) {
	g := startGateway(t)
	g.must("kyodo", story("Port opens again"), "push", "--provider", "kyodo", "--id", "KYO-1", "-")
	g.shows("Port opens again", true)
	g.must("kyodo", story("Ferry leaves late"), "push", "--provider", "kyodo", "--id", "KYO-2", "-")
	g.must("antara", story("Pelabuhan dibuka"), "push", "--provider", "antara", "--id", "ANT-1", "--translation-of", "KYO-1", "-")
	g.must("antara-desk", story("Kapal berangkat")+"\nSumber: Kyodo\n", "push", "--provider", "antara", "--id", "ANT-2", "-")
	g.shows("Kapal berangkat", true)

	for _, step := range []struct {
		user, in string
		args     []string
		says     string
	}{
		{"operator", "", []string{"history", "KYO-1"}, "Port opens"},
		{"operator", "", []string{"withhold", "KYO-2"}, "withheld"},
		{"operator", "", []string{"release", "KYO-2"}, "released"},
		{"operator", "", []string{"kill", "KYO-1"}, "killed"},
		{"operator", "", []string{"waiting"}, "ANT-1"},
		{"operator", "", []string{"reinstate", "KYO-1"}, "reinstated"},
		{"operator", "", []string{"link", "ANT-2", "KYO-2"}, "linked"},
		{"operator", "", []string{"unlink", "ANT-2"}, "unlinked"},
		{"operator", "", []string{"candidates", "ANT-2"}, ""},
		{"operator", "", []string{"export"}, "KYO-1"},
		{"operator", "", []string{"rebuild"}, "rebuilt"},
		{"operator", story("From the desk"), []string{"push", "--provider", "tass", "--id", "T-1", "-"}, "T-1"},
	} {
		out := g.must(step.user, step.in, step.args...)
		if !strings.Contains(out, step.says) {
			t.Errorf("kawat %s as %s says %q, want %q", strings.Join(step.args, " "), step.user, out, step.says)
		}
	}
	g.shows("Kapal berangkat", true)

	// Who pushes as somebody else is told so.
	if _, err := g.kawat("kyodo", story("Port opens again"), "push", "--provider", "antara", "-"); err == nil || !strings.Contains(err.Error(), "may not publish on wire.in.antara") {
		t.Errorf("kyodo pushes as antara: %v", err)
	}

	// A desk's orders, with nothing but leave to give them.
	desk, err := g.login(g.nats, "antara-desk")
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	pusher, err := ledger.NewPusher(desk)
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range []wire.Action{wire.OrderWithhold, wire.OrderRelease} {
		order := &wire.Order{Action: action, ID: "ANT-2", By: "Siti", Given: time.Now().UTC()}
		if _, err := pusher.Order(t.Context(), "antara", order); err != nil {
			t.Fatal(err)
		}
		g.shows("Kapal berangkat", action == wire.OrderRelease)
	}
	g.must("antara-desk", story("Kapal berangkat"), "push", "--provider", "antara", "--id", "ANT-2", "--signal", "kill", "-")
	g.shows("Kapal berangkat", false)

	// Quarantine: copy that cannot be read, discarded and tried again.
	nc, err := g.login(g.nats, "kyodo")
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	for i := range 2 {
		if _, err := nc.Request("wire.in.kyodo", fmt.Appendf(nil, "<nitf><body%d", i), 5*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	testkit.Eventually(t, 30*time.Second, func() error {
		if out, err := g.kawat("operator", "", "quarantine", "list"); err != nil || strings.Count(out, "kyodo") < 2 {
			return cmp.Or(err, fmt.Errorf("quarantine has %q", out))
		}
		return nil
	})
	g.must("operator", "", "quarantine", "show", "1")
	g.must("operator", "", "quarantine", "retry", "1")
	g.must("operator", "", "quarantine", "discard", "2", "--reason", "cut off")
	// Where the operator's answers are heard by nobody else.
	g.must("operator", "", "rebuild", "--nats-inbox", "_INBOX_operator")
	for service, config := range g.configs {
		g.healthy(service, config)
	}
	// The storage has a limit that ingest sees, or no alert would tell that it fills.
	if out, _ := exec.Command(testkit.Build(t, "./cmd/kawat"), "doctor", "--config", g.configs["ingest"], "--offline").Output(); !strings.Contains(string(out), "of 50 GiB used") {
		t.Errorf("the doctor does not see how much the streams may take:\n%s", out)
	}

	if out := g.ingest.Output() + g.publishing.Output(); strings.Contains(strings.ToLower(out), "permission") || strings.Contains(out, "NOPERM") {
		t.Errorf("a service lacks a right:\n%s", out)
	}
}

// TestImport: what was exported is restored into new servers by the user admin, and served.
func TestImport(t *testing.T) {
	g := startGateway(t)
	g.must("kyodo", story("Port opens again"), "push", "--provider", "kyodo", "--id", "KYO-1", "-")
	g.shows("Port opens again", true)
	export := g.file("stories.jsonl")
	g.must("operator", "", "export", "-o", export)

	restored := &gateway{folder: g.folder}
	restored.nats = restored.startNATS()
	restored.must("admin", "", "import", export)
	if out := restored.must("operator", "", "history", "KYO-1"); !strings.Contains(out, "Port opens again") {
		t.Errorf("the history of the restored story is %q", out)
	}
}

// denied says whether the server refuses that a user publishes on a subject, or subscribes to it.
func (g *gateway) denied(user, verb, subject string) (bool, error) {
	const forbidden = "nobody.may" // for everybody, so that its refusal says that the server has judged what came before it
	complaints := make(chan error, 2)
	nc, err := g.login(g.nats, user, nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { complaints <- err }))
	if err != nil {
		return false, err
	}
	defer nc.Close()
	if verb == "publish" {
		err = nc.PublishRequest(subject, nats.NewInbox(), nil)
	} else {
		_, err = nc.SubscribeSync(subject)
	}
	if err = errors.Join(err, nc.Publish(forbidden, nil)); err != nil {
		return false, err
	}
	select {
	case err := <-complaints:
		if !errors.Is(err, nats.ErrPermissionViolation) {
			return false, err
		}
		return !strings.Contains(err.Error(), forbidden), nil
	case <-time.After(20 * time.Second):
		return false, errors.New("the server refuses nothing")
	}
}

// TestNATSRights: nobody can do what is not theirs.
func TestNATSRights(t *testing.T) {
	g := startGateway(t)
	g.must("kyodo", story("Port opens again"), "push", "--provider", "kyodo", "--id", "KYO-1", "-")
	g.shows("Port opens again", true)
	everybody := []string{"ingest", "operator", "kyodo", "antara", "antara-desk"}
	providers := everybody[2:]
	for _, tt := range []struct {
		users []string
		verb  string
		what  []string
	}{
		{everybody, "publish", []string{
			"$JS.API.STREAM.DELETE.STORIES", "$JS.API.STREAM.DELETE.WIRE", "$JS.API.STREAM.DELETE.QUARANTINE", "$JS.API.STREAM.DELETE.FAMILIES",
			"$JS.API.STREAM.PURGE.WIRE", "$JS.API.STREAM.PURGE.QUARANTINE", "$JS.API.STREAM.PURGE.FAMILIES",
			"$JS.API.STREAM.UPDATE.WIRE", "$JS.API.STREAM.UPDATE.STORIES",
			"$JS.API.STREAM.MSG.DELETE.QUARANTINE", "$JS.API.STREAM.SNAPSHOT.WIRE", "$JS.API.STREAM.RESTORE.STORIES",
			"$JS.API.CONSUMER.DELETE.WIRE.ingest", "$JS.API.CONSUMER.CREATE.WIRE.other", "$JS.API.CONSUMER.DURABLE.CREATE.WIRE.ingest",
		}},
		{everybody, "subscribe", []string{">", "wire.in.>", "wire.in.kyodo", "wire.desk.*", "story.>", "quarantine.>", "family.>", "$JS.>"}},
		{[]string{"ingest"}, "publish", []string{"wire.in.kyodo", "kawat.rebuild", "quarantine2.x"}},
		{[]string{"ingest"}, "subscribe", []string{"kawat.rebuild", "kawat.event.>"}}, // it answers in its queue alone
		{[]string{"operator"}, "publish", []string{"story.kyodo.x", "family.x.kyodo.y", "quarantine.kyodo.syntax.1-0", "$JS.API.STREAM.CREATE.X",
			"$JS.API.CONSUMER.MSG.NEXT.WIRE.ingest", "$JS.ACK.WIRE.ingest.1.1.1.1.1"}},
		{providers, "publish", []string{"story.kyodo.x", "family.x.kyodo.y", "quarantine.done.1", "kawat.rebuild", "wire.desk.kyodo", "wire.in.tass",
			"$JS.API.STREAM.CREATE.X", "$JS.API.STREAM.INFO.WIRE", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.MSG.GET.STORIES", "$JS.API.DIRECT.GET.STORIES",
			"$JS.API.DIRECT.GET.STORIES.story.kyodo.x", "$JS.API.CONSUMER.CREATE.STORIES.x", "$JS.ACK.WIRE.ingest.1.1.1.1.1", "_INBOX.x"}},
		{providers, "subscribe", []string{"kawat.>", "$SYS.>"}},
		{[]string{"kyodo"}, "publish", []string{"wire.in.antara", "wire.in.antara.desk", "wire.desk.antara", "wire.in.*", "$JS.API.STREAM.INFO.STORIES"}},
		{[]string{"antara"}, "publish", []string{"wire.in.kyodo", "wire.desk.antara", "$JS.API.STREAM.INFO.STORIES"}},
		{[]string{"antara-desk"}, "publish", []string{"wire.in.kyodo", "wire.desk.kyodo"}},
	} {
		for _, user := range tt.users {
			for _, subject := range tt.what {
				t.Run(user+"/"+tt.verb+"/"+subject, func(t *testing.T) {
					t.Parallel()
					if denied, err := g.denied(user, tt.verb, subject); err != nil || !denied {
						t.Errorf("%s can %s %s (%v)", user, tt.verb, subject, err)
					}
				})
			}
		}
	}
	t.Run("the test sees rights", func(t *testing.T) {
		for user, subject := range map[string]string{"kyodo": "wire.in.kyodo.desk", "antara-desk": "wire.desk.antara", "operator": "kawat.rebuild", "admin": "$JS.API.STREAM.INFO.WIRE"} {
			if denied, err := g.denied(user, "publish", subject); err != nil || denied {
				t.Errorf("%s cannot publish on %s (%v)", user, subject, err)
			}
		}
	})
	// publish is no user of NATS, and nobody is without a login or a good password.
	for user, password := range map[string]string{"publish": g.password("redis", "publish"), "": "", "kyodo": g.password("nats", "antara")} {
		nc, err := nats.Connect("tls://"+g.nats, nats.Secure(g.tls()), nats.UserInfo(user, password))
		if err == nil {
			nc.Close()
			t.Errorf("%q logs in to NATS", user)
		}
	}
}

// TestProvidersAreApart: a provider's inboxes are its own, also where another one listens to every inbox.
func TestProvidersAreApart(t *testing.T) {
	g := startGateway(t)
	kyodo, err := g.login(g.nats, "kyodo")
	if err != nil {
		t.Fatal(err)
	}
	defer kyodo.Close()
	overheard, err := kyodo.SubscribeSync("_INBOX.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := kyodo.Flush(); err != nil {
		t.Fatal(err)
	}
	g.must("antara", story("Pelabuhan dibuka"), "push", "--provider", "antara", "--id", "ANT-1", "-")
	g.shows("Pelabuhan dibuka", true)
	g.must("operator", "", "history", "ANT-1")
	if err := kyodo.Flush(); err != nil {
		t.Fatal(err)
	}
	if n, _, _ := overheard.Pending(); n > 0 {
		t.Errorf("kyodo overhears %d messages", n)
	}
	// What comes through an import cannot steer JetStream into another story's place.
	js, err := jetstream.New(kyodo)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	for _, name := range []string{"WIRE", "STORIES", "QUARANTINE"} {
		if _, err := js.Stream(ctx, name); err == nil {
			t.Errorf("kyodo sees the stream %s", name)
		}
		if err := js.DeleteStream(ctx, name); err == nil {
			t.Errorf("kyodo deletes the stream %s", name)
		}
	}
}

// current gives what the cache says of itself, in whichever layout it is.
func current(ctx context.Context, c *redis.Client, field string) (string, error) {
	keys, _, err := c.Scan(ctx, 0, "kawat:*:{current}", 1000).Result()
	if err != nil || len(keys) == 0 {
		return "", cmp.Or(err, error(redis.Nil))
	}
	return c.HGet(ctx, keys[0], field).Result()
}

// TestRedisRights: publish reads, ingest writes kawat's keys alone, and neither does anything else.
func TestRedisRights(t *testing.T) {
	g := startGateway(t)
	g.must("kyodo", story("Port opens again"), "push", "--provider", "kyodo", "--id", "KYO-1", "-")
	g.shows("Port opens again", true)
	ctx := t.Context()
	const key = "kawat:0:x"
	for user, commands := range map[string][][]any{
		"publish": {
			{"SET", key, "1"}, {"HSET", key, "a", "b"}, {"DEL", key}, {"UNLINK", key}, {"ZADD", key, 1, "a"}, {"EXPIRE", key, 1}, {"PUBLISH", "kawat:0:news", "all"},
			{"EVAL", "return redis.call('SET', KEYS[1], '1')", 1, key}, {"SCRIPT", "LOAD", "return 1"}, {"EVALSHA", strings.Repeat("0", 40), 0},
			{"FLUSHALL"}, {"HMGET", "other", "a"}, {"SUBSCRIBE", "other"}, {"KEYS", "*"}, {"CONFIG", "GET", "*"}, {"ACL", "LIST"}, {"SHUTDOWN"},
		},
		"ingest": {
			{"SET", "other", "1"}, {"GET", "other"}, {"PUBLISH", "other", "x"}, {"FLUSHALL"}, {"CONFIG", "SET", "maxmemory", "1"}, {"ACL", "LIST"}, {"SHUTDOWN"},
			{"SUBSCRIBE", "kawat:0:news"}, {"REPLICAOF", "NO", "ONE"}, {"MODULE", "LIST"}, {"CLIENT", "LIST"}, {"KEYS", "*"}, {"MONITOR"},
		},
		"operator": {{"SET", key, "1"}, {"CONFIG", "SET", "maxmemory", "1"}, {"ACL", "SETUSER", "x"}, {"SHUTDOWN"}, {"REPLICAOF", "NO", "ONE"}, {"PUBLISH", "kawat:0:news", "x"}},
		"replica":  {{"GET", key}, {"INFO"}, {"SET", key, "1"}},
		"sentinel": {{"GET", key}, {"SET", key, "1"}, {"CONFIG", "GET", "*"}},
	} {
		c := g.redis(g.cache, user)
		for _, command := range commands {
			if err := c.Do(ctx, command...).Err(); !redis.HasErrorPrefix(err, "NOPERM") {
				t.Errorf("%s may %v: %v", user, command, err)
			}
		}
	}
	// In a Cluster a client is sent on with ASKING while a slot moves to another server.
	for _, user := range []string{"ingest", "publish"} {
		if err := g.redis(g.cache, user).Do(ctx, "ASKING").Err(); redis.HasErrorPrefix(err, "NOPERM") {
			t.Errorf("%s may not follow a slot that moves: %v", user, err)
		}
	}
	nobody := redis.NewClient(&redis.Options{Addr: g.cache, TLSConfig: g.tls(), MaxRetries: -1})
	defer nobody.Close()
	if err := nobody.Ping(ctx).Err(); !redis.HasErrorPrefix(err, "NOAUTH") {
		t.Errorf("without a login: %v", err)
	}
	c := g.redis(g.cache, "operator")
	for setting, want := range map[string]string{"maxmemory-policy": "noeviction", "appendonly": "no", "save": "", "port": "0"} {
		if got, err := c.ConfigGet(ctx, setting).Result(); err != nil || got[setting] != want {
			t.Errorf("%s is %q (%v), want %q", setting, got[setting], err, want)
		}
	}
	// An operator empties Redis, and ingest fills it again with the rights that it has.
	if err := c.FlushAll(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 30*time.Second, func() error {
		serving, err := current(ctx, c, "serving")
		return cmp.Or(err, map[bool]error{true: errors.New("no epoch is served")}[serving == ""])
	})
	g.shows("Port opens again", true)
	if denials, err := c.Do(ctx, "ACL", "LOG").Slice(); err != nil || len(denials) == 0 {
		t.Errorf("the log of refused commands has nothing (%v)", err)
	}
}
