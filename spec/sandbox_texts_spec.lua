local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local portal = require "spec.support.portal"
local read = require "hubspot.sandbox.body"
local text = require "hubspot.sandbox.text"

describe("hubspot.sandbox.decimal", function()
  it("reads digits and a point, and nothing else", function()
    for given, expected in pairs {
      ["0"] = 0,
      ["-0.5"] = -0.5,
      [" +12.250 "] = 12.25,
      [".5"] = 0.5,
      ["7."] = 7,
      ["007"] = 7,
      ["123456789012345"] = 123456789012345,
    } do
      assert.equal(expected, decimal.parse(given))
    end
    for _, given in ipairs { "", ".", "-", "1e5", "1E-5", "0x10", "1,5", "inf", "nan", "1 2", ("1"):rep(400) } do
      assert.is_nil(decimal.parse(given))
    end
  end)

  it("writes what it reads again, without an exponent", function()
    for _, case in ipairs {
      { 5.55e-17, "0.0000000000000000555" },
      { 1e16, "10000000000000000" },
      { -1e-5, "-0.00001" },
      { 1.5e20, "150000000000000000000" },
      { 12.25, "12.25" },
      { 3, "3" },
      { 0.1, "0.1" },
    } do
      assert.equal(case[2], decimal.text(case[1]))
      assert.equal(case[1], decimal.parse(case[2]))
    end
  end)
end)

describe("hubspot.sandbox.text", function()
  it("trims both ends", function()
    for given, expected in pairs { [""] = "", ["  \t"] = "", [" a "] = "a", ["a  b"] = "a  b", ["a"] = "a" } do
      assert.equal(expected, text.trim(given))
    end
  end)

  it("counts characters", function()
    for given, expected in pairs {
      [""] = 0,
      ["a\0b"] = 3,
      ["\195\169"] = 1,
      ["\226\130\172x"] = 2,
      ["\240\159\152\128"] = 1,
      ["\237\160\189\237\160\189"] = 2,
    } do
      assert.equal(expected, text.characters(given))
    end
  end)

  it("knows what is UTF-8", function()
    for _, given in ipairs { "", "a\0", "\237\159\191", "\238\128\128", "\240\159\152\128" } do
      assert.is_true(text.is_utf8(given), given)
    end
    for _, given in ipairs { "\255", "a\195", "\237\160\128", "a\237\191\191", "\237\160\189\237\184\128" } do
      assert.is_false(text.is_utf8(given), given)
    end
  end)

  it("knows whether a wildcard fits", function()
    for wanted, cases in pairs {
      ["a*c"] = { ac = true, abc = true, ab = false, bac = false, acb = false },
      ["*b*"] = { b = true, abc = true, ac = false },
      ["a*a"] = { aa = true, a = false },
      ["a*b*b*c"] = { abbc = true, abc = false, axbxbxc = true },
      abc = { abc = true, abcd = false },
      ["*"] = { [""] = true, x = true },
    } do
      for given, expected in pairs(cases) do
        assert.equal(expected, text.wildcard(wanted)(given))
      end
    end
  end)
end)

-- Each of these takes hours where a pattern goes back over the text.
describe("a text that is made to take long", function()
  local LONG = 200000

  it("is refused or searched at once", function()
    local wire = portal.new {}
    wire.create { firstname = ("a"):rep(60000), email = "ada@example.org" }
    local found = wire.must("POST", "/crm/objects/2026-09/contacts/search", {
      filterGroups = {
        {
          filters = {
            {
              propertyName = "firstname",
              operator = "CONTAINS_TOKEN",
              value = ("a*"):rep(1000) .. "b",
            },
          },
        },
      },
    })
    assert.equal(0, found.total)
    for _, values in ipairs {
      { lead_score = ("1"):rep(LONG) .. "x" },
      { lead_score = (" "):rep(LONG) .. "x" },
      { email = "a" .. (" "):rep(LONG) .. "b" },
    } do
      assert.equal(400, (wire.call("POST", "/crm/objects/2026-09/contacts", { properties = values })))
    end
  end)
end)

describe("a number with an exponent", function()
  it("is refused as a value and in a filter, and right as JSON", function()
    local wire = portal.new {}
    local id = wire.create { firstname = "Ada" }
    local path = "/crm/objects/2026-09/contacts/" .. id
    for _, given in ipairs { "1e-05", "5.55e-17", "1E+16", "1e5" } do
      local status, body = wire.call("PATCH", path, { properties = { annualrevenue = given } })
      assert.same({ 400, "INVALID_LONG" }, { status, body.errors[1].code })
      assert.equal(400, (wire.call("POST", "/crm/objects/2026-09/contacts/search", {
        filterGroups = {
          {
            filters = {
              {
                propertyName = "annualrevenue",
                operator = "GT",
                value = given,
              },
            },
          },
        },
      })))
    end
    for given, stored in pairs { ["1e-05"] = "0.00001", ["1e+16"] = "10000000000000000", ["12.50"] = "12.5" } do
      wire.must("PATCH", path, '{"properties":{"annualrevenue":' .. given .. "}}")
      assert.equal(stored, wire.property(id, "annualrevenue"))
    end
  end)
end)

describe("hubspot.sandbox.body", function()
  local function refusal(run)
    local fine, thrown = pcall(run)
    assert.is_false(fine)
    return thrown.reply.status
  end

  it("reads whole numbers, as numbers and in digits", function()
    for _, case in ipairs {
      { 5, 5 },
      { "5", 5 },
      { "-5", -5 },
      { 5.5 },
      { "5.0" },
      { "1e2" },
      { "0x10" },
      { "" },
      { {} },
    } do
      assert.equal(case[2], read.integer(case[1]))
    end
    assert.same(
      { 7, 7, 3 },
      { read.count({}, "n", 7), read.count({ n = core.null }, "n", 7), read.count({ n = "3" }, "n") }
    )
    for _, value in ipairs { -1, "x", 1.5, true } do
      assert.equal(400, refusal(function() read.count({ n = value }, "n") end))
    end
  end)

  it("tells objects from arrays, empty ones too", function()
    local decoded = core.decode '[{},[],{"a":1},[1]]'
    assert.same({ true, false, true, false }, {
      read.is_object(decoded[1]),
      read.is_object(decoded[2]),
      read.is_object(decoded[3]),
      read.is_object(decoded[4]),
    })
    assert.same({ "x" }, read.texts({ list = core.array { "x" } }, "list"))
    for _, list in ipairs { "x", { a = 1 }, { 5 } } do
      assert.equal(400, refusal(function() read.texts({ list = list }, "list") end))
    end
    assert.equal(400, refusal(function() read.inputs({}, 2) end))
    assert.equal(400, refusal(function() read.inputs({ inputs = { 1, 2, 3 } }, 2) end))
    assert.equal(400, refusal(function() read.required_text({ name = " " }, "name") end))
  end)
end)
