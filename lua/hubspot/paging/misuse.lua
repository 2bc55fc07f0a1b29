--- Explains an iterator that is used as a list, where Lua allows it: 5.1 and LuaJIT give `ipairs` and `#` of a table
-- without asking its metatable.
-- @module hubspot.paging.misuse

local misuse = {}

local NO_LIST = "hubspot: an iterator is no list: write for item in iterator do … end, call iterator:next(), or collect "
  .. "its items into a table of your own"

local ONE_VALUE = "hubspot: an iterator gives one value at a time, so the second variable is nothing: write for item in "
  .. "iterator do … end"

-- Throws at a level of its caller's, or the nearest one above that is written in Lua, such as that of a `for` over
-- ipairs.
local function complain(message, level)
  level = level + 1
  local getinfo = debug and debug.getinfo
  while getinfo and getinfo(level, "S") and getinfo(level, "S").what == "C" do
    level = level + 1
  end
  error(message, level)
end

local function no_list() complain(NO_LIST, 2) end

local function one_value() complain(ONE_VALUE, 2) end

--- The second value that an iterator gives with an item to a `for`, as in `for index, item in iterator`: any use of it
-- throws the explanation. A `for` passes two arguments besides the iterator; whoever passes none gets none.
misuse.NOTHING = setmetatable({}, {
  __name = "hubspot.Nothing",
  __index = one_value,
  __newindex = one_value,
  __call = one_value,
  __concat = one_value,
  __len = one_value,
  __tostring = function() return ONE_VALUE end,
})

--- Throws where a method was called with a dot.
-- @tparam string name
function misuse.needs_colon(name) complain(("hubspot: call it with a colon: iterator:%s()"):format(name), 3) end

--- Adds the explanations to an iterator's metatable. Unknown methods get them from `__index`.
-- @tparam table metatable whose `__index` is the table of methods
function misuse.guard(metatable)
  metatable.__len, metatable.__ipairs, metatable.__pairs = no_list, no_list, no_list
  setmetatable(metatable.__index, {
    __index = function(_, key)
      if type(key) == "number" then complain(NO_LIST, 2) end
    end,
  })
end

return misuse
