-- Writes of many records. A row whose number of employees is none is refused; what was written is remembered by name.

local cjson = require "cjson"

local batches = {}

local written, counts

--- Forgets what was written.
function batches.begin(new_counts)
  written, counts = {}, new_counts
end

local function note(name)
  if written[name] then
    counts.twice = counts.twice + 1
    return
  end
  written[name], counts.written = true, counts.written + 1
end

local function failure(input)
  return {
    status = "error",
    category = "VALIDATION_ERROR",
    message = "Property values were not valid",
    context = { objectWriteTraceId = { input.objectWriteTraceId } },
  }
end

local function result(input, is_upsert)
  local made = {
    id = tostring(100000 + counts.written),
    properties = input.properties,
    createdAt = "2026-09-12T17:40:02.733Z",
    updatedAt = "2026-09-12T17:40:02.733Z",
    archived = false,
    objectWriteTraceId = input.objectWriteTraceId,
  }
  if is_upsert then made.new = true end
  return made
end

local function write(body, is_upsert)
  local answer = { status = "COMPLETE", results = {}, errors = {} }
  for _, input in ipairs(body.inputs) do
    if tonumber(input.properties.numberofemployees) then
      note(input.properties.name)
      table.insert(answer.results, result(input, is_upsert))
    else
      table.insert(answer.errors, failure(input))
    end
  end
  ngx.status = #answer.errors > 0 and 207 or is_upsert and 200 or 201
  answer.numErrors = #answer.errors
  if #answer.errors == 0 then
    answer.errors, answer.numErrors = nil, nil
  end
  answer.startedAt, answer.completedAt = "2026-09-12T17:40:02.733Z", "2026-09-12T17:40:02.741Z"
  return cjson.encode(answer)
end

function batches.create(body) return write(body, false) end

function batches.upsert(body) return write(body, true) end

return batches
