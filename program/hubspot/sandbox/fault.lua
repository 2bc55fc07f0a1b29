--- Faults on request: what can go wrong between a client and HubSpot, at the requests that a test chooses.
--
-- A fault is a table with `kind`, and with `times` (default 1), `after` (how many matching requests pass first), and
-- `method` and `path`, which choose the requests. `path` is a part of the path; after `^` its beginning, before `$` its
-- end, and `*` stands for anything. The kinds:
--
-- * `status`: this `status`, with `body` or an error object of HubSpot's
-- * `rate_limit`: 429 of a `policy` (`DAILY`, `TEN_SECONDLY_ROLLING`, `SECONDLY`), with `retry_after` where given
-- * `html`: this `status` (default 502) with an HTML page
-- * `garbage`: 200 with a body that is no JSON
-- * `expired`: 401 of an expired token
-- * `reset`: the connection is reset, the request not carried out; `reset_after`: the same, but it was carried out
-- * `cut`: the answer ends in the middle of its body
-- * `slow`: the answer comes `seconds` late; `hang`: it never comes
-- * `multi_status`: the inputs at `indexes` (from 1) of a batch fail, the others are carried out; with `together` one
--   error names all that fail, with `nameless` it names none
-- * `drop_rows`: the rows at `indexes` (from 1; default the last) are missing from the answer
-- * `empty`: a page without rows but with a cursor; `repeat_cursor`: a page with the cursor that was sent
local core = require "hubspot.core"
local quota = require "hubspot.sandbox.quota"
local reply = require "hubspot.sandbox.reply"
local sequence = require "hubspot.sandbox.sequence"
local texts = require "hubspot.sandbox.text"

local fault = {}

local array = core.array

local MESSAGES = {
  [400] = "Invalid request",
  [403] = "You do not have permissions to view this",
  [404] = "resource not found",
  [409] = "Conflict",
  [414] = "URI Too Long",
  [423] = "The record is locked",
  [477] = "This account is being migrated",
  [500] = "internal error",
  [502] = "Bad Gateway",
  [503] = "Service Unavailable",
  [504] = "Gateway Timeout",
}

-- A fault that is kept for good is asked for a large number of times; a second more than an hour is no test.
local MOST, LONGEST, LONGEST_TEXT = 1e9, 3600, 1048576

local ROWS = { "results", "contacts", "lists", "campaigns", "events", "timeline" }

-- Each kind is a function(fault, req, carry_out) → answer, effect. `carry_out(req)` does what the request asks;
-- an effect tells the server what to do with the connection.
local kinds = {}

function kinds.status(spec)
  local status = spec.status or 500
  local answer
  if spec.body then
    answer = reply.bare(status, spec.body)
  else
    answer = reply.problem(status, MESSAGES[status] or "error")
  end
  if spec.retry_after then answer.headers["retry-after"] = tostring(spec.retry_after) end
  return answer
end

function kinds.rate_limit(spec) return quota.refusal(spec.policy or "TEN_SECONDLY_ROLLING", spec.retry_after) end

function kinds.html(spec) return reply.html(spec.status or 502) end

function kinds.garbage() return reply.bare(200, '{"results":[{"id":"41') end

function kinds.expired()
  return reply.problem(401, "The OAuth token used to make this call expired.", { category = "EXPIRED_AUTHENTICATION" })
end

function kinds.reset() return nil, { kind = "reset" } end

function kinds.reset_after(_, req, carry_out)
  carry_out(req)
  return nil, { kind = "reset" }
end

function kinds.cut(_, req, carry_out) return carry_out(req), { kind = "cut" } end

function kinds.slow(spec, req, carry_out) return carry_out(req), { kind = "slow", seconds = spec.seconds or 1 } end

function kinds.hang() return nil, { kind = "hang" } end

local function decoded(text)
  local value = text and text ~= "" and core.decode(text, true)
  return type(value) == "table" and value or nil
end

-- An answer whose body was changed. Decoding forgets which empty tables were arrays; rows are the ones that matter.
local function with_body(answer, body, rows)
  if rows then body[rows] = array(body[rows]) end
  local changed = reply.json(answer.status, body)
  for name, value in pairs(answer.headers) do
    changed.headers[name] = value
  end
  return changed
