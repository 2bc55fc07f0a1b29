-- A long run of random operations, struck by random faults, several at once, with exports that are killed and resumed.
-- The invariants of each call are in spec/faults/invariants.lua. `make soak` runs it; SOAK_SECONDS bounds it, SEED
-- chooses the same operations and faults again.

local invariants = require "spec.faults.invariants"
local killed_export = require "spec.support.killed_export"
local operations = require "spec.faults.operations"
local people = require "hubspot.sandbox.people"
local socket = require "socket"
local world = require "spec.faults.world"

local seconds = tonumber(os.getenv "SOAK_SECONDS" or "") or 120
local seed = tonumber(os.getenv "SEED" or "") or os.time() % 1000000

local CALLS, MOST_FAULTS, READERS, EXPORTED, ROUNDS_AN_EXPORT = 40, 30, 4, 1500, 8
local TRIES = 200

local NO_END = "the iterator does not come to its end"

local random = people.random(seed)
-- With latency an export takes long enough to be killed on its way.
local place = world.start { contacts = 90, members = 31, latency = 5 }
local OPTIONS = { timeout = 0.5, deadline = 10 }
local figures = {
  calls = 0,
  ["calls that succeeded"] = 0,
  ["calls that failed"] = 0,
  ["ambiguous failures"] = 0,
  ["batches with errors"] = 0,
  ["iterators that resumed"] = 0,
  faults = 0,
  requests = 0,
  ["records read"] = 0,
  kills = 0,
  ["records written twice after a kill"] = 0,
  rounds = 0,
  problems = 0,
}

local function count(name, by) figures[name] = figures[name] + (by or 1) end

local round_name = ""

local function complain(text, ...)
  count "problems"
  print(("PROBLEM in %s: %s"):format(round_name, text:format(...)))
end

