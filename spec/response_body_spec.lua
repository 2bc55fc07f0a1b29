-- Bodies of answers: short ones are texts at once, longer ones stay with their transfer until they are decoded or asked
-- for.

local core = require "hubspot.core"
local engine_fixture = require "spec.support.engine_fixture"
local hubspot = require "hubspot"

local exchange, new_engine, serve = engine_fixture.exchange, engine_fixture.new_engine, engine_fixture.serve

-- The longest body that is a text at once.
local SHORT = 4096

local function answering(body)
  return serve(([[
    local client = ...
    while client:request() do
      client:answer(%q)
    end
  ]]):format(body))
end

-- An answer from the engine, without the fixture's look at its body.
local function answer_of(body)
  local engine, server = new_engine(), answering(body)
  local transfer = assert(engine:add(engine_fixture.request(server.url)))
  engine_fixture.step_until(engine, function() return transfer:done() end)
  return transfer:response(), transfer
end

local function padded(length) return ('{"a":[],"b":null,"c":"%s"}'):format(("x"):rep(length - 24)) end

describe("the body of an answer", function()
  engine_fixture.close_after_each()

  it("is a text where it is short", function()
    for _, length in ipairs { 0, 1, SHORT - 1, SHORT } do
      local answer, transfer = answer_of(("x"):rep(length))
      assert.equal(length, #answer.body)
      assert.is_nil(answer.content)
      for _, method in ipairs { "text", "decode", "drop" } do
        assert.has_error(function() transfer[method](transfer) end)
      end
    end
  end)

  it("stays with its transfer where it is longer", function()
    for _, length in ipairs { SHORT + 1, 100000 } do
      local text = padded(length)
      local answer, transfer = answer_of(text)
      assert.is_nil(answer.body)
      assert.equal(transfer, answer.content)
      assert.is_true(transfer:text() == text)
      assert.same(core.decode(text), transfer:decode())
      assert.same(core.decode(text, true), transfer:decode(true))
      assert.equal(getmetatable(core.array()), getmetatable(transfer:decode().a))
      transfer:drop()
      for _, method in ipairs { "text", "decode", "drop" } do
        assert.has_error(function() transfer[method](transfer) end)
      end
    end
  end)

  it("is refused as core.decode refuses it", function()
    local whole = padded(SHORT + 100)
    for _, text in ipairs {
      whole:sub(1, -2),
      whole .. "x",
      whole:gsub(":", "\0", 1),
      ("["):rep(SHORT + 1),
      ("x"):rep(5000),
    } do
      local _, transfer = answer_of(text)
      local value, message = transfer:decode()
      assert.is_nil(value)
      assert.equal(select(2, core.decode(text)), message)
      assert.is_true(transfer:text() == text)
    end
  end)

  it("is there after the answer, and not before", function()
    local engine, server = new_engine(), answering(padded(5000))
    local transfer = assert(engine:add(engine_fixture.request(server.url)))
    for _, method in ipairs { "text", "decode", "drop" } do
      assert.has_error(function() transfer[method](transfer) end)
      assert.has_error(function() transfer[method]() end)
      assert.has_error(function() transfer[method](engine) end)
    end
    engine_fixture.finish(engine, transfer)
    assert.equal(5000, #transfer:text())
  end)

  it("outlives the engine, and all else that is collected while it is decoded", function()
    local answer = exchange(new_engine(), answering(padded(50000)).url)
    engine_fixture.forget_engines()
    local pause, multiplier = collectgarbage("setpause", 1), collectgarbage("setstepmul", 10000)
    for _ = 1, 20 do
      collectgarbage()
      assert.equal(50000 - 24, #answer.content:decode().c)
    end
    collectgarbage("setpause", pause)
    collectgarbage("setstepmul", multiplier)
  end)
end)

describe("a client", function()
  engine_fixture.close_after_each()

  -- A client of a server that gives this body, and a list of the responses that it gets.
  local function client_of(body)
    local client = hubspot.new { token = "x", base_url = answering(body).url, limiter = false }
    local send, responses = client.transport, {}
    client.transport = function(request)
      local response, problem = send(request)
      responses[#responses + 1] = response
      return response, problem
    end
    finally(function() client:close() end)
    return client, responses
  end

  local function record(id) return ('{"id":%s,"properties":{"note":"%s"}}'):format(id, ("n"):rep(5000)) end

  -- Checks that nothing is kept of the body of the only response.
  local function assert_dropped(responses)
    assert.equal(1, #responses)
    assert.is_nil(rawget(responses[1], "content"))
    assert.is_nil(responses[1].body)
  end

  it("drops the body of what it has decoded", function()
    local client, responses = client_of(record '"5"')
    assert.equal("5", assert(client.contacts:get(5)).id)
    assert_dropped(responses)
  end)

  it("drops it where the answer is wanted as HubSpot sent it", function()
    local client, responses = client_of(record "5")
    assert.equal(5, assert(client.contacts:get(5, { raw = true })).id)
    assert_dropped(responses)
  end)

  it("drops it after a request of the caller's", function()
    local client, responses = client_of(record "5")
    assert.equal(5, assert(client:request { method = "GET", path = "/x" }).id)
    assert_dropped(responses)
  end)

  it("gives it undecoded, byte for byte", function()
    local client = client_of(record "5")
    assert.equal(record "5", assert(client:request { method = "GET", path = "/x", undecoded = true }).body)
  end)

  it("does not mistake a field of a transport's own for it", function()
    local own = hubspot.new {
      token = "x",
      limiter = false,
      transport = function() return { status = 200, headers = {}, body = '{"id":"5","properties":{}}', content = "x" } end,
    }
    assert.equal("5", assert(own.contacts:get(5)).id)
  end)

  it("shows it in the error of an answer that can't be read", function()
    for _, body in ipairs { record "true", ("<html>"):rep(1000) } do
      local client = client_of(body)
      local found, err = client.contacts:get(5)
      assert.is_nil(found)
      assert.equal("decode", err.kind)
      assert.is_true(#err.body > 0 and body:sub(1, #err.body) == err.body)
    end
  end)
end)
