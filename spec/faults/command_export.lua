-- Strikes exports at each of their requests with each fault: the file is byte for byte that of an undisturbed run, or
-- it is not there, and `--resume` makes it.

local busted = require "busted"
local cells = require "spec.faults.command_cells"
local command_place = require "spec.faults.command_place"
local exporting = require "spec.support.exporting"
local scratch = require "spec.support.scratch"

local command_export = {
  --- Stands for the id of a list.
  LIST = "LIST",
}

local PORTAL = {
  contacts = 5,
  companies = 3,
  deals = 3,
  campaigns = 3,
  email_events = 4,
  clock = 1780000000000,
  fixtures = {
    owners = {
      { id = 1, email = "ada@example.org", firstName = "Ada" },
      { id = 2, email = "ben@example.org" },
      { id = 3, email = "cy@example.org" },
    },
  },
}

local path

-- Lists, one with all contacts, and contacts that were deleted.
local function fill(place)
  for index = 1, 2 do
    place:new_list("List " .. index)
  end
  local ids = {}
  for index, contact in ipairs(place:must("GET", "/crm/objects/2026-09/contacts?limit=100").results) do
    ids[index] = contact.id
  end
  place.list = place:new_list("Members", ids)
  for _ = 1, 3 do
    local made = place:must("POST", "/crm/objects/2026-09/contacts", { properties = { firstname = "Gone" } })
    place:must("DELETE", "/crm/objects/2026-09/contacts/" .. made.id)
  end
end

-- Words ------------------------------------------------------------------------------------------------------------

local function words_of(place, run, ...)
  local words = { "export" }
  for _, word in ipairs(run) do
    words[#words + 1] = word == command_export.LIST and place.list or word
  end
  for _, word in ipairs { "-o", path, ... } do
    words[#words + 1] = word
  end
  return words
end

-- What is missing --------------------------------------------------------------------------------------------------

local function cells_of(line)
  local list = {}
  for cell in (line .. ","):gmatch "([^,]*)," do
    list[#list + 1] = cell
  end
  return list
end

-- Returns whether a line has no other cells than another one, and some empty: a record whose associations HubSpot
-- leaves out looks like one that has none.
local function is_short_of_line(line, other)
  local short, whole = cells_of(line), cells_of(other)
  for index, cell in ipairs(whole) do
    if short[index] ~= cell and short[index] ~= "" then return false end
  end
  return #short == #whole
end

-- Returns whether a text has some lines of another one, in their order, and no others.
local function is_short_of(text, whole)
  local next_line = whole:gmatch "[^\n]+"
  for line in text:gmatch "[^\n]+" do
    local other
    repeat
      other = next_line()
    until not other or is_short_of_line(line, other)
    if not other then return false end
  end
  return true
end

-- Cells --------------------------------------------------------------------------------------------------------------

-- Runs an export that a fault strikes. Gives its result, and what to call it in a message.
local function strike(place, run, cell)
  place.portal:fault(cell.fault)
  local result = place:run(words_of(place, run), cell.row.options)
  place.portal:clear_faults()
  local label = ("%s, request %d, %s %s: %s %s"):format(
    table.concat(run, " "),
    cell.index,
    cell.request.method,
    cell.request.path,
    tostring(result.code),
    tostring(result.message)
  )
  assert(result.was_struck, label .. ": the fault did not strike")
  return result, label
end

local function resume(place, run, cell, result, label)
  assert(cells.codes(cell)[result.code], ("%s, not %s"):format(label, cell.outcome))
  local problem = cells.problem_of_message(result, command_place.TOKEN)
  assert(not problem, ("%s: %s"):format(label, tostring(problem)))
  assert(not exporting.read(path), label .. ": the file has its name")
  local resumed = place:run(words_of(place, run, "--resume"))
  assert(resumed.code == 0, ("%s, resumed: %s"):format(label, tostring(resumed.message)))
end

-- A request without which an export does, such as one that only makes a scan faster, may fail: then it is whole, too.
local function check(place, run, cell, whole)
  local result, label = strike(place, run, cell)
  if result.code ~= 0 then resume(place, run, cell, result, label) end
  local text = exporting.read(path)
  local is_right = text == whole or cells.may_be_short(cell) and is_short_of(text, whole)
  assert(is_right, ("%s: %s"):format(label, tostring(text)))
  for _, ending in ipairs { ".part", ".part.state", ".part.lock" } do
    assert(not exporting.read(path .. ending), label .. ": left " .. ending)
  end
  os.remove(path)
end

-- Strikes each request of a run that a fault can strike. Gives their number.
local function strike_all(place, run, row, case)
  local undisturbed = place:run_and_log(words_of(place, run))
  assert(undisturbed.code == 0, undisturbed.message)
  local whole = exporting.read(path)
  os.remove(path)
  local struck = 0
  for index, request in ipairs(undisturbed.requests) do
    local outcome = cells.outcome(row, case, request)
    if outcome then
      struck = struck + 1
      local fault = cells.fault(row, case, index)
      check(place, run, { row = row, fault = fault, index = index, request = request, outcome = outcome }, whole)
    end
  end
  return struck
end

local function with_properties(options, definitions)
  local all = {}
  for name, value in pairs(options) do
    all[name] = value
  end
  all.fixtures = { owners = options.fixtures.owners, properties = definitions }
  return all
end

--- Adds an example for each fault.
-- @tparam table runs words of each, after `export`
-- @tparam[opt] table properties of the portal, besides HubSpot's own: definitions by type
function command_export.add_examples(runs, properties)
  local place

  busted.setup(function()
    place = command_place.new(with_properties(PORTAL, properties))
    fill(place)
  end)
  busted.before_each(function() path = scratch.path "export.csv" end)
  busted.after_each(function() scratch.remove_folder_of(path) end)

  for _, row in ipairs(cells.rows()) do
    for _, case in ipairs(cells.cases(row)) do
      busted.it(("is whole, or resumed to be: %s, %s"):format(row.name, case), function()
        local struck = 0
        for _, run in ipairs(runs) do
          struck = struck + strike_all(place, run, row, case)
        end
        assert(struck > 0, "nothing was struck")
      end)
    end
  end
end

return command_export
