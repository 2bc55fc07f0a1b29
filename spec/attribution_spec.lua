local attribute = require "hubspot.batch.attribution"

describe("attribution", function()
  local naming = {
    of_row = function(row) return { row.input } end,
    of_result = function(result) return { result.id, result.email } end,
    fold = string.lower,
  }

  -- Returns an answer's results, and the indexes of the rows that failed and of those that it left out.
  local function told_of(answer, inputs)
    local rows = {}
    for index, input in ipairs(inputs) do
      rows[index] = { index = index, input = input }
    end
    local found = attribute(answer, rows, naming)
    local failed, left_out = {}, {}
    for index, failure in ipairs(found.failures) do
      failed[index] = failure.row.index
    end
    for index, row in ipairs(found.left_out) do
      left_out[index] = row.index
    end
    return found, failed, left_out
  end

  local function problem(context, message)
    return { category = "VALIDATION_ERROR", message = message or "no", context = context }
  end

  it("knows results by trace, then by key in any case", function()
    local found, failed, left_out = told_of({
      results = {
        { id = "9", objectWriteTraceId = "2" },
        { id = "9", email = "A@x" },
        { id = "c" },
      },
    }, { "a@x", "b@x", "C" })
    assert.same({ 2, 1, 3 }, { found.results[1].index, found.results[2].index, found.results[3].index })
    assert.is_nil(found.results[1].objectWriteTraceId)
    assert.same({ {}, {} }, { failed, left_out })
  end)

  it("charges every row that a failure names, by traces or by keys", function()
    local _, failed, left_out = told_of(
      { errors = { problem { objectWriteTraceId = { "1", "3" } } } },
      { "a", "b", "c" }
    )
    assert.same({ { 1, 3 }, { 2 } }, { failed, left_out })
    _, failed, left_out = told_of(
      { results = { { id = "c" } }, errors = { problem { ids = { "A", "b" } } } },
      { "a", "b", "c" }
    )
    assert.same({ { 1, 2 }, {} }, { failed, left_out })
  end)

  it("charges a row once, with all that was said of it", function()
    local found, failed = told_of({
      errors = {
        problem({ ids = { "a" } }, "one"),
        problem({ ids = { "a" } }, "two"),
        problem({ ids = { "b" } }, "one"),
      },
    }, { "a", "b" })
    assert.same({ 1, 2 }, failed)
    assert.equal("one; two", tostring(found.failures[1].error):match "^one; two")
    assert.is_nil(tostring(found.failures[2].error):find "two")
  end)

  it("does not charge a row that has a result, nor one that is mentioned beside a trace", function()
    local found, failed, left_out = told_of(
      { results = { { id = "a" } }, errors = { problem { existing = { "a" } } } },
      { "a", "b" }
    )
    assert.same({ {}, { 2 } }, { failed, left_out })
    assert.equal("no", found.unnamed.message)
    found = told_of({ errors = { problem { objectWriteTraceId = { "2" }, existing = { "a" } } } }, { "a", "b" })
    assert.same({ 1, 2 }, { #found.failures, found.failures[1].row.index })
  end)

  it("takes as many results as there are rows for theirs, also under keys that were not sent", function()
    local found, _, left_out = told_of({ results = { { id = "a" }, { id = "77" } } }, { "a", "b" })
    assert.same({ {}, 2 }, { left_out, found.results[2].index })
    found, _, left_out = told_of({ results = { { id = "77" }, { id = "78" } } }, { "a", "b" })
    assert.same({}, left_out)
    assert.is_nil(found.results[1].index)
    for _, answer in ipairs { { results = { { id = "77" } } }, {} } do
      assert.same({ 1, 2 }, select(3, told_of(answer, { "a", "b" })))
    end
  end)
end)
