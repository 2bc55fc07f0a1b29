local core = require "hubspot.core"
local portal = require "spec.support.portal"

local array = core.array

local LISTS = "/crm/lists/2026-09"

describe("lists of v1", function()
  local wire, call, must

  before_each(function()
    wire = portal.new { v1_lists = true }
    call, must = wire.call, wire.must
  end)

  local EQ_LYON = { operator = "EQ", property = "city", type = "string", value = "Lyon" }

  local function new_list(fields)
    fields = fields or {}
    fields.name = fields.name or "Trial users"
    return must("POST", "/contacts/v1/lists", fields)
  end

  local function vids_of(answer)
    local vids = {}
    for index, contact in ipairs(answer.contacts) do
      vids[index] = contact.vid
    end
    return vids
  end

  local function people(count)
    local vids = {}
    for number = 1, count do
      vids[number] = tonumber(wire.create { email = "p" .. number .. "@example.org" })
    end
    return vids
  end

  it("are gone unless they are brought back", function()
    local gone = portal.new()
    for _, request in ipairs {
      { "POST", "" },
      { "GET", "" },
      { "GET", "/abc" },
      { "POST", "/abc" },
      { "DELETE", "/abc" },
      { "GET", "/batch" },
      { "GET", "/static" },
      { "GET", "/dynamic" },
      { "GET", "/abc/contacts/all" },
      { "GET", "/abc/contacts/recent" },
      { "POST", "/abc/add" },
      { "POST", "/abc/remove" },
    } do
      local status, _, response = gone.call(request[1], "/contacts/v1/lists" .. request[2])
      assert.equal(404, status)
      assert.matches("^text/html", response.headers["content-type"])
      assert.not_equal(404, (call(request[1], "/contacts/v1/lists" .. request[2])))
    end
    assert.equal(200, (gone.call("GET", "/contacts/v1/lists/all/contacts/all")))
    assert.equal(200, (gone.call("GET", "/contacts/v1/lists/all/contacts/recent")))
    assert.equal(200, (gone.call("GET", "/contacts/v1/lists/recently_updated/contacts/recent")))
  end)

  it("are created and read", function()
    local list = new_list { name = "Trial users" }
    assert.equal("number", type(list.listId))
    assert.is_false(list.dynamic)
    assert.equal("STATIC", list.listType)
    assert.equal(99001, list.portalId)
    assert.same({}, list.filters)
    assert.equal("DONE", list.metaData.processing)
    assert.same(list, must("GET", "/contacts/v1/lists/" .. list.listId))
  end)

  it("have another id than in the current API", function()
    local list = new_list()
    local mapped = must("GET", LISTS .. "/idmapping?legacyListId=" .. list.listId)
    assert.not_equal(tostring(list.listId), mapped.listId)
    assert.equal(list.name, must("GET", LISTS .. "/" .. mapped.listId).list.name)
    assert.equal(404, (call("GET", "/contacts/v1/lists/" .. mapped.listId)))
  end)

  it("are refused with HubSpot's words", function()
    new_list { name = "Taken" }
    for _, case in ipairs {
      { {}, "Every list must have a name." },
      { { name = "taken" }, "already exists" },
      { { name = "A", dynamic = true }, "must have filters" },
      { { name = "A", filters = array { array { { operator = "EQ", property = "nope", value = "1" } } } }, "nope" },
      { { name = "A", filters = array { array { { operator = "LIKE", property = "city", value = "1" } } } }, "LIKE" },
      { { name = "A", filters = array { EQ_LYON } }, "array of arrays" },
    } do
      local status, body = call("POST", "/contacts/v1/lists", case[1])
      assert.equal(400, status)
      assert.matches(case[2], body.message, 1, true)
    end
    local status, body = call("GET", "/contacts/v1/lists/-1")
    assert.equal(404, status)
    assert.equal("Couldn't find a List with the given id '-1'.", body.message)
    status, body = call("GET", "/contacts/v1/lists/listid/contacts/all")
    assert.equal(400, status)
    assert.equal("Could not parse number from listId: listid", body.message)
  end)

  it("are updated and deleted", function()
    local a = tonumber(wire.create { firstname = "A", city = "Lyon" })
    local list = new_list { name = "A" }
    new_list { name = "B" }
    local updated = must("POST", "/contacts/v1/lists/" .. list.listId, { name = "New" })
    assert.equal("New", updated.name)
    assert.is_false(updated.dynamic)
    updated =
      must("POST", "/contacts/v1/lists/" .. list.listId, { dynamic = true, filters = array { array { EQ_LYON } } })
    assert.is_true(updated.dynamic)
    assert.equal("DYNAMIC", updated.listType)
    assert.equal("city", updated.filters[1][1].property)
    assert.same({ a }, vids_of(must("GET", "/contacts/v1/lists/" .. list.listId .. "/contacts/all")))
    assert.equal(400, (call("POST", "/contacts/v1/lists/" .. list.listId, { name = "b" })))
    assert.equal(204, (call("DELETE", "/contacts/v1/lists/" .. list.listId)))
    assert.equal(404, (call("GET", "/contacts/v1/lists/" .. list.listId)))
  end)

  it("are enumerated to the end, of every kind", function()
    for number = 1, 25 do
      new_list { name = "S" .. number }
      new_list { name = "D" .. number, dynamic = true, filters = array { array { EQ_LYON } } }
    end
    for path, count in pairs { [""] = 50, ["/static"] = 25, ["/dynamic"] = 25 } do
      local seen, offset = {}, ""
      repeat
        local page = must("GET", "/contacts/v1/lists" .. path .. "?offset=" .. offset)
        assert.is_true(#page.lists <= 20)
        for _, list in ipairs(page.lists) do
          seen[#seen + 1] = list.listId
          assert.is_true(path == "" or list.dynamic == (path == "/dynamic"))
        end
        offset = page.offset
      until not page["has-more"]
      assert.equal(count, #seen)
    end
    assert.equal(50, #must("GET", "/contacts/v1/lists?count=1000").lists)
    local one = must("GET", "/contacts/v1/lists?count=1").lists[1].listId
    assert.equal(1, #must("GET", "/contacts/v1/lists/batch?listId=" .. one .. "&listId=1").lists)
    assert.same({ lists = {} }, must("GET", "/contacts/v1/lists/batch?list_id=" .. one))
  end)

  it("take and lose members", function()
    local path, vids = "/contacts/v1/lists/" .. new_list().listId, people(3)
    assert.same(
      { updated = { vids[1], vids[2] }, discarded = {}, invalidVids = { 1 }, invalidEmails = { "no@example.org" } },
      must(
        "POST",
        path .. "/add",
        { vids = array { vids[1], 1 }, emails = array { "P2@example.org", "no@example.org" } }
      )
    )
    assert.same(
      { updated = {}, discarded = { vids[1] }, invalidVids = {}, invalidEmails = {} },
      must("POST", path .. "/add", { vids = array { vids[1] } })
    )
    assert.equal(2, must("GET", path).metaData.size)
    assert.same(
      { updated = { vids[1] }, discarded = { vids[3] }, invalidVids = {}, invalidEmails = {} },
      must("POST", path .. "/remove", { vids = array { vids[1], vids[3] } })
    )
    assert.same({ vids[2] }, vids_of(must("GET", path .. "/contacts/all")))
  end)

  it("take 500 members at a time, and none by hand where they are dynamic", function()
    local path, vids = "/contacts/v1/lists/" .. new_list().listId, {}
    for number = 1, 500 do
      vids[number] = number
    end
    assert.equal(200, (call("POST", path .. "/add", { vids = array(vids) })))
    assert.equal(400, (call("POST", path .. "/add", { vids = array(vids), emails = array { "a@example.org" } })))
    local dynamic = new_list { name = "D", dynamic = true, filters = array { array { EQ_LYON } } }
    for _, verb in ipairs { "/add", "/remove" } do
      local status, body = call("POST", "/contacts/v1/lists/" .. dynamic.listId .. verb, { vids = array { 1 } })
      assert.equal(400, status)
      assert.equal("Can not operate manually on a dynamic list", body.message)
    end
  end)

  it("page their members by vid", function()
    local path, vids = "/contacts/v1/lists/" .. new_list().listId, people(45)
    must("POST", path .. "/add", { vids = array(vids) })
    local seen, offset = {}, ""
    repeat
      local page = must("GET", path .. "/contacts/all?vidOffset=" .. offset)
      assert.is_true(#page.contacts <= 20)
      for _, vid in ipairs(vids_of(page)) do
        seen[#seen + 1] = vid
      end
      offset = page["vid-offset"]
    until not page["has-more"]
    assert.same(vids, seen)
  end)

  it("page their members by time of joining, newest first, also where many joined at once", function()
    local path, vids = "/contacts/v1/lists/" .. new_list().listId, people(9)
    must("POST", path .. "/add", { vids = array { vids[4], vids[2], vids[9], vids[1], vids[3] } })
    wire.portal:advance(60)
    must("POST", path .. "/add", { vids = array { vids[5], vids[7], vids[6], vids[8] } })
    local seen, cursor = {}, ""
    repeat
      local page = must("GET", path .. "/contacts/recent?count=2" .. cursor)
      for _, contact in ipairs(page.contacts) do
        seen[#seen + 1] = contact.vid
        assert.equal("number", type(contact.addedAt))
      end
      cursor = "&vidOffset=" .. page["vid-offset"] .. "&timeOffset=" .. page["time-offset"]
    until not page["has-more"]
    assert.same({ vids[8], vids[6], vids[7], vids[5], vids[3], vids[1], vids[9], vids[2], vids[4] }, seen)
  end)

  it("know the operators of v1", function()
    wire.create {
      firstname = "A",
      city = "Lyon",
      lead_score = 5,
      lead_tier = "a",
      newsletter_consent = "true",
      interests = "newsletter;training",
    }
    wire.create { firstname = "B", city = "New York", lead_score = 50, lead_tier = "b" }
    wire.create { firstname = "C" }
    for index, case in ipairs {
      { "city", "EQ", "lyon", "A" },
      { "city", "NEQ", "Lyon", "B" },
      { "city", "CONTAINS", "yo", "AB" },
      { "city", "NCONTAIN", "new", "A" },
      { "city", "STR_STARTS_WITH", "New", "B" },
      { "city", "STR_ENDS_WITH", "on", "A" },
      { "city", "IS_EMPTY", nil, "C" },
      { "city", "IS_NOT_EMPTY", nil, "AB" },
      { "lead_score", "GT", "5", "B" },
      { "lead_score", "GTE", "5", "AB" },
      { "lead_score", "LT", "50", "A" },
      { "lead_score", "LTE", "50", "AB" },
      { "lead_tier", "SET_ANY", "a;c", "A" },
      { "lead_tier", "SET_NOT_ANY", "a", "B" },
      { "interests", "SET_ALL", "training;newsletter", "A" },
      { "newsletter_consent", "EQ", "true", "A" },
    } do
      local list = new_list {
        name = "Case " .. index,
        dynamic = true,
        filters = array { array {
          { property = case[1], operator = case[2], value = case[3] },
        } },
      }
      assert.equal("INITIALIZING", list.metaData.processing)
      local names = {}
      for position, contact in ipairs(must("GET", "/contacts/v1/lists/" .. list.listId .. "/contacts/all").contacts) do
        names[position] = contact.properties.firstname.value
      end
      assert.equal(case[1] .. case[2] .. case[4], case[1] .. case[2] .. table.concat(names))
    end
  end)

  it("show in the current API what they are", function()
    new_list { name = "Manual" }
    new_list { name = "Frozen", filters = array { array { EQ_LYON } } }
    new_list { name = "Moving", dynamic = true, filters = array { array { EQ_LYON } } }
    for name, kind in pairs { Manual = "MANUAL", Frozen = "SNAPSHOT", Moving = "DYNAMIC" } do
      local list = must("GET", LISTS .. "/object-type-id/0-1/name/" .. name .. "?includeFilters=true").list
      assert.equal(kind, list.processingType)
      assert.equal(kind ~= "MANUAL", list.filterBranch ~= nil)
    end
  end)

  it("are told by the profile of a member", function()
    local list, vids = new_list(), people(1)
    must("POST", "/contacts/v1/lists/" .. list.listId .. "/add", { vids = array(vids) })
    local path = "/contacts/v1/contact/vid/" .. vids[1] .. "/profile"
    assert.equal(list.listId, must("GET", path)["list-memberships"][1]["static-list-id"])
    assert.same({}, must("GET", path .. "?showListMemberships=false")["list-memberships"])
  end)
end)
