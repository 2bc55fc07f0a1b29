-- The options of `hubspot.new`: what each takes, and which go together.

local api_version = require "hubspot.api_version"
local check = require "hubspot.check"
local limiter_interface = require "hubspot.limiter.interface"

local client_options = {}

local PROXY_SCHEMES = { http = true, https = true, socks4 = true, socks4a = true, socks5 = true, socks5h = true }

local HOOKS = {
  request = { type = check.callable },
  response = { type = check.callable },
  retry = { type = check.callable },
  throttle = { type = check.callable },
  fallback = { type = check.callable },
}

local LIMITER = 'a limiter such as require("hubspot.limiter.file").new{ … }, or false'

local limiter_type = {
  check = function(value, place)
    if value == false then return value end
    if type(value) ~= "table" then return nil, ("%s must be %s"):format(place, LIMITER) end
    local is_limiter, problem = limiter_interface.check(value)
    if not is_limiter then return nil, problem end
    return value
  end,
}

local function is_base_url(value)
  return type(value) == "string" and value:find "^https?://[%w%.%-%[%]:][^%s%c?#@]*$" ~= nil
end

local function is_proxy(value)
  if type(value) ~= "string" or value == "" or value:find "[%s%c]" then return false end
  local scheme = value:match "^([^:/@]*)://"
  return not scheme or PROXY_SCHEMES[scheme:lower()] == true
end

-- Most programs have a token and do without it.
local oauth_type = {
  check = function(value, place) return require("hubspot.oauth.settings").check(value, place) end,
}

-- Each with its type, in LuaCATS' words too; what it is when left out (`default`, or `left_out` in words); and what it
-- means.
local OPTIONS = {
  {
    name = "token",
    type = check.accept("a string or a function", function() return true end),
    luacats = "string|fun(): string?, any",
    description = "a service key or private-app token, or a function that returns it; not needed with `oauth`, a "
      .. "`developer_key` or a sandbox",
  },
  {
    name = "oauth",
    type = oauth_type,
    luacats = "hubspot.OAuthSettings",
    description = "instead of a token: an app's, renewed before they end",
  },
  {
    name = "api_version",
    type = check.accept(api_version.DESCRIPTION, api_version.is_known),
    luacats = ('"%s"|"%s"'):format(table.concat(api_version.DATES, '"|"'), api_version.V1),
    default = api_version.DEFAULT,
    description = ("%s, or `%q` for HubSpot's first wire format"):format(api_version.DATES_IN_WORDS, api_version.V1),
  },
  {
    name = "base_url",
    type = check.accept("a URL such as https://api.hubapi.com, without a query", is_base_url),
    luacats = "string",
    default = "https://api.hubapi.com",
    description = "may have a path, for a proxy",
  },
  {
    name = "allow_insecure",
    type = check.boolean,
    luacats = "boolean",
    default = false,
    description = "true lets `base_url` be plain `http` to another machine, where everybody on the way reads the token",
  },
  { name = "timeout", type = check.seconds, luacats = "number", default = 30, description = "seconds for one attempt" },
  {
    name = "connect_timeout",
    type = check.seconds,
    luacats = "number",
    default = 10,
    description = "seconds to connect",
  },
  {
    name = "deadline",
    type = check.seconds,
    luacats = "number",
    default = 120,
    description = "seconds for a request with all its retries and waits",
  },
  {
    name = "retry",
    type = check.client_retry,
    luacats = "hubspot.ClientRetryOptions|false",
    left_out = "`{ max_attempts = 5, base_delay = 0.5, max_delay = 20, budget = 50 }`",
    description = "how often and how fast; false for never",
  },
  {
    name = "limiter",
    type = limiter_type,
    luacats = "hubspot.Limiter|false",
    left_out = "one for each token, in this process",
    description = "keeps within HubSpot's quota; false for none",
  },
  {
    name = "loop",
    type = check.accept(
      "the name of a loop, or a loop",
      function(value) return type(value) == "string" or type(value) == "table" end
    ),
    luacats = '"plain"|"ngx"|"cqueues"|"luv"|"frame"|hubspot.Loop',
    left_out = 'that of the host (`"ngx"`; `"cqueues"` where it is loaded; else `"plain"`)',
    description = "how to wait; one of your own is shared by the clients that are given it",
  },
  {
    name = "transport",
    type = check.callable,
    luacats = "hubspot.Portal|fun(request: hubspot.TransportRequest): hubspot.TransportResponse?, any",
    left_out = "libcurl",
    description = "a sandbox, or a function",
  },
  {
    name = "user_agent",
    type = check.accept(
      "a string without line breaks",
      function(value) return type(value) == "string" and not value:find "%c" end
    ),
    luacats = "string",
    description = "appended to the library's own",
  },
  {
    name = "proxy",
    type = check.accept("a URL such as http://user:password@proxy.example:3128, or socks5://…", is_proxy),
    luacats = "string",
    description = "URL of a proxy, which may hold a user and a password",
  },
  {
    name = "ca_file",
    type = check.string,
    luacats = "string",
    description = "certificates to trust instead of the system's",
  },
  {
    name = "max_response_bytes",
    type = check.integer(1, 2 ^ 40),
    luacats = "integer",
    default = 64 * 1024 * 1024,
    left_out = "64 MiB",
    description = "a larger answer is an error",
  },
  {
    name = "application_id",
    type = check.id,
    luacats = "string|integer",
    description = "whose timeline events are meant, where a call does not say",
  },
  {
    name = "developer_key",
    type = check.string,
    luacats = "string",
    description = "for managing event types, in place of the token; sent as `hapikey`",
  },
  {
    name = "user_id",
    type = check.id,
    luacats = "string|integer",
    description = "sent beside the developer key, as `userId`",
  },
  {
    name = "portal_id",
    type = check.id,
    luacats = "string|integer",
    description = "sent where v1 takes `portalId`",
  },
  {
    name = "on",
    type = check.fields("a table of functions", HOOKS),
    luacats = "hubspot.Hooks",
    description = "functions called at its events: `request`, `response`, `retry`, `throttle`, `fallback`",
  },
}

