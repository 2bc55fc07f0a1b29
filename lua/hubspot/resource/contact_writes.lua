-- Operations that write contacts: their v1 forms, and those by e-mail address.

local arguments = require "hubspot.resource.contact_arguments"
local batches = require "hubspot.object.batches"
local check = require "hubspot.check"
local contact_extras = require "hubspot.resource.contact_extras"
local contact_input = require "hubspot.resource.contact_input"
local contact_v1 = require "hubspot.shape.contact_v1"
local contacts = require "hubspot.resource.contact_api"
local core = require "hubspot.core"
local fold = require("hubspot.text").fold
local id_number = require("hubspot.id").number
local merge = require "hubspot.merge"
local object_writes = require "hubspot.object.writes"
local write_rows = require "hubspot.batch.write"

local documentation = contact_extras.documentation

local function record_key(record) return record.id and "id " .. record.id or "email " .. fold(record.email) end

local function v1_records(rows)
  local records = {}
  for place, row in ipairs(rows) do
    local input = row.input
    records[place] = {
      vid = input.id and id_number(input.id),
      email = input.email,
      properties = contact_v1.property_list(input.properties),
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
  limit = 100,
}

local function send_v1(call)
  return function(rows)
    local accepted, err = call:send(v1_batch_route, { rows = rows, audit_id = call.options.audit_id })
    if not accepted then return nil, err end
    local records = {}
    for place, row in ipairs(rows) do
      local input = row.input
      records[place] =
        { id = input.id, email = input.email, properties = merge { input.properties }, index = row.index }
    end
    return { results = records, failures = {}, left_out = {} }
  end
end

local function upsert_many_v1(call)
  local rows = {}
  for index, record in ipairs(call.values.records) do
    rows[index] = { index = index, input = record }
  end
  local group = { rows = rows, send = send_v1(call), limit = v1_batch_route.limit }
  return write_rows({ group }, record_key, call.client.loop_for_background)
end

-- Operations ------------------------------------------------------------------------------------------------------

local records = {
  name = "records",
  type = contact_input.records,
  description = "`{ email = or id =, properties = { … } }` each, or with the key that `by` names; one with an id must "
    .. "exist",
}

return {
  added = {
    update_by_email = object_writes.update_by_own_key(contacts, {
      fixed = "email",
      of_one = arguments.email,
      words = "its e-mail address",
    }),

    upsert = batches.upsert_by(contacts, { fixed = "email", of_one = arguments.email, words = "this e-mail address" }),

    upsert_many = batches.upsert_many(contacts, records, contact_input.check_keys, "email"),
  },

  extras = {
    upsert = {
      number = 7,
      returns = { record = "contact", with = { "new" }, v1_only = { "id", "new" } },
      documentation = documentation "batch/upsert-contacts",
      v1 = {
        method = "POST",
        path = "/contacts/v1/contact/createOrUpdate/email/{email}/",
        body = contact_v1.properties_body,
        idempotent = true,
        answer = contact_v1.upserted,
        documentation = "api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact-create-OrUpdate-email-contact-email",
      },
    },

    upsert_many = {
      number = 3,
      options = { audit_id = { type = check.string, description = "names the source of the change" } },
      documentation = documentation "batch/upsert-contacts",
      v1 = {
        run = upsert_many_v1,
        options = { "audit_id" },
        requests = { v1_batch_route },
        documentation = "api-reference/legacy/crm/objects/contacts/v1/delete-contacts-v1-contact-batch",
      },
    },

    create = {
      number = 4,
      summary = "Creates a contact. One with the same e-mail address is a conflict; the error has its `existing_id`.",
      documentation = documentation "create-contact",
      v1 = {
        method = "POST",
        path = "/contacts/v1/contact/",
        body = contact_v1.properties_body,
        idempotent = false,
        answer = contact_v1.record,
        documentation = "api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact",
      },
    },

    update = {
      number = 49,
      returns = { record = "contact", or_true = "v1" },
      documentation = documentation "update-contact",
      v1 = {
        method = "POST",
        path = "/contacts/v1/contact/vid/{id}/profile",
        body = contact_v1.properties_body,
        idempotent = true,
        documentation = "https://legacydocs.hubspot.com/docs/methods/contacts/update_contact",
      },
    },

    update_by_email = {
      number = 48,
      returns = { record = "contact", or_true = "v1" },
      documentation = documentation "update-contact",
      v1 = {
        method = "POST",
        path = "/contacts/v1/contact/email/{email}/profile",
        body = contact_v1.properties_body,
        idempotent = true,
        documentation = "api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact-email-email-profile",
      },
    },

    delete = {
      number = 11,
      documentation = documentation "delete-contact",
      v1 = {
        method = "DELETE",
        path = "/contacts/v1/contact/vid/{id}",
        idempotent = true,
        documentation = "api-reference/legacy/crm/objects/contacts/v1/delete-contacts-v1-contactvidcontact-id",
      },
    },

    merge = {
      number = 44,
      returns = { record = "contact", or_true = "v1" },
      documentation = documentation "merge-contacts",
      v1 = {
        -- Its answer is the bare word SUCCESS, which is not JSON.
        method = "POST",
        path = "/contacts/v1/contact/merge-vids/{primary_id}/",
        body = { { "vidToMerge", from = "secondary_id", encode = id_number } },
        idempotent = false,
        documentation = "api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact-merge-vidscontact-id",
      },
    },
  },
}
