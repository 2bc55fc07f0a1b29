-- A portal with something in it of each kind, and clients of it whose answers may be changed on their way.

local core = require "hubspot.core"
local hubspot = require "hubspot"
local is_read = require "fuzz.answers.is_read"
local sandbox = require "hubspot.sandbox"

local APPLICATION, KEY = 6543, "3fa85f64-5717-4562-b3fc-2c963f66afa6"
local CONTACTS, MEMBERS = 12, 7
local EVENT_TYPE_NAME = "pe99001_webinar"

local FILTER = { filterType = "PROPERTY", property = "city" }
FILTER.operation = { operationType = "MULTISTRING", operator = "IS_EQUAL_TO", values = core.array { "Lyon" } }

local BRANCH = { filterBranchType = "AND", filterBranchOperator = "AND", filterBranches = core.array {} }
BRANCH.filters = core.array { FILTER }

local FILTER_BRANCH = { filterBranchType = "OR", filterBranchOperator = "OR", filters = core.array {} }
FILTER_BRANCH.filterBranches = core.array { BRANCH }

local V1_FILTERS = { { { property = "city", operator = "EQ", value = "Lyon" } } }

local function new_portal()
  return sandbox.new {
    contacts = CONTACTS,
    campaigns = 3,
    email_events = 12,
    v1_lists = true,
    event_types = { EVENT_TYPE_NAME },
    clock = 1764000000000,
  }
end

-- Asks a portal without the client.
local function asker(portal)
  return function(method, path, body)
    local answer = portal {
      method = method,
      url = "https://api.hubapi.com" .. path,
      headers = {
        authorization = not path:find("hapikey", 1, true) and "Bearer any" or nil,
        ["content-type"] = body and "application/json" or nil,
      },
      body = body and assert(core.encode(body)) or nil,
    }
    assert(answer.status < 300, ("%s %s: %s"):format(method, path, answer.body))
    return answer.body ~= "" and core.decode(answer.body) or nil
  end
end

local function fill_contacts(place, must)
  place.ids, place.emails = {}, {}
  for index, contact in ipairs(must("GET", "/crm/objects/2026-09/contacts?limit=100").results) do
    place.ids[index] = contact.id
    -- Some of those that are made up have no address.
    place.emails[index] = ("person%d@example.org"):format(index)
    must("PATCH", "/crm/objects/2026-09/contacts/" .. contact.id, { properties = { email = place.emails[index] } })
  end
  local profile = must("GET", ("/contacts/v1/contact/vid/%s/profile"):format(place.ids[1]))
  for _, identity in ipairs(profile["identity-profiles"][1].identities) do
    if identity.type == "LEAD_GUID" then place.utk = identity.value end
  end
  place.merged_id = table.remove(place.ids)
  must(
    "POST",
    "/crm/objects/2026-09/contacts/merge",
    { primaryObjectId = place.ids[3], objectIdToMerge = place.merged_id }
  )
end

local function fill_lists(place, must)
  local function create(name, processing_type, filter_branch)
    local definition = { name = name, objectTypeId = "0-1", processingType = processing_type }
    definition.filterBranch = filter_branch
    return must("POST", "/crm/lists/2026-09", definition).list.listId
  end
  place.filters, place.filter_branch = V1_FILTERS, FILTER_BRANCH
  local members, dynamic = create("Members", "MANUAL"), create("Of Lyon", "DYNAMIC", FILTER_BRANCH)
  local ids = core.array {}
  for index = 1, MEMBERS do
    ids[index] = place.ids[index]
  end
  must("PUT", ("/crm/lists/2026-09/%s/memberships/add"):format(members), ids)
  place.lists, place.dynamic_lists = { current = members }, { current = dynamic }
  for _, list in ipairs(must("GET", "/contacts/v1/lists?count=100").lists) do
    local kind = list.name == "Members" and place.lists or place.dynamic_lists
    kind.v1 = ("%.0f"):format(list.listId)
  end
end

local function fill_timeline(place, must)
  local signed = "?hapikey=" .. KEY
  local templates = ("/integrators/timeline/v3/%d/event-templates"):format(APPLICATION)
  local template = must("POST", templates .. signed, {
    name = "Played",
    objectType = "contacts",
    tokens = core.array { { name = "level", label = "Level", type = "number" } },
  })
  place.event_types = { current = template.id, v1 = template.id }
  place.event_type_name = EVENT_TYPE_NAME
  must("POST", "/integrators/timeline/v3/events", {
    id = "known",
    eventTemplateId = template.id,
    email = place.emails[1],
    tokens = { level = "3" },
  })
  local path = ("/integrations/v1/%d/timeline/event-types/%s/properties%s"):format(APPLICATION, template.id, signed)
  place.property_id = ("%.0f"):format(must("GET", path)[1].id)
end

local function fill_objects(place, must)
  place.companies, place.account_numbers = {}, {}
  for _, object_type in ipairs { "companies", "appointments" } do
    must("POST", "/crm/properties/2026-09/" .. object_type, {
      name = "account_number",
      label = "Account number",
      groupName = object_type == "companies" and "companyinformation" or "appointmentinformation",
      type = "string",
      fieldType = "text",
      hasUniqueValue = true,
    })
  end
  local function create(object_type, properties)
    return must("POST", "/crm/objects/2026-09/" .. object_type, { properties = properties }).id
  end
  for index = 1, 5 do
    place.account_numbers[index] = ("C-%d"):format(index)
    place.companies[index] = create("companies", { name = "Company", account_number = place.account_numbers[index] })
  end
  place.appointment =
    create("appointments", { hs_appointment_name = "Visit", account_number = place.account_numbers[1] })
