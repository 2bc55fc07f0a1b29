-- Properties of contacts.

local check = require "hubspot.check"
local v1 = require "hubspot.shape.v1"

return {
  get = {
    number = 23,
    summary = "Reads the definition of a contact property.",
    arguments = { { name = "name", type = check.segment, description = "the property's internal name" } },
    options = {
      archived = { type = check.boolean, description = "true reads an archived property" },
      locale = { type = check.string, description = 'the language of its labels, such as "de"' },
    },
    returns = "property",
    v1 = {
      method = "GET",
      path = "/properties/v1/contacts/properties/named/{name}",
      idempotent = true,
      answer = v1.property,
      documentation = "https://developers.hubspot.com/docs/api-reference/legacy/crm/properties/v1/contact-properties/get-properties-v1-contacts-properties-named-propertyname",
    },
    current = {
      method = "GET",
      path = "/crm/properties/{api_version}/contacts/{name}",
      query = { { "archived", from = "archived" }, { "locale", from = "locale" } },
      idempotent = true,
      answer = v1.property,
      documentation = "https://developers.hubspot.com/docs/api-reference/latest/crm/properties/get-property",
    },
  },
}
