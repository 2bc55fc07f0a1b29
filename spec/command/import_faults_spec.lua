-- Each fault at each request of an import that creates or updates. COMMAND_FAULTS=all strikes with more kinds of
-- faults.

local command_import = require "spec.faults.command_import"

describe(
  "an import that creates or updates",
  function()
    command_import.add_examples {
      {
        name = "create",
        creates = true,
        words = { "--mode", "create" },
        columns = { "firstname", "lead_score" },
      },
      {
        name = "create, associate, add to a list",
        creates = true,
        words = { "--mode", "create", "--associate", "companies:company_id", "--add-to-list", "LIST" },
        columns = { "firstname", "lead_score", "company_id" },
      },
      {
        name = "update by id",
        existing = 5,
        words = { "--mode", "update", "--key", "id" },
        columns = { "id", "firstname", "lead_score" },
      },
      {
        name = "update by email",
        existing = 5,
        words = { "--mode", "update", "--key", "email" },
        columns = { "email", "firstname", "lead_score" },
      },
    }
  end
)
