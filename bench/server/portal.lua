-- The routes of HubSpot that the bench reads, answered from prepared contacts. `/_bench/set` sets latency, quota and
-- sizes and resets the counts; `/_bench/counts` returns them.

local cjson = require "cjson"
local pages = require "pages"

local portal = {}

-- Without a quota, the headers state one that is never reached.
local UNLIMITED = 1000000
local SEARCHES_A_SECOND = 5

local settings, counts, windows

local function new_window(limit, span) return { limit = limit, span = span, moments = {}, first = 1, last = 0 } end

local function reset(arguments)
  local quota = tonumber(arguments.quota)
  settings = {
    latency = tonumber(arguments.latency) or 0,
    contacts = tonumber(arguments.contacts) or 1000,
    members = tonumber(arguments.members) or 0,
  }
  counts = { requests = 0, refused = 0 }
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

local function contacts_page(arguments)
  local first = pages.place_after(integer(arguments.after, 0))
  local last = math.min(first + integer(arguments.limit, 10) - 1, settings.contacts)
  local paging = ""
  if last < settings.contacts then
    local id = pages.id(last)
    paging = (',"paging":{"next":{"after":"%d","link":"https://api.hubapi.com/crm/objects/2026-09/contacts?after=%d"}}'):format(
      id,
      id
    )
  end
  return '{"results":[' .. pages.text("dated", first, last) .. "]" .. paging .. "}"
end

local function contacts_page_v1(arguments)
  local first = pages.place_after(integer(arguments.vidOffset, 0))
  local last = math.min(first + integer(arguments.count, 20) - 1, settings.contacts)
  return ('{"contacts":[%s],"has-more":%s,"vid-offset":%d}'):format(
    pages.text("v1", first, last),
    tostring(last < settings.contacts),
    pages.id(last)
  )
end

local function contact(id)
  local place = pages.place(tonumber(id), settings.contacts)
  return place and pages.text("dated", place, place)
end

local function request_body()
  ngx.req.read_body()
  return cjson.decode(ngx.req.get_body_data())
end

local function batch_read()
  local list, length = {}, 0
  for _, input in ipairs(request_body().inputs) do
    local place = pages.place(tonumber(input.id), settings.contacts)
    if place then
      list[length + 1] = length > 0 and "," or ""
      length = pages.add(list, length + 1, "dated", place)
    end
  end
  return '{"status":"COMPLETE","results":['
    .. table.concat(list, "", 1, length)
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

local function search()
  local body = request_body()
  local first, last = 1, settings.contacts
  local group = body.filterGroups and body.filterGroups[1]
  for _, filter in ipairs(group and group.filters or {}) do
    first, last = narrow(filter, first, last)
  end
  local total = math.max(0, last - first + 1)
  local shown = math.min(total, body.limit or 10)
  local text
  if sorts_descending(body) then
    text = pages.text("dated", last, last - shown + 1, -1)
  else
    text = pages.text("dated", first, first + shown - 1)
  end
  local paging = shown < total and (',"paging":{"next":{"after":"%d"}}'):format(shown) or ""
  return ('{"total":%d,"results":['):format(total) .. text .. "]" .. paging .. "}"
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

-- The dated form of a path, and v3's.
local function route(path)
  local rest = path:match "^/crm/objects/[%w-]+/contacts(.*)$" or path:match "^/crm/v3/objects/contacts(.*)$"
  if rest == "" then return contacts_page end
  if rest == "/batch/read" then return batch_read end
  if rest == "/search" then return search, "search" end
  local id = rest and rest:match "^/(%d+)$"
  if id then
    return function() return contact(id) end
  end
  if path == "/contacts/v1/lists/all/contacts/all" then return contacts_page_v1 end
  if path:find "^/crm/lists/[%w-]+/%d+/memberships$" then return memberships end
  return nil
end

function portal.answer()
  local handler, bucket = route(ngx.var.uri)
  counts.requests = counts.requests + 1
  local window = windows and windows[bucket or "general"]
  local taken = not window or takes(window, ngx.now())
  if not taken then counts.refused = counts.refused + 1 end
  if settings.latency > 0 then ngx.sleep(settings.latency) end
  ngx.header.content_type = "application/json;charset=utf-8"
  if bucket ~= "search" then set_quota_headers(window) end
  if not taken then return refuse(bucket == "search" and "SECONDLY" or "TEN_SECONDLY_ROLLING") end
  local text = handler and handler(ngx.req.get_uri_args())
  if text then return send(text) end
  ngx.status = 404
  send '{"status":"error","message":"resource not found","correlationId":"c033cdaa-2c40-4a64-ae48-b4cec88dad24"}'
end

function portal.control()
  if ngx.var.uri == "/_bench/set" then reset(ngx.req.get_uri_args()) end
  send(("%d %d\n"):format(counts.requests, counts.refused))
end

return portal
