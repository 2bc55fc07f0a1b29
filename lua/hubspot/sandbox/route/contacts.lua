--- `/crm/objects/{D}/contacts…`
local contact_record = require "hubspot.sandbox.contact_record"
local contact_search = require "hubspot.sandbox.contact_search"
local contact_store = require "hubspot.sandbox.contact_store"
local core = require "hubspot.core"
local properties = require "hubspot.sandbox.properties"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sorted_ids = require "hubspot.sandbox.sorted_ids"
local time = require "hubspot.sandbox.time"

local array = core.array

local READ = { "crm.objects.contacts.read" }
local WRITE = { "crm.objects.contacts.write" }
local PAGE, LARGEST_PAGE = 10, 100
local LARGEST_SEARCH_PAGE, SEARCH_CEILING, LONGEST_SEARCH = 200, 10000, 3000
local LARGEST_BATCH, LARGEST_HISTORY_BATCH = 100, 50

-- Errors. Each is `{ status, message, fields }`, so that a batch can tell them one by one. ------------------------

local function not_found(id)
  return { 404, "resource not found", { category = "OBJECT_NOT_FOUND", context = { ids = array { tostring(id) } } } }
end

local function conflict(owner)
  return { 409, "Contact already exists. Existing ID: " .. string.format("%d", owner.id), { category = "CONFLICT" } }
end

local function invalid_values(results)
  local errors = {}
  for index, result in ipairs(results) do
    errors[index] = {
      message = result.message,
      code = result.error,
      ["in"] = result.name,
      context = { propertyName = array { result.name } },
    }
  end
  return {
    400,
    "Property values were not valid: " .. core.encode(array(results)),
    { category = "VALIDATION_ERROR", errors = array(errors) },
  }
end

local function invalid(message) return { 400, message, { category = "VALIDATION_ERROR" } } end

local function fail(problem) reply.fail(problem[1], problem[2], problem[3]) end

-- Finding and writing -------------------------------------------------------------------------------------------

local function check_id_property(name)
  if name ~= nil and name ~= core.null and name ~= "email" and name ~= "hs_object_id" then
    reply.invalid("Invalid idProperty: " .. tostring(name) .. " is not a unique property of contacts")
  end
  return name == "email" and "email" or "hs_object_id"
end

local function as_id(text)
  text = tostring(text)
  return text:match "^%d+$" and tonumber(text)
end

local function find(store, key, id_property)
  if id_property == "email" then return contact_store.find_by_email(store, tostring(key)) end
  local id = as_id(key)
  return id and contact_store.find(store, id)
end

local function find_archived(store, key, id_property)
  local id = id_property ~= "email" and as_id(key)
  return id and contact_store.find_archived(store, id)
end

-- The values to store for an object of properties, or nil and the problem.
local function check_values(store, changes, contact)
  if type(changes) ~= "table" or changes[1] ~= nil then
    return nil, invalid "Invalid input JSON: properties must be an object"
  end
  local values, results = properties.check(store.definitions, changes)
  if not values then return nil, invalid_values(results) end
  local owner = values.email and values.email ~= "" and contact_store.find_by_email(store, values.email)
  if owner and owner ~= contact then return nil, conflict(owner) end
  return values
end

local function check_new(store, changes)
  local values, problem = check_values(store, changes)
  if not values then return nil, problem end
  if (values.email or "") == "" and (values.firstname or "") == "" and (values.lastname or "") == "" then
    return nil, invalid "At least one of email, firstname and lastname is required to create a contact"
  end
  return values
end

