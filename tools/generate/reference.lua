-- The reference: doc/reference/, a page for each resource and for each thing of the library. Text first, wire last.

local classes = require "tools.generate.classes"
local declaration = require "hubspot.operation.declaration"
local declarations = require "tools.declarations"
local library = require "tools.library"
local operation_options = require "hubspot.operation.options"
local operation_text = require "tools.generate.operation_text"
local page = require "tools.generate.page"
local resources = require "tools.resources"
local returns = require "tools.generate.returns"

local reference = {}

local NOTE = "<!-- Made from the declarations by `make generate`: change those, not this. -->"

local function guide_link(name) return ("[%s](../guide/%s.md)"):format(resources.guides[name], name) end

local function start(title)
  local out = page.new()
  return out:add(NOTE):add(""):add("# %s", title):add ""
end

local function add_options(out, title, options, note)
  local rows = {}
  for index, name in ipairs(declarations.sorted_names(options)) do
    local option = options[name]
    rows[index] = {
      ("`%s`%s"):format(name, option.required and " (required)" or ""),
      option.type.fields and classes.linked(option.type.luacats) or option.type.description,
      (option.description or "") .. (note and note(name) or ""),
    }
  end
  if #rows == 0 then return end
  out:add("%s", title):add ""
  out:table({ "option", "type", "" }, rows)
end

-- S is spoken as a vowel in SMTP.
local function article_of(noun) return (noun:find "^[aeiou]" or noun:find "^SMTP") and "An" or "A" end

local function add_class(out, class)
  out:add("### %s", class.class):add ""
  if class.name then out:paragraph(("%s %s."):format(article_of(class.name), class.name)) end
  if class.text then out:paragraph(class.text) end
  if class.parent then out:paragraph(("It has the fields of %s, too."):format(classes.linked(class.parent))) end
  local rows = {}
  for index, field in ipairs(class.fields or {}) do
    local name, optional = field[1]:gsub("%?$", "")
    rows[index] = { ("`%s`%s"):format(name, optional == 1 and " or nil" or ""), classes.linked(field[2]), field[3] }
  end
  out:table({ "field", "type", "" }, rows)
end

local function add_function(out, called, prefix)
  local names = {}
  for index, parameter in ipairs(called.parameters or {}) do
    names[index] = parameter[1]:gsub("%?$", "")
  end
  out:add("### %s%s", prefix, called.name):add ""
  out:add("`%s%s(%s)`", prefix, called.name, table.concat(names, ", ")):add ""
  out:paragraph(called.summary .. (called.text and "\n\n" .. called.text or ""))
  for _, parameter in ipairs(called.parameters or {}) do
    local name, optional = parameter[1]:gsub("%?$", "")
    local note = parameter[3] ~= "" and ": " .. parameter[3] or ""
    out:add("- `%s`%s, %s%s", name, optional == 1 and " (may be left out)" or "", classes.linked(parameter[2]), note)
  end
  for index, returned in ipairs(called.returns or {}) do
    local note = returned[2] and ": " .. returned[2] or ""
    out:add("- %s %s%s", index == 1 and "returns" or "and", classes.linked(returned[1]), note)
  end
  if called.parameters or called.returns then out:add "" end
end

local function add_methods(out, methods, prefix)
  for _, method in ipairs(methods) do
    add_function(out, method, prefix)
  end
end

-- A method of a resource, without what goes over the wire.
local function add_operation(out, one)
  local declared = one.declaration
  out:add("### %s", one.label):add ""
  out:add("`%s(%s)`", one.called, table.concat(operation_text.parameters(one), ", ")):add ""
  out:paragraph(declared.summary)
  if declared.irreversible then out:paragraph("**Irreversible.** " .. declared.irreversible) end
  for _, argument in ipairs(declared.arguments or {}) do
    local default = argument.client_default and (" (nil takes the client's `%s`)"):format(argument.client_default) or ""
    local luacats = operation_text.luacats_of(argument)
    local what = luacats:find("hubspot.", 1, true) and classes.linked(luacats)
      or operation_text.description_of(argument)
    out:add("- `%s`: %s; %s%s", argument.name, argument.description, what, default)
  end
  local nothing = operation_text.is_iterator(one) and "" or "; or nil and an [error](errors.md#hubspoterror)"
  local type_shown = classes.linked(returns.luacats(one))
  local words = returns.words(one)
  out:add("- returns %s%s%s", type_shown, words and ": " .. words or "", nothing):add ""
  add_options(out, "Options:", declared.options or {}, function(name) return operation_text.option_note(one, name) end)
end

-- The whole address of a page of HubSpot's documentation.
local function address_of(page_path)
  return page_path:find "^https://" and page_path or declaration.DOCUMENTATION .. page_path
end

local function wire_rows(resource)
  local rows = {}
  for _, one in ipairs(declarations.of(resource)) do
    for _, route in ipairs(one.routes) do
      for _, request in ipairs(route.requests) do
        local documented = request.documentation
          or route.route.documentation
          or error(("%s: the route %s has no documentation"):format(one.label, route.name))
        rows[#rows + 1] = {
          ("`%s`"):format(one.name),
          operation_text.ROUTE_TITLES[route.name],
          ("[%s `%s`](%s)"):format(request.method, request.path, address_of(documented)),
          operation_text.status_of(route.route, request),
          operation_text.limit_of(request),
        }
      end
    end
  end
  return rows
end

local function code_list(names)
  local texts = {}
  for index, name in ipairs(names) do
    texts[index] = ("`%s`"):format(name)
  end
  return table.concat(texts, ", ")
