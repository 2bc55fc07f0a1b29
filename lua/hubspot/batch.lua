--- Splitting a call with any number of inputs into requests of the size that HubSpot takes. Where a client has a loop
-- for it, several of them are under way at once.
-- @module hubspot.batch

local errors = require "hubspot.error"

local batch = {}

-- So many requests of one call are under way at once.
local CONCURRENCY = 6

-- Splitting ----------------------------------------------------------------------------------------------------

--- A list in pieces of at most `size`.
-- @tparam table list
-- @tparam integer size
-- @tparam[opt] function fits function(piece) that tells whether a request can hold it; one that it can't is halved, as
--   long as there is more than one item in it
-- @treturn table list of lists
function batch.pieces(list, size, fits)
  local pieces = {}
  for first = 1, #list, size do
    local piece = {}
    for index = first, math.min(first + size - 1, #list) do
      piece[#piece + 1] = list[index]
    end
    if fits and #piece > 1 and not fits(piece) then
      for _, smaller in ipairs(batch.pieces(piece, math.ceil(#piece / 2), fits)) do
        pieces[#pieces + 1] = smaller
      end
    else
      pieces[#pieces + 1] = piece
    end
  end
  return pieces
end

-- Runs `body(index, thrown)` for each index, several at once where there is a loop that can wait. What one throws is
-- thrown when those that had begun have ended.
local function run_each(count, body, loop)
  if not loop or count < 2 or not loop.can_wait() then
    for index = 1, count do
      body(index, {})
    end
    return
  end
  local thrown = loop.each(count, CONCURRENCY, body)
  for index = 1, count do
    if thrown[index] ~= nil then error(thrown[index], 0) end
  end
end

-- The one place where the requests of a batch are made. Returns what each gave, `{ value =, err = }`, in the order of
-- the pieces. They begin in that order, and none does behind an error that `ends` them: those have no outcome.
local function send_each(pieces, send, ends, loop)
  local outcomes, has_ended = {}, false
  run_each(#pieces, function(index, thrown)
    if has_ended or next(thrown) ~= nil then return end
    local value, err = send(pieces[index])
    outcomes[index] = value and { value = value } or { err = err }
    if not value and ends(err) then has_ended = true end
  end, loop)
  return outcomes
end

local function always() return true end

--- Sends pieces. Where one fails, no further one begins.
-- @tparam table pieces
-- @tparam function send function(piece) that returns what HubSpot answered, or nil and an error
-- @tparam[opt] table loop on which several are under way at once
-- @treturn table the answers by the index of their piece; none of those that failed or did not begin
-- @treturn ?table the error of the first piece, in their order, that failed
function batch.each(pieces, send, loop)
  local answers, first_err = {}, nil
  for index, outcome in ipairs(send_each(pieces, send, always, loop)) do
    answers[index] = outcome.value
    first_err = first_err or outcome.err
  end
  return answers, first_err
end

-- Reading ------------------------------------------------------------------------------------------------------

-- HubSpot refuses a request that names a record twice. E-mail addresses are one in any case.
local function without_duplicates(keys)
  local distinct, seen = {}, {}
  for _, key in ipairs(keys) do
    local folded = key:lower()
    if not seen[folded] then distinct[#distinct + 1] = key end
    seen[folded] = true
  end
  return distinct
end

--- Reads in pieces: all records, or the first error. Keys in different pieces may lead to one record, as those of
-- merged contacts do: it comes once, where its first key stands.
-- @tparam table keys
-- @tparam integer size
-- @tparam function send function(piece) that returns a list of records, or nil and an error; true, an empty answer,
--   is none to a read
-- @tparam[opt] table loop on which several requests are under way at once
-- @tparam[opt] function fits as `batch.pieces` takes it
-- @treturn ?table
function batch.read(keys, size, send, loop, fits)
  local answers, err = batch.each(batch.pieces(without_duplicates(keys), size, fits), send, loop)
  if err then return nil, err end
  local records, seen = {}, {}
  for _, found in ipairs(answers) do
    if found == true then
      return nil, errors.new { kind = "decode", message = "HubSpot answered a read with an empty body" }
    end
    for _, record in ipairs(found) do
      if not record.id or not seen[record.id] then records[#records + 1] = record end
      seen[record.id or false] = true
    end
  end
  return records
end

-- Writing ------------------------------------------------------------------------------------------------------

-- HubSpot refuses a request that names a record twice: the second time goes into a later round, so that what the
-- caller gave last is also written last.
local function rounds_without_duplicates(rows, key_of)
  local rounds, seen = {}, {}
  for _, row in ipairs(rows) do
    local key = key_of(row.input)
    local round = (seen[key] or 0) + 1
    seen[key] = round
    rounds[round] = rounds[round] or {}
    table.insert(rounds[round], row)
  end
  return rounds
end

-- Whether an error is about the rows that were sent: without the bad ones, or in smaller requests, the others pass.
local function concerns_rows(err)
  return err.status == 400
    or err.status == 409
    or err.status == 413
    or (err.status == 404 and err.category == "OBJECT_NOT_FOUND")
    or (err.status == nil and err.category == "VALIDATION_ERROR")
end

local function ends_the_call(err) return not concerns_rows(err) end

-- The error of one row: that of its request, or the detail of it that is about this row.
local function row_error(err, row, detail)
  local own = errors.copy(err)
  own.index = row.index
  if detail then
    own.errors = { detail }
    own.message = detail.message or err.message
    if detail.name then own.message = ("%s: %s"):format(detail.name, own.message) end
  end
  return own
end

local function fail(job, row, err, detail) job.failures[#job.failures + 1] = row_error(err, row, detail) end

local function left_out_error()
  return errors.new {
    kind = "decode",
    ambiguous = true,
    message = "HubSpot's answer says nothing of this input: it may have been written or not",
  }
end

-- Refusals of a property, whatever its value.
local REFUSALS_OF_A_PROPERTY = { PROPERTY_DOESNT_EXIST = true, READ_ONLY_VALUE = true }

-- What a row that was refused alone proves of others: a property that HubSpot does not take, or a value of one. Codes
-- that do not speak of the value itself, as that another record has it, prove nothing.
local function learn(job, row, err)
  local properties = row.input.properties or {}
  for _, detail in ipairs(err.status == 400 and err.errors or {}) do
    local name, code = detail.name, detail.code or ""
    if name and properties[name] ~= nil then
      local proof = { err = err, detail = detail }
      job.refused_values[name] = job.refused_values[name] or {}
      if REFUSALS_OF_A_PROPERTY[code] then job.refused_properties[name] = proof end
      if code:find "^INVALID_" then job.refused_values[name][properties[name]] = proof end
    end
  end
end

local function proof_against(job, row)
  for name, value in pairs(row.input.properties or {}) do
    local proof = job.refused_properties[name] or (job.refused_values[name] or {})[value]
    if proof then return proof end
  end
end

-- The pieces without the rows that are known to be refused, which fail here.
local function without_proven(job, pieces)
  local left = {}
  for _, rows in ipairs(pieces) do
    local kept = {}
    for _, row in ipairs(rows) do
      local proof = proof_against(job, row)
      if proof then
        fail(job, row, proof.err, proof.detail)
      else
        kept[#kept + 1] = row
      end
    end
    if #kept > 0 then left[#left + 1] = kept end
  end
  return left
end

-- v1 names the rows at fault by their place in the request, counted from 0.
local function named_faults(rows, err)
  local faults
  for _, detail in ipairs(err.errors or {}) do
    local row = detail.index and rows[detail.index + 1]
    if row then
      faults = faults or {}
      faults[row] = faults[row] or detail
    end
  end
  return faults
end

-- Takes the rows that a refusal names; gives the others as the pieces to send next, none where all are named.
local function without_named(job, rows, err, faults)
  local innocent = {}
  for _, row in ipairs(rows) do
    if faults[row] then
      fail(job, row, err, faults[row])
    else
      innocent[#innocent + 1] = row
    end
  end
  return #innocent > 0 and { innocent } or nil
end

local FREE_REFUSALS, REFUSALS_A_RESULT = 50, 3

-- Searching for the bad rows takes up to two requests for each of them. That is worth it as long as good ones are
-- found meanwhile; where all are bad, in ways that prove nothing of the next, it ends.
local function has_searched_enough(job)
  return job.refusals > FREE_REFUSALS + job.pieces + REFUSALS_A_RESULT * #job.results
end

local function search_ended_error(job, err)
  local ended = errors.copy(err)
  ended.message = (
    "HubSpot refused %d requests of this call, and the search for the inputs at fault ended; what it "
    .. "said last: %s"
  ):format(job.refusals, err.message)
  return ended
end

local function leave_untried(job, rows)
  for _, row in ipairs(rows) do
    fail(job, row, job.stopped_by)
  end
end

-- What to do after a request was refused for some of its rows: the pieces to send next, or nil.
local function after_refusal(job, rows, err)
  local faults = named_faults(rows, err)
  if faults then
    job.decided = true
    return without_named(job, rows, err, faults)
  end
  job.refusals = job.refusals + 1
  if #rows == 1 then
    job.decided = true
    learn(job, rows[1], err)
    fail(job, rows[1], err)
    return nil
  end
  if has_searched_enough(job) then
    job.stopped_by = job.stopped_by or search_ended_error(job, err)
    leave_untried(job, rows)
    return nil
  end
  return batch.pieces(rows, math.ceil(#rows / 2))
end

-- Takes what an answer tells. Gives the pieces to send next, or nil.
local function after_answer(job, told)
  job.decided = true
  for _, result in ipairs(told.results) do
    job.results[#job.results + 1] = result
  end
  for _, failure in ipairs(told.failures) do
    fail(job, failure.row, failure.error)
  end
  if #told.left_out == 0 then return nil end
  if told.unnamed then return after_refusal(job, told.left_out, told.unnamed) end
  for _, row in ipairs(told.left_out) do
    fail(job, row, left_out_error())
  end
end

local function after_failure(job, rows, err)
  if concerns_rows(err) then return after_refusal(job, rows, err) end
  job.stopped_by = job.stopped_by or err
  leave_untried(job, rows)
end

-- Sends pieces that do not depend on each other. Gives, for each that is not done with, the pieces to send next.
local function send_wave(job, send, pieces)
  pieces = without_proven(job, pieces)
  local outcomes = job.stopped_by and {} or send_each(pieces, send, ends_the_call, job.loop)
  local unfinished = {}
  for index, rows in ipairs(pieces) do
    local outcome = outcomes[index]
    local next_pieces
    if not outcome then
      leave_untried(job, rows)
    elseif outcome.value then
      next_pieces = after_answer(job, outcome.value)
    else
      next_pieces = after_failure(job, rows, outcome.err)
    end
    unfinished[#unfinished + 1] = next_pieces
  end
  return unfinished
end

local function push_reversed(stack, list)
  for index = #list, 1, -1 do
    stack[#stack + 1] = list[index]
  end
end

-- All pieces are tried before any is searched for its bad rows: a bad piece keeps no good one waiting.
local function write_round(job, send, pieces)
  job.pieces = job.pieces + #pieces
  local stack = {}
  push_reversed(stack, send_wave(job, send, pieces))
  while #stack > 0 do
    push_reversed(stack, send_wave(job, send, table.remove(stack)))
  end
end

--- Writes in pieces. A row that HubSpot refuses fails alone: a request that was refused without naming a row is
-- halved until the bad one is alone. What such a row proves is not asked again: that there is no such property, or that
-- a value is none of it, fails every row that has the property, or the property with this value. Where rows are bad
-- that prove nothing of each other, and none is good, the search ends after some 50 refusals.
--
-- An error that is not about rows ends the call, and so does the end of a search: what was not tried because of it is
-- in `errors` too, with this error. Where no row was decided on, the call returns nil and the error.
-- @tparam table groups list of `{ rows =, send = }`: rows are `{ index =, input = }`, and `send` is a function(rows)
--   that returns what `hubspot.attribution` does, or nil and an error
-- @tparam integer size
-- @tparam function key_of function(input) that tells which record it names
-- @tparam[opt] table loop on which several requests are under way at once; never two that name the same record
-- @treturn ?table `{ results = {…}, errors = {…}, stopped_by = }`, the errors with the `index` of their input, in its
--   order; a row that the answer left out has one whose `ambiguous` is true. `stopped_by` is the error that ended the
--   call, nil when every input was tried
function batch.write(groups, size, key_of, loop)
  local job = {
    results = {},
    failures = {},
    refused_properties = {},
    refused_values = {},
    refusals = 0,
    pieces = 0,
    loop = loop,
  }
  for _, group in ipairs(groups) do
    for _, round in ipairs(rounds_without_duplicates(group.rows, key_of)) do
      write_round(job, group.send, batch.pieces(round, size))
    end
  end
  if job.stopped_by and not job.decided then return nil, job.stopped_by end
  table.sort(job.failures, function(a, b) return a.index < b.index end)
  return { results = job.results, errors = job.failures, stopped_by = job.stopped_by }
end

return batch
