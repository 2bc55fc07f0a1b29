-- Makes the man page of the command from its declarations.

local exit_codes = require "hubspot.command.exit_codes"
local help = require "hubspot.command.help"
local options = require "hubspot.command.options"
local subcommands = require "hubspot.command.subcommands"
local version = require "hubspot.version"

local man_page = {}

-- A text that troff shows as it is, in ASCII, too: there it has no ellipsis.
local function escape(text)
  return (text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("…", "..."):gsub("^([.'])", "\\&%1"))
end

local function add_definition(lines, term, text)
  lines[#lines + 1] = ".TP\n\\fB" .. escape(term) .. "\\fR"
  lines[#lines + 1] = escape(text)
end

local function sentence(text) return text:sub(1, 1):upper() .. text:sub(2) .. (text:find "%.$" and "" or ".") end

-- Many descriptions begin with a value, which counts as it is spelled: sqlite:FILE.
local function fragment(text) return text .. (text:find "%.$" and "" or ".") end

local function has(text, words) return text:find(words, 1, true) ~= nil end

local function names_all(text, choices)
  for _, choice in ipairs(choices) do
    if not has(text, choice) then return false end
  end
  return true
end

local function describe(option)
  local about, choices, default = option.about, option.choices or {}, tostring(option.default)
  local text = fragment(about)
  if not names_all(about, choices) then text = ("%s One of %s."):format(text, table.concat(choices, ", ")) end
  if option.each then text = text .. " May be given several times." end
  local names_default = has(about, ("(%s)"):format(default)) or has(about, default .. " (the default)")
  if option.default ~= nil and not names_default then text = ("%s Default: %s."):format(text, default) end
  return text
end

local function add_options(lines, list)
  for _, option in ipairs(list) do
    add_definition(lines, help.flags(option), describe(option))
  end
end

local function add_subcommand(lines, declaration)
  lines[#lines + 1] = ".SS " .. escape(declaration.name)
  lines[#lines + 1] = "\\fB" .. escape(help.usage(declaration)) .. "\\fR\n.PP"
  lines[#lines + 1] = escape(declaration.summary)
  for _, argument in ipairs(declaration.arguments or {}) do
    add_definition(lines, argument.takes, fragment(argument.about))
  end
  add_options(lines, declaration.options or {})
  for _, example in ipairs(declaration.examples or {}) do
    lines[#lines + 1] = (".PP\n%s\n.RS\n.nf\n%s\n.fi\n.RE"):format(escape(sentence(example[2])), escape(example[1]))
  end
end

local OPENING = [[
.TH HUBSPOT-LUA 1 "" "hubspot-lua %s" "User commands"
.SH NAME
hubspot\-lua \- moves HubSpot's data
.SH SYNOPSIS
\fBhubspot\-lua\fR \fISUBCOMMAND\fR [\fIoptions\fR]
.SH DESCRIPTION
Data goes to the standard output, all else to the standard error.
Progress is shown on a terminal only.
Nothing is written to HubSpot without an option that says so; only \fBrequest\fR sends whatever it is told to.]]

local ENVIRONMENT = {
  { "HUBSPOT_TOKEN", "The token: a service key, or a private app's. It is never an argument, and is never shown." },
  { "HUBSPOT_BASE_URL", "HubSpot's address, or a sandbox's, where --base-url is not given." },
  { "SSL_CERT_FILE", "Certificates to trust instead of the system's, where a proxy opens TLS." },
  { "https_proxy", "URL of a proxy, which may hold a user and a password." },
  { "no_proxy", "Hosts that are reached without it." },
  { "PGPASSFILE", "The file with PostgreSQL's passwords, for mirror and changes." },
  { "HUBSPOT_CLIENT_SECRET", "The secret that sandbox signs webhooks with, where --client-secret is not given." },
  { "NO_COLOR", "No colors on a terminal, where it is set." },
  { "LUA", "The Lua that runs the command from a clone." },
}

--- Makes the page.
-- @treturn string
function man_page.text()
  local lines = { OPENING:format(version), ".SH SUBCOMMANDS" }
  for _, declaration in ipairs(subcommands.load_all()) do
    add_subcommand(lines, declaration)
  end
  lines[#lines + 1] = ".SH COMMON OPTIONS\nAll subcommands that work with HubSpot take them."
  add_options(lines, options.COMMON)
  lines[#lines + 1] = ".SH ENVIRONMENT"
  for _, variable in ipairs(ENVIRONMENT) do
    add_definition(lines, variable[1], variable[2])
  end
  lines[#lines + 1] = ".SH EXIT STATUS"
  for _, entry in ipairs(exit_codes.list) do
    add_definition(
      lines,
      ("%d"):format(entry.code),
      sentence(entry.more and entry.about .. ": " .. entry.more or entry.about)
    )
  end
  return table.concat(lines, "\n") .. "\n"
end

return man_page
