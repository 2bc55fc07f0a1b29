local redis_command = require "hubspot.redis_command"

-- A connection as lua-redis has it: replies come in the order of the commands, and `strike`, where it is set, is thrown
-- before one is read.
local function new_connection(state)
  local replies = {}
  return {
    network = {},
    requests = {},
    get = function(_, key)
      replies[#replies + 1] = "value of " .. key
      if state.strike then error(state.strike, 0) end
      return table.remove(replies, 1)
    end,
    set = function() error("redis.lua:325: redis error: OOM", 0) end,
  }
end

describe("a command to Redis", function()
  for _, strike in ipairs { "redis.lua:304: connection error: timeout", "redis.lua:303: interrupted!" } do
    it("gets no reply of the one before, after " .. strike, function()
      local state = {}
      local command = redis_command.new { client = new_connection(state) }
      assert.equal("value of a", command("get", "a"))
      state.strike = strike
      pcall(command, "get", "b")
      state.strike = nil
      local reply, problem = command("get", "c")
      assert.is_nil(reply)
      assert.truthy(problem:find("the connection broke", 1, true))
    end)

    it("goes over another connection, where it may make one, after " .. strike, function()
      local state = {}
      local command = redis_command.new { connect = function() return new_connection(state) end }
      assert.equal("value of a", command("get", "a"))
      state.strike = strike
      pcall(command, "get", "b")
      state.strike = nil
      assert.equal("value of c", command("get", "c"))
    end)
  end

  it("lets an interrupt through", function()
    local interrupted = "redis.lua:303: interrupted!"
    local command = redis_command.new { client = new_connection { strike = interrupted } }
    assert.same({ false, interrupted }, { pcall(command, "get", "a") })
    command = redis_command.new { connect = function() error(interrupted, 0) end }
    assert.same({ false, interrupted }, { pcall(command, "get", "a") })
  end)

  it("keeps a connection on which the server refused one", function()
    local command = redis_command.new { client = new_connection {} }
    local reply, problem = command("set", "a", "b")
    assert.is_nil(reply)
    assert.equal("redis.lua:325: redis error: OOM", problem)
    assert.equal("value of a", command("get", "a"))
  end)
end)
