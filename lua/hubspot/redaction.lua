-- Takes secrets out of the texts in which a server, or a proxy on the way, quotes a request: as they are, and as JSON,
-- URLs, HTML and base64 spell them. That takes time in proportion to any text.

local base64 = require "hubspot.base64"
local core = require "hubspot.core"

local redaction = {}

-- HubSpot's tokens have 30 characters and more. To take out a made-up one such as "x" would garble the text.
local SHORTEST_SECRET = 8

local REPLACEMENT = "[token]"

-- Spellings within each other that are undone: a URL in JSON in a page.
local MOST_SPELLINGS = 4

local HTML_NAMES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

-- Spellings ----------------------------------------------------------------------------------------------------------

-- The characters of a secret's base64 that don't depend on its neighbours, where `before` bytes are in front.
local function base64_core(secret, before)
  local encoded = base64.encode(("\0"):rep(before) .. secret)
  local first = math.ceil(before * 8 / 6)
  return encoded:sub(first + 1, math.floor((before + #secret) * 8 / 6))
end

local function in_base64(secret)
  local spellings = {}
  for before = 0, 2 do
    local spelling = base64_core(secret, before)
    spellings[#spellings + 1] = spelling
    -- The alphabet of URLs.
    if spelling:find "[+/]" then spellings[#spellings + 1] = spelling:gsub("%+", "-"):gsub("/", "_") end
  end
  return spellings
end

local function as_it_is(secret)
  local spellings, seen = {}, {}
  local in_json = core.encode(secret)
  for _, spelling in ipairs {
    secret,
    in_json and in_json:sub(2, -2) or secret,
    core.escape(secret),
    (secret:gsub("[&<>\"']", HTML_NAMES)),
  } do
    if not seen[spelling] then spellings[#spellings + 1] = spelling end
    seen[spelling] = true
  end
  return spellings
end

-- Functions that give the character of digits, unless it is among those that are to stay spelled.
local function readers(excluded)
  local function character_of(number)
    if not number or number < 0x21 or number > 0x7E then return nil end
    local character = string.char(number)
    return not excluded[character] and character or nil
  end
  return {
    from_hex = function(digits) return character_of(tonumber(digits, 16)) end,
    from_decimal = function(digits) return character_of(tonumber(digits)) end,
  }
end

-- JSON stays what it is, unless a secret has such characters.
local IN_JSON, ANYWHERE = readers { ['"'] = true, ["\\"] = true }, readers {}

-- Spellings of secrets in a text; worked out once for each list of them.
local function spellings_of(secrets)
  if secrets.spellings then return secrets.spellings end
  local spellings = { plain = {}, base64 = {}, read = IN_JSON }
  for _, secret in ipairs(secrets) do
    if #secret >= SHORTEST_SECRET then
      if secret:find '["\\]' then spellings.read = ANYWHERE end
      for _, spelling in ipairs(as_it_is(secret)) do
        table.insert(spellings.plain, spelling)
      end
      for _, spelling in ipairs(in_base64(secret)) do
        table.insert(spellings.base64, spelling)
      end
    end
  end
  secrets.spellings = spellings
  return spellings
end

local NAMED =
  { amp = "&", lt = "<", gt = ">", sol = "/", lowbar = "_", hyphen = "-", dash = "-", period = ".", plus = "+" }

-- A text with its characters spelled as they are, one spelling less.
local function unspell(text, read)
  text = text:gsub("\\?\\?\\?\\u00(%x%x)", read.from_hex):gsub("\\/", "/"):gsub("%%(%x%x)", read.from_hex)
  text = text:gsub("&#[xX](%x%x?%x?%x?%x?%x?%x?%x?);", read.from_hex)
  text = text:gsub("&#(%d%d?%d?%d?%d?%d?%d?%d?);", read.from_decimal)
  return (text:gsub("&(%l%l%l?%l?%l?%l?);", NAMED))
end

-- Texts --------------------------------------------------------------------------------------------------------------

local function is_in_base64(text, index) return text:find("^[%w+/_=-]", index) ~= nil end

-- A text without a spelling, nor, where `is_whole` is false, the characters around it that belong to the same base64.
local function without(text, spelling, is_whole)
  local first, last = text:find(spelling, 1, true)
  if not first then return text end
  local parts, from = {}, 1
  while first do
    while not is_whole and first > from and is_in_base64(text, first - 1) do
      first = first - 1
    end
    while not is_whole and is_in_base64(text, last + 1) do
      last = last + 1
    end
    parts[#parts + 1] = text:sub(from, first - 1)
    parts[#parts + 1] = REPLACEMENT
    from = last + 1
    first, last = text:find(spelling, from, true)
  end
  parts[#parts + 1] = text:sub(from)
  return table.concat(parts)
end

local function without_spellings(text, spellings)
  for _, spelling in ipairs(spellings.plain) do
    text = without(text, spelling, true)
  end
  for _, spelling in ipairs(spellings.base64) do
    text = without(text, spelling, false)
  end
  return text
end

--- A text without secrets.
-- @tparam string text
-- @tparam table secrets list of strings; it gets the `spellings` of them
-- @treturn string
function redaction.of_text(text, secrets)
  local spellings = spellings_of(secrets)
  if #spellings.plain == 0 then return text end
  text = without_spellings(text, spellings)
  local spelled = text
  for _ = 1, MOST_SPELLINGS do
    if not spelled:find "[\\%%&]" then break end
    local before = spelled
    spelled = unspell(spelled, spellings.read)
    if spelled == before then break end
    local shown = without_spellings(spelled, spellings)
    -- Other spellings are shown as they were, unless they hold a secret.
    if shown ~= spelled then
      text, spelled = shown, shown
    end
  end
  return text
end

--- Takes secrets out of a value.
-- @param value a string, or a table, which is changed, its keys too
-- @tparam function of_text function(text) that returns it without them
-- @return the value
function redaction.of_value(value, of_text)
  if type(value) == "string" then return of_text(value) end
  if type(value) ~= "table" then return value end
  local renamed = {}
  for key, item in pairs(value) do
    value[key] = redaction.of_value(item, of_text)
    local name = type(key) == "string" and of_text(key) or key
    if name ~= key then renamed[key] = name end
  end
  for key, name in pairs(renamed) do
    value[name], value[key] = value[key], nil
  end
  return value
end

return redaction
