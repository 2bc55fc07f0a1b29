-- Words for an operation that the types and the reference share.

local build = require "hubspot.operation.build"
local options = require "hubspot.operation.options"

local operation_text = {}

operation_text.ROUTE_TITLES = { v1 = "v1", current = "current" }

local ROUTE_TITLES = operation_text.ROUTE_TITLES

--- Returns whether an operation gives an iterator.
function operation_text.is_iterator(one) return one.declaration.returns.iterator ~= nil end

-- Names an operation's routes that honour an option.
local function routes_honouring(one, option)
  local names = {}
  for _, route in ipairs(one.routes) do
    if options.honoured_by(route.route)[option] then names[#names + 1] = ROUTE_TITLES[route.name] end
  end
  return names
end

--- The route that an option is for; empty where all have it.
function operation_text.option_note(one, option)
  local names = routes_honouring(one, option)
  if #names == 0 then error(("%s: no route honours the option %s"):format(one.label, option)) end
  if #names == #one.routes then return "" end
  return (" (only on %s)"):format(table.concat(names, ", "))
end

--- The types of an argument, which may differ by route: `{ type =, route = }` each, without a route where they do not.
function operation_text.types_of(argument)
  if argument.type.check then return { { type = argument.type } } end
  return { { type = argument.type.v1, route = "v1" }, { type = argument.type.current, route = "current" } }
end

local function distinct(argument, field)
  local texts, seen = {}, {}
  for _, one in ipairs(operation_text.types_of(argument)) do
    local text = one.type[field]
    if not seen[text] then texts[#texts + 1] = text end
    seen[text] = true
  end
  return texts
end

--- Type of an argument in LuaCATS; of both routes where they differ.
function operation_text.luacats_of(argument) return table.concat(distinct(argument, "luacats"), "|") end

--- Type of an argument in words.
function operation_text.description_of(argument)
  return table.concat(distinct(argument, "description"), "; on the current route ")
end

--- Returns whether one of an operation's options must be given.
function operation_text.needs_options(one)
  for _, option in pairs(one.declaration.options or {}) do
    if option.required then return true end
  end
  return false
end

--- The names of what it takes, options last.
function operation_text.parameters(one)
  local names = {}
  for index, argument in ipairs(one.declaration.arguments or {}) do
    names[index] = argument.name
  end
  names[#names + 1] = "options"
  return names
end

--- Support status of a request, by its path.
function operation_text.status_of(route, request)
  local removed = request.removed or route.removed
  if removed then return ("removed on %s: HubSpot answers 404"):format(removed) end
  if request.path:find("{api_version}", 1, true) then return "current" end
  if request.path:find("/v3/", 1, true) then return "v3, unsupported from September 2027" end
  return "v1, deprecated, unsupported from September 2027"
end

--- Says whether a request that may have been carried out is retried.
function operation_text.repeated(request)
  if build.is_read(request) then return "yes, it only reads" end
  if type(request.idempotent) == "table" then return ("%s; else no"):format(request.idempotent.when) end
  return request.idempotent and "yes, that is safe" or "no"
end

local function limit(most, place, most_with_history)
  local history = most_with_history and (", %d with history"):format(most_with_history) or ""
  return ("%d a %s%s"):format(most, place, history)
end

--- Says how much goes into a request.
function operation_text.limit_of(request)
  if request.page_size then return limit(request.page_size, "page", request.history_page_size) end
  if request.batch then return limit(request.batch.size, "request", request.batch.history_size) end
  return request.limit and limit(request.limit, "request") or ""
end

return operation_text
