--- The keys of a declared operation, with what each means. A resource file declares its operations as tables:
--
--    get = {
--      number = 21,
--      summary = "Reads one contact by its id.",
--      arguments = { { name = "id", type = check.id, description = "the contact's id" } },
--      options = { properties = { type = check.names, description = "…" } },
--      returns = { record = "contact" },
--      v1 = { method = "GET", path = "/contacts/v1/contact/vid/{id}/profile", query = { … }, answer = v1.contact },
--      current = { method = "GET", path = "/crm/objects/{api_version}/contacts/{id}", … },
--    }
--
-- Nothing here runs in a call: `make generate` and `make check-generated` fail where `declaration.problems` finds one.
-- @module hubspot.operation.declaration

local api_version = require "hubspot.api_version"

local declaration = {}

local REQUIRED = true

--- HubSpot's documentation: a page that a route names is a path below it, or the address of a page elsewhere.
declaration.DOCUMENTATION = "https://developers.hubspot.com/docs/"

-- Keys as `{ meaning, whether it must be there }`.

--- An operation. It has a route at least: one without `current` takes `v1` always, and the other way round.
declaration.OPERATION = {
  number = { "in HubSpot's operation list" },
  summary = { "a sentence for the reference", REQUIRED },
  irreversible = { "a sentence about what can't be undone" },
  arguments = { "a list, in the order in which a call passes them" },
  options = { "by name: what a call's last table may hold" },
  returns = { "what a call gives, see RETURNS", REQUIRED },
  validate = { "function(values) that returns a message where they don't go together" },
  before = { "finds out what its first request needs, see BEFORE" },
  coalesce = { "what reads many of its records, see COALESCE" },
  count = { "the route that counts its records in a range of ids, see hubspot.paging.scan" },
  v1 = { "its route in HubSpot's first wire format" },
  current = { "its route in the date versions" },
}

--- Result of a call: one of FORMS, and what is particular about it.
declaration.RETURNS = {
  record = { "a record of this kind, by its name in tools/records.lua" },
  list = { "a list of records of this kind" },
  iterator = { "an iterator over records of this kind; with `paging` only" },
  outcome = { "the outcome of a write of any number of these, by its `outcome_of` in tools/records.lua" },
  count = { "the number of records of this kind" },
  map = { "{ key, value }: a map from text to text, and a list of the keys without a value" },
  done = { "true where HubSpot answers with nothing" },
  with = { "fields that other records of its kind need not have" },
  only = { "the only fields that it has" },
  v1_only = { "the same on v1" },
  or_true = { "when it is true instead of a record, of OR_TRUE" },
}

declaration.FORMS = { "record", "list", "iterator", "outcome", "count", "map", "done" }

--- When a call gives true in place of a record, in words.
declaration.OR_TRUE = { v1 = "true on v1", empty = "or true where HubSpot answers with nothing" }

declaration.BEFORE = {
  is_needed = { "function(values) that tells whether there is anything to find out", REQUIRED },
  run = { "function(call) that returns true, or nil and an error", REQUIRED },
}

declaration.COALESCE = {
  many = { "the operation of its resource that reads many, with the keys in place of the last argument", REQUIRED },
  keys = { "function(record, values) that gives the texts by which a record can be named", REQUIRED },
  properties = { "function(values) that gives those that `keys` looks at" },
  spelling = { "function(values) that gives that of the texts; by default `hubspot.text.fold`" },
}

declaration.ARGUMENT = {
  name = { "as messages and documentation call it", REQUIRED },
  type = { "of hubspot.check, or one for each route by its name", REQUIRED },
  description = { "for the reference", REQUIRED },
  client_default = { "the option of the client that stands in for it" },
}

declaration.OPTION = {
  type = { "of hubspot.check", REQUIRED },
  description = { "for the reference", REQUIRED },
  required = { "true where a call must pass it" },
  decides = { "false where it says what comes with each record, not which come: a cursor stands whatever it says" },
}

