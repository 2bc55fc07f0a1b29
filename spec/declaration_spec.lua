-- Mistakes in a declared operation are found when documentation is made of it, not in a call.

local check = require "hubspot.check"
local declaration = require "hubspot.operation.declaration"
local declarations = require "tools.declarations"

-- A declaration without a mistake, with what `change(it)` does to it.
local function problems_of(change)
  local declared = {
    number = 1,
    summary = "Reads.",
    arguments = { { name = "id", type = check.id, description = "whose" } },
    options = { archived = { type = check.boolean, description = "deleted ones" } },
    returns = "record",
    current = { method = "GET", path = "/a/{api_version}/{id}", query = { { "archived", from = "archived" } } },
  }
  if change then change(declared) end
  return declaration.problems("things:get", declared)
end

describe("a declaration", function()
  it("of each operation has no mistake", function()
    for _, operation in ipairs(declarations.all()) do
      assert.same({}, declaration.problems(operation.label, operation.declaration, operation.placeholders))
    end
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
    } do
      assert.same({ expected }, problems_of(change))
    end
  end)
end)
