-- Puts versions of stories into one feed's index, or takes stories out of it.
-- KEYS    order (story by release), log (story by STORIES sequence), state, expiry (story by the end of its time, if it has one)
-- ARGV    for each story: token, sequence, release ("" : it is not in this feed any more), recorded, expires ("": never)
-- Gives   the feed's revision: the sum of the sequences in its log. It grows with every change, and is the same for
--         the same versions in whatever order, and however often, they came.
-- The numbers here stay far below 2^53.
local order, log, state, expiry = unpack(KEYS)
local had = redis.call('HMGET', state, 'revision', 'left')
local revision, left = tonumber(had[1] or '0'), had[2] or ''
local before, leftBefore = revision, left

local tokens = {}
for i = 1, #ARGV, 5 do
  tokens[#tokens + 1] = ARGV[i]
end
local scores = redis.call('ZMSCORE', log, unpack(tokens))

local known, logged, ordered, gone, ends = {}, {}, {}, {}, {}
for i, token in ipairs(tokens) do
  local at = 5 * i - 3
  local sequence, release, recorded, expires = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local last = known[token] or tonumber(scores[i] or '0')
  if sequence > last then
    known[token] = sequence
    revision = revision + sequence - last
    logged[#logged + 1] = ARGV[at]
    logged[#logged + 1] = token
    if release == '' then
      gone[token] = true
    else
      gone[token] = nil
      ordered[#ordered + 1] = release
      ordered[#ordered + 1] = token
    end
    if release ~= '' and expires ~= '' or last > 0 then
      ends[token] = release ~= '' and expires or ''
    end
    -- What was shown until now is gone until later, or for good, as also where its time was over before this version came: the feed
    -- changed at that instant.
    local over = expires ~= '' and expires <= release
    if last > 0 and (release == '' or release > recorded or over) and recorded > left then
      left = recorded
    end
  end
end

if #logged > 0 then
  redis.call('ZADD', log, unpack(logged))
end
if #ordered > 0 then
  redis.call('ZADD', order, unpack(ordered))
end
for token in pairs(gone) do
  redis.call('ZREM', order, token)
end
for token, expires in pairs(ends) do
  if expires == '' then
    redis.call('ZREM', expiry, token)
  else
    redis.call('ZADD', expiry, expires, token)
  end
end
local text = string.format('%.0f', revision)
if revision ~= before or left ~= leftBefore then
  redis.call('HSET', state, 'revision', text, 'left', left)
end
return text
