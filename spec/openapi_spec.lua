local core = require "hubspot.core"
local openapi = require "spec.support.openapi"

local DOCUMENT = {
  paths = {
    ["/crm/things/2026-09-beta/{thingId}"] = {
      get = {
        responses = {
          ["200"] = { content = { ["application/json"] = { schema = { ["$ref"] = "#/components/schemas/Thing" } } } },
          ["204"] = {},
        },
      },
    },
    ["/crm/things/2026-09-beta/all"] = { get = { responses = { ["204"] = {} } } },
  },
  components = {
    schemas = {
      Error = { type = "object", required = { "message" }, properties = { message = { type = "string" } } },
      Kind = { type = "string", enum = { "A", "B" } },
      Thing = {
        type = "object",
        required = { "id", "at" },
        properties = {
          id = { type = "string" },
          at = { type = "string", format = "date-time" },
          count = { type = "integer" },
          kinds = { type = "array", items = { ["$ref"] = "#/components/schemas/Kind" } },
          names = { type = "object", additionalProperties = { type = "string" } },
          any = { oneOf = { { type = "string" }, { type = "boolean" } } },
        },
      },
    },
  },
}

describe("the check against OpenAPI files", function()
  local files = openapi.of_documents { DOCUMENT }

  local function complaints(status, body)
    local said = {}
    local operation = openapi.find(files, "GET", "/crm/things/2026-09/5")
    openapi.check(
      operation,
      { status = status, headers = { ["content-type"] = "application/json" }, body = body },
      function(place, problem) said[#said + 1] = place .. " " .. problem end
    )
    table.sort(said)
    return said
  end

  it("finds the operation of a path, the one with the most of its words", function()
    assert.equal("/crm/things/{D}/{thingId}", openapi.find(files, "GET", "/crm/things/2026-03/5").path)
    assert.equal("/crm/things/{D}/all", openapi.find(files, "GET", "/crm/things/2026-03/all").path)
    assert.is_nil(openapi.find(files, "POST", "/crm/things/2026-03/5"))
    assert.is_nil(openapi.find(files, "GET", "/crm/things/2026-03"))
    assert.is_nil(openapi.find(files, "GET", "/crm/things/v3/5"))
  end)

  it("takes what is right", function()
    local right = '{"id":"5","at":"2026-01-02T03:04:05.678Z","count":3,"kinds":["A"],"names":{"x":"y"},"any":true}'
    assert.same({}, complaints(200, right))
    assert.same({}, complaints(204, ""))
    assert.same({}, complaints(404, '{"message":"x"}'))
  end)

  for body, said in pairs {
    ['{"at":"2026-01-02T03:04:05Z"}'] = ".id is missing",
    ['{"id":5,"at":"2026-01-02T03:04:05Z"}'] = ".id is no string: 5",
    ['{"id":"5","at":"soon"}'] = ".at is no date-time: soon",
    ['{"id":null,"at":"2026-01-02T03:04:05Z"}'] = ".id is null",
    ['{"id":"5","at":"2026-01-02T03:04:05Z","count":1.5}'] = ".count is no integer: 1.5",
    ['{"id":"5","at":"2026-01-02T03:04:05Z","kinds":["C"]}'] = ".kinds[] is not of the enum: C",
    ['{"id":"5","at":"2026-01-02T03:04:05Z","kinds":{}}'] = ".kinds is {} and not []",
    ['{"id":"5","at":"2026-01-02T03:04:05Z","names":[]}'] = ".names is no object: []",
    ['{"id":"5","at":"2026-01-02T03:04:05Z","names":{"x":1}}'] = ".names.* is no string: 1",
    ['{"id":"5","at":"2026-01-02T03:04:05Z","any":1}'] = ".any is no string: 1",
    ['{"id":"5","at":"2026-01-02T03:04:05Z","more":1}'] = ".more is not in the file",
    ["no JSON"] = " is no JSON",
  } do
    it("finds that " .. body .. " is wrong", function() assert.same({ said }, complaints(200, body)) end)
  end

  it("finds a status, an error and a body that are not in the file", function()
    assert.same({ " has a status that is not in the file" }, complaints(201, "{}"))
    assert.same({ " has a body, and none in the file" }, complaints(204, "{}"))
    assert.same({ ".message is missing" }, complaints(404, core.encode {}))
  end)
end)
