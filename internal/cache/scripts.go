package cache

import (
	"context"
	_ "embed"

	"github.com/redis/go-redis/v9"
)

//go:embed lua/apply.lua
var applyLua string

//go:embed lua/index.lua
var indexLua string

//go:embed lua/revise.lua
var reviseLua string

//go:embed lua/touch.lua
var touchLua string

//go:embed lua/together.lua
var togetherLua string

var (
	applyScript  = redis.NewScript(applyLua)
	indexScript  = redis.NewScript(indexLua)
	reviseScript = redis.NewScript(reviseLua)
	touchScript  = redis.NewScript(touchLua)

	togetherScript = redis.NewScript(function("apply", applyLua) + function("index", indexLua) + function("revise", reviseLua) +
		function("touch", touchLua) + togetherLua)
)

// function makes a script a function of another one.
func function(name, lua string) string {
	return "local function " + name + "(KEYS, ARGV)\n" + lua + "\nend\n"
}

// scripted runs a pipeline of scripts, loading them first where a server does not know them.
func (c *Cache) scripted(ctx context.Context, fill func(redis.Pipeliner)) error {
	for attempt := 0; ; attempt++ {
		_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			fill(p)
			return nil
		})
		if err == nil || attempt > 0 || !redis.HasErrorPrefix(err, "NOSCRIPT") {
			return err
		}
		if err := c.loadScripts(ctx); err != nil {
			return err
		}
	}
}

func (c *Cache) loadScripts(ctx context.Context) error {
	for _, s := range []*redis.Script{applyScript, indexScript, reviseScript, touchScript, togetherScript} {
		if err := s.Load(ctx, c.client).Err(); err != nil {
			return err
		}
	}
	return nil
}
