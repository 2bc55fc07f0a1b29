-- Makes the requests of routes.

local api_version = require "hubspot.api_version"
local bucket_of = require "hubspot.request.bucket"
local core = require "hubspot.core"
local long_read = require "hubspot.operation.long_read"
local request = require "hubspot.request"

local build = {}

-- Query fields as a flat list of names and values; a list is sent as a repeated parameter.
local function build_query(fields, values)
  local query = {}
  for _, field in ipairs(fields or {}) do
    local value, message = field.value, nil
    if value == nil then value = values[field.from] end
    if field.encode then
      value, message = field.encode(value, values)
    end
    if message then return nil, message end
    if type(value) == "table" then
      for _, item in ipairs(value) do
        query[#query + 1] = field[1]
        query[#query + 1] = item
      end
    elseif value ~= nil then
      query[#query + 1] = field[1]
      query[#query + 1] = value
    end
  end
  return query
end

local function build_body(fields, values)
  local body = {}
  for _, field in ipairs(fields) do
    local value, message = field.value, nil
    if value == nil then value = values[field.from] end
    if field.encode then
      value, message = field.encode(value, values)
    end
    if message then return nil, message end
    if not field[1] then return value end
    body[field[1]] = value
  end
  return body
end

local function removed_hint(call, route)
  return ("HubSpot removed this call of its v1 API on %s: use %s with api_version = %q"):format(
    route.removed,
    call.name,
    api_version.DEFAULT
  )
end

--- Returns whether a route changes nothing.
-- @tparam table route
-- @treturn boolean
function build.is_read(route)
  return (route.read or route.method == "GET" or route.paging or route.batch) and true or false
end

-- The status by which HubSpot says that an earlier sending was carried out. A route that it removed answers 404
-- whatever became of the request.
local function done_when(route)
  return route.done_when or (route.method == "DELETE" and not route.removed and 404) or nil
end

-- The address and the body of a request; or nil and a message.
local function address_of(route, values, adjust)
  local path, name, path_message = core.path(route.path, route.path_values and route.path_values(values) or values)
  if not path then return nil, ("%s %s"):format(name, path_message) end
  local query, query_message = build_query(route.query, values)
  if not query then return nil, query_message end
  local body, body_message
  if route.body then
    body, body_message = build_body(route.body, values)
  end
  if body_message then return nil, body_message end
  local adjust_message = adjust and adjust(query, body)
  if adjust_message then return nil, adjust_message end
  if body == nil then return { path = path, query = query } end
  local text, encode_message = core.encode(body)
  if not text then return nil, encode_message end
  return { path = path, query = query, text = text }
end

-- Shared by all requests of a route, by route: worked out at the first one.
local constants_of = setmetatable({}, { __mode = "k" })

local function work_out_constants(route)
  local constants = {
    read = build.is_read(route),
    done_when = done_when(route),
    is_short = not (route.paging or route.batch),
    bucket = bucket_of(route.path),
  }
  constants_of[route] = constants
  return constants
end

--- Makes a request.
-- @tparam table call
-- @tparam table route
-- @tparam table values of the route's path, query and body
-- @tparam ?function adjust function(query, body) that adds a page to them, or returns a message
-- @treturn ?table as `hubspot.request` makes it; nil and a message about the values where no request can hold them
function build.request(call, route, values, adjust)
  local address, message = address_of(route, values, adjust)
  if not address then return nil, message end
  local constants, options = constants_of[route] or work_out_constants(route), call.options
  local idempotent, span = route.idempotent, call.span
  if type(idempotent) == "table" then idempotent = idempotent.holds(values) end
  local made = request.new {
    method = route.method,
    path = address.path,
    query = address.query,
    text = address.text,
    operation = call.name,
    route = call.route_name,
    read = constants.read,
    idempotent = idempotent,
    done_when = constants.done_when,
    is_short = constants.is_short,
    credential = route.credential,
    bucket = constants.bucket,
    route_facts = constants,
  }
  -- A table with room for what few calls have would be twice as large.
  if next(options) ~= nil then
    made.headers, made.retry = options.headers, options.retry
    made.timeout, made.deadline = options.timeout, options.deadline
  end
  if span then made.ends = span.ends end
  if route.removed then made.removed_hint = removed_hint(call, route) end
  return made
end

local RAW_IS_TOO_LONG = "there are more properties than one request can name, and raw is the answer to one: leave "
  .. "raw out, or ask for fewer"

--- The request to send first: where one has no room for the names of the properties, it is made without them and
-- marked as `is_lean`. Its records are then read by their ids.
-- @tparam table call
-- @tparam table route
-- @tparam table values
-- @tparam ?function adjust as `build.request` takes it
-- @tparam ?table built the request with the names, where it was made before
-- @treturn ?table nil and a message
function build.first(call, route, values, adjust, built)
  local whole, message = built, nil
  if not whole then
    whole, message = build.request(call, route, values, adjust)
  end
  if not whole or not (values.properties or values.with_history) then return whole, message end
  if long_read.fits_whole(call.client.base_url, route, whole) then return whole end
  if call.options.raw then return nil, RAW_IS_TOO_LONG end
  local lean = whole
  if not route.in_parts then
    lean, message = build.request(call, route, long_read.without_names(route, values), adjust)
  end
  if lean then lean.is_lean = true end
  return lean, message
end

return build
