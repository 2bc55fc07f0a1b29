--- A client: the one way of every call, from a request to its answer.
-- @module hubspot.client

local api_version = require "hubspot.api_version"
local auth = require "hubspot.auth"
local check = require "hubspot.check"
local client_options = require "hubspot.client_options"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local loops = require "hubspot.loop"
local map = require "hubspot.map"
local memory_limiter = require "hubspot.limiter.memory"
local number = require "hubspot.number"
local resources = require "hubspot.resource"
local redaction = require "hubspot.redaction"
local retry = require "hubspot.retry"
local texts = require "hubspot.text"
local version = require "hubspot.version"
local wire_types = require "hubspot.wire_types"

-- What HubSpot may answer where it had a route: any of these says of the request itself what it says of the route.
local ANSWERS_OF_REMOVED = { [400] = true, [403] = true, [404] = true, [410] = true }

local DEVELOPER_KEY_HINT = "Check developer_key and user_id: the key is the API key of the developer account that "
  .. "owns the application"

local client_methods = {}

local metatable = { __name = "hubspot.Client", __index = client_methods }

resources.refuse_unknown(client_methods)

-- Waits until a transfer has ended, and gives what came of it.
local function await(self, transfer)
  local loop = self.loop
  -- To begin it may have let others run.
  if self.closed then transfer:cancel() end
  if transfer:done() then
    -- The engine holds it, and all of its answer, until it has been collected.
    loop:collect()
  else
    local waiter = loop:waiter()
    self.waiters[waiter] = transfer
    loop:await(transfer, waiter)
    self.waiters[waiter] = nil
  end
  return transfer:response()
end

-- Sends over the sockets that the loop has, libcurl's or the host's own; the loop decides whether that blocks.
local function loop_transport(self)
  local loop = self.loop
  return function(request)
    local deadline = loop:now() + request.timeout
    while true do
      local transfer, err = loop:start(request)
      if not transfer then return nil, err end
      local response, failure = await(self, transfer)
      if response or not failure.is_left_to_libcurl then return response, failure end
      if self.closed then return nil, { kind = "cancelled", message = "the client is closed", sent = false } end
      request.is_left_to_libcurl = true
      request.timeout = math.max(0.001, deadline - loop:now())
    end
  end
end

-- Where the token comes from: what the options say.
local function token_source(checked)
  if not checked.oauth then return auth.new(checked.token, checked.transport ~= nil, checked.developer_key ~= nil) end
  return require("hubspot.oauth").source(checked.oauth)
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
    base_url = texts.without_ending(checked.base_url, "/"),
    timeout = checked.timeout,
    connect_timeout = checked.connect_timeout,
    deadline = checked.deadline,
    max_response_bytes = checked.max_response_bytes,
    proxy = auth.proxy(checked.proxy),
    ca_file = checked.ca_file,
    portal_id = checked.portal_id,
    application_id = checked.application_id,
    developer = auth.developer(checked.developer_key, checked.user_id),
    user_agent = ("hubspot-lua/%s%s"):format(version, checked.user_agent and " " .. checked.user_agent or ""),
    retry = retry.settings(checked.retry),
    retry_budget = retry.budget(checked.retry and checked.retry.budget),
    hooks = checked.on or {},
    auth = source,
    bearer = auth.bearer(),
    closed = false,
    loop = loop,
    loop_is_own = loop_is_own,
    coalescing = {}, -- groups of reads that are going out together
    -- Who waits, with the transfer where it is for one. Weak, since a host may drop a coroutine that waits, as nginx
    -- does where a visitor leaves.
    waiters = setmetatable({}, { __mode = "k" }),
  }, metatable)
  local limiter = checked.limiter
  if limiter == nil then limiter = memory_limiter.shared(source.key()) end
  self.limiter = limiter
  self.transport = checked.transport or loop_transport(self)
  self.sends_over_loop = not checked.transport
  -- Where something may be sent beside what the caller waits for. A function that is the transport may block.
  self.loop_for_background = self.sends_over_loop and loop or nil
  resources.attach(self)
  return self
end

--- Tells a hook of the caller's, where there is one.
-- @tparam string name
-- @tparam table event
function client_methods:tell(name, event)
  local hook = self.hooks[name]
  if hook then hook(event) end
