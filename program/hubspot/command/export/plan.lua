--- Reads what an export is asked for: which options go together, and which belong to what is exported.
-- @module hubspot.command.export.plan

local core = require "hubspot.core"
local did_you_mean = require "hubspot.did_you_mean"
local fail = require "hubspot.command.fail"
local formats = require "hubspot.command.export.formats"
local sources = require "hubspot.command.export.sources"
local types = require "hubspot.object.types"

local plan = {}

-- Options of the rows, those of CRM records among them. Each with the ones that it can't be given together with.
local OF_ROWS = {
  { name = "properties" },
  { name = "labels" },
  { name = "associations" },
  { name = "parallel" },
  { name = "filter", never_with = { "ids", "list", "archived" } },
  { name = "since", never_with = { "ids", "list", "archived" } },
  { name = "list", never_with = { "ids", "archived" } },
  { name = "ids" },
  { name = "archived" },
}

-- Returns whether an option was given: `parallel` always has a value.
local function is_given(options, name)
  local value = options[name]
  if type(value) == "table" then return next(value) ~= nil end
  return value ~= nil and value ~= false and name ~= "parallel"
end

local function check_options(object, declared, options)
  for _, one in ipairs(OF_ROWS) do
    if is_given(options, one.name) then
      if declared and not (declared.takes or {})[one.name] then
        fail.usage(("--%s does not go with %s"):format(one.name, object))
      end
      for _, other in ipairs(one.never_with or {}) do
        if is_given(options, other) then fail.usage(("--%s and --%s don't go together"):format(one.name, other)) end
      end
    end
  end
  if declared and declared.needs and not is_given(options, declared.needs) then
    fail.usage(("%s needs --%s"):format(object, declared.needs))
  end
end

local function check_arguments(object, declared, more)
  local wanted = declared and declared.more or {}
  if #more == #wanted or declared and declared.may_be_alone and #more == 0 then return end
  if #wanted == 0 then fail.usage(("%s takes no further argument, got %q"):format(object, more[1])) end
  fail.usage(
    ("%s needs %s, as in `hubspot-lua export %s %s`"):format(
      object,
      table.concat(wanted, " and "),
      object,
      object == "associations" and "contacts companies" or "deals"
    )
  )
end

local function known_names()
  local known = {}
  for _, names in ipairs { sources.named, types.rows } do
    for name in pairs(names) do
      known[name] = true
    end
  end
  return known
end

-- Fails for a name that is nearly a known one. Others are for HubSpot to judge, which adds types.
local function check_object(object)
  local declared = sources.named[object]
  if declared or types.find(object) then return declared end
  if not object:find "^[%w_-]+$" then fail.usage(("%q is no type of records"):format(object)) end
  local hint = object:find "%d" and "" or did_you_mean.hint(object, known_names())
  if hint ~= "" then fail.usage(("there is no type of records %s%s"):format(object, hint)) end
end

local function check_format(options)
  local format = options.format or formats.of_path(options.output)
  if not format then
    fail.usage(("%s is a name of another format: --format csv, tsv or jsonl says what to write"):format(options.output))
  end
  if options.excel and format == "jsonl" then fail.usage "--excel is for csv and tsv, not for jsonl" end
  return format
end

-- The texts that decide the bytes of the file, by name, to be kept. A format may be told by the file's name alone.
local function identity_of(one, options, deciding)
  local identity = { object = core.encode(one.object), more = core.encode(one.more) }
  for _, name in ipairs(deciding) do
    local value = one[name] or options[name]
    identity[name] = value and core.encode(value) or nil
  end
  return identity
end

--- Makes the plan of a command line. Fails where it asks for what does not go together.
-- @tparam table arguments `object` and `more`
-- @tparam table options
-- @tparam table deciding names of the options that decide what is written
-- @treturn table
function plan.read(arguments, options, deciding)
  local declared = check_object(arguments.object)
  local more = arguments.more or {}
  check_arguments(arguments.object, declared, more)
  check_options(arguments.object, declared, options)
  local one = {
    object = arguments.object,
    more = more,
    format = check_format(options),
    excel = options.excel or nil,
    properties = options.properties and { names = options.properties.names, all = options.properties.all },
    labels = options.labels or nil,
    associations = options.associations or {},
    filter = options.filter or {},
    since = options.since,
    list = options.list,
    ids = options.ids,
    archived = options.archived or nil,
    max = options.max,
    parallel = options.parallel,
  }
  one.identity = identity_of(one, options, deciding)
  return one
end

--- Names the first difference of two identities; nil where they are the same.
-- @tparam table one the `identity` of a plan
-- @tparam table other
-- @tparam table deciding names of the options that decide what is written
-- @treturn ?string
function plan.difference(one, other, deciding)
  for _, names in ipairs { { "object", "more" }, deciding } do
    for _, name in ipairs(names) do
      if one[name] ~= other[name] then return name end
    end
  end
end

return plan
