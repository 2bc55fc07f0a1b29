--- A request as the handlers see it: path segments, query, headers and body taken apart.
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"
local texts = require "hubspot.sandbox.text"

local request = {}

local function unescape(text)
  return (text:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function parse_query(text)
  local query = {}
  for pair in text:gmatch "[^&]+" do
    local name, value = pair:match "^([^=]*)=?(.*)$"
    name = unescape((name:gsub("%+", " ")))
    value = unescape((value:gsub("%+", " ")))
    query[name] = query[name] or {}
    table.insert(query[name], value)
  end
  return query
end

local function parse_segments(path)
  local segments = {}
  for segment in path:gmatch "[^/]+" do
    segments[#segments + 1] = unescape(segment)
  end
  return segments
end

local function lower_names(headers)
  local lowered = {}
  for name, value in pairs(headers or {}) do
    lowered[name:lower()] = tostring(value)
  end
  return lowered
end

local function check_utf8(place, ...)
  for _, value in ipairs { ... } do
    if not texts.is_utf8(value) then
      reply.fail(400, "Unable to parse value for " .. place, { category = "VALIDATION_ERROR" })
    end
  end
end

--- Refuses a path or a query that is not UTF-8: what is in it may be quoted in an answer.
function request.check_target(req)
  for _, segment in ipairs(req.segments) do
    check_utf8("path parameter", segment)
  end
  for name, values in pairs(req.query) do
    check_utf8("query parameter", name)
    for _, value in ipairs(values) do
      check_utf8("query parameter", value)
    end
  end
end

--- Takes a transport's request apart.
function request.parse(raw)
  local target = raw.url:gsub("^%a[%w+.-]*://[^/?]*", ""):gsub("#.*$", "")
  local path, query = target:match "^([^?]*)%??(.*)$"
  if path == "" then path = "/" end
  return {
    method = (raw.method or "GET"):upper(),
    path = path,
    query_text = query,
    query = parse_query(query),
    segments = parse_segments(path),
    headers = lower_names(raw.headers),
    body = raw.body ~= "" and raw.body or nil,
    timeout = raw.timeout,
  }
end

--- The last value of a query parameter that is given and not empty.
function request.text(req, name)
  local values = req.query[name]
  local value = values and values[#values]
  if value == "" then return nil end
  return value
end

--- All values of a repeatable query parameter.
function request.texts(req, name) return req.query[name] or {} end

--- All values of a parameter that may be repeated, carry commas, or both.
function request.names(req, name)
  local names = {}
  for _, value in ipairs(request.texts(req, name)) do
    for part in value:gmatch "[^,]+" do
      names[#names + 1] = texts.trim(part)
    end
  end
  return names
end

function request.integer(req, name)
  local value = request.text(req, name)
  if not value then return nil end
  local number = value:match "^%-?%d+$" and tonumber(value)
  if not number then
    reply.fail(400, "Unable to parse value for query parameter: " .. name, { category = "VALIDATION_ERROR" })
  end
  return number
end

function request.boolean(req, name)
  local value = request.text(req, name)
  if not value then return nil end
  return value:lower() == "true"
end

--- A number in the path; HubSpot answers 400 where it isn't one.
function request.path_integer(req, name)
  local value = req.params[name]
  local number = value:match "^%-?%d+$" and tonumber(value)
  if not number then
    reply.fail(400, "Unable to parse value for path parameter: " .. name, { category = "VALIDATION_ERROR" })
  end
  return number
end

local function check_content_type(req)
  local content_type = req.headers["content-type"]
  if content_type and not content_type:lower():find "^application/[%w.+-]*json" then
    reply.fail(415, "Unsupported Media Type", { category = "VALIDATION_ERROR" })
  end
end

--- The fields of a form-encoded body; those that are given and not empty.
function request.form(req)
  local content_type = (req.headers["content-type"] or ""):lower()
  if not content_type:find("application/x-www-form-urlencoded", 1, true) then
    reply.fail(415, "Unsupported Media Type", { category = "VALIDATION_ERROR" })
  end
  local form = {}
  for name, values in pairs(parse_query(req.body or "")) do
    check_utf8("form field", name, values[1])
    if values[1] ~= "" then form[name] = values[1] end
  end
  return form
end

--- The decoded body, which must be a JSON object or array.
function request.json(req)
  check_content_type(req)
  local value, message = nil, "the body is empty"
  if req.body then
    value, message = core.decode(req.body, true)
  end
  if type(value) ~= "table" then
    reply.fail(
      400,
      "Invalid input JSON: " .. (message or "an object or an array is expected"),
      { category = "VALIDATION_ERROR" }
    )
  end
  return value
end

--- The decoded body, which must be a JSON object.
function request.object(req)
  local value = request.json(req)
  if value[1] ~= nil then
    reply.fail(400, "Invalid input JSON: an object is expected", { category = "VALIDATION_ERROR" })
  end
  return value
end

--- The decoded body, which must be a JSON array.
function request.array(req)
  local value = request.json(req)
  if next(value) ~= nil and value[1] == nil then
    reply.fail(400, "Invalid input JSON: an array is expected", { category = "VALIDATION_ERROR" })
  end
  return value
end

return request
