-- Strikes imports at each of their requests with each fault: all rows are written as by an undisturbed run, once each;
-- or refused and listed; or `--resume` brings it there. Creations whose fate is unknown are listed, and never repeated.

local batch_reader = require "hubspot.command.import.batch_reader"
local busted = require "busted"
local cells = require "spec.faults.command_cells"
local command_matrix = require "spec.faults.command_matrix"
local command_place = require "spec.faults.command_place"
local core = require "hubspot.core"
local exporting = require "spec.support.exporting"
local job = require "hubspot.command.import.job"
local scratch = require "spec.support.scratch"

local command_import = {}

local ROWS = 5
local COMPANY = 501

-- Few rows make several batches, and several waves.
local ROWS_A_BATCH, BATCHES_A_WAVE = 2, 2

local path

-- Portals ------------------------------------------------------------------------------------------------------------

local function email_of(number) return ("p%d@example.org"):format(number) end

local function contact_id(number) return 1000 + number end

-- A portal that has the first few of the contacts, the very first as the file has it.
local function options_of(run)
  local contacts = {}
  for number = 1, run.existing or 0 do
    contacts[number] = {
      id = contact_id(number),
      properties = {
        email = email_of(number),
        firstname = "N" .. number,
        lead_score = number == 1 and "1" or "77",
      },
    }
  end
  return {
    clock = 1780000000000,
    fixtures = {
      owners = { { id = 1, email = "ada@example.org" }, { id = 2, email = "b@x" }, { id = 3, email = "c@x" } },
      records = { companies = { { id = COMPANY, properties = { name = "C" } } }, contacts = core.array(contacts) },
    },
  }
end

local function new_place(run)
  local place = command_place.new(options_of(run))
  place.run_of = run
  return place
end

local function reset(place)
  place.portal:restart()
  place.list = place:new_list "Fair"
end

-- The contacts by their first names, with all that an import writes.
local function state_of(place)
  local members, state = {}, {}
  for _, member in ipairs(place:must("GET", ("/crm/lists/2026-09/%s/memberships"):format(place.list)).results) do
    members[member.recordId] = true
  end
  local answer = place:must(
    "GET",
    "/crm/objects/2026-09/contacts?limit=100&properties=firstname,lead_score,hubspot_owner_id&associations=companies"
  )
  for _, contact in ipairs(answer.results) do
    local name, properties = contact.properties.firstname, contact.properties
    local associated = contact.associations and contact.associations.companies
    state[name] = state[name] or {}
    table.insert(
      state[name],
      ("score %s, owner %s, %s, %s"):format(
        tostring(properties.lead_score),
        tostring(properties.hubspot_owner_id),
        associated and "with its company" or "alone",
        members[contact.id] and "in the list" or "in no list"
      )
    )
  end
  return state
end

-- Files and words --------------------------------------------------------------------------------------------------

