-- Options of the operations that read contacts, beside those of all records.

local check = require "hubspot.check"
local option_sets = require "hubspot.object.options"

local contact_options = {}

local options = {
  form_submissions = {
    decides = false,
    type = check.one_of { "all", "none", "newest", "oldest" },
    description = "which form submissions to read",
  },
  include_deleted = { type = check.boolean, description = "true gives deleted contacts too" },
}

--- Some of the options, by name.
function contact_options.set(names)
  local set = option_sets.set(names)
  for _, name in ipairs(names) do
    set[name] = options[name] or set[name]
  end
  return set
end

--- Those that v1 honours.
contact_options.V1 = contact_options.set { "properties", "with_history", "list_memberships", "form_submissions" }

return contact_options
