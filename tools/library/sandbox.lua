-- The sandbox.

local portal_methods = {
  {
    name = ":fault",
    summary = "Asks for a fault, at the next request that it fits.",
    parameters = { { "fault", "hubspot.Fault", "" } },
  },
  { name = ":clear_faults", summary = "Forgets all faults that did not strike yet." },
  {
    name = ":requests",
    summary = "The last 1,000 requests as they came, without the bearer token.",
    returns = { { "hubspot.RecordedRequest[]" } },
  },
  { name = ":clear_requests", summary = "Forgets the requests." },
  {
    name = ":advance",
    summary = "Moves the portal's clock ahead.",
    parameters = { { "seconds", "number", "" } },
  },
  {
    name = ":restore",
    summary = "Brings an archived record back, with its associations; the time of its last change does not move.",
    parameters = { { "which", "hubspot.PortalRecord", "" } },
  },
  {
    name = ":purge",
    summary = "Deletes a record for good, live or archived, as a request for privacy and 90 days in the bin do.",
    parameters = { { "which", "hubspot.PortalRecord", "" } },
  },
  {
    name = ":set_calculated",
    summary = "Sets properties that HubSpot calculates; the time of the record's last change does not move.",
    parameters = { { "which", "hubspot.PortalRecord", "with `properties`" } },
  },
  {
    name = ":set_search_lag",
    summary = "Sets the seconds that search waits for what is written from here on.",
    parameters = { { "seconds", "number", "" } },
  },
  {
    name = ":reset",
    summary = "Starts over, with these options, or with those that the portal was made with.",
    parameters = { { "options?", "hubspot.PortalOptions", "" } },
  },
}

