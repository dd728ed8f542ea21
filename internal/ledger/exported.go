package ledger

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"kawat/internal/wire"
)

// exportReader reads the lines of an export.
type exportReader struct {
	scanner *bufio.Scanner
	sum     hash.Hash
	records int
}

// importLine is a line of an export with the bytes of its record.
type importLine struct {
	exportLine
	data []byte
}

// longestLine is more than any record that a NATS server takes, in base64.
const longestLine = 128 << 20

func newExportReader(r io.Reader) *exportReader {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 1<<16), longestLine)
	return &exportReader{scanner: s, sum: sha256.New()}
}

// next gives the next record, and io.EOF after the last one of an export that is whole.
func (r *exportReader) next() (importLine, error) {
	var line importLine
	if !r.scanner.Scan() {
		if err := r.scanner.Err(); err != nil {
			return line, fmt.Errorf("line %d: %w", r.records+1, err)
		}
		return line, fmt.Errorf("the export breaks off after %d records, its last line is missing: export it again, or find the whole file", r.records)
	}
	text := r.scanner.Bytes()
	if bytes.HasPrefix(text, []byte(`{"records":`)) {
		return line, r.end(text)
	}
	r.records++
	err := json.Unmarshal(text, &line.exportLine, json.RejectUnknownMembers(true))
	if err == nil && len(line.Data) > 0 {
		line.data, err = base64.StdEncoding.DecodeString(line.Data)
	} else {
		line.data = line.Record
	}
	if err != nil || line.Sequence == 0 || line.Recorded.IsZero() || !strings.HasPrefix(line.Subject, storyPrefix) {
		return line, fmt.Errorf("line %d is no record of an export of kawat (%v)", r.records, err)
	}
	r.sum.Write(text)
	r.sum.Write([]byte{'\n'})
	return line, nil
}

// end reads the last line.
func (r *exportReader) end(text []byte) error {
	var end exportEnd
	if err := json.Unmarshal(text, &end, json.RejectUnknownMembers(true)); err != nil {
		return fmt.Errorf("the export's last line cannot be read: %w", err)
	}
	if got := hex.EncodeToString(r.sum.Sum(nil)); end.Records != r.records || end.SHA256 != got {
		return fmt.Errorf("the export was changed: it has %d records with the SHA-256 %s, and its last line says %d with %s", r.records, got, end.Records, end.SHA256)
	}
	if r.scanner.Scan() {
		return fmt.Errorf("the export goes on after its last line: import one export at a time")
	}
	if err := r.scanner.Err(); err != nil {
		return err
	}
	return io.EOF
}

// recorded is the line's time as the header has it.
func (l *importLine) recorded() string { return l.Recorded.UTC().Format(time.RFC3339Nano) }

func (l *importLine) message() *nats.Msg {
	msg := nats.NewMsg(l.Subject)
	msg.Data = l.data
	msg.Header.Set(headerRecorded, l.recorded())
	return msg
}

// checkedExport is what an export holds.
type checkedExport struct {
	records int
	wire    uint64 // the greatest sequence on WIRE that its records name
	// translations are the stories that translate others, each with the id of its original.
	translations map[wire.Key]map[string]struct{}
}

// checkExport reads an export to its end. most is the largest record that the server takes.
func checkExport(r io.Reader, most int64) (*checkedExport, error) {
	c := &checkedExport{translations: map[wire.Key]map[string]struct{}{}}
	lines := newExportReader(r)
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return c, nil
		}
		if err != nil {
			return nil, err
		}
		c.records++
		if int64(len(line.data)) > most {
			return nil, fmt.Errorf("line %d: the record has %d bytes, more than the %d that this NATS server takes: raise max_payload there", c.records, len(line.data), most)
		}
		s, err := wire.Unmarshal(line.data)
		if err != nil {
			continue // it is restored as it is, and nobody could read it before either
		}
		c.wire = max(c.wire, lastOnWire(s))
		if original := s.OriginalID(); original != "" {
			if c.translations[s.Key()] == nil {
				c.translations[s.Key()] = map[string]struct{}{}
			}
			c.translations[s.Key()][original] = struct{}{}
		}
	}
}

// lastOnWire is the greatest sequence on WIRE that a record names: its copy's, or that of an order about it.
func lastOnWire(s *wire.Story) uint64 {
	last := max(s.Received.Sequence, s.Reinstated, s.Linked)
	if s.Desk != nil {
		last = max(last, s.Desk.Sequence, s.Desk.Again)
	}
	if t := s.Translation; t != nil && t.Original != nil {
		last = max(last, t.Original.Sequence)
	}
	return last
}
