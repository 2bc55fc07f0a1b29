--- The words about an import: what it did, or would do.
-- @module hubspot.command.import.report

local outcomes = require "hubspot.command.import.outcomes"
local shorten = require("hubspot.text").shorten

local report = {}

local SHOWN = 100

-- Words of a dry run; those of a run are the ones of `outcomes`.
local PLANNED = { created = "create", updated = "update", unchanged = "unchanged", refused = "refuse" }

local function first_of(first)
  if not first then return "" end
  local key = first.key and " " .. first.key or ""
  local text = first.text and ": " .. shorten(first.text:gsub("%c", " "), SHOWN) or ""
  return ("  first: line %d%s%s"):format(first.line, key, text)
end

--- The counts, a line each, with the first row of each.
-- @tparam table tally
-- @tparam boolean is_planned whether nothing was written
-- @treturn string
function report.counts(tally, is_planned)
  local lines = {}
  for _, did in ipairs(outcomes.ALL) do
    local count = tally.counts[did]
    local word = is_planned and PLANNED[did] or did
    if count > 0 or (did ~= "unknown" and did ~= "unchanged") then
      lines[#lines + 1] = ("%-10s%9d%s\n"):format(word, count, first_of(tally.first[did]))
    end
  end
  return table.concat(lines)
end

--- Fields for the summary.
-- @tparam table tally
-- @treturn table
function report.summary(tally)
  local fields = { rows = tally.rows }
  for did, count in pairs(tally.counts) do
    fields[did] = count
  end
  return fields
end

return report
