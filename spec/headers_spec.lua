-- The fields of an answer's head, as text, as a table.

local core = require "hubspot.core"
local hubspot = require "hubspot"
local raw_server = require "spec.support.raw_server"

local function headers(text) return core.headers(text, 1, #text) end

describe("core.headers", function()
  it("gives values by names in lower case", function()
    assert.same(
      { ["content-type"] = "application/json", ["x-a"] = "1: 2" },
      headers "Content-Type: application/json\r\nX-A:1: 2\r\n\r\n"
    )
    assert.same({ a = "1", b = "2" }, headers "a: 1\nb: 2\n\n")
    assert.same({ a = "1" }, headers "a: 1")
    assert.same({}, headers "\r\n")
    assert.same({}, headers "")
  end)

  it("takes off what is around a value", function()
    assert.same({ a = "x y", b = "", c = "" }, headers "a: \t x y \t \r\nb: \r\nc:\r\n\r\n")
    assert.same({ a = "x", b = "y" }, headers "a:\0x\0\r\r\nb: \ry\r\n")
  end)

  it("joins those of one name", function()
    assert.same({ a = "1, 2, 3", b = "x" }, headers "A: 1\r\nb: x\r\na: 2\r\na: 3\r\n")
    assert.same({ a = ", 2" }, headers "a:\r\na: 2\r\n")
  end)

  it("joins folded lines", function()
    assert.same({ a = "one two three", b = "x" }, headers "a: one\r\n  two \r\n\tthree\r\nb: x\r\n")
    assert.same({ a = "two" }, headers "a:\r\n \r\n two\r\n \r\n")
    assert.same({ a = "1, 2 3" }, headers "a: 1\r\na: 2\r\n 3\r\n")
  end)

  it(
    "leaves out what is no field, with what is folded under it",
    function()
      assert.same({ a = "1" }, headers " before: x\r\nno field\r\n folded\r\n: nameless\r\na: 1\r\nneither\r\n too\r\n")
    end
  )

  it(
    "lets no CR and no NUL into a field",
    function() assert.same({ a = "one X-B: two", ["c d"] = "e f" }, headers "a: one\rX-B: two\r\nC\0D: e\0f\r\n") end
  )

  it("reads what is between two places", function()
    local text = "HTTP/1.1 200 OK\r\na: 1\r\n\r\nb: 2\r\n"
    assert.same({ a = "1" }, core.headers(text, 18, 25))
    assert.same({ b = "2" }, core.headers(text, 26, #text))
    assert.same({}, core.headers(text, 18, 17))
    assert.same({}, core.headers(text, #text + 1, #text))
  end)

  it("takes long and many fields", function()
    local name, value = ("N"):rep(5000), ("v"):rep(100000)
    assert.same({ [name:lower()] = value }, headers(name .. ": " .. value .. "\r\n"))
    local lines = {}
    for index = 1, 1000 do
      lines[index] = ("x-%d: %d\r\n"):format(index, index)
    end
    local many = headers(table.concat(lines))
    for index = 1, 1000 do
      assert.equal(tostring(index), many["x-" .. index])
    end
  end)

  it("joins many of one name without copying what was joined before", function()
    local count = 20000
    local text = ("a:x\n"):rep(count)
    collectgarbage()
    collectgarbage "stop"
    local before = collectgarbage "count"
    local joined = headers(text).a
    local used = collectgarbage "count" - before
    collectgarbage "restart"
    assert.equal("x" .. (", x"):rep(count - 1), joined)
    -- Copies of copies take hundreds of MB here.
    assert.is_true(used < 4096, used .. " KB")
  end)

  it("refuses other arguments", function()
    assert.has_error(function() core.headers() end)
    assert.has_error(function() core.headers({}, 1, 1) end)
    assert.has_error(function() core.headers(12, 1, 1) end)
    assert.has_error(function() core.headers "a: 1" end)
    assert.has_error(function() core.headers("a: 1", "x", 4) end)
    for _, places in ipairs { { 0, 4 }, { -1, 4 }, { 1, 5 }, { 3, 1 }, { 6, 5 }, { 1, -1 }, { 2 ^ 40, 2 ^ 41 } } do
      assert.has_error(function() core.headers("a: 1", places[1], places[2]) end)
    end
  end)
end)

describe("an answer over libcurl", function()
  local server

  after_each(function() server.stop() end)

  local HEAD = [[client:send "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"]]
  local ENDLESS = {
    ["headers"] = { [[client:send "HTTP/1.1 200 OK\r\n"]], "a: b\\r\\n" },
    ["interim answers"] = { "", "HTTP/1.1 100 Continue\\r\\n\\r\\n" },
    ["trailers"] = { HEAD, "a: b\\r\\n" },
  }
  for name, parts in pairs(ENDLESS) do
    it("is refused with endless " .. name, function()
      server = raw_server.start(([[
        local client = ...
        client:request()
        %s
        local piece = ("%s"):rep(500)
        while client:send(piece) do end]]):format(parts[1], parts[2]))
      local client = hubspot.new { token = "any-token", base_url = server.url, retry = false, limiter = false }
      local result, err = client.contacts:get "1"
      assert.is_nil(result)
      assert.equal("decode", err.kind)
      assert.matches("larger than the limit for headers %(262144%)", err.message)
      client:close()
    end)
  end
end)
