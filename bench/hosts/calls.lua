-- Many calls at once in one host, in a process of its own: prints the seconds of each.
--
--    calls.lua HOST ADDRESS PORT CALLS AT_ONCE
--
-- HOST is plain, cqueues or luv: `client:map` on that loop; lua-http: the client that cqueues' users have, one kept
-- connection for each that runs at once; or raw: a blocking call after the other.

local ADDRESS, PORT, CALLS, AT_ONCE = arg[2], arg[3], tonumber(arg[4]), tonumber(arg[5])

local monotime = require("hubspot.core").now

local PROPERTIES = { "email", "firstname", "lastname", "company" }

-- A function that gives the seconds that `call` took.
local function measured(call)
  return function()
    local began = monotime()
    call()
    return monotime() - began
  end
end

local function print_seconds(seconds)
  for _, value in ipairs(seconds) do
    print(("%.6f"):format(value))
  end
end

local function run_client(loop)
  local client = require("hubspot").new {
    token = "bench-token",
    base_url = ("http://%s:%s"):format(ADDRESS, PORT),
    limiter = false,
    loop = loop,
  }
  local function read() assert(assert(client.contacts:get(4127, { properties = PROPERTIES })).properties.email) end
  local function map(count)
    local items = {}
    for index = 1, count do
      items[index] = index
    end
    local seconds, errors = client:map(items, measured(read), { concurrency = AT_ONCE })
    for _, err in pairs(errors) do
      error(err)
    end
    return seconds
  end
  -- The first calls make the connections.
  map(AT_ONCE)
  print_seconds(map(CALLS))
  client:close()
end

local function run_lua_http()
  local cqueues, http, cjson = require "cqueues", require "http.client", require "cjson"
  local headers_of = require "http.headers"
  local controller, seconds, left = cqueues.new(), {}, CALLS

  local function read(connection)
    local stream, request = assert(connection:new_stream()), headers_of.new()
    request:append(":method", "GET")
    request:append(":scheme", "http")
    request:append(":authority", ADDRESS .. ":" .. PORT)
    request:append(":path", "/crm/objects/2026-09/contacts/4127?properties=" .. table.concat(PROPERTIES, "%2C"))
    request:append("accept", "application/json")
    request:append("authorization", "Bearer bench-token")
    assert(stream:write_headers(request, true))
    assert(assert(stream:get_headers()):get ":status" == "200")
    assert(cjson.decode(assert(stream:get_body_as_string())).properties.email)
  end

  for _ = 1, AT_ONCE do
    controller:wrap(function()
      local connection = assert(http.connect { host = ADDRESS, port = tonumber(PORT), tls = false, version = 1.1 })
      read(connection)
      local read_measured = measured(function() read(connection) end)
      while left > 0 do
        left = left - 1
        seconds[#seconds + 1] = read_measured()
      end
    end)
  end
  assert(controller:loop())
  print_seconds(seconds)
end

local function run_raw()
  local read, seconds = require("bench.hosts.raw").new(ADDRESS, PORT), {}
  read()
  local read_measured = measured(read)
  for index = 1, CALLS do
    seconds[index] = read_measured()
  end
  print_seconds(seconds)
end

local hosts = {
  raw = run_raw,
  ["lua-http"] = run_lua_http,
  plain = function() run_client "plain" end,
  luv = function()
    local luv = require "luv"
    coroutine.wrap(run_client) "luv"
    luv.run()
  end,
  cqueues = function()
    local controller = require("cqueues").new()
    controller:wrap(run_client, "cqueues")
    assert(controller:loop())
  end,
}

hosts[arg[1]]()
