--- Sends commands to Redis through any client for it.
--
-- `connect` returns a connection: one of lua-redis, or one such as resty.redis has, whose methods return nil and a
-- message. It is called when there is none, or when the last one failed.
--
-- Instead, `client` is a connection that the program keeps open itself, or a function `command(name, …)` that returns
-- the reply, or nil and a message. In nginx it has to be such a function, since a connection belongs to the request
-- that made it:
--
--    local function command(name, ...)
--      local connection = resty_redis:new()
--      local connected, err = connection:connect("10.0.0.5", 6379)
--      if not connected then return nil, err end
--      local reply, problem = connection[name](connection, ...)
--      connection:set_keepalive(10000, 10)
--      return reply, problem
--    end
--
-- The names of commands are lower-case ("evalsha", "eval").
-- @module hubspot.redis_command

local check = require "hubspot.check"
local interrupt = require "hubspot.interrupt"

local redis_command = {}

--- The options that say how to send commands; one of them is needed.
redis_command.OPTIONS = {
  connect = { type = check.callable },
  client = {
    type = {
      description = "a Redis client, or a function that sends a command",
      check = function(value, place)
        local kind = type(value)
        if kind == "function" or kind == "table" or kind == "userdata" then return value end
        return nil, ("%s must be a Redis client, or a function that sends a command, got %s"):format(place, kind)
      end,
    },
  },
}

-- lua-redis throws; it waits for the server itself and never yields, so that pcall may be used around it.
local function throws(client)
  return type(client) == "table" and type(client.network) == "table" and type(client.requests) == "table"
end

-- The problem of a connection on which a command ended without a reply.
local BROKEN = "the connection broke within a command: its next reply may be that one's"

-- Returns whether what lua-redis threw is a reply by which the server refuses a command.
local function is_reply(thrown) return tostring(thrown):find("redis error: ", 1, true) ~= nil end

-- One way to send a command over lua-redis. After a timeout or an interrupt the reply is still to come, and the next
-- command would take it for its own.
local function command_of_throwing(client)
  local is_broken = false
  return function(name, ...)
    if is_broken then return nil, BROKEN end
    is_broken = true
    local sent, reply = interrupt.pcall(client[name], client, ...)
    is_broken = not sent and not is_reply(reply)
    if not sent then return nil, tostring(reply) end
    if reply == nil then return false end
    return reply
  end
end

-- One way to send a command: returns the reply, false where it is that there is nothing; or nil and a message.
local function command_of(client)
  if type(client) == "function" then return client end
  if throws(client) then return command_of_throwing(client) end
  return function(name, ...) return client[name](client, ...) end
end

-- A reply, though one that says that the server refuses the command, is no reason to connect again.
local function is_refusal(problem) return tostring(problem):find "%f[%u]NOSCRIPT%f[%U]" ~= nil end

-- A command that connects when there is no connection. One that fails on a connection made earlier may have met its
-- end only, and is sent once more on a fresh one.
local function reconnecting(connect)
  local current

  local function send_fresh(...)
    local called, connection, problem = interrupt.pcall(connect)
    if not called then return nil, tostring(connection) end
    if not connection then return nil, tostring(problem or "connect returned nothing") end
    current = command_of(connection)
    return current(...)
  end

  return function(...)
    local reply, problem
    if current then
      reply, problem = current(...)
      if reply ~= nil or is_refusal(problem) then return reply, problem end
    end
    reply, problem = send_fresh(...)
    if reply == nil and not is_refusal(problem) then current = nil end
    return reply, problem
  end
end

--- Makes a function command(name, …) that returns the reply, or nil and a message.
-- @tparam table options `connect` or `client`
-- @treturn ?function nil and a message where it is not one of them
function redis_command.new(options)
  if (options.client == nil) == (options.connect == nil) then
    return nil, "takes either connect, a function that returns a connection, or client"
  end
  return options.connect and reconnecting(options.connect) or command_of(options.client)
end

return redis_command
