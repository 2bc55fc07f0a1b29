--- Subscriptions as answers show them.
local time = require "hubspot.sandbox.time"

local subscription_shown = {}

--- The source of what is written by the API.
subscription_shown.SOURCE = "PUBLIC_API"

--- A type of subscription.
function subscription_shown.definition(definition, is_default)
  return {
    id = string.format("%d", definition.id),
    name = definition.name,
    description = definition.description,
    purpose = "Marketing",
    communicationMethod = "Email",
    isActive = definition.active,
    isDefault = is_default,
    isInternal = false,
    businessUnitId = 0,
    createdAt = time.iso(definition.created),
    updatedAt = time.iso(definition.updated),
  }
end

return subscription_shown
