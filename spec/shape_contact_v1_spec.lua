local contact_v1 = require "hubspot.shape.contact_v1"
local core = require "hubspot.core"

-- A profile as v1 answers it.
local PROFILE = [[{
  "vid": 4127, "canonical-vid": 4127, "merged-vids": [4130, 4131], "portal-id": 99001, "is-contact": true,
  "profile-token": "AO_T-m", "profile-url": "https://app.hubspot.com/contacts/99001/contact/4127",
  "properties": {
    "email": {"value": "ada@example.org", "versions": [
      {"value": "ada@example.org", "source-type": "API", "source-id": null, "source-label": "import",
       "timestamp": 1764000000000, "selected": false},
      {"value": "old@example.org", "source-type": "FORM", "source-id": "x", "source-label": null,
       "timestamp": 1763000000000, "selected": false}]},
    "createdate": {"value": "1764000000000", "versions": []},
    "lastmodifieddate": {"value": "1764000000123", "versions": []}
  },
  "form-submissions": [{"conversion-id": "c1", "timestamp": 1764000000000, "form-id": "f1", "portal-id": 99001,
    "page-url": "https://example.org", "page-title": "P", "title": "My form", "meta-data": []}],
  "list-memberships": [{"static-list-id": 1, "internal-list-id": 97398, "timestamp": 1764000000000, "vid": 4127,
    "is-member": true}],
  "identity-profiles": [{"vid": 4127, "is-deleted": false, "saved-at-timestamp": 1764000000000, "linked-vids": [],
    "identities": [{"type": "EMAIL", "value": "ada@example.org", "timestamp": 1764000000000, "is-primary": true},
                   {"type": "LEAD_GUID", "value": "uuid", "timestamp": 1764000000012}]}],
  "merge-audits": [],
  "associated-company": {"company-id": 881, "portal-id": 99001, "properties": {"name": {"value": "Acme"}}}
}]]

local function contact_of(json, values) return contact_v1.record(assert(core.decode(json)), values or {}) end

describe("contact_v1.record", function()
  it(
    "has the shape of the current API, and what v1 tells besides",
    function()
      assert.same({
        id = "4127",
        properties = { email = "ada@example.org", createdate = "1764000000000", lastmodifieddate = "1764000000123" },
        createdAt = "2025-11-24T16:00:00.000Z",
        updatedAt = "2025-11-24T16:00:00.123Z",
        archived = false,
        url = "https://app.hubspot.com/contacts/99001/contact/4127",
        isContact = true,
        mergedIds = { "4130", "4131" },
        formSubmissions = {
          {
            conversionId = "c1",
            timestamp = 1764000000000,
            formId = "f1",
            portalId = "99001",
            pageUrl = "https://example.org",
            pageTitle = "P",
            title = "My form",
            metaData = {},
          },
        },
        listMemberships = { { listId = "1", isMember = true, lastAddedTimestamp = "2025-11-24T16:00:00.000Z" } },
        identityProfiles = {
          {
            vid = "4127",
            isDeleted = false,
            savedAtTimestamp = 1764000000000,
            linkedVids = {},
            identities = {
              { type = "EMAIL", value = "ada@example.org", timestamp = 1764000000000, isPrimary = true },
              { type = "LEAD_GUID", value = "uuid", timestamp = 1764000000012 },
            },
          },
        },
        associatedCompany = { companyId = "881", portalId = "99001", properties = { name = { value = "Acme" } } },
      }, contact_of(PROFILE))
    end
  )

  it("has the history that was asked for", function()
    local email = {
      { value = "ada@example.org", sourceType = "API", sourceLabel = "import", timestamp = "2025-11-24T16:00:00.000Z" },
      { value = "old@example.org", sourceType = "FORM", sourceId = "x", timestamp = "2025-11-13T02:13:20.000Z" },
    }
    assert.same(
      { email = email, createdate = {}, lastmodifieddate = {} },
      contact_of(PROFILE, { with_history = true }).propertiesWithHistory
    )
    assert.same({ email = email }, contact_of(PROFILE, { with_history = { "email", "phone" } }).propertiesWithHistory)
    assert.is_nil(contact_of(PROFILE, { with_history = false }).propertiesWithHistory)
  end)

  it("has the id of the contact that it was merged into", function()
    assert.equal("4127", contact_of('{"vid":4130,"canonical-vid":4127}').id)
    assert.equal("4130", contact_of('{"vid":4130}').id)
  end)

  it("makes do with the reduced profiles of lists", function()
    assert.same(
      { id = "1", properties = {}, archived = false, addedAt = 1764000000000 },
      contact_of '{"vid":1,"addedAt":1764000000000}'
    )
    assert.is_true(contact_of('{"vid":1,"is-deleted":true}').archived)
  end)

  it("has exact ids", function() assert.equal("900719925474099", contact_of('{"vid":900719925474099}').id) end)
end)

