-- Reads and writes of many associations.

local append = require "hubspot.append"
local arguments = require "hubspot.resource.association_arguments"
local association_specs = require "hubspot.resource.association_specs"
local attribute = require "hubspot.batch.attribution"
local batch = require "hubspot.batch"
local check = require "hubspot.check"
local circle = require "hubspot.paging.circle"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local must = require "hubspot.shape.must"
local write_rows = require "hubspot.batch.write"

local BASE = "/crm/associations/{api_version}/{from_type}/{to_type}/batch/"

-- Reading ------------------------------------------------------------------------------------------------------------

local function read_batch(answer)
  for _, failure in ipairs(answer.errors or {}) do
    -- HubSpot says so of a record that has none.
    if failure.category ~= "OBJECT_NOT_FOUND" then return nil, errors.from_failures { failure } end
  end
  local found = {}
  for index, result in ipairs(must.table(answer.results, "the results")) do
    local following = type(result.paging) == "table" and result.paging.next
    local to = {}
    for place, given in ipairs(must.table(result.to, "a record's associations")) do
      to[place] = arguments.read_association(given)
    end
    found[index] = {
      id = must.id(type(result.from) == "table" and result.from.id, "a record's id"),
      to = to,
      after = type(following) == "table" and following.after or nil,
    }
  end
  return found
end

local read_route = {
  method = "POST",
  path = BASE .. "read",
  body = { { "inputs", from = "inputs", encode = core.array } },
  read = true,
  idempotent = true,
  answer = read_batch,
  limit = 1000,
}

local function endless_error(id)
  return errors.new {
    kind = "decode",
    message = ("HubSpot gave a cursor of the associations of %s that it had given before, the pages would go round"):format(
      id
    ),
  }
end

