-- Notes records that are in the cache, and tells which epoch is written to.
-- KEYS    the current epoch; the sequences that are in it beyond the first that is not
-- ARGV    a sequence on STORIES up to which every record is in it (0: nothing is said of that), then single ones
-- Gives   the epoch, or nothing when there is none.
-- "through" is the sequence up to which every record is in the cache: several write at once, and a greater sequence may
-- come in before a smaller one.
local had = redis.call('HMGET', KEYS[1], 'epoch', 'last', 'through')
if not had[1] then
  return ''
end
local last, through = tonumber(had[2] or '0'), tonumber(had[3] or '0')
local lastBefore, throughBefore = last, through
through = math.max(through, tonumber(ARGV[1]))
local ahead = {}
for i = 2, #ARGV do
  local sequence = tonumber(ARGV[i])
  last = math.max(last, sequence)
  if sequence == through + 1 then
    through = sequence
  elseif sequence > through then
    ahead[#ahead + 1] = ARGV[i]
    ahead[#ahead + 1] = ARGV[i]
  end
end
last = math.max(last, through)
if #ahead > 0 then
  redis.call('ZADD', KEYS[2], unpack(ahead))
end
if through > throughBefore then
  local more = true
  while more do
    redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', through))
    more = false
    for _, sequence in ipairs(redis.call('ZRANGE', KEYS[2], 0, 255)) do
      if tonumber(sequence) ~= through + 1 then
        break
      end
      through = through + 1
      more = true
    end
  end
end
if last > lastBefore or through > throughBefore then
  redis.call('HSET', KEYS[1], 'last', string.format('%.0f', last), 'through', string.format('%.0f', through))
end
return had[1]
