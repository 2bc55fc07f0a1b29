-- While a page is given out, the next one is in flight: over real sockets, on the loop of a plain script.

local fixture = require "spec.support.fixture"
local wire = require "spec.support.wire"

local here = fixture.new { start = { contacts = 30 } }
local server = here.server
local client, ids

setup(function()
  client = here.clients.current
  ids = wire.ids(wire.collect(client.contacts:all()))
end)

describe("reading ahead", function()
  it("has the next page in flight while a page is given out", function()
    local count = 0
    local counting = wire.client(server, { on = { request = function() count = count + 1 end } })
    local iterator = counting.contacts:all { page_size = 10 }
    assert.equal(ids[1], iterator:next().id)
    assert.equal(2, count)
    for index = 2, 10 do
      assert.equal(ids[index], iterator:next().id)
    end
    assert.equal(2, count)
    assert.equal(ids[11], iterator:next().id)
    counting:close()
  end)

  it("costs who stops at the first item one request more, even if it fails", function()
    for page_size, fault in pairs { [7] = false, [8] = "status" } do
      local iterator = client.contacts:all { page_size = page_size }
      if fault then server:fault { kind = fault, status = 503, times = 100, after = 1 } end
      assert.equal(ids[1], iterator:next().id)
      iterator = nil -- luacheck: ignore 311
      collectgarbage()
      -- Other calls of the client drive the transfers in flight.
      server:clear_faults()
      for index = 1, 3 do
        assert(client.contacts:get(ids[index]))
      end
      -- Prefetches of other iterators may still arrive.
      local pages = 0
      for _, request in ipairs(server:requests()) do
        if (request.query or ""):find("limit=" .. page_size, 1, true) then pages = pages + 1 end
      end
      assert.is_true(pages >= 1 and pages <= 2, tostring(pages))
    end
  end)

  it("asks for nothing where max is reached with the page", function()
    local count = 0
    local counting = wire.client(server, { on = { request = function() count = count + 1 end } })
    assert.equal(10, #wire.collect(counting.contacts:all { page_size = 10, max = 10 }))
    assert.equal(1, count)
    local iterator = counting.contacts:all { page_size = 10, max = 3 }
    assert.equal(ids[1], iterator:next().id)
    assert.equal(2, count)
    counting:close()
  end)

  it("requests a page again whose prefetch failed", function()
    for _, kind in ipairs { "status", "reset", "cut", "garbage", "rate_limit" } do
      server:fault { kind = kind, status = 502, after = 1, times = 1, retry_after = 0 }
      assert.same(ids, wire.ids(wire.collect(client.contacts:all { page_size = 10, retry = false })))
    end
  end)

  it("is not asked for by a call that is closed meanwhile", function()
    server:fault { kind = "hang", after = 1 }
    local other = wire.client(server)
    local iterator = other.contacts:all { page_size = 10 }
    assert.equal(ids[1], iterator:next().id)
    other:close()
    for index = 2, 10 do
      assert.equal(ids[index], iterator:next().id)
    end
    local item, err = iterator:next()
    assert.is_nil(item)
    assert.equal("cancelled", err.kind)
  end)
end)

describe("an iterator that tasks share", function()
  it("gives each item to one of them", function()
    local iterator, seen = client.contacts:all { page_size = 3 }, {}
    local _, errors = client:map({ 1, 2, 3, 4, 5 }, function()
      while true do
        local contact, err = iterator:next()
        if err then return nil, err end
        if not contact then return true end
        seen[#seen + 1] = contact.id
        assert(client.contacts:get(contact.id))
      end
    end)
    assert.same({}, errors)
    table.sort(seen, function(a, b) return tonumber(a) < tonumber(b) end)
    assert.same(ids, seen)
  end)

  it("continues when one of them throws while it turns the page", function()
    local broken = true
    local throwing = wire.client(server, {
      on = {
        response = function(event)
          if broken and event.operation == "contacts:all" then
            broken = false
            error("broken hook", 0)
          end
        end,
      },
    })
    local iterator, count = throwing.contacts:all { page_size = 10 }, 0
    local _, errors = throwing:map({ 1, 2 }, function()
      while true do
        local contact, err = iterator:next()
        if err then return nil, err end
        if not contact then return true end
        count = count + 1
      end
    end)
    assert.equal("broken hook", errors[1] or errors[2])
    assert.equal(30, count)
    throwing:close()
  end)
end)
