-- Timeline events. Those of a type with an id go to v1 and v3; with the date versions they name their type.

local arguments = require "hubspot.resource.timeline_arguments"
local attribute = require "hubspot.batch.attribution"
local check = require "hubspot.check"
local core = require "hubspot.core"
local shape = require "hubspot.shape.timeline"
local write_rows = require "hubspot.batch.write"

local application_id, type_id = arguments.application_id, arguments.type_id

local extra_data = {
  description = "a table that JSON can hold",
  luacats = "table<string, any>",
  check = function(value, place)
    if type(value) ~= "table" then return check.table.check(value, place) end
    local text, message = core.encode(value)
    if not text then return nil, ("%s: %s"):format(place, message) end
    return value
  end,
}

local PIXELS = check.integer(1, 100000)

-- Each generation has names of its own for two of a frame's fields; both are taken on every route.
local frame = check.refined(
  check.fields("a table { linkLabel =, headerLabel =, url =, width =, height = }", {
    linkLabel = { type = check.string },
    headerLabel = { type = check.string },
    iframeLabel = { type = check.string, description = "v1's name of headerLabel" },
    url = { type = check.string },
    iframeUri = { type = check.string, description = "v1's name of url" },
    width = { type = PIXELS, description = "in pixels" },
    height = { type = PIXELS, description = "in pixels" },
  }, "hubspot.TimelineFrame"),
  function(fields, place)
    if fields.headerLabel and fields.iframeLabel then
      return nil, place .. " has both headerLabel and iframeLabel, which are one"
    end
    if fields.url and fields.iframeUri then return nil, place .. " has both url and iframeUri, which are one" end
    return fields
  end
)

local event_fields = check.fields("an event { id =, eventTypeId = or eventTypeName =, email =, properties = }", {
  id = { type = check.segment, description = "yours, unique among the events of the type" },
  eventTypeId = { type = check.id, description = "of a type of v1 or v3" },
  eventTypeName = { type = check.string, description = "the full name of a type of an application's project" },
  email = { type = check.email },
  utk = { type = check.string },
  objectId = { type = check.id },
  domain = { type = check.string },
  timestamp = { type = check.time, description = "when it happened; when HubSpot gets it, if left out" },
  properties = { type = check.properties_or_none, description = "values of the type's properties by name" },
  extraData = { type = extra_data, description = "any JSON, for the templates" },
  timelineIFrame = { type = frame, description = "a page to show, and the link to it" },
}, "hubspot.TimelineEventInput")

local function identity_of(event) return event.email or event.utk or event.objectId or event.domain end

-- Chooses the generation of an event: its type's name is of the date versions, its type's id of v1 and v3.
local function event_complaint(event, route_name)
  if not identity_of(event) then return "needs whose it is: email, utk or objectId" end
  if (event.eventTypeId == nil) == (event.eventTypeName == nil) then
    return "needs either eventTypeId or eventTypeName"
  end
  if route_name ~= "v1" then return event.eventTypeName and not event.id and "needs an id" or nil end
  if event.eventTypeName then return 'has an eventTypeName, which api_version = "v1" does not take; use eventTypeId' end
  if event.domain then return 'has a domain, which api_version = "v1" does not take' end
  local own = shape.v1_own_field(event.properties)
  if own then return ('has a property %s, which api_version = "v1" takes for the event\'s own'):format(own) end
  return not event.id and "needs an id" or nil
end

local function event_type(route_name)
  return check.refined(event_fields, function(event, place)
    local complaint = event_complaint(event, route_name)
    if complaint then return nil, ("%s %s"):format(place, complaint) end
    return event
  end)
end

local event_argument = { v1 = event_type "v1", current = event_type "current" }
local events_argument = {
  v1 = check.list_of(event_argument.v1, "events"),
  current = check.list_of(event_argument.current, "events"),
}

-- HubSpot takes an id once, so an event with one is never there twice. The later generations answer 409 to an id that
-- they have; v1 answers 400, as to any other mistake, so that there a retry's answer proves nothing.
local has_id = { when = "where the event has an id", holds = function(values) return values.event.id ~= nil end }

local v3_event_route = {
  method = "POST",
  path = "/integrators/timeline/v3/events",
  body = { { from = "event", encode = shape.v3_event } },
  idempotent = has_id,
  done_when = 409,
  answer = shape.v3_event_record,
}

local dated_event_route = {
  method = "POST",
  path = "/integrators/timeline/{api_version}/events",
  body = { { from = "event", encode = shape.dated_event } },
  idempotent = has_id,
  done_when = 409,
  answer = shape.dated_event_record,
}

local function upsert_event(call)
  local event = call.values.event
  local route = event.eventTypeName and dated_event_route or v3_event_route
  local answer, err = call:send(route, { event = event })
  if not answer then return nil, err end
  return answer:result()
end

local all_have_ids = {
  when = "where all of its events have an id",
  holds = function(values)
    for _, row in ipairs(values.rows) do
      if not row.input.id then return false end
    end
    return true
  end,
}

local function id_of_row(row) return { row.input.id } end

local function id_of_result(event) return { event.id } end

local NAMING = { of_row = id_of_row, of_result = id_of_result }

local function records_of(answer, to_record)
  local records = {}
  for place, event in ipairs(answer.results or {}) do
    records[place] = to_record(event)
  end
  return records
end

