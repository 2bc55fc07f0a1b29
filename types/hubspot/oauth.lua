---@meta hubspot.oauth
-- Made from the declarations by `make generate`: change those, not this.

local oauth = {}

--- The URL to which a user is sent to install an app.
---@param options hubspot.AuthorizeUrlOptions
---@return string
function oauth.authorize_url(options) end

--- Exchanges the code that HubSpot sent a user back with for tokens. A code is good once.
---@param options hubspot.ExchangeCodeOptions
---@return hubspot.OAuthTokens?
---@return hubspot.Error?
function oauth.exchange_code(options) end

--- Asks HubSpot whether a token is good still, and for its account, user, app and scopes.
---@param options hubspot.TokenOptions
---@return hubspot.TokenStatus?
---@return hubspot.Error?
function oauth.introspect(options) end

--- Ends a token: a refresh token takes the account's access with it, until a user installs the app again.
---@param options hubspot.TokenOptions
---@return true?
---@return hubspot.Error?
function oauth.revoke(options) end

return oauth
