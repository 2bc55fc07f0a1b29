-- Runs the scenario of all hosts in Neovim; then its API is called from the same coroutine.

local core = require "hubspot.core"
local hubspot = require "hubspot"
local scenario = require "spec.support.scenario"

local base_url, output = os.getenv "BASE_URL", os.getenv "OUTPUT"
local ticks, result, thrown = 0, nil, nil

-- Counts turns of the editor meanwhile.
local timer = vim.loop.new_timer()
timer:start(1, 1, function() ticks = ticks + 1 end)

local function misuse()
  local client = hubspot.new { token = "any-token", base_url = base_url, loop = "luv" }
  local _, err = client.contacts:get(1)
  return err.kind
end

local outside = misuse()

coroutine.wrap(function()
  local ran = scenario.run { base_url = base_url, loop = "luv" }
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { "paged " .. ran.paged.count })
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  result = { scenario = ran, line = vim.fn.toupper(lines[1]), ticks = ticks, outside = outside, jit = jit.version }
end)()

local client = hubspot.new { token = "any-token", base_url = base_url, loop = "luv", limiter = false }

coroutine.wrap(function()
  client.contacts:get "999999999"
  thrown = true
  error("in the plugin's own code", 0)
end)()

vim.wait(30000, function() return result ~= nil and thrown end, 5)
-- The turn in which it was thrown shows it.
vim.wait(50)
timer:close()
if result then
  result.message = vim.v.errmsg .. vim.fn.execute "messages"
  local file = assert(io.open(output, "w"))
  file:write(core.encode(result))
  file:close()
end
vim.cmd "qa!"
