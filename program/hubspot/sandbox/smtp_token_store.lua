--- The SMTP tokens of a portal. v1's `userName` is the id of the date versions: the user of the SMTP login.
local time = require "hubspot.sandbox.time"

local smtp_token_store = {}

local methods = {}
local metatable = { __name = "hubspot.sandbox.SmtpTokenStore", __index = methods }

local LIFETIME = 365 * time.DAY

function smtp_token_store.new(now, portal_id)
  return setmetatable({ now = now, portal_id = portal_id, tokens = {}, made = 0, passwords = 0 }, metatable)
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
function methods:all()
  drop_expired(self)
  return self.tokens
end

--- The token with this id, and where it is.
function methods:get(id)
  for index, token in ipairs(self:all()) do
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
function methods:create(fields)
  self.made = self.made + 1
  local id = string.format("ab%08x@%d.smtp.hubspot.net", self.made * 16807 % 2147483647, self.portal_id)
  local token = { id = id, number = self.made, created = self.now() }
  for name, value in pairs(fields) do
    token[name] = value
  end
  token.password = new_password(self)
  table.insert(self.tokens, token)
  return token, token.password
end

--- Gives a token a new password.
function methods:reset_password(token)
  token.password = new_password(self)
  return token.password
end

function methods:delete(id)
  local _, index = self:get(id)
  if index then table.remove(self.tokens, index) end
end

return smtp_token_store
