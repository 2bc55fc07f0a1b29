--- The command `hubspot sandbox`.
local argparse = require "argparse"
local decimal = require "hubspot.sandbox.decimal"
local sandbox = require "hubspot.sandbox"
local server = require "hubspot.sandbox.server"

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
    :option("--contacts", "How many made-up contacts there are.")
    :argname("N")
    :default("0")
    :convert(read_integer("--contacts", 0, 10000000))
  command
    :option("--seed", "The same seed makes the same contacts.")
    :argname("N")
    :convert(read_integer("--seed", 0, 2 ^ 31))
  command
    :option("--latency", "Milliseconds that every answer takes.")
    :argname("MS")
    :default("0")
    :convert(read_integer("--latency", 0, 3600000))
  command:option("--quota", "Refuse more requests than this."):argname("N/SECONDS"):convert(read_quota "--quota")
  command
    :option("--search-quota", "Refuse more searches than this.")
    :argname("N/SECONDS")
    :convert(read_quota "--search-quota")
  command
    :option("--search-lag", "Seconds until search sees what was written.")
    :argname("SECONDS")
    :convert(read_integer("--search-lag", 0, 86400))
  command:option("--token", "Accept this token only.")
  command:option("--developer-key", "Accept this developer API key only.")
  command
    :option("--campaigns", "How many made-up e-mail campaigns there are.")
    :argname("N")
    :convert(read_integer("--campaigns", 0, 100000))
  command
    :option("--email-events", "How many made-up e-mail events there are.")
    :argname("N")
    :convert(read_integer("--email-events", 0, 1000000))
  command:flag("--v1-lists", "Bring back the v1 list endpoints that HubSpot removed on 2026-04-30.")
  command:flag("--exit-with-stdin", "Stop when standard input ends, as it does when the parent is gone.")
  return parser
end

local function is_interrupt(problem) return tostring(problem):find("interrupted!", 1, true) ~= nil end

local function plural(count) return string.format("%d contact%s", count, count == 1 and "" or "s") end

local function start(options)
  local portal = sandbox.new {
    contacts = options.contacts,
    seed = options.seed,
    quota = options.quota,
    search_quota = options.search_quota,
    search_lag = options.search_lag,
    token = options.token,
    v1_lists = options.v1_lists or nil,
    developer_key = options.developer_key,
    campaigns = options.campaigns,
    email_events = options.email_events,
  }
  local made, message = server.new {
    portal = portal,
    host = options.host,
    port = options.port,
    latency = options.latency / 1000,
    stop_with_stdin = options.exit_with_stdin,
  }
  if not made then fail(message) end
  print(string.format("HubSpot sandbox with %s on %s", plural(options.contacts), made.url))
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
  if not finished and not is_interrupt(problem) then fail(tostring(problem)) end
  os.exit(0)
end

return run
