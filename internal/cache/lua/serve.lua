-- Lets the epoch that is written to be read.
-- KEYS[1] the current epoch
-- ARGV    the epoch, and the run of the server that it was filled on
-- Gives   1, or 0 when it is not the one that is written to any more.
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'serving', ARGV[1], 'server', ARGV[2])
return 1
