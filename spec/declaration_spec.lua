-- Mistakes in a declared operation are found when documentation is made of it, not in a call.

local check = require "hubspot.check"
local declaration = require "hubspot.operation.declaration"
local declarations = require "tools.declarations"
local operation_text = require "tools.generate.operation_text"

-- Operations of the same resource; one of them reads many things by their ids.
local SIBLINGS = {
  get_many = { arguments = { { name = "ids" } }, current = { batch = { over = "ids" } } },
  get_one = { arguments = { { name = "ids" } }, current = {} },
  get_others = { arguments = { { name = "kind" }, { name = "ids" } }, current = { batch = { over = "ids" } } },
}

local KINDS = { records = { thing = { id = true, new = true } }, outcomes = { thing = { results = true } } }

-- A declaration without a mistake, with what `change(it)` does to it.
local function problems_of(change)
  local declared = {
    number = 1,
    summary = "Reads.",
    arguments = { { name = "id", type = check.id, description = "whose" } },
    options = { archived = { type = check.boolean, description = "deleted ones" } },
    returns = { record = "thing" },
    current = { method = "GET", path = "/a/{api_version}/{id}", query = { { "archived", from = "archived" } } },
  }
  if change then change(declared) end
  return declaration.problems("things:get", declared, KINDS, nil, SIBLINGS)
end

describe("a declaration", function()
  it("of each operation has no mistake", function()
    assert.is_true(#declarations.all() > 50)
    assert.same({}, declarations.problems())
  end)

  it("of a write or read of many says how many HubSpot takes in each request", function()
    local checked = 0
    for _, operation in ipairs(declarations.all()) do
      for _, route in ipairs(operation.name:find "_many" and operation.routes or {}) do
        for _, request in ipairs(route.requests) do
          assert.is_truthy(operation_text.limit_of(request):find "^%d+ a request", operation.label)
          checked = checked + 1
        end
      end
    end
    assert.is_true(checked > 20)
  end)

  it("with a mistake is told where that is", function()
    assert.same({}, problems_of())
    for expected, change in pairs {
      ["things:get has the unknown key sumary"] = function(declared) declared.sumary = "x" end,
      ["things:get lacks summary"] = function(declared) declared.summary = nil end,
      ["things:get has no route"] = function(declared) declared.current = nil end,
      ["things:get.arguments[1] lacks description"] = function(declared) declared.arguments[1].description = nil end,
      ["things:get.options.archived has the unknown key typ"] = function(declared) declared.options.archived.typ = 1 end,
      ["things:get.current has the unknown key pageSize"] = function(declared) declared.current.pageSize = 1 end,
      ["things:get.current lacks method or path"] = function(declared) declared.current.method = nil end,
      ["things:get.current has run without requests"] = function(declared) declared.current.run = print end,
      ["things:get.current.query[1] is made of archive, which is nothing"] = function(declared)
        declared.current.query[1].from = "archive"
      end,
      ["things:get.current.query[1] has neither from nor value"] = function(declared)
        declared.current.query[1].from = nil
      end,
      ["things:get.current has {ids} in its path, which is nothing"] = function(declared)
        declared.current.path = "/{ids}"
      end,
      ['things:get.current.versions["2025-09"] is no version of the API'] = function(declared)
        declared.current.versions = { ["2025-09"] = { path = "/b/{id}" } }
      end,
      ['things:get.current.versions["2026-03"] has the unknown key pth'] = function(declared)
        declared.current.versions = { ["2026-03"] = { pth = "/b/{id}" } }
      end,
      ["things:get.current honours the option coalesce, which is none"] = function(declared)
        declared.current.options = { "coalesce" }
      end,
      ["things:get.returns is no table"] = function(declared) declared.returns = "thing" end,
      ["things:get.returns must have one of record, list, iterator, outcome, count, map, done"] = function(
        declared
      )
        declared.returns = { with = { "id" } }
      end,
      ["things:get.returns has the unknown key without"] = function(declared) declared.returns.without = {} end,
      ["things:get.returns names the kind thingy, which is none"] = function(declared)
        declared.returns = { list = "thingy" }
      end,
      ["things:get.returns names the kind record, which is none"] = function(declared)
        declared.returns = { outcome = "record" }
      end,
      ["things:get.returns.with names age, which the record does not have"] = function(declared)
        declared.returns.with = { "age", "id" }
      end,
      ["things:get.returns.v1_only names age, which the record does not have"] = function(declared)
        declared.returns.v1_only = { "age" }
      end,
      ["things:get.returns.or_true is v2, which is none of OR_TRUE"] = function(declared)
        declared.returns.or_true = "v2"
      end,
      ["things:get.current has no paging for an iterator"] = function(declared)
        declared.returns = { iterator = "thing" }
      end,
      ["things:get.current has paging, and nothing to iterate"] = function(declared) declared.current.paging = "after" end,
      ["things:get.before lacks run"] = function(declared) declared.before = { is_needed = print } end,
      ["things:get.coalesce has the unknown key key"] = function(declared)
        declared.coalesce = { many = "get_many", keys = print, key = "id" }
      end,
      ["things:get.coalesce names get_all, which does not read many by its keys"] = function(declared)
        declared.coalesce = { many = "get_all", keys = print }
      end,
      ["things:get.coalesce names get_one, which does not read many by its keys"] = function(declared)
        declared.coalesce = { many = "get_one", keys = print }
      end,
      ["things:get.coalesce names get_others, which does not read many by its keys"] = function(declared)
        declared.coalesce = { many = "get_others", keys = print }
      end,
      ["things:get.current.batch is over ids, which is nothing"] = function(declared)
        declared.current.batch = { over = "ids", size = 100 }
      end,
      ["things:get.current.batch lacks size"] = function(declared) declared.current.batch = { over = "id" } end,
      ["things:get.current.names has the unknown key history"] = function(declared)
        declared.current.names = { read = print, size = 1, history = 1 }
      end,
    } do
      assert.same({ expected }, problems_of(change))
    end
  end)
end)
