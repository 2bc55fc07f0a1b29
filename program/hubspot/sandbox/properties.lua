--- The definitions of properties, and what values they take.
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local default_properties = require "hubspot.sandbox.default_properties"
local object_properties = require "hubspot.sandbox.object_properties"
local sequence = require "hubspot.sandbox.sequence"
local texts = require "hubspot.sandbox.text"
local time = require "hubspot.sandbox.time"

local properties = {}

local MAX_TEXT = 65536

local function make_options(rows)
  local options = {}
  for index, row in ipairs(rows or {}) do
    options[index] = { label = row[1], value = row[2], displayOrder = index - 1, hidden = false, description = "" }
  end
  return options
end

-- The properties that records of every type have.
local function common_rows(type)
  return {
    { type.created, "Create Date", "datetime", "date", read_only = true },
    { type.modified, "Last Modified Date", "datetime", "date", read_only = true },
    { "hs_object_id", "Record ID", "number", "number", read_only = true, unique = true },
    { "hs_merged_object_ids", "Merged record IDs", "enumeration", "checkbox", read_only = true, options = {} },
    { "hubspot_owner_id", "Owner", "string", "text" },
    { "hs_pinned_engagement_id", "Pinned activity", "number", "number" },
  }
end

local function define_rows(set, rows, type, now)
  for _, row in ipairs(rows) do
    local name = row[1]
    set[name] = {
      name = name,
      label = row[2],
      type = row[3],
      field_type = row[4],
      group = type.group,
      description = row[2] .. " of the " .. type.singular,
      options = make_options(row.options),
      read_only = row.read_only or false,
      built_in = not row.custom,
      unique = row.unique or false,
      read_scope = row.read_scope,
      created = now,
      updated = now,
    }
  end
end

--- The definitions that a type of objects starts with.
function properties.new(now, type)
  local set = {}
  if type.name == "contacts" then
    define_rows(set, default_properties, type, now)
    return set
  end
  define_rows(set, common_rows(type), type, now)
  define_rows(set, object_properties[type.name] or {}, type, now)
  return set
end

--- Defines the properties that hold the pipeline and the stage of a custom type.
function properties.define_stages(set, type, now)
  define_rows(set, {
    { type.pipeline, "Pipeline", "enumeration", "select", options = {} },
    { type.stage, "Pipeline stage", "enumeration", "select", options = {} },
  }, type, now)
end

--- Defines a property; the caller has checked that the name is free.
function properties.define(set, definition) set[definition.name] = definition end

local function invalid(name, code, message) return { isValid = false, message = message, error = code, name = name } end

local function as_text(value)
  if type(value) == "number" then return decimal.text(value) end
  return tostring(value)
end

local check_type = {}

function check_type.string(definition, text)
  if #text > MAX_TEXT and texts.characters(text) > MAX_TEXT then
    return nil, "INVALID_STRING_LENGTH", definition.name .. " is longer than " .. MAX_TEXT .. " characters"
  end
  return text
end

check_type.phone_number = check_type.string

function check_type.number(_, text)
  local number = decimal.parse(text)
  if not number then return nil, "INVALID_LONG", text .. " was not a valid long." end
  return as_text(number)
end

local function as_moment(text)
  if text:match "^%-?%d+$" then return tonumber(text) end
  return time.parse(text)
end

function check_type.datetime(_, text)
  local ms = as_moment(text)
  if not ms then return nil, "INVALID_LONG", text .. " was not a valid long." end
  return as_text(ms)
end

function check_type.date(_, text)
  local ms = as_moment(text)
  if not ms then return nil, "INVALID_LONG", text .. " was not a valid long." end
  if not time.is_midnight(ms) then
    return nil, "INVALID_DATE", text .. " is at " .. time.iso(ms):sub(12, 23) .. " UTC, not midnight!"
  end
  return as_text(ms)
end

local function has_option(definition, value)
  for _, option in ipairs(definition.options) do
    if option.value == value then return true end
  end
  return false
end

local function bad_option(definition, value)
  local known = sequence.map(definition.options, function(option) return option.value end)
  return nil, "INVALID_OPTION", value .. " was not one of the allowed options: [" .. table.concat(known, ", ") .. "]"
end

function check_type.enumeration(definition, text)
  if definition.field_type ~= "checkbox" then
    if not has_option(definition, text) then return bad_option(definition, text) end
    return text
  end
  for value in text:gmatch "[^;]+" do
    if not has_option(definition, value) then return bad_option(definition, value) end
  end
  return text
end

function check_type.bool(definition, text)
  local lower = text:lower()
  if lower ~= "true" and lower ~= "false" then return bad_option(definition, text) end
  return lower
end

--- Returns whether HubSpot takes a text as an e-mail address.
function properties.is_email(text)
  local name, host = text:match "^([^%s@,;<>()]+)@([%w.-]+)$"
  if not name or name:find("..", 1, true) or host:find("..", 1, true) then return false end
  return host:find "^%w" ~= nil and host:find("%.%a[%w-]*$", 2) ~= nil
end

-- Returns the text to store for one value ("" clears), or nil and its validation result.
local function check_value(set, name, value)
  local definition = set[name]
  if not definition then
    return nil, invalid(name, "PROPERTY_DOESNT_EXIST", 'Property "' .. name .. '" does not exist')
  end
  if value == nil or value == core.null or value == "" then return "" end
  if type(value) == "table" then
    return nil, invalid(name, "INVALID_VALUE", 'The value of "' .. name .. '" must be a string')
  end
  local text = as_text(value)
  if name == "email" then
    text = texts.trim(text):lower()
    if not properties.is_email(text) then
      return nil, invalid(name, "INVALID_EMAIL", "Email address " .. text .. " is invalid")
    end
    return text
  end
  local stored, code, message = check_type[definition.type](definition, text)
  if not stored then return nil, invalid(name, code, message) end
  return stored
end

-- The same of what a request writes.
local function check_written(set, name, value)
  local definition = set[name]
  if definition and definition.read_only then
    return nil, invalid(name, "READ_ONLY_VALUE", '"' .. name .. '" is a read only property; its value cannot be set.')
  end
  return check_value(set, name, value)
end

local function check_each(set, changes, check_one)
  local stored, results = {}, {}
  for _, name in ipairs(sequence.names(changes)) do
    local text, result = check_one(set, name, changes[name])
    stored[name] = text
    results[#results + 1] = result
  end
  if #results > 0 then return nil, results end
  return stored
end

--- Checks a change of several properties (map name → JSON value). Gives the texts to store, or nil and HubSpot's
-- validation results, in the order of the names.
function properties.check(set, changes) return check_each(set, changes, check_written) end

--- The same of values that HubSpot calculates, among them those of properties that no request can write.
function properties.check_calculated(set, changes) return check_each(set, changes, check_value) end

--- A stored text as a date version writes it.
function properties.dated_text(set, name, text)
  local definition = set[name]
  local kind = definition and definition.type
  if kind == "datetime" then
    return time.iso(tonumber(text))
  elseif kind == "date" then
    return time.date(tonumber(text))
  end
  return text
end

--- A text as a number to compare with, where the property is a number or a moment; otherwise nil.
function properties.comparable(definition, text)
  local kind = definition.type
  if kind == "number" then
    return decimal.parse(text)
  elseif kind == "date" or kind == "datetime" then
    return as_moment(text)
  end
  return nil
end

return properties
