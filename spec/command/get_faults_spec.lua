-- Each fault at each request of `hubspot-lua get` and `hubspot-lua request`: they print what an undisturbed run prints,
-- or end with the code that says why not. COMMAND_FAULTS=all strikes with more kinds of faults.

local cells = require "spec.faults.command_cells"
local command_matrix = require "spec.faults.command_matrix"
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

local function problem_of(run, cell, result, whole)
  if result.code == 0 then
    local is_right = result.text == whole or cells.may_be_short(cell) and is_short_of(result.text, whole)
    return not is_right and result.text or nil
  end
  -- It tells of each record that is not there.
  if run[1] == "get" and cell.outcome == "short" and result.code == 1 and not result.message then return nil end
  return cells.problem_of_failure(cell, result)
end

local function strike(run, row, case)
  local undisturbed = place:run_undisturbed(run)
  return command_matrix.strike {
    row = row,
    case = case,
    place = place,
    words = run,
    requests = undisturbed.requests,
    name = run[1],
    check = function(cell, result) return problem_of(run, cell, result, undisturbed.text) end,
  }
end

describe("hubspot-lua", function()
  setup(function()
    place = command_place.new { contacts = 5, companies = 3, clock = 1780000000000 }
    for _, email in ipairs { "ada@example.org", "ben@example.org" } do
      place:must("POST", CONTACTS, { properties = { email = email, city = "Lyon" } })
    end
  end)

  command_matrix.add_examples {
    text = "prints all, or says why not",
    runs = RUNS,
    -- Pages whose cursors go round have no end.
    in_both_cases = "empty",
    strike = strike,
  }
end)
