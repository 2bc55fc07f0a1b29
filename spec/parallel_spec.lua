-- contacts:all with several pages at a time, over real sockets.

local fixture = require "spec.support.fixture"
local throws = require("spec.support.misuse").throws
local wire = require "spec.support.wire"

local CONTACTS = 400

local ids, fallbacks

local on = { fallback = function(event) fallbacks[#fallbacks + 1] = event end }
local here = fixture.new {
  start = { contacts = CONTACTS },
  clients = { current = { on = on }, v1 = { api_version = "v1", on = on } },
}
local server, clients = here.server, here.clients

setup(function() ids = wire.ids(wire.collect(clients.current.contacts:all())) end)
before_each(function() fallbacks = {} end)

local function sorted(list)
  table.sort(list, function(a, b) return tonumber(a) < tonumber(b) end)
  return list
end

for _, route in ipairs { "current", "v1" } do
  describe("contacts:all in parallel, on " .. route, function()
    it("gives each contact once", function()
      for _, ordered in ipairs { true, false } do
        local got =
          wire.ids(wire.collect(clients[route].contacts:all { parallel = 8, ordered = ordered, page_size = 10 }))
        assert.same(ids, ordered and got or sorted(got))
        assert.same({}, fallbacks)
      end
    end)

    it("reads several pages at a time", function()
      server:fault { kind = "slow", seconds = 0.05, times = 100000 }
      local under_way, most = 0, 0
      local client = wire.client(server, {
        api_version = route == "v1" and "v1" or nil,
        on = {
          request = function()
            under_way = under_way + 1
            most = math.max(most, under_way)
          end,
          response = function() under_way = under_way - 1 end,
        },
      })
      assert.equal(CONTACTS, #wire.collect(client.contacts:all { parallel = 5, page_size = 40 }))
      assert.equal(5, most)
      client:close()
    end)

    it("resumes from a cursor, in parallel or not, wherever it stopped", function()
      for _, stop in ipairs { 1, 9, 10, 133, CONTACTS - 1 } do
        for _, ordered in ipairs { true, false } do
          local iterator = clients[route].contacts:all { parallel = 4, ordered = ordered, page_size = 10 }
          local got = {}
          for _ = 1, stop do
            got[#got + 1] = assert(iterator:next()).id
          end
          local cursor = iterator:cursor()
          assert.is_true(#cursor < 600, tostring(#cursor))
          for _, parallel in ipairs { 1, 6 } do
            local all = {}
            for index, id in ipairs(got) do
              all[index] = id
            end
            for contact in clients[route].contacts:all { parallel = parallel, cursor = cursor, page_size = 10 } do
              all[#all + 1] = contact.id
            end
            assert.same(ids, sorted(all))
          end
        end
      end
    end)

    it("resumes in parallel from the cursor of one that was not", function()
      local iterator, got = clients[route].contacts:all { page_size = 10 }, {}
      for _ = 1, 20 do
        got[#got + 1] = assert(iterator:next()).id
      end
      for contact in clients[route].contacts:all { parallel = 4, page_size = 10, cursor = iterator:cursor() } do
        got[#got + 1] = contact.id
      end
      assert.same(ids, sorted(got))
    end)

    it("resumes from any cursor with any options of what comes with each record", function()
      local many = { "email" }
      for number = 1, 300 do
        many[#many + 1] = ("a_property_with_a_long_name_%03d"):format(number)
      end
      local open_with = {
        {},
        { properties = { "email" } },
        { parallel = 4 },
        { parallel = 4, properties = { "email" } },
        { parallel = 3, ordered = true, properties = { "email", "phone" } },
        { parallel = 8, properties = many },
        { properties = many },
      }
      for index, options in ipairs(open_with) do
        for step = 1, 3 do
          local got, cursor = {}, nil
          -- The middle of a page, its end, and its last record but one.
          for _, stop in ipairs { 37 + step, 60 - 37 - step + 99, math.huge } do
            local with = open_with[(index + step * #got) % #open_with + 1]
            local iterator = clients[route].contacts:all {
              page_size = 99,
              cursor = cursor,
              parallel = (cursor and with or options).parallel,
              ordered = (cursor and with or options).ordered,
              properties = (cursor and with or options).properties,
            }
            for contact in iterator do
              got[#got + 1] = contact.id
              stop = stop - 1
              if stop == 0 then break end
            end
            cursor = iterator:cursor()
          end
          assert.same(ids, sorted(got))
        end
      end
      assert.same({}, fallbacks)
    end)

    it("is shared by tasks", function()
      local iterator, got = clients[route].contacts:all { parallel = 4, page_size = 7 }, {}
      local _, errors = clients[route]:map({ 1, 2, 3 }, function()
        while true do
          local contact, err = iterator:next()
          if err then return nil, err end
          if not contact then return true end
          got[#got + 1] = contact.id
        end
      end)
      assert.same({}, errors)
      assert.same(ids, sorted(got))
    end)

    it("loses nothing to pages that fail", function()
      server:fault { kind = "status", status = 503, after = 3, times = 5 }
      server:fault { kind = "cut", after = 7, times = 2 }
      server:fault { kind = "rate_limit", after = 10, times = 2, retry_after = 0 }
      local got = wire.ids(wire.collect(clients[route].contacts:all { parallel = 8, page_size = 10 }))
      assert.same(ids, sorted(got))
      assert.same({}, fallbacks)
    end)

    it("gives an error of a page, and the page when it is asked again", function()
      server:fault { kind = "status", status = 500, after = 5, times = 4 }
      local iterator, got, failures = clients[route].contacts:all { parallel = 4, page_size = 10, retry = false }, {}, 0
      while true do
        local contact, err = iterator:next()
        if err then failures = failures + 1 end
        if not contact and not err then break end
        got[#got + 1] = contact and contact.id
      end
      assert.same(ids, sorted(got))
      assert.is_true(failures > 0 and failures <= 4)
    end)

    it("falls back to one cursor where rows are missing, says so, and gives them all", function()
      -- The page after the first one lacks its last row, by which HubSpot's cursor is another one than the last id.
      server:fault { kind = "drop_rows", after = 1, times = 1 }
      local got = wire.ids(wire.collect(clients[route].contacts:all { parallel = 4, page_size = 10 }))
      assert.same(ids, sorted(got))
      assert.equal(1, #fallbacks)
      assert.equal("contacts:all", fallbacks[1].operation)
      assert.truthy(fallbacks[1].reason:find("HubSpot's cursor after the record", 1, true), fallbacks[1].reason)
    end)

    it("counts by a search, and reads again what is missing", function()
      server:fault { kind = "drop_rows", indexes = { 4 }, after = 20, times = 1 }
      local got = wire.ids(wire.collect(clients[route].contacts:all { parallel = 4, page_size = 10 }))
      assert.same(ids, sorted(got))
      assert.same({}, fallbacks)
    end)

    it("ends when max is reached", function()
      local got = wire.ids(wire.collect(clients[route].contacts:all { parallel = 4, ordered = true, max = 25 }))
      assert.equal(25, #got)
      assert.equal(ids[25], got[25])
    end)
  end)
end

describe("contacts:all in parallel", function()
  it("gives an error when its client is closed", function()
    local client = here:new_client()
    local iterator = client.contacts:all { parallel = 4, page_size = 10 }
    assert(iterator:next())
    client:close()
    local item, err
    repeat
      item, err = iterator:next()
    until not item
    assert.equal("cancelled", err.kind)
  end)

  it("runs in tasks", function()
    local client = clients.current
    local results, errors = client:map(
      { 1, 2, 3 },
      function() return #wire.collect(client.contacts:all { parallel = 3, page_size = 40 }) end
    )
    assert.same({}, errors)
    assert.same({ CONTACTS, CONTACTS, CONTACTS }, results)
  end)

  it("refuses what does not go with it", function()
    throws(
      "contacts:all: options parallel and raw exclude each other",
      function() clients.current.contacts:all { parallel = 2, raw = true } end
    )
    throws(
      "contacts:all: parallel must be an integer from 1 to 100",
      function() clients.current.contacts:all { parallel = 0 } end
    )
  end)
end)
