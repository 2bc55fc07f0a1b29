--- The log of e-mails. Its events never change: they are read from before the newest one that a whole run took up.
-- @module hubspot.mirror.email_events

local state = require "hubspot.mirror.state"
local tables = require "hubspot.mirror.tables"
local time = require "hubspot.time"
local value = require "hubspot.mirror.value"

local email_events = {}

--- Names it among the objects of a mirror.
email_events.NAME = "email-events"

local OWN = { id = true, created = true, type = true, recipient = true, appId = true, emailCampaignId = true }

local function row_of(event)
  local extra = {}
  for name, item in pairs(event) do
    if not OWN[name] then extra[name] = item end
  end
  return {
    event.id,
    time.to_iso(event.created),
    value.text(event.type),
    value.text(event.recipient),
    event.appId,
    event.emailCampaignId,
    next(extra) and value.json(extra) or nil,
  }
end

local into = tables.by_name.email_events.into

-- Leaves out events that the mirror has.
local function unknown(database, rows)
  local ids, known, left = {}, {}, {}
  for index, row in ipairs(rows) do
    ids[index] = database:literal(row[1])
  end
  if #ids == 0 then return rows end
  local statement = "SELECT id FROM email_events WHERE id IN (%s)"
  for _, stored in ipairs(database:query(statement:format(table.concat(ids, ",")))) do
    known[stored.id] = true
  end
  for _, row in ipairs(rows) do
    if not known[row[1]] then
      known[row[1]] = true
      left[#left + 1] = row
    end
  end
  return left
end

--- Reads the events since the last whole run.
-- @tparam table run
function email_events.run(run)
  local database = run.database
  local current = state.read(database, email_events.NAME)
  local newest = tonumber(current.cursor) or 0
  local from = newest > 0 and newest - run.options.overlap * 1000 or nil
  -- The latest come first, so the newest one counts once all have been read.
  for page in run.client.email_events:all({ from = from, deadline = 600 }):pages() do
    local rows = {}
    for index, event in ipairs(page) do
      rows[index] = row_of(event)
      newest = math.max(newest, event.created)
    end
    database:transaction(function()
      local left = unknown(database, rows)
      database:upsert(into, left)
      run.counts.written = run.counts.written + #left
    end)
    run:progress(email_events.NAME, #page)
  end
  current.phase, current.cursor, current.followed_at = "follow", ("%d"):format(newest), run.now()
  state.write(database, current)
end

return email_events
