--- The error table that a call returns after nil.
-- Fields: `kind` ("api", "rate_limit", "auth", "timeout", "network", "decode", "cancelled", "signature", or "misuse"
-- where the host can't wait at that place), `message`, `status`, `category`, `sub_category`, `correlation_id`,
-- `policy_name`, `errors` (list of `{ message =, code =, name =, index =, context = }`), `existing_id`, `retry_after`
-- (seconds), `attempts`, `method`, `path`, `body` (raw, at most 4 KiB), `sent` (false where nothing of the request was
-- sent), `ambiguous` (true where it may have been carried out, and then changed something), `reason` (of "signature")
-- and `hint` (what to do), `place` ("file:line", where it was thrown and not returned). No field ever holds a token.
-- @module hubspot.error

local core = require "hubspot.core"
local id = require "hubspot.id"
local number = require "hubspot.number"
local texts = require "hubspot.text"
local time = require "hubspot.time"

local errors = {
  -- Bytes of a body that are kept.
  BODY_LIMIT = 4096,
}

-- Answers may be of any size: bytes of a message, of a detail's message, and of any other word in them that are kept.
local MESSAGE_LIMIT, DETAIL_LIMIT, WORD_LIMIT = 2048, 1024, 256
-- Details that are kept, and those that an error's text shows.
local MOST_DETAILS, MOST_SHOWN = 1000, 10
-- Bytes of a page that are searched for its title.
local PAGE_LIMIT = 8192

local metatable = { __name = "hubspot.Error" }

local function circumstances(err)
  local parts = {}
  if err.status then
    parts[#parts + 1] = ("HTTP %d%s"):format(err.status, err.category and " " .. err.category or "")
  end
  if err.method then parts[#parts + 1] = ("%s %s"):format(err.method, err.path) end
  if not err.status and err.sent ~= nil then
    parts[#parts + 1] = err.sent and "sent, without a whole answer" or "not sent"
  end
  if err.attempts and err.attempts > 1 then parts[#parts + 1] = ("%d attempts"):format(err.attempts) end
  if err.correlation_id then parts[#parts + 1] = "correlation id " .. err.correlation_id end
  return #parts > 0 and (" (%s)"):format(table.concat(parts, ", ")) or ""
end

local function details_of(err)
  local parts, count = {}, 0
  for _, detail in ipairs(err.errors or {}) do
    if detail.message and count >= MOST_SHOWN then
      count = count + 1
    elseif detail.message and not err.message:find(detail.message, 1, true) then
      count = count + 1
      parts[count] = detail.name and ("%s: %s"):format(detail.name, detail.message) or detail.message
    end
  end
  if count > MOST_SHOWN then parts[#parts + 1] = ("and %d more"):format(count - MOST_SHOWN) end
  return #parts > 0 and "; " .. table.concat(parts, "; ") or ""
end

function metatable.__tostring(err)
  local hint, place = err.hint and ". " .. err.hint or "", err.place and err.place .. ": " or ""
  return place .. err.message .. details_of(err) .. circumstances(err) .. hint
end

function metatable.__concat(a, b) return tostring(a) .. tostring(b) end

--- Makes an error of fields.
-- @tparam table fields at least `kind` and `message`
-- @treturn table
function errors.new(fields) return setmetatable(fields, metatable) end

--- Adds to an error's hint.
-- @tparam table err
-- @tparam string hint a sentence, without its full stop
function errors.add_hint(err, hint)
  if not err.hint then
    err.hint = hint
  elseif not err.hint:find(hint, 1, true) then
    err.hint = ("%s. %s"):format(err.hint, hint)
  end
end

local MAY_BE_DONE = "The request may have been carried out: "

--- Makes an error say that its request may have been carried out.
-- @tparam table err
-- @tparam boolean repeatable whether to make it again can't do it twice
function errors.mark_ambiguous(err, repeatable)
  err.ambiguous = true
  errors.add_hint(
    err,
    MAY_BE_DONE
      .. (
        repeatable and "it is safe to make it again"
        or "look whether it was before you make it again, or it may be done twice"
      )
  )
end

--- Makes an error say that an earlier request of its call was carried out.
-- @tparam table err of a later one
-- @tparam string what_was_done such as "the filters were changed, the name was not"
-- @treturn table `err`
function errors.after_write(err, what_was_done)
  err.message = ("%s: %s"):format(what_was_done, err.message)
  err.ambiguous = true
  return err
end

--- Copies an error with its fields, so that another caller may add to its own.
function errors.copy(err)
  local fields = {}
  for name, value in pairs(err) do
    fields[name] = value
  end
  return errors.new(fields)
end

-- Returns the "file:line" of the function at a level of its caller's, as `error` writes it; nil where unknown.
local function place_at(level)
  local info = debug and debug.getinfo(level + 1, "Sl")
  return info and info.currentline > 0 and ("%s:%d"):format(info.short_src, info.currentline) or nil
end

--- Throws an error with a place: uncaught, it shows the line of the call.
-- @tparam table err
-- @tparam integer level as `error` takes it
function errors.throw(err, level)
  err.place = err.place or place_at(level + 1)
  error(err, 0)
end

--- Returns whether a value is an error of this library.
function errors.is_error(value) return getmetatable(value) == metatable end

local KINDS = { [401] = "auth", [403] = "auth", [429] = "rate_limit" }

local IF_IT_CONTINUES = "If that continues, check what is between here and HubSpot, and https://status.hubspot.com"

local HINTS = {
  [401] = "Check the token: HubSpot does not accept it (wrong, revoked or expired). "
    .. "A service key is made in HubSpot under Settings > Integrations > Service Keys",
  [403] = "The token is valid but may not do this: add the missing scope to the service key or app, "
    .. "and use the token that it has afterwards",
  [407] = 'The proxy wants a user and a password: pass proxy = "http://user:password@host:port"',
}

local PROXY_HINT = 'Check the option proxy, such as "http://user:password@host:port" (without it libcurl takes the '
  .. "environment's https_proxy), and that this machine reaches the proxy"

local CERTIFICATE_HINT = "Nothing is sent to a server that can't prove who it is. Where a proxy opens TLS, name the "
  .. "file of its certificate in the option ca_file; else check base_url, this machine's clock, and that it has "
  .. "ca-certificates"

-- By libcurl's codes, which never change.
local TRANSPORT_HINTS = {
  [5] = PROXY_HINT,
  [6] = "Check the host in base_url, and that this machine can look names up in DNS",
  [7] = "Nothing answers there: check base_url, the option proxy and the firewall",
  [35] = "Check that base_url names a port that speaks HTTPS, and what is between here and there",
  [51] = CERTIFICATE_HINT,
  [60] = CERTIFICATE_HINT,
  [97] = PROXY_HINT,
}

-- Libcurl's code where it can't read the file of the certificates to trust.
local NO_CERTIFICATES = 77

local NO_CERTIFICATES_HINT = "This machine has no certificates to check HubSpot's by: install ca-certificates (on Debian: "
  .. "`apt-get install ca-certificates`), or name a file in the option ca_file"

local CONNECTION_LOST = { [16] = true, [18] = true, [52] = true, [55] = true, [56] = true, [65] = true, [92] = true }

local TOO_SLOW = "For slow answers pass a longer timeout, in seconds"

local NO_CONNECTION = "No connection came about in time: check base_url, the option proxy and the firewall, or pass "
  .. "a longer connect_timeout, in seconds"

-- The words in the first element of a name; `folded` is the page in lower case.
local function element_text(page, folded, name)
  local tag = folded:find("<" .. name, 1, true)
  local opened = tag and folded:find(">", tag, true)
  local closed = opened and folded:find("</", opened, true)
  local words = closed and texts.trim(page:sub(opened + 1, closed - 1))
  return words and words ~= "" and texts.shorten(words, WORD_LIMIT) or nil
end

-- The words of an HTML page, where HubSpot or something on the way answers with one.
local function page_title(body)
  local page = body:sub(1, PAGE_LIMIT)
  local folded = page:lower()
  return element_text(page, folded, "title") or element_text(page, folded, "h1")
end

-- Answers from proxies on the way to HubSpot may have any shape: only fields of the right type count.
local function text(value, limit)
  value = id.text(value)
  if type(value) == "number" then return number.text(value) end
  return type(value) == "string" and value ~= "" and texts.shorten(value, limit or WORD_LIMIT) or nil
end

local function whole_text(value) return text(value, math.huge) end

local function detail_text(value) return text(value, DETAIL_LIMIT) end

local function list(value) return type(value) == "table" and value or {} end

local NOT_JSON = "HubSpot's API answers in JSON, this did not: check base_url (%s) and what is between here and there"

local NO_PATH =
  "HubSpot's API answers in JSON, this did not: check the path, base_url (%s) and what is between here and there"

local function hint_of(status, decoded, base_url)
  if HINTS[status] then return HINTS[status] end
  if not decoded and base_url then return (status == 404 and NO_PATH or NOT_JSON):format(base_url) end
  return status >= 500 and IF_IT_CONTINUES or nil
end

-- Seconds that a Retry-After header asks for: it holds their number, or a date, which the answer's own Date makes
-- independent of this machine's clock. Whatever else it holds counts as nothing.
local function retry_after(headers)
  local value = text(headers["retry-after"])
  if not value then return nil end
  local seconds = not value:find "[^%d.]" and number.parse(value)
  if seconds then return seconds < math.huge and seconds or nil end
  local moment = time.from_http(value)
  if not moment then return nil end
  local now = headers.date and time.from_http(headers.date) or os.time() * 1000
  return math.max(0, (moment - now) / 1000)
end

local function message_of(status, decoded, body)
  local message = whole_text(decoded.message) or whole_text(decoded.error_description)
  if message then return message end
  local title = page_title(body)
  if title then return ("HubSpot answered %d with a page: %s"):format(status, title) end
  return ("HubSpot answered %d without an explanation"):format(status)
end

-- Splits a message of the dated API, which ends with v1's list of invalid fields as JSON: returns the message without
-- it, and the list.
local function split_validation(message)
  local last_word, first_bracket = message:find ":%s*%["
  local results = last_word and message:sub(-1) == "]" and core.decode(message:sub(first_bracket))
  if type(results) ~= "table" or type(results[1]) ~= "table" then return message, {} end
  return message:sub(1, last_word - 1), results
end

local function first(value) return text(type(value) == "table" and value[1] or value) end

local function invalid_properties(results)
  local details = {}
  for _, result in ipairs(list(results)) do
    result = list(result)
    details[#details + 1] =
      { message = detail_text(result.message), code = text(result.error), name = text(result.name) }
    if #details == MOST_DETAILS then break end
  end
  return details
end

-- v1 spells invalid properties in two ways, the dated API in one.
local function detail_list(decoded)
  local details = invalid_properties(decoded.validationResults)
  for _, failure in ipairs(list(decoded.failureMessages)) do
    if #details == MOST_DETAILS then return details end
    failure = list(failure)
    local result = list(failure.propertyValidationResult or failure.error)
    details[#details + 1] = {
      message = detail_text(result.message),
      code = text(result.error),
      name = text(result.name),
      index = tonumber(failure.index),
    }
  end
  for _, failure in ipairs(list(decoded.errors)) do
    if #details == MOST_DETAILS then return details end
    failure = type(failure) == "table" and failure or { message = failure }
    local context = type(failure.context) == "table" and failure.context or nil
    details[#details + 1] = {
      message = detail_text(failure.message),
      code = text(failure.code),
      context = context,
      name = first(list(context).propertyName) or text(failure["in"]),
    }
  end
  return details
end

-- Returns the message of a failure without the list that may follow it, and the details of either.
local function explain(failure, message)
  local words, invalid = split_validation(message)
  local details = detail_list(failure)
  if #details == 0 then details = invalid_properties(invalid) end
  return texts.shorten(words, MESSAGE_LIMIT), details
end

local function existing_id(failure, message)
  local profile, context = list(failure.identityProfile), list(failure.context)
  local said = message:match "[Ee]xisting ID:%s*([^%s]+)"
  return text(profile.vid) or first(context.existingId) or said and said:match "^%d+"
end

-- The scopes that a context says are required, in words, or nil.
local function required_scopes(context)
  local scopes = {}
  for _, scope in ipairs(list(list(context).requiredGranularScopes)) do
    scopes[#scopes + 1] = text(scope)
    if #scopes == MOST_SHOWN then break end
  end
  return #scopes > 0 and table.concat(scopes, " or ") or nil
end

-- HubSpot names the scopes in the context of a detail, or in that of the answer.
local function scope_hint(decoded, details)
  local scopes = required_scopes(decoded.context)
  for _, detail in ipairs(details) do
    scopes = scopes or required_scopes(detail.context)
  end
  return scopes
    and (
      "The token lacks the scope %s: add it to the service key or app, and use the token that it has "
      .. "afterwards"
    ):format(scopes)
end

--- The error of an answer that is not a success.
-- @tparam table response `status`, `headers`, `body`
-- @tparam ?string base_url where it came from
-- @treturn table
function errors.from_response(response, base_url)
  local status, headers, body = response.status, response.headers or {}, response.body or ""
  local decoded = core.decode(body)
  local hint = hint_of(status, type(decoded) == "table" and decoded, base_url)
  if type(decoded) ~= "table" then decoded = {} end
  local message, details = explain(decoded, message_of(status, decoded, body))
  return errors.new {
    kind = KINDS[status] or "api",
    status = status,
    message = message,
    category = text(decoded.category) or text(decoded.error) or text(decoded.errorType),
    sub_category = text(decoded.subCategory),
    correlation_id = text(decoded.correlationId) or text(decoded.requestId) or text(
      headers["x-hubspot-correlation-id"]
    ),
    policy_name = text(decoded.policyName),
    errors = details,
    existing_id = status == 409 and existing_id(decoded, message) or nil,
    retry_after = retry_after(headers),
    body = body:sub(1, errors.BODY_LIMIT),
    hint = status == 403 and scope_hint(decoded, details) or hint,
  }
end

--- Gives the failures of an answer, which tells of several records, what only the whole answer says.
-- @param failures of the answer
-- @tparam table response
function errors.complete_failures(failures, response)
  local correlation_id = text((response.headers or {})["x-hubspot-correlation-id"])
  if not correlation_id then return end
  for _, failure in ipairs(list(failures)) do
    if type(failure) == "table" then failure.correlationId = failure.correlationId or correlation_id end
  end
end

-- The statuses that calls of one record have, by the categories that answers of many give in their place.
local STATUSES = { CONFLICT = 409, OBJECT_ALREADY_EXISTS = 409, OBJECT_NOT_FOUND = 404, MISSING_SCOPES = 403 }

--- The error of a record that failed among others: it says what the error of a call for this record alone says.
-- @tparam table failures what the answer says of the record, at least one
-- @treturn table
function errors.from_failures(failures)
  local first_failure, all = list(failures[1]), {}
  local message
  for index, failure in ipairs(failures) do
    failure = list(failure)
    local words, details = explain(failure, whole_text(failure.message) or "HubSpot gave no reason")
    message = message or words
    if #details == 0 then
      details[1] = {
        message = detail_text(words),
        code = text(failure.code) or text(failure.subCategory),
        name = first(list(failure.context).propertyName),
        context = failure.context,
      }
    end
    for _, detail in ipairs(details) do
      all[#all + 1] = detail
    end
    if index == MOST_SHOWN then break end
  end
  local category = text(first_failure.category)
  local status = STATUSES[category] or 400
  return errors.new {
    kind = KINDS[status] or "api",
    status = status,
    message = message,
    category = category,
    sub_category = text(first_failure.subCategory),
    correlation_id = text(first_failure.correlationId),
    errors = all,
    existing_id = status == 409 and existing_id(first_failure, whole_text(first_failure.message) or "") or nil,
    hint = status == 403 and scope_hint(first_failure, all) or nil,
  }
end

-- libcurl quotes a proxy of the environment that it can't read: any part of it may be a password.
local function without_proxy(message)
  local opening = message:find("'", 1, true)
  if not opening or not message:sub(1, opening):lower():find("proxy", 1, true) then return message end
  local closing = #message - message:reverse():find("'", 1, true) + 1
  return ("%s…'%s"):format(message:sub(1, opening), closing > opening and message:sub(closing + 1) or "")
end

-- A text without the user and password of the URLs that it quotes.
local function without_credentials(message)
  message = without_proxy(message)
  return (
    message:gsub("[^%s'\"]+", function(word)
      local _, scheme = word:find("://", 1, true)
      local from_end = scheme and word:sub(scheme + 1):reverse():find("@", 1, true)
      return from_end and ("%s[credentials]%s"):format(word:sub(1, scheme), word:sub(#word - from_end + 1))
    end)
  )
end

local function transport_hint(err, message, ca_file)
  local code = err.curl_code
  if code == NO_CERTIFICATES then
    return ca_file and "Check the file that the option ca_file names" or NO_CERTIFICATES_HINT
  end
  if err.kind == "timeout" then return err.sent == false and NO_CONNECTION or TOO_SLOW end
  if message:find("CONNECT", 1, true) and message:find("407", 1, true) then return HINTS[407] end
  if message:lower():find("proxy", 1, true) then return PROXY_HINT end
  return TRANSPORT_HINTS[code] or (CONNECTION_LOST[code] and IF_IT_CONTINUES) or nil
end

--- The error of a transport that has no answer.
-- @param failure what it returned after nil: an error with `kind`, `message` and `sent`, or anything else as its text
-- @tparam ?string ca_file the option of the client
-- @treturn table
function errors.from_transport(failure, ca_file)
  if type(failure) ~= "table" then failure = { message = tostring(failure) } end
  -- A proxy's URL that libcurl quotes may hold a password: it is looked for before the text is cut.
  local message = texts.shorten(without_credentials(tostring(failure.message or "the transport failed")), MESSAGE_LIMIT)
  return errors.new {
    kind = failure.kind or "network",
    message = message,
    sent = failure.sent,
    hint = text(failure.hint) or transport_hint(failure, message, ca_file),
  }
end

return errors
