--- Types of arguments and options: what a value must be, and what it becomes.
-- A type is a table: `description` (for messages and documentation), `luacats` (its LuaCATS spelling),
-- `check(value, place)`, which returns the value as the operations want it, or nil and a message that begins
-- with the place ("properties[2]"); and `fields` where it is a table with known ones, `element` where it is a list.
-- @module hubspot.check

local core = require "hubspot.core"
local did_you_mean = require "hubspot.did_you_mean"
local id_text = require("hubspot.id").text
local number = require "hubspot.number"
local trim = require("hubspot.text").trim
local time = require "hubspot.time"

local check = {}

local LARGEST_EXACT_FLOAT = 2 ^ 53

--- A value as messages show it.
local function describe(value)
  local kind = type(value)
  if kind == "string" then
    local shown = #value > 40 and value:sub(1, 40) .. "…" or value
    return '"' .. shown:gsub("%c", function(control) return ("\\x%02X"):format(control:byte()) end) .. '"'
  end
  if kind == "number" or kind == "boolean" or kind == "nil" then return number.shown(value) end
  return kind
end

check.describe = describe

local function wrong(place, expected, value)
  return nil, ("%s must be %s, got %s"):format(place, expected, describe(value))
end

--- "; did you mean x?", or an empty string where no known name is near.
check.did_you_mean = did_you_mean.hint

--- Names in order, for a message.
function check.sorted_keys(t)
  local names = {}
  for name in pairs(t) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function new_type(description, luacats, check_value)
  return { description = description, luacats = luacats, check = check_value }
end

-- A type whose values need no change: `accepts(value)` says yes or no.
local function predicate(description, luacats, accepts)
  return new_type(description, luacats, function(value, place)
    if accepts(value) then return value end
    return wrong(place, description, value)
  end)
end

--- A type whose message does not show the value, which may be a secret.
-- @tparam string description
-- @tparam function accepts function(value) that says yes or no
-- @treturn table
function check.accept(description, accepts)
  return new_type(description, description, function(value, place)
    if accepts(value) then return value end
    return nil, ("%s must be %s"):format(place, description)
  end)
end

--- The first method by name that an object lacks.
-- @tparam table object
-- @tparam table methods with their names as keys
-- @treturn ?string nil where it has all
function check.missing_method(object, methods)
  for _, name in ipairs(check.sorted_keys(methods)) do
    if not check.callable.check(object[name], name) then return name end
  end
  return nil
end

check.boolean = predicate("true or false", "boolean", function(value) return type(value) == "boolean" end)
check.table = predicate("a table", "table", function(value) return type(value) == "table" end)

-- Larger values are meant as milliseconds.
local MOST_SECONDS = 3600

check.seconds = predicate(
  ("a positive number of seconds, at most %d (an hour)"):format(MOST_SECONDS),
  "number",
  function(value) return type(value) == "number" and value > 0 and value <= MOST_SECONDS end
)

--- A moment in seconds since 1970, as `os.time()` gives it.
check.unix_time = predicate(
  "a number of seconds since 1970",
  "number",
  function(value) return type(value) == "number" and value > 0 and value < math.huge end
)

check.string = predicate(
  "a string that is not empty",
  "string",
  function(value) return type(value) == "string" and value ~= "" end
)

check.text = predicate("a string", "string", function(value) return type(value) == "string" end)

--- A segment of a path: HubSpot would take an empty one, "." or ".." for another address.
check.segment = predicate(
  'a string that is not empty, "." or ".."',
  "string",
  function(value) return type(value) == "string" and value ~= "" and value ~= "." and value ~= ".." end
)

--- An e-mail address: comes out without the blanks that forms and files leave around it.
check.email = new_type("an e-mail address", "string", function(value, place)
  if type(value) ~= "string" then return wrong(place, "an e-mail address", value) end
  local address = trim(value)
  if address == "" or address == "." or address == ".." then return wrong(place, "an e-mail address", value) end
  return address
end)

check.callable = predicate("a function", "function", function(value)
  if type(value) == "function" then return true end
  local metatable = getmetatable(value)
  return type(metatable) == "table" and metatable.__call ~= nil
end)

function check.integer(minimum, maximum)
  local description = ("an integer from %d to %d"):format(minimum, maximum)
  return new_type(description, "integer", function(value, place)
    local integral = type(value) == "number" and value % 1 == 0
    if not integral or value < minimum or value > maximum then return wrong(place, description, value) end
    return value
  end)
end