-- Adds what was found; gives the inputs of those that have more.
local function take(found, by_id, cursors_of)
  local more = {}
  for _, one in ipairs(found) do
    local record = by_id[one.id]
    if record then
      for _, associated in ipairs(one.to) do
        record.to[#record.to + 1] = associated
      end
      if one.after then
        local cursors = cursors_of[one.id] or circle.new()
        if cursors:leads_back(one.after) then return nil, endless_error(one.id) end
        cursors:note(one.after)
        cursors_of[one.id] = cursors
        more[#more + 1] = { id = one.id, after = one.after }
      end
    end
  end
  return more
end

local function read_round(call, inputs, by_id, cursors_of)
  local chunks = batch.chunks(inputs, read_route.limit)
  local values = call.values
  local answers, err = batch.each(
    chunks,
    function(chunk)
      return call:read(read_route, { inputs = chunk, from_type = values.from_type, to_type = values.to_type })
    end,
    call.client.loop_for_background
  )
  if err then return nil, err end
  local more = {}
  for _, found in ipairs(answers) do
    local left, left_err = take(found, by_id, cursors_of)
    if not left then return nil, left_err end
    for _, input in ipairs(left) do
      more[#more + 1] = input
    end
  end
  return more
end

local function get_many(call)
  local records, by_id, inputs, cursors_of = {}, {}, {}, {}
  for _, id in ipairs(call.values.ids) do
    if not by_id[id] then
      by_id[id] = { id = id, to = {} }
      records[#records + 1], inputs[#inputs + 1] = by_id[id], { id = id }
    end
  end
  while #inputs > 0 do
    local more, err = read_round(call, inputs, by_id, cursors_of)
    if not more then return nil, err end
    inputs = more
  end
  return records
end

-- Writing ------------------------------------------------------------------------------------------------------------

local function key_of(pair) return pair.from .. "/" .. pair.to end

local NAMING = {
  of_row = function(row) return { key_of(row.input) } end,
  of_result = function(result) return { key_of(result) } end,
}

-- Names the rows of a failure by their traces, as other batches do; HubSpot names a pair by its ends. Adds them to the
-- rows that are decided on.
local function name_rows(failure, rows_by_key, decided)
  local context = type(failure.context) == "table" and failure.context or {}
  local from, to = context.fromObjectId, context.toObjectId
  if type(from) ~= "table" or type(to) ~= "table" then return end
  local named = {}
  for index, from_id in ipairs(from) do
    local row = rows_by_key[("%s/%s"):format(tostring(from_id), tostring(to[index]))]
    if row then
      decided[row], named[#named + 1] = true, tostring(row.index)
    end
  end
  if #named > 0 then context.objectWriteTraceId = named end
end

-- Finds among pairs the first one with the same record at an end; takes it out.
local function take_by_end(strays, row, name)
  for place, pair in ipairs(strays) do
    if pair[name] == row.input[name] then return table.remove(strays, place) end
  end
end

-- The pairs that stand for rows of which an end was merged into another record: HubSpot answers with that one.
local function take_merged(strays, left)
  local found = {}
  for _, row in ipairs(left) do
    local pair = take_by_end(strays, row, "from") or take_by_end(strays, row, "to")
    if pair then
      found[#found + 1], pair.objectWriteTraceId = pair, row.index
    end
  end
  return found
end

-- HubSpot answers an association with a result for each of its directions.
local function answer_of_rows(answer, rows)
  local traces, results = {}, {}
  for _, row in ipairs(rows) do
    traces[key_of(row.input)] = row
  end
  local decided, strays, left = {}, {}, {}
  for _, result in ipairs(must.table(answer.results, "the results")) do
    local pair = { from = tostring(arguments.end_of(result, "from")), to = tostring(arguments.end_of(result, "to")) }
    local row = traces[key_of(pair)]
    if row and not decided[row] then
      decided[row], results[#results + 1] = true, pair
    elseif not traces[key_of { from = pair.to, to = pair.from }] then
      strays[#strays + 1] = pair
    end
  end
  for _, failure in ipairs(answer.errors or {}) do
    name_rows(failure, traces, decided)
  end
  for _, row in ipairs(rows) do
    if not decided[row] then left[#left + 1] = row end
  end
  append(results, take_merged(strays, left))
  return { results = results, errors = answer.errors }
end

local function written(answer, values, uncertain)
  return attribute(answer_of_rows(answer, values.rows), values.rows, NAMING, uncertain)
end

-- A deletion that names no pair at fault did them all.
local function deleted(answer, values, uncertain)
  local told = attribute(answer_of_rows({ errors = answer.errors }, values.rows), values.rows, NAMING, uncertain)
  if told.unnamed then return told end
  for _, row in ipairs(told.left_out) do
    told.results[#told.results + 1] = { from = row.input.from, to = row.input.to, index = row.index }
  end
  told.left_out = {}
  return told
end

local function input_of(row) return { from = { id = row.input.from }, to = { id = row.input.to } } end

local function typed_input_of(row)
  local input = input_of(row)
  input.types = core.array(row.specs)
  return input
end

local function whole_input_of(row) return { from = { id = row.input.from }, to = core.array { { id = row.input.to } } } end

local function route(path, limit, spell, answer)
  return {
    method = "POST",
    path = BASE .. path,
    body = {
      {
        "inputs",
        from = "rows",
        encode = function(rows)
          local inputs = {}
          for place, row in ipairs(rows) do
            inputs[place] = spell(row)
          end
          return core.array(inputs)
        end,
      },
    },
    idempotent = true,
    answer = answer,
    limit = limit,
  }
end

-- Pairs of a request.
local CREATED, DELETED = 2000, 100

local default_route = route("associate/default", CREATED, input_of, written)
local typed_route = route("create", CREATED, typed_input_of, written)
local delete_route = route("archive", DELETED, whole_input_of, deleted)
local delete_labels_route = route("labels/archive", DELETED, typed_input_of, deleted)

local function group_of(call, made, rows_to_send)
  local function send(rows)
    local values = call.values
    local told, err = call:send(made, { rows = rows, from_type = values.from_type, to_type = values.to_type })
    if not told then return nil, err end
    return told.is_empty and made.answer({}, { rows = rows }) or told.value
  end
  return { rows = rows_to_send, send = send, limit = made.limit }
end

local function rows_of(pairs_given, specs)
  local plain, typed = {}, {}
  for index, pair in ipairs(pairs_given) do
    local row = { index = index, input = pair, specs = specs[index] }
    table.insert(row.specs and typed or plain, row)
  end
  return plain, typed
end

local function write(call, groups) return write_rows(groups, key_of, call.client.loop_for_background) end

local function create_many(call)
  local specs, err = association_specs.resolve(call, call.values.pairs)
  if not specs then return nil, err end
  local plain, typed = rows_of(call.values.pairs, specs)
  return write(call, { group_of(call, default_route, plain), group_of(call, typed_route, typed) })
end

local function delete_many(call)
  local rows = rows_of(call.values.pairs, {})
  return write(call, { group_of(call, delete_route, rows) })
end

local function delete_labels(call)
  local specs, err = association_specs.resolve(call, call.values.pairs)
  if not specs then return nil, err end
  local _, rows = rows_of(call.values.pairs, specs)
  return write(call, { group_of(call, delete_labels_route, rows) })
end

-- Declarations -------------------------------------------------------------------------------------------------------

local ENDS = {
  from = { type = check.id, required = true, description = "id of the record that it leads from" },
  to = { type = check.id, required = true, description = "id of the record that it leads to" },
}

local plain_pair = check.fields("a pair { from = …, to = … }", ENDS, "hubspot.AssociationPair")

local labelled_pair = check.fields("a pair { from = …, to = …, labels = … }", {
  from = ENDS.from,
  to = ENDS.to,
  labels = { type = arguments.labels, description = "labels of the association" },
  types = { type = arguments.types, description = "its types, in place of labels or besides" },
}, "hubspot.LabelledAssociationPair")

local with_labels = check.refined(labelled_pair, function(pair, place)
  if not pair.labels and not pair.types then return nil, ("%s needs labels or types"):format(place) end
  return pair
end)

local function pairs_of(type_of_pair, description)
  return { name = "pairs", type = check.list_of(type_of_pair, "pairs"), description = description }
end

local GUIDE = "api-reference/latest/crm/associations/associate-records/guide"

local function writing(summary, argument, run, requests)
  return {
    summary = summary,
    arguments = { arguments.from_type, arguments.to_type, argument },
    returns = { outcome = "association" },
    current = { run = run, requests = requests, documentation = GUIDE },
  }
end

return {
  get_many = {
    summary = "Reads the associations of any number of records to one type, all of each, in the order of the ids.",
    arguments = {
      arguments.from_type,
      { name = "ids", type = check.ids, description = "ids of the records that they lead from" },
      arguments.to_type,
    },
    returns = { list = "record with its associations" },
    current = { run = get_many, requests = { read_route }, documentation = GUIDE },
  },

  create_many = writing(
    "Associates any number of pairs of records: with labels those of the pair, else plainly. A pair that HubSpot "
      .. "refuses fails alone.",
    pairs_of(labelled_pair, "`{ from =, to =, labels =, types = }` each"),
    create_many,
    { default_route, typed_route }
  ),

  delete_many = writing(
    "Removes all associations between any number of pairs of records.",
    pairs_of(plain_pair, "`{ from =, to = }` each"),
    delete_many,
    { delete_route }
  ),

  delete_labels = writing(
    "Removes labels of associations between any number of pairs of records, and leaves the others.",
    pairs_of(with_labels, "`{ from =, to =, labels =, types = }` each"),
    delete_labels,
    { delete_labels_route }
  ),
}
