-- The command among other programs: pipes that close, disks that are full, signals.

local command = require "spec.support.command"
local core = require "hubspot.core"
local fixture = require "spec.support.fixture"
local script = require "spec.support.script"

local CONTACTS = "/crm/objects/2026-09/contacts"

local site = fixture.new { start = { contacts = 400 }, clients = {} }

local function shell(line) return command.shell(line, command.against(site.server)) end

describe("hubspot-lua", function()
  it("ends quietly where the reader of its output has enough", function()
    local result = shell('$command request GET "' .. CONTACTS .. '?limit=100" --paginate | head -c 1')
    assert.same({ "{", "" }, { result.stdout, result.stderr })
  end)

  it("ends quietly in a shell that ignores SIGPIPE, and says so by its code", function()
    local result = shell(
      '{ trap "" PIPE; $command request GET "' .. CONTACTS .. '?limit=100" --paginate; echo $? >&2; } | head -c 1'
    )
    assert.same({ "{", "141\n" }, { result.stdout, result.stderr })
  end)

  it("ends with 7 where the disk is full", function()
    local result = shell "$command get contacts 4127 >/dev/full"
    assert.same(
      { 7, "hubspot-lua get: can't write to the standard output: No space left on device\n" },
      { result.status, result.stderr }
    )
    result = shell "$command get contacts 4127 --summary /dev/full"
    assert.equal(7, result.status)
    assert.equal("hubspot-lua get: --summary: /dev/full: No space left on device\n", result.stderr)
    for _, words in ipairs { "--help", "get --help", "--version", "completion bash" } do
      assert.equal(7, shell("$command " .. words .. " >/dev/full").status, words)
    end
  end)

  it("takes no file or socket for a stream that is closed", function()
    local result = shell "$command get contacts 4127 >&-"
    assert.same(
      { 7, "hubspot-lua get: can't write to the standard output: Bad file descriptor\n" },
      { result.status, result.stderr }
    )
    script.with_file("", function(path)
      result = shell(("$command export contacts -v -o %s 2>&- <&- >&-"):format(script.quote(path)))
      local rows = select(2, script.read_file(path):gsub("\n", ""))
      assert.same({ 0, 401 }, { result.status, rows })
    end)
  end)

  -- Starts the command, waits until HubSpot was asked, and sends it a signal. A shell starts what runs in its
  -- background with SIGINT ignored, unless it has job control, of which it then tells on stderr.
  local INTERRUPTED = [[exec 3>&2 2>/dev/null; set -m; %s 2>&3 & pid=$!
    while kill -0 $pid && ! curl -s %s/_sandbox/requests | grep -q %s; do sleep 0.02; done
    kill -%s $pid; wait $pid]]

  local function signal(name, words, path)
    words.env = command.against(site.server)
    local line = INTERRUPTED:format(command.line(words), site.server.url, script.quote(path), name)
    return script.run_shell(("bash -c %s"):format(script.quote(line)))
  end

  local function interrupt(words, path) return signal("INT", words, path) end

  for name, words in pairs {
    ["of one request"] = { "request", "GET", CONTACTS },
    ["of many reads side by side"] = { "get", "contacts", "-" },
  } do
    it("ends with 130 at Ctrl-C while it waits for an answer " .. name, function()
      site.server:fault { kind = "hang", times = 100 }
      if words[3] == "-" then
        words[3] = nil
        for id = 4127, 4526 do
          words[#words + 1] = id
        end
      end
      local result = interrupt(words, CONTACTS)
      assert.same({ 130, "" }, { result.code, result.out })
      assert.equal(("hubspot-lua %s: interrupted\n"):format(words[1]), result.err)
    end)
  end

  it("ends with 130 at Ctrl-C while it waits for another attempt", function()
    site.server:fault { kind = "rate_limit", retry_after = 30, times = 100 }
    local result = interrupt({ "get", "contacts", "4127" }, CONTACTS)
    assert.same({ 130, "", "hubspot-lua get: interrupted\n" }, { result.code, result.out, result.err })
  end)

  it("leaves no summary of an earlier run where one is killed", function()
    site.server:fault { kind = "hang" }
    script.with_file('{"exit_code":0}\n', function(path)
      signal("KILL", { "get", "contacts", "4127", "--summary", path }, CONTACTS)
      assert.equal("", script.read_file(path))
    end)
  end)

  it("writes the summary of what was interrupted", function()
    site.server:fault { kind = "hang" }
    script.with_file("", function(path)
      interrupt({ "get", "contacts", "4127", "--summary", path }, CONTACTS)
      local summary = assert(core.decode(script.read_file(path)))
      assert.same({ "get", 130 }, { summary.command, summary.exit_code })
    end)
  end)
end)
