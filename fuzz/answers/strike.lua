-- Calls each operation on a portal, changes one of the answers, and checks the outcome: nothing but an error table is
-- thrown, a failure is an error with words, and a write that the portal carried out never fails without `ambiguous`.

local calls = require "fuzz.answers.calls"
local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local is_read = require "fuzz.answers.is_read"
local mutate = require "fuzz.answers.mutate"
local new_place = require "fuzz.answers.place"

local answers = {}

local VERSIONS = { "v1", "2026-03", "2026-09" }

-- A call that sends more requests is in an endless loop.
local MOST_REQUESTS = 300

--- Numbers that are the same on each interpreter for the same seed: function(n) gives an integer from 1 to n.
function answers.random(seed)
  local state = seed % 2147483647 + 1
  return function(n)
    state = state * 16807 % 2147483647
    return math.floor(state / 2147483647 * n) + 1
  end
end

--- All calls: a list of `{ name =, version =, index =, raw = }`.
function answers.cases()
  local cases = {}
  for _, name in ipairs(check.sorted_keys(calls)) do
    for _, version in ipairs(VERSIONS) do
      for index = 1, #calls[name] do
        for _, raw in ipairs { false, true } do
          cases[#cases + 1] = { name = name, version = version, index = index, raw = raw }
        end
      end
    end
  end
  return cases
end

local function call_of(case, place)
  local call = calls[case.name][case.index]
  return function() return call(place.client, place, { raw = case.raw or nil }) end
end

-- Calls with answers that `change(number, answer)` may have changed. Gives what `pcall` gave, and what was asked.
local function run(case, change)
  local asked = { count = 0, writes_done = 0 }
  local place = new_place(case.version, function(request, answer)
    asked.count = asked.count + 1
    if asked.count > MOST_REQUESTS then return { status = 400, headers = {}, body = "{}" } end
    local is_write = answer.status < 300 and not is_read(request)
    local given = change(asked.count, answer)
    -- A refused request was not carried out, as far as a client can tell.
    if is_write and (given.status < 300 or given.status >= 500) then asked.writes_done = asked.writes_done + 1 end
    asked.last = request
    return given
  end)
  -- Reads ahead, batches side by side, and joint reads, as over sockets.
  if case.index % 2 == 0 or case.name:find "get" then place.client.loop_for_background = place.client.loop end
  local outcome = { pcall(call_of(case, place)) }
  asked.went_round = asked.count > MOST_REQUESTS
  return outcome, asked
end

--- Counts the answers of a call: 0 where it does not take `raw`. Throws where it does not succeed.
function answers.record(case)
  local outcome, asked = run(case, function(_, answer) return answer end)
  local succeeded, value, err = outcome[1], outcome[2], outcome[3]
  if case.raw and not succeeded then return 0 end
  if not succeeded or value == nil then
    error(("%s on %s: %s"):format(case.name, case.version, tostring(succeeded and err or value)), 0)
  end
  return asked.count
end

local function status_change(answer, random)
  local statuses = { 400, 403, 404, 409, 429, 500 }
  answer.status = statuses[random(#statuses)]
end

local ERROR = '{"status":"error","message":"m: [{\\"name\\":\\"x\\"}]","correlationId":"c","category":"X","errors":[{"message":'
  .. '"e","code":"K","in":"f","context":{"existingId":["1"],"requiredGranularScopes":["s"]}}],"validationResults":'
  .. '[{"isValid":false,"message":"v","error":"E","name":"n"}],"failureMessages":[{"index":0,"error":{"message":'
  .. '"x"}}],"identityProfile":{"vid":5},"policyName":"SECONDLY"}'

-- Returns the fault of an error, or nil and its words.
local function complaint_of_error(err)
  if not errors.is_error(err) then return "failed with " .. tostring(err) end
  local told, words = pcall(tostring, err)
  if not told or type(words) ~= "string" then return "failed with an error without words: " .. tostring(words) end
  if type(err.kind) ~= "string" or type(err.message) ~= "string" then return "failed with an error without a kind" end
  return nil, words
end

-- Returns the fault of the errors of a batch's rows, or nil.
local function complaint_of_rows(value)
  for _, err in ipairs(type(value) == "table" and type(value.errors) == "table" and value.errors or {}) do
    local complaint = errors.is_error(err) and complaint_of_error(err)
    if complaint then return "has a row that " .. complaint end
  end
end

-- Returns the fault in the outcome of a call with a changed answer, or nil.
local function complaint_of(outcome, asked)
  local succeeded, value, err = outcome[1], outcome[2], outcome[3]
  if not succeeded then
    if not errors.is_error(value) then return "threw " .. tostring(value) end
    err = value
  elseif value ~= nil then
    return complaint_of_rows(value)
  end
  local complaint, words = complaint_of_error(err)
  if complaint then return complaint end
  if asked.writes_done > 0 and not err.ambiguous then
    return "was carried out and failed without ambiguous: " .. words
  end
end

--- Changes one answer of a call.
-- @tparam table case
-- @tparam integer count of the answers that the call gets
-- @tparam function random
-- @treturn ?string what is wrong with how it ended
-- @treturn string the answer that was changed
function answers.strike(case, count, random)
  local which, changed = random(count), nil
  local outcome, asked = run(case, function(number, answer)
    if number ~= which then return answer end
    local copy = { status = answer.status, headers = answer.headers, body = answer.body or "" }
    local kind = random(8)
    if kind == 1 then
      status_change(copy, random)
      copy.body = mutate(ERROR, random)
    else
      copy.body = mutate(copy.body, random)
    end
    changed = copy
    return copy
  end)
  return complaint_of(outcome, asked),
    ("answer %d of %d: %d %s"):format(
      which,
      count,
      changed and changed.status or 0,
      core.encode(changed and changed.body or "") or ""
    )
end

-- JSON whose ids are numbers. Names of properties, which have underscores, are left as they are.
local function with_numbers(body)
  body = body:gsub('("%a*[iI]ds":)(%b[])', function(name, list) return name .. list:gsub('"(%d+)"', "%1") end)
  return (body:gsub('("%a*[iI]d":)"(%d+)"', "%1%2"))
end

--- Makes a call to which the ids of all answers come as JSON numbers.
-- @tparam table case
-- @treturn boolean whether it threw nothing
-- @return what the call gave, or threw
-- @return its error
function answers.with_ids_as_numbers(case)
  local outcome = run(
    case,
    function(_, answer)
      return { status = answer.status, headers = answer.headers, body = with_numbers(answer.body or "") }
    end
  )
  return outcome[1], outcome[2], outcome[3]
end

return answers
