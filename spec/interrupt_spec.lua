-- Ctrl-C, which Lua's own handler of SIGINT throws as an error: whoever takes errors for answers lets it through.

local command = require "hubspot.command"
local declaration = require "hubspot.command.import"
local interpret = require "hubspot.interpret"
local interrupt = require "hubspot.interrupt"
local needs = require "hubspot.needs"
local target = require "hubspot.command.import.target"

local THROWN = "a.lua:7: interrupted!"

local function strike() error(THROWN, 0) end

local function struck(fn, ...)
  local finished, thrown = pcall(fn, ...)
  assert.is_false(finished)
  assert.equal(THROWN, thrown)
end

describe("an interrupt", function()
  it("is told from other errors, which are answers", function()
    struck(interrupt.pcall, strike)
    assert.same({ false, "other" }, { interrupt.pcall(error, "other", 0) })
    assert.same({ true, 1, nil, 3 }, { interrupt.pcall(function(...) return ... end, 1, nil, 3) })
  end)

  it("is no odd answer, and no module that is missing", function()
    struck(interpret, strike)
    package.preload["hubspot.struck"] = strike
    struck(needs.find, "hubspot.struck", "a spec")
    -- Lua 5.1 takes what threw for a loop.
    package.loaded["hubspot.struck"] = nil
    struck(needs.native, "hubspot.struck")
    package.loaded["hubspot.struck"] = nil
    package.preload["hubspot.struck"] = nil
  end)

  it("is no crypto library that does not work", function()
    local loaded =
      { ["hubspot.crypto"] = package.loaded["hubspot.crypto"], ["openssl.hmac"] = package.loaded["openssl.hmac"] }
    package.loaded["hubspot.crypto"], package.loaded["openssl.hmac"] = nil, nil
    package.preload["openssl.hmac"] = strike
    local crypto = require "hubspot.crypto"
    struck(crypto.library)
    package.preload["openssl.hmac"] = nil
    package.loaded["hubspot.crypto"], package.loaded["openssl.hmac"] = loaded["hubspot.crypto"], loaded["openssl.hmac"]
  end)

  it("is no type that HubSpot only shows", function()
    local records = setmetatable({}, { __index = strike })
    struck(target.new, { objects = function() return records end }, "contacts", "email", "upsert")
    struck(target.new, { objects = strike }, "contacts", "email", "upsert")
  end)

  it("strikes after what it must not break off", function()
    local main, has_ended = coroutine.running(), false
    if not main then return pending "the main coroutine has no name" end
    if rawget(_G, "jit") then return pending "one hook strikes all coroutines" end
    local function begin()
      debug.sethook(main, function()
        debug.sethook(main)
        strike()
      end, "", 1)
      for _ = 1, 100 do
        has_ended = false
      end
      has_ended = true
    end
    struck(interrupt.shield, begin)
    assert.is_true(has_ended)
    local finished, thrown = pcall(interrupt.shield, function() error("other", 0) end)
    assert.same({ false, "other" }, { finished, thrown })
  end)

  it("changes nothing of work that is done", function()
    local run = declaration.run
    finally(function() declaration.run = run end)
    for _, code in ipairs { 0, 3 } do
      declaration.run = function(context)
        context:settle(code)
        strike()
      end
      assert.equal(code, command.run { "import", "contacts", "a.csv" })
    end
  end)
end)

describe("an interrupt at the start of the command", function()
  local script = require "spec.support.script"

  it("is no module that the command lacks", function()
    for _, name in ipairs { "argparse", "hubspot.command" } do
      local body = ('package.preload["%s"] = function() error "interrupted!" end'):format(name)
      local line = ("{ ${LUA:-lua5.4} -e %s bin/hubspot-lua --version; }"):format(script.quote(body))
      local result = script.run_shell(line)
      assert.same({ 130, "", "" }, { result.code, result.out, result.err })
    end
  end)

  it("is for the command while it asks the shell", function()
    local body = 'require("hubspot.command.shell").succeeds "kill -INT $PPID; sleep 0.1" print "went on"'
    local result = script.run_shell(("{ ${LUA:-lua5.4} -e %s; }"):format(script.quote(body)))
    assert.equal("", result.out)
    assert.truthy(result.err:find("interrupted!", 1, true), result.err)
  end)
end)
