-- Contacts: a type of records with a v1 form and extras.

local arguments = require "hubspot.resource.contact_arguments"
local check = require "hubspot.check"
local contact_extras = require "hubspot.resource.contact_extras"
local contact_options = require "hubspot.resource.contact_options"
local contact_v1 = require "hubspot.shape.contact_v1"
local contact_v1_routes = require "hubspot.resource.contact_v1_routes"
local contact_writes = require "hubspot.resource.contact_writes"
local contacts = require "hubspot.resource.contact_api"
local merge = require "hubspot.merge"
local object = require "hubspot.object"
local reads = require "hubspot.object.reads"
local time_window = require "hubspot.resource.time_window"
local must = require "hubspot.shape.must"

local email, utk = arguments.email, arguments.utk
local documentation = contact_extras.documentation
local BY_ID = contact_v1_routes.by_id

local function v1_recent_route(path, page)
  return {
    method = "GET",
    path = path,
    query = contact_v1.query,
    options = { "since" },
    read_by_id = BY_ID,
    idempotent = true,
    answer = contact_v1.records,
    items = "contacts",
    paging = "vid_and_time_offset",
    page_size = 100,
    documentation = page,
  }
end

-- One of two years may be a leap year.
local TWO_YEARS_MS = (365 + 366) * 86400000

local function check_window(values)
  local complaint = time_window.complaint(values)
  if complaint then return complaint end
  if values.to - values.from > TWO_YEARS_MS then return "options from and to must be at most two years apart" end
end

local get_by_email, get_many_by_email = reads.by_own_key(contacts, {
  fixed = "email",
  of_one = email,
  of_many = { name = "emails", type = check.emails, description = "the contacts' e-mail addresses" },
  words = "its e-mail address",
  words_of_many = "their e-mail addresses",
  many = "get_many_by_email",
})

-- Operations ------------------------------------------------------------------------------------------------------

local extras = {
  get = {
    number = 21,
    options = contact_options.set { "form_submissions" },
    documentation = documentation "guide",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/vid/{id}/profile",
      query = contact_v1.query,
      options = { "coalesce" },
      read_by_id = BY_ID,
      idempotent = true,
      answer = contact_v1.record,
      documentation = "api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactvidvid-profile",
    },
  },

  get_by_email = {
    number = 19,
    options = contact_options.set { "form_submissions" },
    documentation = documentation "guide",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/email/{email}/profile",
      query = contact_v1.query,
      options = { "coalesce" },
      read_by_id = BY_ID,
      idempotent = true,
      answer = contact_v1.record,
      documentation = "api-reference/legacy/crm-contacts-v1/get-contacts-v1-contact-email-contact-email-profile",
    },
  },

  get_by_utk = {
    number = 20,
    summary = "Reads one contact by a visitor's token.",
    arguments = { utk },
    options = contact_options.V1,
    returns = { record = "contact" },
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/utk/{utk}/profile",
      query = contact_v1.query,
      read_by_id = BY_ID,
      idempotent = true,
      answer = contact_v1.record,
      documentation = "api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactutkcontactutk-profile",
    },
  },

  get_many = {
    number = 16,
    options = contact_options.set { "form_submissions", "include_deleted" },
    documentation = documentation "batch/get-contacts",
    v1 = BY_ID,
  },

  get_many_by_email = {
    number = 14,
    options = contact_options.set { "form_submissions", "include_deleted" },
    documentation = documentation "batch/get-contacts",
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/emails/batch/",
      query = contact_v1.extend(
        contact_v1.query,
        { "email", from = "emails" },
        { "includeDeletes", from = "include_deleted" }
      ),
      batch = { over = "emails", size = 100 },
      read_by_id = BY_ID,
      idempotent = true,
      answer = contact_v1.records_by_email,
      documentation = "api-reference/legacy/crm-contacts-v1/get-contacts-v1-contact-email-s-batch",
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
    options = merge { contact_options.V1, contact_options.set { "include_deleted" } },
    returns = { list = "contact" },
    v1 = {
      method = "GET",
      path = "/contacts/v1/contact/utks/batch/",
      query = contact_v1.extend(
        contact_v1.query,
        { "utk", from = "utks" },
        { "includeDeletes", from = "include_deleted" }
      ),
      batch = { over = "utks", size = 100 },
      read_by_id = BY_ID,
      idempotent = true,
      answer = contact_v1.records_by_utk,
      documentation = "api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-contactbyUtk-batch",
    },
  },

  all = {
    number = 30,
    options = contact_options.set { "form_submissions" },
    documentation = documentation "get-contacts",
    v1 = {
      method = "GET",
      path = "/contacts/v1/lists/all/contacts/all",
      query = contact_v1.query,
      options = { "parallel", "ordered" },
      read_by_id = BY_ID,
      idempotent = true,
      answer = contact_v1.records,
      items = "contacts",
      paging = "vid_offset",
      page_size = 100,
      documentation = "https://legacydocs.hubspot.com/docs/methods/contacts/get_contacts",
    },
  },

  recently_created = {
    number = 39,
    options = contact_options.set { "with_history", "form_submissions" },
    documentation = documentation "search/search-contacts",
    v1 = v1_recent_route(
      "/contacts/v1/lists/all/contacts/recent",
      "api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-lists-all-contacts-recent"
    ),
  },

  recently_updated = {
    number = 40,
    summary = "Iterates over contacts, the latest updated or created first; on v1 of the last 30 days.",
    options = contact_options.set { "with_history", "form_submissions" },
    documentation = documentation "search/search-contacts",
    v1 = v1_recent_route(
      "/contacts/v1/lists/recently_updated/contacts/recent",
      "api-reference/legacy/crm/objects/contacts/v1/get-contacts-v1-lists-recent-ly-update-d-contacts-recent"
    ),
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
    returns = { list = "lifecycle stage" },
    v1 = {
      method = "GET",
      path = "/contacts/search/v1/external/lifecyclestages",
      query = {
        { "fromTimestamp", from = "from" },
        { "toTimestamp", from = "to" },
        { "aggregationProperty", from = "aggregate_by" },
      },
      idempotent = true,
      answer = function(answer) return must.table(answer, "the stages") end,
      documentation = "api-reference/legacy/crm/objects/contacts/v1/get-contacts-search-v1-external-lifecycle-stages",
    },
  },

  search = {
    number = 46,
    arguments = {
      {
        name = "query",
        type = check.text,
        description = "in names, e-mail addresses, telephone numbers and companies; an empty text matches all",
      },
    },
    documentation = documentation "search/search-contacts",
    v1 = {
      method = "GET",
      path = "/contacts/v1/search/query",
      query = {
        { "q", from = "query" },
        { "property", from = "properties" },
        { "sort", from = "sort" },
        { "order", from = "order" },
      },
      read_by_id = BY_ID,
      idempotent = true,
      answer = contact_v1.records,
      items = "contacts",
      paging = "offset",
      page_size = 100,
      documentation = "api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-search-query",
    },
  },
}

local declared = merge {
  object.operations(contacts),
  { get_by_email = get_by_email, get_many_by_email = get_many_by_email },
  contact_writes.added,
}

return contact_extras.extend(declared, merge { extras, contact_writes.extras })
