local core = require "hubspot.core"
local list_shape = require "hubspot.shape.list"

describe("list_shape.membership_change", function()
  local values = { ids = { "1", "2", "3" } }

  it("tells what became of each id, in HubSpot's odd spelling", function()
    assert.same(
      { added = { "1" }, unchanged = { "2" }, missing_ids = { "3" } },
      list_shape.membership_change "added"(
        { recordsIdsAdded = { "1" }, recordIdsRemoved = {}, recordIdsMissing = { "3" } },
        values
      )
    )
    assert.same(
      { removed = { "2" }, unchanged = { "1" }, missing_ids = { "3" } },
      list_shape.membership_change "removed"(
        { recordsIdsAdded = {}, recordIdsRemoved = { "2" }, recordIdsMissing = { "3" } },
        values
      )
    )
  end)

  it("and in the even one", function()
    assert.same({ "1" }, list_shape.membership_change "added"({ recordIdsAdded = { "1" } }, values).added)
    assert.same({ "1" }, list_shape.membership_change "removed"({ recordsIdsRemoved = { "1" } }, values).removed)
    assert.same({ "1" }, list_shape.membership_change "added"({ recordsIdsMissing = { "1" } }, values).missing_ids)
    assert.same(
      { added = {}, unchanged = { "1", "2", "3" }, missing_ids = {} },
      list_shape.membership_change "added"({}, values)
    )
  end)
end)

describe("list_shape.record", function()
  it("is found alone or in what it is wrapped in, and has its size", function()
    assert.equal("61", list_shape.record({ list = { listId = "61" } }).listId)
    assert.equal("61", list_shape.record({ updatedList = { listId = "61" } }).listId)
    assert.equal("61", list_shape.record({ listId = "61" }).listId)
    assert.equal(12, list_shape.record({ listId = "61", additionalProperties = { hs_list_size = "12" } }).size)
    assert.equal(3, list_shape.record({ listId = "61", size = 3, additionalProperties = { hs_list_size = "12" } }).size)
    assert.is_nil(list_shape.record({ listId = "61", additionalProperties = {} }).size)
    assert.same(
      { "61", "62" },
      (function(lists) return { lists[1].listId, lists[2].listId } end)(
        list_shape.records { lists = { { listId = "61" }, { listId = "62" } } }
      )
    )
    assert.same({}, list_shape.records {})
  end)
end)

describe("list_shape.definition", function()
  it("fills in what HubSpot requires, and leaves the caller's table alone", function()
    local definition = { name = "L" }
    assert.equal(
      '{"name":"L","objectTypeId":"0-1","processingType":"MANUAL"}',
      core.encode(list_shape.definition(definition))
    )
    assert.same({ name = "L" }, definition)
    assert.equal(
      '{"listFolderId":5,"name":"L","objectTypeId":"0-2","processingType":"DYNAMIC"}',
      core.encode(
        list_shape.definition { name = "L", objectTypeId = "0-2", processingType = "DYNAMIC", listFolderId = "5" }
      )
    )
  end)
end)
