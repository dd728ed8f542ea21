package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/ledger"
)

// natsPart examines NATS over connections of its own.
type natsPart struct {
	Gateway
	*report

	nc *nats.Conn
	js jetstream.JetStream
	// stories is STORIES, nil where it could not be found.
	stories *ledger.Archive

	mu     sync.Mutex
	denied []string // what the server refused the user, in its words
}

func (p *natsPart) close() {
	if p.nc != nil {
		p.nc.Close()
	}
}

func (p *natsPart) examine(ctx context.Context) {
	p.connect()
	if p.nc == nil {
		return
	}
	p.server()
	for _, step := range []func(context.Context) error{p.clocks, p.jetStream, p.streams, p.consumer} {
		asking, cancel := context.WithTimeout(ctx, patience)
		err := step(asking)
		cancel()
		if err != nil {
			if said := p.refused(); strings.Contains(said, "$JS.") {
				p.problem("nats.permissions", "let the user do what docs/doctor.md lists", "the user may not do what kawat needs: %s", said)
				break
			}
			p.unknown("nats.jetstream", "look at the log of the nats-server",
				"whether JetStream is as it should be: %s", reason(err))
			break
		}
	}
}

// connect tries every server that is configured and keeps the first connection.
func (p *natsPart) connect() {
	urls := p.Config.NATS.URLs
	found := make([]*nats.Conn, len(urls))
	failed := make([]error, len(urls))
	var tries sync.WaitGroup
	for i, url := range urls {
		tries.Go(func() {
			found[i], failed[i] = nats.Connect(url, append([]nats.Option{nats.Name("kawat doctor"), nats.Timeout(patience), nats.NoReconnect(),
				nats.ErrorHandler(p.note)}, p.NATS...)...)
		})
	}
	tries.Wait()
	for i, url := range urls {
		switch err := failed[i]; {
		case err == nil && p.nc == nil:
			p.nc = found[i]
			fallthrough
		case err == nil:
			p.ok("nats", "%s answers, version %s", url, found[i].ConnectedServerVersion())
			if found[i] != p.nc {
				found[i].Close()
			}
		case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired):
			p.problem("nats", "correct nats.user and the file of nats.password_file, or take a new nats.credentials_file",
				"%s refuses the login: %v", url, err)
		case errors.Is(err, nats.ErrSecureConnRequired), errors.Is(err, nats.ErrSecureConnWanted):
			p.problem("nats", "set nats.tls (tls: {} for the system's certificates), or take it out where the server has no TLS", "%s: %v", url, err)
		default:
			p.problem("nats", "start the nats-server, or correct nats.urls; try: nats server ping --server "+url, "%s does not answer: %s", url, reason(err))
		}
	}
}

// note keeps what the server refuses: its words come beside the answer, which then never comes.
func (p *natsPart) note(_ *nats.Conn, _ *nats.Subscription, err error) {
	if errors.Is(err, nats.ErrPermissionViolation) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_, said, _ := strings.Cut(err.Error(), ": ")
		p.denied = append(p.denied, said)
	}
}

func (p *natsPart) refused() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.denied, "; ")
}

