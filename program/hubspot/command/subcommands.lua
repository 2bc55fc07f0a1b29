--- The subcommands, in the order in which help shows them. Each is a module of its own, loaded when it is used.

local subcommands = {
  NAMES = {
    "export",
    "import",
    "mirror",
    "changes",
    "get",
    "request",
    "doctor",
    "sandbox",
    "completion",
  },
}

local known = {}
for _, name in ipairs(subcommands.NAMES) do
  known[name] = true
end

--- Returns whether there is a subcommand of this name.
function subcommands.has(name) return known[name] == true end

--- The declaration of a subcommand: `name`, `summary`, `arguments`, `options`, `examples`, `run`, and
-- `without_client = true` where it does not work with HubSpot, and so takes none of the common options.
-- @tparam string name
-- @treturn table
function subcommands.load(name) return require("hubspot.command." .. name) end

--- The declarations of all.
-- @treturn table
function subcommands.load_all()
  local all = {}
  for index, name in ipairs(subcommands.NAMES) do
    all[index] = subcommands.load(name)
  end
  return all
end

return subcommands
