-- Contacts.

local attribute = require "hubspot.batch.attribution"
local batch = require "hubspot.batch"
local check = require "hubspot.check"
local contact_reads = require "hubspot.resource.contact_reads"
local core = require "hubspot.core"
local dated = require "hubspot.shape.dated"
local errors = require "hubspot.error"
local id_number = require("hubspot.id").number
local fold = require("hubspot.text").fold
local must = require "hubspot.shape.must"
local operation = require "hubspot.operation"
local v1 = require "hubspot.shape.v1"
local wire_types = require "hubspot.wire_types"
local write_rows = require "hubspot.batch.write"

local id = { name = "id", type = check.id, description = "the contact's id" }
local email = { name = "email", type = check.email, description = "an e-mail address of the contact" }
local utk = { name = "utk", type = check.segment, description = "the visitor's token, from the cookie hubspotutk" }
local properties = { name = "properties", type = check.properties, description = "values by property name" }

local form_submissions = {
  type = check.one_of { "all", "none", "newest", "oldest" },
  description = "which form submissions to read",
}

-- Options of what reads contacts.
local read_options = {
  properties = { type = check.names, description = "names of the properties to read; by default HubSpot's own choice" },
  with_history = { type = check.true_or_names, description = "earlier values too: of all properties, or of these" },
  associations = { type = check.names, description = "types of records whose associations to read" },
  archived = { type = check.boolean, description = "true reads deleted contacts" },
  list_memberships = { type = check.boolean, description = "true reads the lists that the contact is in" },
  form_submissions = form_submissions,
}

local function read_option_set(names, more)
  local set = {}
  for _, name in ipairs(names) do
    set[name] = read_options[name]
  end
  for name, option in pairs(more or {}) do
    set[name] = option
  end
  return set
end

local v1_option_names = { "properties", "with_history", "list_memberships", "form_submissions" }
local batch_option_names = { "properties", "with_history", "list_memberships", "form_submissions", "archived" }

local include_deleted = { type = check.boolean, description = "true gives deleted contacts too" }

-- List memberships of the dated API --------------------------------------------------------------------------

local function read_list_memberships(call, contacts)
  local by_id, ids = {}, {}
  for index, contact in ipairs(contacts) do
    by_id[contact.id], ids[index] = contact, contact.id
    contact.listMemberships = {}
  end
  local found, err = batch.read(
    ids,
    100,
    function(piece) return operation.send(call, contact_reads.memberships, { ids = piece }) end,
    call.client.loop_for_background
  )
  if not found then return nil, err end
  for _, record in ipairs(found) do
    local contact = by_id[record.recordId]
    if contact then contact.listMemberships = record.recordListMemberships or {} end
  end
  return contacts
end

-- Gives contacts their `listMemberships`, where the caller asked for them. Apart from the reading, since LuaJIT
-- compiles no return from a function that has closures.
local function add_list_memberships(call, contacts)
  if not call.options.list_memberships or #contacts == 0 then return contacts end
  return read_list_memberships(call, contacts)
end

local CURRENT_READ_OPTIONS = { "list_memberships" }

-- Single reads that go out together -------------------------------------------------------------------------

local coalesce = {
  type = check.boolean,
  description = "true sends reads that are made at the same time, with the same options, as one batch read",
}

local single_read_options = read_option_set(
  { "properties", "with_history", "associations", "archived", "list_memberships", "form_submissions" },
  { coalesce = coalesce }
)

local function check_coalesce(values)
  for _, name in ipairs { "associations", "raw" } do
    if values.coalesce and values[name] then return ("options coalesce and %s exclude each other"):format(name) end
  end
end

