package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// redisPart examines Redis over connections of its own.
type redisPart struct {
	Gateway
	*report

	// client is nil until Redis was reached.
	client redis.UniversalClient
}

func (p *redisPart) close() {
	if p.client != nil {
		_ = p.client.Close()
	}
}

func (p *redisPart) examine(ctx context.Context) {
	options := *p.Redis
	options.ClientName, options.MaxRetries, options.DialTimeout, options.ContextTimeoutEnabled = "kawat-doctor", -1, patience, true
	options.ReadTimeout, options.WriteTimeout = patience, patience
	if options.TLSConfig != nil {
		options.TLSConfig = p.watched(options.TLSConfig)
	}
	if options.MasterName != "" {
		p.sentinels(ctx, &options)
	}
	client := redis.NewUniversalClient(&options)
	if err := p.within(ctx, func(ctx context.Context) error { return client.Ping(ctx).Err() }); err != nil {
		_ = client.Close()
		p.unreached(err)
		return
	}
	p.client = client
	if cluster, ok := client.(*redis.ClusterClient); ok {
		p.cluster(ctx, cluster)
		return
	}
	p.node(ctx, "Redis", client)
	p.permissions(ctx, client)
}

// within asks a server something, for as long as an answer may take.
func (p *redisPart) within(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return ask(ctx)
}

// watched are TLS settings that make a finding of how long the servers' certificates are good for.
func (p *redisPart) watched(c *tls.Config) *tls.Config {
	c = c.Clone()
	var mu sync.Mutex
	seen := map[string]bool{}
	c.VerifyConnection = func(s tls.ConnectionState) error {
		mu.Lock()
		defer mu.Unlock()
		if leaf := s.PeerCertificates[0]; !seen[string(leaf.Raw)] {
			seen[string(leaf.Raw)] = true
			p.certificate("redis.certificate", "the certificate of "+leaf.Subject.String(), leaf, p.Now())
		}
		return nil
	}
	return c
}

func (p *redisPart) unreached(err error) {
	where := strings.Join(p.Redis.Addrs, ", ")
	switch {
	case hasPrefix(err, "NOPERM"):
		p.problem("redis.permissions", "ACL SETUSER "+cmp.Or(p.Redis.Username, "default")+" with what docs/doctor.md lists", "%s refuses what every connection begins with: %v", where, err)
	case hasPrefix(err, "NOAUTH", "WRONGPASS"), strings.Contains(err.Error(), "AUTH"):
		p.problem("redis", "correct redis.user and the file of redis.password_file", "%s refuses the login: %v", where, err)
	case hasPrefix(err, "CLUSTERDOWN"), strings.Contains(err.Error(), "cluster support disabled"):
		p.problem("redis", "several addresses are a Redis Cluster: give one address, or redis.master_name if they are Sentinels; of a Cluster look at: redis-cli cluster info",
			"%s is no Cluster that works: %v", where, err)
	case p.Redis.MasterName != "":
		p.problem("redis", "look at the Sentinels: redis-cli -p 26379 sentinel master "+p.Redis.MasterName, "no primary %s can be reached by way of the Sentinels %s: %s",
			p.Redis.MasterName, where, reason(err))
	default:
		p.problem("redis", "start Redis, or correct redis.addresses and redis.tls; try: redis-cli -u redis://"+p.Redis.Addrs[0]+" ping",
			"%s does not answer: %s", where, reason(err))
	}
}

func hasPrefix(err error, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return redis.HasErrorPrefix(err, prefix) })
}

// node looks at one server.
func (p *redisPart) node(ctx context.Context, name string, c redis.Cmdable) {
	var text string
	err := p.within(ctx, func(ctx context.Context) (err error) {
		text, err = c.Info(ctx).Result()
		return err
	})
	if err != nil {
		p.unknown("redis", "ACL SETUSER "+cmp.Or(p.Redis.Username, "default")+" +info; without INFO ingest does not see either that another server took over",
			"how %s is set: %s", name, reason(err))
		return
	}
	info := infoOf(text)
	p.version(name, info)
	p.memory(name, info)
	p.persistence(name, info)
	before := p.Now()
	err = p.within(ctx, func(ctx context.Context) error {
		now, err := c.Time(ctx).Result()
		if err == nil {
			p.clock("redis.clock", name, now, before, p.Now())
		}
		return err
	})
	if err != nil {
		p.unknown("redis.clock", "compare the clocks yourself: date -u on both machines", "the clock of %s: %s", name, reason(err))
	}
}

