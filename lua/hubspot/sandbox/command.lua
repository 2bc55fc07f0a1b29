--- The command `hubspot sandbox`.
local argparse = require "argparse"
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local sandbox = require "hubspot.sandbox"
local server = require "hubspot.sandbox.server"
local time = require "hubspot.sandbox.time"

local function show_version()
  local found, hubspot = pcall(require, "hubspot")
  print(found and hubspot._VERSION or "hubspot")
  os.exit(0)
end

local function fail(message)
  io.stderr:write("hubspot: ", message, "\n")
  os.exit(1)
end

local function read_quota(name)
  return function(text)
    local limit, seconds = text:match "^(%d+)/([%d.]+)$"
    limit, seconds = tonumber(limit), seconds and decimal.parse(seconds)
    if not limit or not seconds or limit < 1 or seconds <= 0 then
      return nil, name .. " must look like 100/10 (requests/seconds), got " .. text
    end
    return { limit = limit, seconds = seconds }
  end
end

local function read_integer(name, smallest, largest)
  return function(text)
    local number = text:match "^%d+$" and tonumber(text)
    if not number or number < smallest or number > largest then
      return nil, string.format("%s must be a whole number from %.0f to %.0f, got %s", name, smallest, largest, text)
    end
    return number
  end
end

local function read_fixtures(path)
  local file, problem = io.open(path, "rb")
  if not file then return nil, "--fixtures: " .. problem end
  local text = file:read "*a"
  file:close()
  local value, message = core.decode(text or "")
  if type(value) ~= "table" then
    return nil, "--fixtures: " .. path .. " holds no JSON object: " .. tostring(message)
  end
  return value
end

-- A moment, in milliseconds since 1970 or ISO 8601, as milliseconds.
local function read_time(name)
  return function(text)
    local moment = text:match "^%d+$" and tonumber(text) or time.parse(text)
    if not moment then
      return nil, name .. " must be milliseconds since 1970, or look like 2026-01-31T12:00:00Z, got " .. text
    end
    return moment
  end
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
  if not id then return nil, "--subscription-type must look like 146=Weekly, got " .. text end
  return { id = tonumber(id), name = name }
end

local function read_app_field(text)
  local name, value = text:match "^([%l_]+)=(.*)$"
  if not name then return nil, "--oauth must look like client_id=NAME, got " .. text end
  return { name = name, value = name == "expires_in" and tonumber(value) or value }
end

-- The portal's options as options of the command: `takes` names the value, of which `read` makes the portal's; `each`
-- is the flag of what may be given several times; one without a value is on or off.
local PORTAL_OPTIONS = {
  {
    name = "contacts",
    takes = "N",
    about = "How many made-up contacts there are.",
    read = read_integer("--contacts", 0, 10000000),
  },
  {
    name = "companies",
    takes = "N",
    about = "How many made-up companies.",
    read = read_integer("--companies", 0, 1e6),
  },
  { name = "deals", takes = "N", about = "How many made-up deals.", read = read_integer("--deals", 0, 1e6) },
  { name = "tickets", takes = "N", about = "How many made-up tickets.", read = read_integer("--tickets", 0, 1e6) },
  { name = "tasks", takes = "N", about = "How many made-up tasks.", read = read_integer("--tasks", 0, 1e6) },
  { name = "notes", takes = "N", about = "How many made-up notes.", read = read_integer("--notes", 0, 1e6) },
  {
    name = "fixtures",
    takes = "FILE",
    about = "Fill the portal with what this JSON file tells.",
    read = read_fixtures,
  },
  {
    name = "seed",
    takes = "N",
    about = "The same seed makes the same contacts.",
    read = read_integer("--seed", 0, 2 ^ 31),
  },
  { name = "portal_id", takes = "ID", about = "The account's id.", read = read_integer("--portal-id", 1, 2 ^ 53) },
  {
    name = "contacts_changed_at",
    takes = "TIME",
    about = "When all made-up contacts were changed last.",
    read = read_time "--contacts-changed-at",
  },
  {
    name = "first_id",
    takes = "ID",
    about = "The id of the first contact.",
    read = read_integer("--first-id", 1, 2 ^ 52),
  },
  { name = "ids_sorted_as_texts", about = "Let search sort ids as texts: 10 before 9." },
  {
    name = "clock",
    takes = "TIME",
    about = "The time at the start; by default the present.",
    read = read_time "--clock",
  },
  { name = "quota", takes = "N/SECONDS", about = "Refuse more requests than this.", read = read_quota "--quota" },
  {
    name = "search_quota",
    takes = "N/SECONDS",
    about = "Refuse more searches than this.",
    read = read_quota "--search-quota",
  },
  {
    name = "search_lag",
    takes = "SECONDS",
    about = "Seconds until search sees what was written.",
    read = read_integer("--search-lag", 0, 86400),
  },
  {
    name = "search_ceiling",
    takes = "N",
    about = "How many results of a search can be paged through.",
    read = read_integer("--search-ceiling", 1, 10000),
  },
  { name = "keeps_primary_id", about = "Keep the primary contact's id in a merge; else it gets a new one." },
  { name = "token", takes = "TOKEN", about = "Accept this token only." },
  { name = "scopes", each = "--scope", takes = "SCOPE", about = "Grant this scope, and only those that are named." },
  { name = "developer_key", takes = "KEY", about = "Accept this developer API key only." },
  {
    name = "oauth",
    each = "--oauth",
    takes = "FIELD=VALUE",
    read = read_app_field,
    about = "Accept this OAuth app only: client_id, client_secret, refresh_token, code, redirect_uri, expires_in.",
  },
  {
    name = "campaigns",
    takes = "N",
    about = "How many made-up e-mail campaigns there are.",
    read = read_integer("--campaigns", 0, 100000),
  },
  {
    name = "email_events",
    takes = "N",
    about = "How many made-up e-mail events there are.",
    read = read_integer("--email-events", 0, 1000000),
  },
  {
    name = "event_types",
    each = "--event-type",
    takes = "NAME",
    read = read_event_type,
    about = "Know a type of timeline event: pe99001_visit, or with properties pe99001_order:currency,total=number.",
  },
  {
    name = "subscription_types",
    each = "--subscription-type",
    takes = "ID=NAME",
    read = read_subscription_type,
    about = "Know a type of subscription.",
  },
  { name = "v1_lists", about = "Bring back the v1 list endpoints that HubSpot removed on 2026-04-30." },
}

