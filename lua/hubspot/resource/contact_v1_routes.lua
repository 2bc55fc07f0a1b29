-- Routes of v1 that several operations of contacts take.

local contact_v1 = require "hubspot.shape.contact_v1"

local contact_v1_routes = {}

--- Reads contacts by their ids, after any other read has found these.
contact_v1_routes.by_id = {
  method = "GET",
  path = "/contacts/v1/contact/vids/batch/",
  query = contact_v1.extend(contact_v1.query, { "vid", from = "ids" }, { "includeDeletes", from = "include_deleted" }),
  batch = { over = "ids", size = 100 },
  in_parts = "property",
  idempotent = true,
  answer = contact_v1.records_by_id,
  documentation = "api-reference/legacy/crm-contacts-v1/get-contacts-v1-contactvids-batch",
}

return contact_v1_routes
