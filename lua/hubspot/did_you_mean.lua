--- Suggests the known name for an unknown one.
-- @module hubspot.did_you_mean

local did_you_mean = {}

local function edit_distance(a, b)
  local previous = {}
  for column = 0, #b do
    previous[column] = column
  end
  for row = 1, #a do
    local current = { [0] = row }
    for column = 1, #b do
      local substitution = previous[column - 1] + (a:byte(row) == b:byte(column) and 0 or 1)
      current[column] = math.min(substitution, previous[column] + 1, current[column - 1] + 1)
    end
    previous = current
  end
  return previous[#b]
end

--- The known name that is nearest to another one, in any case, and how many letters are wrong.
-- @tparam string name
-- @tparam table known names as keys
-- @treturn ?string
-- @treturn ?integer
function did_you_mean.nearest(name, known)
  local best, best_distance
  for candidate in pairs(known) do
    local distance = edit_distance(name:lower(), candidate:lower())
    if not best or distance < best_distance or (distance == best_distance and candidate < best) then
      best, best_distance = candidate, distance
    end
  end
  return best, best_distance
end

-- A third of the letters may be wrong: "property" for properties, and not "a" for max.
local function is_near(name, candidate, distance) return distance <= math.ceil(math.max(#name, #candidate) / 3) end

-- Names that other clients of HubSpot, and HubSpot's API, have for an option or a method: in lower case, without
-- underscores.
local OTHER_NAMES = {
  apikey = { "token" },
  accesstoken = { "token" },
  privateapptoken = { "token" },
  hapikey = { "developer_key" },
  developerapikey = { "developer_key" },
  basepath = { "base_url" },
  endpoint = { "base_url" },
  limit = { "page_size", "max" },
  count = { "page_size", "max" },
  perpage = { "page_size" },
  after = { "cursor" },
  offset = { "cursor" },
  vidoffset = { "cursor" },
  filters = { "filter_groups", "filterBranch" },
  sorts = { "sort" },
  getbyid = { "get" },
  updatebyid = { "update" },
  archive = { "delete" },
  dosearch = { "search" },
  getall = { "all" },
  propertieswithhistory = { "with_history" },
  numberofapicallretries = { "retry" },
}

-- Words for those of which not the name alone tells which one is meant.
local MEANINGS = { page_size = "records a request", max = "stop after that many" }

-- Returns the known names for another client's name, in words, or nil.
local function translated(name, known)
  local meant = {}
  for _, candidate in ipairs(OTHER_NAMES[name:lower():gsub("_", "")] or {}) do
    if known[candidate] ~= nil then meant[#meant + 1] = candidate end
  end
  if #meant < 2 then return meant[1] end
  for index, candidate in ipairs(meant) do
    meant[index] = MEANINGS[candidate] and ("%s (%s)"):format(candidate, MEANINGS[candidate]) or candidate
  end
  return table.concat(meant, " or ")
end

--- The known name that is meant by an unknown one.
-- @tparam string name
-- @tparam table known names as keys
-- @treturn ?string nil where no known name is near, and none is another client's for it
function did_you_mean.name(name, known)
  local meant = translated(name, known)
  if meant then return meant end
  local best, distance = did_you_mean.nearest(name, known)
  return best and is_near(name, best, distance) and best or nil
end

--- "; did you mean x?", or an empty string where no known name is meant.
-- @tparam string name
-- @tparam table known names as keys
-- @treturn string
function did_you_mean.hint(name, known)
  local meant = did_you_mean.name(name, known)
  return meant and ("; did you mean %s?"):format(meant) or ""
end

return did_you_mean
