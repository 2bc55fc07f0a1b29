-- The routes of HubSpot that the bench calls, answered from prepared records. `/_bench/set` sets latency, quota and
-- sizes and resets the counts; `/_bench/counts` returns them, `/_bench/removed` the ids that went meanwhile.

local associations = require "associations"
local batches = require "batches"
local cjson = require "cjson"
local life = require "life"
local pages = require "pages"

local portal = {}

-- Without a quota, the headers state one that is never reached.
local UNLIMITED = 1000000
local SEARCHES_A_SECOND = 5

local settings, counts, windows

local function new_window(limit, span) return { limit = limit, span = span, moments = {}, first = 1, last = 0 } end

local function reset(arguments)
  local quota = tonumber(arguments.quota)
  settings = { latency = tonumber(arguments.latency) or 0, members = tonumber(arguments.members) or 0 }
  life.begin(tonumber(arguments.contacts) or 1000, arguments.changes ~= nil)
  counts = { requests = 0, refused = 0, further = 0, written = 0, twice = 0 }
  batches.begin(counts)
  windows = quota
    and {
      general = new_window(quota, tonumber(arguments.window) or 10),
      search = new_window(SEARCHES_A_SECOND, 1),
    }
end

reset {}

-- HubSpot's rolling window: a refused request does not count.
local function takes(window, now)
  while window.first <= window.last and window.moments[window.first] <= now - window.span do
    window.moments[window.first] = nil
    window.first = window.first + 1
  end
  if window.last - window.first + 1 >= window.limit then return false end
  window.last = window.last + 1
  window.moments[window.last] = now
  return true
end

local function set_quota_headers(window)
  local header = ngx.header
  local limit = window and window.limit or UNLIMITED
  header["X-HubSpot-RateLimit-Daily"] = UNLIMITED
  header["X-HubSpot-RateLimit-Daily-Remaining"] = UNLIMITED - counts.requests
  header["X-HubSpot-RateLimit-Interval-Milliseconds"] = 10000
  header["X-HubSpot-RateLimit-Max"] = limit
  header["X-HubSpot-RateLimit-Remaining"] = window and limit - (window.last - window.first + 1) or limit
end

local function send(text)
  ngx.header.content_length = #text
  ngx.print(text)
end

local function refuse(policy)
  ngx.status = 429
  send(
    (
      '{"status":"error","message":"You have reached your %s limit.","errorType":"RATE_LIMIT",'
      .. '"correlationId":"c033cdaa-2c40-4a64-ae48-b4cec88dad24","policyName":"%s",'
      .. '"requestId":"3d3e35b7-0dae-4b9f-a6e3-9c230cbcf8dd"}'
    ):format(policy:lower(), policy)
  )
end

local function integer(text, default) return text and tonumber(text) or default end

