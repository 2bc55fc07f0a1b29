--- The subcommand `sandbox`: an in-memory HubSpot on the loopback interface.

local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local interrupt = require "hubspot.interrupt"
local number = require "hubspot.number"
local quote = require("hubspot.command.shell").quote
local sandbox_options = require "hubspot.command.sandbox_options"

local DEFAULT_ID = 99001

-- The fields of an app, which come one by one.
local function app_of(fields)
  local app = {}
  for _, field in ipairs(fields) do
    app[field.name] = field.value
  end
  return app
end

local function webhooks_of(options)
  if not options.webhook then return nil end
  return {
    url = options.webhook,
    client_secret = options.client_secret or os.getenv "HUBSPOT_CLIENT_SECRET",
    events = options.events,
  }
end

local function portal_options(options)
  local given = {}
  for _, option in ipairs(sandbox_options.OF_PORTAL) do
    local value = options[option.name]
    if not (option.each and #value == 0) then given[option.fills or option.name] = value end
  end
  given.oauth = given.oauth and app_of(given.oauth)
  given.webhooks = webhooks_of(options)
  return given
end

local function load_server()
  if not interrupt.pcall(require, "socket") then
    fail.failed "it needs LuaSocket: `apt-get install lua-socket` or `luarocks install luasocket`"
  end
  return require "hubspot.sandbox.server"
end

-- The tokens of an account. Those that name none are of the first.
local function tokens_of(tokens, id, is_first)
  local own = {}
  for _, given in ipairs(tokens or {}) do
    if given.portal == id or (is_first and not given.portal) then
      own[#own + 1] = { token = given.token, scopes = given.scopes }
    end
  end
  return own[1] and own or nil
end

-- Fields of the portal's option `webhooks`, as the command line names them.
local FLAGS = { url = "--webhook", client_secret = "--client-secret, or HUBSPOT_CLIENT_SECRET,", events = "--events" }

-- Makes the portal. Its refusals it throws, with the place in the source before them.
local function new_portal(options)
  local made, portal = interrupt.pcall(require("hubspot.sandbox").new, options)
  if not made then
    fail.usage((tostring(portal):gsub("^.-hubspot%.sandbox: ", ""):gsub("%f[%w]webhooks%.([%l_]+)", FLAGS)))
  end
  return portal
end

local function check_tokens(tokens, ids)
  local known = {}
  for _, id in ipairs(ids) do
    known[number.text(id)] = true
  end
  for _, given in ipairs(tokens or {}) do
    if given.portal and not known[given.portal] then
      fail.usage(("--token %s/…: there is no account %s"):format(given.portal, given.portal))
    end
  end
end

-- Makes something without looking for garbage: what a start makes is nearly all kept.
local function without_garbage(make, ...)
  collectgarbage "stop"
  local made = make(...)
  collectgarbage "restart"
  return made
end

-- A portal for each account; all have the same options, and made-up records of their own.
local function new_portals(options)
  local given, portals = portal_options(options), {}
  local ids = #options.portal > 0 and options.portal or { given.portal_id or DEFAULT_ID }
  check_tokens(given.tokens, ids)
  for index, id in ipairs(ids) do
    local own = {}
    for name, value in pairs(given) do
      own[name] = value
    end
    own.tokens = tokens_of(given.tokens, number.text(id), index == 1)
    if #options.portal > 0 then own.portal_id = id end
    if index > 1 then own.seed = (given.seed or 1) + index - 1 end
    portals[index] = new_portal(own)
  end
  return portals
end

-- A word of a shell, in quotes only where it needs some.
local function quote_word(text) return text:find "[^%w._/-]" and quote(text) or text end

local function plural(count) return ("%d contact%s"):format(count, count == 1 and "" or "s") end

local function run(context)
  local options, server = context.options, load_server()
  local made, message = server.new {
    portals = without_garbage(new_portals, options),
    tls = options.tls,
    log = options.verbose and function(line) context:note(line) end or nil,
    host = options.host,
    port = options.port,
    latency = options.latency / 1000,
    no_page = options.no_page,
    stop_with_stdin = options.exit_with_stdin,
  }
  if not made then fail.failed(message) end
  context.output:write(("HubSpot sandbox with %s on %s\n"):format(plural(options.contacts or 0), made.url))
  local token = options.token[1] and options.token[1].token or "any"
  context.output:write(
    ('Use it with hubspot.new { base_url = "%s", token = "%s" }; Ctrl-C stops it.\n'):format(made.url, token)
  )
  context.output:write(
    ("In a shell: export HUBSPOT_BASE_URL=%s HUBSPOT_TOKEN=%s\n"):format(made.url, quote_word(token))
  )
  if not options.no_page then
    context.output:write(("See what it gets and holds at %s/_sandbox/\n"):format(made.url))
  end
  if options.tls then
    context.output:write(("Its certificate, which clients must trust, is %s/certificate.pem\n"):format(options.tls))
  end
  context.output:flush()
  local ended, problem = pcall(made.run, made)
  if not ended and not interrupt.is(problem) then error(problem, 0) end
  return exit_codes.DONE
end

local all = {}
for _, list in ipairs { sandbox_options.OF_SERVER, sandbox_options.OF_PORTAL } do
  for _, option in ipairs(list) do
    all[#all + 1] = option
  end
end

return {
  name = "sandbox",
  summary = "Starts an in-memory HubSpot on the loopback interface, to try and test against.",
  without_client = true,
  options = all,
  examples = {
    { "hubspot-lua sandbox --port 8080 --contacts 100", "then set HUBSPOT_BASE_URL to http://127.0.0.1:8080" },
  },
  run = run,
}
