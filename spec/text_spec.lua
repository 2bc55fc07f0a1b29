local texts = require "hubspot.text"

describe("text.fold", function()
  it("makes one of the spellings of an address", function()
    for _, pair in ipairs {
      { "ada@example.org", "ada@example.org" },
      { " Ada@Example.ORG\r\n", "ada@example.org" },
      { "", "" },
      { "  ", "" },
      { "a b", "a b" },
      { "4127", "4127" },
      { "\195\137MILE\195\152@x", "\195\169mile\195\184@x" },
      { "\195\151", "\195\151" }, -- the sign of multiplication is no letter
      { "\197\129\195\147D\197\185@x", "\197\130\195\179d\197\186@x" },
      { "\206\145\206\169@x", "\206\177\207\137@x" },
      { "\208\152\208\175\208\129@x", "\208\184\209\143\209\145@x" },
    } do
      assert.equal(pair[2], texts.fold(pair[1]))
      assert.equal(pair[2], texts.fold(pair[2]))
    end
  end)

  it("leaves what it does not know, and what is no UTF-8, as it is", function()
    for _, text in ipairs { "\255\254", "\195", "\227\129\130@x", "\240\159\152\128", "\226\132\170" } do
      assert.equal(text, texts.fold(text))
    end
  end)
end)
