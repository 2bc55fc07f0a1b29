-- An empty array of HubSpot's goes back as [], through the library's own methods too, which copy what they send and
-- give.

local core = require "hubspot.core"
local hubspot = require "hubspot"

-- A client whose server answers with these texts, one after the other; and the bodies that it was sent.
local function client_that_hears(api_version, ...)
  local answers, bodies = { ... }, {}
  local client = hubspot.new {
    limiter = false,
    api_version = api_version,
    transport = function(request)
      bodies[#bodies + 1] = request.body or false
      return { status = 200, headers = {}, body = table.remove(answers, 1) or "{}" }
    end,
  }
  return client, bodies
end

local PROPERTY = '{"fieldType":"number","label":"Shoe size","modificationMetadata":{},"name":"shoe_size","options":[],'
  .. '"type":"number"}'

local BRANCH = '{"filterBranchOperator":"OR","filterBranchType":"OR","filterBranches":[{"filterBranchOperator":"AND",'
  .. '"filterBranchType":"AND","filterBranches":[],"filters":[{"filterLines":[],"filterType":"EVENT",'
  .. '"operation":{"operationType":"ENUMERATION","operator":"IS_ANY_OF","refineBy":{},"values":[]}}]}],"filters":[]}'

local PROFILE = '{"vid":4127,"properties":{},"form-submissions":[{"meta-data":[],"page":{}}],"merged-vids":[]}'

describe("an empty array", function()
  it("comes back through client:request", function()
    local client, bodies = client_that_hears("2026-09", PROPERTY)
    local request = { method = "GET", path = "/crm/properties/2026-09/contacts/shoe_size" }
    local property = assert(client:request(request))
    property.label = "Shoe size"
    assert(client:request { method = "PATCH", path = request.path, body = property })
    assert.equal(PROPERTY, bodies[2])
  end)

  it("comes back in a list's filters, beside objects that are empty", function()
    local client, bodies = client_that_hears(
      "2026-09",
      '{"list":{"listId":"61","filterBranch":' .. BRANCH .. "}}",
      '{"updatedList":{"listId":"61"}}'
    )
    local list = assert(client.lists:get(61, { include_filters = true }))
    assert(client.lists:update(61, { filterBranch = list.filterBranch }))
    assert.equal('{"filterBranch":' .. BRANCH .. "}", bodies[2])
  end)

  it("comes back in a list that is made like another", function()
    local client, bodies = client_that_hears(
      "2026-09",
      '{"list":{"listId":"61","filterBranch":' .. BRANCH .. "}}",
      '{"list":{"listId":"62"}}'
    )
    local list = assert(client.lists:get(61, { include_filters = true }))
    assert(client.lists:create { name = "Copy", processingType = "DYNAMIC", filterBranch = list.filterBranch })
    assert.truthy(bodies[2]:find('"filterBranch":' .. BRANCH, 1, true))
  end)

  it("comes back in the extraData of an event", function()
    local extra = '{"items":[],"meta":{"tags":[],"nothing":{}}}'
    local client, bodies =
      client_that_hears("2026-09", '{"id":"e1","eventTemplateId":"1","extraData":' .. extra .. "}", "{}")
    local event = assert(client.timeline:get_event(6543, 1, "e1"))
    assert(client.timeline:upsert_event(6543, {
      id = "e2",
      eventTypeId = 1,
      email = "ada@example.org",
      extraData = event.extraData,
    }))
    assert.truthy(bodies[2]:find('"extraData":{"items":[],"meta":{"nothing":{},"tags":[]}}', 1, true), bodies[2])
  end)

  it("stays one in what v1 calls otherwise", function()
    local client = client_that_hears("v1", PROFILE)
    local contact = assert(client.contacts:get(4127))
    assert.equal('[{"metaData":[],"page":{}}]', core.encode(contact.formSubmissions))
    assert.equal("[]", core.encode(contact.mergedIds))
  end)

  it("does not mark what the caller passed", function()
    local client = client_that_hears("2026-09", '{"listId":1}')
    local filters, branch = { {} }, { filters = {}, filterBranches = {} }
    client.lists:create { name = "A", processingType = "DYNAMIC", filterBranch = branch }
    local list_v1 = require "hubspot.shape.list_v1"
    assert.equal('{"filters":[[]],"name":"A"}', core.encode(list_v1.definition({ name = "A", filters = filters }, {})))
    for _, given in ipairs { filters, filters[1], branch.filters, branch.filterBranches } do
      assert.is_nil(getmetatable(given))
    end
  end)
end)
