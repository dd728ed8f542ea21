package cache

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// writing is the epoch that is written to, or ErrNotReady.
func (c *Cache) writing(ctx context.Context) (epoch, error) { return c.current(ctx, "epoch") }

// serving is the epoch that is read, or ErrNotReady. It is another than the one that is written to for the end of a refill.
// On another server than the cache was made on there is none: a replica that took over may lack a kill that was shown.
func (c *Cache) serving(ctx context.Context) (epoch, error) {
	v, err := askServing(ctx, c.client).Result()
	if err != nil {
		return "", err
	}
	return c.servingOf(ctx, v)
}

func askServing(ctx context.Context, r redis.Cmdable) *redis.SliceCmd {
	return r.HMGet(ctx, currentKey, "serving", "server")
}

// servingOf is serving by the answer to askServing.
func (c *Cache) servingOf(ctx context.Context, v []any) (epoch, error) {
	name, _ := v[0].(string)
	made, _ := v[1].(string)
	if name == "" {
		return "", ErrNotReady
	}
	server, err := c.serverLately(ctx)
	if err != nil {
		return "", err
	}
	if made != "" && server != made {
		return "", fmt.Errorf("%w: the Redis server started anew or took over", ErrNotReady)
	}
	return epoch(name), nil
}

// still checks that what was read came from the epoch that is served: an emptied Redis gives empty answers, not errors.
func (c *Cache) still(ctx context.Context, e epoch) error {
	now, err := c.serving(ctx)
	if err != nil {
		return err
	}
	if now != e {
		return fmt.Errorf("%w: it was swapped while it was read", ErrNotReady)
	}
	return nil
}

func (c *Cache) current(ctx context.Context, field string) (epoch, error) {
	name, err := c.client.HGet(ctx, currentKey, field).Result()
	if errors.Is(err, redis.Nil) {
		return "", ErrNotReady
	}
	return epoch(name), err
}
