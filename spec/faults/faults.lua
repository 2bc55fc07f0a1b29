-- The required outcome of each fault, by the class of the request that it strikes. doc/faults.md is made of this table
-- and of `spec.faults.operations`.
--
-- A row has `name`; `fault`, as the sandbox takes it, or `quota`; `options` of the calls; `oauth`, true where the
-- clients have their tokens by OAuth; and the outcomes where the fault strikes `once` and where it strikes `always`:
-- one for each class of request. A class without one goes by that of `FALLBACK`; an outcome false means that the fault
-- has nothing to strike there. `but` has outcomes of single operations, by name and route, which go before. `loses` is
-- true where what failed can't be made up for when the fault is over.

local faults = {}

--- The classes of requests.
faults.CLASSES = {
  "read",
  "pages",
  "batch_read",
  "repeatable",
  "batch_write",
  "unrepeatable",
  "batch_create",
  "read_back",
  "renewal",
}

faults.CLASS_TEXTS = {
  read = "reads a record",
  pages = "reads pages",
  batch_read = "reads a batch",
  repeatable = "a write that can be repeated",
  batch_write = "writes a batch",
  unrepeatable = "a write that can't be repeated",
  batch_create = "creates a batch",
  read_back = "reads what it wrote",
  renewal = "renews a token",
}

faults.FALLBACK = {
  pages = "read",
  batch_read = "read",
  renewal = "read",
  batch_write = "repeatable",
  batch_create = "unrepeatable",
  read_back = "read",
}

-- What is written stays so, whatever becomes of the request that reads it.
local OF_FALLBACK = { read_back = { fails = "ambiguous" } }

--- The possible outcomes.
faults.OUTCOMES = {
  { "done", "succeeds" },
  { "repeated", "succeeds: requests are sent again" },
  { "fails", "an error; nothing was changed" },
  { "ambiguous", "an error with `ambiguous`: it may have been carried out" },
  { "short", "succeeds, without what HubSpot left out: nobody can tell that it is missing" },
  { "row_fails", "the other inputs are written; that one is in `errors`" },
  { "rows_fail", "all inputs are in `errors`, none is written" },
  { "row_unknown", "the other inputs are written; that one is in `errors`, with `ambiguous`" },
}

local function every(outcome) return { read = outcome, repeatable = outcome, unrepeatable = outcome } end

-- HubSpot or the network failed, so it is unknown how far the request came.
local LOST_ONCE = { read = "repeated", repeatable = "repeated", unrepeatable = "ambiguous" }
local LOST = { read = "fails", repeatable = "ambiguous", unrepeatable = "ambiguous" }

-- An answer of success that says nothing.
local UNREADABLE = { read = "fails", repeatable = "ambiguous", unrepeatable = "ambiguous" }

local function only(outcomes)
  local all = every(false)
  for class in pairs(faults.FALLBACK) do
    all[class] = false
  end
  for class, outcome in pairs(outcomes) do
    all[class] = outcome
  end
  return all
end

local function refusal_of_rows()
  local once, always = every "fails", every "fails"
  -- Without the bad input the others pass: the batch is halved.
  once.batch_write, always.batch_write = "repeated", "rows_fail"
  once.batch_create, always.batch_create = "repeated", "rows_fail"
  return once, always
end

