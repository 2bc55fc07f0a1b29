--- Sends over the sockets that the loop has, libcurl's or the host's own. The loop decides whether that blocks.
-- @module hubspot.request.transport

local body = require "hubspot.request.body"

local transport = {}

-- Makes a text of a body only for who asks for it: most are decoded where curl left them.
local lazy = {
  __index = function(response, name)
    local content = name == "body" and rawget(response, "content")
    if not content then return nil end
    response.body = content:text()
    response.content = content:drop()
    return response.body
  end,
}

-- Waits until a transfer has ended, and gives its response, or nil and an error.
local function await(client, transfer)
  local loop = client.loop
  -- Another coroutine may have closed the client while it was started.
  if client.closed then transfer:cancel() end
  if transfer:done() then
    -- The engine holds it, and all of its answer, until it has been collected.
    loop:collect()
  else
    local waiter = loop:waiter()
    client.waiters[waiter] = transfer
    loop:await(transfer, waiter)
    client.waiters[waiter] = nil
  end
  local response, problem = transfer:response()
  if response and body.has_content(response) then setmetatable(response, lazy) end
  return response, problem
end

--- Makes the transport of a client that was given none.
-- @tparam client client
-- @treturn function function(request) that returns a response, or nil and an error
function transport.new(client)
  local loop = client.loop
  return function(request)
    local deadline = loop:now() + request.timeout
    while true do
      local transfer, err = loop:start(request)
      if not transfer then return nil, err end
      local response, problem = await(client, transfer)
      if response or not problem.is_left_to_libcurl then return response, problem end
      if client.closed then return nil, { kind = "cancelled", message = "the client is closed", sent = false } end
      request.is_left_to_libcurl = true
      request.timeout = math.max(0.001, deadline - loop:now())
    end
  end
end

return transport
