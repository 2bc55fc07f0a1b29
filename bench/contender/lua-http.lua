-- The loop that is written today, with lua-http and lua-cjson.
local request = require "http.request"
local cjson = require "cjson"

local base_url, properties = arg[1], arg[2]
if not base_url then return end

local function get(url)
  local req = request.new_from_uri(url)
  req.headers:append("authorization", "Bearer pat-bench")
  local headers, stream = assert(req:go())
  local body = assert(stream:get_body_as_string())
  assert(headers:get ":status" == "200", body)
  return cjson.decode(body)
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
