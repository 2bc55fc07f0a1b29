--- The error table that a call returns after nil.
-- Fields: `kind` ("api", "rate_limit", "auth", "timeout", "network", "decode", "cancelled"), `message`, `status`,
-- `category`, `sub_category`, `correlation_id`, `policy_name`, `errors` (list of `{ message =, code =, name =,
-- index =, context = }`), `existing_id`, `retry_after` (seconds), `attempts`, `method`, `path`, `body` (raw, at most
-- 4 KiB) and `hint` (what to do). No field ever holds a token.
-- @module hubspot.error

local core = require "hubspot.core"

local errors = {}

local BODY_LIMIT = 4096

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

local function details(err)
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
  return err.message .. details(err) .. circumstances(err) .. hint
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

local function message_of(status, decoded, body)
  local message = decoded.message or decoded.error_description
  if type(message) == "string" and message ~= "" then return message end
  local title = page_title(body)
  if title then return ("HubSpot answered %d with a page: %s"):format(status, title) end
  return ("HubSpot answered %d without an explanation"):format(status)
end

-- The dated API puts v1's list of what is not valid, as JSON, behind its message. Returns the message without it,
-- and the list.
local function split_validation(message)
  local words, json = message:match "^(.-):%s*(%[.*%])$"
  local list = json and core.decode(json)
  if type(list) ~= "table" or type(list[1]) ~= "table" then return message, {} end
  return words, list
end

local function first(value)
  return type(value) == "table" and value[1] or value
end

local function invalid_properties(results)
  local list = {}
  for index, result in ipairs(results) do
    list[index] = { message = result.message, code = result.error, name = result.name }
  end
  return list
end

-- v1 spells what is wrong in two ways, the dated API in one.
local function detail_list(decoded)
  local list = invalid_properties(decoded.validationResults or {})
  for _, failure in ipairs(decoded.failureMessages or {}) do
    local result = failure.propertyValidationResult or failure.error or {}
    local code = type(result.error) == "string" and result.error or nil
    list[#list + 1] = { message = result.message, code = code, name = result.name, index = failure.index }
  end
  for _, failure in ipairs(decoded.errors or {}) do
    local context = type(failure.context) == "table" and failure.context or {}
    list[#list + 1] = { message = failure.message, code = failure.code, context = failure.context,
      name = first(context.propertyName) or failure["in"] }
  end
  return list
end

local function existing_id(decoded, message)
  local profile = decoded.identityProfile
  if type(profile) == "table" and profile.vid then return ("%d"):format(profile.vid) end
  return message:match "[Ee]xisting ID:%s*(%d+)"
end

local function scope_hint(list)
  for _, detail in ipairs(list) do
    local scopes = detail.context and detail.context.requiredGranularScopes
    if type(scopes) == "table" and #scopes > 0 then
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
  local list = detail_list(decoded)
  if #list == 0 then list = invalid_properties(invalid) end
  return errors.new {
    kind = KINDS[status] or "api",
    status = status,
    message = message,
    category = decoded.category or decoded.error or decoded.errorType,
    sub_category = decoded.subCategory,
    correlation_id = decoded.correlationId or decoded.requestId,
    policy_name = decoded.policyName,
    errors = list,
    existing_id = status == 409 and existing_id(decoded, message) or nil,
    retry_after = tonumber(response.headers["retry-after"]),
    body = body:sub(1, BODY_LIMIT),
    hint = status == 403 and scope_hint(list) or HINTS[status],
  }
end

return errors
