-- The client: hubspot.new, its options, and what is no resource's.

local client_options = require "hubspot.client_options"

local ANSWER = { { "any", "the decoded answer, true where it has no body" }, { "hubspot.Error?" } }

local methods = {
  {
    name = ":request",
    summary = "Sends any request with the client's token, limiter, retries and errors.",
    text = "Reads (GET, HEAD, POST to `/search` or `/batch/read`), PUT and DELETE may be sent again; a POST or PATCH may "
      .. "where you say `idempotent = true`.",
    parameters = { { "options", "hubspot.RequestOptions", "the request" } },
    returns = ANSWER,
  },
  {
    name = ":objects",
    summary = "The records of any type, by its name or id, with the methods of `client.companies`.",
    text = "For types that your account made, and those that have no resource of their own here.",
    parameters = { { "name", "string", 'such as `"p99001_machines"`, `"2-3465404"` or `"subscriptions"`' } },
    returns = { { "hubspot.Objects" } },
  },
  {
    name = ":map",
    summary = "Runs a function for every item of a list or an iterator, several at a time, on any loop.",
    text = "In a plain script too: requests that wait for HubSpot wait together. Of an iterator the items are taken as "
      .. "there is room for them.",
    generics = { "T, R" },
    parameters = {
      { "items", "T[]|fun(): T?", "a list or an iterator" },
      { "fn", "fun(item: T): R?, any", "returns a value, or nil and an error" },
      { "options?", "{ concurrency: integer? }", "how many at once; 10 when left out" },
    },
    returns = {
      { "table<integer, R>", "results by the items' index; nil and an error where the host can't wait at this place" },
      {
        "table<integer, any>",
        "errors by the items' index: what `fn` returned after nil, or threw; `stopped_by` is what ended an iterator",
      },
    },
  },
  {
    name = ":close",
    summary = 'Ends all calls in flight, with an error of the kind "cancelled", and closes the connections.',
    text = "Calling it again does nothing. A client that is no longer used is closed by the garbage collector; on Lua "
      .. "5.4, `local client <close> = hubspot.new { … }` closes it at the end of the block. A loop that was given to the "
      .. "client stays open for others.",
  },
}

local HOOK = "fun(event: hubspot.HookEvent)"

-- The fields of hubspot.ClientOptions, of the options' own words.
local function option_fields()
  local fields = {}
  for index, option in ipairs(client_options.list) do
    local left_out = client_options.left_out(option)
    local text = left_out and ("%s; %s when left out"):format(option.description, left_out) or option.description
    fields[index] = { option.name .. "?", option.luacats, text }
  end
  return fields
end

