--- The formats of an export: each makes texts of whole lines from pages of rows.
-- @module hubspot.command.export.formats

local csv = require "hubspot.command.csv"
local json_lines = require "hubspot.command.json_lines"

local formats = {}

--- Their names, the first by default.
formats.NAMES = { "csv", "jsonl", "tsv" }

local OF_ENDINGS = { csv = "csv", tsv = "tsv", tab = "tsv", jsonl = "jsonl", ndjson = "jsonl" }

--- The format of a file by the ending of its name; nil where that says nothing.
-- @tparam ?string path
-- @treturn ?string
function formats.of_path(path)
  local ending = path and path:match "%.(%w+)$"
  return ending and OF_ENDINGS[ending:lower()]
end

-- Collects the lines that a writer writes while `use` runs.
local function collector()
  local lines
  return function(line)
    lines[#lines + 1] = line
    return true
  end, function(use)
    lines = {}
    use()
    return table.concat(lines)
  end
end

local function of_cells(source, options)
  local send, collect = collector()
  local writer = csv.writer(send, options)
  local cells = source.cells
  return {
    head = function()
      return collect(function() writer:begin(source.columns) end)
    end,
    page = function(rows)
      return collect(function()
        for index = 1, #rows do
          writer:write(cells(rows[index]))
        end
      end)
    end,
  }
end

local function of_values(source)
  local send, collect = collector()
  local writer = json_lines.writer(send)
  return {
    head = function() return "" end,
    page = function(rows)
      return collect(function()
        for index = 1, #rows do
          writer:write(source.value(rows[index]))
        end
      end)
    end,
  }
end

--- Makes a format.
-- @tparam table plan `format`, and `excel`
-- @tparam table source as `hubspot.command.export.sources` opened it
-- @treturn table `head`, a function that returns the text before all rows, and `page`, a function(rows) that returns
--   theirs
function formats.new(plan, source)
  if plan.format == "jsonl" then return of_values(source) end
  return of_cells(source, { delimiter = plan.format == "tsv" and "\t" or ",", excel = plan.excel })
end

return formats
