--- The subcommand `mirror`: keeps a copy of HubSpot's records in SQLite or PostgreSQL.

local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local option_values = require "hubspot.command.option_values"

-- Reading options --------------------------------------------------------------------------------------------------

-- Kinds that a mirror has of its own accord.
local COME_ALONG = { lists = true, owners = true, pipelines = true, properties = true }

local function read_objects(text)
  local names, problem = option_values.names(text)
  for _, name in ipairs(names or {}) do
    if COME_ALONG[name] then return nil, ("names types of records; their %s come along"):format(name) end
  end
  return names, problem
end

local function read_associations(text)
  if text == "auto" or text == "none" then return text end
  local list = {}
  for _, pair in ipairs(option_values.names(text) or {}) do
    local from, to = pair:match "^([%w_]+)-([%w_]+)$"
    if not from then return nil, "must be auto, none, or pairs such as contacts-companies,deals-contacts" end
    list[#list + 1] = { from, to }
  end
  return list
end

local function read_lists(text)
  if text == "all" or text == "none" then return text end
  local ids = option_values.names(text) or {}
  for _, id in ipairs(ids) do
    if not id:find "^%d+$" then return nil, "must be all, none, or ids of lists" end
  end
  return ids
end

local function read_deletes(text)
  local percent = tonumber(text:match "^(%d+)%%$" or nil)
  if percent and percent <= 100 then return { fraction = percent / 100 } end
  if text:find "^%d+$" and #text < 10 then return { count = tonumber(text) } end
  return nil, "must be a share such as 5%, or a number of records"
end

local function read_properties(text)
  if text == "all" then return "all" end
  return option_values.names(text)
end

-- Running ----------------------------------------------------------------------------------------------------------

local function run(context)
  if not context.options.db then fail.usage "--db is missing: sqlite:FILE or postgresql://…" end
  return require("hubspot.command.mirror.actions")[context.arguments.action or "run"](context)
end

return {
  name = "mirror",
  summary = "Keeps a copy of HubSpot's records in SQLite or PostgreSQL, whole and up to date.",
  arguments = {
    {
      name = "action",
      takes = "ACTION",
      optional = true,
      choices = { "run", "status", "verify", "schema" },
      about = "run (the default); status: how far it is; verify: compare it with HubSpot; schema: its DDL",
    },
  },
  options = {
    {
      name = "db",
      takes = "ADDRESS",
      read = option_values.database,
      about = "sqlite:FILE or postgresql://USER@HOST/DATABASE",
    },
    {
      name = "objects",
      takes = "TYPES",
      read = read_objects,
      about = "types of records, and email-events; contacts,companies,deals,tickets when left out",
    },
    {
      name = "associations",
      takes = "PAIRS",
      read = read_associations,
      about = "auto (the default: each type with each other), none, or pairs such as contacts-deals",
    },
    { name = "lists", takes = "LISTS", read = read_lists, about = "all (the default), none, or ids of lists" },
    {
      name = "properties",
      takes = "NAMES",
      read = read_properties,
      about = "names of properties, or all (the default)",
    },
    { name = "schema", takes = "NAME", about = "PostgreSQL's schema; it is made where there is none" },
    {
      name = "every",
      takes = "SPAN",
      read = option_values.span,
      about = "run again after this time, until it is ended",
    },
    { name = "overlap", takes = "SPAN", read = option_values.span, about = "read the changes of this time again (1h)" },
    {
      name = "sweep",
      takes = "WHEN",
      choices = { "auto", "now", "never" },
      about = "when to read all records again: auto (each 7 days), now or never",
    },
    {
      name = "max_deletes",
      takes = "N|N%",
      read = read_deletes,
      about = "stop where HubSpot lacks more than this of what the mirror has (5%, or 20)",
    },
    { name = "hard_deletes", about = "delete the rows of records that are gone, and don't mark them" },
    {
      name = "log_changes",
      takes = "SPAN",
      read = option_values.span,
      about = "keep the log of changes this long (30d)",
    },
    {
      name = "parallel",
      takes = "N",
      read = option_values.whole_number(1),
      about = "requests at a time in a first copy and a sweep (8)",
    },
    {
      name = "sample",
      takes = "N",
      read = option_values.whole_number(1),
      about = "of verify: compare N records of each type, not all",
    },
  },
  exits = { exit_codes.DIFFERENCES },
  examples = {
    { "hubspot-lua mirror --db sqlite:crm.db --every 5m", "keeps crm.db up to date, until it is ended" },
    { "hubspot-lua mirror status --db sqlite:crm.db", "how far it is, a line of JSON a type" },
    { "hubspot-lua mirror verify --db sqlite:crm.db", "compares it with HubSpot, and ends with 6 where it differs" },
  },
  run = run,
}
