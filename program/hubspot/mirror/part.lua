--- One type of records of a mirror in a run: what HubSpot has of it, and its table.
-- @module hubspot.mirror.part

local catalog = require "hubspot.mirror.catalog"
local field_of_each = require "hubspot.field_of_each"
local must = require("hubspot.mirror.failure").must
local records = require "hubspot.mirror.records"
local schema = require "hubspot.mirror.schema"
local state = require "hubspot.mirror.state"
local tables = require "hubspot.mirror.tables"
local trace = require "hubspot.mirror.trace"
local types = require "hubspot.object.types"
local union = require "hubspot.shape.union"
local views = require "hubspot.mirror.views"

local part = {}

local methods = {}
local metatable = { __name = "hubspot.mirror.Part", __index = methods }

-- An iterator may have to pass many pages that give nothing.
local DEADLINE = 600

--- The definitions of a type's properties.
-- @tparam table run
-- @tparam string name of the type
-- @treturn table those that the mirror keeps, and all
function part.definitions(run, name)
  local definitions = must(run.client.properties:all { object_type = name })
  if #definitions == 0 then run:fail(("HubSpot gave no properties of %s"):format(name)) end
  local chosen = run.options.properties
  if not chosen then return definitions, definitions end
  local is_chosen, list = {}, {}
  for _, property in ipairs(chosen) do
    is_chosen[property] = true
  end
  for _, definition in ipairs(definitions) do
    run.found_properties[definition.name] = true
    if is_chosen[definition.name] then list[#list + 1] = definition end
  end
  return list, definitions
end

--- Makes the part of a run, and brings its table in line with the properties that there are.
-- @tparam table run
-- @tparam string name of the type
-- @treturn table
function part.new(run, name)
  local kind = types.find(name) or types.custom(name)
  local definitions, all = part.definitions(run, name)
  local database = run.database
  catalog.properties(run, name, all)
  local has_moved = schema.adapt(database, name, definitions, run.now())
  local names = field_of_each(definitions, "name")
  local self = setmetatable({
    run = run,
    name = name,
    kind = kind,
    resource = run.client:objects(name),
    names = names,
    -- A type may have none of the properties that were chosen.
    asked = union { names, kind.merged, { kind.changed } },
    records = records.new(database, name, { now = run.now, wanted = names }),
    state = state.read(database, name),
  }, metatable)
  if has_moved and self.state.phase then self:need_sweep() end
  local refreshed, why = views.refresh(database, name, definitions)
  if not refreshed then run:note(("the view of %s stays as it was: %s"):format(name, tostring(why))) end
  return self
end

--- Lets a sweep follow: rows that are there lack values of properties that came. One that has begun begins anew.
function methods:need_sweep()
  self.state.sweep_reason = "properties"
  if self.state.phase == "sweep" then
    self.state.phase, self.state.place = "follow", nil
  end
  self:save()
end

--- Options of a read of many, with others.
function methods:reading(more)
  local options = { properties = self.asked, deadline = DEADLINE }
  for name, value in pairs(more or {}) do
    options[name] = value
  end
  return options
end

--- Writes the state, in the transaction that is open.
function methods:save()
  self.state.misfits = self.state.misfits + self.records.counts.misfits
  self.records.counts.misfits = 0
  state.write(self.run.database, self.state)
end

--- Notes records whose associations are to be read, in the transaction that is open: a run that ends before it reads
-- them leaves that to the next one.
function methods:touch(ids)
  local rows = {}
  for index, id in ipairs(ids) do
    rows[index] = { self.name, id }
  end
  self.run.database:upsert(tables.by_name.mirror_touched.into, rows)
end

--- The merges that records tell of.
-- @tparam table list records
-- @treturn table of `{ id =, into = }`
function methods:merges_of(list)
  local merges = {}
  for _, record in ipairs(list) do
    for _, name in ipairs(self.kind.merged) do
      for item in (record.properties[name] or ""):gmatch "[^;]+" do
        local id = item:match "^%s*(%d+)"
        if id and id ~= record.id then merges[#merges + 1] = { id = id, into = record.id } end
      end
    end
  end
  return merges
end

--- Tells whether HubSpot still has any of some records that the mirror has live.
-- @treturn boolean
function methods:is_alive()
  local ids = self.records:live_ids "LIMIT 100"
  return #ids > 0 and #must(self.resource:get_many(ids, { deadline = DEADLINE })) > 0
end

--- Finds out by their ids what became of records that no list has.
-- @tparam table ids texts
-- @treturn table as `hubspot.mirror.trace` gives it
function methods:trace(ids) return trace(self.resource, ids, self:reading()) end

--- Writes what became of records, but for those that are gone.
-- @tparam table found as `trace` gives it
function methods:settle(found)
  self:touch(self.records:write(found.live))
  self.records:merge(found.merges)
  self.records:archive(found.archived, found.whole)
  -- No window tells of these once the table has the record that is left.
  self.records:merge(self:merges_of(found.live))
  self.records:merge(self:merges_of(found.archived))
end

--- Writes that records are gone.
-- @tparam table ids texts
function methods:drop(ids)
  if self.run.options.hard_deletes then
    self.records:delete(ids)
  else
    self.records:gone(ids)
  end
end

return part
