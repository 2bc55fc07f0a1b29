-- A sandbox server with clients, for the specs of a file or of a block.

local assert = require "luassert"
local busted = require "busted"
local misuse = require "spec.support.misuse"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local unpack = table.unpack or unpack

local fixture = {}

local EVERY_ROUTE = { current = {}, march = { api_version = "2026-03" }, v1 = { api_version = "v1" } }

local function close_all(clients)
  for name, client in pairs(clients) do
    client:close()
    clients[name] = nil
  end
end

local methods = {}
methods.__index = methods

--- A client that is closed after the example.
function methods:new_client(options)
  local client = wire.client(self.server, options)
  self.opened[#self.opened + 1] = client
  return client
end

--- Asserts that `fn` throws at its own line and sends nothing. Returns the message.
function methods:refuses(expected, fn)
  local text = misuse.throws(expected, fn)
  assert.same({}, wire.take(self.server))
  return text
end

--- Asserts that a method of a resource throws where a value is passed for an option, and sends nothing. Returns the
-- message.
-- @tparam string expected its text, with `%s` for the option
-- @tparam table resource of a client
-- @tparam string method
-- @tparam string option
-- @param value
-- @param ... the method's arguments before its options
function methods:refuses_option(expected, resource, method, option, value, ...)
  local arguments = { ... }
  arguments[#arguments + 1] = { [option] = value }
  local succeeded, message = pcall(resource[method], resource, unpack(arguments))
  assert.is_false(succeeded, ("%s took %s"):format(method, option))
  assert.truthy(message:find((":%s: %s"):format(method, expected:format(option)), 1, true), message)
  assert.same({}, wire.take(self.server))
  return message
end

--- Creates contacts and returns their ids; forgets the requests that this took.
function methods:create_contacts(list)
  local ids = {}
  for index, properties in ipairs(list) do
    ids[index] = assert(self.clients.current.contacts:create(properties)).id
  end
  self.server:clear_requests()
  return ids
end

--- Creates a contact and returns its id; forgets the request that this took.
-- @tparam[opt] table properties
function methods:create_contact(properties)
  return self:create_contacts({ properties or { email = "ada@example.org" } })[1]
end

--- Starts a sandbox before the examples of the block that calls this, and stops it after them.
-- @tparam table options `start` (options of `sandbox.start`), `clients` (options of each client by its name; a client
--   of each route when left out: `current`, `march` and `v1`), `reset` (options that the sandbox starts over with
--   before each example; when left out it keeps its records, and only faults and requests are cleared)
-- @treturn table `server` and `clients`, empty until a `setup` fills them, and the methods above
function fixture.new(options)
  local server, clients, opened = {}, {}, {}

  busted.setup(function()
    local started = sandbox.start(options.start)
    for name, value in pairs(started) do
      server[name] = value
    end
    setmetatable(server, getmetatable(started))
    for name, of_client in pairs(options.clients or EVERY_ROUTE) do
      clients[name] = wire.client(server, of_client)
    end
  end)

  busted.before_each(function()
    if options.reset then return server:reset(options.reset) end
    server:clear_faults()
    server:clear_requests()
  end)

  busted.after_each(function() close_all(opened) end)

  busted.teardown(function()
    close_all(clients)
    server:stop()
  end)

  return setmetatable({ server = server, clients = clients, opened = opened }, methods)
end

return fixture
