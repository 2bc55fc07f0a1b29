--- Counts how the rows of an import did, and keeps the first of each kind.
-- @module hubspot.command.import.tally

local outcomes = require "hubspot.command.import.outcomes"

local tally = {}

-- Ranges of lines that are kept, and told.
local MOST_RANGES = 20

-- Adds the line of a row, the first of a range unless the row before it was added, too.
local function add_line(ranges, row, line)
  if ranges.last_row ~= row - 1 then
    ranges.count = ranges.count + 1
    if ranges.count <= MOST_RANGES then ranges[ranges.count] = { first_line = line } end
  end
  if ranges.count <= MOST_RANGES then ranges[ranges.count].last_line = line end
  ranges.last_row = row
end

local methods = {}
local metatable = { __name = "hubspot.command.Tally", __index = methods }

--- Counts an outcome.
-- @tparam table outcome
-- @tparam ?string key of its row
function methods:add(outcome, key)
  local did = outcome.did
  self.counts[did] = self.counts[did] + 1
  self.rows = self.rows + 1
  if not self.first[did] then
    self.first[did] = { line = outcome.line, key = key, text = outcome.error or outcome.change }
  end
  add_line(self.ranges[did], self.rows, outcome.line)
end

--- The lines of rows of which the same was done, such as "201-300, 512".
-- @tparam string did a word of `outcomes`
-- @treturn string
function methods:lines(did)
  local texts, ranges = {}, self.ranges[did]
  for index, range in ipairs(ranges) do
    local is_one = range.first_line == range.last_line
    texts[index] = is_one and ("%d"):format(range.first_line) or ("%d-%d"):format(range.first_line, range.last_line)
  end
  if ranges.count > MOST_RANGES then texts[#texts + 1] = ("and %d more ranges"):format(ranges.count - MOST_RANGES) end
  return table.concat(texts, ", ")
end

--- Makes an empty one.
-- @treturn table `counts` and `first`, `{ line =, key =, text = }`, by the words of `outcomes`; `rows`, how many in all
function tally.new()
  local counts, ranges = {}, {}
  for _, did in ipairs(outcomes.ALL) do
    counts[did], ranges[did] = 0, { count = 0 }
  end
  return setmetatable({ counts = counts, first = {}, rows = 0, ranges = ranges }, metatable)
end

return tally
