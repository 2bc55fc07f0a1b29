--- The fields of the positions of each kind of paging. A cursor may come back from a browser: its fields are checked
-- against these before anything is made of them.
-- @module hubspot.paging.position

local position = {}

local LARGEST = 2 ^ 53

local function is_integer(value) return type(value) == "number" and value % 1 == 0 and math.abs(value) < LARGEST end

--- Returns whether a value can be the time of a position.
position.is_time = is_integer

local types = {
  text = function(value) return type(value) == "string" end,
  id = function(value) return type(value) == "string" and value:find "^%d+$" ~= nil end,
  count = function(value) return is_integer(value) and value >= 0 end,
  time = is_integer,
  flag = function(value) return value == true end,
  -- Opaque values of HubSpot's, sent back as they are.
  token = function(value) return type(value) == "string" or is_integer(value) end,
}

--- Returns whether a table has only these fields.
-- @tparam table fields by name the name of a type, or a function(value)
-- @param value
-- @treturn boolean
function position.has_only(fields, value)
  if type(value) ~= "table" then return false end
  for name, item in pairs(value) do
    local field = fields[name]
    if not field then return false end
    if type(field) ~= "function" then field = types[field] end
    if not field(item) then return false end
  end
  return true
end

--- The type of a table with these fields.
-- @tparam table fields
-- @treturn function
function position.table_of(fields)
  return function(value) return position.has_only(fields, value) end
end

--- The type of a list of tables with these fields, or of values of a type.
-- @tparam table|string item
-- @treturn function
function position.list_of(item)
  local is_item = type(item) == "table" and position.table_of(item) or types[item]
  return function(value)
    if type(value) ~= "table" then return false end
    local count = 0
    for _ in pairs(value) do
      count = count + 1
    end
    if count ~= #value then return false end
    for _, one in ipairs(value) do
      if not is_item(one) then return false end
    end
    return true
  end
end

return position
