-- Each fault at each request of an import that upserts. COMMAND_FAULTS=all strikes with more kinds of faults.

local command_import = require "spec.faults.command_import"

describe(
  "an import that upserts",
  function()
    command_import.add_examples {
      {
        name = "upsert, with owners",
        existing = 2,
        words = { "--map", "owner=hubspot_owner_id", "--skip-unchanged" },
        columns = { "email", "firstname", "lead_score", "owner" },
      },
      {
        name = "upsert, associate, add to a list",
        existing = 2,
        words = { "--associate", "companies:company_id", "--add-to-list", "LIST" },
        columns = { "email", "firstname", "lead_score", "company_id" },
      },
    }
  end
)
