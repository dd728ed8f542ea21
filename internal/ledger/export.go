package ledger

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go/jetstream"
)

// Span says which records are exported; the zero value is all.
type Span struct {
	// Since is the first instant that counts, Until the first one that no longer does; zero: no bound. What counts is when a
	// record was recorded.
	Since, Until time.Time
	Provider     string // "": every one
}

// exportLine is one record of an export, on a line of its own.
type exportLine struct {
	Sequence uint64    `json:"sequence"`
	Recorded time.Time `json:"recorded"`
	Subject  string    `json:"subject"`
	// Record is the message as it stands, Data the same in base64 where it is no line of JSON.
	Record jsontext.Value `json:"record,omitzero"`
	Data   string         `json:"data,omitzero"`
}

// exportEnd is the last line of an export: how many lines came before it, and their SHA-256 with their ends.
type exportEnd struct {
	Records int    `json:"records"`
	SHA256  string `json:"sha256"`
}

// otherClock is by how much the clocks of two servers may differ when a record is looked for by the time of its message.
const otherClock = 24 * time.Hour

// Export writes the records of STORIES that there are now as lines of JSON, in the order of the stream, and at last one with
// their number and their digest, by which Import sees that none is missing. progress is told how many were written, after
// each. It returns the number of records. After an error the end is missing.
func (a *Archive) Export(ctx context.Context, w io.Writer, span Span, progress func(records int)) (int, error) {
	last, err := a.Last(ctx)
	if err != nil {
		return 0, err
	}
	config := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy}
	if span.Provider != "" {
		config.FilterSubjects = []string{storyPrefix + span.Provider + ".>"}
	}
	if !span.Since.IsZero() {
		// A message is never older than its record, and younger when it was restored.
		start := span.Since.Add(-otherClock)
		config.DeliverPolicy, config.OptStartTime = jetstream.DeliverByStartTimePolicy, &start
	}
	out := exporter{to: bufio.NewWriterSize(w, 1<<16), sum: sha256.New()}
	err = read(ctx, a.stories, config, last, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		at := recordedAt(msg.Headers(), meta.Timestamp)
		if at.Before(span.Since) || !span.Until.IsZero() && !at.Before(span.Until) {
			return nil
		}
		if err := out.record(meta.Sequence.Stream, at, msg.Subject(), msg.Data()); err != nil {
			return err
		}
		progress(out.records)
		return nil
	})
	if err != nil {
		return out.records, err
	}
	return out.records, out.end()
}

type exporter struct {
	to      *bufio.Writer
	sum     hash.Hash
	records int
	line    []byte
}

// record writes a line. The record's own bytes are put into it as they are, so that an import has the same.
func (e *exporter) record(sequence uint64, recorded time.Time, subject string, data []byte) error {
	b := append(e.line[:0], `{"sequence":`...)
	b = strconv.AppendUint(b, sequence, 10)
	b = append(b, `,"recorded":"`...)
	b = recorded.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","subject":`...)
	b, err := jsontext.AppendQuote(b, subject)
	if err != nil {
		return fmt.Errorf("the subject %q of record %d is not in UTF-8", subject, sequence)
	}
	if jsontext.Value(data).IsValid() && !bytes.ContainsAny(data, "\r\n") && bytes.Equal(bytes.TrimSpace(data), data) {
		b = append(append(b, `,"record":`...), data...)
	} else {
		b = base64.StdEncoding.AppendEncode(append(b, `,"data":"`...), data)
		b = append(b, '"')
	}
	e.line = append(b, '}', '\n')
	e.sum.Write(e.line)
	e.records++
	_, err = e.to.Write(e.line)
	return err
}

func (e *exporter) end() error {
	line, err := json.Marshal(exportEnd{Records: e.records, SHA256: hex.EncodeToString(e.sum.Sum(nil))})
	if err != nil {
		return err
	}
	if _, err := e.to.Write(append(line, '\n')); err != nil {
		return err
	}
	return e.to.Flush()
}
