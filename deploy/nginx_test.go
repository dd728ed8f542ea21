package deploy_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"kawat/internal/testkit"
)

// startNginx starts nginx with nginx/kawat.conf before publish, and before other replicas of it, and gives the address that readers
// use.
func (g *gateway) startNginx(others ...string) string {
	g.t.Helper()
	dir := g.t.TempDir()
	plain, secure := loopback(g.t), loopback(g.t)
	conf := readFile(g.t, "nginx/kawat.conf")
	const server = "\tserver 127.0.0.1:8080 "
	_, rest, _ := strings.Cut(conf, server)
	rule, _, _ := strings.Cut(rest, "\n")
	replicas := ""
	for _, address := range append([]string{g.readers}, others...) {
		replicas += "\tserver " + address + " " + rule + "\n"
	}
	for old, now := range map[string]string{ // places and addresses; nothing of the rules
		"listen 80;\n": "listen " + plain + ";\n", "\tlisten [::]:80;\n": "",
		"listen 443 ssl http2;\n": "listen " + secure + " ssl http2;\n", "\tlisten [::]:443 ssl http2;\n": "",
		server + rule + "\n": replicas, "/var/cache/nginx/kawat": filepath.Join(dir, "cache"),
		"/etc/letsencrypt/live/wire.example.org/fullchain.pem": g.file("nats/tls/cert.pem"),
		"/etc/letsencrypt/live/wire.example.org/privkey.pem":   g.file("nats/tls/key.pem"),
	} {
		if strings.Count(conf, old) != 1 {
			g.t.Fatalf("nginx/kawat.conf does not have %q once", old)
		}
		conf = strings.Replace(conf, old, now, 1)
	}
	writeFile(g.t, filepath.Join(dir, "kawat.conf"), conf)
	user := ""
	if os.Getuid() == 0 { // its workers would not get into the test's folder
		user = "user root;\n"
	}
	// gzip is on around it: kawat.conf has to turn it off.
	writeFile(g.t, filepath.Join(dir, "nginx.conf"), user+fmt.Sprintf(`
daemon off;
pid %[1]s/pid;
error_log stderr;
events {}
http {
	access_log off;
	gzip on;
	gzip_types *;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	include %[1]s/kawat.conf;
}
`, dir))
	nginx := testkit.Start(g.t, nil, program(g.t, "nginx", "nginx-light"), "-p", dir, "-e", "stderr", "-c", filepath.Join(dir, "nginx.conf"))
	g.t.Cleanup(func() { nginx.Stop(20 * time.Second) }) // its workers would outlive a kill
	g.wait(nginx, func() error {
		response, err := http.DefaultTransport.RoundTrip(must(http.NewRequest(http.MethodGet, "http://"+plain+"/feeds/all.rss", nil)))
		if err == nil {
			response.Body.Close()
			if want := "https://127.0.0.1/feeds/all.rss"; response.StatusCode != http.StatusMovedPermanently || response.Header.Get("Location") != want {
				err = fmt.Errorf("http is answered with %s to %q, want %q", response.Status, response.Header.Get("Location"), want)
			}
		}
		return err
	})
	return "https://" + secure
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// reader is one who takes nginx's certificate.
func (g *gateway) reader() *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: g.tls().RootCAs}, ForceAttemptHTTP2: true, DisableCompression: true}}
}

// TestNginxReplicas: while Redis is away nobody who asks for what is in it keeps the others from the feeds, which every replica
// of publish still has.
func TestNginxReplicas(t *testing.T) {
	g := startGateway(t)
	g.must("kyodo", story("Port opens again"), "push", "--provider", "kyodo", "--id", "KYO-1", "-")
	g.shows("Port opens again", true)
	second := loopback(t)
	intern, _ := g.startService("publish", `["`+g.cache+`"]`, "127.0.0.1:8080", second)
	testkit.Eventually(t, 30*time.Second, func() error {
		_, _, err := get(http.DefaultClient, "http://"+intern+"/readyz", nil)
		return err
	})
	site, client := g.startNginx(second), g.reader()
	g.store.Kill()
	for i := range 10 {
		if response, _, err := get(client, site+"/feeds/all.json?since=0", nil); response == nil || response.StatusCode != http.StatusServiceUnavailable {
			t.Fatalf("with a cursor: %v (%v)", response, err)
		}
		// Each time another address, which nginx does not have itself.
		if _, body, err := get(client, fmt.Sprintf("%s/feeds/all.atom?%d", site, i), nil); err != nil || !strings.Contains(body, "Port opens again") {
			t.Fatalf("the feed: %q (%v)", body, err)
		}
	}
}

