--- Associations of records: as a call that creates one names them, and as a read gives them.
-- @module hubspot.object.associations

local association_labels = require "hubspot.object.association_labels"
local association_type = require "hubspot.object.association_types"
local check = require "hubspot.check"
local core = require "hubspot.core"
local id_text = require("hubspot.id").text
local types = require "hubspot.object.types"

local associations = {}

-- Associations of a call ---------------------------------------------------------------------------------------------

local WANTED = 'ids by type, such as { companies = { "77", { id = "78", labels = { "Billing" } } } }, or a list as '
  .. "HubSpot's documentation spells it"

local target = check.fields("an id, or { id = …, labels = { … } }", {
  id = { type = check.id, required = true },
  labels = { type = check.list_of(check.string, "labels") },
})

local function read_target(value, place)
  if type(value) == "table" then return target.check(value, place) end
  local id, message = check.id.check(value, place)
  return id and { id = id }, message
end

-- The records that a call names, by type in the order of the names; or nil and a message.
local function read_targets(value, place)
  local targets = {}
  for _, name in ipairs(check.sorted_keys(value)) do
    local list = value[name]
    local at = ("%s.%s"):format(place, name)
    if not check.is_name(name) then return nil, ("%s has %s, which is no type of records"):format(place, name) end
    if type(list) ~= "table" then return nil, ("%s must be a list of ids, got %s"):format(at, check.describe(list)) end
    local row = types.find(name)
    for index, one in ipairs(list) do
      local read, message = read_target(one, ("%s[%d]"):format(at, index))
      if not read then return nil, message end
      read.to = row and row.name or name
      targets[#targets + 1] = read
    end
    if #list == 0 and next(list) ~= nil then return nil, ("%s must be a list of ids"):format(at) end
  end
  return { targets = targets }
end

local function has_only_names(value)
  for key in pairs(value) do
    if type(key) ~= "string" then return false end
  end
  return true
end

local function is_list_of_tables(value)
  for key, item in pairs(value) do
    if type(key) ~= "number" or type(item) ~= "table" then return false end
  end
  return true
end

--- The type of the records that a call associates with a record. Comes out as
-- `{ targets = { { to =, id =, labels = }, … } }`; a list as it is.
associations.type = {
  description = WANTED,
  luacats = "hubspot.NewAssociation[]|table<string, (string|integer|{ id: string|integer, labels: string[]? })[]>",
  check = function(value, place)
    if type(value) == "table" then
      if is_list_of_tables(value) then return value end
      if has_only_names(value) then return read_targets(value, place) end
    end
    return nil, ("%s must be %s, got %s"):format(place, WANTED, check.describe(value))
  end,
}

-- Its types ----------------------------------------------------------------------------------------------------------

local function default_of(kind, to)
  local type_id = association_type(kind.name, to)
  return type_id and { associationCategory = "HUBSPOT_DEFINED", associationTypeId = type_id }
end

local function needs_labels(kind, one) return one.labels ~= nil or not default_of(kind, one.to) end

--- Returns whether the types of a call's associations must be requested first.
-- @tparam table kind a row of `hubspot.object.types`
-- @tparam ?table value as `associations.type` makes it
-- @treturn boolean
function associations.are_unknown(kind, value)
  for _, one in ipairs(value and value.targets or {}) do
    if needs_labels(kind, one) and not one.types then return true end
  end
  return false
end

-- The unlabelled association of a pair, HubSpot's own before others.
local function unlabelled(known)
  local found
  for _, one in ipairs(known) do
    if not one.label and (not found or one.category == "HUBSPOT_DEFINED") then found = one end
  end
  return found
end

-- The types of the associations with one record; or nil and a message.
local function types_of(kind, one, known)
  if one.labels then return association_labels.specs_of(known, one.labels, kind.name, one.to) end
  local plain = unlabelled(known)
  if plain then return { association_labels.spelled(plain) } end
  return nil, ("HubSpot has no plain association from %s to %s"):format(kind.name, one.to)
end

--- Asks HubSpot for the types of what calls name, once for each pair of types.
-- @tparam table call
-- @tparam table kind
-- @tparam table values a list of what `associations.type` makes
-- @tparam function invalid function(message) that makes an error
-- @treturn ?boolean true, or nil and an error
function associations.look_up(call, kind, values, invalid)
  local known = {}
  for _, value in ipairs(values) do
    for _, one in ipairs(value.targets or {}) do
      if needs_labels(kind, one) and not one.types then
        if not known[one.to] then
          local labels, err = call:read(association_labels.route, { from_type = kind.path, to_type = one.to })
          if not labels then return nil, err end
          known[one.to] = labels
        end
        local message
        one.types, message = types_of(kind, one, known[one.to])
        if not one.types then return nil, invalid(message) end
      end
    end
  end
  return true
end

--- Spells what a call names as HubSpot does.
-- @tparam table kind
-- @tparam ?table value as `associations.type` makes it
-- @treturn ?table
function associations.spelled(kind, value)
  if not value or not value.targets then return value end
  local list = {}
  for index, one in ipairs(value.targets) do
    list[index] = { to = { id = one.id }, types = one.types or { default_of(kind, one.to) } }
  end
  return core.array(list)
end

-- Associations of a read ---------------------------------------------------------------------------------------------

-- HubSpot lists a record once for each type of its association.
local function each_once(results)
  local list, by_id = {}, {}
  for _, result in ipairs(results) do
    local id = id_text(result.id)
    local one = by_id[id]
    if not one then
      one = { id = id, types = {} }
      by_id[id], list[#list + 1] = one, one
    end
    one.types[#one.types + 1] = result.type
  end
  return list
end

--- The associations of a record by type, each record once: `{ companies = { { id =, types = { … } }, … } }`. Where
-- HubSpot cut a list off, it has `has_more`.
-- @tparam table given as HubSpot answered it
-- @treturn table
function associations.read(given)
  local by_type = {}
  for name, found in pairs(given) do
    local results = type(found) == "table" and found.results
    local list = each_once(type(results) == "table" and results or {})
    local pages = type(found) == "table" and found.paging
    if type(pages) == "table" and pages.next then list.has_more = true end
    -- Some names have blanks in answers, where they have none elsewhere.
    by_type[name:gsub(" ", "_")] = list
  end
  return by_type
end

return associations
