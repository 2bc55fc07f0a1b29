--- Starts `hubspot-lua sandbox` in a process of its own, and steers it through its control endpoints.
--
-- The server holds the reading end of a pipe whose writing end is here: when this process ends, however it ends, the
-- server sees the end of its input and stops too.
local core = require "hubspot.core"
local http = require "socket.http"
local ltn12 = require "ltn12"
local socket = require "socket"

local sandbox = {}

local START_SECONDS = 300

local FLAGS = {
  port = "--port",
  host = "--host",
  contacts = "--contacts",
  companies = "--companies",
  seed = "--seed",
  latency = "--latency",
  tls = "--tls",
  quota = "--quota",
  search_quota = "--search-quota",
  search_lag = "--search-lag",
  webhook = "--webhook",
  client_secret = "--client-secret",
  token = "--token",
  developer_key = "--developer-key",
  clock = "--clock",
  scopes = "--scope",
  event_types = "--event-type",
  subscription_types = "--subscription-type",
}

local function quote(text) return "'" .. tostring(text):gsub("'", "'\\''") .. "'" end

-- The interpreter that runs the specs.
function sandbox.interpreter()
  local given = os.getenv "LUA"
  if given and given ~= "" then return given end
  local lowest = 0
  for index in pairs(arg or {}) do
    lowest = type(index) == "number" and math.min(lowest, index) or lowest
  end
  return lowest < 0 and arg[lowest] or "lua"
end

-- The command line for options; `quota = "100/10"` and `latency` in ms, as the command takes them, and `arguments`, a
-- list of others.
local function command_line(options)
  local parts = { quote(sandbox.interpreter()), "bin/hubspot-lua sandbox --exit-with-stdin" }
  for name, value in pairs(options) do
    if name == "arguments" then
      for _, argument in ipairs(value) do
        parts[#parts + 1] = quote(argument)
      end
    elseif name == "v1_lists" then
      parts[#parts + 1] = value and "--v1-lists" or nil
    else
      local flag = assert(FLAGS[name], "unknown option of sandbox.start: " .. tostring(name))
      parts[#parts + 1] = flag .. " " .. quote(value)
    end
  end
  return table.concat(parts, " ")
end

local function read_all(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local text = file:read "*a"
  file:close()
  return text
end

local server = {}

local function call(self, method, name, value)
  local body, answer = value ~= nil and assert(core.encode(value)) or nil, {}
  local _, status = http.request {
    method = method,
    url = self.url .. "/_sandbox/" .. name,
    sink = ltn12.sink.table(answer),
    source = body and ltn12.source.string(body) or nil,
    headers = body and { ["content-length"] = #body, ["content-type"] = "application/json" } or nil,
  }
  local text = table.concat(answer)
  if status ~= 200 and status ~= 204 then
    error("sandbox: " .. method .. " " .. name .. ": " .. tostring(status) .. " " .. text, 3)
  end
  return text ~= "" and assert(core.decode(text)) or nil
end

--- The requests that the sandbox got, oldest first: `{ method=, path=, query=, headers=, body=, done= }`.
function server:requests() return call(self, "GET", "requests") end

function server:clear_requests() call(self, "DELETE", "requests") end

--- Asks for a fault, as `portal:fault` takes it.
function server:fault(spec) call(self, "POST", "faults", spec) end

function server:clear_faults() call(self, "DELETE", "faults") end

--- The faults that still wait for a request.
function server:waiting_faults() return call(self, "GET", "faults").waiting end

--- Moves the sandbox's clock ahead.
function server:advance(seconds) call(self, "POST", "clock", { advance = seconds }) end

--- Lets search wait for what is written from here on.
function server:set_search_lag(seconds) call(self, "POST", "search_lag", { seconds = seconds }) end

--- Changes that no request of HubSpot's makes, as the portal takes them: `{ type =, id = }`.
function server:restore(which) call(self, "POST", "restore", which) end

function server:purge(which) call(self, "POST", "purge", which) end

function server:set_calculated(which) call(self, "POST", "set_calculated", which) end

--- A page of records, as the portal gives it; options `after`, `limit` and `archived`.
function server:records(object_type, options)
  local words = { ("records/%s?limit=%d"):format(object_type, options.limit) }
  if options.after then words[#words + 1] = "after=" .. options.after end
  if options.archived then words[#words + 1] = "archived=true" end
  return call(self, "GET", table.concat(words, "&"))
end

--- Starts over with these options of the portal, or with those of the start.
function server:reset(options) call(self, "POST", "reset", options) end

--- Counts the connections that the sandbox accepted so far, those of control calls not included.
function server:connections() return call(self, "GET", "connections").accepted end

--- Ends the process and waits for it. May be called again.
function server:stop()
  if not self.pipe then return end
  os.execute("kill -9 " .. self.pid .. " 2>/dev/null")
  self.pipe:close()
  self.pipe = nil
  os.remove(self.output)
end

-- The first line that the server prints, or nil and what it printed where it ended instead.
local function await_line(output)
  local deadline = socket.gettime() + START_SECONDS
  repeat
    local text = read_all(output)
    local url = text:match "HubSpot sandbox with [^\n]* on (%S+)\n"
    if url then return url, text:match "^(%d+)\n" end
    if text:find("ended\n", 1, true) then return nil, text end
    socket.sleep(0.01)
  until socket.gettime() > deadline
  return nil, "no answer within " .. START_SECONDS .. " s: " .. read_all(output)
end

--- Starts a sandbox; options as the command line has them (`contacts`, `seed`, `latency`, `quota`, `search_quota`,
-- `search_lag`, `token`, `v1_lists`). Throws where it does not start.
function sandbox.start(options)
  local output = os.tmpname()
  local line = command_line(options or {})
  local pipe = assert(
    io.popen(
      string.format('{ sh -c \'echo $$; exec "$0" "$@"\' %s || echo ended; } >%s 2>&1', line, quote(output)),
      "w"
    )
  )
  local url, pid = await_line(output)
  if not url then
    pipe:close()
    os.remove(output)
    error("sandbox did not start: " .. tostring(pid), 2)
  end
  return setmetatable({ url = url, pid = tonumber(pid), pipe = pipe, output = output }, { __index = server })
end

return sandbox
