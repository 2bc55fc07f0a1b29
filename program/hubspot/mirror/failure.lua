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

-- As few as these may be deleted whatever share they are: a small account loses two of ten associations on any day.
local FEW = 20

local function is_too_much(limit, deleted)
  local surprising = deleted.count - (deleted.expected or 0)
  if limit.count then return surprising > limit.count end
  if limit.fraction == 1 then return false end
  if surprising > math.max(limit.fraction > 0 and FEW or 0, math.floor(deleted.total * limit.fraction)) then
    return true
  end
  -- All of them may be the answer of an account that suddenly has nothing.
  return deleted.total > 1 and deleted.count == deleted.total and not deleted.is_alive()
end

--- Throws where more would be deleted than may be.
-- @tparam table limit `fraction` of all there are, or `count`
-- @tparam table deleted `count` of `total`, `expected`, how many of them are no surprise, `words` for what it is, and
--   `is_alive`, a function that tells whether HubSpot still has other records of the account
function failure.guard(limit, deleted)
  if not is_too_much(limit, deleted) then return end
  failure.throw(
    ("HubSpot no longer has %d of %d %s: nothing was deleted. If that is right, allow it with --max-deletes"):format(
      deleted.count,
      deleted.total,
      deleted.words
    )
  )
end

return failure
