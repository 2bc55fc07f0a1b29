--- The journal of an import, beside its file: which batches began, and how the rows of those that ended did. JSON Lines
-- that only grow, so a process that is killed loses at most its last line. That a batch of creations begins is on the
-- disk before it is sent: a loss of power may take only outcomes, and no batch is taken for one that was never sent.
-- Other batches are sent again without harm, and don't wait for the disk.
-- @module hubspot.command.import.journal

local core = require "hubspot.core"
local durable = require "hubspot.durable"
local fail = require "hubspot.command.fail"

local journal = {}

local VERSION = 1

-- The number of the system's error.
local NO_SUCH_FILE = 2

local function open_file(path, mode)
  local file, message = io.open(path, mode)
  if not file then fail.file(message) end
  return file
end

-- A kill, or a full disk, leaves a part of a line: the next one begins on a line of its own.
local function write(self, entry)
  local written, message = self.file:write(self.is_cut and "\n" or "", assert(core.encode(entry)), "\n")
  if written then
    written, message = self.file:flush()
  end
  self.is_cut = not written
  if not written then fail.file(("%s: %s"):format(self.path, message)) end
end

local function sync(self)
  local synced, message = core.sync(self.path)
  if not synced then fail.file(message) end
end

-- Makes the file. One whose header did not get into it is begun anew.
local function create(self)
  self.file = open_file(self.path, "wb")
  local finished, thrown = pcall(function()
    write(self, self.header)
    sync(self)
  end)
  if finished then return durable.keep_name(self.path) end
  self.file:close()
  self.file, self.is_cut = nil, false
  error(thrown, 0)
end

-- Adds an entry. The first one makes the file: a run that ends before it sent anything leaves none.
local function append(self, entry)
  if not self.file then create(self) end
  write(self, entry)
end

local methods = {}
local metatable = { __name = "hubspot.command.Journal", __index = methods }

--- Returns whether a batch began in an earlier run, which did not end it.
-- @tparam integer number
-- @treturn boolean
function methods:is_open(number) return self.open[number] == true end

-- Entries stay in the file until they are asked for: memory does not grow with the rows.
local function entry_at(self, place)
  local file, message = io.open(self.path, "rb")
  if not file then fail.file(message) end
  file:seek("set", place)
  local entry = core.decode(file:read "*l" or "")
  file:close()
  if type(entry) ~= "table" then fail.file(self.path .. ": it was changed while it was read") end
  return entry
end

--- The outcomes of rows of a batch in earlier runs.
-- @tparam integer number
-- @treturn table outcomes, as `finish` took them; none where the batch did not end
function methods:outcomes(number)
  local place = self.ended[number]
  return place and entry_at(self, place).rows or {}
end

--- The problems of the links of a wave, in earlier runs.
-- @tparam integer number of its first batch
-- @treturn ?table as `link` took them; nil where it was not linked
function methods:links(number)
  local place = self.linked[number]
  return place and entry_at(self, place).rows or nil
end

--- Says that a batch is going to be sent.
-- @tparam integer number
-- @tparam integer first_line
-- @tparam integer last_line
function methods:begin(number, first_line, last_line)
  append(self, { began = number, lines = { first_line, last_line } })
  if self.creates then sync(self) end
end

--- Says how the rows of a batch did.
-- @tparam integer number
-- @tparam table outcomes of those rows that are decided on
function methods:finish(number, outcomes) append(self, { ended = number, rows = core.array(outcomes) }) end

--- Says that the records of a wave are associated, and in the list.
-- @tparam integer number of its first batch
-- @tparam table problems
function methods:link(number, problems) append(self, { linked = number, rows = core.array(problems) }) end

--- Removes the file, when nothing is left to do.
function methods:remove()
  if not self.file then return end
  self.file:close()
  os.remove(self.path)
end

-- Reading ------------------------------------------------------------------------------------------------------------

local function new(path, header, creates)
  return setmetatable({
    path = path,
    header = header,
    creates = creates,
    is_cut = false,
    open = {},
    ended = {},
    linked = {},
  }, metatable)
end

-- A line that a kill left unfinished is no JSON, and counts for nothing.
local function read_entries(self)
  local file, message = io.open(self.path, "rb")
  if not file then fail.file(message) end
  local place = 0
  for line in file:lines() do
    local entry = core.decode(line)
    if type(entry) == "table" then
      if entry.began then self.open[entry.began] = true end
      if entry.ended then
        self.ended[entry.ended], self.open[entry.ended] = place, nil
      end
      if entry.linked then self.linked[entry.linked] = place end
    end
    place = place + #line + 1
  end
  self.is_cut = file:seek "end" ~= place
  file:close()
end

-- The header of a journal; nil where there is none, or not a whole line: that of an import which was killed before it
-- began. Fails where another file has the name.
local function read_header(path)
  local file, message, code = io.open(path, "rb")
  if not file and code == NO_SUCH_FILE then return nil end
  if not file then fail.file(message) end
  local line = file:read "*l"
  local is_whole = line ~= nil and file:seek() > #line
  file:close()
  if not is_whole then return nil end
  local header = core.decode(line)
  if type(header) ~= "table" or header.version ~= VERSION then
    fail.file(path .. ": it is no journal of an import of this version")
  end
  return header
end

-- Says how to begin anew.
local function ways_to_begin(path, wanted)
  local way = ("remove %s to begin anew"):format(path)
  return wanted.creates and way .. ", which creates the rows that are done a second time" or way
end

local function check_header(path, header, wanted)
  if header.digest ~= wanted.digest or header.bytes ~= wanted.bytes then
    fail.file(
      ("the file was changed since that import began: resume it with the file as it was, or %s"):format(
        ways_to_begin(path, wanted)
      )
    )
  end
  if header.settings ~= wanted.settings then
    fail.usage(
      ("the import that was interrupted had other options (%s): use the same options, or %s"):format(
        header.settings,
        ways_to_begin(path, wanted)
      )
    )
  end
end

local function resume(path, header, wanted)
  check_header(path, header, wanted)
  local self = new(path, header, wanted.creates)
  read_entries(self)
  self.file = open_file(path, "ab")
  return self
end

--- Opens the journal.
-- @tparam string path
-- @tparam table wanted `digest` and `bytes` of the file; `settings`, a text of what else has to be the same; and
--   `creates`, whether rows that are imported again are there twice
-- @tparam table options `resume`, whether to read the one that is there
-- @treturn table
function journal.open(path, wanted, options)
  local header = read_header(path)
  if header and options.resume then return resume(path, header, wanted) end
  if header then
    fail.usage(
      ("an import of this file was interrupted: --resume resumes it, or %s"):format(ways_to_begin(path, wanted))
    )
  end
  return new(path, {
    version = VERSION,
    digest = wanted.digest,
    bytes = wanted.bytes,
    settings = wanted.settings,
  }, wanted.creates)
end

return journal
