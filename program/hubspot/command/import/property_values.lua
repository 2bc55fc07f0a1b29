--- Makes HubSpot's values of the texts of a file, as the definitions of properties say, and compares values.
--
-- Nothing is guessed: a text that its property can't hold is refused, whatever it may have meant.
-- @module hubspot.command.import.property_values

local did_you_mean = require "hubspot.did_you_mean"
local fold = require("hubspot.text").fold
local number = require "hubspot.number"
local shorten = require("hubspot.text").shorten
local time = require "hubspot.time"
local trim = require("hubspot.text").trim
local without_ending = require("hubspot.text").without_ending

local property_values = {}

-- Characters that HubSpot takes in a property.
local LONGEST = 65536

-- Bytes of a text that a problem shows, and names of options.
local SHOWN, OPTIONS_SHOWN = 60, 10

local MS_A_DAY = 86400000

local SHORTEST_GUESSED = 2

local function quoted(text) return ('"%s"'):format(shorten(text, SHOWN)) end

-- Readers ------------------------------------------------------------------------------------------------------------

local function read_text(text)
  if #text > LONGEST then
    local count = #text - select(2, text:gsub("[\128-\191]", ""))
    if count > LONGEST then return nil, ("has %d characters, and HubSpot takes %d"):format(count, LONGEST) end
  end
  return text
end

local function read_number(text)
  text = trim(text)
  if text:find "^[+-]?%d+$" or text:find "^[+-]?%d*%.%d+$" then return text end
  local advice = text:find "^[%d.,' ]+$" and ": write it without separators, with a point before decimals" or ""
  return nil, ("%s is no number%s"):format(quoted(text), advice)
end

local BOOLEANS = { ["true"] = "true", yes = "true", ["false"] = "false", no = "false" }

local function read_boolean(text)
  local value = BOOLEANS[fold(text)]
  if value then return value end
  return nil, ("%s is neither true nor false, yes nor no"):format(quoted(text))
end

local function is_ms(text) return text:find "^%-?%d+$" ~= nil and #text > 8 end

local function moment_reader(how, is_day)
  local format = how.date_format
  local expected = format and format.spelled or is_day and "YYYY-MM-DD" or "YYYY-MM-DDThh:mm:ssZ"
  return function(text)
    text = trim(text)
    local iso = format and format:read(text) or text
    local ms = is_ms(iso) and number.parse(iso) or time.from_iso(iso)
    if not ms then return nil, ("%s is no date of the form %s"):format(quoted(text), expected) end
    if is_day and ms % MS_A_DAY ~= 0 then
      return nil, ("%s has a time, and the property is a day"):format(quoted(text))
    end
    return iso
  end
end

-- Returns whether a text has blanks that are no ASCII, or characters that nobody sees, as those of web pages do.
local function has_hidden(text)
  return text:find("\194\160", 1, true) ~= nil
    or text:find "\226\128[\128-\143\168-\175]" ~= nil
    or text:find("\227\128\128", 1, true) ~= nil
    or text:find("\239\187\191", 1, true) ~= nil
end

-- Returns whether a text is the name of a host: labels that begin and end with a letter or a digit.
local function is_host(text)
  if text:find "[^%w.-]" or text:find "^[.-]" or not text:sub(-1):find "%w" then return false end
  for _, ends in ipairs { "..", ".-", "-." } do
    if text:find(ends, 1, true) then return false end
  end
  return text:find("%.%a", 2) ~= nil
end

local function is_email(text)
  local at = text:find("@", 1, true)
  if not at or text:find "[%s,;<>()]" or text:find("..", 1, true) or has_hidden(text) then return false end
  return at > 1 and is_host(text:sub(at + 1))
end

local function read_email(text)
  text = trim(text)
  if is_email(text) then return text end
  return nil, ("%s is no e-mail address"):format(quoted(text))
end

