-- Applies versions of stories, whose records are there already, with all that follows from it: at once, where one Redis has all
-- keys. It is put together of the functions apply, index, revise and touch, each the file of its name.
-- KEYS  current epoch, sequences ahead (touch.lua), definitions, revisions, changes (revise.lua), then the stories
-- ARGV  epoch, head of its feeds' keys, channel for news, then for each story: token, rank, sequence, release, recorded, killed,
--       feeds, expires (apply.lua); then for each feed that these name: name, definition
-- Gives the epoch that is written to, and why the readers could not be told of the news ("": they were). If the epoch is another
--       one, or there is none (""), nothing was done.
local current = redis.call('HGET', KEYS[1], 'epoch')
if current ~= ARGV[1] then
  return {current or '', ''}
end
local head, channel = ARGV[2], ARGV[3]

local feeds, stories, sequences = {}, {}, {0}
local at = 4
for i = 6, #KEYS do
  local token, sequence, release, recorded = ARGV[at], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4]
  local into, expires = ARGV[at + 6], ARGV[at + 7]
  local stands = apply({KEYS[i]}, {unpack(ARGV, at + 1, at + 7)})
  if stands.err then
    return stands
  end
  sequences[#sequences + 1] = sequence
  local was = into
  if #stands > 0 then
    sequence, release, recorded, expires, into, was = unpack(stands)
  end
  local inside = {}
  for feed in string.gmatch(into, '%S+') do
    inside[feed] = true
  end
  for feed in string.gmatch(was, '%S+') do
    local of = stories[feed]
    if not of then
      of = {}
      stories[feed] = of
      feeds[#feeds + 1] = feed
    end
    local n = #of
    of[n + 1], of[n + 2], of[n + 3], of[n + 4], of[n + 5] = token, sequence, inside[feed] and release or '', recorded, expires
  end
  at = at + 8
end

local untold = ''
if #feeds > 0 then
  local definitions, revised = {}, {channel}
  for i = at, #ARGV, 2 do
    definitions[ARGV[i]] = ARGV[i + 1]
  end
  for _, feed in ipairs(feeds) do
    local tag = head .. feed .. '}:'
    local n = #revised
    revised[n + 1], revised[n + 3] = feed, definitions[feed] or ''
    revised[n + 2] = index({tag .. 'order', tag .. 'log', tag .. 'state', tag .. 'expiry'}, stories[feed])
  end
  untold = revise({KEYS[3], KEYS[4], KEYS[5]}, revised)
end
return {touch({KEYS[1], KEYS[2]}, sequences), untold}
