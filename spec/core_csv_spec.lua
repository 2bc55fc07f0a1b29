local core = require "hubspot.core"

describe("core.csv_lines", function()
  it("quotes what needs it", function()
    local cells = { "", "a", "a,b", ",", 'say "hi"', '"', '""', "x\ny", "x\r", "a\tb", "\0", "é;1" }
    local spelled =
      { "", "a", '"a,b"', '","', '"say ""hi"""', '""""', '""""""', '"x\ny"', '"x\r"', "a\tb", "\0", "é;1" }
    assert.equal(table.concat(spelled, ",") .. "\n", core.csv_lines({ cells }, ","))
    for index, cell in ipairs(cells) do
      local alone = cell == "" and '""' or spelled[index]
      assert.equal(alone .. "\n", core.csv_lines({ { cell } }, ","))
    end
    assert.equal('a,b\t"a\tb"\n', core.csv_lines({ { "a,b", "a\tb" } }, "\t"))
  end)

  it("gives each row a line", function()
    assert.equal("", core.csv_lines({}, ","))
    assert.equal('a;b\n""\n;\nc\n', core.csv_lines({ { "a", "b" }, {}, { "", "" }, { "c" } }, ";"))
  end)

  it("takes cells of any length, in calls that follow on each other", function()
    for _, size in ipairs { 1, 1023, 1024, 1025, 65536, 300000, 10 } do
      local plain, quotes = ("x"):rep(size), ('"'):rep(size)
      local line = ('%s,"%s%s"\n'):format(plain, quotes, quotes)
      assert.is_true(core.csv_lines({ { plain, quotes }, { plain, quotes } }, ",") == line .. line)
    end
  end)

  it("refuses what is no row, no cell and no delimiter, and works afterwards", function()
    local function refuses(message, ...)
      local succeeded, problem = pcall(core.csv_lines, ...)
      assert.is_false(succeeded)
      assert.truthy(problem:find(message, 1, true), problem)
      assert.equal("a,b\n", core.csv_lines({ { "a", "b" } }, ","))
    end
    refuses("row 2 must be a table, got string", { { "a" }, "b" }, ",")
    for _, value in ipairs { 1, 1.5, true, {}, core.null } do
      refuses("cell 2 of a row must be a string, got " .. type(value), { { "a", value, "b" } }, ",")
    end
    refuses("must be one character", { { "a" } }, "")
    refuses("must be one character", { { "a" } }, "::")
    refuses("table expected", "a", ",")
    refuses("string expected", { { "a" } }, nil)
  end)
end)
