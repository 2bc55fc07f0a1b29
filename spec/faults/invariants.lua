-- The invariants of a call, whatever its outcome, judged by the sandbox's store.
--
-- A call is a table: `operation`, `subject`, `class`, what it returned (`value`, `err`), `seconds` and `deadline`; of a
-- write what the store says (`effects` or `rows`, as `spec.faults.operations` has them), and `carried_out`: how many of
-- its requests were; of a read `loses`, true where records may be missing; of an iterator that failed `rest.ids`, what
-- it gave before, and `rests`: lists of what it and others like it gave afterwards.

local world = require "spec.faults.world"

local unpack_list = table.unpack or unpack -- luacheck: ignore

local invariants = {}

-- Generous: the machine may be busy.
local HANG_GUARD = 20

local function secret_in(value, seen)
  local text = tostring(value)
  for name, secret in pairs(world.SECRETS) do
    if text:find(secret, 1, true) then return name end
  end
  if type(value) ~= "table" or seen[value] then return nil end
  seen[value] = true
  for key, item in pairs(value) do
    local name = secret_in(key, seen) or secret_in(item, seen)
    if name then return name end
  end
end

-- A batch is judged by its inputs: each that has no error is written, each whose error is not ambiguous is not.
local function problem_of_rows(call)
  local errors = {}
  for _, err in ipairs(call.value.errors) do
    errors[err.index] = err
  end
  for index, times in ipairs(call.rows) do
    local err, is_written = errors[index], times > 0
    if not err and not is_written then return ("input %d is called written and is not"):format(index) end
    if err and not err.ambiguous and is_written then
      return ("input %d is called refused and is written: %s"):format(index, tostring(err))
    end
  end
end

local function problem_of_write(call)
  if not call.rows and not call.effects then return nil end
  local most = math.max(unpack_list(call.rows or { call.effects }))
  if most > 1 then return "it is done twice" end
  if call.value and call.rows then return problem_of_rows(call) end
  if call.value and most == 0 then return "it is called done and is not" end
  if most > 0 and not call.value and not call.err.ambiguous then return "it is done and not called ambiguous" end
  if call.class == "unrepeatable" and call.carried_out > 1 then return "it was carried out twice" end
end

--- Returns the fault of a list of ids: one comes twice, or a wanted one is missing; or nil.
function invariants.problem_of_ids(ids, wanted)
  local seen = {}
  for _, id in ipairs(ids) do
    if seen[id] then return ("the record %s came twice"):format(id) end
    seen[id] = true
  end
  for _, id in ipairs(wanted or {}) do
    if not seen[id] then return ("the record %s never came"):format(id) end
  end
end

local function joined(first, second)
  local all = {}
  for _, list in ipairs { first, second } do
    for _, id in ipairs(list) do
      all[#all + 1] = id
    end
  end
  return all
end

local function problem_of_records(call)
  local wanted = call.operation.wanted
  if not wanted then return nil end
  local ids = not call.loses and wanted(call.subject.world) or nil
  if call.value then return invariants.problem_of_ids(call.value, ids) end
  for _, rest in ipairs(call.rests or {}) do
    local problem = invariants.problem_of_ids(joined(call.rest.ids, rest), ids)
    if problem then return problem end
  end
end

local function problem_of_secrets(call)
  local name = secret_in(call.err, {}) or call.rows and call.value and secret_in(call.value.errors, {})
  return name and ("an error shows the " .. name) or nil
end

--- Returns the fault of a call, or nil.
function invariants.problem(call)
  if call.seconds > call.deadline + HANG_GUARD then return ("it took %.0f s"):format(call.seconds) end
  return problem_of_write(call) or problem_of_records(call) or problem_of_secrets(call)
end

return invariants
