--- Remembers of each key of a file a digest, and the line on which it came first: some 25 bytes a key.
-- @module hubspot.command.seen_keys

local core = require "hubspot.core"

local seen_keys = {}

-- Digests have 62 bits: 52 of them find a line, and the others stand beside its number. Tables grow by doubling; with
-- several, no two of them need the room of both sizes at once.
local SHARDS, UPPER, BESIDE = 64, 2 ^ 21, 2 ^ 10

local floor = math.floor

local methods = {}
local metatable = { __name = "hubspot.command.SeenKeys", __index = methods }

--- The line on which a key came first; this one where it did not come before.
-- @tparam string key
-- @tparam integer line
-- @treturn integer
function methods:first_line(key, line)
  local a, b = core.digest(0, 0, key)
  local place, beside = a * UPPER + b % UPPER, floor(b / UPPER)
  local shard = self[b % SHARDS]
  local entry = shard[place]
  if not entry then
    shard[place] = line * BESIDE + beside
    return line
  end
  -- Another key with these bits can't be remembered; the rest of its digest tells that it is another one.
  if entry % BESIDE ~= beside then return line end
  local first = floor(entry / BESIDE)
  if first ~= line then self.repeated[line] = first end
  return first
end

local reader_methods = {}
local reader_metatable = { __name = "hubspot.command.RepeatedKeys", __index = reader_methods }

--- The line on which a key came first, as the set told it.
-- @tparam string _ the key
-- @tparam integer line
-- @treturn integer
function reader_methods:first_line(_, line) return self.repeated[line] or line end

--- The lines whose keys came before: all that is needed where the same lines are read again.
-- @treturn table with `first_line`
function methods:only_repeated() return setmetatable({ repeated = self.repeated }, reader_metatable) end

--- Makes an empty set.
-- @treturn table
function seen_keys.new()
  local self = { repeated = {} }
  for index = 0, SHARDS - 1 do
    self[index] = {}
  end
  return setmetatable(self, metatable)
end

return seen_keys
