-- Each fault at each request of an export that is not of records. COMMAND_FAULTS=all strikes with more kinds of faults.

local command_export = require "spec.faults.command_export"

describe(
  "an export of other kinds",
  function()
    command_export.add_examples {
      { "lists" },
      { "list-members", "--list", command_export.LIST },
      { "email-events" },
      { "campaigns" },
      { "owners" },
      { "pipelines", "deals" },
      { "properties", "contacts" },
      { "associations", "contacts", "companies", "--parallel", "2" },
    }
  end
)
