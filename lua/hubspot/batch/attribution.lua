--- Finds the row of a request that each part of HubSpot's answer is about.
-- @module hubspot.batch.attribution

local errors = require "hubspot.error"
local id = require "hubspot.id"

local function each_value(context, visit)
  for _, value in pairs(type(context) == "table" and context or {}) do
    for _, one in ipairs(type(value) == "table" and value or { value }) do
      visit(tostring(id.text(one)))
    end
  end
end

-- Finds rows by the trace that was sent with each, which is its index, or by their keys.
local function finder(rows, naming)
  local by_index, by_key = {}, nil

  local function fold(key)
    local text = tostring(id.text(key))
    return naming.fold and naming.fold(text) or text
  end

  for _, row in ipairs(rows) do
    by_index[row.index] = row
  end

  local function row_by_trace(trace)
    local index = tonumber(trace)
    return index and by_index[index]
  end

  -- Most answers tell every row by its trace: the keys are listed where one does not.
  local function row_by_key(key)
    if not by_key then
      by_key = {}
      for _, row in ipairs(rows) do
        for _, own in ipairs(naming.of_row(row)) do
          by_key[fold(own)] = row
        end
      end
    end
    return by_key[fold(key)]
  end

  local found = {}

  function found.of_result(result)
    local traced = row_by_trace(result.objectWriteTraceId)
    if traced then return traced end
    for _, key in ipairs(naming.of_result(result)) do
      local row = row_by_key(key)
      if row then return row end
    end
  end

  -- A context may mention others than the rows at fault, such as the record that has the address already: what it says
  -- beside a trace does not count.
  function found.of_failure(failure)
    local named, seen = {}, {}
    local function add(row)
      if row and not seen[row] then named[#named + 1] = row end
      seen[row or false] = true
    end
    local context = type(failure.context) == "table" and failure.context or {}
    each_value({ failure.objectWriteTraceId, context.objectWriteTraceId }, function(trace) add(row_by_trace(trace)) end)
    if #named == 0 then each_value(context, function(key) add(row_by_key(key)) end) end
    return named
  end

  return found
end

local function note_results(told, answer, found, accounted)
  local without_row = {}
  for place, result in ipairs(answer.results or {}) do
    local row = found.of_result(result)
    result.objectWriteTraceId = nil
    if row and not accounted[row] then
      accounted[row], result.index = true, row.index
    else
      without_row[#without_row + 1] = result
    end
    told.results[place] = result
  end
  return without_row
end

-- The failures of each row.
local function note_failures(told, answer, found, accounted)
  local failures_of = {}
  for _, failure in ipairs(answer.errors or {}) do
    local charged = false
    for _, row in ipairs(found.of_failure(failure)) do
      if not accounted[row] then
        failures_of[row] = failures_of[row] or {}
        table.insert(failures_of[row], failure)
        charged = true
      end
    end
    if not charged then told.unnamed = told.unnamed or errors.from_failures { failure } end
  end
  return failures_of
end

local function mark_ambiguous(told)
  for _, failure in ipairs(told.failures) do
    errors.mark_ambiguous(failure.error, true)
  end
  if told.unnamed then errors.mark_ambiguous(told.unnamed, true) end
end

--- Assigns the parts of an answer to a write to its rows.
-- @tparam table answer `results` and `errors`, as HubSpot gave them
-- @tparam table rows `{ index =, input = }` each
-- @tparam table naming `of_row` and `of_result`, functions that return the keys of a row and of a result, and `fold`,
--   a function by which keys that mean one record become one text
-- @treturn table `results`, with the `index` of their row; `failures`, a list of `{ row =, error = }`; `left_out`, the
--   rows that it says nothing of; and `unnamed`, the error of a failure that names none of the rows
local function attribute(answer, rows, naming, uncertain)
  local found = finder(rows, naming)
  local told, accounted = { results = {}, failures = {}, left_out = {} }, {}
  local without_row = note_results(told, answer, found, accounted)
  local failures_of = note_failures(told, answer, found, accounted)
  for _, row in ipairs(rows) do
    if failures_of[row] then
      told.failures[#told.failures + 1] = { row = row, error = errors.from_failures(failures_of[row]) }
    elseif not accounted[row] then
      told.left_out[#told.left_out + 1] = row
    end
  end
  -- As many results as rows are left: each row has one, under a key that it was not sent with.
  if #without_row >= #told.left_out then
    if #without_row == 1 and #told.left_out == 1 then without_row[1].index = told.left_out[1].index end
    told.left_out = {}
  end
  if uncertain then mark_ambiguous(told) end
  return told
end

return attribute
