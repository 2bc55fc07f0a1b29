--- `/_sandbox/…`: control endpoints, by which tests in other processes and languages steer the portal of a server.
local core = require "hubspot.core"

local control = {}

local function json(status, value)
  return { status = status, headers = { ["content-type"] = "application/json" }, body = core.encode(value) }
end

local function done() return { status = 204, headers = {}, body = "" } end

-- Drops the position in the source, which Lua puts before a message.
local function refused(message) return json(400, { message = (tostring(message):gsub("^.-hubspot%.sandbox: ", "")) }) end

local function body_of(request)
  if request.body == "" then return {} end
  local value = core.decode(request.body)
  if type(value) ~= "table" then return nil end
  return value
end

local function is_json(content_type) return content_type:lower():find "^application/json%f[^%w.+-]" ~= nil end

local function attempt(method, portal, argument)
  local fine, message = pcall(method, portal, argument)
  if not fine then return refused(message) end
  return done()
end

local actions = {}

actions["GET requests"] = function(server) return json(200, core.array(server.portal:requests())) end

actions["DELETE requests"] = function(server)
  server.portal:clear_requests()
  return done()
end

actions["POST faults"] = function(server, body) return attempt(server.portal.fault, server.portal, body) end

actions["DELETE faults"] = function(server)
  server.portal:clear_faults()
  return done()
end

actions["POST clock"] = function(server, body) return attempt(server.portal.advance, server.portal, body.advance) end

-- Changes that no request of the API makes.
for _, name in ipairs { "restore", "purge", "set_calculated" } do
  actions["POST " .. name] = function(server, body) return attempt(server.portal[name], server.portal, body) end
end

actions["POST search_lag"] = function(server, body)
  return attempt(server.portal.set_search_lag, server.portal, body.seconds)
end

actions["POST reset"] = function(server, body, request)
  return attempt(server.portal.reset, server.portal, request.body ~= "" and body or nil)
end

actions["GET connections"] = function(server) return json(200, { accepted = server.accepted, open = server.open }) end

actions["POST stop"] = function(server)
  server.stopping = true
  return done()
end

--- Returns whether a request is for a control endpoint, and not for the portal.
function control.is_meant(request) return request.url:find "^/_sandbox/" ~= nil end

--- Answers a request to a control endpoint.
function control.serve(server, request)
  local name = request.url:match "^/_sandbox/([^?]*)"
  local action = actions[request.method .. " " .. name]
  if not action then
    return json(404, { message = "no such control endpoint: " .. request.method .. " /_sandbox/" .. name })
  end
  -- A web page can send other types without asking first.
  local content_type = request.headers["content-type"]
  if (request.body ~= "" or content_type) and not is_json(content_type or "") then
    return json(415, { message = "the body must be application/json" })
  end
  local body = body_of(request)
  if not body then return refused "the body is no JSON object" end
  return action(server, body, request)
end

return control
