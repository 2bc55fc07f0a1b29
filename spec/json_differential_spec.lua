-- The decoder beside lua-cjson, over texts that are made up from a seed, and what becomes of them when bytes change.
local core = require "hubspot.core"
local cjson = require "cjson"

-- Park and Miller's generator: the same texts on every Lua.
local function generator(seed)
  return function(limit)
    seed = seed * 16807 % 2147483647
    return seed % limit + 1
  end
end

local KEYS = {
  "id",
  "properties",
  "email",
  "a",
  "",
  "createdate",
  "hs_object_id",
  "hs_lead_status",
  "\\u0061",
  "k\\n",
  "k\\ud83d",
}
local STRINGS = {
  "",
  "x",
  "ada@example.org",
  "2024-05-01T10:20:30.123Z",
  '\\"',
  "\\\\",
  "\\/",
  "\\b\\f\\n\\r\\t",
  "\\u0041",
  "\\ud83d\\ude00",
  "see you \\ud83d",
  "\\ude00",
  "\\ud83d\\ud83d\\ude00",
  "\\udbff\\n",
  "\195\169",
  "\\u0000",
  ("long "):rep(30),
  "12345678",
  "1234567\\n",
  "\1",
  "\127",
  "\255",
}
local NUMBERS = {
  "0",
  "-0",
  "1",
  "-1",
  "12.5",
  "-0.5",
  "1e3",
  "1E+3",
  "1.5e-3",
  "1700000000000",
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "-9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "-9223372036854775808",
  "-9223372036854775809",
  "123456789012345678901234567890",
  "0.1",
  "1e300",
  "5e-324",
  "4127.0",
}
local BLANKS = { "", "", "", " ", "\n", "\t\r\n  " }
local CHANGES = {
  '"',
  "\\",
  ",",
  ":",
  "{",
  "}",
  "[",
  "]",
  " ",
  "0",
  "1",
  "-",
  "e",
  "n",
  "u",
  "null",
  "true",
  "\\u",
  "\239",
  "d83d",
}

local function make_text(random, depth)
  local function blank() return BLANKS[random(#BLANKS)] end
  local kind = random(depth < 6 and 10 or 6)
  if kind == 1 then return "null" end
  if kind == 2 then return random(2) == 1 and "true" or "false" end
  if kind <= 4 then return NUMBERS[random(#NUMBERS)] end
  if kind <= 6 then return '"' .. STRINGS[random(#STRINGS)] .. '"' end
  local parts = {}
  for i = 1, random(6) - 1 do
    local key = kind <= 8 and '"' .. KEYS[random(#KEYS)] .. '"' .. blank() .. ":" .. blank() or ""
    parts[i] = blank() .. key .. make_text(random, depth + 1) .. blank()
  end
  return (kind <= 8 and "{" or "[") .. table.concat(parts, ",") .. (kind <= 8 and "}" or "]")
end

local function change(random, text)
  for _ = 1, random(3) do
    local place, with = random(#text + 1), CHANGES[random(#CHANGES)]
    text = text:sub(1, place - 1) .. with .. text:sub(place + random(3) - 1)
  end
  return text
end

local instance = cjson.new()
instance.decode_invalid_numbers(false)

local function theirs(text)
  local ok, value = pcall(instance.decode, text)
  if ok then return value end
end

-- Fails unless `ours` is `value` as lua-cjson gave it, but for nulls that were dropped. On a Lua with integers, ours
-- may be more exact.
local function compare(ours, value, keeps_nulls)
  if type(value) == "number" then return type(ours) == "number" and ours + 0.0 == value + 0.0 end
  if type(value) ~= "table" or type(ours) ~= "table" then return ours == value end
  for key, item in pairs(value) do
    local dropped = item == cjson.null and type(key) == "string" and not keeps_nulls
    if dropped then
      if ours[key] ~= nil then return false end
    elseif not compare(ours[key], item, keeps_nulls) then
      return false
    end
  end
  for key in pairs(ours) do
    if value[key] == nil then return false end
  end
  return true
end

-- lua-cjson leaves numbers to strtod, which takes more than JSON.
local function has_other_number(text)
  text = (" " .. text .. " "):gsub("\\.", "")
  return text:find "%.[^%d]" or text:find "[^%d]%." or text:find "[eE][+-]?[^%d+-]"
end

local HIGH, LOW, HALF = "^\\u[dD][89abAB]%x%x", "^\\u[dD][c-fC-F]%x%x", "^\\u[dD][89a-fA-F]%x%x"

-- The text with a character for each half of a surrogate pair, which lua-cjson refuses: the one 0x800 above it, in the
-- private use area.
local function without_halves(text)
  local parts, place = {}, 1
  while true do
    local first = text:find("\\", place, true)
    parts[#parts + 1] = text:sub(place, (first or 0) - 1)
    if not first then return table.concat(parts) end
    local is_pair = text:find(HIGH, first) and text:find(LOW, first + 6)
    local is_half = not is_pair and text:find(HALF, first)
    local length = is_pair and 12 or is_half and 6 or 2
    parts[#parts + 1] = is_half and ("\\u%04x"):format(tonumber(text:sub(first + 2, first + 5), 16) + 0x800)
      or text:sub(first, first + length - 1)
    place = first + length
  end
end

-- The same of a value that was decoded: its three bytes are in the place of the half's.
local function with_characters(value)
  if type(value) == "string" then
    return (value:gsub("\237([\160-\191])", function(second) return "\238" .. string.char(second:byte() - 0x20) end))
  end
  if type(value) ~= "table" then return value end
  local copy = {}
  for key, item in pairs(value) do
    copy[with_characters(key)] = with_characters(item)
  end
  return copy
end

local function check(text, keeps_nulls)
  local value, ours = theirs(without_halves(text)), core.decode(text, keeps_nulls)
  if value == nil or ours == nil then
    if ours == value or has_other_number(text) then return value ~= nil end
  elseif compare(with_characters(ours), value, keeps_nulls) then
    return true
  end
  error(("differs (%s, %s): %q"):format(tostring(ours), tostring(value), text))
end

describe("the decoder beside lua-cjson", function()
  it("reads the same", function()
    local random = generator(1)
    for _ = 1, 20000 do
      local text = make_text(random, 0)
      assert.is_true(check(text, random(2) == 1), text)
    end
  end)

  it("refuses the same", function()
    local random = generator(2)
    local accepted, refused = 0, 0
    for _ = 1, 40000 do
      if check(change(random, make_text(random, 0)), random(2) == 1) then
        accepted = accepted + 1
      else
        refused = refused + 1
      end
    end
    assert.is_true(accepted > 1000 and refused > 10000, accepted .. " " .. refused)
  end)
end)
