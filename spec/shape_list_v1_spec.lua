local core = require "hubspot.core"
local list_v1 = require "hubspot.shape.list_v1"

describe("list_v1.definition", function()
  local function json_of(definition, values) return core.encode(list_v1.definition(definition, values or {})) end

  it("writes filters as arrays of arrays, also where they are empty", function()
    assert.equal(
      '{"dynamic":true,"filters":[[{"property":"email"}],[]],"name":"L"}',
      json_of { name = "L", dynamic = true, filters = { { { property = "email" } }, {} } }
    )
    assert.equal('{"filters":[],"name":"L"}', json_of { name = "L", filters = {} })
    assert.equal('{"dynamic":false,"name":"L"}', json_of { name = "L", dynamic = false })
  end)

  it(
    "writes the portal's id where there is one",
    function() assert.equal('{"name":"L","portalId":99001}', json_of({ name = "L" }, { portal_id = "99001" })) end
  )
end)

describe("list_v1.record", function()
  it("has the shape of the current API, and what v1 tells besides", function()
    local filters = { { { property = "email" } } }
    assert.same(
      {
        listId = "321",
        legacyListId = "321",
        name = "Trial users",
        processingType = "DYNAMIC",
        processingStatus = "DONE",
        objectTypeId = "0-1",
        size = 12,
        createdAt = "2025-11-24T16:00:00.000Z",
        updatedAt = "2025-11-24T16:00:00.000Z",
        filters = filters,
      },
      list_v1.record {
        listId = 321,
        name = "Trial users",
        dynamic = true,
        listType = "DYNAMIC",
        portalId = "99001",
        createdAt = 1764000000000,
        updatedAt = 1764000000000,
        filters = filters,
        metaData = { size = 12, processing = "DONE", error = "" },
      }
    )
  end)

  it("tells its kind", function()
    assert.equal("MANUAL", list_v1.record({ listId = 1, dynamic = false, filters = {} }).processingType)
    assert.equal("MANUAL", list_v1.record({ listId = 1 }).processingType)
    assert.equal("SNAPSHOT", list_v1.record({ listId = 1, dynamic = false, filters = { { {} } } }).processingType)
    assert.equal("DYNAMIC", list_v1.record({ listId = 1, listType = "DYNAMIC" }).processingType)
  end)
end)

describe("list_v1.membership_change", function()
  it("tells what became of each", function()
    assert.same(
      { added = { "1" }, unchanged = { "2" }, missing_ids = { "3" }, missing_emails = { "x@y.z" } },
      list_v1.membership_change "added" {
        updated = { 1 },
        discarded = { 2 },
        invalidVids = { 3 },
        invalidEmails = { "x@y.z" },
      }
    )
    assert.same(
      { removed = {}, unchanged = {}, missing_ids = {}, missing_emails = {} },
      list_v1.membership_change "removed" {}
    )
  end)
end)
