-- This library: writes companies by one call. A third argument is "create" or "upsert", a fourth the number of rows to
-- write, a fifth one of how many rows is bad, at random (0: none), a sixth the number of rows to make. Prints how many
-- bad rows did not fail, and how many others did. With UNLIMITED in the environment there is no quota to keep.
local hubspot = require "hubspot"

local base_url, kind, rows, bad_of, made = arg[1], arg[3], tonumber(arg[4]), tonumber(arg[5]), tonumber(arg[6])
local options = { token = "pat-bench", base_url = base_url }
if os.getenv "UNLIMITED" then options.limiter = false end
local client = hubspot.new(options)

math.randomseed(1)
local records, is_bad = {}, {}
for index = 1, made do
  is_bad[index] = bad_of > 0 and math.random(bad_of) == 1
  records[index] = {
    account_number = kind == "upsert" and ("A%d"):format(index) or nil,
    properties = {
      name = ("Company %d"):format(index),
      domain = ("company%d.example.com"):format(index),
      address = ("%d Mill Lane"):format(index),
      address2 = "Second floor",
      annualrevenue = ("%d"):format(10000 * (index % 100)),
      city = "Utrecht",
      country = "Netherlands",
      description = "Head of procurement, region 7",
      founded_year = "1987",
      hs_lead_status = "IN_PROGRESS",
      industry = "COMPUTER_SOFTWARE",
      is_public = "false",
      lifecyclestage = "opportunity",
      numberofemployees = is_bad[index] and ("many %d"):format(index) or ("%d"):format(index % 500),
      phone = ("+31 20 %d"):format(index),
      state = "Utrecht",
      timezone = "Europe/Amsterdam",
      type = "PROSPECT",
      website = ("https://www.company%d.example.com/"):format(index),
      zip = ("%04d AB"):format(index % 10000),
    },
  }
end

local sent = table.move(records, 1, rows, 1, {})
local outcome
if kind == "upsert" then
  outcome = assert(client.companies:upsert_many(sent, { by = "account_number" }))
else
  outcome = assert(client.companies:create_many(sent))
end

local failed, wrongly = {}, 0
for _, err in ipairs(outcome.errors) do
  failed[err.index] = true
  if not is_bad[err.index] then wrongly = wrongly + 1 end
end
local passed = 0
for index = 1, rows do
  if is_bad[index] and not failed[index] then passed = passed + 1 end
end
assert(#outcome.results + #outcome.errors == rows)
print(passed, wrongly)
-- Leaves the freeing of all rows out: Node's process ends without it, too.
os.exit(true)
