-- The scan over made-up records, with tasks that take turns at random.

local id_set = require "hubspot.paging.id_set"
local scan = require "hubspot.paging.scan"
local virtual_loop = require "spec.support.virtual_loop"

local PAGE = 10

-- Random numbers that are the same on every Lua.
local function random_source(seed)
  local state = seed
  return function(limit)
    state = (state * 16807) % 2147483647
    return state % limit + 1
  end
end

local function ids_with_gaps(count, largest_gap, seed)
  local random, ids, id = random_source(seed), {}, 0
  for index = 1, count do
    id = id + random(largest_gap)
    ids[index] = id
  end
  return ids
end

local function text(number) return ("%.0f"):format(number) end

-- A store of records by id: `read` gives a page, a little later unless it `blocks`, and counts what is asked for.
local function new_store(ids, changes)
  local random = random_source(7)
  local store = { loop = virtual_loop.new(random), requests = 0, under_way = 0, most = 0, random = random }
  changes = changes or {}

  function store.page(after)
    local low, high = 1, #ids + 1
    while low < high do
      local middle = math.floor((low + high) / 2)
      if ids[middle] > after then
        high = middle
      else
        low = middle + 1
      end
    end
    local items = {}
    for index = low, math.min(low + PAGE - 1, #ids) do
      items[#items + 1] = { id = text(ids[index]) }
    end
    return items, ids[low + PAGE] and items[#items].id or nil
  end

  function store.read(after)
    store.requests = store.requests + 1
    store.under_way = store.under_way + 1
    store.most = math.max(store.most, store.under_way)
    if not changes.blocks then store.loop:sleep(store.random(3) / 10000) end
    store.under_way = store.under_way - 1
    local items, following = store.page(tonumber(after or 0) or 0)
    if changes.page then return changes.page(store, items, following, after) end
    return items, following
  end

  -- Gives a scan HubSpot's pages. `gone` are records that are not there any more when their details are read.
  function store.fetch(position)
    local items, following = store.read(position.after)
    if not items then return nil, following end
    local listed, present = { ids = {}, items = {} }, {}
    for index, item in ipairs(items) do
      local is_gone = changes.gone and changes.gone(tonumber(item.id))
      listed.ids[index], listed.items[index] = item.id, not is_gone and item
      if not is_gone then present[#present + 1] = item end
    end
    return { items = present, listed = listed, following = following and { after = following } }
  end

  function store.count(first, last)
    store.counts = (store.counts or 0) + 1
    local count = 0
    for _, id in ipairs(ids) do
      if id > first and id <= last then count = count + 1 end
    end
    if changes.count then return changes.count(count, first, last) end
    return count
  end

  function store.delete(id)
    for index, one in ipairs(ids) do
      if one == id then return table.remove(ids, index) end
    end
  end

  return store
end

local function scan_over(store, options)
  return scan.new {
    loop = store.loop,
    parallel = options.parallel or 4,
    ordered = options.ordered,
    page_size = PAGE,
    fetch = store.fetch,
    count = store.count,
    position_at = function(id) return { after = id } end,
    id_at = function(position) return position.after end,
    on_fallback = options.on_fallback,
    patience = 10,
  }
end

-- Reads everything; gives the ids as they came, and what was said of falling back.
local function read_all(store, options)
  local reasons, got, position = {}, {}, options.position or {}
  local fetch = scan_over(store, {
    parallel = options.parallel,
    ordered = options.ordered,
    on_fallback = function(reason) reasons[#reasons + 1] = reason end,
  })
  local failures = 0
  while position do
    local page = fetch(position)
    if not page then
      failures = failures + 1
      assert.is_true(failures < 1000)
    else
      for index, item in ipairs(page.items) do
        got[#got + 1] = tonumber(item.id)
        if options.stop_after == #got and index < #page.items and page.position_after then
          return got, reasons, page.position_after(index)
        end
      end
      position = page.following
      if (options.stop_after or math.huge) <= #got then return got, reasons, position end
    end
  end
  return got, reasons, nil, failures
end

local function sorted(list)
  local copy = {}
  for index, item in ipairs(list) do
    copy[index] = item
  end
  table.sort(copy)
  return copy
end

local function clusters()
  local ids = {}
  for _, start in ipairs { 1, 5000, 10000000, 99999999000 } do
    for offset = 0, 199 do
      ids[#ids + 1] = start + offset * (start > 6000 and 7 or 1)
    end
  end
  return ids
end

local DATA = {
  ["no record"] = {},
  ["one record"] = { 41 },
  ["one page"] = ids_with_gaps(PAGE, 3, 1),
  ["one page and one record"] = ids_with_gaps(PAGE + 1, 3, 1),
  ["ids without gaps"] = ids_with_gaps(1000, 1, 1),
  ["ids with gaps"] = ids_with_gaps(1000, 90, 2),
  ["ids with large gaps"] = ids_with_gaps(300, 1000000, 3),
  clusters = clusters(),
  ["ids that begin late"] = { 800000000001, 800000000002, 800000000009 },
}

describe("a scan", function()
  for name, ids in pairs(DATA) do
    for _, ordered in ipairs { true, false } do
      it(("gives each record once: %s, %s"):format(name, ordered and "in order" or "by part"), function()
        for _, parallel in ipairs { 1, 2, 8 } do
          local store = new_store(ids)
          local got, reasons = read_all(store, { parallel = parallel, ordered = ordered })
          assert.same(ids, ordered and got or sorted(got))
          assert.same({}, reasons)
          assert.is_true(store.most <= parallel)
        end
      end)
    end
  end

  it("reads side by side, and little twice", function()
    for _, largest_gap in ipairs { 1, 90 } do
      for _, ordered in ipairs { true, false } do
        local store = new_store(ids_with_gaps(5000, largest_gap, 5))
        read_all(store, { parallel = 8, ordered = ordered })
        assert.equal(8, store.most)
        -- 500 pages, and what is read twice where parts meet.
        local limit = largest_gap == 1 and (ordered and 545 or 530) or ordered and 620 or 560
        assert.is_true(store.requests <= limit, ("%d, %s: %d"):format(largest_gap, tostring(ordered), store.requests))
      end
    end
  end)

  it("goes over gaps, however large, in few steps", function()
    for _, ordered in ipairs { true, false } do
      local store = new_store(clusters())
      read_all(store, { parallel = 8, ordered = ordered })
      assert.is_true(store.requests <= 150, tostring(store.requests))
    end
  end)

  it("resumes from a position, wherever it stopped", function()
    for name, ids in pairs(DATA) do
      for _, ordered in ipairs { true, false } do
        for step = 1, math.max(1, #ids), 171 do
          local got, _, position = read_all(new_store(ids), { ordered = ordered, stop_after = step })
          local rest = position and read_all(new_store(ids), { ordered = ordered, position = position }) or {}
          for _, id in ipairs(rest) do
            got[#got + 1] = id
          end
          assert.same(ids, ordered and got or sorted(got), name)
        end
      end
    end
  end)

  it("asks again for a page that failed, and loses none", function()
    for _, ordered in ipairs { true, false } do
      local ids = DATA["ids with gaps"]
      local store = new_store(ids, {
        page = function(store, items, following)
          if store.random(4) == 1 then return nil, "no" end
          return items, following
        end,
      })
      local got, reasons, _, failures = read_all(store, { ordered = ordered })
      assert.same(ids, sorted(got))
      assert.same({}, reasons)
      assert.is_true(failures > 10)
    end
  end)

  it("throws what reading threw", function()
    local store = new_store(DATA["ids with gaps"], { page = function() error("broken", 0) end })
    assert.has_error(function() read_all(store, {}) end, "broken")
  end)

  it("throws what reading threw where nothing waits meanwhile, and can be asked again", function()
    local ids, is_broken = DATA["ids with gaps"], true
    local store = new_store(ids)
    store.read = function(after)
      if is_broken then error("broken", 0) end
      return store.page(tonumber(after or 0) or 0)
    end
    local fetch = scan_over(store, {})
    assert.has_error(function() fetch {} end, "broken")
    is_broken = false
    assert.is_true(#fetch({}).items > 0)
  end)
end)

describe("a scan whose check fails", function()
  -- Everything comes once all the same.
  local function falls_back(reason, ids, changes)
    for _, ordered in ipairs { true, false } do
      local store = new_store(ids, changes())
      local got, reasons = read_all(store, { ordered = ordered })
      assert.same(ids, sorted(got))
      assert.equal(1, #reasons)
      assert.truthy(reasons[1]:find(reason, 1, true), reasons[1])
    end
  end

  it("sees cursors that are no ids", function()
    local ids = DATA["ids with gaps"]
    falls_back("HubSpot's cursor after the record", ids, function()
      return {
        page = function(store, _, _, after)
          local place = after and tonumber(after:match "^x(%d+)$") or after and 0 or 0
          local items = {}
          for index = place + 1, math.min(place + PAGE, #ids) do
            items[#items + 1] = { id = text(ids[index]) }
          end
          return items, place + PAGE < #ids and "x" .. place + PAGE or nil, store
        end,
      }
    end)
  end)

  it("sees ids that do not rise", function()
    local ids = DATA["ids with gaps"]
    falls_back("came after", ids, function()
      return {
        page = function(_, items, following)
          if #items > 5 then
            items[3], items[4] = items[4], items[3]
          end
          return items, following
        end,
      }
    end)
  end)

  -- At an id which is no record's, pages begin two records too late, and come `seconds` later; at
  -- once where that is nil.
  local function late_pages(ids, seconds)
    local known = {}
    for _, id in ipairs(ids) do
      known[text(id)] = true
    end
    return {
      blocks = not seconds,
      page = function(store, items, following, after)
        if not after or known[after] then return items, following end
        if seconds then store.loop:sleep(seconds) end
        table.remove(items, 1)
        table.remove(items, 1)
        return items, following
      end,
    }
  end

  it("sees that an id which is no record's is no cursor", function()
    local ids = DATA["ids with gaps"]
    falls_back("where it was read from there", ids, function() return late_pages(ids, 0) end)
  end)

  it("resumes at no such id, wherever it stopped", function()
    local ids = DATA["ids with gaps"]
    -- The first part ends somewhere there, before anything is known of the second one.
    for stop = 30, 60 do
      local options = { ordered = true, stop_after = stop }
      local got, _, position = read_all(new_store(ids, late_pages(ids, 0.02)), options)
      local rest = read_all(new_store(ids, late_pages(ids)), { parallel = 1, ordered = true, position = position })
      for _, id in ipairs(rest) do
        got[#got + 1] = id
      end
      assert.same(ids, got, tostring(stop))
    end
  end)

  it("resumes at no such id, though it was one while a seam was looked at", function()
    for _, name in ipairs { "ids with gaps", "clusters" } do
      local ids = DATA[name]
      for _, ordered in ipairs { true, false } do
        for stop = 1, 160, 3 do
          local got, _, position = read_all(new_store(ids), { ordered = ordered, stop_after = stop })
          local rest = read_all(new_store(ids, late_pages(ids)), { parallel = 1, ordered = true, position = position })
          for _, id in ipairs(rest) do
            got[#got + 1] = id
          end
          assert.same(ids, sorted(got), ("%s, %d"):format(name, stop))
        end
      end
    end
  end)

  it("begins at no such id where the records before a range that is resumed are gone", function()
    local all = ids_with_gaps(60, 90, 2)
    local ids = {}
    for index, id in ipairs(all) do
      if index ~= 15 and index ~= 16 then ids[#ids + 1] = id end
    end
    local position = { ranges = { { after = text(all[10]), to = text(all[14]) }, { after = text(all[16]) } } }
    local got = read_all(new_store(ids, late_pages(all)), { parallel = 1, ordered = true, position = position })
    assert.same({ all[11], all[14], all[17], all[60] }, { got[1], got[4], got[5], got[#got] })
    assert.equal(48, #got)
  end)

  it("sees that there are far fewer records than a search counts", function()
    falls_back("1000 records were read, and a search counts 2000", DATA["ids without gaps"], function()
      return { count = function(count) return 2 * count end }
    end)
  end)

  it("takes ids that are no numbers, or too long, one page after the other", function()
    local list = {}
    for index = 1, 25 do
      list[index] = ("9007199254740993%03d"):format(index)
    end
    local reasons, got, position = {}, {}, {}
    local store = new_store({}, {
      page = function(_, _, _, after)
        local items = {}
        for _, id in ipairs(list) do
          if (not after or id > after) and #items < PAGE then items[#items + 1] = { id = id } end
        end
        local last = items[#items].id
        return items, last ~= list[#list] and last or nil
      end,
    })
    local fetch = scan_over(store, { on_fallback = function(reason) reasons[#reasons + 1] = reason end })
    while position do
      local page = fetch(position)
      position = page.following
      for _, item in ipairs(page.items) do
        got[#got + 1] = item.id
      end
    end
    assert.same(list, got)
    assert.equal(1, #reasons)
    assert.truthy(reasons[1]:find("is no number of at most 15 digits", 1, true))
  end)
end)

describe("a scan of records that are changed meanwhile", function()
  local function copy_of(list)
    local copy = {}
    for index, item in ipairs(list) do
      copy[index] = item
    end
    return copy
  end

  it("looks again where a search counts more, and gives what it did not read", function()
    for _, ordered in ipairs { true, false } do
      local hidden = { ["504"] = true, ["77"] = true, ["78"] = true }
      local ids = DATA["ids without gaps"]
      local store = new_store(ids, {
        page = function(_, items, following)
          for index = #items, 1, -1 do
            if hidden[items[index].id] and items[index + 1] then table.remove(items, index) end
          end
          return items, following
        end,
        count = function(count)
          hidden = {}
          return count
        end,
      })
      local got, reasons = read_all(store, { ordered = ordered })
      assert.same(ids, sorted(got))
      assert.same({}, reasons)
      assert.is_true(store.counts < 40 and store.requests < 200)
    end
  end)

  it("does not read everything again because a search still counts what is gone", function()
    local ids = DATA["ids without gaps"]
    local store = new_store(
      ids,
      { count = function(count, first, last) return count + (first < 300 and last >= 300 and 1 or 0) end }
    )
    local got, reasons = read_all(store, {})
    assert.same(ids, sorted(got))
    assert.same({}, reasons)
    assert.is_true(store.requests < 200)
  end)

  it("checks a seam again after which a record went, or came", function()
    for _, comes in ipairs { true, false } do
      for _, ordered in ipairs { true, false } do
        local ids, changed, torn = copy_of(DATA["ids with gaps"]), {}, 0
        local whole = copy_of(ids)
        local store
        store = new_store(ids, {
          page = function(_, items, following, after)
            -- Each first record of a part goes right after it was read, or one comes before it.
            local first = items[1] and tonumber(items[1].id)
            local is_start = after and not whole[after] and first and not changed[first] and torn < 5
            for _, id in ipairs(whole) do
              if text(id) == after then is_start = false end
            end
            if is_start and first - tonumber(after) > 2 then
              torn = torn + 1
              changed[first] = true
              if comes then
                for index, id in ipairs(ids) do
                  if id == first then
                    table.insert(ids, index, first - 1)
                    changed[first - 1] = true
                    break
                  end
                end
              else
                store.delete(first)
              end
            end
            return items, following
          end,
        })
        local got, reasons = read_all(store, { ordered = ordered, parallel = 8 })
        assert.is_true(torn > 0)
        assert.same({}, reasons)
        local seen = {}
        for _, id in ipairs(got) do
          assert.is_nil(seen[id])
          seen[id] = true
        end
        for _, id in ipairs(whole) do
          assert.is_true(seen[id] or changed[id] and not comes, tostring(id))
        end
      end
    end
  end)

  it("gives its rest once from any position after a fallback", function()
    local ids = DATA["ids with gaps"]
    for stop = 1, 990, 47 do
      local function changes()
        return {
          page = function(_, items, following)
            -- From some record on cursors are no ids.
            if following and tonumber(following) >= ids[600] then following = "x" .. following end
            return items, following
          end,
        }
      end
      local function readable(store)
        local read = store.read
        store.read = function(after) return read(after and after:gsub("^x", "") or nil) end
        return store
      end
      local got, _, position = read_all(readable(new_store(ids, changes())), { stop_after = stop })
      while position do
        local store = readable(new_store(ids, changes()))
        local more
        more, _, position = read_all(store, { position = position, stop_after = 130, parallel = 1 + stop % 4 })
        for _, id in ipairs(more) do
          got[#got + 1] = id
        end
      end
      assert.same(ids, sorted(got), tostring(stop))
    end
  end)

  it("leaves out records that are gone when their details are read, and takes their ids for read", function()
    local ids = DATA["ids with gaps"]
    local is_gone, expected = {}, {}
    for index, id in ipairs(ids) do
      if index % 10 == 0 or index % 7 == 0 then
        is_gone[id] = true
      else
        expected[#expected + 1] = id
      end
    end
    for stop = 1, #expected - 1, 97 do
      local function open()
        return new_store(ids, { gone = function(id) return is_gone[id] end })
      end
      local got, reasons, position = read_all(open(), { stop_after = stop })
      assert.same({}, reasons)
      local rest = read_all(open(), { position = position })
      for _, id in ipairs(rest) do
        got[#got + 1] = id
      end
      assert.same(expected, sorted(got))
    end
  end)
end)

describe("a set of ids", function()
  it("holds what was added, and nothing else", function()
    local set = id_set.new()
    local ids = { 1, 2, 130, 131, 20000, 999999999999, 900000000000000 }
    set:add(ids)
    set:add { 5, 6 }
    set:add {}
    local found = set:between(0, 10 ^ 15)
    for _, id in ipairs(ids) do
      assert.is_true(found[id])
    end
    assert.is_true(found[5])
    assert.is_nil(found[7])
    assert.equal(9, set.count)
    assert.same({}, set:between(10 ^ 15, 10 ^ 16))
  end)

  it("counts what is in a range, and finds its middle, whatever order its pages come in", function()
    local set, expected = id_set.new(), {}
    -- Three parts, page by page in turns.
    for page = 0, 119 do
      for part = 0, 2 do
        local ids = {}
        for index = 1, 100 do
          ids[index] = part * 10 ^ 9 + (page * 100 + index) * 7
          expected[#expected + 1] = ids[index]
        end
        set:add(ids)
      end
    end
    table.sort(expected)
    assert.equal(36000, set:count_between(0, 10 ^ 10))
    assert.equal(expected[18000], set:middle_between(0, 10 ^ 10))
    for _, range in ipairs { { 1, 2 }, { 5, 30000 }, { 11999, 12001 }, { 150, 151 }, { 20000, 36000 } } do
      local first, last = expected[range[1]], expected[range[2]]
      local count = range[2] - range[1]
      assert.equal(count, set:count_between(first, last))
      if count > 1 then
        local middle = set:middle_between(first, last)
        assert.equal(math.floor(count / 2), set:count_between(first, middle))
      end
      local found = set:between(first, last)
      for index = range[1], range[2] do
        assert.is_true(found[expected[index]])
      end
      assert.is_nil(found[first + 1])
    end
    assert.equal(0, set:count_between(5 * 10 ^ 8, 6 * 10 ^ 8))
  end)
end)
