--- The options that all subcommands take which work with HubSpot, and what is common to options.
--
-- An option is a table: `name` (with underscores; its flag has hyphens), `short` ("-o"), `takes` (its value's name;
-- without it, it is a switch), `about`, `read` (makes the value of a text, or returns nil and what is wrong with it),
-- `each = true` where it may be given several times and its value is a list, `choices`, `default`, and `is_rare = true`
-- where help only names it. An argument is the same, with `many = true` where it takes all that is left, and
-- `optional = true`. `file` says what is done with the file that it names, or that its value has as `path`: it is
-- "read", "written", or "replaced" by one that gets its name when it is whole; `may_be_stdout = true` where `-` stands
-- for the standard output, which for others is no file. `decides` says of each option of a subcommand with `--resume`
-- whether it decides what is written: only a run with the same value resumes the earlier one.

local api_version = require "hubspot.api_version"
local option_values = require "hubspot.command.option_values"

local options = {}

local LIMITER = "must be file:PATH, redis:HOST:PORT or redis:HOST:PORT/NAME, got %s"

local function read_limiter(text)
  local path = text:match "^file:(.+)$"
  if path then return { kind = "file", path = path } end
  local server = text:match "^redis:(.+)$" or ""
  local slash = server:find("/", 1, true) or #server + 1
  local host, port = server:sub(1, slash - 1):match "^([^:]+):(%d+)$"
  if not host then return nil, LIMITER:format(text) end
  local name = server:sub(slash + 1)
  return { kind = "redis", host = host, port = tonumber(port), name = name ~= "" and name or nil }
end

--- The common ones.
options.COMMON = {
  {
    name = "token_file",
    decides = false,
    takes = "FILE",
    file = "read",
    about = "read the token from FILE, not from HUBSPOT_TOKEN",
  },
  -- The account itself is compared, and its address.
  {
    name = "portal",
    decides = false,
    takes = "ID",
    read = option_values.id,
    about = "refuse to work on another account",
  },
  {
    name = "limiter",
    decides = false,
    takes = "WHERE",
    file = "read",
    read = read_limiter,
    about = "share the quota: file:PATH or redis:HOST:PORT",
  },
  {
    name = "progress",
    decides = false,
    takes = "WHEN",
    choices = { "auto", "always", "never", "json" },
    default = "auto",
    about = "auto (on a terminal), always, never or json",
  },
  {
    name = "summary",
    decides = false,
    takes = "FILE",
    file = "written",
    about = "write what was done into FILE, as JSON",
  },
  { name = "base_url", decides = false, takes = "URL", about = "HubSpot's address, or a sandbox's" },
  {
    name = "api_version",
    -- Its cursors are no other version's.
    decides = true,
    takes = "DATE",
    choices = api_version.DATES,
    default = api_version.DEFAULT,
    about = ("version of HubSpot's API: %s"):format(table.concat(api_version.DATES, " or ")),
  },
  { name = "quiet", short = "-q", decides = false, about = "nothing but errors on stderr" },
  { name = "verbose", short = "-v", decides = false, about = "each request on stderr" },
}

--- The flag of an option.
function options.flag(option) return "--" .. option.name:gsub("_", "-") end

--- The options of a subcommand with the common ones. A short flag that the subcommand needs is not the common one's.
-- @tparam table subcommand
-- @treturn table
function options.of(subcommand)
  local all, taken = {}, {}
  for index, option in ipairs(subcommand.options or {}) do
    all[index] = option
    taken[option.name] = true
    if option.short then taken[option.short] = true end
  end
  for _, option in ipairs(subcommand.without_client and {} or options.COMMON) do
    local copy = {}
    for field, value in pairs(option) do
      copy[field] = value
    end
    if taken[copy.short] then copy.short = nil end
    if not taken[copy.name] then all[#all + 1] = copy end
  end
  return all
end

--- The names of the options that decide what a subcommand writes.
-- @tparam table subcommand
-- @treturn table
function options.deciding(subcommand)
  local names = {}
  for _, option in ipairs(options.of(subcommand)) do
    if option.decides then names[#names + 1] = option.name end
  end
  return names
end

return options
