--- Splits a call with any number of inputs into requests of the size that HubSpot takes. If a client has a loop for it,
-- several of them are in flight at once.
-- @module hubspot.batch

local append = require "hubspot.append"
local errors = require "hubspot.error"
local texts = require "hubspot.text"

local batch = {}

-- Requests of one call that are in flight at once.
local CONCURRENCY = 6

-- Splitting ----------------------------------------------------------------------------------------------------

--- A list in chunks of at most `size`.
-- @tparam table list
-- @tparam integer size
-- @tparam[opt] function fits function(chunk) that tells whether a request can hold it; one that it can't is halved, as
--   long as there is more than one item in it
-- @treturn table list of lists
function batch.chunks(list, size, fits)
  local chunks = {}
  for first = 1, #list, size do
    local chunk = {}
    for index = first, math.min(first + size - 1, #list) do
      chunk[index - first + 1] = list[index]
    end
    if fits and #chunk > 1 and not fits(chunk) then
      for _, smaller in ipairs(batch.chunks(chunk, math.ceil(#chunk / 2), fits)) do
        chunks[#chunks + 1] = smaller
      end
    else
      chunks[#chunks + 1] = chunk
    end
  end
  return chunks
end

-- Runs `body(index, thrown)` for each index, several at once where there is a loop that can wait. If a body throws, its
-- error is rethrown once all started bodies have finished.
local function run_each(count, body, loop)
  if not loop or count < 2 or not loop:can_wait() then
    for index = 1, count do
      body(index, {})
    end
    return
  end
  local thrown = loop:each(count, CONCURRENCY, body)
  for index = 1, count do
    if thrown[index] ~= nil then error(thrown[index], 0) end
  end
end

--- Sends chunks, in their order, until one fails with an error that ends them. The one place where the requests of a
-- batch are made.
-- @tparam table chunks
-- @tparam function send function(chunk) that returns a value, or nil and an error
-- @tparam function ends function(err) that tells whether no further chunk is to be sent
-- @tparam[opt] table loop on which several are in flight at once
-- @treturn table `{ value =, err = }` by the index of their chunk; none of those that were not sent
function batch.outcomes(chunks, send, ends, loop)
  local outcomes, has_ended = {}, false
  run_each(#chunks, function(index, thrown)
    if has_ended or next(thrown) ~= nil then return end
    local value, err = send(chunks[index])
    outcomes[index] = value and { value = value } or { err = err }
    if not value and ends(err) then has_ended = true end
  end, loop)
  return outcomes
end

local function always() return true end

--- Sends chunks. When one fails, no further one is started.
-- @tparam table chunks
-- @tparam function send function(chunk) that returns what HubSpot answered, or nil and an error
-- @tparam[opt] table loop that keeps several in flight at once
-- @treturn table the answers by the index of their chunk; none for those that failed or were not started
-- @treturn ?table the error of the first chunk, in their order, that failed
function batch.each(chunks, send, loop)
  local answers, first_err = {}, nil
  for index, outcome in ipairs(batch.outcomes(chunks, send, always, loop)) do
    answers[index] = outcome.value
    first_err = first_err or outcome.err
  end
  return answers, first_err
end

-- Reading ------------------------------------------------------------------------------------------------------

-- HubSpot refuses a request that names a record twice.
local function without_duplicates(keys, spell)
  local distinct, seen = {}, {}
  for _, key in ipairs(keys) do
    local spelled = spell(key)
    if not seen[spelled] then distinct[#distinct + 1] = key end
    seen[spelled] = true
  end
  return distinct
end

-- HubSpot refuses a request with two keys that differ in case alone, though each may be that of another record: the
-- keys in runs without such two.
local function runs_of(keys)
  local runs, seen = { {} }, {}
  for _, key in ipairs(keys) do
    local folded = texts.fold(key)
    if seen[folded] then
      runs[#runs + 1], seen = {}, {}
    end
    seen[folded] = true
    table.insert(runs[#runs], key)
  end
  return runs
end

--- Reads in chunks: all records, or the first error. Keys in different chunks may lead to one record, as those of
-- merged ones do: it comes once, where its first key stands.
-- @tparam table keys
-- @tparam integer size
-- @tparam function send function(chunk) that returns a list of records, or nil and an error; true, an empty answer,
--   is none to a read
-- @tparam[opt] table loop on which several requests are in flight at once
-- @tparam[opt] function fits as `batch.chunks` takes it
-- @tparam[opt] function spell function(key) that gives what is the same for keys that mean one record; by default
--   `hubspot.text.fold`
-- @treturn ?table
function batch.read(keys, size, send, loop, fits, spell)
  local chunks = {}
  for _, run in ipairs(runs_of(without_duplicates(keys, spell or texts.fold))) do
    append(chunks, batch.chunks(run, size, fits))
  end
  local answers, err = batch.each(chunks, send, loop)
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

return batch
