local base = require "hubspot.loop.base"
local hubspot = require "hubspot"
local interface = require "hubspot.loop.interface"

local function names()
  local list = {}
  for name in pairs(interface.METHODS) do
    list[#list + 1] = name
  end
  table.sort(list)
  return list
end

local function whole_loop()
  local loop = {}
  for _, name in ipairs(names()) do
    loop[name] = function() end
  end
  return loop
end

describe("a loop", function()
  for _, missing in ipairs(names()) do
    it("without " .. missing .. " is refused by name when a client is made", function()
      local loop = whole_loop()
      loop[missing] = nil
      local made, message = pcall(hubspot.new, { token = "any-token", loop = loop })
      assert.is_false(made)
      assert.truthy(message:find("hubspot.new: loop has no method " .. missing .. " (", 1, true), message)
      assert.truthy(message:find("hubspot.loop.base", 1, true), message)
    end)
  end

  it("with all of it is taken", function()
    assert.is_true(interface.check(whole_loop()))
    for _, name in ipairs { "plain", "frame" } do
      assert.is_true(interface.check(require("hubspot.loop." .. name).new()))
    end
  end)

  it("of a host's functions is whole by base.class", function()
    local host = {}
    for _, name in ipairs { "now", "can_wait", "waiter", "spawn", "kick" } do
      host[name] = function() end
    end
    local loop = base.new(base.class("spec.Host", host))
    assert.is_true(interface.check(loop))
    assert.equal(host.kick, loop.kick)
  end)
end)

describe("the interface of loops", function()
  it("has what the library uses of a loop, and nothing else", function()
    local used = {}
    local pipe =
      io.popen "grep -rhoE '\\bloop[a-z_]*[.:][a-zA-Z_]+' lua program --include=*.lua --exclude-dir=loop --exclude-dir=transport"
    for line in pipe:lines() do
      local name = line:match "[.:]([%a_]+)$"
      if not line:find "^loops%." then used[name] = true end
    end
    pipe:close()
    -- Modules are named so, too.
    for _, module in ipairs { "plain", "ngx", "cqueues", "luv", "frame", "interface", "base", "fallback" } do
      used[module] = nil
    end
    local list = {}
    for name in pairs(used) do
      list[#list + 1] = name
    end
    table.sort(list)
    assert.same(names(), list)
  end)
end)
