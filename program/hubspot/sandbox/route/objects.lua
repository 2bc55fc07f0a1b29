--- `/crm/objects/{D}/{objectType}…`, but its batches and associations
local core = require "hubspot.core"
local object_input = require "hubspot.sandbox.object_input"
local object_path = require "hubspot.sandbox.object_path"
local object_record = require "hubspot.sandbox.object_record"
local object_search = require "hubspot.sandbox.object_search"
local problems = require "hubspot.sandbox.problem"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array = core.array

local PAGE, LARGEST_PAGE, LARGEST_HISTORY_PAGE = 10, 100, 50
local LARGEST_SEARCH_PAGE, LONGEST_SEARCH = 200, 3000

local function query_options(req)
  return {
    properties = request.names(req, "properties"),
    history = request.names(req, "propertiesWithHistory"),
    associations = request.names(req, "associations"),
  }
end

-- One record ----------------------------------------------------------------------------------------------------

local function named(store, req)
  local id_property = object_input.id_property(store, request.text(req, "idProperty"))
  return object_input.find(store, req.params.objectId, id_property)
end

local function get(portal, req)
  local store = object_path.store(portal, req)
  local id_property = object_input.id_property(store, request.text(req, "idProperty"))
  local look = request.boolean(req, "archived") and object_input.find_archived or object_input.find
  local record = look(store, req.params.objectId, id_property)
  if not record then problems.fail(problems.not_found(req.params.objectId)) end
  return reply.json(200, object_record.dated(store, record, query_options(req)))
end

local function create(portal, req)
  local store = object_path.creatable(portal, req)
  local plan, problem = object_input.plan(store, request.object(req), req.params.D)
  if not plan then problems.fail(problem) end
  return reply.json(201, object_input.create(store, plan))
end

local function update(portal, req)
  local store = object_path.writable(portal, req)
  local record = named(store, req)
  if not record then problems.fail(problems.not_found(req.params.objectId)) end
  local options = { record = record, version = req.params.D }
  local values, problem = object_input.values(store, request.object(req).properties, options)
  if not values then problems.fail(problem) end
  return reply.json(200, object_input.update(store, record, values))
end

local function delete(portal, req)
  local store = object_path.creatable(portal, req)
  local record = named(store, req)
  if record then store:archive(record) end
  return reply.empty(204)
end

local function merge(portal, req)
  local store, body = object_path.creatable(portal, req), request.object(req)
  if not store.type.merges then reply.invalid("Records of type " .. store.type.name .. " can't be merged") end
  local winner = object_input.find(store, body.primaryObjectId or "")
  local loser = object_input.find(store, body.objectIdToMerge or "")
  if not winner or not loser then
    problems.fail(problems.not_found(not winner and body.primaryObjectId or body.objectIdToMerge))
  end
  if winner == loser then reply.invalid("A " .. store.type.singular .. " can't be merged with itself") end
  return reply.json(200, object_record.dated(store, store:merge(winner, loser), {}))
end

-- Purging an unknown address puts it on a list of blocked ones, so it is no error.
local function purge(portal, req)
  local store, body = object_path.creatable(portal, req), request.object(req)
  if not store.type.purges then reply.invalid("Records of type " .. store.type.name .. " can't be deleted for good") end
  local key = read.required_text(body, "objectId")
  local id_property = object_input.id_property(store, body.idProperty)
  local record = object_input.find(store, key, id_property) or object_input.find_archived(store, key, id_property)
  if record then store:purge(record) end
  return reply.empty(204)
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
  local store = object_path.store(portal, req)
  local limit = page_limit(request.integer(req, "limit"), PAGE, LARGEST_PAGE)
  local set = request.boolean(req, "archived") and store:bin() or store.live
  local ids, more = set:after(request.integer(req, "after"), limit)
  local options, results = query_options(req), {}
  if #options.history > 0 and limit > LARGEST_HISTORY_PAGE then
    reply.invalid("limit must be at most " .. LARGEST_HISTORY_PAGE .. " where propertiesWithHistory is given")
  end
  for index, id in ipairs(ids) do
    results[index] = object_record.dated(store, store.records[id], options)
  end
  local body = { results = array(results) }
  if more then
    local after = string.format("%d", ids[#ids])
    body.paging = { next = { after = after, link = next_link(req, after) } }
  end
  return reply.json(200, body)
end

local function search(portal, req)
  local store, body = object_path.store(portal, req), request.object(req)
  if #req.body > LONGEST_SEARCH then
    reply.invalid(string.format("The body of a search can have at most %d characters", LONGEST_SEARCH))
  end
  local limit = page_limit(read.count(body, "limit"), PAGE, LARGEST_SEARCH_PAGE)
  local after = read.count(body, "after", 0)
  if after + limit > store.search_ceiling then
    reply.invalid(string.format("You can only page through the first %d results of a search", store.search_ceiling))
  end
  local options = { properties = read.list(body, "properties") }
  local ids, results = object_search.find(store, body), {}
  for position = after + 1, math.min(after + limit, #ids) do
    results[#results + 1] = object_record.dated(store, store:searched(ids[position]), options)
  end
  local answer = { total = #ids, results = array(results) }
  if after + limit < #ids then answer.paging = { next = { after = string.format("%d", after + limit) } } end
  return reply.json(200, answer)
end

local BASE = "/crm/objects/{D}/{objectType}"

return {
  { method = "GET", path = BASE, handler = list, scopes = object_path.read_scopes },
  { method = "POST", path = BASE, handler = create, scopes = object_path.write_scopes },
  { method = "GET", path = BASE .. "/{objectId}", handler = get, scopes = object_path.read_scopes },
  { method = "PATCH", path = BASE .. "/{objectId}", handler = update, scopes = object_path.write_scopes },
  { method = "DELETE", path = BASE .. "/{objectId}", handler = delete, scopes = object_path.write_scopes },
  { method = "POST", path = BASE .. "/merge", handler = merge, scopes = object_path.write_scopes },
  { method = "POST", path = BASE .. "/gdpr-delete", handler = purge, scopes = object_path.write_scopes },
  { method = "POST", path = BASE .. "/search", handler = search, scopes = object_path.read_scopes, is_search = true },
}