end

local function rows_name(body)
  for _, name in ipairs(ROWS) do
    if type(body[name]) == "table" then return name end
  end
  return nil
end

local function picked(indexes, count)
  local set = {}
  for _, index in ipairs(indexes or { count }) do
    set[index] = true
  end
  return set
end

local function new_context()
  return { ids = array {}, objectWriteTraceId = array {}, fromObjectId = array {}, toObjectId = array {} }
end

local function end_of(one) return type(one) == "table" and (one.id or type(one[1]) == "table" and one[1].id) or nil end

-- HubSpot names a record by its id or trace, and an association by its ends.
local function names_of_input(input)
  return {
    ids = input.id,
    objectWriteTraceId = input.objectWriteTraceId,
    fromObjectId = end_of(input.from),
    toObjectId = end_of(input.to),
  }
end

-- The errors of inputs that failed: one for each, or one for all.
local function input_errors(spec, inputs)
  local groups = {}
  for index, input in ipairs(inputs) do
    local place = (spec.together or spec.nameless) and 1 or index
    groups[place] = groups[place] or new_context()
    for name, value in pairs(names_of_input(input)) do
      table.insert(groups[place][name], value)
    end
  end
  local errors = {}
  for index, context in ipairs(groups) do
    for name, values in pairs(context) do
      if #values == 0 or spec.nameless then context[name] = nil end
    end
    errors[index] = {
      status = "error",
      category = "VALIDATION_ERROR",
      context = context,
      errors = array {},
      links = {},
      message = "The input failed, as the sandbox was asked",
    }
  end
  return errors
end

