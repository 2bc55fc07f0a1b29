-- Times: HubSpot's v1 counts milliseconds since 1970, the dated API writes ISO 8601 in UTC.

local number = require "hubspot.number"

local floor = math.floor

local time = {}

local MS_A_DAY = 86400000

-- Days since 1970-01-01 in the proleptic Gregorian calendar. Years start in March here, so that the leap day
-- is the last one of its year.
local function days_from_date(year, month, day)
  if month <= 2 then year = year - 1 end
  local era = floor(year / 400)
  local year_of_era = year - era * 400
  local day_of_year = floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  local day_of_era = year_of_era * 365 + floor(year_of_era / 4) - floor(year_of_era / 100) + day_of_year
  return era * 146097 + day_of_era - 719468
end

local function date_from_days(days)
  days = days + 719468
  local era = floor(days / 146097)
  local day_of_era = days - era * 146097
  local year_of_era =
    floor((day_of_era - floor(day_of_era / 1460) + floor(day_of_era / 36524) - floor(day_of_era / 146096)) / 365)
  local day_of_year = day_of_era - (365 * year_of_era + floor(year_of_era / 4) - floor(year_of_era / 100))
  local month_from_march = floor((5 * day_of_year + 2) / 153)
  local day = day_of_year - floor((153 * month_from_march + 2) / 5) + 1
  local month = month_from_march < 10 and month_from_march + 3 or month_from_march - 9
  local year = year_of_era + era * 400
  return month <= 2 and year + 1 or year, month, day
end

local function offset_ms(zone)
  if zone == "Z" or zone == "z" or zone == "" then return 0 end
  local sign, hours, minutes = zone:match "^([+-])(%d%d):?(%d%d)$"
  if not sign or tonumber(hours) > 23 or tonumber(minutes) > 59 then return nil end
  local ms = (hours * 60 + minutes) * 60000
  return sign == "-" and -ms or ms
end

local function milliseconds(fraction)
  if fraction == "" then return 0 end
  if not fraction:find "^%.%d+$" then return nil end
  return floor(number.parse(fraction) * 1000 + 0.5)
end

--- Milliseconds since 1970 of an ISO 8601 date or date and time; UTC where it names no zone.
-- @tparam string text such as `2026-01-02` or `2026-01-02T03:04:05.678Z`
-- @treturn ?number nil when the text is no such time
function time.from_iso(text)
  local year, month, day, rest = text:match "^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$"
  if not year then return nil end
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  local days = days_from_date(year, month, day)
  -- Only a date that there is comes back: not February 30.
  local _, back_month, back_day = date_from_days(days)
  if back_month ~= month or back_day ~= day then return nil end
  local midnight = days * MS_A_DAY
  if rest == "" then return midnight end
  local hour, minute, second, fraction, zone = rest:match "^[Tt ](%d%d):(%d%d):(%d%d)([%.%d]*)(.*)$"
  local offset = zone and offset_ms(zone)
  local ms = fraction and milliseconds(fraction)
  if not offset or not ms or tonumber(hour) > 23 or tonumber(minute) > 59 or tonumber(second) > 60 then return nil end
  return floor(midnight + ((hour * 60 + minute) * 60 + second) * 1000 + ms - offset)
end

local MONTHS =
  { Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6, Jul = 7, Aug = 8, Sep = 9, Oct = 10, Nov = 11, Dec = 12 }

--- Milliseconds since 1970 of a date as HTTP's headers write it.
-- @tparam string text such as `Fri, 31 Dec 1999 23:59:59 GMT`
-- @treturn ?number nil when the text is no such date
function time.from_http(text)
  local day, month, year, clock = text:match "^%a+, (%d%d) (%a%a%a) (%d%d%d%d) (%d%d:%d%d:%d%d) GMT$"
  if not MONTHS[month] then return nil end
  return time.from_iso(("%s-%02d-%sT%sZ"):format(year, MONTHS[month], day, clock))
end

--- ISO 8601 in UTC with milliseconds, as HubSpot's dated API writes it.
-- @tparam number ms milliseconds since 1970
-- @treturn string
function time.to_iso(ms)
  local days = floor(ms / MS_A_DAY)
  local rest = ms - days * MS_A_DAY
  local year, month, day = date_from_days(days)
  return string.format(
    "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
    year,
    month,
    day,
    floor(rest / 3600000),
    floor(rest / 60000) % 60,
    floor(rest / 1000) % 60,
    floor(rest) % 1000
  )
end

return time
