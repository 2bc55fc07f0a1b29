-- The records that are there, by their places: all up to some number, but for those that went. Where it is asked for,
-- records are created, archived and merged meanwhile, as nobody's requests: those would be counted by the quota.

local pages = require "pages"

local life = {}

-- What happens each time. HubSpot makes two records that are merged a third one.
local SECONDS, CREATED, ARCHIVED, MERGED = 0.25, 4, 5, 2

local last, removed, generation = 0, {}, 0

local function remove_one()
  local place = math.random(last)
  removed[place] = true
end

local function change(premature, of_generation)
  if premature or of_generation ~= generation then return end
  for _ = 1, ARCHIVED + MERGED do
    remove_one()
  end
  last = last + CREATED + MERGED / 2
  ngx.timer.at(SECONDS, change, of_generation)
end

--- Starts over with this many records.
function life.begin(count, changes)
  last, removed, generation = count, {}, generation + 1
  math.randomseed(count)
  if changes then assert(ngx.timer.at(SECONDS, change, generation)) end
end

function life.last_place() return last end

--- The places of at most `limit` records from `first` on, and whether there are more.
function life.places(first, limit)
  local places, place = {}, math.max(first, 1)
  while place <= last and #places < limit do
    if not removed[place] then places[#places + 1] = place end
    place = place + 1
  end
  while removed[place] do
    place = place + 1
  end
  return places, place <= last
end

--- The places of at most `limit` records from `from` downwards.
function life.places_before(from, limit)
  local places, place = {}, math.min(from, last)
  while place >= 1 and #places < limit do
    if not removed[place] then places[#places + 1] = place end
    place = place - 1
  end
  return places
end

--- Counts the records from a place to another.
function life.count(first, to)
  local count = math.max(0, to - first + 1)
  for place in pairs(removed) do
    if place >= first and place <= to then count = count - 1 end
  end
  return count
end

--- The place of an id, or nil where it has no record.
function life.place(id)
  local place = pages.place(id, last)
  return not removed[place or 0] and place or nil
end

--- The ids of the records that went.
function life.removed_ids()
  local ids = {}
  for place in pairs(removed) do
    ids[#ids + 1] = pages.id(place)
  end
  return ids
end

return life
