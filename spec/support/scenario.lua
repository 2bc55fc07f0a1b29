-- The scenario of all hosts, unchanged: `scenario.run(options)` makes a client and does with it what programs do, and
-- the host hands the result, as JSON, to the spec, which compares it with `scenario.expected`. The sandbox has 1,000
-- contacts and a latency; its faults are asked for over the wire.

local hubspot = require "hubspot"

local scenario = {}

scenario.CONTACTS = 1000

local EMAIL = "ada.of.many.hosts@example.com"

scenario.expected = {
  paged = { count = 1000, distinct = 1000 },
  got = { same_email = true },
  upserted = { { new = true, firstname = "Ada" }, { new = false, firstname = "Augusta" } },
  many = { right = true, most_under_way = 6 },
  members = { right = true, side_by_side = true },
  at_once = { right = 20, errors = 0, most_under_way = 20 },
  failed = {
    kind = "api",
    status = 404,
    category = "OBJECT_NOT_FOUND",
    attempts = 1,
    method = "GET",
    path = "/crm/objects/2026-09/contacts/999999999",
    text_tells = true,
  },
  timed_out = { kind = "timeout", attempts = 1 },
  late = { call = "timeout", step = "timeout", next_step = true },
  cancelled = { under_way = "cancelled", later = "cancelled" },
}

local function count_under_way(count)
  return {
    request = function()
      count.now = count.now + 1
      count.most = math.max(count.most, count.now)
    end,
    response = function() count.now = count.now - 1 end,
  }
end

local function page_through(client)
  local contacts, seen, distinct = {}, {}, 0
  for contact in client.contacts:all { properties = { "email" } } do
    contacts[#contacts + 1] = contact
    if not seen[contact.id] then distinct = distinct + 1 end
    seen[contact.id] = true
  end
  return contacts, { count = #contacts, distinct = distinct }
end

local function get(client, contact)
  local got, err = client.contacts:get(contact.id, { properties = { "email" } })
  if not got then error(err, 0) end
  return { same_email = got.properties.email == contact.properties.email }
end

local function upsert(client, firstname)
  local record, err = client.contacts:upsert(EMAIL, { firstname = firstname })
  if not record then error(err, 0) end
  local contact = client.contacts:get(record.id, { properties = { "firstname" } })
  return { new = record.new, firstname = contact.properties.firstname }
end

local function fault(client, what) assert(client:request { method = "POST", path = "/_sandbox/faults", body = what }) end

local function call_at_once(client, contacts, count)
  -- None is answered before all are in flight.
  fault(client, { kind = "slow", seconds = 0.2, path = "/contacts/*$", times = 20 })
  local some, right = {}, 0
  for index = 1, 20 do
    some[index] = contacts[index * 50]
  end
  count.most = 0
  local results, errors = client:map(
    some,
    function(contact) return client.contacts:get(contact.id) end,
    { concurrency = 20 }
  )
  for index = 1, 20 do
    if results[index] and results[index].id == some[index].id then right = right + 1 end
  end
  return {
    right = right,
    errors = next(errors) and tostring(select(2, next(errors))) or 0,
    most_under_way = count.most,
  }
end

local function ids_of(contacts)
  local ids = {}
  for index, contact in ipairs(contacts) do
    ids[index] = contact.id
  end
  return ids
end

local function are_same(one, other) return table.concat(one, " ") == table.concat(other, " ") end

local function get_many(client, contacts, count)
  fault(client, { kind = "slow", seconds = 0.2, path = "/batch/read$", times = 6 })
  count.most = 0
  local found, err = client.contacts:get_many(ids_of(contacts))
  if not found then error(err, 0) end
  return { right = are_same(ids_of(contacts), ids_of(found)), most_under_way = count.most }
end

-- The host may run this several times on one sandbox: names of lists are unique.
local function read_members(client, contacts, count)
  local list, err = client.lists:create { name = ("Members %s %.6f"):format(tostring(contacts), client.loop:now()) }
  if not list then error(err, 0) end
  local added, add_err = client.lists:add(list.listId, { ids = ids_of(contacts) })
  if not added then error(add_err, 0) end
  count.most = 0
  local members = {}
  for contact in client.lists:contacts(list.listId) do
    members[#members + 1] = contact
  end
  return { right = are_same(ids_of(contacts), ids_of(members)), side_by_side = count.most > 1 }
end

local function fail(client)
  local _, err = client.contacts:get "999999999"
  return {
    kind = err.kind,
    status = err.status,
    category = err.category,
    attempts = err.attempts,
    method = err.method,
    path = err.path,
    text_tells = tostring(err):find("(HTTP 404", 1, true) ~= nil,
  }
end

-- From here on the sandbox does not answer any more for this contact.
local function hang(client, contact)
  fault(client, { kind = "hang", path = "/contacts/" .. contact.id .. "$", times = 100 })
end

local function time_out(client, contact)
  local _, err = client.contacts:get(contact.id, { timeout = 0.05, retry = false })
  return { kind = err.kind, attempts = err.attempts }
end

-- A call of several requests, and a step of an iterator, which resumes with the next one.
local function be_late(client, contacts)
  fault(client, { kind = "hang", path = "/batch/read$", times = 3 })
  local _, err = client.contacts:get_many(ids_of(contacts), { deadline = 0.2 })
  fault(client, { kind = "hang", path = "/contacts$", times = 1 })
  local iterator = client.contacts:all { deadline = 1, page_size = 1, retry = false }
  local _, step_err = iterator:next()
  return { call = err.kind, step = step_err.kind, next_step = iterator:next() ~= nil }
end

local function cancel(client, contact)
  local _, errors = client:map({ "call", "close" }, function(what)
    if what == "close" then return client:close() end
    return client.contacts:get(contact.id)
  end)
  local _, later = client.contacts:get(contact.id)
  return { under_way = errors[1].kind, later = later.kind }
end

--- Runs it, where the host lets calls wait.
-- @tparam table options of the client
-- @treturn table
function scenario.run(options)
  local count = { now = 0, most = 0 }
  local all = { token = "any-token", limiter = false, on = count_under_way(count) }
  for name, value in pairs(options) do
    all[name] = value
  end
  local client = hubspot.new(all)
  local contacts, paged = page_through(client)
  local result = { paged = paged }
  result.got = get(client, contacts[1])
  result.upserted = { upsert(client, "Ada"), upsert(client, "Augusta") }
  result.at_once = call_at_once(client, contacts, count)
  result.many = get_many(client, contacts, count)
  result.members = read_members(client, contacts, count)
  result.failed = fail(client)
  result.late = be_late(client, contacts)
  hang(client, contacts[1])
  result.timed_out = time_out(client, contacts[1])
  result.cancelled = cancel(client, contacts[1])
  return result
end

return scenario
