-- A real nginx with Lua, on a free port of loopback, in a temporary folder of its own.
--
--   local server = nginx.start {
--     workers = 4,                                   -- default 1
--     main = "env HOME;",                            -- directives outside of http
--     http = "lua_shared_dict limits 1m;",           -- in http
--     ordinary_user = true,                          -- not root, even where root starts it
--     server = "location / { content_by_lua_block { ngx.say(require('hubspot')._VERSION) } }",
--   }
--   server.url, server.port, server.prefix, server.pid
--   server:get "/path" -> body, status               -- a new connection each time
--   server:error_log() -> text
--   server:workers() -> list of pids
--   server:reload(), server:stop()
--
-- This repository's modules can be required there; the C core is the one for Lua 5.1. nginx has the user of the process
-- that starts it, root included, so that it may read what that one may; or, with `ordinary_user = true` and started by
-- root, the user nobody and a copy of the modules. nginx ends with the process that starts it, however that ends.

local host = require "spec.support.host"
local http = require "socket.http"
local ltn12 = require "ltn12"
local socket = require "socket"

local nginx = {}

local START_SECONDS = 30

-- Another process may take the port between finding and using it.
local ATTEMPTS = 5

local MODULE_FOLDERS = { "/usr/lib/nginx/modules/", "/usr/lib64/nginx/modules/", "/usr/share/nginx/modules/" }
local MODULES = { "ndk_http_module.so", "ngx_http_lua_module.so" }

local CONFIG = [[
%(modules)
%(user)
daemon off;
worker_processes %(workers);
pid %(prefix)/nginx.pid;
error_log %(prefix)/error.log %(log_level);
%(main)
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path %(prefix)/body;
  proxy_temp_path %(prefix)/proxy;
  fastcgi_temp_path %(prefix)/fastcgi;
  uwsgi_temp_path %(prefix)/uwsgi;
  scgi_temp_path %(prefix)/scgi;
  lua_package_path "%(root)/lua/?.lua;%(root)/lua/?/init.lua;%(root)/program/?.lua;%(root)/program/?/init.lua;%(root)/?.lua;;";
  lua_package_cpath "%(root)/%(core)/?.so;;";
  %(http)
  server {
    listen 127.0.0.1:%(port) %(listen);
    %(server)
  }
}
]]

