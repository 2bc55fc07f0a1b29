-- Clients whose transport answers from a list.

local hubspot = require "hubspot"
local wire = require "spec.support.wire"

local scripted = { CONTACT = { status = 200, body = '{"id":"1","properties":{}}' } }

-- A transport that gives the answers of a list, one after the other, and keeps the requests.
local function transport_of(answers)
  local requests = {}
  return function(request)
    requests[#requests + 1] = request
    local answer = answers[#requests] or answers[#answers]
    if answer[1] == nil and answer.status then
      return { status = answer.status, headers = answer.headers or {}, body = answer.body or "" }
    end
    return nil, answer[1]
  end,
    requests
end

--- A client that gets these answers, one after the other, and then the last one again and again: each is
-- `{ status =, headers =, body = }` or `{ err }`.
-- @tparam table answers
-- @tparam ?table options of the client
-- @treturn hubspot.Client
-- @treturn table the requests that it made
function scripted.client(answers, options)
  local transport, requests = transport_of(answers)
  local all = { token = wire.TOKEN, transport = transport, limiter = false }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return hubspot.new(all), requests
end

return scripted
