package bench

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/testkit"
	"kawat/internal/web"
)

const (
	// connections ask at once, each again as soon as it is answered.
	connections = 64
	// loadFor is how long one server is measured at a time.
	loadFor = 2 * time.Second
)

// serving is the environment variable that makes the test binary a server: of "kawat" or "bare".
const serving = "KAWAT_BENCH_SERVES"

// TestServe is the server of BenchmarkServe, in a process of its own. It has nothing to try.
func TestServe(t *testing.T) {
	what, address, _ := strings.Cut(os.Getenv(serving), " ")
	if what == "" {
		return
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: kawatHandler(t), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
	if what == "bare" {
		server.Handler = bareHandler(server.Handler)
	}
	t.Fatal(server.Serve(listener))
}

// oneFeed is a site with one feed.
type oneFeed struct {
	web.Stories
	snapshot *feed.Snapshot
}

func (f oneFeed) Snapshot(name string) *feed.Snapshot {
	if name != "all" {
		return nil
	}
	return f.snapshot
}
func (f oneFeed) Snapshots() []*feed.Snapshot { return []*feed.Snapshot{f.snapshot} }
func (f oneFeed) Loaded() bool                { return true }

func kawatHandler(t testing.TB) http.Handler {
	entries := make([]*feed.Entry, 50)
	for n := range entries {
		entries[n] = storyOf(t, n)
	}
	snapshot, err := render.New(site).Snapshot(viewOf("all", entries))
	if err != nil {
		t.Fatal(err)
	}
	one := oneFeed{snapshot: snapshot}
	return web.New(web.Config{Site: site, Feeds: one, Stories: one, Now: time.Now, Log: quiet})
}

// answer is what a handler says to a request.
type answer struct {
	header http.Header
	bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }
func (a *answer) WriteHeader(int)     {}

func ask(h http.Handler) *answer {
	a := &answer{header: http.Header{}}
	r, err := http.NewRequest(http.MethodGet, "http://localhost"+feedPath, nil)
	if err != nil {
		panic(err) // the address is a constant
	}
	r.Header.Set("Accept-Encoding", "gzip")
	h.ServeHTTP(a, r)
	return a
}

const feedPath = "/feeds/all.rss"

// bareHandler knows one answer, that of another handler, and sends it with the same headers or says that it has not changed.
func bareHandler(h http.Handler) http.Handler {
	whole := ask(h)
	etag := whole.header["Etag"][0]
	unchanged := whole.header.Clone()
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding"} {
		unchanged.Del(name)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		if r.Header.Get("If-None-Match") == etag {
			for name, values := range unchanged {
				header[name] = values
			}
			w.WriteHeader(http.StatusNotModified)
			return
		}
		for name, values := range whole.header {
			header[name] = values
		}
		_, _ = w.Write(whole.Bytes()) // the client is ours
	})
}

// BenchmarkServe has 64 connections ask for a feed of 50 whole stories in gzip: kawat's handler and a bare handler with the same
// bytes and headers, each in a process of its own, in turn; and nginx and Caddy with the same bytes in a file, where they are
// installed. It gives the server's processor time for a request, and its ratio to the bare handler's. The load comes from wrk,
// or from this process where that is not installed.
func BenchmarkServe(b *testing.B) {
	whole := ask(kawatHandler(b))
	servers := []*server{startGo(b, "bare"), startGo(b, "kawat")}
	for _, start := range []func(*testing.B, *answer) *server{startNginx, startCaddy} {
		if s := start(b, whole); s != nil {
			servers = append(servers, s)
		}
	}
	if _, err := exec.LookPath("wrk"); err != nil {
		b.Log("wrk is not installed: this process asks, and takes processor time from the servers")
	}
	for _, s := range servers {
		testkit.Eventually(b, time.Minute, func() error { return s.find(whole.Len()) })
	}
	for _, status := range []string{"200", "304"} {
		b.Run(status, func(b *testing.B) {
			spent, ratios, rates := map[string][]float64{}, map[string][]float64{}, map[string][]float64{}
			for b.Loop() {
				for _, s := range servers {
					etag := ""
					if status == "304" {
						etag = s.etag
					}
					cpu, begin := s.process.CPU(), time.Now()
					n := load(b, s.url, etag)
					each := float64((s.process.CPU() - cpu).Microseconds()) / float64(n)
					rates[s.name] = append(rates[s.name], float64(n)/time.Since(begin).Seconds())
					spent[s.name] = append(spent[s.name], each)
					bare := spent["bare"]
					ratios[s.name] = append(ratios[s.name], each/bare[len(bare)-1])
				}
			}
			b.ReportMetric(0, "ns/op")
			for _, s := range servers {
				b.ReportMetric(median(spent[s.name]), "µs-"+s.name)
				b.ReportMetric(median(rates[s.name]), s.name+"/s")
				if s.name != "bare" {
					b.ReportMetric(median(ratios[s.name]), "×bare-"+s.name)
				}
			}
		})
	}
}

// server is one that is measured.
type server struct {
	name    string
	url     string
	etag    string
	process *testkit.Process
}

