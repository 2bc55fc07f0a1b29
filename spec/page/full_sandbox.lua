-- A sandbox server with 100,000 contacts that got 100,000 requests, on any free port; it ends with its standard input.
local sandbox = require "hubspot.sandbox"
local server = require "hubspot.sandbox.server"

local MANY = 100000

local portal = sandbox.new { contacts = MANY, kept_requests = MANY }
for number = 1, MANY do
  local path = "/crm/objects/2026-09/contacts/" .. number
  local entry = portal.journal:note({ method = "GET", path = path, query_text = "", headers = {} }, portal:time())
  portal.journal:answered(entry, { answer = { status = 200, headers = {}, body = '{"id":"1"}' }, ms = 0.1 })
end

local running = assert(server.new { portal = portal, stop_with_stdin = true })
print("HubSpot sandbox with " .. MANY .. " contacts on " .. running.url)
io.stdout:flush()
running:run()
