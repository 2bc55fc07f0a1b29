-- Lua's patterns backtrack: where a repeat may end in several places and another one follows, a text makes them try all
-- combinations, and the process stands still. So every pattern of the library and the sandbox is one that takes time
-- in proportion to its text, whatever that is.

-- Files with patterns for texts that come over a network.
local FILES = "find lua program bin examples/webhook.lua examples/openresty -type f"

-- Arguments that are not judged, as their file spells their beginning: patterns that are made while the program runs,
-- and those of texts that have a bound.
local LISTED = {
  ["lua/hubspot/auth.lua"] = { pattern = "one plain text, escaped" },
  ["lua/hubspot/number.lua"] = { ['"^([+-]?)(%d*)%.?(%d*)'] = "of at most 400 characters" },
  ["program/hubspot/sandbox/fault.lua"] = { ["spec.path"] = "the pattern of whoever tests" },
  ["lua/hubspot/limiter/file.lua"] = { ['"^" .. MAGIC'] = "ends of lines part its repeats" },
}

-- The class of characters at a place of a pattern, a set or a single one.
local function class_at(pattern, at)
  local frontier = pattern:match("^%%f%[[^%]]*%]", at)
  if frontier then return frontier end
  local char = pattern:sub(at, at)
  if char ~= "[" then return pattern:sub(at, char == "%" and at + 1 or at) end
  local last = at + 1
  if pattern:sub(last, last) == "^" then last = last + 1 end
  repeat
    if pattern:sub(last, last) == "%" then last = last + 1 end
    last = last + 1
  until pattern:sub(last, last) == "]"
  return pattern:sub(at, last)
end

-- Reads what a pattern repeats: a list of `{ class =, quantifier = }`, the quantifier "" for once.
local function items_of(pattern)
  local items, at = {}, 1
  local anchored = pattern:sub(1, 1) == "^"
  if anchored then at = 2 end
  while at <= #pattern do
    local char = pattern:sub(at, at)
    if char == "(" or char == ")" then
      at = at + 1
    elseif char == "$" and at == #pattern then
      items[#items + 1] = { class = "$", quantifier = "" }
      at = at + 1
    else
      local class = class_at(pattern, at)
      at = at + #class
      local quantifier = pattern:match("^[*+?-]", at) or ""
      at = at + #quantifier
      items[#items + 1] = { class = class, quantifier = quantifier }
    end
  end
  return items, anchored
end

local function is_unbounded(item) return item.quantifier == "*" or item.quantifier == "+" or item.quantifier == "-" end

local function meets(a, b)
  if a.class == "$" or b.class == "$" then return false end
  for byte = 0, 255 do
    local char = string.char(byte)
    if char:find("^" .. a.class) and char:find("^" .. b.class) then return true end
  end
  return false
end

-- Returns whether the items after one can't fail: all of them may be empty, up to the end or to one that takes all the
-- rest.
local function cannot_fail_after(items, index)
  for following = index + 1, #items do
    local item = items[following]
    local may_be_empty = item.quantifier ~= "" and item.quantifier ~= "+"
    if may_be_empty and item.class == "." and item.quantifier ~= "?" and following >= #items - 1 then return true end
    if not may_be_empty then return false end
  end
  return true
end

-- Returns whether a repeat takes all the rest, or as much as it can.
local function takes_the_rest(items, index)
  local item, following = items[index], items[index + 1]
  return cannot_fail_after(items, index) or (item.class == "." and following.class == "$")
end

-- Returns whether a repeat may end in several places: the item after it may begin where the repeat could continue.
local function is_ambiguous(items, index)
  if takes_the_rest(items, index) then return false end
  for following = index + 1, #items do
    if meets(items[index], items[following]) then return true end
    if items[following].quantifier == "" or items[following].quantifier == "+" then return false end
  end
  return false
end

-- Why a pattern may take more than its text's length, or nil.
local function fault_of(pattern)
  local items, anchored = items_of(pattern)
  local ambiguous
  for index, item in ipairs(items) do
    if is_unbounded(item) and not takes_the_rest(items, index) then
      if ambiguous then return "after a repeat that can end in several places comes another one" end
      if is_ambiguous(items, index) then ambiguous = true end
      -- It is tried from every place: two tries share no text where the first character is none that it repeats.
      if not anchored and (ambiguous or index == 1 or items[1].quantifier ~= "" or meets(items[1], item)) then
        return "a repeat that can fail is tried from every place"
      end
    end
  end
end

local function end_of_literal(text)
  local quote, at = text:sub(1, 1), 2
  while text:sub(at, at) ~= quote do
    at = at + (text:sub(at, at) == "\\" and 2 or 1)
  end
  return at
end

-- The calls of a source that take a pattern: what they pass, and in which line.
local function calls_of(source)
  local calls = {}
  for _, name in ipairs { "match", "gmatch", "find", "gsub" } do
    for from, open in source:gmatch("():" .. name .. "%f[%A]%s*()[(\"']") do
      local rest = source:sub(open)
      local _, line = source:sub(1, from):gsub("\n", "")
      local in_brackets = rest:match "^%b()"
      local arguments = in_brackets and in_brackets:sub(2, -2) or rest:sub(1, end_of_literal(rest))
      calls[#calls + 1] = { arguments = arguments, line = line + 1 }
    end
  end
  return calls
end

local function complaint_of(path, call)
  local text = call.arguments:match "^%s*(.*)"
  if text:find ",%s*1?[%w_]*,%s*true$" or text:find "^[^\"',]+, true$" then return nil end
  for spelling in pairs(LISTED[path] or {}) do
    if text:sub(1, #spelling) == spelling then return nil end
  end
  local last = text:find "^[\"']" and end_of_literal(text)
  if not last or text:find("^%s*%.%.", last + 1) then return "a pattern that is no literal: " .. text:sub(1, 60) end
  local load = loadstring or load -- luacheck: ignore
  local literal = load("return " .. text:sub(1, last))()
  local fault = fault_of(literal)
  return fault and ("%q: %s"):format(literal, fault)
end

local function read(path)
  local file = assert(io.open(path))
  local source = file:read "*a"
  file:close()
  return source
end

describe("a pattern", function()
  it("of the library takes no longer than its text", function()
    local complaints, count = {}, 0
    local files = assert(io.popen(FILES))
    for path in files:lines() do
      for _, call in ipairs(calls_of(read(path))) do
        count = count + 1
        local complaint = complaint_of(path, call)
        if complaint then complaints[#complaints + 1] = ("%s:%d: %s"):format(path, call.line, complaint) end
      end
    end
    files:close()
    assert.is_true(count > 100)
    assert.equal("", table.concat(complaints, "\n"))
  end)

  it("that backtracks is found", function()
    for _, pattern in ipairs {
      "^%s*(.-)%s*$",
      "^(.-):%s*(%[.*%])$",
      "^%d+%.?%d*$",
      "%s+$",
      "CONNECT.*407",
      "<t[^>]*>%s*(.-)%s*</",
      "^%s*[-+]?[%d.]+[eE]?[-+]?%d*%s*$",
      "://[^%s'\"]*@",
    } do
      assert.truthy(fault_of(pattern), pattern)
    end
    for _, pattern in ipairs {
      "^%d+$",
      "[^;]+",
      "^(%w+)=(.*)$",
      "^(.-)\r?\n$",
      ":%s*%[",
      "^/[^%s#]*$",
      "^0+(%d)",
      "%d+",
      "(.*)$",
    } do
      assert.is_nil(fault_of(pattern), pattern)
    end
  end)
end)
