package cache

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
)

// stories are those that were read, by token; of a story that there is not, the entry is nil.
type stories map[string]struct {
	entry *feed.Entry
	err   error
}

// read reads the stories that are not found yet, those that are held only where they changed.
func (r *reading) read(ctx context.Context, tokens []string) error {
	var unasked, changed []string
	seen := map[string]bool{}
	look := func(token string) {
		entry, head := r.held.Of(token), r.heads[token]
		switch {
		case entry != nil && head == nil:
			unasked = append(unasked, token)
		case entry == nil || !slices.Equal(head, headOf(entry)):
			changed = append(changed, token)
		default:
			story := r.found[token]
			story.entry = entry
			r.found[token] = story
		}
	}
	for _, token := range tokens {
		if _, ok := r.found[token]; !ok && !seen[token] {
			seen[token] = true
			look(token)
		}
	}
	for part := range slices.Chunk(unasked, headsMost) {
		heads := make([]*redis.SliceCmd, len(part))
		_, err := r.cache.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, token := range part {
				heads[i] = askHead(ctx, p, r.epoch, token)
			}
			r.ask(ctx, p)
			return nil
		})
		if err != nil {
			return err
		}
		for i, token := range part {
			r.heads[token] = heads[i].Val()
			look(token)
		}
	}
	for part := range slices.Chunk(changed, storiesMost) {
		whole := make([]*redis.MapStringStringCmd, len(part))
		_, err := r.cache.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, token := range part {
				whole[i] = readStory(ctx, p, r.epoch, token)
			}
			r.ask(ctx, p)
			return nil
		})
		if err != nil {
			return err
		}
		for i, token := range part {
			story := r.found[token]
			story.entry, story.err = parseEntry(whole[i].Val())
			r.found[token] = story
		}
	}
	return nil
}

// askHead asks for what tells whether an entry is still what the cache holds.
func askHead(ctx context.Context, p redis.Pipeliner, e epoch, token string) *redis.SliceCmd {
	return p.HMGet(ctx, e.story(token), "sequence", "first", "feeds")
}

// headOf is what askHead is answered if an entry is still what the cache holds.
func headOf(e *feed.Entry) []any {
	return []any{strconv.FormatUint(e.Sequence, 10), micros(e.First), strings.Join(e.Feeds, " ")}
}
