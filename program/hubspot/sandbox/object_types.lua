--- The types of CRM objects that every portal has, one row each.
--
-- A row: `name` (as in paths), `id`, `singular`; `created` and `modified`, the properties of creation and of the last
-- change; `defaults`, shown where no properties are asked for; `required`, names, or lists of names of which one is
-- enough; `searched`, what free text looks into; `read` and `write`, the scopes of which one is needed; `pipeline` and
-- `stage`, the properties that hold them, or `is_staged`, where they have the usual names; `merges`, `purges`: whether
-- records can be merged, and deleted for good; `read_only`: what the API can't write; `only_changes`: what it can
-- neither make nor archive.
local object_types = {}

local CREATED, MODIFIED = "createdate", "hs_lastmodifieddate"

local CONTACTS = { read = { "crm.objects.contacts.read" }, write = { "crm.objects.contacts.write" } }

local function scopes(name, other)
  return {
    read = { "crm.objects." .. name .. ".read", other },
    write = { "crm.objects." .. name .. ".write", other },
  }
end

-- Activities have a time, and are reached by the scopes of contacts, or by their own.
local function activity(row)
  row.required = row.required or { "hs_timestamp" }
  local own = scopes(row[1])
  row.scopes = { read = { CONTACTS.read[1], own.read[1] }, write = { CONTACTS.write[1], own.write[1] } }
  return row
end

