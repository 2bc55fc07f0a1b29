-- The loop of libuv, with the interpreter that runs the specs. Neovim's is in host_neovim_spec.lua.

local has_luv, uv = pcall(require, "luv")

local hubspot = require "hubspot"
local fixture = require "spec.support.fixture"
local host = require "spec.support.host"
local loop_examples = require "spec.support.loop_examples"
local luv = require "hubspot.loop.luv"
local merge = require "hubspot.merge"
local sandbox = require "spec.support.sandbox"
local scenario = require "spec.support.scenario"
local wire = require "spec.support.wire"

if not has_luv then return pending "needs lua-luv" end

local here = fixture.new {
  start = { contacts = scenario.CONTACTS, latency = 5 },
  clients = { plain = { loop = "plain" } },
}
local server = here.server
local ids

setup(function() ids = wire.ids(wire.collect(here.clients.plain.contacts:all { max = 20 })) end)

-- The clients are closed, and nothing is left that keeps the loop from ending.
after_each(function() uv.run() end)

local function new_client(options) return here:new_client(merge { { loop = "luv" }, options or {} }) end

local function begin(body, ...)
  local state = {}
  local routine = coroutine.create(function(...)
    state.value, state.err = body(...)
    state.ended = true
  end)
  assert(coroutine.resume(routine, ...))
  return state
end

local function get(client, id) return client.contacts:get(id) end

local function hang(id) server:fault { kind = "hang", path = "/contacts/" .. id .. "$", times = 100 } end

-- Calls a function repeatedly, with pauses in milliseconds.
local function each(milliseconds, fn)
  local timer = uv.new_timer()
  timer:start(milliseconds, milliseconds, fn)
  return timer
end

-- Runs a program in an interpreter of its own, since what it does ends the process; returns what it printed.
local function run_program(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
  local pipe = assert(io.popen(("timeout 30 %s %s 2>&1"):format(sandbox.interpreter(), path)))
  local output = pipe:read "*a"
  pipe:close()
  os.remove(path)
  return output
end

describe("the loop of luv", function()
  loop_examples(it, pending, function()
    return {
      server = server,
      ids = ids,
      needs_coroutine = true,
      loop = function() return "luv" end,
      new_loop = luv.new,
      new_client = new_client,
      begin = begin,
      finish = uv.run,
    }
  end)

  it("lets libuv's loop end after a call, the client left open", function()
    local client = new_client()
    local state = begin(get, client, ids[1])
    assert.is_nil(state.ended)
    uv.run()
    assert.equal(ids[1], state.value.id)
    state = begin(get, client, ids[2])
    uv.run()
    assert.equal(ids[2], state.value.id)
  end)

  it("leaves the turn to others while a call waits", function()
    local client, ticks = new_client(), 0
    hang(ids[1])
    local waiting = begin(get, client, ids[1])
    local other
    local timer = each(1, function()
      ticks = ticks + 1
      -- It wakes the loop, which sleeps until the first call's timeout.
      if ticks == 20 then other = begin(get, client, ids[2]) end
      if other and other.ended then client:close() end
      if waiting.ended then uv.stop() end
    end)
    uv.run()
    timer:close()
    assert.is_true(ticks > 20)
    assert.equal(ids[2], other.value.id)
    assert.equal("cancelled", waiting.err.kind)
  end)

  it("blocks in pcall and in iterators where coroutines can't yield there", function()
    if host.yields_through_pcall then return pending "coroutines can yield there" end
    local client, seen = new_client(), {}
    local state = begin(function()
      local succeeded, contact = pcall(get, client, ids[1])
      for other in client.contacts:all { max = 20, page_size = 5 } do
        seen[#seen + 1] = other.id
      end
      return succeeded and contact.id
    end)
    assert.is_true(state.ended)
    assert.equal(ids[1], state.value)
    assert.same(ids, seen)
    -- It left nothing that keeps libuv's loop from ending.
    uv.run "nowait"
    assert.is_false(uv.loop_alive())
  end)

  it("gives an error for a call outside of a coroutine", function()
    local client = new_client()
    local contact, err = get(client, ids[1])
    assert.is_nil(contact)
    assert.equal("misuse", err.kind)
    assert.truthy(tostring(err):find("make it in coroutine.wrap(function() … end)()", 1, true))
    local results, map_err = client:map(ids, print)
    assert.is_nil(results)
    assert.equal("misuse", map_err.kind)
    -- A callback of libuv is no coroutine either.
    local in_callback
    local timer = uv.new_timer()
    timer:start(0, 0, function()
      in_callback = select(2, get(client, ids[1]))
      timer:close()
    end)
    uv.run()
    assert.equal("misuse", in_callback.kind)
  end)

  it("leaves no handle open when it is closed", function()
    local function open_handles()
      local count = 0
      uv.walk(function(handle)
        if not handle:is_closing() then count = count + 1 end
      end)
      return count
    end
    local before = open_handles()
    for _ = 1, 3 do
      local client = new_client()
      hang(ids[1])
      local answered = begin(get, client, ids[2])
      uv.run()
      assert.equal(ids[2], answered.value.id)
      local waiting = begin(get, client, ids[1])
      client:close()
      uv.run()
      assert.equal("cancelled", waiting.err.kind)
      -- The call in flight has no waiter.
      local dropped = new_client()
      coroutine.wrap(function() get(dropped, ids[1]) end)()
      dropped.loop:close()
      uv.run()
    end
    assert.equal(before, open_handles())
  end)

  it("can be run by a task of a plain loop, and call from the main coroutine", function()
    local slept = {}
    local results = here.clients.plain:map({ 1, 2 }, function(index)
      local timer = uv.new_timer()
      timer:start(1, 0, function()
        timer:close()
        here.clients.plain.loop:sleep(0.001)
        slept[#slept + 1] = index
      end)
      uv.run()
      return index
    end)
    assert.same({ { 1, 2 }, { 1, 2 } }, { results, slept })
  end)

  it("shows the host what a coroutine throws", function()
    local output = run_program(([[
      local uv = require "luv"
      local client = require("hubspot").new { token = "any-token", base_url = "%s", loop = "luv" }
      coroutine.wrap(function()
        assert(client.contacts:get "%s")
        error("in the program's own code", 0)
      end)()
      uv.run()
    ]]):format(server.url, ids[1]))
    assert.truthy(output:find("in the program's own code", 1, true), output)
  end)

  it("tells that luv can't be loaded inside of a coroutine", function()
    local output = run_program [[
      coroutine.wrap(function()
        print(pcall(require("hubspot").new, { token = "any-token", loop = "luv" }))
      end)()
    ]]
    assert.truthy(output:find("luv crashes when it is loaded inside of a coroutine: require it", 1, true), output)
  end)

  it("is chosen by name only", function()
    local client = hubspot.new { token = "any-token" }
    assert.is_true((client.loop:can_wait()))
    client:close()
  end)
end)
