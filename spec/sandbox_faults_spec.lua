local core = require "hubspot.core"
local portal = require "spec.support.portal"
local path_test = require("hubspot.sandbox.fault").path_test

local ids_of = portal.ids_of
local array = core.array

local BASE = "/crm/objects/2026-09/contacts"

describe("faults of the sandbox", function()
  local wire, call, must

  before_each(function()
    wire = portal.new { contacts = 5 }
    call, must = wire.call, wire.must
  end)

  local function fault(spec) wire.portal:fault(spec) end

  local function count() return #must("GET", BASE .. "?limit=100").results end

  it("strike as often as asked, then no more", function()
    fault { kind = "status", status = 503, times = 2 }
    local status, body = call("GET", BASE)
    assert.equal(503, status)
    assert.equal("error", body.status)
    assert.equal(503, (call("GET", BASE)))
    assert.equal(200, (call("GET", BASE)))
  end)

  it("strike once where nothing is said", function()
    fault { kind = "status" }
    assert.equal(500, (call("GET", BASE)))
    assert.equal(200, (call("GET", BASE)))
  end)

  it("choose requests by verb and path, and let some pass first", function()
    fault { kind = "status", status = 502, method = "post", path = "/batch/read$", after = 1 }
    local body = { inputs = array { { id = "4127" } } }
    assert.equal(200, (call("GET", BASE)))
    assert.equal(200, (call("POST", BASE .. "/batch/read", body)))
    assert.equal(200, (call("GET", BASE)))
    assert.equal(502, (call("POST", BASE .. "/batch/read", body)))
    assert.equal(200, (call("POST", BASE .. "/batch/read", body)))
  end)

  it("wait their turn where several match", function()
    fault { kind = "status", status = 500 }
    fault { kind = "status", status = 503 }
    assert.equal(500, (call("GET", BASE)))
    assert.equal(503, (call("GET", BASE)))
    assert.equal(200, (call("GET", BASE)))
  end)

  it("are told from what was carried out in the list of requests", function()
    for _, kind in ipairs { "status", "reset", "reset_after", "cut" } do
      fault { kind = kind }
      call("POST", BASE, { properties = { lastname = kind } })
    end
    call("GET", BASE .. "/1")
    local done = {}
    for index, request in ipairs(wire.portal:requests()) do
      done[index] = request.done or "-"
    end
    assert.same({ "-", "-", 201, 201, 404 }, done)
  end)

  it("are forgotten when asked", function()
    fault { kind = "status", times = 10 }
    wire.portal:clear_faults()
    assert.equal(200, (call("GET", BASE)))
  end)

  it("are refused where they make no sense", function()
    assert.error_matches(function() fault { kind = "nope" } end, "unknown kind of fault: nope")
    assert.error_matches(function() fault { status = 500, kind = nil } end, "a fault needs kind: it must be one of cut")
    for _, case in ipairs {
      { { pathh = "/a" }, "unknown field of a fault: pathh" },
      { { path = 5 }, "path of a fault" },
      { { times = 1e999 }, "times of a fault" },
      { { seconds = -1 }, "seconds of a fault" },
      { { status = 42 }, "status" },
      { { indexes = { "1" } }, "indexes" },
      { { together = 1 }, "together" },
    } do
      case[1].kind = "slow"
      assert.error_matches(function() fault(case[1]) end, case[2])
    end
  end)

  it("take a part of the path, its ends, and a star for anything", function()
    local AT = "/crm/objects/2026-09/contacts/4127"
    for path, expected in pairs {
      ["contacts"] = true,
      ["^/crm/"] = true,
      ["^/contacts"] = false,
      ["4127$"] = true,
      ["contacts$"] = false,
      ["/contacts/*$"] = true,
      ["^/crm/*/4127$"] = true,
      ["%d"] = false,
      ["2026.09"] = false,
    } do
      assert.equal(expected, path_test(path)(AT))
    end
    -- As a pattern this would not end.
    assert.is_false(path_test(("a*"):rep(200) .. "b")(("a"):rep(8000)))
  end)

  it("status: not carried out, with any body", function()
    fault { kind = "status", status = 500, body = '{"my":"body"}' }
    local status, body = call("POST", BASE, { properties = { email = "a@example.org" } })
    assert.equal(500, status)
    assert.same({ my = "body" }, body)
    assert.equal(5, count())
    fault { kind = "status", status = 477, retry_after = 30 }
    local _, _, response = call("GET", BASE)
    assert.equal("30", response.headers["retry-after"])
  end)

  it("rate_limit: a 429 of each policy", function()
    for policy, message in pairs {
      DAILY = "You have reached your daily limit.",
      SECONDLY = "You have reached your secondly limit.",
      TEN_SECONDLY_ROLLING = "You have reached your ten_secondly_rolling limit.",
    } do
      fault { kind = "rate_limit", policy = policy, retry_after = 2 }
      local status, body, response = call("GET", BASE)
      assert.equal(429, status)
      assert.equal(policy, body.policyName)
      assert.equal(message, body.message)
      assert.equal("2", response.headers["retry-after"])
    end
    fault { kind = "rate_limit" }
    local _, body, response = call("GET", BASE)
    assert.equal("TEN_SECONDLY_ROLLING", body.policyName)
    assert.is_nil(response.headers["retry-after"])
  end)

  it("html: an error page", function()
    fault { kind = "html", status = 504 }
    local status, _, response = call("GET", BASE)
    assert.equal(504, status)
    assert.matches("^text/html", response.headers["content-type"])
    assert.matches("Gateway Timeout", response.body)
  end)

  it("garbage: 200 with what is no JSON", function()
    fault { kind = "garbage" }
    local _, _, response = call("GET", BASE)
    assert.equal(200, response.status)
    assert.is_nil(core.decode(response.body))
  end)

  it("expired: 401 of an expired token", function()
    fault { kind = "expired" }
    local status, body = call("GET", BASE)
    assert.equal(401, status)
    assert.equal("EXPIRED_AUTHENTICATION", body.category)
  end)

  it("reset: nothing was carried out", function()
    fault { kind = "reset" }
    local status, problem = call("POST", BASE, { properties = { email = "a@example.org" } })
    assert.is_nil(status)
    assert.equal("network", problem.kind)
    assert.is_true(problem.sent)
    assert.equal(5, count())
  end)

  it("reset_after: it was carried out", function()
    fault { kind = "reset_after" }
    local status, problem = call("POST", BASE, { properties = { email = "a@example.org" } })
    assert.is_nil(status)
    assert.equal("network", problem.kind)
    assert.equal(6, count())
  end)

  it("cut: carried out, the answer incomplete", function()
    fault { kind = "cut" }
    local status, problem = call("POST", BASE, { properties = { email = "a@example.org" } })
    assert.is_nil(status)
    assert.equal("network", problem.kind)
    assert.equal(6, count())
  end)

  it("slow: the answer comes late by the portal's clock, or too late", function()
    local before = wire.portal.clock.now()
    fault { kind = "slow", seconds = 20 }
    assert.equal(200, (call("GET", BASE)))
    assert.is_true(wire.portal.clock.now() - before >= 20000)
    fault { kind = "slow", seconds = 20 }
    local response, problem =
      wire.portal { method = "GET", url = BASE, headers = { authorization = "Bearer x" }, timeout = 10 }
    assert.is_nil(response)
    assert.equal("timeout", problem.kind)
  end)

  it("hang: the answer never comes, and nothing was carried out", function()
    fault { kind = "hang" }
    local status, problem = call("POST", BASE, { properties = { email = "a@example.org" } })
    assert.is_nil(status)
    assert.equal("timeout", problem.kind)
    assert.equal(5, count())
  end)

  it("multi_status: the chosen inputs fail and are not carried out", function()
    fault { kind = "multi_status", indexes = { 2 } }
    local inputs = array {}
    for number = 1, 3 do
      inputs[number] = {
        id = "m" .. number .. "@example.org",
        idProperty = "email",
        properties = {},
        objectWriteTraceId = "t" .. number,
      }
    end
    local status, body = call("POST", BASE .. "/batch/upsert", { inputs = inputs })
    assert.equal(207, status)
    assert.same({ "t1", "t3" }, ids_of(body.results, "objectWriteTraceId"))
    assert.equal(1, body.numErrors)
    assert.same({ "m2@example.org" }, body.errors[1].context.ids)
    assert.same({ "t2" }, body.errors[1].context.objectWriteTraceId)
    assert.equal(404, (call("GET", BASE .. "/m2@example.org?idProperty=email")))
    assert.equal(200, (call("GET", BASE .. "/m3@example.org?idProperty=email")))
  end)

  it("multi_status: all inputs can fail, beside those that failed anyway", function()
    local body = { inputs = array { { id = "4127" }, { id = "1" } } }
    fault { kind = "multi_status", indexes = { 1, 2 } }
    local status, answer = call("POST", BASE .. "/batch/read", body)
    assert.equal(207, status)
    assert.same({}, answer.results)
    assert.equal(2, answer.numErrors)
    fault { kind = "multi_status", indexes = { 1 } }
    status, answer = call("POST", BASE .. "/batch/read", body)
    assert.equal(207, status)
    assert.equal(2, answer.numErrors)
    assert.same({ "VALIDATION_ERROR", "OBJECT_NOT_FOUND" }, ids_of(answer.errors, "category"))
  end)

  it("multi_status: one error can name all inputs that fail, or none of them", function()
    local inputs = array {}
    for number = 1, 3 do
      inputs[number] = {
        id = "n" .. number .. "@example.org",
        idProperty = "email",
        properties = {},
        objectWriteTraceId = "t" .. number,
      }
    end
    fault { kind = "multi_status", indexes = { 1, 3 }, together = true }
    local _, body = call("POST", BASE .. "/batch/upsert", { inputs = inputs })
    assert.equal(1, #body.errors)
    assert.same({ "n1@example.org", "n3@example.org" }, body.errors[1].context.ids)
    assert.same({ "t1", "t3" }, body.errors[1].context.objectWriteTraceId)
    assert.same({ "t2" }, ids_of(body.results, "objectWriteTraceId"))
    fault { kind = "multi_status", indexes = { 1, 3 }, nameless = true }
    _, body = call("POST", BASE .. "/batch/upsert", { inputs = inputs })
    assert.equal(1, #body.errors)
    assert.same({}, body.errors[1].context)
    assert.same({ "t2" }, ids_of(body.results, "objectWriteTraceId"))
  end)

  it("drop_rows: rows are missing without a word", function()
    local ids = ids_of(must("GET", BASE).results)
    local inputs = array {}
    for index, id in ipairs(ids) do
      inputs[index] = { id = id }
    end
    fault { kind = "drop_rows", indexes = { 1, 3 } }
    local status, body = call("POST", BASE .. "/batch/read", { inputs = inputs })
    assert.equal(200, status)
    assert.same({ ids[2], ids[4], ids[5] }, ids_of(body.results))
    fault { kind = "drop_rows" }
    local batch = must("GET", "/contacts/v1/contact/vids/batch?vid=" .. ids[1] .. "&vid=" .. ids[2])
    assert.equal("table", type(batch[ids[1]]))
    assert.is_nil(batch[ids[2]])
  end)

  it("empty: a page without rows, and there is more", function()
    fault { kind = "empty", times = 2 }
    local page = must("GET", BASE .. "?limit=2")
    assert.same({}, page.results)
    assert.equal("string", type(page.paging.next.after))
    page = must("GET", "/contacts/v1/lists/all/contacts/all")
    assert.same({}, page.contacts)
    assert.is_true(page["has-more"])
  end)

  it("empty: the rows come with the cursor of the empty page's successor", function()
    local ids = ids_of(must("GET", BASE).results)
    fault { kind = "empty" }
    local after = must("GET", BASE .. "?limit=2").paging.next.after
    assert.same({ ids[3], ids[4] }, ids_of(must("GET", BASE .. "?limit=2&after=" .. after).results))
  end)

  it("repeat_cursor: the cursor that was sent comes back", function()
    local ids = ids_of(must("GET", BASE).results)
    fault { kind = "repeat_cursor", times = 2 }
    local page = must("GET", BASE .. "?limit=2&after=" .. ids[1])
    assert.same({ ids[2], ids[3] }, ids_of(page.results))
    assert.equal(ids[1], page.paging.next.after)
    page = must("GET", "/contacts/v1/lists/all/contacts/all?count=2&vidOffset=" .. ids[1])
    assert.equal(tonumber(ids[1]), page["vid-offset"])
    assert.is_true(page["has-more"])
    fault { kind = "repeat_cursor" }
    page = must("POST", BASE .. "/search", { limit = 1, after = "2" })
    assert.equal("2", page.paging.next.after)
  end)
end)
