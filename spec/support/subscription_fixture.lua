-- Subscription types and addresses, for the specs of subscriptions.

local fixture = require "spec.support.fixture"

local subscription_fixture = { NOW = 1764000000000, ADA = "ada+news@example.org" }

local TYPES = {
  { id = 146, name = "Weekly", description = "News of the week" },
  { id = 147, name = "Product updates", description = "What is new" },
  { id = 151, name = "Events", description = "Meetings", active = false },
}

--- Starts a sandbox with three subscription types.
function subscription_fixture.new()
  return fixture.new { reset = { clock = subscription_fixture.NOW, subscription_types = TYPES } }
end

--- Changes subscriptions of an address, a second apart; forgets the requests that this took.
function subscription_fixture.set(here, email, ...)
  for _, change in ipairs { ... } do
    assert(here.clients.current.subscriptions:update(email, { subscriptionStatuses = { change } }))
    here.server:advance(1)
  end
  here.server:clear_requests()
end

return subscription_fixture
