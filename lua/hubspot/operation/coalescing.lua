--- Single reads that are made at the same time go out as one batch read.
--
-- An operation that can be coalesced declares `coalesce`, whose keys `hubspot.operation.declaration` lists.
-- @module hubspot.operation.coalescing

local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local fold = require("hubspot.text").fold
local keyed = require "hubspot.operation.keyed"

local coalescing = {}

-- Seconds for which the first read waits for others.
local WINDOW = 0.001

local function copy(value)
  if type(value) ~= "table" then return value end
  local fresh = {}
  for key, item in pairs(value) do
    fresh[key] = copy(item)
  end
  return core.like(fresh, value)
end

-- The options of the batch read, and the properties that are read only to find the records again.
local function options_of(call)
  local options, added = {}, {}
  for name, value in pairs(call.options) do
    if name ~= "coalesce" then options[name] = value end
  end
  local looked_at = call.declaration.coalesce.properties
  if options.properties and looked_at then
    local names, known = {}, {}
    for index, name in ipairs(options.properties) do
      names[index], known[name] = name, true
    end
    for _, name in ipairs(looked_at(call.values)) do
      if not known[name] then
        names[#names + 1], added[#added + 1] = name, name
      end
    end
    options.properties = names
  end
  return options, added
end

local function spelling_of(call)
  local spelling = call.declaration.coalesce.spelling
  return spelling and spelling(call.values) or fold
end

local function records_by_key(call, records)
  local by_key, spell, keys = {}, spelling_of(call), call.declaration.coalesce.keys
  for _, record in ipairs(records) do
    for _, key in ipairs(keys(record, call.values)) do
      by_key[spell(key)] = by_key[spell(key)] or record
    end
  end
  return by_key
end

-- The name of the argument that holds the key: the last one, as that of the keys is of the read of many.
local function last_argument(declaration) return declaration.arguments[#declaration.arguments].name end

-- The key that a call asks by.
local function key_of(call) return call.values[last_argument(call.declaration)] end

-- The arguments before the key, which both reads have.
local function shared_arguments(call)
  local shared, arguments = {}, call.declaration.arguments
  for index = 1, #arguments - 1 do
    local name = arguments[index].name
    shared[name] = call.values[name]
  end
  return shared
end

local function read_group(call, group, options, added)
  local spec, arguments = call.declaration.coalesce, shared_arguments(call)
  arguments[last_argument(call.find(call.resource_name)[spec.many])] = group.values
  local records, err = keyed.run(call:another(call.resource_name, spec.many, arguments, options))
  if not records then
    group.err = err
    return
  end
  group.by_key = records_by_key(call, records)
  for _, record in ipairs(records) do
    for _, name in ipairs(added) do
      record.properties[name] = nil
    end
  end
end

-- Opens a group, which is read when others have had the time to join it.
local function open_group(call, groups, key)
  local group = { values = {}, waiters = {}, taken = {} }
  local options, added = options_of(call)
  local loop = call.client.loop_for_background
  groups[key] = group
  loop:spawn(function()
    loop:sleep(WINDOW)
    groups[key] = nil
    read_group(call, group, options, added)
  end, function(failure)
    if groups[key] == group then groups[key] = nil end
    group.thrown = failure ~= nil and { failure } or nil
    group.ended = true
    for _, waiter in ipairs(group.waiters) do
      waiter:wake()
    end
  end)
  return group
end

local function group_key(call)
  local parts = { call.name }
  for _, values in ipairs { shared_arguments(call), call.options } do
    for _, name in ipairs(check.sorted_keys(values)) do
      parts[#parts + 1] = name .. "=" .. (core.encode(values[name]) or "")
    end
  end
  return table.concat(parts, "\n")
end

local function join(call)
  local groups = call.client.coalescing
  local key = group_key(call)
  local group = groups[key] or open_group(call, groups, key)
  group.values[#group.values + 1] = key_of(call)
  return group, key
end

-- Waits until a group was read; or returns an error.
local function await_group(call, group, key)
  local waiter = call.client.loop:waiter()
  group.waiters[#group.waiters + 1] = waiter
  -- A host may drop the coroutine that reads, which is another caller's.
  if waiter:wait(call.span and call.span:left() or call.client.deadline) then return nil end
  if call.client.coalescing[key] == group then call.client.coalescing[key] = nil end
  return errors.new {
    kind = "timeout",
    sent = false,
    message = "the batch read that this read went into did not end within the deadline",
  }
end

--- Reads a record together with others.
-- @tparam table call
-- @treturn ?table `{ record = }` or `{ err = }`; nil where the record has to be read alone: one that the batch did not
--   find, which tells why
function coalescing.read(call)
  if not call.client.loop_for_background then return nil end
  local group, key = join(call)
  local timeout = not group.ended and await_group(call, group, key)
  if timeout then return { err = timeout } end
  if group.thrown then error(group.thrown[1], 0) end
  if group.err then return { err = errors.new(copy(group.err)) } end
  local record = group.by_key[spelling_of(call)(key_of(call))]
  if not record then return nil end
  if group.taken[record] then return { record = copy(record) } end
  group.taken[record] = true
  return { record = record }
end

return coalescing
