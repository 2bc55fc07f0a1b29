--- Decides for each name of a file, a column's header or a field, which property it fills, or what else it is for.
-- @module hubspot.command.import.mapping

local did_you_mean = require "hubspot.did_you_mean"
local fold = require("hubspot.text").fold
local property_values = require "hubspot.command.import.property_values"
local record_columns = require "hubspot.command.record_columns"
local trim = require("hubspot.text").trim
local types = require "hubspot.object.types"

local mapping = {}

--- The columns that an errors file has besides those of the file that it is about.
mapping.OF_ERRORS = { "_line", "_status", "_error", "_property" }

-- Columns of an export that are no properties.
local OF_EXPORTS = { id = true, created_at = true, updated_at = true, archived = true, archived_at = true, url = true }

-- Spellings of a column with the ids of records.
local OF_IDS = { id = true, hs_object_id = true, ["record id"] = true }

local IGNORED = { kind = "ignored" }

local is_of_errors = {}
for _, name in ipairs(mapping.OF_ERRORS) do
  is_of_errors[name] = { kind = "note", name = name }
end

local methods = {}
local metatable = { __name = "hubspot.command.Mapping", __index = methods }

local function is_read_only(definition)
  local metadata = definition.modificationMetadata
  return definition.calculated == true or (type(metadata) == "table" and metadata.readOnlyValue == true)
end

local function unknown(self, header, name)
  local label = self.by_label[fold(name)]
  if label then return ("%s is the label of the property %s: --map '%s=%s'"):format(name, label, header, label) end
  local advice = "no property is called %s%s (--map '%s=PROPERTY' names one, --ignore '%s' leaves the column out%s)"
  -- An export calls a column of associations so.
  local of_type = types.find(name) and (", --associate '%s:%s' associates with the ids in it"):format(name, header)
    or ""
  return advice:format(name, did_you_mean.hint(name, self.definitions), header, header, of_type)
end

local function of_property(self, header, name)
  local definition = self.definitions[name] or self.definitions[self.by_folded[fold(name)] or ""]
  if not definition then return nil, unknown(self, header, name) end
  if is_read_only(definition) and definition.name ~= self.key then
    if self.skips_read_only then return IGNORED end
    local advice = "HubSpot lets nobody write %s: --ignore '%s' leaves it out, --skip-read-only all such ones"
    return nil, advice:format(definition.name, header)
  end
  local appends = self.append[header] or self.append[definition.name]
  if appends and not property_values.is_multiple(definition) then
    return nil, ("--append is for properties of several options, and %s is none"):format(definition.name)
  end
  return {
    kind = "property",
    name = definition.name,
    is_key = definition.name == self.key,
    appends = appends,
    definition = definition,
    read = property_values.reader(definition, {
      by_label = self.by_option_label,
      date_format = self.date_format,
      owner_id = self.owner_id,
      appends = appends,
    }),
  }
end

local function find(self, header)
  local name = trim(header)
  if self.ignore[name] then return IGNORED end
  if is_of_errors[name] then return is_of_errors[name] end
  local associated = self.associate[name]
  if associated then return { kind = "association", to = associated } end
  local mapped = self.map[name]
  if OF_IDS[fold(mapped or name)] then
    if self.key == "id" then return { kind = "id", is_key = true } end
    if mapped then
      return nil, ("--map '%s=%s': HubSpot chooses ids; --key id finds records by them"):format(name, mapped)
    end
    return IGNORED
  end
  local renamed = not mapped and not self.definitions[name] and record_columns.property_of(name)
  if renamed and self.definitions[renamed] then return of_property(self, header, renamed) end
  if not mapped and OF_EXPORTS[name] and not self.definitions[name] then return IGNORED end
  if name == "" then return nil, "a column has no name: --ignore '' leaves it out" end
  return of_property(self, name, mapped or name)
end

--- The target of a name.
-- @tparam string header
-- @treturn ?table `kind`: "property", with its `name`, `definition`, `read(text)` and
--   `appends`, whether options are added; "id"; "association", with
--   `to`, as `settings.read_association` read it; "note", a column of an errors file, with its `name`; or "ignored".
--   `is_key` is true of the one that holds the keys. Nil and the problem otherwise
function methods:target(header)
  local known = self.targets[header]
  if not known then
    local target, problem = find(self, header)
    known = { target = target, problem = problem }
    self.targets[header] = known
  end
  return known.target, known.problem
end

--- The names that an option gives and the file does not have.
-- @tparam table headers
-- @treturn ?string the first one
function methods:missing(headers)
  local present = {}
  for _, header in ipairs(headers) do
    present[trim(header)] = true
  end
  for _, names in ipairs { self.map, self.append, self.associate } do
    for name in pairs(names) do
      local is_there = present[name]
      for _, header in ipairs(headers) do
        local target = self.targets[header] and self.targets[header].target
        is_there = is_there or (target and target.name == name)
      end
      if not is_there then return name end
    end
  end
end

--- Makes a mapping.
-- @tparam table options `definitions`, of the properties by their names; `key`, "id", a property, or nil; `map`,
--   properties by header; `ignore` and `append`, headers as keys; `associate`, associations by header;
--   `skips_read_only`; and, as `property_values.reader` takes them, `by_option_label`, `date_format` and `owner_id`
-- @treturn table
function mapping.new(options)
  local self = { targets = {}, by_label = {}, by_folded = {} }
  for name, value in pairs(options) do
    self[name] = value
  end
  for name, definition in pairs(options.definitions) do
    self.by_folded[fold(name)] = name
    self.by_label[fold(definition.label or name)] = name
  end
  return setmetatable(self, metatable)
end

return mapping
