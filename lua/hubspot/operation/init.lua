--- From a declared operation to a method: arguments, checks, route, and how the route runs.
-- See `hubspot.operation.declaration` for the fields of a declaration.
-- @module hubspot.operation

local build = require "hubspot.operation.build"
local call = require "hubspot.operation.call"
local coalescing = require "hubspot.operation.coalescing"
local keyed = require "hubspot.operation.keyed"
local listing = require "hubspot.operation.listing"
local single = require "hubspot.operation.single"

local operation = {}

-- Builds the first request of a call before anything is sent, to throw at the caller's line when a value fits in no
-- request. False where another request must come first; nil and a message where there is none.
local function build_early(self)
  local route, values = self.route, self.values
  if route.run or self.declaration.before and self:needs_preparation() then return false end
  local built, message = build.request(self, route, values)
  if not built or not self.options.raw then return built, message end
  local over = route.batch and route.batch.over
  return build.first(self, route, over and keyed.values_of_chunk(route, values, { values[over][1] }) or values)
end

-- `built` is the call's request, where it could be made early.
local function run(self, built)
  if self.options.coalesce then
    local read = coalescing.read(self)
    if read then return read.record, read.err end
  end
  if self.declaration.before then
    local prepared, err = self:prepare()
    if not prepared then return nil, err end
  end
  if self.route.run then return self.route.run(self) end
  if self.route.batch then return keyed.run(self) end
  return single.run(self, built or nil)
end

-- `method` is what `call.method` makes.
local function method_of(method)
  local label = method.name
  return function(self, ...)
    local client = type(self) == "table" and rawget(self, "client")
    if not client then error(("hubspot: call it with a colon: %s(…)"):format(method.place), 2) end
    local made, message = call.new(method, client, { ... }, select("#", ...))
    if not made then error(("hubspot: %s: %s"):format(label, message), 2) end
    if made.route.paging then
      local iterator, iterate_message = listing.iterate(made)
      if not iterator then error(("hubspot: %s: %s"):format(label, iterate_message), 2) end
      return iterator
    end
    local built, build_message = build_early(made)
    if built == nil then error(("hubspot: %s: %s"):format(label, build_message), 2) end
    return run(made, built)
  end
end

--- The methods of a resource, made of its declarations.
-- @tparam string resource_name
-- @tparam string place of the resource, as a program writes it
-- @tparam function find function(resource_name) that gives the declarations of a resource by method name
-- @treturn table
function operation.methods(resource_name, place, find)
  local methods = {}
  for name, declaration in pairs(find(resource_name)) do
    methods[name] = method_of(call.method {
      resource_name = resource_name,
      name = ("%s:%s"):format(resource_name, name),
      place = ("%s:%s"):format(place, name),
      declaration = declaration,
      find = find,
    })
  end
  return methods
end

return operation