local by_name = {}
for _, option in ipairs(OPTIONS) do
  by_name[option.name] = option
end

--- The options, in the order in which they are documented.
client_options.list = OPTIONS

--- Returns an option's default, as documentation shows it, or nil.
function client_options.left_out(option)
  if option.left_out or option.default == nil then return option.left_out end
  local default = option.default
  return ("`%s`"):format(type(default) == "string" and ("%q"):format(default) or tostring(default))
end

-- The options, and for what they leave open the `defaults` that a transport may bring, as the sandbox does. A client
-- with an account of its own takes none of the transport's.
local function with_transport_defaults(options)
  local transport = options.transport
  local defaults = type(transport) == "table" and transport.defaults or {}
  local completed = {}
  for name, value in pairs(defaults) do
    completed[name] = value
  end
  if options.oauth ~= nil then completed.token = nil end
  if options.token ~= nil then completed.oauth = nil end
  for name, value in pairs(options) do
    completed[name] = value
  end
  return completed
end

-- Returns whether a host is this machine by its name alone, whatever a resolver says.
local function is_loopback(host)
  return host == "localhost" or host == "[::1]" or host:find "^127%.%d+%.%d+%.%d+$" ~= nil
end

-- The host of a URL, whose scheme may be left out.
local function host_of(url)
  local authority = url:gsub("^%a[%w+.-]*://", ""):match "^[^/]*"
  local from_end = authority:reverse():find("@", 1, true)
  if from_end then authority = authority:sub(#authority - from_end + 2) end
  return authority:gsub(":%d*$", ""):lower()
end

-- Returns whether requests go to another machine.
local function leaves_machine(base_url, proxy)
  return not is_loopback(host_of(base_url)) or (proxy ~= nil and not is_loopback(host_of(proxy)))
end

-- libcurl would send requests for this machine to a proxy of the environment, in clear.
local function environment_has_proxy()
  return os.getenv "http_proxy" ~= nil or os.getenv "all_proxy" ~= nil or os.getenv "ALL_PROXY" ~= nil
end

-- libcurl takes it for none, whatever the environment says.
local NO_PROXY = ""

local IN_CLEAR = "base_url must begin with https://: over http everybody on the way, and a proxy, reads the token; where "
  .. "that is all right, as in a network of your own, pass allow_insecure = true"

--- Checks the options of a client.
-- @tparam table options
-- @treturn ?table a copy, with what its transport adds and the defaults; or nil and a message
function client_options.read(options)
  if type(options) ~= "table" then return nil, "takes a table of options: hubspot.new{ token = … }" end
  local checked, message = check.options(with_transport_defaults(options), by_name)
  if not checked then return nil, message end
  for _, option in ipairs(OPTIONS) do
    if checked[option.name] == nil then checked[option.name] = option.default end
  end
  if checked.oauth and checked.token ~= nil then return nil, "token and oauth exclude each other: pass one of them" end
  if not checked.base_url:find "^http:" then return checked end
  local leaves = leaves_machine(checked.base_url, checked.proxy)
  if leaves and not checked.allow_insecure then return nil, IN_CLEAR end
  if not leaves and environment_has_proxy() then checked.proxy = checked.proxy or NO_PROXY end
  return checked
end

return client_options
