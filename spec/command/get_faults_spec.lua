-- Each fault at each request of `hubspot-lua get` and `hubspot-lua request`: they print what an undisturbed run prints,
-- or end with the code that says why not. COMMAND_FAULTS=all strikes with more kinds of faults.

local cells = require "spec.faults.command_cells"
local command_place = require "spec.faults.command_place"

local CONTACTS = "/crm/objects/2026-09/contacts"

local RUNS = {
  { "get", "contacts", "4127", "4158", "--properties", "all", "--associations", "companies" },
  { "get", "contacts", "ada@example.org", "ben@example.org", "--history", "city" },
  { "request", "GET", CONTACTS, "--paginate", "-q", "limit=2" },
  { "request", "POST", CONTACTS .. "/search", "--paginate", "-F", "limit=2" },
}

local place

-- Returns whether a text has nothing that another one lacks, but for associations that HubSpot left out.
local function is_short_of(text, whole) return #text < #whole end

local function problem_of(run, cell, whole)
  place.portal:fault(cell.fault)
  local result = place:run(run, cell.row.options)
  place.portal:clear_faults()
  local label = ("%s %s: "):format(tostring(result.code), tostring(result.message))
  if not result.was_struck then return label .. "the fault did not strike" end
  if result.code == 0 then
    local is_right = result.text == whole or cells.may_be_short(cell) and is_short_of(result.text, whole)
    return not is_right and label .. result.text or nil
  end
  -- It tells of each record that is not there.
  if run[1] == "get" and cell.outcome == "short" and result.code == 1 and not result.message then return nil end
  if not cells.codes(cell)[result.code] then return label .. "not " .. cell.outcome end
  local problem = cells.problem_of_message(result, command_place.TOKEN)
  return problem and label .. problem
end

local function strike_all(run, row, case)
  local undisturbed = place:run_and_log(run)
  assert(undisturbed.code == 0, undisturbed.message)
  local struck = 0
  for index, request in ipairs(undisturbed.requests) do
    local outcome = cells.outcome(row, case, request)
    if outcome then
      struck = struck + 1
      local cell = { row = row, fault = cells.fault(row, case, index), outcome = outcome }
      local problem = problem_of(run, cell, undisturbed.text)
      local label = ("%s, request %d, %s %s: "):format(run[1], index, request.method, request.path)
      assert(not problem, label .. tostring(problem))
    end
  end
  return struck
end

describe("hubspot-lua", function()
  setup(function()
    place = command_place.new { contacts = 5, companies = 3, clock = 1780000000000 }
    for _, email in ipairs { "ada@example.org", "ben@example.org" } do
      place:must("POST", CONTACTS, { properties = { email = email, city = "Lyon" } })
    end
  end)

  for _, row in ipairs(cells.rows()) do
    -- Pages whose cursors go round have no end.
    for _, case in ipairs(row.fault.kind == "empty" and { "once", "always" } or cells.cases(row)) do
      it(("prints all, or says why not: %s, %s"):format(row.name, case), function()
        local struck = 0
        for _, run in ipairs(RUNS) do
          struck = struck + strike_all(run, row, case)
        end
        assert.is_true(struck > 0)
      end)
    end
  end
end)
