-- The upstream server of bench/hosts.lua: answers every request after 50 ms with one contact, under the headers that
-- HubSpot sends.

local upstream = {}

upstream.SECONDS = 0.05

local PROPERTIES = {
  "address",
  "annualrevenue",
  "city",
  "company",
  "country",
  "createdate",
  "email",
  "firstname",
  "hs_language",
  "hs_lead_status",
  "hs_object_id",
  "industry",
  "jobtitle",
  "lastmodifieddate",
  "lastname",
  "lifecyclestage",
  "mobilephone",
  "numemployees",
  "phone",
  "salutation",
  "state",
  "website",
  "zip",
  "hs_analytics_source",
  "hs_analytics_first_url",
  "hs_analytics_num_page_views",
  "hubspot_owner_id",
  "notes_last_contacted",
}

-- Some 2 kB; of every four properties one has no value.
local function contact()
  local parts = {}
  for index, name in ipairs(PROPERTIES) do
    local value = index % 4 == 0 and "null" or ('"value %d of the property %s"'):format(index, name)
    if name == "email" then value = '"ada@example.org"' end
    parts[index] = ('"%s":%s'):format(name, value)
  end
  return (
    '{"id":"4127","properties":{%s},"createdAt":"2025-03-04T12:00:00.000Z",'
    .. '"updatedAt":"2026-01-31T12:00:00.000Z","archived":false,'
    .. '"url":"https://app.hubspot.com/contacts/62515/record/0-1/4127"}'
  ):format(table.concat(parts, ","))
end

local BODY = contact()

local HEADERS = {
  ["Content-Type"] = "application/json;charset=utf-8",
  ["Content-Length"] = #BODY,
  ["X-HubSpot-RateLimit-Max"] = "190",
  ["X-HubSpot-RateLimit-Remaining"] = "180",
  ["X-HubSpot-RateLimit-Interval-Milliseconds"] = "10000",
  ["X-HubSpot-RateLimit-Daily"] = "650000",
  ["X-HubSpot-RateLimit-Daily-Remaining"] = "640000",
  ["X-HubSpot-Correlation-Id"] = "019b1f6e-1d86-7a55-8c3b-2d1c1f7f0a11",
  ["Vary"] = "origin, Accept-Encoding",
  ["X-Content-Type-Options"] = "nosniff",
  ["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains; preload",
  ["Access-Control-Allow-Credentials"] = "false",
  ["CF-Cache-Status"] = "DYNAMIC",
  ["CF-RAY"] = "9af0c1d2e3f4a5b6-FRA",
}

--- Answers the request.
function upstream.answer()
  local ngx = rawget(_G, "ngx")
  for name, value in pairs(HEADERS) do
    ngx.header[name] = value
  end
  ngx.sleep(upstream.SECONDS)
  ngx.print(BODY)
end

return upstream
