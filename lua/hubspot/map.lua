--- Runs a function for many items, several at once, on any loop.
-- @module hubspot.map

local check = require "hubspot.check"

local map = {}

local OPTIONS = { concurrency = { type = check.integer(1, 10000) } }
local DEFAULT_CONCURRENCY = 10

local function is_iterator(value)
  local metatable = getmetatable(value)
  return type(metatable) == "table" and metatable.__name == "hubspot.Iterator"
end

--- Checks the arguments of `client:map`.
-- @treturn ?integer how many at once, or nil and a message
function map.check(items, fn, options)
  if type(items) ~= "table" then
    return nil, ("items must be a list or an iterator, got %s"):format(check.describe(items))
  end
  if not check.callable.check(fn, "fn") then return nil, "fn must be a function" end
  local checked, message = check.options(options or {}, OPTIONS)
  if not checked then return nil, message end
  return checked.concurrency or DEFAULT_CONCURRENCY
end

local function map_list(loop, items, fn, concurrency)
  local results, failures = {}, {}
  local thrown = loop:each(#items, concurrency, function(index)
    results[index], failures[index] = fn(items[index])
  end)
  for index, failure in pairs(thrown) do
    failures[index] = failure
  end
  return results, failures
end

-- Each worker takes the next item when it is done with one. When `fn` throws, its worker ends; others start once all
-- have finished.
local function map_iterator(loop, iterator, fn, concurrency)
  local results, failures, count, has_ended = {}, {}, 0, false
  while not has_ended do
    local current = {}
    local thrown = loop:each(concurrency, concurrency, function(worker)
      while not has_ended do
        current[worker] = nil
        local item, err = iterator:next()
        if item == nil then
          has_ended, failures.stopped_by = true, failures.stopped_by or err
          return
        end
        local index = count + 1
        count, current[worker] = index, index
        results[index], failures[index] = fn(item)
      end
    end)
    for worker, failure in pairs(thrown) do
      -- An error in the iterator itself belongs to no item.
      if not current[worker] then error(failure, 0) end
      failures[current[worker]] = failure
    end
  end
  return results, failures
end

--- Runs `fn(item)` for every item.
-- @tparam table loop
-- @tparam table items a list, or an iterator
-- @tparam function fn
-- @tparam integer concurrency
-- @treturn table results by the items' index
-- @treturn table errors by the items' index, and in `stopped_by` the one that ended an iterator
function map.run(loop, items, fn, concurrency)
  if is_iterator(items) then return map_iterator(loop, items, fn, concurrency) end
  return map_list(loop, items, fn, concurrency)
end

return map
