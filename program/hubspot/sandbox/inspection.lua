--- Shows a portal to a person, and changes it: methods of the portal, which are the panes of its page.
--
-- Records are read and written by the portal's own routes, so they are checked and shown as everywhere.
local authorization = require "hubspot.sandbox.authorization"
local core = require "hubspot.core"
local nearest_route = require "hubspot.sandbox.nearest_route"
local object_values = require "hubspot.sandbox.object_values"
local dispatch = require "hubspot.sandbox.dispatch"
local own_request = require "hubspot.sandbox.own_request"

local inspection = {}

local OBJECTS, LISTS = "/crm/objects/2026-09/", "/crm/lists/2026-09/"
local PAGE, LARGEST_PAGE, LARGEST_QUERY_PAGE = 50, 100, 200

-- Sends a request to the portal's own routes. Throws HubSpot's message at the caller of the method.
local function ask(portal, method, url, body)
  local fine, answer = pcall(own_request.send, portal, method, url, body)
  if fine then return answer.value end
  if type(answer) ~= "table" or not answer.reply then error(answer, 0) end
  local problem = core.decode(answer.reply.body)
  error("hubspot.sandbox: " .. tostring(problem and problem.message or answer.reply.status), 3)
end

local function type_named(portal, name)
  local object_type = (type(name) == "string" or type(name) == "number") and portal.objects:get(name)
  if not object_type then error("hubspot.sandbox: there is no type of records " .. tostring(name), 3) end
  return object_type
end

local function id_text(id)
  local text = type(id) == "number" and string.format("%.0f", id) or tostring(id)
  if not text:find "^%d+$" then error("hubspot.sandbox: an id must be a whole number, got " .. text, 3) end
  return text
end

local function page_size(limit, largest)
  limit = limit or PAGE
  if type(limit) ~= "number" or limit % 1 ~= 0 or limit < 1 or limit > largest then
    error(string.format("hubspot.sandbox: limit must be a whole number from 1 to %d", largest), 3)
  end
  return string.format("%d", limit)
end

--- The types of records that there are: `{ name=, id=, count=, archived= }`, those with records first.
function inspection:record_types()
  local types = {}
  for index, object_type in ipairs(self.objects.types) do
    local store = self.objects.stores[object_type.id]
    types[index] = {
      name = object_type.fully_qualified_name or object_type.name,
      id = object_type.id,
      count = store and store.live.count or 0,
      archived = store and store.archived.count or 0,
      merges = object_type.merges or false,
    }
  end
  table.sort(types, function(a, b)
    if a.count ~= b.count then return a.count > b.count end
    return a.name < b.name
  end)
  return types
end

local function search_page(portal, object_type, options)
  local body = {
    query = options.query,
    limit = tonumber(page_size(options.limit, LARGEST_QUERY_PAGE)),
    after = options.after,
    properties = options.properties,
  }
  return ask(portal, "POST", OBJECTS .. object_type.id .. "/search", body)
end

local function listed_page(portal, object_type, options)
  local url = OBJECTS .. object_type.id .. "?limit=" .. page_size(options.limit, LARGEST_PAGE)
  if options.after then url = url .. "&after=" .. id_text(options.after) end
  if options.archived then url = url .. "&archived=true" end
  if options.properties then url = url .. "&properties=" .. table.concat(options.properties, ",") end
  local page = ask(portal, "GET", url)
  local store = portal.objects:store(object_type)
  page.total = options.archived and store.archived.count or store.live.count
  return page
end

--- A page of the records of a type: `{ total=, results=, after= }`. Options: `query` (as HubSpot's search takes it,
-- with its lag), `after`, `limit`, `archived`, `properties` (names).
function inspection:records(type_name, options)
  local object_type = type_named(self, type_name)
  options = options or {}
  local page = (options.query and search_page or listed_page)(self, object_type, options)
  local next_page = page.paging and page.paging.next
  return { total = page.total, results = core.array(page.results), after = next_page and next_page.after }
end

