-- Reads any number of records by their ids, or by keys.

local answer = require "hubspot.operation.answer"
local batch = require "hubspot.batch"
local build = require "hubspot.operation.build"
local call = require "hubspot.operation.call"
local long_read = require "hubspot.operation.long_read"
local merge = require "hubspot.merge"

local keyed = {}

--- The values of a call for one of its requests.
-- @tparam table route
-- @tparam table values
-- @tparam table chunk the keys to read
-- @treturn table
function keyed.values_of_chunk(route, values, chunk) return merge { values, { [route.batch.over] = chunk } } end

-- A function that tells whether the URL of a chunk is as short as it has to be, whatever properties are asked for.
local function fits(self, route, values)
  return function(chunk)
    local lean = long_read.without_names(route, keyed.values_of_chunk(route, values, chunk))
    local request = build.request(self, route, lean)
    return not request or long_read.fits(self.client.base_url, request)
  end
end

local function read_in_parts(self, route, values)
  return long_read.read_in_parts(
    values,
    self.client.base_url,
    route.in_parts,
    function(part) return build.request(self, route, part) end,
    function(part) return self:read(route, part) end
  )
end

local function read_chunk(self, route, values)
  local request, message = build.first(self, route, values)
  if not request then return nil, call.invalid(message) end
  if request.is_lean and route.in_parts then return read_in_parts(self, route, values) end
  local read, err = answer.exchange_as_wanted(self, route, request, values)
  if not read then return nil, err end
  if self.options.raw then return { read.value } end
  if request.is_lean then return keyed.add_details(self, read.value) end
  if route.resolve_merged then return route.resolve_merged(self, values, read.value) end
  return read.value
end

local function read(self, route, values, complete)
  local spec = route.batch
  local size = values.with_history and spec.history_size or spec.size
  local spell = spec.spelling and spec.spelling(values)
  return batch.read(values[spec.over], size, function(chunk)
    local records, err = read_chunk(self, route, keyed.values_of_chunk(route, values, chunk))
    if not records then return nil, err end
    return complete(self, records)
  end, self.client.loop_for_background, route.method == "GET" and fits(self, route, values) or nil, spell)
end

local function unchanged(_, records) return records end

--- Reads what a call asks for.
-- @tparam table self a call whose route has `batch`
-- @treturn ?table records, in the order of the keys and without those that are not there; or nil and an error
function keyed.run(self) return read(self, self.route, self.values, self.complete) end

--- Reads by their ids, with all properties of the call, records that were listed or found without them.
-- @tparam table self a call whose route has `read_by_id`
-- @tparam table records
-- @treturn ?table the records that are still there; or nil and an error
-- @treturn ?table the place of each among those that were given
function keyed.add_details(self, records)
  local route, values = self.route.read_by_id, long_read.details_of(self.values)
  return long_read.add_details(
    records,
    function(ids) return read(self, route, keyed.values_of_chunk(route, values, ids), unchanged) end
  )
end

return keyed
