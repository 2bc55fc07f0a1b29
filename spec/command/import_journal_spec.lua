-- The journal of an import when it is damaged, cut or not there.

local fail = require "hubspot.command.fail"
local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"
local journal = require "hubspot.command.import.journal"

local here = fixture.new { clients = { current = {} }, reset = {} }
local server = here.server

local files

before_each(function() files = importing.new(server) end)
after_each(function() files:remove() end)

local WANTED = { digest = "d", bytes = 1, settings = "s", creates = true }

local function open(options) return journal.open(files:path "a.journal", WANTED, options or {}) end

-- Makes each write end after five bytes, as on a full disk; gives a function that makes room again.
local function fill_disk(own)
  local real = own.file
  own.file = {
    write = function(_, ...)
      real:write(table.concat({ ... }):sub(1, 5))
      real:flush()
      return nil, "No space left on device"
    end,
  }
  return function() own.file = real end
end

describe("the journal of an import", function()
  it("keeps an entry apart from what a full disk left of the one before it", function()
    local own = open()
    own:begin(1, 2, 101)
    local make_room = fill_disk(own)
    local finished, thrown = pcall(own.finish, own, 1, {})
    assert.is_false(finished)
    assert.is_true(fail.is_failure(thrown))
    make_room()
    own:begin(2, 102, 201)
    own:finish(3, { { line = 202, did = "created", id = "7" } })
    local again = open { resume = true }
    assert.is_true(again:is_open(2))
    assert.same({ { line = 202, did = "created", id = "7" } }, again:outcomes(3))
  end)

  it("is begun anew only where an import was killed before it began", function()
    for _, text in ipairs { "", '{"version":1,"digest', ("\0"):rep(300) } do
      files:write("a.journal", text)
      local own = open { resume = true }
      own:begin(7, 2, 101)
      own.file:close()
      assert.truthy(files:read("a.journal"):find '^{"bytes":1,[^\n]*}\n{"began":7,[^\n]*}\n$')
    end
  end)

  it("is not taken for one that is not there where nobody can open it", function()
    files:write("a.csv", "")
    local finished, thrown = pcall(journal.open, files:path "a.csv/a.journal", WANTED, { resume = true })
    assert.is_false(finished)
    assert.truthy(thrown.message:find("Not a directory", 1, true), thrown.message)
  end)

  it("is no other file of that name, and none with a damaged beginning", function()
    for _, text in ipairs {
      "mine\n",
      '{"version":9}\n',
      '["version"]\n',
      '\0\0version":1}\n{"began":1,"lines":[2,101]}\n',
    } do
      for _, resume in ipairs { true, false } do
        files:write("a.journal", text)
        local finished, thrown = pcall(open, { resume = resume })
        assert.is_false(finished)
        assert.truthy(thrown.message:find("it is no journal of an import of this version", 1, true), thrown.message)
        assert.equal(text, files:read "a.journal")
      end
    end
  end)
end)

describe("an import that ends before it sends anything", function()
  it("leaves no journal", function()
    files:write("a.csv", { "email", "ada@example.org" })
    assert(os.execute("mkdir " .. files:path "bad.csv.part"))
    assert.equal(7, files:run("contacts", "a.csv", { "--write", "--errors", "@bad.csv" }).status)
    assert.is_nil(files:read "a.csv.journal")
    assert.equal(0, files:run("contacts", "a.csv", { "--write" }).status)
  end)
end)

describe("an import whose counts reach nobody", function()
  it("is resumed, and creates nothing twice", function()
    files:write("a.csv", { "firstname", "N1", "N2" })
    local invocation = files:invocation("contacts", "a.csv", { "--write", "--mode", "create" })
    invocation.before = "exec >/dev/full"
    local command = require "spec.support.command"
    assert.equal(7, command.run(invocation).status)
    local again = files:run("contacts", "a.csv", { "--write", "--mode", "create", "--resume" })
    assert.same({ created = 2, updated = 0, refused = 0 }, importing.counts(again))
    assert.is_nil(files:read "a.csv.journal")
    local count = 0
    for _ in here.clients.current.contacts:all() do
      count = count + 1
    end
    assert.equal(2, count)
  end)
end)