--- A record with all its properties that have a value, their history, its associations and the ids that were merged
-- into it; `archived` where it is.
function inspection:record(type_name, id)
  local object_type, text = type_named(self, type_name), id_text(id)
  local store = self.objects:store(object_type)
  local archived = store:find_archived(tonumber(text))
  local found = archived or store:get(tonumber(text))
  if not found then error("hubspot.sandbox: there is no record " .. text .. " of type " .. object_type.name, 2) end
  local names, types = object_values.valued_names(found), {}
  for index, other in ipairs(self.objects.types) do
    types[index] = other.id
  end
  names = table.concat(names, ",")
  local form = "%s%s/%d?properties=%s&propertiesWithHistory=%s"
  local url = string.format(form, OBJECTS, object_type.id, found.id, names, names)
  url = url .. "&associations=" .. table.concat(types, ",") .. (archived and "&archived=true" or "")
  local record = ask(self, "GET", url)
  record.merged = {}
  for index, merged in ipairs(found.merged or {}) do
    record.merged[index] = string.format("%d", merged)
  end
  core.array(record.merged)
  return record
end

--- Writes properties of a record. Gives it as HubSpot answers.
function inspection:edit_record(type_name, id, properties)
  local url = OBJECTS .. type_named(self, type_name).id .. "/" .. id_text(id)
  return ask(self, "PATCH", url, { properties = properties })
end

--- Archives a record.
function inspection:archive_record(type_name, id)
  ask(self, "DELETE", OBJECTS .. type_named(self, type_name).id .. "/" .. id_text(id))
end

--- Merges the record `other_id` into a record. Gives the merged one.
function inspection:merge_records(type_name, id, other_id)
  local body = { primaryObjectId = id_text(id), objectIdToMerge = id_text(other_id) }
  return ask(self, "POST", OBJECTS .. type_named(self, type_name).id .. "/merge", body)
end

--- The lists: `{ id=, name=, type=, processing_type=, size= }`, by rising id; `type` is that of their records.
function inspection:contact_lists()
  local lists = {}
  for index, list in ipairs(self.lists:all()) do
    lists[index] = {
      id = string.format("%d", list.id),
      name = list.name,
      type = self.objects:by_id(list.type_id).name,
      processing_type = list.processing_type,
      size = self.lists:size(list),
    }
  end
  return lists
end

--- A page of the members of a list: `{ total=, results=, after= }`, of which each result has `recordId` and
-- `membershipTimestamp`. Options: `after`, `limit`.
function inspection:list_members(id, options)
  options = options or {}
  local text = id_text(id)
  local list = self.lists:get(tonumber(text))
  if not list then error("hubspot.sandbox: there is no list " .. text, 2) end
  local url = LISTS .. text .. "/memberships?limit=" .. page_size(options.limit, LARGEST_PAGE)
  if options.after then url = url .. "&after=" .. core.escape(tostring(options.after)) end
  local page = ask(self, "GET", url)
  local next_page = page.paging and page.paging.next
  return { total = self.lists:size(list), results = core.array(page.results), after = next_page and next_page.after }
end

--- The account's id.
function inspection:id() return string.format("%d", self.contacts.portal_id) end

--- Returns whether a refresh token is one that the portal's app holds.
function inspection:knows_refresh_token(token) return self.oauth.refresh_tokens[token] or false end

--- Returns whether a token is one that the portal was given, or that its app got.
function inspection:knows_token(token) return authorization.knows(self, token) end

--- The routes that the portal answers: `{ method=, path= }`, by path and method.
function inspection:known_routes()
  local routes = {}
  self.routes:each(function(route)
    if not route.elsewhere then routes[#routes + 1] = { method = route.method, path = route.path } end
  end)
  table.sort(routes, function(a, b)
    if a.path ~= b.path then return a.path < b.path end
    return a.method < b.method
  end)
  return routes
end

--- The request with this number as `requests` gives it, or nil where it is not kept; with `nearest_route` where there
-- was no route for it.
function inspection:request(number)
  local entry = self.journal:get(number)
  if
    entry
    and entry.answer
    and entry.answer.status == 404
    and not dispatch.is_known(self, entry.method, entry.path)
  then
    entry.nearest_route = nearest_route.find(self:known_routes(), entry.method, entry.path)
  end
  return entry
end

return inspection
