local cursor = require "hubspot.paging.cursor"
local errors = require "hubspot.error"
local fake_loop = require "spec.support.fake_loop"
local pager = require "hubspot.paging.pager"
local people = require "hubspot.sandbox.people"
local virtual_loop = require "spec.support.virtual_loop"

local OWNER = { label = "things:all/current", digest = "d1" }

local function is_position() return true end

-- An iterator over pages: position { page = n } is pages[n]; `following[n]` names another page than the next.
local function over(pages, options)
  options = options or {}
  local fetched, sizes = {}, {}
  local iterator = pager.new {
    label = OWNER.label,
    digest = OWNER.digest,
    place = options.cursor and assert(cursor.read(options.cursor, OWNER, is_position)),
    max = options.max,
    loop = options.loop or fake_loop.new(),
    patience = 10,
    fetch = function(position, size)
      local number = position.page or 1
      if options.passes then options.loop:pass(options.passes) end
      if options.sleeps then options.loop:sleep(options.sleeps()) end
      fetched[#fetched + 1], sizes[#fetched + 1] = number, size or 0
      if options.failing and options.failing[#fetched] then return nil, options.failing[#fetched] end
      local next_number = options.following and options.following[number] or number + 1
      return {
        items = pages[number],
        size = 2,
        by_id = options.by_id,
        following = pages[next_number] and { page = next_number },
        position_after = options.position_after and function(index) return { page = number, after = index } end,
        again = options.again and { page = number, again = true },
      }
    end,
  }
  return iterator, fetched, sizes
end

local function rest_of(iterator)
  local items = {}
  for item in iterator do
    items[#items + 1] = item
  end
  return items
end

local PAGES = { { "a", "b" }, { "c", "d" }, { "e" } }

describe("an iterator", function()
  it("fetches nothing before it is asked, and then a page at a time", function()
    local iterator, fetched = over(PAGES)
    assert.same({}, fetched)
    assert.equal("a", iterator:next())
    assert.equal("b", iterator:next())
    assert.same({ 1 }, fetched)
    assert.equal("c", iterator:next())
    assert.same({ 1, 2 }, fetched)
  end)

  it("gives all items in a for loop, then nil for ever", function()
    local iterator, fetched = over(PAGES)
    assert.same({ "a", "b", "c", "d", "e" }, rest_of(iterator))
    assert.is_nil(iterator:next())
    assert.is_nil((iterator:next()))
    assert.same({}, rest_of(iterator))
    assert.same({ 1, 2, 3 }, fetched)
  end)

  it("gives false items too, and none of an empty answer", function()
    assert.same({ "x" }, rest_of(over { { "x" } }))
    assert.same({}, rest_of(over { {} }))
    local iterator = over { { false, "x" } }
    assert.is_false(iterator:next())
    assert.equal("x", iterator:next())
  end)

  it("continues after empty pages", function()
    local iterator = over { {}, {}, { "a" }, {}, { "b" } }
    assert.same({ "a", "b" }, rest_of(iterator))
  end)

  it("can be resumed after a break", function()
    local iterator = over(PAGES)
    for item in iterator do
      if item == "c" then break end
    end
    assert.same({ "d", "e" }, rest_of(iterator))
  end)

  it("gives an error, and asks for the same page again", function()
    local failure = errors.new { kind = "network", message = "reset" }
    local iterator, fetched = over(PAGES, { failing = { [2] = failure, [3] = failure } })
    assert.same({ "a", "b" }, { iterator:next(), iterator:next() })
    local item, err = iterator:next()
    assert.is_nil(item)
    assert.equal(failure, err)
    local succeeded, thrown = pcall(iterator)
    assert.is_false(succeeded)
    assert.equal(failure, thrown)
    assert.same({ "c", "d", "e" }, rest_of(iterator))
    assert.same({ 1, 2, 2, 2, 3 }, fetched)
  end)

  it("ends with an error where pages without items take longer than its deadline, and can be asked again", function()
    local loop, pages = fake_loop.new(), {}
    for number = 1, 60 do
      pages[number] = number == 60 and { "a" } or {}
    end
    local iterator, fetched = over(pages, { loop = loop, passes = 0.3 })
    local item, err = iterator:next()
    assert.is_nil(item)
    assert.equal("timeout", err.kind)
    assert.truthy(tostring(err):find("no record came within the deadline of 10 s", 1, true))
    assert.is_true(#fetched >= 33 and #fetched <= 35)
    assert.equal("a", iterator:next())
    assert.equal(60, #fetched)
  end)

  it("turns a page once, and stalls nobody, where tasks share it", function()
    for seed = 1, 20 do
      local random = people.random(seed)
      local loop, pages = virtual_loop.new(random), {}
      for number = 1, 40 do
        pages[number] = number % 3 == 0 and {} or { number, -number }
      end
      local iterator, fetched = over(pages, { loop = loop, sleeps = function() return random(100) / 100 end })
      local got, began = {}, loop:now()
      local failures = loop:each(5, 5, function()
        while true do
          local item, err = iterator:next()
          assert(not err, err)
          if not item then return end
          got[#got + 1] = item
          loop:sleep(random(10) / 100)
        end
      end)
      assert.same({}, failures)
      assert.equal(54, #got)
      assert.equal(40, #fetched)
      assert.is_true(loop:now() - began < 60)
    end
  end)

  it("says what it is", function()
    local iterator = over(PAGES)
    iterator:next()
    assert.equal("hubspot.Iterator(things:all/current, 1 read)", tostring(iterator))
  end)
end)

describe("max", function()
  it("ends before, at and after a page's end", function()
    for max = 1, 6 do
      local items = rest_of(over(PAGES, { max = max }))
      assert.equal(math.min(max, 5), #items)
    end
  end)

  it("fetches no page that it does not need", function()
    local iterator, fetched = over(PAGES, { max = 2 })
    assert.same({ "a", "b" }, rest_of(iterator))
    assert.is_nil(iterator:next())
    assert.same({ 1 }, fetched)
  end)
end)

describe("pages", function()
  it("gives the rest of the current page, then the others", function()
    local iterator = over(PAGES)
    iterator:next()
    assert.same({ { "b" }, { "c", "d" }, { "e" } }, rest_of(iterator:pages()))
    assert.is_nil(iterator:next())
  end)

  it(
    "leaves out empty pages",
    function() assert.same({ { "a" }, { "b" } }, rest_of(over({ {}, { "a" }, {}, { "b" }, {} }):pages())) end
  )

  it("gives max items altogether, and then has a cursor to resume from", function()
    local iterator = over(PAGES, { max = 3 })
    assert.same({ { "a", "b" }, { "c" } }, rest_of(iterator:pages()))
    assert.is_nil(iterator:pages()())
    assert.is_nil(iterator:next())
    assert.same({ "d", "e" }, rest_of(over(PAGES, { cursor = iterator:cursor() })))
  end)

  it("throws an error, and asks for the same page again", function()
    local failure = errors.new { kind = "network", message = "reset" }
    local iterator = over(PAGES, { failing = { [2] = failure } })
    local pages = iterator:pages()
    assert.same({ "a", "b" }, pages())
    local succeeded, thrown = pcall(pages)
    assert.is_false(succeeded)
    assert.equal(failure, thrown)
    assert.same({ { "c", "d" }, { "e" } }, rest_of(iterator:pages()))
  end)
end)

describe("a cursor", function()
  local function place_of(iterator) return cursor.read(iterator:cursor(), OWNER, is_position) end

  it("is a string that stands for a page, or for a place in the current page", function()
    local iterator = over(PAGES)
    local places = { place_of(iterator) }
    for index = 2, 5 do
      iterator:next()
      places[index] = place_of(iterator)
    end
    assert.equal("string", type(iterator:cursor()))
    assert.same({ position = {} }, places[1])
    assert.same({ {}, 2, 1 }, { places[2].position, places[2].size, #places[2].last })
    assert.same({ position = { page = 2 } }, places[3])
    assert.same({ { page = 2 }, 2, 1 }, { places[4].position, places[4].size, #places[4].last })
    assert.same({ position = { page = 3 } }, places[5])
    iterator:next()
    assert.is_nil(iterator:cursor())
  end)

  it("resumes in another iterator after the last item given, wherever that was", function()
    local items = { "a", "b", "c", "d", "e" }
    for given = 0, 4 do
      local iterator = over(PAGES)
      for _ = 1, given do
        iterator:next()
      end
      local rest = rest_of(over(PAGES, { cursor = iterator:cursor() }))
      for index = 1, given do
        assert.equal(items[index], items[#items - #rest - given + index])
      end
      assert.equal(5 - given, #rest)
    end
  end)

  it("gives the same cursor again before anything was read", function()
    local iterator = over(PAGES)
    for _ = 1, 3 do
      iterator:next()
    end
    local text = iterator:cursor()
    local failure = errors.new { kind = "network", message = "reset" }
    local resumed = over(PAGES, { cursor = text, failing = { failure } })
    assert.equal(text, resumed:cursor())
    assert.is_nil((resumed:next()))
    assert.equal(text, resumed:cursor())
    assert.same({ "d", "e" }, rest_of(resumed))
  end)

  it("requests the current page in the size that it had, and only that one", function()
    local iterator = over(PAGES)
    iterator:next()
    local resumed, fetched, sizes = over(PAGES, { cursor = iterator:cursor() })
    assert.same({ "b", "c", "d", "e" }, rest_of(resumed))
    assert.same({ 1, 2, 3 }, fetched)
    assert.same({ 2, 0, 0 }, sizes)
  end)

  it("leaves out what was given of a page from which records went, and to which some came", function()
    local function records(...)
      local page = {}
      for index, id in ipairs { ... } do
        page[index] = { id = id }
      end
      return page
    end
    local function rest_ids(page, text)
      local ids = {}
      for item in over({ page }, { cursor = text }) do
        ids[#ids + 1] = item.id
      end
      return ids
    end
    local iterator = over { records("1", "2", "3", "4", "5", "6") }
    for _ = 1, 4 do
      iterator:next()
    end
    local text = iterator:cursor()
    assert.same({ "5", "6" }, rest_ids(records("1", "2", "3", "4", "5", "6"), text))
    assert.same({ "5", "6" }, rest_ids(records("0", "1", "2", "3", "4", "5", "6"), text))
    assert.same({ "5", "6", "7" }, rest_ids(records("2", "3", "5", "6", "7"), text))
    assert.same({ "6" }, rest_ids(records("1", "2", "6"), text))
    assert.same({ "5", "6" }, rest_ids(records("0", "5", "6"), text))
    -- Nothing that is known is left: better twice than never.
    assert.same({ "0", "7", "8" }, rest_ids(records("0", "7", "8"), text))
  end)

  it("leaves out what was given of a page whose ids rise, though none of it is left", function()
    local function page(...)
      local items = {}
      for index, id in ipairs { ... } do
        items[index] = { id = id }
      end
      return items
    end
    local iterator = over { page("1", "20", "30", "40") }
    for _ = 1, 3 do
      iterator:next()
    end
    for _, case in ipairs {
      { page("5", "25", "31", "70"), { "31", "70" } },
      { page("5", "31", "25"), { "5", "31", "25" } },
      { page("x", "31"), { "x", "31" } },
    } do
      local ids = {}
      for item in over({ case[1] }, { cursor = iterator:cursor(), by_id = true }) do
        ids[#ids + 1] = item.id
      end
      assert.same(case[2], ids)
    end
  end)

  it("knows items that have no id by what is in them", function()
    local function changes() return { { at = 1, to = "x" }, { at = 2, to = "y" }, { at = 3, to = "z" } } end
    local iterator = over { changes() }
    for _ = 1, 2 do
      iterator:next()
    end
    assert.same({ { at = 3, to = "z" } }, rest_of(over({ changes() }, { cursor = iterator:cursor() })))
    assert.is_nil(iterator:cursor():find("to", 1, true))
  end)

  it("does not care what became of the items that it gave", function()
    local pages = { { { id = "1" }, { id = "2" }, { id = "3" } } }
    local iterator = over(pages)
    for _ = 1, 2 do
      iterator:next().id = "changed"
    end
    assert.same(
      { { id = "3" } },
      rest_of(over({ { { id = "1" }, { id = "2" }, { id = "3" } } }, { cursor = iterator:cursor() }))
    )
  end)

  it("is a position after the last item where the page knows one", function()
    local iterator = over(PAGES, { position_after = true })
    iterator:next()
    assert.same({ position = { page = 1, after = 1 } }, place_of(iterator))
    iterator:next()
    assert.same({ position = { page = 2 } }, place_of(iterator))
  end)

  it("has the page read from where the page says", function()
    local iterator = over(PAGES, { again = true })
    iterator:next()
    assert.same({ page = 1, again = true }, place_of(iterator).position)
  end)

  it("allows any max: runs of it give everything once", function()
    for max = 1, 6 do
      local items, text = {}, nil
      repeat
        local iterator = over(PAGES, { max = max, cursor = text })
        for _, item in ipairs(rest_of(iterator)) do
          items[#items + 1] = item
        end
        text = iterator:cursor()
      until not text
      assert.same({ "a", "b", "c", "d", "e" }, items)
    end
  end)
end)

describe("positions that come again", function()
  -- From page `count` back to page `back`.
  local function circle(count, back)
    local pages = {}
    for number = 1, count do
      pages[number] = { number }
    end
    return over(pages, { following = { [count] = back } })
  end

  it("end in an error, whatever the circle's length and beginning", function()
    for count = 1, 20 do
      for back = 1, count do
        local iterator, fetched = circle(count, back)
        local item, err = iterator:next()
        for _ = 1, 1000 do
          if not item then break end
          item, err = iterator:next()
        end
        assert.is_nil(item)
        assert.equal("decode", err and err.kind)
        assert.truthy(tostring(err):find("things:all/current: HubSpot gave a cursor that it had given before", 1, true))
        assert.is_true(#fetched <= 4 * count + 4, ("%d fetches for a circle %d-%d"):format(#fetched, back, count))
      end
    end
  end)

  it("end in an error where no page has an item", function()
    local iterator, fetched = over({ {}, {}, {} }, { following = { [3] = 2 } })
    local item, err = iterator:next()
    assert.is_nil(item)
    assert.equal("decode", err.kind)
    assert.is_true(#fetched < 12)
  end)

  it("do not end a long iteration that never comes back", function()
    local pages = {}
    for number = 1, 3000 do
      pages[number] = { number }
    end
    assert.equal(3000, #rest_of(over(pages)))
  end)
end)