function kinds.multi_status(spec, req, carry_out)
  local body = decoded(req.body)
  if not body or type(body.inputs) ~= "table" then return carry_out(req) end
  local failing, kept, failed = picked(spec.indexes, #body.inputs), {}, {}
  for index, input in ipairs(body.inputs) do
    table.insert(failing[index] and failed or kept, input)
  end
  local errors = input_errors(spec, failed)
  local answer, result = { status = 207, headers = {} }, { status = "COMPLETE", results = {} }
  if #kept > 0 then
    body.inputs = array(kept)
    req.body = core.encode(body)
    answer = carry_out(req)
    result = decoded(answer.body)
    if answer.status >= 300 or not result then return answer end
  end
  answer.status = 207
  result.numErrors = (result.numErrors or 0) + #errors
  for _, earlier in ipairs(result.errors or {}) do
    errors[#errors + 1] = earlier
  end
  result.errors = array(errors)
  return with_body(answer, result, "results")
end

function kinds.drop_rows(spec, req, carry_out)
  local answer = carry_out(req)
  local body = decoded(answer.body)
  local name = body and rows_name(body)
  if name then
    local dropped, kept = picked(spec.indexes, #body[name]), {}
    for index, row in ipairs(body[name]) do
      if not dropped[index] then kept[#kept + 1] = row end
    end
    body[name] = kept
    return with_body(answer, body, name)
  end
  if body then
    -- A batch of v1: an object by vid, whose rows count by rising vid.
    local vids = {}
    for vid in pairs(body) do
      vids[#vids + 1] = vid
    end
    table.sort(vids)
    for index in pairs(picked(spec.indexes, #vids)) do
      body[vids[index] or ""] = nil
    end
    return with_body(answer, body)
  end
  return answer
end

local function ensure_cursor(body)
  if body["has-more"] ~= nil then
    body["has-more"] = true
  elseif body.hasMore ~= nil then
    body.hasMore = true
  elseif type(body.paging) ~= "table" or not body.paging.next then
    body.paging = { next = { after = "1" } }
  end
end

function kinds.empty(_, req, carry_out)
  local answer = carry_out(req)
  local body = decoded(answer.body)
  local name = body and rows_name(body)
  if not name then return answer end
  body[name] = {}
  ensure_cursor(body)
  return with_body(answer, body, name)
end

local V1_CURSORS = { ["vid-offset"] = "vidOffset", ["time-offset"] = "timeOffset", offset = "offset" }

local function sent_cursor(req, name)
  local in_body = decoded(req.body)
  return req.query[name] and req.query[name][1] or (in_body and in_body[name])
end

function kinds.repeat_cursor(_, req, carry_out)
  local answer = carry_out(req)
  local body = decoded(answer.body)
  local name = body and rows_name(body)
  if not name then return answer end
  ensure_cursor(body)
  for shown, parameter in pairs(V1_CURSORS) do
    if body[shown] then
      local sent = sent_cursor(req, parameter)
      -- The cursors of contacts are numbers; those of e-mails are opaque, and the first page repeats its own.
      if type(body[shown]) ~= "string" then
        body[shown] = tonumber(sent) or 0
      elseif sent then
        body[shown] = sent
      end
    end
  end
  if type(body.paging) == "table" and body.paging.next then
    body.paging.next = { after = sent_cursor(req, "after") or body.paging.next.after }
  end
  return with_body(answer, body, name)
end

local function text(value) return type(value) == "string" and #value <= LONGEST_TEXT, "must be a text" end

local function flag(value) return type(value) == "boolean", "must be true or false" end

local function number(from, to)
  return function(value)
    return type(value) == "number" and value >= from and value <= to,
      string.format("must be a number from %.0f to %.0f", from, to)
  end
end

local function indexes(value)
  local fine = type(value) == "table"
  for _, index in ipairs(fine and value or {}) do
    fine = fine and type(index) == "number"
  end
  return fine, "must be a list of numbers"
end

-- Fields of a fault: name → function(value) → whether it is valid, and what it must be.
local FIELDS = {
  kind = text,
  method = text,
  path = text,
  body = text,
  policy = text,
  times = number(1, MOST),
  after = number(0, MOST),
  status = number(100, 999),
  retry_after = number(0, LONGEST),
  seconds = number(0, LONGEST),
  indexes = indexes,
  together = flag,
  nameless = flag,
}

local function field_problem(spec)
  for name, value in pairs(spec) do
    local check = FIELDS[name]
    if not check then return "unknown field of a fault: " .. tostring(name) end
    local fine, expected = check(value)
    if not fine then return tostring(name) .. " of a fault " .. expected end
  end
  return nil
end

--- The kinds of faults, sorted.
function fault.kinds() return sequence.names(kinds) end

local function kind_problem(spec)
  return ("%s: it must be one of %s"):format(
    spec.kind and "unknown kind of fault: " .. spec.kind or "a fault needs kind",
    table.concat(fault.kinds(), ", ")
  )
end

--- A fault as it was asked for, with what is left of it.
function fault.shown(spec)
  local shown = {}
  for name, value in pairs(spec) do
    if FIELDS[name] then shown[name] = value end
  end
  return shown
end

--- A test of paths for the `path` of a fault.
function fault.path_test(path)
  local start, rest = path:match "^(%^?)(.*)$"
  local stop = rest:sub(-1) == "$"
  return texts.wildcard((start == "" and "*" or "") .. (stop and rest:sub(1, -2) or rest .. "*"))
end

--- A fault as it is kept, or nil and what is wrong with it.
function fault.new(spec)
  if type(spec) ~= "table" then return nil, "a fault must be a table with kind" end
  local problem = field_problem(spec)
  if problem then return nil, problem end
  if not kinds[spec.kind] then return nil, kind_problem(spec) end
  local made = {}
  for name, value in pairs(spec) do
    made[name] = value
  end
  made.times = spec.times or 1
  made.after = spec.after or 0
  made.fits = spec.path and fault.path_test(spec.path)
  return made
end

local function matches(spec, req)
  return (not spec.method or spec.method:upper() == req.method) and (not spec.fits or spec.fits(req.path))
end

--- The first fault of the list that strikes this request, or nil; every matching fault counts it.
function fault.choose(faults, req)
  for index, spec in ipairs(faults) do
    if matches(spec, req) then
      if spec.after > 0 then
        spec.after = spec.after - 1
      else
        spec.times = spec.times - 1
        if spec.times <= 0 then table.remove(faults, index) end
        return spec
      end
    end
  end
  return nil
end

--- Returns the answer and the effect on the connection when this fault strikes.
function fault.strike(spec, req, carry_out) return kinds[spec.kind](spec, req, carry_out) end

return fault
