-- A host may drop coroutines that read in the background, as nginx does with those of an aborted request: a coroutine
-- that waits for them is resumed after the call's deadline.

local plain = require "hubspot.loop.plain"
local sandbox = require "spec.support.sandbox"
local wire = require "spec.support.wire"

local server, loop, client, ids, dropping

setup(function()
  server = sandbox.start { contacts = 30 }
  loop = plain.new()
  local spawn = loop.spawn
  function loop:spawn(body, ended)
    if not dropping then return spawn(self, body, ended) end
  end
  client = wire.client(server, { loop = loop, deadline = 0.2 })
  ids = wire.ids(wire.collect(client.contacts:all()))
end)

before_each(function() dropping = true end)

teardown(function()
  client:close()
  server:stop()
end)

describe("when background tasks are dropped", function()
  it(
    "an iterator reads its pages itself",
    function() assert.same(ids, wire.ids(wire.collect(client.contacts:all { page_size = 10 }))) end
  )

  it("a list gives its contacts", function()
    dropping = false
    local list = assert(client.lists:create { name = "some", processingType = "MANUAL" })
    assert(client.lists:add(list.listId, { ids = ids }))
    dropping = true
    assert.same(ids, wire.ids(wire.collect(client.lists:contacts(list.listId, { page_size = 10 }))))
  end)

  it("a scan gives an error, and resumes when it is asked again", function()
    local iterator, got = client.contacts:all { parallel = 4, page_size = 10 }, {}
    local item, err = iterator:next()
    assert.is_nil(item)
    assert.equal("timeout", err.kind)
    dropping = false
    for contact in iterator do
      got[#got + 1] = contact.id
    end
    table.sort(got, function(a, b) return tonumber(a) < tonumber(b) end)
    assert.same(ids, got)
  end)

  it("a read that went into a batch gives an error", function()
    local contact, err = client.contacts:get(ids[1], { coalesce = true })
    assert.is_nil(contact)
    assert.equal("timeout", err.kind)
  end)
end)
