--- Scopes that a token needs for what the command does with it.

local READ, WRITE = "crm.objects.%s.read", "crm.objects.%s.write"

-- The records that a subcommand reads or writes, and the scopes for that.
local NEEDS = {
  { subcommand = "export", what = "lists", scopes = { "crm.lists.read" } },
  { subcommand = "export", what = "owners", scopes = { "crm.objects.owners.read" } },
  { subcommand = "export", what = "email-events", scopes = { "content" } },
  { subcommand = "import", what = "--add-to-list", scopes = { "crm.lists.write" } },
  { subcommand = "mirror", what = "lists", scopes = { "crm.lists.read" } },
  { subcommand = "mirror", what = "owners", scopes = { "crm.objects.owners.read" } },
}

for _, name in ipairs { "contacts", "companies", "deals" } do
  local read, write = READ:format(name), WRITE:format(name)
  table.insert(NEEDS, { subcommand = "export", what = name, scopes = { read } })
  table.insert(NEEDS, { subcommand = "import", what = name, scopes = { read, write } })
  table.insert(NEEDS, { subcommand = "mirror", what = name, scopes = { read } })
end
for _, subcommand in ipairs { "export", "import", "mirror" } do
  table.insert(NEEDS, { subcommand = subcommand, what = "tickets", scopes = { "tickets" } })
end

local scopes = {}

--- The subcommands whose scopes are known.
scopes.SUBCOMMANDS = { "export", "import", "mirror" }

--- Compares the scopes of a token with those that a subcommand needs.
-- @tparam string subcommand
-- @tparam table granted a list of scopes
-- @treturn table list of what it suffices for
-- @treturn table list of the scopes that are missing, each with what needs it
function scopes.compare(subcommand, granted)
  local has, possible, missing = {}, {}, {}
  for _, scope in ipairs(granted) do
    has[scope] = true
  end
  for _, need in ipairs(NEEDS) do
    local count = #missing
    for _, scope in ipairs(need.subcommand == subcommand and need.scopes or {}) do
      if not has[scope] then missing[#missing + 1] = ("%s (%s)"):format(scope, need.what) end
    end
    if need.subcommand == subcommand and #missing == count then possible[#possible + 1] = need.what end
  end
  return possible, missing
end

return scopes
