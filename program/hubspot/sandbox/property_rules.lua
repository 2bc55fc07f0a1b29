--- Rules that an account makes for the values of its properties. They bind what the API writes since 2026-09.
local core = require "hubspot.core"
local decimal = require "hubspot.sandbox.decimal"
local problems = require "hubspot.sandbox.problem"

local property_rules = {}

local BINDING = "2026-09"

local tests = {}

function tests.MIN_LENGTH(text, least) return #text >= least end

function tests.MAX_LENGTH(text, most) return #text <= most end

function tests.MIN_NUMBER(text, least) return (decimal.parse(text) or least) >= least end

function tests.MAX_NUMBER(text, most) return (decimal.parse(text) or most) <= most end

--- The kinds of rules, each with a test of a text and a number.
property_rules.TESTS = tests

local function broken(definition, text)
  for kind, rule in pairs(definition.rules or {}) do
    if not tests[kind](text, rule.limit) then return kind end
  end
  return nil
end

--- The names of what the account's own form for a new record needs, and these values lack.
function property_rules.missing(store, values, version)
  local missing = {}
  for _, name in ipairs(version == BINDING and store.form_needs or {}) do
    if (values[name] or "") == "" then missing[#missing + 1] = name end
  end
  return missing
end

--- The problem of values that break a rule, nil where there is none, or the version asks for none.
function property_rules.problem(store, values, version)
  if version ~= BINDING then return nil end
  local results = {}
  for name, text in pairs(values) do
    local kind = text ~= "" and broken(store.definitions[name], text)
    if kind then
      results[#results + 1] = {
        isValid = false,
        message = ("Property %s must keep to its rule %s"):format(name, kind),
        error = "FAILED_VALIDATION_RULE",
        name = name,
      }
    end
  end
  return #results > 0 and problems.invalid_values(results) or nil
end

--- A rule as answers show it.
function property_rules.shown(rule)
  return {
    ruleType = rule.kind,
    ruleArguments = core.array { decimal.text(rule.limit) },
    shouldApplyNormalization = rule.normalizes,
  }
end

return property_rules
