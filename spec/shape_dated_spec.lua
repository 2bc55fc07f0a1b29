local core = require "hubspot.core"
local dated = require "hubspot.shape.dated"

local function encode_of(fields, name, values)
  for _, field in ipairs(fields) do
    if field[1] == name then
      if field.value ~= nil then return field.value end
      if not field.encode then return values[field.from] end
      return field.encode(values[field.from], values)
    end
  end
end

local function json_of(fields, name, values) return core.encode(encode_of(fields, name, values)) end

local function ids_of(records)
  local ids = {}
  for index, record in ipairs(records) do
    ids[index] = record.id
  end
  return ids
end

describe("the query of what reads contacts", function()
  it("joins names with commas", function()
    local function of(name, values) return encode_of(dated.contact_query, name, values) end
    assert.equal("email,phone", of("properties", { properties = { "email", "phone" } }))
    assert.equal("companies,deals", of("associations", { associations = { "companies", "deals" } }))
    assert.is_nil(of("properties", {}))
    assert.is_false(of("archived", { archived = false }))
    assert.equal("email", encode_of(dated.contact_by_email_query, "idProperty", {}))
  end)

  it("asks for history by name, since the dated API knows no other way", function()
    local function of(values) return encode_of(dated.contact_query, "propertiesWithHistory", values) end
    assert.equal("email", of { with_history = { "email" } })
    assert.equal("email,phone", of { with_history = true, properties = { "email", "phone" } })
    assert.is_nil(of {})
    assert.is_nil(of { with_history = false })
    local value, message = of { with_history = true }
    assert.is_nil(value)
    assert.truthy(message:find("with_history = true needs the option properties", 1, true))
  end)
end)

describe("dated.history_check", function()
  it("sends nothing, and refuses what the later request could not send", function()
    local function check(values) return dated.history_check.encode(values.with_history, values) end
    assert.is_nil((check { with_history = { "email" } }))
    assert.is_nil(select(2, check { with_history = { "email" } }))
    assert.is_nil(select(2, check { with_history = true, properties = { "email" } }))
    assert.is_nil(select(2, check {}))
    assert.truthy(select(2, check { with_history = true }))
  end)
end)

describe("the body of a batch read", function()
  it("has arrays, also where they are empty", function()
    local values = { ids = { "1", "2" } }
    assert.equal('[{"id":"1"},{"id":"2"}]', json_of(dated.batch_read_body, "inputs", values))
    assert.equal("[]", json_of(dated.batch_read_body, "properties", values))
    assert.equal("[]", json_of(dated.batch_read_body, "propertiesWithHistory", values))
    values.with_history, values.properties = true, { "email" }
    assert.equal('["email"]', json_of(dated.batch_read_body, "propertiesWithHistory", values))
  end)

  it("by address asks for the addresses, which tell whose answer is whose", function()
    local function of(values) return json_of(dated.batch_read_by_email_body, "properties", values) end
    assert.equal('["email","hs_additional_emails"]', of { emails = { "a@b.c" } })
    assert.equal('["phone","email","hs_additional_emails"]', of { properties = { "phone" } })
    assert.equal('["email","phone","hs_additional_emails"]', of { properties = { "email", "phone" } })
    assert.equal('"email"', json_of(dated.batch_read_by_email_body, "idProperty", {}))
  end)
end)

describe("the body of a search newest first", function()
  it("asks for the property that it goes by, where properties are named", function()
    local body = dated.newest_first_body "createdate"
    assert.equal("[]", json_of(body, "properties", {}))
    assert.equal('["email","createdate"]', json_of(body, "properties", { properties = { "email" } }))
    assert.equal('["createdate"]', json_of(body, "properties", { properties = { "createdate" } }))
  end)
end)

