--- The error table that a call returns after nil.
-- Fields: `kind` ("api", "rate_limit", "auth", "timeout", "network", "decode", "cancelled", or "misuse" where the host
-- can't wait at that place), `message`, `status`, `category`, `sub_category`, `correlation_id`, `policy_name`, `errors`
-- (list of `{ message =, code =, name =, index =, context = }`), `existing_id`, `retry_after` (seconds), `attempts`,
-- `method`, `path`, `body` (raw, at most 4 KiB) and `hint` (what to do). No field ever holds a token.
-- @module hubspot.error

local core = require "hubspot.core"

local errors = {
  -- So much of a body is kept.
  BODY_LIMIT = 4096,
}

local metatable = { __name = "hubspot.Error" }

local function circumstances(err)
  local parts = {}
  if err.status then
    parts[#parts + 1] = ("HTTP %d%s"):format(err.status, err.category and " " .. err.category or "")
  end
  if err.method then parts[#parts + 1] = ("%s %s"):format(err.method, err.path) end
  if err.attempts and err.attempts > 1 then parts[#parts + 1] = ("%d attempts"):format(err.attempts) end
  if err.correlation_id then parts[#parts + 1] = "correlation id " .. err.correlation_id end
  return #parts > 0 and (" (%s)"):format(table.concat(parts, ", ")) or ""
end

local function details_of(err)
  local parts = {}
  for _, detail in ipairs(err.errors or {}) do
    if detail.message and not err.message:find(detail.message, 1, true) then
      parts[#parts + 1] = detail.name and ("%s: %s"):format(detail.name, detail.message) or detail.message
    end
  end
  return #parts > 0 and "; " .. table.concat(parts, "; ") or ""
end

function metatable.__tostring(err)
  local hint = err.hint and ". " .. err.hint or ""
  return err.message .. details_of(err) .. circumstances(err) .. hint
end

--- Makes an error of fields.
-- @tparam table fields at least `kind` and `message`
-- @treturn table
function errors.new(fields)
  return setmetatable(fields, metatable)
end

--- Whether a value is an error of this library.
function errors.is_error(value)
  return getmetatable(value) == metatable
end

local KINDS = { [401] = "auth", [403] = "auth", [429] = "rate_limit" }

local HINTS = {
  [401] = "Check the token: HubSpot does not accept it (wrong, revoked or expired). "
    .. "A service key is made in HubSpot under Settings > Integrations > Service Keys",
  [403] = "The token is valid but may not do this: add the missing scope to the service key or app, "
    .. "and use the token that it has afterwards",
}

-- The words of an HTML page, where HubSpot or something on the way answers with one.
local function page_title(body)
  local title = body:match "<[tT][iI][tT][lL][eE][^>]*>%s*(.-)%s*</" or body:match "<[hH]1[^>]*>%s*(.-)%s*</"
  return title and title ~= "" and title or nil
end

-- What answers on the way to HubSpot may be of any shape: a field counts only where it is what it should be.
local function text(value)
  if type(value) == "number" then return tostring(value) end
  return type(value) == "string" and value ~= "" and value or nil
end

local function list(value)
  return type(value) == "table" and value or {}
end

local function message_of(status, decoded, body)
  local message = text(decoded.message) or text(decoded.error_description)
  if message then return message end
  local title = page_title(body)
  if title then return ("HubSpot answered %d with a page: %s"):format(status, title) end
  return ("HubSpot answered %d without an explanation"):format(status)
end

-- The dated API puts v1's list of what is not valid, as JSON, behind its message. Returns the message without it,
-- and the list.
local function split_validation(message)
  local words, json = message:match "^(.-):%s*(%[.*%])$"
  local results = json and core.decode(json)
  if type(results) ~= "table" or type(results[1]) ~= "table" then return message, {} end
  return words, results
end

local function first(value)
  return text(type(value) == "table" and value[1] or value)
end

local function invalid_properties(results)
  local details = {}
  for _, result in ipairs(list(results)) do
    result = list(result)
    details[#details + 1] = { message = text(result.message), code = text(result.error), name = text(result.name) }
  end
  return details
end

-- v1 spells what is wrong in two ways, the dated API in one.
local function detail_list(decoded)
  local details = invalid_properties(decoded.validationResults)
  for _, failure in ipairs(list(decoded.failureMessages)) do
    failure = list(failure)
    local result = list(failure.propertyValidationResult or failure.error)
    details[#details + 1] = { message = text(result.message), code = text(result.error), name = text(result.name),
      index = tonumber(failure.index) }
  end
  for _, failure in ipairs(list(decoded.errors)) do
    failure = type(failure) == "table" and failure or { message = failure }
    local context = type(failure.context) == "table" and failure.context or nil
    details[#details + 1] = { message = text(failure.message), code = text(failure.code), context = context,
      name = first(list(context).propertyName) or text(failure["in"]) }
  end
  return details
end

local function existing_id(decoded, message)
  local profile = list(decoded.identityProfile)
  if type(profile.vid) == "number" then return ("%.0f"):format(profile.vid) end
  return text(profile.vid) or message:match "[Ee]xisting ID:%s*(%d+)"
end

local function scope_hint(details)
  for _, detail in ipairs(details) do
    local scopes = {}
    for _, scope in ipairs(list(list(detail.context).requiredGranularScopes)) do scopes[#scopes + 1] = text(scope) end
    if #scopes > 0 then
      return ("The token lacks the scope %s: add it to the service key or app, and use the token that it has "
        .. "afterwards"):format(table.concat(scopes, " or "))
    end
  end
end

--- The error of an answer that is not a success.
-- @tparam table response `status`, `headers`, `body`
-- @treturn table
function errors.from_response(response)
  local status, body = response.status, response.body or ""
  local decoded = core.decode(body)
  if type(decoded) ~= "table" then decoded = {} end
  local message, invalid = split_validation(message_of(status, decoded, body))
  local details = detail_list(decoded)
  if #details == 0 then details = invalid_properties(invalid) end
  return errors.new {
    kind = KINDS[status] or "api",
    status = status,
    message = message,
    category = text(decoded.category) or text(decoded.error) or text(decoded.errorType),
    sub_category = text(decoded.subCategory),
    correlation_id = text(decoded.correlationId) or text(decoded.requestId),
    policy_name = text(decoded.policyName),
    errors = details,
    existing_id = status == 409 and existing_id(decoded, message) or nil,
    retry_after = tonumber((response.headers or {})["retry-after"]),
    body = body:sub(1, errors.BODY_LIMIT),
    hint = status == 403 and scope_hint(details) or HINTS[status],
  }
end

return errors
