--- Reads what requests say of subscriptions: addresses, and the choices made for them.
local properties = require "hubspot.sandbox.properties"
local read = require "hubspot.sandbox.body"
local reply = require "hubspot.sandbox.reply"

local subscription_input = {}

local given = read.given

local EITHER = "communication_preferences.read_write"
local LEGAL_BASES = {
  LEGITIMATE_INTEREST_PQL = true,
  LEGITIMATE_INTEREST_CLIENT = true,
  LEGITIMATE_INTEREST_OTHER = true,
  PERFORMANCE_OF_CONTRACT = true,
  CONSENT_WITH_NOTICE = true,
  PROCESS_AND_STORE = true,
  NON_GDPR = true,
}

--- The scopes that reading statuses takes, and writing them.
subscription_input.READ = { { "communication_preferences.read", EITHER } }
subscription_input.WRITE = { { "communication_preferences.write", EITHER } }

--- The problem of a text that is no e-mail address, or nil.
function subscription_input.invalid_email(text)
  if type(text) ~= "string" or not properties.is_email(text:lower()) then
    return "Email address " .. tostring(text) .. " is invalid"
  end
  return nil
end

--- An e-mail address in lower case. Answers 400 to anything else.
function subscription_input.email(text)
  local problem = subscription_input.invalid_email(text)
  if problem then reply.invalid(problem) end
  return text:lower()
end

--- The choice of a status that a body makes, or nil and the problem.
function subscription_input.choice(portal, body, status)
  local id = read.integer(body.subscriptionId)
  if not id or not portal.subscriptions.by_id[id] then
    return nil, "There is no subscription with the id " .. tostring(body.subscriptionId)
  end
  local legal_basis, explanation = given(body.legalBasis), given(body.legalBasisExplanation)
  if legal_basis ~= nil and not LEGAL_BASES[legal_basis] then
    return nil, "Invalid legalBasis: " .. tostring(legal_basis)
  end
  if explanation ~= nil and type(explanation) ~= "string" then return nil, "legalBasisExplanation must be a string" end
  return {
    id = portal.subscriptions.by_id[id].id,
    status = status,
    legal_basis = legal_basis,
    explanation = explanation,
  }
end

return subscription_input
