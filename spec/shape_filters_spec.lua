local core = require "hubspot.core"
local filters = require "hubspot.shape.filters"

describe("filters.branch", function()
  it("has each array as an array, at every depth", function()
    local branch = {
      filterBranchType = "OR",
      filterBranchOperator = "OR",
      filterBranches = {
        {
          filterBranchType = "AND",
          filterBranchOperator = "AND",
          filters = {
            { filterType = "PROPERTY", property = "email", operation = { operator = "IS_ANY_OF", values = {} } },
          },
        },
        { filterBranchType = "AND", filterBranchOperator = "AND" },
      },
    }
    assert.equal(
      '{"filterBranchOperator":"OR","filterBranchType":"OR","filterBranches":[{"filterBranchOperator":"AND",'
        .. '"filterBranchType":"AND","filterBranches":[],"filters":[{"filterType":"PROPERTY","operation":{'
        .. '"operator":"IS_ANY_OF","values":[]},"property":"email"}]},{"filterBranchOperator":"AND",'
        .. '"filterBranchType":"AND","filterBranches":[],"filters":[]}],"filters":[]}',
      core.encode(filters.branch(branch))
    )
    assert.is_nil(branch.filters)
    assert.is_nil(getmetatable(branch.filterBranches))
  end)
end)

describe("filters.search_text", function()
  it("is left out where it is empty", function()
    assert.equal("ada", filters.search_text "ada")
    assert.is_nil(filters.search_text "")
  end)
end)