-- Accepted events may not be sent again: when a failure names no event, those that the answer leaves out have failed.
local function charge_left_out(told)
  if not told.unnamed then return end
  for _, row in ipairs(told.left_out) do
    told.failures[#told.failures + 1] = { row = row, error = told.unnamed }
  end
  told.left_out = {}
end

local function written(to_record)
  return function(answer, values, uncertain)
    local told =
      attribute({ results = records_of(answer, to_record), errors = answer.errors }, values.rows, NAMING, uncertain)
    charge_left_out(told)
    return told
  end
end

-- Events of a request.
local LIMIT = 100

local v1_batch_route = {
  method = "POST",
  path = "/integrations/v1/{application_id}/timeline/event/batch",
  body = { { "eventWrappers", from = "rows", encode = shape.rows_of(shape.v1_event) } },
  idempotent = false,
  limit = LIMIT,
}

local v3_batch_route = {
  method = "POST",
  path = "/integrators/timeline/v3/events/batch/create",
  body = { { "inputs", from = "rows", encode = shape.rows_of(shape.v3_event) } },
  idempotent = all_have_ids,
  answer = written(shape.v3_event_record),
  limit = LIMIT,
}

local dated_batch_route = {
  method = "POST",
  path = "/integrators/timeline/{api_version}/events/batch",
  body = { { "inputs", from = "rows", encode = shape.rows_of(shape.dated_event) } },
  idempotent = all_have_ids,
  answer = written(shape.dated_event_record),
  limit = LIMIT,
}

local function accepted_event(row)
  local event = shape.accepted_event(row.input)
  event.index = row.index
  return event
end

-- An empty answer means accepted.
local function accepted(rows)
  local events = {}
  for place, row in ipairs(rows) do
    events[place] = accepted_event(row)
  end
  return { results = events, failures = {}, left_out = {} }
end

local function send_rows(call, route)
  return function(rows)
    local told, err = call:send(route, { rows = rows, application_id = call.values.application_id })
    if not told then return nil, err end
    return told.is_empty and accepted(rows) or told.value
  end
end

-- By its id alone HubSpot names an event that failed, so no two of a request have the same, whatever their types.
local function event_key(event) return event.id or tostring(event) end

-- HubSpot takes an id once: an event that is there already stays what it is.
local function group_of(call, route, rows)
  return { rows = rows, send = send_rows(call, route), limit = route.limit, existing = accepted_event }
end

local function write_groups(call, groups) return write_rows(groups, event_key, call.client.loop_for_background) end

local function upsert_events_v1(call)
  local rows = {}
  for index, event in ipairs(call.values.events) do
    rows[index] = { index = index, input = event }
  end
  return write_groups(call, { group_of(call, v1_batch_route, rows) })
end

local function upsert_events(call)
  local dated_rows, v3_rows = {}, {}
  for index, event in ipairs(call.values.events) do
    table.insert(event.eventTypeName and dated_rows or v3_rows, { index = index, input = event })
  end
  return write_groups(call, {
    group_of(call, dated_batch_route, dated_rows),
    group_of(call, v3_batch_route, v3_rows),
  })
end

-- Operations ------------------------------------------------------------------------------------------------------

return {
  get_event = {
    number = 24,
    summary = "Reads one timeline event.",
    arguments = {
      application_id,
      type_id,
      { name = "event_id", type = check.segment, description = "the event's id" },
    },
    returns = { record = "timeline event" },
    v1 = {
      method = "GET",
      path = "/integrations/v1/{application_id}/timeline/event/{type_id}/{event_id}",
      idempotent = true,
      answer = shape.v1_event_record,
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/get-integrations-v1-application-id-timeline-event-event-typeid-event-id",
    },
    current = {
      method = "GET",
      path = "/integrators/timeline/v3/events/{type_id}/{event_id}",
      idempotent = true,
      answer = shape.v3_event_record,
      documentation = "api-reference/legacy/crm/extensions/timeline/events/get-timeline",
    },
  },

  upsert_event = {
    number = 10,
    summary = "Writes a timeline event. HubSpot takes an id once and refuses it afterwards; an unknown e-mail address "
      .. "makes a contact.",
    arguments = { application_id, { name = "event", type = event_argument, description = "the event and its object" } },
    returns = { record = "timeline event", or_true = "empty" },
    v1 = {
      method = "POST",
      path = "/integrations/v1/{application_id}/timeline/event",
      body = { { from = "event", encode = shape.v1_event } },
      idempotent = false,
      documentation = "api-reference/legacy/crm-timeline-v1/post-integrations-v1-application-id-timeline-event",
    },
    current = {
      run = upsert_event,
      requests = { dated_event_route, v3_event_route },
      documentation = "apps/developer-platform/add-features/app-events/send-event-occurrences",
    },
  },

  upsert_events = {
    number = 2,
    summary = "Writes any number of timeline events. One that HubSpot refuses fails alone; one whose id it has already "
      .. "stays as it is there, and is listed in `existing`.",
    arguments = {
      application_id,
      { name = "events", type = events_argument, description = "the events and their objects" },
    },
    returns = { outcome = "timeline event" },
    v1 = {
      run = upsert_events_v1,
      requests = { v1_batch_route },
      documentation = "api-reference/legacy/crm/extensions/timeline/v1/post-integrations-v1-application-id-timeline-event-batch",
    },
    current = {
      run = upsert_events,
      requests = { dated_batch_route, v3_batch_route },
      documentation = "apps/developer-platform/add-features/app-events/send-event-occurrences",
    },
  },
}