--- A route: one request, unless it has `run`. It honours the options that its fields take something from, and those
-- that `options` names.
declaration.ROUTE = {
  method = { "of HTTP; for all but `run`" },
  path = { "with {names} of values; for all but `run`" },
  path_values = { "function(values) that gives those of the path, where its names are not theirs" },
  query = { "a list of fields" },
  body = { "a list of fields; one without a wire name is the whole body" },
  answer = { "function(decoded, values, uncertain) that returns the record, or nil and a message" },
  options = { "names of options that it honours besides those of its fields" },
  idempotent = { "whether it may be sent twice, or { holds = function(values), when = it in words }" },
  read = { "true where a POST changes nothing; what has `paging` or `batch` never does" },
  done_when = { "the status by which HubSpot says that it was carried out before; a DELETE's is 404" },
  credential = { '"developer_key" where HubSpot wants that instead of a token' },
  removed = { "the date from which HubSpot answers that it is gone" },
  documentation = { "HubSpot's page, see DOCUMENTATION" },
  complete = { "what adds to its records what needs requests of its own, see COMPLETE" },
  read_by_id = { "the route that reads its records by their ids where more properties are asked for than it can name" },
  in_parts = { "of such a route: the parameter of its URL that names them, see hubspot.operation.long_read" },
  batch = { "how many inputs are split, see BATCH" },
  resolve_merged = {
    "with `batch`: function(call, values, records) that gives those of one request in order, by its keys",
  },
  paging = { "a kind of hubspot.paging" },
  read_page = {
    "with `paging`: function(call, position, size) that reads a page by requests of its own, as the pager takes it",
  },
  items = { "with `paging`: the field of an answer that holds its records" },
  page_size = { "with `paging`: the most records of a request, which HubSpot limits" },
  history_page_size = { "the same where earlier values are asked for" },
  newest_by = { "with search_newest_first: the property that it goes by" },
  names = { "with `paging` whose pages only name records, see NAMES" },
  run = { "function(call), for what is more than one request" },
  requests = { "with `run`: the routes of its requests" },
  versions = { "by the date of an older API: keys that differ there, but for the options that it honours" },
  limit = { "of a request that code splits inputs for: the most that HubSpot takes" },
}

declaration.BATCH = {
  over = { "the argument to split", REQUIRED },
  size = { "the most inputs that HubSpot takes in a request", REQUIRED },
  history_size = { "the same where earlier values are asked for" },
  spelling = { "function(values) that gives that of its keys" },
}

declaration.COMPLETE = {
  option = { "the option by which a call asks for it", REQUIRED },
  run = { "function(call, records) that returns the records; or nil and an error", REQUIRED },
}

declaration.NAMES = {
  read = { "function(call, names) that gives the records", REQUIRED },
  size = { "the most names that it takes at once", REQUIRED },
  history_size = { "the same where earlier values are asked for" },
}

--- A field of a query or body. Its first item is its wire name.
declaration.FIELD = {
  from = { "the argument or option that it is made of" },
  encode = { "function(value, values) that gives what is sent, or nil and a message" },
  uses = { "with `encode`: the arguments or options that it looks at, where these are others than `from`" },
  value = { "a constant, in place of `from`" },
}

-- Values that every call has.
local VALUES_OF_CALLS = { "api_version", "portal_id" }