local function write_file(run)
  local lines = { table.concat(run.columns, ",") }
  for number = 1, ROWS do
    local cells_by_name = {
      id = contact_id(number),
      email = email_of(number),
      firstname = "N" .. number,
      lead_score = number,
      owner = "ada@example.org",
      company_id = number % 2 == 1 and COMPANY or "",
    }
    local row = {}
    for index, name in ipairs(run.columns) do
      row[index] = tostring(cells_by_name[name])
    end
    lines[number + 1] = table.concat(row, ",")
  end
  local file = assert(io.open(path, "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
end

local ENDINGS = { errors = ".errors.csv", results = ".results.csv", journal = ".journal", lock = ".journal.lock" }

local function read(name) return exporting.read(path .. ENDINGS[name]) end

local function words_of(place, file, ...)
  local words = { "import", "contacts", file, "--write", "--parallel", "2" }
  local function add(list)
    for _, word in ipairs(list) do
      words[#words + 1] = word == "LIST" and place.list or word
    end
  end
  add { "--errors", path .. ENDINGS.errors, "--results", path .. ENDINGS.results }
  add(place.run_of.words)
  add { ... }
  return words
end

local function remove_files()
  for _, ending in pairs(ENDINGS) do
    os.remove(path .. ending)
    os.remove(path .. ending .. ".part")
  end
end

-- The numbers of the rows by what the results file says of them.
local function results()
  local found = {}
  for line, did in (read "results" or ""):gmatch "\n(%d+),[^,\n]*,(%l+)," do
    found[tonumber(line) - 1] = did
  end
  return found
end

-- Outcomes ---------------------------------------------------------------------------------------------------------

local REFUSED = { [400] = true, [404] = true, [409] = true, [413] = true, [414] = true }

local ROWS_FAIL = { row_fails = true, rows_fail = true, short = true }

-- The exit codes, besides 0, that a fault of one request may lead to.
local function codes_of_one(cell)
  local class, outcome = cells.class_of(cell.request), cell.outcome
  if outcome == "ambiguous" or outcome == "row_unknown" then return { [5] = true } end
  if ROWS_FAIL[outcome] then return { [3] = true } end
  if not REFUSED[cell.row.fault.status] then return cells.codes(cell) end
  -- HubSpot may refuse what an option names, or rows: one that is alone in its batch can't be tried again.
  return class == "read" and { [1] = true, [2] = true } or { [1] = true, [3] = true }
end

local IN_DOUBT = { ambiguous = true, row_unknown = true }

-- Adds to a cell the `codes`, besides 0, that it may end with, and whether creations may be `in_doubt`. A fault that
-- strikes always strikes the requests after it, too.
local function add_codes(cell, requests)
  local row, case = cell.row, cell.case
  cell.codes = {}
  for later = cell.index, case == "always" and #requests or cell.index do
    local one = { row = row, request = requests[later], outcome = cells.outcome(row, case, requests[later]) }
    for code in pairs(one.outcome and codes_of_one(one) or {}) do
      cell.codes[code] = true
    end
    cell.in_doubt = cell.in_doubt or IN_DOUBT[one.outcome] or false
  end
end

local function same(one, other) return core.encode(one) == core.encode(other) end

-- Returns the problem of a portal after an import that came to its end, or nil.
local function problem_of_state(place, whole)
  local state, did = state_of(place), results()
  for number = 1, ROWS do
    local name = "N" .. number
    local records, word = state[name] or {}, did[number]
    if #records > 1 then return name .. " is there twice" end
    if not word then return name .. " is not in the results" end
    local is_written = word ~= "refused" and word ~= "unknown"
    if is_written and not same(records, whole[name]) then
      return ("%s is called %s, and is: %s"):format(name, word, tostring(records[1]))
    end
    if word == "refused" and place.run_of.creates and #records > 0 then return name .. " is refused, and is there" end
    if not is_written and not read("errors"):find(name .. "[,\n]") then return name .. " is not listed" end
  end
end

local function count_words(word)
  local count = 0
  for _, did in pairs(results()) do
    if did == word then count = count + 1 end
  end
  return count
end

-- Imports the rows that were refused as they are, which has to do what the fault kept from them.
local function import_again(place, whole)
  local refused = path .. ".again.csv"
  os.rename(path .. ENDINGS.errors, refused)
  remove_files()
  local result = place:run(words_of(place, refused))
  os.remove(refused)
  if result.code ~= 0 then return "imported again: " .. tostring(result.message) .. result.notes end
  if not same(state_of(place), whole) then return "imported again, it is " .. core.encode(state_of(place)) end
end

-- Cells --------------------------------------------------------------------------------------------------------------

local function check_failure(place, cell, result)
  local problem = cells.problem_of_message(result)
  if problem then return problem end
  if read "errors" or read "results" then return "a file has its name" end
  local has_begun = read "journal" ~= nil
  if has_begun and not result.message:find("--resume resumes it", 1, true) then return "it tells of no --resume" end
  local resumed = place:run(words_of(place, path, has_begun and "--resume" or nil))
  local may_list = cell.codes[3] or place.run_of.creates and cell.in_doubt
  if resumed.code == 0 or may_list and resumed.code == 3 then return nil end
  return ("resumed: %d %s"):format(resumed.code, tostring(resumed.message))
end

local function problem_of(place, cell, result, whole)
  if result.code ~= 0 and not cell.codes[result.code] then return "not " .. cell.outcome end
  local problem = result.code ~= 0 and result.code ~= 3 and check_failure(place, cell, result)
  problem = problem or problem_of_state(place, whole)
  if problem then return problem end
  if read "journal" or read "lock" then return "it left its journal" end
  local refused, unknown = count_words "refused", count_words "unknown"
  if unknown > 0 and not place.run_of.creates then return "rows are unknown" end
  if refused + unknown == 0 then return not same(state_of(place), whole) and "it is not as undisturbed" or nil end
  return unknown == 0 and import_again(place, whole) or nil
end

local function begin(place)
  remove_files()
  reset(place)
end

-- Strikes each request of a run that a fault can strike. Gives their number.
local function strike(place, row, case)
  write_file(place.run_of)
  begin(place)
  local words = words_of(place, path)
  local requests = place:run_undisturbed(words).requests
  local whole = state_of(place)
  return command_matrix.strike {
    row = row,
    case = case,
    place = place,
    words = words,
    requests = requests,
    name = place.run_of.name,
    prepare = function() begin(place) end,
    check = function(cell, result)
      add_codes(cell, requests)
      return problem_of(place, cell, result, whole)
    end,
  }
end

--- Adds an example for each fault.
-- @tparam table runs each with `name`, `words`, `columns` of the file, `existing`, the contacts that are there before,
--   and `creates`
function command_import.add_examples(runs)
  local places, rows_a_batch, batches_a_wave

  busted.setup(function()
    rows_a_batch, batches_a_wave = batch_reader.ROWS, job.WAVE
    batch_reader.ROWS, job.WAVE = ROWS_A_BATCH, BATCHES_A_WAVE
    places = {}
    for _, run in ipairs(runs) do
      places[run] = new_place(run)
    end
  end)
  busted.teardown(function()
    batch_reader.ROWS, job.WAVE = rows_a_batch, batches_a_wave
  end)
  busted.before_each(function() path = scratch.path "import.csv" end)
  busted.after_each(function() scratch.remove_folder_of(path) end)

  command_matrix.add_examples {
    text = "is done, or resumed to be",
    runs = runs,
    may_miss = { repeat_cursor = true, empty = true },
    strike = function(run, row, case) return strike(places[run], row, case) end,
  }
end

return command_import
