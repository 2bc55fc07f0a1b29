--- A portal as JSON, from which another one starts that answers the same: `{ sandbox =, options =, state = }`.
--
-- It has no credentials: neither the tokens that a portal accepts nor those that its OAuth app issued.
local core = require "hubspot.core"
local image = require "hubspot.sandbox.image"
local made_up_objects = require "hubspot.sandbox.made_up_objects"
local object_stores = require "hubspot.sandbox.object_stores"

local export = {}

local FORMAT = 1

local PARTS =
  { "objects", "pipelines", "owners", "schemas", "lists", "timeline", "email", "subscriptions", "smtp_tokens" }

-- Options that the state replaces.
local REPLACED = {
  contacts = true,
  campaigns = true,
  email_events = true,
  subscription_types = true,
  event_types = true,
  contacts_changed_at = true,
  fixtures = true,
}

for _, name in ipairs(made_up_objects.TYPES) do
  REPLACED[name] = true
end

-- Options that belong to a process, and credentials.
local OF_PROCESS = {
  clock = true,
  token = true,
  tokens = true,
  developer_key = true,
  oauth = true,
  oauth_apps = true,
  kept_requests = true,
  webhooks = true,
}

-- Visits the values that each portal has of its own, with their names: those of types, and what is left out.
local function each_known(portal, visit)
  visit(core.null, "null")
  visit(portal.clock.now, "now")
  local objects = portal.objects
  for _, type in ipairs(objects.types) do
    if not type.fully_qualified_name then visit(type, "type " .. type.id) end
  end
end

local function each_left_out(portal, visit)
  visit(portal.objects.options)
  visit(portal.objects.associations.on_link)
  for _, store in pairs(portal.objects.stores) do
    for _, name in ipairs(object_stores.unsaved(store)) do
      visit(store[name])
    end
  end
  for _, list in pairs(portal.lists.lists) do
    visit(list.test)
  end
end

local function parts_of(portal)
  local parts = {}
  for _, name in ipairs(PARTS) do
    parts[name] = portal[name]
  end
  return parts
end

local function options_of(portal)
  local options = {}
  for name, value in pairs(portal.options) do
    if not REPLACED[name] and not OF_PROCESS[name] then options[name] = value end
  end
  options.portal_id = portal.contacts.portal_id
  options.search_lag = portal.objects.options.search_lag
  -- A clock that nobody moved is that of the machine.
  if portal.clock.offset ~= 0 then options.clock = portal.clock:time() end
  return options
end

--- The export of a portal.
function export.write(portal)
  local known = {}
  each_known(portal, function(value, name) known[value] = name end)
  each_left_out(portal, function(value)
    if value ~= nil then known[value] = image.LEFT_OUT end
  end)
  return { sandbox = FORMAT, options = options_of(portal), state = image.write(parts_of(portal), known) }
end

--- Returns whether fixtures are an export.
function export.is_one(fixtures) return fixtures.sandbox ~= nil end

--- The problem of an export in the options of a portal, or nil.
function export.problem(given)
  if given.sandbox ~= FORMAT then return "fixtures are an export of a format that is not known" end
  if type(given.state) ~= "table" then return "fixtures are an export without a state" end
  return nil
end

--- Returns whether an option of a portal is none of what is in it: its tokens, and what a process may keep.
function export.is_of_process(name) return OF_PROCESS[name] or false end

--- The name of an option that would add to what an export has, or nil: the state has all.
function export.added_option(options)
  for name in pairs(REPLACED) do
    local value = options[name]
    local adds = type(value) == "table" and next(value) ~= nil or type(value) == "number" and value > 0
    if adds and name ~= "fixtures" then return name end
  end
  return nil
end

--- The options of a portal, with those of the export where it has none of its own.
function export.options(options)
  local made = {}
  for name, value in pairs(options.fixtures.options or {}) do
    if name == "clock" or not REPLACED[name] and not OF_PROCESS[name] then made[name] = value end
  end
  for name, value in pairs(options) do
    made[name] = value
  end
  return made
end

-- Lists follow their filters by functions, which an export can't hold.
local function revive_lists(portal)
  for _, list in pairs(portal.lists.lists) do
    portal.lists:revive(list)
  end
end

local function read(portal, given)
  local values = {}
  each_known(portal, function(value, name) values[name] = value end)
  for _, name in ipairs(PARTS) do
    if given.state[name] == nil then error("hubspot.sandbox: an export lacks " .. name, 0) end
  end
  local fresh = parts_of(portal)
  local parts = image.read(given.state, values, image.classes_of(fresh))
  for _, name in ipairs(PARTS) do
    if type(parts[name]) ~= "table" or getmetatable(parts[name]) ~= getmetatable(fresh[name]) then
      error("hubspot.sandbox: an export has other things than " .. name, 0)
    end
    portal[name] = parts[name]
  end
  portal.objects:revive(fresh.objects.options)
  portal.contacts = portal.objects:store(portal.objects:get "contacts")
  revive_lists(portal)
end

--- Makes the state of a portal that of an export. Throws where that is damaged.
function export.read(portal, given)
  local fine, problem = pcall(read, portal, given)
  if fine then return end
  if type(problem) == "string" and problem:find "^hubspot%.sandbox: " then error(problem, 0) end
  error("hubspot.sandbox: the state of the export is damaged: " .. tostring(problem), 0)
end

return export