-- Returns the output of a command, without the last line break.
local function output_of(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "*a"
  pipe:close()
  return (text:gsub("\n$", ""))
end

local function read_all(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local text = file:read "*a"
  file:close()
  return text
end

--- Directives that load the Lua module where it is not built in.
function nginx.module_lines()
  local lines = {}
  for _, folder in ipairs(MODULE_FOLDERS) do
    for _, name in ipairs(MODULES) do
      local file = io.open(folder .. name)
      if file then
        file:close()
        lines[#lines + 1] = ("load_module %s%s;"):format(folder, name)
      end
    end
    if #lines > 0 then break end
  end
  return table.concat(lines, "\n")
end

local function free_port()
  local listener = assert(socket.bind("127.0.0.1", 0))
  local _, port = listener:getsockname()
  listener:close()
  return tonumber(port)
end

local server = {}

--- The body and status of a GET, or nil and what went wrong.
function server:get(path)
  local parts = {}
  local answered, status = http.request { url = self.url .. path, sink = ltn12.sink.table(parts) }
  if not answered then return nil, status end
  return table.concat(parts), status
end

function server:error_log() return read_all(self.prefix .. "/error.log") end

--- The pids of the worker processes.
function server:workers()
  local pids = {}
  for pid in output_of("pgrep -P " .. self.pid):gmatch "%d+" do
    pids[#pids + 1] = tonumber(pid)
  end
  return pids
end

local function is_running(pid)
  -- A process that ended and was not waited for yet runs no longer.
  local state = read_all("/proc/" .. pid .. "/stat"):match "^%d+ %b() (%a)"
  return state ~= nil and state ~= "Z"
end

--- Has it read its configuration again, which gives it fresh workers. Shared dictionaries stay.
function server:reload()
  local before = self:workers()
  os.execute("kill -HUP " .. self.pid)
  local deadline = socket.gettime() + START_SECONDS
  for _, pid in ipairs(before) do
    while is_running(pid) do
      assert(socket.gettime() < deadline, "nginx keeps its old workers")
      socket.sleep(0.01)
    end
  end
end

--- Ends it and waits for that. May be called again.
function server:stop()
  if not self.pipe then return end
  self.pipe:close()
  self.pipe = nil
end

local function is_root() return output_of "id -u" == "0" end

local function config_of(options, prefix, port)
  if options.config then return options.config(port, is_root() and "user root root;\n" or "") end
  local as_nobody = options.ordinary_user and is_root()
  local values = {
    modules = nginx.module_lines(),
    prefix = prefix,
    port = port,
    root = as_nobody and prefix or output_of "pwd",
    core = host.core_folder(),
    -- Started by root, nginx has another default user, who may not be let into this folder.
    user = is_root() and not as_nobody and "user root root;" or "",
    workers = options.workers or 1,
    log_level = options.log_level or "notice",
    main = options.main or "",
    http = options.http or "",
    server = options.server or "",
    listen = options.listen or "",
  }
  return (CONFIG:gsub("%%%((%w+_?%w*)%)", function(name) return tostring(values[name]) end))
end

-- Waits until it takes connections; nil where it ended instead.
local function await_listening(prefix, port)
  local deadline = socket.gettime() + START_SECONDS
  repeat
    local pid = read_all(prefix .. "/nginx.pid"):match "%d+"
    local connection = pid and socket.connect("127.0.0.1", port)
    if connection then
      connection:close()
      return tonumber(pid)
    end
    if read_all(prefix .. "/ended") ~= "" then return nil end
    socket.sleep(0.01)
  until socket.gettime() > deadline
  return nil
end

-- The user nobody may not be let into the folder of the repository.
local function give_to_nobody(prefix)
  local log = output_of(
    ("{ cp -r --parents lua program spec/support '%s' '%s' && chown -R nobody '%s' && echo done; } 2>&1"):format(
      host.core_folder(),
      prefix,
      prefix
    )
  )
  assert(log:match "done$", log)
end

local function start_once(options, binary)
  local prefix = output_of "mktemp -d"
  local port = free_port()
  local as_nobody = options.ordinary_user and is_root()
  local file = assert(io.open(prefix .. "/nginx.conf", "w"))
  file:write(config_of(options, prefix, port))
  file:close()
  if as_nobody then give_to_nobody(prefix) end
  -- The pipe that the shell reads from closes when this process ends, and then it ends nginx.
  local pipe = assert(io.popen(
    ([[
    prefix='%s'
    { %s '%s' -p "$prefix" -c nginx.conf -e error.log </dev/null >"$prefix/output" 2>&1
      echo ended >"$prefix/ended"; } &
    cat >/dev/null
    [ -s "$prefix/nginx.pid" ] && kill -TERM "$(cat "$prefix/nginx.pid" 2>/dev/null)" 2>/dev/null
    wait
    rm -rf "$prefix"
  ]]):format(prefix, as_nobody and "runuser -u nobody --" or "", binary),
    "w"
  ))
  local pid = await_listening(prefix, port)
  local self = setmetatable(
    { url = "http://127.0.0.1:" .. port, port = port, prefix = prefix, pid = pid, pipe = pipe },
    { __index = server }
  )
  if pid then return self end
  local problem = read_all(prefix .. "/output") .. self:error_log()
  self:stop()
  return nil, problem
end

-- The nginx that NGINX names, else the one that is installed, or nil.
local function find_binary()
  local search = "PATH=$PATH:/usr/sbin:/usr/local/openresty/nginx/sbin; command -v nginx"
  local path = os.getenv "NGINX" or output_of(search)
  return path ~= "" and path or nil
end

--- Starts one; throws where it does not start.
-- @tparam[opt] table options `workers`, `main`, `http`, `server` (text in those blocks of the configuration),
--   `listen` (more words of the listen directive, such as "reuseport"), `log_level`, `ordinary_user`; or instead of
--   these `config`: function(port, user directive) that returns a whole configuration, with `pid nginx.pid;` and
--   `error_log error.log;`
function nginx.start(options)
  local binary = assert(find_binary(), "nginx is not installed")
  local problem
  for _ = 1, ATTEMPTS do
    local self
    self, problem = start_once(options or {}, binary)
    if self then return self end
    if not problem:find("Address already in use", 1, true) then break end
  end
  error("nginx did not start: " .. tostring(problem), 2)
end

return nginx
