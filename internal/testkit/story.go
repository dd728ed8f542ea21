package testkit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"testing"

	"kawat/internal/wire"
)

// Story makes a usable story in Indonesian, translated from Kyodo at ANTARA; the text says its id and version.
func Story(id string, version int64) *wire.Story {
	text := fmt.Sprintf("Versi %d dari berita %s.", version, id)
	sum := sha256.Sum256([]byte(text))
	return &wire.Story{
		ID: id, Provider: "antara", Version: version, Status: wire.Usable, Language: "id",
		Headline: fmt.Sprintf("Berita %s, versi %d", id, version),
		Body:     wire.Body{HTML: "<p>" + text + "</p>", Text: text},
		Attribution: wire.Attribution{
			Sources:    []wire.Source{{Name: "Kyodo", Role: wire.Origin}},
			Credits:    []wire.Credit{{Name: "Sari Wulandari", Role: wire.Translator}},
			CreditLine: "ANTARA/Kyodo",
		},
		Translation: &wire.Translation{From: "und", To: "id", Method: "human"},
		Rights:      wire.Rights{Holder: "ANTARA", Year: 2026, Notice: "Copyright © ANTARA 2026", AI: wire.AIReserved},
		Received:    wire.Received{Format: "copytext", Digest: "sha256:" + hex.EncodeToString(sum[:])},
	}
}

// Log gives a logger that writes to the test's own log.
func Log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(testWriter{t}, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(b []byte) (int, error) {
	if w.t.Context().Err() == nil { // the log of a test that has ended must not be written to
		w.t.Logf("%s", b)
	}
	return len(b), nil
}
