local core = require "hubspot.core"
local timeline = require "hubspot.shape.timeline"

local NOW, NOW_ISO = 1764000000000, "2025-11-24T16:00:00.000Z"

local function decode(json) return assert(core.decode(json)) end

describe("timeline.event_type", function()
  it("has one shape, however the generations spell it", function()
    local v1 = decode [[{"id":74,"name":"Webinar","headerTemplate":null,"detailTemplate":"D","objectType":"CONTACT",
      "applicationId":6543}]]
    local v3 = decode [[{"id":"74","name":"Webinar","detailTemplate":"D","objectType":"contacts","tokens":[],
      "createdAt":"2025-11-24T16:00:00.000Z"}]]
    local expected = { id = "74", name = "Webinar", detailTemplate = "D", objectType = "contacts" }
    assert.same(expected, timeline.event_type(v1))
    assert.same(expected, timeline.event_type(v3))
    assert.same({ expected }, timeline.v1_event_types { v1 })
    assert.same({ expected }, timeline.event_types { results = { v3 } })
  end)

  it("keeps a type of object that is not known, and does without one", function()
    assert.equal("LEAD", timeline.event_type({ id = 1, objectType = "LEAD" }).objectType)
    assert.is_nil(timeline.event_type({ id = 1 }).objectType)
  end)

  it("is a list where the answer has none", function()
    assert.same({}, timeline.v1_event_types {})
    assert.same({}, timeline.event_types {})
  end)
end)

describe("timeline.changed_template", function()
  local template = decode [[{"id":"74","name":"Webinar","headerTemplate":"H","detailTemplate":"D",
    "objectType":"CONTACT","createdAt":"2025-11-24T16:00:00.000Z","tokens":[
    {"name":"size","label":"Size","type":"enumeration","options":[{"label":"Large","value":"large"}],
     "createdAt":"2025-11-24T16:00:00.000Z"},
    {"name":"title","label":"Title","type":"string","objectPropertyName":"jobtitle"}]}]]

  it("is the whole template, with what is to be different", function()
    local tokens = '"tokens":[{"label":"Size","name":"size","options":[{"label":"Large","value":"large"}],'
      .. '"type":"enumeration"},{"label":"Title","name":"title","objectPropertyName":"jobtitle","type":"string"}]'
    assert.equal(
      '{"detailTemplate":"D","headerTemplate":"","id":"74","name":"Webinar",' .. tokens .. "}",
      core.encode(timeline.changed_template(template, { headerTemplate = "" }))
    )
    assert.equal(
      '{"detailTemplate":"E","headerTemplate":"H","id":"74","name":"New",' .. tokens .. "}",
      core.encode(timeline.changed_template(template, { name = "New", detailTemplate = "E" }))
    )
  end)

  it("has the tokens also where there are none, and empty options as a list", function()
    assert.equal(
      '{"id":"74","name":"W","tokens":[]}',
      core.encode(timeline.changed_template({ id = "74", name = "W" }, {}))
    )
    assert.equal(
      '{"id":"74","name":"W","tokens":[{"name":"a","options":[]}]}',
      core.encode(timeline.changed_template(decode '{"id":"74","name":"W","tokens":[{"name":"a","options":[]}]}', {}))
    )
  end)
end)

describe("timeline.v1_property and timeline.token", function()
  it("have one shape", function()
    local v1 = decode [[[{"id":4,"eventTypeId":260,"name":"size","label":"Size","propertyType":"Enumeration",
      "options":[{"propertyId":4,"label":"Large","value":"large"}],"objectProperty":"company_size"},
      {"id":5,"name":"seats","label":"Seats","propertyType":"Numeric","options":null},
      {"id":6,"name":"title","label":"Title","propertyType":"String","options":[]},
      {"id":7,"name":"start","label":"Start","propertyType":"Date"},
      {"id":8,"name":"odd","label":"Odd","propertyType":"Odd"}]
    ]]
    local options = { { label = "Large", value = "large" } }
    local expected = {
      {
        id = "4",
        name = "size",
        label = "Size",
        type = "enumeration",
        options = options,
        objectPropertyName = "company_size",
      },
      { id = "5", name = "seats", label = "Seats", type = "number" },
      { id = "6", name = "title", label = "Title", type = "string" },
      { id = "7", name = "start", label = "Start", type = "date" },
      { id = "8", name = "odd", label = "Odd", type = "Odd" },
    }
    assert.same(expected, timeline.v1_properties(v1))
    local template = decode [[{"tokens":[{"name":"size","label":"Size","type":"enumeration",
      "options":[{"label":"Large","value":"large","displayOrder":1}],"objectPropertyName":"company_size"},
      {"name":"seats","label":"Seats","type":"number","options":[]}]}]]
    expected[1].id, expected[2].id = "size", "seats"
    assert.same({ expected[1], expected[2] }, timeline.tokens(template))
    assert.same({}, timeline.tokens {})
  end)

  it("give an enumeration a list of options also where HubSpot leaves it out", function()
    assert.same({}, timeline.token({ name = "size", type = "enumeration" }).options)
    assert.same({}, timeline.v1_property({ id = 4, propertyType = "Enumeration" }).options)
  end)
end)

