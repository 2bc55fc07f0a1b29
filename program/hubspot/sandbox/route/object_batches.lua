--- `/crm/objects/{D}/{objectType}/batch/…`
local batch_reply = require "hubspot.sandbox.batch_reply"
local core = require "hubspot.core"
local object_input = require "hubspot.sandbox.object_input"
local object_path = require "hubspot.sandbox.object_path"
local object_record = require "hubspot.sandbox.object_record"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sorted_ids = require "hubspot.sandbox.sorted_ids"

local array = core.array

local LARGEST_BATCH, LARGEST_HISTORY_BATCH = 100, 50

local function check_duplicates(inputs)
  local seen, duplicates = {}, {}
  for _, input in ipairs(inputs) do
    local key = input.id ~= nil and tostring(input.id):lower()
    if key and seen[key] == 1 then duplicates[#duplicates + 1] = key end
    if key then seen[key] = (seen[key] or 0) + 1 end
  end
  if #duplicates > 0 then
    reply.invalid(
      "Duplicate IDs found in batch input: [" .. table.concat(duplicates, ", ") .. "]. IDs must be unique",
      { context = { ids = array(duplicates) } }
    )
  end
end

local function batch_inputs(body, largest)
  local inputs = read.object_inputs(body, largest)
  for _, input in ipairs(inputs) do
    read.text(input, "objectWriteTraceId")
  end
  check_duplicates(inputs)
  return inputs
end

local function batch_read(portal, req)
  local store, body = object_path.store(portal, req), request.object(req)
  local history = read.list(body, "propertiesWithHistory")
  -- Nothing that is asked for is nothing that is found.
  if #read.list(body, "inputs") == 0 then return batch_reply.json(portal, 200, {}) end
  local inputs = batch_inputs(body, #history > 0 and LARGEST_HISTORY_BATCH or LARGEST_BATCH)
  local id_property = object_input.id_property(store, body.idProperty)
  local look = request.boolean(req, "archived") and object_input.find_archived or object_input.find
  local options = { properties = read.list(body, "properties"), history = history }
  local found, ids, missing = {}, sorted_ids.new(), {}
  for _, input in ipairs(inputs) do
    local record = look(store, input.id, id_property)
    if record then
      found[record.id] = record
      ids:add(record.id)
    else
      missing[#missing + 1] = tostring(input.id)
    end
  end
  local results, errors = {}, {}
  -- HubSpot promises no order, so the sandbox gives one that isn't the caller's.
  for index, id in ipairs(ids:all()) do
    results[index] = object_record.dated(store, found[id], options)
  end
  if #missing > 0 then
    errors[1] = batch_reply.error({
      message = "Could not get some "
        .. store.type.singular:upper()
        .. " objects, they may be deleted or not exist. Check that ids are valid.",
      fields = { category = "OBJECT_NOT_FOUND" },
    }, { ids = array(missing) })
  end
  return batch_reply.json(portal, 200, results, errors)
end

-- Partial failure is reported item by item only where every input differs from the others.
local function are_traced(inputs)
  local seen = {}
  for _, input in ipairs(inputs) do
    local trace = input.objectWriteTraceId
    if type(trace) ~= "string" or seen[trace] then return false end
    seen[trace] = true
  end
  return true
end

-- An input's error; it is named by its trace id and, where it has one, its id.
local function batch_error(problem, input)
  local context = {}
  if input.id ~= nil then context.ids = array { tostring(input.id) } end
  if input.objectWriteTraceId ~= nil then context.objectWriteTraceId = array { tostring(input.objectWriteTraceId) } end
  if problem.existing_id then context.existingId = array { problem.existing_id } end
  return batch_reply.error(problem, context)
end

local function traced(record, input)
  record.objectWriteTraceId = read.given(input.objectWriteTraceId)
  return record
end

-- A batch write is `{ store =, status =, check =, apply = }`: check(input) gives a plan, or nil and the problem;
-- apply(plan) gives a record.

-- Each input by itself: inputs of one batch may collide with each other, so each is checked when those before it are
-- written.
local function write_each(portal, inputs, write)
  local results, errors = {}, {}
  for _, input in ipairs(inputs) do
    local plan, problem = write.check(input)
    if plan then
      results[#results + 1] = traced(write.apply(plan), input)
    else
      errors[#errors + 1] = batch_error(problem, input)
    end
  end
  return batch_reply.json(portal, write.status, results, errors)
end

-- Two inputs of a batch can't have one value of a unique property.
local function check_unique(store, plan, taken)
  for name, value in pairs(plan.values) do
    if value ~= "" and store:is_unique(name) then
      local key = name .. " " .. value:lower()
      if taken[key] then
        local message = "Duplicate values for the unique property %s in the batch: %s"
        reply.fail(409, message:format(name, value), { category = "CONFLICT" })
      end
      taken[key] = true
    end
  end
end

-- All inputs, or none and the first problem.
local function write_all(portal, inputs, write)
  local plans, taken, results = {}, {}, {}
  for index, input in ipairs(inputs) do
    local plan, problem = write.check(input)
    if not plan then problems.fail(problem) end
    check_unique(write.store, plan, taken)
    plans[index] = plan
  end
  for index, input in ipairs(inputs) do
    results[index] = traced(write.apply(plans[index]), input)
  end
  return batch_reply.json(portal, write.status, results, {})
end

local function batch_create(portal, req)
  local store = object_path.creatable(portal, req)
  local inputs = batch_inputs(request.object(req), LARGEST_BATCH)
  local write_inputs = are_traced(inputs) and write_each or write_all
  return write_inputs(portal, inputs, {
    store = store,
    status = 201,
    check = function(input) return object_input.plan(store, input, req.params.D) end,
    apply = function(plan) return object_input.create(store, plan) end,
  })
end

-- The plan of a change to a record that there is.
local function plan_update(store, record, input, version)
  if not record then return nil, problems.not_found(input.id) end
  local values, problem = object_input.values(store, input.properties, { record = record, version = version })
  return values and { record = record, values = values }, problem
end

-- Contacts are updated by their ids only: by address is a mistake, and an address for an id is no error to HubSpot,
-- which does nothing.
local function without_addresses(store, inputs)
  if store.type.name ~= "contacts" then return inputs end
  local kept = {}
  for _, input in ipairs(inputs) do
    if read.given(input.idProperty) == "email" then reply.invalid "Contacts can't be updated by email in a batch" end
    local is_address = read.given(input.idProperty) == nil and tostring(input.id):find("@", 1, true)
    if not is_address then kept[#kept + 1] = input end
  end
  return kept
end

local function batch_update(portal, req)
  local store = object_path.writable(portal, req)
  local inputs = without_addresses(store, batch_inputs(request.object(req), LARGEST_BATCH))
  return write_each(portal, inputs, {
    store = store,
    status = 200,
    check = function(input)
      local record = object_input.find_unmerged(store, input.id, object_input.id_property(store, input.idProperty))
      return plan_update(store, record, input, req.params.D)
    end,
    apply = function(plan) return object_input.update(store, plan.record, plan.values) end,
  })
end

-- A record that is made by an upsert has the value by which it was asked for.
local function plan_create(store, input, id_property, version)
  local changes = {}
  if type(input.properties) == "table" then
    for name, value in pairs(input.properties) do
      changes[name] = value
    end
  end
  if changes[id_property] == nil then changes[id_property] = input.id end
  return object_input.plan(store, { properties = changes }, version)
end

local function plan_upsert(store, input, version)
  local id_property = object_input.id_property(store, input.idProperty)
  local record = object_input.find(store, input.id, id_property)
  if record or not id_property then return plan_update(store, record, input, version) end
  return plan_create(store, input, id_property, version)
end

local function batch_upsert(portal, req)
  local store = object_path.creatable(portal, req)
  return write_all(portal, batch_inputs(request.object(req), LARGEST_BATCH), {
    store = store,
    status = 200,
    check = function(input) return plan_upsert(store, input, req.params.D) end,
    apply = function(plan)
      local is_new = plan.record == nil
      local record = is_new and object_input.create(store, plan) or object_input.update(store, plan.record, plan.values)
      record.new = is_new
      return record
    end,
  })
end

local function batch_archive(portal, req)
  local store = object_path.creatable(portal, req)
  for _, input in ipairs(batch_inputs(request.object(req), LARGEST_BATCH)) do
    local record = object_input.find(store, input.id)
    if record then store:archive(record) end
  end
  return reply.empty(204)
end

local BASE = "/crm/objects/{D}/{objectType}/batch"

return {
  { method = "POST", path = BASE .. "/read", handler = batch_read, scopes = object_path.read_scopes },
  { method = "POST", path = BASE .. "/create", handler = batch_create, scopes = object_path.write_scopes },
  { method = "POST", path = BASE .. "/update", handler = batch_update, scopes = object_path.write_scopes },
  { method = "POST", path = BASE .. "/upsert", handler = batch_upsert, scopes = object_path.write_scopes },
  { method = "POST", path = BASE .. "/archive", handler = batch_archive, scopes = object_path.write_scopes },
}
