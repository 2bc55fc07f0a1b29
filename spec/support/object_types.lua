-- HubSpot's types of records, a line for each, as its documentation tells of them: what the specs of their methods go
-- by, apart from the table of the library.
--
-- A line has `id`, where HubSpot tells it; `created`, the property of creation where it is not `hs_createdate`;
-- `changed`, that of the last change where it is not `hs_lastmodifieddate`; `writes`, what HubSpot's API may do to its
-- records; `new`, the properties of a record that HubSpot takes; `change`, a property to change; and `needs_contact`
-- where a new record must be associated with one.

local AT = "2026-01-02T03:04:05.000Z"
local CREATED = "createdate"
local WRITES = { "create", "update", "upsert", "delete" }
local AND_MERGE = { "create", "update", "upsert", "delete", "merge" }
local EVERY_WRITE = { "create", "update", "upsert", "delete", "merge", "gdpr_delete" }

local lines = {
  appointments = {
    id = "0-421",
    writes = EVERY_WRITE,
    new = { hs_appointment_name = "A" },
    change = "hs_appointment_name",
  },
  calls = { id = "0-48", new = { hs_timestamp = AT }, change = "hs_call_title" },
  carts = { id = "0-142", created = CREATED, new = {}, change = "hs_cart_name" },
  commerce_payments = {
    id = "0-101",
    created = CREATED,
    new = { hs_initial_amount = 5, hs_initiated_date = AT },
    change = "hs_currency_code",
  },
  communications = {
    id = "0-18",
    new = { hs_timestamp = AT, hs_communication_channel_type = "SMS" },
    change = "hs_communication_body",
  },
  companies = { id = "0-2", created = CREATED, writes = AND_MERGE, new = { name = "A" }, change = "city" },
  contacts = {
    id = "0-1",
    created = CREATED,
    changed = "lastmodifieddate",
    writes = EVERY_WRITE,
    new = { lastname = "A" },
    change = "firstname",
  },
  contracts = { new = {}, change = "hs_status" },
  courses = { id = "0-410", writes = AND_MERGE, new = { hs_course_name = "A" }, change = "hs_course_id" },
  deals = {
    id = "0-3",
    created = CREATED,
    writes = AND_MERGE,
    new = { dealname = "A", dealstage = "closedwon" },
    change = "description",
  },
  discounts = { id = "0-84", created = CREATED, new = {}, change = "hs_label" },
  emails = { id = "0-49", new = { hs_timestamp = AT, hs_email_direction = "EMAIL" }, change = "hs_email_subject" },
  feedback_submissions = { id = "0-19", writes = {} },
  fees = { id = "0-85", created = CREATED, new = {}, change = "hs_label" },
  goal_targets = { id = "0-74", new = {}, change = "hs_goal_name" },
  invoices = { id = "0-53", created = CREATED, new = { hs_currency = "USD" }, change = "hs_title" },
  leads = {
    id = "0-136",
    created = CREATED,
    new = { hs_lead_name = "A" },
    change = "hs_lead_name",
    needs_contact = true,
  },
  line_items = { id = "0-8", created = CREATED, writes = AND_MERGE, new = { quantity = 2 }, change = "name" },
  listings = { id = "0-420", new = { hs_name = "A" }, change = "hs_city" },
  marketing_events = { id = "0-54", writes = {} },
  meetings = { id = "0-47", new = { hs_timestamp = AT }, change = "hs_meeting_title" },
  notes = { id = "0-46", new = { hs_timestamp = AT }, change = "hs_note_body" },
  orders = {
    id = "0-123",
    created = CREATED,
    writes = AND_MERGE,
    new = { hs_order_name = "A" },
    change = "hs_order_name",
  },
  partner_clients = { new = { hs_name = "A" }, change = "hs_domain", writes = { "update" } },
  partner_services = { new = { hs_name = "A" }, change = "hs_deliverable", writes = { "update" } },
  postal_mail = { id = "0-116", new = { hs_timestamp = AT }, change = "hs_postal_mail_body" },
  products = { id = "0-7", created = CREATED, writes = AND_MERGE, new = { name = "A" }, change = "description" },
  projects = {
    id = "0-970",
    writes = AND_MERGE,
    new = { hs_name = "A", hs_pipeline_stage = "project-new" },
    change = "hs_description",
  },
  quotes = {
    id = "0-14",
    writes = AND_MERGE,
    new = { hs_title = "A", hs_expiration_date = AT },
    change = "hs_comments",
  },
  services = {
    id = "0-162",
    writes = AND_MERGE,
    new = { hs_name = "A", hs_pipeline_stage = "service-new" },
    change = "hs_description",
  },
  subscriptions = { id = "0-69", new = { hs_name = "A" }, change = "hs_status" },
  tasks = { id = "0-27", new = { hs_timestamp = AT }, change = "hs_task_subject" },
  taxes = { id = "0-86", created = CREATED, new = {}, change = "hs_label" },
  tickets = {
    id = "0-5",
    created = CREATED,
    writes = AND_MERGE,
    new = { subject = "A", hs_pipeline_stage = "1" },
    change = "content",
  },
  users = { id = "0-115", new = { hs_internal_user_id = 7, hs_email = "u@example.org" }, change = "hs_job_title" },
}

for _, line in pairs(lines) do
  line.writes = line.writes or WRITES
end

return lines
