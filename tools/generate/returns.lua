-- Spells what an operation returns, nil and an error apart: in LuaCATS and in words.

local declaration = require "hubspot.operation.declaration"
local record_kinds = require "tools.record_kinds"

local returns = {}

local function class_of(kind) return record_kinds.records[kind].class end

local function plural(name) return name:find "y$" and name:gsub("y$", "ies") or name .. "s" end

local function several(kind) return record_kinds.records[kind].plural or plural(kind) end

local function code_list(names)
  local texts = {}
  for index, name in ipairs(names) do
    texts[index] = ("`%s`"):format(name)
  end
  local last = table.remove(texts)
  return #texts > 0 and ("%s and %s"):format(table.concat(texts, ", "), last) or last
end

-- Shows the table of an outcome with its fields, the optional ones as names.
local function shown_outcome(kind)
  local fields = {}
  for index, field in ipairs(record_kinds.outcomes[kind].fields) do
    local name, optional = field[1]:gsub("%?$", "")
    fields[index] = optional == 1 and name .. " =" or name .. " = {…}"
  end
  return ("`{ %s }`, each result and error with the `index` of its input"):format(table.concat(fields, ", "))
end

-- By form: the type, and the words.
local FORMS = {
  record = { luacats = class_of, words = function(kind) return kind end },
  list = {
    luacats = function(kind) return class_of(kind) .. "[]" end,
    words = function(kind) return "list of " .. several(kind) end,
  },
  iterator = {
    luacats = function(kind) return class_of(kind) .. "Iterator" end,
    words = function(kind) return "iterator of " .. several(kind) end,
  },
  outcome = { luacats = function(kind) return record_kinds.outcomes[kind].class end, words = shown_outcome },
  count = {
    luacats = function() return "integer" end,
    words = function(kind) return "number of " .. several(kind) end,
  },
  map = {
    luacats = function() return "table<string, string>" end,
    words = function(map)
      return ("map from %s to %s, and a list of the %s that have none"):format(map[1], map[2], plural(map[1]))
    end,
  },
  done = { luacats = function() return "true" end },
}

local function form_of(declared)
  for _, name in ipairs(declaration.FORMS) do
    if declared[name] then return FORMS[name], declared[name] end
  end
end

--- The LuaCATS type of what an operation returns.
function returns.luacats(one)
  local declared = one.declaration.returns
  local form, kind = form_of(declared)
  return form.luacats(kind) .. (declared.or_true and "|true" or "")
end

--- The words for what an operation returns; nil where the type says it all.
function returns.words(one)
  local declared = one.declaration.returns
  local form, kind = form_of(declared)
  if not form.words then return nil end
  local words = form.words(kind)
  if declared.with then words = ("%s with %s"):format(words, code_list(declared.with)) end
  if declared.only then words = ("%s with only %s"):format(words, code_list(declared.only)) end
  if declared.v1_only then words = ("%s, on v1 with only %s"):format(words, code_list(declared.v1_only)) end
  if declared.or_true then words = ("%s, %s"):format(words, declaration.OR_TRUE[declared.or_true]) end
  return words
end

--- The names of the classes whose iterators operations return, each once, in the order of the operations.
function returns.iterated(operations)
  local names, seen = {}, {}
  for _, one in ipairs(operations) do
    local kind = one.declaration.returns.iterator
    if kind and not seen[kind] then names[#names + 1] = class_of(kind):gsub("^hubspot%.", "") end
    seen[kind or false] = true
  end
  return names
end

return returns