local function page_of(object_type)
  return function(arguments)
    local first, limit = pages.place_after(integer(arguments.after, 0)), integer(arguments.limit, 10)
    local places, has_more = life.places(first, limit)
    local paging = ""
    if has_more then
      paging = (',"paging":{"next":{"after":"%d","link":"https://api.hubapi.com/crm/objects/2026-09/%s?after=%d"}}'):format(
        pages.id(places[#places]),
        object_type,
        pages.id(places[#places])
      )
    end
    return '{"results":[' .. pages.text(object_type, places) .. "]" .. paging .. "}"
  end
end

local function contacts_page_v1(arguments)
  local first = pages.place_after(integer(arguments.vidOffset, 0))
  local places, has_more = life.places(first, integer(arguments.count, 20))
  return ('{"contacts":[%s],"has-more":%s,"vid-offset":%d}'):format(
    pages.text("v1", places),
    tostring(has_more),
    pages.id(places[#places] or 1)
  )
end

local function record(object_type, id)
  local place = life.place(tonumber(id))
  return place and pages.text(object_type, { place })
end

local function request_body()
  ngx.req.read_body()
  return cjson.decode(ngx.req.get_body_data())
end

local function batch_read(object_type)
  local places = {}
  for _, input in ipairs(request_body().inputs) do
    places[#places + 1] = life.place(tonumber(input.id))
  end
  return '{"status":"COMPLETE","results":['
    .. pages.text(object_type, places)
    .. '],"startedAt":"2026-09-12T17:40:02.733Z","completedAt":"2026-09-12T17:40:02.741Z"}'
end

-- Narrows places by a filter of the id, the only property that this portal can search by.
local function narrow(filter, first, last)
  if filter.propertyName ~= "hs_object_id" then error("no search by " .. tostring(filter.propertyName)) end
  local value = tonumber(filter.value)
  local behind, from = pages.place_after(value), pages.place_after(value - 1)
  if filter.operator == "GT" then return math.max(first, behind), last end
  if filter.operator == "GTE" then return math.max(first, from), last end
  if filter.operator == "LT" then return first, math.min(last, from - 1) end
  if filter.operator == "LTE" then return first, math.min(last, behind - 1) end
  if filter.operator == "EQ" then return math.max(first, from), math.min(last, behind - 1) end
  if filter.operator == "BETWEEN" then
    return math.max(first, from), math.min(last, pages.place_after(tonumber(filter.highValue)) - 1)
  end
  error("no search with " .. tostring(filter.operator))
end

local function sorts_descending(body)
  local sort = body.sorts and body.sorts[1]
  if type(sort) == "table" then return sort.direction == "DESCENDING" end
  return sort ~= nil and sort:sub(1, 1) == "-"
end

local function search(object_type)
  local body = request_body()
  local first, last = 1, life.last_place()
  local group = body.filterGroups and body.filterGroups[1]
  for _, filter in ipairs(group and group.filters or {}) do
    first, last = narrow(filter, first, last)
  end
  local total = life.count(first, last)
  local shown = math.min(total, body.limit or 10)
  local places
  if sorts_descending(body) then
    places = life.places_before(last, shown)
  else
    places = life.places(first, shown)
  end
  local paging = shown < total and (',"paging":{"next":{"after":"%d"}}'):format(shown) or ""
  return ('{"total":%d,"results":['):format(total) .. pages.text(object_type, places) .. "]" .. paging .. "}"
end

local function memberships(arguments)
  local first = pages.place_after(integer(arguments.after, 0))
  local last = math.min(first + integer(arguments.limit, 100) - 1, settings.members)
  local list = {}
  for place = first, last do
    list[#list + 1] = ('{"recordId":"%d","membershipTimestamp":"2026-09-01T10:00:00Z"}'):format(pages.id(place))
  end
  local paging = last < settings.members and (',"paging":{"next":{"after":"%d"}}'):format(pages.id(last)) or ""
  return ('{"results":[%s],"total":%d%s}'):format(table.concat(list, ","), settings.members, paging)
end

local OBJECT_TYPES = { contacts = true, companies = true }

-- The dated form of a path, and v3's.
local function object_route(path)
  local object_type, rest = path:match "^/crm/objects/[%d-]+/(%a+)(.*)$"
  if not object_type then
    object_type, rest = path:match "^/crm/v3/objects/(%a+)(.*)$"
  end
  if not OBJECT_TYPES[object_type] then return nil end
  local id = rest:match "^/(%d+)$"
  if rest == "" then return page_of(object_type) end
  if rest == "/search" then
    return function() return search(object_type) end, "search"
  end
  if rest == "/batch/read" then
    return function() return batch_read(object_type) end
  end
  if rest == "/batch/create" then
    return function() return batches.create(request_body()) end
  end
  if rest == "/batch/upsert" then
    return function() return batches.upsert(request_body()) end
  end
  return id and function() return record(object_type, id) end
end

-- An export looks at its account before it begins.
local function account() return '{"portalId":99001,"accountType":"SANDBOX","timeZone":"UTC"}' end

local function route(path)
  if path:find "^/account%-info/[%d-]+/details$" then return account end
  if path == "/contacts/v1/lists/all/contacts/all" then return contacts_page_v1 end
  if path:find "^/crm/lists/[%w-]+/%d+/memberships$" then return memberships end
  if path:find "^/crm/associations/[%d-]+/contacts/companies/batch/read$" then
    return function() return associations.read(request_body(), counts) end, "exempt"
  end
  return object_route(path)
end

function portal.answer()
  local handler, bucket = route(ngx.var.uri)
  counts.requests = counts.requests + 1
  -- HubSpot exempts some: they have no window.
  local window = windows and windows[bucket or "general"]
  local taken = not window or takes(window, ngx.now())
  if not taken then counts.refused = counts.refused + 1 end
  if settings.latency > 0 then ngx.sleep(settings.latency) end
  ngx.header.content_type = "application/json;charset=utf-8"
  if not bucket then set_quota_headers(window) end
  if bucket == "exempt" then ngx.header["X-HubSpot-Rate-Limit-Exemptions"] = '["ten-secondly"]' end
  if not taken then return refuse(bucket == "search" and "SECONDLY" or "TEN_SECONDLY_ROLLING") end
  local text = handler and handler(ngx.req.get_uri_args())
  if text then return send(text) end
  ngx.status = 404
  send '{"status":"error","message":"resource not found","correlationId":"c033cdaa-2c40-4a64-ae48-b4cec88dad24"}'
end

function portal.control()
  if ngx.var.uri == "/_bench/set" then reset(ngx.req.get_uri_args()) end
  send(cjson.encode(ngx.var.uri == "/_bench/removed" and { ids = life.removed_ids() } or counts))
end

return portal
