-- Tells what happened to the records of a type since a moment. HubSpot's search tells of changes late, in no order, and
-- may give what a record was: so it only names records, within a window of time that ends before the present, and a
-- later window begins before this one's end. Archived records have a list of their own; a merge shows in the record
-- that is left.

local check = require "hubspot.check"
local core = require "hubspot.core"
local duration = require "hubspot.duration"
local errors = require "hubspot.error"
local interpret = require "hubspot.interpret"
local invalid = require("hubspot.operation.call").invalid
local keyed = require "hubspot.operation.keyed"
local option_set = require("hubspot.object.options").set
local search_by_id = require "hubspot.paging.search_by_id"
local search_filters = require "hubspot.paging.search_filters"
local shape = require "hubspot.shape.object"
local time = require "hubspot.time"
local union = require "hubspot.shape.union"

local DEFAULT_OVERLAP = 3600

-- Search may not know yet of records that were written within the last seconds.
local SETTLING_MS = 10000

local ARCHIVED_A_PAGE = 100

local span = {
  description = 'a number of seconds, or a text such as "90s", "5m", "1h" or "2d"',
  luacats = "number|string",
  check = function(value, place)
    local seconds = type(value) == "string" and duration.parse(value) or value
    if type(seconds) == "number" and seconds >= 0 and seconds <= 366 * 86400 then return seconds end
    return nil,
      ('%s must be a number of seconds, or a text such as "90s", "5m", "1h" or "2d", got %s'):format(
        place,
        check.describe(value)
      )
  end,
}

-- Requests -----------------------------------------------------------------------------------------------------------

local function search_route(api)
  return {
    method = "POST",
    path = api.base .. "/search",
    body = { { from = "fields" } },
    read = true,
    idempotent = true,
    answer = shape.records,
    limit = 200,
    documentation = api.documentation,
  }
end

local function archived_route(api)
  return {
    method = "GET",
    path = api.base,
    query = {
      { "archived", value = true },
      { "limit", value = ARCHIVED_A_PAGE },
      { "after", from = "after" },
      { "properties", value = table.concat(union { { api.kind.changed }, api.kind.merged }, ",") },
    },
    idempotent = true,
    answer = shape.records,
    documentation = api.documentation,
  }
end

local function within(kind, from, to)
  local filter = {
    propertyName = kind.changed,
    operator = to and "BETWEEN" or "GTE",
    value = ("%d"):format(from),
    highValue = to and ("%d"):format(to) or nil,
  }
  return core.array { { filters = core.array { filter } } }
end

-- Windows ------------------------------------------------------------------------------------------------------------

local function overlap_ms(call) return math.floor((call.values.overlap or DEFAULT_OVERLAP) * 1000) end

-- Fixes the end of a window by HubSpot's clock: that of this machine may be another one. If nothing changed since its
-- beginning, what was archived is all that is left to read.
local function begin_window(call, api, position)
  local from = position.from or call.values.since
  local answer, err =
    call:send(search_route(api), { fields = { filterGroups = within(api.kind, from or 0), limit = 1 } })
  if not answer then return nil, err end
  local to = (answer:moment() or os.time() * 1000) - SETTLING_MS
  from = from or to - overlap_ms(call)
  local is_empty = answer.decoded.total == 0 and #answer.value == 0
  return { from = from, to = math.max(from, to), archived = is_empty and "" or nil }
end

-- Records that changed -----------------------------------------------------------------------------------------------

local function changed_at(record, kind)
  local text = record.properties[kind.changed] or record.updatedAt
  return type(text) == "string" and time.from_iso(text) or nil
end

