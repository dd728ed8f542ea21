-- Makes a filled epoch the one that is written to, if the Redis was not emptied while it was filled. It is not read yet: what
-- was written to the epoch before while this one was filled has to be brought over first (serve.lua). Nor may the one before be
-- read where it was not: the server's name stays, since a replica that took over may lack a kill that was shown.
-- KEYS  the current epoch, the marker that was written before the first story of the new one, the sequences beyond a missing one
-- ARGV  epoch, stories, feeds, last
-- Gives 1, or 0 when the marker is gone.
if redis.call('DEL', KEYS[2]) == 0 then
  return 0
end
local had = redis.call('HMGET', KEYS[1], 'stories', 'through')
local through = ARGV[4]
if had[1] ~= ARGV[2] then
  redis.call('DEL', KEYS[3]) -- they count records of another STORIES
elseif tonumber(had[2] or '0') > tonumber(through) then
  through = had[2]
end
redis.call('HSET', KEYS[1], 'through', through, 'epoch', ARGV[1], 'stories', ARGV[2], 'feeds', ARGV[3], 'last', ARGV[4])
return 1