// standby looks at a replica, which may be the primary tomorrow.
func (p *redisPart) standby(ctx context.Context, name string, c redis.Cmdable) {
	var text string
	err := p.within(ctx, func(ctx context.Context) (err error) {
		text, err = c.Info(ctx).Result()
		return err
	})
	if err != nil {
		p.problem("redis.replica", "start it, or look at its log; redis.user has to be known there too", "the replica %s cannot take over: %s", name, reason(err))
		return
	}
	info := infoOf(text)
	if info["role"] == "slave" && info["master_link_status"] != "up" {
		p.problem("redis.replica", "look at its log", "the replica %s does not follow its primary", name)
	}
	p.memory("the replica "+name, info)
}

// infoOf reads the answer of INFO.
func infoOf(text string) map[string]string {
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info
}

func number(s string) uint64 {
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}

func (p *redisPart) version(name string, info map[string]string) {
	version := info["redis_version"]
	var major, minor int
	_, err := fmt.Sscanf(version, "%d.%d", &major, &minor)
	switch mode := info["redis_mode"]; {
	case mode == "sentinel":
		p.problem("redis", "set redis.master_name to the name that the Sentinels watch", "%s is a Sentinel", name)
		return
	case mode == "cluster" && len(p.Redis.Addrs) < 2:
		p.problem("redis", "give at least two of its servers in redis.addresses", "%s is a server of a Redis Cluster, and redis.addresses has one address, which is one server", name)
		return
	case info["role"] == "slave":
		p.problem("redis", "give the primary's address, or the Sentinels' with redis.master_name", "%s is a replica, which takes no writes; its primary is %s:%s",
			name, info["master_host"], info["master_port"])
		return
	case err == nil && (major < 6 || major == 6 && minor < 2):
		p.problem("redis", "update Redis to 6.2 or later", "%s is version %s, which lacks commands that kawat needs", name, version)
		return
	}
	p.ok("redis", "%s answers, version %s", name, version)
}

// Bounds of the memory that is used. A refill makes a second filling beside the one that is served.
const (
	refillFits = 50 // percent
	nearlyFull = 90
)

func (p *redisPart) memory(name string, info map[string]string) {
	used, limit := number(info["used_memory"]), number(info["maxmemory"])
	policy := info["maxmemory_policy"]
	const keep = "CONFIG SET maxmemory-policy noeviction, and maxmemory-policy noeviction in redis.conf"
	switch {
	case policy == "noeviction" || policy == "":
	case limit > 0:
		p.problem("redis.eviction", keep, "%s drops keys when its memory is full (maxmemory-policy %s): feeds lose stories, and nobody is told", name, policy)
	default:
		p.warn("redis.eviction", keep, "%s is told to drop keys (maxmemory-policy %s) as soon as it is given a limit of memory", name, policy)
	}
	const more = "CONFIG SET maxmemory with a larger number, and maxmemory in redis.conf: at least twice what the cache takes"
	if limit == 0 {
		p.warn("redis.memory", "CONFIG SET maxmemory 4gb, and maxmemory 4gb in redis.conf, or what the machine can spare",
			"%s uses %s and has no limit (maxmemory 0): when the machine's memory is full the system ends it", name, size(used))
		return
	}
	switch share := percent(used, limit); {
	case share >= nearlyFull:
		p.problem("redis.memory", more, "%s uses %d %% of its %s: when it is full nothing new comes into the feeds", name, share, size(limit))
	case share > refillFits:
		p.warn("redis.memory", more, "%s uses %d %% of its %s: a refill, which makes a second filling beside the first, may not fit", name, share, size(limit))
	default:
		p.ok("redis.memory", "%s uses %d %% of its %s", name, share, size(limit))
	}
}

