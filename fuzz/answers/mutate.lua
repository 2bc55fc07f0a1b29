-- Mutates an answer as no server would on purpose: parts of its JSON become something else, are there twice or no
-- longer, or the text itself is another one.

local core = require "hubspot.core"

local null = core.null

local VALUES = {
  function() return null end,
  function() return true end,
  function() return false end,
  function() return 0 end,
  function() return -1 end,
  function() return 1.5 end,
  function() return 2 ^ 53 + 2 end,
  function() return 1e300 end,
  function() return "" end,
  function() return "x" end,
  function() return "a\0b" end,
  function() return "half of a pair \237\160\189" end,
  function() return "4127" end,
  function() return "2026-01-31T12:00:00Z" end,
  function() return ("long "):rep(1000) end,
  function() return {} end,
  function() return core.array {} end,
  function() return core.array { null } end,
  function() return core.array { core.array { 1 }, "x", {} } end,
  function() return { a = 1, id = { 1 }, ["1"] = null } end,
}

local TEXTS = {
  function() return "" end,
  function() return "null" end,
  function() return "true" end,
  function() return "5" end,
  function() return '"text"' end,
  function() return "[]" end,
  function() return "{}" end,
  function() return "[null]" end,
  function() return "[[]]" end,
  function() return "<html><title>Bad Gateway</title></html>" end,
  function(body) return body:sub(1, math.floor(#body / 2)) end,
  function(body) return body .. "}" end,
  function(body) return "[" .. body .. "]" end,
}

-- The places in a value: what holds each, and under which key.
local function places_of(value, places)
  for key, item in pairs(value) do
    places[#places + 1] = { holder = value, key = key }
    if type(item) == "table" then places_of(item, places) end
  end
  return places
end

local function sort_places(places)
  -- Their order is that of a hash, which differs from run to run.
  for _, place in ipairs(places) do
    local item = place.holder[place.key]
    place.rank = tostring(place.key) .. "\0" .. (core.encode(item) or "")
  end
  table.sort(places, function(a, b) return a.rank < b.rank end)
  return places
end

local CHANGES = {
  function(place, random) place.holder[place.key] = VALUES[random(#VALUES)]() end,
  function(place, random) place.holder[place.key] = VALUES[random(#VALUES)]() end,
  function(place) place.holder[place.key] = nil end,
  function(place)
    local item = place.holder[place.key]
    place.holder[place.key] = core.array { item, item }
  end,
  function(place) place.holder[place.key] = { item = place.holder[place.key] } end,
  function(place, random, places)
    local other = places[random(#places)]
    -- A table that contains itself is no JSON.
    local copy = core.decode(core.encode(other.holder[other.key]) or "null", true)
    place.holder[place.key] = copy
  end,
  function(place, _, places)
    local item = place.holder[place.key]
    if type(item) == "table" and #item > 0 then
      for index = #item, 1, -1 do
        item[#item + 1] = core.decode(core.encode(item[index]) or "null", true)
      end
    else
      place.holder[place.key] = #places
    end
  end,
}

--- The body of an answer, changed.
-- @tparam string body
-- @tparam function random function(n) that returns an integer from 1 to n
-- @treturn string
return function(body, random)
  local decoded = core.decode(body, true)
  if type(decoded) ~= "table" or random(8) == 1 then return TEXTS[random(#TEXTS)](body) end
  for _ = 1, random(3) do
    local places = sort_places(places_of(decoded, {}))
    if #places == 0 then break end
    CHANGES[random(#CHANGES)](places[random(#places)], random, places)
  end
  return core.encode(decoded) or "{}"
end
