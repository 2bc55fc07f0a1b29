--- The hands of a subcommand: its arguments and options, the client, the standard output, notes, progress, the summary,
-- and the files that no other process may write meanwhile.

local core = require "hubspot.core"
local fail = require "hubspot.command.fail"
local file_lock = require "hubspot.command.file_lock"
local options = require "hubspot.command.options"
local output = require "hubspot.command.output"
local progress = require "hubspot.command.progress"

local context = {}

local methods = {}
local metatable = { __name = "hubspot.command.Context", __index = methods }

local function say(self, text)
  self.progress:clear()
  io.stderr:write(text, "\n")
end

--- Tells the person who runs the command something: a line on stderr, unless `--quiet` is set.
function methods:note(text)
  if not self.options.quiet then say(self, text) end
end

--- Tells what went wrong with a part of the work, while the rest is done: a line on stderr, always.
function methods:complain(text) say(self, ("hubspot-lua %s: %s"):format(self.name, (text:gsub("%c+", " ")))) end

--- Tells a detail: a line on stderr where `--verbose` is set.
function methods:detail(text)
  if self.options.verbose then say(self, text) end
end

--- Adds fields to the summary, which `--summary FILE` writes at the end, also after a failure.
-- @tparam table fields
function methods:summarize(fields)
  for name, value in pairs(fields) do
    self.summary[name] = value
  end
end

--- The token of the common options, and where it comes from: read once, since its file may be a pipe.
-- @treturn string
-- @treturn string
function methods:token()
  if not self.given_token then
    self.given_token, self.source_of_token = require("hubspot.command.connection").token(self.options)
  end
  return self.given_token, self.source_of_token
end

--- The client of the common options, made when first asked for. Fails where there is no token, or where `--portal`
-- names another account.
-- @treturn client
function methods:client()
  if not self.opened then self.opened = require("hubspot.command.connection").open(self) end
  return self.opened
end

--- Opens the file of the summary, where one is asked for: before the work, which would be in vain where that fails. It
-- is empty until the work has ended, so that nobody reads the summary of an earlier run.
function methods:open_summary()
  local path = self.options.summary
  if not path then return end
  local file, problem = io.open(path, "wb")
  self.summary_file = file or fail.file("--summary: " .. problem)
end

--- Writes the summary where its file was opened.
-- @tparam integer code the exit code
function methods:write_summary(code)
  local file = self.summary_file
  if not file then return end
  self:summarize {
    command = self.name,
    exit_code = code,
    seconds = math.floor((core.now() - self.began) * 1000) / 1000,
    requests = self.progress.requests,
  }
  -- Another run may have written its own meanwhile. A pipe, which can't be made shorter, keeps none.
  core.truncate(self.options.summary, 0)
  local written, write_problem = file:write(core.encode(self.summary) .. "\n")
  local closed, close_problem = file:close()
  if not written or not closed then
    fail.file(("--summary: %s: %s"):format(self.options.summary, write_problem or close_problem))
  end
end

--- Says that all is done: an interrupt changes nothing any more.
-- @tparam integer code the exit code
function methods:settle(code) self.settled_code = code end

--- Keeps other processes from a file until the subcommand ends. Fails where one is at work on it.
-- @tparam string path
function methods:lock(path) self.locks[#self.locks + 1] = file_lock.new(path) end

--- Gives the files back.
function methods:release()
  for _, lock in ipairs(self.locks) do
    lock:release()
  end
  self.locks = {}
end

--- Ends what was shown and written. Fails where the standard output can't take the rest.
function methods:close()
  self.progress:finish()
  self.output:flush()
end

--- Makes the context of a command line.
-- @tparam table parsed `name`, `declaration`, `arguments` and `options`, as `hubspot.command.parser` read them
-- @tparam[opt] table parts `client` and `output`, where others take the place of those of the command line
-- @treturn context
function context.new(parsed, parts)
  parts = parts or {}
  local self = {
    name = parsed.name,
    arguments = parsed.arguments,
    options = parsed.options,
    deciding = options.deciding(parsed.declaration),
    summary = {},
    locks = {},
    began = core.now(),
    progress = progress.new(parsed.options.quiet and "never" or parsed.options.progress or "never"),
  }
  self.opened, self.output = parts.client, parts.output or output.new(function() self.progress:clear() end)
  return setmetatable(self, metatable)
end

return context