func (p *redisPart) persistence(name string, info map[string]string) {
	switch {
	case info["loading"] == "1":
		p.warn("redis.persistence", "wait", "%s is loading its file and answers nothing meanwhile", name)
	case info["aof_enabled"] == "1" && info["aof_last_write_status"] == "err":
		p.problem("redis.persistence", "make room on its disk; or CONFIG SET appendonly no: the cache needs no file", "%s cannot write its append-only file, and refuses writes", name)
	case info["rdb_last_bgsave_status"] == "err":
		p.problem("redis.persistence", `make room on its disk; or CONFIG SET save "": the cache needs no file`, "%s could not save its last snapshot, and may refuse writes until it can", name)
	default:
		p.ok("redis.persistence", "%s can write what it is told to keep; nothing depends on it, since after a restart the cache is filled anew from STORIES", name)
	}
}

// cluster looks at a Redis Cluster: each primary, its replicas, and that every key has a place.
func (p *redisPart) cluster(ctx context.Context, c *redis.ClusterClient) {
	var text string
	var slots []redis.ClusterSlot
	err := p.within(ctx, func(ctx context.Context) (err error) {
		if text, err = c.ClusterInfo(ctx).Result(); err == nil {
			//lint:ignore SA1019 what is to take its place is unknown to Redis 6
			slots, err = c.ClusterSlots(ctx).Result()
		}
		return err
	})
	if err != nil {
		p.unknown("redis.cluster", "redis-cli cluster info", "whether the Cluster is whole: %s", reason(err))
	} else {
		p.covered(infoOf(text), slots)
	}
	type server struct {
		name   string
		report report
	}
	var mu sync.Mutex
	var servers []server
	first := ""
	err = p.within(ctx, func(ctx context.Context) error {
		return c.ForEachMaster(ctx, func(ctx context.Context, n *redis.Client) error {
			s := server{name: n.Options().Addr}
			one := &redisPart{Gateway: p.Gateway, report: &s.report}
			one.node(ctx, s.name, n)
			mu.Lock()
			defer mu.Unlock()
			if first == "" {
				first = s.name
				one.permissions(ctx, n)
			}
			servers = append(servers, s)
			return nil
		})
	})
	if err == nil {
		err = p.within(ctx, func(ctx context.Context) error {
			return c.ForEachSlave(ctx, func(ctx context.Context, n *redis.Client) error {
				s := server{name: n.Options().Addr}
				one := &redisPart{Gateway: p.Gateway, report: &s.report}
				one.standby(ctx, s.name, n)
				mu.Lock()
				defer mu.Unlock()
				servers = append(servers, s)
				return nil
			})
		})
	}
	slices.SortFunc(servers, func(a, b server) int { return cmp.Compare(a.name, b.name) })
	for _, s := range servers {
		*p.report = append(*p.report, s.report...)
	}
	if err != nil {
		p.unknown("redis.cluster", "redis-cli cluster nodes", "how every server is set: %s", reason(err))
	}
}

// slotsOfAll is how many slots a Redis Cluster has.
const slotsOfAll = 16384

func (p *redisPart) covered(info map[string]string, slots []redis.ClusterSlot) {
	assigned, state := number(info["cluster_slots_assigned"]), info["cluster_state"]
	alone := map[string]bool{}
	primaries := map[string]bool{}
	for _, s := range slots {
		if len(s.Nodes) == 0 {
			continue
		}
		primaries[s.Nodes[0].Addr] = true
		if len(s.Nodes) == 1 {
			alone[s.Nodes[0].Addr] = true
		}
	}
	failing := number(info["cluster_slots_fail"]) + number(info["cluster_slots_pfail"])
	switch {
	case assigned < slotsOfAll:
		p.problem("redis.cluster", "redis-cli --cluster fix HOST:PORT", "%d of %d slots have a server: some keys have no place", assigned, slotsOfAll)
	case state != "ok" || failing > 0:
		p.problem("redis.cluster", "start the servers that are missing: redis-cli cluster nodes", "its state is %s, and %d slots cannot be reached", state, failing)
	default:
		p.ok("redis.cluster", "all slots are on %d primaries", len(primaries))
	}
	if len(alone) > 0 {
		p.warn("redis.cluster", "redis-cli --cluster add-node NEW OLD --cluster-slave", "%d of %d primaries have no replica: while one is away, nothing new comes into the feeds",
			len(alone), len(primaries))
	}
}

