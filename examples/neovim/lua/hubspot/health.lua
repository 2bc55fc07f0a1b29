-- :checkhealth hubspot

local vim = vim -- luacheck: ignore

local settings = require "hubspot_settings"

-- Neovim 0.10 gave these functions the names that they have here.
local reports = vim.health or require "health"
local start, ok, report_error =
  reports.start or reports.report_start, reports.ok or reports.report_ok, reports.error or reports.report_error

-- The editor stands still meanwhile.
local SECONDS = 5

local health = {}

function health.check()
  start "HubSpot"
  local found, hubspot = pcall(require, "hubspot")
  if not found then
    return report_error(
      "the library can't be loaded: " .. hubspot,
      { "sudo luarocks --lua-version 5.1 make hubspot-scm-1.rockspec, in a clone of it" }
    )
  end
  ok(hubspot._VERSION)
  if not settings.account() then return report_error(settings.NOWHERE) end
  local client = settings.new_client { loop = "plain", deadline = SECONDS }
  local _, err = client.contacts:all({ max = 1 }):next()
  client:close()
  if err then return report_error(tostring(err)) end
  ok("contacts can be read from " .. settings.account())
end

return health
