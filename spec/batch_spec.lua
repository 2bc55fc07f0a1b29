local batch = require "hubspot.batch"
local errors = require "hubspot.error"
local plain = require "hubspot.loop.plain"
local write_rows = require "hubspot.batch.write"

local function api_error(fields)
  fields.kind = fields.kind or "api"
  fields.message = fields.message or "refused"
  return errors.new(fields)
end

describe("batch.chunks", function()
  it("splits a list", function()
    assert.same({}, batch.chunks({}, 2))
    assert.same({ { 1, 2 } }, batch.chunks({ 1, 2 }, 2))
    assert.same({ { 1, 2 }, { 3 } }, batch.chunks({ 1, 2, 3 }, 2))
  end)
end)

describe("batch.read", function()
  it("reads in chunks, each key once, whatever its case, in the order of the first", function()
    local chunks = {}
    local records = batch.read({ "a", "b", "A", "c", "b", "d", "e" }, 2, function(chunk)
      chunks[#chunks + 1] = chunk
      return chunk
    end)
    assert.same({ { "a", "b" }, { "c", "d" }, { "e" } }, chunks)
    assert.same({ "a", "b", "c", "d", "e" }, records)
  end)

  it("ends with the first error", function()
    local sent, failure = 0, api_error { status = 403 }
    local records, err = batch.read({ "a", "b", "c" }, 1, function()
      sent = sent + 1
      if sent == 2 then return nil, failure end
      return {}
    end)
    assert.is_nil(records)
    assert.equal(failure, err)
    assert.equal(2, sent)
  end)

  it("gives a record once to which keys of several chunks lead, where the first of them stands", function()
    local answers = { { { id = "1" }, { id = "2" } }, { { id = "3" }, { id = "1" } } }
    local records = batch.read({ "1", "2", "3", "4" }, 2, function() return table.remove(answers, 1) end)
    assert.same({ { id = "1" }, { id = "2" }, { id = "3" } }, records)
  end)

  it("halves a chunk that no request can hold, down to single keys", function()
    local chunks = {}
    assert(batch.read({ "a", "b", "cccc", "d", "e" }, 4, function(chunk)
      chunks[#chunks + 1] = chunk
      return {}
    end, nil, function(chunk) return #table.concat(chunk) <= 2 end))
    assert.same({ { "a", "b" }, { "cccc" }, { "d" }, { "e" } }, chunks)
  end)

  it("takes an answer without a body for an error", function()
    local records, err = batch.read({ "a" }, 1, function() return true end)
    assert.same({ nil, "decode" }, { records, err.kind })
  end)
end)

-- Rows of inputs, each its own key.
local function rows_of(inputs)
  local rows = {}
  for index, input in ipairs(inputs) do
    rows[index] = { index = index, input = input }
  end
  return rows
end

local function key_of(input) return input end

local function inputs_of(rows)
  local inputs = {}
  for place, row in ipairs(rows) do
    inputs[place] = row.input
  end
  return inputs
end

-- Summarizes the rows of a function that returns results and failures, or nil and an error.
local function told(results, failures)
  if not results then return nil, failures end
  return { results = results, failures = failures, left_out = {} }
end

-- Writes with a function(inputs, rows) that returns results and failures, or nil and an error; gives the outcome, the
-- error, and what was sent.
local function write(inputs, size, send)
  local sent = {}
  local outcome, err = write_rows({
    {
      rows = rows_of(inputs),
      send = function(rows)
        sent[#sent + 1] = inputs_of(rows)
        return told(send(inputs_of(rows), rows))
      end,
      limit = size,
    },
  }, key_of)
  return outcome, err, sent
end

local function accept_all(inputs) return inputs, {} end

local function indexes_of(failures)
  local indexes = {}
  for place, failure in ipairs(failures) do
    indexes[place] = failure.index
  end
  return indexes
end

describe("batch.write", function()
  it("writes in chunks", function()
    local outcome, _, sent = write({ "a", "b", "c" }, 2, accept_all)
    assert.same({ results = { "a", "b", "c" }, errors = {} }, outcome)
    assert.same({ { "a", "b" }, { "c" } }, sent)
  end)

  it("writes what comes twice in a later request, the last one last", function()
    local _, _, sent = write({ "a", "b", "a", "c", "a" }, 2, accept_all)
    assert.same({ { "a", "b" }, { "c" }, { "a" }, { "a" } }, sent)
  end)

  it("begins a round, and a group, when the one before it has ended", function()
    local loop, under_way, most, told_order = plain.new(), 0, 0, {}
    local function send(rows)
      assert.equal(under_way > 0 and rows[1].round or nil, under_way > 0 and told_order[#told_order] or nil)
      under_way = under_way + 1
      most = math.max(most, under_way)
      told_order[#told_order + 1] = rows[1].round
      loop:sleep((rows[1].index % 3 + 2) * 0.01)
      under_way = under_way - 1
      return told(inputs_of(rows), {})
    end
    local groups = { { rows = {}, send = send, limit = 5 }, { rows = {}, send = send, limit = 5 } }
    for index = 1, 60 do
      local group = index <= 40 and 1 or 2
      groups[group].rows[#groups[group].rows + 1] =
        { index = index, input = "i" .. (index - 1) % 20, round = math.floor((index - 1) / 20) }
    end
    local outcome = write_rows(groups, key_of, loop)
    assert.same({ 60, 0 }, { #outcome.results, #outcome.errors })
    assert.same({ 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2 }, told_order)
    assert.equal(4, most)
  end)

  it("writes its groups one after the other", function()
    local sent = {}
    local function to(name)
      return function(rows)
        sent[#sent + 1] = { name, inputs_of(rows) }
        return told(inputs_of(rows), {})
      end
    end
    local outcome = write_rows({
      { rows = { { index = 1, input = "a" }, { index = 3, input = "c" } }, send = to "first", limit = 100 },
      { rows = { { index = 2, input = "b" } }, send = to "second", limit = 100 },
      { rows = {}, send = to "none", limit = 100 },
    }, key_of)
    assert.same({ { "first", { "a", "c" } }, { "second", { "b" } } }, sent)
    assert.same({ "a", "c", "b" }, outcome.results)
  end)

  -- Refuses a request in which a bad input is, without telling which.
  local function refuse(bad, fields)
    return function(inputs)
      for _, input in ipairs(inputs) do
        if bad[input] then
          return nil, api_error { status = fields and fields.status or 400, message = "bad " .. input }
        end
      end
      return inputs, {}
    end
  end

  it("halves a request that was refused, until the bad input is alone", function()
    for _, status in ipairs { 400, 409 } do
      local inputs = {}
      for number = 1, 100 do
        inputs[number] = ("i%03d"):format(number)
      end
      local outcome, _, sent = write(inputs, 100, refuse({ i037 = true }, { status = status }))
      assert.equal(99, #outcome.results)
      assert.same({ 37 }, indexes_of(outcome.errors))
      assert.equal("bad i037", outcome.errors[1].message)
      assert.is_true(#sent <= 15, #sent .. " requests")
    end
  end)

  it("names all of them, in the order of the inputs", function()
    local outcome = write({ "a", "x", "b", "y", "z" }, 5, refuse { x = true, y = true, z = true })
    table.sort(outcome.results)
    assert.same({ "a", "b" }, outcome.results)
    assert.same({ 2, 4, 5 }, indexes_of(outcome.errors))
    outcome = write({ "x", "y" }, 5, refuse { x = true, y = true })
    assert.same({ results = {}, errors = outcome.errors }, outcome)
    assert.same({ 1, 2 }, indexes_of(outcome.errors))
  end)

  it("leaves out what a refusal names by its place, counted from 0", function()
    local outcome, _, sent = write({ "a", "x", "b", "y" }, 4, function(inputs)
      local details = {}
      for place, input in ipairs(inputs) do
        if input == "x" or input == "y" then
          details[#details + 1] = { index = place - 1, message = "not valid", name = "size" }
          details[#details + 1] = { index = place - 1, message = "and another thing" }
        end
      end
      if #details > 0 then return nil, api_error { status = 400, errors = details } end
      return inputs, {}
    end)
    assert.same({ { "a", "x", "b", "y" }, { "a", "b" } }, sent)
    assert.same({ "a", "b" }, outcome.results)
    assert.same({ 2, 4 }, indexes_of(outcome.errors))
    assert.equal("size: not valid", outcome.errors[1].message)
  end)

  it("takes the failures that a success names", function()
    local outcome = write(
      { "a", "b", "c" },
      3,
      function(_, rows)
        return { "a", "c" }, { { row = rows[2], error = api_error { status = 400, message = "no", category = "X" } } }
      end
    )
    assert.same({ "a", "c" }, outcome.results)
    assert.same({ 2 }, indexes_of(outcome.errors))
    assert.same({ "no", "X" }, { outcome.errors[1].message, outcome.errors[1].category })
  end)

  it("ends with an error that is not about the inputs, and names what was not written because of it", function()
    for _, failure in ipairs {
      api_error { kind = "network", message = "reset" },
      api_error { status = 500 },
      api_error { kind = "auth", status = 401 },
      api_error { kind = "rate_limit", status = 429, policy_name = "DAILY" },
      api_error { status = 404 },
    } do
      local count = 0
      local outcome, _, sent = write({ "a", "b", "c", "d", "e" }, 2, function(inputs)
        count = count + 1
        if count == 2 then return nil, failure end
        return inputs, {}
      end)
      assert.equal(2, #sent)
      assert.same({ "a", "b" }, outcome.results)
      assert.same({ 3, 4, 5 }, indexes_of(outcome.errors))
      for _, err in ipairs(outcome.errors) do
        assert.same(
          { failure.kind, failure.status, failure.message, failure.policy_name },
          { err.kind, err.status, err.message, err.policy_name }
        )
        assert.is_true(errors.is_error(err))
      end
      assert.is_nil(failure.index)
    end
  end)

  it("gives that error alone where nothing was written", function()
    local failure = api_error { kind = "network" }
    local outcome, err, sent = write({ "a", "b", "c" }, 1, function() return nil, failure end)
    assert.is_nil(outcome)
    assert.equal(failure, err)
    assert.equal(1, #sent)
  end)

  it("names each input once, whatever happens to its requests", function()
    local count = 0
    local inputs = {}
    for number = 1, 40 do
      inputs[number] = ("i%02d"):format(number)
    end
    local outcome = write(inputs, 10, function(part)
      count = count + 1
      if count == 7 then return nil, api_error { kind = "network" } end
      for _, input in ipairs(part) do
        if input == "i03" or input == "i17" then return nil, api_error { status = 400 } end
      end
      return part, {}
    end)
    local seen = {}
    for _, input in ipairs(outcome.results) do
      seen[#seen + 1] = input
    end
    for _, err in ipairs(outcome.errors) do
      seen[#seen + 1] = ("i%02d"):format(err.index)
    end
    table.sort(seen)
    assert.same(inputs, seen)
  end)

  it("takes a request that could not be made for one of its inputs' fault", function()
    local outcome = write({ "a", "x" }, 2, function(inputs)
      for _, input in ipairs(inputs) do
        if input == "x" then return nil, api_error { category = "VALIDATION_ERROR", message = "no UTF-8" } end
      end
      return inputs, {}
    end)
    assert.same({ "a" }, outcome.results)
    assert.same({ 2 }, indexes_of(outcome.errors))
  end)

  -- Rows with properties; `refusal(properties)` gives the detail by which HubSpot refuses one, or nil.
  local function write_properties(list, size, refusal)
    local inputs, sent = {}, {}
    for index, properties in ipairs(list) do
      inputs[index] = { properties = properties }
    end
    local outcome, err = write_rows({
      {
        rows = rows_of(inputs),
        limit = size,
        send = function(rows)
          sent[#sent + 1] = #rows
          for _, row in ipairs(rows) do
            local detail = refusal(row.input.properties)
            if detail then return nil, api_error { status = 400, message = "not valid", errors = { detail } } end
          end
          return told(inputs_of(rows), {})
        end,
      },
    }, key_of)
    return outcome, err, sent
  end

  local function repeated(count, make)
    local list = {}
    for index = 1, count do
      list[index] = make(index)
    end
    return list
  end

  it("asks once for a property that there is none of, and writes the rows without it", function()
    local list = repeated(
      1000,
      function(index) return { n = tostring(index), wrong = index % 10 ~= 0 and "x" or nil } end
    )
    local outcome, _, sent = write_properties(
      list,
      100,
      function(properties)
        return properties.wrong and { name = "wrong", code = "PROPERTY_DOESNT_EXIST", message = "there is none" } or nil
      end
    )
    assert.same({ 100, 900 }, { #outcome.results, #outcome.errors })
    assert.is_nil(outcome.stopped_by)
    assert.equal("wrong: there is none", outcome.errors[900].message)
    for _, result in ipairs(outcome.results) do
      assert.is_nil(result.properties.wrong)
    end
    assert.is_true(#sent <= 50, #sent .. " requests")
  end)

  it("asks once for an invalid value of a property, and sends its other values", function()
    local list = repeated(300, function(index) return { stage = index % 3 == 0 and "lead" or "Lead!" } end)
    local outcome, _, sent = write_properties(
      list,
      100,
      function(properties)
        return properties.stage == "Lead!" and { name = "stage", code = "INVALID_OPTION", message = "no option" } or nil
      end
    )
    assert.same({ 100, 200 }, { #outcome.results, #outcome.errors })
    assert.is_true(#sent <= 40, #sent .. " requests")
  end)

  it("takes no row for refused for what another row's refusal does not prove", function()
    -- Another record has the value: of two rows with it, the one that is that record passes.
    local list = { { code = "7", n = "1" }, { code = "7", n = "2" }, { code = "8", n = "3" } }
    local outcome = write_properties(
      list,
      3,
      function(properties)
        return properties.n == "1" and { name = "code", code = "VALUE_IS_TAKEN", message = "taken" } or nil
      end
    )
    assert.same({ 1 }, indexes_of(outcome.errors))
  end)

  it("ends the search where every row is bad, and says what was not tried", function()
    local list = repeated(1000, function(index) return { size = "no number " .. index } end)
    local outcome, _, sent = write_properties(
      list,
      100,
      function(properties)
        return { name = "size", code = "INVALID_LONG", message = properties.size .. " was not a valid long." }
      end
    )
    assert.same({ 0, 1000 }, { #outcome.results, #outcome.errors })
    assert.is_true(#sent <= 10 + 60, #sent .. " requests")
    local untried = 0
    for index, err in ipairs(outcome.errors) do
      assert.equal(index, err.index)
      if err.message == outcome.stopped_by.message then untried = untried + 1 end
    end
    assert.truthy(outcome.stopped_by.message:find("the search for the inputs at fault ended", 1, true))
    -- Those that were refused alone say so, the others do not.
    assert.is_true(untried < 1000 and untried > 900, untried .. " untried")
  end)

  it("finds every bad row among good ones, however many there are of either", function()
    for _, every in ipairs { 2, 3, 10, 97 } do
      local list = repeated(1000, function(index) return { size = tostring(index) } end)
      local outcome = write_properties(
        list,
        100,
        function(properties) return tonumber(properties.size) % every == 0 and { message = "no" } or nil end
      )
      assert.is_nil(outcome.stopped_by)
      assert.equal(math.floor(1000 / every), #outcome.errors)
      for place, err in ipairs(outcome.errors) do
        assert.equal(place * every, err.index)
      end
    end
  end)

  -- Takes inputs as HubSpot takes timeline events: a request with one that it has is refused whole, with 409.
  local function write_events(inputs, known, fault)
    local sent = {}
    local outcome, err = write_rows({
      {
        rows = rows_of(inputs),
        limit = 100,
        existing = function(row) return { row.input, index = row.index } end,
        send = function(rows)
          sent[#sent + 1] = inputs_of(rows)
          local failure = fault and fault(#sent, sent[#sent])
          if failure then return nil, failure end
          for _, row in ipairs(rows) do
            if known[row.input] then return nil, api_error { status = 409, category = "CONFLICT" } end
          end
          for _, row in ipairs(rows) do
            known[row.input] = true
          end
          return told(inputs_of(rows), {})
        end,
      },
    }, key_of)
    return outcome, err, sent
  end

  local function numbered(first, last)
    local inputs = {}
    for number = first, last do
      inputs[#inputs + 1] = "i" .. number
    end
    return inputs
  end

  local function set_of(inputs)
    local set = {}
    for _, input in ipairs(inputs) do
      set[input] = true
    end
    return set
  end

  describe("where HubSpot takes a record once", function()
    it("writes those that are there not yet, whatever is there, and tells the two apart", function()
      for _, case in ipairs {
        { there = 980, all = 1000, most = 1200 },
        { there = 1000, all = 1000, most = 1200 },
        { there = 1000, all = 1020, most = 1200 },
        { there = 1, all = 1000, most = 25 },
        { there = 0, all = 1000, most = 10 },
      } do
        local outcome, _, sent = write_events(numbered(1, case.all), set_of(numbered(1, case.there)))
        assert.same({}, outcome.errors)
        assert.is_nil(outcome.stopped_by)
        assert.same({ case.all - case.there, case.there }, { #outcome.results, #outcome.existing })
        for index, record in ipairs(outcome.existing) do
          assert.same({ "i" .. index, index = index }, record)
        end
        assert.is_true(#sent <= case.most, ("%d requests where %d are there"):format(#sent, case.there))
      end
    end)

    it("finds them among others in few requests, and in one for each where they are many", function()
      for _, case in ipairs { { every = 100, most = 150 }, { every = 2, most = 1200 }, { every = 10, most = 1100 } } do
        local known = {}
        for number = case.every, 1000, case.every do
          known["i" .. number] = true
        end
        local outcome, _, sent = write_events(numbered(1, 1000), known)
        assert.same({ 1000 - 1000 / case.every, 1000 / case.every }, { #outcome.results, #outcome.existing })
        assert.is_true(#sent <= case.most, ("%d requests for every %d"):format(#sent, case.every))
      end
    end)

    it("takes one that is there after a request whose answer got lost for written", function()
      local known = {}
      local outcome = write_events(numbered(1, 100), known, function(count, inputs)
        if count > 1 then return nil end
        for _, input in ipairs(inputs) do
          known[input] = true
        end
        return api_error { status = 409, category = "CONFLICT", ambiguous = true }
      end)
      assert.same({ 100, 0, 0 }, { #outcome.results, #outcome.existing, #outcome.errors })
    end)

    it("counts them as progress of a search for bad rows", function()
      local outcome = write_events(numbered(1, 600), set_of(numbered(1, 300)), function(_, inputs)
        for _, input in ipairs(inputs) do
          if tonumber(input:sub(2)) > 300 and tonumber(input:sub(2)) % 4 == 0 then
            return api_error { status = 400, message = "no" }
          end
        end
      end)
      assert.is_nil(outcome.stopped_by)
      assert.same({ 225, 300, 75 }, { #outcome.results, #outcome.existing, #outcome.errors })
    end)

    it("names those that a success says are there", function()
      local rows = rows_of { "a", "b", "c" }
      local conflict = { row = rows[2], error = api_error { status = 409, category = "CONFLICT" } }
      local outcome = write_rows({
        {
          rows = rows,
          limit = 3,
          existing = function(row) return row.input end,
          send = function() return told({ "a", "c" }, { conflict }) end,
        },
      }, key_of)
      assert.same({ results = { "a", "c" }, existing = { "b" }, errors = {} }, outcome)
    end)
  end)

  it("tries every chunk before it searches one for its bad rows", function()
    local _, _, sent = write({ "x", "y", "a", "b" }, 2, refuse { x = true, y = true })
    assert.same({ { "x", "y" }, { "a", "b" }, { "x" }, { "y" } }, sent)
  end)

  it("reports the rows that an answer left out, as neither written nor refused", function()
    local rows = rows_of { "a", "b", "c" }
    local outcome = write_rows({
      {
        rows = rows,
        limit = 3,
        send = function() return { results = { "a" }, failures = {}, left_out = { rows[2], rows[3] } } end,
      },
    }, key_of)
    assert.same({ "a" }, outcome.results)
    assert.same({ 2, 3 }, indexes_of(outcome.errors))
    assert.same({ true, "decode" }, { outcome.errors[1].ambiguous, outcome.errors[1].kind })
    assert.is_nil(outcome.stopped_by)
  end)

  it("keeps what was refused before the call ended", function()
    local count = 0
    local outcome = write({ "x", "b" }, 1, function()
      count = count + 1
      return nil, count == 1 and api_error { status = 400 } or api_error { kind = "network" }
    end)
    assert.same({ 1, 2 }, indexes_of(outcome.errors))
    assert.same({ "api", "network" }, { outcome.errors[1].kind, outcome.errors[2].kind })
    assert.equal("network", outcome.stopped_by.kind)
  end)
end)

describe("batch.each", function()
  it("sends until a chunk fails, and gives what was answered before it", function()
    local sent, failure = 0, api_error { kind = "network" }
    local answers, err = batch.each({ "a", "b", "c" }, function(chunk)
      sent = sent + 1
      if chunk == "b" then return nil, failure end
      return chunk:upper()
    end)
    assert.same({ "A" }, answers)
    assert.equal(failure, err)
    assert.equal(2, sent)
    assert.same({ {}, nil }, { batch.each({}, error) })
  end)

  it("tells the error of the first chunk that failed, whichever failed first, and what was answered", function()
    local loop, sent = plain.new(), {}
    local seconds = { a = 0.03, b = 0.02, c = 0.01, d = 0.02 }
    local answers, err = batch.each({ "a", "b", "c", "d", "e", "f", "g", "h" }, function(chunk)
      sent[#sent + 1] = chunk
      loop:sleep(seconds[chunk] or 0.03)
      if chunk == "b" or chunk == "c" then return nil, api_error { message = chunk } end
      return chunk:upper()
    end, loop)
    assert.same({ [1] = "A", [4] = "D", [5] = "E", [6] = "F" }, answers)
    assert.equal("b", err.message)
    assert.same({ "a", "b", "c", "d", "e", "f" }, sent)
  end)
end)
