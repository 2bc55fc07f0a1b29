--- Reads contacts as the date versions take them: ids, properties, and the problems with them.
--
-- A problem is `{ status =, message =, fields = }`, so that a batch can tell its inputs' problems one by one.
local contact_record = require "hubspot.sandbox.contact_record"
local core = require "hubspot.core"
local properties = require "hubspot.sandbox.properties"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"

local contact_input = {}

local array = core.array

-- Problems ------------------------------------------------------------------------------------------------------

local function new_problem(status, message, fields) return { status = status, message = message, fields = fields } end

local function invalid(message) return new_problem(400, message, { category = "VALIDATION_ERROR" }) end

local function conflict(owner)
  local id = string.format("%d", owner.id)
  local problem = new_problem(409, "Contact already exists. Existing ID: " .. id, { category = "CONFLICT" })
  problem.existing_id = id
  return problem
end

--- The problem of what `properties.check` found.
function contact_input.invalid_values(results)
  local errors = {}
  for index, result in ipairs(results) do
    errors[index] = {
      message = result.message,
      code = result.error,
      ["in"] = result.name,
      context = { propertyName = array { result.name } },
    }
  end
  return new_problem(
    400,
    "Property values were not valid: " .. core.encode(array(results)),
    { category = "VALIDATION_ERROR", errors = array(errors) }
  )
end

--- The problem of an id that nothing has.
function contact_input.not_found(id)
  return new_problem(
    404,
    "resource not found",
    { category = "OBJECT_NOT_FOUND", context = { ids = array { tostring(id) } } }
  )
end

--- Ends a request with a problem.
function contact_input.fail(problem) reply.fail(problem.status, problem.message, problem.fields) end

-- Finding -------------------------------------------------------------------------------------------------------

--- The unique property that a request names: "email" or "hs_object_id". Answers 400 where it is neither.
function contact_input.id_property(name)
  name = read.given(name)
  if name ~= nil and name ~= "email" and name ~= "hs_object_id" then
    reply.invalid("Invalid idProperty: " .. tostring(name) .. " is not a unique property of contacts")
  end
  return name or "hs_object_id"
end

local function as_id(text)
  text = tostring(text)
  return text:match "^%d+$" and tonumber(text)
end

--- The live contact with an id, the survivor of a merged one, or the contact with an address.
function contact_input.find(store, key, id_property)
  if id_property == "email" then return store:find_by_email(tostring(key)) end
  local id = as_id(key)
  return id and store:get(id)
end

--- The same, without those that were merged into others, whose ids a batch of updates does not know.
function contact_input.find_unmerged(store, key, id_property)
  local contact = contact_input.find(store, key, id_property)
  if contact and id_property ~= "email" and contact.id ~= as_id(key) then return nil end
  return contact
end

--- The archived contact with an id.
function contact_input.find_archived(store, key, id_property)
  local id = id_property ~= "email" and as_id(key)
  return id and store:find_archived(id)
end

-- Values --------------------------------------------------------------------------------------------------------

--- The values to store for an object of properties, or nil and the problem.
function contact_input.values(store, changes, contact)
  if not read.is_object(changes) then return nil, invalid "Invalid input JSON: properties must be an object" end
  local values, results = properties.check(store.definitions, changes)
  if not values then return nil, contact_input.invalid_values(results) end
  local owner = values.email and values.email ~= "" and store:find_by_email(values.email)
  if owner and owner ~= contact then return nil, conflict(owner) end
  return values
end

--- The same for a contact that is to be made.
function contact_input.new_values(store, changes)
  local values, problem = contact_input.values(store, changes)
  if not values then return nil, problem end
  if (values.email or "") == "" and (values.firstname or "") == "" and (values.lastname or "") == "" then
    return nil, invalid "At least one of email, firstname and lastname is required to create a contact"
  end
  return values
end

-- With the record's id, which is always shown: a record of no names would be one of the default ones.
local function names_of(values)
  local names = { "hs_object_id" }
  for name in pairs(values) do
    names[#names + 1] = name
  end
  return names
end

--- Makes a contact of checked values. Gives its record, which has no empty properties.
function contact_input.create(store, values)
  local contact = store:create(values)
  local names = names_of(values)
  names[#names + 1] = "lifecyclestage"
  return contact_record.dated(store, contact, { properties = names, without_nulls = true })
end

--- Writes checked values. Gives the record with these and the calculated ones.
function contact_input.update(store, contact, values)
  store:update(contact, values)
  return contact_record.dated(store, contact, { properties = names_of(values) })
end

return contact_input
