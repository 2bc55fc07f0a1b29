-- Requests of the caller's own: `client:request{ … }`.

local api_version = require "hubspot.api_version"
local body = require "hubspot.request.body"
local bucket_of = require "hubspot.request.bucket"
local check = require "hubspot.check"
local core = require "hubspot.core"
local number = require "hubspot.number"
local request = require "hubspot.request"
local send = require "hubspot.request.send"
local wire_types = require "hubspot.wire_types"

local free = {}

local REQUEST_FIELDS = {
  method = {
    type = check.accept(
      "GET, POST, PUT, PATCH, DELETE or HEAD",
      function(value)
        return value == "GET"
          or value == "POST"
          or value == "PUT"
          or value == "PATCH"
          or value == "DELETE"
          or value == "HEAD"
      end
    ),
    required = true,
  },
  path = {
    type = check.accept(
      ('a path such as "/crm/objects/%s/deals", without a query'):format(api_version.DEFAULT),
      function(value)
        return type(value) == "string" and value:find "^/[^%s%c?#]*$" ~= nil and not (value .. "/"):find "/%.%.?/"
      end
    ),
    required = true,
  },
  query = { type = check.documented "table<string, any>" },
  body = { type = wire_types.json },
  headers = { type = check.headers },
  idempotent = { type = check.boolean },
  timeout = { type = check.seconds },
  deadline = { type = check.seconds },
  retry = { type = check.retry },
  undecoded = { type = check.boolean },
}

local IDEMPOTENT_METHODS = { GET = true, HEAD = true, PUT = true, DELETE = true }

-- The POST requests of HubSpot that read.
local function is_read(method, path)
  return method == "GET"
    or method == "HEAD"
    or (method == "POST" and (path:find "/search$" or path:find "/batch/read$") ~= nil)
end

local function is_scalar(value)
  local kind = type(value)
  if kind == "number" then return value - value == 0 end
  return kind == "string" or kind == "boolean"
end

-- The values of a parameter as a list without holes, or nil.
local function list_of_values(value)
  if type(value) ~= "table" then return { value } end
  local count = 0
  for key in pairs(value) do
    if type(key) ~= "number" then return nil end
    count = count + 1
  end
  for index = 1, count do
    if value[index] == nil then return nil end
  end
  return value
end

local function flat_query(query)
  for name in pairs(query) do
    if type(name) ~= "string" then return nil, ("query has the key %s, which is no name"):format(number.shown(name)) end
  end
  local list = {}
  for _, name in ipairs(check.sorted_keys(query)) do
    local values = list_of_values(query[name])
    for _, value in ipairs(values or { {} }) do
      if not is_scalar(value) then
        return nil,
          ("query.%s must be a string, a finite number, a boolean, or a list of them without holes, " .. "got %s"):format(
            name,
            check.describe(query[name])
          )
      end
      list[#list + 1] = name
      list[#list + 1] = value
    end
  end
  return list
end

-- The body as JSON, nil where there is none; or nil and a message.
local function encode_body(given)
  if given.body == nil then return nil end
  if given.method == "HEAD" then return nil, "body can't go with HEAD" end
  local text, message = core.encode(given.body)
  return text, message and "body: " .. message
end

--- Makes a request of what `client:request` was given.
-- @tparam table options
-- @treturn ?table nil and a message where an option is wrong
function free.read(options)
  if type(options) ~= "table" then return nil, "takes a table { method =, path =, … }" end
  local given, message = check.options(options, REQUEST_FIELDS)
  if not given then return nil, message end
  local query, query_message = flat_query(given.query or {})
  if not query then return nil, query_message end
  local text, body_message = encode_body(given)
  if body_message then return nil, body_message end
  local read = is_read(given.method, given.path)
  local idempotent = given.idempotent
  if idempotent == nil then idempotent = read or IDEMPOTENT_METHODS[given.method] or false end
  return request.new {
    method = given.method,
    path = given.path,
    query = query,
    text = text,
    headers = given.headers,
    read = read,
    idempotent = idempotent,
    done_when = given.method == "DELETE" and 404 or nil,
    bucket = bucket_of(given.path),
    timeout = given.timeout,
    deadline = given.deadline,
    retry = given.retry,
    undecoded = given.undecoded,
  }
end

--- Sends a request of the caller's.
-- @tparam client client
-- @tparam table own as `free.read` made it
-- @return the decoded answer, true where it has no body; where it is wanted undecoded, the response; or nil and an
--   error
function free.send(client, own)
  local response, err = send(client, own)
  if not response then return nil, err end
  if own.undecoded then
    return { status = response.status, headers = response.headers or {}, body = response.body or "" }
  end
  if body.is_empty(response) then return true end
  local value, decode_err = body.decode(client, own, response)
  body.release(response)
  return value, decode_err
end

return free
