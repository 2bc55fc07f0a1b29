--- Values of properties, which HubSpot gives as texts, as typed columns have them. A value whose type does not hold it
-- exactly has no place there.
--
-- The kinds of columns are `text`, `number`, `boolean`, `date` and `time`.
-- @module hubspot.mirror.value

local core = require "hubspot.core"
local id_text = require("hubspot.id").text
local number = require "hubspot.number"
local time = require "hubspot.time"
local without_ending = require("hubspot.text").without_ending

local char, concat, find, floor = string.char, table.concat, string.find, math.floor

local value = {}

local KINDS = { number = "number", bool = "boolean", date = "date", datetime = "time" }

--- The kind of the column for a property.
-- @tparam string type as HubSpot names it
-- @treturn string
function value.kind(type) return KINDS[type] or "text" end

-- Numbers ------------------------------------------------------------------------------------------------------------

-- Digits without what says nothing; nil where they stand for more than a number, as leading zeros do.
local function plain_number(given)
  local sign, whole, rest = given:match "^(%-?)(%d+)(.*)$"
  if not whole or whole:find "^0%d" then return nil end
  local fraction = rest == "" and "" or rest:match "^%.(%d+)$"
  if not fraction then return nil end
  fraction = without_ending(fraction, "0")
  if fraction == "" and whole == "0" and sign ~= "" then return nil end
  return sign .. whole .. (fraction ~= "" and "." .. fraction or ""), fraction ~= ""
end

local function normal_number(given, dialect)
  if #given > dialect.most_digits then return nil end
  -- Fast path: most numbers are whole.
  if given:find "^[1-9]%d*$" then return given end
  local plain, has_fraction = plain_number(given)
  if not plain or not has_fraction or dialect.keeps_fractions then return plain end
  return number.text(number.parse(plain)) == plain and plain or nil
end

-- Times --------------------------------------------------------------------------------------------------------------

-- PostgreSQL has no year 0.
local function is_year(given) return given:find "^%d%d%d%d%-" ~= nil and not given:find "^0000" end

local function normal_date(given)
  if not given:find "^%d%d%d%d%-%d%d%-%d%d$" or not is_year(given) then return nil end
  return time.from_iso(given) and given or nil
end

-- Days that there are, by their texts: records share few.
local days, day_count = {}, 0
local MOST_DAYS = 10000

local function is_day(text)
  local known = days[text]
  if known == nil then
    if day_count == MOST_DAYS then
      days, day_count = {}, 0
    end
    known = normal_date(text) ~= nil
    days[text], day_count = known, day_count + 1
  end
  return known
end

-- Returns whether a text is a time as HubSpot writes nearly all of them, which is the normal one.
local function is_normal_time(given)
  return #given == 24
    and given:find("^T[0-2]%d:[0-5]%d:[0-5]%d%.%d%d%dZ", 11) ~= nil
    and given:sub(12, 13) < "24"
    and is_day(given:sub(1, 10))
end

local function normal_time(given)
  if is_normal_time(given) then return given end
  local fraction = given:match "%.(%d+)"
  if fraction and #fraction > 3 then return nil end
  local ms = time.from_iso(given)
  local text = ms and time.to_iso(ms)
  return text and is_year(text) and text or nil
end

-- Texts --------------------------------------------------------------------------------------------------------------

-- PostgreSQL's texts hold no NUL, no half of a surrogate pair and no bytes that are no UTF-8. LuaSQL ends SQLite's
-- statements at NUL, and some readers of SQLite stumble at the rest.
local function is_storable(given)
  return not find(given, "\0", 1, true) and not find(given, "\237[\160-\191][\128-\191]") and core.encode(given) ~= nil
end

--- Returns whether a column of texts holds each of these for sure, as with most records: one look at all of them costs
-- less than one at each. JSON has escapes for the odd ones, and for bytes that are no UTF-8 it has none.
-- @tparam table given texts by any keys
-- @treturn boolean
function value.are_plain(given)
  local encoded = core.encode(given)
  return encoded ~= nil and not find(encoded, "\\u0000", 1, true) and not find(encoded, "\\uD", 1, true)
end

local function normal_text(given) return is_storable(given) and given or nil end

