-- In Neovim, without a screen.

local host = require "spec.support.host"
local sandbox = require "spec.support.sandbox"
local scenario = require "spec.support.scenario"

local left_out = host.left_out "Neovim"
if left_out then return pending(left_out) end

describe("in Neovim", function()
  it("a plugin runs the scenario of all hosts, the editor runs meanwhile, and its API can be called", function()
    local server = sandbox.start { contacts = scenario.CONTACTS, latency = 10 }
    local result, output = host.run_for_result(
      { "nvim", "--clean", "--headless", "-c", "luafile spec/support/neovim.lua" },
      { BASE_URL = server.url }
    )
    server:stop()
    assert(result, output)
    assert.same(scenario.expected, result.scenario)
    assert.equal("PAGED 1000", result.line)
    assert.is_true(result.ticks > 10)
    assert.equal("misuse", result.outside)
    assert.truthy(result.jit:find("LuaJIT", 1, true))
    assert.truthy((result.message .. output):find("in the plugin's own code", 1, true))
  end)
end)
