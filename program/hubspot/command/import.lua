-- `hubspot-lua import`: writes the rows of a file as records.

local batch_reader = require "hubspot.command.import.batch_reader"
local connection = require "hubspot.command.connection"
local date_format = require "hubspot.command.import.date_format"
local did_you_mean = require "hubspot.did_you_mean"
local digest = require "hubspot.digest"
local errors = require "hubspot.error"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local file_check = require "hubspot.command.import.file_check"
local fold = require("hubspot.text").fold
local interrupt = require "hubspot.interrupt"
local job = require "hubspot.command.import.job"
local journal = require "hubspot.command.import.journal"
local links = require "hubspot.command.import.links"
local mapping = require "hubspot.command.import.mapping"
local option_values = require "hubspot.command.option_values"
local report = require "hubspot.command.import.report"
local row_files = require "hubspot.command.import.row_files"
local row_reader = require "hubspot.command.import.row_reader"
local seen_keys = require "hubspot.command.seen_keys"
local settings = require "hubspot.command.import.settings"
local source = require "hubspot.command.import.source"
local tally = require "hubspot.command.import.tally"
local target = require "hubspot.command.import.target"
local types = require "hubspot.object.types"

local function read_delimiter(text)
  if text == "\\t" then return "\t" end
  if #text ~= 1 or text:find '["\r\n]' then return nil, ("must be one character, got %s"):format(text) end
  return text
end

-- Preparation -----------------------------------------------------------------

local function check_resume(context, file)
  local options = context.options
  if options.resume and not file.path then fail.usage(("--resume needs a file: %s is gone"):format(file.name)) end
  if options.resume and not options.write then fail.usage "--resume goes with --write" end
end

-- Ids of owners by their addresses, read when the first one is asked for.
local function owner_ids(client)
  local ids
  return function(address)
    if not ids then
      ids = {}
      local owners = client.owners:all()
      while true do
        local owner, err = owners:next()
        if err then fail.hubspot(err) end
        if not owner then break end
        if owner.email then ids[fold(owner.email)] = owner.id end
      end
    end
    return ids[address]
  end
end

-- Fails where the list does not take records by hand.
local function check_list(context)
  local id = context.options.add_to_list
  if not id then return end
  local list, err = context:client().lists:get(id)
  if not list then
    if err.status == 404 then fail.usage(("--add-to-list: there is no list %s"):format(id)) end
    fail.hubspot(err)
  end
  local row = types.find(context.arguments.object)
  if row and row.id and list.objectTypeId and list.objectTypeId ~= row.id then
    local other = types.find(list.objectTypeId)
    local words = other and other.name or list.objectTypeId
    fail.usage(("--add-to-list: list %s is one of %s, not of %s"):format(id, words, row.name))
  end
  if list.processingType == "DYNAMIC" then
    fail.usage(("--add-to-list: the filters of list %s decide who is in it"):format(id))
  end
end

local function check_label(association, known)
  local labels = {}
  for _, one in ipairs(known) do
    if one.label then labels[one.label] = true end
  end
  if not association.label or labels[association.label] then return end
  local hint = did_you_mean.hint(association.label, labels)
  fail.usage(("--associate %s: HubSpot has no label %s%s"):format(association.spelled, association.label, hint))
end

-- Fails where records can't be associated as an option says.
local function check_associations(context)
  local object = context.arguments.object
  for _, association in ipairs(context.options.associate or {}) do
    local known, err = context:client().associations:labels(object, association.object_type)
    -- Another failure comes again with the first write, and is told then.
    if not known and (err.status == 400 or err.status == 404) then
      fail.usage(("--associate %s: %s"):format(association.object_type, fail.text(err)))
    end
    if known then check_label(association, known) end
  end
end

-- Keeps other runs from what this one writes.
local function lock_files(context, file)
  local options = context.options
  if options.write and file.path then context:lock(file.path .. ".journal") end
  if options.errors then context:lock(options.errors .. ".part") end
  if options.results then context:lock(options.results .. ".part") end
end

