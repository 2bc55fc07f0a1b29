--- The raw numbers of a bench, as a file and as medians.

local cjson = require "cjson"

local results = {}

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

-- One line, names in order, so that two files can be compared.
local function encode_flat(record)
  local fields = {}
  for index, key in ipairs(sorted_keys(record)) do
    fields[index] = cjson.encode(key) .. ":" .. cjson.encode(record[key])
  end
  return "{" .. table.concat(fields, ",") .. "}"
end

function results.write(path, measured)
  local lines = {}
  for index, run in ipairs(measured.runs) do
    lines[index] = encode_flat(run)
  end
  local file = assert(io.open(path, "w"))
  assert(
    file:write(
      ('{"machine":%s,\n"sizes":%s,\n"runs":[\n%s\n]}\n'):format(
        encode_flat(measured.machine),
        encode_flat(measured.sizes),
        table.concat(lines, ",\n")
      )
    )
  )
  assert(file:close())
end

function results.read(path)
  local file = assert(io.open(path))
  local measured = cjson.decode(file:read "a")
  file:close()
  return measured
end

--- Those runs that have all the given fields.
function results.select(measured, fields)
  local list = {}
  for _, run in ipairs(measured.runs) do
    local fits = true
    for name, value in pairs(fields) do
      fits = fits and run[name] == value
    end
    if fits then list[#list + 1] = run end
  end
  return list
end

--- Median, smallest and largest of a number of each run; nil where there are no runs.
function results.spread(runs, value_of)
  if #runs == 0 then return nil end
  local values = {}
  for index, run in ipairs(runs) do
    values[index] = value_of(run)
  end
  table.sort(values)
  local middle = #values / 2
  local median = #values % 2 == 1 and values[math.ceil(middle)] or (values[middle | 0] + values[(middle | 0) + 1]) / 2
  return { median = median, least = values[1], most = values[#values] }
end

local function cpu(run) return run.user + run.system end

local function shifted(spread, by, factor)
  return {
    median = (spread.median - by) * factor,
    least = (spread.least - by) * factor,
    most = (spread.most - by) * factor,
  }
end

-- CPU of what comes for each record alone: what it takes until the first request is answered is no part of it, such as
-- libcurl, which this library loads with it.
local function cpu_a_record(runs, starts)
  if #runs == 0 or #starts == 0 then return nil end
  return shifted(
    results.spread(runs, cpu),
    results.spread(starts, cpu).median,
    1e6 / (runs[1].records - starts[1].records)
  )
end

--- CPU of each row of a writer, µs, as a spread; nil where it was not measured.
function results.cpu_a_row(measured, label)
  return cpu_a_record(
    results.select(measured, { scenario = "write-0", label = label }),
    results.select(measured, { scenario = "write-start", label = label })
  )
end

--- The numbers of one of the table's contenders. Each is a spread, or nil where it was not measured: `cpu` (µs a
-- record), `memory` (MB), `wall_0`, `wall_80`, `wall_250` (seconds), `load` (ms more than the bare interpreter); `size`
-- is kB.
function results.of(measured, contender)
  local function of_scenario(scenario, value_of)
    return results.spread(results.select(measured, { scenario = scenario, contender = contender }), value_of)
  end
  local function wall(run) return run.wall end
  return {
    cpu = cpu_a_record(
      results.select(measured, { scenario = "read-0", contender = contender }),
      results.select(measured, { scenario = "start", contender = contender })
    ),
    memory = of_scenario("read-0", function(run) return run.memory_kb / 1024 end),
    wall_0 = of_scenario("read-0", wall),
    wall_80 = of_scenario("read-80", wall),
    wall_250 = of_scenario("read-250", wall),
    load = of_scenario("load", function(run) return (run.wall - run.bare_wall) * 1000 end),
    size = measured.sizes[contender] and measured.sizes[contender] / 1024,
  }
end

return results
