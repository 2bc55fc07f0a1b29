-- Searches to their end: past the ceiling of a query's records, with filters that leave no room, and with ids in the
-- order of texts. Single pages are in paging_search_spec.

local fixture = require "spec.support.fixture"
local hubspot = require "hubspot"
local portal = require "hubspot.sandbox"
local search_filters = require "hubspot.paging.search_filters"
local wire = require "spec.support.wire"

-- The client's ceiling and the sandbox's are lowered together: queries reach it after a tenth of the records.
local HUBSPOTS_CEILING, CEILING = search_filters.CEILING, 1000

local here = fixture.new {}
local server = here.server
local client

setup(function()
  client = here.clients.current
  search_filters.CEILING = CEILING
end)

teardown(function() search_filters.CEILING = HUBSPOTS_CEILING end)

local function reset(options)
  options.search_ceiling = CEILING
  server:reset(options)
end

-- The ids of an iterator, each of which has to be another one, and the error that it ends with.
local function read_all(iterator)
  local ids, seen = {}, {}
  local record, err = iterator:next()
  while record do
    assert.is_nil(seen[record.id], record.id)
    ids[#ids + 1], seen[record.id] = record.id, true
    record, err = iterator:next()
  end
  return ids, err
end

local function all_ids() return wire.ids(wire.collect(client.contacts:all())) end

local function sorted(ids)
  table.sort(ids, function(a, b) return tonumber(a) < tonumber(b) end)
  return ids
end

-- Groups of filters which every contact passes.
local function groups(...)
  local list = {}
  for index, count in ipairs { ... } do
    local filters = {}
    for number = 1, count do
      filters[number] = { propertyName = "createdate", operator = "GT", value = tostring(number) }
    end
    list[index] = { filters = filters }
  end
  return list
end

-- Reads in runs of `max`, each from the cursor of the last one. `between(run)` is called after each.
local function read_in_runs(open, max, between)
  local ids, cursor, run = {}, nil, 0
  repeat
    local iterator = open { max = max, cursor = cursor }
    for record in iterator do
      ids[#ids + 1] = record.id
    end
    cursor, run = iterator:cursor(), run + 1
    if between then between(run) end
  until not cursor
  return ids
end

describe("two and a half ceilings of contacts that were all changed at one time", function()
  it("come newest first, each once, to an end", function()
    reset { contacts = 2500, contacts_changed_at = 1795000000000 }
    local ids, err = read_all(client.contacts:recently_updated { properties = { "lastmodifieddate" } })
    assert.is_nil(err)
    assert.equal(2500, #ids)
  end)
end)

describe("more contacts than the ceiling", function()
  local COUNT = CEILING + 130

  setup(function() reset { contacts = COUNT } end)

  it("in an order of one's own come up to the ceiling and then an error, where pages don't end there", function()
    local ids, err = read_all(client.contacts:search("", { sort = "lastname", page_size = 170 }))
    assert.equal(CEILING, #ids)
    assert.truthy(tostring(err):find("search ends after 1000 records", 1, true))
    assert.truthy(tostring(err):find("without the option sort", 1, true))
  end)

  it("with filter groups at HubSpot's limit come up to the ceiling and then an error that says why", function()
    local ids, err = read_all(client.contacts:search("", { filter_groups = groups(6, 6, 6), page_size = 170 }))
    assert.equal(CEILING, #ids)
    assert.equal(400, err.status)
    assert.truthy(tostring(err):find("6 filters in a group and 18 in all", 1, true))
  end)

  it("with filter groups that have room for one filter more come all", function()
    local ids, err = read_all(client.contacts:search("", { filter_groups = groups(5, 5, 5) }))
    assert.is_nil(err)
    assert.equal(COUNT, #ids)
  end)
end)

describe("filter groups at HubSpot's limit", function()
  it("are paged through, also in runs from cursors", function()
    reset { contacts = 430 }
    local expected = all_ids()
    for _, filter_groups in ipairs { groups(6), groups(6, 6, 6), groups(4, 4, 4, 4, 2) } do
      assert.same(expected, (read_all(client.contacts:search("", { filter_groups = filter_groups, page_size = 100 }))))
      assert.same(
        wire.reversed(expected),
        (read_all(client.contacts:search("", { filter_groups = filter_groups, page_size = 100, order = "desc" })))
      )
      assert.same(
        expected,
        read_in_runs(function(options)
          options.filter_groups, options.page_size = filter_groups, 60
          return client.contacts:search("", options)
        end, 70)
      )
    end
  end)
end)

describe("a search whose ids come in the order of texts", function()
  -- Ids of four digits and of five.
  local COUNT = 700

  it("gives each record once", function()
    reset { contacts = COUNT, ids_sorted_as_texts = true }
    local expected = all_ids()
    for _, order in ipairs { "asc", "desc" } do
      for _, page_size in ipairs { 7, 50, 200 } do
        local ids, err = read_all(client.contacts:search("", { order = order, page_size = page_size }))
        assert.is_nil(err)
        assert.same(expected, sorted(ids))
      end
    end
    assert.same(
      expected,
      sorted(read_in_runs(function(options)
        options.page_size = 50
        return client.contacts:search("", options)
      end, 30))
    )
  end)

  it("gives each record of one time once", function()
    reset { contacts = COUNT, ids_sorted_as_texts = true, contacts_changed_at = 1795000000000 }
    assert.same(all_ids(), sorted((read_all(client.contacts:recently_updated { page_size = 50 }))))
  end)

  it("gives more records than the ceiling", function()
    reset { contacts = 1130, ids_sorted_as_texts = true }
    local ids, err = read_all(client.contacts:search "")
    assert.is_nil(err)
    assert.equal(1130, #ids)
  end)
end)

describe("records that go while a search is read", function()
  for name, filter_groups in pairs { ["by id"] = groups(1), ["by its cursor"] = groups(6) } do
    it("take no other one with them, " .. name, function()
      reset { contacts = 300 }
      local expected, gone = all_ids(), {}
      -- The first record of each run is deleted after it; so is one that was not reached.
      local read = {}
      local ids = read_in_runs(
        function(options)
          options.page_size, options.filter_groups = 20, filter_groups
          return client.contacts:search("", options)
        end,
        30,
        function(run)
          for _, index in ipairs { (run - 1) * 30 + 1, 290 + run } do
            if run <= 5 then
              assert(client.contacts:delete(expected[index]))
              gone[expected[index]] = index
            end
          end
        end
      )
      for _, id in ipairs(ids) do
        read[id] = (read[id] or 0) + 1
      end
      for index, id in ipairs(expected) do
        local wanted = gone[id] and index > 290 and 0 or 1
        assert.equal(wanted, read[id] or 0, ("record %d"):format(index))
      end
    end)
  end
end)

describe("a search of a portal that lives", function()
  it("gives those who were there throughout, in either order, whatever comes and goes between its pages", function()
    for _, order in ipairs { "asc", "desc" } do
      reset { contacts = 600 }
      local expected = all_ids()
      if order == "desc" then expected = wire.reversed(expected) end
      local gone, seen, count = {}, {}, 0
      local function delete(index)
        assert(client.contacts:delete(expected[index]))
        gone[expected[index]] = true
      end
      local iterator = client.contacts:search("", { order = order, page_size = 100 })
      for contact in iterator do
        assert.is_nil(seen[contact.id])
        seen[contact.id], count = true, count + 1
        if count == 100 then
          assert(client.contacts:create { lastname = "New" })
          delete(590)
        elseif count == 300 then
          for index = 1, 5 do
            delete(index)
          end
        end
      end
      for _, id in ipairs(expected) do
        assert.is_true(seen[id] or gone[id], id)
      end
    end
  end)
end)

describe("contacts that are changed while they are read, the latest change first", function()
  it("are given where they were or not at all, and the others once", function()
    reset { contacts = 120 }
    local expected = wire.ids(wire.collect(client.contacts:recently_updated()))
    local ids = read_in_runs(
      function(options)
        options.page_size = 40
        return client.contacts:recently_updated(options)
      end,
      15,
      function(run)
        -- The last one that was given and the one after the next two move to the top.
        for _, index in ipairs { run * 15, run * 15 + 3 } do
          if run <= 6 then assert(client.contacts:update(expected[index], { phone = tostring(run) })) end
        end
      end
    )
    local seen = {}
    for _, id in ipairs(ids) do
      assert.is_nil(seen[id])
      seen[id] = true
    end
    local moved_away = {}
    for run = 1, 6 do
      moved_away[expected[run * 15 + 3]] = true
    end
    for _, id in ipairs(expected) do
      if not moved_away[id] then assert.is_true(seen[id], id) end
    end
  end)
end)

describe("more contacts than the ceiling, without a socket,", function()
  local function in_memory(options)
    return hubspot.new { token = wire.TOKEN, transport = portal.new(options), limiter = false }
  end

  -- Counts the contacts of an iterator, each of which has to be another one.
  local function gives_all(iterator)
    local seen, count = {}, 0
    for contact in iterator do
      assert.is_nil(seen[contact.id])
      seen[contact.id] = true
      count = count + 1
    end
    return count
  end

  it("all come from a search", function()
    local one = in_memory { contacts = CEILING + 250, search_ceiling = CEILING }
    assert.equal(CEILING + 250, gives_all(one.contacts:search ""))
  end)

  it("all come newest first", function()
    local one = in_memory { contacts = CEILING + 250, search_ceiling = CEILING }
    assert.equal(CEILING + 250, gives_all(one.contacts:recently_created()))
    local last
    local count = 0
    for contact in one.contacts:recently_updated() do
      assert.is_true(not last or contact.updatedAt <= last)
      last, count = contact.updatedAt, count + 1
    end
    assert.equal(CEILING + 250, count)
  end)

  it("in an order of one's own end at HubSpot's 10,000 with an error that says so, and are not cut silently", function()
    search_filters.CEILING = HUBSPOTS_CEILING
    finally(function() search_filters.CEILING = CEILING end)
    local iterator = in_memory({ contacts = HUBSPOTS_CEILING + 250 }).contacts:search("", { sort = "lastname" })
    local count = 0
    local contact, err = iterator:next()
    while contact do
      count = count + 1
      contact, err = iterator:next()
    end
    assert.equal(10000, count)
    assert.truthy(tostring(err):find("10000", 1, true))
    assert.truthy(tostring(err):find("without the option sort", 1, true))
  end)
end)
