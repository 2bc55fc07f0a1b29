--- Exports that are not of CRM records, a row each. `takes` names the options that it takes besides those of the file,
-- `needs` one that must be given, `more` the arguments after its name, without which it works where `may_be_alone` is
-- set; `columns` its columns with the fields that they show, and `open` makes its reader.
-- @module hubspot.command.export.sources

local associated = require "hubspot.command.export.associated"
local readers = require "hubspot.command.export.readers"
local records = require "hubspot.command.export.records"
local texts = require "hubspot.command.export.texts"

local sources = {}

-- One field of each table of a list.
local function each_of(list, field)
  local values = {}
  for index, one in ipairs(list or {}) do
    values[index] = one[field]
  end
  return #values > 0 and values or nil
end

-- A row for each stage of the pipelines.
local function stages_of(pipelines)
  local rows = {}
  for _, pipeline in ipairs(pipelines) do
    for _, stage in ipairs(pipeline.stages) do
      stage.pipelineId, stage.pipelineLabel, stage.pipelineOrder = pipeline.id, pipeline.label, pipeline.displayOrder
      rows[#rows + 1] = stage
    end
  end
  return rows
end

-- A row for each type of each association.
local function types_of(found)
  local rows = {}
  for _, record in ipairs(found) do
    for _, to in ipairs(record.to) do
      for _, one in ipairs(to.types) do
        rows[#rows + 1] =
          { from = record.id, to = to.id, category = one.category, typeId = one.typeId, label = one.label }
      end
    end
  end
  return rows
end

local function open_associations(plan, cursor)
  local from_type, to_type = plan.more[1], plan.more[2]
  local ids = readers.of_iterator(plan.client:objects(from_type):all {
    properties = { "hs_object_id" },
    parallel = plan.parallel,
    ordered = true,
    cursor = cursor,
  })
  return readers.gathered(
    ids,
    associated.A_REQUEST,
    function(rows) return types_of(associated.read(plan.client, from_type, rows, to_type)) end
  )
end

local function of_iterator(make)
  return function(plan, cursor) return readers.of_iterator(make(plan, cursor)) end
end

sources.named = {
  associations = {
    about = "associations between two types, a row each",
    more = { "FROM", "TO" },
    takes = { parallel = true },
    columns = {
      { "from_id", "from" },
      { "to_id", "to" },
      { "category", "category" },
      { "type_id", "typeId" },
      { "label", "label" },
    },
    open = open_associations,
  },
  campaigns = {
    about = "e-mail campaigns",
    columns = { { "id", "id" }, { "app_id", "appId" }, { "app_name", "appName" } },
    open = of_iterator(function(plan, cursor) return plan.client.campaigns:all { cursor = cursor } end),
  },
  ["email-events"] = {
    about = "what happened to e-mails, the latest first",
    takes = { since = true },
    columns = {
      { "id", "id" },
      { "created", "created" },
      { "type", "type" },
      { "recipient", "recipient" },
      { "app_id", "appId" },
      { "campaign_id", "emailCampaignId" },
      { "subject", "subject" },
      { "url", "url" },
      { "category", "category" },
      { "status", "status" },
      { "reason", "reason" },
      { "sent_by_id", function(row) return row.sentBy and row.sentBy.id end },
      { "sent_by_created", function(row) return row.sentBy and row.sentBy.created end },
    },
    open = of_iterator(
      function(plan, cursor) return plan.client.email_events:all { from = plan.since, cursor = cursor } end
    ),
  },
  ["list-members"] = {
    about = "ids of the records in a list",
    needs = "list",
    takes = { list = true },
    columns = {
      { "list_id", "listId" },
      { "record_id", "recordId" },
      { "joined_at", "membershipTimestamp" },
    },
    open = function(plan, cursor)
      local members = readers.of_iterator(plan.client.lists:contacts(plan.list, { raw = true, cursor = cursor }))
      return readers.gathered(members, 1, function(rows)
        for _, row in ipairs(rows) do
          row.listId = plan.list
        end
        return rows
      end)
    end,
  },
  lists = {
    about = "lists of contacts, or of a type of records",
    more = { "TYPE" },
    may_be_alone = true,
    columns = {
      { "id", "listId" },
      { "name", "name" },
      { "processing_type", "processingType" },
      { "processing_status", "processingStatus" },
      { "object_type_id", "objectTypeId" },
      { "size", "size" },
      { "created_at", "createdAt" },
      { "updated_at", "updatedAt" },
    },
    open = of_iterator(
      function(plan, cursor) return plan.client.lists:all { object_type = plan.more[1], cursor = cursor } end
    ),
  },
  owners = {
    about = "owners",
    takes = { archived = true },
    columns = {
      { "id", "id" },
      { "email", "email" },
      { "first_name", "firstName" },
      { "last_name", "lastName" },
      { "type", "type" },
      { "user_id", "userId" },
      { "teams", function(row) return each_of(row.teams, "name") end },
      { "created_at", "createdAt" },
      { "updated_at", "updatedAt" },
      { "archived", "archived" },
    },
    open = of_iterator(
      function(plan, cursor) return plan.client.owners:all { archived = plan.archived or nil, cursor = cursor } end
    ),
  },
  pipelines = {
    about = "stages of a type's pipelines, a row each",
    more = { "TYPE" },
    columns = {
      { "pipeline_id", "pipelineId" },
      { "pipeline_label", "pipelineLabel" },
      { "pipeline_order", "pipelineOrder" },
      { "stage_id", "id" },
      { "stage_label", "label" },
      { "stage_order", "displayOrder" },
      { "metadata", "metadata" },
      { "archived", "archived" },
    },
    open = function(plan)
      return readers.of_list(function()
        local pipelines, err = plan.client.pipelines:all(plan.more[1])
        return pipelines and stages_of(pipelines), err
      end)
    end,
  },
  properties = {
    about = "definitions of a type's properties",
    more = { "TYPE" },
    takes = { archived = true },
    columns = {
      { "name", "name" },
      { "label", "label" },
      { "type", "type" },
      { "field_type", "fieldType" },
      { "group_name", "groupName" },
      { "description", "description" },
      { "options", function(row) return each_of(row.options, "value") end },
      { "option_labels", function(row) return each_of(row.options, "label") end },
      { "has_unique_value", "hasUniqueValue" },
      { "calculated", "calculated" },
      { "read_only", function(row) return (row.modificationMetadata or {}).readOnlyValue end },
      { "hidden", "hidden" },
      { "archived", "archived" },
    },
    open = function(plan)
      return readers.of_list(
        function() return plan.client.properties:all { object_type = plan.more[1], archived = plan.archived or nil } end
      )
    end,
  },
}

local function cells_of(columns, row)
  local cells = {}
  for index, column in ipairs(columns) do
    local field = column[2]
    if type(field) == "function" then
      cells[index] = texts.of(field(row))
    else
      cells[index] = texts.of(row[field])
    end
  end
  return cells
end

-- Opens a source whose rows are shown as they are.
local function open_named(declared, plan, cursor)
  local names = {}
  for index, column in ipairs(declared.columns) do
    names[index] = column[1]
  end
  return {
    reader = declared.open(plan, cursor),
    columns = names,
    cells = function(rows)
      local list = {}
      for index, row in ipairs(rows) do
        list[index] = cells_of(declared.columns, row)
      end
      return list
    end,
    value = function(row) return row end,
  }
end

--- Opens what a plan exports.
-- @tparam table plan as `hubspot.command.export.plan` makes it
-- @tparam ?table resolved what an earlier process settled, from `resolved` of its source
-- @tparam ?string cursor
-- @treturn table `reader`; `columns`, names; `cells`, function(rows) that returns a list of texts for
--   each; `value`, function(row) that returns the row as JSON Lines have it; and `resolved`
function sources.open(plan, resolved, cursor)
  local declared = sources.named[plan.object]
  if declared then return open_named(declared, plan, cursor) end
  return records.open(plan, resolved, cursor)
end

--- Counts the rows of a plan; nil where that is not known.
function sources.count(plan)
  if sources.named[plan.object] then return nil end
  return records.count(plan)
end

return sources
