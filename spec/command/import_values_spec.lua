-- The parts of an import that need no HubSpot: values, dates, keys and columns.

local date_format = require "hubspot.command.import.date_format"
local mapping = require "hubspot.command.import.mapping"
local property_values = require "hubspot.command.import.property_values"
local seen_keys = require "hubspot.command.seen_keys"

local TIERS = { { label = "Gold", value = "a" }, { label = "Silver", value = "b" }, { label = "Gold", value = "c" } }

local function reader(definition, how) return property_values.reader(definition, how or {}) end

-- Checks what a reader makes of texts; nil stands for a refusal.
local function reads(definition, how, expected)
  local read = reader(definition, how)
  for text, value in pairs(expected) do
    local made, problem = read(text)
    assert.equal(value or nil, made, text)
    assert.equal(not value, type(problem) == "string", text)
  end
end

describe("values of an import", function()
  it("are numbers as they are written", function()
    reads({ name = "n", type = "number" }, {}, {
      ["7"] = "7",
      [" -0.50 "] = "-0.50",
      ["+49"] = "+49",
      ["007"] = "007",
      ["12345678901234567890"] = "12345678901234567890",
      ["1,5"] = false,
      ["1e3"] = false,
      ["0x1f"] = false,
      ["1.000.000"] = false,
      ["nan"] = false,
    })
    local _, problem = reader { name = "n", type = "number" } "1.234,50"
    assert.equal('"1.234,50" is no number: write it without separators, with a point before decimals', problem)
  end)

  it("are days and moments", function()
    reads({ name = "d", type = "date" }, {}, {
      ["2026-02-28"] = "2026-02-28",
      ["2026-02-30"] = false,
      ["28.02.2026"] = false,
      ["1772236800000"] = "1772236800000",
      ["1772236800001"] = false,
    })
    reads({ name = "t", type = "datetime" }, {}, {
      ["2026-02-28T12:00:00Z"] = "2026-02-28T12:00:00Z",
      ["2026-02-28T12:00:00+02:00"] = "2026-02-28T12:00:00+02:00",
      ["2026-02-28"] = "2026-02-28",
      ["yesterday"] = false,
    })
  end)

  it("are dates as --date-format spells them", function()
    local german = assert(date_format.new "DD.MM.YYYY")
    reads({ name = "d", type = "date" }, { date_format = german }, {
      ["28.02.2026"] = "2026-02-28",
      ["30.02.2026"] = false,
      ["8.2.2026"] = false,
      ["28.02.26"] = false,
      ["28.02.2026 "] = "2026-02-28",
      ["28.02.20261"] = false,
    })
  end)

  it("are moments as --date-format spells them", function()
    local american = assert(date_format.new "M/D/YYYY hh:mm")
    reads({ name = "t", type = "datetime" }, { date_format = american }, {
      ["2/8/2026 9:05"] = "2026-02-08T09:05:00Z",
      ["12/31/2026 23:59"] = "2026-12-31T23:59:00Z",
      ["13/1/2026 9:05"] = false,
      ["2/8/2026 24:05"] = false,
      ["2/8/2026"] = false,
    })
    reads({ name = "d", type = "date" }, { date_format = american }, { ["2/8/2026 9:05"] = false })
  end)

  it(
    "are true or false, yes or no",
    function()
      reads({ name = "b", type = "bool" }, {}, {
        TRUE = "true",
        yes = "true",
        [" No "] = "false",
        ["1"] = false,
        ja = false,
      })
    end
  )

  it("are options, by their values or by their labels", function()
    local definition = { name = "tier", type = "enumeration", fieldType = "select", options = TIERS }
    reads(definition, {}, { a = "a", [" b "] = "b", A = false, Silver = false, ["a;b"] = false })
    reads(definition, { by_label = true }, { Silver = "b", b = "b", Gold = false, Bronze = false })
    local _, problem = reader(definition) "Silver"
    assert.equal('"Silver" is a label, and the option is b: --labels reads labels', problem)
    _, problem = reader(definition, { by_label = true }) "Silvr"
    assert.equal('"Silvr" is none of the options (Gold, Silver, Gold); did you mean Silver?', problem)
  end)

  it("are several options, which a leading semicolon adds", function()
    local definition = { name = "tiers", type = "enumeration", fieldType = "checkbox", options = TIERS }
    reads(definition, {}, { ["a;b"] = "a;b", [" a ; b"] = "a;b", [";c"] = ";c", ["a;x"] = false })
    reads(definition, { appends = true }, { ["a;b"] = ";a;b", [";c"] = ";c" })
    local _, problem = reader(definition) ";"
    assert.equal('";" names no option', problem)
  end)

  it("are several options whose labels have semicolons, where one reading alone fits", function()
    local options = {}
    for index, label in ipairs { "A", "B", "B; C", "A;B", "D;E;F" } do
      options[index] = { label = label, value = tostring(index) }
    end
    local definition = { name = "x", type = "enumeration", fieldType = "checkbox", options = options }
    reads(definition, { by_label = true }, {
      ["B; C"] = "3",
      ["A;B; C"] = "1;3",
      ["B; C; A ;B"] = "3;1;2",
      [" ;B; C;;D;E;F;A"] = ";3;5;1",
      ["A;B"] = false,
      ["D;E"] = false,
      ["A;D;E;F;Z"] = false,
    })
    local read = reader(definition, { by_label = true })
    assert.equal('"A;B" stands for the options in several ways', select(2, read "A;B"))
    assert.truthy(select(2, read "A;D;E;F;Z"):find('"D" is none of the options', 1, true))
    reads(definition, {}, { ["1;3"] = "1;3", ["B; C"] = false })
  end)

  it("are anything where HubSpot has the options elsewhere", function()
    reads({ name = "x", type = "enumeration", fieldType = "select", options = {} }, {}, { any = "any" })
    local external = { name = "x", type = "enumeration", fieldType = "select", options = TIERS, externalOptions = true }
    reads(external, {}, { any = "any" })
  end)

  it("are owners by id or by address", function()
    local function owner_id(address) return ({ ["ada@example.org"] = "77" })[address] end
    local how = { owner_id = owner_id }
    reads({ name = "hubspot_owner_id", type = "string" }, how, {
      ["12"] = "12",
      ["Ada@Example.org"] = "77",
      ["bob@example.org"] = false,
      ["Ada"] = false,
      ["12a"] = false,
    })
  end)

  it(
    "are addresses that a server may have",
    function()
      reads({ name = "email", type = "string" }, {}, {
        [" Ada+x@Example.org "] = "Ada+x@Example.org",
        ["o'b@a-b.c.example"] = "o'b@a-b.c.example",
        ["ä@example.org"] = "ä@example.org",
        ["ada@example.org."] = false,
        ["ada@-example.org"] = false,
        ["ada@example-.org"] = false,
        ["ada@a..example"] = false,
        ["a@b@example.org"] = false,
        ["ada@1.2.3.4"] = false,
        ["\194\160ada@example.org"] = false,
        ["ada\226\128\139@example.org"] = false,
        ["\239\187\191ada@example.org"] = false,
      })
    end
  )

  it("are texts as they are, of the length that HubSpot takes", function()
    local definition = { name = "s", type = "string" }
    reads(definition, {}, { ["  07 "] = "  07 ", ["a\nb"] = "a\nb" })
    assert.equal(131072, #assert(reader(definition)(("ä"):rep(65536))))
    local _, problem = reader(definition)(("ä"):rep(65537))
    assert.equal("has 65537 characters, and HubSpot takes 65536", problem)
  end)

  it(
    "are e-mail addresses",
    function()
      reads({ name = "email", type = "string" }, {}, {
        [" ada@example.org"] = "ada@example.org",
        ["ada"] = false,
        ["ada@host"] = false,
        ["a b@example.org"] = false,
        ["a@b@example.org"] = false,
        ["ada@exa..mple.org"] = false,
      })
    end
  )
end)

describe("a value that a record has", function()
  local function kept(kind, has, given, field_type)
    return property_values.is_kept({ name = "p", type = kind, fieldType = field_type }, has, given)
  end

  it("is one by its type", function()
    assert.is_true(kept("number", "7", "007.0"))
    assert.is_false(kept("number", "7", "7.1"))
    assert.is_false(kept("number", "12345678901234567890", "12345678901234567891"))
    assert.is_true(kept("number", "+12345678901234567890.10", "012345678901234567890.1"))
    assert.is_true(kept("number", "-0", "0.0"))
    assert.is_true(kept("number", "1e3", "1000"))
    assert.is_true(kept("datetime", "2026-02-28T12:00:00Z", "2026-02-28T14:00:00+02:00"))
    assert.is_true(kept("date", "2026-02-28", "1772236800000"))
    assert.is_true(kept("bool", "true", "TRUE"))
    assert.is_true(kept("enumeration", "b;a", "a;b", "checkbox"))
    assert.is_false(kept("enumeration", "b;a", "a", "checkbox"))
    assert.is_true(kept("enumeration", "b;a", ";a", "checkbox"))
    assert.is_false(kept("enumeration", "b;a", ";c", "checkbox"))
    assert.is_false(kept("string", "a", "A"))
    assert.is_true(kept("string", nil, ""))
    assert.is_false(kept("string", "a", ""))
    assert.is_false(kept("number", nil, "0"))
  end)
end)

describe("a date format", function()
  it("is refused with what is wrong with it", function()
    local function problem(spelled) return select(2, date_format.new(spelled)) end
    assert.equal("must have YYYY, MM and DD, such as DD.MM.YYYY, got DD.MM", problem "DD.MM")
    assert.equal("has YY, which is none of YYYY, MM, M, DD, D, hh, mm and ss", problem "DD.MM.YY")
    assert.equal("has the month twice", problem "MM.M.YYYY")
  end)
end)

describe("keys that were seen", function()
  it("tell the line on which they came first", function()
    local keys = seen_keys.new()
    for line = 1, 50000 do
      assert.equal(line, keys:first_line(("k%d@example.org"):format(line), line))
    end
    for line = 1, 50000, 7 do
      assert.equal(line, keys:first_line(("k%d@example.org"):format(line), line + 50000))
    end
    assert.equal(99999, keys:first_line("other", 99999))
  end)

  it("are known by their lines where the same lines are read again", function()
    local keys = seen_keys.new()
    for line, key in ipairs { "a", "b", "a", "c", "b", "a" } do
      keys:first_line(key, line)
    end
    local again, lines = keys:only_repeated(), {}
    for line, key in ipairs { "a", "b", "a", "c", "b", "a" } do
      lines[line] = again:first_line(key, line)
    end
    assert.same({ 1, 2, 1, 4, 2, 1 }, lines)
  end)

  it("take no room where the same lines are read again", function()
    local keys = seen_keys.new()
    for line = 1, 50000 do
      keys:first_line(("k%d"):format(line), line)
    end
    collectgarbage()
    local with_keys = collectgarbage "count"
    keys = keys:only_repeated()
    collectgarbage()
    assert.truthy(with_keys - collectgarbage "count" > 50000 * 20 / 1024)
    assert.equal(7, keys:first_line("k1", 7))
  end)
end)

describe("a mapping", function()
  local DEFINITIONS = {
    email = { name = "email", label = "E-Mail", type = "string" },
    firstname = { name = "firstname", label = "First name", type = "string" },
    tiers = { name = "tiers", label = "Tiers", type = "enumeration", fieldType = "checkbox", options = TIERS },
    createdate = {
      name = "createdate",
      label = "Created",
      type = "datetime",
      modificationMetadata = { readOnlyValue = true },
    },
  }

  local function new(options)
    local all = { definitions = DEFINITIONS, key = "email", map = {}, ignore = {}, append = {}, associate = {} }
    for name, value in pairs(options or {}) do
      all[name] = value
    end
    return mapping.new(all)
  end

  local function kind(made, header)
    local target, problem = made:target(header)
    return target and (target.name or target.kind) or problem
  end

  it("finds properties by their names in any case, and by --map", function()
    local made = new { map = { Vorname = "firstname" } }
    assert.equal("email", kind(made, "email"))
    assert.equal("email", kind(made, " Email "))
    assert.equal("firstname", kind(made, "Vorname"))
  end)

  it("tells what a column without a property may be", function()
    local made = new()
    assert.equal(
      "First name is the label of the property firstname: --map 'First name=firstname'",
      kind(made, "First name")
    )
    assert.equal(
      "no property is called fristname; did you mean firstname? (--map 'fristname=PROPERTY' names one, "
        .. "--ignore 'fristname' leaves the column out)",
      kind(made, "fristname")
    )
    assert.equal("a column has no name: --ignore '' leaves it out", kind(made, ""))
  end)

  it("leaves out what is ignored, an export's own columns, and those of an errors file", function()
    local made = new { ignore = { Notiz = true } }
    assert.equal("ignored", kind(made, "Notiz"))
    assert.equal("ignored", kind(made, "id"))
    assert.equal("ignored", kind(made, "created_at"))
    for _, name in ipairs { "_line", "_status", "_error", "_property" } do
      assert.equal("note", made:target(name).kind)
    end
  end)

  it("takes ids for the key where that is asked for", function()
    local made = new { key = "id" }
    assert.equal("id", kind(made, "Record ID"))
    assert.equal("id", kind(made, "hs_object_id"))
    assert.is_true(made:target("id").is_key)
    assert.is_false(made:target("email").is_key)
  end)

  it("refuses read-only properties, or leaves them out", function()
    assert.equal(
      "HubSpot lets nobody write createdate: --ignore 'createdate' leaves it out, --skip-read-only all such ones",
      kind(new(), "createdate")
    )
    assert.equal("ignored", kind(new { skips_read_only = true }, "createdate"))
  end)

  it("refuses --append for a property of one value", function()
    local made = new { append = { firstname = true, tiers = true } }
    assert.equal("--append is for properties of several options, and firstname is none", kind(made, "firstname"))
    assert.equal(";a", made:target("tiers").read "a")
  end)

  it("names an option's column that the file lacks", function()
    local made = new { map = { Vorname = "firstname" } }
    made:target "email"
    assert.equal("Vorname", made:missing { "email" })
    assert.is_nil(made:missing { "email", "Vorname" })
  end)
end)
