-- Groups of properties.

local definitions = require "hubspot.resource.property_definitions"
local check = require "hubspot.check"
local must = require "hubspot.shape.must"
local property_routes = require "hubspot.resource.property_routes"

local GROUPS = property_routes.BASE .. "/groups"
local GROUP = GROUPS .. "/{name}"
local PAGE = "guide"

local object_type = property_routes.object_type
local name = { name = "name", type = check.segment, description = "the group's internal name" }

local function group_of(answer)
  must.text(answer.name, "a group's name")
  return answer
end

local function groups_of(answer)
  local groups = must.table(answer.results, "the groups")
  for _, one in ipairs(groups) do
    group_of(must.table(one, "a group"))
  end
  return groups
end

return {
  groups = {
    summary = "Reads the groups in which HubSpot shows the properties of a type.",
    options = { object_type = object_type, locale = property_routes.locale },
    returns = { list = "property group" },
    current = property_routes.new(
      "GET",
      GROUPS,
      PAGE,
      { query = { { "locale", from = "locale" } }, answer = groups_of }
    ),
  },

  create_group = {
    summary = "Creates a group of properties.",
    arguments = { { name = "definition", type = definitions.group, description = "what it is to be" } },
    options = { object_type = object_type },
    returns = { record = "property group" },
    current = property_routes.new(
      "POST",
      GROUPS,
      PAGE,
      { body = { { from = "definition" } }, idempotent = false, answer = group_of }
    ),
  },

  update_group = {
    summary = "Changes what HubSpot shows of a group.",
    arguments = { name, { name = "changes", type = definitions.group_changes, description = "the fields to change" } },
    options = { object_type = object_type },
    returns = { record = "property group" },
    current = property_routes.new("PATCH", GROUP, PAGE, { body = { { from = "changes" } }, answer = group_of }),
  },

  delete_group = {
    summary = "Deletes a group that has no properties.",
    irreversible = "It is gone for good.",
    arguments = { name },
    options = { object_type = object_type },
    returns = { done = true },
    current = property_routes.new("DELETE", GROUP, PAGE),
  },
}
