-- Verifies that a request comes from HubSpot: it signs webhooks, cards and workflow actions with the app's client
-- secret.

local base64 = require "hubspot.base64"
local check = require "hubspot.check"
local crypto = require "hubspot.crypto"
local errors = require "hubspot.error"
local time = require "hubspot.time"

local signature = {}

local WINDOW_MS = 300000
local VERSIONS = { "v1", "v2", "v3" }

local SIGNATURE_V3 = "X-HubSpot-Signature-v3"
local TIMESTAMP = "X-HubSpot-Request-Timestamp"
local SIGNATURE = "X-HubSpot-Signature"
local VERSION = "X-HubSpot-Signature-Version"

local URL = 'the full URL that HubSpot called, such as "https://example.org/hook?a=b"'

--- Options of `hubspot.verify_request`.
signature.options = {
  client_secret = { type = check.string, required = true, description = "of the app, from its Auth settings" },
  method = { type = check.string, required = true, description = 'of the request, such as "POST"' },
  url = {
    required = true,
    description = "with scheme, host and query, as the app's settings have it: behind a proxy the server sees another",
    type = {
      description = URL,
      luacats = "string",
      check = function(value, place)
        if type(value) == "string" and value:find "^[Hh][Tt][Tt][Pp][Ss]?://" then return value end
        return nil, ("%s must be %s"):format(place, URL)
      end,
    },
  },
  headers = {
    type = check.documented "table<string, string>",
    required = true,
    description = "of the request, by name in any case",
  },
  body = { type = check.text, description = "of the request, byte for byte; none when left out" },
  versions = {
    type = check.list_of(check.one_of(VERSIONS), '"v1", "v2" and "v3"'),
    description = "of signatures to accept; all when left out. Only v3 tells when it was made: what is signed by v1 or "
      .. "v2 can be replayed at any time",
  },
  now = { type = check.time, description = "what time it is; the system's when left out" },
  crypto = {
    type = check.fields("a table of the functions hmac_sha256(key, text) and sha256(text), which return 32 bytes", {
      hmac_sha256 = { type = check.callable, required = true },
      sha256 = { type = check.callable, required = true },
    }, "hubspot.Crypto"),
    description = "luaossl, lua-resty-openssl or OpenResty's resty.sha256 when left out",
  },
}

--- Checks the argument of `verify`.
-- @tparam table given
-- @treturn ?table nil and a message on misuse, or without a crypto library
function signature.check(given)
  if type(given) ~= "table" then return nil, ("takes a table, got %s"):format(type(given)) end
  local request, message = check.options(given, signature.options)
  if not request then return nil, message end
  if not request.crypto then
    request.crypto, message = crypto.library()
  end
  if not request.crypto then return nil, message end
  return request
end

local function refuse(reason, message, hint)
  return nil, errors.new { kind = "signature", reason = reason, message = message, hint = hint }
end

-- The value of a header; nil where there is none; nil and an error where there is not one string.
local function header(request, name)
  local wanted, found = name:lower(), nil
  for key, value in pairs(request.headers) do
    if type(key) == "string" and key:lower() == wanted then
      if found or type(value) ~= "string" then
        return refuse("bad_header", ("the header %s is there twice, or not a string"):format(name))
      end
      found = value
    end
  end
  return found
end

local function needed_header(request, name)
  local value, err = header(request, name)
  if value or err then return value, err end
  return refuse("missing_header", ("the header %s is missing"):format(name))
end

local function hex(bytes)
  return (bytes:gsub(".", function(char) return ("%02x"):format(char:byte()) end))
end

-- Takes the same time wherever the two differ: otherwise it would tell a forger how much of a guess is right.
local function equal(a, b)
  if #a ~= #b then return false end
  local difference = 0
  for index = 1, #a do
    local distance = a:byte(index) - b:byte(index)
    difference = difference + distance * distance
  end
  return difference == 0
end

-- The characters that HubSpot's description of v3 wants decoded.
local DECODED = {
  ["%3A"] = ":",
  ["%2F"] = "/",
  ["%3F"] = "?",
  ["%40"] = "@",
  ["%21"] = "!",
  ["%24"] = "$",
  ["%27"] = "'",
  ["%28"] = "(",
  ["%29"] = ")",
  ["%2A"] = "*",
  ["%2C"] = ",",
  ["%3B"] = ";",
}

local function decode_url(url)
  return (url:gsub("%%%x%x", function(code) return DECODED[code:upper()] end))
end

