-- Writes what is made of the declarations: types/hubspot.lua (LuaCATS, for lua-language-server) and doc/reference.md;
-- and of what the specs of faults check, doc/faults.md. Usage: generate.lua FOLDER, in which it writes them.

local declarations = require "tools.declarations"
local fault_lines = require "tools.faults"
local operation = require "hubspot.operation"
local records = require "tools.records"
local signature = require "hubspot.signature"

local sorted_names = declarations.sorted_names

-- What the texts of `returns` are in LuaCATS, nil on an error apart.
local RETURNS = {
  ["contact"] = "hubspot.Contact",
  ["contact, true on v1"] = "hubspot.Contact|true",
  ["contact[]"] = "hubspot.Contact[]",
  ["contact with `new`; on v1 `{ id =, new = }`"] = "hubspot.Contact",
  ["iterator of contacts"] = "hubspot.Iterator<hubspot.Contact>",
  ["iterator of contacts with `membershipTimestamp`"] = "hubspot.Iterator<hubspot.Contact>",
  ["`{ results = {…}, errors = {…}, stopped_by = }`, each result and error with the `index` of its record"] = "hubspot.WriteOutcome",
  ["`{ results = {…}, existing = {…}, errors = {…}, stopped_by = }`, each event and error with the `index` of its input"] = "hubspot.EventsOutcome",
  ["true"] = "true",
  ["property"] = "hubspot.Property",
  ["list"] = "hubspot.List",
  ["list[]"] = "hubspot.List[]",
  ["iterator of lists"] = "hubspot.Iterator<hubspot.List>",
  ["`{ added = ids, unchanged = ids, missing_ids = ids, missing_emails = addresses }`"] = "hubspot.MembershipChange",
  ["`{ removed = ids, unchanged = ids, missing_ids = ids, missing_emails = addresses }`"] = "hubspot.MembershipChange",
  ["map from legacy id to list id, and the legacy ids that have none"] = "table<string, string>",
  ["list of `{ lifecycleStage =, count =, aggregation = }`"] = "hubspot.LifecycleStage[]",
  ["list of event types"] = "hubspot.EventType[]",
  ["event type"] = "hubspot.EventType",
  ["list of event type properties"] = "hubspot.EventTypeProperty[]",
  ["event type property"] = "hubspot.EventTypeProperty",
  ["timeline event"] = "hubspot.TimelineEvent",
  ["timeline event, or true where HubSpot answers with nothing"] = "hubspot.TimelineEvent|true",
  ["iterator of `{ id =, appId =, appName =, lastUpdatedTime = }`"] = "hubspot.Iterator<hubspot.Campaign>",
  ["iterator of `{ id =, appId =, appName = }`"] = "hubspot.Iterator<hubspot.Campaign>",
  ["campaign"] = "hubspot.Campaign",
  ["iterator of e-mail events"] = "hubspot.Iterator<hubspot.EmailEvent>",
  ["e-mail event"] = "hubspot.EmailEvent",
  ["list of subscription types"] = "hubspot.SubscriptionType[]",
  ["`{ email =, subscriptionStatuses = { { id =, name =, status =, legalBasis =, … } }, … }`"] = "hubspot.SubscriptionStatus",
  ["as `status`"] = "hubspot.SubscriptionStatus",
  ["iterator of changes"] = "hubspot.Iterator<hubspot.SubscriptionChange>",
  ["send result, with `sendResult` on v1, with `status` and `statusId` on the current route"] = "hubspot.SendResult",
  ["list of tokens"] = "hubspot.SmtpToken[]",
  ["token with `password`"] = "hubspot.SmtpToken",
}

local function returns_of(one)
  return RETURNS[one.declaration.returns]
    or error(("%s: RETURNS does not say what %q is in LuaCATS"):format(one.label, tostring(one.declaration.returns)))
end

local function is_iterator(one) return one.routes[1].route.paging ~= nil end

-- Both --------------------------------------------------------------------------------------------------------

local ROUTE_TITLES = { v1 = "v1", current = "current" }

