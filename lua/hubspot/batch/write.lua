--- Writes any number of rows, so that a row that HubSpot refuses fails alone.
--
-- A row passes through these states; the request that it is in decides:
--
--                            +-- refused, and no row named: halved, or one by one --+
--                            v                                                      |
--    UNSENT ----sent----> IN FLIGHT ------------------------------------------------+
--      |                     |
--      |                     +-- answered with a result --------------------> WRITTEN
--      |                     +-- answered without one ----------------------> FAILED (ambiguous)
--      |                     +-- refused, and named or alone in its request -> FAILED
--      |                     +-- the same by 409, where that says so -------> EXISTING, or WRITTEN by a lost request
--      |                     +-- an error that is not about rows -----------> FAILED, and ends the call
--      |
--      +-- another row proved that HubSpot refuses it ----------------------> FAILED
--      +-- the call has ended ----------------------------------------------> FAILED
--
-- Rows go out in rounds, in which no record comes twice, and a round in chunks of the size of a request. All chunks of
-- a round are tried before any is searched for its bad rows: a bad chunk keeps no good one waiting.
-- @module hubspot.batch.write

local batch = require "hubspot.batch"
local errors = require "hubspot.error"

-- Searching for bad rows takes up to two requests for each of them. That is worth it as long as good ones are found
-- meanwhile; where all are bad, in ways that prove nothing of the next, the search ends after this many refusals.
local FREE_REFUSALS, REFUSALS_A_RESULT = 50, 3

-- Halving finds one row of a hundred in this many refusals; with more, a request for each row costs less.
local CONFLICTS_BEFORE_SINGLES = 8

-- Refusals of a property, whatever its value.
local REFUSALS_OF_A_PROPERTY = { PROPERTY_DOESNT_EXIST = true, READ_ONLY_VALUE = true }

-- Chunks -----------------------------------------------------------------------------------------------------------

-- The rows of one request. Those that a chunk is split into share its `origin`.
local function new_chunk(rows, origin) return { rows = rows, origin = origin or { conflicts = 0 } } end

local function split(chunk, size)
  local chunks = {}
  for index, rows in ipairs(batch.chunks(chunk.rows, size)) do
    chunks[index] = new_chunk(rows, chunk.origin)
  end
  return chunks
end

