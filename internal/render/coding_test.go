package render

import (
	"bytes"
	"compress/gzip"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// fataler is what testing.TB and rapid.T have in common.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// unpack decodes a body with a decoder that is not ours.
func unpack(t fataler, c feed.Coding, body []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	var err error
	switch c {
	case feed.Gzip:
		r, err = gzip.NewReader(r)
	case feed.Zstd:
		r, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
	case feed.Brotli:
		r = brotli.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s cannot be read: %v", c, err)
	}
	return b
}

// programs are those that unpack a coding from their input.
var programs = map[feed.Coding][]string{feed.Gzip: {"gzip", "-dc"}, feed.Zstd: {"zstd", "-dcq"}, feed.Brotli: {"brotli", "-dc"}}

func unpackByProgram(t fataler, c feed.Coding, body []byte) []byte {
	t.Helper()
	command := exec.Command(programs[c][0], programs[c][1:]...)
	var complaint bytes.Buffer
	command.Stdin, command.Stderr = bytes.NewReader(body), &complaint
	b, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", command, err, &complaint)
	}
	return b
}

// Every coding of every document is what the plain one is, for Go's decoders and for the system's.
func TestCodings(t *testing.T) {
	for name, s := range map[string]*feed.Snapshot{"few": snapshot(t, fixedView()), "none": snapshot(t, view()), "many": snapshot(t, longView(0))} {
		for _, f := range feed.Formats {
			want := plain(t, s, f)
			for c := feed.Gzip; c < feed.Codings; c++ {
				_, body := document(t, s, f, c)
				if !bytes.Equal(unpack(t, c, body), want) || !bytes.Equal(unpackByProgram(t, c, body), want) {
					t.Errorf("%s: %s in %s is not what it is in plain", name, f, c)
				}
				if name == "many" && len(body) > len(want)/2 {
					t.Errorf("%s in %s has %d bytes of %d", f, c, len(body), len(want))
				}
			}
		}
	}
}

// Fragments are joined wherever their bits end, and however long they are.
func TestFragments(t *testing.T) {
	long := bytes.Repeat([]byte("Sakhalin, a long story. "), 20_000)
	for c := feed.Gzip; c < feed.Codings; c++ {
		stream, want := slices.Clone(coders[c].open), []byte{}
		for n := range 300 {
			b := append(bytes.Repeat([]byte("berita "), n%23), long[n*7:n*7+1+n*n%977]...)
			if n == 100 || n == 200 {
				b = long[n:]
			}
			fragment, err := coders[c].alone(b)
			if err != nil {
				t.Fatal(err)
			}
			stream, want = append(stream, fragment...), append(want, b...)
		}
		stream = append(stream, coders[c].end(checksumOf(want))...)
		if !bytes.Equal(unpack(t, c, stream), want) || !bytes.Equal(unpackByProgram(t, c, stream), want) {
			t.Errorf("%s: the joined fragments are not what they were", c)
		}
	}
}

// A group can lose items at its end, and stands anywhere.
func TestGroups(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringN(1, -1, -1), rapid.StringMatching(`(<p>[a-c ]{0,40}</p>){1,20}`),
			rapid.Custom(func(t *rapid.T) string {
				return strings.Repeat("Sakhalin, a long story. ", rapid.IntRange(1, 3_000).Draw(t, "times"))
			}))
		var plain [][]byte
		for _, s := range rapid.SliceOfN(text, 1, 6).Draw(t, "items") {
			plain = append(plain, []byte(s))
		}
		some := rapid.IntRange(1, len(plain)).Draw(t, "kept")
		for c := feed.Gzip; c < feed.Codings; c++ {
			whole, err := coders[c].group(plain)
			if err != nil {
				t.Fatal(err)
			}
			short, err := coders[c].group(plain[:some])
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(short, whole[:some], bytes.Equal) {
				t.Fatalf("%s: an item depends on what comes after it", c)
			}
			single, err := coders[c].alone(plain[0])
			if err != nil {
				t.Fatal(err)
			}
			stream := slices.Concat(coders[c].open, single)
			want := slices.Clone(plain[0])
			for _, group := range [][][]byte{short, whole} {
				stream = slices.Concat(stream, slices.Concat(group...), coders[c].groupEnd, single)
				want = slices.Concat(want, slices.Concat(plain[:len(group)]...), plain[0])
			}
			stream = append(stream, coders[c].end(checksumOf(want))...)
			if !bytes.Equal(unpack(t, c, stream), want) {
				t.Fatalf("%s: the joined groups are not what they were", c)
			}
		}
	})
}

