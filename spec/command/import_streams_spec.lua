-- Imports of what can be read once only: pipes, and the standard input by its other names.

local command = require "spec.support.command"
local fixture = require "spec.support.fixture"
local importing = require "spec.support.importing"
local script = require "spec.support.script"

local here = fixture.new { clients = { current = {} }, reset = {} }
local server = here.server

local files

before_each(function() files = importing.new(server) end)
after_each(function() files:remove() end)

-- Runs a line of a shell in which `$import` stands for the import of a path, `$file` for a file, `$pipe` for a pipe.
local function run(line, path, ...)
  local invocation = files:invocation("contacts", "-", { "--write", ... })
  invocation[3] = path
  local words = { import = command.line(invocation), file = script.quote(files:path "a.csv") }
  words.pipe = script.quote(files:path "pipe")
  return script.run_shell(("{ %s; }"):format((line:gsub("%$(%l+)", words))))
end

local function names() return script.run_shell("ls " .. script.quote(files.folder)).out end

describe("an import of a stream", function()
  it("reads it once, whatever its name, and leaves nothing beside it", function()
    files:write("a.csv", { "email,city", "ada@example.org,Rome", "bob@example.org,Oslo" })
    for _, row in ipairs {
      { "mkfifo $pipe; cat $file >$pipe & $import; rm $pipe", files:path "pipe" },
      { "cat $file | $import", "/dev/stdin" },
      { "$import <$file", "/dev/stdin" },
      { "$import 7<$file", "/dev/fd/7" },
    } do
      server:reset {}
      local result = run(row[1], row[2])
      assert.same({ created = 2, updated = 0, refused = 0 }, importing.counts { stdout = result.out }, result.err)
      assert.equal("a.csv\n", names())
    end
  end)

  it("can't be resumed", function()
    files:write("a.csv", { "email", "ada@example.org" })
    local result = run("$import 7<$file", "/dev/fd/7", "--resume")
    assert.equal(2, result.code)
    assert.truthy(result.err:find("--resume needs a file: /dev/fd/7 is gone", 1, true), result.err)
  end)
end)
