-- The command on a terminal: script makes a pseudo-terminal.

local command = require "spec.support.command"
local comma_locale = require "spec.support.comma_locale"
local core = require "hubspot.core"
local fixture = require "spec.support.fixture"
local progress_line = require "hubspot.command.progress_line"
local script = require "spec.support.script"

local CONTACTS = "/crm/objects/2026-09/contacts"
local ERASE = "\r\27[K"

local site = fixture.new { start = { contacts = 10 }, clients = {} }

local function quote(text) return script.quote(text) end

-- Runs a line of a shell on a terminal of some columns: what the terminal got.
local function on_terminal(line, columns, variables)
  local here = line:gsub(
    "%$command",
    function() return command.line { env = command.against(site.server, variables) } end
  )
  local inner = ("stty cols %d rows 24; %s"):format(columns, here)
  return script.run_shell(("env TERM=xterm script -qec %s /dev/null"):format(quote(inner))).out
end

-- The lines that the progress was, each time it was written.
local function shown(text)
  local lines = {}
  for line in (text .. ERASE):gmatch "\r\27%[K([^\r\n]*)" do
    if line ~= "" then lines[#lines + 1] = line end
  end
  return lines
end

local PAGES = "request GET '" .. CONTACTS .. "?limit=1' --paginate >/dev/null"

describe("progress", function()
  it("is a line on a terminal, which is gone at the end", function()
    local text = on_terminal("$command " .. PAGES, 80)
    local lines = shown(text)
    assert.is_true(#lines > 0, text)
    assert.matches("^pages  %d+  %d+/s  %d+ requests?$", lines[1])
    assert.equal(ERASE, text:sub(-#ERASE))
  end)

  it("keeps within a terminal of 40 columns, and names the wait for the rate limit there, too", function()
    site.server:fault { kind = "rate_limit", retry_after = 1 }
    local lines = shown(on_terminal("$command " .. PAGES, 40))
    for _, line in ipairs(lines) do
      assert.is_true(#line < 40, line)
    end
    assert.matches("pages  0  waits %d s: rate limit", table.concat(lines, "\n"))
  end)

  it("keeps within a terminal that is made narrower", function()
    site.server:fault { kind = "rate_limit", retry_after = 2, times = 1, path = CONTACTS }
    local path = script.quote(site.server.url .. "/_sandbox/requests")
    local text = on_terminal(
      ("{ until curl -s %s | grep -q %s; do sleep 0.02; done; stty cols 20 <&2; echo narrow >&2; } & $command %s; wait"):format(
        path,
        CONTACTS,
        PAGES
      ),
      80
    )
    local before, after = shown(text), shown(text:match "narrow(.*)")
    assert.is_true(#before[1] > 20, text)
    assert.is_true(#after > 0 and #after[#after] < 20, text)
  end)

  it("leaves notes whole", function()
    local text = on_terminal("$command get contacts 4127 999 >/dev/null", 80)
    assert.matches(ERASE .. "hubspot-lua get: contacts: 999 is not there\r\n", text, 1, true)
  end)

  it("is not shown where stderr is no terminal, with --progress never, and with --quiet", function()
    local result = command.shell("$command " .. PAGES, command.against(site.server))
    assert.equal("", result.stderr)
    assert.equal("", on_terminal("$command " .. PAGES .. " --progress never", 80))
    assert.equal("", on_terminal("$command " .. PAGES .. " --quiet", 80))
    assert.equal("", on_terminal("$command " .. PAGES, 80, { TERM = "dumb" }))
  end)

  it("is shown where no terminal is with --progress always, and as JSON with json", function()
    local always = command.shell("$command " .. PAGES .. " --progress always", command.against(site.server))
    assert.matches("^\r\27%[Kpages  ", always.stderr)
    local json = command.shell("$command " .. PAGES .. " --progress json", command.against(site.server))
    local last
    for line in json.stderr:gmatch "[^\n]+" do
      last = assert(core.decode(line))
    end
    assert.same({ "pages", 10, 10 }, { last.title, last.done, last.requests })
  end)
end)

describe("the line of progress", function()
  local figures = { title = "contacts", done = 12345, total = 100000, rate = 1712, requests = 430, seconds_left = 4251 }

  it(
    "tells all where there is room",
    function()
      assert.equal(
        "contacts  [##..................]  12,345/100,000  12 %  1,712/s  430 requests  1:10:51 left",
        progress_line(figures, 100)
      )
    end
  )

  it("leaves out what matters least where there is not", function()
    assert.equal("contacts  12,345/100,000  1:10:51 left", progress_line(figures, 40))
    assert.equal("contacts  12,345/100,000", progress_line(figures, 30))
    assert.equal("12,345/100,000", progress_line(figures, 20))
    assert.equal("12,345", progress_line(figures, 10))
    assert.equal("12", progress_line(figures, 3))
  end)

  it("is the same in a locale with a comma", function()
    local text = comma_locale.run [[
      local progress_line = require "hubspot.command.progress_line"
      io.write(progress_line({ title = "a", done = 1234567, total = 2345678, rate = 1712.4, requests = 3, seconds_left = 61.5 }, 90))
    ]]
    if text then
      assert.equal("a  [##########..........]  1,234,567/2,345,678  52 %  1,712/s  3 requests  1:01 left", text)
    end
  end)
end)

describe("a locale with a comma", function()
  it("changes nothing of what is sent and written", function()
    script.with_file(command.TOKEN, function(token_file)
      local text = comma_locale.run(([[
        os.exit(require("hubspot.command").run {
          "get", "contacts", "4127", "--properties", "email", "--progress", "json", "--summary", "/dev/stdout",
          "--base-url", %q, "--token-file", %q,
        })
      ]]):format(site.server.url, token_file))
      if not text then return end
      for line in text:gmatch "[^\n]+" do
        assert.is_table(core.decode(line), line)
      end
      assert.matches('"seconds":0%.%d', text)
    end)
  end)
end)

describe("doctor", function()
  it("has colors on a terminal, and none with NO_COLOR or TERM=dumb", function()
    assert.matches("\27[32mok      \27[0m hubspot-lua", on_terminal("$command doctor", 80), 1, true)
    for _, variables in ipairs { { NO_COLOR = "1" }, { TERM = "dumb" } } do
      local text = on_terminal("$command doctor", 80, variables)
      assert.matches("ok       hubspot-lua", text, 1, true)
      assert.is_nil(text:find("\27[3", 1, true))
    end
  end)
end)
