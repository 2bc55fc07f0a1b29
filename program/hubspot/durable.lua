--- Files that outlive a loss of power.
-- @module hubspot.durable

local core = require "hubspot.core"

local durable = {}

--- The name of the time since the machine started; nil where the system has none. While it is the same, files have all
-- that was written to them, whether it is on the disk or not.
-- @treturn ?string
function durable.uptime_id()
  local file = io.open("/proc/sys/kernel/random/boot_id", "r")
  if not file then return nil end
  local id = file:read "*l"
  file:close()
  return id
end

--- Puts the name of a file on the disk, where its folder can be read.
-- @tparam string path
function durable.keep_name(path) core.sync(path:match "^(.*/)" or ".") end

--- Gives a file that was written and closed another name. A process, or a machine, that ends meanwhile leaves the one
-- file or the other as it was, whole.
-- @tparam string from
-- @tparam string to a name in the same folder
-- @treturn ?boolean true, or nil and a message
function durable.rename(from, to)
  local synced, message = core.sync(from)
  if not synced then return nil, message end
  local renamed, problem = os.rename(from, to)
  if not renamed then return nil, problem end
  durable.keep_name(to)
  return true
end

return durable
