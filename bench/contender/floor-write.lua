-- The floor of writes: libcurl's transfer and lua-cjson, in a bare loop. Takes what hubspot-write.lua takes; no row may
-- be bad.
local cjson = require "cjson"
local fetch = require "bench_fetch"

local base_url, kind, rows, made = arg[1], arg[3], tonumber(arg[4]), tonumber(arg[6])
local records = dofile "bench/contender/company_rows.lua"(kind, made, 0)
local url = base_url .. "/crm/objects/2026-09/companies/batch/" .. kind

local function input_of(index)
  local record = records[index]
  local key = record.account_number
  return {
    id = key,
    idProperty = key and "account_number",
    properties = record.properties,
    objectWriteTraceId = tostring(index),
  }
end

local results = {}
for first = 1, rows, 100 do
  local inputs = {}
  for index = first, math.min(first + 99, rows) do
    inputs[#inputs + 1] = input_of(index)
  end
  local answer = cjson.decode(fetch.post(url, cjson.encode { inputs = inputs }))
  table.move(answer.results, 1, #answer.results, #results + 1, results)
end
print(rows - #results, 0)
os.exit(true)
