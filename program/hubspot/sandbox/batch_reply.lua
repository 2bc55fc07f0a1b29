--- The answers to batches: results, and beside them the errors of the inputs that failed.
local core = require "hubspot.core"
local reply = require "hubspot.sandbox.reply"
local time = require "hubspot.sandbox.time"

local batch_reply = {}

local array = core.array

--- The envelope, of one status whether there are errors or not.
function batch_reply.envelope(portal, status, results, errors)
  local now = time.iso(portal.clock.now())
  local body = { status = "COMPLETE", results = array(results), startedAt = now, completedAt = now }
  if #errors > 0 then
    body.numErrors = #errors
    body.errors = array(errors)
  end
  return reply.json(status, body)
end

--- The envelope; 207 where there are errors, else `status`.
function batch_reply.json(portal, status, results, errors)
  if errors and #errors > 0 then status = 207 end
  return batch_reply.envelope(portal, status, results, errors or {})
end

--- The error of inputs that `context` tells: lists of texts by name.
function batch_reply.error(problem, context)
  return {
    status = "error",
    category = problem.fields.category,
    message = problem.message,
    errors = problem.fields.errors or array {},
    context = context,
    links = {},
  }
end

return batch_reply