return {
  title = "Sandbox",
  guide = "testing",
  text = [[
An in-memory HubSpot. A portal is a client's `transport`, in the same process and without a socket; the command `hubspot
sandbox` puts one on loopback. It answers both generations of the API, checks what it is sent as HubSpot does, and has
HubSpot's limits.

The server of the command answers to names of loopback only, and to no web page. A path that the sandbox lacks is 404
with the header `x-hubspot-sandbox`, and the command says so on stderr.

| kind of fault | what happens |
|---|---|
| `status` | this `status` (500 when left out), with `body` or an error object of HubSpot's, and `retry_after` |
| `rate_limit` | 429 of a `policy`, with `retry_after` where given |
| `html` | this `status` (502 when left out) with an HTML page |
| `garbage` | 200 with a body that is not JSON |
| `expired` | 401 of an expired token |
| `reset`, `reset_after` | the connection is reset before, or after, the request is carried out |
| `cut` | the answer ends in the middle of its body |
| `slow`, `hang` | the answer comes `seconds` late, or never |
| `multi_status` | the inputs at `indexes` of a batch fail, the others are carried out |
| `drop_rows` | the rows at `indexes` (the last when left out) are missing from the answer |
| `empty`, `repeat_cursor` | a page without rows but with a cursor; a page with the cursor that was sent |]],
  classes = {
    {
      class = "hubspot.Fixtures",
      fields = {
        { "schemas?", "table<string, any>[]", "custom types, as `client:request` creates them" },
        { "properties?", "table<string, table<string, any>[]>", "definitions, by the type of records" },
        { "pipelines?", "table<string, table<string, any>[]>", "pipelines with their stages, by the type of records" },
        {
          "records?",
          "table<string, table<string, any>[]>",
          "by their type: `id`, `properties`, and `associations`, which are lists of ids by type",
        },
      },
    },
    {
      class = "hubspot.PortalOptions",
      fields = {
        { "contacts?", "integer", "how many made-up contacts there are" },
        { "companies?", "integer", "how many made-up companies there are" },
        { "deals?", "integer", "how many made-up deals there are" },
        { "tickets?", "integer", "how many made-up tickets there are" },
        { "tasks?", "integer", "how many made-up tasks there are" },
        { "notes?", "integer", "how many made-up notes there are" },
        { "fixtures?", "hubspot.Fixtures", "what else the portal has" },
        { "seed?", "integer", "the same seed makes the same contacts" },
        { "portal_id?", "integer", "99001 when left out" },
        { "contacts_changed_at?", "integer", "milliseconds since 1970: when all of these were changed last" },
        { "ids_sorted_as_texts?", "boolean", "true makes search sort ids as texts, 10 before 9" },
        {
          "keeps_primary_id?",
          "boolean",
          "true keeps the primary contact's id in a merge, which else gives a new one",
        },
        { "search_ceiling?", "integer", "how many results of a search can be paged through; 10,000 when left out" },
        { "first_id?", "integer", "the id of the first made-up contact; 4127 when left out" },
        { "clock?", "integer", "milliseconds since 1970 at the start" },
        { "token?", "string", "the only bearer token that is accepted" },
        { "scopes?", "string[]", "the granted ones; all when left out" },
        { "quota?", "{ limit: integer, seconds: number }", "more requests are refused; none when left out" },
        { "search_quota?", "{ limit: integer, seconds: number }", "the same of searches" },
        { "search_lag?", "number", "seconds until search sees what was written" },
        { "campaigns?", "integer", "how many made-up e-mail campaigns there are" },
        { "email_events?", "integer", "how many made-up e-mail events there are" },
        {
          "event_types?",
          "(string|{ name: string, objectType: string?, properties: { name: string, type: string? }[]? })[]",
          "timeline events that are known by name",
        },
        {
          "subscription_types?",
          "{ id: integer, name: string, description: string?, active: boolean? }[]",
          "what addresses can subscribe to",
        },
        { "developer_key?", "string", "the only developer API key that is accepted" },
        {
          "oauth?",
          "{ client_id: string?, client_secret: string?, refresh_token: string?, code: string?, redirect_uri: string?, "
            .. "expires_in: number? }",
          "an app; with it, only access tokens that it got are accepted, and `token`",
        },
        { "v1_lists?", "boolean", "true brings back the v1 list endpoints that HubSpot removed on 2026-04-30" },
      },
    },
    {
      class = "hubspot.Fault",
      fields = {
        { "kind", "string", "one of the table above" },
        { "times?", "integer", "how many requests it strikes; 1 when left out" },
        { "after?", "integer", "how many requests that it fits pass first" },
        { "method?", "string", "strikes requests of this method only" },
        { "path?", "string", "a part of their path; `^` is its beginning, `$` its end, `*` anything" },
        { "status?", "integer", "" },
        { "body?", "string", "" },
        { "policy?", '"DAILY"|"TEN_SECONDLY_ROLLING"|"SECONDLY"', "" },
        { "retry_after?", "number", "seconds" },
        { "seconds?", "number", "" },
        { "indexes?", "integer[]", "from 1" },
        { "together?", "boolean", "true: one error names all inputs that fail" },
        { "nameless?", "boolean", "true: the error names none" },
      },
    },
    {
      class = "hubspot.PortalRecord",
      fields = {
        { "type", "string", "such as `contacts`, or a custom type's id" },
        { "id", "integer|string", "" },
        { "properties?", "table<string, string>", "values by name" },
      },
    },
    {
      class = "hubspot.RecordedRequest",
      fields = {
        { "method", "string", "" },
        { "path", "string", "" },
        { "query", "string", "" },
        { "headers", "table<string, string>", "" },
        { "body?", "string", "" },
        { "done?", "integer", "the status that carrying it out gave; nil where a fault kept it from that" },
      },
    },
    {
      class = "hubspot.Portal",
      called = "portal",
      overloads = { "fun(request: hubspot.TransportRequest): hubspot.TransportResponse?, any" },
      methods = portal_methods,
    },
  },
  modules = {
    {
      name = "hubspot.sandbox",
      functions = {
        {
          name = ".new",
          summary = "Makes a portal.",
          parameters = { { "options?", "hubspot.PortalOptions", "" } },
          returns = { { "hubspot.Portal" } },
        },
      },
    },
  },
}
