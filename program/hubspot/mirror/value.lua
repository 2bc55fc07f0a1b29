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

local concat, find = table.concat, string.find

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

-- PostgreSQL's texts hold no NUL and no half of a surrogate pair, and LuaSQL ends SQLite's statements at NUL.
local function is_storable(given) return not find(given, "\0", 1, true) and not find(given, "\237[\160-\191]") end

--- Returns whether a column of texts holds each of these for sure, as with most records: one look at all of them costs
-- less than one at each. It looks for single bytes, without a pattern: that of halves begins Korean letters, too.
-- @tparam table given texts by any keys
-- @treturn boolean
function value.are_plain(given)
  local texts, count = {}, 0
  for _, text in pairs(given) do
    count = count + 1
    texts[count] = text
  end
  local all = concat(texts)
  return not find(all, "\0", 1, true) and not find(all, "\237", 1, true)
end

local function normal_text(given) return is_storable(given) and given or nil end

local function escape(bytes) return core.encode(bytes):sub(2, -2) end

--- A text for a column of a table that has no `extra`: what a database does not hold is spelled as in JSON.
-- @param given
-- @treturn ?string nil where it is no text
function value.text(given)
  if type(given) ~= "string" then return nil end
  if is_storable(given) then return given end
  return (given:gsub("%z", escape):gsub("\237[\160-\191][\128-\191]", escape))
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
