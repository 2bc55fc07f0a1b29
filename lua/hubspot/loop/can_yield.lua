-- Detects whether the running coroutine can yield here. PUC Lua 5.1 can't everywhere: not through pcall or another
-- function in C, nor through a metamethod or the iterator of a for loop. A call that can't yield has to block.

local can_yield = {}

local function yields_through_pcall()
  local routine = coroutine.create(function() pcall(coroutine.yield) end)
  coroutine.resume(routine)
  return coroutine.status(routine) == "suspended"
end

--- True where pcall, iterators and metamethods can be yielded through, so that coroutines can yield nearly everywhere.
can_yield.through_pcall = yields_through_pcall()

-- There the stack tells. A function without a name was called by the interpreter itself, unless it is a tail call or
-- the one that the coroutine began with. It does not tell who called a function that ended with a tail call: a
-- metamethod or an iterator of the program's that does so is taken for a plain function, and Lua throws at the yield.
local function is_boundary(info, outer)
  if info.what == "C" or info.name == "(for generator)" then return true end
  return info.what == "Lua" and info.namewhat == "" and outer ~= nil and outer.what ~= "tail"
end

--- Returns whether the calling function can yield.
function can_yield.here()
  if can_yield.through_pcall then return true end
  local level = 2
  local info = debug.getinfo(level, "Sn")
  while info do
    local outer = debug.getinfo(level + 1, "Sn")
    if is_boundary(info, outer) then return false end
    level, info = level + 1, outer
  end
  return true
end

return can_yield
