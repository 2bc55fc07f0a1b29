--- The subcommand `export`: writes records, and what else HubSpot has, into a file or to the standard output.

local exit_codes = require "hubspot.command.exit_codes"
local filters = require "hubspot.command.export.filters"
local formats = require "hubspot.command.export.formats"
local option_values = require "hubspot.command.option_values"
local plans = require "hubspot.command.export.plan"
local properties = require "hubspot.command.export.properties"
local time = require "hubspot.time"

-- Reading options --------------------------------------------------------------------------------------------------

local function read_types(text)
  local names, problem = option_values.names(text)
  if not names then return nil, problem end
  local types, seen = {}, {}
  for _, name in ipairs(names) do
    if not name:find "^[%w_-]+$" then return nil, ("has %q, which is no type of records"):format(name) end
    if not seen[name] then types[#types + 1] = name end
    seen[name] = true
  end
  return types
end

local function read_time(text)
  local ms = time.from_iso(text) or text:find "^%d+$" and #text >= 12 and #text < 16 and tonumber(text)
  if ms then return ms end
  return nil, "must be a time such as 2026-01-31, 2026-01-31T12:00:00Z or milliseconds since 1970"
end

-- Running ----------------------------------------------------------------------------------------------------------

-- The standard output needs no name, and may have that of the other programs.
local STDOUT = "-"

local function run(context)
  if context.options.output == STDOUT then context.options.output = nil end
  local plan = plans.read(context.arguments, context.options, context.deciding)
  require "hubspot.command.export.run"(context, plan)
  return exit_codes.DONE
end

return {
  name = "export",
  summary = "Writes records of HubSpot, and what belongs to them, as CSV, TSV or JSON Lines.",
  arguments = {
    {
      name = "object",
      takes = "OBJECT",
      about = "contacts, companies, deals, … or any type of records by name or id; lists, list-members, email-events, "
        .. "campaigns, owners, pipelines TYPE, properties TYPE, associations FROM TO",
    },
    {
      name = "more",
      takes = "TYPE",
      many = true,
      optional = true,
      about = "of pipelines, properties, associations, lists",
    },
  },
  options = {
    {
      name = "output",
      decides = false,
      short = "-o",
      takes = "FILE",
      file = "replaced",
      may_be_stdout = true,
      about = "write FILE, which gets its name when it is whole",
    },
    {
      name = "format",
      decides = true,
      takes = "FORMAT",
      choices = formats.NAMES,
      about = "csv, tsv or jsonl; by default what FILE ends with",
    },
    {
      name = "properties",
      decides = true,
      takes = "NAMES",
      read = properties.read,
      file = "read",
      about = "a,b or all or @FILE with names; by default the usual ones",
    },
    {
      name = "filter",
      decides = true,
      takes = "'P OP V'",
      read = filters.read,
      each = true,
      about = "such as 'city = Lyon'; of several all must hold. Operators: " .. filters.OPERATORS,
    },
    { name = "since", decides = true, takes = "TIME", read = read_time, about = "changed since then" },
    { name = "list", decides = true, takes = "ID", read = option_values.id, about = "in this list" },
    {
      name = "ids",
      decides = true,
      takes = "FILE",
      file = "read",
      about = "with the ids in FILE, one a line; - for the standard input",
    },
    { name = "archived", decides = true, about = "deleted ones" },
    {
      name = "associations",
      decides = true,
      takes = "TYPES",
      read = read_types,
      about = "a column with ids for each of these types",
    },
    { name = "labels", decides = true, about = "labels in place of internal values" },
    { name = "max", decides = true, takes = "N", read = option_values.whole_number(1), about = "stop after N rows" },
    {
      name = "parallel",
      decides = false,
      takes = "N",
      read = option_values.whole_number(1, 100),
      default = 8,
      about = "requests at a time (8)",
    },
    { name = "excel", decides = true, about = "for spreadsheets: a BOM, and formulas guarded by an apostrophe" },
    { name = "resume", decides = false, about = "continue FILE where an earlier run ended" },
  },
  examples = {
    { "hubspot-lua export contacts --properties email,phone -o c.csv", "all contacts, two properties" },
    { "hubspot-lua export deals --filter 'amount >= 1000' --labels", "large deals, with labels, to the screen" },
    { "hubspot-lua export contacts -o c.csv --resume", "what an interrupted export has left" },
  },
  run = run,
}