local function add_portal_option(command, option)
  local flag = option.each or "--" .. option.name:gsub("_", "-")
  if not option.takes then
    command:flag(flag, option.about):target(option.name)
    return
  end
  local added = command:option(flag, option.about):target(option.name):argname(option.takes)
  if option.read then added:convert(option.read) end
  if option.each then added:count "*" end
end

local function make_parser()
  local parser = argparse("hubspot", "HubSpot for Lua.")
  parser:flag("-v --version", "Show the version."):action(show_version)
  parser:require_command(true)
  local command = parser:command("sandbox", "Start an in-memory HubSpot on the loopback interface.")
  command
    :option("--port", "Port to listen on; 0 takes any free one.")
    :default("0")
    :convert(read_integer("--port", 0, 65535))
  command:option("--host", "Loopback address to listen on."):default "127.0.0.1"
  command
    :option("--latency", "Milliseconds that every answer takes.")
    :argname("MS")
    :default("0")
    :convert(read_integer("--latency", 0, 3600000))
  for _, option in ipairs(PORTAL_OPTIONS) do
    add_portal_option(command, option)
  end
  command:flag("--exit-with-stdin", "Stop when standard input ends, as it does when the parent is gone.")
  return parser
end

-- The fields of an app, which come one by one.
local function app_of(fields)
  local app = {}
  for _, field in ipairs(fields) do
    app[field.name] = field.value
  end
  return app
end

local function portal_options(options)
  local given = {}
  for _, option in ipairs(PORTAL_OPTIONS) do
    local value = options[option.name]
    if not (option.each and value and #value == 0) then given[option.name] = value end
  end
  given.oauth = given.oauth and app_of(given.oauth)
  return given
end

local function is_interrupt(problem) return tostring(problem):find("interrupted!", 1, true) ~= nil end

local function plural(count) return string.format("%d contact%s", count, count == 1 and "" or "s") end

local function start(options)
  local portal = sandbox.new(portal_options(options))
  local made, message = server.new {
    portal = portal,
    host = options.host,
    port = options.port,
    latency = options.latency / 1000,
    stop_with_stdin = options.exit_with_stdin,
  }
  if not made then fail(message) end
  print(string.format("HubSpot sandbox with %s on %s", plural(options.contacts or 0), made.url))
  print(
    string.format(
      'Use it with hubspot.new { base_url = "%s", token = "%s" }; Ctrl-C stops it.',
      made.url,
      options.token or "any"
    )
  )
  io.stdout:flush()
  made:run()
end

--- Runs the command with the arguments of a command line; ends the process.
local function run(arguments)
  local fine, options = make_parser():pparse(arguments)
  if not fine then fail(tostring(options):match "^[^\n]*") end
  local finished, problem = pcall(start, options)
  if not finished and not is_interrupt(problem) then
    -- Drops the position in the source, which Lua puts before a message.
    fail((tostring(problem):gsub("^.-hubspot%.sandbox: ", "")))
  end
  os.exit(0)
end

return run
