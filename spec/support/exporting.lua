-- Runs `hubspot-lua export` in this process, with a client of the spec's own.

local command = require "spec.support.command"
local csv = require "hubspot.command.csv"
local in_process = require "spec.support.in_process"

local exporting = {}

--- Runs an export.
-- @tparam table client
-- @tparam table arguments as the command line has them, after `export`
-- @treturn table `code`, `text` of the standard output, `notes`, and the `message` of a failure
function exporting.run(client, arguments)
  local words = { "export" }
  for index, argument in ipairs(arguments) do
    words[index + 1] = argument
  end
  return in_process.run(client, words)
end

--- Reads CSV as a list of tables by the names of the columns.
-- @tparam string text
-- @tparam[opt=","] string delimiter
function exporting.rows(text, delimiter)
  local given, names, rows = false, nil, {}
  local reader = csv.reader(function()
    if given then return nil end
    given = true
    return text
  end, { delimiter = delimiter })
  for record in reader do
    assert(record.cells, record.problem)
    if names then
      local row = {}
      for index, name in ipairs(names) do
        row[name] = record.cells[index]
      end
      assert(#record.cells == #names, record.line)
      rows[#rows + 1] = row
    else
      names = record.cells
    end
  end
  return rows, names
end

--- Starts the command in a process of its own.
-- @tparam table server a sandbox
-- @tparam table arguments of the command line
-- @treturn table `kill`, function(signal), which waits for its end and returns what it wrote to stderr
function exporting.start(server, arguments)
  local line = command.line { env = command.against(server), (table.unpack or unpack)(arguments) } -- luacheck: ignore
  local pipe = assert(io.popen(("exec sh -c 'echo $$; exec %s 2>&1'"):format(line:gsub("'", [['"'"']]))))
  local pid = assert(tonumber(pipe:read "*l"))
  return {
    kill = function(signal)
      os.execute(("kill -%s %d 2>/dev/null"):format(signal, pid))
      local text = pipe:read "*a"
      pipe:close()
      return text
    end,
  }
end

--- The text of a file, or nil where there is none.
function exporting.read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read "*a"
  file:close()
  return text
end

return exporting