// find asks once, and notes the entity tag.
func (s *server) find(length int) error {
	r, err := http.NewRequest(http.MethodGet, s.url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if len(body) != length || response.Header.Get("Content-Encoding") != "gzip" || response.Header.Get("Etag") == "" {
		return fmt.Errorf("%s: %s with %d bytes in %q, not %d", s.name, response.Status, len(body), response.Header.Get("Content-Encoding"), length)
	}
	s.etag = response.Header.Get("Etag")
	return nil
}

func local(b *testing.B) string { return fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(b)) }

func startGo(b *testing.B, name string) *server {
	address := local(b)
	p := testkit.Start(b, []string{serving + "=" + name + " " + address}, os.Args[0], "-test.run=^TestServe$")
	return &server{name: name, url: "http://" + address + feedPath, process: p}
}

// files puts the feed where a server of files finds it, plain and packed, and gives the folder.
func files(b *testing.B, whole *answer) string {
	folder := b.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		b.Fatal(err)
	}
	plain, err := gzip.NewReader(bytes.NewReader(whole.Bytes()))
	if err != nil {
		b.Fatal(err)
	}
	text, err := io.ReadAll(plain)
	if err != nil {
		b.Fatal(err)
	}
	write(b, filepath.Join(folder, feedPath), text)
	write(b, filepath.Join(folder, feedPath+".gz"), whole.Bytes())
	return folder
}

func write(b *testing.B, file string, text []byte) {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		b.Fatal(err)
	}
}

func installed(b *testing.B, name string) string {
	path, err := exec.LookPath(name)
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/" + name); err != nil {
			b.Logf("%s is not installed, and not measured", name)
			return ""
		}
	}
	return path
}

func startNginx(b *testing.B, whole *answer) *server {
	path := installed(b, "nginx")
	if path == "" {
		return nil
	}
	folder, address, config := files(b, whole), local(b), filepath.Join(b.TempDir(), "nginx.conf")
	write(b, config, fmt.Appendf(nil, `daemon off; master_process off; worker_processes 1; pid %[1]s/nginx.pid; error_log stderr;
events { worker_connections 512; }
http {
	access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; gzip_static on; gzip_vary on; open_file_cache max=16;
	client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;
	types { application/rss+xml rss; }
	server { listen %[2]s; root %[1]s; add_header Cache-Control "public, max-age=30"; }
}
`, folder, address))
	return &server{name: "nginx", url: "http://" + address + feedPath, process: testkit.Start(b, nil, path, "-c", config)}
}

func startCaddy(b *testing.B, whole *answer) *server {
	path := installed(b, "caddy")
	if path == "" {
		return nil
	}
	folder, address, config := files(b, whole), local(b), filepath.Join(b.TempDir(), "Caddyfile")
	write(b, config, fmt.Appendf(nil, "{\n\tadmin off\n\tauto_https off\n}\nhttp://%s {\n\troot * %s\n\theader Cache-Control \"public, max-age=30\"\n"+
		"\tfile_server {\n\t\tprecompressed gzip\n\t}\n}\n", address, folder))
	home := []string{"HOME=" + b.TempDir(), "XDG_DATA_HOME=" + b.TempDir(), "XDG_CONFIG_HOME=" + b.TempDir()}
	p := testkit.Start(b, home, path, "run", "--adapter", "caddyfile", "--config", config)
	return &server{name: "caddy", url: "http://" + address + feedPath, process: p}
}

var wrkRequests = regexp.MustCompile(`(\d+) requests in`)

// load asks for a while, and gives how many answers there were.
func load(b *testing.B, url, etag string) int {
	path, err := exec.LookPath("wrk")
	if err != nil {
		return loadFromHere(b, url, etag)
	}
	args := []string{"-t1", fmt.Sprintf("-c%d", connections), "-d" + loadFor.String(), "-H", "Accept-Encoding: gzip"}
	if etag != "" {
		args = append(args, "-H", "If-None-Match: "+etag)
	}
	out, err := exec.Command(path, append(args, url)...).CombinedOutput()
	found := wrkRequests.FindSubmatch(out)
	if err != nil || found == nil || bytes.Contains(out, []byte("Socket errors")) || bytes.Contains(out, []byte("Non-2xx")) {
		b.Fatalf("wrk: %v\n%s", err, out)
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil || n == 0 {
		b.Fatalf("wrk: %v\n%s", err, out)
	}
	return n
}

func loadFromHere(b *testing.B, url, etag string) int {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}}
	defer client.CloseIdleConnections()
	until := time.Now().Add(loadFor)
	var answers atomic.Int64
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for time.Now().Before(until) {
				r, err := http.NewRequest(http.MethodGet, url, nil)
				if err != nil {
					b.Error(err)
					return
				}
				r.Header.Set("Accept-Encoding", "gzip")
				if etag != "" {
					r.Header.Set("If-None-Match", etag)
				}
				response, err := client.Do(r)
				if err != nil {
					b.Error(err)
					return
				}
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil {
					b.Error(err)
					return
				}
				answers.Add(1)
			}
		})
	}
	all.Wait()
	return int(answers.Load())
}
