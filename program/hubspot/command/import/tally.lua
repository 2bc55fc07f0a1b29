--- Counts how the rows of an import did, and keeps the first of each kind.
-- @module hubspot.command.import.tally

local outcomes = require "hubspot.command.import.outcomes"

local tally = {}

-- Ranges of lines that are told.
local MOST_RANGES = 20

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
  if did ~= "unknown" then return end
  local last = self.unknown[#self.unknown]
  if last and last.row == self.rows - 1 then
    last.row, last.last_line = self.rows, outcome.line
  else
    self.unknown[#self.unknown + 1] = { row = self.rows, first_line = outcome.line, last_line = outcome.line }
  end
end

--- The lines of rows whose fate is unknown, such as "201-300, 512".
-- @treturn string
function methods:unknown_lines()
  local texts = {}
  for index, range in ipairs(self.unknown) do
    if index > MOST_RANGES then
      texts[index] = ("and %d more ranges"):format(#self.unknown - MOST_RANGES)
      break
    end
    local is_one = range.first_line == range.last_line
    texts[index] = is_one and ("%d"):format(range.first_line) or ("%d-%d"):format(range.first_line, range.last_line)
  end
  return table.concat(texts, ", ")
end

--- Makes an empty one.
-- @treturn table `counts` and `first`, `{ line =, key =, text = }`, by the words of `outcomes`; `rows`, how many in all
function tally.new()
  local counts = {}
  for _, did in ipairs(outcomes.ALL) do
    counts[did] = 0
  end
  return setmetatable({ counts = counts, first = {}, rows = 0, unknown = {} }, metatable)
end

return tally
