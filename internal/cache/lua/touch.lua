-- Notes the newest record that is in the cache, and tells which epoch is written to.
-- KEYS[1] the current epoch
-- ARGV[1] a sequence on STORIES
-- Gives   the epoch, or nothing when there is none.
local had = redis.call('HMGET', KEYS[1], 'epoch', 'last')
if not had[1] then
  return ''
end
if tonumber(ARGV[1]) > tonumber(had[2] or '0') then
  redis.call('HSET', KEYS[1], 'last', ARGV[1])
end
return had[1]
