--- Rules for values: `/crm/property-validations/{D}/{objectType}…`
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local object_path = require "hubspot.sandbox.object_path"
local property_rules = require "hubspot.sandbox.property_rules"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"
local request = require "hubspot.sandbox.request"
local sequence = require "hubspot.sandbox.sequence"

local function find(portal, req)
  local name = req.params.propertyName
  return object_path.store(portal, req).definitions[name] or reply.not_found("There is no property " .. name)
end

local function shown_rules(definition)
  return sequence.map(
    sequence.names(definition.rules),
    function(kind) return property_rules.shown(definition.rules[kind]) end
  )
end

local function list(portal, req)
  local results, definitions = {}, object_path.store(portal, req).definitions
  for _, name in ipairs(sequence.names(definitions)) do
    local rules = shown_rules(definitions[name])
    if #rules > 0 then results[#results + 1] = { propertyName = name, propertyValidationRules = core.array(rules) } end
  end
  return reply.results(results)
end

local function list_of_property(portal, req) return reply.results(shown_rules(find(portal, req))) end

local function get(portal, req)
  local kind = req.params.ruleType
  local rule = (find(portal, req).rules or {})[kind] or reply.not_found("There is no rule " .. kind)
  return reply.json(200, property_rules.shown(rule))
end

local function put(portal, req)
  local definition, body, kind = find(portal, req), request.object(req), req.params.ruleType
  if not property_rules.TESTS[kind] then reply.invalid("Invalid ruleType: " .. kind) end
  local limit = decimal.parse(tostring(read.list(body, "ruleArguments")[1]))
  if not limit then reply.invalid("ruleArguments of " .. kind .. " must hold a number") end
  definition.rules = definition.rules or {}
  definition.rules[kind] = { kind = kind, limit = limit, normalizes = body.shouldApplyNormalization == true }
  return reply.empty(204)
end

local BASE = "/crm/property-validations/{D}/{objectType}"
local NAMED = BASE .. "/{propertyName}"
local RULE = NAMED .. "/rule-type/{ruleType}"
local READ, WRITE = object_path.read_scopes, object_path.schema_scopes

return {
  { method = "GET", path = BASE, handler = list, scopes = READ },
  { method = "GET", path = NAMED, handler = list_of_property, scopes = READ },
  { method = "GET", path = RULE, handler = get, scopes = READ },
  { method = "PUT", path = RULE, handler = put, scopes = WRITE },
}
