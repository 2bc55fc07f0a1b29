-- :HubspotContact ADDRESS shows a contact in a buffer. The editor stays responsive meanwhile; :checkhealth hubspot says
-- which part is missing. Needs Neovim 0.7 or later, whose LuaJIT takes a library that is installed for Lua 5.1. On your
-- account:
--
--     HUBSPOT_TOKEN=… nvim --cmd "set runtimepath+=examples/neovim"
--
-- To try it without an account:
--
--     hubspot-lua sandbox --port 8081 --contacts 3 &
--     HUBSPOT_BASE_URL=http://127.0.0.1:8081 nvim --clean --cmd "set runtimepath+=examples/neovim"
--
-- and there :HubspotContact ada.garcia.1@example.com

local vim = vim -- luacheck: ignore

local client

local function tell(problem) vim.notify("HubSpot: " .. tostring(problem), vim.log.levels.ERROR) end

-- Made at the first command: an editor without a token, or without the library, starts all the same.
local function get_client()
  client = client or require("hubspot_settings").new_client { loop = "luv" }
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

-- The buffer of that name; Neovim lets no two have one.
local function buffer_of(title)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(buffer) == title then return buffer end
  end
  local buffer = vim.api.nvim_create_buf(true, true)
  vim.api.nvim_buf_set_name(buffer, title)
  return buffer
end

-- Goes to the buffer first: Neovim changes the one that it shows most surely.
local function show_lines(title, lines)
  local buffer = buffer_of(title)
  local window = vim.fn.bufwinid(buffer)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd("botright sbuffer " .. buffer)
  end
  vim.api.nvim_buf_set_option(buffer, "modifiable", true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.api.nvim_buf_set_option(buffer, "modifiable", false)
end

local function show_contact(address)
  local contact, err = get_client().contacts:get_by_email(address, {
    properties = { "email", "firstname", "lastname", "jobtitle", "company", "phone", "city", "lifecyclestage" },
  })
  if contact then return show_lines("hubspot://" .. address, lines_of(contact)) end
  tell(err.status == 404 and ("there is no contact %s"):format(address) or err)
end

vim.api.nvim_create_user_command("HubspotContact", function(command)
  coroutine.wrap(function()
    local shown, problem = pcall(show_contact, command.args)
    if not shown then tell(problem) end
  end)()
end, { nargs = 1, desc = "Shows a contact of HubSpot" })
