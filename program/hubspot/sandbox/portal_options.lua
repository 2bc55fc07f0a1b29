--- The options of a portal, a row for each: its checks, its types, its reference and the options of the subcommand
-- `sandbox` are made of these.
--
-- A row has `name`; `kind`, the type of its values, or `from` and `to` of a number's; `class`, the same for editors;
-- `about`; and `flag`, where a shell can pass it: what it `takes` and, where they are others, its `name` and `about`,
-- `each` where it may be given several times, and the command's own `default`. `is_rare` keeps it out of the short
-- help.
local made_up_objects = require "hubspot.sandbox.made_up_objects"

local portal_options = {}

-- The end of the year 9999, in ms.
portal_options.LATEST = 253402300799999

local QUOTA = "{ limit: integer, seconds: number }"

local list = {
  {
    name = "contacts",
    from = 0,
    to = 10000000,
    about = "how many made-up contacts there are",
    flag = { takes = "N" },
  },
  {
    name = "fixtures",
    kind = "table",
    class = "hubspot.Fixtures",
    about = "what else the portal has",
    flag = { takes = "FILE", about = "fill the portal with what this JSON file tells" },
  },
  {
    name = "seed",
    from = 0,
    to = 2 ^ 53,
    about = "the same seed makes the same contacts",
    flag = { takes = "N" },
  },
  {
    name = "portal_id",
    from = 1,
    to = 2 ^ 53,
    about = "the account's id; 99001 when left out",
    flag = { takes = "ID" },
  },
  {
    name = "contacts_changed_at",
    from = 0,
    to = portal_options.LATEST,
    about = "milliseconds since 1970: when all made-up contacts were changed last, as by a job that stamps each",
    is_rare = true,
    flag = { takes = "TIME", about = "when all made-up contacts were changed last" },
  },
  {
    name = "first_id",
    from = 1,
    to = 2 ^ 52,
    about = "the id of the first made-up contact; 4127 when left out",
    is_rare = true,
    flag = { takes = "ID" },
  },
  {
    name = "ids_sorted_as_texts",
    kind = "boolean",
    about = "true makes search sort ids as texts, 10 before 9; its filters compare numbers",
    is_rare = true,
    flag = { about = "let search sort ids as texts: 10 before 9" },
  },
  {
    name = "clock",
    from = 0,
    to = portal_options.LATEST,
    about = "milliseconds since 1970 at the start; the present when left out",
    flag = { takes = "TIME", about = "the time at the start; by default the present" },
  },
  {
    name = "quota",
    kind = "table",
    class = QUOTA,
    about = "more requests are refused; none when left out",
    flag = { takes = "N/SECONDS", about = "refuse more requests than this" },
  },
  {
    name = "search_quota",
    kind = "table",
    class = QUOTA,
    about = "the same of searches",
    is_rare = true,
    flag = { takes = "N/SECONDS", about = "refuse more searches than this" },
  },
  {
    name = "search_lag",
    from = 0,
    to = 86400,
    class = "number",
    about = "seconds until search sees what was written",
    flag = { takes = "SECONDS" },
  },
  {
    name = "search_ceiling",
    from = 1,
    to = 10000,
    about = "how many results of a search can be paged through; 10,000 when left out",
    is_rare = true,
    flag = { takes = "N", about = "how many results of a search can be paged through" },
  },
  {
    name = "kept_requests",
    from = 0,
    to = 1000000,
    about = "how many requests the portal keeps; 1,000 when left out",
    is_rare = true,
    flag = { takes = "N", about = "how many requests it remembers, for its page", default = 100000 },
  },
  {
    name = "keeps_primary_id",
    kind = "boolean",
    about = "true keeps the primary contact's id in a merge, which else gives a new one",
    is_rare = true,
    flag = { about = "let a merge keep the primary contact's id" },
  },
  { name = "token", kind = "string", about = "the only bearer token that is accepted; any when left out" },
  {
    name = "tokens",
    kind = "table",
    class = "{ token: string, scopes: string[]? }[]",
    about = "further ones, each with scopes of its own",
    flag = {
      name = "token",
      each = true,
      takes = "TOKEN",
      about = "accept this token: NAME, NAME:SCOPE,SCOPE, or ID/NAME of the account with this id",
    },
  },
  {
    name = "oauth_apps",
    kind = "table",
    class = "{ client_id: string, client_secret: string }[]",
    about = "apps that get tokens for any code",
    is_rare = true,
    flag = {
      name = "oauth_app",
      each = true,
      takes = "ID:SECRET",
      about = "an OAuth app, which gets tokens for any code",
    },
  },
  {
    name = "scopes",
    kind = "table",
    class = "string[]",
    about = "the granted ones; all when left out",
    flag = {
      name = "scope",
      each = true,
      takes = "SCOPE",
      about = "grant this scope, and only those that are named",
    },
  },
  {
    name = "developer_key",
    kind = "string",
    about = "the only developer API key that is accepted; any when left out",
    is_rare = true,
    flag = { takes = "KEY", about = "accept this developer API key only" },
  },
  {
    name = "oauth",
    kind = "table",
    class = "{ client_id: string?, client_secret: string?, refresh_token: string?, code: string?, "
      .. "redirect_uri: string?, expires_in: number? }",
    about = "an app; with it, only access tokens that it got are accepted, and `token`",
    flag = { each = true, takes = "FIELD=VALUE", about = "accept this OAuth app only, such as client_id=ID" },
  },
  {
    name = "campaigns",
    from = 0,
    to = 100000,
    about = "how many made-up e-mail campaigns there are",
    is_rare = true,
    flag = { takes = "N" },
  },
  {
    name = "email_events",
    from = 0,
    to = 1000000,
    about = "how many made-up e-mail events there are",
    is_rare = true,
    flag = { takes = "N" },
  },
  {
    name = "event_types",
    kind = "table",
    class = "(string|{ name: string, objectType: string?, properties: { name: string, type: string? }[]? })[]",
    about = "timeline events that are known by name; one without properties takes any",
    flag = { name = "event_type", each = true, takes = "NAME", about = "know a type of event, such as pe99001_visit" },
  },
  {
    name = "subscription_types",
    kind = "table",
    class = "{ id: integer, name: string, description: string?, active: boolean? }[]",
    about = "what addresses can subscribe to",
    is_rare = true,
    flag = { name = "subscription_type", each = true, takes = "ID=NAME", about = "know a type of subscription" },
  },
  {
    name = "webhooks",
    kind = "table",
    class = "{ url: string, client_secret: string, events: string[]? }",
    about = "where a server sends signed events, such as contact.creation, deal.* and contact.propertyChange:email; all "
      .. "without `events`",
  },
  {
    name = "v1_lists",
    kind = "boolean",
    about = "true brings back the v1 list endpoints that HubSpot removed on 2026-04-30",
    is_rare = true,
    flag = { about = "bring back the v1 list endpoints" },
  },
}

-- The short help has lines for the first few types of made-up records.
local SHOWN = 3

for index, name in ipairs(made_up_objects.TYPES) do
  table.insert(list, index + 1, {
    name = name,
    from = 0,
    to = made_up_objects.MOST,
    about = "how many made-up " .. name:gsub("_", " "),
    is_rare = index > SHOWN,
    flag = { takes = "N" },
  })
end

portal_options.list = list

local by_name = {}
for _, row in ipairs(list) do
  row.class = row.class or row.kind or "integer"
  by_name[row.name] = row
end

--- Returns the problem of an option, or nil.
-- @tparam string name
-- @param value
-- @treturn ?string
function portal_options.problem(name, value)
  local row = by_name[name]
  if not row then return "unknown option " .. tostring(name) end
  local kind = row.kind or "number"
  if type(value) ~= kind then return string.format("%s must be a %s, got %s", name, kind, type(value)) end
  if kind == "number" and not (value >= row.from and value <= row.to) then
    return string.format("%s must be from %.0f to %.0f", name, row.from, row.to)
  end
  return nil
end

return portal_options