// permissions tries for each command that kawat needs whether the user may run it. Within MULTI the server checks this when a
// command is put in the queue; DISCARD then drops the queue, so that nothing is run. The user needs no right of an
// administrator, as it would for ACL DRYRUN.
func (p *redisPart) permissions(ctx context.Context, c redis.UniversalClient) {
	denied, err := p.denied(ctx, c)
	user := cmp.Or(p.Redis.Username, "default")
	var commands, keys []string
	for _, d := range denied {
		if d.key {
			keys = append(keys, d.command)
		} else {
			commands = append(commands, "+"+strings.ToLower(d.command))
		}
	}
	const check = "redis.permissions"
	if len(commands) > 0 {
		p.problem(check, "ACL SETUSER "+user+" "+strings.Join(commands, " ")+"; then ACL SAVE, or the same in redis.conf", "the user %s may not run %s", user, listed(denied, false))
	}
	if len(keys) > 0 {
		p.problem(check, "ACL SETUSER "+user+" ~kawat:* &kawat:*; then ACL SAVE, or the same in redis.conf",
			"the user %s may not reach the keys or channels of kawat with %s", user, listed(denied, true))
	}
	switch {
	case err != nil:
		p.unknown(check, "ACL GETUSER "+user+"; the commands that are needed are in docs/doctor.md", "what the user %s may do: %s", user, reason(err))
	case len(denied) == 0:
		p.ok(check, "the user %s may run all that kawat needs", user)
	}
}

// nameOf is what access lists call a command.
func nameOf(command []any) string {
	name := command[0].(string)
	if name == "SCRIPT" || name == "CLIENT" {
		name += "|" + command[1].(string)
	}
	return name
}

// denial is a command that the server refuses to the user, for the key or the channel alone if key is true.
type denial struct {
	command string
	key     bool
}

func listed(denied []denial, key bool) string {
	var names []string
	for _, d := range denied {
		if d.key == key {
			names = append(names, d.command)
		}
	}
	return strings.Join(names, ", ")
}

func (p *redisPart) denied(ctx context.Context, c redis.UniversalClient) ([]denial, error) {
	one, ok := c.(*redis.Client)
	if !ok {
		return nil, errors.New("there is no single server to ask")
	}
	var denied []denial
	err := p.within(ctx, func(ctx context.Context) error {
		// A client of its own, since the queue ends with the connection where the user may not DISCARD it.
		alone := redis.NewClient(one.Options())
		defer alone.Close()
		conn := alone.Conn()
		defer conn.Close()
		if err := conn.Do(ctx, "MULTI").Err(); hasPrefix(err, "NOPERM") {
			denied = append(denied, denial{command: "MULTI"})
			return errors.New("without MULTI the others cannot be tried")
		} else if err != nil {
			return err
		}
		for _, command := range neededCommands(p.Service) {
			err := conn.Do(ctx, command...).Err()
			if !hasPrefix(err, "NOPERM") {
				// Any other refusal is not about permissions: a key may be on another server of a Cluster.
				var refused redis.Error
				if err != nil && !errors.As(err, &refused) {
					return err
				}
				continue
			}
			denied = append(denied, denial{nameOf(command), strings.Contains(err.Error(), "access one of the")})
		}
		if err := conn.Do(ctx, "DISCARD").Err(); !hasPrefix(err, "NOPERM") {
			return err
		}
		return nil
	})
	return denied, err
}
