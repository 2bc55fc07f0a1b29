-- Shows which e-mail subscriptions an address has, and takes one away.
--
--     unsubscribe.lua [--write] [--unsubscribe ID] EMAIL
--
-- On your account (HUBSPOT_TOKEN set; the token needs the scope communication_preferences.read_write) it needs the flag
-- --write to write. Without HUBSPOT_TOKEN it works on the sandbox at HUBSPOT_BASE_URL.
--
-- HubSpot lets an address be subscribed again only where its owner agreed, which you have to be able to show; with
-- api_version = "v1" not at all. `unsubscribeFromAll`, which this script never sends, can't be undone.
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 lua5.4 examples/unsubscribe.lua ada@example.org --unsubscribe 146

package.path = (arg[0]:match "^.*[/\\]" or "") .. "?.lua;" .. package.path

local connect = require "connect"

local check = connect.check

local USAGE = "unsubscribe.lua [--write] [--unsubscribe ID] EMAIL"

local function print_subscriptions(status)
  print(status.email)
  for _, subscription in ipairs(status.subscriptionStatuses) do
    print(("  %-8s %-14s %s"):format(subscription.id, subscription.status:lower():gsub("_", " "), subscription.name))
  end
end

local function subscription_of(status, id)
  for _, subscription in ipairs(status.subscriptionStatuses) do
    if subscription.id == id then return subscription end
  end
  error(("There is no subscription %s. The ids are in the first column."):format(id), 0)
end

local function unsubscribe(client, status, subscription, may_write)
  if subscription.status == "UNSUBSCRIBED" then
    return print(("%s is unsubscribed from %s already."):format(status.email, subscription.name))
  end
  if not may_write then
    print(
      ("Would unsubscribe %s from %s. Only with its owner's consent could that be undone."):format(
        status.email,
        subscription.name
      )
    )
    return print(connect.UNWRITTEN)
  end
  check(client.subscriptions:update(
    status.email,
    { subscriptionStatuses = {
      { id = subscription.id, subscribed = false },
    } }
  ))
  print(
    ("Unsubscribed %s from %s. Only with its owner's consent may that be undone."):format(
      status.email,
      subscription.name
    )
  )
end

connect.run(function()
  local given = connect.arguments(USAGE, { write = false, unsubscribe = true }, 1)
  local client, _, is_sandbox = connect.open()
  local status = check(client.subscriptions:status(given[1]))
  print_subscriptions(status)
  if given.unsubscribe then
    unsubscribe(client, status, subscription_of(status, given.unsubscribe), is_sandbox or given.write)
  end
end)
