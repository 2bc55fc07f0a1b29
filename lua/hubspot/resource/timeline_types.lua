-- Types of timeline events and their properties, which HubSpot manages in its v1 and v3 APIs; with the date versions
-- they are part of the application's project.

local arguments = require "hubspot.resource.timeline_arguments"
local check = require "hubspot.check"
local shape = require "hubspot.shape.timeline"

local application_id, type_id = arguments.application_id, arguments.type_id

local DEVELOPER_KEY = "developer_key"

-- Either route takes the names of both.
local OBJECT_TYPES =
  check.word({ "contacts", "companies", "deals", "tickets", "CONTACT", "COMPANY", "DEAL", "TICKET" }, check.is_name)

local property_option = check.fields("a table { label =, value = }", {
  label = { type = check.string, required = true },
  value = { type = check.string, required = true },
}, "hubspot.PropertyOption")

local function is_lower_case(text) return text:find "^%l[%l%d_]*$" ~= nil end

local PROPERTY_TYPES = check.word({ "string", "number", "date", "enumeration" }, is_lower_case)

local function property_fields()
  return {
    name = { type = check.segment, required = true, description = "not log or lookup, which templates use" },
    label = { type = check.string, required = true },
    type = { type = PROPERTY_TYPES, required = true },
    options = { type = check.list_of(property_option, "options"), description = "of an enumeration" },
    objectPropertyName = { type = check.string, description = "the contact property that the value is copied to" },
  }
end

-- Names that HubSpot's templates need for themselves.
local RESERVED_NAMES = { log = true, lookup = true }

local function property_type(class, description, fields)
  return check.refined(check.fields(description, fields, class), function(definition, place)
    if RESERVED_NAMES[definition.name] then
      return nil, ("%s.name must not be log or lookup: HubSpot's templates use them"):format(place)
    end
    if definition.type == "enumeration" and not definition.options then
      return nil, ("%s.options is missing: an enumeration needs them"):format(place)
    end
    return definition
  end)
end

local new_property =
  property_type("hubspot.EventTypePropertyDefinition", "a table { name =, label =, type = }", property_fields())

local function changed_property_fields(id_required)
  local fields = property_fields()
  fields.id = { type = check.id, required = id_required, description = "of the property; v1 goes by it" }
  return fields
end

local changed_property = {
  v1 = property_type(
    "hubspot.EventTypePropertyChanges",
    "a table { id =, name =, label =, type = }",
    changed_property_fields(true)
  ),
  current = property_type(
    "hubspot.EventTypePropertyChanges",
    "a table { name =, label =, type =, options = }",
    changed_property_fields(false)
  ),
}

local function template_fields(name_required)
  return {
    name = { type = check.string, required = name_required },
    headerTemplate = { type = check.text, description = "one line, in Handlebars" },
    detailTemplate = { type = check.text, description = "what is shown on request, in Handlebars and Markdown" },
  }
end

local new_event_type_fields = template_fields(true)
new_event_type_fields.objectType = {
  type = OBJECT_TYPES,
  description = "the type of the objects that have its events; contacts when left out",
}

local new_event_type = check.fields(
  "a table { name =, headerTemplate =, detailTemplate =, objectType = }",
  new_event_type_fields,
  "hubspot.EventTypeDefinition"
)

-- v3 takes no objectType where a template is changed.
local changed_template = check.fields(
  "a table { name =, headerTemplate =, detailTemplate = }",
  template_fields(false),
  "hubspot.EventTypeChanges"
)

local changed_event_type = {
  v1 = new_event_type,
  current = check.refined(changed_template, function(changes, place)
    if next(changes) == nil then return nil, place .. " must name what to change" end
    return changes
  end),
}

local template_route = {
  method = "GET",
  path = "/integrators/timeline/v3/{application_id}/event-templates/{type_id}",
  credential = DEVELOPER_KEY,
  idempotent = true,
  answer = function(template, values) return shape.changed_template(template, values.definition) end,
}

local template_update_route = {
  method = "PUT",
  path = "/integrators/timeline/v3/{application_id}/event-templates/{type_id}",
  body = { { from = "template" } },
  credential = DEVELOPER_KEY,
  idempotent = true,
  answer = shape.event_type,
}

-- v3 takes a template whole: what is not to change is read first.
local function update_template(call)
  local where = {
    application_id = call.values.application_id,
    type_id = call.values.type_id,
    definition = call.values.definition,
  }
  local template, err = call:read(template_route, where)
  if not template then return nil, err end
  local updated, update_err = call:send(template_update_route, {
    application_id = where.application_id,
    type_id = where.type_id,
    template = template,
  })
  if not updated then return nil, update_err end
  return updated:result()
end

-- Operations ------------------------------------------------------------------------------------------------------

