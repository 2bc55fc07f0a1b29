-- Imports of JSON Lines: nothing is lost, and nothing changes on the way, without a word.

local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"

local here = fixture.new { clients = { current = {} }, reset = {} }

local files

before_each(function() files = importing.new(here.server) end)
after_each(function() files:remove() end)

local function run(name, ...) return files:run("contacts", name, { "--errors", "@bad.jsonl", ... }) end

local function has(text, part) assert.truthy(text:find(part, 1, true), text) end

-- Imports lines of which some are refused; gives the file with these.
local function bad_lines(created, lines)
  files:write("a.jsonl", lines)
  local result = run("a.jsonl", "--write")
  assert.equal(3, result.status, result.stderr)
  assert.same({ created = created, updated = 0, refused = #lines - created }, importing.counts(result))
  return files:read "bad.jsonl"
end

describe("a file of JSON Lines", function()
  it("gives back a line that is no UTF-8, and the rows below it arrive", function()
    local bad = bad_lines(1, {
      '{"email":"a@example.org","city":"Łódź, K\246ln"}',
      '{"email":"b@example.org","city":"Łódź"}',
    })
    has(bad, [["_text":"{\"email\":\"a@example.org\",\"city\":\"Łódź, K]] .. "\239\191\189" .. [[ln\"}"]])
  end)

  it("gives back a line that fills one property twice", function()
    local bad = bad_lines(1, {
      '{"email":"a@example.org","Email":"b@example.org"}',
      '{"email":"c@example.org","City":"Rome","city":"Oslo"}',
      '{"email":"d@example.org","city":"Oslo"}',
    })
    has(bad, "Email and email are both for email")
    has(bad, "City and city are both for city")
  end)

  it("gives back a record with a property beside the others", function()
    local bad = bad_lines(1, {
      '{"properties":{"email":"a@example.org"},"city":"Rome"}',
      '{"properties":{"email":"b@example.org"},"createdAt":"2026-01-31T12:00:00Z","url":"https://x","more":1}',
    })
    has(bad, "city stands beside properties, and must stand in it")
  end)

  it("gives back, as it is, a line whose number would lose digits", function()
    local lines = {
      '{"email":"a@example.org","city":12345678901234567890}',
      '{"email":"b@example.org","city":["Rome",1e300]}',
      '{"email":"c@example.org","city":9007199254740991}',
      '{"email":"d@example.org","city":"12345678901234567890"}',
    }
    local bad = bad_lines(2, lines)
    has(bad, [["_text":"{\"email\":\"a@example.org\",\"city\":12345678901234567890}"]])
    has(bad, [["_text":"{\"email\":\"b@example.org\",\"city\":[\"Rome\",1e300]}"]])
    has(bad, "city: a number of so many digits does not stay as it is: write it in quotes")
  end)

  it("is refused as a whole where it is spelled otherwise", function()
    for text, reason in pairs {
      ['{\0"\0e\0m\0a\0i\0l\0"\0:\0"\0a\0"\0}\0\n\0'] = "the file is UTF-16, or no text",
      ['[{"email":"a@example.org"},\n{"email":"b@example.org"}]\n'] = "the file is an array, and each line must be",
      ['{\n"email": "a@example.org"\n}\n'] = "an object of the file takes several lines, and must take one: jq -c .",
    } do
      files:write("a.json", text)
      local result = run "a.json"
      assert.equal(7, result.status, result.stdout)
      has(result.stderr, reason)
    end
  end)
end)
