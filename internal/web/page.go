package web

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"kawat/internal/render"
)

//go:embed templates/*.html
var templateFiles embed.FS

var (
	//go:embed assets/kawat.css
	stylesheet []byte
	//go:embed assets/kawat.svg
	sign []byte

	// The names change with what is in the files, so that browsers may keep them for ever.
	stylesheetName = "kawat." + render.Tag(stylesheet)[:8] + ".css"
	signName       = "kawat." + render.Tag(sign)[:8] + ".svg"
)

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"stylesheet": func() string { return "/assets/" + stylesheetName },
	"sign":       func() string { return "/assets/" + signName },
	"machine":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"brief":      func(t time.Time) string { return t.UTC().Format("2 Jan 15:04") },
	"direction":  direction,
	"tongue":     tongue,
}).ParseFS(templateFiles, "templates/*.html"))

// human is a time as readers see it.
func human(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

// direction is the way in which a language is written, for a dir attribute.
func direction(tag string) string {
	script, _ := language.Make(tag).Script()
	switch script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

// tongue is a language's name in English, "" when it is not known.
func tongue(tag string) string { return inEnglish().Tongue(tag) }

func renderPage(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// policy is the Content-Security-Policy of every page: it runs no program and can be put in no frame; pictures are shown
// from where their agencies keep them. The only form there is asks this site for feeds.
const policy = "default-src 'none'; style-src 'self'; img-src https: http:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func pageHeaders(h http.Header) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
}

// page sends an HTML page, or says that the reader has it.
func (s *server) page(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	b, err := renderPage(name, data)
	if err != nil {
		s.Log.Error("a page could not be made", "template", name, "path", r.URL.Path, "error", err)
		refuse(w, r, broken)
		return
	}
	pageHeaders(w.Header())
	send(w, r, status, b)
}

// send sends a small body that was made for this request; its Content-Type is set already. A 410 is never taken for
// a page that the reader has: it has to see it.
func send(w http.ResponseWriter, r *http.Request, status int, b []byte) {
	h := w.Header()
	h["Cache-Control"] = cacheControl
	if status == http.StatusOK {
		etag := `"` + render.Tag(b) + `"`
		h.Set("Etag", etag)
		if unmodified(r, etag, time.Time{}) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	w.Write(b)
}

func (s *server) asset(w http.ResponseWriter, r *http.Request) {
	var b []byte
	var contentType string
	switch r.PathValue("file") {
	case stylesheetName:
		b, contentType = stylesheet, "text/css; charset=utf-8"
	case signName:
		b, contentType = sign, "image/svg+xml"
	default:
		refuse(w, r, notFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.Write(b)
}
