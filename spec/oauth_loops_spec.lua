-- One renewal for all calls at each end of an access token, on every loop.

local host = require "spec.support.host"
local nginx = require "spec.support.nginx"
local core = require "hubspot.core"
local renewing = require "spec.support.renewing"
local sandbox = require "spec.support.sandbox"
local socket = require "socket"

local has_cqueues, cqueues = pcall(require, "cqueues")
local has_luv, uv = pcall(require, "luv")

local CANNOT_YIELD = "coroutines can't yield in a for loop here"

local server

setup(function()
  server = sandbox.start {}
  server:reset {
    contacts = 5,
    oauth = {
      expires_in = 1,
      client_id = "the-app",
      client_secret = "the-secret-of-the-app",
      refresh_token = "the-refresh-token",
    },
  }
end)

teardown(function() server:stop() end)

local function renews_once(result)
  assert.same({}, result.failures)
  assert.equal(0, result.refused)
  assert.is_true(result.renewals >= 3)
  -- A token is renewed a tenth before its end, and not a second time.
  assert.is_true(result.renewals <= result.lives / 0.9 + 1, ("%d in %.2f"):format(result.renewals, result.lives))
end

-- Runs in a coroutine that `turn` resumes.
local function in_coroutine(loop, turn)
  local result
  local routine = coroutine.create(function() result = renewing(server.url, loop) end)
  assert(coroutine.resume(routine))
  while not result do
    turn()
  end
  return result
end

describe("an access token that ends while 50 calls are made at once is renewed once", function()
  it("on the loop of a plain script", function() renews_once(renewing(server.url, "plain")) end)

  it("on the loop of a game", function()
    local loop = require("hubspot.loop.frame").new()
    renews_once(in_coroutine(loop, function()
      loop:step()
      socket.sleep(0.001)
    end))
  end)

  it("on cqueues", function()
    if not has_cqueues then return pending "needs lua-cqueues" end
    local controller, result = cqueues.new(), nil
    controller:wrap(function() result = renewing(server.url, "cqueues") end)
    assert(controller:loop())
    renews_once(result)
  end)

  it("on libuv", function()
    if not has_luv then return pending "needs lua-luv" end
    if not host.yields_through_pcall then return pending(CANNOT_YIELD) end
    local result = in_coroutine("luv", function() uv.run "once" end)
    -- Handles that are being closed must be so before the process ends, or luv crashes.
    uv.run()
    renews_once(result)
  end)

  it("in nginx", function()
    local left_out = host.left_out "nginx"
    if left_out then return pending(left_out) end
    local site = nginx.start {
      ordinary_user = true,
      server = ([[
      location / {
        content_by_lua_block {
          ngx.print(require("hubspot.core").encode(require("spec.support.renewing")("%s")))
        }
      }
    ]]):format(server.url),
    }
    local body, status = site:get "/"
    site:stop()
    assert.equal(200, status, body)
    renews_once(core.decode(body))
  end)
end)
