-- A web server with a certificate of its own for localhost.

local scratch = require "spec.support.scratch"

local tls_server = {}
tls_server.__index = tls_server

local CERTIFICATE = "cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
  .. "-keyout key.pem -out cert.pem -subj /CN=localhost -addext subjectAltName=DNS:localhost >/dev/null 2>&1"

local SERVER = "cd %s && echo $$ && exec timeout 300 openssl s_server -accept 127.0.0.1:0 -www -key key.pem "
  .. "-cert cert.pem 2>/dev/null"

local function run(command)
  local outcome = os.execute(command)
  assert(outcome == true or outcome == 0, command)
end

--- Starts it.
-- @treturn table `port`, `ca_file` (a path, for clients that should trust it) and `stop`
function tls_server.start()
  local directory = scratch.folder()
  run(CERTIFICATE:format(directory))
  local pipe = assert(io.popen(SERVER:format(directory)))
  local pid = pipe:read "*l"
  local port
  repeat
    local line = assert(pipe:read "*l", "openssl s_server didn't start")
    port = line:match "^ACCEPT .*:(%d+)$"
  until port
  return setmetatable(
    { port = port, ca_file = directory .. "/cert.pem", directory = directory, pid = pid, pipe = pipe },
    tls_server
  )
end

--- Ends it, and removes its certificate.
function tls_server:stop()
  os.execute("kill " .. self.pid)
  self.pipe:close()
  scratch.remove(self.directory)
end

return tls_server
