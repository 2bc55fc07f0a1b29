-- Each fault at each request of an export of more properties than a request can name.

local command_export = require "spec.faults.command_export"

-- As many of its own as HubSpot lets a type have.
local COUNT = 1000

local definitions = {}
for index = 1, COUNT do
  local name = ("wide_property_of_an_account_%04d"):format(index)
  definitions[index] = { name = name, label = name, type = "string", fieldType = "text", groupName = "dealinformation" }
end

describe(
  "an export of a thousand properties",
  function()
    command_export.add_examples({ { "deals", "--properties", "all", "--parallel", "1" } }, { deals = definitions })
  end
)
