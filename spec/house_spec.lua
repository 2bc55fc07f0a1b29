-- Keeps the tree readable: sizes, rooms that know nothing of HubSpot's types, and no circles among modules.

local LARGEST_FILE, LONGEST_FUNCTION = 500, 60

local function lines_of(command)
  local pipe, lines = assert(io.popen(command)), {}
  for line in pipe:lines() do
    lines[#lines + 1] = line
  end
  pipe:close()
  return lines
end

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "*a"
  file:close()
  return text
end

local function count_lines(text) return select(2, text:gsub("\n", "")) end

-- The code of a Lua source, without its comments.
local function code_of(path) return (read(path):gsub("%-%-%[%[.-%]%]", ""):gsub("%-%-[^\n]*", "")) end

local function module_of(path) return (path:gsub("^lua/", ""):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")) end

-- The modules that each one requires, at its beginning or later. A name that ends in a dot stands for all below it.
local function requirements(paths)
  local required = {}
  for _, path in ipairs(paths) do
    local names = {}
    for name in code_of(path):gmatch 'require%s*%(?%s*"(hubspot[%w_.]*)"' do
      names[#names + 1] = name
    end
    required[module_of(path)] = names
  end
  return required
end

-- A circle among modules as a text, or nil.
local function find_circle(required)
  local state, way = {}, {}
  local function visit(name)
    if state[name] == "done" then return nil end
    way[#way + 1] = name
    if state[name] == "open" then return table.concat(way, " > ") end
    state[name] = "open"
    for _, other in ipairs(required[name] or {}) do
      local circle = visit(other)
      if circle then return circle end
    end
    state[name], way[#way] = "done", nil
  end
  for name in pairs(required) do
    local circle = visit(name)
    if circle then return circle end
  end
end

describe("the tree", function()
  local lua_files = lines_of "find lua program -name '*.lua' | sort"
  local c_files = lines_of "find csrc -name '*.[ch]' | sort"

  it("has no file of more than 500 lines", function()
    local too_long = {}
    assert.is_true(#lua_files > 100 and #c_files > 20)
    for _, files in ipairs { lua_files, c_files } do
      for _, path in ipairs(files) do
        local count = count_lines(read(path))
        if count > LARGEST_FILE then too_long[#too_long + 1] = ("%s: %d"):format(path, count) end
      end
    end
    assert.same({}, too_long)
  end)

  it("has no function of more than 60 lines", function()
    local too_long, count = {}, 0
    for _, path in ipairs(lua_files) do
      for _, line in ipairs(lines_of("luac5.4 -l -p " .. path)) do
        local from, to = line:match "^function <[^:]+:(%d+),(%d+)>"
        if from then
          count = count + 1
          local length = to - from + 1
          if length > LONGEST_FUNCTION then too_long[#too_long + 1] = ("%s:%d: %d"):format(path, from, length) end
        end
      end
    end
    assert.is_true(count > 1000)
    assert.same({}, too_long)
  end)

  it("names no type of HubSpot's records where all of them pass", function()
    local named = {}
    for _, room in ipairs { "operation", "request", "paging", "batch" } do
      for _, path in ipairs(lines_of(("find lua/hubspot/%s -name '*.lua'"):format(room))) do
        for line in code_of(path):gmatch "[^\n]+" do
          for _, word in ipairs { "contact", "compan", "deal", "tickets", "list_member" } do
            -- A path that shows how one is written is no knowledge of the type.
            local is_example = line:find "such as"
            if line:lower():find("%f[%a]" .. word) and not is_example then
              named[#named + 1] = ("%s: %s"):format(path, line)
            end
          end
        end
      end
    end
    assert.same({}, named)
  end)

  it(
    "has no modules that require each other, at once or later",
    function() assert.is_nil(find_circle(requirements(lua_files))) end
  )

  it("finds a circle where there is one", function()
    assert.truthy(find_circle { a = { "b" }, b = { "c" }, c = { "a" } })
    assert.is_nil(find_circle { a = { "b", "c" }, b = { "c" }, c = {} })
  end)
end)
