--- Identifies the visitor of a site by the cookie that HubSpot's tracking code sets, and writes the visit to their
-- timeline.

local cjson = require "cjson.safe"
local hubspot = require "hubspot"

local ngx = ngx -- luacheck: ignore

local visitor = {}

-- A page does not wait longer for HubSpot. Without an answer it greets a stranger.
local SECONDS_FOR_A_PAGE = 2

-- One lookup for a visit, not for a page: HubSpot counts them.
local SECONDS_KNOWN = 600

local client

local function environment(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- Makes the client. It sends nothing yet, so that this may be done before nginx starts its workers, each of which gets
-- its own connections.
function visitor.start()
  local base_url = environment "HUBSPOT_BASE_URL"
  client = hubspot.new { token = environment "HUBSPOT_TOKEN" or base_url and "sandbox-token", base_url = base_url }
end

-- Returns the visitor with the cookie, or nil; `{}` is kept for those whom HubSpot doesn't know.
local function look_up(token)
  local contact, err = client.contacts:get_by_utk(token, {
    properties = { "firstname" },
    deadline = SECONDS_FOR_A_PAGE,
  })
  if contact then return { id = contact.id, name = contact.properties.firstname } end
  if err.status == 404 then return {} end
  ngx.log(ngx.WARN, "HubSpot: ", tostring(err))
  return nil
end

--- Puts the visitor's `id` and `name` in `ngx.ctx.visitor` where HubSpot knows them. For access_by_lua.
function visitor.recognize()
  local token = ngx.var.cookie_hubspotutk
  if not token or not token:find "^[%x-]+$" then return end
  local known = cjson.decode(ngx.shared.visitors:get(token) or "")
  if not known then
    known = look_up(token)
    if not known then return end
    ngx.shared.visitors:set(token, cjson.encode(known), SECONDS_KNOWN)
  end
  if known.id then ngx.ctx.visitor = known end
end

-- `premature` is true where nginx ends before the timer's time: the event is written all the same.
local function write_event(premature, event) -- luacheck: no unused args
  local written, err = client.timeline:upsert_event(nil, event)
  if not written then ngx.log(ngx.ERR, "HubSpot: the visit ", event.id, " is not in the timeline: ", tostring(err)) end
end

--- Writes the visit into the contact's timeline, in a timer: the visitor has the page already. For log_by_lua, where
-- nginx can't wait.
function visitor.remember()
  local known = ngx.ctx.visitor
  local event_type = environment "HUBSPOT_EVENT_TYPE"
  if not known or not event_type then return end
  local started, reason = ngx.timer.at(0, write_event, {
    id = "visit-" .. ngx.var.request_id,
    eventTypeName = event_type,
    objectId = known.id,
    properties = { page = ngx.var.uri },
  })
  if not started then ngx.log(ngx.ERR, "HubSpot: no timer for a visit: ", reason) end
end

return visitor
