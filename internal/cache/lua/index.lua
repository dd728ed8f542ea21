-- Puts versions of stories into one feed's index, or takes stories out of it.
-- KEYS    order (story by release), log (story by STORIES sequence), state
-- ARGV    for each story: token, sequence, release ("" : it is not in this feed any more), recorded
-- Gives   the feed's revision: the sum of the sequences in its log. It grows with every change, and is the same for
--         the same versions in whatever order, and however often, they came.
-- The numbers here stay far below 2^53.
local order, log, state = KEYS[1], KEYS[2], KEYS[3]
local had = redis.call('HMGET', state, 'revision', 'left')
local revision, left = tonumber(had[1] or '0'), had[2] or ''
local before, leftBefore = revision, left
for i = 1, #ARGV, 4 do
  local token, sequence, release, recorded = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2], ARGV[i + 3]
  local known = tonumber(redis.call('ZSCORE', log, token) or '0')
  if sequence > known then
    redis.call('ZADD', log, ARGV[i + 1], token)
    revision = revision + sequence - known
    if release == '' then
      redis.call('ZREM', order, token)
    else
      redis.call('ZADD', order, release, token)
    end
    -- What was shown until now is gone until later, or for good: the feed changed at that instant.
    if known > 0 and (release == '' or release > recorded) and recorded > left then
      left = recorded
    end
  end
end
local text = string.format('%.0f', revision)
if revision ~= before or left ~= leftBefore then
  redis.call('HSET', state, 'revision', text, 'left', left)
end
return text
