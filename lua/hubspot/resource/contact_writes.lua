-- Operations that write contacts.

local arguments = require "hubspot.resource.contact_arguments"
local attribute = require "hubspot.batch.attribution"
local check = require "hubspot.check"
local contact_input = require "hubspot.resource.contact_input"
local contact_extras = require "hubspot.resource.contact_extras"
local contacts = require "hubspot.resource.contact_api"
local contact_v1 = require "hubspot.shape.contact_v1"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local fold = require("hubspot.text").fold
local id_number = require("hubspot.id").number
local object_shape = require "hubspot.shape.object"
local object_writes = require "hubspot.object.writes"
local write_rows = require "hubspot.batch.write"

local email, properties = arguments.email, arguments.properties
local documentation = contact_extras.documentation

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
  return attribute(object_shape.written(answer), values.rows, NAMING, uncertain)
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
}

local function send_dated(call, route)
  return function(rows)
    local told, err = call:send(route, { rows = rows })
    if not told then return nil, err end
    return told.is_empty and attribute({}, rows, NAMING) or told.value
  end
end

local function send_v1(call)
  return function(rows)
    local accepted, err = call:send(v1_batch_route, { rows = rows, audit_id = call.options.audit_id })
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
  if contact then return object_shape.record(contact) end
  local failure = answer.errors and answer.errors[1]
  if not failure then return nil, "HubSpot answered an upsert without a result" end
  return nil, errors.from_failures { failure }
end

-- Operations ------------------------------------------------------------------------------------------------------

return {
  added = {
    update_by_email = object_writes.update_by_own_key(contacts, {
      fixed = "email",
      of_one = email,
      words = "its e-mail address",
    }),

    upsert = {
      number = 7,
      summary = "Creates a contact, or updates the one with this e-mail address. `new` tells which.",
      arguments = { email, properties },
      returns = "contact with `new`; on v1 `{ id =, new = }`",
      v1 = {
        method = "POST",
        path = "/contacts/v1/contact/createOrUpdate/email/{email}/",
        body = contact_v1.properties_body,
        idempotent = true,
        answer = contact_v1.upserted,
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
          type = contact_input,
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
  },

  extras = {
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
        documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact",
      },
    },

    update = {
      number = 49,
      returns = "contact, true on v1",
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
      returns = "contact, true on v1",
      documentation = documentation "update-contact",
      v1 = {
        method = "POST",
        path = "/contacts/v1/contact/email/{email}/profile",
        body = contact_v1.properties_body,
        idempotent = true,
        documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact-email-email-profile",
      },
    },

    delete = {
      number = 11,
      documentation = documentation "delete-contact",
      v1 = {
        method = "DELETE",
        path = "/contacts/v1/contact/vid/{id}",
        idempotent = true,
        documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/delete-contacts-v1-contactvidcontact-id",
      },
    },

    merge = {
      number = 44,
      returns = "contact, true on v1",
      documentation = documentation "merge-contacts",
      v1 = {
        -- Its answer is the bare word SUCCESS, which is not JSON.
        method = "POST",
        path = "/contacts/v1/contact/merge-vids/{primary_id}/",
        body = { { "vidToMerge", from = "secondary_id", encode = id_number } },
        idempotent = false,
        documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/objects/contacts/v1/post-contacts-v1-contact-merge-vidscontact-id",
      },
    },
  },
}
