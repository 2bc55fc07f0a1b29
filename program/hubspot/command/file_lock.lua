--- Keeps two processes from writing one file: FILE.lock is locked, by the system, until the process ends.
-- @module hubspot.command.file_lock

local core = require "hubspot.core"
local fail = require "hubspot.command.fail"

local file_lock = {}

local methods = {}
local metatable = { __name = "hubspot.command.FileLock", __index = methods }

--- Removes the file of the lock, and then gives the lock back: whoever waited for that file finds that it has no name.
function methods:release()
  os.remove(self.path)
  self.lock:close()
end

--- Locks a file. Fails where another process is at work on it, or where there can be no file beside it.
-- @tparam string path
-- @treturn table
function file_lock.new(path)
  local beside = path .. ".lock"
  local lock, message, busy = core.lock_file(beside)
  if busy then fail.file(("%s: another process is at work on it: wait until that has ended"):format(path)) end
  if not lock then
    local _, last = message:find(beside .. ": ", 1, true)
    local reason = message:sub((last or 0) + 1)
    fail.file(("can't write %s: %s; its folder must be there, and writable"):format(path, reason))
  end
  return setmetatable({ path = beside, lock = lock }, metatable)
end

return file_lock
