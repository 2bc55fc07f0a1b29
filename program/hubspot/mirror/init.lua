--- A copy of HubSpot's records in a SQL database, which each run brings up to date. It may be ended at any moment: rows
-- and the state that follows from them are written together.
-- @module hubspot.mirror

local associations = require "hubspot.mirror.associations"
local catalog = require "hubspot.mirror.catalog"
local copy = require "hubspot.mirror.copy"
local database_failure = require("hubspot.mirror.database").is_failure
local did_you_mean = require("hubspot.did_you_mean").hint
local email_events = require "hubspot.mirror.email_events"
local failure = require "hubspot.mirror.failure"
local follow = require "hubspot.mirror.follow"
local lists = require "hubspot.mirror.lists"
local part = require "hubspot.mirror.part"
local schema = require "hubspot.mirror.schema"
local tables = require "hubspot.mirror.tables"
local time = require "hubspot.time"
local types = require "hubspot.object.types"
local value = require "hubspot.mirror.value"
local verify = require "hubspot.mirror.verify"

local mirror = {}

local methods = {}
local metatable = { __name = "hubspot.mirror.Run", __index = methods }

--- The options of a mirror that says nothing of them.
mirror.DEFAULTS = {
  objects = { "contacts", "companies", "deals", "tickets" },
  associations = "auto",
  association_requests = 200,
  lists = "all",
  overlap = 3600,
  parallel = 8,
  sweep = "auto",
  sweep_every = 7 * 86400,
  max_deletes = { fraction = 0.05 },
  log_changes = 30 * 86400,
}

local function now_ms() return os.time() * 1000 end

--- Tells the caller something.
function methods:note(text) self.options.on_note(text) end

--- Tells the caller of work that was done.
function methods:progress(what, count) self.options.on_progress(what, count) end

--- Ends the run.
function methods.fail(_, message) failure.throw(message) end

local function has_pipelines(one)
  for _, name in ipairs(one.names) do
    if name == "pipeline" or name == "hs_pipeline" then return true end
  end
  return false
end

local function is_due(run, current)
  local wanted = run.options.sweep
  if wanted == "now" then return true end
  if wanted == "never" then return false end
  local last = current.swept_at and time.from_iso(current.swept_at) or 0
  return current.sweep_reason ~= nil or run.now_ms() - last >= run.options.sweep_every * 1000
end

-- One type of records: its first copy, what changed since, and the sweep where it is due.
local function run_part(run, name)
  local one, is_copied = part.new(run, name), false
  run.parts[name] = one
  if has_pipelines(one) then catalog.pipelines(run, name) end
  if one.state.phase == nil or one.state.phase == "copy" then
    copy.run(one)
    is_copied = true
  end
  follow.run(one)
  if one.state.phase == "sweep" or (not is_copied and is_due(run, one.state)) then copy.sweep(one) end
  run.counts.written = run.counts.written + one.records.counts.written
end

-- The newest line of the log stays: who has read it knows from it that no other one was lost.
local function prune(run)
  local before = time.to_iso(run.now_ms() - run.options.log_changes * 1000)
  local condition = ("at < %s AND seq < (SELECT max(seq) FROM changes)"):format(run.database:literal(before))
  run.database:execute("DELETE FROM changes WHERE " .. condition)
  run.database:execute("DELETE FROM mirror_runs WHERE began_at < " .. run.database:literal(before))
end

local function note_missing_properties(run)
  for _, name in ipairs(run.options.properties or {}) do
    if not run.found_properties[name] then
      run:note(("no type of the mirror has a property %s%s"):format(name, did_you_mean(name, run.found_properties)))
    end
  end
end

local function run_all(run)
  schema.prepare(run.database)
  catalog.owners(run)
  for _, name in ipairs(run.options.objects) do
    run_part(run, name)
  end
  note_missing_properties(run)
  associations.run(run)
  lists.run(run)
  if run.options.email_events then email_events.run(run) end
  prune(run)
end

local function note_run(run, began_at, outcome, message)
  run.database:upsert(
    tables.by_name.mirror_runs.into,
    { { began_at, run.now(), outcome, run.counts.written, value.text(message) } }
  )
end

local function is_expected(problem)
  return database_failure(problem) or failure.is(problem) or require("hubspot.error").is_error(problem)
end

--- Names of types, each once, as its table has them.
-- @tparam table names as somebody gives them
-- @treturn table
function mirror.names_of_types(names)
  local list, taken = {}, {}
  for _, name in ipairs(names) do
    local row = types.find(name)
    name = row and row.name or name
    if not taken[name] then
      taken[name], list[#list + 1] = true, name
    end
  end
  return list
end

local function new_run(client, database, options)
  local chosen = { on_note = function() end, on_progress = function() end }
  for _, set in ipairs { mirror.DEFAULTS, options or {} } do
    for name, item in pairs(set) do
      chosen[name] = item
    end
  end
  chosen.objects = mirror.names_of_types(chosen.objects)
  return setmetatable({
    client = client,
    database = database,
    options = chosen,
    given_objects = options and options.objects,
    given_associations = options and options.associations,
    now_ms = now_ms,
    now = function() return time.to_iso(now_ms()) end,
    parts = {},
    found_properties = {},
    counts = { written = 0 },
  }, metatable)
end

-- Calls a function that throws what is expected; gives nil and that.
local function attempt(fn, run)
  local succeeded, result = pcall(fn, run)
  if succeeded then return result end
  if not is_expected(result) then error(result, 0) end
  return nil, result
end

--- Brings a mirror up to date.
-- @tparam client client
-- @tparam table database that is open, and locked
-- @tparam[opt] table options as `DEFAULTS` has them, and `properties` (names; all when left out), `email_events`,
--   `hard_deletes` (booleans), `on_note` (function(text)), `on_progress` (function(what, count))
-- @treturn ?table `{ written = }`, how many rows; or nil and an error of the client, the database or the mirror
function mirror.run(client, database, options)
  local run = new_run(client, database, options)
  local began_at = run.now()
  local done, problem = attempt(function()
    run_all(run)
    note_run(run, began_at, "done")
    return run.counts
  end)
  if not done and not database_failure(problem) then
    attempt(function() note_run(run, began_at, "failed", tostring(problem)) end)
  end
  return done, problem
end

--- The statements that a mirror is made with.
-- @tparam client client
-- @tparam table database which need not be open
-- @tparam[opt] table options as for `mirror.run`
-- @treturn ?table texts; or nil and an error of the client or the mirror
function mirror.schema(client, database, options)
  return attempt(function(run)
    local definitions = {}
    for _, name in ipairs(run.options.objects) do
      definitions[name] = part.definitions(run, name)
    end
    return schema.describe(database, definitions)
  end, new_run(client, database, options))
end

--- Compares a mirror with HubSpot: of what the options don't name, all that runs of the mirror have read.
-- @tparam client client
-- @tparam table database
-- @tparam[opt] table options as for `mirror.run`, and `sample`, how many records of each type are compared; all when
--   left out
-- @treturn ?table as `hubspot.mirror.verify` gives it; or nil and an error
function mirror.verify(client, database, options) return attempt(verify.run, new_run(client, database, options)) end

return mirror
