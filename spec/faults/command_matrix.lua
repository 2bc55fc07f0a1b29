-- The matrix of a run of `hubspot-lua`: an example for each fault, which strikes each of the run's requests in turn.

local busted = require "busted"
local cells = require "spec.faults.command_cells"

local command_matrix = {}

local function new_cell(row, case, requests, index)
  local outcome = cells.outcome(row, case, requests[index])
  if not outcome then return nil end
  return {
    row = row,
    case = case,
    index = index,
    request = requests[index],
    outcome = outcome,
    fault = cells.fault(row, case, index),
  }
end

-- Runs what a fault strikes. Gives what is wrong with its result, or with what `check` finds, and nil where nothing is.
local function problem_of(place, words, cell, check)
  place.portal:fault(cell.fault)
  local result = place:run(words, cell.row.options)
  place.portal:clear_faults()
  local problem = not result.was_struck and "the fault did not strike" or check(cell, result)
  return problem and ("%s %s: %s"):format(tostring(result.code), tostring(result.message), problem)
end

--- Strikes each request of a run that a fault can strike. Throws where one ends otherwise than it must.
-- @tparam table options `row` of `cells.rows`; `case`; `place`; `words` of the run; `requests` of the undisturbed one;
--   `name` of the run in a message; `prepare`, function(), called before each run; `check`, function(cell, result),
--   which returns what is wrong, or nil; `is_left_out`, function(cell), where some requests are no matter
-- @treturn integer how many were struck
function command_matrix.strike(options)
  local struck = 0
  for index, request in ipairs(options.requests) do
    local cell = new_cell(options.row, options.case, options.requests, index)
    if cell and not (options.is_left_out and options.is_left_out(cell)) then
      struck = struck + 1
      if options.prepare then options.prepare() end
      local problem = problem_of(options.place, options.words, cell, options.check)
      local label = ("%s, request %d, %s %s: "):format(options.name, index, request.method, request.path)
      assert(not problem, label .. tostring(problem))
    end
  end
  return struck
end

--- Adds an example for each fault, which fails where nothing is struck.
-- @tparam table options `text` of the examples; `runs`; `strike`, function(run, row, case), which returns how many
--   requests it struck; `rows`, unless they are those of `cells.rows`; `in_both_cases`, a kind of fault that strikes
--   once and always, though all requests end the same; `may_miss`, a set of kinds that need not strike
function command_matrix.add_examples(options)
  for _, row in ipairs(options.rows or cells.rows()) do
    local kind = row.fault.kind
    for _, case in ipairs(kind == options.in_both_cases and { "once", "always" } or cells.cases(row)) do
      busted.it(("%s: %s, %s"):format(options.text, row.name, case), function()
        local struck = 0
        for _, run in ipairs(options.runs) do
          struck = struck + options.strike(run, row, case)
        end
        assert(struck > 0 or options.may_miss and options.may_miss[kind], "nothing was struck")
      end)
    end
  end
end

return command_matrix
