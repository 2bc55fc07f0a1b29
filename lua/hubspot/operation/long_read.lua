--- Reads more properties than one request can name. A route that lists records, or finds one, gets no property names;
-- the records are then read by their ids, on the route that it names as `read_by_id`. HubSpot's current API takes any
-- number of names there, in the body. v1 has them in the URL there too: such a route names the parameter in
-- `in_parts`, and gets the names in parts, one request each.
-- @module hubspot.operation.long_read

local batch = require "hubspot.batch"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local merge = require "hubspot.merge"
local order = require "hubspot.shape.order"
local union = require "hubspot.shape.union"

local long_read = {}

-- HubSpot answers 414 after some 16,000 characters; many proxies do after 8,192, with the rest of the request line.
local LONGEST_URL = 8000

-- Characters that the body of a search may have.
local LONGEST_SEARCH = 3000

local function url_length(base_url, request)
  request.query_text = request.query_text or core.query(request.query)
  return #base_url + #request.path + 1 + #request.query_text
end

--- Returns whether HubSpot, and proxies on the way, take a request of this length. It gets the `query_text` that was
-- measured.
-- @tparam string base_url
-- @tparam table request
-- @treturn boolean
function long_read.fits(base_url, request)
  if request.bucket == "search" and #(request.text or "") > LONGEST_SEARCH then return false end
  return url_length(base_url, request) <= LONGEST_URL
end

--- Returns whether a request of a route has room for the names of its properties, or no other way to ask for them.
-- @tparam string base_url
-- @tparam table route
-- @tparam table request
-- @treturn boolean
function long_read.fits_whole(base_url, route, request)
  return not (route.read_by_id or route.in_parts) or long_read.fits(base_url, request)
end

--- The values of a call for a request that names no property but one that every record has: HubSpot gives as little as
-- it can.
-- @tparam table route
-- @tparam table values
-- @treturn table
function long_read.without_names(route, values)
  local lean = merge { values }
  lean.properties, lean.with_history = { route.newest_by or "hs_object_id" }, nil
  return lean
end

--- Returns the values of the call that reads the records by their ids. Options that don't decide properties were used
-- by the first read.
-- @tparam table values
-- @treturn table
function long_read.details_of(values)
  return {
    api_version = values.api_version,
    properties = values.properties,
    with_history = values.with_history,
    archived = values.archived,
    include_deleted = values.include_deleted,
    form_submissions = "none",
  }
end