local function check_keys(problems, place, part, keys)
  for key in pairs(part) do
    if type(key) == "string" and not keys[key] then
      problems[#problems + 1] = ("%s has the unknown key %s"):format(place, key)
    end
  end
  for key, meaning in pairs(keys) do
    if meaning[2] and part[key] == nil then problems[#problems + 1] = ("%s lacks %s"):format(place, key) end
  end
end

local function check_part(problems, place, part, keys)
  if part then check_keys(problems, place, part, keys) end
end

-- Checks the fields that a call's record is said to have.
local function check_fields_returned(problems, place, returns, fields)
  for _, key in ipairs { "with", "only", "v1_only" } do
    for _, name in ipairs(returns[key] or {}) do
      if not fields[name] then
        problems[#problems + 1] = ("%s.%s names %s, which the record does not have"):format(place, key, name)
      end
    end
  end
end

-- `kinds` are `{ records = fields by kind, outcomes = by kind }`.
local function check_returns(problems, place, returns, kinds)
  if type(returns) ~= "table" then
    problems[#problems + 1] = place .. " is no table"
    return
  end
  check_keys(problems, place, returns, declaration.RETURNS)
  local forms = {}
  for _, form in ipairs(declaration.FORMS) do
    if returns[form] ~= nil then forms[#forms + 1] = form end
  end
  if #forms ~= 1 then
    problems[#problems + 1] = ("%s must have one of %s"):format(place, table.concat(declaration.FORMS, ", "))
    return
  end
  if returns.or_true and not declaration.OR_TRUE[returns.or_true] then
    problems[#problems + 1] = ("%s.or_true is %s, which is none of OR_TRUE"):format(place, returns.or_true)
  end
  if returns.map or returns.done then return end
  local kind = returns[forms[1]]
  local fields = (returns.outcome and kinds.outcomes or kinds.records)[kind]
  if not fields then
    problems[#problems + 1] = ("%s names the kind %s, which is none"):format(place, tostring(kind))
    return
  end
  check_fields_returned(problems, place, returns, fields)
end

-- Checks that all routes page where a call gives an iterator, and none where it does not.
local function check_iterates(problems, label, declared)
  local iterates = type(declared.returns) == "table" and declared.returns.iterator ~= nil
  for _, name in ipairs { "v1", "current" } do
    local route = declared[name]
    if route and (route.paging ~= nil) ~= iterates then
      problems[#problems + 1] = ("%s.%s %s"):format(
        label,
        name,
        iterates and "has no paging for an iterator" or "has paging, and nothing to iterate"
      )
    end
  end
end

-- Returns whether an operation reads many by the keys that another one takes one of.
local function reads_many(many, declared)
  local route = many and (many.current or many.v1)
  if not route or not route.batch then return false end
  local arguments = declared.arguments or {}
  if #(many.arguments or {}) ~= #arguments then return false end
  for index, argument in ipairs(arguments) do
    local other = many.arguments[index]
    local expected = index == #arguments and route.batch.over or argument.name
    if other.name ~= expected then return false end
  end
  return true
end

local function check_coalesce(problems, label, declared, siblings)
  local spec = declared.coalesce
  if not spec then return end
  check_keys(problems, label .. ".coalesce", spec, declaration.COALESCE)
  if spec.many and not reads_many(siblings[spec.many], declared) then
    problems[#problems + 1] = ("%s.coalesce names %s, which does not read many by its keys"):format(label, spec.many)
  end
end

-- Checks that a field is made of something, and of values that there are, where these are known.
local function check_field(problems, place, field, known)
  check_keys(problems, place, field, declaration.FIELD)
  if field.value == nil and field.from == nil then problems[#problems + 1] = place .. " has neither from nor value" end
  local names = { field.from }
  for _, name in ipairs(field.uses or {}) do
    names[#names + 1] = name
  end
  for _, name in ipairs(known and names or {}) do
    if not known[name] then problems[#problems + 1] = ("%s is made of %s, which is nothing"):format(place, name) end
  end
end

-- A request whose values code makes has no known names.
local function check_request(problems, place, route, known)
  check_keys(problems, place, route, declaration.ROUTE)
  check_part(problems, place .. ".batch", route.batch, declaration.BATCH)
  local over = route.batch and route.batch.over
  if known and over and not known[over] then
    problems[#problems + 1] = ("%s.batch is over %s, which is nothing"):format(place, over)
  end
  for _, part in ipairs { "query", "body" } do
    for index, field in ipairs(route[part] or {}) do
      check_field(problems, ("%s.%s[%d]"):format(place, part, index), field, known)
    end
  end
  for name in (route.path or ""):gmatch "{([%w_]+)}" do
    if known and not route.path_values and not known[name] then
      problems[#problems + 1] = ("%s has {%s} in its path, which is nothing"):format(place, name)
    end
  end
end

local function check_route(problems, place, route, known)
  check_request(problems, place, route, not route.run and known or nil)
  check_part(problems, place .. ".names", route.names, declaration.NAMES)
  check_part(problems, place .. ".complete", route.complete, declaration.COMPLETE)
  if route.run and not route.requests then problems[#problems + 1] = place .. " has run without requests" end
  if not route.run and not (route.method and route.path) then
    problems[#problems + 1] = place .. " lacks method or path"
  end
  for index, request in ipairs(route.requests or {}) do
    check_request(problems, ("%s.requests[%d]"):format(place, index), request)
  end
  if route.read_by_id then check_request(problems, place .. ".read_by_id", route.read_by_id) end
  for date, differing in pairs(route.versions or {}) do
    local version = ("%s.versions[%q]"):format(place, date)
    if not api_version.is_known(date) then problems[#problems + 1] = version .. " is no version of the API" end
    check_request(problems, version, differing, known)
  end
  for _, name in ipairs(route.options or {}) do
    if not known[name] then
      problems[#problems + 1] = ("%s honours the option %s, which is none"):format(place, name)
    end
  end
end

--- Lists the faults of a declared operation.
-- @tparam string label such as "contacts:get"
-- @tparam table declared
-- @tparam table kinds that it may return: `{ records =, outcomes = }`, by kind a set of the fields of each
-- @tparam[opt] table placeholders names in its paths that stand for a part of them
-- @tparam[opt] table siblings the operations of its resource by name
-- @treturn table a list of sentences, empty where nothing is
function declaration.problems(label, declared, kinds, placeholders, siblings)
  local problems, known = {}, {}
  check_keys(problems, label, declared, declaration.OPERATION)
  if declared.returns ~= nil then check_returns(problems, label .. ".returns", declared.returns, kinds) end
  check_iterates(problems, label, declared)
  check_part(problems, label .. ".before", declared.before, declaration.BEFORE)
  check_coalesce(problems, label, declared, siblings or {})
  for _, name in ipairs(VALUES_OF_CALLS) do
    known[name] = true
  end
  for _, name in ipairs(placeholders or {}) do
    known[name] = true
  end
  for index, argument in ipairs(declared.arguments or {}) do
    check_keys(problems, ("%s.arguments[%d]"):format(label, index), argument, declaration.ARGUMENT)
    known[argument.name or index] = true
  end
  for name, option in pairs(declared.options or {}) do
    check_keys(problems, ("%s.options.%s"):format(label, name), option, declaration.OPTION)
    known[name] = true
  end
  if not (declared.v1 or declared.current) then problems[#problems + 1] = label .. " has no route" end
  for _, name in ipairs { "v1", "current" } do
    if declared[name] then check_route(problems, ("%s.%s"):format(label, name), declared[name], known) end
  end
  if declared.count then check_request(problems, label .. ".count", declared.count) end
  table.sort(problems)
  return problems
end

return declaration
