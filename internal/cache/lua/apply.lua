-- Applies one version of a story, whose record is there already: the one with the greater rank stands.
-- KEYS[1] the story
-- ARGV    rank, STORIES sequence, release, recorded (microseconds, 16 digits), killed (0 or 1), feeds ("a b c"),
--         expires (microseconds, "": never)
-- Gives   nothing for a story's first version; else sequence, release, recorded, expires, feeds and former feeds of the
--         version that stands.
-- Every value is compared as text of fixed width: Lua's numbers are doubles. The record does not come through here, since Redis
-- copies each argument of a script, and those of what a script calls: it stands in a field that is named by its sequence.
local key = KEYS[1]
local rank, sequence, release, recorded, killed, feeds, expires = unpack(ARGV)
if redis.call('HEXISTS', key, 'record:' .. sequence) == 0 then
  return redis.error_reply('NORECORD the record could not be written, or Redis was emptied since')
end
local had = redis.call('HMGET', key, 'rank', 'first', 'was', 'sequence', 'release', 'recorded', 'feeds', 'killed', 'expires')
if not had[1] then
  redis.call('HSET', key, 'rank', rank, 'sequence', sequence, 'release', release, 'recorded', recorded,
    'killed', killed, 'feeds', feeds, 'was', feeds, 'first', release, 'expires', expires)
  return {}
end

local first = release
if had[2] < first then first = had[2] end

-- Every feed that any version was ever in, whichever order the versions come in.
local was, seen = {}, {}
for feed in string.gmatch(had[3] .. ' ' .. feeds, '%S+') do
  if not seen[feed] then
    seen[feed] = true
    was[#was + 1] = feed
  end
end
table.sort(was)
was = table.concat(was, ' ')

local stands = rank > had[1]
if stands then
  redis.call('HDEL', key, 'record:' .. had[4], 'trace:' .. had[4])
else
  if sequence ~= had[4] then
    redis.call('HDEL', key, 'record:' .. sequence, 'trace:' .. sequence)
  end
  sequence, release, recorded, feeds, killed, expires = unpack(had, 4)
end
-- A killed story stays where it was, as its notice.
if killed == '1' then
  feeds = was
end

redis.call('HSET', key, 'feeds', feeds, 'was', was, 'first', first)
if stands then
  redis.call('HSET', key, 'rank', rank, 'sequence', sequence, 'release', release, 'recorded', recorded, 'killed', killed,
    'expires', expires)
end
return {sequence, release, recorded, expires, feeds, was}
