-- Runs an export: reads page after page, and writes each before the next.

local core = require "hubspot.core"
local connection = require "hubspot.command.connection"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local id_text = require("hubspot.id").text
local formats = require "hubspot.command.export.formats"
local options = require "hubspot.command.options"
local part_file = require "hubspot.command.export.part_file"
local plans = require "hubspot.command.export.plan"
local sources = require "hubspot.command.export.sources"

-- The standard output as what takes the pieces of an export.
local standard_output = { __name = "hubspot.command.StandardOutput" }
standard_output.__index = standard_output

function standard_output:append(text)
  self.output:write(text)
  self.output:flush()
end

function standard_output:finish() self.output:flush() end

local OPTION_OF = { object = "OBJECT", more = "TYPE" }

-- Tells how a part was begun, where another run has another option. A later version of the command may have another
-- default.
local function describe_difference(name, identity)
  local flag = OPTION_OF[name] or options.flag { name = name }
  local earlier = identity[name] and core.decode(identity[name])
  if earlier == nil then return "without " .. flag end
  if type(earlier) == "table" or OPTION_OF[name] then return "with another " .. flag end
  return ("with %s%s"):format(flag, earlier == true and "" or " " .. id_text(earlier))
end

-- The state of an earlier run that is to be continued, or nil.
local function state_to_resume(context, identity)
  local given = context.options
  if not given.resume then return nil end
  local state = part_file.read_state(given.output)
  local different = state and plans.difference(state.head.options, identity, context.deciding)
  if different then
    fail.usage(
      ("%s.part was begun %s: use the same options, or begin anew without --resume"):format(
        given.output,
        describe_difference(different, state.head.options)
      )
    )
  end
  return state
end

local function check_resume(given)
  if not given.resume then return end
  if not given.output then fail.usage "--resume needs --output" end
  if given.ids == "-" then fail.usage "--resume needs --ids with a file: the standard input is gone" end
end

-- The account that a file is of; nil on the standard output, which nobody resumes. Fails where the part of a file has
-- records of another account.
local function account_of(plan, state, path)
  if not path then return nil end
  local account = connection.account(plan.client)
  if state and state.head.account ~= account then
    fail.auth(
      ("%s.part has records of account %s, and the token is of account %s"):format(
        path,
        tostring(state.head.account),
        account
      )
    )
  end
  return account
end

local function sink_of(context, state, head)
  local path = context.options.output
  if not path then return setmetatable({ output = context.output }, standard_output) end
  if state then return part_file.resume(path, state) end
  return part_file.begin(path, head)
end

local function first_rows(rows, count)
  if #rows <= count then return rows end
  local first = {}
  for index = 1, count do
    first[index] = rows[index]
  end
  return first
end

-- Returns whether a text holds half of a surrogate pair. Most have not even its first byte.
local function has_half(text) return text:find("\237", 1, true) ~= nil and text:find "\237[\160-\191]" ~= nil end

-- Writes all pages. The head comes with the first one: before it is there, HubSpot may refuse the token.
local function copy(job)
  local plan, source, sink = job.plan, job.source, job.sink
  while not plan.max or job.rows < plan.max do
    local rows = source.reader:next_page()
    if not rows then break end
    if plan.max then rows = first_rows(rows, plan.max - job.rows) end
    local cursor = source.reader:cursor()
    local text = job.head .. job.format.page(rows)
    job.has_halves = job.has_halves or has_half(text)
    sink:append(text, {
      records = job.rows + #rows,
      cursor = cursor,
      is_end = cursor == nil,
      has_halves = job.has_halves,
      missing = plan.missing.count > 0 and plan.missing or nil,
    })
    job.rows, job.head = job.rows + #rows, ""
    job.progress:advance(#rows)
  end
  if job.head ~= "" then sink:append(job.head, { records = 0, is_end = true }) end
end

-- Tells of ids that no record has. In a list it is the records that were deleted meanwhile.
local function tell_missing(context, plan)
  local missing = plan.missing
  context:summarize { missing = plan.ids and missing.count or nil }
  if missing.count == 0 then return end
  context:note(("%d of the ids are not there; the first is %s"):format(missing.count, missing.first))
end

-- Tells that other programs may refuse the file.
local function tell_of_halves(context, job)
  if not job.has_halves then return end
  context:note "some texts hold half of a surrogate pair, which is no UTF-8: --format jsonl writes its escape, --excel U+FFFD"
end

-- Returns whether the same command fails again, whenever it is run.
local function is_final(thrown) return fail.is_failure(thrown) and thrown.code == exit_codes.FAILED end

-- Tells after a failure how to continue, where that is possible.
local function tell_of_rest(context, job, thrown)
  if not context.options.output then return end
  if job.rows == 0 and is_final(thrown) then return job.sink:discard() end
  context:note(
    ("%d rows are in %s.part: run the same with --resume to continue"):format(job.rows, context.options.output)
  )
end

local function begin(context, plan)
  check_resume(context.options)
  if context.options.output then context:lock(context.options.output .. ".part") end
  local state = state_to_resume(context, plan.identity)
  local checkpoint = state and state.checkpoint or { records = 0, bytes = 0 }
  plan.client = context:client()
  plan.missing = checkpoint.missing or { count = 0 }
  local account = account_of(plan, state, context.options.output)
  plan.left = plan.max and math.max(1, plan.max - checkpoint.records)
  local source = sources.open(plan, state and state.head.resolved, checkpoint.cursor)
  local job = {
    plan = plan,
    source = source,
    rows = checkpoint.records,
    format = formats.new(plan, source),
    progress = context.progress,
    sink = sink_of(context, state, { options = plan.identity, resolved = source.resolved, account = account }),
    is_end = checkpoint.is_end,
    has_halves = checkpoint.has_halves,
  }
  job.head = checkpoint.bytes == 0 and job.format.head() or ""
  -- From here on a file is resumed with these options only.
  if not state then job.sink:append("", checkpoint) end
  return job
end

local function show_progress(context, job)
  local plan = job.plan
  if context.progress.mode == "never" then return end
  local total = sources.count(plan)
  if total and plan.max then total = math.min(total, plan.max) end
  context.progress:begin { title = plan.object, total = total, done = job.rows }
end

--- Runs the export.
-- @tparam table context of the subcommand
-- @tparam table plan as `hubspot.command.export.plan` makes it
return function(context, plan)
  local job = begin(context, plan)
  show_progress(context, job)
  local began_with = job.rows
  local finished, thrown = true, nil
  if not job.is_end then
    finished, thrown = pcall(copy, job)
  end
  context:summarize { object = plan.object, rows = job.rows, resumed_after = began_with, output = context.options.output }
  if not finished then
    tell_of_rest(context, job, thrown)
    error(thrown, 0)
  end
  job.sink:finish()
  tell_missing(context, plan)
  tell_of_halves(context, job)
  if context.options.output then context:note(("%d rows in %s"):format(job.rows, context.options.output)) end
end
