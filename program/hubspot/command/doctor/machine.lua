--- Checks of this machine: versions, modules, certificates, proxies, and programs of the same name.

local interrupt = require "hubspot.interrupt"
local needs = require "hubspot.needs"
local shell = require "hubspot.command.shell"

local machine = {}

--- A URL without its user and password.
function machine.without_credentials(url)
  local scheme, rest = url:match "^(%a[%w+.-]*://)(.*)$"
  local from_end = (rest or url):reverse():find("@", 1, true)
  if not from_end then return url end
  return (scheme or "") .. (rest or url):sub(-from_end + 1)
end

--- Returns whether a file can be read.
function machine.file_exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

local function check_versions(report)
  local jit = rawget(_G, "jit")
  report:ok("hubspot-lua", ("%s on %s"):format(require "hubspot.version", jit and jit.version or _VERSION))
  local libcurl = needs.native("hubspot.engine").libcurl()
  -- After the first two, itself and what does its TLS, stand a dozen other libraries.
  report:ok("libcurl", libcurl.version:match "^%S+ %S+" or libcurl.version)
  return libcurl
end

local CERTIFICATES = "install ca-certificates (on Debian: `apt-get install ca-certificates`)"

local function check_certificates(report, libcurl)
  local named = os.getenv "SSL_CERT_FILE"
  local is_named = named ~= nil and named ~= ""
  local file = is_named and named or libcurl.ca_file
  -- Of a named one that is not there, the connection tells.
  if not file or is_named and not machine.file_exists(file) then return end
  if machine.file_exists(file) then return report:ok("certificates", file) end
  report:warn("certificates", file .. " is not there", CERTIFICATES)
end

-- Debian has no package of it for Lua 5.4, and its LuaRocks installs for 5.1 unless it is told.
local REDIS_ROCK = ("`luarocks --lua-version %s install redis-lua`"):format((_VERSION:gsub("^Lua ", "")))

local OPTIONAL = {
  { module = "socket", use = "sandbox", install = "`apt-get install lua-socket` or `luarocks install luasocket`" },
  { module = "luasql.sqlite3", use = "mirror --db sqlite:FILE", install = "`apt-get install lua-sql-sqlite3`" },
  { module = "luasql.postgres", use = "mirror --db postgresql://…", install = "`apt-get install lua-sql-postgres`" },
  { module = "redis", use = "--limiter redis:HOST:PORT", install = REDIS_ROCK },
}

local function check_modules(report)
  for _, optional in ipairs(OPTIONAL) do
    if interrupt.pcall(require, optional.module) then
      report:ok("module", ("%s, for %s"):format(optional.module, optional.use))
    else
      report:warn("module", ("%s is missing, which %s needs"):format(optional.module, optional.use), optional.install)
    end
  end
end

local PROXIES = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY" }

local function check_proxies(report)
  for _, name in ipairs(PROXIES) do
    local value = os.getenv(name)
    if value and value ~= "" then report:ok("proxy", ("%s=%s"):format(name, machine.without_credentials(value))) end
  end
end

local function is_program(path)
  local quoted = shell.quote(path)
  return machine.file_exists(path) and shell.succeeds(("test -f %s && test -x %s"):format(quoted, quoted))
end

local function is_among(path, others)
  for _, other in ipairs(others) do
    if shell.is_one_file(path, other) then return true end
  end
  return false
end

-- The programs of a name on PATH, each once: a folder may be named twice, and /bin be /usr/bin.
local function programs(name)
  local found = {}
  for folder in (os.getenv "PATH" or ""):gmatch "[^:]+" do
    local path = folder .. "/" .. name
    if is_program(path) and not is_among(path, found) then found[#found + 1] = path end
  end
  return found
end

local function check_programs(report)
  local others = programs "hubspot"
  if others[1] then
    report:warn(
      "program",
      ("%s is another program, such as HubSpot's Agent CLI"):format(others[1]),
      "call this one by its name, hubspot-lua"
    )
  end
  local own = programs "hubspot-lua"
  if own[2] then
    report:warn("program", ("there are two: %s and %s"):format(own[1], own[2]), "remove the one that you do not use")
  end
end

--- Makes all checks.
-- @tparam report report
function machine.check(report)
  check_certificates(report, check_versions(report))
  check_modules(report)
  check_proxies(report)
  check_programs(report)
end

return machine