// server looks at what the server says of itself when a client connects.
func (p *natsPart) server() {
	if v := p.nc.ConnectedServerVersion(); ledger.OldServer(v) {
		p.warn("nats.version", "update nats-server to 2.12 or later", "the server is version %s; kawat is not tried with it", v)
	}
	if state, err := p.nc.TLSConnectionState(); err == nil && len(state.PeerCertificates) > 0 {
		p.certificate("nats.certificate", "the certificate of "+p.nc.ConnectedAddr(), state.PeerCertificates[0], p.Now())
	}
	replicas, cluster := p.Config.NATS.Replicas, p.nc.ConnectedClusterName()
	known := len(p.nc.Servers())
	switch {
	case p.Data != "": // one process, one disk
	case replicas > 1 && cluster == "":
		p.problem("nats.cluster", fmt.Sprintf("run %d nats-servers as a cluster, or set nats.replicas: 1", replicas),
			"nats.replicas is %d, and the server is in no cluster", replicas)
	case replicas > known:
		p.warn("nats.cluster", "look with: nats server list; a cluster of fewer servers cannot keep that many copies",
			"nats.replicas is %d, and of the cluster %s only %d servers are known", replicas, cluster, known)
	case replicas > 1:
		p.ok("nats.cluster", "the cluster %s has %d servers, and %d copies of each stream are wanted", cluster, known, replicas)
	case known >= 3:
		p.warn("nats.cluster", "set nats.replicas: 3, then nats stream edit NAME --replicas 3 for each stream",
			"nats.replicas is 1 in a cluster of %d: copy is lost with one server's disk", known)
	default:
		p.warn("nats.cluster", "run a cluster of three with nats.replicas: 3; else save regularly with kawat export",
			"nats.replicas is 1: copy is lost with the server's disk")
	}
	p.payload()
}

// payload holds the largest message that NATS takes against the largest that the configuration lets in. A record has its text
// twice, as HTML and plain.
func (p *natsPart) payload() {
	const check = "nats.max_payload"
	takes, message := p.nc.MaxPayload(), p.Config.Limits.MessageBytes
	wanted := 3 * message
	remedy := fmt.Sprintf("max_payload: %dMB in the configuration of each nats-server; or lower limits.message", (wanted+1<<20-1)>>20)
	takesText, messageText := size(uint64(takes)), size(uint64(message))
	switch {
	case takes < message:
		p.problem(check, remedy, "the server takes messages of %s, limits.message is %s: larger copy cannot even be pushed", takesText, messageText)
	case takes < wanted && p.Data == "":
		p.warn(check, remedy, "the server takes messages of %s, which is less than three times limits.message (%s): the records of the largest copy do not fit, and it is quarantined as too-large",
			takesText, messageText)
	default:
		p.ok(check, "the server takes messages of %s, limits.message is %s", takesText, messageText)
	}
}

// clocks asks the server who is connected, which any user may, because the answer has the server's time.
func (p *natsPart) clocks(ctx context.Context) error {
	before := p.Now()
	m, err := p.nc.RequestWithContext(ctx, "$SYS.REQ.USER.INFO", nil)
	after := p.Now()
	if errors.Is(err, nats.ErrNoResponders) || errors.Is(err, context.DeadlineExceeded) && p.refused() != "" {
		p.unknown("nats.clock", "let the user publish on $SYS.REQ.USER.INFO, or compare the clocks yourself: date -u on both machines",
			"the clock of the NATS server")
		return nil
	}
	if err != nil {
		return err
	}
	var info struct {
		Server struct {
			Name string    `json:"name"`
			Time time.Time `json:"time"`
		} `json:"server"`
	}
	if err := json.Unmarshal(m.Data, &info); err != nil || info.Server.Time.IsZero() {
		p.unknown("nats.clock", "compare the clocks yourself: date -u on both machines", "the clock of the NATS server, which does not say it")
		return nil
	}
	p.clock("nats.clock", "the NATS server", info.Server.Time, before, after)
	return nil
}

// jetStream looks at what the account may use.
func (p *natsPart) jetStream(ctx context.Context) (err error) {
	if p.js, err = jetstream.New(p.nc); err != nil {
		return err
	}
	account, err := p.js.AccountInfo(ctx)
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		p.js = nil
		p.problem("nats.jetstream", `jetstream { store_dir: "/var/lib/nats", sync_interval: always } in the server's configuration, and jetstream: enabled in the account's, where there are accounts`,
			"JetStream is not enabled: %v", err)
		return nil
	case err != nil:
		return err
	}
	if limit := account.Limits.MaxStore; limit > 0 {
		p.full("nats.storage", "raise the account's limit (max_file), before desks get no acknowledgement any more", "JetStream's storage of the account",
			account.Store, uint64(limit))
	} else {
		p.ok("nats.storage", "JetStream keeps %s for the account, which has no limit of its own", size(account.Store))
	}
	return nil
}

