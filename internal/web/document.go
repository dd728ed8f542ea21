package web

import (
	"net/http"

	"kawat/internal/feed"
)

// sendDocument answers with a document that was looked up for this reader; without a body the reader has it.
func sendDocument(w http.ResponseWriter, r *http.Request, page *feed.Snapshot, d *feed.Document, body *feed.Body, cacheControl, links []string) {
	h := w.Header()
	h.Set("Etag", d.ETag)
	h["Cache-Control"] = cacheControl
	h.Set("Vary", "Accept-Encoding")
	h["Link"] = links
	if page.Reserved {
		h["Tdm-Reservation"] = reserved
		h["Content-Usage"] = contentUsage
		if page.Policy != "" {
			h.Set("Tdm-Policy", page.Policy)
			h.Add("Link", "<"+page.Policy+`>; rel="license"`)
		}
	}
	if body == nil {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", d.ContentType)
	h["Content-Length"] = body.Length
	if d.Coding != feed.Identity {
		h.Set("Content-Encoding", d.Coding.String())
	}
	if r.Method != http.MethodHead {
		write(w, body.Pieces)
	}
}
