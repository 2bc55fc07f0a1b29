-- The sandbox.

local portal_options = require "hubspot.sandbox.portal_options"

local portal_methods = {
  {
    name = ":fault",
    summary = "Asks for a fault, at the next request that it fits.",
    parameters = { { "fault", "hubspot.Fault", "" } },
  },
  { name = ":clear_faults", summary = "Forgets all faults that did not strike yet." },
  {
    name = ":waiting_faults",
    summary = "The faults that did not strike as often as they were asked to.",
    returns = { { "hubspot.Fault[]" } },
  },
  {
    name = ":requests",
    summary = "The last requests as they came, the oldest first, without tokens.",
    parameters = { { "options?", "hubspot.RequestsOptions", "" } },
    returns = { { "hubspot.RecordedRequest[]" } },
  },
  {
    name = ":request",
    summary = "One of these by its number, or nil; with `nearest_route` where there is none for it.",
    parameters = { { "number", "integer", "" } },
    returns = { { "hubspot.RecordedRequest?" } },
  },
  {
    name = ":last_request",
    summary = "The number of the last request; 0 before the first.",
    returns = { { "integer" } },
  },
  { name = ":clear_requests", summary = "Forgets the requests." },
  { name = ":search_lag", summary = "The seconds that search waits for writes.", returns = { { "number" } } },
  { name = ":time", summary = "The portal's time, in milliseconds since 1970.", returns = { { "integer" } } },
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
  { name = ":id", summary = "The account's id.", returns = { { "string" } } },
  {
    name = ":knows_token",
    summary = "Whether a token is one that the portal was given, or that its app got.",
    parameters = { { "token", "string", "" } },
    returns = { { "boolean" } },
  },
  {
    name = ":knows_refresh_token",
    summary = "Whether a refresh token is one that the portal's app holds.",
    parameters = { { "token", "string", "" } },
    returns = { { "boolean" } },
  },
  {
    name = ":due_webhook",
    summary = "The next delivery of webhooks, signed; nil where none is due. A server delivers by itself.",
    returns = { { "{ url: string, method: string, headers: table<string, string>, body: string }?" } },
  },
  {
    name = ":answer_webhook",
    summary = "Tells how a receiver answered such a delivery; without a status it gave none.",
    parameters = { { "delivery", "table<string, any>", "" }, { "status?", "integer", "" } },
  },
  {
    name = ":webhook_state",
    summary = "The webhooks that wait, those in flight, those to be sent again, and the last outcomes.",
    returns = { { "table<string, any>" } },
  },
  {
    name = ":export",
    summary = "All that is in the portal, without credentials: the `fixtures` of one that gives the same answers.",
    returns = { { "hubspot.Fixtures" } },
  },
  {
    name = ":restart",
    summary = "Starts over as the portal was made, with some options changed.",
    parameters = { { "changes?", "hubspot.PortalOptions", "" } },
  },
  {
    name = ":reset_to",
    summary = "Starts over with these fixtures. An export brings its own options.",
    parameters = { { "fixtures", "hubspot.Fixtures", "" } },
  },
  {
    name = ":quotas",
    summary = "Both buckets now, what they refused, and what the day has.",
    returns = { { "hubspot.Quotas" } },
  },
  {
    name = ":set_quotas",
    summary = "Changes quotas; false refuses nothing.",
    parameters = { { "quotas", "{ general: hubspot.Quota|false|nil, search: hubspot.Quota|false|nil }", "" } },
  },
  {
    name = ":known_routes",
    summary = "The routes of HubSpot's that the portal has.",
    returns = { { "{ method: string, path: string }[]" } },
  },
  {
    name = ":record_types",
    summary = "The types of records, those with records first.",
    returns = { { "{ name: string, id: string, count: integer, archived: integer, merges: boolean }[]" } },
  },
  {
    name = ":records",
    summary = "A page of the records of a type.",
    parameters = { { "type", "string", "" }, { "options?", "hubspot.RecordsOptions", "" } },
    returns = { { "{ total: integer, results: table<string, any>[], after: string? }" } },
  },
  {
    name = ":record",
    summary = "A record with all that it has: values, their history, associations, merged ids.",
    parameters = { { "type", "string", "" }, { "id", "string|integer", "" } },
    returns = { { "table<string, any>" } },
  },
  {
    name = ":edit_record",
    summary = "Writes properties of a record.",
    parameters = {
      { "type", "string", "" },
      { "id", "string|integer", "" },
      { "properties", "table<string, any>", "" },
    },
    returns = { { "table<string, any>" } },
  },
  {
    name = ":archive_record",
    summary = "Archives a record.",
    parameters = { { "type", "string", "" }, { "id", "string|integer", "" } },
  },
  {
    name = ":merge_records",
    summary = "Merges another record into a record.",
    parameters = { { "type", "string", "" }, { "id", "string|integer", "" }, { "other_id", "string|integer", "" } },
    returns = { { "table<string, any>" } },
  },
  {
    name = ":contact_lists",
    summary = "The lists of contacts.",
    returns = { { "{ id: string, name: string, type: string, processing_type: string, size: integer }[]" } },
  },
  {
    name = ":list_members",
    summary = "A page of the members of a list.",
    parameters = { { "id", "string|integer", "" }, { "options?", "{ after: string?, limit: integer? }", "" } },
    returns = { { "{ total: integer, results: table<string, any>[], after: string? }" } },
  },
}

