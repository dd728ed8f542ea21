package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// pushText pushes copy with headers and fails the test unless JetStream acknowledges it.
func pushText(t *testing.T, p *ledger.Pusher, text string, header map[string]string) {
	t.Helper()
	if _, err := p.Push(t.Context(), ledger.Push{Provider: "antara", Data: []byte(text), Header: header}); err != nil {
		t.Fatal(err)
	}
}

const (
	rumour = "Jembatan Kali Biru ditutup\n\nJakarta (ANTARA) - Jembatan Kali Biru ditutup karena retak, kata juru bicara kota pada Senin.\n\nPewarta: Rani Puspita\nEditor: Dimas Prakoso\n"
	mended = "Jembatan Kali Biru dibuka lagi\n\nJakarta (ANTARA) - Jembatan Kali Biru dibuka lagi sesudah diperiksa, kata juru bicara kota pada Senin.\n\nPewarta: Rani Puspita\nEditor: Dimas Prakoso\n"
)

var everyFeed = []string{"/feeds/all.rss", "/feeds/all.atom", "/feeds/all.json", "/feeds/lang-id.rss", "/feeds/lang-id.atom",
	"/feeds/agency-antara.json"}

// status gets an address and gives its status and body, whatever the status.
func status(address string) (int, string, error) {
	resp, err := client.Get(address)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// TestCorrectionAndKill: a correction moves to the top of every feed under the same id; a kill takes every word of the story
// out of every feed and page, leaves a notice under the same id, and no late copy brings the story back.
func TestCorrectionAndKill(t *testing.T) {
	g := startEmbedded(t, "")
	p := g.pusher(t)
	id := map[string]string{"Kawat-Story-Id": "urn:test:jembatan"}
	pushText(t, p, rumour, id)
	testkit.Eventually(t, 10*time.Second, func() error { return has(&g.gateway, "/feeds/all.rss", 0, "urn:test:jembatan", "ditutup") })
	pushText(t, p, string(plainCopy(1)), map[string]string{"Kawat-Story-Id": "urn:test:feri"})
	testkit.Eventually(t, 10*time.Second, func() error { return has(&g.gateway, "/feeds/all.rss", 0, "urn:test:feri", "feri") })
	first, err := g.read("/feeds/all.rss")
	if err != nil {
		t.Fatal(err)
	}
	published, page := first.Items[1].PublishedParsed, first.Items[1].Link

	pushText(t, p, mended, map[string]string{"Kawat-Story-Id": "urn:test:jembatan", "Kawat-Signal": "correction"})
	for _, path := range everyFeed {
		testkit.Eventually(t, 10*time.Second, func() error { return has(&g.gateway, path, 0, "urn:test:jembatan", "dibuka lagi") })
	}
	corrected, err := g.read("/feeds/all.rss")
	if err != nil {
		t.Fatal(err)
	}
	if got := corrected.Items[0]; !got.PublishedParsed.Equal(*published) || got.Link != page {
		t.Errorf("the correction is published %s at %s, the story was %s at %s", got.PublishedParsed, got.Link, published, page)
	}
	if code, body, err := status(page); code != http.StatusOK || !strings.Contains(body, "dibuka lagi") || err != nil {
		t.Errorf("the story's page answers %d, %v", code, err)
	}

	pushText(t, p, "Berita tentang Jembatan Kali Biru dicabut.", map[string]string{"Kawat-Story-Id": "urn:test:jembatan", "Kawat-Signal": "kill"})
	killed := func() error {
		for _, path := range everyFeed {
			body, err := g.fetch(path)
			if err != nil {
				return err
			}
			if word := wordOfStory(body); word != "" {
				return fmt.Errorf("%s still says %q", path, word)
			}
			if err := has(&g.gateway, path, 0, "urn:test:jembatan", ""); err != nil {
				return err
			}
		}
		code, body, err := status(page)
		if err == nil && (code != http.StatusGone || wordOfStory(body) != "") {
			err = fmt.Errorf("the story's page answers %d and says %q", code, wordOfStory(body))
		}
		if err != nil {
			return err
		}
		code, body, err = status(g.base + "/")
		if err == nil && (code != http.StatusOK || wordOfStory(body) != "") {
			err = fmt.Errorf("the catalogue answers %d and says %q", code, wordOfStory(body))
		}
		return err
	}
	testkit.Eventually(t, 10*time.Second, killed)
	if body, err := g.fetch("/feeds/all.atom"); err != nil || !strings.Contains(body, `ref="urn:test:jembatan"`) {
		t.Errorf("Atom has no tombstone (%v)", err)
	}

	pushText(t, p, mended+"\nterlambat\n", map[string]string{"Kawat-Story-Id": "urn:test:jembatan", "Kawat-Version": "7"})
	pushText(t, p, string(plainCopy(2)), map[string]string{"Kawat-Story-Id": "urn:test:sesudah"})
	testkit.Eventually(t, 10*time.Second, func() error { return has(&g.gateway, "/feeds/all.rss", 0, "urn:test:sesudah", "") })
	for _, path := range everyFeed {
		if body, err := g.fetch(path); err != nil || wordOfStory(body) != "" {
			t.Errorf("after late copy %s says %q (%v)", path, wordOfStory(body), err)
		}
	}
	if code, _, err := status(page); code != http.StatusGone || err != nil {
		t.Errorf("after late copy the story's page answers %d, %v", code, err)
	}

	// Nor does a restart.
	g.Kill()
	g.Restart()
	g.waitReady(t)
	testkit.Eventually(t, 10*time.Second, func() error { return has(&g.gateway, "/feeds/all.rss", 1, "urn:test:jembatan", "") })
	for _, path := range everyFeed {
		if body, err := g.fetch(path); err != nil || wordOfStory(body) != "" {
			t.Errorf("after a restart %s says %q (%v)", path, wordOfStory(body), err)
		}
	}
}

// wordOfStory gives a word of the killed story that is in a body.
func wordOfStory(body string) string {
	for _, word := range []string{"Jembatan", "Kali Biru", "diperiksa", "retak", "dicabut."} {
		if strings.Contains(body, word) {
			return word
		}
	}
	return ""
}

// has says what is wrong with a feed whose n-th entry should have this id and these words.
func has(g *gateway, path string, n int, id, words string) error {
	f, err := g.read(path)
	if err != nil {
		return err
	}
	if len(f.Items) <= n || f.Items[n].GUID != id || !strings.Contains(f.Items[n].Title+f.Items[n].Content, words) {
		return fmt.Errorf("%s: entry %d is not %s with %q", path, n, id, words)
	}
	return nil
}

// TestEmbargo: embargoed copy is nowhere before its time, not even by its address, and everywhere within a second after,
// without any message.
func TestEmbargo(t *testing.T) {
	g := startEmbedded(t, "")
	p := g.pusher(t)
	pushText(t, p, string(plainCopy(1)), map[string]string{"Kawat-Story-Id": "urn:test:feri"})
	for _, path := range everyFeed { // a feed that is new is heard of a little later than a story in one that is known
		testkit.Eventually(t, 10*time.Second, func() error { return has(&g.gateway, path, 0, "urn:test:feri", "") })
	}
	free := time.Now().Add(3 * time.Second).Truncate(time.Second).Add(time.Second)
	pushText(t, p, rumour, map[string]string{"Kawat-Story-Id": "urn:test:jembatan", "Kawat-Embargo": free.Format(time.RFC3339)})
	page := "/stories/" + wire.Key{Provider: "antara", ID: "urn:test:jembatan"}.Token()
	looks := 0
	for time.Now().Before(free.Add(-20 * time.Millisecond)) {
		for _, path := range append(everyFeed, "/") {
			body, err := g.fetch(path)
			if err != nil {
				t.Fatal(err)
			}
			if word := wordOfStory(body); word != "" && time.Now().Before(free) {
				t.Fatalf("%s says %q %s before the embargo ends", path, word, time.Until(free))
			}
			looks++
		}
		if code, body, err := status(g.base + page); err != nil || time.Now().Before(free) && (code != http.StatusNotFound || wordOfStory(body) != "") {
			t.Fatalf("its page answers %d (%v) %s before the embargo ends", code, err, time.Until(free))
		}
	}
	for _, path := range everyFeed {
		testkit.Eventually(t, time.Until(free.Add(time.Second)), func() error { return has(&g.gateway, path, 0, "urn:test:jembatan", "retak") })
	}
	if code, body, err := status(g.base + page); err != nil || code != http.StatusOK || !strings.Contains(body, "retak") {
		t.Errorf("after the embargo its page answers %d (%v)", code, err)
	}
	if looks < 50 {
		t.Errorf("looked only %d times", looks)
	}
}

// TestConflict: of two texts under one version the later one stands, its record says so, and a counter counts it.
func TestConflict(t *testing.T) {
	operations := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	g := startEmbedded(t, fmt.Sprintf("publish: {operations: %q}\n", operations))
	p := g.pusher(t)
	header := map[string]string{"Kawat-Story-Id": "urn:test:jembatan", "Kawat-Version": "3"}
	pushText(t, p, rumour, header)
	testkit.Eventually(t, 10*time.Second, func() error { return has(&g.gateway, "/feeds/all.rss", 0, "urn:test:jembatan", "ditutup") })
	pushText(t, p, mended, header)
	testkit.Eventually(t, 10*time.Second, func() error { return has(&g.gateway, "/feeds/all.rss", 0, "urn:test:jembatan", "dibuka lagi") })
	code, metrics, err := status("http://" + operations + "/metrics")
	if err != nil || code != http.StatusOK || !strings.Contains(metrics, `kawat_ingest_stories_total{verdict="conflict"} 1`) {
		t.Errorf("%d %v\n%s", code, err, metrics)
	}
	if code, text, err := status("http://" + operations + "/readyz"); code != http.StatusOK || text != "ready\n" {
		t.Errorf("%d %q %v", code, text, err)
	}
}
