--- Writes changes, from the log of a mirror or from HubSpot itself.

local change_log = require "hubspot.mirror.change_log"
local change_state = require "hubspot.mirror.change_state"
local core = require "hubspot.core"
local database = require "hubspot.mirror.database"
local did_you_mean = require "hubspot.did_you_mean"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local is_error = require("hubspot.error").is_error
local mirror = require "hubspot.mirror"
local mirror_database = require "hubspot.command.mirror.database"
local mirror_state = require "hubspot.mirror.state"
local socket = require "socket"
local value = require "hubspot.mirror.value"

local follow_changes = {}

-- Seconds between two looks into the log, and between two reads of HubSpot.
local LOG_PAUSE, HUBSPOT_PAUSE = 1, 30

-- Changes come again within this time, in which HubSpot's search may tell of them.
local OVERLAP_MS = 3600000

local function objects_of(context)
  local objects = context.arguments.objects
  return objects and #objects > 0 and mirror.names_of_types(objects) or nil
end

-- From a mirror ------------------------------------------------------------------------------------------------------

local function first_seq(context, opened)
  local since = context.options.since
  if not since then return 0 end
  if not since.seq then return change_log.before(opened, since.at) end
  if since.seq > 0 and not change_log.has(opened, since.seq) then
    context:note(("the log no longer has line %d: lines after it may be missing, too"):format(since.seq))
  end
  return since.seq
end

-- The types that are asked for, as the mirror names them. It has no line of others, and following would wait for ever.
local function mirrored_objects(context, opened)
  local known, names, objects = {}, {}, objects_of(context)
  if not objects then return nil end
  for index, current in ipairs(mirror_state.all(opened)) do
    known[current.object], names[index] = true, current.object
  end
  for _, name in ipairs(objects) do
    if not known[name] then
      local hint = did_you_mean.hint(name, known)
      fail.usage(("%s is not in this mirror%s"):format(name, hint ~= "" and hint or ": " .. table.concat(names, ", ")))
    end
  end
  return objects
end

local function write_log(context, opened, objects, after)
  local lines
  repeat
    lines, after = change_log.after(opened, after, objects)
    for _, line in ipairs(lines) do
      if not context.options.diff then line.changed = nil end
      context.output:write(core.encode(line) .. "\n")
    end
  until #lines == 0
  context.output:flush()
  return after
end

local function read_log(context)
  local options = context.options
  local opened = mirror_database.open(context)
  local objects = mirrored_objects(context, opened)
  local after = write_log(context, opened, objects, first_seq(context, opened))
  while options.follow do
    socket.sleep(LOG_PAUSE)
    after = write_log(context, opened, objects, after)
  end
  opened:close()
end

--- Writes the lines of a mirror's log.
-- @tparam context context
function follow_changes.from_database(context)
  local succeeded, problem = pcall(read_log, context)
  if succeeded then return end
  if database.is_failure(problem) then fail.file(tostring(problem)) end
  error(problem, 0)
end

-- From HubSpot -------------------------------------------------------------------------------------------------------

local function event_line(object, event)
  local record = event.record
  return {
    op = event.op,
    object = object,
    id = event.id,
    into = event.into,
    at = record and (record.archivedAt or record.updatedAt),
    record = event.op == "upsert" and record or nil,
  }
end

local function untold(state, object, page)
  local events = {}
  for _, event in ipairs(page) do
    if event.op == "upsert" or not state:is_told(object, event) then events[#events + 1] = event end
  end
  return events
end

local function save(state)
  local saved, problem = state:save()
  if not saved then fail.file(problem) end
end

local function read_object(context, client, state, object)
  local options = state:options(object)
  options.deadline = 600
  local iterator = client:objects(object):changes(options)
  for page in iterator:pages() do
    local events = untold(state, object, page)
    for _, event in ipairs(events) do
      context.output:write(value.json(event_line(object, event)) .. "\n")
    end
    -- The lines are out before the state says so: a change may come twice, and is never lost.
    context.output:flush()
    state:note(object, events, iterator:cursor())
    save(state)
  end
  state:note(object, {}, iterator:cursor())
  state:forget(object, os.time() * 1000 - 2 * OVERLAP_MS)
  save(state)
end

local function read_objects(context, client, state)
  for _, object in ipairs(objects_of(context) or mirror.DEFAULTS.objects) do
    read_object(context, client, state, object)
  end
end

local function is_temporary(problem) return is_error(problem) and fail.code_of(problem) == exit_codes.TEMPORARY end

-- Reads until the process is ended; HubSpot may be away for a while.
local function read_often(context, client, state)
  local pause = context.options.every or HUBSPOT_PAUSE
  while true do
    local succeeded, problem = pcall(read_objects, context, client, state)
    if not succeeded then
      if not is_temporary(problem) then error(problem, 0) end
      context:note(("%s; asking again in %d s"):format(fail.text(problem), pause))
    end
    client:pause(pause)
  end
end

local function read_hubspot(context)
  context:lock(context.options.state)
  local client = context:client()
  local state, problem = change_state.open(context.options.state)
  if not state then fail.file(problem) end
  local read = context.options.follow and read_often or read_objects
  read(context, client, state)
end

--- Writes what happened to HubSpot's records since the place in a file.
-- @tparam context context
function follow_changes.from_hubspot(context)
  local succeeded, problem = pcall(read_hubspot, context)
  if succeeded then return end
  if is_error(problem) then fail.hubspot(problem) end
  error(problem, 0)
end

return follow_changes
