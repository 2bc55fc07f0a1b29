-- Runs a subcommand of `hubspot-lua` in this process, with a client of the spec's own.

local context = require "hubspot.command.context"
local errors = require "hubspot.error"
local exit_codes = require "hubspot.command.exit_codes"
local fail = require "hubspot.command.fail"
local parser = require "hubspot.command.parser"

local in_process = {}

-- An output that keeps what is written.
local function capture()
  local texts = {}
  return {
    write = function(_, text) texts[#texts + 1] = text end,
    flush = function() end,
    text = function() return table.concat(texts) end,
  }
end

-- The failure of what a subcommand threw. Throws what is a bug.
local function failure_of(thrown)
  if fail.is_failure(thrown) then return thrown end
  if errors.is_error(thrown) then return fail.of_error(thrown) end
  error(thrown, 0)
end

local function copy_of(fields)
  local copy = {}
  for name, value in pairs(fields) do
    copy[name] = value
  end
  return copy
end

-- Command lines that were parsed, by their words: that takes as long as a small run.
local parsed_lines = {}

local function parse(words)
  local line = table.concat(words, "\0")
  parsed_lines[line] = parsed_lines[line] or parser.parse(words)
  local parsed = copy_of(parsed_lines[line])
  parsed.arguments, parsed.options = copy_of(parsed.arguments), copy_of(parsed.options)
  -- Whether it is a terminal takes a process to find out.
  parsed.options.progress = "never"
  return parsed
end

--- Runs a subcommand.
-- @tparam table client
-- @tparam table words of the command line
-- @treturn table `code`, `text` of the standard output, `notes`, and the `message` of a failure
function in_process.run(client, words)
  local result, output, notes, one = {}, capture(), {}, nil
  local finished, thrown = pcall(function()
    local parsed = parse(words)
    one = context.new(parsed, { client = client, output = output })
    one.note = function(_, text) notes[#notes + 1] = text end
    one.complain = one.note
    result.code = parsed.declaration.run(one) or exit_codes.DONE
    result.summary = one.summary
  end)
  if one then one:release() end
  if not finished then
    local failure = failure_of(thrown)
    result.code, result.message = failure.code, failure.message
  end
  result.text, result.notes = output.text(), table.concat(notes, "\n")
  return result
end

return in_process
