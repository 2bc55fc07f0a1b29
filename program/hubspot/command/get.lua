--- The subcommand `get`: records by their ids or keys, as JSON Lines.

local core = require "hubspot.core"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local field_of_each = require "hubspot.field_of_each"
local key_values = require "hubspot.object.keys"
local lines = require "hubspot.command.lines"
local named_properties = require "hubspot.command.named_properties"
local object_types = require "hubspot.object.types"
local option_values = require "hubspot.command.option_values"
local seen_keys = require "hubspot.command.seen_keys"
local texts = require "hubspot.text"

-- Records that are read, and then written, together.
local CHUNK = 1000

local ALL, STDIN = "all", "-"

local function read_names(text)
  if text == ALL then return ALL end
  return option_values.names(text)
end

-- Returns the property by which records with a key are found, where `--key` names none.
local function property_of(key) return key:find("@", 1, true) and "email" or "id" end

local FORM = {
  id = { holds = function(key) return key:find "^%d+$" end, words = "is no id" },
  email = { holds = function(key) return key:find("@", 1, true) end, words = "is no e-mail address" },
}

-- Returns the problem of a key, or nil. Other properties take any text.
local function problem_of(property, key)
  local form = FORM[property]
  if not form or form.holds(key) then return nil end
  local advice = property_of(key) ~= property and ": ids and addresses go into runs of their own" or ""
  return ("%q %s%s"):format(key, form.words, advice)
end

-- A key in the form in which it is the same as another one. Values that differ in case alone may be of two records.
local function identity(property, key)
  if property == "id" then return (key:gsub("^0+", "")) end
  return property == "email" and texts.fold(key) or key
end

-- A key in the form in which it is compared with what a record has.
local function folded(property, key) return property == "id" and key:gsub("^0+", "") or texts.fold(key) end

-- Yields the keys on the lines of the standard input.
local function read_lines(check)
  local number = 0
  while true do
    local line, problem = io.stdin:read "*l"
    if problem then fail.file("the standard input: " .. problem) end
    if not line then return end
    number = number + 1
    local key = texts.trim(number == 1 and lines.without_bom(line) or line)
    local wrong = key ~= "" and check(key)
    if wrong then fail.file(("the standard input, line %d: %s"):format(number, wrong)) end
    if key ~= "" then coroutine.yield(key) end
  end
end

-- Fails for words that are no keys, before anything is sent.
local function check_words(words, check)
  for _, word in ipairs(words) do
    local wrong = word ~= STDIN and check(word)
    if wrong then fail.usage(wrong) end
  end
end

-- The keys of the command line, one by one, and in the place of `-` the lines of the standard input. The first one
-- tells how records are found, where `--key` does not: `keys.property`.
local function keys_of(words, property)
  if property == "hs_object_id" then property = "id" end
  local keys = { property = property, count = 0, seen = seen_keys.new() }
  local function check(key)
    keys.property = keys.property or property_of(key)
    return problem_of(keys.property, key)
  end
  check_words(words, check)
  keys.next = coroutine.wrap(function()
    for _, word in ipairs(words) do
      if word == STDIN then
        read_lines(check)
      else
        coroutine.yield(word)
      end
    end
    while true do
      coroutine.yield(nil)
    end
  end)
  return keys
end

