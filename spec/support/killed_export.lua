-- An export in a process of its own, which is killed with SIGKILL time and again, and resumes from its last cursor.

local socket = require "socket"
local sandbox = require "spec.support.sandbox"

local killed_export = {}

-- Writes a line for each contact to a file, and after a number of them, or each page, the cursor to another file. The
-- cursor comes after the contacts that it follows, and replaces the last one in one step.
local EXPORTER = [[
local hubspot = require "hubspot"
local url, api_version, method, page_size, every, output_path, cursor_path = (table.unpack or unpack)(arg)
local client = hubspot.new { token = "any", base_url = url, limiter = false, api_version = api_version,
  retry = { base_delay = 0.01, max_delay = 0.1 } }

local function read(path)
  local file = io.open(path)
  local text = file and file:read "*a"
  if file then file:close() end
  return text ~= "" and text or nil
end

local function save_cursor(cursor)
  local file = assert(io.open(cursor_path .. ".new", "w"))
  file:write(cursor)
  file:close()
  assert(os.rename(cursor_path .. ".new", cursor_path))
end

local options = { page_size = tonumber(page_size), cursor = read(cursor_path) }
local contacts = client.contacts
local iterator = method == "search" and contacts:search("", options) or contacts[method](contacts, options)
local output = assert(io.open(output_path, "a"))
-- Each contact is out of this process at once, as what is done with it elsewhere would be.
output:setvbuf "line"
local before = read(output_path)
-- Whatever the kill left of a line is no line.
if before and before:sub(-1) ~= "\n" then output:write("\n") end

local function write(contact)
  output:write(contact.id, " ", contact.properties.email or "-", " end\n")
end

local function checkpoint()
  local cursor = iterator:cursor()
  if cursor then save_cursor(cursor) end
end

if every == "page" then
  for page in iterator:pages() do
    for _, contact in ipairs(page) do write(contact) end
    checkpoint()
  end
else
  local count = 0
  for contact in iterator do
    write(contact)
    count = count + 1
    if count % tonumber(every) == 0 then checkpoint() end
  end
end
output:write("complete\n")
output:close()
]]

local function write_file(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  return path
end

local function start(script, ...)
  local words = {}
  for index, word in ipairs { sandbox.interpreter(), script, ... } do
    words[index] = ("'%s'"):format(word)
  end
  local pipe = assert(io.popen(('sh -c \'echo $$; exec "$0" "$@"\' %s 2>&1'):format(table.concat(words, " "))))
  return { pipe = pipe, pid = assert(tonumber(pipe:read "*l")) }
end

local function size_of(path)
  local file = assert(io.open(path))
  local size = file:seek "end"
  file:close()
  return size
end

-- The lines that were written from one byte of the file on, and whether the export came to its end.
local function lines_from(path, offset)
  local file = assert(io.open(path))
  file:seek("set", offset)
  local ids, complete = {}, false
  for line in file:lines() do
    local id = line:match "^(%d+) %S+ end$"
    if id then ids[#ids + 1] = id end
    complete = complete or line == "complete"
  end
  file:close()
  return ids, complete
end

-- Kills the process a moment after it has written a number of bytes. False where it ended before.
local function kill_when(process, path, size, moment)
  local deadline = socket.gettime() + 60
  while size_of(path) < size do
    if socket.gettime() > deadline then error "the export stands still" end
    socket.sleep(0.001)
  end
  socket.sleep(moment)
  os.execute(("kill -9 %d 2>/dev/null"):format(process.pid))
  process.pipe:close()
end

--- Exports all contacts of a server, killing the export `kills` times on its way.
-- @tparam table options `url`, `api_version`, `method` ("all", "search", "recently_created" …), `contacts` (their
--   number), `page_size`, `every` ("page", or a number of contacts: when the cursor is written), `kills`, `random`
--   (function() that returns a number from 0 to 1), `moment` (the most seconds that a kill comes later than planned)
-- @treturn table `count` (different contacts that were written), `runs` (each `{ written =, again = }`: contacts, and
--   those of them that an earlier run had written), `ids` (a set)
function killed_export.run(options)
  local script, output, cursor = write_file(EXPORTER), os.tmpname(), os.tmpname()
  local result = { count = 0, runs = {}, ids = {} }
  local bytes_each = 34

  local function account(offset)
    local ids, complete = lines_from(output, offset)
    local again = 0
    for _, id in ipairs(ids) do
      if result.ids[id] then
        again = again + 1
      else
        result.count = result.count + 1
      end
      result.ids[id] = true
    end
    result.runs[#result.runs + 1] = { written = #ids, again = again }
    return complete
  end

  local function start_export()
    return start(
      script,
      options.url,
      options.api_version or "2026-09",
      options.method,
      options.page_size,
      options.every,
      output,
      cursor
    )
  end

  for kill = 1, options.kills do
    local offset, process = size_of(output), start_export()
    -- Somewhere in its share of what there is, so that enough is left for the others and the last run.
    local wanted = options.contacts * (kill - 1 + options.random()) / (options.kills + 2)
    kill_when(process, output, math.max(offset + 1, wanted * bytes_each), options.random() * options.moment)
    if account(offset) then error "the export was complete before it was killed" end
    bytes_each = size_of(output) / math.max(1, result.count)
  end
  local offset, process = size_of(output), start_export()
  local complaint = process.pipe:read "*a"
  process.pipe:close()
  if not account(offset) then error("the last run did not end: " .. complaint) end
  for _, path in ipairs { script, output, cursor, cursor .. ".new" } do
    os.remove(path)
  end
  return result
end

return killed_export
