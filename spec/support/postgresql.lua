-- A real PostgreSQL server on a socket in a folder of its own, as an ordinary user: it refuses to run as root.
--
--   local server = postgresql.start()
--   server.address -- postgresql://…
--   server:stop()
--
-- It ends with the process that starts it, however that ends. No spec ends the machine, so it waits for no disk, unless
-- it `is_durable`.

local socket = require "socket"

local postgresql = {}

local START_SECONDS = 60

local SCRIPT = [[
set -u
folder=$(mktemp -d /tmp/hubspot-postgresql.XXXXXX)
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as_user=
if [ "$(id -u)" -eq 0 ]; then
  chown nobody "$folder"
  as_user="setpriv --reuid nobody --regid nogroup --clear-groups --"
fi
export HOME="$folder" LC_ALL=C
cd "$folder"
$as_user "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-sync >"$folder/log" 2>&1
$as_user "$bin/postgres" $FLAGS -D "$folder/data" -k "$folder" -h "" -p 5432 >>"$folder/log" 2>&1 </dev/null &
pid=$!
echo "$folder" >"$READY"
cat >/dev/null
kill -INT $pid 2>/dev/null
wait
rm -rf "$folder"
]]

local server = {}

function server:stop()
  if not self.pipe then return end
  self.pipe:close()
  self.pipe = nil
end

local function read_all(path)
  local file = io.open(path)
  local text = file and file:read "*a" or ""
  if file then file:close() end
  return text
end

local function is_up(folder)
  return os.execute(
    ('"$(ls -d /usr/lib/postgresql/*/bin | tail -1)/pg_isready" -q -h %s -p 5432 >/dev/null 2>&1'):format(folder)
  )
end

--- Starts one; throws where it does not start.
-- @tparam[opt] table options `is_durable`
function postgresql.start(options)
  local ready, flags = os.tmpname(), options and options.is_durable and "" or "-F"
  local script = SCRIPT:gsub("'", "'\\''")
  local pipe = assert(io.popen(("READY=%s FLAGS=%s sh -c '%s'"):format(ready, flags, script), "w"))
  local self = setmetatable({ pipe = pipe }, { __index = server })
  local deadline = socket.gettime() + START_SECONDS
  repeat
    socket.sleep(0.02)
    self.folder = read_all(ready):match "%S+"
    local up = self.folder and is_up(self.folder)
    if up == true or up == 0 then
      os.remove(ready)
      self.address = ("postgresql:///postgres?host=%s&port=5432&user=postgres"):format(self.folder)
      return self
    end
  until socket.gettime() > deadline
  local log = self.folder and read_all(self.folder .. "/log") or "no folder"
  self:stop()
  error("PostgreSQL did not start: " .. log, 2)
end

return postgresql
