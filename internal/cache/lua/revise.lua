-- Lists revisions of feeds, notes that they changed, for those who ask what changed since they asked last, and tells the readers.
-- KEYS  definitions (hash), revisions (feed by revision), changes (feed by number of its last change)
-- ARGV  the channel for news ("": nobody is told), then for each feed: name, revision, definition as JSON ("": it has not changed)
-- Gives why the readers could not be told, "" if they were. That must not fail the rest: they also ask by themselves.
-- Every call has a greater number than the ones before it, so that none is missed by who has seen a number.
local definitions, revisions, changes = KEYS[1], KEYS[2], KEYS[3]
local last = redis.call('ZRANGE', changes, 0, 0, 'REV', 'WITHSCORES')
local number = tonumber(last[2] or '0') + 1
local names = {}
for i = 2, #ARGV, 3 do
  local feed = ARGV[i]
  if ARGV[i + 2] ~= '' then
    redis.call('HSET', definitions, feed, ARGV[i + 2])
  end
  redis.call('ZADD', revisions, 'GT', ARGV[i + 1], feed)
  redis.call('ZADD', changes, number, feed)
  names[#names + 1] = feed
end
local told = ARGV[1] ~= '' and redis.pcall('PUBLISH', ARGV[1], table.concat(names, ' '))
return type(told) == 'table' and told.err or ''
