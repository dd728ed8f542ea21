package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// BenchmarkScale has readers poll ten hot feeds, of 10 feeds in all and then of 10,000, while stories come: a hundred a minute,
// then ten times as many. Each filter asks for two to four of provider, language, subject and source. It gives the time of the
// readers' answers, the ratio of both, and what the services took.
func BenchmarkScale(b *testing.B) {
	for b.Loop() {
		few, many := scaleOf(b, 10), scaleOf(b, 10_000)
		for i, perMinute := range scaleRates {
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			unit := fmt.Sprintf("@%d/min", perMinute)
			b.ReportMetric(ms(few.p99[i]), "ms-p99-of-10"+unit)
			b.ReportMetric(ms(many.p99[i]), "ms-p99-of-10000"+unit)
			b.ReportMetric(float64(many.p99[i])/float64(few.p99[i]), "x-p99"+unit)
			b.ReportMetric(few.publish[i], "publish-cores-of-10"+unit)
			b.ReportMetric(many.publish[i], "publish-cores-of-10000"+unit)
			b.ReportMetric(many.ingest[i], "ingest-cores-of-10000"+unit)
		}
		b.ReportMetric(many.idle, "publish-cores-idle-of-10000")
		b.ReportMetric(many.publishMiB, "publish-MiB-of-10000")
		b.ReportMetric(many.ingestMiB, "ingest-MiB-of-10000")
	}
	b.ReportMetric(0, "ns/op")
}

// scaleRates are in stories a minute; each is kept up for scaleFor.
var scaleRates = []int{100, 1000}

const (
	scaleFor = 20 * time.Second
	// scaleFilled is how many stories the feeds hold before: on average about a dozen each.
	scaleFilled = 1000
)

type scaled struct {
	p99                         []time.Duration // of readers, by rate
	publish, ingest             []float64       // cores, by rate
	idle, publishMiB, ingestMiB float64
}

func scaleOf(b *testing.B, feeds int) scaled {
	b.Helper()
	s := startServices(b, "2m", scaleFeeds(feeds))
	for n := range scaleFilled {
		s.pushScaled(b, n)
	}
	idled(b, s.ingest)
	idled(b, s.publish)
	var got scaled
	begin, before := time.Now(), s.publish.CPU()
	time.Sleep(5 * time.Second)
	got.idle = float64(s.publish.CPU()-before) / float64(time.Since(begin))
	n := scaleFilled
	for _, perMinute := range scaleRates {
		begin, publish, ingest := time.Now(), s.publish.CPU(), s.ingest.CPU()
		var pushing sync.WaitGroup
		pushing.Go(func() {
			for i := 0; time.Since(begin) < scaleFor; i++ {
				s.pushScaled(b, n)
				n++
				time.Sleep(time.Until(begin.Add(time.Duration(i+1) * time.Minute / time.Duration(perMinute))))
			}
		})
		took := s.read(b, scaleFor)
		pushing.Wait()
		slices.Sort(took)
		got.p99 = append(got.p99, took[len(took)*99/100])
		elapsed := float64(time.Since(begin))
		got.publish = append(got.publish, float64(s.publish.CPU()-publish)/elapsed)
		got.ingest = append(got.ingest, float64(s.ingest.CPU()-ingest)/elapsed)
	}
	got.publishMiB, got.ingestMiB = float64(s.publish.PeakMemory()>>20), float64(s.ingest.PeakMemory()>>20)
	s.publish.Kill()
	s.ingest.Kill()
	return got
}

// idled waits until a service has done what there was to do.
func idled(b *testing.B, p *testkit.Process) {
	b.Helper()
	last := p.CPU()
	testkit.Eventually(b, 10*time.Minute, func() error {
		time.Sleep(2 * time.Second)
		before := last
		last = p.CPU()
		if took := last - before; took > 200*time.Millisecond {
			return fmt.Errorf("it still took %s of the processor in two seconds", took)
		}
		return nil
	})
}

