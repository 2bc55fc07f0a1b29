--- Keeps web pages away from a sandbox server: a browser on this machine reaches loopback for any page that it shows.
--
-- A page that resolves its own name to loopback sends that name as Host; one that just sends requests has an Origin, or
-- Sec-Fetch-Site. Programs send neither.
local web_guard = {}

--- Returns whether a name or an address is of the loopback interface.
function web_guard.is_loopback(host)
  return host == "localhost" or host == "::1" or host:find "^127%.%d+%.%d+%.%d+$" ~= nil
end

local function host_name(field)
  local name = field:gsub(":%d*$", "")
  return name:match "^%[(.*)%]$" or name
end

local function names_loopback(field)
  local name = host_name(field:lower())
  -- Browsers and resolvers keep everything below localhost on loopback.
  return web_guard.is_loopback(name) or name:sub(-10) == ".localhost"
end

local FROM_HERE = { ["same-origin"] = true, none = true }

--- Returns why a request is refused, or nil. `scheme` is that of the server.
function web_guard.refusal(request, scheme)
  local headers = request.headers
  local host, origin, site = headers.host, headers.origin, headers["sec-fetch-site"]
  if host and not names_loopback(host) then
    return "this sandbox answers to names of loopback only, not to the Host " .. host
  end
  if (origin and origin ~= scheme .. "://" .. tostring(host)) or (site and not FROM_HERE[site]) then
    return "this sandbox answers no web page but its own"
  end
  return nil
end

return web_guard
