-- What comes between two requests of one run.

local hubspot = require "hubspot"
local support = require "spec.support.mirror"
local value = require "hubspot.mirror.value"

support.on_each(function(start)
  local mirror, client, portal, id

  before_each(function()
    mirror = start(
      { contacts = 150, contacts_changed_at = support.START - 86400000 },
      { objects = { "contacts" }, sweep = "never" }
    )
    client, portal = mirror.client, mirror.portal
    id = client.contacts:all():next().id
  end)

  -- Does things in turn, each after the answer to the first request that its test takes.
  local function meanwhile(steps)
    mirror.rewrite = function(body)
      local requests = portal:requests()
      local step = steps[1]
      if step and step.after(requests[#requests]) then
        table.remove(steps, 1)
        step.act()
      end
      return body
    end
  end

  local function is_archived(request) return (request.query or ""):find("archived=true", 1, true) ~= nil end

  local function is_list(request) return request.method == "GET" and request.path:find "/objects/.*/contacts$" ~= nil end

  local function is_list_of_archived(request) return is_list(request) and is_archived(request) end

  local function is_list_of_live(request) return is_list(request) and not is_archived(request) end

  local function is_read_of_live(request) return request.path:find "/batch/read$" and not is_archived(request) end

  local function archive() portal:archive_record("contacts", id) end

  local function restore() portal:restore { type = "contacts", id = id } end

  it("keeps a record that is restored between the reads that look for it", function()
    archive()
    mirror:run()
    restore()
    portal:advance(60)
    local steps = {
      { after = is_list_of_archived, act = archive },
      { after = is_read_of_live, act = restore },
    }
    meanwhile(steps)
    mirror:run()
    assert.same({}, steps)
    assert.same({}, mirror:differences())
    assert.same({ "restore contacts " .. id }, mirror:log())
  end)

  it("has an owner once who leaves between the lists of those that are there and of those that left", function()
    local owner = portal.owners:list(false)[1]
    local function is_list_of_owners(request) return request.path:find "^/crm/owners/" ~= nil end
    local steps = { { after = is_list_of_owners, act = function() owner.is_archived = true end } }
    meanwhile(steps)
    mirror:run()
    assert.same({}, steps)
    local flags = mirror.database:query("SELECT archived FROM owners WHERE id = " .. owner.id)
    assert.equal(1, #flags)
    assert.equal("true", value.shown("boolean", flags[1].archived))
  end)

  it("continues where a list is deleted before its members are read", function()
    local lists = {}
    for index = 1, 3 do
      lists[index] = assert(client.lists:create { name = "L" .. index, processingType = "MANUAL" }).listId
      assert(client.lists:add(lists[index], { ids = { id } }))
    end
    local other = hubspot.new { transport = portal, token = "any", limiter = false }
    local function is_list_of_lists(request) return request.path:find "/lists/.*/search$" ~= nil end
    local steps = { { after = is_list_of_lists, act = function() assert(other.lists:delete(lists[2])) end } }
    meanwhile(steps)
    mirror:run()
    assert.same({}, steps)
    assert.equal(2, mirror:count "SELECT count(*) FROM list_members")
    mirror:run()
    assert.equal(2, mirror:count "SELECT count(*) FROM lists")
    assert.same({}, mirror:differences())
  end)

  it("has a record that is restored after the first copy has passed it", function()
    archive()
    portal:advance(7200)
    -- So that no count of search's tells of it.
    portal:set_search_lag(60)
    local steps = { { after = is_list_of_live, act = restore } }
    meanwhile(steps)
    mirror:run()
    assert.same({}, steps)
    assert.same({}, mirror:differences())
  end)
end)
