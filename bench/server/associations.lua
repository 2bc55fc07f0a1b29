-- Associations of contacts to companies: each contact has one company, and each thousandth many.

local pages = require "pages"

local associations = {}

local MANY, EVERY, PAGE = 1200, 1000, 500

local TYPES = '"associationTypes":[{"category":"HUBSPOT_DEFINED","typeId":279,"label":null},'
  .. '{"category":"HUBSPOT_DEFINED","typeId":1,"label":"Primary"}]'

local function count_of(id)
  return math.floor((id - pages.id(1)) / (pages.id(2) - pages.id(1))) % EVERY == 0 and MANY or 1
end

local function result_of(input)
  local id, after = tonumber(input.id), tonumber(input.after or 0)
  local count = count_of(id)
  local last = math.min(after + PAGE, count)
  local to = {}
  for number = after + 1, last do
    to[#to + 1] = ('{"toObjectId":%d,%s}'):format(id * 10 + number * 100000000, TYPES)
  end
  local paging = last < count and (',"paging":{"next":{"after":"%d"}}'):format(last) or ""
  return ('{"from":{"id":"%d"},"to":[%s]%s}'):format(id, table.concat(to, ","), paging)
end

--- Answers a batch read, and counts it where it asks for further pages.
function associations.read(body, counts)
  local results = {}
  for place, input in ipairs(body.inputs) do
    results[place] = result_of(input)
  end
  if body.inputs[1] and body.inputs[1].after then counts.further = counts.further + 1 end
  return '{"status":"COMPLETE","results":['
    .. table.concat(results, ",")
    .. '],"startedAt":"2026-09-12T17:40:02.733Z","completedAt":"2026-09-12T17:40:02.741Z"}'
end

return associations
