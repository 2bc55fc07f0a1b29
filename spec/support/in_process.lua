-- Runs a subcommand of `hubspot-lua` in this process, with a client of the spec's own.

local context = require "hubspot.command.context"
local errors = require "hubspot.error"
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

--- Runs a subcommand.
-- @tparam table client
-- @tparam table words of the command line
-- @treturn table `code`, `text` of the standard output, `notes`, and the `message` of a failure
function in_process.run(client, words)
  local result, output, notes, one = {}, capture(), {}, nil
  local finished, thrown = pcall(function()
    local parsed = parser.parse(words)
    one = context.new(parsed)
    one.opened, one.output = client, output
    one.note = function(_, text) notes[#notes + 1] = text end
    one.complain = one.note
    result.code = parsed.declaration.run(one)
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