end

local function type_rows()
  local rows = {}
  for index, row in ipairs(declarations.types()) do
    rows[index] = {
      row.is_hidden and ('`client:objects "%s"`'):format(row.name) or ("`client.%s`"):format(row.name),
      row.id or "",
      row.display and ("`%s`"):format(row.display) or "",
      code_list(row.needed or {}),
      declarations.methods_of(row),
      row.scopes,
    }
  end
  return rows
end

local function resource_page(resource)
  local about = resources[resource]
  local out = start(about.heading or "client." .. resource)
  out:paragraph(about.text)
  if resource == "objects" then
    out:table({ "type", "id", "shown by", "a new one must have", "methods", "scopes" }, type_rows())
  end
  out:paragraph(("Guide: %s. Scopes: %s."):format(guide_link(about.guide), about.scopes))
  local links = {}
  for index, one in ipairs(declarations.of(resource)) do
    links[index] = ("[%s](#%s)"):format(one.name, one.label:gsub(":", ""))
  end
  out:paragraph(table.concat(links, " · "))
  out:paragraph "All methods take [these options](client.md#options-of-every-call), too; iterators [those](client.md#options-of-every-iterator) as well."
  out:add("## Methods"):add ""
  for _, one in ipairs(declarations.of(resource)) do
    add_operation(out, one)
  end
  local described = classes.of(resource)
  if #described > 0 then out:add("## Records and tables"):add "" end
  for _, class in ipairs(described) do
    add_class(out, class)
  end
  out:add("## On the wire"):add ""
  out:paragraph(
    'The current route is taken for every `api_version` but `"v1"`; where there is none, HubSpot has no newer form, and v1 '
      .. "is taken always. `{api_version}` is the client's. What may be sent again: [retries](retries.md)."
  )
  out:table({ "method", "route", "request", "HubSpot's status", "limit" }, wire_rows(resource))
  return out:text()
end

local function library_page(thing)
  local out = start(thing.title)
  out:paragraph(thing.text)
  out:paragraph(("Guide: %s."):format(guide_link(thing.guide)))
  if thing.methods then
    out:add("## Methods"):add ""
    add_methods(out, thing.methods, thing.called)
  end
  for _, module in ipairs(thing.modules or {}) do
    out:add("## %s", module.name):add ""
    for _, field in ipairs(module.fields or {}) do
      out:add("- `%s.%s`: %s", module.name, field[1], field[3])
    end
    if module.fields then out:add "" end
    add_methods(out, module.functions, module.name)
  end
  for _, class in ipairs(thing.classes or {}) do
    if class.methods then
      out:add("## %s", class.class):add ""
      add_methods(out, class.methods, class.called)
    end
  end
  if thing.name == "client" then
    out:add("## Options of every call"):add ""
    add_options(out, "Every method takes these last:", operation_options.common)
    out:add("## Options of every iterator"):add ""
    add_options(out, "Methods that give an iterator take these, too:", operation_options.of_iterators)
  end
  local described = classes.of(thing.name)
  if #described > 0 then out:add("## Tables"):add "" end
  for _, class in ipairs(described) do
    if not class.methods then add_class(out, class) end
  end
  return out:text()
end

local function operations_page()
  local by_number, rows = {}, {}
  for _, one in ipairs(declarations.all()) do
    if one.declaration.number then by_number[one.declaration.number] = one end
  end
  for number, one in ipairs(by_number) do
    local paths = {}
    for _, route in ipairs(one.routes) do
      local texts = {}
      for index, request in ipairs(route.requests) do
        texts[index] = ("%s `%s`"):format(request.method, request.path)
      end
      paths[route.name] = table.concat(texts, ", ")
    end
    rows[number] = {
      number,
      ("[`%s`](%s.md#%s)"):format(one.label, one.resource, one.label:gsub(":", "")),
      paths.v1 or "–",
      paths.current or "v1",
    }
  end
  local out = start "Operations"
  out:paragraph "The 53 operations of HubSpot's operation list, by their numbers."
  out:table({ "#", "method", "v1", "current" }, rows)
  return out:text()
end

local function index_page()
  local out = start "Reference"
  out:paragraph "Every method, option, record and request. The [guides](../guide/README.md) tell what to do with them."
  local rows = {}
  for _, resource in ipairs(declarations.resources) do
    local about = resources[resource]
    rows[#rows + 1] = { ("[%s](%s.md)"):format(about.heading or "client." .. resource, resource), about.title }
  end
  out:table({ "resource", "" }, rows)
  rows = {}
  for _, thing in ipairs(library.pages) do
    rows[#rows + 1] = { ("[%s](%s.md)"):format(thing.title, thing.name), resources.things[thing.name] }
  end
  rows[#rows + 1] = { "[Operations](operations.md)", "the 53 operations by number, with both paths" }
  rows[#rows + 1] = { "[Retries](retries.md)", "what is sent again, and when" }
  out:table({ "the library", "" }, rows)
  return out:text()
end

--- The pages by their paths.
function reference.files()
  local files = { ["README"] = index_page(), operations = operations_page() }
  for _, resource in ipairs(declarations.resources) do
    files[resource] = resource_page(resource)
  end
  for _, thing in ipairs(library.pages) do
    files[thing.name] = library_page(thing)
  end
  files.retries = require("tools.generate.retries").text(start "Retries")
  local by_path = {}
  for name, text in pairs(files) do
    by_path[("doc/reference/%s.md"):format(name)] = text
  end
  return by_path
end

return reference
