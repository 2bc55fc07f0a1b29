--- The file that is imported. It is read twice: all of it is checked before anything is sent. A stream that can be
-- read once only, the standard input or a pipe, is copied into a temporary file first.
-- @module hubspot.command.import.source

local csv = require "hubspot.command.csv"
local digest = require "hubspot.digest"
local fail = require "hubspot.command.fail"
local json_lines = require "hubspot.command.json_lines"
local lines = require "hubspot.command.lines"

local source = {}

local STDIN = "-"

local FORMATS = { csv = "csv", tsv = "tsv", tab = "tsv", jsonl = "jsonl", ndjson = "jsonl", json = "jsonl" }

local DELIMITERS = { csv = ",", tsv = "\t" }

local methods = {}
local metatable = { __name = "hubspot.command.Source", __index = methods }

-- Opens a file, and reads a byte of it: a folder opens, too.
local function open(path)
  local file, message = io.open(path, "rb")
  if not file then fail.file(message) end
  local _, problem = file:read(0)
  if problem then fail.file(("%s: %s"):format(path, problem)) end
  return file
end

local function copy_of(stream, name)
  local read, of_copy = lines.pieces_of(stream), ("the copy of %s: "):format(name)
  -- Where the standard input is closed, the first file that is opened gets its place.
  local piece, problem = read()
  local copy, message = io.tmpfile()
  if not copy then fail.file(of_copy .. message) end
  while piece do
    local written, write_problem = copy:write(piece)
    if not written then fail.file(of_copy .. write_problem) end
    piece, problem = read()
  end
  if problem then fail.file(("%s: %s"):format(name, problem)) end
  local flushed, flush_problem = copy:flush()
  if not flushed then fail.file(of_copy .. flush_problem) end
  return copy
end

-- Returns whether a path is that of a descriptor, which stands for another file in another process.
local function is_descriptor(path) return path == "/dev/stdin" or path:find "^/dev/fd/%d+$" ~= nil end

-- Opens a path; gives a file that can be read twice, and whether it is a copy.
local function open_twice(path)
  if path == STDIN then return copy_of(io.stdin, "the standard input"), true end
  local file = open(path)
  if not is_descriptor(path) and file:seek "end" then return file, false end
  local copy = copy_of(file, path)
  file:close()
  return copy, true
end

local function reader_of(self, read)
  if self.format == "jsonl" then return json_lines.reader(read) end
  return csv.reader(read, { delimiter = self.delimiter })
end

--- Makes a reader of the file from its beginning.
-- @tparam[opt] function on_piece called with each piece of the file
-- @treturn table with `next()`, as the readers of its format have it
function methods:rows(on_piece)
  local file = self.file
  file:seek "set"
  local read = lines.pieces_of(file)
  return reader_of(self, function()
    local piece, problem = read()
    if problem then return nil, problem end
    if piece and on_piece then on_piece(piece) end
    return piece
  end)
end

--- The bytes of the file, and a digest of them.
-- @treturn table `bytes` and `digest`
function methods:identity()
  local made, bytes = digest.new(), 0
  self.file:seek "set"
  for piece in lines.pieces_of(self.file) do
    made:add(piece)
    bytes = bytes + #piece
  end
  return { bytes = bytes, digest = made:text() }
end

local function format_of(path) return FORMATS[(path:match "%.(%w+)$" or ""):lower()] or "csv" end

--- Opens a file.
-- @tparam string path "-" stands for the standard input
-- @tparam table options `format`, by default that of the name's ending; and `delimiter`
-- @treturn table `path`, nil where it is a stream that nobody can read again; `name`, `format` and `delimiter`
function source.open(path, options)
  local file, is_copy = open_twice(path)
  local format = options.format or format_of(path)
  return setmetatable({
    path = not is_copy and path or nil,
    name = path == STDIN and "the standard input" or path,
    format = format,
    delimiter = options.delimiter or DELIMITERS[format],
    file = file,
  }, metatable)
end

return source
