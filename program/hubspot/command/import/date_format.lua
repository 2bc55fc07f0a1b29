--- Reads dates as `--date-format` spells them, such as `DD.MM.YYYY` or `M/D/YYYY hh:mm`.
-- @module hubspot.command.import.date_format

local time = require "hubspot.time"

local date_format = {}

-- Fields by their letters: the most digits of each, and the least.
local FIELDS = {
  YYYY = { name = "year", most = 4, least = 4 },
  MM = { name = "month", most = 2, least = 2 },
  M = { name = "month", most = 2, least = 1 },
  DD = { name = "day", most = 2, least = 2 },
  D = { name = "day", most = 2, least = 1 },
  hh = { name = "hour", most = 2, least = 1 },
  mm = { name = "minute", most = 2, least = 2 },
  ss = { name = "second", most = 2, least = 2 },
}

local methods = {}
local metatable = { __name = "hubspot.command.DateFormat", __index = methods }

-- The values of the fields as texts, or nil where the text is not spelled so.
local function values_of(self, text)
  local values, at = {}, 1
  for _, part in ipairs(self.parts) do
    local taken = part.text
    if part.field then
      taken = (text:match("^%d%d?%d?%d?", at) or ""):sub(1, part.field.most)
      if #taken < part.field.least then return nil end
      values[part.field.name] = taken
    elseif text:sub(at, at + #taken - 1) ~= taken then
      return nil
    end
    at = at + #taken
  end
  return at > #text and values or nil
end

--- Reads a date.
-- @tparam string text
-- @treturn ?string ISO 8601, in UTC where it has a time; nil where the text is no such date
function methods:read(text)
  local values = values_of(self, text)
  if not values then return nil end
  local iso = ("%s-%02d-%02d"):format(values.year, tonumber(values.month), tonumber(values.day))
  if values.hour then
    iso = ("%sT%02d:%s:%sZ"):format(iso, tonumber(values.hour), values.minute or "00", values.second or "00")
  end
  return time.from_iso(iso) and iso or nil
end

--- Makes a format.
-- @tparam string spelled
-- @treturn ?table nil and what is wrong with it
function date_format.new(spelled)
  local parts, seen, at = {}, {}, 1
  while at <= #spelled do
    local letters = spelled:match("^%a+", at)
    if letters then
      local field = FIELDS[letters]
      if not field then return nil, ("has %s, which is none of YYYY, MM, M, DD, D, hh, mm and ss"):format(letters) end
      if seen[field.name] then return nil, ("has the %s twice"):format(field.name) end
      seen[field.name] = true
      parts[#parts + 1] = { field = field }
      at = at + #letters
    else
      local text = spelled:match("^%A+", at)
      parts[#parts + 1] = { text = text }
      at = at + #text
    end
  end
  if not (seen.year and seen.month and seen.day) then
    return nil, ("must have YYYY, MM and DD, such as DD.MM.YYYY, got %s"):format(spelled)
  end
  return setmetatable({ parts = parts, spelled = spelled }, metatable)
end

return date_format
