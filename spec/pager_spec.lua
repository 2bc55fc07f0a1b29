local errors = require "hubspot.error"
local pager = require "hubspot.pager"

-- An iterator over pages: position { page = n } is pages[n]; `following[n]` names another page than the next.
local function over(pages, options)
  options = options or {}
  local fetched = {}
  local iterator = pager.new {
    label = "things:all/current", position = options.position or {}, max = options.max,
    fetch = function(position)
      local number = position.page or 1
      fetched[#fetched + 1] = number
      if options.failing and options.failing[#fetched] then return nil, options.failing[#fetched] end
      local next_number = options.following and options.following[number] or number + 1
      return pages[number], pages[next_number] and { page = next_number }
    end,
  }
  return iterator, fetched
end

local function rest_of(iterator)
  local items = {}
  for item in iterator do items[#items + 1] = item end
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

  it("goes on behind empty pages", function()
    local iterator = over { {}, {}, { "a" }, {}, { "b" } }
    assert.same({ "a", "b" }, rest_of(iterator))
  end)

  it("can be gone on with after a break", function()
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

  it("says what it is", function()
    local iterator = over(PAGES)
    iterator:next()
    assert.equal("hubspot.Iterator(things:all/current, 1 read)", tostring(iterator))
  end)
end)

describe("max", function()
  it("ends before, at and behind a page's end", function()
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
  it("gives what is left of the page under way, then the others", function()
    local iterator = over(PAGES)
    iterator:next()
    assert.same({ { "b" }, { "c", "d" }, { "e" } }, rest_of(iterator:pages()))
    assert.is_nil(iterator:next())
  end)

  it("leaves out empty pages", function()
    assert.same({ { "a" }, { "b" } }, rest_of(over({ {}, { "a" }, {}, { "b" }, {} }):pages()))
  end)

  it("gives max items altogether, and then can tell where to go on", function()
    local iterator = over(PAGES, { max = 3 })
    assert.same({ { "a", "b" }, { "c" } }, rest_of(iterator:pages()))
    assert.is_nil(iterator:pages()())
    assert.is_nil(iterator:next())
    assert.same({ page = 2 }, pager.position("things:all/current", iterator:cursor()))
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
  local function position_of(iterator)
    return pager.position("things:all/current", iterator:cursor())
  end

  it("is a string that stands for a position, and for the page under way until that was read", function()
    local iterator = over(PAGES)
    local positions = { position_of(iterator) }
    for index = 2, 5 do
      iterator:next()
      positions[index] = position_of(iterator)
    end
    assert.equal("string", type(iterator:cursor()))
    assert.same({ {}, {}, { page = 2 }, { page = 2 }, { page = 3 } }, positions)
    iterator:next()
    assert.is_nil(iterator:cursor())
  end)

  it("goes on in another iterator", function()
    local iterator = over(PAGES)
    for _ = 1, 2 do iterator:next() end
    assert.same({ "c", "d", "e" }, rest_of(over(PAGES, { position = position_of(iterator) })))
  end)

  it("that is nil is the beginning", function()
    assert.same({}, pager.position("things:all/current", nil))
  end)

  it("is refused where it is none, or another iterator's", function()
    for _, cursor in ipairs { "", "x", "5", "{}", "[]", '{"at":5,"v":1,"of":"things:all/current"}' } do
      local position, message = pager.position("things:all/current", cursor)
      assert.is_nil(position)
      assert.equal("cursor must be a string that it:cursor() gave", message)
    end
    local _, message = pager.position("others:all/v1", over(PAGES):cursor())
    assert.equal("cursor is one of things:all/current, not of others:all/v1", message)
    assert.is_nil(pager.position("things:all/current", '{"at":{},"v":2,"of":"things:all/current"}'))
  end)
end)

describe("positions that come again", function()
  -- From page `count` back to page `back`.
  local function circle(count, back)
    local pages = {}
    for number = 1, count do pages[number] = { number } end
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
    for number = 1, 3000 do pages[number] = { number } end
    assert.equal(3000, #rest_of(over(pages)))
  end)
end)
