-- Contacts.

local arguments = require "hubspot.resource.contact_arguments"
local check = require "hubspot.check"
local contact_options = require "hubspot.resource.contact_options"
local contact_reads = require "hubspot.resource.contact_reads"
local contact_shape = require "hubspot.shape.contact"
local contact_v1 = require "hubspot.shape.contact_v1"
local contact_writes = require "hubspot.resource.contact_writes"
local core = require "hubspot.core"
local filters = require "hubspot.shape.filters"
local merge = require "hubspot.merge"
local must = require "hubspot.shape.must"
local wire_types = require "hubspot.wire_types"
local time_window = require "hubspot.resource.time_window"

local id, email, utk = arguments.id, arguments.email, arguments.utk

-- Single reads that go out together ------------------------------------------------------------------------------

local coalesce = {
  type = check.boolean,
  description = "true sends reads that are made at the same time, with the same options, as one batch read",
}

local single_read_options = contact_options.set(
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

local coalesced_by_id = { many = "get_many", keys = ids_of }

local coalesced_by_email = {
  many = "get_many_by_email",
  keys = contact_shape.keys_of_emails,
  properties = { "email", "hs_additional_emails" },
}

-- Scans ---------------------------------------------------------------------------------------------------------

local scan_options = contact_options.set(
  { "properties", "with_history", "associations", "archived", "list_memberships", "form_submissions" },
  {
    parallel = {
      decides = false,
      type = check.integer(1, 100),
      description = "pages read at the same time: 1 when left out",
    },
    ordered = {
      decides = false,
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

local read_by_id = { options = contact_options.ADDED, complete = contact_reads.add_list_memberships }
for name, value in pairs(contact_reads.current) do
  read_by_id[name] = value
end

-- Searching -----------------------------------------------------------------------------------------------------

local newest_first_options = contact_options.set(contact_options.V1, {
  since = { type = check.time, description = "the earliest time, in milliseconds since 1970 or in ISO 8601" },
})

local function newest_first_route(property)
  return {
    method = "POST",
    path = "/crm/objects/{api_version}/contacts/search",
    bucket = "search",
    body = contact_shape.newest_first_body(property),
    options = { "since", "list_memberships" },
    read_by_id = contact_reads.current,
    idempotent = true,
    answer = contact_shape.records,
    items = "results",
    paging = "search_newest_first",
    newest_by = property,
    page_size = 200,
    complete = contact_reads.add_list_memberships,
    documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/search/search-contacts",
  }
end

local function v1_recent_route(path, documentation)
  return {
    method = "GET",
    path = path,
    query = contact_v1.query,
    options = { "since" },
    read_by_id = contact_reads.v1,
    idempotent = true,
    answer = contact_v1.records,
    items = "contacts",
    paging = "vid_and_time_offset",
    page_size = 100,
    documentation = documentation,
  }
end

-- One of two years may be a leap year.
local TWO_YEARS_MS = (365 + 366) * 86400000

local function check_window(values)
  local complaint = time_window.complaint(values)
  if complaint then return complaint end
  if values.to - values.from > TWO_YEARS_MS then return "options from and to must be at most two years apart" end
end

-- Operations ------------------------------------------------------------------------------------------------------

local operations = {
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
      query = contact_v1.query,
      options = { "coalesce" },
      read_by_id = contact_reads.v1,
      idempotent = true,
      answer = contact_v1.record,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactvidvid-profile",
    },
    current = {
      method = "GET",
      path = "/crm/objects/{api_version}/contacts/{id}",
      query = contact_shape.query,
      options = { "list_memberships", "coalesce" },
      read_by_id = contact_reads.current,
      idempotent = true,
      answer = contact_shape.record,
      complete = contact_reads.add_list_memberships,
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
      query = contact_v1.query,
      options = { "coalesce" },
      read_by_id = contact_reads.v1,
      idempotent = true,
      answer = contact_v1.record,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm-contacts-v1/get-contacts-v1-contact-email-contact-email-profile",
    },
    current = {
      method = "GET",
      path = "/crm/objects/{api_version}/contacts/{email}",
      query = contact_shape.query_by_email,
      options = { "list_memberships", "coalesce" },
      read_by_id = contact_reads.current,
      idempotent = true,
      answer = contact_shape.record,
      complete = contact_reads.add_list_memberships,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide",
    },
  },

  get_by_utk = {
    number = 20,
    summary = "Reads one contact by a visitor's token.",
    arguments = { utk },
    options = contact_options.set(contact_options.V1),
    returns = "contact",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/utk/{utk}/profile",
      query = contact_v1.query,
      read_by_id = contact_reads.v1,
      idempotent = true,
      answer = contact_v1.record,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactutkcontactutk-profile",
    },
  },

  get_many = {
    number = 16,
    summary = "Reads any number of contacts by their ids. Unknown ones are left out.",
    arguments = { { name = "ids", type = check.ids, description = "the contacts' ids" } },
    options = contact_options.set(contact_options.BATCH, { include_deleted = contact_options.include_deleted }),
    returns = "contact[]",
    v1 = contact_reads.v1,
    current = read_by_id,
  },

  get_many_by_email = {
    number = 14,
    summary = "Reads any number of contacts by their e-mail addresses. Unknown ones are left out.",
    arguments = { { name = "emails", type = check.emails, description = "the contacts' e-mail addresses" } },
    options = contact_options.set(contact_options.BATCH, { include_deleted = contact_options.include_deleted }),
    returns = "contact[]",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/emails/batch/",
      query = contact_v1.extend(
        contact_v1.query,
        { "email", from = "emails" },
        { "includeDeletes", from = "include_deleted" }
      ),
      batch = { over = "emails", size = 100 },
      read_by_id = contact_reads.v1,
      idempotent = true,
      answer = contact_v1.records_by_email,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm-contacts-v1/get-contacts-v1-contact-email-s-batch",
    },
    current = {
      method = "POST",
      path = "/crm/objects/{api_version}/contacts/batch/read",
      query = { { "archived", from = "archived" } },
      body = contact_shape.batch_read_by_email_body,
      options = contact_options.ADDED,
      batch = { over = "emails", size = 100, history_size = 50 },
      idempotent = true,
      answer = contact_shape.records_by_email,
      complete = contact_reads.add_list_memberships,
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
    options = contact_options.set(contact_options.V1, { include_deleted = contact_options.include_deleted }),
    returns = "contact[]",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/utks/batch/",
      query = contact_v1.extend(
        contact_v1.query,
        { "utk", from = "utks" },
        { "includeDeletes", from = "include_deleted" }
      ),
      batch = { over = "utks", size = 100 },
      read_by_id = contact_reads.v1,
      idempotent = true,
      answer = contact_v1.records_by_utk,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactbyUtk-batch",
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
      query = contact_v1.query,
      options = { "parallel", "ordered" },
      read_by_id = contact_reads.v1,
      idempotent = true,
      answer = contact_v1.records,
      items = "contacts",
      paging = "vid_offset",
      page_size = 100,
      documentation = "https://legacydocs.hubspot.com/docs/methods/contacts/get_contacts",
    },
    current = {
      method = "GET",
      path = "/crm/objects/{api_version}/contacts",
      query = contact_shape.query,
      options = { "list_memberships", "parallel", "ordered" },
      read_by_id = contact_reads.current,
      idempotent = true,
      answer = contact_shape.records,
      items = "results",
      paging = "after",
      page_size = 100,
      history_page_size = 50,
      complete = contact_reads.add_list_memberships,
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
      answer = contact_shape.written,
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
    options = contact_options.set({ "properties", "list_memberships" }, {
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
      read_by_id = contact_reads.v1,
      idempotent = true,
      answer = contact_v1.records,
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
        { "query", from = "query", encode = filters.search_text },
        { "properties", from = "properties" },
        { "filterGroups", from = "filter_groups", encode = filters.groups },
      },
      options = { "sort", "order", "list_memberships" },
      read_by_id = contact_reads.current,
      idempotent = true,
      answer = contact_shape.records,
      items = "results",
      paging = "search_by_id",
      page_size = 200,
      complete = contact_reads.add_list_memberships,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/search/search-contacts",
    },
  },
}

return merge { operations, contact_writes }
