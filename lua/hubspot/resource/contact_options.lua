-- Options of what reads contacts.

local check = require "hubspot.check"

local contact_options = {}

local form_submissions = {
  decides = false,
  type = check.one_of { "all", "none", "newest", "oldest" },
  description = "which form submissions to read",
}

-- Options of what reads contacts.
local read_options = {
  properties = {
    decides = false,
    type = check.names,
    description = "names of the properties to read; by default HubSpot's own choice",
  },
  with_history = {
    decides = false,
    type = check.true_or_names,
    description = "earlier values too: of all properties, or of these",
  },
  associations = { decides = false, type = check.names, description = "types of records whose associations to read" },
  archived = { type = check.boolean, description = "true reads deleted contacts" },
  list_memberships = {
    decides = false,
    type = check.boolean,
    description = "true reads the lists that the contact is in",
  },
  form_submissions = form_submissions,
}

--- Some of the options, by name, and `more`.
function contact_options.set(names, more)
  local set = {}
  for _, name in ipairs(names) do
    set[name] = read_options[name]
  end
  for name, option in pairs(more or {}) do
    set[name] = option
  end
  return set
end

--- Names of those that v1 honours.
contact_options.V1 = { "properties", "with_history", "list_memberships", "form_submissions" }

--- Names of those that batch reads honour.
contact_options.BATCH = { "properties", "with_history", "list_memberships", "form_submissions", "archived" }

contact_options.include_deleted = { type = check.boolean, description = "true gives deleted contacts too" }

--- Names of those for which the current route makes requests of its own.
contact_options.ADDED = { "list_memberships" }

return contact_options
