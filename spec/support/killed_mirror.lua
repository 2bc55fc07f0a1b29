-- A mirror in a process of its own, which is killed with SIGKILL time and again, at any moment.

local command = require "spec.support.command"
local script = require "spec.support.script"
local socket = require "socket"

local killed_mirror = {}

-- Starts the command in the background of a shell that tells its process.
local function start(invocation)
  local background = "{ %s >/dev/null 2>&1 & echo $!; wait $!; echo ended $?; } 2>/dev/null"
  local pipe = assert(io.popen(background:format(command.line(invocation))))
  return { pipe = pipe, pid = assert(tonumber(pipe:read "*l")) }
end

-- The exit code; nil where a signal ended it.
local function finish(process)
  local code = tonumber((process.pipe:read "*a"):match "ended (%d+)")
  process.pipe:close()
  return code
end

--- Runs a mirror to its end, killing it on the way.
-- @tparam table options `server`, a sandbox; `address` of the database, and its `schema`; `kills`; `random`, a
--   function() from 0 to 1; `seconds`, the longest that a run lives; `more`, arguments of the command
-- @treturn integer how many runs were killed; the others came to their end before
function killed_mirror.run(options)
  local invocation =
    { "mirror", "--db", options.address, "--schema", options.schema, env = command.against(options.server) }
  for _, word in ipairs(options.more or {}) do
    invocation[#invocation + 1] = word
  end
  local killed = 0
  for _ = 1, options.kills do
    local process = start(invocation)
    socket.sleep(options.random() * options.seconds)
    script.run_shell(("{ kill -9 %d 2>/dev/null; }"):format(process.pid))
    if finish(process) == 137 then killed = killed + 1 end
  end
  local last = command.run(invocation)
  assert(last.status == 0, last.stderr)
  return killed
end

return killed_mirror
