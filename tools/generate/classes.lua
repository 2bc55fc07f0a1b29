-- All classes of the types and the reference: records that calls give, tables that they take, and the library's own.

local declarations = require "tools.declarations"
local library = require "tools.library"
local records = require "tools.records"
local returns = require "tools.generate.returns"
local shapes = require "tools.generate.shapes"

local classes = { list = {}, by_name = {} }

local function add(class, page)
  assert(not classes.by_name[class.class], class.class .. " is there twice")
  class.page = page
  classes.list[#classes.list + 1] = class
  classes.by_name[class.class] = class
end

for _, record in ipairs(records) do
  add(record, record.resource)
end
for _, shape in ipairs(shapes.all()) do
  add(shape, shape.resource)
end
for _, page in ipairs(library.pages) do
  for _, class in ipairs(page.classes or {}) do
    add(class, page.name)
  end
end

--- The classes that a page of the reference describes.
function classes.of(page)
  local found = {}
  for _, class in ipairs(classes.list) do
    if class.page == page then found[#found + 1] = class end
  end
  return found
end

--- The resource's iterators: `hubspot.ContactIterator` is that of `hubspot.Contact`.
classes.iterators = returns.iterated(declarations.all())

local function link_of(name)
  local item = name:match "^hubspot%.(%w+)Iterator$"
  if item and classes.by_name["hubspot." .. item] then return "iterator.md" end
  local class = classes.by_name[name]
  return class and ("%s.md#%s"):format(class.page, (name:lower():gsub("[^%w]", "")))
end

--- A LuaCATS type for Markdown: each class in it leads to where it is described.
function classes.linked(luacats)
  local links = {}
  for name in luacats:gmatch "hubspot%.[%w.]+" do
    local link = link_of(name)
    if link and not links[name] then
      links[name] = true
      links[#links + 1] = ("[%s](%s)"):format(name:gsub("^hubspot%.", ""), link)
    end
  end
  local text = "`" .. luacats .. "`"
  if #links == 0 then return text end
  if #links == 1 and luacats:find "^hubspot%.%w+$" then return links[1] end
  return ("%s (%s)"):format(text, table.concat(links, ", "))
end

return classes