local classes = {
  {
    class = "hubspot.ClientOptions",
    fields = option_fields(),
  },
  {
    class = "hubspot.Hooks",
    text = "A hook that throws ends the call.",
    fields = {
      { "request?", HOOK, "before an attempt" },
      { "response?", HOOK, "after it: with `seconds`, and `status` or `error`" },
      { "retry?", HOOK, "before the wait for another attempt: with `wait` and `error`" },
      { "throttle?", HOOK, "before a wait for the rate limit: with `wait` and `bucket`" },
      { "fallback?", HOOK, "where a parallel read continues one page at a time: with `operation` and `reason`" },
    },
  },
  {
    class = "hubspot.HookEvent",
    text = "Paths and errors can hold e-mail addresses, but never a token.",
    fields = {
      { "operation?", "string", "such as `contacts:get`; nil for `client:request`" },
      { "route?", '"v1"|"current"', "" },
      { "method?", "string", "" },
      { "path?", "string", "without the query" },
      { "attempt?", "integer", "1 for the first" },
      { "seconds?", "number", "of the attempt" },
      { "status?", "integer", "of HubSpot's answer" },
      { "error?", "hubspot.Error", "" },
      { "wait?", "number", "seconds" },
      { "bucket?", '"general"|"search"|"exempt"', "which of HubSpot's limits" },
      { "reason?", "string", "of a fallback" },
    },
  },
  {
    class = "hubspot.RequestOptions",
    fields = {
      { "method", '"GET"|"POST"|"PUT"|"PATCH"|"DELETE"|"HEAD"', "" },
      { "path", "string", "percent-encoded where needed" },
      { "query?", "table<string, any>", "values, or lists of values, by name" },
      { "body?", "any", "sent as JSON" },
      { "headers?", "table<string, string>", "" },
      { "idempotent?", "boolean", "whether it may be sent twice" },
      { "timeout?", "number", "seconds for one attempt" },
      { "deadline?", "number", "seconds for the call with its retries and waits" },
      { "retry?", "hubspot.RetryOptions|false", "" },
      { "undecoded?", "boolean", "true gives `{ status =, headers =, body = }`, the body byte for byte" },
    },
  },
  {
    class = "hubspot.TransportRequest",
    text = "What a transport of your own is given.",
    fields = {
      { "method", "string", "" },
      { "url", "string", "" },
      { "headers", "table<string, string>", "" },
      { "body?", "string", "" },
      { "timeout", "number", "seconds" },
    },
  },
  {
    class = "hubspot.TransportResponse",
    text = 'What it returns. Where nothing came back, it returns nil and `{ kind = "network" or "timeout", message =, '
      .. "sent = }`, where `sent` is false if HubSpot certainly got nothing.",
    fields = {
      { "status", "integer", "" },
      { "headers", "table<string, string>", "names in lower case" },
      { "body?", "string", "" },
    },
  },
}

local module = {
  name = "hubspot",
  fields = {
    { "_VERSION", "string", '`"hubspot X.Y.Z"`.' },
    { "null", "lightuserdata", "JSON's null, the same value as `cjson.null`." },
  },
  functions = {
    {
      name = ".new",
      summary = "Makes a client. Nothing is sent before its first call.",
      parameters = {
        { "options", "hubspot.ClientOptions", "a token, `oauth`, a developer key or a sandbox is needed" },
      },
      returns = { { "hubspot.Client" } },
    },
    {
      name = ".array",
      summary = "Marks a table as a JSON array, so that an empty one is sent as `[]`.",
      text = "What was read as `[]` is sent as `[]` again without it.",
      generics = { "T: table" },
      parameters = { { "t?", "T", "the table to mark; a fresh one when left out" } },
      returns = { { "T" } },
    },
    {
      name = ".time",
      summary = "The time that HubSpot takes, in milliseconds since 1970, of seconds as `os.time()` gives them.",
      parameters = { { "seconds", "number", "since 1970" } },
      returns = { { "integer" } },
    },
    {
      name = ".check",
      summary = "Does what `assert` does, for what this library returns, on every Lua: gives the values, or throws the error.",
      text = "The error has the place of its caller. Lua 5.1 and nginx show uncaught errors only as texts; there "
        .. "the error's text is thrown.",
      generics = { "T" },
      parameters = {
        { "value", "T?", "what a call returned first" },
        { "err?", "any", "what it returned after nil" },
      },
      returns = { { "T" } },
    },
    {
      name = ".verify_request",
      summary = "Whether a request to your server (a webhook, a card, a workflow action) comes from HubSpot.",
      text = 'Returns nil and an error of the kind `"signature"` where it does not, whose `reason` says why. A request '
        .. "with a signature of v3 is judged by that alone, and refused where it was made more than five minutes ago or ahead.",
      parameters = { { "request", "hubspot.RequestToVerify", "" } },
      returns = { { "true?" }, { "hubspot.Error?" } },
    },
  },
}

return {
  title = "Client",
  guide = "getting-started",
  text = [[
`require "hubspot"` gives the functions of this page. A client has the methods of its resources (`client.contacts`,
`client.lists`, …) and these:]],
  called = "client",
  methods = methods,
  classes = classes,
  modules = { module },
}
