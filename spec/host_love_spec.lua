-- In LÖVE, without a window.

local host = require "spec.support.host"
local sandbox = require "spec.support.sandbox"
local scenario = require "spec.support.scenario"

local left_out = host.left_out "LÖVE"
if left_out then return pending(left_out) end

describe("in LÖVE", function()
  it("a game runs what every host runs, and frames pass meanwhile", function()
    local server = sandbox.start { contacts = scenario.CONTACTS, latency = 10 }
    local result, output = host.run_for_result({ "love", "spec/support/love" }, { BASE_URL = server.url })
    server:stop()
    assert(result, output)
    assert.same(scenario.expected, result.scenario)
    assert.is_true(result.frames > 10)
    assert.equal("misuse", result.outside)
    assert.is_true(result.default_blocks)
    assert.truthy(result.jit:find("LuaJIT", 1, true))
  end)
end)
