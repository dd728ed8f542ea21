package cache

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// Commands are what a Redis user needs to be allowed to do, for ingest and for publish together: a command each with a key or
// a channel of kawat's own. They are for trying the permissions, not for running.
func Commands() [][]any {
	const e = epoch("doctor")
	story, order := e.story("x"), e.index("x")[0]
	return [][]any{
		{"CLIENT", "SETNAME", "kawat"},
		{"DEL", e.marker()},
		{"EVAL", "return 1", "1", story},
		{"EVALSHA", "0", "1", story},
		{"EXPIRE", fillingKey, "15"},
		{"GET", fillingKey},
		{"HDEL", story, "x"},
		{"HEXISTS", story, "x"},
		{"HGET", story, "rank"},
		{"HGETALL", e.definitions()},
		{"HMGET", currentKey, "epoch"},
		{"HSET", currentKey, "epoch", "x"},
		{"INFO"},
		{"PING"},
		{"PUBLISH", newsChannel, "x"},
		{"SCAN", "0"},
		{"SCRIPT", "LOAD", "return 1"},
		{"SET", fillingKey, "x"},
		{"SUBSCRIBE", newsChannel},
		{"UNLINK", story},
		{"ZADD", order, "1", "x"},
		{"ZMSCORE", order, "x"},
		{"ZRANGE", order, "0", "-1"},
		{"ZREM", order, "x"},
		{"ZREMRANGEBYSCORE", aheadKey, "0", "0"},
	}
}

// Filling says whether a replica of ingest refills the cache now.
func (c *Cache) Filling(ctx context.Context) (bool, error) {
	holder, err := c.client.Get(ctx, fillingKey).Result()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	return holder != "", err
}
