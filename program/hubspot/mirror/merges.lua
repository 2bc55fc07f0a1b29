--- Merges of one type of records: the rows that they end, and the table that leads from old ids to the record that is
-- left. These are methods of `hubspot.mirror.records`.
-- @module hubspot.mirror.merges

local each_list = require "hubspot.mirror.id_lists"
local field_of_each = require "hubspot.field_of_each"
local id_text = require("hubspot.id").text
local tables = require "hubspot.mirror.tables"

local merges = {}

local INTO_MERGES = tables.by_name.merges.into

-- The records that old ids lead to, by these, as far as the old ones' rows say so too.
local function known_merges(self, list)
  local ids, known = field_of_each(list, "id"), {}
  local rows = self:stored(ids, "id, merged_into")
  each_list(ids, function(old_ids)
    local statement = ("SELECT old_id, id FROM merges WHERE object = %s AND old_id IN (%s)"):format(
      self.database:literal(self.object),
      old_ids
    )
    for _, stored in ipairs(self.database:query(statement)) do
      local id, into = id_text(stored.old_id), id_text(stored.id)
      if not rows[id] or id_text(rows[id].merged_into) == into then known[id] = into end
    end
  end)
  return known
end

-- Marks one record as merged into another one; chains are made flat.
local function write_one(self, merge)
  local database, object = self.database, self.database:literal(self.object)
  database:upsert(INTO_MERGES, { { self.object, merge.id, merge.into, self.now() } })
  -- Records that were merged into the old one before.
  database:execute(("UPDATE merges SET id = %s WHERE object = %s AND id = %s"):format(merge.into, object, merge.id))
  self:set(merge.id, "gone_at = NULL, merged_into = " .. merge.into)
  database:execute(("UPDATE %s SET merged_into = %s WHERE merged_into = %s"):format(self.quoted, merge.into, merge.id))
  -- An id that records were merged into earlier is live.
  database:execute(("DELETE FROM merges WHERE object = %s AND old_id = %s"):format(object, merge.into))
  self:cut_off { merge.id }
  self:log { { op = "merge", id = merge.id, into = merge.into } }
end

--- Marks records as merged into another one.
-- @tparam table self records
-- @tparam table list of `{ id =, into = }`
function merges.write(self, list)
  if #list == 0 then return end
  local known = known_merges(self, list)
  for _, merge in ipairs(list) do
    if merge.id ~= merge.into and known[merge.id] ~= merge.into then
      known[merge.id] = merge.into
      write_one(self, merge)
    end
  end
end

--- Notes merges of which no row tells: those of the first copy.
-- @tparam table self records
-- @tparam table list of `{ id =, into = }`
function merges.fill(self, list)
  local rows, taken = {}, {}
  for _, merge in ipairs(list) do
    if not taken[merge.id] then
      taken[merge.id], rows[#rows + 1] = true, { self.object, merge.id, merge.into, self.now() }
    end
  end
  self.database:upsert(INTO_MERGES, rows)
end

-- Merges that follow on each other; a record is rarely merged more often than twice.
local LONGEST_CHAIN = 20

--- Marks the rows of records that were merged while the first copy read the others, and makes chains flat.
-- @tparam table self records
function merges.settle(self)
  local of_object = "object = " .. self.database:literal(self.object)
  local flatten = (
    "UPDATE merges SET id = (SELECT m.id FROM merges m WHERE m.%s AND m.old_id = merges.id) "
    .. "WHERE %s AND id IN (SELECT m.old_id FROM merges m WHERE m.%s)"
  ):format(of_object, of_object, of_object)
  local length = 0
  repeat
    length = length + 1
  until self.database:execute(flatten) == 0 or length == LONGEST_CHAIN
  self.database:execute(
    (
      "UPDATE %s SET gone_at = NULL, merged_into = (SELECT m.id FROM merges m WHERE m.%s AND m.old_id = %s.id) "
      .. "WHERE id IN (SELECT m.old_id FROM merges m WHERE m.%s)"
    ):format(self.quoted, of_object, self.quoted, of_object)
  )
end

return merges