local function ids_of(contact)
  local ids = { contact.id }
  for _, merged in ipairs(contact.mergedIds or {}) do
    ids[#ids + 1] = merged
  end
  return ids
end

local coalesced_by_id = {
  argument = "id",
  keys = ids_of,
  read = function(client, values, options) return client.contacts:get_many(values, options) end,
}

local coalesced_by_email = {
  argument = "email",
  keys = dated.keys_of_emails,
  properties = { "email", "hs_additional_emails" },
  read = function(client, values, options) return client.contacts:get_many_by_email(values, options) end,
}

-- Scans ------------------------------------------------------------------------------------------------------

local scan_options = read_option_set(
  { "properties", "with_history", "associations", "archived", "list_memberships", "form_submissions" },
  {
    parallel = { type = check.integer(1, 100), description = "pages read at the same time: 1 when left out" },
    ordered = {
      type = check.boolean,
      description = "true gives the contacts in the order of their ids where several pages are read at a time",
    },
  }
)

local function check_scan(values)
  if (values.parallel or 1) > 1 and values.raw then return "options parallel and raw exclude each other" end
end

local function id_filter(operator, value) return { propertyName = "hs_object_id", operator = operator, value = value } end

local function id_range(first, values)
  return core.array { { filters = { id_filter("GT", first), id_filter("LTE", values.last) } } }
end

-- How many contacts there are with ids behind `first` up to `last`.
local count_route = {
  method = "POST",
  path = "/crm/objects/{api_version}/contacts/search",
  bucket = "search",
  body = { { "filterGroups", from = "first", encode = id_range }, { "limit", value = 1 } },
  read = true,
  idempotent = true,
  answer = function(answer) return must.number(answer.total, "total") end,
}

local read_by_id = { options = CURRENT_READ_OPTIONS, complete = add_list_memberships }
for name, value in pairs(contact_reads.current) do
  read_by_id[name] = value
end

-- Writing many -----------------------------------------------------------------------------------------------

local function record_key(record) return record.id and "id " .. record.id or "email " .. fold(record.email) end

-- Each input is traced by its index, by which HubSpot names those that failed.
local function write_inputs(id_property)
  return function(rows)
    local inputs = {}
    for place, row in ipairs(rows) do
      inputs[place] = {
        id = row.input.id or row.input.email,
        idProperty = id_property,
        properties = row.input.properties,
        objectWriteTraceId = tostring(row.index),
      }
    end
    return core.array(inputs)
  end
end

local function keys_of_row(row) return { row.input.id or row.input.email } end

local function keys_of_result(result) return { result.id, result.properties and result.properties.email } end

local NAMING = { of_row = keys_of_row, of_result = keys_of_result, fold = fold }

local function written(answer, values, uncertain)
  return attribute(dated.written_contacts(answer), values.rows, NAMING, uncertain)
end

local upsert_route = {
  method = "POST",
  path = "/crm/objects/{api_version}/contacts/batch/upsert",
  body = { { "inputs", from = "rows", encode = write_inputs "email" } },
  idempotent = true,
  answer = written,
}

local update_route = {
  method = "POST",
  path = "/crm/objects/{api_version}/contacts/batch/update",
  body = { { "inputs", from = "rows", encode = write_inputs() } },
  idempotent = true,
  answer = written,
}

local function v1_records(rows)
  local records = {}
  for place, row in ipairs(rows) do
    local input = row.input
    records[place] = {
      vid = input.id and id_number(input.id),
      email = input.email,
      properties = v1.property_list(input.properties),
    }
  end
  return core.array(records)
end

local v1_batch_route = {
  method = "POST",
  path = "/contacts/v1/contact/batch/",
  query = { { "auditId", from = "audit_id" } },
  body = { { from = "rows", encode = v1_records } },
  idempotent = true,
}

local function send_dated(call, route)
  return function(rows)
    local told, err = operation.send(call, route, { rows = rows })
    if told == true then return attribute({}, rows, NAMING) end
    return told, err
  end
end

local function send_v1(call)
  return function(rows)
    local accepted, err = operation.send(call, v1_batch_route, { rows = rows, audit_id = call.options.audit_id })
    if not accepted then return nil, err end
    local records = {}
    for place, row in ipairs(rows) do
      records[place] =
        { id = row.input.id, email = row.input.email, properties = row.input.properties, index = row.index }
    end
    return { results = records, failures = {}, left_out = {} }
  end
end

-- HubSpot upserts by e-mail address and updates by id, in requests of their own.
local function upsert_many_dated(call)
  local by_email, by_id = {}, {}
  for index, record in ipairs(call.values.records) do
    table.insert(record.email and by_email or by_id, { index = index, input = record })
  end
  return write_rows({
    { rows = by_email, send = send_dated(call, upsert_route) },
    { rows = by_id, send = send_dated(call, update_route) },
  }, 100, record_key, call.client.loop_for_background)
end

local function upsert_many_v1(call)
  local rows = {}
  for index, record in ipairs(call.values.records) do
    rows[index] = { index = index, input = record }
  end
  return write_rows({ { rows = rows, send = send_v1(call) } }, 100, record_key, call.client.loop_for_background)
end

local function upsert_input(address, values)
  return core.array { { id = address, idProperty = "email", properties = values.properties } }
end

local function upserted(answer)
  local contact = answer.results and answer.results[1]
  if contact then return dated.contact(contact) end
  local failure = answer.errors and answer.errors[1]
  if not failure then return nil, "HubSpot answered an upsert without a result" end
  return nil, errors.from_failures { failure }
end

-- Searching ----------------------------------------------------------------------------------------------------

local newest_first_options = read_option_set(v1_option_names, {
  since = { type = check.time, description = "the earliest time, in milliseconds since 1970 or in ISO 8601" },
})

local function newest_first_route(property)
  return {
    method = "POST",
    path = "/crm/objects/{api_version}/contacts/search",
    bucket = "search",
    body = dated.newest_first_body(property),
    options = { "since", "list_memberships" },
    details = contact_reads.current,
    idempotent = true,
    answer = dated.contacts,
    items = "results",
    paging = "search_newest_first",
    newest_by = property,
    page_size = 200,
    complete = add_list_memberships,
    documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/search/search-contacts",
  }
end

local function v1_recent_route(path, documentation)
  return {
    method = "GET",
    path = path,
    query = v1.contact_query,
    options = { "since" },
    details = contact_reads.v1,
    idempotent = true,
    answer = v1.contacts,
    items = "contacts",
    paging = "vid_and_time_offset",
    page_size = 100,
    documentation = documentation,
  }
end

-- One of two years may be a leap year.
local TWO_YEARS_MS = (365 + 366) * 86400000

local function check_window(values)
  if values.from > values.to then return "option from must not be after option to" end
  if values.to - values.from > TWO_YEARS_MS then return "options from and to must be at most two years apart" end
end

-- Operations -----------------------------------------------------------------------------------------------------

return {
  get = {
    number = 21,
    summary = "Reads one contact by its id.",
    arguments = { id },
    coalesce = coalesced_by_id,
    options = single_read_options,
    validate = check_coalesce,
    returns = "contact",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/vid/{id}/profile",
      query = v1.contact_query,
      options = { "coalesce" },
      details = contact_reads.v1,
      idempotent = true,
      answer = v1.contact,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactvidvid-profile",
    },
    current = {
      method = "GET",
      path = "/crm/objects/{api_version}/contacts/{id}",
      query = dated.contact_query,
      options = { "list_memberships", "coalesce" },
      details = contact_reads.current,
      idempotent = true,
      answer = dated.contact,
      complete = add_list_memberships,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide",
    },
  },

  get_by_email = {
    number = 19,
    summary = "Reads one contact by its e-mail address.",
    arguments = { email },
    coalesce = coalesced_by_email,
    options = single_read_options,
    validate = check_coalesce,
    returns = "contact",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/email/{email}/profile",
      query = v1.contact_query,
      options = { "coalesce" },
      details = contact_reads.v1,
      idempotent = true,
      answer = v1.contact,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm-contacts-v1/get-contacts-v1-contact-email-contact-email-profile",
    },
    current = {
      method = "GET",
      path = "/crm/objects/{api_version}/contacts/{email}",
      query = dated.contact_by_email_query,
      options = { "list_memberships", "coalesce" },
      details = contact_reads.current,
      idempotent = true,
      answer = dated.contact,
      complete = add_list_memberships,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide",
    },
  },

  get_by_utk = {
    number = 20,
    summary = "Reads one contact by a visitor's token.",
    arguments = { utk },
    options = read_option_set(v1_option_names),
    returns = "contact",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/utk/{utk}/profile",
      query = v1.contact_query,
      details = contact_reads.v1,
      idempotent = true,
      answer = v1.contact,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactutkcontactutk-profile",
    },
  },

  get_many = {
    number = 16,
    summary = "Reads any number of contacts by their ids. Unknown ones are left out.",
    arguments = { { name = "ids", type = check.ids, description = "the contacts' ids" } },
    options = read_option_set(batch_option_names, { include_deleted = include_deleted }),
    returns = "contact[]",
    v1 = contact_reads.v1,
    current = read_by_id,
  },

  get_many_by_email = {
    number = 14,
    summary = "Reads any number of contacts by their e-mail addresses. Unknown ones are left out.",
    arguments = { { name = "emails", type = check.emails, description = "the contacts' e-mail addresses" } },
    options = read_option_set(batch_option_names, { include_deleted = include_deleted }),
    returns = "contact[]",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/emails/batch/",
      query = v1.extend(v1.contact_query, { "email", from = "emails" }, { "includeDeletes", from = "include_deleted" }),
      batch = { over = "emails", size = 100 },
      details = contact_reads.v1,
      idempotent = true,
      answer = v1.contacts_by_email,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm-contacts-v1/get-contacts-v1-contact-email-s-batch",
    },
    current = {
      method = "POST",
      path = "/crm/objects/{api_version}/contacts/batch/read",
      query = { { "archived", from = "archived" } },
      body = dated.batch_read_by_email_body,
      options = CURRENT_READ_OPTIONS,
      batch = { over = "emails", size = 100, history_size = 50 },
      idempotent = true,
      answer = dated.contacts_by_email,
      complete = add_list_memberships,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/get-contacts",
    },
  },

  get_many_by_utk = {
    number = 15,
    summary = "Reads any number of contacts by visitors' tokens. Unknown ones are left out.",
    arguments = {
      {
        name = "utks",
        type = check.list_of(check.segment, "visitor tokens"),
        description = "the visitors' tokens",
      },
    },
    options = read_option_set(v1_option_names, { include_deleted = include_deleted }),
    returns = "contact[]",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/utks/batch/",
      query = v1.extend(v1.contact_query, { "utk", from = "utks" }, { "includeDeletes", from = "include_deleted" }),
      batch = { over = "utks", size = 100 },
      details = contact_reads.v1,
      idempotent = true,
      answer = v1.contacts_by_utk,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactbyUtk-batch",
    },
  },

  create = {
    number = 4,
    summary = "Creates a contact. One with the same e-mail address is a conflict; the error has its `existing_id`.",
    arguments = { properties },
    options = {
      associations = {
        type = check.documented "hubspot.NewAssociation[]",
        description = "associations, as HubSpot's documentation spells them",
      },
    },
    returns = "contact",
    v1 = {
      method = "POST",
      path = "/contacts/v1/contact/",
      body = v1.properties_body,
      idempotent = false,
      answer = v1.contact,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact",
    },
    current = {
      method = "POST",
      path = "/crm/objects/{api_version}/contacts",
      body = { { "properties", from = "properties" }, { "associations", from = "associations" } },
      idempotent = false,
      answer = dated.contact,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/create-contact",
    },
  },

  update = {
    number = 49,
    summary = "Updates a contact by its id. An empty value clears its property.",
    arguments = { id, properties },
    returns = "contact, true on v1",
    v1 = {
      method = "POST",
      path = "/contacts/v1/contact/vid/{id}/profile",
      body = v1.properties_body,
      idempotent = true,
      documentation = "https://legacydocs.hubspot.com/docs/methods/contacts/update_contact",
    },
    current = {
      method = "PATCH",
      path = "/crm/objects/{api_version}/contacts/{id}",
      body = { { "properties", from = "properties" } },
      idempotent = true,
      answer = dated.contact,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/update-contact",
    },
  },

  update_by_email = {
    number = 48,
    summary = "Updates a contact by its e-mail address. An empty value clears its property.",
    arguments = { email, properties },
    returns = "contact, true on v1",
    v1 = {
      method = "POST",
      path = "/contacts/v1/contact/email/{email}/profile",
      body = v1.properties_body,
      idempotent = true,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact-email-email-profile",
    },
    current = {
      method = "PATCH",
      path = "/crm/objects/{api_version}/contacts/{email}",
      query = { { "idProperty", value = "email" } },
      body = { { "properties", from = "properties" } },
      idempotent = true,
      answer = dated.contact,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/update-contact",
    },
  },

  upsert = {
    number = 7,
    summary = "Creates a contact, or updates the one with this e-mail address. `new` tells which.",
    arguments = { email, properties },
    returns = "contact with `new`; on v1 `{ id =, new = }`",
    v1 = {
      method = "POST",
      path = "/contacts/v1/contact/createOrUpdate/email/{email}/",
      body = v1.properties_body,
      idempotent = true,
      answer = v1.upserted,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact-create-OrUpdate-email-contact-email",
    },
    current = {
      method = "POST",
      path = "/crm/objects/{api_version}/contacts/batch/upsert",
      body = { { "inputs", from = "email", encode = upsert_input } },
      idempotent = true,
      answer = upserted,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/upsert-contacts",
    },
  },

  upsert_many = {
    number = 3,
    summary = "Creates or updates any number of contacts. A record that HubSpot refuses fails alone.",
    arguments = {
      {
        name = "records",
        type = check.records,
        description = "`{ email = or id =, properties = { … } }` each; one with an id must exist",
      },
    },
    options = { audit_id = { type = check.string, description = "names the source of the change" } },
    returns = "`{ results = {…}, errors = {…}, stopped_by = }`, each result and error with the `index` of its record",
    v1 = {
      run = upsert_many_v1,
      options = { "audit_id" },
      requests = { v1_batch_route },
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/delete-contacts-v1-contact-batch",
    },
    current = {
      run = upsert_many_dated,
      requests = { upsert_route, update_route },
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/upsert-contacts",
    },
  },

  delete = {
    number = 11,
    summary = "Deletes a contact.",
    irreversible = "HubSpot's API can't bring it back; in HubSpot itself it can be restored for 90 days.",
    arguments = { id },
    returns = "true",
    v1 = {
      method = "DELETE",
      path = "/contacts/v1/contact/vid/{id}",
      idempotent = true,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/delete-contacts-v1-contactvidcontact-id",
    },
    current = {
      method = "DELETE",
      path = "/crm/objects/{api_version}/contacts/{id}",
      idempotent = true,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/delete-contact",
    },
  },

  merge = {
    number = 44,
    summary = "Merges the second contact into the first.",
    irreversible = "It can't be undone.",
    arguments = {
      { name = "primary_id", type = check.id, description = "the contact that stays" },
      { name = "secondary_id", type = check.id, description = "the contact that goes into it" },
    },
    returns = "contact, true on v1",
    v1 = {
      -- Its answer is the bare word SUCCESS, which is not JSON.
      method = "POST",
      path = "/contacts/v1/contact/merge-vids/{primary_id}/",
      body = { { "vidToMerge", from = "secondary_id", encode = id_number } },
      idempotent = false,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact-merge-vidscontact-id",
    },
    current = {
      method = "POST",
      path = "/crm/objects/{api_version}/contacts/merge",
      body = { { "primaryObjectId", from = "primary_id" }, { "objectIdToMerge", from = "secondary_id" } },
      idempotent = false,
      answer = dated.contact,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/merge-contacts",
    },
  },

  all = {
    number = 30,
    summary = "Iterates over all contacts, in the order of their ids; with `parallel`, by parts unless `ordered`.",
    options = scan_options,
    validate = check_scan,
    count = count_route,
    returns = "iterator of contacts",
    v1 = {
      method = "GET",
      path = "/contacts/v1/lists/all/contacts/all",
      query = v1.contact_query,
      options = { "parallel", "ordered" },
      details = contact_reads.v1,
      idempotent = true,
      answer = v1.contacts,
      items = "contacts",
      paging = "vid_offset",
      page_size = 100,
      documentation = "https://legacydocs.hubspot.com/docs/methods/contacts/get_contacts",
    },
    current = {
      method = "GET",
      path = "/crm/objects/{api_version}/contacts",
      query = dated.contact_query,
      options = { "list_memberships", "parallel", "ordered" },
      details = contact_reads.current,
      idempotent = true,
      answer = dated.contacts,
      items = "results",
      paging = "after",
      page_size = 100,
      history_page_size = 50,
      complete = add_list_memberships,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/get-contacts",
    },
  },

  recently_created = {
    number = 39,
    summary = "Iterates over contacts, the latest created first.",
    options = newest_first_options,
    returns = "iterator of contacts",
    v1 = v1_recent_route(
      "/contacts/v1/lists/all/contacts/recent",
      "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-lists-all-contacts-recent"
    ),
    current = newest_first_route "createdate",
  },

  recently_updated = {
    number = 40,
    summary = "Iterates over contacts, the latest updated or created first; on v1 of the last 30 days.",
    options = newest_first_options,
    returns = "iterator of contacts",
    v1 = v1_recent_route(
      "/contacts/v1/lists/recently_updated/contacts/recent",
      "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-lists-recent-ly-update-d-contacts-recent"
    ),
    current = newest_first_route "lastmodifieddate",
  },

  lifecycle_stages = {
    number = 26,
    summary = "Counts the contacts that entered each lifecycle stage in a time of at most two years.",
    options = {
      from = { type = check.time, required = true, description = "the time's beginning" },
      to = { type = check.time, required = true, description = "the time's end" },
      aggregate_by = { type = check.segment, description = "an enumeration of at most 20 options to count by, too" },
    },
    validate = check_window,
    returns = "list of `{ lifecycleStage =, count =, aggregation = }`",
    v1 = {
      method = "GET",
      path = "/contacts/search/v1/external/lifecyclestages",
      query = {
        { "fromTimestamp", from = "from" },
        { "toTimestamp", from = "to" },
        { "aggregationProperty", from = "aggregate_by" },
      },
      idempotent = true,
      answer = dated.written_contacts,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-search-v1-external-lifecycle-stages",
    },
  },

  search = {
    number = 46,
    summary = "Iterates over the contacts that match a text, by id unless `sort` says otherwise. It gives all of "
      .. "them; in an order of one's own, and with 6 filters in a group or 18 in all, HubSpot gives the first 10,000, "
      .. "and then it ends with an error.",
    arguments = {
      {
        name = "query",
        type = check.text,
        description = "in names, e-mail addresses, telephone numbers " .. "and companies; an empty text matches all",
      },
    },
    options = read_option_set({ "properties", "list_memberships" }, {
      sort = { type = check.segment, description = "a property to sort by" },
      order = { type = check.one_of { "asc", "desc" }, description = "the direction of the sort" },
      filter_groups = {
        type = wire_types.filter_groups,
        description = "filterGroups, as HubSpot's documentation spells them",
      },
    }),
    returns = "iterator of contacts",
    v1 = {
      method = "GET",
      path = "/contacts/v1/search/query",
      query = {
        { "q", from = "query" },
        { "property", from = "properties" },
        { "sort", from = "sort" },
        { "order", from = "order" },
      },
      details = contact_reads.v1,
      idempotent = true,
      answer = v1.contacts,
      items = "contacts",
      paging = "offset",
      page_size = 100,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-search-query",
    },
    current = {
      method = "POST",
      path = "/crm/objects/{api_version}/contacts/search",
      bucket = "search",
      body = {
        { "query", from = "query", encode = dated.search_text },
        { "properties", from = "properties" },
        { "filterGroups", from = "filter_groups", encode = dated.filter_groups },
      },
      options = { "sort", "order", "list_memberships" },
      details = contact_reads.current,
      idempotent = true,
      answer = dated.contacts,
      items = "results",
      paging = "search_by_id",
      page_size = 200,
      complete = add_list_memberships,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/search/search-contacts",
    },
  },
}
