--- Checks answers against HubSpot's OpenAPI files: the status, the members, their types, and what no file names.
local core = require "hubspot.core"

local openapi = {}

-- One date stands for all: the files are of several, and the sandbox answers all of them alike.
local function segments_of(path)
  local segments = {}
  for segment in path:gmatch "[^/]+" do
    local is_date = segment:find "^%d%d%d%d%-%d%d$" or segment:find "^%d%d%d%d%-%d%d%-beta$"
    segments[#segments + 1] = is_date and "{D}" or segment
  end
  return segments
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return assert(core.decode(text))
end

local function add_document(files, document)
  for path, operations in pairs(document.paths) do
    local segments = segments_of(path)
    for method, operation in pairs(operations) do
      files.operations[#files.operations + 1] = {
        method = method:upper(),
        path = "/" .. table.concat(segments, "/"),
        segments = segments,
        responses = operation.responses,
        schemas = document.components.schemas,
      }
    end
  end
end

--- The operations of some decoded documents.
function openapi.of_documents(documents)
  local files = { operations = {} }
  for _, document in ipairs(documents) do
    add_document(files, document)
  end
  return files
end

--- The operations of all files of a folder.
function openapi.of_folder(folder)
  local documents = {}
  local names = assert(io.popen(("ls '%s'/*.json"):format(folder)))
  for name in names:lines() do
    documents[#documents + 1] = read(name)
  end
  names:close()
  assert(#documents > 0, "no OpenAPI files in " .. folder)
  return openapi.of_documents(documents)
end

-- Counts the equal segments where a path is of a template; nil where it is not.
local function likeness(segments, template)
  if #segments ~= #template then return nil end
  local same = 0
  for index, segment in ipairs(segments) do
    if segment == template[index] then
      same = same + 1
    elseif not template[index]:find "^{" or template[index] == "{D}" then
      return nil
    end
  end
  return same
end

--- The operation that a request is, or nil.
function openapi.find(files, method, path)
  local segments, best, most = segments_of(path), nil, -1
  for _, operation in ipairs(files.operations) do
    local same = operation.method == method and likeness(segments, operation.segments)
    if same and same > most then
      best, most = operation, same
    end
  end
  return best
end

local check

local function resolve(schema, schemas)
  while schema["$ref"] do
    schema = schemas[schema["$ref"]:match "([^/]*)$"]
  end
  return schema
end

local is_type = {
  string = function(value) return type(value) == "string" end,
  boolean = function(value) return type(value) == "boolean" end,
  number = function(value) return type(value) == "number" end,
  integer = function(value) return type(value) == "number" and value % 1 == 0 end,
  -- An empty object and an empty array differ where the decoder marks the latter.
  object = function(value) return type(value) == "table" and value[1] == nil and getmetatable(value) == nil end,
  array = function(value) return type(value) == "table" and (value[1] ~= nil or next(value) == nil) end,
}
local MARKS_ARRAYS = getmetatable(core.decode "[]") ~= nil

local formats = {
  ["date-time"] = function(value) return value:find "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%d%.?%d*Z$" end,
  uuid = function(value) return value:find "^%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x+$" and #value == 36 end,
}

local function is_one_of(value, values)
  for _, each in ipairs(values) do
    if each == value then return true end
  end
  return false
end

local function check_object(value, schema, schemas, place, say)
  for _, name in ipairs(schema.required or {}) do
    if value[name] == nil then say(place .. "." .. name, "is missing") end
  end
  local known = schema.properties or {}
  for name, member in pairs(value) do
    local at = place .. "." .. tostring(name)
    if known[name] then
      check(member, known[name], schemas, at, say)
    elseif type(schema.additionalProperties) == "table" then
      check(member, schema.additionalProperties, schemas, place .. ".*", say)
    elseif next(known) ~= nil then
      say(at, "is not in the file")
    end
  end
end

local function check_alternatives(value, alternatives, schemas, place, say)
  local first
  for _, alternative in ipairs(alternatives) do
    local complaints = {}
    check(value, alternative, schemas, place, function(...) complaints[#complaints + 1] = { ... } end)
    if #complaints == 0 then return end
    if not first or #complaints < #first then first = complaints end
  end
  for _, complaint in ipairs(first) do
    say(complaint[1], complaint[2])
  end
end

function check(value, schema, schemas, place, say)
  schema = resolve(schema, schemas)
  if schema.oneOf then return check_alternatives(value, schema.oneOf, schemas, place, say) end
  local kind = schema.type
  if value == core.null then return say(place, "is null") end
  if kind and not is_type[kind](value) then
    return say(place, ("is no %s: %s"):format(kind, tostring(core.encode { value }):sub(2, -2):sub(1, 60)))
  end
  if kind == "array" and MARKS_ARRAYS and next(value) == nil and getmetatable(value) == nil then
    say(place, "is {} and not []")
  end
  if schema.enum and not is_one_of(value, schema.enum) then say(place, "is not of the enum: " .. tostring(value)) end
  if formats[schema.format] and not formats[schema.format](value) then
    say(place, ("is no %s: %s"):format(schema.format, value))
  end
  if kind == "object" then check_object(value, schema, schemas, place, say) end
  for _, item in ipairs(kind == "array" and value or {}) do
    check(item, schema.items, schemas, place .. "[]", say)
  end
end

local function schema_of(operation, status)
  local response = operation.responses[tostring(status)]
  if status >= 400 then return operation.schemas.Error end
  local _, content = next(response and response.content or {})
  return response and content and content.schema, response ~= nil
end

--- Checks an answer (`status`, `headers`, `body`) to an operation: calls `say(place, problem)` for each fault.
function openapi.check(operation, answer, say)
  local schema, known = schema_of(operation, answer.status)
  if answer.status < 400 and not known then return say("", "has a status that is not in the file") end
  if answer.status >= 400 and not (answer.headers["content-type"] or ""):find("json", 1, true) then return end
  if not schema then
    if answer.body ~= "" then say("", "has a body, and none in the file") end
    return
  end
  local value = core.decode(answer.body, true)
  if value == nil then return say("", "is no JSON") end
  check(value, schema, operation.schemas, "", say)
end

return openapi