describe("a batch read's contacts", function()
  local answer = {
    results = {
      { id = "1", properties = { email = "a@example.org" } },
      { id = "2", properties = { email = "b@example.org", hs_additional_emails = "c@example.org;D@example.org" } },
      { id = "3", properties = {} },
    },
  }

  it("come in the order of what was asked for", function()
    assert.same({ "3", "1", "2" }, ids_of(dated.contacts_by_id(answer, { ids = { "3", "9", "1", "2" } })))
    assert.same(
      { "2", "1", "3" },
      ids_of(dated.contacts_by_email(answer, { emails = { "d@EXAMPLE.org", "A@example.org", "b@example.org" } }))
    )
    assert.same({}, dated.contacts_by_id({}, { ids = { "1" } }))
  end)

  it("may lack those that there are none of, and no others", function()
    local partial = { results = answer.results, errors = { { category = "OBJECT_NOT_FOUND", message = "no such" } } }
    assert.equal(3, #dated.contacts_by_id(partial, { ids = { "1" } }))
    partial.errors[2] = { category = "VALIDATION_ERROR", message = "no access" }
    local contacts, message = dated.contacts_by_id(partial, { ids = { "1" } })
    assert.is_nil(contacts)
    assert.equal("HubSpot left contacts out of a batch read: no access", message)
  end)
end)

describe("dated.membership_change", function()
  local values = { ids = { "1", "2", "3" } }

  it("tells what became of each id, in HubSpot's odd spelling", function()
    assert.same(
      { added = { "1" }, unchanged = { "2" }, missing_ids = { "3" } },
      dated.membership_change "added"(
        { recordsIdsAdded = { "1" }, recordIdsRemoved = {}, recordIdsMissing = { "3" } },
        values
      )
    )
    assert.same(
      { removed = { "2" }, unchanged = { "1" }, missing_ids = { "3" } },
      dated.membership_change "removed"(
        { recordsIdsAdded = {}, recordIdsRemoved = { "2" }, recordIdsMissing = { "3" } },
        values
      )
    )
  end)

  it("and in the even one", function()
    assert.same({ "1" }, dated.membership_change "added"({ recordIdsAdded = { "1" } }, values).added)
    assert.same({ "1" }, dated.membership_change "removed"({ recordsIdsRemoved = { "1" } }, values).removed)
    assert.same({ "1" }, dated.membership_change "added"({ recordsIdsMissing = { "1" } }, values).missing_ids)
    assert.same(
      { added = {}, unchanged = { "1", "2", "3" }, missing_ids = {} },
      dated.membership_change "added"({}, values)
    )
  end)
end)

describe("dated.list", function()
  it("is found alone or in what it is wrapped in, and has its size", function()
    assert.equal("61", dated.list({ list = { listId = "61" } }).listId)
    assert.equal("61", dated.list({ updatedList = { listId = "61" } }).listId)
    assert.equal("61", dated.list({ listId = "61" }).listId)
    assert.equal(12, dated.list({ listId = "61", additionalProperties = { hs_list_size = "12" } }).size)
    assert.equal(3, dated.list({ listId = "61", size = 3, additionalProperties = { hs_list_size = "12" } }).size)
    assert.is_nil(dated.list({ listId = "61", additionalProperties = {} }).size)
    assert.same(
      { "61", "62" },
      (function(lists) return { lists[1].listId, lists[2].listId } end)(
        dated.lists { lists = { { listId = "61" }, { listId = "62" } } }
      )
    )
    assert.same({}, dated.lists {})
  end)
end)

describe("dated.list_definition", function()
  it("fills in what HubSpot requires, and leaves the caller's table alone", function()
    local definition = { name = "L" }
    assert.equal(
      '{"name":"L","objectTypeId":"0-1","processingType":"MANUAL"}',
      core.encode(dated.list_definition(definition))
    )
    assert.same({ name = "L" }, definition)
    assert.equal(
      '{"listFolderId":5,"name":"L","objectTypeId":"0-2","processingType":"DYNAMIC"}',
      core.encode(
        dated.list_definition { name = "L", objectTypeId = "0-2", processingType = "DYNAMIC", listFolderId = "5" }
      )
    )
  end)
end)

describe("dated.filter_branch", function()
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
      core.encode(dated.filter_branch(branch))
    )
    assert.is_nil(branch.filters)
    assert.is_nil(getmetatable(branch.filterBranches))
  end)
end)

describe("dated.search_text", function()
  it("is left out where it is empty", function()
    assert.equal("ada", dated.search_text "ada")
    assert.is_nil(dated.search_text "")
  end)
end)