local portal_fields = {}
for index, row in ipairs(portal_options.list) do
  portal_fields[index] = { row.name .. "?", row.class, row.about }
end

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
        {
          "owners?",
          "table<string, any>[]",
          "instead of those that a portal has: `id`, `userId`, `email`, `firstName`, `lastName`, `archived`",
        },
        { "schemas?", "table<string, any>[]", "custom types, as `client:request` creates them" },
        { "properties?", "table<string, table<string, any>[]>", "definitions, by the type of records" },
        { "pipelines?", "table<string, table<string, any>[]>", "pipelines with their stages, by the type of records" },
        {
          "needs?",
          "table<string, string[]>",
          "properties that the account's form for a new record needs, by the type: they bind since 2026-09",
        },
        {
          "labels?",
          "table<string, string>[]",
          "of associations: `from`, `to`, `name`, `label`, `inverseLabel`",
        },
        {
          "association_limits?",
          "table<string, any>[]",
          "`from`, `to`, `maxToObjectIds`, and a `label`, or `category` and `typeId`",
        },
        {
          "records?",
          "table<string, table<string, any>[]>",
          "by their type: `id`, `properties`, and `associations`, which are lists of ids by type, or of `{ id=, labels= }`",
        },
        { "sandbox?", "integer", "of an export: its format" },
        { "options?", "hubspot.PortalOptions", "of an export: those of its portal" },
        { "state?", "table<string, any>", "of an export: all that was in its portal" },
      },
    },
    {
      class = "hubspot.PortalOptions",
      fields = portal_fields,
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
        { "number", "integer", "rising by one from request to request" },
        { "at", "integer", "the portal's time when it came" },
        { "ms", "number", "how long it took" },
        { "status?", "integer", "of its answer; nil where there was none" },
        { "answer?", "{ status: integer, headers: table<string, string>, body: string }", "" },
        { "fault?", "string", "the kind of the fault that struck it" },
        { "nearest_route?", "{ method: string, path: string }", "" },
      },
    },
    {
      class = "hubspot.RequestsOptions",
      fields = {
        { "after?", "integer", "only those after this number" },
        { "limit?", "integer", "at most so many" },
        { "summary?", "boolean", "true: without headers and bodies" },
      },
    },
    {
      class = "hubspot.RecordsOptions",
      fields = {
        { "query?", "string", "free text, as search takes it" },
        { "after?", "string", "of the page before" },
        { "limit?", "integer", "50 when left out" },
        { "archived?", "boolean", "true: the archived ones" },
        { "properties?", "string[]", "" },
      },
    },
    {
      class = "hubspot.Quota",
      fields = { { "limit", "integer", "" }, { "seconds", "number", "" } },
    },
    {
      class = "hubspot.Quotas",
      fields = {
        { "general", "{ limit: integer, seconds: number, used: integer, refused: integer, enforced: boolean }", "" },
        { "search", "{ limit: integer, seconds: number, used: integer, refused: integer, enforced: boolean }", "" },
        { "daily", "{ limit: integer, used: integer }", "" },
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
