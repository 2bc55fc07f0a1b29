--- A file that gets its name when it is whole. Until then it is FILE.part, and FILE.part.state tells how to resume it.
--
-- The state is JSON Lines: first what the file is of, then a checkpoint after each piece that was written: the bytes
-- that the part has, the records in them, and the cursor of what comes next. The last one counts; after a loss of power
-- the last of those that are `durable`, since all before them is on the disk; and where the part is shorter all the
-- same, an earlier one. Bytes after the checkpoint are dropped.
-- @module hubspot.command.export.part_file

local core = require "hubspot.core"
local durable = require "hubspot.durable"
local fail = require "hubspot.command.fail"
local lines = require "hubspot.command.lines"

local part_file = {}

local VERSION = 3

-- The state is written anew, with the latest checkpoint, whenever it has grown by this many bytes.
local LARGEST_STATE = 256 * 1024

-- A loss of power costs so much of the work at most. To wait for the disk after each page takes a fifth of an export's
-- CPU.
local SECONDS_TO_DISK = 1

local methods = {}
local metatable = { __name = "hubspot.command.PartFile", __index = methods }

-- Files ------------------------------------------------------------------------------------------------------------

local function must(result, message, path)
  if not result then fail.file(message:find(path, 1, true) and message or ("%s: %s"):format(path, message)) end
  return result
end

local function open(path, mode)
  local file, message = io.open(path, mode)
  return must(file, message, path)
end

local function write(file, path, text)
  local written, message = file:write(text)
  must(written, tostring(message), path)
  local flushed, flush_message = file:flush()
  must(flushed, tostring(flush_message), path)
end

local function close(file, path)
  local closed, message = file:close()
  must(closed, tostring(message), path)
end

local function replace(from, to)
  local renamed, message = durable.rename(from, to)
  must(renamed, tostring(message), to)
end

local function state_path(path) return path .. ".part.state" end

local function line_of(value) return assert(core.encode(value)) .. "\n" end

-- Reading a state --------------------------------------------------------------------------------------------------

-- The tables of a state's whole lines, up to the first that is none.
local function read_lines(path)
  local file = io.open(path, "rb")
  if not file then return {} end
  local reader, list = lines.reader(lines.pieces_of(file)), {}
  local line = reader:next()
  while line and line:sub(-1) == "\n" do
    local value = core.decode(line)
    if type(value) ~= "table" then break end
    list[#list + 1], line = value, reader:next()
  end
  file:close()
  return list
end

local function size_of(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local size = file:seek "end"
  file:close()
  return size
end

-- Returns whether a part has all bytes of a checkpoint, whose last one ends a line.
local function is_there(path, checkpoint, size)
  if type(checkpoint.bytes) ~= "number" or checkpoint.bytes > size then return false end
  if checkpoint.bytes == 0 then return true end
  local file = open(path, "rb")
  file:seek("set", checkpoint.bytes - 1)
  local last = file:read(1)
  file:close()
  return last == "\n"
end

--- Reads the state of a file that was not finished.
-- @tparam string path of the file
-- @treturn ?table `head`, as `begin` was given it, and `checkpoint`: `bytes`, `records`, `cursor`, `is_end` where the
--   end was reached, `has_halves` and `missing`. Nil where there is nothing to resume. Fails where another version of
--   the command wrote it
function part_file.read_state(path)
  local list = read_lines(state_path(path))
  local first = list[1]
  local size = size_of(path .. ".part")
  if first and first.v ~= VERSION then
    fail.file(("%s is of another version of hubspot-lua: begin anew without --resume"):format(state_path(path)))
  end
  if not first or type(first.head) ~= "table" or not size then return nil end
  local is_same_uptime = first.uptime ~= nil and first.uptime == durable.uptime_id()
  for index = #list, 2, -1 do
    local checkpoint = list[index]
    if (is_same_uptime or checkpoint.durable) and is_there(path .. ".part", checkpoint, size) then
      return { head = first.head, checkpoint = checkpoint }
    end
  end
  return nil
end

-- Writing ----------------------------------------------------------------------------------------------------------

-- Writes the state with the checkpoint, which is durable, where there is one, and leaves it open for more.
local function renew_state(self, checkpoint)
  local path = state_path(self.path)
  if self.state then self.state:close() end
  local text = line_of { v = VERSION, head = self.head, uptime = self.uptime }
    .. (checkpoint and line_of(checkpoint) or "")
  local file = open(path .. ".new", "wb")
  write(file, path .. ".new", text)
  close(file, path .. ".new")
  replace(path .. ".new", path)
  self.state = open(path, "ab")
  self.state_limit = #text + LARGEST_STATE
  self.state_size = #text
end

local function add_checkpoint(self, checkpoint)
  local line = line_of(checkpoint)
  write(self.state, state_path(self.path), line)
  self.state_size = self.state_size + #line
end

-- Puts the part on the disk.
local function sync(self)
  local part = self.path .. ".part"
  local synced, message = core.sync(part)
  must(synced, message, part)
  self.synced_at = core.now()
end

--- Writes a piece of the file, then the checkpoint after it. Fails where the disk is full, for example: what was
-- written before can be resumed.
-- @tparam string text whole lines
-- @tparam table after `records`, the number of those written so far; `cursor` of what comes next; `is_end` where there
--   is no more; `has_halves` where some texts so far hold half of a surrogate pair; `missing` where ids so far have no
--   record
function methods:append(text, after)
  if text ~= "" then write(self.file, self.path .. ".part", text) end
  self.bytes = self.bytes + #text
  local is_full = self.state_size > self.state_limit
  local is_durable = is_full or not self.uptime or core.now() - self.synced_at >= SECONDS_TO_DISK
  if is_durable then sync(self) end
  local checkpoint = {
    bytes = self.bytes,
    records = after.records,
    cursor = after.cursor,
    is_end = after.is_end or nil,
    has_halves = after.has_halves or nil,
    missing = after.missing,
    durable = is_durable or nil,
  }
  if is_full then return renew_state(self, checkpoint) end
  add_checkpoint(self, checkpoint)
end

--- Leaves nothing of the file.
function methods:discard()
  self.file:close()
  self.state:close()
  os.remove(state_path(self.path))
  os.remove(self.path .. ".part")
end

--- Gives the file its name.
function methods:finish()
  close(self.file, self.path .. ".part")
  replace(self.path .. ".part", self.path)
  self.state:close()
  os.remove(state_path(self.path))
end

local function new(fields)
  local self = setmetatable(fields, metatable)
  self.uptime, self.synced_at = durable.uptime_id(), core.now()
  return self
end

--- Begins a file.
-- @tparam string path
-- @tparam table head says of what the file is, for `read_state`
-- @treturn table
function part_file.begin(path, head)
  -- Of a part that can't be written, the state is kept.
  close(open(path .. ".part", "ab"), path .. ".part")
  -- In this order a state never speaks of another part.
  os.remove(state_path(path))
  local file = open(path .. ".part", "wb")
  local self = new { path = path, head = head, file = file, bytes = 0 }
  renew_state(self)
  return self
end

--- Resumes a file from its state.
-- @tparam string path
-- @tparam table state as `read_state` gave it
-- @treturn table
function part_file.resume(path, state)
  local part = path .. ".part"
  local shortened, message = core.truncate(part, state.checkpoint.bytes)
  must(shortened, message, part)
  local file = open(part, "ab")
  local self = new { path = path, head = state.head, file = file, bytes = state.checkpoint.bytes }
  sync(self)
  state.checkpoint.durable = true
  renew_state(self, state.checkpoint)
  return self
end

return part_file
