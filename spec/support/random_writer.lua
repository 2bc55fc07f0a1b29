-- Somebody who works in a portal: creates, changes, archives, restores, purges, merges and associates records, at
-- random.

local random_writer = {}

local methods = {}
methods.__index = methods

local OBJECTS = { "contacts", "companies" }

local function store_of(self, object) return self.portal.objects:store(self.portal.objects:get(object)) end

-- Some id of a type's records; nil where there is none.
local function some_id(self, object, state)
  local ids = store_of(self, object)[state or "live"]:all()
  if #ids == 0 then return nil end
  return ("%d"):format(ids[self.random(#ids)])
end

local actions = {}

function actions.create(self, object)
  self.count = self.count + 1
  local properties = { city = "City " .. self.random(100) }
  if object == "contacts" then
    properties.email = ("made.%d@example.org"):format(self.count)
  else
    properties.name = "Made " .. self.count
  end
  self.client:objects(object):create(properties)
end

function actions.update(self, object)
  local id = some_id(self, object)
  if id then self.client:objects(object):update(id, { city = "City " .. self.random(100) }) end
end

actions.update_again = actions.update

function actions.archive(self, object)
  local id = some_id(self, object)
  if id then self.client:objects(object):delete(id) end
end

function actions.restore(self, object)
  local id = some_id(self, object, "archived")
  -- Another record may have its e-mail address by then.
  if id then pcall(self.portal.restore, self.portal, { type = object, id = id }) end
end

-- A record that was archived and purged between two runs is in no list, nor are those that were merged into it: of
-- these only a sweep can tell. So one is purged that is archived since before the last whole run.
function actions.purge(self, object)
  local archived = self.archived[object]
  local one = #archived > 0 and archived[self.random(#archived)]
  local record = one and store_of(self, object):find_archived(one.id)
  if record and record.archived_at == one.archived_at and not record.merged then
    self.portal:purge { type = object, id = ("%d"):format(one.id) }
  end
end

function actions.merge(self, object)
  local first, second = some_id(self, object), some_id(self, object)
  if first and first ~= second then self.client:objects(object):merge(first, second) end
end

function actions.associate(self)
  local contact, company = some_id(self, "contacts"), some_id(self, "companies")
  if contact and company then self.client.associations:create("contacts", contact, "companies", company) end
end

function actions.dissociate(self)
  local contact, company = some_id(self, "contacts"), some_id(self, "companies")
  if contact and company then self.client.associations:delete("contacts", contact, "companies", company) end
end

-- What only a sweep can tell of: it changes no time, and what it deletes is in no list.
local silent_actions = {}

-- Properties that HubSpot fills in itself.
local CALCULATED = { contacts = "num_notes", companies = "annualrevenue" }

function silent_actions.calculate(self, object)
  local id = some_id(self, object)
  if not id then return end
  local properties = { [CALCULATED[object]] = ("%d"):format(self.random(100)) }
  self.portal:set_calculated { type = object, id = id, properties = properties }
end

function silent_actions.purge_live(self, object)
  local id = some_id(self, object)
  if id then self.portal:purge { type = object, id = id } end
end

local function sorted_names(set)
  local names = {}
  for name in pairs(set) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function with_silent_ones()
  local all = {}
  for _, set in ipairs { actions, silent_actions } do
    for name, action in pairs(set) do
      all[name] = action
    end
  end
  return all
end

--- Does a number of things, between which the portal's clock moves. What a fault keeps from being done is not done.
function methods:work(count)
  for _ = 1, count do
    self.actions[self.names[self.random(#self.names)]](self, OBJECTS[self.random(#OBJECTS)])
    self.portal:advance(self.random() * 8)
    if self.random(10) == 1 then self.portal:set_search_lag(self.random(0, 60)) end
  end
end

--- Notes that a run was whole: records that are archived by now may be purged.
function methods:note_run()
  for _, object in ipairs(OBJECTS) do
    local store, list = store_of(self, object), {}
    for index, id in ipairs(store.archived:all()) do
      list[index] = { id = id, archived_at = store:find_archived(id).archived_at }
    end
    self.archived[object] = list
  end
end

--- Makes one.
-- @tparam table options `portal`, `client`, and `random`, as math.random; `does`, "all": also what only
--   a sweep can tell of
function random_writer.new(options)
  local chosen = options.does == "all" and with_silent_ones() or actions
  return setmetatable({
    portal = options.portal,
    client = options.client,
    random = options.random,
    actions = chosen,
    names = sorted_names(chosen),
    count = 0,
    archived = { contacts = {}, companies = {} },
  }, methods)
end

return random_writer
