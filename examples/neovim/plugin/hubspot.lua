-- :HubspotContact ADDRESS shows a contact in a buffer of its own. The editor goes on while HubSpot is asked.
--
-- In Neovim 0.7 or later, with the rock installed for Lua 5.1, which Neovim's LuaJIT takes: add the folder above this
-- one to 'runtimepath', and start Neovim with HUBSPOT_TOKEN set. Without an account, start `hubspot sandbox` and set
-- HUBSPOT_BASE_URL to the address that it prints.

local hubspot = require "hubspot"

local vim = vim -- luacheck: ignore

local client

local function environment(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

-- Made at the first command: an editor without a token starts all the same.
local function get_client()
  local token, sandbox = environment "HUBSPOT_TOKEN", environment "HUBSPOT_BASE_URL"
  client = client
    or hubspot.new {
      loop = "luv",
      token = token or sandbox and "sandbox-token",
      base_url = not token and sandbox or nil,
    }
  return client
end

local function lines_of(contact)
  local names = vim.tbl_keys(contact.properties)
  table.sort(names)
  local lines = { ("Contact %s"):format(contact.id), "" }
  for _, name in ipairs(names) do
    lines[#lines + 1] = ("%-16s %s"):format(name, (contact.properties[name]:gsub("\n", " ")))
  end
  return lines
end

local function show_lines(title, lines)
  local buffer = vim.api.nvim_create_buf(true, true)
  vim.api.nvim_buf_set_name(buffer, title)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.api.nvim_buf_set_option(buffer, "modifiable", false)
  vim.api.nvim_buf_set_option(buffer, "bufhidden", "wipe")
  vim.cmd("botright sbuffer " .. buffer)
end

local function show_contact(address)
  local contact, err = get_client().contacts:get_by_email(address, {
    properties = { "email", "firstname", "lastname", "jobtitle", "company", "phone", "city", "lifecyclestage" },
  })
  if not contact then
    vim.notify(
      err.status == 404 and ("HubSpot has no contact %s"):format(address) or tostring(err),
      vim.log.levels.ERROR
    )
    return
  end
  show_lines("hubspot://" .. address, lines_of(contact))
end

vim.api.nvim_create_user_command(
  "HubspotContact",
  function(command) coroutine.wrap(show_contact)(command.args) end,
  { nargs = 1, desc = "Shows a contact of HubSpot" }
)
