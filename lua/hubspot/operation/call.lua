--- A call: an operation with its route, its checked arguments and options, and the way in which its requests are sent.
-- @module hubspot.operation.call

local answer = require "hubspot.operation.answer"
local api_version = require "hubspot.api_version"
local build = require "hubspot.operation.build"
local errors = require "hubspot.error"
local merge = require "hubspot.merge"
local options = require "hubspot.operation.options"
local route_at = require "hubspot.operation.route_versions"
local span = require "hubspot.span"

local call = {}

local methods = {}
local metatable_of_methods = { __name = "hubspot.Method", __index = methods }

--- Makes what all calls of one method have.
-- @tparam table fields `resource_name`; `name`, such as "contacts:get"; `declaration`; and `find`, a
--   function(resource_name) that gives the declarations of a resource
-- @treturn table `fields`
function call.method(fields)
  fields.metatable = { __name = "hubspot.Call", __index = fields }
  return setmetatable(fields, metatable_of_methods)
end

-- Fields, beside those of the method: `client`; `route_name` and `route`; `values` of arguments and options by name;
-- `options`; and `span`, where the caller bounds the call as a whole.
local function new(method, fields) return setmetatable(fields, method.metatable) end

local function choose_route(declaration, spoken)
  if spoken == api_version.V1 then
    if declaration.v1 then return "v1" end
    return "current"
  end
  return declaration.current and "current" or "v1"
end

-- Returns whether a path of the route, or of one of its requests, has a placeholder for the argument.
local function is_in_path(route, name)
  for _, one in ipairs(route.requests or { route }) do
    if one.path:find("{" .. name .. "}", 1, true) then return true end
  end
  return false
end

-- The value of an argument for which the client may have a default, and which not every route needs.
local function default_argument(client, route, argument)
  local value = client.defaults[argument.client_default]
  if value ~= nil or not is_in_path(route, argument.name) then return value end
  return nil,
    ("%s is missing: pass it, or set it for all calls with hubspot.new{ %s = … }"):format(
      argument.name,
      argument.client_default
    )
end

local function check_arguments(client, declaration, route_name, given)
  local values = {}
  for index, argument in ipairs(declaration.arguments or {}) do
    local value_type = argument.type[route_name] or argument.type
    local value, message
    if given[index] == nil and argument.client_default then
      value, message = default_argument(client, declaration[route_name], argument)
    else
      value, message = value_type.check(given[index], argument.name)
    end
    if message then return nil, message end
    values[argument.name] = value
  end
  return values
end

local NO_DEVELOPER_KEY = "needs the developer key: HubSpot manages event types with the API key of the developer "
  .. "account that owns the application (there, under Keys > Developer API key); pass it as "
  .. "hubspot.new{ developer_key = … }"

local function add_values(client, values, checked)
  for name, value in pairs(checked) do
    values[name] = value
  end
  values.api_version = client.api_date
  values.portal_id = client.defaults.portal_id
  return values
end

--- Makes a call of what a method was called with.
-- @tparam table method as `call.method` makes it
-- @tparam client client
-- @tparam table arguments a list, the options last
-- @tparam integer count of the arguments, nil among them too
-- @treturn ?table nil and a message where an argument is wrong
function call.new(method, client, arguments, count)
  local declaration = method.declaration
  local expected = #(declaration.arguments or {})
  if count > expected + 1 then
    return nil,
      ("takes %d argument%s and a table of options, got %d values"):format(expected, expected == 1 and "" or "s", count)
  end
  local route_name = choose_route(declaration, client.api_version)
  local route = declaration[route_name]
  if route.versions then route = route_at(route, client.api_date) end
  if route.credential == "developer_key" and not client.developer.known then return nil, NO_DEVELOPER_KEY end
  local values, argument_message = check_arguments(client, declaration, route_name, arguments)
  if not values then return nil, argument_message end
  local checked, option_message = options.read(declaration, route_name, arguments[expected + 1])
  if not checked then return nil, option_message end
  add_values(client, values, checked)
  local complaint = declaration.validate and declaration.validate(values)
  if complaint then return nil, complaint end
  return new(method, {
    client = client,
    route_name = route_name,
    route = route,
    values = values,
    options = checked,
    -- A call without a deadline has the client's, which bounds each request.
    span = checked.deadline and span.new(client.loop, checked.deadline),
  })
end

--- A call of another operation as a part of this one, with its client, time, retries and headers.
-- @tparam string resource_name
-- @tparam string operation_name
-- @tparam table arguments checked values by name
-- @tparam table chosen checked options by name
-- @treturn table
function methods:another(resource_name, operation_name, arguments, chosen)
  local declaration = self.find(resource_name)[operation_name]
  local route_name = choose_route(declaration, self.client.api_version)
  local own, given = self.options, chosen
  given.timeout, given.deadline, given.retry, given.headers = own.timeout, own.deadline, own.retry, own.headers
  local method = call.method {
    resource_name = resource_name,
    name = ("%s:%s"):format(resource_name, operation_name),
    declaration = declaration,
    find = self.find,
  }
  return new(method, {
    client = self.client,
    route_name = route_name,
    route = route_at(declaration[route_name], self.client.api_date),
    values = add_values(self.client, arguments, given),
    options = given,
    span = self.span,
  })
end

--- The error of values that no request can hold.
function call.invalid(message) return errors.new { kind = "api", category = "VALIDATION_ERROR", message = message } end

--- Builds and sends one request of a route, for operations that are more than one.
-- @tparam table route
-- @tparam table values of its path, query and body
-- @treturn ?table an answer (see `hubspot.operation.answer`), or nil and an error
function methods:send(route, values)
  values.api_version = self.values.api_version
  local request, message = build.request(self, route, values)
  if not request then return nil, call.invalid(message) end
  return answer.exchange(self, route, request, values)
end

--- Sends a request that only reads, whose answer is never empty.
-- @tparam table route with `read`, or a GET
-- @tparam table values of its path, query and body
-- @return the answer's value, or nil and an error
function methods:read(route, values)
  local read, err = self:send(route, values)
  if not read then return nil, err end
  return read.value
end

--- Finds out what has to be known before the first request, such as the list id of a legacy one. Asked once.
-- @treturn ?boolean true, or nil and an error
function methods:prepare()
  if not self:needs_preparation() then return true end
  local prepared, err = self.declaration.before.run(self)
  if not prepared then return nil, err end
  self.is_prepared = true
  return true
end

--- Returns whether `before` has requests to make first.
function methods:needs_preparation()
  local before = self.declaration.before
  return before ~= nil and not self.is_prepared and before.is_needed(self.values)
end

--- Returns whether its records get what takes requests of its own.
function methods:has_more_to_read()
  local complete = self.route.complete
  return complete ~= nil and self.options[complete.option] and not self.options.raw
end

--- Adds to records what takes requests of its own.
-- @tparam table records
-- @treturn ?table `records`, or nil and an error
function methods:complete(records)
  if #records == 0 or not self:has_more_to_read() then return records end
  return self.route.complete.run(self, records)
end

--- The same call without a bound of its own: for what is read for a later step of an iterator.
function methods:without_span()
  local copy = merge { self }
  copy.span = nil
  return new(self, copy)
end

--- The same call whose requests are not retried, without a bound of its own.
function methods:in_one_attempt()
  local copy = self:without_span()
  copy.options = merge { self.options, { retry = false } }
  return copy
end

--- Seconds for which another coroutine that works for this call is waited for.
function methods:patience() return self.options.deadline or self.client.deadline end

return call
