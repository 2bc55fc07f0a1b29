-- Examples for every iterator, whatever its kind of paging.

local assert = require "luassert"
local core = require "hubspot.core"
local wire = require "spec.support.wire"

local MOST_REQUESTS = 30

-- Returns whether `part` is the rest of `whole` when some items are taken out.
local function is_subsequence(part, whole)
  local place = 1
  for _, item in ipairs(whole) do
    if item == part[place] then place = place + 1 end
  end
  return place > #part
end

local function ids_of(iterator) return wire.ids(wire.collect(iterator)) end

local function first(list, count)
  local part = {}
  for index = 1, math.min(count, #list) do
    part[index] = list[index]
  end
  return part
end

local function last(list, count)
  local part = {}
  for index = #list - count + 1, #list do
    part[#part + 1] = list[index]
  end
  return part
end

--- Declares the examples, with pages of two.
-- `it` is busted's. `context()` gives `server`, `open` (a function(options) that returns an iterator of a client of its
-- own) and `expected` (the ids of all items in the iterator's order, at least five).
return function(it, context)
  it("gives all items of several pages, each once", function()
    local c = context()
    assert.same(c.expected, ids_of(c.open { page_size = 2 }))
  end)

  it("gives all items with pages as large as HubSpot takes them", function()
    local c = context()
    assert.same(c.expected, ids_of(c.open {}))
  end)

  it("stops after max items, and then asks for nothing more", function()
    local c = context()
    assert.same(first(c.expected, 3), ids_of(c.open { page_size = 2, max = 3 }))
    local iterator = c.open { page_size = 2, max = 2 }
    iterator:next()
    iterator:next()
    c.server:clear_requests()
    assert.is_nil(iterator:next())
    assert.same({}, wire.take(c.server))
    assert.same(c.expected, ids_of(c.open { max = 1000 }))
  end)

  it("gives pages", function()
    local c = context()
    local ids = {}
    for page in c.open({ page_size = 2 }):pages() do
      assert.is_true(#page <= 2)
      for _, id in ipairs(wire.ids(page)) do
        ids[#ids + 1] = id
      end
    end
    assert.same(c.expected, ids)
  end)

  it("gives pages of max items altogether, and a cursor after them", function()
    local c = context()
    local iterator = c.open { page_size = 2, max = 3 }
    local ids = {}
    for page in iterator:pages() do
      for _, id in ipairs(wire.ids(page)) do
        ids[#ids + 1] = id
      end
    end
    assert.same(first(c.expected, 3), ids)
    assert.same(last(c.expected, #c.expected - 3), ids_of(c.open { page_size = 2, cursor = assert(iterator:cursor()) }))
  end)

  it("resumes in another client right after the last item that was given", function()
    local c = context()
    for read = 0, #c.expected - 1 do
      for _, page_size in ipairs { 2, 3 } do
        local iterator = c.open { page_size = page_size }
        for _ = 1, read do
          assert(iterator:next())
        end
        local rest = ids_of(c.open { page_size = 2, cursor = iterator:cursor() })
        assert.same(last(c.expected, #c.expected - read), rest)
      end
    end
  end)

  it("gives everything once in runs of a few items, whatever the page size", function()
    local c = context()
    for _, options in ipairs { { max = 1 }, { max = 2 }, { max = 1, page_size = 3 }, { max = 3, page_size = 2 } } do
      local ids, cursor = {}, nil
      for _ = 1, 2 * #c.expected do
        local iterator = c.open { max = options.max, page_size = options.page_size, cursor = cursor }
        for item in iterator do
          ids[#ids + 1] = wire.ids({ item })[1]
        end
        cursor = iterator:cursor()
        if not cursor then break end
        assert.is_true(#cursor < 400)
      end
      assert.same(c.expected, ids)
    end
  end)

  it("has no cursor at the end", function()
    local c = context()
    local iterator = c.open { page_size = 2 }
    wire.collect(iterator)
    assert.is_nil(iterator:cursor())
    assert.is_nil(iterator:next())
  end)

  it("continues after an empty page that has a cursor", function()
    local c = context()
    c.server:fault { kind = "empty", after = 1 }
    local ids = ids_of(c.open { page_size = 2 })
    assert.is_true(#ids >= #c.expected - 2, "it ended after " .. #ids)
    assert.is_true(is_subsequence(ids, c.expected))
  end)

  it("reports a cursor that comes again, and does not go round", function()
    local c = context()
    c.server:clear_requests()
    c.server:fault { kind = "repeat_cursor", times = 1000 }
    local iterator, seen = c.open { page_size = 2 }, 0
    local item, err = iterator:next()
    while item do
      seen = seen + 1
      item, err = iterator:next()
    end
    assert.equal("decode", err and err.kind)
    assert.truthy(tostring(err):find("cursor", 1, true))
    assert.is_true(seen <= #c.expected)
    assert.is_true(#wire.take(c.server) < MOST_REQUESTS)
  end)

  it("gives an error of a page, and the page when it is asked again", function()
    local c = context()
    local iterator, items = c.open { page_size = 2, retry = false }, {}
    local item, err = iterator:next()
    -- The page that is read ahead fails first, and then again when it is wanted.
    c.server:fault { kind = "status", status = 500, times = 2 }
    while item do
      items[#items + 1] = item
      item, err = iterator:next()
    end
    assert.equal(500, err and err.status)
    for more in iterator do
      items[#items + 1] = more
    end
    assert.same(c.expected, wire.ids(items))
  end)

  it("throws the error of a page in a for loop", function()
    local c = context()
    c.server:fault { kind = "status", status = 500, after = 1, times = 1000 }
    local iterator = c.open { page_size = 2, retry = false }
    local succeeded, err = pcall(wire.collect, iterator)
    assert.is_false(succeeded)
    assert.equal(500, err.status)
    assert.equal("api", err.kind)
    succeeded, err = pcall(iterator:pages())
    assert.is_false(succeeded)
    assert.equal(500, err.status)
  end)

  it("refuses a cursor that is none of its own where it is passed", function()
    local c = context()
    for _, cursor in ipairs {
      "x",
      "{}",
      '{"v":2}',
      '{"v":99,"of":"contacts:all/current","at":{}}',
      '{"v":3,"of":"contacts:none/v1","options":"0123456789abcdef","at":{}}',
    } do
      local succeeded, message = pcall(c.open, { cursor = cursor })
      assert.is_false(succeeded, cursor)
      assert.truthy(tostring(message):find("cursor", 1, true))
    end
  end)

  it("refuses a cursor that was changed, and sends nothing of what is in it", function()
    local c = context()
    for read = 1, 3 do
      local iterator = c.open { page_size = 2 }
      for _ = 1, read do
        assert(iterator:next())
      end
      local text = iterator:cursor()
      c.server:clear_requests()
      local function is_refused(change)
        local changed = core.decode(text)
        change(changed)
        local succeeded, message = pcall(c.open, { cursor = core.encode(changed) })
        assert.is_false(succeeded, core.encode(changed))
        assert.truthy(tostring(message):find("cursor must be a string that it:cursor() gave", 1, true), message)
      end
      for name, value in pairs {
        properties = "email",
        archived = "true",
        propertiesWithHistory = "phone",
        hapikey = "x",
      } do
        is_refused(function(changed) changed.at[name] = value end)
      end
      is_refused(function(changed) changed.at = "x" end)
      is_refused(function(changed)
        changed.size, changed.last, changed.coming = "5", { "1" }, {}
      end)
      is_refused(function(changed)
        changed.size, changed.last, changed.coming = 5, { {} }, {}
      end)
      for name in pairs(core.decode(text).at) do
        for _, value in ipairs { {}, { 1, 2 }, false, { x = "y" }, -0.5 } do
          local is_list = type(core.decode(text).at[name]) == "table"
          if not (is_list and type(value) == "table" and next(value) == nil) then
            is_refused(function(changed) changed.at[name] = value end)
          end
        end
      end
      -- The prefetch may still come.
      for _, request in ipairs(wire.take(c.server)) do
        assert.is_nil(request:find "hapikey" or request:find "phone" or request:find "archived=true", request)
      end
    end
  end)
end
