-- Arguments that the timeline's operations have in common.

local check = require "hubspot.check"

return {
  application_id = {
    name = "application_id",
    type = check.id,
    client_default = "application_id",
    description = "the application's id",
  },
  type_id = { name = "type_id", type = check.id, description = "the event type's id" },
}
