--- Several accounts on one server, each a portal: a request is for the one that knows its token.
local accounts = {}

local function bearer_of(request) return (request.headers.authorization or ""):match "^%a+%s+(%S+)%s*$" end

-- Returns whether a form of OAuth is for an account: its refresh token is known there, or its code begins with the
-- account's id and a dash.
local function is_account_of_form(portal, request)
  local body = request.body
  local code, token = body:match "code=([^&]*)", body:match "token=([^&]*)"
  local prefix = portal:id() .. "-"
  if code and code:sub(1, #prefix) == prefix then return true end
  return token ~= nil and portal:knows_refresh_token(token)
end

--- The one of several portals that a request is for; the first one answers those that are for none.
function accounts.choose(portals, request)
  if #portals == 1 then return portals[1] end
  local token, is_form = bearer_of(request), request.url:find "^/oauth/" ~= nil
  for _, portal in ipairs(portals) do
    if token and portal:knows_token(token) or is_form and is_account_of_form(portal, request) then return portal end
  end
  return portals[1]
end

--- The portal with an id, or the first where it is nil; nil where there is none.
function accounts.named(portals, id)
  for _, portal in ipairs(portals) do
    if not id or portal:id() == id then return portal end
  end
  return nil
end

return accounts
