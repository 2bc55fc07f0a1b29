--- The actions of `hubspot-lua mirror`.

local core = require "hubspot.core"
local database = require "hubspot.mirror.database"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local mirror = require "hubspot.mirror"
local mirror_database = require "hubspot.command.mirror.database"
local number = require "hubspot.number"
local status = require "hubspot.mirror.status"

local actions = {}

local EMAIL_EVENTS = "email-events"

-- Failures of the database and of the mirror are not HubSpot's.
local function fail_with(problem)
  if problem.kind == "database" then fail.file(tostring(problem)) end
  if problem.kind == "mirror" then fail.failed(tostring(problem)) end
  fail.hubspot(problem)
end

-- Calls a function of the database.
local function of_database(fn, ...)
  local succeeded, result = pcall(fn, ...)
  if succeeded then return result end
  if database.is_failure(result) then fail.file(tostring(result)) end
  error(result, 0)
end

-- Options -----------------------------------------------------------------------------------------------------------

local PASSED = {
  "associations",
  "lists",
  "overlap",
  "sweep",
  "max_deletes",
  "hard_deletes",
  "log_changes",
  "parallel",
  "sample",
}

local function objects_of(context, options)
  if not context.options.objects then return end
  options.objects = {}
  for _, name in ipairs(context.options.objects) do
    if name == EMAIL_EVENTS then
      options.email_events = true
    else
      table.insert(options.objects, name)
    end
  end
end

local function options_of(context)
  local options = {}
  for _, name in ipairs(PASSED) do
    options[name] = context.options[name]
  end
  if context.options.properties ~= "all" then options.properties = context.options.properties end
  objects_of(context, options)
  options.on_note = function(text) context:note(text) end
  local title
  options.on_progress = function(what, count)
    if what ~= title then
      title = what
      context.progress:begin { title = what }
    end
    context.progress:advance(count)
  end
  return options
end

-- Running ------------------------------------------------------------------------------------------------------------

local function open_to_write(context)
  local opened = database.open(context.options.db, { schema = context.options.schema })
  if opened:lock() then return opened end
  return fail.file "another process writes to this mirror"
end

-- Gives the database of a session, which is opened where it is not; nil and a failure where it can't be.
local function database_of(context, session)
  if session.database then return session.database end
  local succeeded, result = pcall(open_to_write, context)
  if not succeeded and not database.is_failure(result) then error(result, 0) end
  if not succeeded then return nil, result end
  session.database = result
  return result
end

local function close(session)
  if session.database then session.database:close() end
  session.database = nil
end

local function run_once(context, session)
  local opened, failure = database_of(context, session)
  if not opened then return nil, failure end
  local began = core.now()
  local counts, problem = mirror.run(session.client, opened, session.options)
  context.progress:finish()
  if not counts then return nil, problem end
  context:summarize { rows_written = counts.written }
  -- Of many runs, only those that fail are worth a line.
  local tell = context.options.every and context.detail or context.note
  tell(context, ("%d rows written in %s s"):format(counts.written, number.fixed(core.now() - began, 1)))
  return true
end

-- HubSpot may be away for a while, and so may a database that a run has used.
local function is_temporary(problem, has_run)
  if problem.kind == "database" then return has_run end
  return problem.kind ~= "mirror" and fail.code_of(problem) == exit_codes.TEMPORARY
end

-- Runs until the process is ended.
local function run_often(context, session)
  local has_run = false
  while true do
    local done, problem = run_once(context, session)
    has_run = has_run or done
    if not done then
      if not is_temporary(problem, has_run) then return nil, problem end
      local text = problem.kind == "database" and tostring(problem) or fail.text(problem)
      context:note(("%s; the next run is in %d s"):format(text, context.options.every))
      if problem.kind == "database" then close(session) end
    end
    session.client:pause(context.options.every)
  end
end

function actions.run(context)
  local session = { client = context:client(), options = options_of(context) }
  local run = context.options.every and run_often or run_once
  local done, problem = run(context, session)
  close(session)
  if not done then fail_with(problem) end
  return exit_codes.DONE
end

function actions.status(context)
  local opened = of_database(mirror_database.open, context)
  for _, one in ipairs(status.read(opened, os.time() * 1000)) do
    context.output:write(core.encode(one) .. "\n")
  end
  opened:close()
  return exit_codes.DONE
end

function actions.verify(context)
  local client, opened = context:client(), of_database(mirror_database.open, context)
  local report, problem = mirror.verify(client, opened, options_of(context))
  context.progress:finish()
  if not report then fail_with(problem) end
  opened:close()
  report.named = core.array(report.named)
  context.output:write(core.encode(report) .. "\n")
  return report.different + report.associations + report.members == 0 and exit_codes.DONE or exit_codes.DIFFERENCES
end

function actions.schema(context)
  local described = database.unopened(context.options.db, { schema = context.options.schema })
  local statements, problem = mirror.schema(context:client(), described, options_of(context))
  if not statements then fail_with(problem) end
  for _, statement in ipairs(statements) do
    context.output:write(statement .. ";\n")
  end
  return exit_codes.DONE
end

return actions
