-- A sandbox in a process of its own, mirrors of it that follow it in theirs (`hubspot-lua mirror --every 1s`), and
-- somebody who works in it meanwhile.

local background = require "spec.support.background"
local command = require "spec.support.command"
local core = require "hubspot.core"
local database_failure = require("hubspot.mirror.database").is_failure
local random_faults = require "spec.support.random_faults"
local random_writer = require "spec.support.random_writer"
local script = require "spec.support.script"
local socket = require "socket"
local support = require "spec.support.mirror"
local time = require "hubspot.time"
local wire = require "spec.support.wire"

local followed_portal = {}

local methods = {}
methods.__index = methods

local OBJECTS = { "contacts", "companies" }

local WORDS = { "--objects", table.concat(OBJECTS, ","), "--max-deletes", "1000" }

local PATIENCE_SECONDS = 60

local KILLED = 137

-- A mirror ------------------------------------------------------------------------------------------------------------

local function invocation(self, one, ...)
  local all = { "mirror", ... }
  for _, list in ipairs { { "--db", one.address, "--schema", "crm" }, WORDS } do
    for _, word in ipairs(list) do
      all[#all + 1] = word
    end
  end
  all.env, all.stderr = command.against(self.server), one.notes
  return all
end

-- A disturbed one may sweep in each run, too.
local function start(self, one)
  local sweep = self.is_disturbed and self.random(3) == 1 and "now" or "never"
  one.process = background.start(invocation(self, one, "--every", "1s", "--sweep", sweep))
end

-- Starts a mirror again that has ended, as a supervisor does, and counts its exit codes.
local function revive(self, one)
  if one.process:is_running() then return end
  local code = one.process:finish()
  one.codes[code] = (one.codes[code] or 0) + 1
  start(self, one)
end

-- Reads a database that its mirror may not have made yet, or is changing.
local function look(fn, ...)
  local succeeded, result = pcall(fn, ...)
  if succeeded then return result end
  if not database_failure(result) then error(result, 0) end
  return nil
end

local DONE = "SELECT count(*) FROM mirror_runs WHERE outcome = 'done' AND began_at > '%s'"

local function wait_for_run(self, one)
  -- Times of runs have whole seconds.
  local after, deadline = time.to_iso(os.time() * 1000), socket.gettime() + PATIENCE_SECONDS
  repeat
    socket.sleep(0.1)
    revive(self, one)
    if (look(one.reader.count, one.reader, DONE, after) or 0) > 0 then return end
  until socket.gettime() > deadline
  error("no run came to its end: " .. script.read_file(one.notes), 0)
end

local function add_mirror(self, address)
  local one = {
    address = address,
    notes = os.tmpname(),
    codes = {},
    reader = support.attach { client = self.client, address = address, objects = OBJECTS },
  }
  start(self, one)
  self.mirrors[#self.mirrors + 1] = one
end

-- Working -------------------------------------------------------------------------------------------------------------

-- Tells whether each mirror has an archived record as it is.
local function is_known(self, object, record)
  for _, one in ipairs(self.mirrors) do
    if not look(one.reader.knows_archived, one.reader, object, record) then return false end
  end
  return true
end

local function disturb(self)
  local random = self.random
  if self.actions == 1 or random(40) == 1 then self.faults = self.faults + random_faults.add(self.server, random) end
  if random(200) == 1 then
    self.mirrors[random(#self.mirrors)].process:signal "KILL"
    self.kills = self.kills + 1
  end
end

--- Works in the portal for some seconds, and disturbs the mirrors where that is wanted.
function methods:work(seconds)
  local ends = socket.gettime() + seconds
  repeat
    self.writer:work(1)
    self.actions = self.actions + 1
    if self.is_disturbed then disturb(self) end
    socket.sleep(self.random() * 0.1)
    for _, one in ipairs(self.mirrors) do
      if self.actions % 20 == 0 then revive(self, one) end
    end
  until socket.gettime() > ends
end

--- Lets all rest until no overlap reaches back to what was done, and ends the mirrors.
function methods:rest()
  for _, fault in ipairs(self.server:waiting_faults()) do
    self.faults = self.faults - fault.times
  end
  self.server:clear_faults()
  self.server:set_search_lag(0)
  self.server:advance(3700)
  for _, one in ipairs(self.mirrors) do
    wait_for_run(self, one)
    one.process:signal "TERM"
    one.process:finish()
    one.reader:log()
  end
end

-- Judging -------------------------------------------------------------------------------------------------------------

--- The exit codes of a mirror that was not killed.
function methods.codes(_, one)
  local codes = {}
  for code in pairs(one.codes) do
    if code ~= KILLED then codes[#codes + 1] = code end
  end
  table.sort(codes)
  return codes
end

--- The lines of a mirror's notes that tell of changes which its windows had missed.
function methods.missed(_, one)
  local lines = {}
  for line in script.read_file(one.notes):gmatch "[^\n]*had missed[^\n]*" do
    lines[#lines + 1] = line
  end
  return lines
end

--- Sweeps, and gives how many changes the windows had missed.
function methods:sweep(one)
  local done = command.run(invocation(self, one, "--sweep", "now"))
  assert(done.status == 0, done.stderr)
  return one.reader:count "SELECT sum(missed) FROM mirror_state"
end

--- Compares, as the command does.
-- @treturn table `status`, and `report`
function methods:verify(one)
  local done = command.run(invocation(self, one, "verify"))
  return { status = done.status, report = core.decode(done.stdout) or done.stderr }
end

--- What happened, as a line.
function methods:summary()
  local parts = { ("%d things done, %d faults, %d kills"):format(self.actions, self.faults, self.kills) }
  for _, one in ipairs(self.mirrors) do
    local codes = {}
    for code, count in pairs(one.codes) do
      codes[#codes + 1] = ("%d times %d"):format(count, code)
    end
    parts[#parts + 1] = ("%s: %d runs, %d changes, ended: %s"):format(
      one.address:match "^%w+",
      one.reader:count "SELECT count(*) FROM mirror_runs WHERE outcome = 'done'",
      one.reader:count "SELECT count(*) FROM changes",
      #codes > 0 and table.concat(codes, ", ") or "never"
    )
  end
  return table.concat(parts, "; ")
end

--- Ends all.
function methods:close()
  for _, one in ipairs(self.mirrors) do
    if one.process:is_running() then one.process:signal "KILL" end
    one.reader.database:close()
    os.remove(one.notes)
  end
  self.client:close()
end

--- Makes it.
-- @tparam table options `server`, a sandbox; `addresses` of the databases; `random`, as math.random; `is_disturbed`,
--   whether requests fail and mirrors are killed
function followed_portal.new(options)
  local self = setmetatable({
    server = options.server,
    random = options.random,
    is_disturbed = options.is_disturbed,
    client = wire.client(options.server),
    mirrors = {},
    actions = 0,
    faults = 0,
    kills = 0,
  }, methods)
  for _, address in ipairs(options.addresses) do
    add_mirror(self, address)
  end
  self.writer = random_writer.new {
    portal = self.server,
    client = self.client,
    random = self.random,
    is_known = function(...) return is_known(self, ...) end,
  }
  return self
end

return followed_portal
