-- Definitions of properties, of any type of records.

local check = require "hubspot.check"
local core = require "hubspot.core"
local errors = require "hubspot.error"
local id = require "hubspot.id"
local merge = require "hubspot.merge"
local must = require "hubspot.shape.must"
local type_name = require "hubspot.object.type_name"
local v1 = require "hubspot.shape.v1"

local PAGES = "api-reference/latest/crm/properties/"
local BASE = "/crm/properties/{api_version}/{object_type}"
local LONGEST_NAME = 100

-- Definitions --------------------------------------------------------------------------------------------------------

local option = check.fields("an option { label = …, value = … }", {
  label = { type = check.text, required = true, description = "shown for it" },
  value = { type = check.text, required = true, description = "kept for it" },
  description = { type = check.text, description = "" },
  displayOrder = { type = check.integer(-1, 2 ^ 31), description = "its place; that in the list when left out" },
  hidden = { type = check.boolean, description = "whether forms leave it out; false when left out" },
}, "hubspot.PropertyOption")

-- HubSpot wants each option whole.
local options_type = check.refined(check.list_of(option, "options", true), function(list)
  for index, one in ipairs(list) do
    if one.displayOrder == nil then one.displayOrder = index - 1 end
    if one.hidden == nil then one.hidden = false end
  end
  return core.array(list)
end)

local name_type = check.refined(check.segment, function(name, place)
  if #name <= LONGEST_NAME and name:find "^%l[%l%d_]*$" then return name end
  return nil,
    ("%s must be a name of at most %d small letters, digits and underscores that begins with a letter, got %s"):format(
      place,
      LONGEST_NAME,
      check.describe(name)
    )
end)

local changeable = {
  label = { type = check.text, description = "shown for it" },
  groupName = { type = check.segment, description = "name of its group" },
  type = {
    type = check.word({ "string", "number", "bool", "enumeration", "date", "datetime", "phone_number" }, check.is_name),
    description = "of its values",
  },
  fieldType = {
    type = check.word({
      "text",
      "textarea",
      "html",
      "file",
      "phonenumber",
      "number",
      "booleancheckbox",
      "select",
      "radio",
      "checkbox",
      "date",
      "calculation_equation",
    }, check.is_name),
    description = "of the field that shows it",
  },
  options = { type = options_type, description = "of an enumeration; an update replaces them all" },
  description = { type = check.text, description = "" },
  displayOrder = { type = check.integer(-1, 2 ^ 31), description = "its place in the group; -1 is the last" },
  hidden = { type = check.boolean, description = "whether HubSpot hides it" },
  formField = { type = check.boolean, description = "whether forms may have it" },
  calculationFormula = { type = check.string, description = "of a calculated one" },
  externalOptions = { type = check.boolean, description = "whether its options are HubSpot's" },
  numberDisplayHint = { type = check.string, description = "how a number is shown" },
  textDisplayHint = { type = check.string, description = "how a text is shown" },
  showCurrencySymbol = { type = check.boolean, description = "whether it is shown with the account's currency" },
  currencyPropertyName = { type = check.segment, description = "the property that has its currency" },
}

local settled = {
  name = { type = name_type, required = true, description = "its internal name, for good" },
  hasUniqueValue = { type = check.boolean, description = "whether no two records may have one value, for good" },
  referencedObjectType = { type = check.string, description = '"OWNER", for good' },
  dataSensitivity = {
    type = check.word { "non_sensitive", "sensitive", "highly_sensitive" },
    description = "for good",
  },
}

local function required(fields, names)
  local all = merge { fields }
  for _, name in ipairs(names) do
    all[name] = merge { fields[name], { required = true } }
  end
  return all
end

local definition = check.fields(
  "a table { name = …, label = …, groupName = …, type = …, fieldType = … }",
  required(merge { changeable, settled }, { "label", "groupName", "type", "fieldType" }),
  "hubspot.PropertyDefinition"
)

local changes = check.refined(
  check.fields("a table { label = …, options = … }", changeable, "hubspot.PropertyChanges"),
  function(given, place)
    if next(given) == nil then return nil, place .. " must not be empty" end
    return given
  end
)

-- Operations ---------------------------------------------------------------------------------------------------------

local name = { name = "name", type = check.segment, description = "the property's internal name" }

local object_type = {
  type = type_name,
  description = 'the type of records that has it; "contacts" when left out',
}

local function with_type(values) return merge { values, { object_type = values.object_type or "contacts" } } end

local function route(method, path, page, fields)
  return merge {
    {
      method = method,
      path = path,
      path_values = with_type,
      options = { "object_type" },
      idempotent = true,
      answer = v1.property,
      documentation = PAGES .. page,
    },
    fields,
  }
end

