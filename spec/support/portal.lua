--- A portal without sockets, and short ways to ask it.
local core = require "hubspot.core"
local sandbox = require "hubspot.sandbox"

local portal = { NOW = 1764000000000, DAY = 86400000 }

--- Makes a portal with a set clock. Gives it with `call(method, path, body)` → status, decoded body (with nulls),
-- response; and `must`, which gives body and status, and throws where the request fails.
function portal.new(options)
  options = options or {}
  options.clock = options.clock or portal.NOW
  local wire = { portal = sandbox.new(options) }
  function wire.call(method, path, body)
    local response, problem = wire.portal {
      method = method,
      url = "https://api.hubapi.com" .. path,
      headers = { Authorization = "Bearer token", ["Content-Type"] = body and "application/json" or nil },
      body = type(body) == "table" and assert(core.encode(body)) or body,
    }
    if not response then return nil, problem end
    return response.status, response.body ~= "" and core.decode(response.body, true) or nil, response
  end
  function wire.must(method, path, body)
    local status, value, response = wire.call(method, path, body)
    if not status or status >= 300 then
      error(method .. " " .. path .. ": " .. tostring(status) .. " " .. (response and response.body or ""), 2)
    end
    return value, status
  end
  --- Creates a contact and gives its id.
  function wire.create(properties)
    return wire.must("POST", "/crm/objects/2026-09/contacts", { properties = properties }).id
  end
  --- One property of a contact.
  function wire.property(id, name)
    return wire.must("GET", "/crm/objects/2026-09/contacts/" .. id .. "?properties=" .. name).properties[name]
  end
  return wire
end

--- One member of every row, as text.
function portal.ids_of(rows, key)
  local ids = {}
  for index, row in ipairs(rows) do
    ids[index] = tostring(row[key or "id"])
  end
  return ids
end

--- A body of v1 for properties by name.
function portal.v1_body(properties)
  local list = {}
  for name, value in pairs(properties) do
    list[#list + 1] = { property = name, value = value }
  end
  return { properties = core.array(list) }
end

return portal
