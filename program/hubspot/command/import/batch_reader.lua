--- Reads rows in batches of the size of a request. A batch is a part of the file, the same in every run: refused rows
-- count, too.
-- @module hubspot.command.import.batch_reader

local batch_reader = {
  --- Rows of a batch: records of a request.
  ROWS = 100,
}

local methods = {}
local metatable = { __name = "hubspot.command.BatchReader", __index = methods }

--- The next batch.
-- @treturn ?table `number`, counted from 1, and `rows`; nil at the end; nil and a message where the file can't be read
function methods:next()
  local rows = {}
  while #rows < batch_reader.ROWS do
    local row, message = self.rows:next()
    if message then return nil, message end
    if not row then break end
    rows[#rows + 1] = row
  end
  if #rows == 0 then return nil end
  self.number = self.number + 1
  return { number = self.number, rows = rows }
end

--- Makes a reader.
-- @tparam table rows with `next()`, as `row_reader` makes them
-- @treturn table
function batch_reader.new(rows) return setmetatable({ rows = rows, number = 0 }, metatable) end

return batch_reader
