-- A mirror in a process of its own, which is killed with SIGKILL time and again, at any moment.

local background = require "spec.support.background"
local command = require "spec.support.command"
local socket = require "socket"

local killed_mirror = {}

local KILLED = 137

--- The invocation of a mirror.
-- @tparam table options `server`, a sandbox; `address` of the database, and its `schema`; `more`, arguments of the
--   command
function killed_mirror.invocation(options)
  local invocation =
    { "mirror", "--db", options.address, "--schema", options.schema, env = command.against(options.server) }
  for _, word in ipairs(options.more) do
    invocation[#invocation + 1] = word
  end
  return invocation
end

--- Runs a mirror to its end, killing it on the way.
-- @tparam table options those of `invocation`; `kills`; `random`, a function() from 0 to 1; `seconds`, the longest that
--   a run lives
-- @treturn integer how many runs were killed; the others came to their end before
function killed_mirror.run(options)
  local invocation, killed = killed_mirror.invocation(options), 0
  for _ = 1, options.kills do
    local process = background.start(invocation)
    socket.sleep(options.random() * options.seconds)
    process:signal "KILL"
    if process:finish() == KILLED then killed = killed + 1 end
  end
  local last = command.run(invocation)
  assert(last.status == 0, last.stderr)
  return killed
end

return killed_mirror
