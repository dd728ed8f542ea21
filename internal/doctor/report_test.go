package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kawat/internal/config"
)

// TestBounds: where a finding becomes another.
func TestBounds(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		say  func(*report)
		want Level
	}{
		{"clock that is right", func(r *report) { r.clock("c", "x", now, now, now) }, OK},
		{"clock within the time that the answer took", func(r *report) { r.clock("c", "x", now, now.Add(-time.Second), now.Add(time.Second)) }, OK},
		{"clock 500 ms off", func(r *report) { r.clock("c", "x", now.Add(500*time.Millisecond), now, now) }, OK},
		{"clock 501 ms ahead", func(r *report) { r.clock("c", "x", now.Add(501*time.Millisecond), now, now) }, Warning},
		{"clock 501 ms behind", func(r *report) { r.clock("c", "x", now.Add(-501*time.Millisecond), now, now) }, Warning},
		{"clock 5 s off", func(r *report) { r.clock("c", "x", now.Add(-5*time.Second), now, now) }, Warning},
		{"clock more than 5 s off", func(r *report) { r.clock("c", "x", now.Add(5001*time.Millisecond), now, now) }, Problem},
		{"disk with room", func(r *report) { r.room("x", 100<<30, 500<<30) }, OK},
		{"disk with little room", func(r *report) { r.room("x", 1<<30, 4<<30) }, Warning},
		{"large disk that is nearly full", func(r *report) { r.room("x", 40<<30, 500<<30) }, Warning},
		{"larger disk that is all but full", func(r *report) { r.room("x", 3<<30, 250<<30) }, Warning},
		{"disk without room", func(r *report) { r.room("x", 100<<20, 500<<20) }, Problem},
		{"disk of no size", func(r *report) { r.room("x", 0, 0) }, Problem},
		{"storage half full", func(r *report) { r.full("s", "", "x", 50, 100) }, OK},
		{"storage at 80 %", func(r *report) { r.full("s", "", "x", 80, 100) }, Warning},
		{"storage at 95 %", func(r *report) { r.full("s", "", "x", 95, 100) }, Problem},
	} {
		var r report
		tt.say(&r)
		if len(r) != 1 || r[0].Level != tt.want {
			t.Errorf("%s: %+v, want %s", tt.name, r, tt.want)
		}
	}
}

// TestCertificates: files with certificates that hold, end soon, have ended, or begin later.
func TestCertificates(t *testing.T) {
	now := time.Now()
	day := 24 * time.Hour
	path := filepath.Join(t.TempDir(), "ca.pem")
	for _, tt := range []struct {
		begin, end time.Duration
		want       Level
	}{{-day, 90 * day, OK}, {-day, 29 * day, Warning}, {-2 * day, -day, Problem}, {day, 90 * day, Problem}} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "nats-1\nproblem"}, NotBefore: now.Add(tt.begin), NotAfter: now.Add(tt.end)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		var r report
		conf := config.Default()
		conf.NATS.TLS = &config.TLS{CAFile: path}
		r.files(Gateway{Config: conf, Now: func() time.Time { return now }})
		if len(r) != 1 || r[0].Level != tt.want || strings.Contains(r[0].Found, "\n") {
			t.Errorf("%s to %s: %+v, want %s", tt.begin, tt.end, r, tt.want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[uint64]string{0: "0 bytes", 1023: "1023 bytes", 1024: "1 KiB", 1536: "1.5 KiB", 4 << 20: "4 MiB", 5 << 40: "5 TiB"} {
		if got := size(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
