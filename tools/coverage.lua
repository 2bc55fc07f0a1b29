-- Fails when a declared operation lacks, on one of its routes, a spec over a real socket, a sandbox route, or its
-- entry in the reference and the types.
-- Usage: coverage.lua FILE, the file being what spec/support/coverage.lua noted.

local api_version = require "hubspot.api_version"
local declarations = require "tools.declarations"
local hubspot_sandbox = require "hubspot.sandbox"

local OPERATIONS = 53

local function read_file(name)
  local file = assert(io.open(name))
  local text = file:read "*a"
  file:close()
  return text
end

local function noted_calls(name)
  local calls = {}
  for operation, route, method, path, status in read_file(name):gmatch "(%S+) (%S+) (%S+) (%S+) (%d+)\n" do
    if status:sub(1, 1) == "2" then
      -- A method of one type of records is that of all of them.
      for _, label in ipairs { operation, (operation:gsub("^.*:", "objects:")) } do
        local key = label .. " " .. route
        calls[key] = calls[key] or {}
        table.insert(calls[key], { method = method, path = path })
      end
    end
  end
  return calls
end

-- A Lua pattern for the paths of a template.
local function path_pattern(template)
  local pattern = template:gsub("[%-%.%+%*%?%%%(%)%[%]%^%$]", "%%%0"):gsub("{[%w_]+}", "[^/]+")
  return "^" .. pattern .. "$"
end

local function was_called(calls, request)
  for _, call in ipairs(calls or {}) do
    if call.method == request.method and call.path:find(path_pattern(request.path)) then return true end
  end
  return false
end

local portal = hubspot_sandbox.new { contacts = 1, v1_lists = true }

-- The sandbox answers a request without a route with a page, or with 405.
local function sandbox_knows(request)
  local path =
    request.path:gsub("{api_version}", api_version.DEFAULT):gsub("{object_type}", "contacts"):gsub("{[%w_]+}", "1")
  -- Without `accept`, HubSpot's answer to a record that is not there is a page, too.
  local headers = { authorization = "Bearer any", accept = "application/json" }
  local response = portal { method = request.method, url = path, headers = headers }
  local content_type = response.headers["content-type"] or ""
  return response.status ~= 405 and not (response.status == 404 and content_type:find "html")
end

local failures = {}
local function expect(condition, ...)
  if not condition then failures[#failures + 1] = table.concat({ ... }, " ") end
end

local calls = noted_calls(arg[1])
local types = read_file "types/hubspot.lua"
local numbers, count = {}, 0

for _, operation in ipairs(declarations.all()) do
  local label = operation.label
  count = count + 1
  if operation.declaration.number then numbers[operation.declaration.number] = label end
  local page = ("doc/reference/%s.md"):format(operation.resource)
  expect(read_file(page):find("### " .. label .. "\n", 1, true), label, "has no entry in", page)
  expect(types:find(("function %s("):format(label), 1, true), label, "has no type in types/hubspot.lua")
  for _, route in ipairs(operation.routes) do
    for _, request in ipairs(route.requests) do
      expect(
        was_called(calls[label .. " " .. route.name], request),
        label,
        "on its route",
        route.name,
        "has no spec that got an answer from",
        request.method,
        request.path
      )
      expect(
        sandbox_knows(request),
        label,
        "on its route",
        route.name,
        "has no sandbox route:",
        request.method,
        request.path
      )
    end
  end
end

for number = 1, OPERATIONS do
  expect(numbers[number], "no method is operation", tostring(number))
end

for _, failure in ipairs(failures) do
  io.stderr:write(failure, "\n")
end
if #failures > 0 then os.exit(1) end
print(("%d operations, %d of HubSpot's list: each with specs, sandbox, reference and types"):format(count, OPERATIONS))
