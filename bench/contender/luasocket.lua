-- The loop that is written today, with LuaSocket and lua-cjson.
local http = require "socket.http"
local ltn12 = require "ltn12"
local cjson = require "cjson"

local base_url, properties = arg[1], arg[2]
if not base_url then return end

local function get(url)
  local chunks = {}
  local ok, status = http.request {
    url = url,
    headers = { authorization = "Bearer pat-bench" },
    sink = ltn12.sink.table(chunks),
  }
  assert(ok and status == 200, status)
  return cjson.decode(table.concat(chunks))
end

local count, length = 0, 0
local after
repeat
  local page = get(
    base_url
      .. "/crm/objects/2026-09/contacts?limit=100&properties="
      .. properties
      .. (after and "&after=" .. after or "")
  )
  for _, contact in ipairs(page.results) do
    count = count + 1
    length = length + #contact.properties.email
  end
  after = page.paging and page.paging.next.after
until not after
print(count, length)
