-- The loop of a game, with the interpreter that runs the specs.

local frame = require "hubspot.loop.frame"
local fixture = require "spec.support.fixture"
local host = require "spec.support.host"
local loop_examples = require "spec.support.loop_examples"
local merge = require "hubspot.merge"
local scenario = require "spec.support.scenario"
local socket = require "socket"
local wire = require "spec.support.wire"

-- Hang guards, not times.
local SECONDS = 30

local here = fixture.new {
  start = { contacts = scenario.CONTACTS, latency = 5 },
  clients = { plain = { loop = "plain" } },
}
local server = here.server
local ids, loop, states

setup(function() ids = wire.ids(wire.collect(here.clients.plain.contacts:all { max = 20 })) end)

before_each(function()
  loop, states = frame.new(), {}
end)

-- Its clients are closed before it.
after_each(function() loop:close() end)

local function new_client(options) return here:new_client(merge { { loop = loop }, options or {} }) end

-- Frames until the predicate holds; returns how many.
local function frames_until(predicate)
  local limit, frames = socket.gettime() + SECONDS, 0
  while not predicate() do
    assert(socket.gettime() < limit, "it hangs")
    loop:step()
    frames = frames + 1
    socket.sleep(0.001)
  end
  return frames
end

-- Begins a coroutine; what it returns is in the table that this returns, which has `ended` then.
local function begin(body, ...)
  local state = {}
  states[#states + 1] = state
  state.routine = coroutine.create(function(...)
    state.value, state.err = body(...)
    state.ended = true
  end)
  assert(coroutine.resume(state.routine, ...))
  return state
end

local function get(client, id) return client.contacts:get(id) end

local function hang(id) server:fault { kind = "hang", path = "/contacts/" .. id .. "$", times = 100 } end

local function all_have_ended()
  for _, state in ipairs(states) do
    if not state.ended then return false end
  end
  return true
end

describe("a frame loop", function()
  loop_examples(it, pending, function()
    return {
      server = server,
      ids = ids,
      needs_coroutine = true,
      loop = function() return loop end,
      new_loop = function() return loop end,
      new_client = new_client,
      begin = begin,
      finish = function() frames_until(all_have_ended) end,
    }
  end)

  it("lets frames pass while a call waits", function()
    local client = new_client()
    hang(ids[1])
    local state = begin(get, client, ids[1])
    for _ = 1, 100 do
      loop:step()
    end
    assert.is_nil(state.ended)
    local other = begin(get, client, ids[2])
    assert.is_true(frames_until(function() return other.ended end) > 0)
    assert.equal(ids[2], other.value.id)
    assert.is_nil(state.ended)
  end)

  it("blocks in pcall, in iterators and in metamethods where coroutines can't yield there", function()
    if host.yields_through_pcall then return pending "coroutines can yield there" end
    local client, seen = new_client(), {}
    local lazy = setmetatable({}, {
      __index = function(_, id)
        local contact = get(client, id)
        return contact
      end,
    })
    local waiting = begin(get, client, ids[2])
    local state = begin(function()
      local succeeded, contact = pcall(get, client, ids[1])
      for other in client.contacts:all { max = 20, page_size = 5 } do
        seen[#seen + 1] = other.id
      end
      return succeeded and contact.id == lazy[ids[1]].id
    end)
    assert.is_true(state.ended)
    assert.is_true(state.value)
    assert.same(ids, seen)
    -- Other calls in flight are resumed meanwhile.
    assert.equal(ids[2], waiting.value.id)
  end)

  it("throws from step what a coroutine throws, and resumes the others", function()
    local client, others = new_client(), {}
    begin(function()
      get(client, ids[1])
      error("in the game's own code", 0)
    end)
    for index = 2, 5 do
      others[#others + 1] = begin(get, client, ids[index])
    end
    local limit = socket.gettime() + SECONDS
    local succeeded, failure
    repeat
      succeeded, failure = pcall(loop.step)
      socket.sleep(0.001)
    until not succeeded or socket.gettime() > limit
    assert.equal("in the game's own code", failure)
    frames_until(function()
      for _, other in ipairs(others) do
        if not other.ended then return false end
      end
      return true
    end)
    for index, other in ipairs(others) do
      assert.equal(ids[index + 1], other.value.id)
    end
  end)

  it("bears that a game resumes a coroutine that waits", function()
    local client = new_client()
    local state = begin(function()
      local contact = get(client, ids[1])
      local mark = coroutine.yield "the game's own yield"
      return { contact.id, get(client, ids[2]).id, mark }
    end)
    frames_until(function()
      if not state.ended then coroutine.resume(state.routine, "mark") end
      return state.ended
    end)
    assert.same({ ids[1], ids[2], "mark" }, state.value)
  end)

  it("does not resume what waits for the game", function()
    local client = new_client()
    local state = begin(function()
      get(client, ids[1])
      return coroutine.yield "waits for the game"
    end)
    -- The first frame in which its answer is there is also one in which the game resumes it.
    while coroutine.status(state.routine) == "suspended" do
      loop:collect()
      local _, what = coroutine.resume(state.routine)
      if what == "waits for the game" then break end
    end
    for _ = 1, 10 do
      loop:step()
    end
    assert.is_nil(state.ended)
    coroutine.resume(state.routine, "the game's")
    assert.equal("the game's", state.value)
  end)
end)
