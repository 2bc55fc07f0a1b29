--- Remembers of each key of a file a digest, and the line on which it came first: some 25 bytes a key.
-- @module hubspot.command.import.seen_keys

local core = require "hubspot.core"

local seen_keys = {}

-- Digests have 62 bits: 52 of them find a line, and the others stand beside its number. Tables grow by doubling; with
-- several, no two of them need the room of both sizes at once.
local SHARDS, UPPER, BESIDE = 64, 2 ^ 21, 2 ^ 10

local floor = math.floor

local methods = {}
local metatable = { __name = "hubspot.command.SeenKeys", __index = methods }

-- The line on which a key came first, or nil.
local function find(self, key, line)
  local a, b = core.digest(0, 0, key)
  local place, beside = a * UPPER + b % UPPER, floor(b / UPPER)
  local shard = self.shards[b % SHARDS]
  local entry = shard[place]
  if not entry then
    shard[place] = line * BESIDE + beside
    return nil
  end
  -- Another key with these bits can't be remembered; the rest of its digest tells that it is another one.
  return entry % BESIDE == beside and floor(entry / BESIDE) or nil
end

--- The line on which a key came first; this one where it did not come before.
-- @tparam string key
-- @tparam integer line
-- @treturn integer
function methods:first_line(key, line)
  if not self.shards then return self.repeated[line] or line end
  local first = find(self, key, line)
  self.repeated[line] = first
  return first or line
end

--- Forgets the keys, and remembers the lines that have one again: the file is read another time, with the same lines.
function methods:forget() self.shards = nil end

--- Makes an empty set.
-- @treturn table
function seen_keys.new()
  local shards = {}
  for index = 0, SHARDS - 1 do
    shards[index] = {}
  end
  return setmetatable({ shards = shards, repeated = {} }, metatable)
end

return seen_keys
