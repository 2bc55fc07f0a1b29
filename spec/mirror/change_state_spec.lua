-- The file of a program that follows changes without a database.

local change_state = require "hubspot.mirror.change_state"

describe("the state of changes", function()
  local path = os.tmpname()
  local state

  before_each(function()
    os.remove(path)
    state = assert(change_state.open(path))
  end)

  after_each(function() os.remove(path) end)

  local function archive(at) return { op = "archive", id = "7", record = { id = "7", archivedAt = at } } end

  local function merge(into) return { op = "merge", id = "7", into = into } end

  it("knows what was told, after a restart too", function()
    local events = { archive "2026-01-02T03:04:05.000Z", merge "8" }
    state:note("contacts", events, "a")
    assert(state:save())
    local again = assert(change_state.open(path))
    assert.equal("a", again:options("contacts").cursor)
    for _, event in ipairs(events) do
      assert.is_true(again:is_told("contacts", event))
      assert.is_false(again:is_told("companies", event))
    end
  end)

  it("tells of a record that is archived again, and of an old id that leads elsewhere", function()
    state:note("contacts", { archive "2026-01-02T03:04:05.000Z", merge "8" }, "a")
    assert.is_false(state:is_told("contacts", archive "2026-01-02T03:14:05.000Z"))
    assert.is_false(state:is_told("contacts", merge "9"))
  end)

  it("tells of a record that was restored as it was", function()
    local upsert = { op = "upsert", id = "7", record = { id = "7", updatedAt = "2026-01-02T03:00:00.000Z" } }
    state:note("contacts", { upsert }, "a")
    assert.same({ ["7"] = 1767322800000 }, state:options("contacts").known { "7" })
    state:note("contacts", { archive "2026-01-02T03:04:05.000Z" }, "b")
    assert.same({}, state:options("contacts").known { "7" })
  end)

  it("forgets what can't come again, but no merge", function()
    state:note("contacts", { archive "2026-01-02T03:04:05.000Z", merge "8" }, "a")
    state:forget("contacts", os.time() * 1000 + 1000)
    assert.is_false(state:is_told("contacts", archive "2026-01-02T03:04:05.000Z"))
    assert.is_true(state:is_told("contacts", merge "8"))
  end)
end)
