--- Merges: of two records of a type one is left, to which the ids of both lead.
local object_values = require "hubspot.sandbox.object_values"

local object_merge = {}

local function inherit_emails(store, winner, loser)
  local others = {}
  for _, email in ipairs(winner.other_emails or {}) do
    others[#others + 1] = email
  end
  local inherited = { loser.values.email }
  for _, email in ipairs(loser.other_emails or {}) do
    inherited[#inherited + 1] = email
  end
  for _, email in ipairs(inherited) do
    store.unique:set("email", email, winner.id)
    if email ~= winner.values.email then others[#others + 1] = email end
  end
  winner.other_emails = #others > 0 and others or nil
end

-- Gives the winner what the loser has and it lacks; counts these values.
local function inherit_values(store, winner, loser)
  local moved, source = 0, "MERGE_" .. store.type.name:upper()
  for name, value in pairs(loser.values) do
    if not winner.values[name] then
      object_values.set(winner, name, value, store.now(), source)
      if store:is_unique(name) then store.unique:set(name, value, winner.id) end
      moved = moved + 1
    end
  end
  return moved
end

-- The lists that a record holds are those of its earlier states, too, so they are never changed in place.
local function with(list, ...)
  local longer = {}
  for _, items in ipairs { list or {}, ... } do
    for _, item in ipairs(items) do
      longer[#longer + 1] = item
    end
  end
  return longer
end

-- Gives a record an id of its own: the one that it had leads to it.
local function move_to_new_id(store, record)
  local old = record.id
  record.merged = with(record.merged, { old })
  store:rename(record)
  store.on_leave(old, record.id)
end

--- Merges a record into another: the winner keeps its values and takes those that it lacks, and the loser's id leads
-- to it. It gets a new id, to which both lead, unless the portal keeps primary ids.
-- @treturn table the winner
function object_merge.merge(store, winner, loser)
  local now, primary_id = store.now(), winner.id
  if store.keeps_primary_id then
    store.index:keep(winner)
  else
    store.index:leave(winner)
  end
  store:take_out(loser)
  local moved = inherit_values(store, winner, loser)
  inherit_emails(store, winner, loser)
  winner.merged = with(winner.merged, { loser.id }, loser.merged or {})
  winner.audits =
    with(winner.audits, { { loser_id = loser.id, timestamp = now, moved = moved, email = loser.values.email } })
  winner.modified = now
  store.redirects[loser.id] = winner.id
  store.records[loser.id] = nil
  store.on_leave(loser.id, winner.id)
  if not store.keeps_primary_id then move_to_new_id(store, winner) end
  store:note_change(winner)
  store:tell("merged", winner, { primary_id = primary_id, merged_ids = { loser.id }, moved = moved })
  store:tell("deleted", loser)
  return winner
end

return object_merge