// read polls the ten hot feeds as readers do: forty of them, ten times a second each, most with the validator of the last time.
func (s *services) read(b *testing.B, long time.Duration) []time.Duration {
	var mu sync.Mutex
	var all []time.Duration
	var readers sync.WaitGroup
	begin := time.Now()
	for r := range 40 {
		readers.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			var took []time.Duration
			address, etag := fmt.Sprintf("%s/feeds/feed-%d.rss", s.address, r%10), ""
			for i := 0; time.Since(begin) < long; i++ {
				time.Sleep(time.Until(begin.Add(time.Duration(i)*100*time.Millisecond + time.Duration(r)*2500*time.Microsecond)))
				request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
				if err != nil {
					b.Error(err)
					return
				}
				if i%10 != 0 {
					request.Header.Set("If-None-Match", etag)
				}
				asked := time.Now()
				resp, err := client.Do(request)
				if err != nil {
					b.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				took = append(took, time.Since(asked))
				etag = resp.Header.Get("ETag")
				if resp.StatusCode >= 400 {
					b.Errorf("%s: %s", address, resp.Status)
					return
				}
			}
			mu.Lock()
			all = append(all, took...)
			mu.Unlock()
		})
	}
	readers.Wait()
	if b.Failed() {
		b.FailNow()
	}
	return all
}

var (
	scaleProviders = strings.Fields("utara selatan barat timur tengah pasifik samudra benua pulau kota desa pantai")
	scaleLanguages = strings.Fields("id en ja zh ru es fr de")
	scaleSources   = strings.Fields("Kyodo ANTARA Xinhua TASS Reuters AP AFP dpa EFE ANSA")
)

// scaleFeeds is the section feeds of a configuration with so many feeds. The first ten are the hot ones.
func scaleFeeds(n int) string {
	text := "feeds:\n"
	for i := range n {
		provider := fmt.Sprintf("story.provider == %q", scaleProviders[i%len(scaleProviders)])
		language := fmt.Sprintf("story.language == %q", scaleLanguages[i/2%len(scaleLanguages)])
		subject := fmt.Sprintf("story.subjects.exists(x, x.code.startsWith(\"medtop:%02d\"))", 1+i/3%17)
		source := fmt.Sprintf("story.attribution.sources.exists(s, s.name == %q)", scaleSources[i/5%len(scaleSources)])
		parts := [][]string{{provider, language, subject, source}, {provider, subject}, {language, subject}, {source, language}}[i%4]
		if i < 10 {
			parts = []string{fmt.Sprintf("story.language in [%q, %q]", scaleLanguages[i%8], scaleLanguages[(i+1)%8])}
		}
		text += fmt.Sprintf("  - {name: feed-%d, title: Customer, filter: '%s'}\n", i, strings.Join(parts, " && "))
	}
	return text
}

// pushScaled pushes story number n, which has one of each: provider, language, subject and source.
func (s *services) pushScaled(b *testing.B, n int) {
	provider, data := scaleStory(n)
	if _, err := s.pusher.Push(b.Context(), ledger.Push{Provider: provider, Data: data}); err != nil {
		b.Error(err)
	}
}

func scaleStory(n int) (provider string, data []byte) {
	r := rand.New(rand.NewPCG(uint64(n), 9))
	of := func(words []string) string { return words[r.IntN(len(words))] }
	source := of(scaleSources)
	body := fmt.Sprintf("<p>Tokyo (%s) - Ferry number %d arrived.</p><p>%s</p>", source, n, strings.Join(paragraphs(n, english)[:8], "</p><p>"))
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return of(scaleProviders), fmt.Appendf(nil, `{"standard":{"name":"ninjs","version":"3.1"},"uri":"urn:scale:%d","version":"1","type":"text",`+
		`"pubStatus":"usable","language":%q,"headlines":[{"role":"main","value":"Ferry number %d arrives"}],`+
		`"subjects":[{"uri":"http://cv.iptc.org/newscodes/mediatopic/%02d000000","name":"ferries"}],`+
		`"bodies":[{"role":"main","contentType":"text/html","value":%s}]}`, n, of(scaleLanguages), n, 1+r.IntN(17), text)
}

// TestScaleStories: the stories have what the feeds ask for.
func TestScaleStories(t *testing.T) {
	for n := range 20 {
		provider, data := scaleStory(n)
		stories, refusals := decode.Decode(&wire.Copy{Data: data, Profile: decode.Profile(provider)})
		if len(refusals) > 0 || len(stories) != 1 {
			t.Fatalf("%d stories, refusals %v", len(stories), refusals)
		}
		s := stories[0]
		if !slices.Contains(scaleLanguages, s.Language) || len(s.Subjects) != 1 || !strings.HasPrefix(s.Subjects[0].Code, "medtop:") ||
			len(s.Attribution.Sources) == 0 || !slices.Contains(scaleSources, s.Attribution.Sources[0].Name) {
			t.Errorf("story %d is %s, %+v, %+v", n, s.Language, s.Subjects, s.Attribution.Sources)
		}
	}
}
