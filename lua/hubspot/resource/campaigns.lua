-- E-mail campaigns. HubSpot has them in its v1 API only.

local check = require "hubspot.check"
local id = require "hubspot.id"

-- The page size of clients that page through thousands of campaigns; HubSpot states no maximum.
local PAGE_SIZE = 500

local function enumeration(path, documentation)
  return {
    method = "GET",
    path = path,
    idempotent = true,
    answer = id.in_records_of "campaigns",
    items = "campaigns",
    paging = "opaque_offset",
    page_size = PAGE_SIZE,
    documentation = documentation,
  }
end

return {
  recent = {
    number = 31,
    summary = "Iterates over e-mail campaigns, the latest active first.",
    returns = { iterator = "campaign", only = { "id", "appId", "appName", "lastUpdatedTime" } },
    v1 = enumeration("/email/public/v1/campaigns", "reference/api/analytics-and-events/email-analytics/v1"),
  },

  all = {
    number = 32,
    summary = "Iterates over all e-mail campaigns, in no order.",
    returns = { iterator = "campaign", only = { "id", "appId", "appName" } },
    v1 = enumeration(
      "/email/public/v1/campaigns/by-id",
      "api-reference/legacy/reporting/email-analytics/campaigns/get-email-public-v1-campaigns-by-id"
    ),
  },

  get = {
    number = 18,
    summary = "Reads one e-mail campaign with its counters.",
    arguments = { { name = "id", type = check.id, description = "the e-mail campaign's id" } },
    options = { app_id = { type = check.id, description = "the id of the application that sent it" } },
    returns = { record = "campaign" },
    v1 = {
      method = "GET",
      path = "/email/public/v1/campaigns/{id}",
      query = { { "appId", from = "app_id" } },
      idempotent = true,
      answer = id.in_record,
      documentation = "api-reference/legacy/email-analytics-v1/campaigns/get-email-public-v1-campaigns-campaign_id",
    },
  },
}
