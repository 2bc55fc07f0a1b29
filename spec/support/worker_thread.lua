-- Runs in a worker thread of nginx, which has a Lua state of its own.

local hubspot = require "hubspot"

local worker_thread = {}

--- Counts the contacts by a client of this thread's own.
function worker_thread.count(base_url)
  local client, count = hubspot.new { token = "any-token", base_url = base_url, limiter = false }, 0
  for _ in client.contacts:all() do
    count = count + 1
  end
  client:close()
  return count
end

return worker_thread
