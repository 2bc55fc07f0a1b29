--- From a declared operation to a method: arguments, checks, route, and how the route runs.
--
-- A resource file declares its operations as tables:
--
--    get = {
--      number = 21,                       -- in HubSpot's operation list
--      summary = "Reads one contact by its id.",
--      arguments = { { name = "id", type = check.id, description = "the contact's id" } },
--      options = { properties = { type = check.names, description = "…" } },
--      returns = "contact",
--      v1 = { method = "GET", path = "/contacts/v1/contact/vid/{id}/profile", query = { … }, answer = v1.contact },
--      current = { method = "GET", path = "/crm/objects/{api_version}/contacts/{id}", … },
--    }
--
-- A route has `method`, `path` (with `path_values`, a function(values), where its names are not those of the values),
-- `query`, `body`, `answer` (function(decoded, values) that returns the record, or nil and a message), `idempotent`
-- (whether it may be sent twice, or `{ holds = function(values) that tells, when = it in words }`), `read` (true
-- where a POST changes nothing; what has `paging` or `batch` never does), `done_when` (the status by which HubSpot
-- says that an earlier sending was carried out; a DELETE's is 404), `bucket` ("search" where HubSpot counts it as
-- search), `credential` ("developer_key" where HubSpot wants that instead of a token), `removed` (the date from which
-- HubSpot answers 404), `documentation` (HubSpot's page), `read_by_id` (the route that reads its records by their ids
-- where they are asked for more properties than its request can name) or `in_parts` (where it is such a route itself,
-- the parameter of its URL that names them; see `hubspot.operation.long_read`), and at most one of `paging` (see
-- `hubspot.paging`), `batch` (`{ over = the argument to split, size = }`, with `resolve_merged`, a function(call,
-- values, records) that returns the records of one of its requests in order, known by the keys that they were asked
-- for by) and `run` (function(call), for what is more than one request; the routes of these are in `requests`). A
-- route with `paging` whose pages only name the records has `names`: `{ read = function(call, names) that returns the
-- records in their order, size = }`. An operation's `validate` is a function(values) that returns a message where its
-- values don't go together; an argument's `client_default` names the option of the client that stands in for it. An
-- operation's `coalesce` tells what reads many of its records (see `hubspot.operation.coalescing`), and `count` is
-- the route that counts its records in a range of ids, for a scan (see `hubspot.paging.scan`). `complete` is a
-- function(call, records) that adds to the records what needs requests of its own. `before` of an operation is `{
-- is_needed = function(values), run = function(call) }`, which finds out what its first request needs. An operation
-- without a `current` route takes `v1` always, and the other way round. An option that says what comes with each
-- record, and not which records come, has `decides = false`: a cursor is resumed whatever it says.
--
-- Query and body are lists of fields: `{ wire_name, from = argument or option, encode = function(value, values),
-- value = constant }`. A body field without a wire name is the whole body. A route honours the options that its
-- fields take something from, and those that its `options` list names.
-- @module hubspot.operation

local build = require "hubspot.operation.build"
local call = require "hubspot.operation.call"
local coalescing = require "hubspot.operation.coalescing"
local keyed = require "hubspot.operation.keyed"
local listing = require "hubspot.operation.listing"
local single = require "hubspot.operation.single"

local operation = {}

-- The request of a call, made before anything is sent, for its errors: a value that no request can hold is told where
-- it was passed. False where what it is made of has to be asked for first; nil and a message where there is none.
local function build_early(self)
  local route, values = self.route, self.values
  if route.run or self:needs_preparation() then return false end
  local built, message = build.request(self, route, values)
  if not built or not self.options.raw then return built, message end
  local over = route.batch and route.batch.over
  return build.first(self, route, over and keyed.values_of_piece(route, values, { values[over][1] }) or values)
end

-- `built` is the call's request, where it could be made early.
local function run(self, built)
  if self.options.coalesce then
    local read = coalescing.read(self)
    if read then return read.record, read.err end
  end
  local prepared, err = self:prepare()
  if not prepared then return nil, err end
  if self.route.run then return self.route.run(self) end
  if self.route.batch then return keyed.run(self) end
  return single.run(self, built or nil)
end

-- `method` has the fields that `call.new` takes.
local function method_of(method)
  local label = method.name
  return function(self, ...)
    local client = type(self) == "table" and rawget(self, "client")
    if not client then error(("hubspot: call it with a colon: client.%s(…)"):format(label), 2) end
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
-- @tparam function find function(resource_name) that gives the declarations of a resource by method name
-- @treturn table
function operation.methods(resource_name, find)
  local methods = {}
  for name, declaration in pairs(find(resource_name)) do
    methods[name] = method_of {
      resource_name = resource_name,
      name = ("%s:%s"):format(resource_name, name),
      declaration = declaration,
      find = find,
    }
  end
  return methods
end

return operation
