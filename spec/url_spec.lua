local core = require "hubspot.core"

local has_integers = rawget(math, "type") ~= nil

local function path(value) return core.path("/contacts/{id}", { id = value }) end

local function refuses(value, message)
  local result, name, problem = path(value)
  assert.is_nil(result)
  assert.equal("id", name)
  assert.equal(message, problem)
end

describe("core.escape", function()
  it("keeps the unreserved characters and encodes all others", function()
    local unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    assert.equal(unreserved, core.escape(unreserved))
    for c = 0, 255 do
      local char = string.char(c)
      if not unreserved:find(char, 1, true) then assert.equal(("%%%02X"):format(c), core.escape(char)) end
    end
    assert.equal("", core.escape "")
    assert.equal("a%2Bb%2Fc%23d%3Fe%25f%40x.com", core.escape "a+b/c#d?e%f@x.com")
    assert.equal(("%20"):rep(5000), core.escape((" "):rep(5000)))
  end)

  it("takes strings only", function()
    for _, value in ipairs { 1, true, {} } do
      assert.has_error(function() core.escape(value) end)
    end
    assert.has_error(function() core.escape() end)
  end)
end)

describe("core.path", function()
  it("fills in the values", function()
    assert.equal("/a/1/b/x/c", core.path("/a/{one}/b/{two_2}/c", { one = 1, two_2 = "x" }))
    assert.equal("/plain", core.path("/plain", {}))
    assert.equal("", core.path("", {}))
    assert.equal("ab", core.path("{x}{y}", { x = "a", y = "b" }))
    assert.equal("/11", core.path("/{x}{x}", { x = 1 }))
  end)

  it("encodes strings", function()
    assert.equal("/contacts/a%2Bb%2Fc%23d%3Fe%25f%40x.com", path "a+b/c#d?e%f@x.com")
    assert.equal("/contacts/a%0D%0Ab", path "a\r\nb")
    assert.equal("/contacts/a%00b", path "a\0b")
    assert.equal("/contacts/%00", path "\0")
    assert.equal("/contacts/.%00", path ".\0")
    assert.equal("/contacts/...", path "...")
    assert.equal("/contacts/..%2F..", path "../..")
    assert.equal("/contacts/%252e%252e", path "%2e%2e")
    assert.equal("/contacts/%7Bid%7D", path "{id}")
  end)

  it("refuses what would reach another route", function()
    refuses("", "must not be empty")
    refuses(".", 'must not be "." or ".."')
    refuses("..", 'must not be "." or ".."')
  end)

  it("writes integral numbers as integers", function()
    assert.equal("/contacts/4127", path(4127))
    assert.equal("/contacts/4127", path "4127")
    assert.equal("/contacts/4127", path(4127.0))
    assert.equal("/contacts/0", path(0))
    assert.equal("/contacts/0", path(-0.0))
    assert.equal("/contacts/100000000000000", path(1e14))
    assert.equal("/contacts/9007199254740991", path(2 ^ 53 - 1))
  end)

  it("refuses numbers that are no exact id", function()
    refuses(2 ^ 53, "is a number that can't be exact: pass it as a string")
    refuses(1e300, "is a number that can't be exact: pass it as a string")
    refuses(math.huge, "is a number that can't be exact: pass it as a string")
    refuses(0 / 0, "is a number that can't be exact: pass it as a string")
    refuses(1.5, "must be an integer, or be passed as a string")
    refuses(-1, "must not be negative")
    refuses(-1.5, "must not be negative")
    refuses(-math.huge, "must not be negative")
  end)

  if has_integers then
    it("takes every integer that isn't negative", function()
      assert.equal("/contacts/9007199254740993", path(9007199254740993))
      assert.equal("/contacts/9223372036854775807", path(9223372036854775807))
      refuses(-9223372036854775807, "must not be negative")
    end)
  end

  it("refuses other values, and names the placeholder", function()
    refuses({}, "must be a string or an integer, got table")
    refuses(true, "must be a string or an integer, got boolean")
    refuses(print, "must be a string or an integer, got function")
    refuses(core.null, "must be a string or an integer, got userdata")
    refuses(nil, "is missing")
    local result, name = core.path("/{a}/{b_c}", { a = 1 })
    assert.is_nil(result)
    assert.equal("b_c", name)
  end)

  it("throws at a malformed template", function()
    for _, template in ipairs { "/{", "/{id", "/{}", "/}", "/{a b}", "/{a{b}}", "/{id}}", "/\0{id}" } do
      assert.has_error(function() core.path(template, { id = 1, a = 1, b = 1 }) end)
    end
    assert.has_error(function() core.path "/{id}" end)
    assert.has_error(function() core.path(12, {}) end)
    assert.has_error(function() core.path("/{id}", "x") end)
  end)
end)

describe("core.query", function()
  it("writes names and values in their order", function()
    assert.equal("", core.query {})
    assert.equal("b=1&a=2&b=3", core.query { "b", 1, "a", 2, "b", 3 })
    assert.equal("q=a%20b%26c%3Dd&x%5B%5D=%C3%A9", core.query { "q", "a b&c=d", "x[]", "\195\169" })
    assert.equal("a=&b=x", core.query { "a", "", "b", "x" })
    assert.equal("a=true&b=false", core.query { "a", true, "b", false })
  end)

  it("writes numbers without surprises", function()
    assert.equal(
      "a=4127&b=0.1&c=-5&d=1" .. ("0"):rep(300) .. "&e=1463680000000",
      core.query {
        "a",
        4127.0,
        "b",
        0.1,
        "c",
        -5,
        "d",
        1e300,
        "e",
        1463680000000,
      }
    )
    if has_integers then assert.equal("a=9007199254740993", core.query { "a", 9007199254740993 }) end
  end)

  it("throws at other values, and names the parameter", function()
    assert.has_error(
      function() core.query { "count", {} } end,
      "query parameter 'count' must be a string, number or boolean, got table"
    )
    assert.has_error(
      function() core.query { "count" } end,
      "query parameter 'count' must be a string, number or boolean, got nil"
    )
    assert.has_error(function() core.query { "count", 0 / 0 } end, "query parameter 'count': not a finite number")
    assert.has_error(
      function() core.query { "count", 1, 2, 3 } end,
      "query parameter 2: the name must be a string, got number"
    )
    assert.has_error(function() core.query "x" end)
  end)
end)

describe("core.now", function()
  it("never goes back", function()
    local last = core.now()
    assert.equal("number", type(last))
    for _ = 1, 1000 do
      local now = core.now()
      assert.is_true(now >= last)
      last = now
    end
  end)
end)
