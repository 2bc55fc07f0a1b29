--- Shared by the examples: the command line, the client of the environment, and the way they end.

local hubspot = require "hubspot"

local connect = {
  UNWRITTEN = "Nothing was written; the flag --write writes.",
}

local NOWHERE = "Set HUBSPOT_TOKEN to work on your account. To try it without one, start `bin/hubspot-lua sandbox` and set "
  .. "HUBSPOT_BASE_URL to the address that it prints; `make demo` does so for quickstart.lua and sync_csv.lua."

--- Calls return nil and an error where something goes wrong. This throws it, as `assert` does; but on Lua 5.1 and 5.2
-- `assert` takes only strings as errors.
function connect.check(value, err)
  if not value then error(err, 0) end
  return value
end

--- A variable of the environment; nil where it is empty.
function connect.environment(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- The words and the flags of the command line; wrong ones end the script with its usage.
-- @tparam string usage
-- @tparam table flags by name: false for one that is set or not, true for one that is followed by its value
-- @tparam[opt=0] integer least how many words there must be
-- @tparam[opt] integer most how many there may be; by default as many
-- @treturn table the words, and the flags that are set, by name
function connect.arguments(usage, flags, least, most)
  local given, index = {}, 1
  while arg[index] do
    local name = arg[index]:match "^%-%-(.+)$"
    if arg[index]:sub(1, 1) ~= "-" then
      given[#given + 1] = arg[index]
    elseif flags[name or ""] == nil then
      error("usage: " .. usage, 0)
    elseif flags[name] then
      index = index + 1
      given[name] = arg[index] or error("usage: " .. usage, 0)
    else
      given[name] = true
    end
    index = index + 1
  end
  least = least or 0
  if #given < least or #given > (most or least) then error("usage: " .. usage, 0) end
  return given
end

--- A whole number above zero from the command line, or `default` where there is none.
function connect.count(text, default, usage)
  if not text then return default end
  local number = text:match "^%d+$" and #text < 7 and tonumber(text)
  if not number or number == 0 then error("usage: " .. usage, 0) end
  return number
end

--- A client of the account whose token HUBSPOT_TOKEN is; without one, of the sandbox at HUBSPOT_BASE_URL. Requests go
-- to HUBSPOT_BASE_URL where it is set, as those of the command do; with a token that is taken for an account.
-- @tparam[opt] table options more of `hubspot.new`'s
-- @treturn client, what it is a client of, and whether that is a sandbox
function connect.open(options)
  local token, base_url = connect.environment "HUBSPOT_TOKEN", connect.environment "HUBSPOT_BASE_URL"
  if not token and not base_url then error(NOWHERE, 0) end
  local all = {}
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  all.token, all.base_url = token or "sandbox-token", base_url
  local place = base_url and (token and "HubSpot at " or "the sandbox at ") .. base_url or "your HubSpot account"
  return hubspot.new(all), place, not token
end

--- Runs a script. It ends with 1 where `main` returns false or throws; what is thrown goes to stderr.
-- @tparam function main
-- @tparam[opt] function before_message called before that
function connect.run(main, before_message)
  local succeeded, result = pcall(main)
  if before_message then before_message() end
  if not succeeded then io.stderr:write(tostring(result), "\n") end
  if not succeeded or result == false then os.exit(1) end
end

return connect
