--- `/contacts/v1/contact/…`, `/contacts/v1/search/query` and the three lists of all contacts.
local contact_record_v1 = require "hubspot.sandbox.contact_record_v1"
local core = require "hubspot.core"
local object_search = require "hubspot.sandbox.object_search"
local properties = require "hubspot.sandbox.properties"
local read_options = require "hubspot.sandbox.route.read_options_v1"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local time = require "hubspot.sandbox.time"
local user_token = require "hubspot.sandbox.user_token"

local array = core.array

local READ = { "crm.objects.contacts.read" }
local WRITE = { "crm.objects.contacts.write" }
local PAGE, LARGEST_PAGE = 20, 100
local BATCH_READ, BATCH_WRITE = 100, 1000
local RECENT_DAYS = 30

-- Reading the body's `[{"property":…,"value":…}]` --------------------------------------------------------------

local function changes_of(list)
  if type(list) ~= "table" or (next(list) ~= nil and list[1] == nil) then return nil, "properties must be an array" end
  local changes = {}
  for _, item in ipairs(list) do
    if type(item) ~= "table" or type(item.property) ~= "string" then
      return nil, "every item of properties needs a property"
    end
    changes[item.property] = item.value == nil and core.null or item.value
  end
  return changes
end

local function body_changes(req)
  local changes, message = changes_of(request.object(req).properties)
  if not changes then reply.fail(400, "Invalid input JSON: " .. message) end
  return changes
end

local function fail_invalid(results)
  reply.fail(400, "Property values were not valid", { validationResults = array(results) })
end

local function checked(store, changes)
  local values, results = properties.check(store.definitions, changes)
  if not values then fail_invalid(results) end
  return values
end

local function fail_exists(owner)
  reply.fail(409, "Contact already exists", {
    error = "CONTACT_EXISTS",
    identityProfile = {
      vid = owner.id,
      linkedVid = array {},
      isContact = true,
      savedAtTimestamp = owner.created,
      identity = array { { value = owner.values.email, type = "EMAIL", timestamp = owner.created, isPrimary = true } },
    },
  })
end

-- The contact that has this address already, unless it is the one that is being written.
local function other_owner(store, email, contact)
  local owner = email and email ~= "" and store:find_by("email", email)
  if owner and owner ~= contact then return owner end
  return nil
end

local function write(store, contact, values)
  local owner = other_owner(store, values.email, contact)
  if owner then fail_exists(owner) end
  if contact then
    store:update(contact, values)
    return contact
  end
  return store:create(values)
end

local function live_contact(portal, req, message)
  local contact = portal.contacts:get(request.path_integer(req, "vid"))
  if not contact then reply.fail(404, message) end
  return contact
end

-- One contact ---------------------------------------------------------------------------------------------------

local function create(portal, req)
  local store = portal.contacts
  local contact = write(store, nil, checked(store, body_changes(req)))
  return reply.json(200, contact_record_v1.profile(store, contact, { with_history = true, memberships = array {} }))
end

local function update_by_vid(portal, req)
  local store = portal.contacts
  local contact = live_contact(portal, req, "resource not found")
  write(store, contact, checked(store, body_changes(req)))
  return reply.empty(204)
end

local function update_by_email(portal, req)
  local store = portal.contacts
  local contact = store:find_by("email", req.params.email)
  if not contact then reply.fail(404, "resource not found") end
  write(store, contact, checked(store, body_changes(req)))
  return reply.empty(204)
end

local function create_or_update(portal, req)
  local store = portal.contacts
  local changes = body_changes(req)
  local contact = store:find_by("email", req.params.email)
  if not contact and changes.email == nil then
    changes.email = req.params.email
  elseif not properties.is_email(req.params.email) then
    checked(store, { email = req.params.email })
  end
  local written = write(store, contact, checked(store, changes))
  return reply.json(200, { vid = written.id, isNew = contact == nil })
end

local function delete(portal, req)
  local contact = live_contact(portal, req, "contact does not exist")
  portal.contacts:archive(contact)
  return reply.json(200, { vid = contact.id, deleted = true, reason = "OK" })
end

local function profile(portal, req, contact)
  if not contact then reply.fail(404, "contact does not exist") end
  return reply.json(200, contact_record_v1.profile(portal.contacts, contact, read_options.single(portal, req, contact)))
end

local function get_by_vid(portal, req)
  return profile(portal, req, portal.contacts:get(request.path_integer(req, "vid")))
end

local function get_by_email(portal, req) return profile(portal, req, portal.contacts:find_by("email", req.params.email)) end

local function by_user_token(store, token)
  local id = user_token.id(token)
  return id and store:get(id)
end

local function get_by_user_token(portal, req)
  return profile(portal, req, by_user_token(portal.contacts, req.params.utk))
end

-- Batches -------------------------------------------------------------------------------------------------------

