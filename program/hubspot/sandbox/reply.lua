--- The answers of HubSpot: JSON, its error objects, HTML pages of the edge, and empty ones.
local core = require "hubspot.core"

local sequence = require "hubspot.sandbox.sequence"

local reply = {}

local STATUS_TEXT = {
  [404] = "Not Found",
  [414] = "URI Too Long",
  [500] = "Internal Server Error",
  [502] = "Bad Gateway",
  [503] = "Service Unavailable",
  [504] = "Gateway Timeout",
  [521] = "Web Server Is Down",
  [524] = "A Timeout Occurred",
}

-- Tells that it is the sandbox that lacks a path, and not HubSpot.
local UNKNOWN_HERE = "x-hubspot-sandbox"
local CORRELATION_ID = "x-hubspot-correlation-id"

local made = 0

-- The shape of a UUID version 7, as HubSpot's are since 2025; unique in this process, which is all that it is for.
local function correlation_id()
  made = made + 1
  return string.format("0193b2a4-%04x-7000-8000-%012x", math.floor(made / 65536) % 65536, made)
end

function reply.json(status, value)
  local body, message = core.encode(value)
  if not body then error("sandbox: an answer can't be encoded: " .. message) end
  return { status = status, headers = { ["content-type"] = "application/json;charset=utf-8" }, body = body }
end

--- 200 with the rows that `make(item, index)` gives, or with the items themselves.
function reply.results(list, make)
  return reply.json(200, { results = core.array(make and sequence.map(list, make) or list) })
end

--- Text that HubSpot calls JSON although it isn't.
function reply.bare(status, text)
  return { status = status, headers = { ["content-type"] = "application/json;charset=utf-8" }, body = text }
end

function reply.empty(status, headers) return { status = status, headers = headers or {}, body = "" } end

function reply.html(status)
  local text = STATUS_TEXT[status] or "Error"
  return {
    status = status,
    headers = { ["content-type"] = "text/html;charset=utf-8" },
    body = string.format(
      "<!DOCTYPE html>\n<html><head><title>Error %d %s</title></head>\n"
        .. "<body><h2>HTTP ERROR %d</h2><p>Problem accessing this page. Reason: <pre>%s</pre></p></body></html>\n",
      status,
      text,
      status,
      text
    ),
  }
end

--- The 404 of a path that the sandbox does not have, whether HubSpot has it or not: a header says so.
function reply.unknown_here(req)
  local answer = reply.html(404)
  answer.headers[UNKNOWN_HERE] = "no route for " .. req.method .. " " .. req.path:gsub("%c", "")
  return answer
end

--- Returns the text of that header, or nil where an answer has none.
function reply.unknown_route(answer) return answer.headers[UNKNOWN_HERE] end

--- The error object that both generations share; `fields` are the members that a case adds.
function reply.problem(status, message, fields)
  local body = { status = "error", message = message, correlationId = correlation_id() }
  for name, value in pairs(fields or {}) do
    body[name] = value
  end
  local answer = reply.json(status, body)
  answer.headers[CORRELATION_ID] = body.correlationId
  return answer
end

--- Gives an answer the correlation id that each of HubSpot's has, the one of its body where that has one.
function reply.correlate(answer) answer.headers[CORRELATION_ID] = answer.headers[CORRELATION_ID] or correlation_id() end

--- Ends the handling of a request with this answer.
function reply.fail(status, message, fields)
  local problem = { status = status, message = message, fields = fields or {} }
  error({ reply = reply.problem(status, message, fields), problem = problem }, 0)
end

--- The 404 of a date version.
function reply.not_found(message) reply.fail(404, message or "resource not found", { category = "OBJECT_NOT_FOUND" }) end

--- The 400 of a date version.
function reply.invalid(message, fields)
  fields = fields or {}
  fields.category = fields.category or "VALIDATION_ERROR"
  reply.fail(400, message, fields)
end

return reply
