package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// batch is what a reader with a cursor is given.
type batch struct {
	ids   []string
	title map[string]string
	next  string
}

// readBatch reads the batch at an address, in ninjs or as a JSON Feed.
func readBatch(ctx context.Context, address string) (*batch, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, resp.Status)
	}
	b := &batch{title: map[string]string{}}
	add := func(id, title string) {
		b.ids = append(b.ids, id)
		b.title[id] = title
	}
	if strings.Contains(address, ".ninjs") {
		var items []struct {
			URI       string
			Headlines []struct{ Value string }
		}
		if err := json.NewDecoder(resp.Body).Decode(&items); err != nil {
			return nil, err
		}
		for _, it := range items {
			add(it.URI, it.Headlines[0].Value)
		}
		for _, link := range resp.Header["Link"] {
			if target, ok := strings.CutSuffix(link, `>; rel="next"`); ok {
				b.next = target[1:]
			}
		}
		return b, nil
	}
	var feed struct {
		NextURL string `json:"next_url"`
		Items   []struct{ ID, Title string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&feed); err != nil {
		return nil, err
	}
	for _, it := range feed.Items {
		add(it.ID, it.Title)
	}
	b.next = feed.NextURL
	return b, nil
}

// TestCursor: a reader that follows its cursor, and is held until there is news, gets every version that stands once, while two
// replicas of ingest write at once; a kill reaches it as any news does, and an embargo that ends.
func TestCursor(t *testing.T) {
	const stories = 150
	s := startServices(t, "")
	s.startIngest(t)
	p := s.pusher(t)
	for _, format := range []string{"json", "ninjs"} {
		t.Run(format, func(t *testing.T) {
			id := func(n int) string { return fmt.Sprint("urn:test:", format, ":", n) }
			got := map[string]int{}
			title := map[string]string{}
			// The base URL of the configuration is where the reader is.
			next := s.base + "/feeds/all." + format + "?since=0&limit=40&wait=10"
			read := func() int {
				t.Helper()
				var b *batch
				// 503 says that nobody can tell now, and to ask again.
				testkit.Eventually(t, 20*time.Second, func() (err error) {
					b, err = readBatch(t.Context(), next)
					return err
				})
				if len(b.ids) > 40 || b.next == "" {
					t.Fatalf("%d stories, then %q", len(b.ids), b.next)
				}
				_, query, _ := strings.Cut(b.next, "?")
				next = s.base + "/feeds/all." + format + "?" + query + "&wait=10"
				for _, id := range b.ids {
					got[id]++
					title[id] = b.title[id]
				}
				return len(b.ids)
			}
			var desks sync.WaitGroup
			for desk := range 4 {
				desks.Go(func() {
					for n := desk; n < stories; n += 4 {
						if _, err := push(t.Context(), p, id(n), n); err != nil {
							t.Error(err)
						}
					}
				})
			}
			for all := 0; all < stories; all = len(got) {
				read()
				for id := range got {
					if !strings.Contains(id, ":"+format+":") {
						delete(got, id)
					}
				}
			}
			desks.Wait()
			for id, n := range got {
				if n != 1 {
					t.Errorf("%s came %d times", id, n)
				}
			}
			clear(got)

			// Nobody pushes: the answer is held until this kill, which comes alone.
			killed := make(chan error, 1)
			go func() {
				_, err := p.Push(t.Context(), ledger.Push{Provider: "antara", Data: []byte("Berita dicabut."),
					Header: map[string]string{"Kawat-Story-Id": id(3), "Kawat-Signal": "kill"}})
				killed <- err
			}()
			began := time.Now()
			for read() == 0 {
			}
			if err := <-killed; err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || got[id(3)] != 1 || strings.Contains(title[id(3)], "feri") {
				t.Errorf("after the kill: %v, %q", got, title[id(3)])
			}
			t.Logf("the kill was there after %s", time.Since(began).Round(time.Millisecond))
			clear(got)

			until := time.Now().Add(3 * time.Second).UTC()
			if _, err := p.Push(t.Context(), ledger.Push{Provider: "antara", Data: plainCopy(999),
				Header: map[string]string{"Kawat-Story-Id": id(999), "Kawat-Embargo": until.Format(time.RFC3339Nano)}}); err != nil {
				t.Fatal(err)
			}
			if _, err := push(t.Context(), p, id(1000), 1000); err != nil {
				t.Fatal(err)
			}
			testkit.Eventually(t, 20*time.Second, func() error {
				if read(); got[id(1000)] != 1 || got[id(999)] != 1 {
					return fmt.Errorf("got %v", got)
				}
				return nil
			})
			if time.Now().Before(until) {
				t.Error("an embargoed story came before its time")
			}
		})
	}
	for query, status := range map[string]int{
		"since=tomorrow": http.StatusBadRequest, "since=0&limit=1000": http.StatusBadRequest, "since=0&wait=-1": http.StatusBadRequest,
		"since=%zz": http.StatusBadRequest, "since=0;limit=2": http.StatusBadRequest, "since=0&limit=%": http.StatusBadRequest, "utm=50%": http.StatusOK,
	} {
		resp, err := client.Get(s.base + "/feeds/all.json?" + query)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%s: %s", query, resp.Status)
		}
	}

	// A reader that waits when publish is stopped has its answer, and goes on from there.
	waits := make(chan error, 1)
	go func() {
		cursor := ""
		for b := (&batch{next: "?since=0"}); b.next != cursor; {
			cursor = b.next
			_, query, _ := strings.Cut(cursor, "?")
			var err error
			if b, err = readBatch(t.Context(), s.base+"/feeds/all.json?"+query); err != nil {
				waits <- err
				return
			}
		}
		_, query, _ := strings.Cut(cursor, "?")
		b, err := readBatch(t.Context(), s.base+"/feeds/all.json?"+query+"&wait=30")
		if err == nil && (len(b.ids) > 0 || b.next != cursor) {
			err = fmt.Errorf("%v, then %s", b.ids, b.next)
		}
		waits <- err
	}()
	testkit.Eventually(t, 20*time.Second, func() error {
		_, body, err := status(s.operations + "/metrics")
		if err == nil && !strings.Contains(body, "\nkawat_readers_waiting 1\n") {
			err = errors.New("no reader waits")
		}
		return err
	})
	if code := s.publish.Stop(20 * time.Second); code != 0 {
		t.Errorf("publish ended with %d", code)
	}
	if err := <-waits; err != nil {
		t.Error(err)
	}
}
