-- A lost answer at any request of a create_many: no record is there twice, and the rows in question are `ambiguous`.

local core = require "hubspot.core"
local world = require "spec.faults.world"

local ROWS, BAD_ROW, REQUESTS = 350, 120, 4
local PATH = "/crm/objects/2026-09/companies/batch/create"

-- What leaves a caller without an answer that says what became of the rows.
local LOSSES = {
  { kind = "reset_after" },
  { kind = "reset" },
  { kind = "cut" },
  { kind = "garbage" },
  { kind = "status", status = 504 },
  { kind = "hang" },
}

describe("a create_many", function()
  local place, client

  setup(function()
    place = world.start { contacts = 0, members = 0, latency = 0 }
    client = place:client { timeout = 0.4 }
  end)

  teardown(function()
    client:close()
    place:stop()
  end)

  before_each(function() place:reset() end)

  local function fault(fields, more)
    local all = { method = "POST", path = "^" .. PATH .. "$" }
    for _, source in ipairs { fields, more } do
      for name, value in pairs(source) do
        all[name] = value
      end
    end
    place.server:fault(all)
  end

  local function records()
    local list = {}
    for index = 1, ROWS do
      list[index] = { properties = { name = "row " .. index, no_such_property = index == BAD_ROW and "x" or nil } }
    end
    return list
  end

  -- How often each row is in the store.
  local function counts()
    local count, after = {}, nil
    for index = 1, ROWS do
      count[index] = 0
    end
    repeat
      local page = place:must("GET", "/crm/objects/2026-09/companies?limit=100" .. (after and "&after=" .. after or ""))
      for _, record in ipairs(page.results) do
        local index = tonumber(record.properties.name:match "^row (%d+)$")
        count[index] = count[index] + 1
      end
      after = page.paging and page.paging.next.after
    until not after
    return count
  end

  -- The rows of each request in the order in which HubSpot got them.
  local function rows_of_requests()
    local requests = {}
    for _, request in ipairs(place.server:requests()) do
      if request.path == PATH then
        local rows = {}
        for place_in_request, input in ipairs(core.decode(request.body).inputs) do
          rows[place_in_request] = tonumber(input.properties.name:match "%d+")
        end
        requests[#requests + 1] = rows
      end
    end
    return requests
  end

  -- What is to be ambiguous: the rows of the requests that were lost, as a set.
  local function set_of(lists)
    local set = {}
    for _, list in ipairs(lists) do
      for _, row in ipairs(list) do
        set[row] = true
      end
    end
    return set
  end

  local function check(outcome, lost)
    local count, seen = counts(), {}
    local function once(row)
      assert.is_nil(seen[row], row)
      seen[row] = true
      assert.is_true(count[row] <= 1, row)
    end
    for _, result in ipairs(outcome.results) do
      once(result.index)
      assert.equal(1, count[result.index], result.index)
      assert.is_nil(lost[result.index], result.index)
    end
    for _, err in ipairs(outcome.errors) do
      once(err.index)
      assert.equal(lost[err.index] or false, err.ambiguous or false, err.index)
      if not err.ambiguous then assert.equal(0, count[err.index], err.index) end
    end
    for row = 1, ROWS do
      assert.is_true(seen[row], row)
    end
  end

  local function check_sent_once(requests)
    local seen = {}
    for _, rows in ipairs(requests) do
      for _, row in ipairs(rows) do
        assert.is_nil(seen[row], row)
        seen[row] = true
      end
    end
  end

  for _, loss in ipairs(LOSSES) do
    local name = loss.kind .. (loss.status and " " .. loss.status or "")
    for number = 1, REQUESTS do
      it(("loses the answer of request %d: %s"):format(number, name), function()
        fault(loss, { after = number - 1 })
        local outcome = assert(client.companies:create_many(records()))
        local requests = rows_of_requests()
        check_sent_once(requests)
        check(outcome, set_of { requests[number] })
        assert.is_true(outcome.stopped_by.ambiguous)
      end)
    end

    it("loses an answer after a request that was refused for one row: " .. name, function()
      fault({ kind = "status", status = 400 }, {})
      fault(loss, { after = REQUESTS })
      local outcome = assert(client.companies:create_many(records()))
      local requests = rows_of_requests()
      -- The refused request is the only one whose rows are sent again.
      check_sent_once { (table.unpack or unpack)(requests, 2) } -- luacheck: ignore
      check(outcome, set_of { requests[REQUESTS + 2] })
    end)

    it("loses all answers: " .. name, function()
      fault(loss, { times = 1000 })
      local outcome, err = client.companies:create_many(records())
      assert.is_nil(outcome)
      assert.is_true(err.ambiguous)
      check_sent_once(rows_of_requests())
      for row, times in ipairs(counts()) do
        assert.is_true(times <= 1, row)
      end
    end)
  end
end)
