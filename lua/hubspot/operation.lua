--- From a declared operation to a method: arguments, checks, route, and how the route runs.
--
-- A resource file declares its operations as tables:
--
--    get = {
--      number = 21,                       -- in HubSpot's operation list
--      summary = "Reads one contact by its id.",
--      arguments = { { name = "id", type = check.id, description = "the contact's id" } },
--      options = { properties = { type = check.names, description = "…" } },
--      returns = "contact",
--      v1 = { method = "GET", path = "/contacts/v1/contact/vid/{id}/profile", query = { … }, answer = v1.contact },
--      current = { method = "GET", path = "/crm/objects/{api_version}/contacts/{id}", … },
--    }
--
-- A route has `method`, `path` (with `path_values`, a function(values), where its names are not those of the values),
-- `query`, `body`, `answer` (function(decoded, values) that returns the record, or nil and a message), `idempotent`
-- (whether it may be sent twice, or `{ holds = function(values) that tells, when = it in words }`), `read` (true where
-- a POST changes nothing; what has `paging` or `batch` never does), `done_when` (the status by which HubSpot says that
-- an earlier sending was carried out; a DELETE's is 404), `bucket` ("search" where HubSpot counts it as search),
-- `credential` ("developer_key" where HubSpot wants that instead of a token), `removed` (the date from which HubSpot
-- answers 404), `documentation` (HubSpot's page), `details` (the route that reads its records by their ids where they
-- are asked for more properties than its request can name) or `in_parts` (where it is such a route itself, the
-- parameter of its URL that names them; see `hubspot.long_read`), and at most one of `paging` (see `hubspot.paging`),
-- `batch` (`{ over = the argument to split, size = }`, with `settle`, a function(call, values, records) that returns
-- the records of one of its requests in order) and `run` (function(call), for what is more than one request; the routes
-- of these are in `requests`). A route with `paging` whose pages only name the records has `names`: `{ read =
-- function(call, names) that returns the records in their order, size = }`.
-- An operation's `validate` is a function(values) that returns a message where its values don't go together; an
-- argument's `client_default` names the option of the client that stands in for it.
-- An operation's `coalesce` tells what reads many of its records (see `hubspot.coalescing`), and `count` is the route
-- that counts its records in a range of ids, for a scan (see `hubspot.paging.scan`).
-- `complete` is a function(call, records) that adds to the records what needs requests of its own. `before` of an
-- operation is a function(call) that finds out what its first request needs. An operation without a `current` route
-- takes `v1` always, and the other way round.
--
-- Query and body are lists of fields: `{ wire_name, from = argument or option, encode = function(value, values),
-- value = constant }`. A body field without a wire name is the whole body. A route honours the options that its
-- fields take something from, and those that its `options` list names.
-- @module hubspot.operation

local api_version = require "hubspot.api_version"
local batch = require "hubspot.batch"
local check = require "hubspot.check"
local coalescing = require "hubspot.coalescing"
local core = require "hubspot.core"
local cursor = require "hubspot.paging.cursor"
local digest = require "hubspot.paging.digest"
local errors = require "hubspot.error"
local id_text = require("hubspot.id").text
local interpret = require "hubspot.interpret"
local long_read = require "hubspot.long_read"
local id_order = require "hubspot.paging.search_filters"
local merge = require "hubspot.merge"
local pager = require "hubspot.paging.pager"
local paging = require "hubspot.paging"
local pipeline = require "hubspot.paging.pipeline"
local scan = require "hubspot.paging.scan"
local span = require "hubspot.span"

local operation = {}

--- Options that every operation takes.
local COMMON_OPTIONS = {
  timeout = { type = check.seconds, description = "seconds for one attempt" },
  deadline = {
    type = check.seconds,
    description = "seconds for the whole call, with all its requests, retries and waits; of an iterator for each step",
  },
  retry = { type = check.retry, description = "retry settings of this call, or false" },
  raw = {
    type = check.boolean,
    description = "true gives HubSpot's decoded answer untouched; from several requests, a list of them",
  },
  headers = { type = check.headers, description = "header values by name" },
}

--- Options that every iterator takes.
local PAGING_OPTIONS = {
  page_size = { type = check.integer(1, 10000), description = "records a request; by default the route's maximum" },
  max = { type = check.integer(1, 2 ^ 53), description = "stop after so many records" },
  cursor = {
    type = check.string,
    description = "go on from what `it:cursor()` gave, in a call with the same arguments "
      .. "and options but for those that say how much is read at once and what comes with each record. It is "
      .. "checked, not signed: an application that hands one out has to sign it",
  },
}

-- Fields -----------------------------------------------------------------------------------------------------

local function field_value(field, values)
  if field.value ~= nil then return field.value end
  local value = values[field.from]
  if not field.encode then return value end
  return field.encode(value, values)
end

-- Query fields as a flat list of names and values; a list is sent as a repeated parameter.
local function build_query(fields, values)
  local query = {}
  for _, field in ipairs(fields or {}) do
    local value, message = field_value(field, values)
    if message then return nil, message end
    if type(value) == "table" then
      for _, item in ipairs(value) do
        query[#query + 1] = field[1]
        query[#query + 1] = item
      end
    elseif value ~= nil then
      query[#query + 1] = field[1]
      query[#query + 1] = value
    end
  end
  return query
end

local function build_body(fields, values)
  if not fields then return nil end
  local body = {}
  for _, field in ipairs(fields) do
    local value, message = field_value(field, values)
    if message then return nil, message end
    if not field[1] then return value end
    body[field[1]] = value
  end
  return body
end

local function removed_hint(call, route)
  return ("HubSpot removed this call of its v1 API on %s: use %s with api_version = %q"):format(
    route.removed,
    call.name,
    api_version.DEFAULT
  )
end

--- Whether a route changes nothing.
-- @tparam table route
-- @treturn boolean
function operation.is_read(route)
  return (route.read or route.method == "GET" or route.paging or route.batch) and true or false
end

-- The request of a route, or nil and a message about the values that it can't be made of.
-- `adjust` is a function(query, body) that adds a page to them, or returns a message.
local function build(call, route, values, adjust)
  local path, name, path_message = core.path(route.path, route.path_values and route.path_values(values) or values)
  if not path then return nil, ("%s %s"):format(name, path_message) end
  local query, query_message = build_query(route.query, values)
  if not query then return nil, query_message end
  local body, body_message = build_body(route.body, values)
  if body_message then return nil, body_message end
  local adjust_message = adjust and adjust(query, body)
  if adjust_message then return nil, adjust_message end
  local text, encode_message
  if body ~= nil then
    text, encode_message = core.encode(body)
    if not text then return nil, encode_message end
  end
  local options = call.options
  local idempotent = route.idempotent
  if type(idempotent) == "table" then idempotent = idempotent.holds(values) end
  -- A route that HubSpot removed answers 404 whatever became of the request.
  local done_when = route.done_when or (route.method == "DELETE" and not route.removed and 404) or nil
  return {
    method = route.method,
    path = path,
    query = query,
    text = text,
    headers = options.headers,
    operation = call.name,
    route = call.route_name,
    read = operation.is_read(route),
    idempotent = idempotent,
    done_when = done_when,
    is_short = not (route.paging or route.batch),
    removed_hint = route.removed and removed_hint(call, route),
    credential = route.credential,
    bucket = route.bucket or "general",
    timeout = options.timeout,
    deadline = options.deadline,
    ends = call.span and call.span.ends,
    retry = options.retry,
  }
end

-- Answers ----------------------------------------------------------------------------------------------------

-- Whether HubSpot answered where it has nothing to tell: with nothing, with JSON, or on v1 with a bare word. Anything
-- else comes from something on the way, or was cut off.
local function is_acknowledgement(body) return not body or body:find "^%a*$" ~= nil or core.decode(body) ~= nil end

-- Sends a request and turns its answer into what the route gives, or leaves it as it was decoded. Returns the
-- value (true where the answer has none), the decoded answer, and whether an earlier sending may have been carried
-- out; or nil and an error.
local function exchange(call, route, request, values, raw)
  local response, err = call.client:send(request)
  if not response then return nil, err end
  if not route.answer then
    if is_acknowledgement(response.body) then return true end
    return nil, call.client:answer_error(request, response, "HubSpot's answer is not JSON")
  end
  local decoded, decode_err = call.client:decode(request, response, raw)
  if decoded == nil then return nil, decode_err end
  if decoded == true then
    if request.method ~= "GET" then return true end
    return nil, call.client:answer_error(request, response, "HubSpot answered a read with an empty body")
  end
  if type(decoded) ~= "table" then
    return nil, call.client:answer_error(request, response, "HubSpot's answer is not an object")
  end
  if raw then return decoded, decoded end
  -- What a partial success tells of failures becomes errors, too.
  call.client:hide_token(decoded.errors, request)
  local value, message = interpret(route.answer, decoded, values, request.uncertain)
  if value == nil then
    if errors.is_error(message) then return nil, call.client:complete_error(message, request) end
    return nil, call.client:answer_error(request, response, message)
  end
  return value, decoded, request.uncertain
end

local function invalid(message) return errors.new { kind = "api", category = "VALIDATION_ERROR", message = message } end

local function send(call, route, values, raw)
  local request, message = build(call, route, values)
  if not request then return nil, invalid(message) end
  return exchange(call, route, request, values, raw)
end

--- Builds and sends one request of a route, for operations that are more than one.
-- @tparam table call
-- @tparam table route
-- @tparam table values of its path, query and body
-- @return the answer, or nil and an error
-- @return with an answer, the decoded one
-- @return with an answer, whether an earlier sending of the request may have been carried out
function operation.send(call, route, values)
  values.api_version = call.values.api_version
  return send(call, route, values)
end

--- The options that a call hands on to one that it makes: how requests are sent.
-- @tparam table call
-- @tparam table options of the other call, which get them
-- @treturn table `options`
function operation.hand_on(call, options)
  options.timeout, options.retry, options.headers = call.options.timeout, call.options.retry, call.options.headers
  options.deadline = call.span and call.span:left() or call.options.deadline
  return options
end

-- Calls ------------------------------------------------------------------------------------------------------

local function choose_route(declaration, spoken)
  if spoken == api_version.V1 then
    if declaration.v1 then return "v1", declaration.v1 end
    return "current", declaration.current
  end
  if declaration.current then return "current", declaration.current end
  return "v1", declaration.v1
end

-- What follows from a declaration is worked out at the first call: `work_out` gets it, and the name of a route.
local function once(work_out)
  local known = {}
  return function(declaration, route_name)
    local results = known[declaration]
    if not results then
      results = {}
      known[declaration] = results
    end
    if results[route_name] == nil then results[route_name] = work_out(declaration, route_name) end
    return results[route_name]
  end
end

local function honoured_options(route)
  local honoured = {}
  for _, fields in ipairs { route.query or {}, route.body or {} } do
    for _, field in ipairs(fields) do
      for _, name in ipairs(field.uses or { field.from }) do
        honoured[name] = true
      end
    end
  end
  for _, name in ipairs(route.options or {}) do
    honoured[name] = true
  end
  return honoured
end

local known_options = once(function(declaration, route_name)
  local known, route = {}, declaration[route_name]
  for name, option in pairs(COMMON_OPTIONS) do
    known[name] = option
  end
  -- What is made of several answers has none to leave untouched.
  if route.run then known.raw = nil end
  for name, option in pairs(route.paging and PAGING_OPTIONS or {}) do
    known[name] = option
  end
  for name, option in pairs(declaration.options or {}) do
    known[name] = option
  end
  return known
end)

local ROUTE_NAMES = {
  v1 = ("api_version = %q"):format(api_version.V1),
  current = "api_version = " .. api_version.DATES_IN_WORDS,
}

-- What is said of the operation's options that the route does not honour, by their names.
local refusals = once(function(declaration, route_name)
  local said = {}
  local honoured = honoured_options(declaration[route_name])
  local other = route_name == "v1" and "current" or "v1"
  local honoured_there = declaration[other] and honoured_options(declaration[other]) or {}
  for name in pairs(declaration.options or {}) do
    if not honoured[name] then
      said[name] = honoured_there[name] and ("option %s works only with %s"):format(name, ROUTE_NAMES[other])
        or ("option %s can't be used here"):format(name)
    end
  end
  return said
end)

-- Whether a path of the route, or of one of its requests, has a place for the argument.
local function is_in_path(route, name)
  for _, one in ipairs(route.requests or { route }) do
    if one.path:find("{" .. name .. "}", 1, true) then return true end
  end
  return false
end

-- The value of an argument for which the client may have a default, and which not every route needs.
local function default_argument(client, route, argument)
  local value = client[argument.client_default]
  if value ~= nil or not is_in_path(route, argument.name) then return value end
  return nil,
    ("%s is missing: pass it, or set it for all calls with hubspot.new{ %s = … }"):format(
      argument.name,
      argument.client_default
    )
end

local function check_arguments(client, declaration, route_name, given)
  local values = {}
  for index, argument in ipairs(declaration.arguments or {}) do
    local value_type = argument.type[route_name] or argument.type
    local value, message
    if given[index] == nil and argument.client_default then
      value, message = default_argument(client, declaration[route_name], argument)
    else
      value, message = value_type.check(given[index], argument.name)
    end
    if message then return nil, message end
    values[argument.name] = value
  end
  return values
end

local NO_DEVELOPER_KEY = "needs the developer key: HubSpot manages event types with the API key of the developer "
  .. "account that owns the application (there, under Keys > Developer API key); pass it as "
  .. "hubspot.new{ developer_key = … }"

local function check_credential(client, route)
  if route.credential == "developer_key" and not client.developer.known then return nil, NO_DEVELOPER_KEY end
  return true
end

local function check_options(declaration, route_name, given)
  if given == nil then given = {} end
  if type(given) ~= "table" then return nil, ("options must be a table, got %s"):format(type(given)) end
  local route = declaration[route_name]
  local options, message = check.options(given, known_options(declaration, route_name))
  if not options then return nil, message end
  local refused = refusals(declaration, route_name)
  for name in pairs(given) do
    if refused[name] then return nil, refused[name] end
  end
  local largest = route.paging and paging.largest_page(route, options)
  if largest and options.page_size and options.page_size > largest then
    return nil, ("page_size must be at most %d here, got %d"):format(largest, options.page_size)
  end
  return options
end

local function new_call(client, name, declaration, arguments, count)
  local expected = #(declaration.arguments or {})
  if count > expected + 1 then
    return nil,
      ("takes %d argument%s and a table of options, got %d values"):format(expected, expected == 1 and "" or "s", count)
  end
  local route_name, route = choose_route(declaration, client.api_version)
  local permitted, credential_message = check_credential(client, route)
  if not permitted then return nil, credential_message end
  local values, argument_message = check_arguments(client, declaration, route_name, arguments)
  if not values then return nil, argument_message end
  local options, option_message = check_options(declaration, route_name, arguments[expected + 1])
  if not options then return nil, option_message end
  for option_name, value in pairs(options) do
    values[option_name] = value
  end
  local complaint = declaration.validate and declaration.validate(values)
  if complaint then return nil, complaint end
  values.api_version = api_version.date_of(client.api_version)
  values.portal_id = client.portal_id
  return {
    client = client,
    name = name,
    route_name = route_name,
    route = route,
    declaration = declaration,
    values = values,
    options = options,
    -- Where the user sets no deadline, the client's bounds each request.
    span = options.deadline and span.new(client.loop, options.deadline),
  }
end

-- What has to be known before the first request, such as the list id behind a legacy one. Asked once.
local function prepare(call)
  local before = call.declaration.before
  if before and not call.prepared then
    local prepared, err = before(call)
    if not prepared then return nil, err end
  end
  call.prepared = true
  return true
end

-- Running ----------------------------------------------------------------------------------------------------

local function complete(call, records)
  if not call.route.complete or call.options.raw then return records end
  return call.route.complete(call, records)
end

local RAW_IS_TOO_LONG = "there are more properties than one request can name, and raw is the answer to one: leave "
  .. "raw out, or ask for fewer"

-- The request of a route, which may have been built before; and true where it is one without the property names, which
-- it has no room for.
local function build_short(call, route, values, adjust, built)
  local request, message = built, nil
  if not built then
    request, message = build(call, route, values, adjust)
  end
  if
    not request
    or not (route.details or route.in_parts)
    or not values.properties and not values.with_history
    or long_read.fits(call.client.base_url, request)
  then
    return request, message
  end
  if call.options.raw then return nil, RAW_IS_TOO_LONG end
  if route.in_parts then return request, nil, true end
  request, message = build(call, route, long_read.without_names(values), adjust)
  return request, message, true
end

-- The pieces of a batch are no longer than their URL may be, whatever properties are asked for.
local function fits(call, route, values)
  return function(piece)
    local request = build(call, route, long_read.without_names(merge { values, { [route.batch.over] = piece } }))
    return not request or long_read.fits(call.client.base_url, request)
  end
end

local read_batch

-- Reads the records by their ids, with all that was asked for.
local function add_details(call, records)
  return long_read.add_details(
    records,
    function(ids)
      return read_batch(call, call.route.details, merge { long_read.details_of(call.values), { ids = ids } })
    end
  )
end

local function read_piece(call, route, values)
  local request, message, is_long = build_short(call, route, values)
  if not request then return nil, invalid(message) end
  if is_long and route.in_parts then
    return long_read.read_in_parts(
      values,
      call.client.base_url,
      route.in_parts,
      function(part) return build(call, route, part) end,
      function(part) return send(call, route, part) end
    )
  end
  local records, err = exchange(call, route, request, values, call.options.raw)
  if not records or records == true then return records, err end
  if call.options.raw then return { records } end
  if is_long then return add_details(call, records) end
  if route.settle then return route.settle(call, values, records) end
  return records
end

function read_batch(call, route, values, complete_piece)
  local spec = route.batch
  local size = values.with_history and spec.history_size or spec.size
  return batch.read(values[spec.over], size, function(piece)
    local records, err = read_piece(call, route, merge { values, { [spec.over] = piece } })
    if not complete_piece or not records or records == true then return records, err end
    return complete_piece(call, records)
  end, call.client.loop_for_background, route.method == "GET" and fits(call, route, values) or nil)
end

local function run_in_pieces(call) return read_batch(call, call.route, call.values, complete) end

local function run_once(call, built)
  local request, message, is_long = build_short(call, call.route, call.values, nil, built)
  if not request then return nil, invalid(message) end
  local value, err = exchange(call, call.route, request, call.values, call.options.raw)
  if value == nil then return nil, err end
  if type(value) ~= "table" or not (is_long or call.route.complete) then return value end
  local records = { value }
  if is_long then
    records, err = add_details(call, records)
  end
  if records then
    records, err = complete(call, records)
  end
  if not records then return nil, err end
  if not records[1] then return nil, call.client:complete_error(long_read.gone_error(), request) end
  return records[1]
end

-- `built` is the call's request, where it could be made before.
local function run(call, built)
  if call.options.coalesce then
    local decided, record, err = coalescing.read(call)
    if decided then return record, err end
  end
  local prepared, err = prepare(call)
  if not prepared then return nil, err end
  if call.route.run then return call.route.run(call) end
  if call.route.batch then return run_in_pieces(call) end
  -- What was found out before may have changed it.
  return run_once(call, not call.declaration.before and built or nil)
end

local function build_page(call, position, size)
  return build_short(
    call,
    call.route,
    call.values,
    function(query, body) return paging.request(call.route, query, body, position, size, call.values) end
  )
end

-- The records of a page, each with its id, and false as its item where it went between listing and details.
local function rows_of(listed_ids, items, places)
  local rows = {}
  for index, id in ipairs(listed_ids) do
    rows[index] = { id = id, item = false }
  end
  for index, item in ipairs(items) do
    rows[places and places[index] or index].item = item
  end
  return rows
end

local function ids_of(items)
  local ids = {}
  for index, item in ipairs(items) do
    ids[index] = item.id or false
  end
  return ids
end

-- Whether a record that others were merged into comes in no place of its own any more: it has an id behind the last one
-- of the last page.
local function is_behind_all(page, listed_ids, id)
  local last = listed_ids[#listed_ids]
  return page.by_id and not page.following and last and id_order.is_less(last, id)
end

-- A page whose records are read by their ids; gives the places of those that are there among those that were listed.
-- One that was merged into another since it was listed comes in that one's place, on this page or on another.
local function with_details(call, page)
  local listed_ids = ids_of(page.items)
  local records, places = add_details(call, page.items)
  if not records then return nil, places end
  local items, kept = {}, {}
  for index, record in ipairs(records) do
    local place = places[index]
    if record.id == listed_ids[place] or is_behind_all(page, listed_ids, record.id) then
      items[#items + 1], kept[#kept + 1] = record, place
    end
  end
  local behind = page.behind
  page.behind = behind and function(index) return behind(kept[index]) end
  page.items = items
  return kept
end

local function read_page(call, request, decoded, items, position, is_long)
  if call.options.raw then items = decoded[call.route.items] or {} end
  if type(items) ~= "table" then items = {} end
  local page, message = paging.read(call.route, decoded, items, position, call.values)
  if not page then
    return nil, errors.new { kind = "decode", method = request.method, path = request.path, message = message }
  end
  local listed_ids, places, err = call.is_scan and ids_of(page.items)
  if is_long then
    places, err = with_details(call, page)
    if not places then return nil, err end
  end
  local completed
  completed, err = complete(call, page.items)
  if not completed then return nil, err end
  page.items = completed
  page.rows = listed_ids and rows_of(listed_ids, completed, places)
  return page
end

local function fetch_page(call, position, wanted_size)
  local prepared, prepare_err = prepare(call)
  if not prepared then return nil, prepare_err end
  local size = paging.size(call.route, call.values, wanted_size)
  local request, message, is_long = build_page(call, position, size)
  if not request then return nil, invalid(message) end
  local items, decoded = exchange(call, call.route, request, call.values, call.options.raw)
  if not items then
    local err = decoded
    if err.status == 400 then err.hint = err.hint or paging.hint(call.route, position, call.values) end
    return nil, err
  end
  if type(decoded) ~= "table" then
    return nil,
      errors.new {
        kind = "decode",
        method = request.method,
        path = request.path,
        message = "HubSpot answered a page with an empty body",
      }
  end
  local page, err = read_page(call, request, decoded, items, position, is_long)
  if not page then return nil, err end
  page.size = size
  return page
end

-- Options that say what comes with each record, and how they are read. All others decide which records come and in
-- which order.
local OPTIONS_OF_CONTENT = {
  properties = true,
  with_history = true,
  associations = true,
  list_memberships = true,
  form_submissions = true,
  parallel = true,
  ordered = true,
}

-- What a cursor belongs to: a place among these records means another one among others.
local function owner_of(call)
  local declaration, values, deciding = call.declaration, call.values, {}
  for _, argument in ipairs(declaration.arguments or {}) do
    deciding[argument.name] = values[argument.name]
  end
  for name in pairs(declaration.options or {}) do
    if not OPTIONS_OF_CONTENT[name] then deciding[name] = values[name] end
  end
  local text, message = core.encode(deciding)
  if not text then return nil, message end
  return { label = ("%s/%s"):format(call.name, call.route_name), digest = digest(text) }
end

local function patience_of(call) return call.options.deadline or call.client.deadline end

-- A call whose requests are bounded one by one: what is read for a later step of an iterator.
local function without_span(call)
  local copy = {}
  for name, value in pairs(call) do
    copy[name] = value
  end
  copy.span = nil
  return copy
end

-- The same, and its requests are not repeated.
local function in_one_attempt(call)
  local copy = without_span(call)
  copy.options = { retry = false }
  for name, value in pairs(call.options) do
    if name ~= "retry" then copy.options[name] = value end
  end
  return copy
end

-- How many records there are in a range of ids; nil where nothing tells.
local function count_of(call, first, last)
  if call.values.archived then return nil end
  local total = operation.send(call, call.declaration.count, { first = id_text(first), last = id_text(last) })
  return type(total) == "number" and total or nil
end

local function scan_of(call)
  local client, route = call.client, call.route
  call.is_scan = true
  local unhurried = without_span(call)
  local size = paging.size(route, { page_size = call.options.page_size })
  return scan.new {
    loop = client.loop,
    parallel = call.options.parallel or 1,
    ordered = call.options.ordered,
    page_size = size,
    fetch = function(position, wanted_size, ahead)
      return fetch_page(ahead and unhurried or call, position, wanted_size or size)
    end,
    position_at = function(id) return paging.position_at(route, id) end,
    id_at = function(position) return paging.id_at(route, position) end,
    count = function(first, last) return count_of(call, first, last) end,
    on_fallback = function(reason) client:tell("fallback", { operation = call.name, reason = reason }) end,
    patience = patience_of(call),
    span = call.span,
  }
end

-- Pages of names, and batches of the records that these name.
local function pipeline_of(call, label, list)
  local names = call.route.names
  local largest = call.values.with_history and names.history_size or names.size
  return pipeline.new {
    label = label,
    list = list,
    read = function(ids, ahead) return names.read(ahead and in_one_attempt(call) or call, ids) end,
    size = math.min(largest, call.options.page_size or largest),
    max = call.options.max,
    loop = call.client.loop_for_background,
    turning_loop = call.client.loop,
    patience = patience_of(call),
    span = call.span,
  }
end

local function is_piped(call) return call.route.names ~= nil and not call.options.raw end

-- What tells whether a table that came with a cursor is a position of a call.
local function positions_of(call)
  local function is_listed(position) return paging.is_position(call.route, call.values, position) end
  if call.declaration.count then
    return function(position) return scan.is_position(position, is_listed) end
  end
  if is_piped(call) then
    return function(position) return pipeline.is_position(position, is_listed) end
  end
  return is_listed
end

-- What reads the pages of a call, as the pager takes it.
local function reader_of(call, label, place)
  if call.declaration.count and ((call.options.parallel or 1) > 1 or place.position.ranges) then
    return scan_of(call)
  end
  local function fetch(position, size, ahead) return fetch_page(ahead and in_one_attempt(call) or call, position, size) end
  return is_piped(call) and pipeline_of(call, label, fetch) or fetch
end

local function iterate(call)
  local owner, encode_message = owner_of(call)
  if not owner then return nil, encode_message end
  local place, message = cursor.read(call.options.cursor, owner, positions_of(call))
  if not place then return nil, message end
  if type(call.values.id) ~= "table" then
    -- Made for its errors: a value that no request can hold is told where it was passed.
    local request, build_message = build_page(call, {}, paging.size(call.route, call.values))
    if not request then return nil, build_message end
  end
  local fetch = reader_of(call, owner.label, place)
  return pager.new {
    label = owner.label,
    digest = owner.digest,
    place = place,
    max = call.options.max,
    fetch = fetch,
    loop = call.client.loop,
    reads_ahead = call.client.loop_for_background ~= nil and not call.is_scan,
    patience = patience_of(call),
    span = call.span,
  }
end

-- The call's request, made before anything is sent, for its errors; nil and a message where no request can hold the
-- values; false where what it is made of has to be asked for first.
local function build_early(call)
  local route = call.route
  if route.run or type(call.values.id) == "table" then return false end
  local built, message = build(call, route, call.values)
  if not built or not call.options.raw then return built, message end
  local over = route.batch and route.batch.over
  return build_short(call, route, over and merge { call.values, { [over] = { call.values[over][1] } } } or call.values)
end

local function method(resource_name, name, declaration)
  local label = ("%s:%s"):format(resource_name, name)
  return function(self, ...)
    local client = type(self) == "table" and rawget(self, "client")
    if not client then error(("hubspot: call it with a colon: client.%s(…)"):format(label), 2) end
    local call, message = new_call(client, label, declaration, { ... }, select("#", ...))
    if not call then error(("hubspot: %s: %s"):format(label, message), 2) end
    if call.route.paging then
      local iterator, iterate_message = iterate(call)
      if not iterator then error(("hubspot: %s: %s"):format(label, iterate_message), 2) end
      return iterator
    end
    local built, build_message = build_early(call)
    if built == nil then error(("hubspot: %s: %s"):format(label, build_message), 2) end
    return run(call, built)
  end
end

operation.common_options = COMMON_OPTIONS
operation.paging_options = PAGING_OPTIONS
operation.honoured_options = honoured_options

--- The methods of a resource, made of its declarations.
-- @tparam string resource_name
-- @tparam table declarations by method name
-- @treturn table
function operation.methods(resource_name, declarations)
  local methods = {}
  for name, declaration in pairs(declarations) do
    methods[name] = method(resource_name, name, declaration)
  end
  return methods
end

return operation
