--- `/_sandbox/…`: the portal of a server over HTTP, for its page and for programs in other processes and languages.
--
-- Each endpoint is a row of `ENDPOINTS`, which `GET /_sandbox` lists. A change has a JSON body: a web page can't send
-- one to another host without asking first.
local accounts = require "hubspot.sandbox.accounts"
local core = require "hubspot.core"
local fault = require "hubspot.sandbox.fault"
local page = require "hubspot.sandbox.page"
local requests = require "hubspot.sandbox.request"
local router = require "hubspot.sandbox.router"
local texts = require "hubspot.sandbox.text"

local control = {}

local function json(status, value)
  return { status = status, headers = { ["content-type"] = "application/json" }, body = core.encode(value) }
end

local function done() return { status = 204, headers = {}, body = "" } end

-- Drops the position in the source, which Lua puts before a message.
local function refused(message)
  return json(400, { message = texts.printable((tostring(message):gsub("^.-hubspot%.sandbox: ", ""))) })
end

local function missing(message) return json(404, { message = texts.printable(message) }) end

-- Answers with what a method of the portal gives, or with why it throws.
local function answer_of(portal, method, ...)
  local fine, value = pcall(portal[method], portal, ...)
  if not fine then return refused(value) end
  if value == nil then return done() end
  return json(200, value)
end

local function printable(value)
  if type(value) == "string" then return texts.printable(value) end
  if type(value) ~= "table" then return value end
  local shown = {}
  for name, member in pairs(value) do
    shown[printable(name)] = printable(member)
  end
  return shown
end

-- Requests may have bytes that JSON can't.
local function printable_list(list)
  for index, entry in ipairs(list) do
    list[index] = printable(entry)
  end
  return core.array(list)
end

local function list_of(portal, method, ...) return json(200, core.array(portal[method](portal, ...))) end