end

-- Tells a hook of the caller's, where there is one, of a request, and what more there is to say.
local function tell_of(self, name, request, more)
  if not self.hooks[name] then return end
  local event = {
    operation = request.operation,
    route = request.route,
    method = request.method,
    path = request.path,
    attempt = request.attempts,
  }
  for field, value in pairs(more or {}) do
    event[field] = value
  end
  self:tell(name, event)
end

local function closed_error() return errors.new { kind = "cancelled", message = "the client is closed", sent = false } end

-- How an attempt failed: `err`; `token`, the one that HubSpot was shown; `final`, where another attempt can't help; and
-- `late`, where it was not made for want of time.
local function failed_attempt(fields) return fields end

local function not_made(err) return failed_attempt { err = err, final = true } end

local function out_of_time(message)
  return failed_attempt {
    final = true,
    late = true,
    err = errors.new {
      kind = "timeout",
      sent = false,
      message = message,
      hint = "Pass a longer deadline, in seconds",
    },
  }
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

--- Waits for so many seconds, unless the client is closed meanwhile.
-- @tparam number seconds
function client_methods:pause(seconds)
  if seconds > 0 then self:wait(self.loop:waiter(), seconds) end
end

local function limiter_error(problem)
  return errors.new {
    kind = "network",
    sent = false,
    message = "the limiter failed: " .. tostring(problem),
    hint = "Let its `fallback = true` keep to the quota within this process meanwhile",
  }
end

-- Returns true, and whether that took time; or nil and a failed attempt.
local function wait_for_permit(self, request, deadline)
  if not self.limiter or not request.bucket then return true end
  -- To load libcurl takes a while, in which a permit gets old.
  if self.sends_over_loop then self.loop:engine() end
  local waited, ticket = false, nil
  while true do
    local patience = deadline - self.loop:now()
    local seconds, given = self.limiter:acquire(request.bucket, patience, ticket)
    if not seconds then return nil, not_made(limiter_error(given)) end
    if seconds <= 0 then return true, waited end
    if seconds > patience then
      return nil, out_of_time "the rate limit lets the request pass only after the call's deadline"
    end
    tell_of(self, "throttle", request, { bucket = request.bucket, wait = seconds })
    ticket = given
    self:pause(seconds)
    if self.closed then return nil, not_made(closed_error()) end
    waited = true
  end
end

-- The error where there is no token to send. What became of a request for one says nothing of that which needs it.
local function no_credential(err)
  local own = errors.copy(err)
  own.sent = false
  return own
end

-- What a request shows that it may be made: a token in its headers or, for event types, a key in its URL. A request
-- for tokens has its secrets in its body. Or nil and a failed attempt.
local function credential_of(self, request, deadline)
  if request.credential == "developer_key" then return self.developer.credential() end
  if request.credential == "none" then return { secrets = request.secrets } end
  local token, err = self.auth.token(self, deadline)
  if err then return nil, not_made(no_credential(err)) end
  return self.bearer.credential(token)
end

-- The credential and a permit to send at once. The token is there first, so that the permit is not kept waiting; while
-- the permit is waited for, it may end.
local function prepare_attempt(self, request, deadline)
  local credential, failure = credential_of(self, request, deadline)
  if not credential then return nil, failure end
  local permitted, waited = wait_for_permit(self, request, deadline)
  if not permitted then return nil, waited end
  if waited then return credential_of(self, request, deadline) end
  return credential
end

local function wire_headers(self, request, authorization)
  local headers = {
    ["user-agent"] = self.user_agent,
    ["accept"] = "application/json",
    ["content-type"] = request.text and "application/json" or nil,
    ["authorization"] = authorization,
  }
  -- None of them is another authorization.
  if request.headers then
    for name, value in pairs(request.headers) do
      headers[name:lower()] = value
    end
  end
  return headers
end

local function query_string(request, credential)
  local query = request.query_text or core.query(request.query)
  if credential.query then query = (query == "" and "" or query .. "&") .. core.query(credential.query) end
  return query == "" and "" or "?" .. query
end

