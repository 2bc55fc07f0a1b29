-- Each fault at each request of an export of records. COMMAND_FAULTS=all strikes with more kinds of faults.

local command_export = require "spec.faults.command_export"

local LIST = command_export.LIST

describe(
  "an export of records",
  function()
    command_export.add_examples {
      { "contacts", "--format", "jsonl", "--parallel", "3" },
      { "contacts", "--properties", "all", "--labels", "--parallel", "2" },
      { "deals", "--associations", "companies,contacts", "--parallel", "1" },
      { "contacts", "--filter", "city != Nowhere", "--since", "2020-01-01" },
      { "contacts", "--list", LIST },
      { "contacts", "--archived" },
    }
  end
)
