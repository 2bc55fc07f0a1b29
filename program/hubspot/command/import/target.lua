--- The records that an import writes: of one type, known by one key.
-- @module hubspot.command.import.target

local fail = require "hubspot.command.fail"
local fold = require("hubspot.text").fold
local interrupt = require "hubspot.interrupt"
local key_values = require "hubspot.object.keys"
local types = require "hubspot.object.types"

local target = {}

local methods = {}
local metatable = { __name = "hubspot.command.Target", __index = methods }

-- Rows of the library's own table: keys that HubSpot itself keeps unique.
local function own_keys(object)
  local row = types.find(object)
  return row and row.keys or {}
end

--- Fails where the key does not tell one record from all others.
-- @tparam table definitions of the properties by their names
function methods:check_key(definitions)
  local key = self.key
  if not key or key == "id" or self.own_keys[key] then return end
  local definition = definitions[key]
  if definition and definition.hasUniqueValue then return end
  local unique = { "id" }
  for name in pairs(self.own_keys) do
    unique[#unique + 1] = name
  end
  for name, other in pairs(definitions) do
    if other.hasUniqueValue and not self.own_keys[name] and name ~= "hs_object_id" then unique[#unique + 1] = name end
  end
  table.sort(unique)
  local reason = definition and "HubSpot does not keep it unique, so it may name several records"
    or "there is no such property"
  fail.usage(("--key %s: %s. Keys of %s: %s"):format(key, reason, self.object, table.concat(unique, ", ")))
end

--- The properties by their names. Fails where HubSpot does not tell them.
-- @treturn table
function methods:definitions()
  local list, err = self.client.properties:all { object_type = self.object }
  if not list then fail.hubspot(err) end
  local definitions = {}
  for _, definition in ipairs(list) do
    definitions[definition.name] = definition
  end
  return definitions
end

local function read(self, keys, options)
  if self.key == "id" then return self.records:get_many(keys, options) end
  if self.is_contact_by_email then return self.records:get_many_by_email(keys, options) end
  return self.records:get_many_by(self.key, keys, options)
end

-- Adds records that came under another spelling than they were asked for by. One whose own spelling was asked for, too,
-- came for that.
local function with_other_spellings(self, by_key, keys)
  local asked, by_folded = {}, {}
  for _, key in ipairs(keys) do
    asked[self.spell_key(key)] = true
  end
  for spelled, record in pairs(by_key) do
    if not asked[spelled] then by_folded[fold(spelled)] = record end
  end
  for spelled in pairs(asked) do
    by_key[spelled] = by_key[spelled] or by_folded[fold(spelled)]
  end
  return by_key
end

--- Reads records that are there.
-- @tparam table keys
-- @tparam table names of properties
-- @treturn ?table records by their keys, spelled as `spell_key` does; nil and an error
function methods:read(keys, names)
  local wanted, known = {}, self.own_keys[self.key] or {}
  for index, name in ipairs(names) do
    wanted[index] = name
  end
  if self.key ~= "id" then
    wanted[#wanted + 1] = self.key
    wanted[#wanted + 1] = known.also
  end
  local records, err = read(self, keys, { properties = #wanted > 0 and wanted or nil })
  if not records then return nil, err end
  local by_key = {}
  for _, record in ipairs(records) do
    if self.key == "id" then
      by_key[record.id] = record
    else
      for _, value in ipairs(self.values_of(record)) do
        by_key[value] = record
      end
    end
  end
  return with_other_spellings(self, by_key, keys)
end

-- The associations of a record that is created, as the library takes them.
local function with_associations(row) return next(row.associations) and row.associations or nil end

local function upserted(self, rows)
  local records = {}
  for index, row in ipairs(rows) do
    records[index] = { [self.key] = row.key_text, properties = row.properties }
  end
  if self.own_keys[self.key] then return self.records:upsert_many(records) end
  return self.records:upsert_many(records, { by = self.key })
end

--- Writes rows.
-- @tparam table rows of which each has what its mode needs: for "create" no key, for "update" the `id`
-- @tparam string mode "create", "update" or "upsert"
-- @treturn ?table as the library's writes of many return it; or nil and an error
function methods:write(rows, mode)
  if mode == "upsert" then return upserted(self, rows) end
  local records = {}
  for index, row in ipairs(rows) do
    if mode == "create" then
      local properties = row.properties
      if self.key and self.key ~= "id" then properties[self.key] = row.key_text end
      records[index] = { properties = properties, associations = with_associations(row) }
    else
      records[index] = { id = row.id, properties = row.properties }
    end
  end
  if mode == "create" then return self.records:create_many(records) end
  return self.records:update_many(records)
end

local METHOD_OF = { create = "create_many", update = "update_many", upsert = "upsert_many" }

-- The records of a type that HubSpot writes so.
local function records_of(client, object, mode)
  local found, records = interrupt.pcall(client.objects, client, object)
  if not found then fail.usage("OBJECT: " .. tostring(records):gsub("^.-client:objects: ", "")) end
  local function has(method)
    return interrupt.pcall(function() return records[method] end)
  end
  if not has "update_many" then fail.usage(("%s can't be written: HubSpot only shows them"):format(object)) end
  if not has(METHOD_OF[mode]) then
    fail.usage(("%s can't be created by the API: --mode update changes those that there are"):format(object))
  end
  return records
end

--- Makes one.
-- @tparam client client
-- @tparam string object the name or id of a type
-- @tparam ?string key "id", or the name of a property; nil where records are created without one
-- @tparam string mode as `write` takes it
-- @treturn table `spell_key` gives one text for keys that mean one record
function target.new(client, object, key, mode)
  local own = own_keys(object)
  local values_of, spell_key = key_values.reader({ keys = own }, key)
  return setmetatable({
    client = client,
    object = object,
    key = key,
    own_keys = own,
    values_of = values_of,
    spell_key = spell_key,
    is_contact_by_email = own[key] ~= nil and key == "email",
    records = records_of(client, object, mode),
  }, metatable)
end

return target
