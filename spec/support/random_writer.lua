-- Somebody who works in a portal: creates, changes, archives, restores, purges, merges and associates records, and lets
-- them join and leave lists, at random.

local random_writer = {}

local methods = {}
methods.__index = methods

local OBJECTS = { "contacts", "companies" }

-- Notes the largest id of a type's records, which are found by an id before them.
local function note_id(self, object, id) self.largest[object] = math.max(self.largest[object], tonumber(id)) end

-- Some record of a type; nil where there is none.
local function some_record(self, object, is_archived)
  local options = { limit = 1, archived = is_archived, after = ("%d"):format(self.random(0, self.largest[object])) }
  local record = self.portal:records(object, options).results[1]
  if record then return record end
  options.after = nil
  return self.portal:records(object, options).results[1]
end

local function some_id(self, object, is_archived)
  local record = some_record(self, object, is_archived)
  return record and record.id
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
  local made = self.client:objects(object):create(properties)
  if made then note_id(self, object, made.id) end
end

-- As many come as merges and archiving take.
actions.create_another = actions.create

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
  local id = some_id(self, object, true)
  -- Another record may have its e-mail address by then.
  if id then pcall(self.portal.restore, self.portal, { type = object, id = id }) end
end

-- A record that was archived and purged between two runs is in no list: of it only a sweep can tell. So one is purged
-- that the mirror has as archived.
function actions.purge(self, object)
  local record = some_record(self, object, true)
  if record and self.is_known(object, record) then self.portal:purge { type = object, id = record.id } end
end

function actions.merge(self, object)
  local first, second = some_id(self, object), some_id(self, object)
  local left = first and first ~= second and self.client:objects(object):merge(first, second)
  if left then note_id(self, object, left.id) end
end

function actions.associate(self)
  local contact, company = some_id(self, "contacts"), some_id(self, "companies")
  if contact and company then self.client.associations:create("contacts", contact, "companies", company) end
end

function actions.dissociate(self)
  local contact, company = some_id(self, "contacts"), some_id(self, "companies")
  if contact and company then self.client.associations:delete("contacts", contact, "companies", company) end
end

local function some_list(self) return self.lists[self.random(#self.lists)] end

function actions.join(self)
  local id = some_id(self, "contacts")
  if id then self.client.lists:add(some_list(self), { ids = { id } }) end
end

function actions.leave(self)
  local id = some_id(self, "contacts")
  if id then self.client.lists:remove(some_list(self), { ids = { id } }) end
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

local PAGE, LISTS = 100, 2

local function make_lists(client)
  local lists = {}
  for index = 1, LISTS do
    lists[index] = assert(client.lists:create { name = "Made " .. index, processingType = "MANUAL" }).listId
  end
  return lists
end

local function note_ids(self, object)
  local after
  repeat
    local page = self.portal:records(object, { limit = PAGE, after = after })
    for _, record in ipairs(page.results) do
      note_id(self, object, record.id)
    end
    after = page.after
  until not after
end

--- Makes one.
-- @tparam table options `portal`, in this process or its server; `client`; `random`, as math.random; `is_known`,
--   function(object, record) that tells whether the mirror has an archived record as it is; and `does`, "all": also
--   what only a sweep can tell of
function random_writer.new(options)
  local chosen = options.does == "all" and with_silent_ones() or actions
  local self = setmetatable({
    portal = options.portal,
    client = options.client,
    random = options.random,
    is_known = options.is_known,
    actions = chosen,
    names = sorted_names(chosen),
    count = 0,
    largest = {},
    lists = make_lists(options.client),
  }, methods)
  for _, object in ipairs(OBJECTS) do
    self.largest[object] = 0
    note_ids(self, object)
  end
  return self
end

return random_writer
