-- The engine against servers that answer as they are told.

local assert = require "luassert"
local busted = require "busted"
local core = require "hubspot.core"
local hubspot_engine = require "hubspot.engine"
local raw_server = require "spec.support.raw_server"
local sandbox = require "spec.support.sandbox"
local script = require "spec.support.script"

local engine_fixture = {}

local servers, engines = {}, {}

--- Answers each request with the request's own text, and says on which connection it came.
engine_fixture.ECHO = [[
  local client, number = ...
  local request = client:request()
  while request do
    client:answer(request, "X-Connection: " .. number .. "\r\n")
    request = client:request()
  end
]]

--- Takes requests and never answers.
engine_fixture.SILENT = [[
  local client = ...
  client:request()
  client:receive(1)
]]

--- Answers the first request of a connection and leaves at its second. The answers tell how many requests came in all.
engine_fixture.LEAVES_AT_THE_SECOND = [[
  local client, _, shared = ...
  local function take()
    if not client:request() then return false end
    shared.requests = (shared.requests or 0) + 1
    return true
  end
  if take() then client:answer(tostring(shared.requests)) end
  take()
]]

--- Starts a server; `source` is what `raw_server.start` takes.
function engine_fixture.serve(source)
  local server = raw_server.start(source)
  servers[#servers + 1] = server
  return server
end

function engine_fixture.new_engine()
  local engine = hubspot_engine.new()
  engines[#engines + 1] = engine
  return engine
end

--- A request that no proxy of the environment takes part in.
function engine_fixture.request(url, fields)
  local result = { method = "GET", url = url, proxy = "", timeout = 20 }
  for key, value in pairs(fields or {}) do
    result[key] = value
  end
  return result
end

--- Steps until the predicate holds; on_report gets each transfer that a step reports. The bound is there to end a
-- hanging spec, not to time anything.
function engine_fixture.step_until(engine, predicate, on_report)
  local limit = core.now() + 30
  while not predicate() do
    for _, transfer in ipairs(engine:step() or {}) do
      if on_report then on_report(transfer) end
    end
    if predicate() then return end
    assert(core.now() < limit, "nothing came of it in 30 seconds")
    engine:wait(0.5)
  end
end

function engine_fixture.finish(engine, transfer)
  engine_fixture.step_until(engine, function() return transfer:done() end)
  local response, err = transfer:response()
  if response and response.content then response.body = response.content:text() end
  return response, err
end

function engine_fixture.exchange(engine, url, fields)
  return engine_fixture.finish(engine, assert(engine:add(engine_fixture.request(url, fields))))
end

function engine_fixture.fails(url, fields, kind)
  local response, err = engine_fixture.exchange(engine_fixture.new_engine(), url, fields)
  assert.is_nil(response)
  assert.equal(kind, err.kind)
  assert.equal("string", type(err.message))
  return err
end

function engine_fixture.contains(text, part)
  assert(text:find(part, 1, true), ("%q doesn't contain %q"):format(text, part))
end

function engine_fixture.lines_of(text)
  local lines = {}
  for line in text:gmatch "(.-)\r\n" do
    if line ~= "" then lines[#lines + 1] = line end
  end
  return lines
end

--- Runs a script in a process of its own, under what stands before its command; gives what it wrote, and its exit code.
function engine_fixture.run_alone(source, before)
  return script.with_file(("package.cpath = %q\n%s"):format(package.cpath, source), function(path)
    local pipe = io.popen((before or "") .. sandbox.interpreter() .. " " .. path .. " 2>&1; echo $?")
    local output = pipe:read "*a"
    pipe:close()
    return output
  end)
end

--- Drops the references to the engines of the example, so that they can be collected.
function engine_fixture.forget_engines() engines = {} end

--- Closes the engines and servers of an example after it.
function engine_fixture.close_after_each()
  busted.after_each(function()
    for _, engine in ipairs(engines) do
      engine:close()
    end
    for _, server in ipairs(servers) do
      server.stop()
    end
    engines, servers = {}, {}
  end)
end

return engine_fixture
