--- Views of what is live: records that are neither archived, merged nor gone, with labels for the values of
-- enumerations; and the associations of each pair of types.
-- @module hubspot.mirror.views

local fitting = require("hubspot.mirror.columns").fitting
local interrupt = require "hubspot.interrupt"
local schema = require "hubspot.mirror.schema"
local tables = require "hubspot.mirror.tables"

local views = {}

-- PostgreSQL's limit of what a SELECT gives is 1,664.
local MOST = 1600

-- Properties whose values name something that other tables hold.
local PIPELINES = { pipeline = true, hs_pipeline = true }
local STAGES = { dealstage = true, hs_pipeline_stage = true }
local OWNER = "hubspot_owner_id"

local function option_label(database, object, column)
  return ("(SELECT o.label FROM property_options o WHERE o.object = %s AND o.property = %s AND o.value = t.%s)"):format(
    database:literal(object),
    database:literal(column.property),
    database:quote(column.name)
  )
end

local function label_in(database, table_name, object, column)
  return ("(SELECT min(p.label) FROM %s p WHERE p.object = %s AND p.id = t.%s)"):format(
    table_name,
    database:literal(object),
    database:quote(column.name)
  )
end

local function owner_email(database, column)
  return ("(SELECT w.email FROM owners w WHERE CAST(w.id AS text) = t.%s)"):format(database:quote(column.name))
end

-- The label of a column's values: `{ name, expression }`; nil where they are what they are.
local function label_of(database, object, column, definition)
  if PIPELINES[column.property] then return "pipeline_label", label_in(database, "pipelines", object, column) end
  if STAGES[column.property] then return "stage_label", label_in(database, "stages", object, column) end
  if column.kind ~= "text" then return nil end
  if column.property == OWNER then return "owner_email", owner_email(database, column) end
  if definition and definition.options and #definition.options > 0 then
    return column.name .. "_label", option_label(database, object, column)
  end
  return nil
end

local function labels(database, object, columns, definitions)
  local taken, by_name, found = {}, {}, {}
  for _, definition in ipairs(definitions) do
    by_name[definition.name] = definition
  end
  for _, column in ipairs(columns.list) do
    taken[column.name:lower()] = true
  end
  for _, column in ipairs(columns.list) do
    local name, expression = label_of(database, object, column, by_name[column.property])
    if name and #name <= 63 and not taken[name:lower()] and #columns.list + #found < MOST then
      taken[name:lower()] = true
      found[#found + 1] = ("%s AS %s"):format(expression, database:quote(name))
    end
  end
  return found
end

-- The definition of the view of a type's live records.
local function live(database, object, columns, definitions)
  local parts = { "t.id", "t.created_at", "t.updated_at" }
  for _, column in ipairs(columns.list) do
    parts[#parts + 1] = "t." .. database:quote(column.name)
  end
  for _, label in ipairs(labels(database, object, columns, definitions)) do
    parts[#parts + 1] = label
  end
  parts[#parts + 1] = "t.extra"
  return ("SELECT %s FROM %s t WHERE t.archived_at IS NULL AND t.merged_into IS NULL AND t.gone_at IS NULL"):format(
    table.concat(parts, ", "),
    database:quote(schema.table_name(object))
  )
end

local INTO = tables.by_name.mirror_views.into

-- A view that others are made of can't be dropped by PostgreSQL: then it stays as it was.
local function replace(database, name, definition)
  local known =
    database:query(("SELECT definition FROM mirror_views WHERE name = %s"):format(database:literal(name)))[1]
  local is_there = next(database.dialect.columns(database, name)) ~= nil
  if is_there and known and known.definition == definition then return true end
  return interrupt.pcall(database.transaction, database, function()
    database:execute("DROP VIEW IF EXISTS " .. database:quote(name))
    database:execute(("CREATE VIEW %s AS %s"):format(database:quote(name), definition))
    database:upsert(INTO, { { name, definition } })
  end)
end

--- Makes the view of a type's live records, where its columns or labels are others.
-- @tparam table database
-- @tparam string object
-- @tparam table definitions of its properties
-- @treturn boolean false where it had to stay as it was
-- @return why
function views.refresh(database, object, definitions)
  local columns = schema.columns(database, object)
  return replace(database, fitting(schema.table_name(object) .. "_live"), live(database, object, columns, definitions))
end

--- Makes the view of the associations of a pair of types: a row for each two records and each type of association.
function views.refresh_pair(database, from, to)
  local first, second = schema.table_name(from), schema.table_name(to)
  local definition = (
    "SELECT from_id AS %s, to_id AS %s, category, type_id, label FROM associations WHERE from_object = %s AND "
    .. "to_object = %s"
  ):format(
    database:quote(first .. "_id"),
    database:quote((first == second and "other_" or "") .. second .. "_id"),
    database:literal(from),
    database:literal(to)
  )
  return replace(database, fitting(first .. "_" .. second), definition)
end

return views
