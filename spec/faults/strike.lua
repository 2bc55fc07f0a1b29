-- Strikes all operations with one fault, side by side on real sockets, and tells what came out of each.

local core = require "hubspot.core"
local faults = require "spec.faults.faults"
local operations = require "spec.faults.operations"
local path_test = require("hubspot.sandbox.fault").path_test
local world = require "spec.faults.world"

local strike = {}

local FOR_GOOD = 1000000
local ROUTES = { "current", "v1" }

local number = 0

-- Tags go into patterns and addresses.
local function new_tag()
  number = number + 1
  return ("tag%dx"):format(number)
end

local function each_operation(visit)
  for _, operation in ipairs(operations) do
    for _, route_name in ipairs(ROUTES) do
      local route = operation.routes[route_name]
      if route then visit(operation, route, route_name, operation.name .. "/" .. route_name) end
    end
  end
end

--- Calls `visit(key, class)` for each operation on each route.
function strike.each(visit)
  each_operation(function(_, route, _, key) visit(key, route.class) end)
end

local function prepare(place, operation, route, route_name, key)
  local subject = operation.prepare(place, new_tag())
  subject.world, subject.given = place, 0
  return {
    key = key,
    operation = operation,
    route = route,
    class = route.class,
    route_name = route_name,
    subject = subject,
    path = (route.path:gsub("SUBJECT", function() return subject.key end)),
  }
end

local function fault_of(row, case, cell)
  local fault = { times = case == "always" and FOR_GOOD or 1, method = cell.route.method, path = cell.path }
  for name, value in pairs(row.fault) do
    fault[name] = value
  end
  if fault.body == "TOKENS" then
    local secrets = world.SECRETS
    local quoted = cell.route.class == "renewal" and secrets.client_secret .. " and " .. secrets.refresh_token
      or secrets.token
    fault.body = core.encode { status = "error", message = "You sent " .. quoted, category = quoted }
  end
  return fault
end

local function matching(cell, requests)
  local found, fits = {}, path_test(cell.path)
  for _, request in ipairs(requests) do
    if request.method == cell.route.method and fits(request.path) then found[#found + 1] = request end
  end
  return found
end

local function sorted(list)
  local copy = {}
  for index, item in ipairs(list) do
    copy[index] = item
  end
  table.sort(copy)
  return copy
end

local function has_all(given, wanted) return table.concat(sorted(given), ",") == table.concat(sorted(wanted), ",") end

local function batch_outcome(value, sent_again)
  local failed, unknown = 0, 0
  for _, err in ipairs(value.errors) do
    failed = failed + 1
    if err.ambiguous then unknown = unknown + 1 end
  end
  if failed == 0 then return sent_again end
  if failed == 1 then return unknown == 1 and "row_unknown" or "row_fails" end
  return #value.results == 0 and unknown == 0 and "rows_fail" or ("%d errors, %d ambiguous"):format(failed, unknown)
end

local function outcome_of(cell, clean_requests)
  local sent_again = #cell.requests > clean_requests and "repeated" or "done"
  if not cell.value then return cell.err.ambiguous and "ambiguous" or "fails" end
  if cell.operation.rows then return batch_outcome(cell.value, sent_again) end
  local wanted = cell.operation.wanted
  if wanted and not has_all(cell.value, wanted(cell.subject.world)) then return "short" end
  return sent_again
end

local function call(place, cells, clients, options)
  local client = clients.current
  local _, failures = client:map(cells, function(cell)
    local started = place.loop:now()
    local value, err, rest = cell.operation.call(clients[cell.route_name], cell.subject, options)
    cell.value, cell.err, cell.rest = value, not value and err, not value and rest
    cell.seconds = place.loop:now() - started
    return true
  end, { concurrency = #cells })
  for index, failure in pairs(failures) do
    error(cells[index].key .. ": " .. tostring(failure))
  end
end

-- Adds the store's account of each call.
local function look(place, cells)
  local requests = place.server:requests()
  for _, cell in ipairs(cells) do
    cell.requests = matching(cell, requests)
    cell.carried_out = 0
    for _, request in ipairs(cell.requests) do
      if request.done and request.done < 300 then cell.carried_out = cell.carried_out + 1 end
    end
    local operation = cell.operation
    cell.effects = operation.effects and operation.effects(place, cell.subject)
    cell.rows = operation.rows and operation.rows(place, cell.subject)
  end
end

local function waves(cells)
  local all = {}
  for _, cell in ipairs(cells) do
    all[cell.operation.wave] = all[cell.operation.wave] or {}
    table.insert(all[cell.operation.wave], cell)
  end
  return all
end

-- Calls each operation once, struck by the faults that `fault_for(cell)` gives.
local function run(place, row, case, options, fault_for)
  local all = {}
  each_operation(function(operation, route, route_name, key)
    if faults.expected(row, case, route.class, key) then
      all[#all + 1] = prepare(place, operation, route, route_name, key)
    end
  end)
  for _, cells in pairs(waves(all)) do
    place.server:clear_requests()
    if row.quota and fault_for then place:use_up_quota() end
    for _, cell in ipairs(cells) do
      local fault = fault_for and fault_for(cell)
      if fault then place.server:fault(fault) end
    end
    call(place, cells, place.clients, options)
    place.server:clear_faults()
    look(place, cells)
  end
  return all
end

-- Reads the rest of an iterator that failed when the fault is over: in place, and in another process from its cursor.
local function go_on(place, cell)
  local rest = cell.rest
  local subject = { world = place, given = #rest.ids, cursor = rest.iterator:cursor() }
  local by_cursor = assert(cell.operation.call(place.clients[cell.route_name], subject, {}))
  cell.rests = { by_cursor, {} }
  local item = rest.iterator:next()
  while item do
    table.insert(cell.rests[2], item.id)
    item = rest.iterator:next()
  end
end

local EVERYTHING = { every = { read = "done", repeatable = "done", unrepeatable = "done" } }

--- Counts the requests of each operation when nothing goes wrong, by key.
function strike.clean_requests(place)
  place:reset()
  local counts = {}
  for _, cell in ipairs(run(place, EVERYTHING, "every", {})) do
    if not cell.value then error(cell.key .. ": " .. tostring(cell.err)) end
    counts[cell.key] = #cell.requests
  end
  return counts
end

--- Strikes all operations.
-- @tparam table place from `world.start`
-- @tparam table row of `spec.faults.faults`
-- @tparam string case "once" or "always"
-- @tparam table clean_requests
-- @treturn table by the key of the operation the calls, as `spec.faults.invariants` takes them, with their `outcome`,
--   and `after`, the call of the same kind that was made when the fault was over
function strike.all(place, row, case, clean_requests)
  place:reset(row.quota)
  if row.oauth then
    -- Their tokens are there before the fault is.
    for _, client in pairs(place.clients) do
      assert(client.contacts:get(place.contacts[1]))
    end
  end
  local results = {}
  for _, cell in
    ipairs(run(place, row, case, row.options or {}, function(cell) return row.fault and fault_of(row, case, cell) end))
  do
    cell.deadline = (row.options or {}).deadline or world.DEADLINE
    cell.loses = faults.expected(row, case, cell.class, cell.key) == "short"
    cell.outcome = outcome_of(cell, clean_requests[cell.key])
    results[cell.key] = cell
  end
  if row.quota then place:reset() end
  for _, cell in ipairs(run(place, row, case, {})) do
    results[cell.key].after = cell
  end
  for _, cell in pairs(results) do
    if cell.rest and not row.quota and not row.loses then go_on(place, cell) end
  end
  return results
end

return strike