-- The parts of an import, before its file is checked.
local function prepare(context)
  local options, object = context.options, context.arguments.object
  local file = source.open(context.arguments.file, options)
  check_resume(context, file)
  lock_files(context, file)
  local plan = settings.plan(object, options)
  local client = context:client()
  local goal = target.new(client, object, plan.key, plan.mode)
  plan.definitions = goal:definitions()
  goal:check_key(plan.definitions)
  check_list(context)
  check_associations(context)
  local fields = settings.of_mapping(options)
  fields.definitions, fields.key, fields.owner_id = plan.definitions, plan.key, owner_ids(client)
  plan.writes = options.write or false
  plan.skips_unchanged = options.skip_unchanged or false
  plan.reads_first = plan.skips_unchanged and plan.mode ~= "create" or (plan.mode == "update" and plan.key ~= "id")
  return {
    context = context,
    file = file,
    plan = plan,
    client = client,
    target = goal,
    mapping = mapping.new(fields),
    keys = seen_keys.new(),
  }
end

-- The two passes ---------------------------------------------------------------------------------------------------

local function rows_of(self, on_piece)
  local rows = self.file:rows(on_piece)
  local plan, is_csv = self.plan, self.file.format ~= "jsonl"
  local columns = is_csv and file_check.columns(rows, self.mapping, plan.needs_key) or nil
  self.columns = columns
  return row_reader.new {
    source = rows,
    mapping = self.mapping,
    columns = columns,
    clears_empty = self.context.options.empty == "clear",
    keys = self.keys,
    needs_key = plan.needs_key,
    creates = plan.mode == "create",
    spell_key = self.target.spell_key,
  }
end

local function check_file(self)
  local progress = self.context.progress
  progress:begin { title = "checking" }
  self.identity = self.file:identity()
  if self.file.format == "jsonl" then file_check.lines(self.file:rows()) end
  self.counted = file_check.count(rows_of(self), function() progress:advance(1) end)
  self.keys = self.keys:only_repeated()
  -- The keys of a large file go at once, before the rows in flight need room.
  collectgarbage()
  progress:finish()
end

local function most_errors(self)
  local most = self.context.options.max_errors
  if not most then return nil end
  return most.count or math.floor(most.percent * self.counted.rows / 100)
end

local function headers_of(columns)
  local headers = {}
  for index, column in ipairs(columns or {}) do
    headers[index] = column.header
  end
  return headers
end

local function open_journal(self)
  local options, file = self.context.options, self.file
  if not options.write or not file.path then return nil end
  return journal.open(file.path .. ".journal", {
    creates = self.plan.mode == "create",
    digest = self.identity.digest,
    bytes = self.identity.bytes,
    -- Rows that went to one account are none that another one has.
    settings = settings.text(self.context, self.mapping.map, "into account " .. connection.account(self.client)),
  }, { resume = options.resume })
end

local function new_job(self)
  local context, plan = self.context, self.plan
  local options = context.options
  local sent = digest.new()
  local rows = rows_of(self, function(piece) sent:add(piece) end)
  self.sent = sent
  local associates = next(self.mapping.associate) ~= nil and plan.mode ~= "create"
  return job.new {
    client = self.client,
    target = self.target,
    plan = plan,
    batches = batch_reader.new(rows),
    links = links.new {
      client = self.client,
      object = context.arguments.object,
      list_id = options.add_to_list,
      associates = associates,
      creates = plan.mode == "create",
    },
    tally = tally.new(),
    unlinked = tally.new(),
    progress = context.progress,
    parallel = options.parallel,
    journal = open_journal(self),
    most_errors = most_errors(self),
    errors = options.errors and row_files.errors(options.errors, {
      format = self.file.format,
      delimiter = self.file.delimiter,
      headers = headers_of(self.columns),
    }),
    results = options.results and row_files.results(options.results),
  }
end

-- The end ----------------------------------------------------------------------------------------------------------

local function tell(self, made)
  local context, plan = self.context, self.plan
  local counts = made.tally.counts
  if not plan.writes then context:note "nothing was written; --write writes:" end
  context.output:write(report.counts(made.tally, not plan.writes))
  context:summarize(report.summary(made.tally))
  if made.kept > 0 then
    context:note(
      ("%d of the updates have these values already: --skip-unchanged reads first, and leaves them alone"):format(
        made.kept
      )
    )
  end
  if counts.unknown > 0 then
    context:note(
      ("lines %s may have been created or not: look for them in HubSpot before they are imported again"):format(
        made.tally:lines "unknown"
      )
    )
  end
  if counts.refused > 0 and not made.errors then context:note "--errors FILE writes the refused rows into a file" end