-- The result of one of the functions in `crypto`, which may be the user's.
local function digest(request, name, ...)
  local bytes = request.crypto[name](...)
  if type(bytes) ~= "string" or #bytes ~= 32 then
    error(("hubspot.verify_request: crypto.%s must return 32 bytes"):format(name), 0)
  end
  return bytes
end

-- The signatures that a request may have, by version.
local EXPECTED = {
  v1 = function(request) return { hex(digest(request, "sha256", request.client_secret .. (request.body or ""))) } end,
  v2 = function(request)
    local text = request.client_secret .. request.method .. request.url .. (request.body or "")
    return { hex(digest(request, "sha256", text)) }
  end,
  -- HubSpot's own libraries hash the URL as it came, its description wants some of it decoded: either counts.
  v3 = function(request, timestamp)
    local urls, signatures = { request.url, decode_url(request.url) }, {}
    for index = 1, urls[1] == urls[2] and 1 or 2 do
      local text = request.method .. urls[index] .. (request.body or "") .. timestamp
      signatures[index] = base64.encode(digest(request, "hmac_sha256", request.client_secret, text))
    end
    return signatures
  end,
}

-- Returns whether the headers announce a body: of one that a server left unread, or in a file.
local function announces_body(request)
  local length, encoding = header(request, "Content-Length"), header(request, "Transfer-Encoding")
  return encoding ~= nil or (length ~= nil and length:find "[1-9]" ~= nil)
end

local NO_BODY = "Pass the body as it came. In nginx call ngx.req.read_body() first; a large body is then in the file that "
  .. "ngx.req.get_body_file() names, and ngx.req.get_body_data() is nil"

local function compare(request, version, given, timestamp)
  if (request.body or "") == "" and announces_body(request) then
    return refuse("missing_body", "the request has a body by its headers, and none was passed", NO_BODY)
  end
  local matches = false
  for _, expected in ipairs(EXPECTED[version](request, timestamp)) do
    if equal(given, expected) then matches = true end
  end
  if matches then return true end
  return refuse(
    "mismatch",
    ("the signature (%s) does not match the request"):format(version),
    "Either it is forged, or the client secret is another app's, the URL is not the one that HubSpot called, or the "
      .. "body is not the one that it sent, byte for byte"
  )
end

-- Larger ones could not be exact as a number.
local LONGEST_TIMESTAMP = 15

local function check_timestamp(request, timestamp)
  if not timestamp:find "^%d+$" or #timestamp > LONGEST_TIMESTAMP then
    return refuse("bad_timestamp", ("the header %s is not a number of milliseconds"):format(TIMESTAMP))
  end
  local age = (request.now or os.time() * 1000) - tonumber(timestamp)
  if age > WINDOW_MS then
    return refuse(
      "too_old",
      ("the request was signed at %s, more than five minutes ago"):format(time.to_iso(tonumber(timestamp))),
      "Check this machine's clock. Where it is right, an old request is being replayed"
    )
  end
  if age < -WINDOW_MS then
    return refuse(
      "too_new",
      ("the request was signed at %s, more than five minutes ahead"):format(time.to_iso(tonumber(timestamp))),
      "Check this machine's clock"
    )
  end
  return true
end

local function verify_v3(request, given)
  local timestamp, err = needed_header(request, TIMESTAMP)
  if not timestamp then return nil, err end
  local in_time
  in_time, err = check_timestamp(request, timestamp)
  if not in_time then return nil, err end
  return compare(request, "v3", given, timestamp)
end

local function verify_older(request, accepted)
  local given, err = needed_header(request, SIGNATURE)
  if not given then return nil, err end
  local version
  version, err = needed_header(request, VERSION)
  if not version then return nil, err end
  if version ~= "v1" and version ~= "v2" then
    return refuse("unknown_version", ("the header %s is neither v1 nor v2"):format(VERSION))
  end
  if not accepted[version] then
    return refuse(
      "version_not_accepted",
      ("the request is signed by %s, which is not among the versions accepted"):format(version)
    )
  end
  return compare(request, version, given)
end

--- Verifies a request. One that has a signature of v3 is judged by that alone, where v3 is accepted.
-- @tparam table request what `check` returned
-- @treturn ?boolean true, or nil and an error
function signature.verify(request)
  local accepted = {}
  for _, version in ipairs(request.versions or VERSIONS) do
    accepted[version] = true
  end
  if accepted.v3 then
    local find = (accepted.v1 or accepted.v2) and header or needed_header
    local given, err = find(request, SIGNATURE_V3)
    if given then return verify_v3(request, given) end
    if err then return nil, err end
  end
  return verify_older(request, accepted)
end

return signature
