--- The outcome of a row of an import: `{ line =, did =, id =, status =, error =, property = }`. `did` is "created",
-- "updated", "unchanged", "refused", or "unknown" of a record that may have been created or not.
-- @module hubspot.command.import.outcomes

local outcomes = {}

--- The words for `did`, in the order in which they are told.
outcomes.ALL = { "created", "updated", "unchanged", "refused", "unknown" }

--- The status of a row whose record may be there: such a row is not created again.
outcomes.UNKNOWN = "unknown"

-- Returns whether an error is about the row, and not about the request, the token or the way to HubSpot.
local function is_refusal(err)
  if err.kind ~= "api" then return false end
  local status = err.status
  return status == 400
    or status == 409
    or status == 413
    or (status == 404 and err.category == "OBJECT_NOT_FOUND")
    or (status == nil and err.category == "VALIDATION_ERROR")
end

local function reason_of(err)
  local detail = err.errors and err.errors[1]
  local reason = err.message
  if detail and detail.message and not reason:find(detail.message, 1, true) then
    reason = ("%s: %s"):format(reason, detail.message)
  end
  return err.existing_id and ("%s (id %s)"):format(reason, err.existing_id) or reason
end

--- The outcome of a row that HubSpot refuses.
-- @tparam table row
-- @tparam table err
-- @treturn ?table nil where the error is not about the row
function outcomes.of_error(row, err)
  if not is_refusal(err) then return nil end
  local detail = err.errors and err.errors[1]
  return {
    line = row.line,
    did = "refused",
    status = err.status or 400,
    error = reason_of(err),
    property = detail and detail.name or "",
  }
end

--- The outcome of a row with a problem.
-- @tparam table row
-- @treturn table
function outcomes.of_problem(row)
  local problem = row.problem
  return {
    line = row.line,
    did = "refused",
    status = problem.status,
    error = problem.error,
    property = problem.property,
  }
end

--- The outcome of a row whose record may have been created.
-- @tparam table row
-- @treturn table
function outcomes.unknown(row)
  return {
    line = row.line,
    did = "unknown",
    status = outcomes.UNKNOWN,
    error = "the record may have been created or not: look for it in HubSpot",
    property = "",
  }
end

-- Notes the outcome of a row that failed: none where it may be written later.
local function note_failure(told, row, err)
  local refused = outcomes.of_error(row, err)
  told.of_row[row] = refused or told.may_come_twice and err.ambiguous and outcomes.unknown(row) or false
  if not refused then told.stopped_by = told.stopped_by or err end
end

-- Returns whether a row was tried with others only, since the library's search for the rows at fault had ended.
local function is_untried(answer, row_err)
  local ended_by = answer.stopped_by
  return ended_by ~= nil and is_refusal(ended_by) and row_err.message == ended_by.message
end

local function note_failures(told, rows, answer)
  local count = 0
  for _, row_err in ipairs(answer.errors) do
    if is_untried(answer, row_err) then count = count + 1 end
  end
  -- To send all of them again would be endless.
  local has_progress = count < #rows
  for _, row_err in ipairs(answer.errors) do
    local row = rows[row_err.index]
    if has_progress and is_untried(answer, row_err) then
      told.of_row[row], told.untried[#told.untried + 1] = false, row
    else
      note_failure(told, row, row_err)
    end
  end
end

--- The outcomes of the rows of a write.
-- @tparam table rows
-- @tparam ?table answer of the library's write of many; nil where it failed
-- @tparam ?table err with which it failed
-- @tparam string mode "create", "update" or "upsert"
-- @treturn table `rows`, the outcomes of those rows that are decided on; `stopped_by`, the error for which others are
--   not; and `untried`, rows that may be sent again at once
function outcomes.of_write(rows, answer, err, mode)
  local told = { of_row = {}, may_come_twice = mode == "create", untried = {} }
  for _, row in ipairs(answer and {} or rows) do
    note_failure(told, row, err)
  end
  if answer then note_failures(told, rows, answer) end
  local results, decided = {}, {}
  for _, result in ipairs(answer and answer.results or {}) do
    results[result.index or false] = result
  end
  for index, row in ipairs(rows) do
    local outcome = told.of_row[row]
    if outcome == nil then
      local result = results[index] or {}
      local is_new = told.may_come_twice or result.new == true
      outcome = { line = row.line, did = is_new and "created" or "updated", id = result.id }
    end
    decided[#decided + 1] = outcome or nil
  end
  return { rows = decided, stopped_by = told.stopped_by, untried = told.untried }
end

return outcomes
