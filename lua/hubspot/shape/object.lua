--- Spells the requests for records of any type, and reads the records, as HubSpot's date-versioned API does.
-- @module hubspot.shape.object

local associations = require "hubspot.object.associations"
local core = require "hubspot.core"
local must = require "hubspot.shape.must"
local order = require "hubspot.shape.order"
local union = require "hubspot.shape.union"

local shape = {}

local function joined(names) return names and table.concat(names, ",") end

local function history_names(with_history, values)
  if with_history ~= true then return with_history or nil end
  if values.properties then return values.properties end
  return nil, "with_history = true needs the option properties here; or give with_history the names"
end

local function joined_history(with_history, values)
  local names, message = history_names(with_history, values)
  if message then return nil, message end
  return joined(names)
end

--- A field that is never sent: where the records are read by a later request, it lets a call with wrong options fail
-- before its first one.
shape.history_check = {
  "propertiesWithHistory",
  from = "with_history",
  encode = function(with_history, values)
    local _, message = history_names(with_history, values)
    return nil, message
  end,
}

--- Query of what reads records.
shape.query = {
  { "properties", from = "properties", encode = joined },
  { "propertiesWithHistory", from = "with_history", encode = joined_history },
  { "associations", from = "associations", encode = joined },
  { "archived", from = "archived" },
}

--- Query of what reads one record by a property.
-- @tparam table key_field names the property
-- @treturn table
function shape.query_by(key_field) return { key_field, shape.query[1], shape.query[2], shape.query[3], shape.query[4] } end

local function inputs(keys)
  local list = {}
  for index, key in ipairs(keys) do
    list[index] = { id = key }
  end
  return core.array(list)
end

local function array_or_empty(names) return core.array(names or {}) end

local function history_array(with_history, values)
  local names, message = history_names(with_history, values)
  if message then return nil, message end
  return core.array(names or {})
end

--- Body of a batch read by id.
shape.batch_read_body = {
  { "inputs", from = "ids", encode = inputs },
  { "properties", from = "properties", encode = array_or_empty },
  { "propertiesWithHistory", from = "with_history", encode = history_array },
}

local function names_with(added)
  return function(names) return core.array(names and union { names, added } or {}) end
end

--- Body of a batch read by a property, whose values are read too: they tell which answer is whose.
-- @tparam string over the argument that has the values
-- @tparam table key_field names the property
-- @tparam function names_of function(values) that gives the properties whose values are keys
-- @treturn table
function shape.batch_read_by_body(over, key_field, names_of)
  return {
    { "inputs", from = over, encode = inputs },
    key_field,
    {
      "properties",
      from = "properties",
      encode = function(names, values)
        local added = names_of(values)
        return names_with(added)(names or added)
      end,
    },
    { "propertiesWithHistory", from = "with_history", encode = history_array },
  }
end

--- Body of a search that is read newest first by a property, which has to be among those read.
-- @tparam string property
function shape.newest_first_body(property)
  return {
    { "properties", from = "properties", encode = names_with { property } },
  }
end

--- A record. Its properties are texts, so only what stands beside them may have ids that are numbers.
function shape.record(record)
  -- Fast path: nearly every record is as it has to be.
  if type(record.id) ~= "string" then record.id = must.id(record.id, "a record's id") end
  if type(record.properties) ~= "table" then
    record.properties = must.table(record.properties, "a record's properties")
  end
  if record.associations then
    record.associations = associations.read(must.table(record.associations, "a record's associations"))
  end
  return record
end

--- The records of a page or batch.
function shape.records(answer)
  local records = answer.results or {}
  local to_record = shape.record
  for index = 1, #records do
    to_record(records[index])
  end
  return records
end

--- The whole answer to a write of records, with the failures of those that were refused.
function shape.written(answer)
  shape.records(answer)
  return answer
end

-- A batch read names what it did not find among its errors. Anything else there is a failure.
local function failure_in(answer)
  for _, failure in ipairs(answer.errors or {}) do
    if failure.category ~= "OBJECT_NOT_FOUND" then
      return ("HubSpot left records out of a batch read: %s"):format(tostring(failure.message))
    end
  end
end

--- The results of a batch read by id, where these are no records.
function shape.found_by_id(answer, values)
  local message = failure_in(answer)
  if message then return nil, message end
  return order.by_ids(values.ids, answer.results)
end

--- The records of a batch read by id.
function shape.records_by_id(answer, values)
  local message = failure_in(answer)
  if message then return nil, message end
  return order.by_ids(values.ids, shape.records(answer))
end

--- The records of a batch read by a property.
-- @tparam string over the argument that has its values
-- @tparam function reader_of function(values) that returns a function(record), which gives the record's keys, and how a
--   key is spelled, as `hubspot.shape.order` takes them
-- @treturn function(answer, values)
function shape.records_by_key(over, reader_of)
  return function(answer, values)
    local message = failure_in(answer)
    if message then return nil, message end
    return order.by_keys(values[over], shape.records(answer), reader_of(values))
  end
end

--- The number of records that a search found.
function shape.total(answer) return must.number(answer.total, "total") end

return shape
