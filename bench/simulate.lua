-- Reads portals that change while they are read, by every iterator, with every option, resumed at random, with faults:
-- a record that was there throughout must come exactly once, and none twice. `make simulate` runs it; SIMULATE_SECONDS
-- bounds it. A failure prints its seed; SEED runs that one alone, and prints its requests.
-- FIRST_SEED is where a run of many begins; without it, the time of day decides.

local changing_portal = require "spec.support.changing_portal"
local core = require "hubspot.core"
local hubspot = require "hubspot"

local seconds = tonumber(os.getenv "SIMULATE_SECONDS" or "") or 60
local only_seed = tonumber(os.getenv "SEED" or "")
local only_reader = os.getenv "READER"

local MOST_STEPS = 5000

-- Enough names to make a request too long.
local MANY_NAMES = { "email" }
for number = 1, 250 do
  MANY_NAMES[#MANY_NAMES + 1] = ("a_property_with_a_long_name_%03d"):format(number)
end

-- Groups of filters that every record passes, `filters` in each of `count`.
local function groups(created, count, filters)
  local list = {}
  for group = 1, count do
    list[group] = { filters = {} }
    for number = 1, filters do
      list[group].filters[number] = { propertyName = created, operator = "GT", value = tostring(number) }
    end
  end
  return list
end

local function by_page_size(world) return { page_size = world.random(12) } end

local function with_list(world)
  local list =
    world:must("POST", "/crm/lists/2026-09/", { name = "L", objectTypeId = "0-1", processingType = "MANUAL" }).list
  for _, id in ipairs(world.first_ids) do
    if world:one_in(3) then
      world.outsiders[#world.outsiders + 1] = id
    else
      world:must("PUT", ("/crm/lists/2026-09/%s/memberships/add"):format(list.listId), core.array { id })
      world.portal:advance(1)
    end
  end
  world.list = list.listId
end

local function with_v1_list(world)
  local list = world:must("POST", "/contacts/v1/lists", { name = "L", dynamic = false })
  local vids = {}
  for index, id in ipairs(world.first_ids) do
    vids[index] = tonumber(id)
  end
  world:must("POST", ("/contacts/v1/lists/%d/add"):format(list.listId), { vids = core.array(vids) })
  world.list = ("%d"):format(list.listId)
end

-- Each reader: `open(client, options, world)`; `options(world)`, which all runs of a read have; `prepare(world)`;
-- `moves` where a record that is changed stands elsewhere than before; `of_any_type` where it reads records of any type
-- on the current API, and not contacts alone.
local READERS = {
  ["all"] = {
    of_any_type = true,
    open = function(client, options, world) return world:records(client):all(options) end,
  },
  ["all in parallel"] = {
    of_any_type = true,
    varies = function(world) return { parallel = world.random(8), ordered = world:one_in(2) } end,
    open = function(client, options, world) return world:records(client):all(options) end,
  },
  ["search"] = {
    of_any_type = true,
    options = function(world)
      local rooms = { [2] = { 1, 2 }, [3] = { 2, 5 }, [4] = { 3, 6 }, [5] = { 1, 6 } }
      local order, room = world:one_in(2) and "desc" or nil, rooms[world.random(5)]
      return { order = order, filter_groups = room and groups(world.type.created, room[1], room[2]) }
    end,
    open = function(client, options, world) return world:records(client):search("", options) end,
    only = "current",
  },
  ["search in an order"] = {
    of_any_type = true,
    only = "current",
    options = function(world)
      local properties = { world.type.created, world.type.property }
      return { order = world:one_in(2) and "desc" or nil, sort = properties[world.random(2)] }
    end,
    open = function(client, options, world) return world:records(client):search("", options) end,
  },
  ["search of v1"] = {
    only = "v1",
    open = function(client, options) return client.contacts:search("", options) end,
  },
  ["recently_created"] = {
    of_any_type = true,
    open = function(client, options, world) return world:records(client):recently_created(options) end,
  },
  ["recently_updated"] = {
    of_any_type = true,
    moves = true,
    open = function(client, options, world) return world:records(client):recently_updated(options) end,
  },
  ["lists:contacts"] = {
    prepare = with_list,
    only = "current",
    open = function(client, options, world) return client.lists:contacts(world.list, options) end,
  },
  ["lists:recent_contacts"] = {
    prepare = with_list,
    only = "current",
    open = function(client, options, world) return client.lists:recent_contacts(world.list, options) end,
  },
  ["lists:contacts of v1"] = {
    prepare = with_v1_list,
    only = "v1",
    open = function(client, options, world) return client.lists:contacts(world.list, options) end,
  },
}
local NAMES, NAMES_OF_ANY_TYPE = {}, {}
for name, reader in pairs(READERS) do
  if not only_reader or name:find(only_reader, 1, true) then
    NAMES[#NAMES + 1] = name
    if reader.of_any_type then NAMES_OF_ANY_TYPE[#NAMES_OF_ANY_TYPE + 1] = name end
  end
end
table.sort(NAMES)
table.sort(NAMES_OF_ANY_TYPE)

-- Contacts have readers that others lack.
local TYPES = { "contacts", "contacts", "contacts", "companies", "deals", "machines" }

local function type_of(seed) return #NAMES_OF_ANY_TYPE > 0 and TYPES[seed % #TYPES + 1] or "contacts" end

local function merged(...)
  local all = {}
  for _, options in ipairs { ... } do
    for name, value in pairs(options) do
      all[name] = value
    end
  end
  return all
end

local Reading = {}
Reading.__index = Reading

function Reading:note(text, ...)
  if only_seed and not self.resting then print(select("#", ...) > 0 and text:format(...) or text) end
end

function Reading:open(cursor)
  local world = self.world
  local properties = { [2] = { "email" }, [3] = MANY_NAMES }
  local options = merged(
    by_page_size(world),
    self.options,
    self.reader.varies and self.reader.varies(world) or {},
    { properties = properties[world.random(world:one_in(5) and 3 or 2)], cursor = cursor }
  )
  self:note(
    "open page_size=%s parallel=%s ordered=%s names=%s cursor=%s",
    tostring(options.page_size),
    tostring(options.parallel),
    tostring(options.ordered),
    options.properties and #options.properties,
    tostring(cursor)
  )
  local client = hubspot.new {
    token = "any",
    limiter = false,
    retry = false,
    transport = world.transport,
    api_version = self.api_version,
    loop = world.loop,
    on = {
      fallback = function(event)
        self.fallbacks = self.fallbacks + 1
        self:note("FALLBACK %s", event.reason)
      end,
    },
  }
  -- A transport that is a function may block; this one waits on the loop.
  client.loop_for_background = world.read_ahead and world.loop or false
  return self.reader.open(client, options, world)
end

function Reading:take(item)
  self.seen[item.id] = (self.seen[item.id] or 0) + 1
  self:note("  %s", item.id)
end

-- When a task that shares an iterator stops so that another one resumes, it drops its items.
function Reading:step(iterator)
  self.steps = self.steps + 1
  if self.steps > MOST_STEPS then error("it does not come to its end", 0) end
  local item, err = iterator:next()
  if item then
    self:take(item)
    return true
  end
  if not err then return false end
  self:note("ERROR %s", tostring(err))
  self.errors = self.errors + 1
  if self.errors > self.world.failures then error(tostring(err), 0) end
  return true
end

function Reading:alone()
  local iterator = self:open()
  while self:step(iterator) do
    if self.world:one_in(self.resumed_one_in) then
      local cursor = iterator:cursor()
      if not cursor then break end
      iterator = self:open(cursor)
      self.resumptions = self.resumptions + 1
    end
  end
end

-- Several tasks take items of one iterator; then its cursor is resumed.
function Reading:together()
  local world, cursor = self.world, nil
  repeat
    local iterator = self:open(cursor)
    local stop = self.steps + world.random(60)
    local failures = world.loop:each(4, 4, function()
      while self.steps < stop and self:step(iterator) do
        if world:one_in(2) then world.loop:sleep(world.random(100) / 1000) end
      end
    end)
    for _, failure in pairs(failures) do
      error(failure, 0)
    end
    cursor = iterator:cursor()
  until not cursor
end

local function sorted(set)
  local list = {}
  for id in pairs(set) do
    list[#list + 1] = id
  end
  table.sort(list, function(a, b) return tonumber(a) < tonumber(b) end)
  return list
end

function Reading:problem()
  for _, id in ipairs(sorted(self.seen)) do
    if self.seen[id] > 1 and not self.world.survivors[id] then return ("%s came %d times"):format(id, self.seen[id]) end
  end
  for _, id in ipairs(sorted(self.world.untouched)) do
    if not self.seen[id] and not (self.reader.moves and self.world.changed[id]) then
      return ("%s never came"):format(id)
    end
  end
end

local function run(seed)
  local self = setmetatable({ seen = {}, steps = 0, errors = 0, fallbacks = 0, resumptions = 0 }, Reading)
  self.type = type_of(seed)
  local world = changing_portal.new(seed * 7919 % 2147483647, function(text) self:note(text) end, self.type)
  local is_of_contacts = self.type == "contacts"
  local names = is_of_contacts and NAMES or NAMES_OF_ANY_TYPE
  self.world = world
  self.name = names[world.random(#names)]
  self.reader = READERS[self.name]
  self.api_version = (self.reader.only or (world:one_in(3) and is_of_contacts and "v1")) == "v1" and "v1" or nil
  if self.reader.prepare then self.reader.prepare(world) end
  self.options = self.reader.options and self.reader.options(world) or {}
  world.shared, world.read_ahead = world:one_in(4), world:one_in(2)
  local RESUMED = { 5, 20, 1000000 }
  self.resumed_one_in = RESUMED[world.random(#RESUMED)]
  -- v1 tells of the last 30 days alone, for one.
  local wanted = {}
  self.resting = true
  for item in self:open() do
    wanted[item.id] = true
  end
  self.resting = false
  for id in pairs(world.untouched) do
    if not wanted[id] then world.untouched[id] = nil end
  end
  world:start()
  self:note(
    "%s of %s on %s, texts=%s",
    self.name,
    self.type,
    self.api_version or "current",
    tostring(world.portal.options.ids_sorted_as_texts)
  )
  local succeeded, failure = xpcall(function()
    if world.shared then
      self:together()
    else
      self:alone()
    end
  end, only_seed and debug.traceback or function(thrown) return thrown end)
  return self, not succeeded and tostring(failure) or self:problem()
end

local figures, problems = { runs = 0, requests = 0, records = 0, fallbacks = 0, resumptions = 0, failures = 0 }, 0
local seed = only_seed or tonumber(os.getenv "FIRST_SEED" or "") or os.time() * 1000 % 1000000000
local by_reader = {}
local ends = core.now() + seconds
repeat
  local reading, problem = run(seed)
  figures.runs, figures.requests = figures.runs + 1, figures.requests + reading.world.requests
  figures.failures = figures.failures + reading.world.failures
  figures.fallbacks, figures.resumptions =
    figures.fallbacks + reading.fallbacks, figures.resumptions + reading.resumptions
  figures.records = figures.records + #sorted(reading.seen)
  local row = by_reader[reading.name] or { 0, 0 }
  by_reader[reading.name] = row
  row[1] = row[1] + 1
  if problem then
    row[2] = row[2] + 1
    problems = problems + 1
    print(
      ("SEED=%d: %s of %s on %s: %s"):format(
        seed,
        reading.name,
        reading.type,
        reading.api_version or "the date version",
        problem
      )
    )
  end
  seed = seed + 1
until only_seed or core.now() >= ends or problems >= 1000
for _, name in ipairs(NAMES) do
  local row = by_reader[name] or { 0, 0 }
  print(("%-28s %6d runs, %d failed"):format(name, row[1], row[2]))
end
print(
  ("%d runs, %d requests (%d failed on purpose), %d records, %d resumptions, %d fallbacks"):format(
    figures.runs,
    figures.requests,
    figures.failures,
    figures.records,
    figures.resumptions,
    figures.fallbacks
  )
)
os.exit(problems == 0 and 0 or 1)
