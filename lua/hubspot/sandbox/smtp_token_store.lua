--- The SMTP tokens of a portal. What v1 calls `userName` is the id of the date versions: the user of the SMTP login.
local time = require "hubspot.sandbox.time"

local smtp_token_store = {}

local LIFETIME = 365 * time.DAY

function smtp_token_store.new(now, portal_id)
  return { now = now, portal_id = portal_id, tokens = {}, made = 0, passwords = 0 }
end

-- HubSpot deletes tokens that are a year old.
local function drop_expired(store)
  local oldest, kept = store.now() - LIFETIME, {}
  for _, token in ipairs(store.tokens) do
    if token.created > oldest then kept[#kept + 1] = token end
  end
  store.tokens = kept
end

--- All tokens, the oldest first.
function smtp_token_store.all(store)
  drop_expired(store)
  return store.tokens
end

--- The token with this id, and where it is.
function smtp_token_store.find(store, id)
  for index, token in ipairs(smtp_token_store.all(store)) do
    if token.id == id then return token, index end
  end
  return nil
end

local function new_password(store)
  store.passwords = store.passwords + 1
  local mixed = store.passwords * 48271 % 2147483647
  return string.format("pw-%08x-%08x", mixed, store.passwords * 69621 % 2147483647)
end

--- Makes a token of `campaign_name`, `campaign_id`, `created_by`, `create_contact`. Gives it and its password.
function smtp_token_store.create(store, fields)
  store.made = store.made + 1
  local id = string.format("ab%08x@%d.smtp.hubspot.net", store.made * 16807 % 2147483647, store.portal_id)
  local token = { id = id, number = store.made, created = store.now() }
  for name, value in pairs(fields) do
    token[name] = value
  end
  token.password = new_password(store)
  table.insert(store.tokens, token)
  return token, token.password
end

--- Gives a token a new password.
function smtp_token_store.reset_password(store, token)
  token.password = new_password(store)
  return token.password
end

function smtp_token_store.delete(store, id)
  local _, index = smtp_token_store.find(store, id)
  if index then table.remove(store.tokens, index) end
end

return smtp_token_store