local function wire_request(self, request, credential, seconds)
  return {
    method = request.method,
    url = self.base_url .. request.path .. query_string(request, credential),
    headers = wire_headers(self, request, credential.authorization),
    body = request.text,
    -- What curl sent again by itself, nobody would know to have been carried out before.
    send_once = not request.read,
    is_short = request.is_short,
    -- A hook may have taken all the time that was left.
    timeout = math.max(0.001, math.min(request.timeout or self.timeout, seconds)),
    connect_timeout = self.connect_timeout,
    max_response_bytes = self.max_response_bytes,
    proxy = self.proxy.url(),
    ca_file = self.ca_file,
  }
end

local function learn(self, request, response, err)
  if not self.limiter or not request.bucket then return end
  self.limiter:observe(request.bucket, response.headers or {})
  if response.status == 429 and err.policy_name ~= "DAILY" then
    self.limiter:refused(request.bucket, retry.closing_time(err))
  end
end

-- Takes what the request showed that it may be made, and what the proxy was shown, out of a text.
local function redact(self, request, text) return self.proxy.redact(redaction.of_text(text, request.secrets)) end

local function redact_all(self, request, value)
  return redaction.of_value(value, function(text) return redact(self, request, text) end)
end

-- What an error tells about its call; what a server quoted of the token is taken out. The error of a request for a
-- token tells of that one.
local function complete_error(self, err, request)
  if not err.method then
    err.method, err.path, err.attempts = request.method, request.path, request.attempts
  end
  return request.secrets and redact_all(self, request, err) or err
end

-- The error of what a transport returned, or nil. The body is redacted before it is cut: a piece of a token shows
-- too much already.
local function failure_of(self, request, response, failure)
  if not response then return complete_error(self, errors.from_transport(failure, self.ca_file), request) end
  if response.status >= 200 and response.status < 300 then return nil end
  local err = errors.from_response(
    { status = response.status, headers = response.headers, body = redact(self, request, response.body or "") },
    self.base_url
  )
  if err.status == 401 then
    if request.credential == "developer_key" then
      err.hint = DEVELOPER_KEY_HINT
    else
      err.hint = self.auth.refused_hint or err.hint
    end
  end
  if request.removed_hint and ANSWERS_OF_REMOVED[err.status] then err.hint = request.removed_hint end
  return complete_error(self, err, request)
end

-- Where an attempt can't even begin, a failed one.
local function obstacle_to(self, deadline)
  if self.closed then return not_made(closed_error()) end
  local can_wait, wait_message = self.loop:can_wait()
  if not can_wait then return not_made(errors.new { kind = "misuse", message = wait_message, sent = false }) end
  if self.loop:now() >= deadline then return out_of_time "the call's deadline passed before it was sent" end
end

-- The transfer, and what its answer means. Returns the response, or nil and a failed attempt.
local function exchange(self, request, credential, deadline)
  local started = self.loop:now()
  if self.hooks.request then
    tell_of(self, "request", request)
    started = self.loop:now()
  end
  local response, failure = self.transport(wire_request(self, request, credential, deadline - started))
  local seconds = self.hooks.response and self.loop:now() - started
  local err = failure_of(self, request, response, failure)
  if response then learn(self, request, response, err) end
  request.uncertain = request.uncertain or (err ~= nil and not retry.certainly_not_done(err))
  -- Each request comes by here, and few clients have hooks.
  if self.hooks.response then
    tell_of(self, "response", request, { seconds = seconds, status = response and response.status, error = err })
  end
  if err then return nil, failed_attempt { err = err, token = credential.token } end
  return response
end

-- One attempt: a token, a permit, the transfer. Returns the response, or nil and a failed attempt. Notes in `uncertain`
-- whether the request may have been carried out.
local function attempt_request(self, request, deadline)
  local failure, credential = obstacle_to(self, deadline), nil
  if not failure then
    credential, failure = prepare_attempt(self, request, deadline)
  end
  if credential then
    request.secrets = credential.secrets
    failure = obstacle_to(self, deadline)
  end
  if failure then
    complete_error(self, failure.err, request)
    return nil, failure
  end
  return exchange(self, request, credential, deadline)
end