function check.one_of(values)
  local known = {}
  for _, value in ipairs(values) do
    known[value] = true
  end
  local description = '"' .. table.concat(values, '", "') .. '"'
  local luacats = description:gsub(", ", "|")
  return new_type("one of " .. description, luacats, function(value, place)
    if known[value] then return value end
    local _, message = wrong(place, "one of " .. description, value)
    return nil, message .. (type(value) == "string" and check.did_you_mean(value, known) or "")
  end)
end

-- Returns whether a word is a known one with a letter wrong, or two where it is long. Another word of HubSpot's should
-- not be that close: leads is not deals.
local function is_misspelt(name, distance) return distance <= (#name < 8 and 1 or 2) end

--- Returns whether a text is spelled as HubSpot's constants are: "CLICK_ON_IDENTIFIED_LINK".
function check.is_constant(text) return text:find "^%u[%u%d_]*$" ~= nil end

--- Returns whether a text is spelled as HubSpot's internal names are, or as ids: "contacts", "p99001_machines",
-- "2-3465404".
function check.is_name(text) return text:find "^%w[%w_-]*$" ~= nil end

--- One of the words that HubSpot has, which adds to them: the known ones are documented, one that is nearly one of them
-- is corrected, and another one goes out where it looks like one.
-- @tparam table values the known ones
-- @tparam[opt] function looks_like_one function(text); by default for words such as "CLICK_ON_IDENTIFIED_LINK"
function check.word(values, looks_like_one)
  looks_like_one = looks_like_one or check.is_constant
  local known = {}
  for _, value in ipairs(values) do
    known[value] = true
  end
  local quoted = '"' .. table.concat(values, '", "') .. '"'
  local description = ("one of %s, or another of HubSpot's words"):format(quoted)
  return new_type(description, quoted:gsub(", ", "|") .. "|string", function(value, place)
    if known[value] then return value end
    if type(value) ~= "string" then return wrong(place, description, value) end
    local _, distance = did_you_mean.nearest(value, known)
    if looks_like_one(value) and not is_misspelt(value, distance) then return value end
    local _, message = wrong(place, description, value)
    return nil, message .. check.did_you_mean(value, known)
  end)
end

local ID = 'an id such as 4127 or "4127"'

local function check_id(value, place)
  if type(value) == "string" then
    if value:find "^%d+$" then return value end
    return wrong(place, ID, value)
  end
  if type(value) ~= "number" or value % 1 ~= 0 or value < 0 then return wrong(place, ID, value) end
  if value >= LARGEST_EXACT_FLOAT and not (math.type and math.type(value) == "integer") then
    return nil, ("%s is a number too large to be exact; pass it as a string, got %s"):format(place, describe(value))
  end
  return id_text(value)
end

--- An id that HubSpot counts: comes out as a string of digits.
check.id = new_type(ID, "string|integer", check_id)

--- A list, of at least one value unless it may be empty.
function check.list_of(element, noun, may_be_empty)
  local description = ("a list of %s"):format(noun)
  local made = new_type(description, ("(%s)[]"):format(element.luacats), function(value, place)
    if type(value) ~= "table" then return wrong(place, description, value) end
    local count = 0
    for key in pairs(value) do
      if type(key) ~= "number" then
        return nil, ("%s must be %s, got a table with the key %s"):format(place, description, number.shown(key))
      end
      count = count + 1
    end
    if count == 0 and not may_be_empty then return nil, ("%s must not be empty"):format(place) end
    local checked = {}
    for index = 1, count do
      local item = element.check(value[index], place)
      if item == nil then
        -- The place is spelled out only where a message needs it.
        local _, message = element.check(value[index], ("%s[%d]"):format(place, index))
        return nil, message
      end
      checked[index] = item
    end
    return checked
  end)
  made.element = element
  return made
end

check.ids = check.list_of(check.id, "ids")
check.emails = check.list_of(check.email, "e-mail addresses")

-- HubSpot takes several names in one text, with commas between them: one with a comma would be taken for two.
check.names = check.list_of(
  new_type("a name", "string", function(value, place)
    local name, message = check.segment.check(value, place)
    if name and name:find(",", 1, true) then
      return nil, ("%s must be one name, got %s: give each name by itself"):format(place, describe(name))
    end
    return name, message
  end),
  "names"
)

--- true, or a list of names.
check.true_or_names = new_type("true or a list of property names", "true|string[]", function(value, place)
  if type(value) == "boolean" then return value end
  if type(value) ~= "table" then return wrong(place, "true or a list of property names", value) end
  return check.names.check(value, place)
end)

-- Smaller numbers are seconds: as milliseconds they would be of before March 1973. 0 stands for the beginning of time.
local SMALLEST_MS = 10 ^ 11

local function is_ms(value) return value % 1 == 0 and value >= 0 and value < LARGEST_EXACT_FLOAT end

--- A moment: milliseconds since 1970, or ISO 8601. Comes out as milliseconds.
check.time = new_type("a time in milliseconds since 1970 or in ISO 8601", "integer|string", function(value, place)
  local expected = 'a time in milliseconds since 1970, or ISO 8601 such as "2026-01-31T12:00:00Z"'
  local ms
  if type(value) == "string" then
    ms = time.from_iso(value)
  elseif type(value) == "number" and is_ms(value) then
    if value > 0 and value < SMALLEST_MS then
      return nil,
        ("%s must be in milliseconds since 1970, got %s, which are seconds: pass hubspot.time(%s)"):format(
          place,
          number.text(value),
          number.text(value)
        )
    end
    ms = value
  end
  if not ms then return wrong(place, expected, value) end
  return ms
end)

-- The values of a multi-select as HubSpot takes them, with semicolons between them.
local function joined_values(list, place)
  local count = 0
  for _ in pairs(list) do
    count = count + 1
  end
  if count == 0 then return nil, ('%s is an empty list: pass "" to clear the property'):format(place) end
  local texts = {}
  for index = 1, count do
    local text = list[index]
    if type(text) == "number" then text = number.text(text) end
    if type(text) ~= "string" or text == "" or text:find(";", 1, true) then
      return nil,
        ("%s[%d] must be one value of the list, a string without semicolons, got %s"):format(
          place,
          index,
          describe(list[index])
        )
    end
    texts[index] = text
  end
  return table.concat(texts, ";")
end

local PROPERTY_VALUE = "a string, a number, a boolean or a list of strings"

local function property_text(value, place)
  local kind = type(value)
  if kind == "string" then return value end
  if kind == "boolean" then return tostring(value) end
  if value == core.null then return "" end
  if kind == "number" then
    local text = number.text(value)
    if text then return text end
    return nil, ("%s must be a finite number, got %s"):format(place, describe(value))
  end
  if kind == "table" and (next(value) == nil or value[1] ~= nil) then return joined_values(value, place) end
  return wrong(place, PROPERTY_VALUE, value)
end

local PROPERTIES = "a table of property values by name"
local AS_BODY = "%s must be " .. PROPERTIES .. ", without a field properties around them"
local PROPERTIES_WANTED = PROPERTIES .. ', such as { email = "ada@example.org" }'

--- Property values by name, or none. HubSpot's property values are strings: numbers and booleans become their text, a
-- list of strings becomes the value of a multi-select, and null becomes the empty string, by which HubSpot clears a
-- property.
check.properties_or_none = new_type(PROPERTIES, "table<string, string|number|boolean|string[]>", function(value, place)
  if type(value) ~= "table" then return wrong(place, PROPERTIES_WANTED, value) end
  -- Fast path: in most tables every value is a text.
  if core.are_texts(value) and value[""] == nil then return value end
  local texts = {}
  for name, property in pairs(value) do
    if type(name) ~= "string" or name == "" then return wrong(place, PROPERTIES_WANTED, value) end
    local text, message = property_text(property, ("%s.%s"):format(place, name))
    if not text then return nil, name == "properties" and AS_BODY:format(place) or message end
    texts[name] = text
  end
  return texts
end)

--- Property values by name, at least one.
check.properties = new_type(PROPERTIES, check.properties_or_none.luacats, function(value, place)
  if type(value) == "table" and next(value) == nil then
    return nil, ("%s must be %s, got an empty table"):format(place, PROPERTIES)
  end
  return check.properties_or_none.check(value, place)
end)

-- The names of the fields, or options, that must be given, in order, by the table of the known ones.
local required_of = setmetatable({}, { __mode = "k" })

local function required_names(known)
  local names = required_of[known]
  if names then return names end
  names = {}
  for _, name in ipairs(check.sorted_keys(known)) do
    if known[name].required then names[#names + 1] = name end
  end
  required_of[known] = names
  return names
end

--- A table that HubSpot's documentation describes, and nothing checks.
function check.documented(luacats) return new_type(check.table.description, luacats, check.table.check) end

--- Checks a field of a table.
-- @tparam table of the type
-- @tparam table value the table
-- @tparam string name
-- @tparam string place of the table
-- @return the value as the type makes it; nil and a message
function check.field(of, value, name, place)
  local item = of.check(value[name], place)
  if item ~= nil then return item end
  -- The place is spelled out only where a message needs it.
  local _, message = of.check(value[name], ("%s.%s"):format(place, name))
  return nil, message
end

--- A table with known fields: `fields` maps a name to `{ type =, required =, description = }`; `class` is its name in
-- LuaCATS.
function check.fields(description, fields, class)
  local made = new_type(description, class or "table", function(value, place)
    if type(value) ~= "table" then return wrong(place, description, value) end
    local checked = {}
    for name in pairs(value) do
      local field = fields[name]
      if not field then
        local hint = type(name) == "string" and check.did_you_mean(name, fields) or ""
        return nil,
          ("%s has an unknown field %s%s (it takes %s)"):format(
            place,
            number.shown(name),
            hint,
            table.concat(check.sorted_keys(fields), ", ")
          )
      end
      local item, message = check.field(field.type, value, name, place)
      if item == nil then return nil, message end
      checked[name] = item
    end
    for _, name in ipairs(required_names(fields)) do
      if checked[name] == nil then
        return nil, ("%s.%s is missing: it must be %s"):format(place, name, fields[name].type.description)
      end
    end
    return checked
  end)
  made.fields = fields
  return made
end

--- A type whose values must also please `refine(value, place)`, which returns the value, or nil and a message.
function check.refined(of, refine)
  local made = new_type(of.description, of.luacats, function(value, place)
    local checked, message = of.check(value, place)
    if checked == nil then return nil, message end
    return refine(checked, place)
  end)
  made.fields = of.fields
  return made
end

local OWN_HEADERS = { authorization = true, ["content-length"] = true, ["transfer-encoding"] = true }

--- Header fields of a request.
check.headers = new_type("a table of header values by name", "table<string, string>", function(value, place)
  if type(value) ~= "table" then return wrong(place, "a table of header values by name", value) end
  for name, text in pairs(value) do
    if type(name) ~= "string" or not name:find "^[%w!#$%%&'*+.^_`|~-]+$" then
      return wrong(place, "header values by name", name)
    end
    if OWN_HEADERS[name:lower()] then return nil, ("%s must not set %s: the client does"):format(place, name) end
    if type(text) ~= "string" or text:find "[%c]" then
      return nil, ("%s.%s must be a string without line breaks or control characters"):format(place, name)
    end
  end
  return value
end)

local RETRY = "a table of retry settings, or false"

local retry_fields = {
  max_attempts = { type = check.integer(1, 100), description = "5 when left out" },
  base_delay = { type = check.seconds, description = "seconds before the second attempt, at most; 0.5 when left out" },
  max_delay = { type = check.seconds, description = "seconds between two attempts, at most; 20 when left out" },
}

local client_retry_fields = {
  budget = {
    type = check.integer(0, 1000000),
    description = "repeats that failures may cost until they count as an outage; 50 when left out",
  },
}
for name, field in pairs(retry_fields) do
  client_retry_fields[name] = field
end

local function retry_type(luacats, fields)
  local of_fields = check.fields(RETRY, fields)
  local made = new_type(RETRY, luacats .. "|false", function(value, place)
    if value == false then return value end
    return of_fields.check(value, place)
  end)
  made.fields = fields
  return made
end

--- The settings of retries: a table, or false for never.
check.retry = retry_type("hubspot.RetryOptions", retry_fields)

--- The same for a client, whose calls share the budget.
check.client_retry = retry_type("hubspot.ClientRetryOptions", client_retry_fields)

--- Checks options by name. `known[name]` is `{ type =, required = }`.
-- @tparam table given
-- @tparam table known
-- @treturn ?table the checked values, or nil and a message
function check.options(given, known)
  local checked = {}
  for name, value in pairs(given) do
    local option = known[name]
    if not option then
      local hint = type(name) == "string" and check.did_you_mean(name, known) or ""
      return nil, ("unknown option %s%s"):format(number.shown(name), hint)
    end
    local result, message = option.type.check(value, name)
    if result == nil then return nil, message end
    checked[name] = result
  end
  for _, name in ipairs(required_names(known)) do
    if checked[name] == nil then
      return nil, ("option %s is missing: it must be %s"):format(name, known[name].type.description)
    end
  end
  return checked
end

return check
