-- An application with event types, for the specs of the timeline.

local fixture = require "spec.support.fixture"

local timeline_fixture = {
  APP = "6543",
  KEY = "3fa85f64-5717-4562-b3fc-2c963f66afa6",
  USER = "4411",
  NOW = 1764000000000,
  WEBINAR = "pe99001_webinar",
  VISIT = "pe99001_visit",
}

-- Definitions of properties.
timeline_fixture.SIZE = {
  name = "size",
  label = "Size",
  type = "enumeration",
  options = { { label = "Large", value = "large" }, { label = "Small", value = "small" } },
}
timeline_fixture.SEATS = { name = "seats", label = "Seats", type = "number" }
timeline_fixture.TITLE = { name = "title", label = "Title", type = "string", objectPropertyName = "jobtitle" }
timeline_fixture.START = { name = "start", label = "Start", type = "date" }

--- Starts a sandbox where the application has two event types, of contacts and of companies, and a client of each route
-- with the developer key.
function timeline_fixture.new()
  local KEY, USER = timeline_fixture.KEY, timeline_fixture.USER
  return fixture.new {
    clients = {
      current = { developer_key = KEY, user_id = USER },
      march = { api_version = "2026-03", developer_key = KEY, user_id = USER },
      v1 = { api_version = "v1", developer_key = KEY, user_id = USER },
    },
    reset = {
      clock = timeline_fixture.NOW,
      developer_key = KEY,
      event_types = { timeline_fixture.WEBINAR, { name = timeline_fixture.VISIT, objectType = "COMPANY" } },
    },
  }
end

--- Creates an event type with properties of these definitions, and returns its id; forgets the requests that this took.
function timeline_fixture.type_with(here, ...)
  local timeline, app = here.clients.v1.timeline, timeline_fixture.APP
  local id = assert(timeline:create_event_type(app, { name = "Webinar" })).id
  for _, definition in ipairs { ... } do
    assert(timeline:create_event_type_property(app, id, definition))
  end
  here.server:clear_requests()
  return id
end

return timeline_fixture
