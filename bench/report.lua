--- Writes the measurements of a bench as text.

local claims = require "claims"
local results = require "results"
local scenarios = require "scenarios"

local report = {}

local COLUMNS = {
  { "contender" },
  { "CPU, µs a record", "cpu", "%.1f" },
  { "peak memory, MB", "memory", "%.1f" },
  { "0 ms, s", "wall_0", "%.2f" },
  { "80 ms, s", "wall_80", "%.2f" },
  { "250 ms, s", "wall_250", "%.2f" },
  { "load, ms", "load", "%.1f" },
  { "installed, kB", "size", "%.0f" },
}

local function cell(value, format)
  if not value then return "-" end
  if type(value) == "number" then return format:format(value) end
  if value.least == value.most then return format:format(value.median) end
  return ("%s (%s–%s)"):format(format:format(value.median), format:format(value.least), format:format(value.most))
end

local function pad(text, width) return text .. (" "):rep(width - utf8.len(text)) end

-- Rows, the first of which is the header, as a table in Markdown; nil where there are none.
local function table_of(rows)
  if #rows == 1 then return nil end
  local widths = {}
  for _, row in ipairs(rows) do
    for column, text in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, utf8.len(text))
    end
  end
  local rule = {}
  for column, width in ipairs(widths) do
    rule[column] = ("-"):rep(width)
  end
  table.insert(rows, 2, rule)
  local lines = {}
  for place, row in ipairs(rows) do
    local cells = {}
    for column, text in ipairs(row) do
      cells[column] = pad(text, widths[column])
    end
    lines[place] = "| " .. table.concat(cells, " | ") .. " |"
  end
  return table.concat(lines, "\n")
end

local sections = {}

function sections.machine(measured)
  local machine = measured.machine
  return ("%s, %d cores, %s; %s; Node %s; libcurl %s; %s."):format(
    machine.processor,
    machine.cores,
    machine.kernel,
    machine.lua,
    machine.node,
    machine.libcurl,
    machine.nginx
  )
end

function sections.contenders(measured)
  local header = {}
  for column, description in ipairs(COLUMNS) do
    header[column] = description[1]
  end
  local rows = { header }
  for _, entry in ipairs(scenarios.readers) do
    local numbers = results.of(measured, entry.contender)
    local row, known = { entry.label }, false
    for column = 2, #COLUMNS do
      local value = numbers[COLUMNS[column][2]]
      known = known or type(value) == "table"
      row[column] = cell(value, COLUMNS[column][3])
    end
    if known then rows[#rows + 1] = row end
  end
  return table_of(rows)
end

function sections.installed(measured)
  local size = measured.sizes.with_command
  return size and ("With its command, sandbox and mirror, this library has %.0f kB installed."):format(size / 1024)
end

-- The CPU of each row that is written by a batch call.
function sections.writers(measured)
  local rows = { { "batch call", "CPU, µs a row" } }
  for _, entry in ipairs(scenarios.writers) do
    local spread = results.cpu_a_row(measured, entry.label)
    if spread then rows[#rows + 1] = { entry.label, cell(spread, "%.1f") } end
  end
  return table_of(rows)
end

-- The runs of one entry, which differ by label and number of contacts.
function sections.scenarios(measured)
  local rows = { { "scenario", "contender", "records", "seconds", "records a second", "requests", "429s", "MB" } }
  for _, scenario in ipairs(scenarios) do
    local seen = {}
    for _, run in ipairs(results.select(measured, { scenario = scenario.name })) do
      local key = ("%s %s"):format(run.label, run.records)
      if run.records and not scenario.is_of_table and not seen[key] then
        seen[key] = true
        local same = results.select(measured, { scenario = scenario.name, label = run.label, records = run.records })
        local function of(value_of) return results.spread(same, value_of) end
        rows[#rows + 1] = {
          scenario.title,
          run.label,
          ("%d"):format(run.records),
          cell(of(function(r) return r.wall end), "%.2f"),
          cell(of(function(r) return r.records / r.wall end), "%.0f"),
          cell(of(function(r) return r.requests end), "%.0f"),
          cell(of(function(r) return r.refused end), "%.0f"),
          cell(of(function(r) return r.memory_kb / 1024 end), "%.1f"),
        }
      end
    end
  end
  return table_of(rows)
end

function sections.claims(measured)
  local rows = { { "what must hold", "bound", "measured", "" } }
  for _, claim in ipairs(claims.of(measured)) do
    local verdict = claim.value == nil and "not measured" or claim.holds and "holds" or "DOES NOT HOLD"
    rows[#rows + 1] = { claim.text, claim.bound, claim.value and ("%.4g"):format(claim.value) or "-", verdict }
  end
  return table_of(rows)
end

local ORDER = { "machine", "contenders", "installed", "writers", "scenarios", "claims" }

--- The sections of a report by their names: texts, each nil where nothing of it was measured. Numbers are medians, with
-- the smallest and the largest of the runs.
function report.sections(measured)
  local texts = {}
  for _, name in ipairs(ORDER) do
    texts[name] = sections[name](measured)
  end
  return texts
end

--- Prints the sections.
function report.print(measured)
  local texts = report.sections(measured)
  for _, name in ipairs(ORDER) do
    if texts[name] then print("\n" .. texts[name]) end
  end
end

return report
