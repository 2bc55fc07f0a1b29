--- HubSpot's two ways of writing a moment: milliseconds since 1970 (v1) and ISO 8601 in UTC (date versions).
local time = {}

local DAY = 86400000

local day_texts = {}

local function quotient(a, b) return math.floor(a / b) end

-- Days since 1970 and civil dates, after Howard Hinnant's algorithms; os.date depends on the platform's range and zone.
local function civil_from_days(days)
  local z = days + 719468
  local era = quotient(z, 146097)
  local doe = z - era * 146097
  local yoe = quotient(doe - quotient(doe, 1460) + quotient(doe, 36524) - quotient(doe, 146096), 365)
  local doy = doe - (365 * yoe + quotient(yoe, 4) - quotient(yoe, 100))
  local mp = quotient(5 * doy + 2, 153)
  local day = doy - quotient(153 * mp + 2, 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return year, month, day
end

local function days_from_civil(year, month, day)
  local y = month <= 2 and year - 1 or year
  local era = quotient(y, 400)
  local yoe = y - era * 400
  local doy = quotient(153 * (month > 2 and month - 3 or month + 9) + 2, 5) + day - 1
  local doe = yoe * 365 + quotient(yoe, 4) - quotient(yoe, 100) + doy
  return era * 146097 + doe - 719468
end

local function day_text(days)
  local text = day_texts[days]
  if not text then
    text = string.format("%04d-%02d-%02d", civil_from_days(days))
    day_texts[days] = text
  end
  return text
end

--- `2026-01-02` for a moment in milliseconds.
function time.date(ms) return day_text(quotient(ms, DAY)) end

local function iso_text(ms)
  local days = quotient(ms, DAY)
  local rest = ms - days * DAY
  return string.format(
    "%sT%02d:%02d:%02d.%03dZ",
    day_text(days),
    quotient(rest, 3600000),
    quotient(rest, 60000) % 60,
    quotient(rest, 1000) % 60,
    rest % 1000
  )
end

-- A record tells the same moments several times.
local MOST_TEXTS = 4096
local iso_texts, texts_kept = {}, 0

--- `2026-01-02T03:04:05.678Z` for a moment in milliseconds.
function time.iso(ms)
  local text = iso_texts[ms]
  if text then return text end
  text = iso_text(ms)
  if texts_kept >= MOST_TEXTS then
    iso_texts, texts_kept = {}, 0
  end
  iso_texts[ms], texts_kept = text, texts_kept + 1
  return text
end

local function valid_date(year, month, day)
  if month < 1 or month > 12 or day < 1 then return false end
  local y, m, d = civil_from_days(days_from_civil(year, month, day))
  return y == year and m == month and d == day
end

local function parse_zone(text)
  if text == "" or text == "Z" or text == "z" then return 0 end
  local sign, hours, minutes = text:match "^([+-])(%d%d):?(%d%d)$"
  if not sign then return nil end
  local offset = (tonumber(hours) * 60 + tonumber(minutes)) * 60000
  return sign == "+" and offset or -offset
end

--- Milliseconds for an ISO 8601 date or date-time; nil where the text is neither.
function time.parse(text)
  local year, month, day, rest = text:match "^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$"
  if not year then return nil end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  if not valid_date(year, month, day) then return nil end
  local ms = days_from_civil(year, month, day) * DAY
  if rest == "" then return ms end
  local hour, minute, second, tail = rest:match "^T(%d%d):(%d%d):(%d%d)(.*)$"
  if not hour then return nil end
  local fraction, zone = tail:match "^%.(%d+)(.*)$"
  local offset = parse_zone(zone or tail)
  hour, minute, second = tonumber(hour), tonumber(minute), tonumber(second)
  if not offset or hour > 23 or minute > 59 or second > 59 then return nil end
  local thousandths = fraction and tonumber((fraction .. "00"):sub(1, 3)) or 0
  return ms + hour * 3600000 + minute * 60000 + second * 1000 + thousandths - offset
end

local WEEKDAYS = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" }
local MONTHS = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

--- `Fri, 02 Jan 2026 03:04:05 GMT`, as HTTP's headers have it.
function time.http(ms)
  local days = quotient(ms, DAY)
  local rest = ms - days * DAY
  local year, month, day = civil_from_days(days)
  return string.format(
    "%s, %02d %s %04d %02d:%02d:%02d GMT",
    WEEKDAYS[days % 7 + 1],
    day,
    MONTHS[month],
    year,
    quotient(rest, 3600000),
    quotient(rest, 60000) % 60,
    quotient(rest, 1000) % 60
  )
end

--- Returns whether a moment is midnight UTC, as HubSpot's date properties must be.
function time.is_midnight(ms) return ms % DAY == 0 end

time.DAY = DAY

return time
