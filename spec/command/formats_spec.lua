-- The formats of the command's files: CSV and JSON Lines, read and written record by record.

local csv = require "hubspot.command.csv"
local hubspot = require "hubspot"
local json_lines = require "hubspot.command.json_lines"

-- A function that gives a text in pieces of a size.
local function pieces(text, size)
  local at = 1
  return function()
    if at > #text then return nil end
    local piece = text:sub(at, at + size - 1)
    at = at + size
    return piece
  end
end

local function records_of(text, size, options)
  local records = {}
  for record in csv.reader(pieces(text, size), options) do
    records[#records + 1] = record
  end
  return records
end

-- The lines of a writer, given its options and what to write.
local function written(options, use)
  local texts = {}
  use(csv.writer(function(text)
    texts[#texts + 1] = text
    return true
  end, options))
  return table.concat(texts)
end

describe("the reader of CSV", function()
  local function reads(text, expected, options)
    for _, size in ipairs { 1, 2, 7, 4096 } do
      local found = {}
      for index, record in ipairs(records_of(text, size, options)) do
        found[index] = record.cells and { record.line, (table.unpack or unpack)(record.cells) } -- luacheck: ignore
          or { record.line, problem = record.problem, text = record.text }
      end
      assert.same(expected, found)
    end
  end

  it("reads cells, empty ones and the last line without its end", function()
    reads("a,b,c\n1,,3\n,,\nx", { { 1, "a", "b", "c" }, { 2, "1", "", "3" }, { 3, "", "", "" }, { 4, "x" } })
    reads('a,"b"\n"",', { { 1, "a", "b" }, { 2, "", "" } })
  end)

  it("skips a BOM and empty lines, and counts them", function()
    reads("", {})
    reads("\239\187\191", {})
    reads("\239\187\191a,\239\187\191b\n\r\n\nc\r\n", { { 1, "a", "\239\187\191b" }, { 4, "c" } })
    reads('\239\187\191"a,b"\r\n', { { 1, "a,b" } })
  end)

  it(
    "reads quoted cells with delimiters, quotes and line breaks",
    function()
      reads('"a,b","say ""hi""","x\r\ny\n\nz"\r\n"",""""\nnext', {
        { 1, "a,b", 'say "hi"', "x\r\ny\n\nz" },
        { 5, "", '"' },
        { 6, "next" },
      })
    end
  )

  it(
    "takes a quote inside of an unquoted cell as it is",
    function() reads('5" pipe,a"b"\n', { { 1, '5" pipe', 'a"b"' } }) end
  )

  it("takes another delimiter", function()
    reads('a;"b;c";1,5\n', { { 1, "a", "b;c", "1,5" } }, { delimiter = ";" })
    reads('a\t"b\tc"\t.\n', { { 1, "a", "b\tc", "." } }, { delimiter = "\t" })
  end)

  it("keeps NUL, a CR that ends no line, spaces, and a megabyte in a cell", function()
    local long = ("0123456789abcde\n"):rep(65536)
    reads('a\0b,"\0"\n', { { 1, "a\0b", "\0" } })
    reads("a\rb, c \n", { { 1, "a\rb", " c " } })
    local records = records_of('x,"' .. long .. '"\ny\n', 1000)
    assert.equal(long, records[1].cells[2])
    assert.same({ line = 65538, cells = { "y" } }, records[2])
    local line = ("z"):rep(1000000)
    assert.equal(line, records_of(line, 100)[1].cells[1])
  end)

  it("reports quotes that are wrong, with the line, and continues below it", function()
    reads('a,b\n1,"open\n2,x\n', {
      { 1, "a", "b" },
      { 2, problem = "the quote of line 2 is never closed", text = '1,"open' },
      { 3, "2", "x" },
    })
    reads('"a\nb"c,d\r\n"e"\n', {
      { 1, problem = "line 2 has text after the closing quote of a cell", text = '"a' },
      { 2, 'b"c', "d" },
      { 3, "e" },
    })
    local found = records_of('"' .. ("x\n"):rep(1000), 50, { largest_record = 100 })
    assert.equal("the quote of line 1 is never closed", found[1].problem)
    assert.equal(1000, #found)
  end)

  it("tells when the text can't be read", function()
    for _, text in ipairs { 'a,b\n"c', "a,b\nc" } do
      local given = false
      local reader = csv.reader(function()
        if given then return nil, "the disk is gone" end
        given = true
        return text
      end)
      assert.same({ "a", "b" }, reader:next().cells)
      assert.same({ nil, "the disk is gone" }, { reader:next() })
      local succeeded, message = pcall(reader)
      assert.is_false(succeeded)
      assert.equal("the disk is gone", message)
    end
  end)
end)

describe("the writer of CSV", function()
  it("quotes what needs it, and nothing else", function()
    assert.equal(
      'id,name\n1,"a,b"\n2,"say ""hi"""\n"x\r",\n007,+49 30;4\n',
      written({}, function(writer)
        writer:begin { "id", "name" }
        writer:write { "1", "a,b" }
        writer:write { "2", 'say "hi"' }
        writer:write { "x\r", "" }
        writer:write { "007", "+49 30;4" }
      end)
    )
    assert.equal('a\t"b\t"\t,\n', written({ delimiter = "\t" }, function(writer) writer:write { "a", "b\t", "," } end))
    assert.equal('""\n', written({}, function(writer) writer:write { "" } end))
  end)

  it("guards formulas for Excel only, after a BOM", function()
    local rows = { { "=1+1", "+49 30" }, { "-5", "-12.50" }, { "-5+x", "@a" }, { "\tx", "＝1" }, { "a=1", "" } }
    local function use(writer)
      writer:begin { "a", "b" }
      for _, row in ipairs(rows) do
        writer:write(row)
      end
    end
    assert.equal(
      "\239\187\191a,b\n'=1+1,'+49 30\n-5,-12.50\n'-5+x,'@a\n'\tx,'＝1\na=1,\n",
      written({ excel = true }, use)
    )
    assert.equal("a,b\n=1+1,+49 30\n-5,-12.50\n-5+x,@a\n\tx,＝1\na=1,\n", written({}, use))
  end)

  it("writes UTF-8 for Excel, and otherwise each byte", function()
    local row = { "a\237\160\189", "\237\184\128\237\160\189", "\237\159\191", "=\237\160\189" }
    local function use(writer) writer:write(row) end
    assert.equal(table.concat(row, ",") .. "\n", written({}, use))
    local unknown = "\239\191\189"
    assert.equal(
      ("a%s,%s%s,\237\159\191,'=%s\n"):format(unknown, unknown, unknown, unknown),
      written({ excel = true }, use)
    )
  end)

  it("writes what the reader reads", function()
    local bytes = { ",", '"', "\n", "\r", ";", "\t", "0", "a", "\0", "é", "😀", " ", "\237\160\189" }
    local seed = 1
    local function random(count)
      seed = (seed * 48271) % 2147483647
      return seed % count + 1
    end
    for _, delimiter in ipairs { ",", ";", "\t" } do
      local rows = {}
      for row = 1, 300 do
        rows[row] = {}
        for cell = 1, random(4) do
          local text = {}
          for index = 1, random(6) - 1 do
            text[index] = bytes[random(#bytes)]
          end
          rows[row][cell] = table.concat(text)
        end
      end
      local text = written({ delimiter = delimiter }, function(writer)
        for _, row in ipairs(rows) do
          writer:write(row)
        end
      end)
      for _, size in ipairs { 1, 5, 4096 } do
        local found = {}
        for index, record in ipairs(records_of(text, size, { delimiter = delimiter })) do
          found[index] = record.cells
        end
        assert.same(rows, found)
      end
    end
  end)

  it("writes many rows as it writes them one by one, and leaves them alone", function()
    local texts =
      { "", "a", "a,b", 'say "hi"', '"', "x\ny", "x\r", "a\tb", "=1", "-5", "-5,5", "＝1", "\239\188", "é;1" }
    for _, options in ipairs { {}, { excel = true }, { delimiter = "\t" }, { delimiter = ";" } } do
      for width = 1, 4 do
        local rows, copies = {}, {}
        for row = 1, #texts * #texts do
          rows[row], copies[row] = {}, {}
          for place = 1, width do
            rows[row][place] = texts[math.floor(row / place ^ 2) % #texts + 1]
            copies[row][place] = rows[row][place]
          end
        end
        local expected = written(options, function(writer)
          for _, row in ipairs(rows) do
            writer:write(row)
          end
        end)
        assert.equal(expected, written(options, function(writer) writer:write_all(rows) end))
        assert.same(copies, rows)
      end
    end
    assert.equal("", written({}, function(writer) writer:write_all {} end))
  end)

  it("gives the results of its function", function()
    local writer = csv.writer(function() return nil, "disk full" end, { excel = true })
    assert.same({ nil, "disk full" }, { writer:write_all { { "a" } } })
    assert.same({ nil, "disk full" }, { writer:begin { "a" } })
    assert.same({ nil, "disk full" }, { writer:write { "a" } })
  end)
end)

describe("JSON Lines", function()
  it("are read line by line, with null", function()
    local text = '\239\187\191{"a":1}\n\n \r\n{"a":null}\r\n[1,\ntrue'
    for _, size in ipairs { 1, 4096 } do
      local found = {}
      for record in json_lines.reader(pieces(text, size)) do
        found[#found + 1] = record
      end
      assert.same({ line = 1, value = { a = 1 }, text = '{"a":1}' }, found[1])
      assert.equal(4, found[2].line)
      assert.equal(hubspot.null, found[2].value.a)
      assert.equal(5, found[3].line)
      assert.equal("[1,", found[3].text)
      assert.truthy(found[3].problem:find "^no JSON: ")
      assert.same({ line = 6, value = true, text = "true" }, found[4])
      assert.equal(4, #found)
    end
  end)

  it("are written one value a line, its keys in order", function()
    local texts = {}
    local writer = json_lines.writer(function(text)
      texts[#texts + 1] = text
      return true
    end)
    assert.is_true(writer:write { id = "1", properties = { b = "x\ny", a = "😀" } })
    writer:write { hubspot.null }
    assert.same({ '{"id":"1","properties":{"a":"😀","b":"x\\ny"}}\n', "[null]\n" }, texts)
  end)
end)
