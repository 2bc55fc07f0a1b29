-- Values pass both ways unchanged: integers, empty arrays and objects, null, and text of every kind.

local cjson = require "cjson"
local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

local tointeger = math.tointeger -- luacheck: ignore 143

local here = fixture.new { reset = { v1_lists = true } }
local server = here.server
local current, v1

setup(function()
  current, v1 = here.clients.current, here.clients.v1
end)

local function body_sent()
  local requests = server:requests()
  server:clear_requests()
  return requests[#requests].body
end

local function answer_of(json)
  server:fault { kind = "status", status = 200, body = json }
  return assert(current:request { method = "GET", path = "/a" })
end

local function utf8_of(code)
  if code < 0x80 then return string.char(code) end
  local floor = math.floor
  if code < 0x800 then return string.char(0xC0 + floor(code / 0x40), 0x80 + code % 0x40) end
  if code < 0x10000 then
    return string.char(0xE0 + floor(code / 0x1000), 0x80 + floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
  end
  return string.char(
    0xF0 + floor(code / 0x40000),
    0x80 + floor(code / 0x1000) % 0x40,
    0x80 + floor(code / 0x40) % 0x40,
    0x80 + code % 0x40
  )
end

-- All code points from `first` to `last`; surrogates are none.
local function code_points(first, last)
  local parts = {}
  for code = first, last do
    if code < 0xD800 or code > 0xDFFF then parts[#parts + 1] = utf8_of(code) end
  end
  return table.concat(parts)
end

describe("numbers", function()
  if math.type then
    it("that are integers come as integers, where Lua has them", function()
      current.contacts:create { firstname = "Ada" }
      local answer = assert(current:request {
        method = "POST",
        path = "/crm/objects/2026-09/contacts/search",
        body = {
          limit = 1,
        },
      })
      assert.equal("integer", math.type(answer.total))
      assert.equal("integer", math.type(assert(current.lists:create { name = "L" }).size))
      assert.equal("integer", math.type(assert(v1.contacts:all():next()).addedAt))
      assert.equal("integer", math.type(assert(v1.lists:all():next()).size))
      local _, err = current.contacts:get(5)
      assert.equal("integer", math.type(err.status))
      assert.equal("integer", math.type(err.attempts))
      answer = answer_of '{"a":1,"b":1.0,"c":-0.0,"d":1e3,"e":1.5,"f":1e300,"g":[1,2.0]}'
      assert.same({ "integer", "integer", "integer", "integer", "float", "float", "integer", "integer" }, {
        math.type(answer.a),
        math.type(answer.b),
        math.type(answer.c),
        math.type(answer.d),
        math.type(answer.e),
        math.type(answer.f),
        math.type(answer.g[1]),
        math.type(answer.g[2]),
      })
    end)
  end

  if math.type then
    it("that are larger than a float is exact come and go as they are, where Lua has integers", function()
      local large = tointeger(2 ^ 53) + 1
      local answer = answer_of '{"a":9007199254740993,"b":[-9007199254740993],"c":9223372036854775807}'
      assert.same({ large, -large, math.maxinteger }, { answer.a, answer.b[1], answer.c }) -- luacheck: ignore 143
      current:request { method = "POST", path = "/a", body = { n = large, list = { -large } } }
      assert.equal('{"list":[-9007199254740993],"n":9007199254740993}', body_sent())
      current.contacts:create { firstname = large }
      assert.equal('{"properties":{"firstname":"9007199254740993"}}', body_sent())
    end)
  end

  it("are sent as the same numbers", function()
    for text, number in pairs {
      ["0"] = 0,
      ["-1"] = -1,
      ["4127"] = 4127.0,
      ["1000000000000000"] = 1e15,
      ["9007199254740991"] = 2 ^ 53 - 1,
      ["0.1"] = 0.1,
      ["-2.5"] = -2.5,
      ["0.30000000000000004"] = 0.1 + 0.2,
      ["3.141592653589793"] = math.pi,
    } do
      current:request { method = "POST", path = "/a", body = { n = number } }
      assert.equal('{"n":' .. text .. "}", body_sent())
      assert.equal(number, answer_of('{"n":' .. text .. "}").n)
    end
    for _, number in ipairs { 1e300, -1e-300, 2 ^ 60, 1 / 3 } do
      current:request { method = "POST", path = "/a", body = { n = number } }
      assert.equal(number, tonumber(body_sent():match '^{"n":(.*)}$'))
    end
  end)

  it("that there are none of are refused", function()
    for _, number in ipairs { 1 / 0, -1 / 0, 0 / 0 } do
      throws(
        "hubspot: client:request: body: n: ",
        function() current:request { method = "POST", path = "/a", body = { n = number } } end
      )
    end
  end)
end)

describe("arrays and objects", function()
  it("that are empty are sent as they are", function()
    local body = { a = hubspot.array(), b = {}, c = { hubspot.array {}, {} }, d = hubspot.array { 1 } }
    current:request { method = "POST", path = "/a", body = body }
    assert.equal('{"a":[],"b":{},"c":[[],{}],"d":[1]}', body_sent())
    current:request { method = "POST", path = "/a", body = hubspot.array() }
    assert.equal("[]", body_sent())
    current:request { method = "POST", path = "/a", body = {} }
    assert.equal("{}", body_sent())
  end)

  if cjson.empty_array_mt then
    it("that are marked by lua-cjson's own mark are sent as arrays, where it has one", function()
      current:request { method = "POST", path = "/a", body = { a = setmetatable({}, cjson.empty_array_mt) } }
      assert.equal('{"a":[]}', body_sent())
    end)
  end
end)

describe("null", function()
  it("is sent, and left out of the objects that come", function()
    current:request { method = "POST", path = "/a", body = { a = hubspot.null, b = { hubspot.null } } }
    assert.equal('{"a":null,"b":[null]}', body_sent())
    local answer = answer_of '{"a":null,"b":{"c":null},"d":[1,null,3],"e":false}'
    assert.same({ b = {}, d = { 1, hubspot.null, 3 }, e = false }, answer)
    for name in pairs(answer) do
      assert.not_equal("a", name)
    end
  end)

  it("is no key in a contact's properties", function()
    local id = assert(current.contacts:create { email = "ada@example.org" }).id
    local contact = assert(current.contacts:get(id, { properties = { "email", "phone", "company" } }))
    local names = {}
    for name in pairs(contact.properties) do
      names[#names + 1] = name
    end
    table.sort(names)
    assert.same({ "createdate", "email", "hs_object_id", "lastmodifieddate" }, names)
  end)
end)

describe("text", function()
  local texts = {
    ["NUL"] = "a\0b\0",
    ["every control character"] = code_points(1, 31) .. "\127",
    ["quotes and backslashes"] = [["'\/\\"\n\u0041]],
    ["what looks like JSON"] = '{"a":[1,null]}',
    ["what looks like a number"] = "007.50",
    ["spaces"] = " a b  c\t",
    ["what other encodings break at"] = "\195\169 \226\130\172 \240\159\152\128 \226\128\168\226\128\169 \239\187\191",
  }

  for name, text in pairs(texts) do
    it("of " .. name .. " comes back as it was sent, on both routes", function()
      local id = assert(current.contacts:create { firstname = text, lastname = "x" }).id
      assert.is_true(text == assert(current.contacts:get(id)).properties.firstname)
      assert.is_true(text == assert(v1.contacts:get(id)).properties.firstname)
      id = assert(v1.contacts:create { firstname = text, lastname = "x" }).id
      assert.is_true(text == assert(current.contacts:get(id)).properties.firstname)
      assert.is_true(text == assert(v1.contacts:get(id)).properties.firstname)
    end)
  end

  it("of every code point comes back as it was sent", function()
    -- As many at once as a property holds.
    local step = 0x10000
    for first = 0, 0x10FFFF, step do
      local text = code_points(first, first + step - 1)
      if text ~= "" then
        local writer, reader = current, v1
        if first % (2 * step) == 0 then
          writer, reader = v1, current
        end
        local id = assert(writer.contacts:create { firstname = text, lastname = "x" }).id
        assert.is_true(text == assert(reader.contacts:get(id)).properties.firstname, ("U+%X"):format(first))
      end
    end
  end)

  it("with each half of a surrogate pair comes and goes as it is", function()
    for code = 0xD800, 0xDFFF do
      local escape = ("\\u%04X"):format(code)
      local half = answer_of('{"text":"' .. escape .. '"}').text
      current:request { method = "POST", path = "/a", body = { text = half } }
      assert.equal('{"text":"' .. escape .. '"}', body_sent())
    end
    local high, low = "ab\237\160\189", "\237\184\128cd"
    for _, clients in ipairs { { current, v1 }, { v1, current } } do
      local writer, reader = clients[1], clients[2]
      local id = assert(writer.contacts:create { firstname = high, lastname = low }).id
      server:clear_requests()
      local read = assert(reader.contacts:get(id, { properties = { "firstname", "lastname" } })).properties
      assert.same({ high, low }, { read.firstname, read.lastname })
      assert(reader.contacts:update(id, { firstname = read.firstname, lastname = read.lastname }))
      assert.truthy(body_sent():find([[ab\uD83D]], 1, true))
      assert.equal(high, assert(writer.contacts:get(id)).properties.firstname)
    end
  end)

  it("that is no UTF-8 is refused, with its place", function()
    for _, bytes in ipairs {
      "\128",
      "\191",
      "\192\175",
      "\195",
      "\224\128\128",
      "\226\130",
      "\237\160",
      "\237\160\128\237\176\128",
      "\240\128",
      "\244\144\128\128",
      "\254",
      "\255",
    } do
      throws(
        "hubspot: contacts:create: properties.firstname: invalid UTF-8 at byte 3",
        function() current.contacts:create { firstname = "ab" .. bytes } end
      )
      throws(
        "hubspot: contacts:create: properties[1].value: invalid UTF-8 at byte 3",
        function() v1.contacts:create { firstname = "ab" .. bytes } end
      )
      throws(
        "hubspot: client:request: body: list[2].name: invalid UTF-8 at byte 1",
        function() current:request { method = "POST", path = "/a", body = { list = { {}, { name = bytes } } } } end
      )
    end
    assert.same({}, wire.take(server))
  end)
end)

describe("a query", function()
  it("is sent as it was given", function()
    current:request {
      method = "GET",
      path = "/a",
      query = {
        ["a b"] = "c&d=e+f%#/?",
        n = 2 ^ 53 - 1,
        x = 0.1,
        yes = true,
        no = false,
        empty = "",
        utf8 = "\195\169",
        list = { "b", "a", "b" },
      },
    }
    assert.same({
      "GET /a?a%20b=c%26d%3De%2Bf%25%23%2F%3F&empty=&list=b&list=a&list=b&n=9007199254740991&no=false"
        .. "&utf8=%C3%A9&x=0.1&yes=true",
    }, wire.take(server))
  end)
end)