local function history_of(names, wanted)
  if type(wanted) ~= "table" then return wanted end
  local is_wanted, part = {}, {}
  for _, name in ipairs(wanted) do
    is_wanted[name] = true
  end
  for _, name in ipairs(names) do
    if is_wanted[name] then part[#part + 1] = name end
  end
  return #part > 0 and part or nil
end

local function part_of(values, names)
  local part = merge { values }
  part.properties, part.with_history = names, history_of(names, values.with_history)
  return part
end

-- The values of a call in parts whose names each fit in a URL.
local function parts_of(values, base_url, parameter, build)
  local bare = part_of(values, {})
  bare.with_history = values.with_history and true or nil
  local room = LONGEST_URL - url_length(base_url, build(bare))
  local parts, names, used = {}, {}, 0
  local history = type(values.with_history) == "table" and values.with_history or {}
  for _, name in ipairs(union { values.properties or {}, history }) do
    local length = #parameter + #core.escape(name) + 2
    if #names > 0 and used + length > room then
      parts[#parts + 1] = part_of(values, names)
      names, used = {}, 0
    end
    names[#names + 1] = name
    used = used + length
  end
  parts[#parts + 1] = part_of(values, names)
  return parts
end

-- Keeps the values that were read first, so that a record never looks as if it were read later than any of its
-- properties: a later read of the changes since then misses nothing.
local function fill_in(fields, more)
  if not fields then return more end
  for name, value in pairs(more or {}) do
    if fields[name] == nil then fields[name] = value end
  end
  return fields
end

--- Joins the records that the parts of a read gave.
-- @tparam table lists a list of records for each part
-- @treturn table the records that each part gave
-- @treturn table the ids of the others, which came or went meanwhile
function long_read.join(lists)
  local joined, times = {}, {}
  for _, records in ipairs(lists) do
    for _, record in ipairs(records) do
      local whole = joined[record.id] or record
      if whole == record then
        joined[#joined + 1], joined[record.id] = record, record
      else
        whole.properties = fill_in(whole.properties, record.properties)
        whole.propertiesWithHistory = fill_in(whole.propertiesWithHistory, record.propertiesWithHistory)
        whole.createdAt = whole.createdAt or record.createdAt
      end
      times[whole] = (times[whole] or 0) + 1
    end
  end
  local complete, torn = {}, {}
  for _, record in ipairs(joined) do
    if times[record] == #lists then
      complete[#complete + 1] = record
    else
      torn[#torn + 1] = record.id
    end
  end
  return complete, torn
end

local function torn_error(ids)
  return errors.new {
    kind = "decode",
    message = ("HubSpot gave the record %s for some of the properties asked for, " .. "and not for the others"):format(
      ids[1]
    ),
    hint = "It may be about to be merged or deleted: read it again",
  }
end

--- Reads records by their ids, some of the properties after the others. Records that only some parts gave are read once
-- more. A record is given whole or not at all: when the parts still disagree about one, there is an error.
-- @tparam table values with `ids`
-- @tparam string base_url
-- @tparam string parameter by which a property's name is sent
-- @tparam function build function(values) that returns a request
-- @tparam function send function(values) that returns a list of records, or nil and an error
-- @treturn ?table records in the order of the ids, or nil and an error
function long_read.read_in_parts(values, base_url, parameter, build, send)
  local function read(ids)
    local lists, err = batch.each(parts_of(merge { values, { ids = ids } }, base_url, parameter, build), send)
    if err then return nil, err end
    return long_read.join(lists)
  end
  local records, torn = read(values.ids)
  if not records then return nil, torn end
  if #torn == 0 then return records end
  local again, still_torn = read(torn)
  if not again then return nil, still_torn end
  if #still_torn > 0 then return nil, torn_error(still_torn) end
  for _, record in ipairs(again) do
    records[#records + 1] = record
  end
  return order.by_ids(values.ids, records)
end

--- The error of a record that was there at first, and then not.
function long_read.gone_error()
  return errors.new {
    kind = "api",
    status = 404,
    category = "OBJECT_NOT_FOUND",
    message = "HubSpot has the record no longer: it went while it was read",
  }
end

-- Indexes records by their ids and by those merged into them.
local function by_every_id(found)
  local by_id = {}
  for _, record in ipairs(found) do
    for _, merged_id in ipairs(record.mergedIds or {}) do
      by_id[merged_id] = by_id[merged_id] or record
    end
  end
  for _, record in ipairs(found) do
    by_id[record.id] = record
  end
  return by_id
end

-- Puts the records that were read by id in the listed ones; returns their places among these, too. One that was merged
-- into another meanwhile is that one, unless that one is listed itself.
local function fill(listed, by_id)
  local filled, places, taken, listed_ids = {}, {}, {}, {}
  for _, record in ipairs(listed) do
    listed_ids[record.id] = true
  end
  for place, record in ipairs(listed) do
    local whole = by_id[record.id]
    if whole and not taken[whole.id] and (whole.id == record.id or not listed_ids[whole.id]) then
      taken[whole.id] = true
      record.id, record.properties, record.propertiesWithHistory =
        whole.id, whole.properties, whole.propertiesWithHistory
      record.createdAt, record.updatedAt, record.url = whole.createdAt, whole.updatedAt, whole.url
      filled[#filled + 1], places[#places + 1] = record, place
    end
  end
  return filled, places
end

--- Reads listed records by their ids with their properties. Those missing then are read once more, and left out where
-- they are still missing: they were deleted meanwhile.
-- @tparam table listed
-- @tparam function read function(ids) that returns a list of records, or nil and an error
-- @treturn ?table the records that were listed, with their properties; or nil and an error
-- @treturn table their places among those that were listed
function long_read.add_details(listed, read)
  if #listed == 0 then return listed, {} end
  local ids, missing = {}, {}
  for index, record in ipairs(listed) do
    ids[index] = record.id
  end
  local found, err = read(ids)
  if not found then return nil, err end
  local by_id = by_every_id(found)
  for _, id in ipairs(ids) do
    if not by_id[id] then missing[#missing + 1] = id end
  end
  if #missing == 0 then return fill(listed, by_id) end
  local late, late_err = read(missing)
  if not late then return nil, late_err end
  for _, record in ipairs(late) do
    found[#found + 1] = record
  end
  return fill(listed, by_every_id(found))
end

return long_read
