--- A client: the one way of every call, from a request to its answer.
-- @module hubspot.client

local api_version = require "hubspot.api_version"
local auth = require "hubspot.auth"
local client_options = require "hubspot.client_options"
local errors = require "hubspot.error"
local free = require "hubspot.request.free"
local loops = require "hubspot.loop"
local map = require "hubspot.map"
local memory_limiter = require "hubspot.limiter.memory"
local resources = require "hubspot.resource"
local retry = require "hubspot.retry"
local texts = require "hubspot.text"
local transport = require "hubspot.request.transport"
local version = require "hubspot.version"

local client_methods = {}

local metatable = { __name = "hubspot.Client", __index = resources.index(client_methods) }

-- Makes the source of the token from the options.
local function token_source(checked)
  if not checked.oauth then return auth.new(checked.token, checked.transport ~= nil, checked.developer_key ~= nil) end
  return require("hubspot.oauth.token_source").new(checked.oauth)
end

--- Makes a client of options (see `hubspot.new`).
-- @tparam table options
-- @treturn ?client nil and a message when an option is wrong
local function new(options)
  local checked, message = client_options.read(options)
  if not checked then return nil, message end
  local source, token_message = token_source(checked)
  if not source then return nil, token_message end
  local loop, loop_is_own = loops.choose(checked.loop)
  if not loop then return nil, loop_is_own end

  local self = setmetatable({
    api_version = checked.api_version,
    api_date = api_version.date_of(checked.api_version),
    base_url = texts.without_ending(checked.base_url, "/"),
    timeout = checked.timeout,
    deadline = checked.deadline,
    proxy = auth.proxy(checked.proxy),
    -- Settings that each request is sent with.
    connection = {
      connect_timeout = checked.connect_timeout,
      max_response_bytes = checked.max_response_bytes,
      ca_file = checked.ca_file,
    },
    -- Values of arguments that a call leaves out.
    defaults = { portal_id = checked.portal_id, application_id = checked.application_id },
    developer = auth.developer(checked.developer_key, checked.user_id),
    user_agent = ("hubspot-lua/%s%s"):format(version, checked.user_agent and " " .. checked.user_agent or ""),
    retry = retry.settings(checked.retry),
    retry_budget = retry.budget(checked.retry and checked.retry.budget),
    hooks = checked.on or {},
    auth = source,
    bearer = auth.bearer(),
    closed = false,
    has_engine = false, -- loading libcurl takes a while, in which a permit gets old
    loop = loop,
    loop_is_own = loop_is_own,
    coalescing = {}, -- groups of reads that are going out together
    -- Waiting coroutines, with the transfer of each where it has one. Weak, since a host may drop a coroutine that
    -- waits, as nginx does where a visitor leaves.
    waiters = setmetatable({}, { __mode = "k" }),
  }, metatable)
  local limiter = checked.limiter
  if limiter == nil then limiter = memory_limiter.shared(source:key()) end
  self.limiter = limiter
  self.transport = checked.transport or transport.new(self)
  self.sends_over_loop = not checked.transport
  -- The loop for requests beside the one that the caller waits for. A function as transport may block.
  self.loop_for_background = self.sends_over_loop and loop
  return self
end

--- Tells a hook of the caller's, where there is one.
-- @tparam string name
-- @tparam table event
function client_methods:tell(name, event)
  local hook = self.hooks[name]
  if hook then hook(event) end
end

--- Waits with a waiter of the client's loop, unless the client is closed.
-- @param waiter
-- @tparam number seconds
function client_methods:wait(waiter, seconds)
  if seconds <= 0 or self.closed then return end
  self.waiters[waiter] = true
  waiter:wait(seconds)
  self.waiters[waiter] = nil
end

--- Waits for some seconds, unless the client is closed meanwhile.
-- @tparam number seconds
function client_methods:pause(seconds)
  if seconds > 0 then self:wait(self.loop:waiter(), seconds) end
end

--- Sends any request with the client's token, limiter, retries and errors.
-- @tparam table options
-- @tparam string options.method
-- @tparam string options.path percent-encoded where needed
-- @tparam[opt] table options.query values, or lists of values, by name
-- @param[opt] options.body sent as JSON
-- @tparam[opt] table options.headers
-- @tparam[opt] boolean options.idempotent whether it may be sent twice; by default GET, HEAD, PUT, DELETE,
--   searches and batch reads
-- @tparam[opt] number options.timeout seconds for one attempt
-- @tparam[opt] number options.deadline seconds for the call with its retries
-- @tparam[opt] table|boolean options.retry
-- @tparam[opt] boolean options.undecoded true gives `{ status =, headers =, body = }`, the body byte for byte
-- @return the decoded answer, true when it has no body; or nil and an error
function client_methods:request(options)
  if getmetatable(self) ~= metatable then error("hubspot: call it with a colon: client:request{ … }", 2) end
  local request, message = free.read(options)
  if not request then error("hubspot: client:request: " .. message, 2) end
  return free.send(self, request)
end

--- Runs `fn(item)` for every item, several at once, on any loop.
-- @tparam table items a list, or an iterator, whose items are taken as there is room for them
-- @tparam function fn returns a value, or nil and an error
-- @tparam[opt] table options
-- @tparam[opt=10] integer options.concurrency how many at once
-- @treturn ?table results by the items' index; or nil and an error where nothing can wait, as in some of nginx's phases
-- @treturn table errors by the items' index: what `fn` returned after nil, or threw; `stopped_by` is the error that
--   ended an iterator
function client_methods:map(items, fn, options)
  if getmetatable(self) ~= metatable then error("hubspot: call it with a colon: client:map(items, fn)", 2) end
  local concurrency, message = map.check(items, fn, options)
  if not concurrency then error("hubspot: client:map: " .. message, 2) end
  local can_wait, wait_message = self.loop:can_wait()
  if not can_wait then return nil, errors.new { kind = "misuse", message = wait_message } end
  return map.run(self.loop, items, fn, concurrency)
end

--- The records of any type, with the methods of `client.companies`: of one that the account made, or that has no
-- resource of its own here.
-- @tparam string name "p99001_machines", "2-3465404", "subscriptions"
-- @treturn table
function client_methods:objects(name)
  if getmetatable(self) ~= metatable then error("hubspot: call it with a colon: client:objects(name)", 2) end
  local resource, message = resources.objects(self, name)
  if not resource then error("hubspot: client:objects: " .. message, 2) end
  return resource
end

--- Cancels all calls in flight: they return an error of the kind "cancelled". Closes the connections, unless the loop
-- was given to the client and may serve others. Calling it again does nothing.
function client_methods:close()
  if getmetatable(self) ~= metatable then error("hubspot: call it with a colon: client:close()", 2) end
  if self.closed then return end
  self.closed = true
  for waiter, transfer in pairs(self.waiters) do
    if transfer ~= true then transfer:cancel() end
    waiter:wake()
  end
  if self.loop_is_own then self.loop:close() end
end

function metatable.__tostring(self)
  return ("hubspot.Client(%s, %s, %s)"):format(self.base_url, self.api_version, self.closed and "closed" or "open")
end

metatable.__gc = client_methods.close
metatable.__close = client_methods.close

return { new = new }
