-- Puts into a player's timeline that they finished a level of a game.
--
--     timeline_event.lua [--write] EMAIL LEVEL SCORE
--
-- The event's id is made of the player and the level: HubSpot takes an id once, so that this can be run again, and
-- what was written first stays. Timelines belong to an application: HUBSPOT_TOKEN is the OAuth token of an account that
-- installed it. The event's type comes from the environment:
--
--     HUBSPOT_EVENT_TYPE      its full name, where it is part of the application's project (pe99001_game_level); or
--     HUBSPOT_APPLICATION_ID  and HUBSPOT_DEVELOPER_KEY: the type "Level finished" of the application, made if missing
--
-- HubSpot leaves the second way to applications that have had such types for long.
--
-- On your account it needs the flag --write to write. Without HUBSPOT_TOKEN it works on the sandbox at
-- HUBSPOT_BASE_URL, with an application of its own.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/timeline_event.lua ada@example.org 7 12300

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"

local check = connect.check

local USAGE = "timeline_event.lua [--write] EMAIL LEVEL SCORE"

local EVENT_TYPE = {
  name = "Level finished",
  objectType = "contacts",
  headerTemplate = "Finished level {{level}} with {{score}} points",
  detailTemplate = "",
}

local PROPERTIES = {
  { name = "level", label = "Level", type = "number" },
  { name = "score", label = "Score", type = "number" },
}

local function find(list, name)
  for _, item in ipairs(list) do
    if item.name == name then return item end
  end
end

-- The id of the event type; nil where it is missing and not to be made.
local function event_type_id(client, may_write)
  local event_type = find(check(client.timeline:event_types()), EVENT_TYPE.name)
  if not event_type then
    if not may_write then return nil end
    event_type = check(client.timeline:create_event_type(nil, EVENT_TYPE))
    print(("Made the event type %s, %q"):format(event_type.id, event_type.name))
  end
  -- Each by itself: the last run may have ended between them.
  local there = check(client.timeline:event_type_properties(nil, event_type.id))
  for _, property in ipairs(PROPERTIES) do
    if may_write and not find(there, property.name) then
      check(client.timeline:create_event_type_property(nil, event_type.id, property))
    end
  end
  return event_type.id
end

local function print_event(words, event)
  print(
    ("%s: event %s, level %s with %s points, %s"):format(
      words,
      event.id,
      event.properties.level,
      event.properties.score,
      event.timestamp or "now"
    )
  )
end

-- HubSpot refuses an id that it has, in one place with 409, in another with 400.
local function already_there(client, event, err)
  if err.status ~= 409 and err.status ~= 400 then return nil end
  if event.eventTypeId then return (client.timeline:get_event(nil, event.eventTypeId, event.id)) end
  return err.status == 409 and event or nil
end

local function write(client, event)
  local written, err = client.timeline:upsert_event(nil, event)
  if written then return print_event("Written", written) end
  local earlier = already_there(client, event, err)
  if not earlier then error(err, 0) end
  print_event("HubSpot has it already", earlier)
end

local function read_arguments()
  local given = connect.arguments(USAGE, { write = false }, 3)
  if not tonumber(given[2]) or not tonumber(given[3]) then error("usage: " .. USAGE, 0) end
  return given
end

connect.run(function()
  local given = read_arguments()
  local type_name = connect.environment "HUBSPOT_EVENT_TYPE"
  local on_account = connect.environment "HUBSPOT_TOKEN" ~= nil
  local application_id = connect.environment "HUBSPOT_APPLICATION_ID" or (not on_account and 1) or nil
  local developer_key = connect.environment "HUBSPOT_DEVELOPER_KEY" or (not on_account and "sandbox-key") or nil
  if not type_name and not (application_id and developer_key) then
    error(
      "Set HUBSPOT_EVENT_TYPE to the full name of an event type of your application, or HUBSPOT_APPLICATION_ID and "
        .. "HUBSPOT_DEVELOPER_KEY to have one made.",
      0
    )
  end
  local client, target, is_sandbox = connect.open { application_id = application_id, developer_key = developer_key }
  local may_write = is_sandbox or given.write

  local event = {
    id = ("level-%s-of-%s"):format(given[2], given[1]:lower()),
    email = given[1],
    eventTypeName = type_name,
    properties = { level = given[2], score = given[3] },
  }
  if not type_name then event.eventTypeId = event_type_id(client, may_write) end
  if may_write then return write(client, event) end
  print_event(("To %s would go"):format(target), event)
  if not type_name and not event.eventTypeId then print(("with a new event type %q"):format(EVENT_TYPE.name)) end
  print(connect.UNWRITTEN)
end)
