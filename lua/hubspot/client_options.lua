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

local OPTIONS = {
  token = { type = check.accept("a string or a function", function() return true end) },
  oauth = {
    type = {
      check = function(value, place)
        -- Most programs have a token and do without it.
        return require("hubspot.oauth").settings.check(value, place)
      end,
    },
  },
  api_version = { type = check.accept(api_version.DESCRIPTION, api_version.is_known) },
  base_url = {
    type = check.accept(
      "a URL such as https://api.hubapi.com, without a query",
      function(value) return type(value) == "string" and value:find "^https?://[%w%.%-%[%]:][^%s%c?#@]*$" ~= nil end
    ),
  },
  allow_insecure = { type = check.boolean },
  timeout = { type = check.seconds },
  connect_timeout = { type = check.seconds },
  deadline = { type = check.seconds },
  retry = { type = check.client_retry },
  limiter = {
    type = {
      check = function(value, place)
        if value == false then return value end
        if type(value) ~= "table" then return nil, ("%s must be %s"):format(place, LIMITER) end
        local is_limiter, problem = limiter_interface.check(value)
        if not is_limiter then return nil, problem end
        return value
      end,
    },
  },
  loop = {
    type = check.accept(
      "the name of a loop, or a loop",
      function(value) return type(value) == "string" or type(value) == "table" end
    ),
  },
  transport = { type = check.callable },
  user_agent = {
    type = check.accept(
      "a string without line breaks",
      function(value) return type(value) == "string" and not value:find "%c" end
    ),
  },
  proxy = {
    type = check.accept("a URL such as http://user:password@proxy.example:3128, or socks5://…", function(value)
      if type(value) ~= "string" or value == "" or value:find "[%s%c]" then return false end
      local scheme = value:match "^([^:/@]*)://"
      return not scheme or PROXY_SCHEMES[scheme:lower()] == true
    end),
  },
  ca_file = { type = check.string },
  max_response_bytes = { type = check.integer(1, 2 ^ 40) },
  portal_id = { type = check.id },
  application_id = { type = check.id },
  developer_key = { type = check.string },
  user_id = { type = check.id },
  on = { type = check.fields("a table of functions", HOOKS) },
}

-- The options, and for what they leave open the `defaults` that a transport may bring, as the sandbox does. Who brings
-- an account of their own takes none of the transport's.
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

-- Whether a host is this machine, whatever a resolver says.
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

-- Whether what is sent goes to another machine.
local function leaves_machine(base_url, proxy)
  return not is_loopback(host_of(base_url)) or (proxy ~= nil and not is_loopback(host_of(proxy)))
end

-- libcurl would send to a proxy of the environment what is for this machine, in clear.
local function environment_has_proxy()
  return os.getenv "http_proxy" ~= nil or os.getenv "all_proxy" ~= nil or os.getenv "ALL_PROXY" ~= nil
end

-- libcurl takes it for none, whatever the environment says.
local NO_PROXY = ""

local IN_CLEAR = "base_url must begin with https://: over http everybody on the way, and a proxy, reads the token; where "
  .. "that is all right, as in a network of your own, pass allow_insecure = true"

--- Checks the options of a client.
-- @tparam table options
-- @treturn ?table a copy, with what its transport adds; or nil and a message
function client_options.read(options)
  if type(options) ~= "table" then return nil, "takes a table of options: hubspot.new{ token = … }" end
  local checked, message = check.options(with_transport_defaults(options), OPTIONS)
  if not checked then return nil, message end
  if checked.oauth and checked.token ~= nil then return nil, "token and oauth exclude each other: pass one of them" end
  if not checked.base_url or not checked.base_url:find "^http:" then return checked end
  local leaves = leaves_machine(checked.base_url, checked.proxy)
  if leaves and not checked.allow_insecure then return nil, IN_CLEAR end
  if not leaves and environment_has_proxy() then checked.proxy = checked.proxy or NO_PROXY end
  return checked
end

return client_options
