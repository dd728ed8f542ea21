package app

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
)

// levels are those that can be asked for.
var levels = map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}

// tellLevel answers with the log's level, a word and a line end.
func (a *App) tellLevel(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	fmt.Fprintln(w, strings.ToLower(a.options.Level.Level().String()))
}

// changeLevel takes the log's level as text, until the process ends or it is changed again.
func (a *App) changeLevel(w http.ResponseWriter, r *http.Request) {
	const longest = 16
	text, err := io.ReadAll(io.LimitReader(r.Body, longest))
	level, known := levels[strings.TrimSpace(string(text))]
	if err != nil || !known {
		http.Error(w, "Give the level as text: debug, info, warn or error.", http.StatusBadRequest)
		return
	}
	setLevel(a.log, a.options.Level, level)
	a.tellLevel(w, r)
}
