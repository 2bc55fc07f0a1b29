-- Each fault at each request of `hubspot-lua changes` with a state: what it did not tell, the next run tells; a change
-- may come twice, and is never lost. COMMAND_FAULTS=all strikes with more kinds of faults.

local cells = require "spec.faults.command_cells"
local command_place = require "spec.faults.command_place"
local core = require "hubspot.core"
local exporting = require "spec.support.exporting"
local scratch = require "spec.support.scratch"

local CONTACTS = "/crm/objects/2026-09/contacts"

local place, path, before

local function run(options) return place:run({ "changes", "contacts", "companies", "--state", path }, options) end

local function write_state(text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

-- The changes of lines, each as "op id city".
local function add_changes(told, text)
  for line in text:gmatch "[^\n]+" do
    local change = assert(core.decode(line))
    local record = change.record or {}
    told[("%s %s %s %s"):format(change.op, change.id, tostring(change.into), tostring(record.updatedAt))] = true
  end
end

local function missing(told, text)
  local wanted = {}
  add_changes(wanted, text)
  for change in pairs(wanted) do
    if not told[change] then return change end
  end
end

local function problem_of(cell, whole)
  write_state(before)
  place.portal:fault(cell.fault)
  local result = run(cell.row.options)
  place.portal:clear_faults()
  local label = ("%s %s: "):format(tostring(result.code), tostring(result.message))
  if not result.was_struck then return label .. "the fault did not strike" end
  local told = {}
  add_changes(told, result.text)
  if result.code == 0 and not cells.may_be_short(cell) then
    return result.text ~= whole and label .. "not as undisturbed: " .. result.text or nil
  end
  if result.code ~= 0 then
    if not cells.codes(cell)[result.code] then return label .. "not " .. cell.outcome end
    local problem = cells.problem_of_message(result, command_place.TOKEN)
    if problem then return label .. problem end
  end
  local again = run()
  if again.code ~= 0 then return label .. "again: " .. tostring(again.message) end
  add_changes(told, again.text)
  local lost = missing(told, whole)
  return lost and label .. "lost: " .. lost or nil
end

local function strike_all(row, case)
  write_state(before)
  local undisturbed = run()
  assert(undisturbed.code == 0, undisturbed.message)
  local requests, struck = place.portal:requests(), 0
  for index, request in ipairs(requests) do
    local outcome = cells.outcome(row, case, request)
    if outcome then
      struck = struck + 1
      local problem =
        problem_of({ row = row, fault = cells.fault(row, case, index), outcome = outcome }, undisturbed.text)
      assert(not problem, ("request %d, %s %s: %s"):format(index, request.method, request.path, tostring(problem)))
    end
  end
  return struck
end

describe("changes", function()
  setup(function()
    place = command_place.new { contacts = 8, companies = 2, clock = 1780000000000 }
    path = scratch.path "place.json"
    place.portal:advance(60)
    assert.equal(0, run().code)
    before = exporting.read(path)
    local ids = {}
    for index, contact in ipairs(place:must("GET", CONTACTS .. "?limit=100").results) do
      ids[index] = contact.id
    end
    place.portal:advance(60)
    for index = 1, 3 do
      place:must("PATCH", CONTACTS .. "/" .. ids[index], { properties = { city = "Lyon" } })
    end
    for index = 4, 6 do
      place:must("DELETE", CONTACTS .. "/" .. ids[index])
    end
    place:must("POST", CONTACTS .. "/merge", { primaryObjectId = ids[7], objectIdToMerge = ids[8] })
    place:must("POST", "/crm/objects/2026-09/companies", { properties = { name = "Later" } })
    place.portal:advance(60)
  end)
  teardown(function() scratch.remove_folder_of(path) end)

  for _, row in ipairs(cells.rows()) do
    for _, case in ipairs(cells.cases(row)) do
      it(
        ("are told, or told by the next run: %s, %s"):format(row.name, case),
        function() assert.is_true(strike_all(row, case) > 0) end
      )
    end
  end
end)