local function pick(list) return list[random(#list)] end

-- Faults -------------------------------------------------------------------------------------------------------------

local STATUSES = { 400, 403, 414, 423, 477, 500, 501, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526 }

-- Faults must not lie about the store: a 404 says that a DELETE was carried out before, and a 409 the same of an event.
local READS = { { "GET" }, { "POST", "/batch/read$" }, { "POST", "/search$" } }

local function on_reads(fault)
  local choice = pick(READS)
  fault.method, fault.path = choice[1], choice[2]
  return fault
end

local MAKERS = {
  function() return { kind = "status", status = pick(STATUSES), retry_after = 0 } end,
  function() return on_reads { kind = "status", status = pick { 404, 409 } } end,
  function() return { kind = "rate_limit", policy = pick { "SECONDLY", "TEN_SECONDLY_ROLLING" }, retry_after = 0 } end,
  function() return { kind = "rate_limit", policy = "DAILY" } end,
  function() return { kind = "html", status = pick { 200, 403, 502, 503 } } end,
  function() return { kind = "garbage" } end,
  function() return { kind = "expired" } end,
  function() return { kind = "reset" } end,
  function() return { kind = "reset_after" } end,
  function() return { kind = "cut" } end,
  function() return { kind = "slow", seconds = random(80) / 100 } end,
  function() return { kind = "hang" } end,
  function()
    return {
      kind = "multi_status",
      indexes = { random(4) },
      together = random(2) == 1,
      nameless = random(4) == 1,
      path = "/batch/",
    }
  end,
  function() return on_reads { kind = "drop_rows", indexes = { random(4) }, loses = true } end,
  function() return on_reads { kind = "empty", loses = true } end,
  function() return { kind = "repeat_cursor" } end,
}

local function set_faults(most)
  local loses = false
  for _ = 1, random(most) do
    local fault = MAKERS[random(#MAKERS)]()
    loses, fault.loses = loses or fault.loses or false, nil
    -- Few requests go to a path of its own.
    fault.after, fault.times = random(fault.path and 6 or 80) - 1, random(3)
    place.server:fault(fault)
    count("faults", fault.times)
  end
  return loses
end

-- Calls --------------------------------------------------------------------------------------------------------------

local number = 0

local function new_call()
  local operation = pick(operations)
  local names = {}
  for _, name in ipairs { "current", "v1" } do
    if operation.routes[name] then names[#names + 1] = name end
  end
  local route_name = pick(names)
  number = number + 1
  local tag = ("tag%dx"):format(number)
  local subject = operation.prepare(place, tag)
  subject.world, subject.given = place, 0
  return {
    operation = operation,
    route_name = route_name,
    class = operation.routes[route_name].class,
    tag = tag,
    subject = subject,
    client = pick { "token", "oauth" } .. "_" .. route_name,
    deadline = OPTIONS.deadline,
  }
end

-- Reads the rest of an iterator that failed: from itself or from its cursor, whatever fails on the way.
local function go_on(call, client)
  local iterator, ids, last_err = call.rest.iterator, {}, nil
  for _ = 1, TRIES do
    local item, err = iterator:next()
    while item do
      ids[#ids + 1] = item.id
      item, err = iterator:next()
    end
    if not err then
      call.rests = { ids }
      return
    end
    if random(2) == 1 then
      local subject = { world = place, given = #call.rest.ids + #ids, cursor = iterator:cursor() }
      local more, _, rest = call.operation.call(client, subject, OPTIONS)
      for _, id in ipairs(more or rest.ids) do
        ids[#ids + 1] = id
      end
      if more then
        call.rests = { ids }
        return
      end
      iterator = rest.iterator
    end
    last_err = err
  end
  -- The sandbox's empty page after the last one has a cursor that leads nowhere.
  if not call.loses then complain("%s: %s: %s", call.operation.name, NO_END, tostring(last_err)) end
end

local function make(call, clients)
  local client, started = clients[call.client], place.loop:now()
  local value, err, rest = call.operation.call(client, call.subject, OPTIONS)
  call.value, call.err, call.rest = value, not value and err, not value and rest
  call.seconds = place.loop:now() - started
  if call.rest then go_on(call, client) end
  return true
end

local function look(call, requests)
  local operation = call.operation
  call.effects = operation.effects and operation.effects(place, call.subject)
  call.rows = operation.rows and operation.rows(place, call.subject)
  call.carried_out = 0
  for _, request in ipairs(requests) do
    local named = request.path:find(call.tag, 1, true) or (request.body or ""):find(call.tag, 1, true)
    local is_write = request.method ~= "GET"
    if named and is_write and request.done and request.done < 300 then call.carried_out = call.carried_out + 1 end
  end
end

local function note(call)
  count "calls"
  count(call.value and "calls that succeeded" or "calls that failed")
  if call.rests then count "iterators that resumed" end
  if not call.value and call.err.ambiguous then count "ambiguous failures" end
  if call.rows and call.value and #call.value.errors > 0 then count "batches with errors" end
  if call.operation.wanted then
    for _, ids in ipairs { call.value or {}, call.rest and call.rest.ids or {}, (call.rests or {})[1] or {} } do
      count("records read", #ids)
    end
  end
end

local function judge(calls, failures)
  local requests = place.server:requests()
  count("requests", #requests)
  for index, call in ipairs(calls) do
    if failures[index] then
      complain("%s on %s threw %s", call.operation.name, call.client, tostring(failures[index]))
    else
      look(call, requests)
      note(call)
      local problem = invariants.problem(call)
      if problem then
        complain("%s on %s: %s (%s)", call.operation.name, call.client, problem, tostring(call.err or "it succeeded"))
      end
    end
  end
end

local function new_clients()
  local clients = {}
  for _, name in ipairs { "current", "v1" } do
    local options =
      { api_version = name == "v1" and "v1" or nil, deadline = OPTIONS.deadline, timeout = OPTIONS.timeout }
    clients["token_" .. name] = place:client(options)
    clients["oauth_" .. name] = place:oauth_client(options)
  end
  return clients
end

-- Several coroutines take turns at one iterator.
local function read_together(client, loses)
  local ids, wanted = {}, place.contacts
  local method = pick { "all", "search" }
  local options = { page_size = 1 + random(20), max = #wanted, timeout = OPTIONS.timeout, deadline = OPTIONS.deadline }
  local iterator = method == "all" and client.contacts:all(options) or client.contacts:search("", options)
  local readers = {}
  for index = 1, READERS do
    readers[index] = index
  end
  local _, failures = client:map(readers, function()
    for _ = 1, TRIES do
      local item, err = iterator:next()
      while item do
        ids[#ids + 1] = item.id
        item, err = iterator:next()
      end
      if not err then return true end
    end
    return nil, NO_END
  end)
  for _, failure in pairs(failures) do
    if failure ~= NO_END or not loses then
      complain("%d readers of contacts:%s: %s", READERS, method, tostring(failure))
    end
  end
  local problem = invariants.problem_of_ids(ids, not loses and wanted or nil)
  if problem then complain("%d readers of one contacts:%s: %s", READERS, method, problem) end
  count("records read", #ids)
end

local function mixed_round()
  place:reset()
  local clients = new_clients()
  local calls = {}
  for index = 1, CALLS do
    calls[index] = new_call()
  end
  place.server:clear_requests()
  local loses = set_faults(MOST_FAULTS)
  for _, call in ipairs(calls) do
    call.loses = loses
  end
  local client = clients.token_current
  local _, failures = client:map(calls, function(call) return make(call, clients) end, { concurrency = random(16) })
  read_together(client, loses)
  place.server:clear_faults()
  judge(calls, failures)
  for name, one in pairs(clients) do
    local contact, err = one.contacts:get(place.contacts[1])
    if not contact then complain("the client %s does not work after the faults: %s", name, tostring(err)) end
    one:close()
  end
end

-- Exports that are killed ---------------------------------------------------------------------------------------------

local EXPORTS = {
  { method = "all", every = "page", page_size = 50 },
  { method = "all", every = 17, page_size = 50 },
  { method = "all", every = "page", page_size = 50, api_version = "v1" },
  { method = "search", every = "page", page_size = 50 },
  { method = "search", every = 17, page_size = 50 },
  { method = "recently_created", every = "page", page_size = 50 },
  { method = "recently_updated", every = 17, page_size = 50 },
}

-- Faults that a client retries with success, never enough in a row to make it give up.
local function set_passing_faults()
  for index = 1, 10 do
    local fault = pick {
      { kind = "status", status = pick { 477, 500, 502, 503, 504, 524 } },
      { kind = "reset" },
      { kind = "reset_after" },
      { kind = "cut" },
      { kind = "slow", seconds = 0.05 },
      { kind = "rate_limit", policy = "SECONDLY", retry_after = 0 },
    }
    fault.after = index * 4 + random(3)
    place.server:fault(fault)
    count "faults"
  end
end

local function export_round()
  place.server:clear_faults()
  place.server:reset { contacts = EXPORTED }
  set_passing_faults()
  local plan = pick(EXPORTS)
  local options = {
    url = place.server.url,
    contacts = EXPORTED,
    kills = 3,
    moment = 0.004,
    random = function() return random(1000) / 1000 end,
  }
  for name, value in pairs(plan) do
    options[name] = value
  end
  local fine, result = pcall(killed_export.run, options)
  if not fine then return complain("an export by contacts:%s: %s", plan.method, tostring(result)) end
  count("kills", options.kills)
  count("records read", result.count)
  if result.count ~= EXPORTED then
    complain("an export by contacts:%s wrote %d of %d contacts", plan.method, result.count, EXPORTED)
  end
  local most = plan.every == "page" and plan.page_size or plan.every
  for _, run in ipairs(result.runs) do
    count("records written twice after a kill", run.again)
    if run.again > most then complain("an export by contacts:%s wrote %d twice", plan.method, run.again) end
  end
end

-- The run -------------------------------------------------------------------------------------------------------------

io.stdout:setvbuf "line"
print(("soak: %d s, SEED=%d"):format(seconds, seed))
local ends = socket.gettime() + seconds
while socket.gettime() < ends do
  count "rounds"
  round_name = ("round %d of seed %d"):format(figures.rounds, seed)
  if figures.rounds % ROUNDS_AN_EXPORT == 0 then
    export_round()
  else
    mixed_round()
  end
end
place:stop()

local names = {}
for name in pairs(figures) do
  names[#names + 1] = name
end
table.sort(names)
for _, name in ipairs(names) do
  print(("%-36s %d"):format(name, figures[name]))
end
os.exit(figures.problems == 0 and 0 or 1)
