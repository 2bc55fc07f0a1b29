-- Changes answers at random for FUZZ_SECONDS (60), all operations in turn. SEED repeats a run. Ends with 1 where a call
-- threw something else than an error, or a write that was done came without `ambiguous`.

local answers = require "fuzz.answers.strike"
local core = require "hubspot.core"

local seconds = tonumber(os.getenv "FUZZ_SECONDS" or "") or 60
local seed = tonumber(os.getenv "SEED" or "") or os.time() % 1000000
local MOST_SHOWN = 20

local function place_of(complaint) return complaint:gsub("%d+", "N"):sub(1, 120) end

local random, cases, counts = answers.random(seed), answers.cases(), {}
print(("seed %d, %d calls"):format(seed, #cases))
for index, case in ipairs(cases) do
  counts[index] = answers.record(case)
end

local began, struck, failures, kinds, seen = core.now(), 0, 0, 0, {}
repeat
  for index, case in ipairs(cases) do
    if counts[index] > 0 then
      local complaint, answer = answers.strike(case, counts[index], random)
      struck = struck + 1
      if complaint then
        failures = failures + 1
        local key = case.name .. place_of(complaint)
        if not seen[key] then
          kinds = kinds + 1
          if kinds <= MOST_SHOWN then
            local raw = case.raw and ", raw" or ""
            print(
              ("%s on %s%s %s\n  %s"):format(case.name, case.version, raw, complaint:sub(1, 300), answer:sub(1, 800))
            )
          end
        end
        seen[key] = true
      end
    end
  end
until core.now() - began >= seconds

print(("%d changed answers, %d failures of %d kinds (SEED=%d)"):format(struck, failures, kinds, seed))
os.exit(failures == 0 and 0 or 1)