// TestChanges holds that a feed that changes in whatever way has in every coding what it has in plain, and the same bytes as
// a replica that never saw it before.
func TestChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := New(site)
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom(nasty), rapid.StringMatching(`(<p>[a-c ]{0,40}</p>){0,20}`))
		var entries []*feed.Entry
		sequence := uint64(0)
		fresh := func(id string) *feed.Entry {
			sequence++
			return entry(&wire.Story{
				ID: id, Provider: "antara", Version: int64(sequence), Status: rapid.SampledFrom([]wire.Status{wire.Usable, wire.Usable, wire.Canceled}).Draw(t, "status"),
				Headline: text.Draw(t, "headline"), Body: wire.Body{HTML: text.Draw(t, "html"), Text: text.Draw(t, "text")},
			}, sequence, "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z")
		}
		for range rapid.IntRange(1, 6).Draw(t, "revisions") {
			for range rapid.IntRange(0, 12).Draw(t, "new") {
				entries = append([]*feed.Entry{fresh(rapid.StringMatching(`[a-z]{1,6}`).Draw(t, "id"))}, entries...)
			}
			if len(entries) > 0 && rapid.Bool().Draw(t, "corrected") {
				n := rapid.IntRange(0, len(entries)-1).Draw(t, "which")
				corrected := fresh(entries[n].ID)
				entries = append([]*feed.Entry{corrected}, slices.Delete(slices.Clone(entries), n, n+1)...)
			}
			entries = entries[:min(len(entries), rapid.IntRange(0, 30).Draw(t, "size"))]
			s, err := r.Snapshot(view(entries...))
			if err != nil {
				t.Fatal(err)
			}
			other, err := New(site).Snapshot(view(entries...))
			if err != nil {
				t.Fatal(err)
			}
			f := rapid.SampledFrom(feed.Formats).Draw(t, "format")
			for c := range feed.Coding(feed.Codings) {
				body, again := drawn(t, s, f, c), drawn(t, other, f, c)
				if !bytes.Equal(body, again) {
					t.Fatalf("%s in %s depends on what was before", f, c)
				}
				if c != feed.Identity && !bytes.Equal(unpack(t, c, body), drawn(t, s, f, feed.Identity)) {
					t.Fatalf("%s in %s is not what it is in plain", f, c)
				}
			}
		}
	})
}

func drawn(t *rapid.T, s *feed.Snapshot, f feed.Format, c feed.Coding) []byte {
	d, err := s.Document(f, c)
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.Body()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(b.Pieces...)
}

// FuzzFragments: whatever bytes a feed has, and wherever it is cut, each coding gives them back.
func FuzzFragments(f *testing.F) {
	f.Add([]byte("<p>Berita</p><p>Berita</p>"), 7, 3)
	f.Add([]byte("\x00\xff\x00\xff"), 1, 1)
	f.Fuzz(func(t *testing.T, data []byte, first, then int) {
		if first < 1 || then < 1 {
			return
		}
		for c := feed.Gzip; c < feed.Codings; c++ {
			stream := slices.Clone(coders[c].open)
			var pieces [][]byte
			for rest, n := data, first; len(rest) > 0; n = max(then, len(data)/50) {
				cut := rest[:min(n, len(rest))]
				rest = rest[len(cut):]
				pieces = append(pieces, cut)
				fragment, err := coders[c].alone(cut)
				if err != nil {
					t.Fatal(err)
				}
				stream = append(stream, fragment...)
			}
			if len(pieces) > 0 {
				group, err := coders[c].group(pieces)
				if err != nil {
					t.Fatal(err)
				}
				stream = slices.Concat(stream, slices.Concat(group...), coders[c].groupEnd)
			}
			data := slices.Concat(data, data)
			stream = append(stream, coders[c].end(checksumOf(data))...)
			if got := unpack(t, c, stream); !bytes.Equal(got, data) {
				t.Errorf("%s gives %q", c, got)
			}
		}
	})
}
