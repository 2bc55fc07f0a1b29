--- Splitting a call with any number of inputs into requests of the size that HubSpot takes.
-- @module hubspot.batch

local errors = require "hubspot.error"

local batch = {}

--- A list in pieces of at most `size`.
-- @tparam table list
-- @tparam integer size
-- @treturn table list of lists
function batch.pieces(list, size)
  local pieces = {}
  for first = 1, #list, size do
    local piece = {}
    for index = first, math.min(first + size - 1, #list) do piece[#piece + 1] = list[index] end
    pieces[#pieces + 1] = piece
  end
  return pieces
end

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

--- Reads in pieces: all records, or the first error.
-- @tparam table keys
-- @tparam integer size
-- @tparam function send function(piece) that returns a list of records, or nil and an error; true, an empty answer,
--   is none to a read
-- @treturn ?table
function batch.read(keys, size, send)
  local records = {}
  for _, piece in ipairs(batch.pieces(without_duplicates(keys), size)) do
    local found, err = send(piece)
    if not found then return nil, err end
    if found == true then
      return nil, errors.new { kind = "decode", message = "HubSpot answered a read with an empty body" }
    end
    for _, record in ipairs(found) do records[#records + 1] = record end
  end
  return records
end

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

-- Requests still to be made, the next one last.
local function stack_of(groups, size, key_of)
  local requests = {}
  for _, group in ipairs(groups) do
    for _, round in ipairs(rounds_without_duplicates(group.rows, key_of)) do
      for _, rows in ipairs(batch.pieces(round, size)) do
        requests[#requests + 1] = { rows = rows, send = group.send }
      end
    end
  end
  local stack = {}
  for index = #requests, 1, -1 do stack[#stack + 1] = requests[index] end
  return stack
end

-- Whether an error is about the rows that were sent: without the bad ones the others pass.
local function concerns_rows(err)
  return err.status == 400 or err.status == 409 or (err.status == 404 and err.category == "OBJECT_NOT_FOUND")
    or (err.status == nil and err.category == "VALIDATION_ERROR")
end

-- The error of one row: that of its request, or the detail of it that is about this row.
local function row_error(err, row, detail)
  local fields = {}
  for name, value in pairs(err) do fields[name] = value end
  fields.index = row.index
  if detail then
    fields.errors = { detail }
    fields.message = detail.message or err.message
    if detail.name then fields.message = ("%s: %s"):format(detail.name, fields.message) end
  end
  return errors.new(fields)
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

-- What to try next when a request was refused for some of its rows.
local function retry_without_faulty(request, err, stack, failures)
  local faults = named_faults(request.rows, err)
  if not faults then
    local halves = batch.pieces(request.rows, math.ceil(#request.rows / 2))
    stack[#stack + 1] = { rows = halves[2], send = request.send }
    stack[#stack + 1] = { rows = halves[1], send = request.send }
    return
  end
  local innocent = {}
  for _, row in ipairs(request.rows) do
    if faults[row] then
      failures[#failures + 1] = row_error(err, row, faults[row])
    else
      innocent[#innocent + 1] = row
    end
  end
  if #innocent > 0 then stack[#stack + 1] = { rows = innocent, send = request.send } end
end

--- Whether a text is among the values of an error's context, in any case.
-- @tparam ?table context values, or lists of values
-- @tparam ?string text
function batch.mentions(context, text)
  if type(context) ~= "table" or not text then return false end
  for _, mentioned in pairs(context) do
    for _, value in ipairs(type(mentioned) == "table" and mentioned or { mentioned }) do
      if tostring(value):lower() == text:lower() then return true end
    end
  end
  return false
end

--- The failures that an answer of partial success tells of.
-- @tparam table answer
-- @tparam function row_of function(failure) that returns the row that it is about, or nil
-- @treturn table list of `{ row =, error = }`
-- @treturn ?table the error of a failure that names no row
function batch.failures(answer, row_of)
  local failures, unnamed = {}, nil
  for _, failure in ipairs(answer.errors or {}) do
    local err = errors.new {
      kind = "api", status = failure.category == "CONFLICT" and 409 or 400, category = failure.category,
      sub_category = failure.subCategory, message = failure.message or "HubSpot gave no reason",
      errors = { { message = failure.message, context = failure.context } },
    }
    local row = row_of(failure)
    if row then
      failures[#failures + 1] = { row = row, error = err }
    else
      unnamed = err
    end
  end
  return failures, unnamed
end

--- Writes in pieces. A row that HubSpot refuses fails alone. An error that is not about rows ends the call: what
-- was not tried because of it is in `errors` too; where nothing was written, the call returns nil and the error.
-- @tparam table groups list of `{ rows =, send = }`: rows are `{ index =, input = }`, and `send` is a function(rows)
--   that returns a list of results and a list of `{ row =, error = }`, or nil and an error
-- @tparam integer size
-- @tparam function key_of function(input) that tells which record it names
-- @treturn ?table `{ results = {…}, errors = {…}, stopped_by = }`, the errors with the `index` of their input, in its
--   order; `stopped_by` is the error that ended the call, nil when every input was tried
function batch.write(groups, size, key_of)
  local results, failures, stopped_by = {}, {}, nil
  local stack = stack_of(groups, size, key_of)
  while #stack > 0 do
    local request = table.remove(stack)
    local written, outcome
    if not stopped_by then written, outcome = request.send(request.rows) end
    if written then
      for _, result in ipairs(written) do results[#results + 1] = result end
      for _, failure in ipairs(outcome) do failures[#failures + 1] = row_error(failure.error, failure.row) end
    elseif not stopped_by and concerns_rows(outcome) and #request.rows > 1 then
      retry_without_faulty(request, outcome, stack, failures)
    else
      if not stopped_by and not concerns_rows(outcome) then stopped_by = outcome end
      for _, row in ipairs(request.rows) do failures[#failures + 1] = row_error(stopped_by or outcome, row) end
    end
  end
  if stopped_by and #results == 0 then return nil, stopped_by end
  table.sort(failures, function(a, b) return a.index < b.index end)
  return { results = results, errors = failures, stopped_by = stopped_by }
end

return batch
