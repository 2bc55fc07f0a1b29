--- Readers give the rows of an export page by page: `next_page()` returns a list, or nil at the end, and `cursor()` a
-- string from which another process continues after the last page, nil where there is no more. A failure of HubSpot's
-- ends the command.
-- @module hubspot.command.export.readers

local fail = require "hubspot.command.fail"

local readers = {}

-- The library throws its errors as tables.
local function is_error(thrown) return type(thrown) == "table" and thrown.kind ~= nil end

local function check(value, err)
  if not value then fail.hubspot(err) end
  return value
end

-- Pages of an iterator ---------------------------------------------------------------------------------------------

local of_iterator = { __name = "hubspot.command.IteratorReader" }
of_iterator.__index = of_iterator

function of_iterator:next_page()
  local read, page = pcall(self.step)
  if read then return page end
  if is_error(page) then fail.hubspot(page) end
  error(page, 0)
end

function of_iterator:cursor() return self.iterator:cursor() end

--- Reads the pages of one of the library's iterators.
-- @tparam table iterator
-- @treturn table
function readers.of_iterator(iterator)
  return setmetatable({ iterator = iterator, step = iterator:pages() }, of_iterator)
end

-- Lists ------------------------------------------------------------------------------------------------------------

local of_list = { __name = "hubspot.command.ListReader" }
of_list.__index = of_list

function of_list:next_page()
  if self.is_read then return nil end
  self.is_read = true
  return check(self.fetch())
end

-- A list that comes at once begins anew.
function of_list.cursor() return nil end

--- Reads what comes at once, as a page.
-- @tparam function fetch returns a list, or nil and an error
-- @treturn table
function readers.of_list(fetch) return setmetatable({ fetch = fetch }, of_list) end

-- Gathered pages -----------------------------------------------------------------------------------------------------

local gathered = { __name = "hubspot.command.GatheredReader" }
gathered.__index = gathered

function gathered:next_page()
  local rows
  while not rows or #rows < self.least do
    local page = self.reader:next_page()
    if not page then break end
    rows = rows or {}
    for _, row in ipairs(page) do
      rows[#rows + 1] = row
    end
  end
  return rows and self.complete(rows)
end

function gathered:cursor() return self.reader:cursor() end

--- Reads pages of at least a number of rows, as long as there are any, and makes of each what a function makes of it.
-- @tparam table reader
-- @tparam integer least
-- @tparam function complete function(rows) that returns a list
-- @treturn table
function readers.gathered(reader, least, complete)
  return setmetatable({ reader = reader, least = least, complete = complete }, gathered)
end

-- Records by their ids ---------------------------------------------------------------------------------------------

-- Ids of a request.
local CHUNK = 100

local function chunks_of(rows)
  local chunks = {}
  for first = 1, #rows, CHUNK do
    local chunk = {}
    for index = first, math.min(first + CHUNK - 1, #rows) do
      chunk[#chunk + 1] = rows[index].id
    end
    chunks[#chunks + 1] = chunk
  end
  return chunks
end

-- Tells of the ids of a request that no record has. A record that was merged has the ids of the others, too.
local function tell_missing(ids, records, on_missing)
  if #records >= #ids then return end
  local known = {}
  for _, record in ipairs(records) do
    known[record.id] = true
    for _, id in ipairs(record.mergedIds or {}) do
      known[id] = true
    end
  end
  for _, id in ipairs(ids) do
    if not known[id] then on_missing(id) end
  end
end

--- Reads records by the ids that another reader gives as rows, `parallel` requests at a time, in the order of the ids.
-- @tparam table client
-- @tparam table ids a reader of rows with `id`
-- @tparam table options `parallel`; `read`, function(ids) that returns records, or nil and an error; `on_missing`,
--   function(id) that is called for those without a record
-- @treturn table
function readers.by_ids(client, ids, options)
  return readers.gathered(ids, options.parallel * CHUNK, function(rows)
    local chunks = chunks_of(rows)
    local pages, failures = client:map(chunks, options.read, { concurrency = options.parallel })
    local _, failure = next(failures)
    if failure and not is_error(failure) then error(failure, 0) end
    if failure then fail.hubspot(failure) end
    local records = {}
    for index, page in ipairs(pages) do
      tell_missing(chunks[index], page, options.on_missing)
      for _, record in ipairs(page) do
        records[#records + 1] = record
      end
    end
    return records
  end)
end

return readers
