-- Each fault at each request of `hubspot-lua changes` with a state: what it did not tell, the next run tells; a change
-- may come twice, and is never lost. COMMAND_FAULTS=all strikes with more kinds of faults.

local cells = require "spec.faults.command_cells"
local command_matrix = require "spec.faults.command_matrix"
local command_place = require "spec.faults.command_place"
local core = require "hubspot.core"
local exporting = require "spec.support.exporting"
local scratch = require "spec.support.scratch"

local CONTACTS = "/crm/objects/2026-09/contacts"

local place, path, words, before

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

local function problem_of(cell, result, whole)
  if result.code == 0 and not cells.may_be_short(cell) then
    return result.text ~= whole and "not as undisturbed: " .. result.text or nil
  end
  local problem = result.code ~= 0 and cells.problem_of_failure(cell, result)
  if problem then return problem end
  local again = place:run(words)
  if again.code ~= 0 then return "again: " .. tostring(again.message) end
  local told = {}
  add_changes(told, result.text)
  add_changes(told, again.text)
  local lost = missing(told, whole)
  return lost and "lost: " .. lost or nil
end

local function strike(run, row, case)
  write_state(before)
  local undisturbed = place:run_undisturbed(words)
  return command_matrix.strike {
    row = row,
    case = case,
    place = place,
    words = words,
    requests = undisturbed.requests,
    name = run,
    prepare = function() write_state(before) end,
    check = function(cell, result) return problem_of(cell, result, undisturbed.text) end,
  }
end

describe("changes", function()
  setup(function()
    place = command_place.new { contacts = 8, companies = 2, clock = 1780000000000 }
    path = scratch.path "place.json"
    place.portal:advance(60)
    words = { "changes", "contacts", "companies", "--state", path }
    place:run_undisturbed(words)
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

  command_matrix.add_examples { text = "are told, or told by the next run", runs = { "changes" }, strike = strike }
end)