-- A batch read by one kind of key; `find(store, key, include_deletes)`.
local function batch_read(parameter, find)
  return function(portal, req)
    local keys = request.texts(req, parameter)
    if #keys > BATCH_READ then
      reply.fail(400, string.format("Too many values of %s: %d, at most %d", parameter, #keys, BATCH_READ))
    end
    local options = read_options.several(req)
    local include_deletes = request.boolean(req, "includeDeletes")
    local found = {}
    for _, key in ipairs(keys) do
      local contact = find(portal.contacts, key, include_deletes)
      if contact then
        found[string.format("%d", contact.id)] = contact_record_v1.profile(portal.contacts, contact, options)
      end
    end
    return reply.json(200, found)
  end
end

local function find_vid(store, key, include_deletes)
  local id = key:match "^%d+$" and tonumber(key)
  if not id then return nil end
  return store:get(id) or (include_deletes and store:find_archived(id))
end

local function batch_item_error(message) return { error = { status = "error", message = message } } end

-- The contact that an item of a batch means, or what is wrong with the item.
local function batch_target(store, item)
  if type(item) ~= "table" then return nil, "every item must be an object" end
  if item.vid ~= nil and item.vid ~= core.null then
    local contact = store:get(read.integer(item.vid) or 0)
    if not contact then return nil, "contact does not exist" end
    return { contact = contact }
  end
  if type(item.email) ~= "string" or item.email == "" then return nil, "every item needs a vid or an email" end
  return { email = item.email, contact = store:find_by("email", item.email) }
end

local function check_batch_item(store, item)
  local target, message = batch_target(store, item)
  if not target then return nil, { batch_item_error(message) } end
  local changes
  changes, message = changes_of(item.properties or {})
  if not changes then return nil, { batch_item_error(message) } end
  if target.email and not properties.is_email(target.email) then
    return nil, { batch_item_error("Email address " .. target.email .. " is invalid") }, target.email
  end
  if target.email and not target.contact then changes.email = target.email end
  local values, results = properties.check(store.definitions, changes)
  if not values then
    local failures = {}
    for index, result in ipairs(results) do
      failures[index] = { propertyValidationResult = result }
    end
    return nil, failures
  end
  if other_owner(store, values.email, target.contact) then return nil, { batch_item_error "Contact already exists" } end
  return values
end

local function batch_write(portal, req)
  local store, items = portal.contacts, request.array(req)
  if #items > BATCH_WRITE then
    reply.fail(400, string.format("Batch of %d contacts is too large, at most %d", #items, BATCH_WRITE))
  end
  local accepted, failures, invalid_emails = {}, {}, {}
  for index, item in ipairs(items) do
    local values, failed, invalid_email = check_batch_item(store, item)
    accepted[index] = values
    for _, failure in ipairs(failed or {}) do
      failure.index = index - 1
      failures[#failures + 1] = failure
    end
    invalid_emails[#invalid_emails + 1] = invalid_email
  end
  if #failures > 0 then
    reply.fail(400, "Errors found processing batch update", {
      failureMessages = array(failures),
      invalidEmails = #invalid_emails > 0 and array(invalid_emails) or nil,
    })
  end
  for index, item in ipairs(items) do
    -- Looked up again: an earlier item may have created this one's contact.
    local contact = batch_target(store, item).contact
    if contact then
      store:update(contact, accepted[index])
    else
      store:create(accepted[index])
    end
  end
  return reply.empty(202)
end

local function merge(portal, req)
  local store = portal.contacts
  local winner = store:get(request.path_integer(req, "vid"))
  if not winner then
    reply.fail(400, "canonical vid is not a valid contact or is already in the process of being merged")
  end
  local loser = store:get(read.integer(request.object(req).vidToMerge) or 0)
  if not loser or loser == winner then
    reply.fail(400, "vid to merge is not a valid contact or is already in the process of being merged")
  end
  store:merge(winner, loser)
  return reply.bare(200, "SUCCESS")
end

-- Lists of all contacts -----------------------------------------------------------------------------------------

local function page_of(portal, req, ids, added_at)
  local options = read_options.listed(req)
  local contacts = {}
  for index, id in ipairs(ids) do
    local contact = portal.contacts.records[id]
    options.added_at = added_at(contact)
    contacts[index] = contact_record_v1.profile(portal.contacts, contact, options)
  end
  return array(contacts)
end

local function created_at(contact) return contact.created end

local function modified_at(contact) return contact.modified end

local function all(portal, req)
  local after = request.integer(req, "vidOffset")
  local ids, more = portal.contacts.live:after(after, read_options.count(req, PAGE, LARGEST_PAGE))
  return reply.json(200, {
    contacts = page_of(portal, req, ids, created_at),
    ["has-more"] = more,
    ["vid-offset"] = ids[#ids] or after or 0,
  })
end

-- Finds the position at which a read resumes: the first in `ids` (newest first) that is older than the cursor.
local function resume_position(store, ids, field, moment, vid)
  local low, high = 1, #ids + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    local at = store.records[ids[middle]][field]
    if at < moment or (at == moment and ids[middle] < vid) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

-- Newest first. A cursor is a moment and a vid; without the moment HubSpot starts over.
local function recent(field, moment_of)
  return function(portal, req)
    local store = portal.contacts
    local ids = object_search.recent(store, field)
    local count = read_options.count(req, PAGE, LARGEST_PAGE)
    local moment, vid = request.integer(req, "timeOffset"), request.integer(req, "vidOffset")
    local from = moment and resume_position(store, ids, field, moment, vid or 0) or 1
    local oldest = store.now() - RECENT_DAYS * time.DAY
    local page, more = {}, false
    for position = from, #ids do
      local id = ids[position]
      if store.records[id][field] < oldest then break end
      if #page == count then
        more = true
        break
      end
      page[#page + 1] = id
    end
    local last = page[#page]
    return reply.json(200, {
      contacts = page_of(portal, req, page, moment_of),
      ["has-more"] = more,
      ["vid-offset"] = last or vid or 0,
      ["time-offset"] = last and store.records[last][field] or moment or 0,
    })
  end
end

local function search(portal, req)
  local store = portal.contacts
  local text = request.text(req, "q") or ""
  local offset = math.max(0, request.integer(req, "offset") or 0)
  local count = read_options.count(req, PAGE, LARGEST_PAGE)
  local sort = request.text(req, "sort")
  local sorts = {}
  if sort then
    local name = sort == "vid" and "hs_object_id" or sort
    if not store.definitions[name] then reply.fail(400, "Unable to sort by unknown property " .. sort) end
    sorts[1] = { propertyName = name, direction = request.text(req, "order") == "asc" and "ASCENDING" or "DESCENDING" }
  end
  local ids = object_search.find(store, { query = text, sorts = sorts })
  local options = read_options.several(req)
  options.with_history = false
  local contacts = {}
  for position = offset + 1, math.min(offset + count, #ids) do
    contacts[#contacts + 1] = contact_record_v1.profile(store, store:searched(ids[position]), options)
  end
  return reply.json(200, {
    query = text,
    offset = #contacts > 0 and offset + #contacts or 0,
    ["has-more"] = offset + #contacts < #ids,
    total = #ids,
    contacts = array(contacts),
  })
end

local function statistics(portal)
  local live = portal.contacts.live
  local newest = live:before(nil, 1)[1]
  return reply.json(200, {
    contacts = live.count,
    lastNewContactAt = newest and portal.contacts.records[newest].created or 0,
  })
end

local vids_batch = batch_read("vid", find_vid)
local emails_batch = batch_read("email", function(store, email) return store:find_by("email", email) end)
local user_tokens_batch = batch_read("utk", by_user_token)

return {
  { method = "POST", path = "/contacts/v1/contact", handler = create, scopes = WRITE },
  { method = "POST", path = "/contacts/v1/contact/batch", handler = batch_write, scopes = WRITE },
  {
    method = "POST",
    path = "/contacts/v1/contact/createOrUpdate/email/{email}",
    handler = create_or_update,
    scopes = WRITE,
  },
  { method = "POST", path = "/contacts/v1/contact/vid/{vid}/profile", handler = update_by_vid, scopes = WRITE },
  { method = "POST", path = "/contacts/v1/contact/email/{email}/profile", handler = update_by_email, scopes = WRITE },
  { method = "POST", path = "/contacts/v1/contact/merge-vids/{vid}", handler = merge, scopes = WRITE },
  { method = "DELETE", path = "/contacts/v1/contact/vid/{vid}", handler = delete, scopes = WRITE },
  { method = "GET", path = "/contacts/v1/contact/vid/{vid}/profile", handler = get_by_vid, scopes = READ },
  { method = "GET", path = "/contacts/v1/contact/email/{email}/profile", handler = get_by_email, scopes = READ },
  { method = "GET", path = "/contacts/v1/contact/utk/{utk}/profile", handler = get_by_user_token, scopes = READ },
  { method = "GET", path = "/contacts/v1/contact/vids/batch", handler = vids_batch, scopes = READ },
  { method = "GET", path = "/contacts/v1/contact/emails/batch", handler = emails_batch, scopes = READ },
  { method = "GET", path = "/contacts/v1/contact/utks/batch", handler = user_tokens_batch, scopes = READ },
  { method = "GET", path = "/contacts/v1/lists/all/contacts/all", handler = all, scopes = READ },
  {
    method = "GET",
    path = "/contacts/v1/lists/all/contacts/recent",
    handler = recent("created", created_at),
    scopes = READ,
  },
  {
    method = "GET",
    path = "/contacts/v1/lists/recently_updated/contacts/recent",
    handler = recent("modified", modified_at),
    scopes = READ,
  },
  { method = "GET", path = "/contacts/v1/search/query", handler = search, scopes = READ },
  { method = "GET", path = "/contacts/v1/contacts/statistics", handler = statistics, scopes = READ },
}
