--- The owners of a portal: the users to whom records belong, one of whom has left.
local read = require "hubspot.sandbox.body"

local owner_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.OwnerStore", __index = methods }

-- Id, user id, first name, last name, and whether the user has left.
local ROWS = {
  { 41629779, 2201, "Maria", "Lopez" },
  { 41629780, 2202, "Tom", "Becker" },
  { 41629781, 2203, "Aiko", "Mori" },
  { 41629782, 2204, "Jon", "Hale", true },
}
local DAY = 86400000

--- The owners of a new portal.
function owner_store.new(now)
  local created = now() - 400 * DAY
  local self = setmetatable({ owners = {}, now = now }, metatable)
  for index, row in ipairs(ROWS) do
    self.owners[index] = {
      id = row[1],
      user_id = row[2],
      first_name = row[3],
      last_name = row[4],
      email = (row[3] .. "." .. row[4]):lower() .. "@example.com",
      is_archived = row[5] or false,
      created = created,
      updated = created + index * DAY,
    }
  end
  return self
end

--- Makes these the owners: `{ id =, userId =, email =, firstName =, lastName =, archived = }` each.
function methods:replace(rows)
  local owners, now = {}, self.now()
  for index, row in ipairs(rows) do
    owners[index] = {
      id = assert(read.integer(row.id), "an owner needs an id"),
      user_id = read.integer(row.userId),
      first_name = row.firstName,
      last_name = row.lastName,
      email = row.email and row.email:lower(),
      is_archived = row.archived == true,
      created = now,
      updated = now,
    }
  end
  table.sort(owners, function(a, b) return a.id < b.id end)
  self.owners = owners
end

--- The owners that are there, or those that left, of an e-mail address where it is given; by rising ids.
function methods:list(is_archived, email)
  local found = {}
  for _, owner in ipairs(self.owners) do
    if owner.is_archived == is_archived and (not email or owner.email == email:lower()) then
      found[#found + 1] = owner
    end
  end
  return found
end

--- The owner with this value of `key`: "id" or "user_id".
function methods:get(key, value, is_archived)
  for _, owner in ipairs(self.owners) do
    if owner[key] == value and owner.is_archived == is_archived then return owner end
  end
  return nil
end

return owner_store