end

-- Says which rows must not be created again; nil where there are none, or where a journal knows them.
local function created_rows(self, made)
  local rows = made.tally
  local created, unknown = rows.counts.created, rows.counts.unknown
  local may_repeat = made.journal or not self.plan.writes or self.plan.mode ~= "create"
  if may_repeat or created + unknown == 0 then return nil end
  local texts = {}
  if created > 0 then
    texts[1] = ("%d of %d rows are in HubSpot: leave those out before you import the rest (lines %s)"):format(
      created,
      self.counted.rows,
      rows:lines "created"
    )
  end
  if unknown > 0 then
    texts[#texts + 1] = ("%d of %d rows may be in HubSpot: look for them before you import the rest (lines %s)"):format(
      unknown,
      self.counted.rows,
      rows:lines "unknown"
    )
  end
  local unlinked = made.unlinked
  if unlinked.counts.created > 0 then
    texts[#texts + 1] = ("%d of those are not in the list yet (lines %s)"):format(
      unlinked.counts.created,
      unlinked:lines "created"
    )
  end
  return table.concat(texts, "; ")
end

-- Says how much is done; nil where the same command may be run again.
local function done_rows(self, made, moment)
  if not made.journal then return created_rows(self, made) end
  local resumes = moment and "--resume resumes it " .. moment or "--resume resumes it"
  return ("%d of %d rows are done: %s"):format(made.tally.rows, self.counted.rows, resumes)
end

-- Tells after a failure of this machine, or an interrupt, how to continue.
local function tell_of_rest(self, made)
  local rest = created_rows(self, made)
  if made.journal then
    rest = ("%d of %d rows are done: run the same with --resume to continue"):format(made.tally.rows, self.counted.rows)
  end
  if rest then self.context:note(rest) end
end

-- Calls a function with the job; gives the two values that it gives.
local function call_or_tell_of_rest(self, made, action)
  local finished, result, other = pcall(action, made)
  if finished then return result, other end
  tell_of_rest(self, made)
  error(result, 0)
end

-- Ends by an error of the library. An exit code that says "later" is one after which scripts run the same again.
local function fail_by(self, made, err)
  local own, code = errors.copy(err), fail.code_of(err)
  -- It tells to look before the request is made again, which --resume never does.
  if err.ambiguous and self.plan.mode == "create" then own.hint = nil end
  local done = done_rows(self, made, fail.time_to_continue(err))
  local reason = done and fail.describe_without_repeating(own) .. "; " .. done or fail.describe(own)
  if code == exit_codes.AUTH then fail.auth(reason) end
  if code == exit_codes.TEMPORARY and not created_rows(self, made) then fail.temporary(reason) end
  fail.failed(reason)
end

local function stop(self, made, err, has_too_many_errors)
  tell(self, made)
  local counts = made.tally.counts
  if made.errors and counts.refused + counts.unknown > 0 then
    self.context:note(made.errors.part .. " has the rows that were refused so far")
  end
  if has_too_many_errors then
    local reason, done = ("%d rows were refused, more than --max-errors"):format(counts.refused), done_rows(self, made)
    fail.failed(done and reason .. "; " .. done or reason)
  end
  -- The command tells of an interrupt in its own words alone.
  if interrupt.is(err.message) then tell_of_rest(self, made) end
  fail_by(self, made, err)
end

local function finish_files(made)
  for _, name in ipairs { "errors", "results" } do
    if made[name] then made[name]:finish() end
  end
end

local function check_most_errors(self)
  local most = most_errors(self)
  if most and self.counted.refused > most and self.plan.writes then
    fail.failed(("%d rows can't be imported, more than --max-errors: nothing was written"):format(self.counted.refused))
  end
end

-- By default Lua lets garbage grow to the size of what is in use before it collects; the keys of a million rows are 25
-- MB. Versions of Lua that spell this otherwise keep their default.
local function collect_early() interrupt.pcall(collectgarbage, "setpause", 120) end

