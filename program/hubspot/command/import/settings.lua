--- The options of an import, read and joined with what they are about.
-- @module hubspot.command.import.settings

local core = require "hubspot.core"
local fail = require "hubspot.command.fail"
local json_lines = require "hubspot.command.json_lines"
local lines = require "hubspot.command.lines"
local text = require "hubspot.text"
local types = require "hubspot.object.types"

local settings = {}

--- A pair of texts, as `NAME=VALUE` or `NAME:VALUE` spell it; for the `read` of an option.
-- @tparam string mark that parts them
-- @tparam string example
-- @treturn function
function settings.pair_reader(mark, example)
  return function(given)
    -- Headers may hold the mark, the other side may not.
    local reversed = given:reverse():find(mark, 1, true)
    local place = mark == ":" and given:find(mark, 1, true) or reversed and #given - reversed + 1
    if not place or place == #given then return nil, ("must look like %s, got %s"):format(example, given) end
    return { text.trim(given:sub(1, place - 1)), text.trim(given:sub(place + 1)) }
  end
end

--- Reads an association: TYPE:COLUMN, or TYPE:COLUMN=LABEL.
-- @tparam string given
-- @treturn ?table `object_type`, `column`, `label`, nil where it has none, and `spelled`; nil and a message
function settings.read_association(given)
  local pair, message = settings.pair_reader(":", "companies:COLUMN, or companies:COLUMN=LABEL")(given)
  if not pair then return nil, message end
  local labelled = pair[2]:find("=", 1, true) and settings.pair_reader("=", "companies:COLUMN=LABEL")(pair[2])
  if not labelled and pair[2]:find("=", 1, true) then return nil, ("has no label: %s"):format(given) end
  return {
    object_type = pair[1],
    column = labelled and labelled[1] or pair[2],
    label = labelled and labelled[2] or nil,
    spelled = given,
  }
end

--- Reads the most errors: a number, or a share of all rows.
-- @tparam string given such as "100" or "5%"
-- @treturn ?table `{ count = }` or `{ percent = }`; nil and a message
function settings.read_most_errors(given)
  local digits, percent = given:match "^(%d+)(%%?)$"
  if not digits then return nil, ("must be a number, or a share such as 5%%, got %s"):format(given) end
  return percent == "%" and { percent = tonumber(digits) } or { count = tonumber(digits) }
end

-- The mappings of a file: an object, or one on each line, of properties by header.
local function read_map_file(path)
  local file, message = io.open(path, "rb")
  if not file then fail.file("--map-file: " .. message) end
  local whole, problem = file:read "*a"
  if not whole then fail.file(("--map-file: %s: %s"):format(path, problem)) end
  file:seek "set"
  local map = {}
  local at_once = core.decode(lines.without_bom(whole))
  if type(at_once) == "table" then
    map = at_once
  else
    for line in json_lines.reader(lines.pieces_of(file)) do
      for header, property in pairs(type(line.value) == "table" and line.value or {}) do
        map[header] = property
      end
      if line.problem then fail.file(("--map-file: line %d is %s"):format(line.line, line.problem)) end
    end
  end
  file:close()
  for header, property in pairs(map) do
    if type(header) ~= "string" or type(property) ~= "string" then
      fail.file(("--map-file: %s: it must hold an object of properties by header"):format(path))
    end
  end
  return map
end

local function set_of(list)
  local set = {}
  for _, name in ipairs(list or {}) do
    set[name] = true
  end
  return set
end

local function fail_with_two_ways(flag, column, one, other)
  fail.usage(("%s: the column %s can't be both %s and %s"):format(flag, column, one, other))
end

-- The properties of pairs by their columns. Fails where a column would go two ways.
local function properties_by_column(list)
  local found = {}
  for _, pair in ipairs(list or {}) do
    local column, property = pair[1], pair[2]
    if found[column] and found[column] ~= property then fail_with_two_ways("--map", column, found[column], property) end
    found[column] = property
  end
  return found
end

-- The associations by their columns, in the same way.
local function associations_by_column(list)
  local found = {}
  for _, one in ipairs(list or {}) do
    local other = found[one.column]
    if other and other.object_type ~= one.object_type then
      fail_with_two_ways("--associate", one.column, other.object_type, one.object_type)
    elseif other and other.label ~= one.label then
      fail_with_two_ways("--associate", one.column, other.label or "without a label", one.label or "without one")
    end
    found[one.column] = one
  end
  return found
end

--- Properties by header, as the options name them.
-- @tparam table options of the command
-- @treturn table
function settings.map(options)
  local map = options.map_file and read_map_file(options.map_file) or {}
  for column, property in pairs(properties_by_column(options.map)) do
    map[column] = property
  end
  return map
end

--- The options of a mapping.
-- @tparam table options of the command
-- @treturn table `map`, `ignore`, `append`, `associate`, `skips_read_only`, `by_option_label` and `date_format`
function settings.of_mapping(options)
  return {
    map = settings.map(options),
    ignore = set_of(options.ignore),
    append = set_of(options.append),
    associate = associations_by_column(options.associate),
    skips_read_only = options.skip_read_only or false,
    by_option_label = options.labels or false,
    date_format = options.date_format,
  }
end

local NO_KEY = "--key is missing: it names what tells the records apart, id or a property whose values are unique"

--- The key of the records and the mode. HubSpot chooses ids, so an upsert by id is an update.
-- @tparam string object
-- @tparam table options of the command
-- @treturn table `key`, nil where records are created without one; `mode`; and `needs_key`
function settings.plan(object, options)
  local mode, key = options.mode, options.key
  local row = types.find(object)
  if not key and row and row.keys.email then key = "email" end
  if not key and mode ~= "create" then fail.usage(NO_KEY) end
  if key == "hs_object_id" then key = "id" end
  if key == "id" and mode == "create" then
    fail.usage "--key id is of no use to --mode create: HubSpot chooses the ids"
  end
  if key == "id" and mode == "upsert" then mode = "update" end
  return { key = key, mode = mode, needs_key = mode ~= "create" }
end

local function shown(value)
  if type(value) ~= "table" then return tostring(value) end
  if value.spelled then return value.spelled end
  local texts = {}
  for index, one in ipairs(value) do
    texts[index] = type(one) == "table" and (one.spelled or table.concat(one, "=")) or one
  end
  return table.concat(texts, ",")
end

-- The columns that `--map` and `--map-file` give, where the latter's may have changed.
local function shown_map(map) return next(map) ~= nil and core.encode(map) or "" end

--- A text that is the same where two imports of a file send the same.
-- @tparam table context of the subcommand
-- @tparam table map of its options, see `settings.map`
-- @tparam string account its id, and the address of HubSpot
-- @treturn string
function settings.text(context, map, account)
  local words = { context.arguments.object, account }
  for _, name in ipairs(context.deciding) do
    local value = context.options[name]
    local spelled = value ~= nil and shown(value) or ""
    if name == "map" then spelled = shown_map(map) end
    if spelled ~= "" and name ~= "map_file" then
      words[#words + 1] = ("--%s %s"):format(name:gsub("_", "-"), spelled)
    end
  end
  return table.concat(words, " ")
end

return settings