local ROWS = {
  {
    "contacts",
    "0-1",
    "contact",
    created = CREATED,
    modified = "lastmodifieddate",
    defaults = { "email", "firstname", "lastname" },
    required = { { "email", "firstname", "lastname" } },
    initial = { lifecyclestage = "lead" },
    searched = { "firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone", "company" },
    merges = true,
    purges = true,
  },
  {
    "companies",
    "0-2",
    "company",
    created = CREATED,
    defaults = { "name", "domain" },
    required = { { "domain", "name" } },
    searched = { "name", "domain", "website", "phone" },
    merges = true,
  },
  {
    "deals",
    "0-3",
    "deal",
    created = CREATED,
    defaults = { "dealname", "amount", "closedate", "pipeline", "dealstage" },
    required = { "dealname", "dealstage" },
    searched = { "dealname", "pipeline", "dealstage", "description", "dealtype" },
    pipeline = "pipeline",
    stage = "dealstage",
    merges = true,
  },
  {
    "tickets",
    "0-5",
    "ticket",
    created = CREATED,
    defaults = { "subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_priority" },
    required = { "subject", "hs_pipeline_stage" },
    searched = { "subject", "content", "hs_pipeline_stage", "hs_ticket_category", "hs_ticket_id" },
    is_staged = true,
    merges = true,
    scopes = { read = { "tickets", "crm.objects.tickets.read" }, write = { "tickets", "crm.objects.tickets.write" } },
  },
  {
    "products",
    "0-7",
    "product",
    created = CREATED,
    defaults = { "name", "description", "price" },
    required = { "name" },
    searched = { "name", "description", "price", "hs_sku" },
    merges = true,
    scopes = scopes("products", "e-commerce"),
  },
  {
    "line_items",
    "0-8",
    "line_item",
    created = CREATED,
    defaults = { "quantity", "amount", "price" },
    searched = { "name", "description" },
    merges = true,
    scopes = scopes("line_items", "e-commerce"),
  },
  {
    "quotes",
    "0-14",
    "quote",
    defaults = { "hs_title", "hs_status", "hs_expiration_date", "hs_public_url_key" },
    required = { "hs_title", "hs_expiration_date" },
    searched = { "hs_title", "hs_quote_number" },
    merges = true,
    scopes = scopes("quotes", "e-commerce"),
  },
  {
    "communications",
    "0-18",
    "communication",
    required = { "hs_timestamp", "hs_communication_channel_type" },
    searched = { "hs_communication_body" },
    scopes = CONTACTS,
  },
  {
    "feedback_submissions",
    "0-19",
    "feedback_submission",
    searched = { "hs_submission_name", "hs_content" },
    read_only = true,
  },
  activity { "tasks", "0-27", "task", searched = { "hs_task_subject", "hs_task_body" } },
  activity { "notes", "0-46", "note", searched = { "hs_note_body" } },
  activity { "meetings", "0-47", "meeting", searched = { "hs_meeting_title", "hs_meeting_body" } },
  activity { "calls", "0-48", "call", searched = { "hs_call_title", "hs_call_body" } },
  activity {
    "emails",
    "0-49",
    "email",
    required = { "hs_timestamp", "hs_email_direction" },
    searched = { "hs_email_subject" },
  },
  { "invoices", "0-53", "invoice", created = CREATED, required = { "hs_currency" }, searched = { "hs_title" } },
  { "subscriptions", "0-69", "subscription", required = { "hs_name" }, searched = { "hs_name" } },
  { "goal_targets", "0-74", "goal_target", searched = { "hs_goal_name" }, scopes = scopes "goals" },
  { "discounts", "0-84", "discount", created = CREATED, scopes = scopes("line_items", "e-commerce") },
  { "fees", "0-85", "fee", created = CREATED, scopes = scopes("line_items", "e-commerce") },
  { "taxes", "0-86", "tax", created = CREATED, scopes = scopes "line_items" },
  {
    "commerce_payments",
    "0-101",
    "commerce_payment",
    created = CREATED,
    required = { "hs_initial_amount", "hs_initiated_date" },
    scopes = scopes "commercepayments",
  },
  {
    "users",
    "0-115",
    "user",
    required = { "hs_internal_user_id", "hs_email" },
    searched = { "hs_given_name", "hs_family_name", "hs_email" },
  },
  {
    "postal_mail",
    "0-116",
    "postal_mail",
    required = { "hs_timestamp" },
    searched = { "hs_postal_mail_body" },
    scopes = CONTACTS,
  },
  {
    "orders",
    "0-123",
    "order",
    created = CREATED,
    required = { "hs_order_name" },
    searched = { "hs_order_name" },
    is_staged = true,
    merges = true,
  },
  {
    "leads",
    "0-136",
    "lead",
    created = CREATED,
    required = { "hs_lead_name" },
    searched = { "hs_lead_name" },
    is_staged = true,
    linked_to = { "0-1", "0-2" },
  },
  { "carts", "0-142", "cart", created = CREATED, searched = { "hs_cart_name" } },
  {
    "services",
    "0-162",
    "service",
    required = { "hs_name", "hs_pipeline_stage" },
    searched = { "hs_name" },
    is_staged = true,
    merges = true,
  },
  {
    "courses",
    "0-410",
    "course",
    required = { "hs_course_name" },
    searched = { "hs_course_name" },
    is_staged = true,
    merges = true,
  },
  {
    "listings",
    "0-420",
    "listing",
    required = { "hs_name" },
    searched = { "hs_name" },
    is_staged = true,
  },
  {
    "appointments",
    "0-421",
    "appointment",
    required = { "hs_appointment_name" },
    searched = { "hs_appointment_name" },
    is_staged = true,
    merges = true,
    purges = true,
  },
  {
    "projects",
    "0-970",
    "project",
    required = { "hs_name", "hs_pipeline_stage" },
    searched = { "hs_name" },
    is_staged = true,
    merges = true,
  },
  { "marketing_events", "0-54", "marketing_event", searched = { "hs_event_name" }, read_only = true },
  { "partner_clients", nil, "partner_client", only_changes = true, scopes = scopes "partner-clients" },
  { "partner_services", nil, "partner_service", only_changes = true, scopes = scopes "partner-services" },
  { "contracts", nil, "contract", searched = { "hs_name" } },
}

--- Completes a row to a type: with the names of its own properties, and the id `name` where HubSpot tells none.
function object_types.complete(row)
  row.id = row.id or row.name
  row.created, row.modified = row.created or "hs_createdate", row.modified or MODIFIED
  row.group = row.group or (row.singular:gsub("_", "") .. "information")
  row.searched, row.required = row.searched or {}, row.required or {}
  if row.is_staged then
    row.pipeline, row.stage = "hs_pipeline", "hs_pipeline_stage"
  end
  local always = { row.created, "hs_object_id", row.modified }
  local defaults = { row.created, "hs_object_id", row.modified }
  for _, name in ipairs(row.defaults or {}) do
    defaults[#defaults + 1] = name
  end
  row.always, row.defaults = always, defaults
  local granted = row.scopes or scopes(row.scope or row.name)
  row.read, row.write = { granted.read }, { granted.write }
  return row
end

--- The types of a new portal, in the order of their ids.
function object_types.all()
  local types = {}
  for index, row in ipairs(ROWS) do
    local copy = { name = row[1], id = row[2], singular = row[3] }
    for key, value in pairs(row) do
      if type(key) == "string" then copy[key] = value end
    end
    types[index] = object_types.complete(copy)
  end
  return types
end

return object_types