-- Which of an operation's routes honour an option.
local function routes_honouring(one, option)
  local names = {}
  for _, route in ipairs(one.routes) do
    if operation.honoured_options(route.route)[option] then names[#names + 1] = ROUTE_TITLES[route.name] end
  end
  return names
end

local function option_note(one, option)
  local names = routes_honouring(one, option)
  if #names == 0 then error(("%s: no route honours the option %s"):format(one.label, option)) end
  if #names == #one.routes then return "" end
  return (" (only on %s)"):format(table.concat(names, ", "))
end

-- A type may differ by route: both are shown.
local function types_of(argument)
  if argument.type.check then return { argument.type } end
  return { argument.type.v1, argument.type.current }
end

local function luacats_of(argument)
  local spellings, seen = {}, {}
  for _, argument_type in ipairs(types_of(argument)) do
    if not seen[argument_type.luacats] then spellings[#spellings + 1] = argument_type.luacats end
    seen[argument_type.luacats] = true
  end
  return table.concat(spellings, "|")
end

local function description_of(argument)
  local texts, seen = {}, {}
  for _, argument_type in ipairs(types_of(argument)) do
    if not seen[argument_type.description] then texts[#texts + 1] = argument_type.description end
    seen[argument_type.description] = true
  end
  return table.concat(texts, "; on the current route ")
end

local function camel_case(name) return (("_" .. name):gsub("_(%w)", string.upper)) end

-- Types -------------------------------------------------------------------------------------------------------

local function type_lines()
  local lines = {}
  local function add(text, ...) lines[#lines + 1] = select("#", ...) > 0 and text:format(...) or text end

  local function add_field(name, luacats, description)
    local line = ("---@field %s %s %s"):format(name, luacats, description):gsub("%s+$", "")
    lines[#lines + 1] = line
  end

  local function add_options(class, parent, options, note)
    add("---@class %s%s", class, parent and " : " .. parent or "")
    for _, name in ipairs(sorted_names(options)) do
      local option = options[name]
      add_field(
        name .. (option.required and "" or "?"),
        option.type.luacats,
        (option.description or "") .. (note and note(name) or "")
      )
    end
    add ""
  end

  add "---@meta hubspot"
  add "-- Made from the declarations by `make generate`: change those, not this."
  add ""
  for _, record in ipairs(records) do
    add("---@class %s", record.class)
    for _, field in ipairs(record.fields) do
      add_field(field[1], field[2], field[3])
    end
    add ""
  end

  add "---@class hubspot.RetryOptions"
  add_field("max_attempts?", "integer", "5 when left out")
  add_field("base_delay?", "number", "seconds before the second attempt, at most")
  add_field("max_delay?", "number", "seconds between two attempts, at most")
  add ""
  add "---@class hubspot.ClientRetryOptions : hubspot.RetryOptions"
  add_field("budget?", "integer", "repeats that failures may cost until they count as an outage; 50 when left out")
  add ""
  add_options("hubspot.CallOptions", nil, operation.common_options)
  add_options("hubspot.PagingOptions", "hubspot.CallOptions", operation.paging_options)

  add "---@class hubspot.Iterator<T>: { [integer]: T }"
  add "---@overload fun(): T?"
  add "local iterator = {}"
  add ""
  add "---@return T? item nil at the end, and on an error"
  add "---@return hubspot.Error?"
  add "function iterator:next() end"
  add ""
  add "---@return fun(): T[]?"
  add "function iterator:pages() end"
  add ""
  add "---@return string? cursor nil where nothing is left"
  add "function iterator:cursor() end"
  add ""

  for _, resource in ipairs(declarations.resources) do
    local class = "hubspot." .. camel_case(resource)
    for _, one in ipairs(declarations.of(resource)) do
      add_options(
        ("%s.%sOptions"):format(class, camel_case(one.name)),
        is_iterator(one) and "hubspot.PagingOptions" or "hubspot.CallOptions",
        one.declaration.options or {},
        function(name) return option_note(one, name) end
      )
    end
    add("---@class %s", class)
    add("local %s = {}", resource)
    add ""
    for _, one in ipairs(declarations.of(resource)) do
      local parameters = {}
      add("--- %s", one.declaration.summary)
      local required_options = false
      for _, option in pairs(one.declaration.options or {}) do
        required_options = required_options or option.required
      end
      for index, argument in ipairs(one.declaration.arguments or {}) do
        parameters[index] = argument.name
        add(
          "---@param %s %s %s",
          argument.name .. (argument.client_default and "?" or ""),
          luacats_of(argument),
          argument.description
        )
      end
      parameters[#parameters + 1] = "options"
      add("---@param options%s %s.%sOptions", required_options and "" or "?", class, camel_case(one.name))
      add("---@return %s%s", returns_of(one), is_iterator(one) and "" or "?")
      if not is_iterator(one) then add "---@return hubspot.Error?" end
      add("function %s:%s(%s) end", resource, one.name, table.concat(parameters, ", "))
      add ""
    end
  end

  add "---@class hubspot.OAuth"
  for _, field in ipairs {
    { "client_id", "string", "" },
    { "client_secret", "string", "" },
    { "refresh_token", "string", "" },
    { "access_token?", "string", "where one is at hand" },
    { "expires_at?", "number", "when it ends, seconds since 1970" },
    { "on_refresh?", "fun(tokens: table)", "is given what to store" },
    { "share?", "table", "what lets several processes renew together" },
  } do
    add_field(field[1], field[2], field[3])
  end
  add ""
  add "---@class hubspot.ClientOptions"
  for _, field in ipairs {
    { "token?", "string|fun(): string?, any", "a service key or private-app token, or a function that returns it" },
    { "oauth?", "hubspot.OAuth", "instead of a token" },
    { "api_version?", '"2026-09"|"2026-03"|"v1"', "2026-09 when left out" },
    { "base_url?", "string", "https://api.hubapi.com when left out" },
    { "allow_insecure?", "boolean", "whether base_url may be plain http to another machine" },
    { "application_id?", "string|integer", "the default of the timeline's methods" },
    { "developer_key?", "string", "with which HubSpot lets event types be managed" },
    { "user_id?", "string|integer", "sent beside the developer key" },
    { "portal_id?", "string|integer", "sent where v1 takes portalId" },
    { "timeout?", "number", "seconds for one attempt; 30 when left out" },
    { "connect_timeout?", "number", "seconds; 10 when left out" },
    { "deadline?", "number", "seconds for one request with all its retries and waits; 120 when left out" },
    { "retry?", "hubspot.ClientRetryOptions|false", "" },
    { "limiter?", "table|false", "" },
    { "loop?", '"plain"|"ngx"|"cqueues"|"luv"|"frame"|table', "by default that of the host" },
    { "transport?", "fun(request: table): table?, any", "" },
    { "user_agent?", "string", "appended to the library's own" },
    { "proxy?", "string", "" },
    { "ca_file?", "string", "" },
    { "max_response_bytes?", "integer", "64 MiB when left out" },
    { "on?", 'table<"request"|"response"|"retry"|"throttle"|"fallback", fun(event: table)>', "" },
  } do
    add_field(field[1], field[2], field[3])
  end
  add ""
  add "---@class hubspot.Client"
  for _, resource in ipairs(declarations.resources) do
    add_field(resource, "hubspot." .. camel_case(resource), "")
  end
  add "local client = {}"
  add ""
  add "--- Sends any request with the client's token, limiter, retries and errors."
  add(
    "---@param options { method: string, path: string, query: table?, body: any, headers: table<string, string>?,"
      .. " idempotent: boolean?, timeout: number?, deadline: number?, retry: (hubspot.RetryOptions|false)? }"
  )
  add "---@return any"
  add "---@return hubspot.Error?"
  add "function client:request(options) end"
  add ""
  add "--- Runs a function for every item, several at once."
  add "---@generic T, R"
  add "---@param items T[]"
  add "---@param fn fun(item: T): R?, any"
  add "---@param options? { concurrency: integer? }"
  add "---@return table<integer, R> results by the items' index"
  add "---@return table<integer, any> errors by the items' index"
  add "function client:map(items, fn, options) end"
  add ""
  add "--- Ends all transfers under way and closes the connections."
  add "function client:close() end"
  add ""
  add "local hubspot = {}"
  add ""
  add "---@type string"
  add "hubspot._VERSION = nil"
  add ""
  add "--- JSON null, the same value as `cjson.null`."
  add "---@type lightuserdata"
  add "hubspot.null = nil"
  add ""
  add "--- Marks a table as a JSON array, so that an empty one is sent as `[]`."
  add "---@generic T: table"
  add "---@param t? T"
  add "---@return T"
  add "function hubspot.array(t) end"
  add ""
  add "--- The time that HubSpot takes, in milliseconds since 1970."
  add "---@param seconds number since 1970, such as `os.time()` gives"
  add "---@return integer"
  add "function hubspot.time(seconds) end"
  add ""
  add "--- Makes a client."
  add "---@param options hubspot.ClientOptions"
  add "---@return hubspot.Client"
  add "function hubspot.new(options) end"
  add ""
  add_options("hubspot.RequestToVerify", nil, signature.options)
  add "--- Whether a request to your server comes from HubSpot."
  add "---@param request hubspot.RequestToVerify"
  add "---@return true?"
  add "---@return hubspot.Error?"
  add "function hubspot.verify_request(request) end"
  add ""
  add "return hubspot"
  return lines
end

-- Reference -----------------------------------------------------------------------------------------------------

local function status_of(route, request)
  local removed = request.removed or route.removed
  if removed then return ("removed on %s: HubSpot answers 404"):format(removed) end
  if request.path:find("{api_version}", 1, true) then return "current" end
  if request.path:find("/v3/", 1, true) then return "v3, unsupported from September 2027" end
  return "v1, deprecated, unsupported from September 2027"
end

-- Whether what may have been carried out is sent again.
local function repeated(request)
  if operation.is_read(request) then return "yes, it only reads" end
  if type(request.idempotent) == "table" then return ("%s; else no"):format(request.idempotent.when) end
  return request.idempotent and "yes, that is safe" or "no"
end

local function limit_of(route, request)
  if route.paging then
    local history = route.history_page_size and (", %d with history"):format(route.history_page_size) or ""
    return ("%d a page%s"):format(route.page_size, history)
  end
  if route.batch then return ("%d a request"):format(route.batch.size) end
  return request.limit and ("%d a request"):format(request.limit) or ""
end

local function cell(text) return (tostring(text):gsub("|", "\\|")) end

local function reference_lines()
  local lines = {}
  local function add(text, ...) lines[#lines + 1] = select("#", ...) > 0 and text:format(...) or text end

  local function add_operations_table()
    local by_number = {}
    for _, one in ipairs(declarations.all()) do
      if one.declaration.number then by_number[one.declaration.number] = one end
    end
    add "| # | method | v1 | current |"
    add "|---|---|---|---|"
    for number = 1, #by_number do
      local one, paths = by_number[number], {}
      for _, route in ipairs(one.routes) do
        local texts = {}
        for index, request in ipairs(route.requests) do
          texts[index] = ("%s `%s`"):format(request.method, cell(request.path))
        end
        paths[route.name] = table.concat(texts, ", ")
      end
      add(
        "| %d | [`%s`](#%s) | %s | %s |",
        number,
        one.label,
        one.label:gsub(":", ""),
        paths.v1 or "–",
        paths.current or "v1"
      )
    end
    add ""
  end

  local function add_options(title, options, note)
    if next(options) == nil then return end
    add("%s", title)
    add ""
    add "| option | type | |"
    add "|---|---|---|"
    for _, name in ipairs(sorted_names(options)) do
      local option = options[name]
      add(
        "| `%s`%s | %s | %s |",
        name,
        option.required and " (required)" or "",
        cell(option.type.description),
        cell((option.description or "") .. (note and note(name) or ""))
      )
    end
    add ""
  end

  local function add_routes(one)
    add "| route | request | HubSpot's status | limit |"
    add "|---|---|---|---|"
    for _, route in ipairs(one.routes) do
      for _, request in ipairs(route.requests) do
        local page = request.documentation or route.route.documentation
        add(
          "| %s | [%s `%s`](%s) | %s | %s |",
          ROUTE_TITLES[route.name],
          request.method,
          cell(request.path),
          page or error(("%s: the route %s has no documentation"):format(one.label, route.name)),
          status_of(route.route, request),
          limit_of(route.route, request)
        )
      end
    end
    add ""
  end

  local function add_repeats()
    add "## When a request is sent again"
    add ""
    add "A request that fails is sent again by itself, up to `retry.max_attempts` times in all and within the call's"
    add "`deadline`:"
    add ""
    add "| failure | sent again | after |"
    add "|---|---|---|"
    add "| nothing was sent (no connection, no such host, a proxy that refuses) | always | a random time |"
    add "| 429 of a limit by seconds, 423, 477 | always: HubSpot refused it | what HubSpot asks for |"
    add "| 429 of the daily limit | no: it would be refused until midnight | |"
    add "| 401 | once, with another token, where OAuth or the token function gives one | at once |"
    add(
      "| 500, 502, 503, 504, 520 to 526, no answer in time, a connection that broke "
        .. "| as the table below says: it may have been carried out | what HubSpot asks for, or a random time |"
    )
    add "| any other | no | |"
    add ""
    add "A random time is one below a bound that begins with `retry.base_delay` and doubles up to `retry.max_delay`."
    add "It also comes on top of what HubSpot asks for (`Retry-After`). A wait that goes beyond the deadline is not"
    add "begun: the call ends with what HubSpot answered. A client's `retry.budget` bounds what failures cost, refusals"
    add "not counted: each repeat takes one, each success gives back a tenth, or a whole one where it had to be"
    add "repeated. Where none is left, as in an outage, calls fail after one attempt."
    add ""
    add "Where a request that is not a read fails for good and one of its attempts may have been carried out, the error"
    add "has `ambiguous = true`, and its text says what to do. A row of a batch has it from its request."
    add ""
    add "| method | route | request | may have been carried out: sent again? |"
    add "|---|---|---|---|"
    for _, one in ipairs(declarations.all()) do
      for _, route in ipairs(one.routes) do
        for _, request in ipairs(route.requests) do
          add(
            "| [`%s`](#%s) | %s | %s `%s` | %s |",
            one.label,
            one.label:gsub(":", ""),
            ROUTE_TITLES[route.name],
            request.method,
            cell(request.path),
            repeated(request)
          )
        end
      end
    end
    add "| `client:request` | | GET, HEAD, POST to `/search` or `/batch/read` | yes, it only reads |"
    add "| `client:request` | | PUT, DELETE | yes, unless `idempotent = false` |"
    add "| `client:request` | | POST, PATCH | no, unless `idempotent = true` |"
    add ""
  end

  local function add_operation(one)
    local declaration, names = one.declaration, {}
    for index, argument in ipairs(declaration.arguments or {}) do
      names[index] = argument.name
    end
    names[#names + 1] = "options"
    add("### %s", one.label)
    add ""
    add("`client.%s(%s)` → %s", one.label, table.concat(names, ", "), declaration.returns)
    add ""
    add("%s", declaration.summary)
    if declaration.irreversible then
      add ""
      add("**Irreversible.** %s", declaration.irreversible)
    end
    add ""
    for _, argument in ipairs(declaration.arguments or {}) do
      add(
        "- `%s`: %s; %s%s",
        argument.name,
        argument.description,
        description_of(argument),
        argument.client_default and (" (nil takes the client's `%s`)"):format(argument.client_default) or ""
      )
    end
    if #names > 1 then add "" end
    add_options("Options:", declaration.options or {}, function(name) return option_note(one, name) end)
    add_routes(one)
  end

  add "# Reference"
  add ""
  add "Made from the declarations by `make generate`: change those, not this."
  add ""
  add 'The current route is taken for every `api_version` but `"v1"`; where an operation has none, HubSpot has no'
  add "newer form, and v1 is taken always. `{api_version}` in a path is the client's. v1, v2 and v3 become unsupported"
  add "in September 2027."
  add ""
  add "## Operations"
  add ""
  add "The 53 operations of HubSpot's operation list, by their numbers."
  add ""
  add_operations_table()
  add "## Options of every call"
  add ""
  add_options("Every method takes these last:", operation.common_options)
  add_options("Methods that give an iterator also take:", operation.paging_options)
  add_repeats()
  for _, resource in ipairs(declarations.resources) do
    add("## client.%s", resource)
    add ""
    for _, one in ipairs(declarations.of(resource)) do
      add_operation(one)
    end
  end
  add "## hubspot.time"
  add ""
  add "`hubspot.time(seconds)` → milliseconds since 1970"
  add ""
  add "Makes the time that HubSpot takes of the seconds that `os.time()` gives: for `since`, `from` and `to`, for events,"
  add "and for properties of the type datetime. Those options refuse a number below 100,000,000,000, which is in seconds;"
  add "0 is the beginning of time."
  add ""
  add "## hubspot.verify_request"
  add ""
  add "`hubspot.verify_request(request)` → true"
  add ""
  add "Tells whether a request to your server (a webhook, a card, a workflow action) comes from HubSpot. Returns nil"
  add 'and an error of the kind `"signature"` where it does not, whose `reason` says why. A request with a signature'
  add "of v3 is judged by that alone, and refused where it was made more than five minutes ago or ahead."
  add ""
  add_options("Fields of the request:", signature.options)
  add "## Records"
  add ""
  for _, record in ipairs(records) do
    add("### %s", record.class)
    add ""
    add("A %s.", record.name)
    add ""
    add "| field | type | |"
    add "|---|---|---|"
    for _, field in ipairs(record.fields) do
      local name, optional = field[1]:gsub("%?$", "")
      add("| `%s`%s | `%s` | %s |", name, optional == 1 and " or nil" or "", cell(field[2]), cell(field[3]))
    end
    add ""
  end
  return lines
end

local function write(name, lines)
  while lines[#lines] == "" do
    lines[#lines] = nil
  end
  local file = assert(io.open(name, "w"))
  file:write(table.concat(lines, "\n"), "\n")
  file:close()
end

write(arg[1] .. "/types/hubspot.lua", type_lines())
write(arg[1] .. "/doc/reference.md", reference_lines())
write(arg[1] .. "/doc/faults.md", fault_lines())
