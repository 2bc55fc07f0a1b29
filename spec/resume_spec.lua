-- An export that is killed in the middle, by the kernel, and resumes from its last cursor.

local killed_export = require "spec.support.killed_export"
local people = require "hubspot.sandbox.people"
local sandbox = require "spec.support.sandbox"

local CONTACTS, KILLS, PAGE = 3000, 3, 50

local server

setup(function() server = sandbox.start { contacts = CONTACTS, latency = 10 } end)
teardown(function() server:stop() end)

local function export(seed, options)
  local random = people.random(seed)
  options.url, options.contacts, options.kills, options.page_size = server.url, CONTACTS, KILLS, PAGE
  options.random = function() return random(1000) / 1000 end
  options.moment = 0.004
  return killed_export.run(options)
end

local CASES = {
  { method = "all", every = "page" },
  { method = "all", every = 17 },
  { method = "all", every = "page", api_version = "v1" },
  { method = "search", every = 17 },
  { method = "recently_created", every = "page" },
}

for seed, options in ipairs(CASES) do
  it(
    ("contacts:%s on %s, with a cursor every %s, writes each contact, twice at most what followed it"):format(
      options.method,
      options.api_version or "2026-09",
      options.every
    ),
    function()
      local result = export(seed, options)
      assert.equal(CONTACTS, result.count)
      assert.equal(KILLS + 1, #result.runs)
      local most = options.every == "page" and PAGE or options.every
      for index, run in ipairs(result.runs) do
        assert.is_true(run.written > 0)
        assert.is_true(run.again <= (index == 1 and 0 or most), ("run %d wrote %d again"):format(index, run.again))
      end
    end
  )
end
