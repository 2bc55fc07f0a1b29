-- Checks each answer of the sandbox that specs get in their own process against the OpenAPI files of the folder that
-- OPENAPI names. Loaded by busted before the specs.

local folder = os.getenv "OPENAPI"
if not folder then return end

local busted = require "busted"
local exceptions = require "spec.support.openapi_exceptions"
local openapi = require "spec.support.openapi"
local sandbox = require "hubspot.sandbox"
local texts = require "hubspot.sandbox.text"

local files = openapi.of_folder(folder)
local complaints, order, answered, count = {}, {}, {}, 0

local excepted = {}
for index, exception in ipairs(exceptions.differences) do
  excepted[index] = { fits = texts.wildcard(exception.at), at = exception.at, used = false }
end

local function note(line, request, answer)
  for _, exception in ipairs(excepted) do
    if exception.fits(line) then
      exception.used = true
      return
    end
  end
  if complaints[line] then return end
  complaints[line] = ("%s\n    %s %s\n    %s"):format(
    line,
    tostring(request.body):sub(1, 300),
    request.url,
    answer.body:sub(1, 600)
  )
  order[#order + 1] = line
end

-- Returns whether a path begins with one of these.
local function is_below(path, prefixes)
  for prefix in pairs(prefixes) do
    if path:sub(1, #prefix) == prefix then return true end
  end
  return false
end

local function look(request, answer)
  local path = request.url:gsub("^%a+://[^/]*", ""):gsub("[?#].*$", ""):gsub("^(/crm/%l+/[^/]*)/0%-1", "%1/contacts")
  local method = request.method or "GET"
  if
    not path:find "/%d%d%d%d%-%d%d/" and not path:find "/%d%d%d%d%-%d%d$" or is_below(path, exceptions.without_file)
  then
    return
  end
  local operation = openapi.find(files, method, path)
  if not operation then
    if answer.status < 400 then note(("%s %s is in no file"):format(method, path), request, answer) end
    return
  end
  count = count + 1
  if answer.status < 300 then answered[method .. " " .. operation.path] = true end
  openapi.check(
    operation,
    answer,
    function(place, problem)
      note(("%s %s %d %s %s"):format(method, operation.path, answer.status, place, problem), request, answer)
    end
  )
end

local portal = getmetatable(sandbox.new {}).__index
local serve = portal.serve

function portal:serve(request)
  local is_struck = #self.faults > 0
  local answer, effect = serve(self, request)
  if answer and not is_struck then look(request, answer) end
  return answer, effect
end

-- Operations that the sandbox has a route for and that a file describes.
local function operations_of_sandbox()
  local found = {}
  local names = assert(io.popen "ls program/hubspot/sandbox/route/*.lua")
  for name in names:lines() do
    for _, route in ipairs(require("hubspot.sandbox.route." .. name:match "([^/]*)%.lua$")) do
      local operation = not route.elsewhere and openapi.find(files, route.method, route.path)
      if operation then found[#found + 1] = route.method .. " " .. operation.path end
    end
  end
  names:close()
  return found
end

-- Operations of the files that the sandbox has no route for, and that no exception names.
local function missing_operations()
  local routes, missing = sandbox.new({}).routes, {}
  for _, operation in ipairs(files.operations) do
    local segments = {}
    for index, segment in ipairs(operation.segments) do
      segments[index] = segment == "{D}" and "2026-09" or segment:gsub("^{.*}$", "1")
    end
    local route = routes:route(operation.method, segments)
    if (not route or route.elsewhere) and not is_below(operation.path, exceptions.without_route) then
      missing[#missing + 1] = operation.method .. " " .. operation.path
    end
  end
  return missing
end

busted.subscribe({ "suite", "end" }, function()
  local report = {}
  for index, line in ipairs(order) do
    report[index] = complaints[line]
  end
  for _, exception in ipairs(excepted) do
    if not exception.used then report[#report + 1] = "an exception that nothing needs: " .. exception.at end
  end
  for _, operation in ipairs(missing_operations()) do
    report[#report + 1] = "the sandbox has no route for " .. operation
  end
  for _, operation in ipairs(operations_of_sandbox()) do
    if not answered[operation] then report[#report + 1] = "no spec has a success of " .. operation end
  end
  io.stderr:write(("\n%d answers checked, %d problems\n%s\n"):format(count, #report, table.concat(report, "\n")))
  if #report > 0 then os.exit(1) end
end)
