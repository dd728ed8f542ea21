// Package cache is the projection of STORIES into Redis: the stories by token, and each feed's index and revision. It is
// a copy: all of it can be dropped and refilled at any time.
package cache

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// schema is the version of the layout of the keys. A kawat of another schema does not see this one's keys.
const schema = "kawat:3:"

// currentKey names the epoch that is served, and what it was made from.
const currentKey = schema + "{current}"

// aheadKey has the sequences of the records that are in the cache beyond the first that is not (lua/touch.lua).
const aheadKey = currentKey + ":ahead"

// fillingKey is held by the replica that refills the cache.
const fillingKey = schema + "filling"

// newsChannel carries the feeds that changed. It is only a hint: readers also poll the revisions.
const newsChannel = schema + "news"

// epoch is one filling of the cache. What changes together shares a hash tag, so that it is on one node of a cluster.
type epoch string

func (e epoch) story(token string) string { return schema + string(e) + ":{s:" + token + "}" }

// recordField is the field of a story that holds the record with a sequence on STORIES. Of these a story has the one of the version
// that stands, and for a moment the one that is being applied.
func recordField(sequence string) string { return "record:" + sequence }

// traceField is the field beside it that holds the trace which the record is part of, if somebody traces it.
func traceField(sequence string) string { return "trace:" + sequence }

// feeds is how the keys of the feeds' indexes begin: the feed's name comes next, and a closing brace.
func (e epoch) feeds() string { return schema + string(e) + ":{f:" }

func (e epoch) index(feed string) []string {
	tag := e.feeds() + feed + "}:"
	return []string{tag + "order", tag + "log", tag + "state", tag + "expiry"}
}

func (e epoch) revisions() string   { return schema + string(e) + ":{feeds}:revisions" }
func (e epoch) definitions() string { return schema + string(e) + ":{feeds}:definitions" }

// changes has each feed that changed since the epoch was filled, by the number of its last change.
func (e epoch) changes() string { return schema + string(e) + ":{feeds}:changes" }

// owns says whether a key is one of the epoch's.
func (e epoch) owns(key string) bool {
	return strings.HasPrefix(key, schema+string(e)+":") || key == e.marker()
}

// marker is the epoch's first key. If it is gone when the epoch is filled, the Redis was emptied meanwhile.
func (e epoch) marker() string { return currentKey + ":" + string(e) }

// farthest is the last instant, in the year 2255, that a score tells from the next. What an embargo or an expiry is later than that
// is for the record to say.
const farthest = 1<<53 - 1

// micros writes an instant as microseconds in 16 digits: exact as a score (below 2^53), and in order as text.
func micros(t time.Time) string {
	n := min(t.UnixMicro(), farthest)
	if text := strconv.FormatInt(n, 10); len(text) == 16 {
		return text
	}
	return fmt.Sprintf("%016d", n)
}

func fromMicros(s string) (time.Time, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, err
	}
	return time.UnixMicro(n).UTC(), nil
}
