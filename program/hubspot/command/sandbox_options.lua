--- The options of the subcommand `sandbox`.
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local option_values = require "hubspot.command.option_values"
local portal_options = require "hubspot.sandbox.portal_options"
local time = require "hubspot.sandbox.time"

local sandbox_options = {}

local function read_quota(text)
  local limit, seconds = text:match "^(%d+)/([%d.]+)$"
  limit, seconds = tonumber(limit), seconds and decimal.parse(seconds)
  if not limit or not seconds or limit < 1 or seconds <= 0 then
    return nil, "must look like 100/10 (requests/seconds), got " .. text
  end
  return { limit = limit, seconds = seconds }
end

local function read_fixtures(path)
  local file, problem = io.open(path, "rb")
  if not file then return nil, problem end
  local text = file:read "*a"
  file:close()
  local value, message = core.decode(text or "")
  if type(value) ~= "table" then return nil, ("%s holds no JSON object: %s"):format(path, tostring(message)) end
  return value
end

-- A moment, in milliseconds since 1970 or ISO 8601, as milliseconds.
local function read_time(text)
  local moment = text:match "^%d+$" and tonumber(text) or time.parse(text)
  if not moment then return nil, "must be milliseconds since 1970, or look like 2026-01-31T12:00:00Z, got " .. text end
  return moment
end

-- `NAME` or `NAME:PROPERTY,PROPERTY=TYPE`.
local function read_event_type(text)
  local name, listed = text:match "^([^:]+):?(.*)$"
  if not name or listed == "" then return name end
  local properties = {}
  for word in listed:gmatch "[^,]+" do
    local property, kind = word:match "^([^=]+)=?(.*)$"
    table.insert(properties, { name = property or word, type = kind ~= "" and kind or nil })
  end
  return { name = name, properties = properties }
end

local function read_subscription_type(text)
  local id, name = text:match "^(%d+)=(.+)$"
  if not id then return nil, "must look like 146=Weekly, got " .. text end
  return { id = tonumber(id), name = name }
end

-- `NAME`, `NAME:SCOPE,SCOPE` or `ID/NAME…`.
local function read_token(text)
  local portal, rest = text:match "^(%d+)/(.*)$"
  local token, scopes = (rest or text):match "^([^:]+):?(.*)$"
  if not token then return nil, "must look like NAME or NAME:SCOPE,SCOPE, got " .. text end
  return { token = token, scopes = scopes ~= "" and option_values.names(scopes) or nil, portal = portal }
end

local function read_app(text)
  local id, secret = text:match "^([^:]+):(.+)$"
  if not id then return nil, "must look like ID:SECRET, got " .. text end
  return { client_id = id, client_secret = secret }
end

local function read_app_field(text)
  local name, value = text:match "^([%l_]+)=(.*)$"
  if not name then return nil, "must look like client_id=NAME, got " .. text end
  return { name = name, value = name == "expires_in" and tonumber(value) or value }
end

-- Functions that make the values of options of texts, where these are no whole numbers.
local READERS = {
  fixtures = read_fixtures,
  contacts_changed_at = read_time,
  clock = read_time,
  quota = read_quota,
  search_quota = read_quota,
  tokens = read_token,
  oauth_apps = read_app,
  oauth = read_app_field,
  event_types = read_event_type,
  subscription_types = read_subscription_type,
}

--- The portal's options: those whose flag has a name of its own name in `fills` the option of the portal.
sandbox_options.OF_PORTAL = {}

for _, row in ipairs(portal_options.list) do
  local flag = row.flag
  if flag then
    table.insert(sandbox_options.OF_PORTAL, {
      name = flag.name or row.name,
      fills = flag.name and row.name or nil,
      is_rare = row.is_rare,
      each = flag.each,
      takes = flag.takes,
      about = flag.about or row.about,
      default = flag.default,
      read = READERS[row.name] or row.from and option_values.whole_number(row.from, row.to) or nil,
    })
  end
end

--- The server's options.
sandbox_options.OF_SERVER = {
  {
    name = "port",
    takes = "PORT",
    default = 0,
    read = option_values.whole_number(0, 65535),
    about = "port to listen on; 0 takes any free one",
  },
  { name = "host", is_rare = true, takes = "ADDRESS", default = "127.0.0.1", about = "loopback address to listen on" },
  {
    name = "latency",
    takes = "MS",
    default = 0,
    read = option_values.whole_number(0, 3600000),
    about = "milliseconds that every answer takes",
  },
  {
    name = "portal",
    each = true,
    takes = "ID",
    read = option_values.whole_number(1, 2 ^ 53),
    about = "serve this account, too; a token belongs to the one before its slash",
  },
  { name = "tls", takes = "FOLDER", about = "serve https, with the certificate in FOLDER, made where it has none" },
  { name = "verbose", short = "-v", about = "each request on stderr" },
  { name = "webhook", takes = "URL", about = "send signed webhooks of all that happens to records there" },
  {
    name = "client_secret",
    is_rare = true,
    takes = "SECRET",
    about = "of the app, which signs webhooks; else it is that of HUBSPOT_CLIENT_SECRET",
  },
  {
    name = "events",
    is_rare = true,
    takes = "LIST",
    read = option_values.names,
    about = "the webhooks to send, such as contact.creation,deal.*; by default all",
  },
  { name = "no_page", is_rare = true, about = "leave out the page at /_sandbox/" },
  { name = "exit_with_stdin", about = "stop when standard input ends" },
}

return sandbox_options
