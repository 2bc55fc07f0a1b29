-- Strikes runs of a mirror at each of their requests with faults: the database is as after an undisturbed run, or the
-- same command again brings it there. What HubSpot leaves out of an answer a sweep finds.

local busted = require "busted"
local cells = require "spec.faults.command_cells"
local command_matrix = require "spec.faults.command_matrix"
local command_place = require "spec.faults.command_place"
local core = require "hubspot.core"
local database = require "hubspot.mirror.database"
local exporting = require "spec.support.exporting"
local scratch = require "spec.support.scratch"
local tables = require "hubspot.mirror.tables"

local command_mirror = {}

-- A run takes long: one fault of each kind of outcome. COMMAND_FAULTS=all strikes with the others, too.
local FEW = { cut = true, garbage = true, expired = true, drop_rows = true, multi_status = true, hang = true }

local function rows()
  if cells.strikes_all() then return cells.rows() end
  local few = {}
  for _, row in ipairs(cells.rows()) do
    if FEW[row.fault.kind] or row.fault.policy == "DAILY" then few[#few + 1] = row end
  end
  return few
end

-- Portal and database ------------------------------------------------------------------------------------------------

local PORTAL = { contacts = 4, companies = 2, clock = 1780000000000 }
local OBJECTS = { "contacts", "companies" }

local CONTACTS = "/crm/objects/2026-09/contacts"

-- What happens between two runs of a mirror. Times tell apart what a search finds.
local function change(place, ids)
  place.portal:advance(60)
  place:must("PATCH", CONTACTS .. "/" .. ids[1], { properties = { city = "Lyon" } })
  place:must("DELETE", CONTACTS .. "/" .. ids[2])
  place:must("POST", CONTACTS .. "/merge", { primaryObjectId = ids[3], objectIdToMerge = ids[4] })
  place:must("POST", CONTACTS, { properties = { firstname = "Later" } })
  place.portal:advance(60)
end

local IS_OF_A_RUN =
  { changes = true, mirror_state = true, mirror_runs = true, mirror_columns = true, mirror_names = true }

-- All that a mirror has of HubSpot, as one text.
local function contents(path)
  local opened, lines = database.open("sqlite:" .. path, { must_exist = true }), {}
  local names = { OBJECTS[1], OBJECTS[2] }
  for _, one in ipairs(tables.list) do
    if not IS_OF_A_RUN[one.name] then names[#names + 1] = one.name end
  end
  for _, name in ipairs(names) do
    for _, row in ipairs(opened:query("SELECT * FROM " .. opened:quote(name))) do
      row.read_at, row.seen_at = nil, nil
      lines[#lines + 1] = name .. " " .. core.encode(row)
    end
  end
  opened:close()
  table.sort(lines)
  return table.concat(lines, "\n")
end

-- The first line that only one of two texts has.
local function difference(one, other)
  for pass, texts in ipairs { { one, other }, { other, one } } do
    for line in texts[1]:gmatch "[^\n]+" do
      if not texts[2]:find(line, 1, true) then return (pass == 1 and "too much: " or "missing: ") .. line end
    end
  end
end

local function copy(from, to)
  local file = assert(io.open(to, "wb"))
  file:write(assert(exporting.read(from)))
  file:close()
end

local function remove(path)
  for _, ending in ipairs { "", "-wal", "-shm", ".lock", ".lock-journal" } do
    os.remove(path .. ending)
  end
end

-- Cells --------------------------------------------------------------------------------------------------------------

local function words_of(here, run, ...)
  local words = { "mirror", "--db", "sqlite:" .. here.path, "--objects", table.concat(OBJECTS, ",") }
  for _, list in ipairs { { "--lists", "all", "--parallel", "1" }, run.words, { ... } } do
    for _, word in ipairs(list) do
      words[#words + 1] = word
    end
  end
  return words
end

local function run_again(here, run, ...)
  local again = here.place:run(words_of(here, run, ...))
  return again.code ~= 0 and "again: " .. tostring(again.message) or nil
end

local function begin(here, run)
  remove(here.path)
  if not run.is_first then copy(here.base, here.path) end
end

local function problem_of_failure(here, run, cell, result)
  -- It deletes little of what HubSpot leaves out without being asked.
  local is_guarded = result.code == 1 and result.message:find("--max-deletes", 1, true)
  return not is_guarded and cells.problem_of_failure(cell, result) or run_again(here, run)
end

-- A list that was deleted since it was listed has no members; whether that is so the next run learns.
local function says_of_list(cell)
  return cell.fault.status == 404 and cell.request.path:find "^/crm/lists/.*/memberships" ~= nil
end

local function problem_of(here, run, cell, result, whole)
  local problem = result.code ~= 0 and problem_of_failure(here, run, cell, result)
  if not problem and cells.may_be_short(cell) then problem = run_again(here, run, "--sweep", "now") end
  if not problem and says_of_list(cell) then problem = run_again(here, run) end
  return problem or difference(contents(here.path), whole)
end

-- HubSpot refuses a type that has no lists like that.
local function says_of_type(cell)
  return cell.fault.status == 400 and cell.request.path:find "^/crm/lists/.*/search$" ~= nil
end

local function strike(here, run, row, case)
  begin(here, run)
  local words = words_of(here, run)
  local requests = here.place:run_undisturbed(words).requests
  local whole = contents(here.path)
  return command_matrix.strike {
    row = row,
    case = case,
    place = here.place,
    words = words,
    requests = requests,
    name = run.name,
    is_left_out = says_of_type,
    prepare = function() begin(here, run) end,
    check = function(cell, result) return problem_of(here, run, cell, result, whole) end,
  }
end

--- Adds an example for each fault.
-- @tparam table runs each with `name`, `words`, and `is_first` where there is no mirror before it
function command_mirror.add_examples(runs)
  local here = {}

  busted.setup(function()
    here.place = command_place.new(PORTAL)
    here.path = scratch.path "mirror.db"
    here.base = here.path .. ".base"
    local ids = {}
    for index, contact in ipairs(here.place:must("GET", CONTACTS .. "?limit=100").results) do
      ids[index] = contact.id
    end
    here.place:new_list("Members", ids)
    here.place:run_undisturbed(words_of(here, { words = {} }))
    copy(here.path, here.base)
    change(here.place, ids)
  end)
  busted.teardown(function() scratch.remove_folder_of(here.path) end)

  command_matrix.add_examples {
    text = "is whole, or the next run makes it so",
    runs = runs,
    rows = rows(),
    -- Without a row in any answer a record seems to be gone.
    in_both_cases = "drop_rows",
    strike = function(run, row, case) return strike(here, run, row, case) end,
  }
end

return command_mirror