-- The next keys, each once, at most as many as are read together.
local function next_chunk(keys)
  local chunk = {}
  while #chunk < CHUNK do
    local key = keys.next()
    if not key then break end
    keys.count = keys.count + 1
    local is_first = keys.seen:first_line(identity(keys.property, key), keys.count) == keys.count
    if is_first then chunk[#chunk + 1] = key end
  end
  return chunk
end

local function read_properties(client, object)
  local definitions, err = client.properties:all { object_type = object }
  if not definitions then fail.hubspot(err) end
  return field_of_each(definitions, "name")
end

local function names_in(value) return value ~= ALL and value or {} end

local function read_options(context, client)
  local options = context.options
  local properties, history = options.properties, options.history
  named_properties.read(client, context.arguments.object, {
    { flag = "--properties", names = names_in(properties) },
    { flag = "--history", names = names_in(history) },
  })
  local object = context.arguments.object
  if properties == ALL then properties = read_properties(client, object) end
  -- All that are read, where properties are named.
  if history == ALL then history = properties and true or read_properties(client, object) end
  return { properties = properties, with_history = history, archived = options.archived or nil }
end

-- Adds what the keys of a record are, in the form in which they are compared.
local function add_known(known, record, reader)
  if reader.property == "id" then
    known[record.id] = true
    for _, id in ipairs(record.mergedIds or {}) do
      known[id] = true
    end
    return
  end
  for _, value in ipairs(reader.values_of(record)) do
    known[texts.fold(value)] = true
  end
end

-- The keys of those that were asked for and are not among the records.
local function missing_keys(reader, keys, records)
  if #records >= #keys then return {} end
  if reader.property ~= "id" then
    local err
    records, err = reader.read(keys, { properties = reader.names })
    if not records then fail.hubspot(err) end
  end
  local known, missing = {}, {}
  for _, record in ipairs(records) do
    add_known(known, record, reader)
  end
  for _, key in ipairs(keys) do
    if not known[folded(reader.property, key)] then missing[#missing + 1] = key end
  end
  return missing
end

-- Reads records by a property, or by their ids.
local function new_reader(client, object, property)
  local records = client:objects(object)
  local kind = object_types.find(object) or object_types.custom(object)
  local reader = {
    property = property,
    names = key_values.names(kind, property),
    values_of = key_values.reader(kind, property),
  }
  if property == "id" then
    function reader.read(keys, options) return records:get_many(keys, options) end
  else
    function reader.read(keys, options) return records:get_many_by(property, keys, options) end
  end
  return reader
end

local function add_associations(client, object, records, types)
  local ids, by_id = {}, {}
  for index, record in ipairs(records) do
    ids[index], by_id[record.id] = record.id, record
    record.associations = {}
  end
  for _, to_type in ipairs(#ids > 0 and types or {}) do
    local found, err = client.associations:get_many(object, ids, to_type)
    if not found then fail.hubspot(err) end
    for _, one in ipairs(found) do
      if by_id[one.id] then by_id[one.id].associations[to_type] = one.to end
    end
  end
end

local function write(context, records)
  for _, record in ipairs(records) do
    context.output:write(core.encode(record) .. "\n")
  end
end

local function run(context)
  local keys_to_read = keys_of(context.arguments.id, context.options.key)
  local client, object = context:client(), context.arguments.object
  local options = read_options(context, client)
  local reader, read, unknown = nil, 0, 0
  context.progress:begin { title = object }
  while true do
    local keys = next_chunk(keys_to_read)
    if #keys == 0 then break end
    reader = reader or new_reader(client, object, keys_to_read.property)
    local records, err = reader.read(keys, options)
    if not records then fail.hubspot(err) end
    if context.options.associations then add_associations(client, object, records, context.options.associations) end
    write(context, records)
    context.progress:advance(#records)
    for _, key in ipairs(missing_keys(reader, keys, records)) do
      unknown = unknown + 1
      context:complain(("%s: %s is not there"):format(object, key))
    end
    read = read + #records
  end
  context:summarize { records = read, unknown = unknown }
  return unknown == 0 and exit_codes.DONE or exit_codes.FAILED
end

return {
  name = "get",
  summary = "Reads records by their ids, or by a key; each is a line of JSON. One that is not there is told on stderr.",
  arguments = {
    { name = "object", takes = "OBJECT", about = "contacts, companies, deals, any type's name or id" },
    { name = "id", takes = "ID", many = true, about = "ids, or e-mail addresses of contacts; - reads them from stdin" },
  },
  options = {
    { name = "properties", takes = "a,b|all", read = read_names, about = "properties to read; else HubSpot's choice" },
    { name = "history", takes = "a,b|all", read = read_names, about = "properties to read with their earlier values" },
    {
      name = "associations",
      takes = "TYPES",
      read = read_names,
      about = "types whose associated records to read, such as deals",
    },
    { name = "key", takes = "PROPERTY", about = "unique property by which to find the records" },
    { name = "archived", about = "read deleted records" },
  },
  examples = {
    { "hubspot-lua get contacts ada@example.org --properties email,phone", "one contact by its address" },
    { "cut -d, -f1 ids.csv | hubspot-lua get deals - --associations companies", "many, with their companies" },
  },
  run = run,
}