// TestNginxWaits: who asks to be answered when there is news, for as long as may be, gets the answer of publish.
func TestNginxWaits(t *testing.T) {
	g := startGateway(t)
	g.must("kyodo", story("Port opens again"), "push", "--provider", "kyodo", "--id", "KYO-1", "-")
	g.shows("Port opens again", true)
	site, client := g.startNginx(), g.reader()
	first, _, err := get(client, site+"/feeds/all.json?since=0", nil)
	if err != nil {
		t.Fatal(err)
	}
	next := regexp.MustCompile(`since=[^>]+>; rel="next"`).FindString(strings.Join(first.Header.Values("Link"), ","))
	cursor, _, _ := strings.Cut(next, ">")
	var readers errgroup.Group
	for i := range 20 { // some of whom would be a moment too late
		readers.Go(func() error {
			_, _, err := get(client, fmt.Sprintf("%s/feeds/all.json?%s&wait=30&limit=%d", site, cursor, i+1), nil)
			return err
		})
	}
	if err := readers.Wait(); err != nil || cursor == "" {
		t.Errorf("with the cursor %q: %v", cursor, err)
	}
}

// TestNginx: through nginx a feed is what publish sends, kept as publish says, and what is not for readers is not there.
func TestNginx(t *testing.T) {
	g := startGateway(t)
	g.must("kyodo", story("Port opens again"), "push", "--provider", "kyodo", "--id", "KYO-1", "-")
	g.shows("Port opens again", true)
	site := g.startNginx()
	client := g.reader()

	const path = "/feeds/all.atom"
	compressed := http.Header{"Accept-Encoding": {"gzip"}}
	var etags []string
	for _, header := range []http.Header{nil, compressed} {
		var direct, first, second *http.Response
		var want, body string
		// publish may show the story's feed anew between two requests, as its time goes from "just now" on.
		testkit.Eventually(t, 20*time.Second, func() (err error) {
			if direct, want, err = get(client, "http://"+g.readers+path, header); err != nil {
				return err
			}
			if first, body, err = get(client, site+path, header); err == nil && body != want {
				err = fmt.Errorf("nginx sends %d bytes, publish %d", len(body), len(want))
			}
			return err
		})
		second, again, err := get(client, site+path, header)
		if err != nil || again != want {
			t.Fatalf("the second answer differs (%v)", err)
		}
		for _, response := range []*http.Response{first, second} {
			for _, name := range []string{"Etag", "Cache-Control", "Vary", "Content-Type", "Content-Encoding", "Content-Length", "Link", "X-Content-Type-Options"} {
				if got, want := response.Header.Values(name), direct.Header.Values(name); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s is %q, publish says %q", name, got, want)
				}
			}
		}
		if second.Header.Get("X-Cache-Status") != "HIT" || second.ProtoMajor != 2 || second.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("the second answer: %s, %v", second.Proto, second.Header)
		}
		etag := second.Header.Get("Etag")
		etags = append(etags, etag)
		conditional := header.Clone()
		if conditional == nil {
			conditional = http.Header{}
		}
		conditional.Set("If-None-Match", etag)
		if response, body, err := get(client, site+path, conditional); response == nil || response.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("a reader that has it gets %v (%v)", response, err)
		}
	}
	if etags[0] == etags[1] {
		t.Errorf("compressed and not, it has the same ETag %s: one may be sent for the other", etags[0])
	}
	if _, body, err := get(client, site+path, http.Header{"A-Im": {"feed"}}); err != nil || !strings.Contains(body, "Port opens again") {
		t.Errorf("who asks for what is new alone gets %q (%v)", body, err)
	}
	for _, path := range []string{"/metrics", "/readyz", "/healthz", "/metrics/", "/debug/pprof/"} {
		if response, _, _ := get(client, site+path, nil); response == nil || response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %v", path, response)
		}
	}

	// While publish is away nginx has what it may keep.
	g.publishing.Kill()
	if _, body, err := get(client, site+path, nil); err != nil || !strings.Contains(body, "Port opens again") {
		t.Errorf("without publish: %q (%v)", body, err)
	}
	for range 2000 {
		response, _, err := get(client, site+path, nil)
		if err == nil {
			continue
		}
		if response == nil || response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" ||
			response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("who asks too often gets %v (%v)", response, err)
		}
		return
	}
	t.Error("nobody is ever asked to slow down")
}