// streams holds the streams against what kawat makes.
func (p *natsPart) streams(ctx context.Context) error {
	if p.js == nil {
		return nil
	}
	wanted := ledger.Streams(p.Config.NATS.Replicas)
	infos := make([]*jetstream.StreamInfo, len(wanted))
	there := 0
	for i, want := range wanted {
		s, err := p.js.Stream(ctx, want.Name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		infos[i] = s.CachedInfo()
		there++
	}
	if there == 0 {
		p.warn("streams", "start ingest, which makes them", "there are none yet")
		return nil
	}
	for i, want := range wanted {
		if infos[i] == nil {
			p.missing(want.Name)
			continue
		}
		p.stream(want, infos[i])
	}
	var err error
	if p.stories, err = ledger.OpenArchive(ctx, p.nc, slog.New(slog.DiscardHandler)); err != nil {
		p.stories = nil // it is missing, which was said
	}
	return nil
}

func (p *natsPart) missing(name string) {
	switch name {
	case ledger.StoriesStream, ledger.WireStream:
		p.problem("stream."+name, "stop ingest; restore the stream from a backup, or STORIES with kawat import", "it is missing, and others are there")
	default:
		p.warn("stream."+name, "start ingest, which makes it", "it is missing")
	}
}

func (p *natsPart) stream(want jetstream.StreamConfig, info *jetstream.StreamInfo) {
	check, before := "stream."+want.Name, len(*p.report)
	have := info.Config
	for _, d := range ledger.Differences(want, have) {
		p.problem(check, d.Remedy, "%s", d.Text)
	}
	edit := func(flags string) string { return "nats stream edit " + want.Name + " " + flags }
	if have.Sealed {
		p.problem(check, "a sealed stream cannot be opened: restore a backup under this name", "it is sealed: nothing can be written")
	}
	if have.NoAck {
		p.problem(check, "set no_ack of "+want.Name+" to false", "no_ack is on: nobody hears whether copy was kept")
	}
	if have.MaxMsgsPerSubject > 0 {
		p.problem(check, edit("--max-msgs-per-subject=-1"), "it keeps %d messages of each subject at most", have.MaxMsgsPerSubject)
	}
	if have.MaxAge > 0 && !want.DenyPurge {
		p.warn(check, "set max_age of "+want.Name+" to 0, which is no limit", "max_age is %s: what is older is deleted, with an outcome or without one", have.MaxAge)
	}
	if want.Duplicates > 0 && have.Duplicates < want.Duplicates {
		p.warn(check, edit("--dupe-window "+duration(want.Duplicates)), "the window for duplicates is %s, kawat sets %s: a push that is repeated later is stored again, and recognised only by ingest",
			have.Duplicates, duration(want.Duplicates))
	}
	if lacks := slices.DeleteFunc(slices.Clone(want.Subjects), func(s string) bool { return slices.Contains(have.Subjects, s) }); len(lacks) > 0 {
		p.warn(check, "start ingest, which adds them", "it does not take %s", strings.Join(lacks, " and "))
	}
	if limit := int64(have.MaxMsgSize); limit > 0 && limit < p.nc.MaxPayload() {
		p.warn(check, edit("--max-msg-size=-1"), "it takes messages of %s only, the server larger ones", size(uint64(limit)))
	}
	if have.MaxBytes > 0 {
		p.full(check, edit("--max-bytes with a larger number")+"; when it is full it takes nothing more", "max_bytes", info.State.Bytes, uint64(have.MaxBytes))
	}
	if have.MaxMsgs > 0 && percent(info.State.Msgs, uint64(have.MaxMsgs)) >= 80 {
		p.warn(check, edit("--max-msgs=-1"), "it has %s, and takes %d", count(info.State.Msgs, "message"), have.MaxMsgs)
	}
	p.copies(check, info)
	if len(*p.report) == before {
		p.ok(check, "it is set as kawat sets it, and has %s in %s", size(info.State.Bytes), count(info.State.Msgs, "message"))
	}
}

// copies looks at the servers that keep a stream.
func (p *natsPart) copies(check string, info *jetstream.StreamInfo) {
	if info.Cluster == nil || info.Config.Replicas < 2 {
		return
	}
	if info.Cluster.Leader == "" {
		p.problem(check, "start the missing nats-servers: a majority of those that keep it has to run", "it has no leader: nothing can be written")
	}
	for _, c := range info.Cluster.Replicas {
		switch {
		case c.Offline:
			p.problem(check, "start the nats-server "+c.Name, "its copy on %s is offline: with one more lost, nothing can be written", c.Name)
		case !c.Current:
			p.warn(check, "wait, and look again; else look at the log of the nats-server "+c.Name, "its copy on %s is behind by %d", c.Name, c.Lag)
		}
	}
}

// duration writes whole minutes as people and the nats command do.
func duration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	return s
}

