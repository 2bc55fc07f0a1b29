--- Changes of a portal that no request makes: those of HubSpot itself, and of people in its pages.
local decimal = require "hubspot.sandbox.decimal"
local properties = require "hubspot.sandbox.properties"

local portal_changes = {}

local LONGEST_LAG = 86400

local function misuse(message) error("hubspot.sandbox: " .. message, 3) end

local function store_of(portal, which)
  if type(which) ~= "table" then misuse "a table with type and id must say which record is meant" end
  local kind = portal.objects:get(which.type)
  if not kind then misuse("unknown type of records " .. tostring(which.type)) end
  return portal.objects:store(kind)
end

local function id_of(which) return decimal.parse(tostring(which.id)) or 0 end

local function no_record(state, which)
  return ("there is no %s record %s of type %s"):format(state, tostring(which.id), tostring(which.type))
end

--- Brings an archived record back, with its associations; the time of its last change does not move.
-- @tparam table which `type` and `id`
function portal_changes:restore(which)
  local store = store_of(self, which)
  local record = store:find_archived(id_of(which))
  if not record then misuse(no_record("archived", which)) end
  local taken = store:taken_value(record)
  if taken then misuse("another record has the " .. taken .. " of the one to restore") end
  store:restore(record)
end

--- Deletes a record for good, live or archived, as a request for privacy does and the end of 90 days in the bin.
-- @tparam table which `type` and `id`
function portal_changes:purge(which)
  local store = store_of(self, which)
  local record = store:get(id_of(which)) or store:find_archived(id_of(which))
  if not record then misuse(no_record("live or archived", which)) end
  store:purge(record)
end

--- Sets properties that HubSpot calculates; the time of the record's last change does not move.
-- @tparam table which `type`, `id`, and `properties`, values by name
function portal_changes:set_calculated(which)
  local store = store_of(self, which)
  local record = store:get(id_of(which))
  if not record then misuse(no_record("live", which)) end
  if type(which.properties) ~= "table" then misuse "set_calculated needs properties" end
  local values, problems = properties.check_calculated(store.definitions, which.properties)
  if not values then misuse(problems[1].message) end
  store:calculate(record, values)
end

--- Sets the seconds that search waits for what is written from here on.
-- @tparam number seconds from 0 to 86400
function portal_changes:set_search_lag(seconds)
  if type(seconds) ~= "number" or not (seconds >= 0 and seconds <= LONGEST_LAG) then
    misuse("the search lag must be a number of seconds from 0 to " .. LONGEST_LAG)
  end
  self.objects:set_search_lag(seconds)
end

--- The seconds that search waits for writes.
function portal_changes:search_lag() return self.objects.options.search_lag or 0 end

return portal_changes
