--- HubSpot's types of CRM records, a row for each: its API is the same for all of them. By the name in its paths, which
-- is that of the client's resource, too.
--
-- A row has `id`; `record` and `records`, its words for one and for several; `display`, the property by which HubSpot
-- shows a record; `needed`, the properties that a new record must have; `created`, the property with the time of its
-- creation, and `changed`, that with the time of its last change; `keys`, properties by which HubSpot itself knows a
-- record, beside those that an account makes unique: `{ also = a property with further values of it, fold = whether
-- case means nothing }`; `merged`, the properties that name the records which were merged into it; `scopes`; and
-- `writes`, the writes that HubSpot has for it, of `create`, `update`, `upsert`, `delete`, `merge`, `gdpr_delete`: the
-- first four where the row does not say. `is_hidden` is set where a resource of another API has the name.
-- @module hubspot.object.types

local CREATED, CHANGED = "createdate", "hs_lastmodifieddate"

local function of_crm(name) return ("`crm.objects.%s.read`, `crm.objects.%s.write`"):format(name, name) end

local OF_ACTIVITIES = of_crm "contacts"

local WRITES = { "create", "update", "upsert", "delete" }
local AND_MERGE = { "create", "update", "upsert", "delete", "merge" }
local EVERY_WRITE = { "create", "update", "upsert", "delete", "merge", "gdpr_delete" }

local rows = {
  appointments = { id = "0-421", display = "hs_appointment_name", writes = EVERY_WRITE },
  calls = { id = "0-48", display = "hs_call_title", needed = { "hs_timestamp" }, scopes = OF_ACTIVITIES },
  carts = { id = "0-142", display = "hs_cart_name", created = CREATED },
  commerce_payments = {
    id = "0-101",
    needed = { "hs_initial_amount", "hs_initiated_date" },
    created = CREATED,
    scopes = of_crm "commercepayments",
  },
  communications = {
    id = "0-18",
    needed = { "hs_timestamp", "hs_communication_channel_type" },
    scopes = OF_ACTIVITIES,
  },
  companies = { id = "0-2", record = "company", display = "name", created = CREATED, writes = AND_MERGE },
  contacts = {
    id = "0-1",
    created = CREATED,
    changed = "lastmodifieddate",
    keys = { email = { also = "hs_additional_emails", fold = true } },
    merged = { "hs_merged_object_ids", "hs_calculated_merged_vids" },
    writes = EVERY_WRITE,
  },
  contracts = {},
  courses = { id = "0-410", display = "hs_course_name", writes = AND_MERGE },
  deals = {
    id = "0-3",
    display = "dealname",
    needed = { "dealname", "dealstage" },
    created = CREATED,
    writes = AND_MERGE,
  },
  discounts = { id = "0-84", display = "hs_label", created = CREATED, scopes = of_crm "line_items" },
  emails = {
    id = "0-49",
    record = "e-mail",
    display = "hs_email_subject",
    needed = { "hs_timestamp", "hs_email_direction" },
    scopes = OF_ACTIVITIES .. ", `sales-email-read` for their texts",
  },
  feedback_submissions = {
    id = "0-19",
    display = "hs_submission_name",
    writes = {},
    scopes = "`crm.objects.feedback_submissions.read`",
  },
  fees = { id = "0-85", display = "hs_label", created = CREATED, scopes = of_crm "line_items" },
  goal_targets = { id = "0-74", display = "hs_goal_name", scopes = of_crm "goals" },
  invoices = { id = "0-53", needed = { "hs_currency" }, created = CREATED },
  leads = { id = "0-136", display = "hs_lead_name", created = CREATED },
  line_items = { id = "0-8", display = "name", created = CREATED, writes = AND_MERGE },
  listings = { id = "0-420", display = "hs_name" },
  marketing_events = {
    id = "0-54",
    display = "hs_event_name",
    writes = {},
    scopes = "`crm.objects.marketing_events.read`",
  },
  meetings = { id = "0-47", display = "hs_meeting_title", needed = { "hs_timestamp" }, scopes = OF_ACTIVITIES },
  notes = { id = "0-46", display = "hs_note_body", needed = { "hs_timestamp" }, scopes = OF_ACTIVITIES },
  orders = { id = "0-123", display = "hs_order_name", created = CREATED, writes = AND_MERGE },
  partner_clients = { writes = { "update" }, scopes = of_crm "partner-clients" },
  partner_services = { writes = { "update" }, scopes = of_crm "partner-services" },
  postal_mail = {
    id = "0-116",
    record = "postal mail",
    records = "postal mail",
    needed = { "hs_timestamp" },
    scopes = OF_ACTIVITIES,
  },
  products = { id = "0-7", display = "name", created = CREATED, writes = AND_MERGE },
  projects = {
    id = "0-970",
    display = "hs_name",
    needed = { "hs_name", "hs_pipeline", "hs_pipeline_stage" },
    writes = AND_MERGE,
  },
  quotes = { id = "0-14", display = "hs_title", needed = { "hs_title", "hs_expiration_date" }, writes = AND_MERGE },
  services = {
    id = "0-162",
    display = "hs_name",
    needed = { "hs_name", "hs_pipeline", "hs_pipeline_stage" },
    writes = AND_MERGE,
  },
  subscriptions = { id = "0-69", display = "hs_name", is_hidden = true },
  tasks = { id = "0-27", display = "hs_task_subject", needed = { "hs_timestamp" }, scopes = OF_ACTIVITIES },
  taxes = { id = "0-86", record = "tax", display = "hs_label", created = CREATED, scopes = of_crm "line_items" },
  tickets = {
    id = "0-5",
    display = "subject",
    needed = { "subject", "hs_pipeline", "hs_pipeline_stage" },
    created = CREATED,
    writes = AND_MERGE,
    scopes = "`tickets`",
  },
  users = { id = "0-115", needed = { "hs_internal_user_id", "hs_email" } },
}

local function complete(name, row)
  row.name, row.path = name, name
  row.records = row.records or name:gsub("_", " "):gsub("^emails$", "e-mails")
  row.record = row.record or row.records:gsub("s$", "")
  row.created = row.created or "hs_createdate"
  row.changed = row.changed or CHANGED
  row.scopes = row.scopes or of_crm(name)
  row.keys = row.keys or {}
  row.writes = row.writes or WRITES
  row.merged = row.merged or { "hs_merged_object_ids" }
end

local by_any_name = {}

for name, row in pairs(rows) do
  complete(name, row)
  for _, key in ipairs { name, row.record:gsub("[ -]", "_"), row.id } do
    by_any_name[key] = row
  end
end

local types = {}

--- The rows by name.
types.rows = rows

--- HubSpot's writes, of which a row may lack some.
types.EVERY_WRITE = EVERY_WRITE

--- The row of a type.
-- @tparam string name its name, in the plural or the singular, or its id
-- @treturn ?table nil where HubSpot has none, or one that is not in the table
function types.find(name) return by_any_name[name] end

--- The row of a type that an account made, or that HubSpot added.
-- @tparam string name "p99001_machines", or its id
-- @treturn table
function types.custom(name)
  local row =
    { id = name:find "^%d+%-%d+$" and name or nil, record = "record", records = "records", writes = AND_MERGE }
  complete(name, row)
  return row
end

return types