// lateAfter is how long copy may wait for its outcome before it is late.
const lateAfter = time.Minute

// consumer looks at how ingest keeps up.
func (p *natsPart) consumer(ctx context.Context) error {
	if p.js == nil {
		return nil
	}
	const check = "ingest"
	c, err := p.js.Consumer(ctx, ledger.WireStream, ledger.IngestConsumer)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		p.warn(check, "start ingest", "none has run on this WIRE yet")
		return nil
	}
	if err != nil {
		return err
	}
	info := c.CachedInfo()
	if info.Config.MaxDeliver > 0 || info.Config.AckPolicy != jetstream.AckExplicitPolicy {
		p.problem(check, "restart ingest, which sets it right", "the consumer %s gives copy up after %d deliveries, or needs no acknowledgement",
			ledger.IngestConsumer, info.Config.MaxDeliver)
	}
	if info.Paused {
		p.problem(check, "nats consumer resume WIRE "+ledger.IngestConsumer, "the consumer %s is paused for %s", ledger.IngestConsumer, info.PauseRemaining.Round(time.Second))
	}
	waiting := info.NumPending + uint64(info.NumAckPending)
	switch {
	case info.NumWaiting == 0 && info.NumAckPending == 0 && waiting == 0:
		p.warn(check, "start ingest", "none takes copy from WIRE; nothing waits yet")
	case info.NumWaiting == 0 && info.NumAckPending == 0:
		p.problem(check, "start ingest", "none takes copy from WIRE, and %s for it", wait(waiting))
	case waiting == 0:
		p.ok(check, "it has brought all of WIRE to its outcome")
	default:
		p.late(ctx, info, waiting)
	}
	return nil
}

func wait(n uint64) string {
	if n == 1 {
		return "1 message waits"
	}
	return fmt.Sprintf("%d messages wait", n)
}

// count says how many things there are.
func count(n uint64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// late says how long the oldest message without an outcome has waited.
func (p *natsPart) late(ctx context.Context, info *jetstream.ConsumerInfo, waiting uint64) {
	const check = "ingest"
	s, err := p.js.Stream(ctx, ledger.WireStream)
	var oldest *jetstream.RawStreamMsg
	if err == nil {
		oldest, err = s.GetMsg(ctx, info.AckFloor.Stream+1)
	}
	if err != nil {
		p.unknown(check, "nats consumer info WIRE "+ledger.IngestConsumer, "how long the oldest of %d messages has waited: %s", waiting, reason(err))
		return
	}
	if age := p.Now().Sub(oldest.Time); age > lateAfter {
		p.warn(check, "look at ingest's log and its /readyz; start further replicas if it only has much to do", "%s for their outcome, the oldest for %s",
			wait(waiting), age.Round(time.Second))
		return
	}
	p.ok(check, "it works: %s for their outcome, none for more than a minute", wait(waiting))
}