describe("the bodies of properties", function()
  local definition = {
    id = "4",
    name = "size",
    label = "Size",
    type = "enumeration",
    options = { { label = "Large", value = "large" } },
    objectPropertyName = "company_size",
  }

  it("are spelled as v1 and v3 want them", function()
    assert.equal(
      '{"label":"Size","name":"size","objectProperty":"company_size","options":[{"label":"Large",'
        .. '"value":"large"}],"propertyType":"Enumeration"}',
      core.encode(timeline.v1_property_body(definition))
    )
    assert.equal(
      '{"eventTypeId":260,"id":4,"label":"Size","name":"size","objectProperty":"company_size","options":'
        .. '[{"label":"Large","value":"large"}],"propertyType":"Enumeration"}',
      core.encode(timeline.v1_changed_property_body(definition, { type_id = "260" }))
    )
    assert.equal(
      '{"label":"Size","name":"size","objectPropertyName":"company_size","options":[{"label":"Large",'
        .. '"value":"large"}],"type":"enumeration"}',
      core.encode(timeline.token_body(definition))
    )
    assert.equal(
      '{"label":"Size","objectPropertyName":"company_size","options":[{"label":"Large","value":"large"}]}',
      core.encode(timeline.changed_token_body(definition))
    )
    assert.equal('{"label":"Size","options":[]}', core.encode(timeline.changed_token_body { label = "Size" }))
  end)
end)

describe("an event on the wire", function()
  it("carries ids that are too large to be exact as texts", function()
    local huge = "9007199254740993"
    assert.equal(
      ('{"eventTypeId":"%s","id":"1","objectId":"%s"}'):format(huge, huge),
      core.encode(timeline.v1_event { id = "1", eventTypeId = huge, objectId = huge })
    )
    assert.equal(
      ('{"eventTemplateId":"%s","id":"1","objectId":"%s","tokens":{}}'):format(huge, huge),
      core.encode(timeline.v3_event { id = "1", eventTypeId = huge, objectId = huge })
    )
  end)

  it("leaves the caller's frame as it is", function()
    local frame = { iframeLabel = "L", iframeUri = "U", linkLabel = "K" }
    local event = { id = "1", eventTypeId = "260", timelineIFrame = frame }
    timeline.v1_event(event)
    timeline.v3_event(event)
    timeline.dated_event(event)
    assert.same({ iframeLabel = "L", iframeUri = "U", linkLabel = "K" }, frame)
  end)
end)

describe("an event's record", function()
  local FRAME = { linkLabel = "K", headerLabel = "L", url = "U", width = 1, height = 2 }

  it("has one shape, however the generations spell it", function()
    local v1 = timeline.v1_event_record(decode [[{"id":"3","applicationId":6543,"portalId":99001,"eventTypeId":123,
      "objectType":"CONTACT","objectId":1,"extraData":null,"timestamp":1764000000000,"seats":"3","title":"Chair",
      "timelineIFrame":{"linkLabel":"K","iframeLabel":"L","iframeUri":"U","width":1,"height":2}}]])
    local v3 = timeline.v3_event_record(decode [[{"id":"3","eventTemplateId":"123","objectType":"CONTACT",
      "objectId":"1","timestamp":"2025-11-24T16:00:00.000Z","tokens":{"seats":"3","title":"Chair"},
      "timelineIFrame":{"linkLabel":"K","headerLabel":"L","url":"U","width":1,"height":2}}]])
    local expected = {
      id = "3",
      eventTypeId = "123",
      objectType = "contacts",
      objectId = "1",
      timestamp = NOW_ISO,
      properties = { seats = "3", title = "Chair" },
      timelineIFrame = FRAME,
    }
    assert.same(expected, v1)
    assert.same(expected, v3)
    expected.eventTypeId, expected.eventTypeName = nil, "pe1_x"
    assert.same(
      expected,
      timeline.dated_event_record(decode [[{"id":"3","eventTypeName":"pe1_x","objectType":"CONTACT",
      "objectId":"1","timestamp":"2025-11-24T16:00:00.000Z","properties":{"seats":"3","title":"Chair"},
      "timelineIFrame":{"linkLabel":"K","headerLabel":"L","url":"U","width":1,"height":2}}]])
    )
  end)

  it("has ids as texts, and whose event it is", function()
    assert.same(
      { id = "3", eventTypeId = "123", objectId = "1", email = "ada@example.org", utk = "u", properties = {} },
      timeline.v1_event_record { id = 3, eventTypeId = 123, objectId = 1, email = "ada@example.org", utk = "u" }
    )
    assert.same(
      {
        id = "3",
        eventTypeId = "123",
        objectId = "1",
        email = "ada@example.org",
        utk = "u",
        domain = "d",
        properties = {},
      },
      timeline.v3_event_record {
        id = 3,
        eventTemplateId = 123,
        objectId = 1,
        email = "ada@example.org",
        utk = "u",
        domain = "d",
      }
    )
  end)

  it("has properties also where the answer has none", function()
    assert.same({}, timeline.v1_event_record({ id = "3" }).properties)
    assert.same({}, timeline.v3_event_record({ id = "3" }).properties)
    assert.same({}, timeline.dated_event_record({ id = "3" }).properties)
  end)

  it("is made of the event where HubSpot answers none", function()
    local event = {
      id = "3",
      eventTypeId = "123",
      timestamp = NOW,
      properties = { a = "b" },
      timelineIFrame = { linkLabel = "K", iframeLabel = "L", iframeUri = "U", width = 1, height = 2 },
    }
    assert.same(
      { id = "3", eventTypeId = "123", timestamp = NOW_ISO, properties = { a = "b" }, timelineIFrame = FRAME },
      timeline.accepted_event(event)
    )
    assert.equal(NOW, event.timestamp)
    assert.same({ id = "3" }, timeline.accepted_event { id = "3" })
    assert.not_equal(event.properties, timeline.accepted_event(event).properties)
  end)
end)

describe("timeline.v1_own_field", function()
  it("names what v1 can't tell from an event's own fields", function()
    assert.equal("email", timeline.v1_own_field { size = "x", utk = "u", email = "x" })
    assert.is_nil(timeline.v1_own_field { size = "x", emails = "x" })
    assert.is_nil(timeline.v1_own_field {})
    assert.is_nil(timeline.v1_own_field(nil))
  end)
end)
