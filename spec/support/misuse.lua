-- Misuse throws, at the line of who called.

local assert = require "luassert"

local misuse = {}

--- Asserts that `fn` throws a message that begins with a line of `fn` and continues as expected. Returns the text after
-- the place.
function misuse.throws(expected, fn)
  local source = debug.getinfo(fn, "S")
  local succeeded, message = pcall(fn)
  assert.is_false(succeeded, "it did not throw " .. expected)
  assert.equal("string", type(message))
  local file, line, text = message:match "^(.-):(%d+): (.*)$"
  assert.equal(source.short_src, file, message)
  line = tonumber(line)
  assert.is_true(line >= source.linedefined and line <= source.lastlinedefined, message)
  assert.truthy(text:find(expected, 1, true), ("%q is not in %q"):format(expected, text))
  return text
end

return misuse
