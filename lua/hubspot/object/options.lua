-- Options of the operations that read records.

local check = require "hubspot.check"
local wire_types = require "hubspot.wire_types"

local options = {}

local of_reads = {
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
  archived = { type = check.boolean, description = "true reads deleted records" },
  list_memberships = {
    decides = false,
    type = check.boolean,
    description = "true reads the lists that the record is in",
  },
  coalesce = {
    type = check.boolean,
    description = "true sends reads that are made at the same time, with the same options, as one batch read",
  },
  parallel = {
    decides = false,
    type = check.integer(1, 100),
    description = "pages read at the same time: 1 when left out",
  },
  ordered = {
    decides = false,
    type = check.boolean,
    description = "true gives the records in the order of their ids where several pages are read at a time",
  },
  since = { type = check.time, description = "the earliest time, in milliseconds since 1970 or in ISO 8601" },
  sort = { type = check.segment, description = "a property to sort by" },
  order = { type = check.one_of { "asc", "desc" }, description = "the direction of the sort" },
  filter_groups = {
    type = wire_types.filter_groups,
    description = "filterGroups, as HubSpot's documentation spells them",
  },
  query = { type = check.text, description = "a text that the records have, as `search` takes it" },
}

--- Some of the options, by name.
-- @tparam table names
-- @treturn table
function options.set(names)
  local set = {}
  for _, name in ipairs(names) do
    set[name] = of_reads[name]
  end
  return set
end

return options
