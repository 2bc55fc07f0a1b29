-- OAuth.

local APP = {
  { "client_id", "string", "of the app" },
  { "client_secret", "string", "" },
}

local function with_app(fields)
  local all = {}
  for _, list in ipairs { APP, fields } do
    for _, field in ipairs(list) do
      all[#all + 1] = field
    end
  end
  return all
end

return {
  title = "OAuth",
  guide = "oauth",
  text = [[
An app that many accounts install gets access tokens that end after half an hour. The option `oauth` of `hubspot.new`
renews them, once for all calls that wait.]],
  classes = {
    {
      class = "hubspot.OAuthSettings",
      text = "The option `oauth` of `hubspot.new`.",
      fields = with_app {
        { "refresh_token", "string", "of the account" },
        { "access_token?", "string", "where one is at hand" },
        { "expires_at?", "number", "when it ends, in seconds since 1970" },
        { "on_refresh?", "fun(tokens: hubspot.OAuthTokens)", "is given what to store" },
        { "share?", "hubspot.OAuthShare", "lets several processes renew together" },
      },
    },
    {
      class = "hubspot.OAuthTokens",
      fields = {
        { "access_token", "string", "" },
        { "refresh_token", "string", "" },
        { "expires_at", "number", "seconds since 1970" },
        { "expires_in", "number", "seconds" },
        { "hub_id?", "integer", "the account, from `exchange_code`" },
      },
    },
    {
      class = "hubspot.AuthorizeUrlOptions",
      fields = {
        { "client_id", "string", "of the app" },
        { "redirect_uri", "string", "where HubSpot sends the user back, with `code` and `state` in the query" },
        { "scopes", "string[]", "" },
        { "optional_scopes?", "string[]", "asked for where the account has them" },
        { "state?", "string", "comes back untouched: compare it, so that nobody can bring in a code of their own" },
        { "base_url?", "string", "`https://app.hubspot.com` when left out" },
      },
    },
    {
      class = "hubspot.ExchangeCodeOptions",
      text = "It takes what `hubspot.new` takes of `base_url`, `transport`, `loop`, `timeout`, `deadline`, `proxy` and so on, too.",
      parent = "hubspot.ClientOptions",
      fields = with_app {
        { "redirect_uri", "string", "the same as in the URL" },
        { "code", "string", "is good once" },
        { "code_verifier?", "string", "of PKCE" },
      },
    },
    {
      class = "hubspot.TokenOptions",
      text = "It takes what `hubspot.new` takes of `base_url`, `transport`, `loop`, `timeout`, `deadline`, `proxy` and so on, too.",
      parent = "hubspot.ClientOptions",
      fields = with_app {
        { "token", "string", "" },
        { "token_type?", '"access_token"|"refresh_token"', "HubSpot finds out when left out" },
      },
    },
    {
      class = "hubspot.TokenStatus",
      fields = {
        { "active", "boolean", "false for a token that ended; then there are no other fields" },
        { "hub_id?", "integer", "the account" },
        { "hub_domain?", "string", "" },
        { "user_id?", "integer", "who installed the app" },
        { "user?", "string", "their e-mail address" },
        { "app_id?", "integer", "" },
        { "client_id?", "string", "" },
        { "scopes?", "string[]", "" },
        { "token_use?", '"access_token"|"refresh_token"', "" },
        { "expires_in?", "integer", "seconds, of an access token" },
      },
    },
    {
      class = "hubspot.OAuthShare",
      text = "Made by `hubspot.oauth.redis`, or a table of your own with these functions.",
      fields = {
        { "read", "fun(): hubspot.SharedTokens?, any", "what was stored and is good still; nil where nothing is" },
        {
          "lock",
          "fun(seconds: number): any, any",
          "something that stands for the lock; false where another one has it; nil and an error",
        },
        { "extend", "fun(lock: any, seconds: number)", "keeps the lock for a pause" },
        { "write", "fun(tokens: hubspot.SharedTokens): true?, any", "stores tokens for `renew_in` seconds" },
        { "unlock", "fun(lock: any)", "gives the lock back, unless another one has it by now" },
      },
    },
    {
      class = "hubspot.SharedTokens",
      fields = {
        { "access_token", "string", "" },
        { "refresh_token", "string", "" },
        { "renew_in", "number", "seconds until it is to be renewed" },
      },
    },
    {
      class = "hubspot.RedisShareOptions",
      parent = "hubspot.RedisOptions",
      fields = { { "name", "string", "of the account whose token it is" } },
    },
  },
  modules = {
    {
      name = "hubspot.oauth",
      functions = {
        {
          name = ".authorize_url",
          summary = "The URL to which a user is sent to install an app.",
          parameters = { { "options", "hubspot.AuthorizeUrlOptions", "" } },
          returns = { { "string" } },
        },
        {
          name = ".exchange_code",
          summary = "Exchanges the code that HubSpot sent a user back with for tokens. A code is good once.",
          parameters = { { "options", "hubspot.ExchangeCodeOptions", "" } },
          returns = { { "hubspot.OAuthTokens?" }, { "hubspot.Error?" } },
        },
        {
          name = ".introspect",
          summary = "Asks HubSpot whether a token is good still, and for its account, user, app and scopes.",
          parameters = { { "options", "hubspot.TokenOptions", "" } },
          returns = { { "hubspot.TokenStatus?" }, { "hubspot.Error?" } },
        },
        {
          name = ".revoke",
          summary = "Ends a token: a refresh token takes the account's access with it, until a user installs the app again.",
          parameters = { { "options", "hubspot.TokenOptions", "" } },
          returns = { { "true?" }, { "hubspot.Error?" } },
        },
      },
    },
    {
      name = "hubspot.oauth.redis",
      functions = {
        {
          name = ".new",
          summary = "Lets several processes, on several machines too, renew an access token together, by Redis.",
          text = "Redis holds both tokens as they are, under `hubspot:{name}:oauth:…`: let nobody else read it.",
          parameters = { { "options", "hubspot.RedisShareOptions", "" } },
          returns = { { "hubspot.OAuthShare" } },
        },
      },
    },
  },
}
