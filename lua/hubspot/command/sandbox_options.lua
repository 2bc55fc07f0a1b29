--- The options of the subcommand `sandbox`.
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local made_up_objects = require "hubspot.sandbox.made_up_objects"
local option_values = require "hubspot.command.option_values"
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

--- The portal's options: those whose flag says one of many name in `fills` the option of the portal that is their list.
sandbox_options.OF_PORTAL = {
  {
    name = "contacts",
    takes = "N",
    about = "how many made-up contacts there are",
    read = option_values.whole_number(0, 10000000),
  },
  {
    name = "fixtures",
    takes = "FILE",
    about = "fill the portal with what this JSON file tells",
    read = read_fixtures,
  },
  {
    name = "seed",
    takes = "N",
    about = "the same seed makes the same contacts",
    read = option_values.whole_number(0, 2 ^ 31),
  },
  { name = "portal_id", takes = "ID", about = "the account's id", read = option_values.whole_number(1, 2 ^ 53) },
  {
    name = "contacts_changed_at",
    is_rare = true,
    takes = "TIME",
    about = "when all made-up contacts were changed last",
    read = read_time,
  },
  {
    name = "first_id",
    is_rare = true,
    takes = "ID",
    about = "the id of the first contact",
    read = option_values.whole_number(1, 2 ^ 52),
  },
  { name = "ids_sorted_as_texts", is_rare = true, about = "let search sort ids as texts: 10 before 9" },
  {
    name = "clock",
    takes = "TIME",
    about = "the time at the start; by default the present",
    read = read_time,
  },
  { name = "quota", takes = "N/SECONDS", about = "refuse more requests than this", read = read_quota },
  {
    name = "search_quota",
    is_rare = true,
    takes = "N/SECONDS",
    about = "refuse more searches than this",
    read = read_quota,
  },
  {
    name = "search_lag",
    takes = "SECONDS",
    about = "seconds until search sees what was written",
    read = option_values.whole_number(0, 86400),
  },
  {
    name = "search_ceiling",
    is_rare = true,
    takes = "N",
    about = "how many results of a search can be paged through",
    read = option_values.whole_number(1, 10000),
  },
  {
    name = "kept_requests",
    is_rare = true,
    takes = "N",
    about = "how many requests it remembers, for its page",
    read = option_values.whole_number(0, 1000000),
    default = 100000,
  },
  { name = "keeps_primary_id", is_rare = true, about = "let a merge keep the primary contact's id" },
  {
    name = "token",
    fills = "tokens",
    each = true,
    takes = "TOKEN",
    read = read_token,
    about = "accept this token: NAME, NAME:SCOPE,SCOPE, or ID/NAME of the account with this id",
  },
  {
    name = "oauth_app",
    is_rare = true,
    fills = "oauth_apps",
    each = true,
    takes = "ID:SECRET",
    read = read_app,
    about = "an OAuth app, which gets tokens for any code",
  },
  {
    name = "scope",
    fills = "scopes",
    each = true,
    takes = "SCOPE",
    about = "grant this scope, and only those that are named",
  },
  { name = "developer_key", is_rare = true, takes = "KEY", about = "accept this developer API key only" },
  {
    name = "oauth",
    each = true,
    takes = "FIELD=VALUE",
    read = read_app_field,
    about = "accept this OAuth app only, such as client_id=ID",
  },
  {
    name = "campaigns",
    is_rare = true,
    takes = "N",
    about = "how many made-up e-mail campaigns there are",
    read = option_values.whole_number(0, 100000),
  },
  {
    name = "email_events",
    is_rare = true,
    takes = "N",
    about = "how many made-up e-mail events there are",
    read = option_values.whole_number(0, 1000000),
  },
  {
    name = "event_type",
    fills = "event_types",
    each = true,
    takes = "NAME",
    read = read_event_type,
    about = "know a type of event, such as pe99001_visit",
  },
  {
    name = "subscription_type",
    is_rare = true,
    fills = "subscription_types",
    each = true,
    takes = "ID=NAME",
    read = read_subscription_type,
    about = "know a type of subscription",
  },
  { name = "v1_lists", is_rare = true, about = "bring back the v1 list endpoints" },
}

-- The help has lines for the first few.
local SHOWN = 3

for index, name in ipairs(made_up_objects.TYPES) do
  table.insert(sandbox_options.OF_PORTAL, index + 1, {
    name = name,
    takes = "N",
    is_rare = index > SHOWN,
    about = "how many made-up " .. name:gsub("_", " "),
    read = option_values.whole_number(0, made_up_objects.MOST),
  })
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
