--- Checks of the way to HubSpot: names, the connection, and the clocks at its two ends.

local core = require "hubspot.core"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local time = require "hubspot.time"

local network = {}

-- Seconds within which the clocks may differ: signatures of webhooks and windows of time bear that much.
local TOLERANCE = 30

local SECONDS_A_REQUEST = 10

local function host_of(url) return url:gsub("^%a+://", ""):match "^[^/:%[]+" end

local function uses_proxy(url)
  for _, name in ipairs(url:find "^http:" and { "http_proxy" } or { "https_proxy", "HTTPS_PROXY" }) do
    if (os.getenv(name) or "") ~= "" then return true end
  end
  return (os.getenv "all_proxy" or os.getenv "ALL_PROXY" or "") ~= ""
end

local LOOK_UP = "check /etc/resolv.conf, and that the machine is on the network"

-- Looks a name up as libcurl does, by the system's own functions. Where getent is missing, the request tells.
local function check_name(report, url)
  local host = host_of(url)
  if not host or host:find "[^%w.-]" or host:find "^[%d.]+$" or uses_proxy(url) then return end
  local pipe = io.popen(("getent ahosts %s 2>/dev/null; echo $?"):format(host))
  if not pipe then return end
  local text = pipe:read "*a" or ""
  pipe:close()
  local address = text:match "^(%x+[.:]%S*)"
  if address then return report:ok("DNS", ("%s is %s"):format(host, address)) end
  if text:find "^127\n" then return end
  report:problem("DNS", host .. " is not found", LOOK_UP, exit_codes.TEMPORARY)
end

-- Compares the clocks: HubSpot's Date has whole seconds, and is half of the way old.
local function check_clock(report, headers, seconds)
  local moment = headers.date and time.from_http(headers.date)
  if not moment then return report:warn("clock", "the answer has no Date", "check what is between here and HubSpot") end
  local difference = os.time() - seconds / 2 - moment / 1000
  if math.abs(difference) <= TOLERANCE then return report:ok("clock", "agrees with HubSpot's") end
  report:warn(
    "clock",
    ("this machine's is %d s %s HubSpot's"):format(
      math.floor(math.abs(difference)),
      difference > 0 and "ahead of" or "behind"
    ),
    "set it, for example by `timedatectl set-ntp true`"
  )
end

--- Reads the account's details, and checks the way there.
-- @tparam report report
-- @tparam client client
-- @treturn ?table the response, or nil where there is none
function network.check(report, client)
  check_name(report, client.base_url)
  local began = core.now()
  local response, err = client:request {
    method = "GET",
    path = "/account-info/v3/details",
    timeout = SECONDS_A_REQUEST,
    deadline = SECONDS_A_REQUEST,
    retry = false,
    undecoded = true,
  }
  local seconds = core.now() - began
  if response then
    local by = client.base_url:find "^https:" and " over verified TLS" or ", in clear text"
    report:ok("connection", ("%s answers in %d ms%s"):format(client.base_url, math.floor(seconds * 1000 + 0.5), by))
    check_clock(report, response.headers, seconds)
    return response
  end
  local check, advice = err.kind == "auth" and "token" or "connection", fail.translate(err.hint or "")
  report:problem(check, err.message, advice ~= "" and advice or "see https://status.hubspot.com", fail.code_of(err))
end

return network
