--- The formats of an export: each makes texts of whole lines from pages of rows.
-- @module hubspot.command.export.formats

local csv = require "hubspot.command.csv"
local json_lines = require "hubspot.command.json_lines"

local formats = {}

--- Their names, the first by default.
formats.NAMES = { "csv", "jsonl", "tsv" }

local OF_ENDINGS = { csv = "csv", txt = "csv", tsv = "tsv", tab = "tsv", jsonl = "jsonl", ndjson = "jsonl" }

--- The format of a file by the ending of its name, the first where it has none.
-- @tparam ?string path
-- @treturn ?string nil where the ending is that of another format
function formats.of_path(path)
  local ending = path and path:match "%.(%a%w*)$"
  if not ending then return formats.NAMES[1] end
  return OF_ENDINGS[ending:lower()]
end

local function as_it_is(text) return text end

local function of_cells(source, options)
  local writer = csv.writer(as_it_is, options)
  return {
    head = function() return writer:begin(source.columns) end,
    page = function(rows) return writer:write_all(source.cells(rows)) end,
  }
end

local function of_values(source)
  local writer = json_lines.writer(as_it_is)
  return {
    head = function() return "" end,
    page = function(rows)
      local texts = {}
      for index = 1, #rows do
        texts[index] = writer:write(source.value(rows[index]))
      end
      return table.concat(texts)
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
