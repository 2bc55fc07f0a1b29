-- Failures of attempts.

local errors = require "hubspot.error"

local failure = {}

--- Makes a failure.
-- @tparam table fields `err`; `token`, the one that HubSpot was shown; `is_final`, where another attempt can't help;
--   and `is_late`, where the attempt was not made for want of time
-- @treturn table
function failure.new(fields) return fields end

--- The failure of an attempt that was not made, and can't be.
-- @tparam table err
-- @treturn table
function failure.not_made(err) return failure.new { err = err, is_final = true } end

--- The failure of an attempt for which no time was left.
-- @tparam string message
-- @treturn table
function failure.out_of_time(message)
  return failure.new {
    is_final = true,
    is_late = true,
    err = errors.new {
      kind = "timeout",
      sent = false,
      message = message,
      hint = "Pass a longer deadline, in seconds",
    },
  }
end

--- The failure of an attempt of a client that is closed.
-- @treturn table
function failure.closed()
  return failure.not_made(errors.new { kind = "cancelled", message = "the client is closed", sent = false })
end

return failure
