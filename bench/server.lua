--- The bench's server: nginx with prepared contacts, in a process that ends with the harness, however that ends.

local cjson = require "cjson"
local http = require "socket.http"
local socket = require "socket"

local server = {}

local function read_file(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

local function write_file(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  assert(file:close())
end

local function output_of(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "a"
  pipe:close()
  return (text:gsub("%s+$", ""))
end

local function free_port()
  local listener = assert(socket.bind("127.0.0.1", 0))
  local _, port = listener:getsockname()
  listener:close()
  return port
end

local function ask(self, path)
  local text, status = http.request(self.url .. path)
  if not text then return nil, status end
  assert(status == 200, text)
  return cjson.decode(text)
end

local methods = {}

--- Sets `latency` (seconds), `contacts` (of other records there are as many), `members` (of every list), `quota`
-- (requests in 10 seconds; nil for none), `changes` (1 lets records come and go), and starts the counts again.
function methods:set(settings)
  local query = {}
  for name, value in pairs(settings) do
    query[#query + 1] = ("%s=%s"):format(name, value)
  end
  assert(ask(self, "/_bench/set?" .. table.concat(query, "&")))
end

--- Returns what there was since `set`: `requests`, those that were `refused`, those for `further` pages of
-- associations, and the rows `written`, with those that were written `twice`.
function methods:counts() return assert(ask(self, "/_bench/counts")) end

--- Ends nginx.
function methods:close()
  self.keeper:close()
  os.execute(("rm -rf '%s'"):format(self.directory))
end

--- Starts nginx on a free port of loopback.
-- @tparam string source the folder of nginx.conf and its Lua files
function server.start(source)
  local directory = output_of "mktemp -d"
  local port = free_port()
  local values = {
    directory = directory,
    port = tostring(port),
    source = source,
    modules = os.getenv "NGINX_MODULES" or "/usr/lib/nginx/modules",
    cpath = output_of "echo /usr/lib/$(uname -m)-linux-gnu/lua/5.1/?.so",
  }
  write_file(directory .. "/nginx.conf", (read_file(source .. "/nginx.conf"):gsub("{(%l+)}", values)))
  -- nginx ends when the pipe closes, which it does when this process is gone.
  local keeper = assert(io.popen(
    ([[
    PATH=$PATH:/usr/sbin; nginx -c '%s/nginx.conf' -e '%s/error.log' </dev/null & nginx=$!
    trap '' INT; read -r end; kill $nginx; wait $nginx]]):format(directory, directory),
    "w"
  ))
  local self = setmetatable(
    { directory = directory, keeper = keeper, url = ("http://127.0.0.1:%d"):format(port) },
    { __index = methods }
  )
  for _ = 1, 100 do
    if ask(self, "/_bench/counts") then return self end
    socket.sleep(0.05)
  end
  local log = read_file(directory .. "/error.log")
  self:close()
  error("nginx did not start:\n" .. log)
end

return server