describe("contact_v1.members", function()
  it("have the time of their joining", function()
    local members = contact_v1.members({ contacts = { { vid = 1, addedAt = 1764000000000 } } }, {})
    assert.equal("2025-11-24T16:00:00.000Z", members[1].membershipTimestamp)
    assert.same({}, contact_v1.members({}, {}))
  end)
end)

describe("v1's batch reads", function()
  local function profile(vid, email, utk)
    return {
      vid = vid,
      ["identity-profiles"] = {
        {
          identities = {
            { type = "EMAIL", value = email },
            { type = "LEAD_GUID", value = utk },
          },
        },
      },
    }
  end

  local answer = {
    ["1"] = profile(1, "A@example.org", "u-1"),
    ["2"] = profile(2, "b@example.org", "u-2"),
    ["10"] = profile(10, "c@example.org", "u-3"),
  }

  local function ids_of(contacts)
    local ids = {}
    for index, contact in ipairs(contacts) do
      ids[index] = contact.id
    end
    return ids
  end

  it("come in the order of what was asked for", function()
    assert.same({ "10", "2", "1" }, ids_of(contact_v1.records_by_id(answer, { ids = { "10", "5", "2", "1" } })))
    assert.same(
      { "2", "10", "1" },
      ids_of(
        contact_v1.records_by_email(answer, { emails = { "B@example.org", "c@example.org", "x", "a@example.org" } })
      )
    )
    assert.same({ "1", "10", "2" }, ids_of(contact_v1.records_by_utk(answer, { utks = { "U-1", "u-3", "u-2" } })))
    assert.same({}, contact_v1.records_by_id({}, { ids = { "1" } }))
  end)

  it("lose no contact that comes under another key", function()
    local merged = { ["1"] = { vid = 1, ["canonical-vid"] = 7 }, ["2"] = { vid = 2 } }
    assert.same({ "2", "7" }, ids_of(contact_v1.records_by_id(merged, { ids = { "1", "2" } })))
  end)
end)

describe("v1's fields", function()
  local function encode_of(fields, name, values)
    for _, field in ipairs(fields) do
      if field[1] == name then return field.encode(values[field.from], values) end
    end
  end

  it("ask for no history that nobody wants", function()
    assert.equal("value_only", encode_of(contact_v1.query, "propertyMode", {}))
    assert.equal("value_only", encode_of(contact_v1.query, "propertyMode", { with_history = false }))
    assert.equal("value_and_history", encode_of(contact_v1.query, "propertyMode", { with_history = true }))
    assert.equal("value_and_history", encode_of(contact_v1.query, "propertyMode", { with_history = { "a" } }))
  end)

  it("ask for the properties whose history is wanted, too", function()
    local function properties_of(values) return encode_of(contact_v1.query, "property", values) end
    assert.is_nil(properties_of {})
    assert.is_nil(properties_of { with_history = { "a" } })
    assert.same({ "b" }, properties_of { properties = { "b" }, with_history = true })
    assert.same({ "b", "a" }, properties_of { properties = { "b", "a" }, with_history = { "a", "b" } })
    assert.same({ "b", "a" }, properties_of { properties = { "b" }, with_history = { "a" } })
  end)

  it(
    "write properties as a list, in the order of their names",
    function()
      assert.equal(
        '[{"property":"a","value":"1"},{"property":"b","value":"2"}]',
        core.encode(contact_v1.property_list { b = "2", a = "1" })
      )
    end
  )
end)

describe("contact_v1.upserted", function()
  it(
    "tells the id and whether it is new",
    function() assert.same({ id = "4127", new = true }, contact_v1.upserted { vid = "4127", isNew = true }) end
  )
end)
