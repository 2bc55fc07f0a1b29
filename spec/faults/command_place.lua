-- A portal in this process and runs of `hubspot-lua` against it. Time passes only where everybody waits, so waits and
-- timeouts cost none; answers come after a moment, so requests are in flight side by side as on a socket.

local core = require "hubspot.core"
local hubspot = require "hubspot"
local in_process = require "spec.support.in_process"
local memory_limiter = require "hubspot.limiter.memory"
local people = require "hubspot.sandbox.people"
local sandbox = require "hubspot.sandbox"
local script = require "spec.support.script"
local virtual_loop = require "spec.support.virtual_loop"

local command_place = {
  --- A secret that no output may show.
  TOKEN = script.TOKEN,
}

local SEED, LATENCY = 7, 0.01

-- HubSpot may give fewer records than a page has room for: pages of few records make many requests of a small portal.
local PAGE = 2

local methods = {}
local metatable = { __index = methods }

local function with_small_pages(request)
  local copy = {}
  for name, value in pairs(request) do
    copy[name] = value
  end
  copy.url = request.url:gsub("([?&])limit=%d+", "%1limit=" .. PAGE)
  if request.url:find "/search$" then
    copy.body = request.body:gsub('"limit":%d+', '"limit":' .. PAGE):gsub('"count":%d+', '"count":' .. PAGE)
  end
  return copy
end

local function lost(kind, message) return nil, { kind = kind, message = message, sent = true } end

-- The portal as a transport, whose own clock stands while an answer is waited for.
local function answer_of(portal, loop, request)
  local answer, effect = portal:serve(request)
  local kind = effect and effect.kind
  if kind == "reset" then return lost("network", "connection reset by peer") end
  if kind == "cut" then return lost("network", "connection closed before the answer was complete") end
  local seconds = kind == "hang" and math.huge or kind == "slow" and effect.seconds or 0
  loop:sleep(math.min(seconds, request.timeout))
  if seconds >= request.timeout then return lost("timeout", "no answer in time") end
  return answer
end

-- The client that the command has, but for its clock and its transport.
local function new_client(self, options)
  local loop = virtual_loop.new(people.random(SEED))
  return hubspot.new {
    token = options.token or command_place.TOKEN,
    loop = loop,
    limiter = memory_limiter.new(function() return loop:now() end),
    timeout = options.timeout,
    deadline = options.deadline,
    transport = function(request)
      loop:sleep(LATENCY)
      local answer, problem = answer_of(self.portal, loop, with_small_pages(request))
      if self.on_answer then self.on_answer() end
      return answer, problem
    end,
  }
end

local function was_struck(portal)
  for _, request in ipairs(portal:requests { summary = true }) do
    if request.fault then return true end
  end
  return false
end

--- Runs the command to its end.
-- @tparam table words
-- @tparam[opt] table options of its client: `token`, `timeout`, `deadline`
-- @treturn table as `spec.support.in_process` gives it, with `was_struck`: whether a fault struck it
function methods:run(words, options)
  self.portal:clear_requests()
  local client = new_client(self, options or {})
  local result = in_process.run(client, words)
  client:close()
  result.was_struck = was_struck(self.portal)
  return result
end

--- Runs the command to its end, which must be a good one, and keeps the portal's log: `requests`.
function methods:run_undisturbed(words)
  local result = self:run(words)
  assert(result.code == 0, tostring(result.message) .. result.notes)
  result.requests = self.portal:requests()
  return result
end

--- Sends one request to the portal, which must take it. Gives the decoded answer.
function methods:must(method, path, body)
  local answer = self.portal {
    method = method,
    url = "https://api.hubapi.com" .. path,
    headers = { authorization = "Bearer " .. command_place.TOKEN },
    body = body and core.encode(body),
  }
  assert(answer.status < 300, answer.body)
  return answer.body ~= "" and core.decode(answer.body) or nil
end

--- Makes a list of contacts. Gives its id.
function methods:new_list(name, ids)
  local made = self:must("POST", "/crm/lists/2026-09", { name = name, processingType = "MANUAL", objectTypeId = "0-1" })
  local id = made.list.listId
  if ids then self:must("PUT", ("/crm/lists/2026-09/%s/memberships/add"):format(id), core.array(ids)) end
  return id
end

--- Makes a place. Its `on_answer`, where it has one, is called after each answer to the command.
-- @tparam table options of the portal
function command_place.new(options) return setmetatable({ portal = sandbox.new(options) }, metatable) end

return command_place
