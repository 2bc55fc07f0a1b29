--- Properties by which a record is known: those that HubSpot keeps unique, and those that an account makes so.
-- @module hubspot.object.keys

local check = require "hubspot.check"
local fold = require("hubspot.text").fold
local number = require "hubspot.number"

local keys = {}

local NOT_UNIQUE = "%s can't be %s: HubSpot doesn't keep it unique, so several %s may have one value. It takes a property "
  .. "whose definition has hasUniqueValue"

-- HubSpot's own properties that look like keys.
local function is_not_unique(kind, name)
  if kind.keys[name] then return false end
  return name == kind.display or (kind.name == "companies" and (name == "domain" or name == "website"))
end

--- The type of a key's name.
-- @tparam table kind a row of `hubspot.object.types`
-- @treturn table as `hubspot.check` makes them
function keys.property(kind)
  return check.refined(check.segment, function(name, place)
    if name == "hs_object_id" then
      return nil, ("%s can't be hs_object_id: the methods without a property take ids"):format(place)
    end
    if is_not_unique(kind, name) then return nil, NOT_UNIQUE:format(place, name, kind.records) end
    return name
  end)
end

local NUMBER = "a finite number without a fraction, or a string"

--- The type of a key's value: comes out as text.
keys.value = {
  description = check.segment.description .. ", or a whole number",
  luacats = "string|integer",
  check = function(value, place)
    if type(value) ~= "number" then return check.segment.check(value, place) end
    local text = value % 1 == 0 and number.text(value)
    if not text then return nil, ("%s must be %s, got %s"):format(place, NUMBER, tostring(value)) end
    return text
  end,
}

local function exact(key) return key end

--- The properties of a record that hold its values of a key.
-- @tparam table kind
-- @tparam string name of the key
-- @treturn table
function keys.names(kind, name)
  local known = kind.keys[name]
  return { name, known and known.also }
end

--- Returns how a key is spelled where two spellings mean one record.
-- @tparam table kind
-- @tparam string name of the key
-- @treturn function(key)
function keys.spelling(kind, name)
  local known = kind.keys[name]
  return known and known.fold and fold or exact
end

local function text_or_none(value) return type(value) == "string" and value or nil end

--- A function(record) that gives a record's values of a key, spelled as `keys.spelling` says.
-- @tparam table kind
-- @tparam string name of the key
-- @treturn function
-- @treturn function the spelling
function keys.reader(kind, name)
  local spell, known = keys.spelling(kind, name), kind.keys[name] or {}
  return function(record)
    local properties = record.properties or {}
    local own, more = text_or_none(properties[name]), text_or_none(properties[known.also])
    local values = { own and spell(own) }
    for value in (more or ""):gmatch "[^;]+" do
      values[#values + 1] = spell(value)
    end
    return values
  end,
    spell
end

return keys