-- Whether HubSpot's refusal says that an earlier attempt, whose answer got lost, was carried out: a DELETE finds
-- nothing any more, an event is there already. A page instead of HubSpot's JSON says nothing of the kind.
local function was_done_before(request, err)
  if not request.uncertain or not request.done_when or err.status ~= request.done_when then return false end
  local decoded = core.decode(err.body)
  return type(decoded) == "table" and (decoded.correlationId or decoded.requestId) ~= nil
end

-- What a call ends with: the error of its last attempt that was made, and what else there is to know.
local function last_error(err, request, obstacle)
  if obstacle then errors.add_hint(err, obstacle) end
  if request.uncertain and not request.read then errors.mark_ambiguous(err, request.idempotent) end
  return err
end

--- Sends a request, again where that helps and is safe, until it has an answer or no time.
-- @tparam table request `method`, `path`, `query` (flat list of names and values), `query_text` (the same as a URL
--   has it, where that is known), `text` (body), `headers`, `read` (it changes nothing), `idempotent`, `done_when`,
--   `removed_hint`, `bucket`, `timeout`, `deadline`, `ends` (on the loop's clock, when its call has to end), `retry`,
--   `before_pause` (function(seconds), called before each wait for another attempt); it gets `attempts`, `uncertain`,
--   true where an attempt that failed may have been carried out, and `was_short_of_time`, true where another attempt
--   would have been made with a longer deadline
-- @treturn ?table the successful response, or nil and an error, with `ambiguous` where a write may have been
--   carried out
function client_methods:send(request)
  local deadline = self.loop:now() + (request.deadline or self.deadline)
  if request.ends then deadline = math.min(deadline, request.ends) end
  local settings = retry.settings(request.retry, self.retry)
  local renewed, previous = false, nil
  request.attempts, request.uncertain = 0, false
  while true do
    request.attempts = request.attempts + 1
    local response, failure = attempt_request(self, request, deadline)
    local err = failure and failure.err
    if response or (err.status and err.status < 500) then self.retry_budget.earn(request.attempts > 1) end
    if response then return response end
    -- An attempt that was not made for want of time tells less than the one before.
    if failure.late and previous then
      request.was_short_of_time = true
      return nil, last_error(previous, request, retry.NO_TIME)
    end
    if failure.final then return nil, last_error(err, request) end
    if was_done_before(request, err) then return { status = 204, headers = {}, body = "" } end
    local delay, obstacle
    if err.status == 401 and failure.token and not renewed and self.auth.renewed then
      renewed = true
      local another, renewal_err = self.auth.renewed(self, deadline, failure.token)
      if renewal_err then return nil, last_error(complete_error(self, no_credential(renewal_err), request), request) end
      delay = another and 0
    end
    if not delay then
      delay, obstacle =
        retry.delay(settings, err, request.attempts, request.idempotent, deadline - self.loop:now(), self.retry_budget)
    end
    if not delay then
      request.was_short_of_time = retry.is_want_of_time(obstacle)
      return nil, last_error(err, request, obstacle)
    end
    previous = err
    tell_of(self, "retry", request, { wait = delay, error = err })
    if request.before_pause then request.before_pause(delay) end
    self:pause(delay)
  end
end

local REQUEST_FIELDS = {
  method = {
    type = check.accept(
      "GET, POST, PUT, PATCH, DELETE or HEAD",
      function(value)
        return value == "GET"
          or value == "POST"
          or value == "PUT"
          or value == "PATCH"
          or value == "DELETE"
          or value == "HEAD"
      end
    ),
    required = true,
  },
  path = {
    type = check.accept(
      ('a path such as "/crm/objects/%s/deals", without a query'):format(api_version.DEFAULT),
      function(value)
        return type(value) == "string" and value:find "^/[^%s%c?#]*$" ~= nil and not (value .. "/"):find "/%.%.?/"
      end
    ),
    required = true,
  },
  query = { type = check.documented "table<string, any>" },
  body = { type = wire_types.json },
  headers = { type = check.headers },
  idempotent = { type = check.boolean },
  timeout = { type = check.seconds },
  deadline = { type = check.seconds },
  retry = { type = check.retry },
}

local IDEMPOTENT_METHODS = { GET = true, HEAD = true, PUT = true, DELETE = true }

-- The POST requests of HubSpot that read.
local function is_read(method, path)
  return method == "GET"
    or method == "HEAD"
    or (method == "POST" and (path:find "/search$" or path:find "/batch/read$") ~= nil)
end

local function is_scalar(value)
  local kind = type(value)
  if kind == "number" then return value - value == 0 end
  return kind == "string" or kind == "boolean"
end

-- The values of a parameter as a list without holes, or nil.
local function list_of_values(value)
  if type(value) ~= "table" then return { value } end
  local count = 0
  for key in pairs(value) do
    if type(key) ~= "number" then return nil end
    count = count + 1
  end
  for index = 1, count do
    if value[index] == nil then return nil end
  end
  return value
end

local function flat_query(query)
  for name in pairs(query) do
    if type(name) ~= "string" then return nil, ("query has the key %s, which is no name"):format(number.shown(name)) end
  end
  local list = {}
  for _, name in ipairs(check.sorted_keys(query)) do
    local values = list_of_values(query[name])
    for _, value in ipairs(values or { {} }) do
      if not is_scalar(value) then
        return nil,
          ("query.%s must be a string, a finite number, a boolean, or a list of them without holes, " .. "got %s"):format(
            name,
            check.describe(query[name])
          )
      end
      list[#list + 1] = name
      list[#list + 1] = value
    end
  end
  return list
end

local function prepare_request(options)
  if type(options) ~= "table" then return nil, "takes a table { method =, path =, … }" end
  local given, message = check.options(options, REQUEST_FIELDS)
  if not given then return nil, message end
  local query, query_message = flat_query(given.query or {})
  if not query then return nil, query_message end
  local text
  if given.body ~= nil then
    if given.method == "HEAD" then return nil, "body can't go with HEAD" end
    local encode_message
    text, encode_message = core.encode(given.body)
    if not text then return nil, "body: " .. encode_message end
  end
  local read = is_read(given.method, given.path)
  local idempotent = given.idempotent
  if idempotent == nil then idempotent = read or IDEMPOTENT_METHODS[given.method] or false end
  local done_when = given.method == "DELETE" and 404 or nil
  return {
    method = given.method,
    path = given.path,
    query = query,
    text = text,
    headers = given.headers,
    read = read,
    idempotent = idempotent,
    done_when = done_when,
    bucket = given.path:find "/search$" and "search" or "general",
    timeout = given.timeout,
    deadline = given.deadline,
    retry = given.retry,
  }
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
-- @return the decoded answer, true when it has no body; or nil and an error
function client_methods:request(options)
  if getmetatable(self) ~= metatable then error("hubspot: call it with a colon: client:request{ … }", 2) end
  local request, message = prepare_request(options)
  if not request then error("hubspot: client:request: " .. message, 2) end
  local response, err = self:send(request)
  if not response then return nil, err end
  return self:decode(request, response)
end

--- Takes the token out of what a server told.
-- @param value a string, or a table, which is changed
-- @tparam table request
-- @return the value
function client_methods:hide_token(value, request) return redact_all(self, request, value) end

--- Makes an error tell about its call, and nothing of the token.
-- @tparam table err
-- @tparam table request
-- @treturn table `err`
function client_methods:complete_error(err, request) return complete_error(self, err, request) end

--- The error of an answer that is a success and still not what it should be.
-- @tparam table request that was sent
-- @tparam table response
-- @tparam string message
-- @treturn table
function client_methods:answer_error(request, response, message)
  local body = redact(self, request, response.body or "")
  local err = complete_error(
    self,
    errors.new { kind = "decode", status = response.status, message = message, body = body:sub(1, errors.BODY_LIMIT) },
    request
  )
  if not request.read then errors.mark_ambiguous(err, request.idempotent) end
  return err
end

--- The value of an answer's body: true when there is none.
-- @tparam table request
-- @tparam table response
-- @tparam boolean keep_nulls whether null stays in objects
-- @return the value, or nil and an error
function client_methods:decode(request, response, keep_nulls)
  if not response.body or response.body == "" then return true end
  local value, message = core.decode(response.body, keep_nulls)
  if value ~= nil then return value end
  return nil, self:answer_error(request, response, ("HubSpot's answer is not JSON: %s"):format(message))
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

--- Ends all calls under way: they return an error of the kind "cancelled". Closes the connections, unless the loop was
-- given to the client and may serve others. Calling it again does nothing.
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
