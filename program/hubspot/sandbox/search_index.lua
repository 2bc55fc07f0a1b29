--- The records of a type as search sees them: each write only when the lag that it met is over.
local search_index = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.SearchIndex", __index = methods }

--- An index of no records. `now` gives the time in ms; `lag` is in seconds.
function search_index.new(now, lag)
  return setmetatable({ now = now, lag = lag * 1000, settled_at = 0, gone = {} }, metatable)
end

--- Sets the lag of the writes from here on, in seconds.
function methods:set_lag(seconds) self.lag = seconds * 1000 end

local function is_pending(self, record) return record.indexed_at ~= nil and record.indexed_at > self.now() end

local function seen(self, record)
  if is_pending(self, record) then return record.before end
  return record
end

local function state_of(record)
  local state = {}
  for name, value in pairs(record) do
    state[name] = value
  end
  state.values, state.archived_at, state.indexed_at, state.before = {}, nil, nil, nil
  for name, value in pairs(record.values) do
    state.values[name] = value
  end
  return state
end

local function wait(self)
  local ready = self.now() + self.lag
  self.settled_at = math.max(self.settled_at, ready)
  return ready
end

--- Lets a record wait that search does not know: one that was made, that is back, or that has another id.
function methods:add(record)
  self.gone[record.id] = nil
  record.before, record.indexed_at = nil, self.lag > 0 and wait(self) or nil
end

--- Keeps the state of a record that is about to change.
function methods:keep(record)
  if self.lag == 0 then return end
  if not is_pending(self, record) then record.before = state_of(record) end
  record.indexed_at = wait(self)
end

--- Keeps the state of a record that is about to leave, or to get another id.
function methods:leave(record)
  local state = self.lag > 0 and seen(self, record)
  if not state then return end
  self.gone[record.id] = { record = state == record and state_of(record) or state, ends = wait(self) }
end

--- The record as search sees it: itself, an earlier state, or nil where it is not indexed yet. `record` is nil where
-- no live one has the id.
function methods:look_up(id, record)
  if record then return seen(self, record) end
  local left = self.gone[id]
  if left and left.ends > self.now() then return left.record end
  return nil
end

--- Adds the ids of those that left, and that search does not know to have left, to a rising list of ids.
function methods:add_gone(ids)
  if not next(self.gone) then return ids end
  local now = self.now()
  for id, left in pairs(self.gone) do
    if left.ends > now then
      ids[#ids + 1] = id
    else
      self.gone[id] = nil
    end
  end
  table.sort(ids)
  return ids
end

return search_index
