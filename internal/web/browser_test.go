package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"kawat/internal/render"
)

// seen is what a browser says of a page.
type seen struct {
	Width, Room int    // of the page, and of the window
	Direction   string // of the page's text
	Wire        string // of the attribution chain
	Faint       []string
	Focus       string
	Font        string
	Pictures    int // that were not shown
}

// look measures a page: whether it fits, and the contrast of each text with what is behind it (WCAG 2.2, success criterion
// 1.4.3: 4.5, or 3 for large text). The page runs no program of its own; this one comes from the browser's debugger.
const look = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
	const rgba = color => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = color;
		canvas.fillRect(0, 0, 1, 1);
		return canvas.getImageData(0, 0, 1, 1).data;
	};
	const light = c => [0.2126, 0.7152, 0.0722].reduce((sum, k, i) => {
		const v = c[i] / 255;
		return sum + k * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
	}, 0);
	const behind = e => {
		for (; e; e = e.parentElement) {
			const c = rgba(getComputedStyle(e).backgroundColor);
			if (c[3] == 255) return c;
		}
		return [255, 255, 255];
	};
	const faint = [];
	for (const e of document.body.querySelectorAll("*")) {
		if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()) || e.localName == "script") continue;
		const style = getComputedStyle(e), a = light(rgba(style.color)), b = light(behind(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
		const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
		if (ratio < (large ? 3 : 4.5)) faint.push(e.localName + "." + e.className + ": " + ratio.toFixed(2));
	}
	const wire = document.querySelector(".chain"), copy = document.querySelector(".copy, h1");
	return {
		Width: document.documentElement.scrollWidth, Room: document.documentElement.clientWidth,
		Direction: getComputedStyle(copy || document.body).direction, Wire: wire ? getComputedStyle(wire).direction : "",
		Faint: faint, Focus: getComputedStyle(document.activeElement).outlineStyle, Font: getComputedStyle(copy || document.body).fontFamily,
		Pictures: [...document.images].filter(i => i.loading != "lazy" && !i.naturalWidth).length,
	};
})()`

// The pages in a browser: on a phone and on a desk, by day and by night, nothing reaches beyond the window, every text
// can be read, what is focused can be seen, and the browser has nothing to complain about.
func TestPagesInABrowser(t *testing.T) {
	s := newsroom(t)
	long := indonesian()
	long.Story.ID, long.Story.Headline = "panjang", strings.Repeat("Pertanggungjawabannyadipersoalkan", 4)
	long.Story.Rights.Terms, long.Story.Rights.Notice = strings.Repeat("x", 300), "© https://antara.example/"+strings.Repeat("c", 200)
	long.Story.Body.HTML = "<p>https://antara.example/" + strings.Repeat("a", 300) + "</p><table><tr><td>" + strings.Repeat("kolom </td><td>", 30) + "</td></tr></table><pre>" +
		strings.Repeat("hasil ", 60) + "</pre>"
	s.stories[linked().Key().Token()] = linked()
	s.add(t, "panjang", strings.Repeat("Pertanggungjawaban", 9), "id", long)

	var site http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gas.png" {
			w.Header().Set("Content-Type", "image/png")
			w.Write(picture(t))
			return
		}
		site.ServeHTTP(w, r)
	}))
	defer server.Close()
	config := Config{Site: render.Site{Title: "Kawat Nusantara", BaseURL: server.URL}, Feeds: s, Stories: s, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
	site = New(config)
	many := httptest.NewServer(handler(thousands(100), now))
	defer many.Close()
	for _, e := range s.stories {
		for i := range e.Story.Media {
			e.Story.Media[i].URL = server.URL + "/gas.png"
		}
	}

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.DisableGPU)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has none for root
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	defer cancel()
	ctx, cancel = chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("%v\n\tscripts/needs installs a Chromium.", err)
	}
	defer chromedp.Cancel(ctx)

	var mu sync.Mutex
	var complaints []string
	if err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			complaints = append(complaints, fmt.Sprint(e.Entry.Level, ": ", e.Entry.Text, " ", e.Entry.URL))
		case *runtime.EventConsoleAPICalled, *runtime.EventExceptionThrown:
			complaints = append(complaints, fmt.Sprintf("%+v", e))
		}
	}); err != nil {
		t.Fatal(err)
	}

	for name, page := range map[string]struct {
		address   string
		direction string
		font      string
		gone      bool
	}{
		"the catalogue":      {server.URL + "/", "ltr", "", false},
		"many feeds":         {many.URL + "/?page=2", "ltr", "", false},
		"a feed":             {server.URL + "/?feed=dunia", "ltr", "", false},
		"a translation":      {server.URL + "/stories/" + linked().Key().Token(), "ltr", "Iowan", false},
		"an Arabic story":    {server.URL + "/stories/" + arabic().Key().Token(), "rtl", "Noto Naskh Arabic", false},
		"words without end":  {server.URL + "/stories/" + long.Key().Token(), "ltr", "", false},
		"a killed story":     {server.URL + "/stories/" + killed().Key().Token(), "ltr", "", true},
		"an English story":   {server.URL + "/stories/" + english().Key().Token(), "ltr", "", false},
		"nothing to be seen": {server.URL + "/nosuch", "ltr", "", true},
	} {
		for _, width := range []int64{360, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				mu.Lock()
				complaints = nil
				mu.Unlock()
				v, err := lookAt(ctx, page.address, width, scheme)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				where := fmt.Sprintf("%s, %d wide, %s", name, width, scheme)
				if v.Room != int(width) || v.Width > v.Room {
					t.Errorf("%s: it is %d wide in a window of %d", where, v.Width, v.Room)
				}
				if v.Direction != page.direction || v.Wire != "" && v.Wire != page.direction {
					t.Errorf("%s: direction %q, of the chain %q", where, v.Direction, v.Wire)
				}
				if len(v.Faint) > 0 {
					t.Errorf("%s: too faint: %s", where, strings.Join(v.Faint, ", "))
				}
				if v.Focus == "none" || v.Focus == "" {
					t.Errorf("%s: what is focused cannot be seen", where)
				}
				if !strings.Contains(v.Font, page.font) || v.Pictures > 0 {
					t.Errorf("%s: the font is %s; %d pictures are not shown", where, v.Font, v.Pictures)
				}
				mu.Lock()
				for _, c := range complaints {
					// That the page itself is gone is what is tried.
					if !(page.gone && strings.HasSuffix(c, page.address)) {
						t.Errorf("%s: %s", where, c)
					}
				}
				mu.Unlock()
			}
		}
	}
}

// lookAt opens a page, presses the tab key, and measures.
func lookAt(ctx context.Context, address string, width int64, scheme string) (seen, error) {
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)); err != nil {
		return seen{}, err
	}
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		return seen{}, err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(address), chromedp.KeyEvent("\t")); err != nil {
		return seen{}, err
	}
	return chromedp.Run(ctx, chromedp.Evaluate[seen](look))
}

func picture(t *testing.T) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1600, 900))); err != nil {
		t.Error(err)
	}
	return b.Bytes()
}
