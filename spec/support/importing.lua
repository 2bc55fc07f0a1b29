-- Files to import in a folder of their own, and runs of `hubspot-lua import`.

local command = require "spec.support.command"
local scratch = require "spec.support.scratch"

local importing = {}

local methods = {}
local metatable = { __index = methods }

--- The path of a file of the folder.
function methods:path(name) return self.folder .. "/" .. name end

--- Writes a file and returns its path.
-- @tparam string name
-- @tparam string|table text or lines
function methods:write(name, text)
  if type(text) == "table" then text = table.concat(text, "\n") .. "\n" end
  local file = assert(io.open(self:path(name), "wb"))
  file:write(text)
  file:close()
  return self:path(name)
end

--- The text of a file, nil where there is none.
function methods:read(name)
  local file = io.open(self:path(name), "rb")
  if not file then return nil end
  local text = file:read "*a"
  file:close()
  return text
end

function methods:remove() scratch.remove(self.folder) end

--- The invocation of an import of a file of the folder, for `command.run` and `command.line`.
-- @tparam string object
-- @tparam string name of the file, or "-"
-- @tparam table options words; their FILES are names of the folder after "@"
function methods:invocation(object, name, options)
  local words = { "import", object, name == "-" and "-" or self:path(name), env = command.against(self.server) }
  for _, word in ipairs(options or {}) do
    words[#words + 1] = word:sub(1, 1) == "@" and self:path(word:sub(2)) or word
  end
  words.stdin = options and options.stdin
  return words
end

--- Runs an import to its end.
function methods:run(object, name, options) return command.run(self:invocation(object, name, options)) end

--- The counts that an import tells, by their words.
function importing.counts(result)
  local counts = {}
  for word, count in result.stdout:gmatch "(%l+) +(%d+)[^\n]*\n" do
    counts[word] = tonumber(count)
  end
  return counts
end

--- Makes a folder for imports into a sandbox server.
function importing.new(server) return setmetatable({ folder = scratch.folder(), server = server }, metatable) end

return importing
