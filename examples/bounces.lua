-- Writes the e-mails that bounced lately to stdout as CSV, the latest first.
--
--     bounces.lua [DAYS] >bounces.csv
--
-- It only reads: your account with HUBSPOT_TOKEN set (the token needs the scope content), else the sandbox at
-- HUBSPOT_BASE_URL. A cell that a spreadsheet would take for a formula begins with an apostrophe: what a mail server
-- answers is whatever its owner wants.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 --campaigns 5 --email-events 300 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/bounces.lua 30 >bounces.csv

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"
local csv = require "csv"

local check = connect.check

local USAGE = "bounces.lua [DAYS] >bounces.csv"
local SECONDS_A_DAY = 86400

local function print_line(...)
  local cells = {}
  for index = 1, select("#", ...) do
    cells[index] = csv.as_text((select(index, ...)))
  end
  check(io.stdout:write(csv.line(cells), "\n"))
end

connect.run(function()
  local given = connect.arguments(USAGE, {}, 0, 1)
  local days = connect.count(given[1], 7, USAGE)
  local client = connect.open()
  -- Times are in milliseconds since 1970, or in ISO 8601.
  local from = math.max(0, os.time() - days * SECONDS_A_DAY) * 1000
  print_line("time", "recipient", "category", "status", "response", "campaign")
  for event in client.email_events:all { event_type = "BOUNCE", from = from } do
    print_line(
      os.date("!%Y-%m-%dT%H:%M:%SZ", math.floor(event.created / 1000)),
      event.recipient,
      event.category,
      event.status,
      event.response,
      event.emailCampaignId
    )
  end
  check(io.stdout:flush())
end)