end

local function fill_company_list(place, must)
  local definition = { name = "Companies", objectTypeId = "0-2", processingType = "MANUAL" }
  place.company_list = must("POST", "/crm/lists/2026-09", definition).list.listId
  must("PUT", ("/crm/lists/2026-09/%s/memberships/add"):format(place.company_list), core.array(place.companies))
end

local function fill_definitions(place, must)
  place.group = must("POST", "/crm/properties/2026-09/companies/groups", { name = "payments", label = "Payments" }).name
  local labels =
    must("POST", "/crm/associations/2026-09/contacts/companies/labels", { name = "owner", label = "Owner" })
  place.label = { label = "Owner", typeId = labels.results[1].typeId }
  local path = "/crm/objects/2026-09/contacts/%s/associations/companies/%s"
  for index = 1, 3 do
    local types = { { associationCategory = "USER_DEFINED", associationTypeId = place.label.typeId } }
    must("PUT", path:format(place.ids[1], place.companies[index]), core.array(types))
  end
  place.pipeline = must("POST", "/crm/pipelines/2026-09/deals", {
    label = "Renewals",
    displayOrder = 1,
    stages = core.array {
      { label = "Open", displayOrder = 0, metadata = { probability = "0.2" } },
      { label = "Won", displayOrder = 1, metadata = { probability = "1" } },
    },
  })
  place.owner = must("GET", "/crm/owners/2026-09").results[1]
  place.deals = {}
  for index = 1, 3 do
    local deal = { properties = { dealname = "Deal", dealstage = "closedwon" } }
    place.deals[index] = must("POST", "/crm/objects/2026-09/deals", deal).id
  end
  local split = { ownerId = tonumber(place.owner.id), percentage = 1 }
  must("POST", "/deal-splits/2026-09/batch/upsert", {
    inputs = core.array { { id = tonumber(place.deals[1]), splits = core.array { split } } },
  })
  local schema = must("POST", "/crm-object-schemas/2026-09/schemas", {
    name = "machines",
    labels = { singular = "Machine", plural = "Machines" },
    primaryDisplayProperty = "model",
    requiredProperties = core.array { "model" },
    associatedObjects = core.array {},
    properties = core.array { { name = "model", label = "Model", type = "string", fieldType = "text" } },
  })
  local association = must(
    "POST",
    ("/crm-object-schemas/2026-09/schemas/%s/associations"):format(schema.objectTypeId),
    { fromObjectTypeId = schema.objectTypeId, toObjectTypeId = "0-1", name = "machine_to_contact" }
  )
  place.schema = { objectTypeId = schema.objectTypeId, association_id = association.id }
end

local function fill_mail(place, must)
  place.campaign = must("GET", "/email/public/v1/campaigns/by-id?limit=1").campaigns[1]
  place.email_event = must("GET", "/email/public/v1/events?limit=1").events[1]
  must("PUT", "/email/public/v1/subscriptions/" .. place.emails[1], {
    subscriptionStatuses = core.array { { id = 146, subscribed = false } },
  })
  local token = must("POST", "/marketing/transactional/2026-09/smtp-tokens", {
    campaignName = "Winter",
    createContact = true,
  })
  place.smtp_tokens = { current = token.id, v1 = token.id }
end

local function client_of(transport, more)
  local options = {
    token = "the-token-of-the-account",
    transport = transport,
    limiter = false,
    retry = false,
    developer_key = KEY,
    user_id = 4411,
  }
  for name, value in pairs(more) do
    options[name] = value
  end
  if options.oauth then options.token = nil end
  return hubspot.new(options)
end

-- A code, and a refresh token, may be good once.
local function leaves_as_it_is(request) return is_read(request) and not request.url:find "/oauth/" end

-- The filled portal, and what is in it, to which nobody has written: to fill one takes longer than most calls.
local untouched

local function fill()
  local portal, content = new_portal(), {}
  local must = asker(portal)
  fill_contacts(content, must)
  fill_lists(content, must)
  fill_objects(content, must)
  fill_company_list(content, must)
  fill_definitions(content, must)
  fill_timeline(content, must)
  fill_mail(content, must)
  return { portal = portal, content = content }
end

--- Makes the clients of a portal that is as it was filled.
-- @tparam string api_version
-- @tparam function change function(request, answer) that returns the answer which the client gets
-- @treturn table what is in the portal, its `client`, an `oauth_client`, its `transport`
return function(api_version, change)
  untouched = untouched or fill()
  local filled, place = untouched, {}
  for name, value in pairs(filled.content) do
    place[name] = value
  end
  filled.portal:clear_requests()
  function place.transport(request)
    if not leaves_as_it_is(request) and untouched == filled then untouched = nil end
    local answer, failure = filled.portal(request)
    if not answer then return nil, failure end
    return change(request, answer)
  end
  place.client = client_of(place.transport, { api_version = api_version })
  place.oauth_client = client_of(place.transport, {
    api_version = api_version,
    oauth = { client_id = "the-app", client_secret = "the-secret-of-it", refresh_token = "the-refresh-token" },
  })
  return place
end
