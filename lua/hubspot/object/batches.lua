-- Writes of many records: each ends among the results or the errors, once.

local associations = require "hubspot.object.associations"
local attribute = require "hubspot.batch.attribution"
local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local fold = require("hubspot.text").fold
local inputs = require "hubspot.object.inputs"
local invalid = require("hubspot.operation.call").invalid
local keys = require "hubspot.object.keys"
local merge = require "hubspot.merge"
local shape = require "hubspot.shape.object"
local write_rows = require "hubspot.batch.write"

local batches = {}

-- Records of a request.
local LIMIT = 100

-- Rows --------------------------------------------------------------------------------------------------------------

local function rows_of(records)
  local rows = {}
  for index, record in ipairs(records) do
    rows[index] = { index = index, input = record }
  end
  return rows
end

local function id_of_row(row) return { row.input.id } end

local function id_of_result(result) return { result.id } end

local NO_NAMES = {}

local BY_TRACE = { of_row = function() return NO_NAMES end, of_result = function() return NO_NAMES end }
local BY_ID = { of_row = id_of_row, of_result = id_of_result }

-- Names results by the value of a key, where they don't tell their row.
local function naming_by(kind, key)
  local values_of = keys.reader(kind, key)
  return {
    fold = keys.spelling(kind, key),
    of_row = function(row) return { row.input[key] } end,
    of_result = function(result)
      local names = values_of(result)
      names[#names + 1] = result.id
      return names
    end,
  }
end

-- Spells records as they are sent: HubSpot names those that it refuses by their trace, and without one for each record
-- it refuses all for one.
local function sent_rows(spell_out)
  return function(rows)
    local list = {}
    for place, row in ipairs(rows) do
      list[place] = spell_out(row.input, tostring(row.index))
    end
    return core.array(list)
  end
end

local function route(api, path, spell_out, fields)
  return merge {
    {
      method = "POST",
      path = api.base .. "/batch/" .. path,
      body = { { "inputs", from = "rows", encode = sent_rows(spell_out) } },
      idempotent = true,
      answer = function(answer, values, uncertain)
        return attribute(shape.written(answer), values.rows, values.naming, uncertain)
      end,
      limit = LIMIT,
      documentation = api.documentation,
    },
    fields,
  }
end

-- Makes the sender of rows; an answer with nothing in it says nothing of any of them.
local function sender(call, made, naming, key)
  return function(rows)
    local told, err = call:send(made, { rows = rows, naming = naming, key = key })
    if not told then return nil, err end
    return told.is_empty and attribute({}, rows, naming) or told.value
  end
end

local function write(call, groups, key_of) return write_rows(groups, key_of, call.client.loop_for_background) end

local function id_key(input) return input.id end

-- Declarations -------------------------------------------------------------------------------------------------------

local function look_up(call, kind, records)
  local wanted = {}
  for _, record in ipairs(records) do
    wanted[#wanted + 1] = record.associations
  end
  return associations.look_up(call, kind, wanted, invalid)
end

local function create_many(api)
  local made = route(
    api,
    "create",
    function(input, trace)
      return {
        properties = input.properties,
        associations = associations.spelled(api.kind, input.associations),
        objectWriteTraceId = trace,
      }
    end,
    { idempotent = false }
  )
  return {
    summary = ("Creates any number of %s. A record that HubSpot refuses fails alone; none is sent twice where it may have "):format(
      api.kind.records
    ) .. "been created: its error has `ambiguous`.",
    arguments = { inputs.to_create },
    returns = { outcome = "record" },
    current = {
      run = function(call)
        local records = call.values.records
        local known, err = look_up(call, api.kind, records)
        if not known then return nil, err end
        -- No two records that are created are one: they have no key.
        return write(call, { { rows = rows_of(records), send = sender(call, made, BY_TRACE), limit = made.limit } })
      end,
      requests = { made },
      documentation = api.documentation,
    },
  }
end

local function update_route(api)
  return route(
    api,
    "update",
    function(input, trace) return { id = input.id, properties = input.properties, objectWriteTraceId = trace } end
  )
end

local function update_many(api)
  local made = update_route(api)
  return {
    summary = ("Updates any number of %s by their ids. A record that HubSpot refuses fails alone."):format(
      api.kind.records
    ),
    arguments = { inputs.to_update },
    returns = { outcome = "record" },
    current = {
      run = function(call)
        return write(
          call,
          { { rows = rows_of(call.values.records), send = sender(call, made, BY_ID), limit = made.limit } },
          id_key
        )
      end,
      requests = { made },
      documentation = api.documentation,
    },
  }
end

local function upsert_route(api)
  return route(api, "upsert", nil, {
    body = {
      {
        "inputs",
        from = "rows",
        encode = function(rows, values)
          local key = values.key
          return sent_rows(
            function(input, trace)
              return { id = input[key], idProperty = key, properties = input.properties, objectWriteTraceId = trace }
            end
          )(rows)
        end,
      },
    },
  })
end

-- HubSpot upserts by a key and updates by id, in requests of their own. It refuses a request with two keys that differ
-- in case alone, whatever they mean.
local function upsert_all(call, api, made, key)
  local by_key, by_id = {}, {}
  for index, record in ipairs(call.values.records) do
    local rows = record.id and by_id or by_key
    rows[#rows + 1] = { index = index, input = record }
  end
  return write(call, {
    { rows = by_key, send = sender(call, made.upsert, naming_by(api.kind, key), key), limit = made.upsert.limit },
    { rows = by_id, send = sender(call, made.update, BY_ID), limit = made.update.limit },
  }, function(input) return input.id or fold(input[key]) end)
end

--- The upsert of many by a unique property.
-- @tparam table api as `hubspot.object` makes it
-- @tparam table argument the records
-- @tparam function validate tells what is wrong with the keys of records
-- @tparam ?string own the key of HubSpot's own that is meant where the option `by` is missing
-- @treturn table
function batches.upsert_many(api, argument, validate, own)
  local made = { upsert = upsert_route(api), update = update_route(api) }
  return {
    summary = ("Creates or updates any number of %s. A record that HubSpot refuses fails alone."):format(
      api.kind.records
    ),
    arguments = { argument },
    options = {
      by = {
        type = keys.property(api.kind),
        description = "the unique property by which records without an id are known"
          .. (own and ("; %s when left out"):format(own) or ""),
      },
    },
    validate = validate,
    returns = { outcome = "record" },
    current = {
      run = function(call) return upsert_all(call, api, made, call.options.by or own) end,
      options = { "by" },
      requests = { made.upsert, made.update },
      documentation = api.documentation,
    },
  }
end

local function upserted(answer)
  local record = answer.results and answer.results[1]
  if record then return shape.record(record) end
  local failure = answer.errors and answer.errors[1]
  if not failure then return nil, "HubSpot answered an upsert without a result" end
  return nil, errors.from_failures { failure }
end

--- The upsert of one by a key that the caller names, or by one that is fixed.
-- @tparam table api
-- @tparam table key `fixed`, the property; `of_one`, its argument; and `words`
-- @treturn table
function batches.upsert_by(api, key)
  local arguments = { key.of_one, api.arguments.properties }
  if not key.fixed then table.insert(arguments, 1, api.arguments.property) end
  return {
    summary = ("Creates one %s, or updates the one with %s. `new` says which."):format(api.kind.record, key.words),
    arguments = arguments,
    returns = { record = api.kind.record, with = { "new" } },
    current = {
      method = "POST",
      path = api.base .. "/batch/upsert",
      body = {
        {
          "inputs",
          from = key.of_one.name,
          uses = { key.of_one.name, "properties", not key.fixed and "property" or nil },
          encode = function(value, values)
            local name = key.fixed or values.property
            return core.array { { id = value, idProperty = name, properties = values.properties } }
          end,
        },
      },
      idempotent = true,
      answer = upserted,
      documentation = api.documentation,
    },
  }
end

-- HubSpot answers with nothing where it archived all, also those that there were none of.
local function delete_many(api)
  local made = {
    method = "POST",
    path = api.base .. "/batch/archive",
    body = {
      {
        "inputs",
        from = "rows",
        encode = function(rows)
          local list = {}
          for place, row in ipairs(rows) do
            list[place] = { id = row.input.id }
          end
          return core.array(list)
        end,
      },
    },
    idempotent = true,
    limit = LIMIT,
    documentation = api.documentation,
  }
  local function send(call)
    return function(rows)
      local archived, err = call:send(made, { rows = rows })
      if not archived then return nil, err end
      local results = {}
      for place, row in ipairs(rows) do
        results[place] = { id = row.input.id, index = row.index }
      end
      return { results = results, failures = {}, left_out = {} }
    end
  end
  return {
    summary = ("Deletes any number of %s by their ids. An id that HubSpot refuses fails alone; one that it does not know "):format(
      api.kind.records
    ) .. "counts as deleted.",
    irreversible = "HubSpot's API can't bring them back; in HubSpot itself they can be restored for 90 days.",
    arguments = { { name = "ids", type = check.ids, description = ("ids of %s"):format(api.kind.records) } },
    returns = { outcome = "deletion" },
    current = {
      run = function(call)
        local records = {}
        for index, id in ipairs(call.values.ids) do
          records[index] = { id = id }
        end
        return write(call, { { rows = rows_of(records), send = send(call), limit = made.limit } }, id_key)
      end,
      requests = { made },
      documentation = api.documentation,
    },
  }
end

--- The declarations by the names of their methods.
-- @tparam table api
-- @treturn table
function batches.declare(api)
  return {
    create_many = create_many(api),
    update_many = update_many(api),
    upsert_by = batches.upsert_by(api, {
      of_one = { name = "value", type = keys.value, description = "its value" },
      words = "this value of a unique property",
    }),
    upsert_many = batches.upsert_many(api, inputs.to_upsert, inputs.check_keys),
    delete_many = delete_many(api),
  }
end

return batches
