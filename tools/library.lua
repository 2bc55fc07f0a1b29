-- The library besides its operations, for the types and the reference: pages with classes and modules.
--
-- A page is `{ name =, title =, text =, guide =, classes =, modules = }`. A class is `{ class =, fields =, methods =,
-- overloads =, text = }`, a field `{ name, LuaCATS type, description }`, where a question mark after the name says that
-- it may be nil. A module is `{ name =, fields =, functions = }`. A function is `{ name = ".new" or ":next", summary =,
-- text =, parameters =, returns =, generics = }`, with parameters as fields are, and `{ type, description }` of each
-- value that it returns.

local library = { pages = {}, modules = {} }

for index, name in ipairs { "client", "iterator", "errors", "oauth", "limiters", "loops", "sandbox" } do
  local page = require("tools.library." .. name)
  page.name = name
  library.pages[index] = page
  for _, module in ipairs(page.modules or {}) do
    library.modules[module.name] = module
  end
end

--- The methods of an iterator that gives records of a class.
library.iterator_methods = require("tools.library.iterator").methods_of

--- The methods of a client that are no resource's.
library.client_methods = require("tools.library.client").methods

return library
