-- Strikes exports at each of their requests with each fault: the file is byte for byte that of an undisturbed run, or
-- it is not there, and `--resume` makes it.

local busted = require "busted"
local cells = require "spec.faults.command_cells"
local command_matrix = require "spec.faults.command_matrix"
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

local function resume(place, run, cell, result)
  local problem = cells.problem_of_failure(cell, result)
  if problem then return problem end
  if exporting.read(path) then return "the file has its name" end
  local resumed = place:run(words_of(place, run, "--resume"))
  if resumed.code ~= 0 then return "resumed: " .. tostring(resumed.message) end
end

-- A request without which an export does, such as one that only makes a scan faster, may fail: then it is whole, too.
local function problem_of(place, run, cell, result, whole)
  local problem = result.code ~= 0 and resume(place, run, cell, result)
  if problem then return problem end
  local text = exporting.read(path)
  os.remove(path)
  local is_right = text == whole or cells.may_be_short(cell) and is_short_of(text, whole)
  if not is_right then return tostring(text) end
  for _, ending in ipairs { ".part", ".part.state", ".part.lock" } do
    if exporting.read(path .. ending) then return "left " .. ending end
  end
end

-- Strikes each request of a run that a fault can strike. Gives their number.
local function strike(place, run, row, case)
  local words = words_of(place, run)
  local requests = place:run_undisturbed(words).requests
  local whole = exporting.read(path)
  os.remove(path)
  return command_matrix.strike {
    row = row,
    case = case,
    place = place,
    words = words,
    requests = requests,
    name = table.concat(run, " "),
    check = function(cell, result) return problem_of(place, run, cell, result, whole) end,
  }
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

  command_matrix.add_examples {
    text = "is whole, or resumed to be",
    runs = runs,
    strike = function(run, row, case) return strike(place, run, row, case) end,
  }
end

return command_export
