--- The properties that an export of records has.
-- @module hubspot.command.export.properties

local fail = require "hubspot.command.fail"
local lines = require "hubspot.command.lines"
local trim = require("hubspot.text").trim
local types = require "hubspot.object.types"

local properties = {}

-- Properties that most people want, where none are named. Of other types these are what HubSpot shows and what a record
-- must have, and of an account's own types what the account made.
local USUAL = {
  contacts = { "email", "firstname", "lastname", "phone", "company", "lifecyclestage", "hubspot_owner_id" },
  companies = { "name", "domain", "phone", "city", "country", "industry", "hubspot_owner_id" },
  deals = { "dealname", "amount", "closedate", "pipeline", "dealstage", "hubspot_owner_id" },
  tickets = { "subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "hubspot_owner_id" },
}

local function add_names(names, seen, text)
  for name in text:gmatch "[^,\r\n]+" do
    name = trim(name)
    if name ~= "" and not seen[name] then names[#names + 1] = name end
    seen[name] = true
  end
end

--- Reads `--properties`.
-- @tparam string text names with commas between them, "all", or "@" and a file with names
-- @treturn ?table `names`, and the `path` of their file, or `all`; nil and what is wrong
function properties.read(text)
  if text == "all" then return { all = true } end
  local path
  if text:sub(1, 1) == "@" then
    path = text:sub(2)
    local file, message = io.open(path, "rb")
    if not file then return nil, message end
    text, message = file:read "*a"
    file:close()
    if not text then return nil, ("%s: %s"):format(path, message) end
    text = lines.without_bom(text)
  end
  local names = {}
  add_names(names, {}, text)
  if #names == 0 then return nil, "names no property" end
  return { names = names, path = path }
end

local function sorted_names(list, is_wanted)
  local names = {}
  for _, property in ipairs(list) do
    if is_wanted(property) then names[#names + 1] = property.name end
  end
  table.sort(names)
  return names
end

local function usual_of(row)
  local names = { row.display }
  for _, name in ipairs(row.needed or {}) do
    if name ~= row.display then names[#names + 1] = name end
  end
  return names
end

--- The names of the properties.
-- @tparam table client
-- @tparam string object the type
-- @tparam ?table given as `read` made it
-- @treturn table
function properties.names(client, object, given)
  if given and given.names then return given.names end
  local row = types.find(object)
  if not given and row then return USUAL[row.name] or usual_of(row) end
  local list, err = client.properties:all { object_type = object }
  if not list then fail.hubspot(err) end
  return sorted_names(list, function(property) return given ~= nil or not property.hubspotDefined end)
end

return properties
