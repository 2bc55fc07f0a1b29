-- Lists the Lua files that our rocks install: `lua5.4 bench/rock_files.lua [MODULE…]`, without those of these modules
-- and of what is below them.

local ROCKSPECS = { "hubspot-scm-1.rockspec", "hubspot-lua-scm-1.rockspec" }

local function is_left_out(name)
  for _, module in ipairs(arg) do
    if name == module or name:sub(1, #module + 1) == module .. "." then return true end
  end
  return false
end

local function print_files(files)
  for name, path in pairs(files or {}) do
    if type(path) == "string" and not is_left_out(name) then print(path) end
  end
end

for _, rockspec in ipairs(ROCKSPECS) do
  local fields = {}
  assert(loadfile(rockspec, "t", fields))()
  print_files(fields.build.modules)
  print_files((fields.build.install or {}).lua)
  -- Programs belong to the command.
  if #arg == 0 then print_files((fields.build.install or {}).bin) end
end