local function written_record(store, contact, values)
  local names = { "email", "firstname", "lastname" }
  for name in pairs(values) do
    names[#names + 1] = name
  end
  return contact_record.dated(store, contact, { properties = names })
end

local function query_options(req)
  return {
    properties = request.names(req, "properties"),
    history = request.names(req, "propertiesWithHistory"),
    associations = request.names(req, "associations"),
  }
end

-- One contact ---------------------------------------------------------------------------------------------------

local function get(portal, req)
  local id_property = check_id_property(request.text(req, "idProperty"))
  local look = request.boolean(req, "archived") and find_archived or find
  local contact = look(portal.contacts, req.params.contactId, id_property)
  if not contact then fail(not_found(req.params.contactId)) end
  return reply.json(200, contact_record.dated(portal.contacts, contact, query_options(req)))
end

local function create(portal, req)
  local store = portal.contacts
  local values, problem = check_new(store, request.object(req).properties)
  if not values then fail(problem) end
  return reply.json(201, written_record(store, contact_store.create(store, values), values))
end

local function update(portal, req)
  local store = portal.contacts
  local contact = find(store, req.params.contactId, check_id_property(request.text(req, "idProperty")))
  if not contact then fail(not_found(req.params.contactId)) end
  local values, problem = check_values(store, request.object(req).properties, contact)
  if not values then fail(problem) end
  contact_store.update(store, contact, values)
  return reply.json(200, written_record(store, contact, values))
end

local function delete(portal, req)
  local contact = find(portal.contacts, req.params.contactId, check_id_property(request.text(req, "idProperty")))
  if contact then contact_store.archive(portal.contacts, contact) end
  return reply.empty(204)
end

local function merge(portal, req)
  local store, body = portal.contacts, request.object(req)
  local winner = find(store, body.primaryObjectId or "")
  local loser = find(store, body.objectIdToMerge or "")
  if not winner or not loser then fail(not_found(not winner and body.primaryObjectId or body.objectIdToMerge)) end
  if winner == loser then reply.invalid "A contact can't be merged with itself" end
  contact_store.merge(store, winner, loser)
  return reply.json(200, contact_record.dated(store, winner, {}))
end

-- Lists and search ----------------------------------------------------------------------------------------------

local function page_limit(limit, default, largest)
  limit = limit or default
  if limit < 1 or limit > largest then
    reply.invalid(string.format("limit must be between 1 and %d, got %.0f", largest, limit))
  end
  return limit
end

local function next_link(req, after)
  local kept = {}
  for pair in req.query_text:gmatch "[^&]+" do
    if not pair:find "^after=" then kept[#kept + 1] = pair end
  end
  kept[#kept + 1] = "after=" .. after
  return "https://api.hubapi.com" .. req.path .. "?" .. table.concat(kept, "&")
end

local function list(portal, req)
  local store = portal.contacts
  local limit = page_limit(request.integer(req, "limit"), PAGE, LARGEST_PAGE)
  local set = request.boolean(req, "archived") and store.archived or store.live
  local ids, more = sorted_ids.after(set, request.integer(req, "after"), limit)
  local options, results = query_options(req), {}
  if #options.history > 0 and limit > LARGEST_HISTORY_BATCH then
    reply.invalid("limit must be at most " .. LARGEST_HISTORY_BATCH .. " where propertiesWithHistory is given")
  end
  for index, id in ipairs(ids) do
    results[index] = contact_record.dated(store, store.records[id], options)
  end
  local body = { results = array(results) }
  if more then
    local after = string.format("%d", ids[#ids])
    body.paging = { next = { after = after, link = next_link(req, after) } }
  end
  return reply.json(200, body)
end

local function body_integer(body, name)
  local value = body[name]
  if value == nil or value == core.null or value == "" then return nil end
  local number = tonumber(value)
  if not number or number ~= math.floor(number) or number < 0 then
    reply.invalid("Invalid input JSON: " .. name .. " must be an integer")
  end
  return math.floor(number)
end

local function search(portal, req)
  local store, body = portal.contacts, request.object(req)
  if #req.body > LONGEST_SEARCH then
    reply.invalid(string.format("The body of a search can have at most %d characters", LONGEST_SEARCH))
  end
  local limit = page_limit(body_integer(body, "limit"), PAGE, LARGEST_SEARCH_PAGE)
  local after = body_integer(body, "after") or 0
  if after + limit > SEARCH_CEILING then
    reply.invalid(string.format("You can only page through the first %d results of a search", SEARCH_CEILING))
  end
  local options = { properties = request.list_of(body, "properties") }
  local ids, results = contact_search.find(store, body), {}
  for position = after + 1, math.min(after + limit, #ids) do
    local contact = contact_store.indexed(store, store.records[ids[position]])
    results[#results + 1] = contact_record.dated(store, contact, options)
  end
  local answer = { total = #ids, results = array(results) }
  if after + limit < #ids then answer.paging = { next = { after = string.format("%d", after + limit) } } end
  return reply.json(200, answer)
end

-- Batches -------------------------------------------------------------------------------------------------------

local function check_size(count, largest)
  if count > largest then
    reply.invalid(
      string.format("The maximum number of inputs supported in a batch request is %d. Received %d.", largest, count)
    )
  end
end

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
  local inputs = request.list_of(body, "inputs")
  if #inputs == 0 then reply.invalid "Invalid input JSON: inputs must not be empty" end
  for _, input in ipairs(inputs) do
    if type(input) ~= "table" then reply.invalid "Invalid input JSON: every input must be an object" end
  end
  check_size(#inputs, largest)
  check_duplicates(inputs)
  return inputs
end

local function batch_reply(portal, status, results, errors)
  local now = time.iso(portal.clock.now())
  local body = { status = "COMPLETE", results = array(results), startedAt = now, completedAt = now }
  if #errors > 0 then
    status = 207
    body.numErrors = #errors
    body.errors = array(errors)
  end
  return reply.json(status, body)
end

local function batch_read(portal, req)
  local store, body = portal.contacts, request.object(req)
  local history = request.list_of(body, "propertiesWithHistory")
  local inputs = batch_inputs(body, #history > 0 and LARGEST_HISTORY_BATCH or LARGEST_BATCH)
  local id_property = check_id_property(body.idProperty)
  local look = request.boolean(req, "archived") and find_archived or find
  local options = { properties = request.list_of(body, "properties"), history = history }
  local found, ids, missing = {}, sorted_ids.new(), {}
  for _, input in ipairs(inputs) do
    local contact = look(store, input.id, id_property)
    if contact then
      found[contact.id] = contact
      sorted_ids.add(ids, contact.id)
    else
      missing[#missing + 1] = tostring(input.id)
    end
  end
  local results, errors = {}, {}
  -- HubSpot promises no order, so the sandbox gives one that isn't the caller's.
  for index, id in ipairs(sorted_ids.all(ids)) do
    results[index] = contact_record.dated(store, found[id], options)
  end
  if #missing > 0 then
    errors[1] = {
      status = "error",
      category = "OBJECT_NOT_FOUND",
      context = { ids = array(missing) },
      message = "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.",
    }
  end
  return batch_reply(portal, 200, results, errors)
end

-- Partial failure is told item by item only where every input can be told from the others.
local function are_traced(inputs)
  local seen = {}
  for _, input in ipairs(inputs) do
    local trace = input.objectWriteTraceId
    if type(trace) ~= "string" or seen[trace] then return false end
    seen[trace] = true
  end
  return true
end

local function batch_error(problem, input)
  local context = { objectWriteTraceId = array { input.objectWriteTraceId } }
  for name, value in pairs(problem[3].context or {}) do
    context[name] = value
  end
  return {
    status = "error",
    category = problem[3].category,
    message = problem[2],
    errors = problem[3].errors,
    context = context,
  }
end

local function traced(record, input)
  record.objectWriteTraceId = input.objectWriteTraceId
  return record
end

-- Runs `check(input)` → plan | nil, problem over all inputs, then `apply(plan, input)` → record.
-- Inputs of one batch may collide with each other, so a traced batch checks and writes one by one.
local function batch_write(portal, inputs, status, may_be_partial, check, apply)
  local results, errors = {}, {}
  if may_be_partial and are_traced(inputs) then
    for _, input in ipairs(inputs) do
      local plan, problem = check(input)
      if plan then
        results[#results + 1] = traced(apply(plan, input), input)
      else
        errors[#errors + 1] = batch_error(problem, input)
      end
    end
    return batch_reply(portal, status, results, errors)
  end
  local plans, emails = {}, {}
  for index, input in ipairs(inputs) do
    local plan, problem = check(input)
    if not plan then fail(problem) end
    local email = plan.values.email
    if email and email ~= "" and emails[email] then
      reply.fail(
        409,
        "Duplicate values for the unique property email in the batch: " .. email,
        { category = "CONFLICT" }
      )
    end
    emails[email or ""] = true
    plans[index] = plan
  end
  for index, input in ipairs(inputs) do
    results[index] = traced(apply(plans[index], input), input)
  end
  return batch_reply(portal, status, results, errors)
end

local function batch_create(portal, req)
  local store = portal.contacts
  local inputs = batch_inputs(request.object(req), LARGEST_BATCH)
  return batch_write(portal, inputs, 201, true, function(input)
    local values, problem = check_new(store, input.properties)
    return values and { values = values }, problem
  end, function(plan) return written_record(store, contact_store.create(store, plan.values), plan.values) end)
end

local function batch_update(portal, req)
  local store = portal.contacts
  local inputs = batch_inputs(request.object(req), LARGEST_BATCH)
  return batch_write(portal, inputs, 200, true, function(input)
    local contact = find(store, input.id, check_id_property(input.idProperty))
    if not contact then return nil, not_found(input.id) end
    local values, problem = check_values(store, input.properties, contact)
    return values and { contact = contact, values = values }, problem
  end, function(plan)
    contact_store.update(store, plan.contact, plan.values)
    return written_record(store, plan.contact, plan.values)
  end)
end

local function check_upsert(store, input)
  local id_property = check_id_property(input.idProperty)
  local contact = find(store, input.id, id_property)
  if id_property ~= "email" then
    if not contact then return nil, not_found(input.id) end
    local values, problem = check_values(store, input.properties, contact)
    return values and { contact = contact, values = values }, problem
  end
  local changes = {}
  if type(input.properties) == "table" then
    for name, value in pairs(input.properties) do
      changes[name] = value
    end
  end
  if changes.email == nil and not contact then changes.email = input.id end
  local values, problem = check_values(store, changes, contact)
  return values and { contact = contact, values = values }, problem
end

local function batch_upsert(portal, req)
  local store = portal.contacts
  local inputs = batch_inputs(request.object(req), LARGEST_BATCH)
  return batch_write(portal, inputs, 200, false, function(input) return check_upsert(store, input) end, function(plan)
    local contact = plan.contact
    if contact then
      contact_store.update(store, contact, plan.values)
    else
      contact = contact_store.create(store, plan.values)
    end
    local record = written_record(store, contact, plan.values)
    record.new = plan.contact == nil
    return record
  end)
end

local function batch_archive(portal, req)
  for _, input in ipairs(batch_inputs(request.object(req), LARGEST_BATCH)) do
    local contact = find(portal.contacts, input.id)
    if contact then contact_store.archive(portal.contacts, contact) end
  end
  return reply.empty(204)
end

local BASE = "/crm/objects/{D}/contacts"

return {
  { method = "GET", path = BASE, handler = list, scopes = READ },
  { method = "POST", path = BASE, handler = create, scopes = WRITE },
  { method = "GET", path = BASE .. "/{contactId}", handler = get, scopes = READ },
  { method = "PATCH", path = BASE .. "/{contactId}", handler = update, scopes = WRITE },
  { method = "DELETE", path = BASE .. "/{contactId}", handler = delete, scopes = WRITE },
  { method = "POST", path = BASE .. "/merge", handler = merge, scopes = WRITE },
  { method = "POST", path = BASE .. "/search", handler = search, scopes = READ, is_search = true },
  { method = "POST", path = BASE .. "/batch/read", handler = batch_read, scopes = READ },
  { method = "POST", path = BASE .. "/batch/create", handler = batch_create, scopes = WRITE },
  { method = "POST", path = BASE .. "/batch/update", handler = batch_update, scopes = WRITE },
  { method = "POST", path = BASE .. "/batch/upsert", handler = batch_upsert, scopes = WRITE },
  { method = "POST", path = BASE .. "/batch/archive", handler = batch_archive, scopes = WRITE },
}