return {
  event_types = {
    number = 37,
    summary = "Reads the event types of an application.",
    arguments = { application_id },
    returns = { list = "event type" },
    v1 = {
      method = "GET",
      path = "/integrations/v1/{application_id}/timeline/event-types",
      credential = DEVELOPER_KEY,
      idempotent = true,
      answer = shape.v1_event_types,
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/get-integrations-v1-application-id-timeline-event-types",
    },
    current = {
      method = "GET",
      path = "/integrators/timeline/v3/{application_id}/event-templates",
      credential = DEVELOPER_KEY,
      idempotent = true,
      answer = shape.event_types,
      documentation = "api-reference/legacy/crm/extensions/timeline/v3-event-types-external/get-timeline",
    },
  },

  create_event_type = {
    number = 6,
    summary = "Makes an event type.",
    arguments = {
      application_id,
      { name = "definition", type = new_event_type, description = "the type's fields" },
    },
    returns = { record = "event type" },
    v1 = {
      method = "POST",
      path = "/integrations/v1/{application_id}/timeline/event-types",
      body = { { from = "definition", encode = shape.v1_event_type_body } },
      credential = DEVELOPER_KEY,
      idempotent = false,
      answer = shape.event_type,
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/post-integrations-v1-application-id-timeline-event-types",
    },
    current = {
      method = "POST",
      path = "/integrators/timeline/v3/{application_id}/event-templates",
      body = { { from = "definition", encode = shape.template_body } },
      credential = DEVELOPER_KEY,
      idempotent = false,
      answer = shape.event_type,
      documentation = "api-reference/legacy/crm/extensions/timeline/v3-event-types-external/create-timeline",
    },
  },

  update_event_type = {
    number = 50,
    summary = "Changes an event type. It may take an hour to show.",
    arguments = {
      application_id,
      type_id,
      { name = "definition", type = changed_event_type, description = "what is to be different" },
    },
    returns = { record = "event type" },
    v1 = {
      method = "PUT",
      path = "/integrations/v1/{application_id}/timeline/event-types/{type_id}",
      body = { { from = "definition", encode = shape.v1_event_type_body } },
      credential = DEVELOPER_KEY,
      idempotent = true,
      answer = shape.event_type,
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/put-integrations-v1-application-id-timeline-event-types-event-type-id",
    },
    current = {
      run = update_template,
      requests = { template_route, template_update_route },
      credential = DEVELOPER_KEY,
      documentation = "api-reference/legacy/crm/extensions/timeline/v3-event-types-external/update-timeline",
    },
  },

  delete_event_type = {
    number = 13,
    summary = "Deletes an event type and all its events.",
    irreversible = "It can't be undone.",
    arguments = { application_id, type_id },
    returns = { done = true },
    v1 = {
      method = "DELETE",
      path = "/integrations/v1/{application_id}/timeline/event-types/{type_id}",
      credential = DEVELOPER_KEY,
      idempotent = true,
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/delete-integrations-v1-application-id-timeline-event-types-event-type-id",
    },
    current = {
      method = "DELETE",
      path = "/integrators/timeline/v3/{application_id}/event-templates/{type_id}",
      credential = DEVELOPER_KEY,
      idempotent = true,
      documentation = "api-reference/legacy/crm/extensions/timeline/guide",
    },
  },

  event_type_properties = {
    number = 28,
    summary = "Reads the properties of an event type.",
    arguments = { application_id, type_id },
    returns = { list = "event type property" },
    v1 = {
      method = "GET",
      path = "/integrations/v1/{application_id}/timeline/event-types/{type_id}/properties",
      credential = DEVELOPER_KEY,
      idempotent = true,
      answer = shape.v1_properties,
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/get-integrations-v1-application-id-timeline-event-types-event-typeid-properties",
    },
    current = {
      method = "GET",
      path = "/integrators/timeline/v3/{application_id}/event-templates/{type_id}",
      credential = DEVELOPER_KEY,
      idempotent = true,
      answer = shape.tokens,
      documentation = "api-reference/legacy/crm/extensions/timeline/guide",
    },
  },

  create_event_type_property = {
    number = 9,
    summary = "Adds a property to an event type.",
    arguments = {
      application_id,
      type_id,
      { name = "definition", type = new_property, description = "the property's fields" },
    },
    returns = { record = "event type property" },
    v1 = {
      method = "POST",
      path = "/integrations/v1/{application_id}/timeline/event-types/{type_id}/properties",
      body = { { from = "definition", encode = shape.v1_property_body } },
      credential = DEVELOPER_KEY,
      idempotent = false,
      answer = shape.v1_property,
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/post-integrations-v1-application-id-timeline-event-types-event-typeid-properties",
    },
    current = {
      method = "POST",
      path = "/integrators/timeline/v3/{application_id}/event-templates/{type_id}/tokens",
      body = { { from = "definition", encode = shape.token_body } },
      credential = DEVELOPER_KEY,
      idempotent = false,
      answer = shape.token,
      documentation = "api-reference/legacy/crm/extensions/timeline/guide",
    },
  },

  update_event_type_property = {
    number = 53,
    summary = "Changes a property of an event type. Its name can't be changed.",
    arguments = {
      application_id,
      type_id,
      { name = "definition", type = changed_property, description = "the whole property; on v1 with its id" },
    },
    returns = { record = "event type property" },
    v1 = {
      method = "PUT",
      path = "/integrations/v1/{application_id}/timeline/event-types/{type_id}/properties",
      body = { { from = "definition", encode = shape.v1_changed_property_body } },
      credential = DEVELOPER_KEY,
      idempotent = true,
      answer = shape.v1_property,
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/put-integrations-v1-application-id-timeline-event-types-event-typeid-properties",
    },
    current = {
      method = "PUT",
      path = "/integrators/timeline/v3/{application_id}/event-templates/{type_id}/tokens/{name}",
      path_values = function(values)
        return { application_id = values.application_id, type_id = values.type_id, name = values.definition.name }
      end,
      body = { { from = "definition", encode = shape.changed_token_body } },
      credential = DEVELOPER_KEY,
      idempotent = true,
      answer = shape.token,
      documentation = "api-reference/legacy/crm/extensions/timeline/v3-event-types-external/update-timeline-tokenName",
    },
  },
}
