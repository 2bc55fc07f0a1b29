-- The module of the examples that reads and writes CSV, and their file of made-up people.

local script = require "spec.support.script"
local csv = require "csv"

local records_of = script.csv_records

describe("csv", function()
  local function reads(text, expected)
    for _, size in ipairs { 1, 2, 7, 4096 } do
      assert.are.same(expected, records_of(text, size))
    end
  end

  it(
    "reads cells, empty ones too",
    function() reads("a,b,c\n1,,3\n,,\n", { { 1, "a", "b", "c" }, { 2, "1", "", "3" }, { 3, "", "", "" } }) end
  )

  it("needs no line end at the end", function() reads("a,b\n1,", { { 1, "a", "b" }, { 2, "1", "" } }) end)

  it("reads nothing from an empty text, a BOM, or empty lines", function()
    reads("", {})
    reads("\239\187\191", {})
    reads("\n\r\n\n", {})
  end)

  it(
    "takes LF and CRLF, and counts lines in both",
    function() reads("a\r\nb\nc\r\n\r\nd", { { 1, "a" }, { 2, "b" }, { 3, "c" }, { 5, "d" } }) end
  )

  it("keeps a CR that ends no line", function() reads("a\rb,c\r\n", { { 1, "a\rb", "c" } }) end)

  it("skips a BOM at the beginning only", function()
    reads("\239\187\191a,\239\187\191b\n", { { 1, "a", "\239\187\191b" } })
    reads('\239\187\191"a,b"\n', { { 1, "a,b" } })
  end)

  it(
    "reads quoted cells with commas, quotes and line breaks",
    function()
      reads('"a,b","say ""hi""","x\r\ny\n\nz"\n"",""""\nnext', {
        { 1, "a,b", 'say "hi"', "x\r\ny\n\nz" },
        { 5, "", '"' },
        { 6, "next" },
      })
    end
  )

  it(
    "takes a quote inside an unquoted cell as it is",
    function() reads('5" pipe,a"b"\n', { { 1, '5" pipe', 'a"b"' } }) end
  )

  it("keeps spaces and tabs", function() reads(" a ,\tb\n", { { 1, " a ", "\tb" } }) end)

  it(
    "reports a quote that is never closed, and goes on below",
    function()
      reads('a,b\n"open,1\n2,3\n4,5', {
        { 1, "a", "b" },
        { 2, problem = "a quoted cell that never ends" },
        { 3, "2", "3" },
        { 4, "4", "5" },
      })
    end
  )

  it(
    "reports an open quote that a later one seems to close, and goes on below",
    function()
      reads('"open,1\n2,3\n"q",5\n', {
        { 1, problem = "text after the closing quote of a cell" },
        { 2, "2", "3" },
        { 3, "q", "5" },
      })
    end
  )

  it(
    "reports text after a closing quote",
    function()
      reads('"a"b,c\n"d" ,e\nf,g\n', {
        { 1, problem = "text after the closing quote of a cell" },
        { 2, problem = "text after the closing quote of a cell" },
        { 3, "f", "g" },
      })
    end
  )

  it("looks after an open quote for about a megabyte", function()
    local filler = ("x"):rep(1023) .. "\n"
    local records = records_of('"open\n' .. filler:rep(3000) .. '"late"\n', 65536)
    assert.are.equal("a quoted cell that never ends", records[1].problem)
    assert.are.equal(3002, #records)
    assert.are.same({ 3002, "late" }, records[3002])
  end)

  it("reports what is not UTF-8", function()
    local wrong = {
      "\255",
      "\128",
      "caf\233",
      "\192\128",
      "\193\191",
      "\224\159\191",
      "\237\160\128",
      "\240\143\191\191",
      "\244\144\128\128",
      "\245\128\128\128",
      "\226\130",
      "\195\195\169",
      "\195\169\169",
    }
    for _, bytes in ipairs(wrong) do
      reads("a\n" .. bytes .. ",b\nc\n", { { 1, "a" }, { 2, problem = "not valid UTF-8" }, { 3, "c" } })
    end
  end)

  it("takes all of UTF-8", function()
    local right =
      { "é", "Ł", "漢字", "한", "\237\159\191", "\238\128\128", "\239\191\191", "😀", "\244\143\191\191" }
    for _, text in ipairs(right) do
      reads(text .. "\n", { { 1, text } })
    end
  end)

  it("writes what it reads", function()
    assert.are.equal('a,"b,c","say ""hi""",,7', csv.line { n = 5, "a", "b,c", 'say "hi"', nil, 7 })
    local cells = { "Ł", "", "two\r\nlines", '"', " ", "a\rb" }
    local expected = { 1 }
    for _, cell in ipairs(cells) do
      expected[#expected + 1] = cell
    end
    reads(csv.line(cells) .. "\n", { expected })
  end)

  it("marks as text what a spreadsheet would take for a formula", function()
    for _, start in ipairs { "=", "+", "-", "@", "\t", "\r", "＝", "＠" } do
      local text = start .. 'cmd|" /C calc"!A0'
      assert.are.equal("'" .. text, csv.as_text(text))
    end
    for _, text in ipairs { "", "a=b", "5.2.2", "'quoted", " =1", "ada@example.org" } do
      assert.are.equal(text, csv.as_text(text))
    end
    assert.are.equal("-5", csv.as_text(-5))
    assert.are.equal("", csv.as_text(nil))
  end)

  it("throws what its source throws or reports", function()
    assert.has_error(function()
      csv.records(function() return nil, "disk on fire" end)()
    end, "disk on fire")
  end)

  describe("contacts.csv", function()
    it("has addresses at example domains only, and no two alike", function()
      local file = assert(io.open("examples/contacts.csv", "rb"))
      local rows, seen = 0, {}
      for line, cells, problem in csv.records(function() return file:read(4096) end) do
        assert.is_nil(problem)
        rows = rows + 1
        local email = cells[1]:lower()
        if line > 1 and email ~= "" then
          assert.is_truthy(email:find "@example%.org$" or email:find "@example%.com$" or email:find "@example%.net$")
          assert.is_nil(seen[email], email)
          seen[email] = true
        end
      end
      file:close()
      assert.are.equal(2001, rows)
    end)
  end)
end)
