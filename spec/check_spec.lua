local check = require "hubspot.check"
local contact_records = require("hubspot.resource.contact_input").records
local hubspot = require "hubspot"
local list_ids = require "hubspot.resource.list_ids"

local NAN, INFINITY = 0 / 0, math.huge

-- Each value as what it becomes; nil stands for: it stays what it is.
local function takes(value_type, cases)
  for _, case in ipairs(cases) do
    local expected = case[2]
    if expected == nil then expected = case[1] end
    local value, message = value_type.check(case[1], "here")
    assert.is_nil(message)
    assert.same(expected, value)
  end
end

local function refuses(value_type, values, expected)
  for index = 1, values.n or #values do
    local value, message = value_type.check(values[index], "here")
    assert.is_nil(value, tostring(values[index]))
    assert.equal("here", message:sub(1, 4))
    assert.truthy(message:find(expected, 1, true), message)
  end
end

local callable = setmetatable({}, { __call = function() end })

describe("check", function()
  it("knows booleans", function()
    takes(check.boolean, { { true }, { false } })
    refuses(check.boolean, { n = 5, "true", 0, {}, print, nil }, "must be true or false")
  end)

  it("knows tables, texts and functions", function()
    takes(check.table, { { {} } })
    refuses(check.table, { "x", 1, true }, "must be a table, got")
    takes(check.text, { { "" }, { "x" } })
    refuses(check.text, { 1, {}, true }, "must be a string, got")
    takes(check.string, { { "x" } })
    refuses(check.string, { "", 1, {} }, "must be a string that is not empty")
    takes(check.segment, { { "x" }, { "..." }, { " " }, { "/" } })
    refuses(check.segment, { "", ".", "..", 1, {} }, "must be a string that is not empty")
    assert.equal(print, check.callable.check(print, "here"))
    assert.equal(callable, check.callable.check(callable, "here"))
    refuses(
      check.callable,
      { {}, "print", setmetatable({}, {}), setmetatable({}, { __metatable = "locked" }) },
      "must be a function"
    )
  end)

  it("knows seconds", function()
    takes(check.seconds, { { 1 }, { 0.001 }, { 3600 } })
    refuses(check.seconds, { 0, -1, INFINITY, NAN, "1", {} }, "must be a positive number of seconds")
    -- Milliseconds.
    refuses(check.seconds, { 30000, 3601 }, "must be a positive number of seconds, at most 3600 (an hour)")
  end)

  it("knows integers of a range", function()
    takes(check.integer(1, 3), { { 1 }, { 3 }, { 2.0 } })
    refuses(
      check.integer(1, 3),
      { 0, 4, 1.5, NAN, INFINITY, -INFINITY, "2", {} },
      "must be an integer from 1 to 3, got"
    )
  end)

  it("knows one of some words, and which was meant", function()
    local order = check.one_of { "ascending", "descending" }
    takes(order, { { "ascending" }, { "descending" } })
    refuses(order, { "", "x", 1, {} }, 'must be one of "ascending", "descending"')
    refuses(order, { "asending", "Ascending" }, "; did you mean ascending?")
  end)

  it("knows ids, which become digits", function()
    takes(
      check.id,
      { { "4127" }, { 4127, "4127" }, { 4127.0, "4127" }, { 0, "0" }, { "007" }, { 2 ^ 53 - 1, "9007199254740991" } }
    )
    refuses(
      check.id,
      { n = 14, "", "x", "-1", "1.5", " 1", "1 ", "1e3", -1, 1.5, NAN, INFINITY, {}, true, nil },
      'must be an id such as 4127 or "4127", got'
    )
    refuses(check.id, { 2.0 ^ 53, 2.0 ^ 63, 1e300 }, "is a number too large to be exact; pass it as a string")
  end)

  it("knows ids of lists, and of lists of v1", function()
    takes(list_ids.type, { { "61" }, { 61, "61" }, { { legacy = 321 }, { legacy = "321" } } })
    refuses(list_ids.type, { "x", -1, 1.5, true }, "must be an id")
    refuses(list_ids.type, { {}, { legacy = "x" }, { legacy = {} }, { 321 } }, "here.legacy must be an id")
    refuses(list_ids.type, { { legacy = 1, id = 2 } }, "has an unknown field id")
  end)

  it("knows lists", function()
    local ids = check.ids
    takes(ids, { { { 1, "2" }, { "1", "2" } } })
    refuses(ids, { "1", 1, true }, "must be a list of ids, got")
    refuses(ids, { { a = 1 }, { 1, a = 2 } }, "must be a list of ids, got a table with the key a")
    refuses(ids, { {} }, "must not be empty")
    refuses(ids, { { 1, "x" } }, "here[2] must be an id")
    refuses(ids, { { 1, nil, 3 }, { [2] = 1 }, { [0] = 1, 2 } }, 'must be an id such as 4127 or "4127", got nil')
    takes(check.list_of(check.id, "ids", true), { { {} } })
    takes(check.names, { { { "email" } } })
    refuses(check.names, { { "" }, { 5 } }, "here[1] must be a string")
    refuses(check.names, { { "email,phone" }, { "," } }, 'here[1] must be one name, got "')
    refuses(check.true_or_names, { { "email", "a,b" } }, 'here[2] must be one name, got "a,b": give each name by')
    local given = { 1 }
    assert.not_equal(given, ids.check(given, "here"))
    assert.same({ 1 }, given)
  end)

  it("knows true or names", function()
    takes(check.true_or_names, { { true }, { false }, { { "email" } } })
    refuses(check.true_or_names, { "email", 1 }, "must be true or a list of property names")
    refuses(check.true_or_names, { {} }, "must not be empty")
  end)

  it("knows times, which become milliseconds", function()
    takes(
      check.time,
      { { 0 }, { 1764000000000 }, { "1970-01-02", 86400000 }, { "2025-11-24T16:00:00.000Z", 1764000000000 } }
    )
    refuses(
      check.time,
      { "", "yesterday", "2026-13-01", "2026-02-30", -1, 1.5, 2.0 ^ 53, NAN, INFINITY, {}, true },
      "must be a time in milliseconds since 1970, or ISO 8601"
    )
    refuses(check.time, { 1, 86400, 1764000000, 1e11 - 1 }, "must be in milliseconds since 1970, got")
    assert.equal(
      "here must be in milliseconds since 1970, got 1764000000, which are seconds: pass hubspot.time(1764000000)",
      select(2, check.time.check(1764000000, "here"))
    )
  end)

  it("knows property values, which become the texts that HubSpot keeps", function()
    takes(check.properties, {
      {
        { email = "a", n = 42, x = 1.5, yes = true, no = false, gone = hubspot.null, empty = "" },
        { email = "a", n = "42", x = "1.5", yes = "true", no = "false", gone = "", empty = "" },
      },
      {
        { n = 1e15, m = 2 ^ 53, tenth = 0.1, tiny = 1e-7, neg = -3 },
        { n = "1000000000000000", m = "9007199254740992", tenth = "0.1", tiny = "0.0000001", neg = "-3" },
      },
      {
        { sum = 19.99 + 5.01 - 25 + 1e-13, huge = 1e16, largest = 1e300 },
        { sum = "0.0000000000001", huge = "10000000000000000", largest = "1" .. ("0"):rep(300) },
      },
    })
    refuses(check.properties, { {}, "x", 1, { "email" }, { [""] = "x" } }, "must be a table of property values by name")
    refuses(
      check.properties,
      { { t = print }, { t = { a = 1 } } },
      "here.t must be a string, a number, a boolean or a list of strings, got"
    )
    refuses(
      check.properties,
      { { t = NAN }, { t = INFINITY }, { t = -INFINITY } },
      "here.t must be a finite number, got"
    )
  end)

  it("takes properties that are all texts as they are, however many there are", function()
    for _, count in ipairs { 1, 20, 5000 } do
      local given = {}
      for number = 1, count do
        given["property_" .. number] = "value " .. number
      end
      assert.equal(given, check.properties.check(given, "here"))
    end
  end)

  it("leaves the caller's table alone where a value becomes another text", function()
    local given = { email = "ada@example.org", amount = 5 }
    assert.same({ email = "ada@example.org", amount = "5" }, check.properties.check(given, "here"))
    assert.same({ email = "ada@example.org", amount = 5 }, given)
  end)

  it("knows the values of a multi-select, which HubSpot takes with semicolons between them", function()
    takes(check.properties, {
      { { hobbies = { "chess", "tea" } }, { hobbies = "chess;tea" } },
      { { hobbies = { "chess" } }, { hobbies = "chess" } },
      { { sizes = { 38, 39.5, "40" } }, { sizes = "38;39.5;40" } },
    })
    refuses(check.properties, { { t = {} } }, 'here.t is an empty list: pass "" to clear the property')
    refuses(check.properties, {
      { t = { "a", "b;c" } },
      { t = { "a", "" } },
      { t = { "a", true } },
      { t = { "a", NAN } },
      { t = { "a", nil, "c" } },
      { t = { "a", b = "c" } },
      { t = { "a", { "b" } } },
    }, "here.t[2] must be one value of the list, a string without semicolons, got")
  end)

  it("knows words that HubSpot adds to: known ones, what is none, and what is nearly one", function()
    local word = check.word { "SENT", "DELIVERED", "CLICK" }
    takes(word, { { "SENT" }, { "DELIVERED" }, { "CLICK_ON_IDENTIFIED_LINK" }, { "RESENT" }, { "V2" } })
    refuses(
      word,
      { "", "sent", "a b", "DELIVRED", "1", 1, {}, true },
      'must be one of "SENT", "DELIVERED", "CLICK", or another of HubSpot\'s words, got'
    )
    assert.truthy(select(2, word.check("DELIVRED", "here")):find("; did you mean DELIVERED?", 1, true))
    assert.truthy(select(2, word.check("sent", "here")):find("; did you mean SENT?", 1, true))
    local object_type = check.word({ "contacts", "deals" }, check.is_name)
    takes(object_type, { { "leads" }, { "tickets" }, { "2-3465404" }, { "p99001_machines" } })
    refuses(object_type, { "contact", "deal", "all people", "" }, 'must be one of "contacts", "deals"')
    assert.equal('"contacts"|"deals"|string', object_type.luacats)
  end)

  it("knows tables with fields", function()
    local fields = check.fields("a thing", {
      name = { type = check.string, required = true },
      size = { type = check.integer(1, 9) },
    })
    takes(fields, { { { name = "x" } }, { { name = "x", size = 3 } } })
    refuses(fields, { "x", 1 }, "must be a thing")
    refuses(fields, { {}, { size = 1 } }, "here.name is missing: it must be a string")
    refuses(fields, { { name = "x", size = 10 } }, "here.size must be an integer")
    refuses(fields, { { name = "x", siez = 1 } }, "has an unknown field siez; did you mean size? (it takes name, size)")
    refuses(fields, { { "x" } }, "has an unknown field 1")
  end)

  it("knows records to write", function()
    takes(contact_records, {
      {
        { { id = 5, properties = { a = 1 } }, { email = "a@b.c", properties = { a = "x" } } },
        { { id = "5", properties = { a = "1" } }, { email = "a@b.c", properties = { a = "x" } } },
      },
    })
    refuses(
      contact_records,
      { { { properties = { a = 1 } } }, { { id = 1, email = "a@b.c", properties = { a = 1 } } } },
      "here[1] needs either email or id"
    )
    refuses(contact_records, { { { id = 1 } } }, "here[1].properties is missing")
    refuses(contact_records, { { { id = 1, properties = 5 } } }, "here[1].properties must be a table")
    takes(contact_records, { { { { email = "a@b.c", properties = {} } }, { { email = "a@b.c", properties = {} } } } })
    refuses(contact_records, { { "x" } }, "here[1] must be a record")
  end)

  it("knows headers", function()
    takes(check.headers, { { {} }, { { ["X-Trace"] = "a b\195\171" } } })
    refuses(check.headers, { "x", 1 }, "must be a table of header values by name")
    refuses(
      check.headers,
      { { [""] = "x" }, { ["a b"] = "x" }, { ["a:"] = "x" }, { "x" }, { ["a\r\nb"] = "x" } },
      "must be header values by name"
    )
    refuses(
      check.headers,
      { { a = 5 }, { a = "x\r\ny" }, { a = "x\ny" }, { a = "\0" } },
      "here.a must be a string without line breaks"
    )
    refuses(check.headers, {
      { Authorization = "x" },
      { authorization = "x" },
      { ["Content-Length"] = "1" },
      { ["transfer-encoding"] = "chunked" },
    }, "the client does")
  end)

  it("knows retry settings", function()
    takes(check.retry, { { false }, { {} }, { { max_attempts = 3, base_delay = 0.1, max_delay = 5 } } })
    refuses(check.retry, { true, 3, "x" }, "must be a table of retry settings, or false")
    refuses(check.retry, { { max_attempts = 0 }, { max_attempts = 101 } }, "here.max_attempts must be an integer")
    refuses(check.retry, { { base_delay = 0 } }, "here.base_delay must be a positive number of seconds")
    refuses(check.retry, { { attempts = 3 } }, "did you mean max_attempts?")
  end)

  it("shows of a wrong text no more than its beginning, and no control characters", function()
    local _, message = check.id.check(("x"):rep(41), "here")
    assert.truthy(message:find('got "' .. ("x"):rep(40) .. '…"', 1, true))
    _, message = check.id.check("a\r\nb\27", "here")
    assert.truthy(message:find([[got "a\x0D\x0Ab\x1B"]], 1, true))
  end)
end)

