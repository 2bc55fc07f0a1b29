-- Secrets of a client: where they go, and where they never show.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local scripted = require "spec.support.scripted"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

local take = wire.take

local TOKEN = wire.TOKEN

local here = fixture.new { reset = { v1_lists = true } }
local server = here.server

local scripted_client, CONTACT = scripted.client, scripted.CONTACT

describe("a token function", function()
  it("is asked for each request", function()
    local count = 0
    local client, requests = scripted_client({ CONTACT }, {
      token = function()
        count = count + 1
        return "a-made-up-token-" .. count
      end,
    })
    assert(client.contacts:get(1))
    assert(client.contacts:get(1))
    assert.same(
      { "Bearer a-made-up-token-1", "Bearer a-made-up-token-2" },
      { requests[1].headers.authorization, requests[2].headers.authorization }
    )
  end)

  it("that has no token makes the call fail, and nothing is sent", function()
    local calls = 0
    local client = wire.client(server, {
      token = function()
        calls = calls + 1
        return nil, "the vault is sealed"
      end,
    })
    local contact, err = client.contacts:get(1)
    assert.is_nil(contact)
    assert.same({ "auth", "no token: the vault is sealed", 1 }, { err.kind, err.message, err.attempts })
    assert.equal(1, calls)
    assert.same({}, take(server))
  end)

  it("is asked again after a 401, once, in case that it has another token by now", function()
    server:reset { token = "the-new-token-of-today" }
    local tokens, asked = { "the-old-token-of-yesterday", "the-new-token-of-today" }, 0
    local client = wire.client(server, {
      token = function()
        asked = asked + 1
        return tokens[math.min(asked, #tokens)]
      end,
    })
    assert.equal(0, #wire.collect(client.contacts:all()))
    assert.equal(2, #take(server))
  end)

  it("is not asked for ever", function()
    server:reset { token = "some-other-token" }
    local asked = 0
    local client = wire.client(server, {
      token = function()
        asked = asked + 1
        assert(asked < 20, "it asks for ever")
        return "wrong-token-number-" .. asked
      end,
    })
    local contact, err = client.contacts:get(1)
    assert.is_nil(contact)
    assert.same({ 401, 2 }, { err.status, err.attempts })
    assert.equal(2, #take(server))
  end)

  it("that still has the same token is not worth another request", function()
    server:reset { token = "some-other-token" }
    local client = wire.client(server, { token = function() return TOKEN end })
    local contact, err = client.contacts:get(1)
    assert.is_nil(contact)
    assert.equal(401, err.status)
    assert.equal(1, #take(server))
  end)

  it("makes no second request for a token that is a string", function()
    server:fault { kind = "expired", times = 10 }
    local _, err = wire.client(server).contacts:get(1)
    assert.same({ "auth", 401, "EXPIRED_AUTHENTICATION" }, { err.kind, err.status, err.category })
    assert.equal(1, #take(server))
  end)

  it("may throw", function()
    local client = wire.client(server, { token = function() error("broken", 0) end })
    assert.has_error(function() client.contacts:get(1) end, "broken")
  end)
end)

-- Fails where a table that can be reached from the value, or its text, holds a part of the secret.
local function assert_hidden(value, secret, path, seen)
  path, seen = path or "value", seen or {}
  if type(value) == "string" then
    for first = 1, #secret - 11 do
      if value:find(secret:sub(first, first + 11), 1, true) then error(path .. " holds the token: " .. value) end
    end
    return
  end
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  assert_hidden(tostring(value), secret, "tostring(" .. path .. ")", seen)
  for key, item in next, value do
    assert_hidden(key, secret, path .. "<key>", seen)
    assert_hidden(item, secret, path .. "." .. tostring(key), seen)
  end
  assert_hidden(debug.getmetatable(value), secret, path .. "<metatable>", seen)
end

describe("a proxy's password", function()
  local PASSWORD = "hunter2-hunter2-p%40ss"

  it("is in nothing that a client holds, nor in an error", function()
    for _, scheme in ipairs { "http://", "socks5h://", "" } do
      for _, host in ipairs { "127.0.0.1:nonsense", "127.0.0.1:1", "no-such-proxy.invalid:3128" } do
        local client = wire.client(server, {
          proxy = scheme .. "user:" .. PASSWORD .. "@" .. host,
          allow_insecure = true,
          retry = false,
          connect_timeout = 1,
        })
        assert_hidden(client, PASSWORD)
        local _, err = client.contacts:get(1)
        assert.equal(false, err.sent)
        assert_hidden(err, PASSWORD)
        assert_hidden(client, PASSWORD)
        client:close()
      end
    end
  end)

  it("is in no error of a transport that quotes it", function()
    for _, spelling in ipairs {
      "http://user:" .. PASSWORD .. "@proxy.example",
      "user:" .. PASSWORD .. "@proxy.example",
      PASSWORD,
      "hunter2-hunter2-p@ss",
    } do
      local client = scripted_client(
        { { "the proxy did not take " .. spelling } },
        { proxy = "http://user:" .. PASSWORD .. "@proxy.example", retry = false }
      )
      local _, err = client.contacts:get(1)
      assert.truthy(err.message:find("did not take", 1, true))
      assert_hidden(err, PASSWORD)
      assert_hidden(err, "hunter2-hunter2-p@ss")
    end
    -- A short one is hidden where it stands in the URL.
    local client = scripted_client(
      { { "bad proxy u:pw@proxy.example" } },
      { proxy = "u:pw@proxy.example", retry = false }
    )
    local _, err = client.contacts:get(1)
    assert.equal("bad proxy [credentials]@proxy.example", err.message)
  end)

  it("is not shown where the option is wrong", function()
    local text = throws(
      "hubspot.new: proxy must be a URL",
      function() hubspot.new { token = TOKEN, proxy = "foo://user:" .. PASSWORD .. "@proxy.example" } end
    )
    assert_hidden(text, PASSWORD)
  end)
end)

describe("the token", function()
  local SECRET = "CPiB/h3jM+x=a.b~c%d-5fd5b1c4_0000"

  it("is in nothing that a client holds", function()
    local client = wire.client(server, { token = SECRET })
    assert_hidden(client, SECRET)
    client.contacts:create { firstname = "Ada" }
    local iterator = client.contacts:all()
    iterator:next()
    assert_hidden(client, SECRET)
    assert_hidden(iterator, SECRET)
    client:close()
    assert_hidden(client, SECRET)
  end)

  -- Each puts the token somewhere in an error that a server answers.
  local function echo(spelled)
    return {
      '{"message":"bad token ' .. spelled .. '"}',
      '{"message":"x","errors":[{"message":"y '
        .. spelled
        .. '","code":"'
        .. spelled
        .. '","in":"'
        .. spelled
        .. '","context":{"token":["'
        .. spelled
        .. '"],"deep":{"er":["'
        .. spelled
        .. '"]}}}]}',
      '{"category":"'
        .. spelled
        .. '","subCategory":"'
        .. spelled
        .. '","correlationId":"'
        .. spelled
        .. '","policyName":"'
        .. spelled
        .. '","status":"'
        .. spelled
        .. '"}',
      '{"validationResults":[{"message":"' .. spelled .. '","error":"' .. spelled .. '","name":"' .. spelled .. '"}]}',
      '{"message":"invalid: [{\\"message\\":\\"' .. spelled .. '\\",\\"name\\":\\"a\\"}]"}',
      "<html><title>Bearer " .. spelled .. "</title></html>",
      "Authorization: Bearer " .. spelled,
      -- Cut in its middle.
      ("x"):rep(4096 - 16) .. spelled,
      '{"message":"Contact already exists. Existing ID: 1 ' .. spelled .. '"}',
    }
  end

  for _, spelling in ipairs { { "as it is", SECRET }, { "as JSON may", (SECRET:gsub("/", "\\/")) } } do
    it("is in no error, hook or text where the server quotes it, spelled " .. spelling[1], function()
      local told = {}
      local function note(event) told[#told + 1] = event end
      local client = wire.client(server, {
        token = SECRET,
        on = { request = note, response = note, retry = note },
        retry = { max_attempts = 2, base_delay = 0.001 },
      })
      for _, body in ipairs(echo(spelling[2])) do
        for _, status in ipairs { 401, 409, 429, 500 } do
          server:clear_faults()
          server:fault { kind = "status", status = status, body = body, times = 2, retry_after = 0 }
          local contact, err = client.contacts:get(1)
          assert.is_nil(contact)
          assert.equal(status, err.status)
          assert_hidden(err, SECRET)
        end
        -- A success that is none.
        server:clear_faults()
        server:fault { kind = "status", status = 200, body = '"' .. body:gsub('"', "'") .. '"' }
        local contact, err = client.contacts:get(1)
        assert.is_nil(contact)
        assert.equal("decode", err.kind)
        assert_hidden(err, SECRET)
        server:fault { kind = "status", status = 200, body = body .. "]" }
        contact, err = client:request { method = "GET", path = "/a" }
        assert.is_nil(contact)
        assert.equal("decode", err.kind)
        assert_hidden(err, SECRET)
      end
      assert.is_true(#told > 100)
      assert_hidden(told, SECRET)
      assert_hidden(client, SECRET)
    end)
  end

  it("is in no error of many records", function()
    local client = wire.client(server, { token = SECRET })
    server:fault {
      kind = "status",
      status = 207,
      body = '{"results":[],"errors":[{"message":"no '
        .. SECRET
        .. '","category":"X","context":{"objectWriteTraceId":["1"],"token":["'
        .. SECRET
        .. '"]}}]}',
    }
    local outcome = assert(client.contacts:upsert_many { { email = "a@b.c", properties = { phone = "1" } } })
    assert.equal(1, #outcome.errors)
    assert_hidden(outcome, SECRET)
    server:fault { kind = "status", status = 207, body = '{"results":[],"errors":[{"message":"no ' .. SECRET .. '"}]}' }
    local contact, err = client.contacts:upsert("a@b.c", { phone = "1" })
    assert.is_nil(contact)
    assert_hidden(err, SECRET)
    server:fault {
      kind = "status",
      status = 200,
      body = '{"results":[],"errors":[{"message":"no ' .. SECRET .. '","category":"X"}]}',
    }
    contact, err = client.contacts:get_many { 1 }
    assert.is_nil(contact)
    assert_hidden(err, SECRET)
  end)

  it("is in no error of a transport that quotes the request", function()
    local client = hubspot.new {
      token = SECRET,
      limiter = false,
      retry = false,
      transport = function(request) return nil, "could not send " .. request.headers.authorization end,
    }
    local _, err = client.contacts:get(1)
    assert.truthy(err.message:find("could not send Bearer [token]", 1, true))
    assert_hidden(err, SECRET)
  end)

  it("that is no longer the latest is still hidden", function()
    local tokens, asked = { SECRET, "another-token-altogether" }, 0
    local client = hubspot.new {
      limiter = false,
      retry = false,
      token = function()
        asked = asked + 1
        return tokens[math.min(asked, 2)]
      end,
      transport = function(request)
        local quoted = request.headers.authorization
        -- Meanwhile another call gets another token.
        return { status = 401, headers = {}, body = '{"message":"bad ' .. quoted .. '"}' }
      end,
    }
    local _, err = client.contacts:get(1)
    assert_hidden(err, SECRET)
    assert_hidden(err, tokens[2])
  end)

  it("is in no message of misuse", function()
    local client = wire.client(server, { token = SECRET })
    for _, misuse in ipairs {
      function() client.contacts:get {} end,
      function() client.request {} end,
      function() client:request {} end,
      function() hubspot.new { token = SECRET .. "\n" } end,
      function() hubspot.new { token = SECRET, tokn = 1 } end,
    } do
      local _, message = pcall(misuse)
      assert_hidden(message, SECRET)
    end
  end)
end)
