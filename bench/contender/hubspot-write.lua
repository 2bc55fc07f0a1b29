-- This library: writes companies by one call. A third argument is "create" or "upsert", a fourth the number of rows to
-- write, a fifth one of how many rows is bad, at random (0: none), a sixth the number of rows to make. Prints how many
-- bad rows did not fail, and how many others did. With UNLIMITED in the environment there is no quota to keep.
local hubspot = require "hubspot"

local base_url, kind, rows, bad_of, made = arg[1], arg[3], tonumber(arg[4]), tonumber(arg[5]), tonumber(arg[6])
local options = { token = "pat-bench", base_url = base_url }
if os.getenv "UNLIMITED" then options.limiter = false end
local client = hubspot.new(options)

local records, is_bad = dofile "bench/contender/company_rows.lua"(kind, made, bad_of)

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