describe("check.did_you_mean", function()
  local known = { properties = true, archived = true, max = true, raw = true, page_size = true }

  it("finds the name that was meant", function()
    for given, meant in pairs {
      property = "properties",
      propertys = "properties",
      Archived = "archived",
      archive = "archived",
      pagesize = "page_size",
      pageSize = "page_size",
      mx = "max",
      maxx = "max",
    } do
      assert.equal(("; did you mean %s?"):format(meant), check.did_you_mean(given, known))
    end
  end)

  it("knows how other clients say it", function()
    local names =
      { token = true, page_size = true, max = true, cursor = true, filter_groups = true, get_by_email = true }
    for given, meant in pairs {
      api_key = "token",
      apiKey = "token",
      access_token = "token",
      accessToken = "token",
      limit = "page_size (records a request) or max (stop after that many)",
      after = "cursor",
      filters = "filter_groups",
      filterGroups = "filter_groups",
      getByEmail = "get_by_email",
    } do
      assert.equal(("; did you mean %s?"):format(meant), check.did_you_mean(given, names))
    end
    assert.equal("; did you mean max?", check.did_you_mean("limit", { max = true }))
    assert.equal("", check.did_you_mean("limit", { raw = true }))
  end)

  it("is silent where none is near", function()
    for _, given in ipairs { "", "a", "xy", "q", "timeout", "completely different" } do
      assert.equal("", check.did_you_mean(given, known))
    end
  end)
end)

describe("check.options", function()
  local known = { size = { type = check.integer(1, 9), required = true }, archived = { type = check.boolean } }

  it(
    "gives what it checked",
    function() assert.same({ size = 3, archived = false }, check.options({ size = 3, archived = false }, known)) end
  )

  it("tells what is unknown, wrong or missing", function()
    local function message_of(given) return select(2, check.options(given, known)) end
    assert.equal("unknown option siz; did you mean size?", message_of { size = 1, siz = 2 })
    assert.equal("unknown option 1", message_of { size = 1, "x" })
    assert.equal("size must be an integer from 1 to 9, got 0", message_of { size = 0 })
    assert.equal("option size is missing: it must be an integer from 1 to 9", message_of { archived = true })
  end)
end)
