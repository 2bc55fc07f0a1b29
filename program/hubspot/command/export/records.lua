--- Records of a CRM type as the rows of an export.
-- @module hubspot.command.export.records

local core = require "hubspot.core"
local associated = require "hubspot.command.export.associated"
local fail = require "hubspot.command.fail"
local field_of_each = require "hubspot.field_of_each"
local filters = require "hubspot.command.export.filters"
local id_file = require "hubspot.command.export.id_file"
local labels = require "hubspot.command.export.labels"
local named_properties = require "hubspot.command.named_properties"
local properties = require "hubspot.command.export.properties"
local readers = require "hubspot.command.export.readers"
local record_columns = require "hubspot.command.record_columns"
local texts = require "hubspot.command.export.texts"
local types = require "hubspot.object.types"

local records = {}

local function type_of(object) return types.find(object) or types.custom(object) end

-- Fails where the values of filters are none that their properties can have.
local function check_filters(plan, definitions)
  local problems = {}
  for _, filter in ipairs(plan.filter) do
    local problem = filters.problem(filter, definitions[filter.propertyName])
    if problem then problems[#problems + 1] = "--filter: " .. problem end
  end
  if problems[1] then fail.usages(problems) end
end

-- The definitions of the properties that the options name. Fails where there are none of a name.
local function definitions_of(plan)
  local filtered = {}
  for index, filter in ipairs(plan.filter) do
    filtered[index] = filter.propertyName
  end
  local definitions = named_properties.read(plan.client, plan.object, {
    { flag = "--properties", names = plan.properties and plan.properties.names or {} },
    { flag = "--filter", names = filtered },
  })
  check_filters(plan, definitions)
  return definitions
end

-- The filters of `--filter` and `--since`, of which all must hold.
local function filters_of(plan)
  local list = {}
  for index, filter in ipairs(plan.filter) do
    list[index] = filters.spelled(filter, plan.definitions[filter.propertyName])
  end
  if plan.since then
    local changed = type_of(plan.object).changed
    list[#list + 1] = { propertyName = changed, operator = "GTE", value = ("%.0f"):format(plan.since) }
  end
  return list
end

-- Readers ----------------------------------------------------------------------------------------------------------

local function reader_by_ids(plan, ids, names)
  local api = plan.client:objects(plan.object)
  return readers.by_ids(plan.client, ids, {
    parallel = plan.parallel,
    on_missing = function(id)
      local missing = plan.missing
      missing.count, missing.first = missing.count + 1, missing.first or id
    end,
    read = function(list) return api:get_many(list, { properties = names, archived = plan.archived or nil }) end,
  })
end

-- Fails where a list has records of another type: their ids are those of others here, or of none.
local function check_list(plan)
  local list, err = plan.client.lists:get(plan.list)
  if not list then fail.hubspot(err) end
  local id = type_of(plan.object).id
  if not id or list.objectTypeId == id then return end
  local other = types.find(list.objectTypeId)
  local records_of_it = other and other.name or "records of " .. list.objectTypeId
  fail.usage(("list %s has %s, not %s"):format(plan.list, records_of_it, plan.object))
end

-- The ids of a list's members: HubSpot's own answers name nothing else.
local function members_of(plan, cursor)
  check_list(plan)
  local members = readers.of_iterator(plan.client.lists:contacts(plan.list, { raw = true, cursor = cursor }))
  return readers.gathered(members, 1, function(rows)
    local ids = {}
    for index, member in ipairs(rows) do
      ids[index] = { id = texts.of(member.recordId) }
    end
    return ids
  end)
end

local function base_reader(plan, names, cursor)
  local api = plan.client:objects(plan.object)
  if plan.ids then return reader_by_ids(plan, id_file.open(plan.ids, cursor), names) end
  if plan.list then return reader_by_ids(plan, members_of(plan, cursor), names) end
  local list = filters_of(plan)
  if #list > 0 then
    return readers.of_iterator(api:search("", {
      properties = names,
      filter_groups = { { filters = list } },
      cursor = cursor,
      max = plan.left,
    }))
  end
  return readers.of_iterator(api:all {
    properties = names,
    archived = plan.archived or nil,
    parallel = plan.parallel,
    -- Another process must write the same file.
    ordered = true,
    cursor = cursor,
    max = plan.left,
  })
end

-- Associations -----------------------------------------------------------------------------------------------------

-- Puts the ids of the records of a type that each record is associated with into the rows.
local function add_associations(plan, rows, to_type)
  local by_id = {}
  for _, one in ipairs(associated.read(plan.client, plan.object, rows, to_type)) do
    by_id[one.id] = field_of_each(one.to, "id")
  end
  for _, row in ipairs(rows) do
    row.associated = row.associated or {}
    row.associated[to_type] = by_id[row.id] or {}
  end
end

local function with_associations(plan, reader)
  if #plan.associations == 0 then return reader end
  return readers.gathered(reader, associated.A_REQUEST, function(rows)
    for _, to_type in ipairs(plan.associations) do
      add_associations(plan, rows, to_type)
    end
    return rows
  end)
end

-- Rows -------------------------------------------------------------------------------------------------------------

-- Puts labels in the place of values, of the properties that have any.
local function relabel(record, by_property)
  local values = record.properties
  for name, map in pairs(by_property) do
    local value = values[name]
    if value then values[name] = labels.of(map, value) end
  end
end

local function columns_of(plan, names)
  local columns, others = {}, {}
  for index = 1, plan.archived and 4 or 3 do
    columns[index] = record_columns.OWN[index]
  end
  for _, to_type in ipairs(plan.associations) do
    others[to_type] = true
  end
  local first = #columns
  for index, column in ipairs(record_columns.of_properties(names, others)) do
    columns[first + index] = column
  end
  for _, to_type in ipairs(plan.associations) do
    columns[#columns + 1] = to_type
  end
  return columns, first
end

-- HubSpot gives every value as a text.
local function text_values(record)
  local values = record.properties
  if core.are_texts(values) then return values end
  local converted = {}
  for name, value in pairs(values) do
    converted[name] = texts.of(value)
  end
  return converted
end

-- A function that gives the cells of records, a list for each. These are the same each time: they are filled for every
-- page.
local function cells_function(plan, names, first)
  local to_types, count = plan.associations, #names
  local filled = {}
  local function fill(cells, record)
    local values = text_values(record)
    cells[1], cells[2], cells[3] = record.id, record.createdAt or "", record.updatedAt or ""
    if plan.archived then cells[4] = record.archivedAt or "" end
    for index = 1, count do
      cells[first + index] = values[names[index]] or ""
    end
    for index, to_type in ipairs(to_types) do
      cells[first + count + index] = table.concat(record.associated[to_type], ";")
    end
    return cells
  end
  return function(rows)
    local list = {}
    for place, record in ipairs(rows) do
      filled[place] = fill(filled[place] or {}, record)
      list[place] = filled[place]
    end
    return list
  end
end

-- A function that gives a record as JSON Lines have it: only with what was asked for, as HubSpot's API spells it. The
-- tables are the same each time.
local function value_function(plan, names)
  local value, values = {}, {}
  value.properties = values
  return function(record)
    local given = record.properties
    for index = 1, #names do
      local name = names[index]
      values[name] = given[name]
    end
    value.id, value.archived, value.archivedAt = record.id, record.archived, record.archivedAt
    value.createdAt, value.updatedAt = record.createdAt, record.updatedAt
    for _, to_type in ipairs(plan.associations) do
      value.associations = value.associations or {}
      value.associations[to_type] = texts.array(record.associated[to_type])
    end
    return value
  end
end

local function with_labels(reader, by_property)
  return readers.gathered(reader, 1, function(rows)
    for _, row in ipairs(rows) do
      relabel(row, by_property)
    end
    return rows
  end)
end

--- Opens the records that a plan is of.
-- @tparam table plan as `hubspot.command.export.plan` makes it
-- @tparam ?table resolved what an earlier process settled, from `resolved` of its source
-- @tparam ?string cursor
-- @treturn table a source
function records.open(plan, resolved, cursor)
  plan.definitions = definitions_of(plan)
  local names = resolved and resolved.properties or properties.names(plan.client, plan.object, plan.properties)
  local columns, first = columns_of(plan, names)
  local reader = base_reader(plan, names, cursor)
  if plan.labels then reader = with_labels(reader, labels.read(plan.client, plan.object, names)) end
  return {
    reader = with_associations(plan, reader),
    columns = columns,
    cells = cells_function(plan, names, first),
    value = value_function(plan, names),
    resolved = { properties = names },
  }
end

--- Counts the records of a plan that was opened; nil where that is not known.
-- @tparam table plan
-- @treturn ?integer
function records.count(plan)
  if plan.ids or plan.list or plan.archived then return nil end
  local list = filters_of(plan)
  local groups = #list > 0 and { { filters = list } } or nil
  return (plan.client:objects(plan.object):count { filter_groups = groups })
end

return records
