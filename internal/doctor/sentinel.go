package doctor

import (
	"context"
	"maps"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Bounds of down-after-milliseconds: how long a primary may be silent before another takes over.
const (
	hasty = time.Second
	slow  = time.Minute
)

// sentinels looks at each Sentinel by itself: they need not know the same.
func (p *redisPart) sentinels(ctx context.Context, o *redis.UniversalOptions) {
	const check = "redis.sentinel"
	name := o.MasterName
	if len(o.Addrs) < 3 {
		p.warn(check, "run three Sentinels on three machines, and give all of them in redis.addresses",
			"%d Sentinels are given: with fewer than three none takes over when a machine is lost", len(o.Addrs))
	}
	var primaries []string
	replicas := map[string]bool{}
	for _, address := range o.Addrs {
		var m map[string]string
		c := redis.NewSentinelClient(&redis.Options{Addr: address, Username: o.SentinelUsername, Password: o.SentinelPassword, TLSConfig: o.TLSConfig,
			DialTimeout: patience, ReadTimeout: patience, MaxRetries: -1, ContextTimeoutEnabled: true})
		var quorum error
		// A part of the time each, so that one that hangs leaves some to the others.
		asking, cancel := context.WithTimeout(ctx, patience/time.Duration(len(o.Addrs)))
		m, err := c.Master(asking, name).Result()
		if err == nil {
			quorum = c.CkQuorum(asking, name).Err()
			known, _ := c.Replicas(asking, name).Result() // those of one Sentinel are enough
			for _, r := range known {
				replicas[net.JoinHostPort(r["ip"], r["port"])] = true
			}
		}
		cancel()
		_ = c.Close()
		switch {
		case hasPrefix(err, "NOAUTH", "WRONGPASS", "NOPERM"):
			p.problem(check, "correct redis.sentinel_user and the file of redis.sentinel_password_file", "%s refuses the login: %v", address, err)
			continue
		case hasPrefix(err, "No such master"):
			p.problem(check, "correct redis.master_name; its names: redis-cli -u redis://"+address+" sentinel masters", "%s does not watch %s", address, name)
			continue
		case err != nil:
			p.problem(check, "start the Sentinel, or correct redis.addresses", "%s does not answer: %s", address, reason(err))
			continue
		case quorum != nil:
			p.problem(check, "start the Sentinels that are missing: redis-cli -u redis://"+address+" sentinel ckquorum "+name,
				"by %s no other server can take over: %v", address, quorum)
		}
		p.watches(address, m)
		if primary := m["ip"] + ":" + m["port"]; !slices.Contains(primaries, primary) {
			primaries = append(primaries, primary)
		}
	}
	if len(primaries) > 1 {
		p.problem(check, "redis-cli -p 26379 sentinel reset "+name+" on those that are wrong", "they name different primaries: %v", primaries)
	}
	for _, address := range slices.Sorted(maps.Keys(replicas)) {
		c := redis.NewClient(&redis.Options{Addr: address, Username: o.Username, Password: o.Password, TLSConfig: o.TLSConfig,
			DialTimeout: patience, ReadTimeout: patience, MaxRetries: -1, ContextTimeoutEnabled: true})
		p.standby(ctx, address, c)
		_ = c.Close()
	}
}

// watches looks at how a Sentinel watches the primary.
func (p *redisPart) watches(address string, m map[string]string) {
	const check = "redis.sentinel"
	before := len(*p.report)
	name := m["name"]
	set := func(option, value string) string {
		return "redis-cli -u redis://" + address + " sentinel set " + name + " " + option + " " + value
	}
	sentinels := int(number(m["num-other-sentinels"])) + 1
	quorum, replicas := int(number(m["quorum"])), int(number(m["num-slaves"]))
	after := time.Duration(number(m["down-after-milliseconds"])) * time.Millisecond
	if majority := sentinels/2 + 1; quorum < majority {
		p.warn(check, set("quorum", strconv.Itoa(majority)), "%s: a quorum of %d of %d Sentinels is no majority: a primary that only they cannot see is given up",
			address, quorum, sentinels)
	} else if quorum > sentinels {
		p.problem(check, set("quorum", strconv.Itoa(majority)), "%s: a quorum of %d of %d Sentinels can never be had", address, quorum, sentinels)
	}
	if replicas == 0 {
		p.warn(check, "start a second redis-server with: replicaof "+m["ip"]+" "+m["port"], "%s knows of no replica of %s: nobody can take over", address, name)
	}
	switch {
	case after < hasty:
		p.warn(check, set("down-after-milliseconds", "5000"), "%s gives the primary up after %s of silence: one that is only slow is replaced", address, after)
	case after > slow:
		p.warn(check, set("down-after-milliseconds", "5000"), "%s waits for %s before another takes over: nothing new comes into the feeds meanwhile", address, after)
	}
	if len(*p.report) == before {
		p.ok(check, "%s watches %s: quorum %d of %d, gives it up after %s, replicas: %d", address, name, quorum, sentinels, after, replicas)
	}
}