-- Leaves out what the caller has as it is.
local function without_known(call, kind, found)
  local known = call.values.known
  if not known or #found == 0 then return found end
  local ids, unknown = {}, {}
  for index, record in ipairs(found) do
    ids[index] = record.id
  end
  local times = known(ids)
  for _, record in ipairs(found) do
    local at = times[record.id]
    if not at or at ~= changed_at(record, kind) then unknown[#unknown + 1] = record end
  end
  return unknown
end

local function add_merges(events, kind, record, properties)
  for _, name in ipairs(kind.merged) do
    -- Of contacts, each id comes with the time of the merge.
    for part in (type(properties[name]) == "string" and properties[name] or ""):gmatch "[^;]+" do
      local id = part:match "^%s*(%d+)"
      if id and id ~= record.id then events[#events + 1] = { op = "merge", id = id, into = record.id } end
    end
  end
end

local function events_of(call, kind, found)
  local ids, merged = {}, {}
  for index, record in ipairs(found) do
    ids[index], merged[index] = record.id, record.properties
  end
  local records, places = keyed.add_details(call, found)
  if not records then return nil, places end
  local events = {}
  for index, record in ipairs(records) do
    local asked = ids[places[index]]
    if asked ~= record.id then events[#events + 1] = { op = "merge", id = asked, into = record.id } end
    add_merges(events, kind, record, call.values.properties and record.properties or merged[places[index]])
    events[#events + 1] = { op = "upsert", id = record.id, record = record }
  end
  return events
end

local function unexpected(message) return errors.new { kind = "decode", message = message } end

local function read_changed(call, api, window, size)
  local kind = api.kind
  local fields = {
    filterGroups = within(kind, window.from, window.to),
    properties = core.array(union { { kind.changed }, kind.merged }),
    limit = size or 200,
  }
  local message = search_by_id.request(fields, window.at or {}, false)
  if message then return nil, invalid(message) end
  local answer, err = call:send(search_route(api), { fields = fields })
  if not answer then return nil, err end
  local page, page_message = interpret(search_by_id.read, answer.decoded, answer.value, window.at or {}, false)
  if not page then return nil, unexpected(page_message) end
  local events, events_err = events_of(call, kind, without_known(call, kind, page.items))
  if not events then return nil, events_err end
  local following = page.following and { from = window.from, to = window.to, at = page.following }
    or { from = window.from, to = window.to, archived = "" }
  return { items = events, following = following }
end

-- Records that were archived -----------------------------------------------------------------------------------------

local function read_archived(call, api, window)
  local after = window.archived ~= "" and window.archived or nil
  local answer, err = call:send(archived_route(api), { after = after })
  if not answer then return nil, err end
  local events = {}
  for _, record in ipairs(answer.value) do
    local at = type(record.archivedAt) == "string" and time.from_iso(record.archivedAt)
    if call.values.all_archived or not at or at >= window.from then
      -- One that others were merged into just before tells of it here only.
      add_merges(events, api.kind, record, record.properties)
      events[#events + 1] = { op = "archive", id = record.id, record = record }
    end
  end
  local following = search_filters.cursor_of(answer.decoded)
  if following then
    return { items = events, following = { from = window.from, to = window.to, archived = following } }
  end
  return { items = events, rest = { from = window.to - overlap_ms(call) } }
end

-- Declaration --------------------------------------------------------------------------------------------------------

local function read_page(api)
  return function(call, position, size)
    local values = call.values
    if values.properties then values.properties = union { values.properties, { api.kind.changed }, api.kind.merged } end
    local window, err = position.to and position
    if not window then
      window, err = begin_window(call, api, position)
      if not window then return nil, err end
    end
    if window.archived then return read_archived(call, api, window) end
    local page, page_err = read_changed(call, api, window, size)
    if not page then return nil, page_err end
    -- A page that is resumed in its middle is read again, and may have other records then.
    page.position_after = function() return window end
    return page
  end
end

--- The declaration.
-- @tparam table api as `hubspot.object` makes it
-- @treturn table
return function(api)
  local options = option_set { "properties" }
  options.since = {
    decides = false,
    type = check.time,
    description = "where to begin without a cursor: milliseconds since 1970, or ISO 8601; the overlap before the present "
      .. "when left out",
  }
  options.overlap = {
    decides = false,
    type = span,
    description = "how long before the end of the last window a window begins, since HubSpot's search may tell of a "
      .. "change late: seconds, or a text such as `5m`; `1h` when left out",
  }
  options.known = {
    decides = false,
    type = check.callable,
    description = "function(ids) that returns, by id, when records that the caller has were changed last, in "
      .. "milliseconds since 1970: those that are still the same are left out",
  }
  options.all_archived = {
    decides = false,
    type = check.boolean,
    description = "true gives all records that HubSpot keeps as archived, not only those archived since",
  }
  return {
    summary = ("Iterates over what happened to %s since `since`, or since the end of the call that the cursor is of: "):format(
      api.kind.records
    )
      .. "records created or changed, archived, and merged. Its cursor at the end is where the next call goes on. Each "
      .. "change comes at least once; it may come again until the overlap has passed, unless `known` tells of it.",
    options = options,
    returns = { iterator = "change" },
    current = {
      method = "POST",
      path = api.base .. "/search",
      options = { "properties", "since", "overlap", "known", "all_archived" },
      read_by_id = api.by_id,
      read = true,
      idempotent = true,
      items = "results",
      paging = "windows",
      page_size = 200,
      read_page = read_page(api),
      documentation = api.documentation,
    },
  }
end
