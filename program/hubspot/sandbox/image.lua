--- Tables of any kind as JSON can hold them, and back: with what is shared, classes, and keys that are numbers.
--
-- A table is an object, or an array where it is a sequence. In an object `#7` is the key 7, a key that begins with `#`,
-- `$` or `=` gets a `=` before it, and these are of the table itself: `$class` is the `__name` of its metatable, `$id`
-- its number where others refer to it by `{"$ref": number}`, `$list` its members where it is a sequence, `$array` the
-- same of an array of HubSpot's. `{"$is": name}` is a value that a portal has anyway.
local core = require "hubspot.core"

local image = {}

--- Stands for a value that is left out, and made anew by whoever reads.
image.LEFT_OUT = {}

local ARRAY = getmetatable(core.array {})

local function count_uses(value, known, uses)
  if type(value) ~= "table" or known[value] then return end
  uses[value] = (uses[value] or 0) + 1
  if uses[value] > 1 then return end
  for _, member in pairs(value) do
    count_uses(member, known, uses)
  end
end

local function is_sequence(value)
  if value[1] == nil then return false end
  local count = 0
  for _ in pairs(value) do
    count = count + 1
  end
  return count == #value
end

-- The bytes of `#`, `$` and `=`.
local MARKS = { [35] = true, [36] = true, [61] = true }

local function key_text(key)
  if type(key) == "number" then return string.format("#%.0f", key) end
  return MARKS[key:byte()] and "=" .. key or key
end

local write

local function write_list(writer, value)
  local list = {}
  for index, member in ipairs(value) do
    list[index] = write(writer, member)
  end
  return core.array(list)
end

local function write_members(writer, value, node)
  for key, member in pairs(value) do
    local written = write(writer, member)
    if written ~= image.LEFT_OUT then node[key_text(key)] = written end
  end
end

local function write_table(writer, value)
  if writer.ids[value] then return { ["$ref"] = writer.ids[value] } end
  local metatable, node = getmetatable(value), {}
  if writer.uses[value] > 1 then
    writer.count = writer.count + 1
    writer.ids[value], node["$id"] = writer.count, writer.count
  end
  if metatable == ARRAY then
    node["$array"] = write_list(writer, value)
  elseif is_sequence(value) then
    if not metatable and not node["$id"] then return write_list(writer, value) end
    node["$list"] = write_list(writer, value)
  else
    write_members(writer, value, node)
  end
  if metatable and metatable ~= ARRAY then node["$class"] = metatable.__name end
  return node
end

function write(writer, value)
  local name = writer.known[value]
  if name == image.LEFT_OUT then return name end
  if name then return { ["$is"] = name } end
  if type(value) == "table" then return write_table(writer, value) end
  if type(value) == "function" then error "hubspot.sandbox: an export met a function that it does not know" end
  return value
end

--- Writes a table. `known` has the names of the values that its reader has, and LEFT_OUT for those to leave out.
function image.write(value, known)
  local uses = {}
  count_uses(value, known, uses)
  return write({ known = known, uses = uses, ids = {}, count = 0 }, value)
end

local read

local function fill_list(reader, made, list)
  for index, node in ipairs(list) do
    made[index] = read(reader, node)
  end
end

local function fill_members(reader, made, node)
  for key, member in pairs(node) do
    local mark = key:sub(1, 1)
    if mark == "#" then
      made[tonumber(key:sub(2))] = read(reader, member)
    elseif mark ~= "$" then
      made[mark == "=" and key:sub(2) or key] = read(reader, member)
    end
  end
end

-- The table with a number, which is made when it, or what refers to it, is met first.
local function numbered(reader, id)
  if not id then return {} end
  reader.made[id] = reader.made[id] or {}
  return reader.made[id]
end

local function named(values, name, what)
  local value = values[name]
  if value == nil then error(string.format("hubspot.sandbox: an export names an unknown %s: %s", what, name), 0) end
  return value
end

function read(reader, node)
  if type(node) ~= "table" then return node end
  if node["$is"] then return named(reader.values, node["$is"], "value") end
  if node["$ref"] then return numbered(reader, node["$ref"]) end
  local made = numbered(reader, node["$id"])
  if node["$array"] then
    fill_list(reader, made, node["$array"])
    return core.array(made)
  end
  if node["$list"] or node[1] ~= nil then
    fill_list(reader, made, node["$list"] or node)
  else
    fill_members(reader, made, node)
  end
  if node["$class"] then setmetatable(made, named(reader.classes, node["$class"], "class")) end
  return made
end

--- Reads what `write` wrote. `values` are those that it knew, by name, `classes` the metatables by theirs.
function image.read(node, values, classes) return read({ values = values, classes = classes, made = {} }, node) end

local function collect(value, classes, seen)
  if type(value) ~= "table" or seen[value] then return end
  seen[value] = true
  local metatable = getmetatable(value)
  if metatable and metatable.__name then classes[metatable.__name] = metatable end
  for _, member in pairs(value) do
    collect(member, classes, seen)
  end
end

--- The metatables of a table and of all that it leads to, by name.
function image.classes_of(value)
  local classes = {}
  collect(value, classes, {})
  return classes
end

return image
