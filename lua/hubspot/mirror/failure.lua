--- Failures that end a run of a mirror, besides the errors of HubSpot and of the database.
-- @module hubspot.mirror.failure

local failure = {}

local metatable = { __name = "hubspot.mirror.Failure" }

function metatable.__tostring(self) return self.message end

--- Throws a failure: `{ kind = "mirror", message = }`.
function failure.throw(message) error(setmetatable({ kind = "mirror", message = message }, metatable), 0) end

--- Returns whether a value that was thrown is such a failure.
function failure.is(problem) return getmetatable(problem) == metatable end

--- Gives back what a call of the client gave, and throws its error.
function failure.must(value, err)
  if value == nil and err ~= nil then error(err, 0) end
  return value
end

--- Throws where more would be deleted than may be.
-- @tparam table limit `fraction` of all there are, or `count`
-- @tparam integer count to delete
-- @tparam integer total
-- @tparam string words for what is deleted
function failure.guard(limit, count, total, words)
  local most = limit.count or math.max(1, math.floor(total * limit.fraction))
  if count <= most then return end
  failure.throw(
    ("HubSpot no longer has %d of %d %s: nothing was deleted. If that is right, allow it with --max-deletes"):format(
      count,
      total,
      words
    )
  )
end

return failure
