--- The passage of a file's rows: wave by wave, the batches of a wave side by side. Outcomes are told in the file's
-- order.
-- @module hubspot.command.import.job

local fail = require "hubspot.command.fail"
local comparison = require "hubspot.command.import.comparison"
local core = require "hubspot.core"
local outcomes = require "hubspot.command.import.outcomes"

local job = {
  --- Batches of a wave. Journals count by it. At the end of each the quota is not used for a moment, so they are long;
  --- the outcomes of a wave's rows are in memory.
  WAVE = 120,
}

-- Seconds that requests in flight get after an interrupt.
local LAST_WAIT, LOOK = 20, 0.02

local methods = {}
local metatable = { __name = "hubspot.command.ImportJob", __index = methods }

-- Batches ------------------------------------------------------------------------------------------------------------

local function valid_rows(batch)
  local rows = {}
  for _, row in ipairs(batch.rows) do
    if not row.problem then rows[#rows + 1] = row end
  end
  return rows
end

-- The records of the rows' keys; none where no row has a key.
local function read_existing(self, rows)
  local keys = {}
  for _, row in ipairs(rows) do
    keys[#keys + 1] = row.key_text
  end
  if #keys == 0 then return {} end
  return self.target:read(keys, comparison.names(rows))
end

local function find(existing, row) return row.key and existing[row.key] or nil end

-- Compares rows with their records: gives the outcomes of all, by row; or nil and an error.
local function compare(self, rows)
  local existing, err = read_existing(self, rows)
  if not existing then return nil, err end
  local of_row = {}
  for _, row in ipairs(rows) do
    of_row[row] = comparison.outcome(row, find(existing, row), self.plan)
  end
  return of_row
end

-- A dry run's batch.
local function rehearse(self, batch)
  local rows = valid_rows(batch)
  local of_row, err = compare(self, rows)
  if not of_row then return err end
  local refused, foresee_err = self.links:foresee(rows)
  if not refused then return foresee_err end
  for row, outcome in pairs(refused) do
    if of_row[row].did ~= "refused" then of_row[row] = outcome end
  end
  for row, outcome in pairs(of_row) do
    if outcome.did == "unchanged" and not self.plan.skips_unchanged then
      outcome.did = "updated"
      self.kept = self.kept + 1
    end
    batch.outcomes[row.line] = outcome
  end
end

-- Leaves out the rows that need no write, or can't be written.
local function rows_to_send(self, batch, rows)
  if not self.plan.reads_first then return rows end
  local of_row, err = compare(self, rows)
  if not of_row then return nil, err end
  local left = {}
  for _, row in ipairs(rows) do
    local outcome = of_row[row]
    local is_decided = outcome.did == "refused" or (outcome.did == "unchanged" and self.plan.skips_unchanged)
    if is_decided then
      batch.outcomes[row.line] = outcome
    else
      row.id = outcome.id
      left[#left + 1] = row
    end
  end
  return left
end

local function undecided(batch)
  local rows = {}
  for _, row in ipairs(valid_rows(batch)) do
    if not batch.outcomes[row.line] then rows[#rows + 1] = row end
  end
  return rows
end

local function decided(batch)
  local list = {}
  for _, row in ipairs(batch.rows) do
    if not row.problem then list[#list + 1] = batch.outcomes[row.line] end
  end
  return list
end

-- Sends rows once; gives those that may be sent again at once, and the error for which others are left.
local function send_once(self, batch, rows)
  local mode = self.plan.mode
  if self.journal then self.journal:begin(batch.number, rows[1].line, rows[#rows].line) end
  batch.is_in_flight = true
  local answer, err = self.target:write(rows, mode)
  local told = outcomes.of_write(rows, answer, err, mode)
  for _, outcome in ipairs(told.rows) do
    batch.outcomes[outcome.line] = outcome
  end
  if self.journal then self.journal:finish(batch.number, decided(batch)) end
  batch.is_in_flight = false
  return told.untried, told.stopped_by
end

-- Sends rows until HubSpot has said of each whether it takes it: where it refuses many, the library gives up. Each time
-- decides on some of them.
local function send(self, batch, rows)
  local stopped_by
  repeat
    rows, stopped_by = send_once(self, batch, rows)
  until #rows == 0 or stopped_by or self.is_broken_off
  return stopped_by
end

-- Takes the outcomes of earlier runs. A creation that began and did not end may have made its records.
local function recall(self, batch)
  local journal = self.journal
  if not journal then return end
  for _, outcome in ipairs(journal:outcomes(batch.number)) do
    batch.outcomes[outcome.line] = outcome
  end
  if self.plan.mode ~= "create" or not journal:is_open(batch.number) then return end
  for _, row in ipairs(undecided(batch)) do
    batch.outcomes[row.line] = outcomes.unknown(row)
  end
  journal:finish(batch.number, decided(batch))
end

-- Writes a batch; gives the error for which rows are left.
local function write(self, batch)
  recall(self, batch)
  local rows, err = rows_to_send(self, batch, undecided(batch))
  if not rows then return err end
  if #rows > 0 then return send(self, batch, rows) end
end

-- Drops the cells of rows that were taken: nobody asks for them when the wave has ended, unless they are linked, which
-- may be refused.
local function forget(self, batch)
  if self.links:are_wanted() then return end
  for _, row in ipairs(batch.rows) do
    local outcome = batch.outcomes[row.line]
    if outcome and not outcome.error then
      row.raw, row.properties, row.associations = nil, nil, nil
    end
  end
end

local function has_too_many_errors(self)
  return self.plan.writes and self.most_errors ~= nil and self.failed > self.most_errors
end

local function process(self, batch)
  batch.outcomes = {}
  for _, row in ipairs(batch.rows) do
    if row.problem then batch.outcomes[row.line] = outcomes.of_problem(row) end
  end
  local err = (self.plan.writes and write or rehearse)(self, batch)
  self.stopped_by = self.stopped_by or err
  for _, outcome in pairs(batch.outcomes) do
    if outcome.error then self.failed = self.failed + 1 end
  end
  forget(self, batch)
  self.progress:advance(#batch.rows)
end

local function each_row(wave, visit)
  for _, batch in ipairs(wave) do
    for _, row in ipairs(batch.rows) do
      local outcome = batch.outcomes[row.line]
      if outcome then visit(row, outcome, batch) end
    end
  end
end

-- Notes the rows of batches that were not linked.
local function note_unlinked(self, batches)
  if not self.links:are_wanted() then return end
  each_row(batches, function(row, outcome) self.unlinked:add(outcome, row.key_text) end)
end

-- Waves --------------------------------------------------------------------------------------------------------------

-- Waits for the requests in flight, so that their outcomes are known.
local function drain(self)
  local deadline = core.now() + LAST_WAIT
  self.client:map({ true }, function()
    while self.in_flight > 0 and core.now() < deadline do
      self.client:pause(LOOK)
    end
    return true
  end)
end

local function take_batch(self, wave)
  if self.stopped_by or self.has_ended or has_too_many_errors(self) then return end
  local batch, message = self.batches:next()
  if message then fail.file(message) end
  self.has_ended = not batch
  if not batch then return end
  wave[#wave + 1] = batch
  self.in_flight = self.in_flight + 1
  process(self, batch)
  self.in_flight = self.in_flight - 1
end

local function count(self, wave)
  each_row(wave, function(row, outcome) self.tally:add(outcome, row.key_text) end)
end

-- Counts the rows of a wave that was broken off: those that --resume leaves alone. Without a journal, creations that
-- have no answer may have made their records.
local function count_broken_off(self, wave)
  local left = {}
  for _, batch in ipairs(wave) do
    if not (batch.is_in_flight and self.journal) then left[#left + 1] = batch end
    for _, row in ipairs(batch.is_in_flight and self.plan.mode == "create" and undecided(batch) or {}) do
      batch.outcomes[row.line] = outcomes.unknown(row)
    end
  end
  count(self, left)
  note_unlinked(self, left)
end

-- Reads and writes the batches of a wave.
local function run_wave(self)
  local wave, turns = {}, {}
  for turn = 1, job.WAVE do
    turns[turn] = turn
  end
  local finished, results, failures = pcall(self.client.map, self.client, turns, function()
    take_batch(self, wave)
    return true
  end, { concurrency = self.parallel })
  if not finished then
    self.has_ended, self.is_broken_off = true, true
    drain(self)
    count_broken_off(self, wave)
    error(results, 0)
  end
  for _, failure in pairs(failures) do
    count_broken_off(self, wave)
    error(failure, 0)
  end
  return wave
end

-- Links the records of a wave of which all rows are decided on; returns whether that worked.
local function link(self, wave)
  local problems = self.journal and self.journal:links(wave[1].number)
  if not problems then
    local list = {}
    each_row(wave, function(row, outcome) list[#list + 1] = { row = row, outcome = outcome } end)
    problems, self.stopped_by = self.links:make(list)
    if not problems then return false end
    if self.journal then self.journal:link(wave[1].number, problems) end
  end
  local by_line = {}
  for _, problem in ipairs(problems) do
    by_line[problem.line] = problem
  end
  each_row(wave, function(row, _, batch) batch.outcomes[row.line] = by_line[row.line] or batch.outcomes[row.line] end)
  return true
end

-- Links the records of a wave, and counts them where that is broken off.
local function link_or_count(self, wave)
  local finished, result = pcall(link, self, wave)
  if finished then return result end
  count(self, wave)
  note_unlinked(self, wave)
  error(result, 0)
end

local function tell(self, wave)
  count(self, wave)
  each_row(wave, function(row, outcome)
    if self.errors and outcome.error then self.errors:write(row, outcome) end
    if self.results then self.results:write(row, outcome) end
  end)
  for _, file in ipairs { self.errors or false, self.results or false } do
    if file then file:flush() end
  end
end

--- Passes all rows.
-- @treturn ?table the error that ended it before all were done; nil at the end of the file
-- @treturn boolean whether too many rows were refused, which ended it, too
function methods:run()
  while not self.has_ended do
    local wave = run_wave(self)
    if #wave > 0 then
      local is_whole = not self.stopped_by and not has_too_many_errors(self)
      local is_linked = is_whole and self.plan.writes and self.links:are_wanted() and link_or_count(self, wave)
      if not is_linked then note_unlinked(self, wave) end
      tell(self, wave)
    end
    if self.stopped_by then return self.stopped_by, false end
    if has_too_many_errors(self) then return nil, true end
  end
  return nil, false
end

--- Makes a job.
-- @tparam table options `client`; `target`; `batches`, as `batch_reader` makes them; `plan`: `mode`, `key`,
--   `definitions`, `writes`, `reads_first`, `skips_unchanged`; `links`; `tally`; `unlinked`, a tally of the rows that
--   were not linked; `progress`; `parallel`, batches in
--   flight at once; and, where wanted, `journal`, `errors` and `results` files, and `most_errors`
-- @treturn table `kept`: the updates of a dry run that would change nothing
function job.new(options)
  options.in_flight, options.kept, options.failed = 0, 0, 0
  options.has_ended, options.is_broken_off = false, false
  return setmetatable(options, metatable)
end

return job
