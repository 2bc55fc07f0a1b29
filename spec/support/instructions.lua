-- Runs the commands that the first lines of an example tell a user to run.

local host = require "spec.support.host"
local sandbox = require "spec.support.sandbox"
local script = require "spec.support.script"
local socket = require "socket"

local instructions = {}

local SECONDS = 60

-- The ports that the instructions name, and how a shell knows that somebody listens there.
local SANDBOX_PORT, SITE_PORT = "8081", "8080"
local AWAIT = "until curl -s -o /dev/null http://127.0.0.1:%s/; do sleep 0.05; done"

local quote = script.quote

local function output_of(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "*a"
  pipe:close()
  return (text:gsub("\n$", ""))
end

local function free_port()
  local listener = assert(socket.bind("127.0.0.1", 0))
  local _, port = listener:getsockname()
  listener:close()
  return tostring(port)
end

--- The commands below "To try it without an account".
-- @tparam string path of the example
-- @treturn table lines
function instructions.of(path)
  local lines, found = {}, false
  for line in io.lines(path) do
    local command = line:match "^[-#]+     (.*)$"
    found = found or line:find("To try it without an account", 1, true) ~= nil
    if found and command then lines[#lines + 1] = command end
    if found and not line:find "^[-#]" or found and #lines > 0 and not command then break end
  end
  return lines
end

-- Commands as they work here: this repository's programs, and ports that are free.
local function commands_here(lines, ports)
  local root, here = output_of "pwd", {}
  local lua = quote(sandbox.interpreter())
  for _, line in ipairs(lines) do
    local text = line
      :gsub("%d+", ports)
      :gsub("^hubspot%-lua ", lua .. " " .. root .. "/bin/hubspot-lua ")
      :gsub("lua5%.4 ", lua .. " ")
    here[#here + 1] = text
    if line:find "&$" then
      here[#here + 1] = 'pids="$pids $!"'
      here[#here + 1] = AWAIT:format(ports[line:find("hubspot-lua sandbox", 1, true) and SANDBOX_PORT or SITE_PORT])
    end
  end
  return here, root
end

local function paths(root, core)
  return ("export LUA_PATH=%s LUA_CPATH=%s"):format(
    quote(("R/lua/?.lua;R/lua/?/init.lua;R/program/?.lua;R/program/?/init.lua;;"):gsub("R", root)),
    quote(root .. "/" .. core .. "/?.so;;")
  )
end

local function core_for_interpreter()
  local version = output_of(quote(sandbox.interpreter()) .. " -e 'print(jit and \"luajit\" or _VERSION)'")
  return version == "luajit" and host.core_folder() or "build/" .. version:lower():gsub(" ", "")
end

--- Runs them in a folder of their own that has the examples, or where `options.copy` names a folder, a copy of that.
-- @tparam string path of the example
-- @tparam table options `copy`; `change`: a shell command that runs before, with SITE_PORT set; `replace`:
--   function(line) that returns the line to run; `after`: shell commands; `in_host`: true where LuaJIT runs the example
-- @treturn table `code`, `out` and `err`
function instructions.run(path, options)
  options = options or {}
  local ports = { [SANDBOX_PORT] = free_port(), [SITE_PORT] = free_port() }
  local commands, root = commands_here(instructions.of(path), ports)
  assert(#commands > 0, path .. " does not say how to try it")
  local lines = {
    "set -e; PATH=$PATH:/usr/sbin; folder=$(mktemp -d)",
    "pids=; trap 'kill $pids 2>/dev/null || true; rm -rf \"$folder\"' EXIT",
    "unset HUBSPOT_TOKEN HUBSPOT_BASE_URL HUBSPOT_EVENT_TYPE HUBSPOT_APPLICATION_ID HUBSPOT_DEVELOPER_KEY",
    paths(root, options.in_host and host.core_folder() or core_for_interpreter()),
    options.copy and ('cp -r %s/%s/. "$folder"; cd "$folder"'):format(root, options.copy)
      or ('cd "$folder"; ln -s %s/examples examples'):format(root),
    ("SITE_PORT=%s SANDBOX=http://127.0.0.1:%s"):format(ports[SITE_PORT], ports[SANDBOX_PORT]),
    options.change or "",
  }
  for _, command in ipairs(commands) do
    lines[#lines + 1] = options.replace and options.replace(command) or command
  end
  lines[#lines + 1] = options.after or ""
  return script.with_file(
    table.concat(lines, "\n") .. "\n",
    function(file) return script.run_shell(("timeout %d sh %s"):format(SECONDS, quote(file))) end
  )
end

return instructions