local list_route = route("GET", BASE, "get-properties", {
  query = {
    { "archived", from = "archived" },
    { "dataSensitivity", from = "sensitivity" },
    { "locale", from = "locale" },
  },
  answer = function(answer)
    local list = must.table(answer.results, "the properties")
    for _, one in ipairs(list) do
      must.text(must.table(one, "a property").name, "a property's name")
      id.in_record(one)
    end
    return list
  end,
})

local SENSITIVITIES = { "non_sensitive", "sensitive", "highly_sensitive" }

-- Tells whether an error says that the token, or the account, has none of this sensitivity.
local function is_out_of_sight(err)
  return err.status == 403 or (err.status == 400 and tostring(err.category):find("SENSITIVE", 1, true) ~= nil)
end

-- HubSpot lists the properties of one sensitivity at a time.
local function all(call)
  local options, properties, seen = call.options, {}, {}
  for index, sensitivity in ipairs(SENSITIVITIES) do
    local list, err = call:read(list_route, {
      object_type = options.object_type,
      archived = options.archived,
      locale = options.locale,
      sensitivity = sensitivity,
    })
    if not list and (index == 1 or not is_out_of_sight(err)) then return nil, err end
    for _, one in ipairs(list or {}) do
      if not seen[one.name] then properties[#properties + 1] = one end
      seen[one.name] = true
    end
  end
  return properties
end

local look_route = route("GET", BASE .. "/{name}", "get-property", { query = { { "archived", value = true } } })

local create_route = route("POST", BASE, "create-property", { body = { { from = "definition" } }, idempotent = false })

local function archived_error(given)
  return errors.new {
    kind = "api",
    category = "CONFLICT",
    message = ("there is an archived property %s: HubSpot would bring it back, with the values of its records"):format(
      given.name
    ),
    hint = "Pass restore = true if you want that; else take another name",
  }
end

-- Makes sure that no archived property has the name.
local function is_free(call)
  local given = call.values.definition
  local found, err = call:read(look_route, { object_type = call.options.object_type, name = given.name })
  if found then
    if found.archived then return nil, archived_error(given) end
    return true
  end
  if err.status == 404 then return true end
  errors.add_hint(err, "restore = true creates the property without a look whether an archived one has its name")
  return nil, err
end

local function create(call)
  if not call.options.restore then
    local free, err = is_free(call)
    if not free then return nil, err end
  end
  local made, err =
    call:send(create_route, { object_type = call.options.object_type, definition = call.values.definition })
  if not made then return nil, err end
  return made:result()
end

return {
  get = {
    number = 23,
    summary = "Reads the definition of a property.",
    arguments = { name },
    options = {
      object_type = object_type,
      archived = { type = check.boolean, description = "true reads an archived property" },
      locale = { type = check.string, description = 'the language of its labels, such as "de"' },
    },
    returns = { record = "property" },
    v1 = {
      method = "GET",
      path = "/properties/v1/contacts/properties/named/{name}",
      idempotent = true,
      answer = v1.property,
      documentation = "api-reference/legacy/crm/properties/v1/contact-properties/get-properties-v1-contacts-properties-named-propertyname",
    },
    current = route("GET", BASE .. "/{name}", "get-property", {
      query = { { "archived", from = "archived" }, { "locale", from = "locale" } },
    }),
  },

  all = {
    summary = "Reads the definitions of all properties of a type, of every sensitivity that the token may see.",
    options = {
      object_type = object_type,
      archived = { type = check.boolean, description = "true reads the archived ones, and no others" },
      locale = { type = check.string, description = 'the language of their labels, such as "de"' },
    },
    returns = { list = "property" },
    current = {
      run = all,
      options = { "object_type", "archived", "locale" },
      requests = { list_route },
      documentation = list_route.documentation,
    },
  },

  create = {
    summary = "Creates a property. Where an archived one has its name, HubSpot would restore that one, with the values of "
      .. "its records: without `restore`, this is looked for first, and is an error.",
    arguments = { { name = "definition", type = definition, description = "what it is to be" } },
    options = {
      object_type = object_type,
      restore = { type = check.boolean, description = "true restores an archived property of this name" },
    },
    returns = { record = "property" },
    current = {
      run = create,
      options = { "object_type", "restore" },
      requests = { look_route, create_route },
      documentation = create_route.documentation,
    },
  },

  update = {
    summary = "Changes the definition of a property. `options` replace all that there were.",
    arguments = { name, { name = "changes", type = changes, description = "the fields to change" } },
    options = { object_type = object_type },
    returns = { record = "property" },
    current = route("PATCH", BASE .. "/{name}", "update-property", { body = { { from = "changes" } } }),
  },

  delete = {
    summary = "Archives a property. For 90 days, creating one of its name restores it.",
    arguments = { name },
    options = { object_type = object_type },
    returns = { done = true },
    current = {
      method = "DELETE",
      path = BASE .. "/{name}",
      path_values = with_type,
      options = { "object_type" },
      idempotent = true,
      documentation = PAGES .. "delete-property",
    },
  },
}