local ENDPOINTS = {
  {
    "GET",
    "requests",
    "the requests, oldest first; `after` a number, `limit`, `summary=true` without headers and bodies",
    function(here, asked)
      local list = here.portal:requests {
        after = asked.number "after",
        limit = asked.number "limit",
        summary = asked.query.summary == "true",
      }
      local answer = json(200, printable_list(list))
      -- Tells a reader whose numbers are larger that the server was started anew.
      answer.headers["x-sandbox-last-request"] = string.format("%d", here.portal:last_request())
      return answer
    end,
  },
  {
    "GET",
    "requests/{number}",
    "one request, and the nearest route where there is none for it",
    function(here, asked)
      local entry = here.portal:request(tonumber(asked.path.number) or 0)
      return entry and json(200, printable(entry)) or missing "no such request is kept"
    end,
  },
  {
    "DELETE",
    "requests",
    "forget the requests",
    function(here) return answer_of(here.portal, "clear_requests") end,
  },
  {
    "GET",
    "faults",
    "the faults that wait, and the kinds that there are",
    function(here) return json(200, { waiting = core.array(here.portal:waiting_faults()), kinds = fault.kinds() }) end,
  },
  {
    "POST",
    "faults",
    'ask for a fault, such as `{"kind":"status","status":503}`',
    function(here, asked) return answer_of(here.portal, "fault", asked.body) end,
  },
  {
    "DELETE",
    "faults",
    "forget the faults that wait",
    function(here) return answer_of(here.portal, "clear_faults") end,
  },
  {
    "GET",
    "clock",
    "the portal's time, in milliseconds since 1970, and the seconds that search waits for writes",
    function(here) return json(200, { time = here.portal:time(), search_lag = here.portal:search_lag() }) end,
  },
  {
    "POST",
    "clock",
    '`{"advance":60}` moves the clock',
    function(here, asked) return answer_of(here.portal, "advance", asked.body.advance) end,
  },
  {
    "POST",
    "search_lag",
    '`{"seconds":5}`: what is written from here on waits for search',
    function(here, asked) return answer_of(here.portal, "set_search_lag", asked.body.seconds) end,
  },
  {
    "POST",
    "restore",
    '`{"type":"contacts","id":"4127"}` brings an archived record back',
    function(here, asked) return answer_of(here.portal, "restore", asked.body) end,
  },
  {
    "POST",
    "purge",
    '`{"type":"contacts","id":"4127"}` deletes a record for good',
    function(here, asked) return answer_of(here.portal, "purge", asked.body) end,
  },
  {
    "POST",
    "set_calculated",
    '`{"type":"contacts","id":"4127","properties":{…}}` sets what HubSpot calculates',
    function(here, asked) return answer_of(here.portal, "set_calculated", asked.body) end,
  },
  {
    "GET",
    "quota",
    "both buckets now, and the requests that they refused",
    function(here) return json(200, here.portal:quotas()) end,
  },
  {
    "POST",
    "quota",
    '`{"general":{"limit":100,"seconds":10},"search":false}`: false refuses nothing',
    function(here, asked) return answer_of(here.portal, "set_quotas", asked.body) end,
  },
  {
    "GET",
    "routes",
    "the routes of HubSpot's that the portal has",
    function(here) return list_of(here.portal, "known_routes") end,
  },
  {
    "GET",
    "export",
    "all that is in the portal; `--fixtures` of another start takes it",
    function(here)
      local answer = answer_of(here.portal, "export")
      answer.headers["content-disposition"] = 'attachment; filename="portal.json"'
      return answer
    end,
  },
  {
    "POST",
    "fixtures",
    "start over with an export, or with fixtures",
    function(here, asked) return answer_of(here.portal, "reset_to", asked.body) end,
  },
  {
    "POST",
    "reset",
    "start over, with options as JSON or as it was started",
    function(here, asked) return answer_of(here.portal, "reset", asked.has_body and asked.body or nil) end,
  },
  {
    "POST",
    "restart",
    '`{"seed":7}`: start over as it was started, with some options changed',
    function(here, asked) return answer_of(here.portal, "restart", asked.body) end,
  },
  {
    "GET",
    "records",
    "the types of records",
    function(here) return list_of(here.portal, "record_types") end,
  },
  {
    "GET",
    "records/{type}",
    "a page of records; `query`, `after`, `limit`, `archived=true`, `properties=a,b`",
    function(here, asked)
      local properties = {}
      for name in (asked.query.properties or ""):gmatch "[^,]+" do
        properties[#properties + 1] = name
      end
      return answer_of(here.portal, "records", asked.path.type, {
        query = asked.query.query,
        after = asked.query.after,
        limit = asked.number "limit",
        archived = asked.query.archived == "true",
        properties = properties[1] and properties,
      })
    end,
  },
  {
    "GET",
    "records/{type}/{id}",
    "a record with its history, associations and merged ids",
    function(here, asked) return answer_of(here.portal, "record", asked.path.type, asked.path.id) end,
  },
  {
    "PATCH",
    "records/{type}/{id}",
    '`{"properties":{…}}` writes properties of a record',
    function(here, asked)
      return answer_of(here.portal, "edit_record", asked.path.type, asked.path.id, asked.body.properties)
    end,
  },
  {
    "DELETE",
    "records/{type}/{id}",
    "archive a record",
    function(here, asked) return answer_of(here.portal, "archive_record", asked.path.type, asked.path.id) end,
  },
  {
    "POST",
    "records/{type}/{id}/merge",
    '`{"id":…}` merges that record into this one',
    function(here, asked) return answer_of(here.portal, "merge_records", asked.path.type, asked.path.id, asked.body.id) end,
  },
  {
    "GET",
    "lists",
    "the lists of contacts",
    function(here) return list_of(here.portal, "contact_lists") end,
  },
  {
    "GET",
    "lists/{id}/members",
    "a page of the members of a list; `after`, `limit`",
    function(here, asked)
      return answer_of(here.portal, "list_members", asked.path.id, {
        after = asked.query.after,
        limit = asked.number "limit",
      })
    end,
  },
  {
    "GET",
    "webhooks",
    "the webhooks that wait, that are sent again, and that were sent",
    function(here) return answer_of(here.portal, "webhook_state") end,
  },
  {
    "GET",
    "portals",
    "the accounts; the other endpoints take `portal`, the id of one, and are about the first without it",
    function(here)
      local ids = {}
      for index, portal in ipairs(here.server.portals) do
        ids[index] = portal:id()
      end
      return json(200, core.array(ids))
    end,
  },
  {
    "GET",
    "connections",
    "how many connections came, and are open",
    function(here) return json(200, { accepted = here.server.accepted, open = here.server.open }) end,
  },
  {
    "POST",
    "stop",
    "end the server",
    function(here)
      here.server.stopping = true
      return done()
    end,
  },
}

local ROOT = "/_sandbox"

local routes = router.new()
for _, row in ipairs(ENDPOINTS) do
  routes:add { method = row[1], path = ROOT .. "/" .. row[2], handler = row[4] }
end

local function is_json(content_type) return content_type:lower():find "^application/json%f[^%w.+-]" ~= nil end

-- A web page can send other types without asking first, and a change without a body, too, where the browser trusts it.
local function type_problem(request)
  local content_type = request.headers["content-type"]
  if (request.body ~= "" or content_type) and not is_json(content_type or "") then
    return json(415, { message = "the body must be application/json" })
  end
  return nil
end

local function body_of(request)
  if request.body == "" then return {} end
  local value = core.decode(request.body, true)
  return type(value) == "table" and value or nil
end

-- Takes apart for its endpoint what a request asks: `path` and `query` (the values of their parameters), `body` (a
-- table), `has_body`, and `number(name)`, a parameter of the query as a number.
local function asked_of(request, parsed, params, body)
  local query = {}
  for name, values in pairs(parsed.query) do
    query[name] = values[#values]
  end
  return {
    path = params,
    query = query,
    body = body,
    has_body = request.body ~= "",
    number = function(name) return tonumber(query[name] or "") end,
  }
end

--- The endpoints: `{ method =, path =, about = }`.
function control.endpoints()
  local list = {}
  for index, row in ipairs(ENDPOINTS) do
    list[index] = { method = row[1], path = ROOT .. "/" .. row[2], about = row[3] }
  end
  return list
end

-- The page for a browser, unless the server has none; the endpoints for a program.
local function front(server, request, parsed)
  local wants_page = (request.headers.accept or ""):find("text/html", 1, true) and not server.no_page
  if not wants_page then return json(200, { endpoints = control.endpoints() }) end
  if parsed.path == ROOT then return { status = 308, headers = { location = ROOT .. "/" }, body = "" } end
  return page.answer()
end

--- Returns whether a request is for an endpoint, and not for the portal.
function control.is_meant(request) return (request.url .. "/"):find "^/_sandbox[/?]" ~= nil end

--- Answers a request to an endpoint.
function control.serve(server, request)
  local problem = type_problem(request)
  if problem then return problem end
  local parsed = requests.parse(request)
  if #parsed.segments == 1 and parsed.method == "GET" then return front(server, request, parsed) end
  local route, params = routes:route(parsed.method, parsed.segments)
  if not route then return missing("no such endpoint: " .. parsed.method .. " " .. parsed.path) end
  local body = body_of(request)
  if not body then return refused "the body is no JSON object" end
  local asked = asked_of(request, parsed, params, body)
  local portal = accounts.named(server.portals, asked.query.portal)
  if not portal then return missing("there is no account " .. asked.query.portal) end
  return route.handler({ server = server, portal = portal }, asked)
end

return control
