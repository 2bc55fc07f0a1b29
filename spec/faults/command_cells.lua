-- The cells of a matrix of runs of `hubspot-lua`: which request a fault can strike, and the exit code that it must lead
-- to. Required outcomes are those of `spec.faults.faults` for the class of the request.
--
-- COMMAND_FAULTS=all strikes with all rows; by default those that the command can't tell from another one are left out.

local core = require "hubspot.core"
local faults = require "spec.faults.faults"
local script = require "spec.support.script"

local cells = {}

local FOR_GOOD = 1000000

-- Statuses that are treated as 400, as 423 or as 500 is.
local LIKE_ANOTHER = { [409] = true, [413] = true, [414] = true, [477] = true }

local function is_like_another(fault)
  local status = fault.status
  return fault.kind == "html"
    or fault.body ~= nil
    or fault.policy == "SECONDLY"
    or fault.kind == "status" and (LIKE_ANOTHER[status] or status > 500)
end

--- Returns whether the environment asks for all kinds of faults.
function cells.strikes_all() return os.getenv "COMMAND_FAULTS" == "all" end

-- Pages of v1 only.
local function is_of_v1(row) return row.fault.kind == "repeat_cursor" and not row.fault.after end

--- The rows of `spec.faults.faults` that can strike a command.
-- @treturn table
function cells.rows()
  local rows = {}
  for _, row in ipairs(faults) do
    local fault = row.fault
    -- A command has a token, and no means to renew it.
    local strikes = fault and not row.oauth and not is_of_v1(row)
    if strikes and (cells.strikes_all() or not is_like_another(fault)) then rows[#rows + 1] = row end
  end
  return rows
end

--- The cases of a row. What is not repeated ends the same, whatever later requests would meet.
-- @treturn table of "once" and "always"
function cells.cases(row)
  local once, always = row.once, row.always
  if not once or not always then return { once and "once" or "always" } end
  if once.read == always.read and not cells.strikes_all() then return { "once" } end
  return { "once", "always" }
end

-- Requests -----------------------------------------------------------------------------------------------------------

local CLASSES = {
  { "POST", "/crm/objects/[^/]+/[^/]+/search$", "pages" },
  { "POST", "/search$", "pages" },
  { "POST", "/batch/read$", "batch_read" },
  { "POST", "/crm/objects/.*/batch/create$", "batch_create" },
  { "POST", "/batch/", "batch_write" },
  { "PUT", "", "repeatable" },
}

--- The class of a request, as `spec.faults.faults` has them.
-- @tparam table request of the portal's log
function cells.class_of(request)
  for _, row in ipairs(CLASSES) do
    if request.method == row[1] and request.path:find(row[2]) then return row[3] end
  end
  return request.query:find("limit=", 1, true) and "pages" or "read"
end

local ROWS = { "results", "lists", "campaigns", "events" }

local function rows_of(body)
  local decoded = core.decode(body or "")
  for _, name in ipairs(type(decoded) == "table" and ROWS or {}) do
    if type(decoded[name]) == "table" then return decoded[name] end
  end
  return {}
end

local function has_inputs(request)
  local decoded = core.decode(request.body or "")
  return type(decoded) == "table" and type(decoded.inputs) == "table" and #decoded.inputs > 0
end

local function has_more(request)
  local decoded = core.decode(request.answer.body)
  return decoded.paging ~= nil or decoded.hasMore == true or false
end

-- Faults that need something to change in a request or its answer.
local NEEDS = {
  multi_status = has_inputs,
  drop_rows = function(request) return #rows_of(request.answer.body) > 0 end,
  -- The cursor that the fault makes up is none that HubSpot takes.
  empty = has_more,
  repeat_cursor = function(request)
    return request.query:find("after=", 1, true) ~= nil or request.query:find("offset=", 1, true) ~= nil
  end,
}

--- The required outcome where a fault strikes a request; nil where it has nothing to strike.
-- @tparam table row of `cells.rows`
-- @tparam string case "once" or "always"
-- @tparam table request of the undisturbed run
-- @treturn ?string
function cells.outcome(row, case, request)
  local needs = NEEDS[row.fault.kind]
  if needs and not needs(request) then return nil end
  return faults.expected(row, case, cells.class_of(request), request.path) or nil
end

--- The fault that strikes the request at an index, from 1, of a run.
function cells.fault(row, case, index)
  local fault = {}
  for name, value in pairs(row.fault) do
    fault[name] = value
  end
  if fault.body == "TOKENS" then fault.body = nil end
  fault.after, fault.times = index - 1, case == "always" and FOR_GOOD or 1
  return fault
end

-- Outcomes -----------------------------------------------------------------------------------------------------------

local REFUSED = { [400] = true, [404] = true, [409] = true, [413] = true, [414] = true }

-- What follows a page that leads nowhere depends on the place that it leads to.
local BY_KIND = {
  expired = { [4] = true },
  repeat_cursor = { [5] = true },
  drop_rows = { [5] = true },
  multi_status = { [1] = true, [5] = true },
  empty = { [1] = true, [5] = true },
}

--- The exit codes, besides 0, that a cell may end with.
-- @tparam table cell `row` and `outcome`
-- @treturn table a set
function cells.codes(cell)
  local fault = cell.row.fault
  if BY_KIND[fault.kind] then return BY_KIND[fault.kind] end
  if cell.outcome ~= "fails" then return {} end
  if fault.status == 401 or fault.status == 403 then return { [4] = true } end
  return REFUSED[fault.status] and { [1] = true } or { [5] = true }
end

--- Returns whether nobody can tell that something is missing.
function cells.may_be_short(cell) return cell.outcome == "short" or cell.row.loses or false end

local ADVICE = {
  [4] = { "Check the token", "add the missing scope" },
  [5] = { "--resume", "un the same again", "If that continues, check", "check --base-url" },
}

--- The problem of what a run that failed says, or nil: it is one line, shows no secret, and says what to do.
-- @tparam table result
-- @treturn ?string
function cells.problem_of_message(result)
  local message = result.message
  if not message or message:find "%c" or not message:find "%S" then return "not one line: " .. tostring(message) end
  local shown = message .. "\n" .. result.notes
  if shown:find(script.TOKEN, 1, true) then return "the token is shown: " .. shown end
  if shown:find(".lua:", 1, true) then return "it tells of a place in the source: " .. shown end
  if not ADVICE[result.code] then return nil end
  for _, advice in ipairs(ADVICE[result.code]) do
    if shown:find(advice, 1, true) then return nil end
  end
  return "it does not say what to do: " .. shown
end

--- The problem of a run that failed, or nil: its code is one that the cell may end with, and it says what to do.
-- @tparam table cell `row` and `outcome`
-- @tparam table result
-- @treturn ?string
function cells.problem_of_failure(cell, result)
  return not cells.codes(cell)[result.code] and "not " .. cell.outcome or cells.problem_of_message(result)
end

return cells
