-- Files of a command line: nothing that it names is lost by what it writes.

local command = require "spec.support.command"
local exporting = require "spec.support.exporting"
local sandbox = require "spec.support.sandbox"
local scratch = require "spec.support.scratch"
local script = require "spec.support.script"

local read = exporting.read

describe("a command line", function()
  local server, root, path, folder
  setup(function()
    server = sandbox.start { contacts = 3 }
    root = script.run_shell("pwd").out:match "^[^\n]*"
  end)
  teardown(function() server:stop() end)
  before_each(function()
    path = scratch.path "a.csv"
    folder = path:match "^(.*)/"
  end)
  after_each(function() scratch.remove_folder_of(path) end)

  local TEXT = "email,city\nada@example.org,Rome\n"

  local function write(name, text)
    local file = assert(io.open(name, "wb"))
    file:write(text)
    file:close()
  end

  -- Runs a line in the folder, where a.csv, its link other.csv and a pipe are.
  local function refuses(status, message, ...)
    write(path, TEXT)
    local result = command.run {
      env = command.against(server),
      before = ("cd %s; ln -sf a.csv other.csv; rm -f pipe; mkfifo pipe"):format(script.quote(folder)),
      binary = root .. "/bin/hubspot-lua",
      ...,
    }
    assert.equal(status, result.status, result.stderr)
    assert.truthy(result.stderr:find(message, 1, true), result.stderr)
    assert.equal(TEXT, read(path))
  end

  it("may not write a file that it reads, however that is spelled", function()
    for _, option in ipairs { "--errors", "--results", "--summary" } do
      for _, name in ipairs { "a.csv", "./a.csv", path, "other.csv" } do
        refuses(2, ("FILE and %s name one file"):format(option), "import", "contacts", "a.csv", option, name)
      end
    end
    refuses(2, "--ids and --output name one file", "export", "contacts", "--ids", "./a.csv", "-o", "a.csv")
    refuses(2, "--input and --summary name one file", "request", "POST", "/x", "--input", "a.csv", "--summary", path)
    refuses(2, "--token-file and --output name one file", "export", "contacts", "--token-file", path, "-o", "a.csv")
    refuses(2, "--properties and --output name one file", "export", "contacts", "--properties", "@a.csv", "-o", "a.csv")
    refuses(2, "--limiter and --output name one file", "export", "contacts", "--limiter", "file:./a.csv", "-o", "a.csv")
    refuses(
      2,
      "--limiter and --summary name one file",
      "get",
      "contacts",
      "1",
      "--limiter",
      "file:a.csv",
      "--summary",
      path
    )
  end)

  it("replaces the file that a link leads to, and leaves the link", function()
    write(path, TEXT)
    os.execute(
      ("cd %s && mkdir there && ln -s there/b.csv b.csv && ln -s a.csv 'c d.csv'"):format(script.quote(folder))
    )
    for name, target in pairs { ["b.csv"] = "there/b.csv", ["c d.csv"] = "a.csv" } do
      local link = folder .. "/" .. name
      local result = command.run { "export", "contacts", "-o", link, env = command.against(server) }
      assert.equal(0, result.status, result.stderr)
      assert.equal(4, select(2, read(folder .. "/" .. target):gsub("\n", "")))
      assert.is_true(script.run_shell("test -h " .. script.quote(link)).code == 0)
    end
    os.execute(("ln -sf /dev/null %s"):format(script.quote(folder .. "/b.csv")))
    refuses(7, "--output: /dev/null is a folder or a device", "export", "contacts", "-o", "b.csv")
  end)

  it("writes an export to - as to the standard output, and no other file", function()
    write(path, TEXT)
    local result = command.run { "export", "contacts", "-o", "-", env = command.against(server) }
    assert.same({ 0, "" }, { result.status, result.stderr })
    assert.equal(4, select(2, result.stdout:gsub("\n", "")))
    for _, words in ipairs {
      { "--errors", "import", "contacts", "a.csv", "--errors", "-" },
      { "--summary", "export", "contacts", "--summary", "-" },
      { "--state", "changes", "contacts", "--state", "-" },
    } do
      refuses(2, words[1] .. " needs a file, and - is none", (table.unpack or unpack)(words, 2)) -- luacheck: ignore
    end
  end)

  it("may not write two files into one", function()
    for _, ending in ipairs { "", ".part", ".part.state", ".part.lock" } do
      local summary = "b.csv" .. ending
      refuses(2, "--output and --summary name one file", "export", "contacts", "-o", "b.csv", "--summary", summary)
    end
  end)

  it("may not put a file in the place of a folder or a device", function()
    refuses(7, "--output: . is a folder or a device", "export", "contacts", "-o", ".")
    refuses(7, "--output: pipe is a folder or a device", "export", "contacts", "-o", "pipe")
    refuses(7, "--errors: pipe is a folder or a device", "import", "contacts", "a.csv", "--errors", "pipe")
    -- Where stdout is a file, /dev/stdout looks like one, too.
    for _, name in ipairs { "/dev/none", "/dev/fd/none" } do
      refuses(7, ("--output: %s is a folder or a device"):format(name), "export", "contacts", "-o", name)
    end
    -- Other folders of /dev may hold files.
    refuses(7, "/dev/nowhere/a.csv.part: No such file or directory", "export", "contacts", "-o", "/dev/nowhere/a.csv")
  end)

  it("reads the standard input that is closed as a fault", function()
    for _, words in ipairs { "import contacts -", "get contacts -", "export contacts --ids -" } do
      local result = command.shell("$command " .. words .. " <&-", command.against(server))
      assert.equal(7, result.status, result.stderr)
      assert.truthy(result.stderr:find("Bad file descriptor", 1, true), result.stderr)
      assert.equal("", result.stdout)
    end
  end)
end)