-- HubSpot refuses a request that names a record twice: the second time goes into a later round, so that the caller's
-- last value is also written last.
local function rounds_without_duplicates(rows, key_of)
  if not key_of then return { rows } end
  local rounds, seen = {}, {}
  for _, row in ipairs(rows) do
    local key, number = key_of(row.input), 1
    if key ~= nil then
      number = (seen[key] or 0) + 1
      seen[key] = number
    end
    local round = rounds[number] or {}
    round[#round + 1], rounds[number] = row, round
  end
  return rounds
end

-- Errors -----------------------------------------------------------------------------------------------------------

-- Returns whether an error is about the rows that were sent: without the bad ones, or in smaller requests, the others
-- pass.
local function concerns_rows(err)
  -- The error of a token is not, though a refused renewal may have any status.
  if err.kind == "auth" then return false end
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

local function left_out_error()
  return errors.new {
    kind = "decode",
    ambiguous = true,
    message = "HubSpot's answer says nothing of this input: it may have been written or not",
  }
end

local function search_ended_error(refusals, err)
  local ended = errors.copy(err)
  ended.message = (
    "HubSpot refused %d requests of this call, and the search for the inputs at fault ended; what it "
    .. "said last: %s"
  ):format(refusals, err.message)
  return ended
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

-- The job ----------------------------------------------------------------------------------------------------------

local Job = {}
Job.__name = "hubspot.batch.Job"
Job.__index = Job

local function new_job(loop)
  return setmetatable({
    loop = loop,
    results = {}, -- of HubSpot's answers
    existing = {}, -- records of the rows that HubSpot has already
    failures = {}, -- errors with the `index` of their row
    refused_properties = {}, -- proofs by the property's name
    refused_values = {}, -- proofs by the property's name and value
    has_proofs = false, -- whether there are any
    refusals = 0, -- requests refused for bad rows
    chunks = 0, -- chunks of all rounds
    decided = false, -- whether HubSpot decided on any row
    stopped_by = nil, -- the error that ended the call
    group = nil, -- whose rows are being written
  }, Job)
end

function Job:fail(row, err, detail) self.failures[#self.failures + 1] = row_error(err, row, detail) end

function Job:fail_all(rows, err)
  for _, row in ipairs(rows) do
    self:fail(row, err)
  end
end

-- Fails rows that were not sent, since the call had ended: none of them may have been written.
function Job:leave_untried(rows)
  local err = errors.copy(self.stopped_by)
  if err.ambiguous then
    err.ambiguous, err.hint = nil, nil
  end
  self:fail_all(rows, err)
end

-- Takes a refusal of one row. A record that is there already may be there by an earlier request of this call, whose
-- answer got lost.
function Job:refuse(row, err, detail)
  self.decided = true
  local existing = err.status == 409 and self.group.existing
  if not existing then return self:fail(row, err, detail) end
  local list = (err.ambiguous or row.may_be_written) and self.results or self.existing
  list[#list + 1] = existing(row)
end

-- Notes the proof in the refusal of a single row: a property that HubSpot does not take, or a value of one. Codes that
-- do not speak of the value itself, as that another record has it, prove nothing.
function Job:learn(row, err)
  local properties = row.input.properties or {}
  for _, detail in ipairs(err.status == 400 and err.errors or {}) do
    local name, code = detail.name, detail.code or ""
    if name and properties[name] ~= nil then
      local proof = { err = err, detail = detail }
      self.has_proofs = true
      self.refused_values[name] = self.refused_values[name] or {}
      if REFUSALS_OF_A_PROPERTY[code] then self.refused_properties[name] = proof end
      if code:find "^INVALID_" then self.refused_values[name][properties[name]] = proof end
    end
  end
end

function Job:proof_against(row)
  for name, value in pairs(row.input.properties or {}) do
    local proof = self.refused_properties[name] or (self.refused_values[name] or {})[value]
    if proof then return proof end
  end
end

-- Fails the rows that are known to be refused; gives the chunks without them.
function Job:without_proven(chunks)
  if not self.has_proofs then return chunks end
  local left = {}
  for _, chunk in ipairs(chunks) do
    local kept = {}
    for _, row in ipairs(chunk.rows) do
      local proof = self:proof_against(row)
      if proof then
        self:fail(row, proof.err, proof.detail)
      else
        kept[#kept + 1] = row
      end
    end
    if #kept > 0 then left[#left + 1] = new_chunk(kept, chunk.origin) end
  end
  return left
end

-- Takes the rows that a refusal names; gives the others as the chunks to send next, none where all are named.
function Job:without_named(chunk, err, faults)
  local innocent = {}
  for _, row in ipairs(chunk.rows) do
    if faults[row] then
      self:refuse(row, err, faults[row])
    else
      innocent[#innocent + 1] = row
    end
  end
  return #innocent > 0 and { new_chunk(innocent, chunk.origin) } or nil
end

function Job:has_searched_enough()
  return self.refusals > FREE_REFUSALS + self.chunks + REFUSALS_A_RESULT * (#self.results + #self.existing)
end

-- Decides on a request that was refused since HubSpot has one of its records already: the chunks to send next.
local function after_conflict(chunk, err)
  if err.ambiguous then
    for _, row in ipairs(chunk.rows) do
      row.may_be_written = true
    end
  end
  local origin = chunk.origin
  origin.conflicts = origin.conflicts + 1
  return split(chunk, origin.conflicts > CONFLICTS_BEFORE_SINGLES and 1 or math.ceil(#chunk.rows / 2))
end

-- Decides on a request that was refused for some of its rows: the chunks to send next, or nil.
function Job:after_refusal(chunk, err)
  local rows = chunk.rows
  local faults = named_faults(rows, err)
  if faults then return self:without_named(chunk, err, faults) end
  -- A conflict says that a record is there, nothing bad of any row.
  local is_conflict = err.status == 409 and self.group.existing
  if not is_conflict then self.refusals = self.refusals + 1 end
  if #rows == 1 then
    self:learn(rows[1], err)
    return self:refuse(rows[1], err)
  end
  if is_conflict then return after_conflict(chunk, err) end
  if self:has_searched_enough() then
    self.stopped_by = self.stopped_by or search_ended_error(self.refusals, err)
    return self:fail_all(rows, self.stopped_by)
  end
  return split(chunk, math.ceil(#rows / 2))
end

-- Takes an answer; returns the chunks to send next, or nil.
function Job:after_answer(chunk, told)
  self.decided = true
  for _, result in ipairs(told.results) do
    self.results[#self.results + 1] = result
  end
  for _, failure in ipairs(told.failures) do
    self:refuse(failure.row, failure.error)
  end
  if #told.left_out == 0 then return nil end
  if told.unnamed then return self:after_refusal(new_chunk(told.left_out, chunk.origin), told.unnamed) end
  for _, row in ipairs(told.left_out) do
    self:fail(row, left_out_error())
  end
end

function Job:after_failure(chunk, err)
  if concerns_rows(err) then return self:after_refusal(chunk, err) end
  self.stopped_by = self.stopped_by or err
  self:fail_all(chunk.rows, err)
end

-- Sends chunks that do not depend on each other. Gives, for each that is not done with, the chunks to send next.
function Job:send_wave(chunks)
  chunks = self:without_proven(chunks)
  local outcomes = self.stopped_by and {}
    or batch.outcomes(chunks, function(chunk) return self.group.send(chunk.rows) end, ends_the_call, self.loop)
  local unfinished = {}
  for index, chunk in ipairs(chunks) do
    local outcome = outcomes[index]
    local next_chunks
    if not outcome then
      self:leave_untried(chunk.rows)
    elseif outcome.value then
      next_chunks = self:after_answer(chunk, outcome.value)
    else
      next_chunks = self:after_failure(chunk, outcome.err)
    end
    unfinished[#unfinished + 1] = next_chunks
  end
  return unfinished
end

local function push_reversed(stack, list)
  for index = #list, 1, -1 do
    stack[#stack + 1] = list[index]
  end
end

function Job:write_round(rows)
  local chunks = {}
  for index, part in ipairs(batch.chunks(rows, self.group.limit)) do
    chunks[index] = new_chunk(part)
  end
  self.chunks = self.chunks + #chunks
  local stack = {}
  push_reversed(stack, self:send_wave(chunks))
  while #stack > 0 do
    push_reversed(stack, self:send_wave(table.remove(stack)))
  end
end

local function by_index(a, b) return a.index < b.index end

function Job:outcome(has_existing)
  table.sort(self.failures, by_index)
  table.sort(self.existing, by_index)
  return {
    results = self.results,
    existing = has_existing and self.existing or nil,
    errors = self.failures,
    stopped_by = self.stopped_by,
  }
end

--- Writes in chunks. A row that HubSpot refuses fails alone: a request that was refused without naming a row is halved
-- until the bad one is alone. Such a row's proof is reused: an unknown property, or an invalid value of one, fails
-- every row that has the property, or the property with this value. Where rows are bad that prove nothing of each
-- other, and none is good, the search ends after some 50 refusals.
--
-- Where a group knows `existing` records, a 409 says that one of the request's records is there already, which is no
-- fault: such requests are halved, too, and past some refusals their rows go one by one.
--
-- An error that is not about rows ends the call, and so does the end of a search: the rows that were not tried because
-- of it are in `errors` too, with this error. Where no row was decided on, the call returns nil and the error.
-- @tparam table groups list of `{ rows =, send =, limit =, existing = }`: rows are `{ index =, input = }`; `send` is a
--   function(rows) that returns what `hubspot.batch.attribution` does, or nil and an error; `limit` is the most rows of
--   a request; `existing`, where HubSpot takes a record once, a function(row) that gives the record of a row that it
--   has already, with the row's `index`
-- @tparam ?function key_of function(input) that tells which record it names, nil where no other input names it; none
--   where no two name the same
-- @tparam[opt] table loop that keeps several requests in flight; never two that name the same record
-- @treturn ?table `{ results = {…}, existing = {…}, errors = {…}, stopped_by = }`, the errors with the `index` of
--   their input, in its order; a row that the answer left out has one whose `ambiguous` is true. `existing` is there
--   where a group has it. `stopped_by` is the error that ended the call, nil when every input was tried
local function write(groups, key_of, loop)
  local job, has_existing = new_job(loop), false
  for _, group in ipairs(groups) do
    job.group = group
    has_existing = has_existing or group.existing ~= nil
    for _, rows in ipairs(rounds_without_duplicates(group.rows, key_of)) do
      job:write_round(rows)
    end
  end
  if job.stopped_by and not job.decided then return nil, job.stopped_by end
  return job:outcome(has_existing)
end

return write
