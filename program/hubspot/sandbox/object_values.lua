--- The values of one record and their history.
--
-- A record keeps only what was written to it; what follows from the record itself (its id, its times, its merged ids)
-- is made when it is read.
local object_values = {}

local computed = {}

local function joined(ids)
  local texts = {}
  for index, id in ipairs(ids) do
    texts[index] = string.format("%d", id)
  end
  return table.concat(texts, ";")
end

function computed.hs_object_id(record) return string.format("%d", record.id) end

function computed.hs_additional_emails(record) return record.other_emails and table.concat(record.other_emails, ";") end

function computed.hs_merged_object_ids(record) return record.merged and joined(record.merged) end

-- Tells the merges into this record, and not those into records that were merged into it.
function computed.hs_calculated_merged_vids(record)
  if not record.audits then return nil end
  local texts = {}
  for index, audit in ipairs(record.audits) do
    texts[index] = string.format("%d:%.0f", audit.loser_id, audit.timestamp)
  end
  return table.concat(texts, ";")
end

--- The properties of a type that are made of the record itself, and the fields of those that it holds as numbers.
function object_values.traits(type)
  local made = {
    [type.created] = function(record) return string.format("%d", record.created) end,
    [type.modified] = function(record) return string.format("%d", record.modified) end,
  }
  for name, compute in pairs(computed) do
    made[name] = compute
  end
  local numbers = { hs_object_id = "id", [type.created] = "created", [type.modified] = "modified" }
  return { computed = made, numbers = numbers }
end

--- The stored text of a property, or nil where it has no value.
function object_values.value(record, name)
  local compute = record.traits.computed[name]
  if compute then return compute(record) end
  return record.values[name]
end

--- The names of all properties that have a value.
function object_values.valued_names(record)
  local names = {}
  for name in pairs(record.values) do
    names[#names + 1] = name
  end
  for name, compute in pairs(record.traits.computed) do
    if compute(record) then names[#names + 1] = name end
  end
  return names
end

--- All versions of a property, newest first: `{ value=, timestamp=, source= }`.
function object_values.versions(record, name)
  local kept = record.history and record.history[name]
  if kept then return kept end
  local value = object_values.value(record, name)
  if not value then return {} end
  local calculated = record.traits.computed[name] ~= nil
  local timestamp = record.traits.numbers[name] == "modified" and record.modified or record.created
  return { { value = value, timestamp = timestamp, source = calculated and "CALCULATED" or record.source } }
end

--- Sets a value ("" clears) at a moment (ms), and keeps the versions before it.
function object_values.set(record, name, value, now, source)
  local versions = object_values.versions(record, name)
  record.history = record.history or {}
  if record.history[name] == nil then record.history[name] = versions end
  table.insert(record.history[name], 1, { value = value, timestamp = now, source = source })
  record.values[name] = value ~= "" and value or nil
end

return object_values
