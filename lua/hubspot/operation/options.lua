-- Checks the options of a call against those of its operation and route.

local api_version = require "hubspot.api_version"
local check = require "hubspot.check"
local paging = require "hubspot.paging"

local options = {}

--- Options that every operation takes.
options.common = {
  timeout = { type = check.seconds, description = "seconds for one attempt" },
  deadline = {
    type = check.seconds,
    description = "seconds for the whole call, with all its requests, retries and waits; of an iterator for each step",
  },
  retry = { type = check.retry, description = "retry settings of this call, or false" },
  raw = {
    type = check.boolean,
    description = "true gives HubSpot's decoded answer untouched; from several requests, a list of them",
  },
  headers = { type = check.headers, description = "header values by name" },
}

--- Options that every iterator takes.
options.of_iterators = {
  page_size = { type = check.integer(1, 10000), description = "records a request; by default the route's maximum" },
  max = { type = check.integer(1, 2 ^ 53), description = "stop after this many records" },
  cursor = {
    type = check.string,
    description = "resume from what `it:cursor()` gave, in a call with the same arguments "
      .. "and options but for those that say how much is read at once and what comes with each record. It is checked, not "
      .. "signed: an application that hands one out has to sign it",
  },
}

--- The names of the options that a route honours.
-- @tparam table route
-- @treturn table with them as keys
function options.honoured_by(route)
  local honoured = {}
  for _, fields in ipairs { route.query or {}, route.body or {} } do
    for _, field in ipairs(fields) do
      for _, name in ipairs(field.uses or { field.from }) do
        honoured[name] = true
      end
    end
  end
  for _, name in ipairs(route.options or {}) do
    honoured[name] = true
  end
  return honoured
end

local function known_options(declaration, route_name)
  local known, route = {}, declaration[route_name]
  for name, option in pairs(options.common) do
    known[name] = option
  end
  -- `raw` needs one answer; a route that makes several requests has none to pass on.
  if route.run or route.read_page then known.raw = nil end
  for name, option in pairs(route.paging and options.of_iterators or {}) do
    known[name] = option
  end
  for name, option in pairs(declaration.options or {}) do
    known[name] = option
  end
  return known
end

local ROUTE_NAMES = {
  v1 = ("api_version = %q"):format(api_version.V1),
  current = "api_version = " .. api_version.DATES_IN_WORDS,
}

-- Messages for the operation's options that the route does not take, by their names.
local function refusals(declaration, route_name)
  local said = {}
  local honoured = options.honoured_by(declaration[route_name])
  local other = route_name == "v1" and "current" or "v1"
  local honoured_there = declaration[other] and options.honoured_by(declaration[other]) or {}
  for name in pairs(declaration.options or {}) do
    if not honoured[name] then
      said[name] = honoured_there[name] and ("option %s works only with %s"):format(name, ROUTE_NAMES[other])
        or ("option %s can't be used here"):format(name)
    end
  end
  return said
end

-- By declaration and route: the `known` options, what is said of those that are `refused`, and whether there are
-- required ones. Worked out at the first call.
local facts_of = {}

local function facts(declaration, route_name)
  local known = known_options(declaration, route_name)
  local made = { known = known, refused = refusals(declaration, route_name), has_required = false }
  for _, option in pairs(known) do
    made.has_required = made.has_required or option.required == true
  end
  facts_of[declaration] = facts_of[declaration] or {}
  facts_of[declaration][route_name] = made
  return made
end

--- Checks the options of a call.
-- @tparam table declaration
-- @tparam string route_name
-- @param given the last argument
-- @treturn ?table the checked values, or nil and a message
function options.read(declaration, route_name, given)
  local of_routes = facts_of[declaration]
  local about = of_routes and of_routes[route_name] or facts(declaration, route_name)
  if given == nil then
    if not about.has_required then return {} end
    given = {}
  end
  if type(given) ~= "table" then return nil, ("options must be a table, got %s"):format(type(given)) end
  local route = declaration[route_name]
  local checked, message = check.options(given, about.known)
  if not checked then return nil, message end
  for name in pairs(given) do
    if about.refused[name] then return nil, about.refused[name] end
  end
  local largest = route.paging and paging.largest_page(route, checked)
  if largest and checked.page_size and checked.page_size > largest then
    return nil, ("page_size must be at most %d here, got %d"):format(largest, checked.page_size)
  end
  return checked
end

return options
