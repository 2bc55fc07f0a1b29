--- Writes HTTP/1.1 answers as bytes.
local sequence = require "hubspot.sandbox.sequence"
local time = require "hubspot.sandbox.time"

local http_writer = {}

local REASONS = {
  [200] = "OK",
  [201] = "Created",
  [202] = "Accepted",
  [204] = "No Content",
  [207] = "Multi-Status",
  [308] = "Permanent Redirect",
  [400] = "Bad Request",
  [401] = "Unauthorized",
  [403] = "Forbidden",
  [404] = "Not Found",
  [405] = "Method Not Allowed",
  [409] = "Conflict",
  [413] = "Content Too Large",
  [414] = "URI Too Long",
  [415] = "Unsupported Media Type",
  [423] = "Locked",
  [429] = "Too Many Requests",
  [431] = "Request Header Fields Too Large",
  [500] = "Internal Server Error",
  [502] = "Bad Gateway",
  [503] = "Service Unavailable",
  [504] = "Gateway Timeout",
}

local shown_second, shown_date

-- The answers of a second share its date.
local function date_now()
  local second = os.time()
  if second ~= shown_second then
    shown_second, shown_date = second, time.http(second * 1000)
  end
  return shown_date
end

--- The bytes of an answer, `{ status =, headers =, body =, announced = }`; `announced` is the length to tell where it
-- is not that of the body. `options`: `keep_alive`, and `is_head` for an answer without its body.
function http_writer.bytes(answer, options)
  local lines = { string.format("HTTP/1.1 %d %s", answer.status, REASONS[answer.status] or "Unknown") }
  for _, name in ipairs(sequence.names(answer.headers)) do
    lines[#lines + 1] = name .. ": " .. answer.headers[name]
  end
  if not answer.headers.date then lines[#lines + 1] = "date: " .. date_now() end
  if answer.status ~= 204 then
    lines[#lines + 1] = string.format("content-length: %d", answer.announced or #answer.body)
  end
  lines[#lines + 1] = options.keep_alive and "connection: keep-alive" or "connection: close"
  lines[#lines + 1] = "\r\n" .. (options.is_head and "" or answer.body)
  return table.concat(lines, "\r\n")
end

return http_writer
