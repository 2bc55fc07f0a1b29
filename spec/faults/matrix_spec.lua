-- Each fault that the sandbox can produce, on each kind of operation: what must come out is in `spec.faults.faults`.
-- What must hold whatever comes out is checked here, against the sandbox's store.

local faults = require "spec.faults.faults"
local strike = require "spec.faults.strike"
local world = require "spec.faults.world"

local HANG_GUARD = 20
local DEADLINE = 30

local place, clean_requests
local clients = {}

setup(function()
  place = world.start()
  for _, name in ipairs { "current", "v1" } do
    local api_version = name == "v1" and "v1" or nil
    clients[name] = place:client { api_version = api_version }
    clients["oauth_" .. name] = place:oauth_client { api_version = api_version }
  end
  place.clients = clients
  clean_requests = strike.clean_requests(place)
end)

teardown(function()
  for _, client in pairs(clients) do client:close() end
  place:stop()
end)

local function assert_shows_no_secret(value, seen)
  local text = tostring(value)
  for name, secret in pairs(world.SECRETS) do
    assert.is_nil(text:find(secret, 1, true), "an error shows the " .. name)
  end
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  for key, item in pairs(value) do
    assert_shows_no_secret(key, seen)
    assert_shows_no_secret(item, seen)
  end
end

-- A batch is judged by its inputs: each that has no error is written, each whose error is not ambiguous is not.
local function assert_rows_are_told_right(cell)
  local errors = {}
  for _, err in ipairs(cell.value.errors) do errors[err.index] = err end
  for index, is_written in ipairs(cell.rows) do
    local err = errors[index]
    if not err then assert.is_true(is_written, "an input is called written and is not") end
    if err and not err.ambiguous then assert.is_false(is_written, "an input is called refused and is written") end
  end
end

local function any(list)
  for _, item in ipairs(list) do
    if item then return true end
  end
  return false
end

local function assert_write_is_told_right(cell, class)
  if not cell.rows and not cell.effects then return end
  if cell.value and cell.rows then return assert_rows_are_told_right(cell) end
  local is_done = cell.rows and any(cell.rows) or (cell.effects or 0) > 0
  if cell.value then assert.is_true(is_done, "it is called done and is not") end
  if is_done and not cell.value then assert.is_true(cell.err.ambiguous, "it is done and not called ambiguous") end
  if cell.effects then assert.is_true(cell.effects <= 1, "it is done twice") end
  if class == "unrepeatable" then assert.is_true(cell.carried_out <= 1, "it was carried out twice") end
end

local function assert_distinct(ids)
  local seen = {}
  for _, id in ipairs(ids) do
    assert.is_nil(seen[id], "a record was given twice")
    seen[id] = true
  end
end

local function joined(first, second)
  local all = {}
  for _, list in ipairs { first, second } do
    for _, id in ipairs(list) do all[#all + 1] = id end
  end
  return all
end

local function assert_records_come_once(cell, row)
  local wanted = cell.operation.wanted
  if not wanted then return end
  if cell.value then return assert_distinct(cell.value) end
  if not cell.by_next then return end
  for _, rest in ipairs { cell.by_next, cell.by_cursor } do
    local all = joined(cell.rest.ids, rest)
    assert_distinct(all)
    if row.loses then return end
    table.sort(all)
    local expected = joined(wanted(place), {})
    table.sort(expected)
    assert.same(expected, all)
  end
end

local function check(cell, row, expected, class)
  assert.equal(expected, cell.outcome, tostring(cell.err))
  assert_write_is_told_right(cell, class)
  assert_records_come_once(cell, row)
  if cell.err then assert_shows_no_secret(cell.err, {}) end
  if cell.value and cell.operation.rows then assert_shows_no_secret(cell.value.errors, {}) end
  assert.is_true(cell.seconds < ((row.options or {}).deadline or DEADLINE) + HANG_GUARD, "it hung")
  assert.is_truthy(cell.after.value, tostring(cell.after.err))
end

for _, row in ipairs(faults) do
  for _, case in ipairs { "once", "always" } do
    if row[case] then
      describe(("%s, %s"):format(row.name, case), function()
        local results

        setup(function()
          place.clients = row.oauth and { current = clients.oauth_current, v1 = clients.oauth_v1 } or clients
results = strike.all(place, row, case, clean_requests)
        end)

        strike.each(function(key, class)
          local expected = faults.expected(row, case, class, key)
          if not expected then return end
          local reason = (row.open or {})[key]
          if reason then return pending(("%s: %s"):format(key, reason)) end
          it(("%s: %s"):format(key, expected), function() check(results[key], row, expected, class) end)
        end)
      end)
    end
  end
end
