local command = require "spec.support.command"
local exit_codes = require "hubspot.command.exit_codes"
local options = require "hubspot.command.options"
local script = require "spec.support.script"
local subcommands = require "hubspot.command.subcommands"

local LINES, COLUMNS = 40, 80

local function lines_of(text)
  local lines = {}
  for line in text:gmatch "[^\n]*" do
    lines[#lines + 1] = line
  end
  return lines
end

local function check_size(text)
  local lines = lines_of(text)
  assert.is_true(#lines - 1 <= LINES, ("%d lines"):format(#lines - 1))
  for _, line in ipairs(lines) do
    local width = select(2, line:gsub("[^\128-\191]", ""))
    assert.is_true(width <= COLUMNS, line)
  end
end

describe("hubspot-lua --help", function()
  it("fits a screen, names the subcommands and the exit codes", function()
    local result = command.run { "--help" }
    assert.same({ 0, "" }, { result.status, result.stderr })
    check_size(result.stdout)
    for _, name in ipairs(subcommands.NAMES) do
      assert.matches("\n  " .. name .. " +%u", result.stdout)
    end
    local flat = result.stdout:gsub("%s+", " ")
    for _, entry in ipairs(exit_codes.list) do
      assert.matches(("%d %s"):format(entry.code, entry.about), flat, 1, true)
    end
  end)

  for _, name in ipairs(subcommands.NAMES) do
    it("fits a screen, and names every option: " .. name, function()
      local result = command.run { name, "--help" }
      assert.same({ 0, "" }, { result.status, result.stderr })
      check_size(result.stdout)
      local declaration = subcommands.load(name)
      for _, option in ipairs(options.of(declaration)) do
        assert.matches(options.flag(option), result.stdout, 1, true)
      end
      local flat = result.stdout:gsub("%s+", " ")
      for _, entry in ipairs(exit_codes.of(declaration)) do
        assert.matches(("%d %s"):format(entry.code, entry.about), flat, 1, true)
      end
      assert.matches("^Usage: hubspot%-lua " .. name .. " ", result.stdout)
    end)
  end

  it("is shown wherever it stands among the words", function()
    local result = command.run { "get", "contacts", "-h" }
    assert.equal(0, result.status)
    assert.matches("^Usage: hubspot%-lua get ", result.stdout)
  end)
end)

describe("hubspot-lua", function()
  it("shows its version, and does nothing else", function()
    for _, words in ipairs { { "--version" }, { "get", "--version" }, { "get", "contacts", "1", "--version" } } do
      local result = command.run(words)
      assert.same({ 0, "" }, { result.status, result.stderr })
      assert.matches("^hubspot%-lua %d+%.%d+%.%d+\n$", result.stdout)
    end
  end)

  it("ends with 2, in one line, at words that it does not know", function()
    for _, case in ipairs {
      { {}, "^hubspot%-lua: a subcommand is required %(`hubspot%-lua %-%-help` tells more%)\n$" },
      { { "exprot" }, "^hubspot%-lua exprot: unknown subcommand 'exprot'; did you mean export%? [^\n]*\n$" },
      {
        { "get", "contacts", "1", "--propertys", "a" },
        "^hubspot%-lua get: unknown option '%-%-propertys'; did you mean %-%-properties%?",
      },
      { { "get", "contacts", "1", "--portal", "x" }, "^hubspot%-lua get: %-%-portal must be an id, digits only" },
      { { "get", "contacts", "1", "--limiter", "x" }, "^hubspot%-lua get: %-%-limiter must be file:PATH" },
      {
        { "get", "contacts", "1", "--progress", "x" },
        "^hubspot%-lua get: argument for option '%-%-progress' must be one of",
      },
      { { "get", "contacts", "1", "--token", "x" }, "^hubspot%-lua get: unknown option '%-%-token'" },
      { { "completion", "tcsh" }, "^hubspot%-lua completion: argument 'shell' must be one of 'bash', 'zsh', 'fish'" },
    } do
      local result = command.run(case[1])
      assert.same({ 2, "" }, { result.status, result.stdout })
      assert.matches(case[2], result.stderr)
    end
  end)

  it("loads no other subcommand than the one that runs", function()
    local result = command.run {
      "get",
      "--help",
      env = {
        LUA_INIT = 'local r = require; function require(n) if n:find "^hubspot.command.%l+$" then io.stderr:write(n, "\\n") end return r(n) end',
      },
    }
    assert.equal(0, result.status)
    assert.matches("hubspot.command.get\n", result.stderr, 1, true)
    for _, name in ipairs(subcommands.NAMES) do
      if name ~= "get" then assert.is_nil(result.stderr:find("hubspot.command." .. name .. "\n", 1, true), name) end
    end
  end)

  it("has a man page with all subcommands and options", function()
    local page = script.read_file "man/man1/hubspot-lua.1"
    for _, declaration in ipairs(subcommands.load_all()) do
      assert.matches("\n.SS " .. declaration.name .. "\n", page, 1, true)
      for _, option in ipairs(declaration.options or {}) do
        assert.matches((options.flag(option):gsub("%-", "\\-")), page, 1, true)
      end
    end
    for _, line in ipairs {
      "sqlite:FILE or postgresql://USER@HOST/DATABASE.",
      "csv, tsv or jsonl; by default what FILE ends with.",
      "requests at a time (8).",
      "upsert (the default), create or update.",
      "version of HubSpot's API: 2026\\-09 or 2026\\-03. Default: 2026\\-09.",
    } do
      assert.matches("\n" .. line .. "\n", page, 1, true)
    end
    local result = script.run_shell "groff -Kutf8 -man -Tutf8 -ww -z man/man1/hubspot-lua.1"
    assert.same({ 0, "" }, { result.code, result.err })
  end)
end)

describe("hubspot-lua completion", function()
  -- The words that bash offers for a line, as it does when Tab is pressed at its end.
  local function completions(line)
    return script.with_file(command.run({ "completion", "bash" }).stdout, function(path)
      local words = {}
      for word in (line .. "."):gmatch "%S+" do
        words[#words + 1] = script.quote((word:gsub("%.$", "")))
      end
      local source = (". %s; COMP_WORDS=(%s); COMP_CWORD=%d; _hubspot-lua; echo ${COMPREPLY[*]}"):format(
        path,
        table.concat(words, " "),
        #words - 1
      )
      return script.run_shell("bash -c " .. script.quote(source)).out
    end)
  end

  it("lets bash complete subcommands, flags and values", function()
    assert.equal("get\n", completions "hubspot-lua ge")
    assert.matches("--properties", completions "hubspot-lua get --p", 1, true)
    assert.equal("auto always\n", completions "hubspot-lua get --progress a")
    assert.matches("--search-quota", completions "hubspot-lua sandbox --se", 1, true)
  end)

  it("prints what zsh and fish load", function()
    local zsh = command.run { "completion", "zsh" }
    assert.same({ 0, "" }, { zsh.status, zsh.stderr })
    assert.matches("^#compdef hubspot%-lua\n", zsh.stdout)
    local fish = command.run { "completion", "fish" }
    assert.same({ 0, "" }, { fish.status, fish.stderr })
    assert.matches("complete %-c hubspot%-lua", fish.stdout)
  end)
end)
