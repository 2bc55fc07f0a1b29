--- Compares rows with the records that are there: what a run would do with them.
-- @module hubspot.command.import.comparison

local property_values = require "hubspot.command.import.property_values"
local shorten = require("hubspot.text").shorten

local comparison = {}

local SHOWN = 40

local function shown(text) return ('"%s"'):format(shorten(text or "", SHOWN)) end

--- The names of the properties that rows write.
-- @tparam table rows
-- @treturn table
function comparison.names(rows)
  local names, seen = {}, {}
  for _, row in ipairs(rows) do
    for name in pairs(row.properties) do
      if not seen[name] then names[#names + 1] = name end
      seen[name] = true
    end
  end
  table.sort(names)
  return names
end

-- The first change in the order of names, in words; nil where nothing would change.
local function change_of(row, record, definitions)
  for _, name in ipairs(comparison.names { row }) do
    local kept, given = record.properties[name], row.properties[name]
    if not property_values.is_kept(definitions[name], kept, given) then
      return ("%s: %s becomes %s"):format(name, shown(kept), shown(given))
    end
  end
end

local function refused(row, status, message, property)
  return { line = row.line, did = "refused", status = status, error = message, property = property }
end

--- The outcome that a row would have.
-- @tparam table row
-- @tparam ?table record with its key; nil where there is none
-- @tparam table plan `mode`; `key`; and `definitions` of the properties
-- @treturn table as `outcomes` describes it, with the `id` of the record and a `change` in words
function comparison.outcome(row, record, plan)
  if not record then
    if plan.mode ~= "update" then return { line = row.line, did = "created" } end
    return refused(row, 404, ("no record has the %s %s"):format(plan.key, row.key_text), plan.key)
  end
  if plan.mode == "create" then
    return refused(row, 409, ("a record has the %s %s (id %s)"):format(plan.key, row.key_text, record.id), plan.key)
  end
  local change = change_of(row, record, plan.definitions)
  return { line = row.line, did = change and "updated" or "unchanged", id = record.id, change = change }
end

return comparison
