-- The records of a write of many contacts.

local check = require "hubspot.check"

local record = check.fields("a record { email = … or id = …, properties = { … } }", {
  email = { type = check.email, description = "either this" },
  id = { type = check.id, description = "or this, of a contact that exists" },
  properties = { type = check.properties_or_none, required = true, description = "values by name" },
}, "hubspot.ContactInput")

--- Contacts to write: `{ email = or id =, properties = { … } }` each.
return check.list_of(
  check.refined(record, function(value, place)
    if (value.email == nil) == (value.id == nil) then return nil, ("%s needs either email or id"):format(place) end
    return value
  end),
  "records"
)
