--- The subcommand `doctor`: looks for what keeps the command from its work, and says what to do.

local account = require "hubspot.command.doctor.account"
local connection = require "hubspot.command.connection"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local machine = require "hubspot.command.doctor.machine"
local network = require "hubspot.command.doctor.network"
local new_report = require("hubspot.command.doctor.report").new
local option_values = require "hubspot.command.option_values"
local scopes = require "hubspot.command.scopes"
local terminal = require "hubspot.command.terminal"

local known = {}
for _, name in ipairs(scopes.SUBCOMMANDS) do
  known[name] = true
end

local function read_subcommands(text)
  local wanted = {}
  for name in text:gmatch "[^,%s]+" do
    if not known[name] then return nil, ("must be of export, import and mirror, got %s"):format(name) end
    wanted[name] = true
  end
  return wanted
end

local ADVICE = {
  address = "check --base-url and HUBSPOT_BASE_URL: without them it is HubSpot's own",
  certificates = "name another file in SSL_CERT_FILE, or unset it: then it is the system's",
  limiter = account.OTHER_LIMITER,
  token = "check HUBSPOT_TOKEN, or the file that --token-file names; " .. account.WHERE_TOKENS_ARE,
}

-- The client; nil where there is none, which the report then tells.
local function open_client(context, report)
  local opened, client = pcall(context.client, context)
  if opened then return client end
  if not fail.is_failure(client) then error(client, 0) end
  local message, advice = client.message:match "^(.-)%. (.*)$"
  report:problem(client.about, message or client.message, advice or ADVICE[client.about], client.code)
end

-- The account that the token must be of, if any: it is compared when the way to HubSpot was looked at.
local function take_portal(options)
  local portal = options.portal
  options.portal = nil
  return portal
end

local function describe_limiter(where)
  if where.kind == "file" then return "file " .. where.path end
  return ("Redis at %s port %d, %s"):format(where.host, where.port, where.name or "default")
end

-- Reports a file that can't be the limiter's; what else there is to check is checked without it.
local function check_limiter_file(context, report)
  local where = context.options.limiter
  local problem = where and connection.limiter_problem(where)
  if not problem then return end
  account.report_limiter(report, describe_limiter(where), problem, exit_codes.USAGE)
  context.options.limiter = nil
end

local function check_hubspot(context, report)
  check_limiter_file(context, report)
  local portal = take_portal(context.options)
  local client = open_client(context, report)
  if not client then return end
  account.check_token(report, context:token())
  if context.options.limiter then account.check_limiter(report, client, describe_limiter(context.options.limiter)) end
  local response = network.check(report, client)
  if not response then return end
  account.check(report, client, response, { subcommands = context.options["for"] or {}, portal = portal })
end

local function wants_color(context)
  return context.output.is_terminal and (os.getenv "NO_COLOR" or "") == "" and not terminal.is_dumb()
end

local function run(context)
  local report = new_report()
  machine.check(report)
  check_hubspot(context, report)
  if context.options.db then require("hubspot.command.doctor.database").check(report, context.options.db) end
  context.output:write(context.options.json and report:json() or report:text(wants_color(context)))
  return report.code
end

return {
  name = "doctor",
  summary = "Looks at this machine, the way to HubSpot, the token and the quotas; each line says what to do.",
  options = {
    {
      name = "for",
      takes = "export,...",
      read = read_subcommands,
      about = "subcommands that the token must suffice for: export, import, mirror",
    },
    { name = "db", takes = "ADDRESS", read = option_values.database, about = "check the database of a mirror, too" },
    { name = "json", about = "print the findings as JSON" },
  },
  examples = {
    { "hubspot-lua doctor", "before the first export" },
    { "hubspot-lua doctor --for import && hubspot-lua import contacts fair.csv", "only where it can work" },
  },
  run = run,
}