local function run(context)
  collect_early()
  local self = prepare(context)
  check_file(self)
  check_most_errors(self)
  local made = new_job(self)
  context.progress:begin { title = self.plan.writes and "importing" or "comparing", total = self.counted.rows }
  local err, has_too_many_errors = call_or_tell_of_rest(self, made, made.run)
  context.progress:finish()
  if err or has_too_many_errors then return stop(self, made, err, has_too_many_errors) end
  if self.sent:text() ~= self.identity.digest then fail.file(self.file.name .. " was changed while it was read") end
  call_or_tell_of_rest(self, made, finish_files)
  tell(self, made)
  -- A person who misses the counts runs the same again: without a journal that would create all a second time.
  context.output:flush()
  local counts = made.tally.counts
  local code = counts.refused + counts.unknown > 0 and exit_codes.REFUSED_ROWS or exit_codes.DONE
  interrupt.shield(function()
    if made.journal then made.journal:remove() end
    context:settle(code)
  end)
  return code
end

return {
  name = "import",
  summary = "Writes a file's rows as records; without --write it tells what it would do.",
  arguments = {
    { name = "object", takes = "OBJECT", about = "contacts, companies, … or any type's name or id" },
    { name = "file", takes = "FILE", file = "read", about = "CSV, TSV or JSON Lines; - is the standard input" },
  },
  options = {
    { name = "write", decides = false, about = "write; without it nothing is" },
    { name = "key", decides = true, takes = "KEY", about = "id, or a property of unique values (contacts: email)" },
    {
      name = "mode",
      decides = true,
      takes = "MODE",
      choices = { "upsert", "create", "update" },
      default = "upsert",
      about = "upsert (the default), create or update",
    },
    {
      name = "map",
      decides = true,
      takes = "COLUMN=NAME",
      each = true,
      read = settings.pair_reader("=", "'E-mail=email'"),
      about = "the property of a column that is called otherwise",
    },
    {
      name = "map_file",
      decides = true,
      takes = "FILE",
      file = "read",
      about = 'the same as JSON: { "COLUMN": "NAME" }',
    },
    { name = "ignore", decides = true, takes = "COLUMN", each = true, about = "leave this column out" },
    { name = "skip_read_only", decides = true, about = "leave out columns that nobody can write" },
    {
      name = "empty",
      decides = true,
      takes = "WHAT",
      choices = { "leave", "clear" },
      default = "leave",
      about = "what empty cells do: leave (the default) or clear",
    },
    {
      name = "append",
      decides = true,
      takes = "COLUMN",
      each = true,
      about = "add its options to those that a record has",
    },
    { name = "labels", decides = true, about = "cells hold the labels of options" },
    {
      name = "date_format",
      decides = true,
      takes = "FORMAT",
      read = date_format.new,
      about = "of dates, such as DD.MM.YYYY",
    },
    {
      name = "associate",
      decides = true,
      takes = "TYPE:COLUMN[=LABEL]",
      each = true,
      read = settings.read_association,
      about = "associate with the ids that a column holds",
    },
    {
      name = "add_to_list",
      decides = true,
      takes = "ID",
      read = option_values.id,
      about = "add the records to this list",
    },
    {
      name = "errors",
      decides = false,
      takes = "FILE",
      file = "replaced",
      about = "write refused rows there, to mend and import",
    },
    { name = "results", decides = false, takes = "FILE", file = "replaced", about = "write there how each row did" },
    {
      name = "max_errors",
      decides = false,
      takes = "N",
      read = settings.read_most_errors,
      about = "stop when more rows are refused: 100, or 5%",
    },
    { name = "skip_unchanged", decides = true, about = "read first, and leave alone what is so already" },
    { name = "resume", decides = false, about = "resume an import that was interrupted" },
    {
      name = "format",
      decides = true,
      takes = "FORMAT",
      choices = { "csv", "tsv", "jsonl" },
      about = "csv, tsv or jsonl, whatever the file is called",
    },
    {
      name = "delimiter",
      decides = true,
      takes = "C",
      read = read_delimiter,
      about = "what parts the cells of CSV, such as ';'",
    },
    {
      name = "parallel",
      decides = false,
      takes = "N",
      read = option_values.whole_number(1, 100),
      default = 10,
      about = "requests in flight at once (10)",
    },
  },
  examples = {
    { "hubspot-lua import contacts f.csv --map E-mail=email --write --errors bad.csv", "write, bad rows apart" },
  },
  exits = { exit_codes.REFUSED_ROWS },
  run = run,
}
