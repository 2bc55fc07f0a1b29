-- Each fault at each request of an import in each mode. COMMAND_FAULTS=all strikes with more kinds of faults.

local command_import = require "spec.faults.command_import"

describe("an import", function()
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
end)
