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
  local wanted = call.declaration.coalesce.properties
  if options.properties and wanted then
    local names, known = {}, {}
    for index, name in ipairs(options.properties) do
      names[index], known[name] = name, true
    end
    for _, name in ipairs(wanted) do
      if not known[name] then
        names[#names + 1], added[#added + 1] = name, name
      end
    end
    options.properties = names
  end
  return options, added
end

local function records_by_key(records, keys)
  local by_key = {}
  for _, record in ipairs(records) do
    for _, key in ipairs(keys(record)) do
      by_key[fold(key)] = by_key[fold(key)] or record
    end
  end
  return by_key
end

-- The key that a call asks by.
local function key_of(call) return call.values[call.declaration.arguments[1].name] end

local function read_group(call, group, options, added)
  local spec = call.declaration.coalesce
  local argument = call.find(call.resource_name)[spec.many].arguments[1].name
  local records, err = keyed.run(call:another(call.resource_name, spec.many, { [argument] = group.values }, options))
  if not records then
    group.err = err
    return
  end
  group.by_key = records_by_key(records, spec.keys)
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
  for _, name in ipairs(check.sorted_keys(call.options)) do
    parts[#parts + 1] = name .. "=" .. (core.encode(call.options[name]) or "")
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
  local record = group.by_key[fold(key_of(call))]
  if not record then return nil end
  if group.taken[record] then return { record = copy(record) } end
  group.taken[record] = true
  return { record = record }
end

return coalescing
