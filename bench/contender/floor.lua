-- The floor: libcurl's transfer and lua-cjson's decoding, in a bare loop.
local fetch = require "bench_fetch"
local cjson = require "cjson"

local base_url, properties = arg[1], arg[2]
if not base_url then return end

local count, length = 0, 0
local after
repeat
  local page = cjson.decode(
    fetch.get(
      base_url
        .. "/crm/objects/2026-09/contacts?limit=100&properties="
        .. properties
        .. (after and "&after=" .. after or "")
    )
  )
  for _, contact in ipairs(page.results) do
    count = count + 1
    length = length + #contact.properties.email
  end
  after = page.paging and page.paging.next.after
until not after
print(count, length)
