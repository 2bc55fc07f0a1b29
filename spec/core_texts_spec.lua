local core = require "hubspot.core"

describe("core.are_texts", function()
  it("tells whether a plain table has only texts, as keys and as values", function()
    assert.is_true(core.are_texts {})
    assert.is_true(core.are_texts { a = "x", b = "", [""] = "y" })
    for _, value in ipairs { { "x" }, { a = 1 }, { a = true }, { a = {} }, { a = core.null }, { [true] = "x" } } do
      assert.is_false(core.are_texts(value))
    end
    assert.is_false(core.are_texts { a = "x", b = "y", c = 1 })
    assert.is_false(core.are_texts(setmetatable({ a = "x" }, {})))
  end)

  it("wants a table", function()
    for _, value in ipairs { "x", 1, true, core.null } do
      assert.has_error(function() core.are_texts(value) end)
    end
    assert.has_error(function() core.are_texts(nil) end)
  end)
end)