local function row(fields) faults[#faults + 1] = fields end

-- Answers of HubSpot -------------------------------------------------------------------------------------------------

for _, status in ipairs { 400, 409, 413 } do
  local once, always = refusal_of_rows()
  row { name = tostring(status), fault = { kind = "status", status = status }, once = once, always = always }
end

for _, status in ipairs { 403, 404, 414 } do
  row {
    name = tostring(status),
    fault = { kind = "status", status = status },
    once = every "fails",
    always = every "fails",
  }
end

row {
  name = "401 of a wrong token",
  fault = { kind = "status", status = 401 },
  once = every "fails",
  always = every "fails",
}

row {
  name = "401 of an expired token, where there is no other",
  fault = { kind = "expired" },
  once = every "fails",
  always = every "fails",
}

row {
  name = "401 of an expired token, which OAuth renews",
  fault = { kind = "expired" },
  oauth = true,
  once = { read = "repeated", repeatable = "repeated", unrepeatable = "repeated", renewal = false },
  always = { read = "fails", repeatable = "fails", unrepeatable = "fails", renewal = false },
}

for _, status in ipairs { 423, 477 } do
  row {
    name = tostring(status),
    fault = { kind = "status", status = status, retry_after = 0 },
    once = every "repeated",
    always = every "fails",
  }
end

for _, status in ipairs { 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526 } do
  row { name = tostring(status), fault = { kind = "status", status = status }, once = LOST_ONCE, always = LOST }
end

row { name = "501, which no retry helps", fault = { kind = "status", status = 501 }, once = LOST, always = LOST }

row {
  name = "500 that quotes the token",
  fault = { kind = "status", status = 500, body = "TOKENS" },
  once = LOST_ONCE,
  always = LOST,
}

row { name = "a page instead of JSON, 502", fault = { kind = "html", status = 502 }, once = LOST_ONCE, always = LOST }

row {
  name = "a page instead of JSON, 404",
  fault = { kind = "html", status = 404 },
  once = every "fails",
  always = every "fails",
}

row {
  name = "a page instead of JSON, 200",
  fault = { kind = "html", status = 200 },
  once = UNREADABLE,
  always = UNREADABLE,
}

row { name = "200 with half of a JSON text", fault = { kind = "garbage" }, once = UNREADABLE, always = UNREADABLE }

-- Limits -------------------------------------------------------------------------------------------------------------

for _, policy in ipairs { "SECONDLY", "TEN_SECONDLY_ROLLING" } do
  row {
    name = "429 " .. policy,
    fault = { kind = "rate_limit", policy = policy, retry_after = 0 },
    once = every "repeated",
    always = every "fails",
  }
  row {
    name = ("429 %s, without Retry-After and beyond the deadline"):format(policy),
    fault = { kind = "rate_limit", policy = policy },
    options = { deadline = 0.9 },
    always = every "fails",
  }
end

row {
  name = "429 DAILY",
  fault = { kind = "rate_limit", policy = "DAILY" },
  once = every "fails",
  always = every "fails",
}

local function with(outcomes, more)
  local all = {}
  for _, source in ipairs { outcomes, more } do
    for class, outcome in pairs(source) do
      all[class] = outcome
    end
  end
  return all
end

-- The sandbox's quota of a day is but a long window, and HubSpot exempts association batches from those.
local EXEMPT = {
  ["associations:get_many/current"] = "done",
  ["associations:create_many/current"] = "done",
  ["associations:delete_many/current"] = "done",
}

row {
  name = "the quota of a second is used up",
  quota = { limit = 60, seconds = 1 },
  -- A client that requests a token has none yet whose quota could be counted.
  once = with(every "repeated", { renewal = "done", read_back = "done" }),
  -- Their first request is another one, and that is repeated.
  but = with(EXEMPT, { ["properties:create/current"] = "done", ["pipelines:delete_stage/current"] = "done" }),
}

row {
  name = "the quota of the day is used up",
  quota = { limit = 200, seconds = 86400 },
  -- Nothing is written that could be read.
  always = with(every "fails", { read_back = "fails" }),
  but = EXEMPT,
}

-- The network --------------------------------------------------------------------------------------------------------

row { name = "reset before it was carried out", fault = { kind = "reset" }, once = LOST_ONCE, always = LOST }

row { name = "reset after it was carried out", fault = { kind = "reset_after" }, once = LOST_ONCE, always = LOST }

row { name = "an answer that is cut off", fault = { kind = "cut" }, once = LOST_ONCE, always = LOST }

row {
  name = "an answer that is slow",
  fault = { kind = "slow", seconds = 0.05 },
  once = every "done",
  always = every "done",
}

row {
  name = "an answer that is slower than the timeout",
  fault = { kind = "slow", seconds = 2 },
  options = { timeout = 1.5 },
  once = LOST_ONCE,
}

row { name = "no answer within the timeout", fault = { kind = "hang" }, options = { timeout = 1.5 }, once = LOST_ONCE }

row { name = "no answer within the deadline", fault = { kind = "hang" }, options = { deadline = 0.5 }, always = LOST }

-- Answers that are not whole -----------------------------------------------------------------------------------------

local failing_row = only { batch_write = "row_fails", batch_create = "row_fails", batch_read = "fails" }
row {
  name = "207: one input of a batch fails",
  fault = { kind = "multi_status", indexes = { 2 } },
  once = failing_row,
  always = failing_row,
  but = { ["contacts:upsert_many/v1"] = false, ["contacts:get_many/v1"] = false },
}

-- It resumes after the last record that came, not at a cursor.
local SEARCH = "contacts:search/current"
-- Each page begins with the last record that came.
local V1_SEARCH = "contacts:search/v1"

local missing_row =
  only { batch_write = "row_unknown", batch_create = "row_unknown", batch_read = "short", pages = "short" }
row {
  name = "an answer leaves out a row",
  fault = { kind = "drop_rows" },
  once = missing_row,
  always = missing_row,
  but = {
    ["contacts:upsert_many/v1"] = false,
    ["contacts:upsert/current"] = "ambiguous",
    -- An answer to a deletion has no rows.
    ["associations:delete_many/current"] = "done",
    [SEARCH] = "done",
    [V1_SEARCH] = "done",
  },
}

row {
  name = "a page without records, but with a cursor",
  fault = { kind = "empty" },
  loses = true,
  once = only { pages = "short" },
  always = only { pages = "fails" },
}

-- A page that is read ahead is asked for once more.
row {
  name = "a page with the cursor that was sent",
  fault = { kind = "repeat_cursor", after = 1 },
  once = only { pages = "repeated" },
  always = only { pages = "fails" },
  but = { [SEARCH] = "done" },
}

-- On the current API the first page has no cursor that could be sent.
row {
  name = "a first page with the cursor 0",
  fault = { kind = "repeat_cursor" },
  once = only { pages = "fails" },
  but = { [SEARCH] = "done", ["contacts:all/current"] = "done", ["lists:contacts/current"] = "done" },
}

--- Returns the required outcome: false where the fault does not strike, nil where the row has no such case.
-- @tparam table one row
-- @tparam string case "once" or "always"
-- @tparam string class of the request
-- @tparam string key operation and route, as "contacts:get/v1"
function faults.expected(one, case, class, key)
  local outcomes = one[case]
  if not outcomes then return nil end
  local exception = (one.but or {})[key]
  if exception ~= nil then return exception end
  if outcomes[class] ~= nil then return outcomes[class] end
  local outcome = outcomes[faults.FALLBACK[class]]
  return (OF_FALLBACK[class] or {})[outcome] or outcome
end

return faults
