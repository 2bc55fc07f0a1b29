-- The versions of HubSpot's API that this library speaks. Nothing else names a date of it.

local api_version = {
  --- The default of a client.
  DEFAULT = "2026-09",
  --- HubSpot ships one in March and one in September; the latest first.
  DATES = { "2026-09", "2026-03" },
  --- The wire format before the dates.
  V1 = "v1",
}

local known = { [api_version.V1] = true }
local quoted = {}
for index, date in ipairs(api_version.DATES) do
  known[date] = true
  quoted[index] = ("%q"):format(date)
end

--- The dates in words.
api_version.DATES_IN_WORDS = table.concat(quoted, " or ")

--- The values that the option takes, for messages.
api_version.DESCRIPTION = ("%s or %q"):format(table.concat(quoted, ", "), api_version.V1)

--- Returns whether this library speaks a version.
function api_version.is_known(value) return type(value) == "string" and known[value] == true end

--- The date that stands in the paths of a client: one that speaks v1 has routes with a date, too.
function api_version.date_of(value) return value == api_version.V1 and api_version.DEFAULT or value end

return api_version
