-- Contact lists.

local batch = require "hubspot.batch"
local check = require "hubspot.check"
local contact_reads = require "hubspot.resource.contact_reads"
local core = require "hubspot.core"
local dated = require "hubspot.shape.dated"
local errors = require "hubspot.error"
local fold = require("hubspot.text").fold
local id_numbers = require("hubspot.id").numbers
local operation = require "hubspot.operation"
local v1 = require "hubspot.shape.v1"

-- From this date HubSpot answers 404 to the v1 lists.
local REMOVED = "2026-04-30"

local IDS_A_TRANSLATION = 10000
local RECORDS_A_CHANGE = { v1 = 500, current = 10000 }

-- Legacy ids -----------------------------------------------------------------------------------------------------

local translate_route = {
  method = "POST",
  path = "/crm/lists/{api_version}/idmapping",
  body = { { from = "legacy_ids", encode = core.array } },
  read = true,
  idempotent = true,
  answer = dated.id_mapping,
}

-- A map from legacy ids to list ids, and the legacy ids that have none.
local function translate(call, legacy_ids)
  local answers, err = batch.read(
    legacy_ids,
    IDS_A_TRANSLATION,
    function(piece) return operation.send(call, translate_route, { legacy_ids = piece }) end,
    call.client.loop_for_background
  )
  if not answers then return nil, err end
  local map, missing = {}, {}
  for _, answer in ipairs(answers) do
    for _, pair in ipairs(answer.pairs) do
      map[pair.legacyListId] = pair.listId
    end
    for _, legacy_id in ipairs(answer.missing) do
      missing[#missing + 1] = legacy_id
    end
  end
  return map, missing
end

local function unknown_legacy_id(legacy_id)
  return errors.new {
    kind = "api",
    status = 404,
    category = "OBJECT_NOT_FOUND",
    message = ("HubSpot knows no list with the legacy id %s"):format(legacy_id),
  }
end

local function legacy_ids_in(list_ids)
  local legacy_ids = {}
  for _, list_id in ipairs(list_ids) do
    if type(list_id) == "table" then legacy_ids[#legacy_ids + 1] = list_id.legacy end
  end
  return legacy_ids
end

-- List ids in which legacy ones are replaced by what they are now, nil where there is no such list. On v1 they are ids
-- as they are.
local function resolve(call, list_ids)
  local legacy_ids, map = legacy_ids_in(list_ids), {}
  if #legacy_ids > 0 and call.route_name ~= "v1" then
    local err
    map, err = translate(call, legacy_ids)
    if not map then return nil, err end
  end
  local resolved = {}
  for index, list_id in ipairs(list_ids) do
    local legacy_id = type(list_id) == "table" and list_id.legacy
    resolved[index] = not legacy_id and list_id or call.route_name == "v1" and legacy_id or map[legacy_id]
  end
  return resolved
end

local function resolve_id(call)
  local list_id = call.values.id
  local resolved, err = resolve(call, { list_id })
  if not resolved then return nil, err end
  if not resolved[1] then return nil, unknown_legacy_id(list_id.legacy) end
  call.values.id = resolved[1]
  return true
end

local function resolve_ids(call)
  local list_ids, known = call.values.ids, {}
  local resolved, err = resolve(call, list_ids)
  if not resolved then return nil, err end
  for index = 1, #list_ids do
    known[#known + 1] = resolved[index]
  end
  call.values.ids = known
  return true
end

-- Definitions ----------------------------------------------------------------------------------------------------

local v1_fields = {
  name = { type = check.string, description = "unique among the account's lists" },
  dynamic = { type = check.boolean, description = "whether filters decide who is in it" },
  filters = { type = check.documented "table[][]", description = "a list (or) of lists (and) of filters" },
}

local processing_type = check.one_of { "MANUAL", "DYNAMIC", "SNAPSHOT" }

local current_fields = {
  name = { type = check.string, description = "unique among the account's lists" },
  processingType = { type = processing_type, description = "MANUAL where there is no filterBranch" },
  filterBranch = {
    type = check.documented "hubspot.FilterBranch",
    description = "the filters, as HubSpot's documentation spells them",
  },
  objectTypeId = { type = check.string, description = '"0-1", contacts, when left out' },
  listFolderId = { type = check.id, description = "the folder to put it in" },
  customProperties = { type = check.properties_or_none, description = "properties of the list by name" },
  listPermissions = { type = check.documented "table<string, any>", description = "who may edit it" },
  membershipSettings = { type = check.documented "table<string, any>", description = "team of its members" },
}

-- A table with these fields, of which `complaint(definition)` finds none wrong.
local function definition_type(class, description, fields, complaint)
  return check.refined(check.fields(description, fields, class), function(definition, place)
    local wrong = complaint(definition)
    if wrong then return nil, ("%s %s"):format(place, wrong) end
    return definition
  end)
end

local function needs_a_name(definition) return not definition.name and "needs a name" or nil end

local function needs_name_and_type(definition)
  if definition.filterBranch and not definition.processingType then
    return 'with a filterBranch needs processingType = "DYNAMIC" or "SNAPSHOT"'
  end
  return needs_a_name(definition)
end

local creation = {
  v1 = definition_type("hubspot.ListDefinition", "a table { name =, dynamic =, filters = }", v1_fields, needs_a_name),
  current = definition_type(
    "hubspot.ListDefinition",
    "a table { name =, processingType =, filterBranch = }",
    current_fields,
    needs_name_and_type
  ),
}

local function must_change_something(definition) return next(definition) == nil and "must name what to change" or nil end

local changes = {
  v1 = definition_type(
    "hubspot.ListChanges",
    "a table { name =, dynamic =, filters = }",
    v1_fields,
    must_change_something
  ),
  current = definition_type(
    "hubspot.ListChanges",
    "a table { name =, filterBranch = }",
    { name = current_fields.name, filterBranch = current_fields.filterBranch },
    must_change_something
  ),
}

-- Changing a list ------------------------------------------------------------------------------------------------

local filters_route = {
  method = "PUT",
  path = "/crm/lists/{api_version}/{id}/update-list-filters",
  body = { { "filterBranch", from = "filterBranch", encode = dated.filter_branch } },
  idempotent = true,
  answer = dated.list,
}

local name_route = {
  method = "PUT",
  path = "/crm/lists/{api_version}/{id}/update-list-name",
  query = { { "listName", from = "name" }, { "includeFilters", value = true } },
  idempotent = true,
  answer = dated.list,
}

-- The filters first: they are what HubSpot refuses most, and then nothing has changed.
local function update_dated(call)
  local id, list, err = call.values.id, nil, nil
  local wanted = call.values.changes
  if wanted.filterBranch then
    list, err = operation.send(call, filters_route, { id = id, filterBranch = wanted.filterBranch })
    if not list then return nil, err end
  end
  if wanted.name then
    local renamed
    renamed, err = operation.send(call, name_route, { id = id, name = wanted.name })
    if not renamed and list then
      err.message = "the filters were changed, the name was not: " .. err.message
      errors.mark_ambiguous(err, true)
    end
    list = renamed
  end
  return list, err
end

-- Members --------------------------------------------------------------------------------------------------------

local members_type = check.refined(
  check.fields("a table { ids = {…}, emails = {…} }", {
    ids = { type = check.list_of(check.id, "ids", true), description = "contacts by id" },
    emails = { type = check.list_of(check.email, "e-mail addresses", true), description = "contacts by address" },
  }, "hubspot.ListMembers"),
  function(members, place)
    members.ids, members.emails = members.ids or {}, members.emails or {}
    if #members.ids + #members.emails == 0 then return nil, place .. " must name at least one contact" end
    return members
  end
)

local function append(list, items)
  for _, item in ipairs(items) do
    list[#list + 1] = item
  end
end

local function v1_change_route(path, done)
  return {
    method = "POST",
    path = path,
    removed = REMOVED,
    body = {
      { "vids", from = "ids", encode = id_numbers },
      { "emails", from = "emails", encode = core.array },
    },
    idempotent = true,
    answer = v1.membership_change(done),
  }
end

-- Lists after each other, each value once; e-mail addresses are one in any case.
local function distinct(...)
  local all, seen = {}, {}
  for _, list in ipairs { ... } do
    for _, value in ipairs(list) do
      local folded = fold(value)
      if not seen[folded] then all[#all + 1] = value end
      seen[folded] = true
    end
  end
  return all
end

-- At most so many ids and addresses a request, together.
local function v1_pieces(members)
  local named = {}
  for _, id in ipairs(distinct(members.ids)) do
    named[#named + 1] = { "ids", id }
  end
  for _, address in ipairs(distinct(members.emails)) do
    named[#named + 1] = { "emails", address }
  end
  local pieces = {}
  for index, piece in ipairs(batch.pieces(named, RECORDS_A_CHANGE.v1)) do
    pieces[index] = { ids = {}, emails = {} }
    for _, pair in ipairs(piece) do
      table.insert(pieces[index][pair[1]], pair[2])
    end
  end
  return pieces
end

local function empty_outcome(done, missing_emails)
  return { [done] = {}, unchanged = {}, missing_ids = {}, missing_emails = missing_emails or {} }
end

-- Sends the pieces of a change, and adds what was answered to an outcome. Where one failed, the outcome says so; where
-- none succeeded, nothing has changed and there is none. Returns the pieces that were not done, too.
local function send_changes(call, route, pieces, outcome)
  local answers, err = batch.each(pieces, function(piece)
    local changed, change_err =
      operation.send(call, route, { id = call.values.id, ids = piece.ids, emails = piece.emails })
    if changed ~= true then return changed, change_err end
    return nil,
      errors.new {
        kind = "decode",
        ambiguous = true,
        message = "HubSpot answered a change of a list with an empty body: it may have been made or not",
      }
  end, call.client.loop_for_background)
  if err and next(answers) == nil then return nil, err end
  local undone = {}
  for index, piece in ipairs(pieces) do
    if not answers[index] then undone[#undone + 1] = piece end
    for name, list in pairs(answers[index] or {}) do
      append(outcome[name], list)
    end
  end
  outcome.stopped_by = err
  return outcome, undone
end

local function change_members_v1(route, done)
  return function(call)
    local outcome, undone = send_changes(call, route, v1_pieces(call.values.members), empty_outcome(done))
    if not outcome then return nil, undone end
    if not outcome.stopped_by then return outcome end
    outcome.failed_ids, outcome.failed_emails = {}, {}
    for _, piece in ipairs(undone) do
      append(outcome.failed_ids, piece.ids)
      append(outcome.failed_emails, piece.emails)
    end
    return outcome
  end
end

-- The contacts that have one of the addresses, by address; the addresses without one; the contacts without any, which
-- HubSpot found by another spelling than theirs.
local function owners_among(contacts, emails)
  local owner, ids, missing, named, strays = {}, {}, {}, {}, {}
  for _, contact in ipairs(contacts) do
    for _, address in ipairs(dated.keys_of_emails(contact)) do
      owner[address] = contact.id
    end
  end
  for _, address in ipairs(emails) do
    local id = owner[fold(address)]
    ids[address] = id
    if id then
      named[id] = true
    else
      missing[#missing + 1] = address
    end
  end
  for _, contact in ipairs(contacts) do
    if not named[contact.id] then strays[#strays + 1] = contact.id end
  end
  return { ids = ids, missing = missing, strays = strays }
end

-- The list API takes ids only. Returns those of the addresses, by address, and the addresses that no contact has. A
-- contact that came under another spelling belongs to the address without one; where there are several of these, they
-- are read in halves.
local function ids_of_emails(call, emails)
  if #emails == 0 then return {}, {} end
  local options = operation.hand_on(call, { properties = { "email" } })
  local contacts, err = call.client.contacts:get_many_by_email(emails, options)
  if not contacts then return nil, err end
  local found = owners_among(contacts, emails)
  if #found.strays == 0 or #found.missing == 0 then return found.ids, found.missing end
  if #found.missing == 1 then
    found.ids[found.missing[1]] = found.strays[1]
    return found.ids, {}
  end
  local missing = {}
  for _, half in ipairs(batch.pieces(found.missing, math.ceil(#found.missing / 2))) do
    local ids, none = ids_of_emails(call, half)
    if not ids then return nil, none end
    for address, id in pairs(ids) do
      found.ids[address] = id
    end
    append(missing, none)
  end
  return found.ids, missing
end

local function change_route(path, done)
  return {
    method = "PUT",
    path = path,
    body = { { from = "ids", encode = core.array } },
    idempotent = true,
    answer = dated.membership_change(done),
  }
end

-- Whom the pieces that were not done would have changed, as the caller named them.
local function name_failed(outcome, undone, members, id_of_email)
  local failed = {}
  for _, piece in ipairs(undone) do
    for _, contact_id in ipairs(piece.ids) do
      failed[contact_id] = true
    end
  end
  outcome.failed_ids, outcome.failed_emails = {}, {}
  for _, contact_id in ipairs(distinct(members.ids)) do
    if failed[contact_id] then table.insert(outcome.failed_ids, contact_id) end
  end
  for _, address in ipairs(distinct(members.emails)) do
    if failed[id_of_email[address]] then table.insert(outcome.failed_emails, address) end
  end
end

local function change_members_dated(route, done)
  return function(call)
    local members = call.values.members
    local id_of_email, missing_emails = ids_of_emails(call, members.emails)
    if not id_of_email then return nil, missing_emails end
    local found = {}
    for _, address in ipairs(members.emails) do
      found[#found + 1] = id_of_email[address]
    end
    local pieces = {}
    for index, ids in ipairs(batch.pieces(distinct(members.ids, found), RECORDS_A_CHANGE.current)) do
      pieces[index] = { ids = ids }
    end
    local outcome, undone = send_changes(call, route, pieces, empty_outcome(done, missing_emails))
    if not outcome then return nil, undone end
    if outcome.stopped_by then name_failed(outcome, undone, members, id_of_email) end
    return outcome
  end
end

local v1_add_route = v1_change_route("/contacts/v1/lists/{id}/add", "added")
local v1_remove_route = v1_change_route("/contacts/v1/lists/{id}/remove", "removed")
local add_route = change_route("/crm/lists/{api_version}/{id}/memberships/add", "added")
local remove_route = change_route("/crm/lists/{api_version}/{id}/memberships/remove", "removed")

local MEMBERS = contact_reads.current.batch

-- Which of some contacts are in the list.
local function members_among(call, ids)
  local found, err = operation.send(call, contact_reads.memberships, { ids = ids })
  if not found then return nil, err end
  local members = {}
  for _, record in ipairs(found) do
    for _, membership in ipairs(record.recordListMemberships or {}) do
      if membership.listId == call.values.id then members[record.recordId] = true end
    end
  end
  return members
end

-- A member that was merged into another contact answers as that one. It stands for it, unless that one is a member
-- itself: then it comes in its own place, on this page or on another.
local function without_members_elsewhere(call, contacts, listed)
  local strays, kept = {}, {}
  for _, contact in ipairs(contacts) do
    if not listed[contact.id] then strays[#strays + 1] = contact.id end
  end
  if #strays == 0 then return contacts end
  local members, err = members_among(call, strays)
  if not members then return nil, err end
  for _, contact in ipairs(contacts) do
    if listed[contact.id] or not members[contact.id] then kept[#kept + 1] = contact end
  end
  return kept
end

-- A page of memberships holds ids: the contacts behind them are read in batches.
local function read_members(call, members)
  if #members == 0 then return members end
  local ids, joined = {}, {}
  for index, member in ipairs(members) do
    ids[index], joined[member.recordId] = member.recordId, member.membershipTimestamp
  end
  local options = operation.hand_on(call, {
    properties = call.options.properties,
    with_history = call.options.with_history,
    list_memberships = call.options.list_memberships,
  })
  local contacts, err = call.client.contacts:get_many(ids, options)
  if not contacts then return nil, err end
  for _, contact in ipairs(contacts) do
    contact.membershipTimestamp = joined[contact.id]
    for _, merged_id in ipairs(contact.mergedIds or {}) do
      contact.membershipTimestamp = contact.membershipTimestamp or joined[merged_id]
    end
  end
  return without_members_elsewhere(call, contacts, joined)
end

local member_options = {
  properties = { type = check.names, description = "names of the properties to read; by default HubSpot's own choice" },
  with_history = { type = check.true_or_names, description = "earlier values too: of all properties, or of these" },
  list_memberships = { type = check.boolean, description = "true reads the lists that the contact is in" },
  form_submissions = {
    type = check.one_of { "all", "none", "newest", "oldest" },
    description = "which form submissions to read",
  },
}

local function members_route(path, kind, documentation)
  return {
    method = "GET",
    path = path,
    query = { dated.history_check },
    options = { "properties", "with_history", "list_memberships" },
    idempotent = true,
    answer = dated.memberships,
    items = "results",
    paging = kind,
    page_size = 250,
    names = { read = read_members, size = MEMBERS.size, history_size = MEMBERS.history_size },
    documentation = documentation,
  }
end

local function v1_members_route(path, kind, documentation)
  return {
    method = "GET",
    path = path,
    query = v1.contact_query,
    removed = REMOVED,
    details = contact_reads.v1,
    idempotent = true,
    answer = v1.members,
    items = "contacts",
    paging = kind,
    page_size = 100,
    documentation = documentation,
  }
end

-- Enumerating ----------------------------------------------------------------------------------------------------

local function v1_lists_route(path, documentation)
  return {
    method = "GET",
    path = path,
    removed = REMOVED,
    idempotent = true,
    answer = v1.lists,
    items = "lists",
    paging = "offset",
    page_size = 250,
    documentation = documentation,
  }
end

local function search_route(processing_types)
  return {
    method = "POST",
    path = "/crm/lists/{api_version}/search",
    body = {
      { "query", from = "query", encode = function(text) return text or "" end },
      { "processingTypes", value = core.array(processing_types) },
      { "listIds", value = core.array {} },
      { "additionalProperties", value = core.array { "hs_list_size" } },
      { "objectTypeId", value = "0-1" },
      { "offset", value = 0 },
    },
    idempotent = true,
    answer = dated.lists,
    items = "lists",
    paging = "offset",
    page_size = 500,
    documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/search/search-lists",
  }
end

local enumeration_options = {
  query = { type = check.string, description = "only lists with this in their name" },
}

-- Operations -----------------------------------------------------------------------------------------------------

local id = { name = "id", type = check.list_id, description = "the list's id" }

local include_filters = { type = check.boolean, description = "true reads the filterBranch too" }

return {
  create = {
    number = 5,
    summary = "Creates a list.",
    arguments = { { name = "definition", type = creation, description = "what it is to be" } },
    returns = "list",
    v1 = {
      method = "POST",
      path = "/contacts/v1/lists",
      removed = REMOVED,
      body = { { from = "definition", encode = v1.list_definition } },
      idempotent = false,
      answer = v1.list,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/v1/post-contacts-v1-lists",
    },
    current = {
      method = "POST",
      path = "/crm/lists/{api_version}",
      body = { { from = "definition", encode = dated.list_definition } },
      idempotent = false,
      answer = dated.list,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/create-list",
    },
  },

  get = {
    number = 22,
    summary = "Reads one list, without its members.",
    arguments = { id },
    options = { include_filters = include_filters },
    before = resolve_id,
    returns = "list",
    v1 = {
      method = "GET",
      path = "/contacts/v1/lists/{id}",
      removed = REMOVED,
      idempotent = true,
      answer = v1.list,
      documentation = "https://legacydocs.hubspot.com/docs/methods/lists/get_list",
    },
    current = {
      method = "GET",
      path = "/crm/lists/{api_version}/{id}",
      query = { { "includeFilters", from = "include_filters" } },
      idempotent = true,
      answer = dated.list,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/get-list-listId",
    },
  },

  get_many = {
    number = 17,
    summary = "Reads any number of lists by their ids. Unknown ones are left out.",
    arguments = { { name = "ids", type = check.list_ids, description = "the lists' ids" } },
    options = { include_filters = include_filters },
    before = resolve_ids,
    returns = "list[]",
    v1 = {
      method = "GET",
      path = "/contacts/v1/lists/batch",
      removed = REMOVED,
      query = { { "listId", from = "ids" } },
      batch = { over = "ids", size = 100 },
      idempotent = true,
      answer = v1.lists,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/v1/get-contacts-v1-lists-batch",
    },
    current = {
      method = "GET",
      path = "/crm/lists/{api_version}",
      query = { { "listIds", from = "ids" }, { "includeFilters", from = "include_filters" } },
      batch = { over = "ids", size = 100 },
      idempotent = true,
      answer = dated.lists,
      documentation = "https://developers.hubspot.com/docs/api-reference/2026-03/crm/lists/get-lists",
    },
  },

  update = {
    number = 51,
    summary = "Changes a list's name or filters.",
    arguments = { id, { name = "changes", type = changes, description = "what is to be different" } },
    before = resolve_id,
    returns = "list",
    v1 = {
      method = "POST",
      path = "/contacts/v1/lists/{id}",
      removed = REMOVED,
      body = { { from = "changes", encode = v1.list_definition } },
      idempotent = true,
      answer = v1.list,
      documentation = "https://legacydocs.hubspot.com/docs/methods/lists/update_list",
    },
    current = {
      run = update_dated,
      requests = { filters_route, name_route },
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide",
    },
  },

  delete = {
    number = 12,
    summary = "Deletes a list, not its contacts.",
    irreversible = "On v1 it can't be undone; on the current route HubSpot can restore it for 90 days.",
    arguments = { id },
    before = resolve_id,
    returns = "true",
    v1 = {
      method = "DELETE",
      path = "/contacts/v1/lists/{id}",
      removed = REMOVED,
      idempotent = true,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/v1/delete-contacts-v1-lists-list-id",
    },
    current = {
      method = "DELETE",
      path = "/crm/lists/{api_version}/{id}",
      idempotent = true,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/delete-list",
    },
  },

  all = {
    number = 29,
    summary = "Iterates over all contact lists.",
    options = enumeration_options,
    returns = "iterator of lists",
    v1 = v1_lists_route(
      "/contacts/v1/lists",
      "https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/v1/get-contacts-v1-lists"
    ),
    current = search_route {},
  },

  static = {
    number = 34,
    summary = "Iterates over the lists whose members are added by hand or were found once.",
    options = enumeration_options,
    returns = "iterator of lists",
    v1 = v1_lists_route(
      "/contacts/v1/lists/static",
      "https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/v1/get-contacts-v1-lists-static"
    ),
    current = search_route { "MANUAL", "SNAPSHOT" },
  },

  dynamic = {
    number = 33,
    summary = "Iterates over the lists whose filters decide who is in them.",
    options = enumeration_options,
    returns = "iterator of lists",
    v1 = v1_lists_route(
      "/contacts/v1/lists/dynamic",
      "https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/v1/get-contacts-v1-lists-dynamic"
    ),
    current = search_route { "DYNAMIC" },
  },

  contacts = {
    number = 35,
    summary = "Iterates over the contacts in a list, in the order of their ids.",
    arguments = { id },
    options = member_options,
    before = resolve_id,
    returns = "iterator of contacts with `membershipTimestamp`",
    v1 = v1_members_route(
      "/contacts/v1/lists/{id}/contacts/all",
      "vid_offset",
      "https://legacydocs.hubspot.com/docs/methods/lists/get_list_contacts"
    ),
    current = members_route(
      "/crm/lists/{api_version}/{id}/memberships",
      "after",
      "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/memberships/get-memberships-by-id"
    ),
  },

  recent_contacts = {
    number = 38,
    summary = "Iterates over the contacts in a list, the latest to join first. HubSpot's current API counts from the "
      .. "first to join, so the ids of all members are paged through before the first contact comes.",
    arguments = { id },
    options = member_options,
    before = resolve_id,
    returns = "iterator of contacts with `membershipTimestamp`",
    v1 = v1_members_route(
      "/contacts/v1/lists/{id}/contacts/recent",
      "vid_and_time_offset",
      "https://legacydocs.hubspot.com/docs/methods/lists/get_list_contacts_recent"
    ),
    current = members_route(
      "/crm/lists/{api_version}/{id}/memberships/join-order",
      "after_backwards",
      "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/memberships/get-memberships-by-added-date"
    ),
  },

  add = {
    number = 1,
    summary = "Adds contacts to a list, by id or e-mail address. Not for lists whose filters decide.",
    arguments = { id, { name = "members", type = members_type, description = "who is to be in it" } },
    before = resolve_id,
    returns = "`{ added = ids, unchanged = ids, missing_ids = ids, missing_emails = addresses }`",
    v1 = {
      run = change_members_v1(v1_add_route, "added"),
      requests = { v1_add_route },
      documentation = "https://legacydocs.hubspot.com/docs/methods/lists/add_contact_to_list",
    },
    current = {
      run = change_members_dated(add_route, "added"),
      requests = { add_route },
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/memberships/add-to-list",
    },
  },

  remove = {
    summary = "Removes contacts from a list, by id or e-mail address. Not for lists whose filters decide.",
    arguments = { id, { name = "members", type = members_type, description = "who is to be out of it" } },
    before = resolve_id,
    returns = "`{ removed = ids, unchanged = ids, missing_ids = ids, missing_emails = addresses }`",
    v1 = {
      run = change_members_v1(v1_remove_route, "removed"),
      requests = { v1_remove_route },
      documentation = "https://legacydocs.hubspot.com/docs/methods/lists/remove_contact_from_list",
    },
    current = {
      run = change_members_dated(remove_route, "removed"),
      requests = { remove_route },
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/lists/guide",
    },
  },

  translate_ids = {
    summary = "Translates ids of v1 lists: the same number can name two different lists.",
    arguments = { { name = "legacy_ids", type = check.ids, description = "ids of v1 lists" } },
    returns = "map from legacy id to list id, and the legacy ids that have none",
    current = {
      run = function(call) return translate(call, call.values.legacy_ids) end,
      requests = { translate_route },
      documentation = "https://developers.hubspot.com/docs/api-reference/2026-03/crm/lists/id-mapping/translate-id-batch",
    },
  },
}
