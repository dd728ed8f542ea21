package cache

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Commands are what a Redis user needs to be allowed to do, for ingest (write), for publish (read), or for both: a command each
// with a key or a channel of kawat's own. They are for trying the permissions, not for running.
func Commands(write, read bool) [][]any {
	const e = epoch("doctor")
	story, order := e.story("x"), e.index("x")[0]
	commands := [][]any{
		{"CLIENT", "SETNAME", "kawat"},
		{"HGET", story, "rank"},
		{"HMGET", currentKey, "epoch"},
		{"INFO"},
		{"PING"},
		{"ZMSCORE", order, "x"},
		{"ZRANGE", order, "0", "-1"},
	}
	if write {
		commands = append(commands, [][]any{
			{"DEL", e.marker()},
			{"EVAL", "return 1", "1", story},
			{"EVALSHA", "0", "1", story},
			{"EXPIRE", fillingKey, "15"},
			{"GET", fillingKey},
			{"HDEL", story, "x"},
			{"HEXISTS", story, "x"},
			{"HSET", currentKey, "epoch", "x"},
			{"PUBLISH", newsChannel, "x"},
			{"SCAN", "0"},
			{"SCRIPT", "LOAD", "return 1"},
			{"SET", fillingKey, "x"},
			{"UNLINK", story},
			{"ZADD", order, "1", "x"},
			{"ZREM", order, "x"},
			{"ZREMRANGEBYSCORE", aheadKey, "0", "0"},
		}...)
	}
	if read {
		commands = append(commands, []any{"HGETALL", e.definitions()}, []any{"SUBSCRIBE", newsChannel})
	}
	slices.SortFunc(commands, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
	return commands
}

// Filling says whether a replica of ingest refills the cache now.
func (c *Cache) Filling(ctx context.Context) (bool, error) {
	holder, err := c.client.Get(ctx, fillingKey).Result()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	return holder != "", err
}
