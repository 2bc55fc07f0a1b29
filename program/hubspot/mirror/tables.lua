--- The tables of a mirror that are the same in each, by their names. A column is `{ name, kind }`; `key` names those of
-- the primary key.
-- @module hubspot.mirror.tables

local tables = {}

local function text(name) return { name = name, kind = "text" } end

local function id(name) return { name = name, kind = "id" } end

local function time(name) return { name = name, kind = "time" } end

-- A time at which something was seen: a row that differs in nothing else is not written again.
local function noted(name) return { name = name, kind = "time", is_noted = true } end

local function flag(name) return { name = name, kind = "boolean" } end

local function json(name) return { name = name, kind = "json" } end

local PAIR = { "from_object", "from_id", "to_object", "to_id", "category", "type_id" }

tables.list = {
  {
    name = "associations",
    key = PAIR,
    columns = {
      text "from_object",
      id "from_id",
      text "to_object",
      id "to_id",
      text "category",
      id "type_id",
      text "label",
      noted "seen_at",
    },
    indexes = { { "to_object", "to_id" } },
  },
  {
    name = "merges",
    key = { "object", "old_id" },
    columns = { text "object", id "old_id", id "id", time "seen_at" },
    indexes = { { "object", "id" } },
  },
  {
    name = "lists",
    key = { "list_id" },
    columns = {
      id "list_id",
      text "name",
      text "object",
      text "processing_type",
      id "size",
      time "created_at",
      time "updated_at",
      json "filters",
    },
  },
  {
    name = "list_members",
    key = { "list_id", "record_id" },
    columns = { id "list_id", text "object", id "record_id", time "added_at" },
    indexes = { { "object", "record_id" } },
  },
  {
    name = "owners",
    key = { "id" },
    columns = {
      id "id",
      text "email",
      text "first_name",
      text "last_name",
      id "user_id",
      flag "archived",
      time "created_at",
      time "updated_at",
    },
  },
  {
    name = "pipelines",
    key = { "object", "id" },
    columns = { text "object", text "id", text "label", id "display_order", flag "archived" },
  },
  {
    name = "stages",
    key = { "object", "pipeline_id", "id" },
    columns = { text "object", text "pipeline_id", text "id", text "label", id "display_order", json "metadata" },
  },
  {
    name = "properties",
    key = { "object", "name" },
    columns = {
      text "object",
      text "name",
      text "label",
      text "type",
      text "field_type",
      text "group_name",
      text "description",
      flag "calculated",
    },
  },
  {
    name = "property_options",
    key = { "object", "property", "value" },
    columns = { text "object", text "property", text "value", text "label", id "display_order", flag "hidden" },
  },
  {
    name = "email_events",
    key = { "id", "created" },
    columns = {
      text "id",
      time "created",
      text "type",
      text "recipient",
      id "app_id",
      id "campaign_id",
      json "extra",
    },
    indexes = { { "created" }, { "recipient" } },
  },
  {
    name = "changes",
    sequence = "seq",
    columns = { time "at", text "op", text "object", id "id", id "into", json "changed" },
    indexes = { { "at" } },
  },
  {
    name = "mirror_columns",
    key = { "object", "property", "kind" },
    columns = { text "object", text "property", text "kind", text "name", time "added_at", time "gone_at" },
  },
  {
    name = "mirror_views",
    key = { "name" },
    columns = { text "name", text "definition" },
  },
  {
    name = "mirror_lists",
    key = { "list_id" },
    columns = { id "list_id", text "mark" },
  },
  {
    name = "mirror_seen",
    key = { "object", "id" },
    columns = { text "object", id "id" },
  },
  {
    name = "mirror_touched",
    key = { "object", "id" },
    columns = { text "object", id "id" },
  },
  {
    name = "mirror_pairs",
    key = { "from_object", "to_object" },
    columns = { text "from_object", text "to_object", flag "is_read" },
  },
  {
    name = "mirror_state",
    key = { "object" },
    columns = {
      text "object",
      text "phase",
      text "cursor",
      text "place",
      time "followed_at",
      time "swept_at",
      text "sweep_reason",
      id "missed",
      id "misfits",
    },
  },
  {
    name = "mirror_runs",
    sequence = "run",
    columns = { time "began_at", time "ended_at", text "outcome", id "written", text "message" },
  },
}

tables.by_name = {}

for _, one in ipairs(tables.list) do
  one.into = { table = one.name, key = one.key, columns = one.columns }
  tables.by_name[one.name] = one
end

return tables
