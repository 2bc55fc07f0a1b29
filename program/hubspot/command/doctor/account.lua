--- Checks of the account: the token and its scopes, the portal, and the quotas.

local connection = require "hubspot.command.connection"
local core = require "hubspot.core"
local exit_codes = require "hubspot.command.exit_codes"
local scopes = require "hubspot.command.scopes"

local account = {}

local ONCE = { timeout = 10, deadline = 10, retry = false }

-- The kind of a token, by its form; the token itself goes nowhere.
local function kind_of(token)
  if token:find "^pat%-" then return "a service key's or a private app's" end
  if token:find "^%x+%-%x+%-%x+%-%x+%-%x+$" then return nil end
  return "an OAuth app's, or a sandbox's"
end

--- Advice where a token is wanted.
account.WHERE_TOKENS_ARE = "a service key is made in HubSpot under Settings > Integrations > Service Keys"

--- Checks the form of the token.
-- @tparam report report
-- @tparam string token
-- @tparam string source where it comes from, in words
function account.check_token(report, token, source)
  local kind = kind_of(token)
  if kind then return report:ok("token", ("%s, from %s"):format(kind, source)) end
  report:problem(
    "token",
    "it looks like an API key, which HubSpot takes no longer",
    account.WHERE_TOKENS_ARE,
    exit_codes.AUTH
  )
end

local ADD_SCOPE = "add to the service key or app what you need, and use the token that it has afterwards"

-- Tells for each subcommand what the token suffices for; `wanted` has those for which it must do.
local function check_scopes(report, granted, wanted)
  for _, subcommand in ipairs(scopes.SUBCOMMANDS) do
    local possible, missing = scopes.compare(subcommand, granted)
    if possible[1] then report:ok("scopes", ("%s: %s"):format(subcommand, table.concat(possible, ", "))) end
    local text = ("%s lacks %s"):format(subcommand, table.concat(missing, ", "))
    if missing[1] and wanted[subcommand] then
      report:problem("scopes", text, ADD_SCOPE, exit_codes.AUTH)
    elseif missing[1] then
      report:warn("scopes", text, ADD_SCOPE)
    end
  end
end

local function check_token_info(report, client, wanted)
  local info, err = client.account:token_info(ONCE)
  if info then return check_scopes(report, info.scopes or {}, wanted) end
  report:warn("scopes", "HubSpot does not tell them: " .. err.message, "a 403 of a request names the missing one")
end

local OTHER_TOKEN = "use a token of that account, or ask for this one in --portal"

local function check_portal(report, details, wanted)
  local id = tostring(details.portalId)
  if wanted and id ~= wanted then
    report:problem("account", connection.OTHER_ACCOUNT:format(id, wanted), OTHER_TOKEN, exit_codes.AUTH)
  end
  report:ok(
    "account",
    ("%s, %s, time zone %s, currency %s"):format(
      id,
      tostring(details.accountType),
      tostring(details.timeZone),
      tostring(details.companyCurrency)
    )
  )
end

local function check_burst(report, headers)
  local limit = headers["x-hubspot-ratelimit-max"]
  local interval = tonumber(headers["x-hubspot-ratelimit-interval-milliseconds"])
  if not limit or not interval then
    return report:warn("quota", "HubSpot tells no limit of this token", "OAuth apps have 110 requests in 10 s")
  end
  report:ok(
    "quota",
    ("%s requests in %d s; searches have a quota of their own, 5 a second"):format(limit, math.floor(interval / 1000))
  )
end

local ALMOST = 90

-- The day's requests of one app, as HubSpot counted them some minutes ago.
local function check_day(report, row)
  local limit = row.limit and (" of the day's %d"):format(row.limit) or " today"
  local again = row.resetsAt and ", counted anew from " .. row.resetsAt or ""
  local text = ("%d requests%s%s%s"):format(row.usage, limit, row.label and ", by " .. row.label or "", again)
  if (row.percentage or 0) < ALMOST then return report:ok("day", text) end
  report:warn("day", text, "at the limit each request is refused: wait, or buy more under Usage & Limits")
end

local function check_usage(report, client)
  local limits, err = client.account:limits(ONCE)
  if not limits then
    return report:warn("day", "HubSpot does not tell the day's use: " .. err.message, "see Settings > Usage & Limits")
  end
  for _, row in ipairs(limits) do
    if row.of == "requests" then check_day(report, row) end
  end
end

--- Advice where a limiter can't be used.
account.OTHER_LIMITER = "check that place, or leave --limiter out: each run keeps to the quota by itself then"

--- Reports a limiter that can't be used.
-- @tparam report report
-- @tparam string place in words
-- @tparam string problem
-- @tparam integer code
function account.report_limiter(report, place, problem, code)
  report:problem("limiter", ("%s: %s"):format(place, problem), account.OTHER_LIMITER, code)
end

--- Checks a limiter that several runs share.
-- @tparam report report
-- @tparam client client
-- @tparam string place in words
function account.check_limiter(report, client, place)
  local seconds, problem = client.limiter.acquire("general", 0)
  if seconds then return report:ok("limiter", place) end
  account.report_limiter(report, place, tostring(problem), exit_codes.TEMPORARY)
end

--- Makes the other checks.
-- @tparam report report
-- @tparam client client
-- @tparam table response of the account's details
-- @tparam table wanted `subcommands` that the token must suffice for, by name; `portal`, the account that it must be
--   of, if any
function account.check(report, client, response, wanted)
  local details = core.decode(response.body)
  if type(details) == "table" then check_portal(report, details, wanted.portal) end
  check_token_info(report, client, wanted.subcommands)
  check_burst(report, response.headers)
  check_usage(report, client)
end

return account
