--- The client that the common options ask for.

local fail = require "hubspot.command.fail"
local hubspot = require "hubspot"
local interrupt = require "hubspot.interrupt"
local lines = require "hubspot.command.lines"
local number = require "hubspot.number"
local texts = require "hubspot.text"

local connection = {}

local NO_TOKEN = "no token: set HUBSPOT_TOKEN, or name a file in --token-file. A service key is made in HubSpot under "
  .. "Settings > Integrations > Service Keys. To try without an account, start `hubspot-lua sandbox`, set HUBSPOT_BASE_URL "
  .. "to the address that it prints, and HUBSPOT_TOKEN to anything"

-- A variable of the environment; nil where it is empty.
local function environment(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- The token of the command line, and where it comes from.
-- @tparam table options
-- @treturn string
-- @treturn string the place, in words
function connection.token(options)
  if not options.token_file then return environment "HUBSPOT_TOKEN" or fail.auth(NO_TOKEN, "token"), "HUBSPOT_TOKEN" end
  local file, problem = io.open(options.token_file, "rb")
  if not file then fail.file("--token-file: " .. problem, "token") end
  local text, read_problem = file:read "*a"
  file:close()
  if not text then fail.file(("--token-file: %s: %s"):format(options.token_file, read_problem), "token") end
  local token = texts.trim(lines.without_bom(text))
  if token == "" then fail.auth(("%s holds no token"):format(options.token_file), "token") end
  return token, options.token_file
end

local function redis_limiter(where)
  local found, redis = interrupt.pcall(require, "redis")
  if not found then
    fail.usage("--limiter redis:… needs redis-lua: `hubspot-lua doctor` tells how to install it", "limiter")
  end
  return require("hubspot.limiter.redis").new {
    name = where.name,
    connect = function() return redis.connect(where.host, where.port) end,
  }
end

--- Returns the problem of the file that `--limiter` names, or nil: that of a server shows with the first request.
-- @tparam table where a value of the option
-- @treturn ?string
function connection.limiter_problem(where)
  if where.kind ~= "file" then return nil end
  return select(2, require("hubspot.limiter.file").check(where.path))
end

-- nil stands for the client's own limiter.
local function limiter_of(where)
  if not where then return nil end
  if where.kind == "redis" then return redis_limiter(where) end
  local problem = connection.limiter_problem(where)
  if problem then fail.usage("--limiter: " .. problem, "limiter") end
  return require("hubspot.limiter.file").new { path = where.path }
end

local function describe(event)
  local outcome = event.status and ("%d"):format(event.status) or "no answer"
  return ("%s %s: %s, %d ms"):format(event.method, event.path, outcome, math.floor(event.seconds * 1000 + 0.5))
end

-- Functions of the client's events that show them.
local function hooks(context)
  local progress = context.progress
  return {
    response = function(event)
      progress:request()
      if context.options.verbose then context:detail(describe(event)) end
    end,
    throttle = function(event)
      progress:wait(event.bucket == "search" and "rate limit of searches" or "rate limit", event.wait)
    end,
    retry = function(event)
      local is_quota = event.error.kind == "rate_limit"
      progress:wait(is_quota and "rate limit" or "next attempt", event.wait)
      context:detail(
        ("attempt %d failed, the next in %s s: %s"):format(
          event.attempt,
          number.seconds(event.wait),
          tostring(event.error)
        )
      )
    end,
  }
end

-- The options that come from the command line, and from its environment, are what the library may refuse. `places` says
-- of the token and the address where they come from.
local function new_client(settings, places)
  local made, client = interrupt.pcall(hubspot.new, settings)
  if made then return client end
  -- After a semicolon, the library tells programs what to pass.
  local message = tostring(client):gsub("^.-hubspot%.new: ", ""):match "^[^;]*"
  if message:find "^token" then
    fail.auth(("the token of %s%s"):format(places.token, message:sub(#"token" + 1)), "token")
  end
  fail.usage((message:gsub("^base_url", places.base_url)), "address")
end

-- The file of certificates to trust, where one is named. Without it libcurl makes attempts for nothing.
local function certificates()
  local path = environment "SSL_CERT_FILE"
  local file, problem = io.open(path or "/dev/null", "rb")
  if not file then fail.file("SSL_CERT_FILE: " .. problem, "certificates") end
  file:close()
  return path
end

--- The id of the account that a client works on. Fails where HubSpot does not tell it.
-- @tparam client client
-- @treturn string
function connection.account(client)
  local details, err = client.account:details()
  if not details then fail.hubspot(err) end
  return details.portalId
end

--- The message where `--portal` names another account than the token's.
connection.OTHER_ACCOUNT = "the token is of account %s, and --portal asks for %s"

local function check_portal(client, wanted)
  local id = connection.account(client)
  if id == wanted then return end
  fail.auth(connection.OTHER_ACCOUNT:format(id, wanted))
end

--- Makes the client.
-- @tparam context context
-- @treturn client
function connection.open(context)
  local options = context.options
  local token, token_place = context:token()
  local client = new_client({
    token = token,
    base_url = options.base_url or environment "HUBSPOT_BASE_URL",
    api_version = options.api_version,
    limiter = limiter_of(options.limiter),
    user_agent = "command",
    ca_file = certificates(),
    on = hooks(context),
  }, { token = token_place, base_url = options.base_url and "--base-url" or "HUBSPOT_BASE_URL" })
  if options.portal then check_portal(client, options.portal) end
  return client
end

return connection
