--- `/crm/objects/{D}/contacts…`, but its batches
local contact_input = require "hubspot.sandbox.contact_input"
local contact_record = require "hubspot.sandbox.contact_record"
local contact_search = require "hubspot.sandbox.contact_search"
local core = require "hubspot.core"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"

local array = core.array

local READ = { "crm.objects.contacts.read" }
local WRITE = { "crm.objects.contacts.write" }
local PAGE, LARGEST_PAGE, LARGEST_HISTORY_PAGE = 10, 100, 50
local LARGEST_SEARCH_PAGE, LONGEST_SEARCH = 200, 3000

local function query_options(req)
  return {
    properties = request.names(req, "properties"),
    history = request.names(req, "propertiesWithHistory"),
    associations = request.names(req, "associations"),
  }
end

-- One contact ---------------------------------------------------------------------------------------------------

local function get(portal, req)
  local id_property = contact_input.id_property(request.text(req, "idProperty"))
  local look = request.boolean(req, "archived") and contact_input.find_archived or contact_input.find
  local contact = look(portal.contacts, req.params.contactId, id_property)
  if not contact then contact_input.fail(contact_input.not_found(req.params.contactId)) end
  return reply.json(200, contact_record.dated(portal.contacts, contact, query_options(req)))
end

local function create(portal, req)
  local store = portal.contacts
  local values, problem = contact_input.new_values(store, request.object(req).properties)
  if not values then contact_input.fail(problem) end
  return reply.json(201, contact_input.create(store, values))
end

local function update(portal, req)
  local store = portal.contacts
  local contact =
    contact_input.find(store, req.params.contactId, contact_input.id_property(request.text(req, "idProperty")))
  if not contact then contact_input.fail(contact_input.not_found(req.params.contactId)) end
  local values, problem = contact_input.values(store, request.object(req).properties, contact)
  if not values then contact_input.fail(problem) end
  return reply.json(200, contact_input.update(store, contact, values))
end

local function delete(portal, req)
  local contact = contact_input.find(
    portal.contacts,
    req.params.contactId,
    contact_input.id_property(request.text(req, "idProperty"))
  )
  if contact then portal.contacts:archive(contact) end
  return reply.empty(204)
end

local function merge(portal, req)
  local store, body = portal.contacts, request.object(req)
  local winner = contact_input.find(store, body.primaryObjectId or "")
  local loser = contact_input.find(store, body.objectIdToMerge or "")
  if not winner or not loser then
    contact_input.fail(contact_input.not_found(not winner and body.primaryObjectId or body.objectIdToMerge))
  end
  if winner == loser then reply.invalid "A contact can't be merged with itself" end
  return reply.json(200, contact_record.dated(store, store:merge(winner, loser), {}))
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
  local ids, more = set:after(request.integer(req, "after"), limit)
  local options, results = query_options(req), {}
  if #options.history > 0 and limit > LARGEST_HISTORY_PAGE then
    reply.invalid("limit must be at most " .. LARGEST_HISTORY_PAGE .. " where propertiesWithHistory is given")
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

local function search(portal, req)
  local store, body = portal.contacts, request.object(req)
  if #req.body > LONGEST_SEARCH then
    reply.invalid(string.format("The body of a search can have at most %d characters", LONGEST_SEARCH))
  end
  local limit = page_limit(read.count(body, "limit"), PAGE, LARGEST_SEARCH_PAGE)
  local after = read.count(body, "after", 0)
  if after + limit > store.search_ceiling then
    reply.invalid(string.format("You can only page through the first %d results of a search", store.search_ceiling))
  end
  local options = { properties = read.list(body, "properties") }
  local ids, results = contact_search.find(store, body), {}
  for position = after + 1, math.min(after + limit, #ids) do
    local contact = store:indexed(store.records[ids[position]])
    results[#results + 1] = contact_record.dated(store, contact, options)
  end
  local answer = { total = #ids, results = array(results) }
  if after + limit < #ids then answer.paging = { next = { after = string.format("%d", after + limit) } } end
  return reply.json(200, answer)
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
}
