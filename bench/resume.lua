-- Kills an export ten times and resumes it from its last cursor: counts the contacts written twice, and those left out.
-- From the root of the source tree, after `make build`:
--
--   LUA_PATH="lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua;./?.lua;;" \
--   LUA=lua5.4 LUA_CPATH="build/lua5.4/?.so;;" \
--     lua5.4 bench/resume.lua [contacts [kills [seed]]]

local killed_export = require "spec.support.killed_export"
local people = require "hubspot.sandbox.people"
local sandbox = require "spec.support.sandbox"

local contacts, kills, seed = tonumber(arg[1] or 20000), tonumber(arg[2] or 10), tonumber(arg[3] or 1)

local CASES = {
  { method = "all", every = "page", page_size = 100 },
  { method = "all", every = 7, page_size = 100 },
  { method = "all", every = "page", page_size = 100, api_version = "v1" },
  { method = "search", every = "page", page_size = 200 },
  { method = "search", every = 7, page_size = 200 },
  { method = "recently_created", every = "page", page_size = 200 },
  { method = "recently_updated", every = 7, page_size = 200 },
}

local server = sandbox.start { contacts = contacts, latency = 2 }
local random = people.random(seed)
local failed = false

print(("%d contacts, %d kills, seed %d"):format(contacts, kills, seed))
print "method            route    cursor every  written  missing  twice  most twice after a kill"
for _, options in ipairs(CASES) do
  options.url, options.contacts, options.kills, options.moment = server.url, contacts, kills, 0.004
  options.random = function() return random(1000) / 1000 end
  local result = killed_export.run(options)
  local again, most = 0, 0
  for _, run in ipairs(result.runs) do
    again, most = again + run.again, math.max(most, run.again)
  end
  local allowed = options.every == "page" and options.page_size or options.every
  failed = failed or result.count ~= contacts or most > allowed
  print(
    ("%-17s %-8s %-13s %7d %8d %6d %6d (at most %d)"):format(
      options.method,
      options.api_version or "current",
      options.every,
      result.count,
      contacts - result.count,
      again,
      most,
      allowed
    )
  )
end
server:stop()
os.exit(failed and 1 or 0)
