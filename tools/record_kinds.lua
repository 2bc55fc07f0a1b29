-- The records of tools/records.lua by their kinds, as declarations name these in `returns`.

local records = require "tools.records"

local record_kinds = { records = {}, outcomes = {} }

local by_class = {}

for _, record in ipairs(records) do
  by_class[record.class] = record
  if record.outcome_of then
    record_kinds.outcomes[record.outcome_of] = record
  else
    record_kinds.records[record.name] = record
  end
end

-- The names of a record's fields, with its parent's, as keys.
local function fields_of(record)
  local fields = record.parent and fields_of(by_class[record.parent]) or {}
  for _, field in ipairs(record.fields) do
    fields[field[1]:gsub("%?$", "")] = true
  end
  return fields
end

local function all_fields(kinds)
  local all = {}
  for kind, record in pairs(kinds) do
    all[kind] = fields_of(record)
  end
  return all
end

--- The fields of each kind, as `hubspot.operation.declaration` checks them.
record_kinds.fields = { records = all_fields(record_kinds.records), outcomes = all_fields(record_kinds.outcomes) }

return record_kinds