-- The character of UTF-8 above ASCII that is at a place (Unicode standard, table 3-7).
local function character_at(bytes, place)
  return bytes:match("^[\194-\223][\128-\191]", place)
    or bytes:match("^\224[\160-\191][\128-\191]", place)
    or bytes:match("^[\225-\236\238\239][\128-\191][\128-\191]", place)
    or bytes:match("^\237[\128-\159][\128-\191]", place)
    or bytes:match("^\240[\144-\191][\128-\191][\128-\191]", place)
    or bytes:match("^[\241-\243][\128-\191][\128-\191][\128-\191]", place)
    or bytes:match("^\244[\128-\143][\128-\191][\128-\191]", place)
end

-- Puts half of a surrogate pair in the place of each byte that is no UTF-8.
local function escape_bytes(bytes)
  local parts, place = {}, 1
  while place <= #bytes do
    local character = character_at(bytes, place)
    local byte = bytes:byte(place)
    parts[#parts + 1] = character or char(0xED, 0xB0 + floor(byte / 64), 0x80 + byte % 64)
    place = place + (character and #character or 1)
  end
  return concat(parts)
end

-- A text that JSON can hold: one whose bytes are no UTF-8 has half of a surrogate pair for each that is none, U+DC80 to
-- U+DCFF, as Python's `surrogateescape` has them.
local function encodable(given)
  if core.encode(given) then return given end
  return (given:gsub("[\128-\255]+", escape_bytes))
end

local function encodable_item(item)
  if type(item) == "string" then return encodable(item) end
  if type(item) ~= "table" then return item end
  local copy = {}
  for key, inner in pairs(item) do
    copy[encodable_item(key)] = encodable_item(inner)
  end
  return core.like(copy, item)
end

--- Something decoded as JSON, whatever bytes HubSpot's texts have.
-- @tparam ?table given
-- @treturn ?string nil where nothing is given
function value.json(given)
  if given == nil then return nil end
  return core.encode(given) or assert(core.encode(encodable_item(given)))
end

local function escape(bytes) return core.encode(bytes):sub(2, -2) end

local function spell_halves(given) return (given:gsub("\237[\160-\191][\128-\191]", escape)) end

--- A text for a column of a table that has no `extra`: what a database does not hold is spelled as in JSON.
-- @param given
-- @treturn ?string nil where it is no text
function value.text(given)
  if type(given) ~= "string" then return nil end
  if is_storable(given) then return given end
  return spell_halves(encodable(spell_halves((given:gsub("%z", escape)))))
end

-- All kinds ----------------------------------------------------------------------------------------------------------

local normal = {
  text = normal_text,
  number = normal_number,
  boolean = function(given) return (given == "true" or given == "false") and given or nil end,
  date = normal_date,
  time = normal_time,
}

--- The one text for all spellings of a value.
-- @tparam string kind
-- @tparam string given as HubSpot has it, not empty
-- @tparam table dialect of the database
-- @treturn ?string nil where a column of the kind does not hold it exactly
function value.normal(kind, given, dialect) return normal[kind](given, dialect) end

--- A time of HubSpot's, such as `createdAt`, as a column has it.
-- @param given
-- @treturn ?string nil where it is none
function value.moment(given) return type(given) == "string" and normal_time(given) or nil end

--- Makes of a normal text the value for a statement.
-- @tparam string kind
-- @tparam ?string text
-- @treturn ?string|boolean
function value.stored(kind, text)
  if kind == "boolean" and text then return text == "true" end
  return text
end

local TRUE = { t = true, [1] = true, ["1"] = true, [true] = true }

local shown = {
  id = id_text,
  json = function(given) return given end,
  text = function(given) return given end,
  number = function(given)
    if type(given) == "number" then return number.text(given) end
    return (plain_number(given))
  end,
  boolean = function(given) return TRUE[given] and "true" or "false" end,
  date = function(given) return given end,
  time = function(given)
    -- PostgreSQL writes 2026-01-02 03:04:05.678+00.
    if given:sub(11, 11) == "T" then return given end
    return time.to_iso(time.from_iso((given:gsub("%+00$", "Z"))))
  end,
}

--- The normal text of what a database gives.
-- @tparam string kind
-- @param given
-- @treturn ?string
function value.shown(kind, given)
  if given == nil then return nil end
  return shown[kind](given)
end

return value