-- Owners are told by their addresses or their ids, whose owners may have left.
local function owner_reader(how)
  return function(text)
    text = trim(text)
    if text:find "^%d+$" then return text end
    if not text:find("@", 1, true) then
      return nil, ("%s is neither an owner's address nor an id"):format(quoted(text))
    end
    local id = how.owner_id(fold(text))
    if id then return id end
    return nil, ("no owner has the address %s"):format(quoted(text))
  end
end

-- Enumerations -------------------------------------------------------------------------------------------------------

local function names_of(options, field)
  local names = {}
  for index, option in ipairs(options) do
    if index > OPTIONS_SHOWN then
      names[index] = ("and %d more"):format(#options - OPTIONS_SHOWN)
      break
    end
    names[index] = option[field]
  end
  return table.concat(names, ", ")
end

-- The options by the texts that stand for them: `by_text`, and `ambiguous`, the texts that several ones share.
local function options_by(options, field)
  local by_text, ambiguous = {}, {}
  for _, option in ipairs(options) do
    local text = option[field]
    if by_text[text] and by_text[text] ~= option.value then ambiguous[text] = true end
    by_text[text] = option.value
  end
  return { by_text = by_text, ambiguous = ambiguous }
end

-- A function that gives the value of one option, or nil and the problem.
local function option_reader(definition, how)
  local options = definition.options or {}
  local values, labels = options_by(options, "value"), options_by(options, "label")
  local field = how.by_label and "label" or "value"
  local known = how.by_label and labels or values
  return function(text)
    text = trim(text)
    if known.ambiguous[text] then return nil, ("%s is the label of several options"):format(quoted(text)) end
    local value = known.by_text[text]
    if value then return value end
    if not how.by_label and labels.by_text[text] then
      return nil,
        ("%s is a label, and the option is %s: --labels reads labels"):format(quoted(text), labels.by_text[text])
    end
    if how.by_label and values.by_text[text] then return text end
    return nil,
      ("%s is none of the options (%s)%s"):format(
        quoted(text),
        names_of(options, field),
          -- Nearly all short texts are near to each other.
        #text > SHORTEST_GUESSED and did_you_mean.hint(text, known.by_text) or ""
      )
  end
end

-- The most semicolons of one label: values have none.
local function semicolons_of(definition, how)
  local most = 0
  for _, option in ipairs(how.by_label and definition.options or {}) do
    most = math.max(most, select(2, option.label:gsub(";", "")))
  end
  return most
end

-- Adds to `found` the lists of values that parts of a text stand for, from a part on: two at most, one too many.
local function add_readings(choice, parts, at, made, found)
  if at > #parts then
    found[#found + 1] = { (table.unpack or unpack)(made) } -- luacheck: ignore
    return
  end
  for stop = at, math.min(#parts, at + choice.semicolons) do
    local value = choice.read_option(table.concat(parts, ";", at, stop))
    if value and #found < 2 then
      made[#made + 1] = value
      add_readings(choice, parts, stop + 1, made, found)
      made[#made] = nil
    end
  end
end

-- The values of a text with semicolons between its labels, and in them; nil and the problem.
local function read_with_semicolons(choice, text, parts)
  local found = {}
  add_readings(choice, parts, 1, {}, found)
  if #found == 1 then return found[1] end
  if #found > 1 then return nil, ("%s stands for the options in several ways"):format(quoted(text)) end
  for _, part in ipairs(parts) do
    local value, problem = choice.read_option(part)
    if not value then return nil, problem end
  end
end

local function read_parts(choice, parts)
  local values = {}
  for index, part in ipairs(parts) do
    local value, problem = choice.read_option(part)
    if not value then return nil, problem end
    values[index] = value
  end
  return values
end

local function choice_reader(definition, how)
  local choice = { read_option = option_reader(definition, how), semicolons = semicolons_of(definition, how) }
  if definition.fieldType ~= "checkbox" then return choice.read_option end
  return function(text)
    text = trim(text)
    local parts = {}
    for part in text:gmatch "[^;]+" do
      parts[#parts + 1] = part
    end
    if #parts == 0 then return nil, ("%s names no option"):format(quoted(text)) end
    local values, problem
    if choice.semicolons > 0 then
      values, problem = read_with_semicolons(choice, text, parts)
    else
      values, problem = read_parts(choice, parts)
    end
    if not values then return nil, problem end
    local appends = how.appends or text:sub(1, 1) == ";"
    return (appends and ";" or "") .. table.concat(values, ";")
  end
end

local function has_open_options(definition) return definition.externalOptions or #(definition.options or {}) == 0 end

local function is_owner(definition)
  return definition.referencedObjectType == "OWNER" or definition.name == "hubspot_owner_id"
end

--- A function that makes a property's value of a text that is not empty, or returns nil and what is wrong with it.
-- @tparam table definition of the property, as HubSpot has it
-- @tparam table how `by_label`, whether texts are labels of options; `date_format`; `appends`, whether options are
--   added to those that a record has; `owner_id`, a function(address) that gives the id of an owner
-- @treturn function
function property_values.reader(definition, how)
  if is_owner(definition) then return owner_reader(how) end
  local kind = definition.type
  if kind == "number" then return read_number end
  if kind == "bool" then return read_boolean end
  if kind == "date" or kind == "datetime" then return moment_reader(how, kind == "date") end
  if kind == "enumeration" and not has_open_options(definition) then return choice_reader(definition, how) end
  if definition.name == "email" and kind == "string" then return read_email end
  return read_text
end

--- Returns whether a property holds several options.
-- @tparam table definition
-- @treturn boolean
function property_values.is_multiple(definition)
  return definition.type == "enumeration" and definition.fieldType == "checkbox"
end

-- Comparison ---------------------------------------------------------------------------------------------------------

local function moment(text) return is_ms(text) and number.parse(text) or time.from_iso(text) end

-- A number without the zeros and signs that say nothing; nil where it is spelled otherwise.
local function plain(text)
  local sign = text:match "^[+-]" or ""
  local point = text:find(".", 1, true) or #text + 1
  local whole, fraction = text:sub(#sign + 1, point - 1), text:sub(point + 1)
  if whole .. fraction == "" or (whole .. fraction):find "%D" then return nil end
  local digits = whole:gsub("^0+", "") .. "." .. without_ending(fraction, "0")
  return sign == "-" and digits ~= "." and "-" .. digits or digits
end

-- Compares digits where it can: numbers of more than 15 of them would be alike.
local function is_same_number(one, other)
  local spelled, other_spelled = plain(one), plain(other)
  if spelled and other_spelled then return spelled == other_spelled end
  local value = number.parse(one)
  return value ~= nil and value == number.parse(other)
end

local function set_of(text)
  local set = {}
  for part in text:gmatch "[^;]+" do
    set[part] = true
  end
  return set
end

local function holds_all(set, other)
  for part in pairs(other) do
    if not set[part] then return false end
  end
  return true
end

local function is_same_set(kept, given)
  local has, wanted = set_of(kept), set_of(given)
  if not holds_all(has, wanted) then return false end
  return given:sub(1, 1) == ";" or holds_all(wanted, has)
end

--- Returns whether to write a value would leave a record as it is.
-- @tparam table definition
-- @tparam ?string kept of the record
-- @tparam string given "" clears
-- @treturn boolean
function property_values.is_kept(definition, kept, given)
  kept = kept or ""
  if kept == given then return true end
  if kept == "" or given == "" then return false end
  local kind = definition.type
  if kind == "number" then return is_same_number(kept, given) end
  if kind == "date" or kind == "datetime" then
    local has = moment(kept)
    return has ~= nil and has == moment(given)
  end
  if kind == "bool" or definition.name == "email" then return fold(kept) == fold(given) end
  return property_values.is_multiple(definition) and is_same_set(kept, given)
end

return property_values
