--- Associations of the rows of a page.
-- @module hubspot.command.export.associated

local fail = require "hubspot.command.fail"
local field_of_each = require "hubspot.field_of_each"

local associated = {}

--- Records whose associations HubSpot gives in one request.
associated.A_REQUEST = 1000

--- Reads the associations of records with those of another type. Fails where HubSpot refuses.
-- @tparam table client
-- @tparam string from_type
-- @tparam table rows each with its `id`; none where no record has the ids of a page
-- @tparam string to_type
-- @treturn table as `client.associations:get_many` gives them
function associated.read(client, from_type, rows, to_type)
  if #rows == 0 then return {} end
  local found, err = client.associations:get_many(from_type, field_of_each(rows, "id"), to_type)
  if not found then fail.hubspot(err) end
  return found
end

return associated
